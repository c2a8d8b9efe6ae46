/** Judges one promotion: the rows that channels have of it against each other and against the clock. */
import type { SqlRow } from '../engine/engine.ts'
import { FAIL, NOT_APPLICABLE, PASS, unknown } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { FindingContext } from './finding.ts'
import { saySameGift, windowCode } from './promotion-terms.ts'
import { canonicalText, textOf } from './sides.ts'
import { authorityOf } from './world.ts'

export interface PromotionRow extends SqlRow {
  readonly ch: number
  readonly src: number
  readonly ord: number
}

export interface Promotion {
  /** Promotion key, else the code in lower case. */
  readonly key: string
  readonly rows: readonly PromotionRow[]
  /** Set where the promotion runs in several markets. */
  readonly market?: string
}

export interface Judged {
  readonly outcome: number
  readonly code: string | null
  readonly rows: readonly PromotionRow[]
  readonly fields: readonly string[]
  readonly words?: Readonly<Record<string, string>>
  readonly reference?: PromotionRow | undefined
  /** Channels that should have it. */
  readonly missing?: readonly number[]
}

export class Judge {
  readonly #effective: EffectiveRule
  readonly #rows: readonly PromotionRow[]
  readonly #context: FindingContext
  readonly #now: number

  constructor(effective: EffectiveRule, promotion: Promotion, context: FindingContext) {
    this.#effective = effective
    this.#rows = promotion.rows
    this.#context = context
    this.#now = Date.parse(context.asOf)
  }

  outcomes(): readonly Judged[] {
    const { rule } = this.#effective
    if (rule.kind === 'present') return rule.needs.includes('promotion.code') ? this.#codes() : this.#missing()
    if (rule.kind === 'equal') return this.#terms()
    if (rule.kind === 'window') return rule.assert === 'same' ? this.#windows() : this.#outside()
    return []
  }

  /** The calendar's row, else the first one: the master of the comparison. */
  get #master(): PromotionRow | undefined {
    return this.#masterWith(() => true)
  }

  /** Without a calendar the first row that says what is asked for is as good as any. */
  #masterWith(says: (row: PromotionRow) => boolean): PromotionRow | undefined {
    const authority = authorityOf(this.#context.store, this.#context.config, 'promotion', null)
    if (authority === null) return this.#rows.find(says) ?? this.#rows[0]
    return this.#rows.find((row) => row.ch === authority)
  }

  #param(name: string): string | number | boolean | readonly string[] | null {
    const value = this.#effective.params[name]?.value
    return value === undefined || value.type === 'map' ? null : value.value
  }

  #missing(): readonly Judged[] {
    const master = this.#masterWith((row) => this.#declared(row) !== null)
    if (master === undefined) return [{ outcome: NOT_APPLICABLE, code: null, rows: [], fields: [] }]
    const declared = this.#declared(master)
    if (declared === null) return [{ outcome: unknown('no_input'), code: null, rows: [], fields: [] }]
    if (!this.#runs(master)) return [{ outcome: NOT_APPLICABLE, code: null, rows: [], fields: [] }]
    const listing = new Set(this.#context.promotionChannels)
    const silent = declared.filter((ch) => !listing.has(ch))
    const missing = declared.filter(
      (ch) => listing.has(ch) && !this.#rows.some((row) => row.ch === ch && this.#alive(row)),
    )
    if (missing.length === 0) {
      return [{ outcome: silent.length > 0 ? unknown('no_input') : PASS, code: null, rows: [], fields: [] }]
    }
    const names = missing.map((ch) => this.#context.store.channels[ch]?.id ?? '').join(', ')
    return [
      {
        outcome: FAIL,
        code: null,
        rows: this.#rows,
        fields: ['promotion.status'],
        missing,
        words: { list: names, channel: names },
      },
    ]
  }

  /** Channels in which the promotion can be redeemed, as it says itself; null when it does not say. */
  #declared(row: PromotionRow): readonly number[] | null {
    const text = textOf(row['promotion.channels'])
    if (text === null) return null
    const words = text.split(',').map((word) => word.trim().toLowerCase())
    const { channels } = this.#context.store
    if (words.some((word) => ALL.has(word)))
      return channels.flatMap((channel, index) => (channel.kind === 'erp' ? [] : [index]))
    const named = channels.flatMap((channel, index) =>
      words.some((word) => word === channel.id.toLowerCase() || KINDS[word] === channel.kind) ? [index] : [],
    )
    return named.length === 0 ? null : named
  }

  #runs(row: PromotionRow): boolean {
    const [from, to] = windowOf(row)
    return this.#alive(row) && (from === null || from <= this.#now) && (to === null || this.#now < to)
  }

  #alive(row: PromotionRow): boolean {
    const status = textOf(row['promotion.status'])
    return status === null || status === 'active' || status === 'scheduled' || status === 'phase_out'
  }

  #terms(): readonly Judged[] {
    const master = this.#master
    const rows = this.#rows.filter((row) => this.#alive(row))
    if (master === undefined || new Set(rows.map((row) => row.ch)).size < 2)
      return [{ outcome: NOT_APPLICABLE, code: null, rows: [], fields: [] }]
    const isEqual = saySameGift(rows)
    const differing = TERMS.filter((field) => {
      if (isEqual && (field === 'promotion.kind' || field === 'promotion.value')) return false
      return new Set(rows.map((row) => this.#term(row, field)).filter((value) => value !== null)).size > 1
    })
    if (differing.length === 0) return [{ outcome: this.#unread(TERMS) ?? PASS, code: null, rows: [], fields: [] }]
    return [
      { outcome: FAIL, code: null, rows, fields: differing, reference: master, words: { field: differing.join(', ') } },
    ]
  }

  #term(row: PromotionRow, field: string): string | null {
    const value = row[field] ?? null
    if (value === null) {
      // An empty minimum is none, where the list of the channel has that column.
      const speaks = this.#context.store.sources[row.src]?.fields.has('promotion.min_spend') === true
      return field === 'promotion.min_spend' && speaks && textOf(row[`raw:${field}`]) === null ? '0' : null
    }
    return field === 'promotion.items'
      ? String(value)
          .split(',')
          .map((one) => one.trim())
          .sort()
          .join(',')
      : (canonicalText(value, field, 0) ?? null)
  }

  #windows(): readonly Judged[] {
    const master = this.#master
    const rows = this.#rows.filter((row) => this.#alive(row) && this.#dated(row))
    if (master === undefined || new Set(rows.map((row) => row.ch)).size < 2)
      return [{ outcome: this.#unread(WINDOW) ?? NOT_APPLICABLE, code: null, rows: [], fields: [] }]
    const tolerance = Number(this.#param('tol') ?? 300_000)
    const wrong = WINDOW.map((field) => {
      const instants = rows.map((row) => instantOf(row, field)).filter((one) => one !== null)
      const silent = rows.some(
        (row) => instantOf(row, field) === null && this.#context.store.sources[row.src]?.fields.has(field) === true,
      )
      const gap = instants.length < 2 ? 0 : Math.max(...instants) - Math.min(...instants)
      return { field, gap, at: Math.min(...instants), open: instants.length > 0 && silent }
    }).filter(({ gap, open }) => gap > tolerance || open)
    const unread = this.#unread(WINDOW)
    if (unread !== null) return [{ outcome: unread, code: null, rows: [], fields: [] }]
    if (wrong.length === 0) return [{ outcome: PASS, code: null, rows: [], fields: [] }]
    const zones = rows.map((row) => this.#context.store.channels[row.ch]?.timezone ?? 'UTC')
    const found = windowCode(wrong, zones)
    const code = this.#effective.rule.codes.some((one) => one.code === found) ? found : null
    return [{ outcome: FAIL, code, rows, fields: wrong.map(({ field }) => field), reference: master }]
  }

  /** A channel that states neither start nor end says nothing about when. */
  #dated(row: PromotionRow): boolean {
    return WINDOW.some((field) => instantOf(row, field) !== null)
  }

  /** The outcome where a cell of a live row has something in it that could not be read. */
  #unread(fields: readonly string[]): number | null {
    return this.#rows.some((row) => this.#alive(row) && this.#unreadIn(row, fields)) ? unknown('vocabulary') : null
  }

  #unreadIn(row: PromotionRow, fields: readonly string[]): boolean {
    return fields.some((field) => textOf(row[field]) === null && (textOf(row[`raw:${field}`]) ?? '').trim() !== '')
  }

  #outside(): readonly Judged[] {
    const grace = Number(this.#param('grace') ?? 900_000)
    return this.#rows.map((row) => {
      const status = textOf(row['promotion.status'])
      const [from, to] = windowOf(row)
      const unread = this.#unreadIn(row, ['promotion.status', ...WINDOW])
      if (unread) return { outcome: unknown('vocabulary'), code: null, rows: [], fields: [] }
      if (status === null || (from === null && to === null))
        return { outcome: status === null ? unknown('no_input') : NOT_APPLICABLE, code: null, rows: [], fields: [] }
      const applied = status === 'active'
      const code =
        applied && to !== null && this.#now >= to + grace
          ? 'expired'
          : applied && from !== null && this.#now < from - grace
            ? 'early'
            : null
      const late =
        !applied &&
        status === 'scheduled' &&
        from !== null &&
        this.#now >= from + grace &&
        (to === null || this.#now < to)
          ? 'not_started'
          : null
      const found = code ?? late
      if (found === null) return { outcome: PASS, code: null, rows: [], fields: [] }
      return {
        outcome: FAIL,
        code: found,
        rows: [row],
        fields: ['promotion.status', found === 'expired' ? 'promotion.ends_at' : 'promotion.starts_at'],
      }
    })
  }

  #codes(): readonly Judged[] {
    const master = this.#masterWith((row) => textOf(row['promotion.code']) !== null)
    const code = master === undefined ? null : textOf(master['promotion.code'])
    const others = this.#rows.filter((row) => row !== master && this.#alive(row))
    if (master === undefined || code === null || others.length === 0)
      return [{ outcome: NOT_APPLICABLE, code: null, rows: [], fields: [] }]
    const speaks = (row: PromotionRow): boolean =>
      this.#context.store.sources[row.src]?.fields.has('promotion.code') === true
    const fold = (text: string | null): string =>
      this.#param('case_sensitive') === true ? (text ?? '') : (text ?? '').toLowerCase()
    const wrong = others.filter((row) => speaks(row) && fold(textOf(row['promotion.code'])) !== fold(code))
    if (wrong.length === 0)
      return [{ outcome: others.some(speaks) ? PASS : unknown('no_input'), code: null, rows: [], fields: [] }]
    const names = wrong.map((row) => this.#context.store.channels[row.ch]?.id ?? '').join(', ')
    return [
      {
        outcome: FAIL,
        code: null,
        rows: [master, ...wrong],
        fields: ['promotion.code'],
        reference: master,
        words: { value: code, channel: names, list: names },
      },
    ]
  }
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
const WINDOW = ['promotion.starts_at', 'promotion.ends_at'] as const
const TERMS = ['promotion.kind', 'promotion.value', 'promotion.min_spend', 'promotion.items', 'promotion.stackable']

function windowOf(row: PromotionRow): readonly [number | null, number | null] {
  return [instantOf(row, 'promotion.starts_at'), instantOf(row, 'promotion.ends_at')]
}

function instantOf(row: PromotionRow, field: string): number | null {
  const text = textOf(row[field])
  return text === null ? null : Date.parse(text)
}
