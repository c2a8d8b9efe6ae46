/** Judges one promotion: the rows that channels have of it against each other and against the clock. */
import { mayBeLost } from '../ingest/lost-keys.ts'
import { FAIL, NOT_APPLICABLE, PASS, unknown } from '../rules/check.ts'
import { fieldsOf } from '../rules/expression/ast.ts'
import {
  BESIDE,
  channelNames,
  declaredIn,
  isSpoken,
  isUnread,
  type Judged,
  masterOf,
  NO_INPUT,
  type PromotionCase,
  paramOf,
  plain,
  UNREAD,
} from './promotion-case.ts'
import { isCutIn, judgeExclusivity, judgeItems, judgeStock } from './promotion-items.ts'
import { judgeDiscount } from './promotion-prices.ts'
import { instantOf, isAlive, isRunning, overlaps, type PromotionRow, windowOf } from './promotion-row.ts'
import { judgeFloor, judgeStacking } from './promotion-stacks.ts'
import { saySameGift, windowCode } from './promotion-terms.ts'
import { judgeZones } from './promotion-zones.ts'
import { canonicalText, textOf } from './sides.ts'

/** What a rule says of a promotion: which question it asks shows in its kind and in the fields it reads. */
export function judgePromotion(one: PromotionCase): readonly Judged[] {
  const { rule } = one.effective
  switch (rule.kind) {
    case 'present':
      return rule.needs.includes('promotion.code') ? new Judge(one).codes() : new Judge(one).missing()
    case 'equal': {
      const fields = fieldsOf(rule.value)
      if (fields.includes('promotion.items')) return judgeItems(one)
      return fields.includes('promotion.stackable') ? judgeStacking(one) : new Judge(one).terms()
    }
    case 'window':
      return rule.assert === 'same' ? new Judge(one).windows() : new Judge(one).outside()
    case 'implies':
      return fieldsOf(rule.consequence).includes('promotion.channels') ? judgeExclusivity(one) : judgeStock(one)
    case 'within':
      return rule.compare === 'floor' ? judgeFloor(one) : judgeDiscount(one)
    case 'format':
      return judgeZones(one)
    default:
      return []
  }
}

/** The channels' records of one promotion against each other and against the clock. */
class Judge {
  readonly #case: PromotionCase
  readonly #rows: readonly PromotionRow[]
  readonly #now: number

  constructor(one: PromotionCase) {
    this.#case = one
    this.#rows = one.promotion.rows
    this.#now = one.now
  }

  missing(): readonly Judged[] {
    const one = this.#case
    const { context } = one
    const master = masterOf(one, this.#rows, (row) => declaredIn(one, row) !== null)
    if (master === undefined) return [BESIDE]
    const declared = declaredIn(one, master)
    if (declared === null) return [NO_INPUT]
    if (!isRunning(master, this.#now)) return [BESIDE]
    const listing = new Set(context.promotionChannels)
    const absent = declared.filter(
      (ch) => !this.#rows.some((row) => row.ch === ch && isAlive(row)) && !isCutIn(one, master, ch),
    )
    const lost = (ch: number): boolean => mayBeLost(context.store.lost.get(ch)?.promotion, [one.promotion.key])
    const missing = absent.filter((ch) => listing.has(ch) && !lost(ch))
    if (missing.length === 0) return [absent.length > 0 ? NO_INPUT : plain(PASS)]
    if (!one.promotion.named && missing.some((ch) => this.#mayBe(master, ch))) return [plain(unknown('confidence'))]
    const names = channelNames(one, missing)
    const words = { list: names, channel: names }
    return [{ outcome: FAIL, code: null, rows: this.#rows, fields: ['promotion.status'], missing, words }]
  }

  /** Whether a promotion without key and code could be one of the channel that nothing else is matched with. */
  #mayBe(master: PromotionRow, ch: number): boolean {
    return this.#case.book.list.some(
      ({ rows }) => rows.every((row) => row.ch === ch) && rows.some((row) => isAlive(row) && overlaps(row, master)),
    )
  }

  terms(): readonly Judged[] {
    const master = masterOf(this.#case, this.#rows)
    const rows = this.#rows.filter((row) => isAlive(row))
    if (master === undefined || new Set(rows.map((row) => row.ch)).size < 2) return [BESIDE]
    const isEqual = saySameGift(rows)
    const differing = TERMS.filter((field) => {
      if (isEqual && (field === 'promotion.kind' || field === 'promotion.value')) return false
      return new Set(rows.map((row) => this.#term(row, field)).filter((value) => value !== null)).size > 1
    })
    if (differing.length === 0) return [plain(this.#unread(TERMS) ?? PASS)]
    return [
      { outcome: FAIL, code: null, rows, fields: differing, reference: master, words: { field: differing.join(', ') } },
    ]
  }

  #term(row: PromotionRow, field: string): string | null {
    const value = row[field] ?? null
    if (value === null) {
      // An empty minimum is none, where the list of the channel has that column.
      const speaks = this.#case.context.store.sources[row.src]?.fields.has('promotion.min_spend') === true
      return field === 'promotion.min_spend' && speaks && textOf(row[`raw:${field}`]) === null ? '0' : null
    }
    return canonicalText(value, field, 0)
  }

  windows(): readonly Judged[] {
    const master = masterOf(this.#case, this.#rows)
    const rows = this.#rows.filter((row) => isAlive(row) && this.#dated(row))
    if (master === undefined || new Set(rows.map((row) => row.ch)).size < 2)
      return [plain(this.#unread(WINDOW) ?? NOT_APPLICABLE)]
    const tolerance = Number(paramOf(this.#case, 'tol') ?? 300_000)
    const wrong = WINDOW.map((field) => {
      const instants = rows.map((row) => instantOf(row, field)).filter((one) => one !== null)
      const silent = rows.some(
        (row) =>
          instantOf(row, field) === null && this.#case.context.store.sources[row.src]?.fields.has(field) === true,
      )
      const gap = instants.length < 2 ? 0 : Math.max(...instants) - Math.min(...instants)
      return { field, gap, at: Math.min(...instants), open: instants.length > 0 && silent }
    }).filter(({ gap, open }) => gap > tolerance || open)
    const unread = this.#unread(WINDOW)
    if (unread !== null) return [plain(unread)]
    if (wrong.length === 0) return [plain(PASS)]
    const zones = rows.map((row) => this.#case.context.store.channels[row.ch]?.timezone ?? 'UTC')
    const found = windowCode(wrong, zones)
    const code = this.#case.effective.rule.codes.some((one) => one.code === found) ? found : null
    return [{ outcome: FAIL, code, rows, fields: wrong.map(({ field }) => field), reference: master }]
  }

  /** A channel that states neither start nor end says nothing about when. */
  #dated(row: PromotionRow): boolean {
    return WINDOW.some((field) => instantOf(row, field) !== null)
  }

  /** The outcome where a cell of a live row has something in it that could not be read. */
  #unread(fields: readonly string[]): number | null {
    return this.#rows.some((row) => isAlive(row) && isUnread(row, fields)) ? unknown('vocabulary') : null
  }

  outside(): readonly Judged[] {
    const grace = Number(paramOf(this.#case, 'grace') ?? 900_000)
    return this.#rows.map((row) => {
      const status = textOf(row['promotion.status'])
      const [from, to] = windowOf(row)
      const unread = isUnread(row, ['promotion.status', ...WINDOW])
      if (unread) return UNREAD
      if (status === null || (from === null && to === null)) return status === null ? NO_INPUT : BESIDE
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
      if (found === null) return plain(PASS)
      return {
        outcome: FAIL,
        code: found,
        rows: [row],
        fields: ['promotion.status', found === 'expired' ? 'promotion.ends_at' : 'promotion.starts_at'],
      }
    })
  }

  codes(): readonly Judged[] {
    const master = masterOf(this.#case, this.#rows, (row) => textOf(row['promotion.code']) !== null)
    const code = master === undefined ? null : textOf(master['promotion.code'])
    const others = this.#rows.filter((row) => row !== master && isAlive(row))
    if (master === undefined || code === null || others.length === 0) return [BESIDE]
    const speaks = (row: PromotionRow): boolean => isSpoken(this.#case, row, 'promotion.code')
    const fold = (text: string | null): string =>
      paramOf(this.#case, 'case_sensitive') === true ? (text ?? '') : (text ?? '').toLowerCase()
    const wrong = others.filter((row) => speaks(row) && fold(textOf(row['promotion.code'])) !== fold(code))
    if (wrong.length === 0) return [others.some(speaks) ? plain(PASS) : NO_INPUT]
    const names = wrong.map((row) => this.#case.context.store.channels[row.ch]?.id ?? '').join(', ')
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

const WINDOW = ['promotion.starts_at', 'promotion.ends_at'] as const
const TERMS = ['promotion.kind', 'promotion.value', 'promotion.min_spend']
