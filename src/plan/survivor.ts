/** Who is right about a field of an article: the declared owner, or the side that the declared strategy chooses. */

import type { SideRow } from '../audit/sides.ts'
import { textOf } from '../audit/sides.ts'
import { compareFractions, type Fraction, fraction } from '../base/decimal.ts'
import type { Source } from '../ingest/tables.ts'
import type { ChannelConfig, Config, Survivorship } from '../model/config.ts'
import type { FieldName } from '../model/field.ts'
import type { UnresolvedReason } from '../model/plan.ts'

export type Subject = keyof Config['authority']

/** What is asked of the configuration: `price.regular` is a matter of `price`. */
export function subjectOf(field: FieldName): Subject {
  const [entity] = field.split('.')
  return entity === 'price' || entity === 'stock' || entity === 'promotion' ? entity : 'catalog'
}

/** The side that is right, or why none is. */
export type Survivor =
  | { readonly row: SideRow; readonly by: string }
  | { readonly refused: Extract<UnresolvedReason, 'no_authority' | 'no_value' | 'manual' | 'tie' | 'ambiguous'> }

export interface Field {
  readonly name: FieldName
  /** Value of a side in terms that all sides share: null where it has none. */
  readonly value: (row: SideRow) => string | null
  readonly numeric: boolean
  /** Values that are none for a strategy: a price of zero is nobody's lowest price. */
  readonly isNothing: (value: string) => boolean
}

export interface Deciders {
  readonly channels: readonly ChannelConfig[]
  readonly sources: readonly Source[]
  readonly authority: Config['authority']
}

/**
 * Chooses among the sides of one article in one market.
 *
 * @param rows - All of them, in the order of the channels.
 */
export function survivor(rows: readonly SideRow[], field: Field, deciders: Deciders): Survivor {
  const market = rows[0]?.market ?? ''
  const declared = deciders.authority[subjectOf(field.name)]
  const owner = declared.markets[market] ?? (declared.marketSurvivorship?.[market] ? null : declared.default)
  if (owner !== null) return ofOwner(rows, owner, field, deciders)
  const rule = declared.marketSurvivorship?.[market] ?? declared.survivorship
  if (rule === undefined) return { refused: 'no_authority' }
  return chosen(rows, rule, field, deciders)
}

function ofOwner(rows: readonly SideRow[], owner: string, field: Field, { channels }: Deciders): Survivor {
  const own = rows.filter((row) => channels[row.ch]?.id === owner)
  if (own.length === 0) return { refused: 'no_value' }
  return one(own, field, owner)
}

/** Several listings of one channel have to say the same. */
function one(rows: readonly SideRow[], field: Field, by: string): Survivor {
  const valued = rows.filter((row) => field.value(row) !== null)
  const [first] = valued
  if (first === undefined) return { refused: 'no_value' }
  const value = field.value(first)
  return valued.length === rows.length && valued.every((row) => field.value(row) === value)
    ? { row: first, by }
    : { refused: 'ambiguous' }
}

function chosen(rows: readonly SideRow[], rule: Survivorship, stated: Field, deciders: Deciders): Survivor {
  const { strategy } = rule
  const value = (row: SideRow): string | null => {
    const own = stated.value(row)
    return own === null || stated.isNothing(own) ? null : own
  }
  const field = { ...stated, value }
  const valued = rows.filter((row) => field.value(row) !== null)
  if (strategy === 'manual') return { refused: 'manual' }
  if (valued.length === 0) return { refused: 'no_value' }
  switch (strategy) {
    case 'order':
      return inOrder(rows, rule.order, field, deciders)
    case 'majority':
      return majority(valued, field)
    case 'min':
    case 'max':
      return field.numeric ? extreme(valued, strategy, field) : { refused: 'no_value' }
    case 'most_recent':
      return latest(valued, field, deciders)
  }
}

function inOrder(rows: readonly SideRow[], order: readonly string[], field: Field, { channels }: Deciders): Survivor {
  for (const id of order) {
    const own = rows.filter((row) => channels[row.ch]?.id === id)
    if (own.some((row) => field.value(row) !== null)) return one(own, field, 'order')
  }
  return { refused: 'no_value' }
}

/** What more than half of the channels say that say anything; a channel that contradicts itself has no vote. */
function majority(rows: readonly SideRow[], field: Field): Survivor {
  const votes = new Map<number, SideRow | null>()
  for (const row of rows) {
    const before = votes.get(row.ch)
    if (before === undefined) votes.set(row.ch, row)
    else if (before !== null && field.value(before) !== field.value(row)) votes.set(row.ch, null)
  }
  const cast = [...votes.values()].filter((row) => row !== null)
  const counts = new Map<string, { readonly row: SideRow; readonly votes: number }>()
  for (const row of cast) {
    const value = field.value(row) ?? ''
    const known = counts.get(value)
    counts.set(value, { row: known?.row ?? row, votes: (known?.votes ?? 0) + 1 })
  }
  const winner = [...counts.values()].find((each) => each.votes * 2 > votes.size)
  return winner === undefined ? { refused: 'tie' } : { row: winner.row, by: 'majority' }
}

function extreme(rows: readonly SideRow[], strategy: 'min' | 'max', field: Field): Survivor {
  let best: { readonly row: SideRow; readonly value: Fraction } | null = null
  for (const row of rows) {
    const value = fraction(field.value(row) ?? '')
    if (value === null) return { refused: 'no_value' }
    const order = best === null ? -1 : compareFractions(value, best.value)
    if (best === null || (strategy === 'min' ? order < 0 : order > 0)) best = { row, value }
  }
  return best === null ? { refused: 'no_value' } : { row: best.row, by: strategy }
}

/** Only where every side says when it was changed, or every file when it was made: a file's own time stamp says neither. */
function latest(rows: readonly SideRow[], field: Field, { sources }: Deciders): Survivor {
  const own = rows.map((row) => textOf(row['updated_at']))
  const times = own.every((time) => time !== null) ? own : rows.map((row) => knownTime(sources[row.src]))
  if (times.some((time) => time === null)) return { refused: 'no_value' }
  const instants = times.map((time) => Date.parse(time ?? ''))
  const last = Math.max(...instants)
  const newest = rows.filter((_, index) => instants[index] === last)
  const values = new Set(newest.map(field.value))
  const [first] = newest
  if (first === undefined || Number.isNaN(last)) return { refused: 'no_value' }
  return values.size > 1 ? { refused: 'tie' } : { row: first, by: 'most_recent' }
}

function knownTime(source: Source | undefined): string | null {
  return source?.dataAsOfKnown === true ? source.dataAsOf : null
}
