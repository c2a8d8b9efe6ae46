/** What the rules on promotions are given, and what they say. */
import { NOT_APPLICABLE, unknown } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { FindingContext } from './finding.ts'
import type { PromotionArticles } from './promotion-articles.ts'
import type { Promotion, PromotionRow } from './promotion-row.ts'
import { textOf } from './sides.ts'
import { authorityOf } from './world.ts'

export interface Judged {
  readonly outcome: number
  readonly code: string | null
  readonly rows: readonly PromotionRow[]
  readonly fields: readonly string[]
  readonly words?: Readonly<Record<string, string>>
  readonly reference?: PromotionRow | undefined
  /** Channels that should have it. */
  readonly missing?: readonly number[]
  /** Further promotions that the finding is about, beside the one it stands under. */
  readonly others?: readonly Promotion[]
}

/** All promotions of an audit. */
export interface PromotionBook {
  readonly list: readonly Promotion[]
  readonly articles: PromotionArticles
  /** Sale dates of listings that say no zone, a sample for each source. */
  readonly looseDates: readonly LooseDates[]
}

export interface LooseDates {
  readonly src: number
  readonly ord: number
  readonly field: string
  readonly text: string
  readonly rows: number
  /** Whether the text is a day without a time. */
  readonly isDay: boolean
}

/** One rule on one promotion. */
export interface PromotionCase {
  readonly effective: EffectiveRule
  readonly promotion: Promotion
  readonly book: PromotionBook
  readonly context: FindingContext
  /** Milliseconds. */
  readonly now: number
}

export function plain(outcome: number): Judged {
  return { outcome, code: null, rows: [], fields: [] }
}

export const BESIDE: Judged = plain(NOT_APPLICABLE)
export const NO_INPUT: Judged = plain(unknown('no_input'))
export const UNREAD: Judged = plain(unknown('vocabulary'))

export function paramOf(
  { effective }: PromotionCase,
  name: string,
): string | number | boolean | readonly string[] | null {
  const value = effective.params[name]?.value
  return value === undefined || value.type === 'map' ? null : value.value
}

export function wordsOf(one: PromotionCase, name: string): readonly string[] {
  const value = paramOf(one, name)
  return Array.isArray(value) ? value : []
}

/** The calendar's row; without a calendar the first one that says what is asked for. */
export function masterOf(
  { context: { store, config } }: PromotionCase,
  rows: readonly PromotionRow[],
  says: (row: PromotionRow) => boolean = () => true,
): PromotionRow | undefined {
  const authority = authorityOf(store, config, 'promotion', null)
  if (authority === null) return rows.find(says) ?? rows[0]
  return rows.find((row) => row.ch === authority)
}

/** Whether a cell of the row has something in it that could not be read. */
export function isUnread(row: PromotionRow, fields: readonly string[]): boolean {
  return fields.some((field) => textOf(row[field]) === null && (textOf(row[`raw:${field}`]) ?? '').trim() !== '')
}

/** Whether the row's file has a column for the field. */
export function isSpoken(
  { context }: PromotionCase,
  row: PromotionRow,
  field: `promotion.${'channels' | 'code'}`,
): boolean {
  return context.store.sources[row.src]?.fields.has(field) === true
}

/** Channels in which the promotion can be redeemed, as it says itself; null when it does not say. */
export function declaredIn({ context }: PromotionCase, row: PromotionRow): readonly number[] | null {
  const text = textOf(row['promotion.channels'])
  if (text === null) return null
  const words = text.split(',').map((word) => word.trim().toLowerCase())
  const { channels } = context.store
  if (words.some((word) => ALL.has(word)))
    return channels.flatMap((channel, index) => (channel.kind === 'erp' ? [] : [index]))
  const named = channels.flatMap((channel, index) =>
    words.some((word) => word === channel.id.toLowerCase() || KINDS[word] === channel.kind) ? [index] : [],
  )
  return named.length === 0 ? null : named
}

const ALL = new Set(['all', 'todos', 'todas', '*', 'any', 'all_channels'])
const KINDS: Readonly<Record<string, string>> = {
  store: 'store',
  tienda: 'store',
  tiendas: 'store',
  in_store: 'store',
  web: 'web',
  online: 'web',
  marketplace: 'marketplace',
  app: 'app',
}

export function channelNames({ context }: PromotionCase, channels: Iterable<number>): string {
  return [...new Set(channels)].map((ch) => context.store.channels[ch]?.id ?? '').join(', ')
}

/** The first of many, and how many more. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} (+${names.length - 5})` : shown
}
