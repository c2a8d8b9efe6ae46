/** Promotions across channels. There are few of them, so they are compared here and not in the engine. */
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import type { Engine } from '../engine/engine.ts'
import { mayBeLost } from '../ingest/lost-keys.ts'
import type { BrokenReference, Store } from '../ingest/tables.ts'
import type { Side } from '../model/report.ts'
import { FAIL, unknown } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Draft } from './draft.ts'
import { Tally } from './evaluate.ts'
import { domainOf, type FindingContext } from './finding.ts'
import { NO_ARTICLES, readPromotionArticles } from './promotion-articles.ts'
import type { Judged, PromotionBook } from './promotion-case.ts'
import { judgePromotion } from './promotion-judge.ts'
import { matchPromotions } from './promotion-match.ts'
import { keyOf, type Promotion, type PromotionRow } from './promotion-row.ts'
import { judgeSaleDates, readLooseDates } from './promotion-zones.ts'
import { canonicalText, textOf } from './sides.ts'
import { authorityOf } from './world.ts'

/** Promotions of all channels, and what the rules have to know of their articles. */
export async function readPromotions(
  { engine, store, config }: FindingContext,
  rules: readonly EffectiveRule[],
): Promise<PromotionBook> {
  const own = rules.filter(({ rule }) => rule.on === 'promotion')
  if (own.length === 0) return { list: [], articles: NO_ARTICLES, looseDates: [] }
  const rows = await engine.rows<PromotionRow>('SELECT * FROM promotion ORDER BY ch, src, ord')
  const isListing = rows.some((row) => textOf(row['promotion.items']) !== null)
  const hasSales = store.inputs.loaded.some(({ name }) => name === 'sales')
  const articles = isListing ? await readPromotionArticles(engine, hasSales) : NO_ARTICLES
  const list = matchPromotions(rows, articles, authorityOf(store, config, 'promotion', null))
  const asksZone = own.some(({ rule }) => rule.kind === 'format')
  return { list, articles, looseDates: asksZone ? await readLooseDates(engine, store) : [] }
}

export function judgePromotions(
  effective: EffectiveRule,
  book: PromotionBook,
  context: FindingContext,
): { drafts: readonly Draft[]; tally: Tally } {
  const tally = new Tally()
  const { needs } = effective.rule
  const isTold =
    needs.length === 0 || context.store.sources.some(({ fields }) => needs.some((field) => fields.has(field)))
  const sales = effective.rule.kind === 'format' ? judgeSaleDates(effective, book, context) : []
  if ((!context.store.hasPromotions && sales.length === 0) || !isTold) {
    tally.add(unknown('no_input'), 1)
    return { drafts: [], tally }
  }
  const drafts = new Map<string, Draft>()
  // An export with a record per article says a promotion many times: what is wrong with it is one finding.
  const put = (draft: Draft): void => {
    const known = drafts.get(draft.id)
    drafts.set(draft.id, known === undefined ? draft : { ...known, sides: [...known.sides, ...draft.sides] })
  }
  for (const { outcome, draft } of sales) {
    tally.add(outcome, 1)
    if (draft !== null) put(draft)
  }
  const now = Date.parse(context.asOf)
  for (const whole of book.list) {
    for (const promotion of partsOf(effective, whole, context)) {
      for (const judged of judgePromotion({ effective, promotion, book, context, now })) {
        tally.add(judged.outcome, 1)
        if (judged.outcome >= FAIL && effective.severity !== 'off') put(draftOf(effective, promotion, judged, context))
      }
    }
  }
  return { drafts: [...drafts.values()], tally }
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
  const scope = rule.group === null ? names.join(',') : ''
  const keys = [promotion, ...(judged.others ?? [])].map(({ key }) => key)
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
    keys,
    sides: [
      ...judged.rows.flatMap((row) =>
        judged.fields.map((field) => promotionSide(row, field, keyOf(row) ?? promotion.key, authority, context)),
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
    words: {
      item: [promotion, ...(judged.others ?? [])].map(promotionName).join(' + '),
      ...(judged.words ?? { channel: names.join(', ') }),
    },
    explainedBy: null,
    id: fingerprint(rule.id, code, market, keys.join(' + '), scope),
  }
}

function absentSide(channel: string, field: string | null): Side {
  return { channel, listing: null, field, value: null, unit: null, raw: null, source: null, authority: false }
}

function promotionName(promotion: Promotion): string {
  const name = promotion.rows.map((row) => textOf(row['promotion.name'])).find((text) => text !== null)
  // Channels that call it otherwise were matched by its terms: then all its names stand there.
  const keys = new Map<string, string>()
  for (const key of [promotion.key, ...promotion.rows.flatMap((row) => keyOf(row) ?? [])]) {
    if (!keys.has(key.toLowerCase())) keys.set(key.toLowerCase(), key)
  }
  const own = promotion.named ? [...keys.values()].join(' = ') : promotion.key
  return name === undefined || name === null || !promotion.named ? own : `${own} «${name}»`
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
export async function brokenPromotionItems(engine: Engine, lost: Store['lost']): Promise<readonly BrokenReference[]> {
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
    const isLost = (code: string): boolean => [...lost.values()].some(({ listing }) => mayBeLost(listing, [code]))
    const broken = group.filter(({ found, code }) => !found && !isLost(code))
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
