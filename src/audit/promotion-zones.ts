/** Whether dates say of which time zone they are. */
import { fingerprint } from '../base/hash.ts'
import { type Engine, ident } from '../engine/engine.ts'
import type { Store } from '../ingest/tables.ts'
import { FAIL, PASS } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Draft } from './draft.ts'
import type { FindingContext } from './finding.ts'
import {
  BESIDE,
  type Judged,
  type LooseDates,
  type PromotionBook,
  type PromotionCase,
  plain,
} from './promotion-case.ts'
import { instantOf, type PromotionRow } from './promotion-row.ts'
import { offsetOf } from './promotion-terms.ts'
import { textOf } from './sides.ts'

const FIELDS = ['promotion.starts_at', 'promotion.ends_at'] as const

export function judgeZones(one: PromotionCase): readonly Judged[] {
  return one.promotion.rows.map((row) => {
    const dated = FIELDS.filter((field) => instantOf(row, field) !== null)
    if (dated.length === 0) return BESIDE
    const loose = dated.filter((field) => isLoose(one, row.ch, textOf(row[`raw:${field}`]) ?? ''))
    if (loose.length > 0)
      return { outcome: FAIL, code: 'missing', rows: [row], fields: loose, words: saying(one, row, loose) }
    const shifted = dated.filter((field) => isOtherSeason(one, row, field))
    if (shifted.length > 0)
      return { outcome: FAIL, code: 'dst', rows: [row], fields: shifted, words: saying(one, row, shifted) }
    return plain(PASS)
  })
}

/** Whether nothing says of which zone a text is. A day alone is the channel's own day. */
function isLoose(
  { effective, context }: Pick<PromotionCase, 'effective' | 'context'>,
  ch: number,
  text: string,
): boolean {
  const isDay = !text.includes(':')
  if (isDay ? effective.params['date_only']?.value.value !== true : OFFSET.test(text)) return false
  const isStrict = effective.params['require']?.value.value === 'offset'
  return isStrict || context.store.channels[ch]?.timezoneDeclared !== true
}

const OFFSET = /(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})\s*$/i

function saying({ context }: PromotionCase, row: PromotionRow, fields: readonly string[]): Record<string, string> {
  const texts = fields.map((field) => textOf(row[`raw:${field}`]) ?? '')
  return { channel: context.store.channels[row.ch]?.id ?? '', value: texts.join(', ') }
}

/** Whether the offset is that of the channel's zone half a year away: +01:00 for Madrid in July. */
function isOtherSeason({ context }: PromotionCase, row: PromotionRow, field: string): boolean {
  const channel = context.store.channels[row.ch]
  const at = instantOf(row, field)
  const [, sign, hours = '0', minutes = '0'] =
    /:.*([+-])(\d{2}):?(\d{2})\s*$/.exec(textOf(row[`raw:${field}`]) ?? '') ?? []
  if (channel?.timezoneDeclared !== true || at === null || sign === undefined) return false
  const offset = (Number(hours) * HOUR + Number(minutes) * MINUTE) * (sign === '-' ? -1 : 1)
  return offset !== offsetOf(channel.timezone, at) && offset === offsetOf(channel.timezone, at + HALF_A_YEAR)
}

const HOUR = 3_600_000
const MINUTE = 60_000
const HALF_A_YEAR = 182 * 24 * HOUR

/** Sale dates of listings that end in no offset, counted by file, column, and whether they have a time. */
export async function readLooseDates(engine: Engine, store: Store): Promise<readonly LooseDates[]> {
  const fields = (['price.sale_from', 'price.sale_to'] as const).filter((field) => store.speaks.has(field))
  const parts = fields.map((field) => {
    const raw = ident(`raw:${field}`)
    return `SELECT coalesce("src:price", src) AS src, '${field}' AS field, NOT contains(${raw}, ':') AS is_day, count(*) AS n,
        arg_min(${raw}, ord) AS text, arg_min(coalesce("ord:price", ord), ord) AS ord FROM listing_all
      WHERE ${ident(field)} IS NOT NULL AND ${raw} IS NOT NULL
        AND NOT (contains(${raw}, ':') AND regexp_matches(${raw}, '(?i)(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})\\s*$')) GROUP BY ALL`
  })
  if (parts.length === 0) return []
  const rows = await engine.rows<{ src: number; field: string; is_day: boolean; n: number; text: string; ord: number }>(
    `${parts.join(' UNION ALL ')} ORDER BY src, field, is_day`,
  )
  return rows.map(({ src, field, is_day: isDay, n, text, ord }) => ({ src, ord, field, text, rows: Number(n), isDay }))
}

/** One finding for each file and column: a file either says its zone or does not. */
export function judgeSaleDates(
  effective: EffectiveRule,
  { looseDates }: PromotionBook,
  context: FindingContext,
): readonly { readonly outcome: number; readonly draft: Draft | null }[] {
  const { severity, rule } = effective
  return looseDates.map(({ src, ord, field, text, rows }) => {
    const ch = context.store.sources[src]?.channel ?? 0
    if (!isLoose({ effective, context }, ch, text)) return { outcome: PASS, draft: null }
    if (severity === 'off') return { outcome: FAIL, draft: null }
    const channel = context.store.channels[ch]
    const id = channel?.id ?? ''
    const source = context.places.ref(src, ord)
    const side = { channel: id, listing: null, field, value: null, unit: null, raw: text, source, authority: false }
    const draft: Draft = {
      effective,
      code: 'sale_dates',
      severity,
      market: channel?.market ?? null,
      owner: id,
      item: null,
      keys: [id, field],
      sides: [side],
      expected: null,
      fixable: false,
      words: { channel: id, value: text, field, count: String(rows) },
      explainedBy: null,
      id: fingerprint(rule.id, 'sale_dates', channel?.market ?? null, id, field),
    }
    return { outcome: FAIL, draft }
  })
}
