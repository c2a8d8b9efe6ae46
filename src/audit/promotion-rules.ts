/** Promotions across channels. There are few of them, so they are compared here and not in the engine. */
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import type { Engine } from '../engine/engine.ts'
import type { BrokenReference } from '../ingest/tables.ts'
import type { Side } from '../model/report.ts'
import { FAIL, unknown } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Draft } from './draft.ts'
import { Tally } from './evaluate.ts'
import { domainOf, type FindingContext } from './finding.ts'
import { Judge, type Judged, type Promotion, type PromotionRow } from './promotion-judge.ts'
import { canonicalText, textOf } from './sides.ts'
import { authorityOf } from './world.ts'

/** Promotions of all channels by key; rows without key and code are nobody's match. */
export async function readPromotions(engine: Engine): Promise<readonly Promotion[]> {
  const rows = await engine.rows<PromotionRow>('SELECT * FROM promotion ORDER BY ch, src, ord')
  const keyed = rows.filter((row) => keyOf(row) !== null)
  return [...groupBy(keyed, (row) => keyOf(row) ?? '')]
    .map(([key, group]) => ({ key, rows: group }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

function keyOf(row: PromotionRow): string | null {
  return textOf(row['promotion.key']) ?? textOf(row['promotion.code'])?.toLowerCase() ?? null
}

export function judgePromotions(
  effective: EffectiveRule,
  promotions: readonly Promotion[],
  context: FindingContext,
): { drafts: readonly Draft[]; tally: Tally } {
  const tally = new Tally()
  const { needs } = effective.rule
  const isTold =
    needs.length === 0 || context.store.sources.some(({ fields }) => needs.some((field) => fields.has(field)))
  if (!context.store.hasPromotions || !isTold) {
    tally.add(unknown('no_input'), 1)
    return { drafts: [], tally }
  }
  const drafts: Draft[] = []
  for (const promotion of promotions) {
    for (const part of partsOf(effective, promotion, context)) {
      for (const judged of new Judge(effective, part, context).outcomes()) {
        tally.add(judged.outcome, 1)
        if (judged.outcome >= FAIL && effective.severity !== 'off')
          drafts.push(draftOf(effective, part, judged, context))
      }
    }
  }
  return { drafts, tally }
}

/** What differs between countries may differ: channels are compared within their market, each with the calendar. */
function partsOf(
  { rule }: EffectiveRule,
  promotion: Promotion,
  { store, config }: FindingContext,
): readonly Promotion[] {
  const marketOf = (row: PromotionRow): string => store.channels[row.ch]?.market ?? ''
  const authority = authorityOf(store, config, 'promotion', null)
  const isCompared =
    rule.kind === 'equal' || (rule.kind === 'window' && rule.assert === 'same') || rule.needs.includes('promotion.code')
  const markets = new Set(promotion.rows.filter((row) => row.ch !== authority).map(marketOf))
  if (!isCompared || markets.size < 2) return [promotion]
  return [...markets].map((market) => ({
    ...promotion,
    market,
    rows: promotion.rows.filter((row) => row.ch === authority || marketOf(row) === market),
  }))
}

function draftOf(effective: EffectiveRule, promotion: Promotion, judged: Judged, context: FindingContext): Draft {
  const { rule, severity } = effective
  const { store, config } = context
  const authority = authorityOf(store, config, domainOf(rule.id), null)
  const market = promotion.market ?? store.channels[judged.rows[0]?.ch ?? 0]?.market ?? null
  const own = rule.codes.find(({ code }) => code === judged.code)
  const code =
    own?.code ?? (rule.codes.length > 0 && judged.code === null ? (rule.codes[0]?.code ?? null) : judged.code)
  const names = [...new Set(judged.rows.map((row) => store.channels[row.ch]?.id ?? ''))]
  // A rule on single rows has a finding for each channel; one on groups, for each promotion.
  const scope = rule.kind === 'window' && rule.assert === 'active_iff_inside' ? names.join(',') : ''
  return {
    effective,
    code,
    severity:
      effective.severityOrigin.by === 'config' || severity === 'off'
        ? severity === 'off'
          ? 'info'
          : severity
        : (own?.severity ?? severity),
    market,
    owner: authority === null ? null : (store.channels[authority]?.id ?? null),
    item: null,
    keys: [promotion.key],
    sides: [
      ...judged.rows.flatMap((row) =>
        judged.fields.map((field) => promotionSide(row, field, promotion.key, authority, context)),
      ),
      ...(judged.missing ?? [])
        .filter((ch) => !judged.rows.some((row) => row.ch === ch))
        .map((ch) => absentSide(store.channels[ch]?.id ?? '', judged.fields[0] ?? null)),
    ],
    expected:
      judged.reference === undefined
        ? null
        : canonicalText(judged.reference[judged.fields[0] ?? ''] ?? null, judged.fields[0] ?? '', 2),
    fixable: false,
    words: { item: promotionName(promotion), ...(judged.words ?? { channel: names.join(', ') }) },
    explainedBy: null,
    id: fingerprint(rule.id, code, market, promotion.key, scope),
  }
}

function absentSide(channel: string, field: string | null): Side {
  return { channel, listing: null, field, value: null, unit: null, raw: null, source: null, authority: false }
}

function promotionName(promotion: Promotion): string {
  const name = promotion.rows.map((row) => textOf(row['promotion.name'])).find((text) => text !== null)
  return name === undefined || name === null ? promotion.key : `${promotion.key} «${name}»`
}

function promotionSide(
  row: PromotionRow,
  field: string,
  key: string,
  authority: number | null,
  context: FindingContext,
): Side {
  const channel = context.store.channels[row.ch]
  const value = canonicalText(row[field] ?? null, field, field === 'promotion.min_spend' ? 2 : 0)
  return {
    channel: channel?.id ?? '',
    listing: key,
    field,
    value,
    unit: field === 'promotion.min_spend' && value !== null ? (channel?.currency ?? null) : null,
    raw: textOf(row[`raw:${field}`]) ?? value,
    source: context.places.ref(row.src, row.ord),
    authority: row.ch === authority,
  }
}

/** Articles named by promotions that no channel has, where the column lists articles at all. */
export async function brokenPromotionItems(engine: Engine): Promise<readonly BrokenReference[]> {
  const rows = await engine.rows<{
    src: number
    ord: number
    code: string
    found: boolean
    total: number
    hits: number
  }>(
    `WITH named AS (SELECT src, ord, trim(unnest(string_split("promotion.items", ','))) AS code FROM promotion WHERE "promotion.items" IS NOT NULL),
       known AS (SELECT n.*, n.code IN (SELECT sku FROM listing_all WHERE sku IS NOT NULL) OR n.code IN (SELECT listing_id FROM listing_all WHERE listing_id IS NOT NULL)
         OR n.code IN (SELECT gtin FROM listing_all WHERE gtin IS NOT NULL) AS found FROM named n WHERE n.code <> '')
     SELECT src, ord, code, found, count(*) OVER (PARTITION BY src) AS total, count(*) FILTER (found) OVER (PARTITION BY src) AS hits FROM known ORDER BY src, ord, code`,
  )
  // A column of categories or brands names no articles; then nothing in it is a broken reference.
  const articles = rows.filter(({ hits, total }) => Number(hits) * 2 >= Number(total))
  return [...groupBy(articles, ({ src }) => String(src)).values()].flatMap((group) => {
    const broken = group.filter(({ found }) => !found)
    const keys = [...groupBy(broken, ({ code }) => code)].map(([key, list]) => ({
      key,
      rows: list.length,
      ordinal: list[0]?.ord ?? 0,
    }))
    return keys.length === 0
      ? []
      : [{ source: group[0]?.src ?? 0, parent: 'promotion' as const, rows: broken.length, total: group.length, keys }]
  })
}
