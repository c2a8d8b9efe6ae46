/** Products whose variants a channel has only in part: `present` over products. */
import { fingerprint } from '../base/hash.ts'
import { type Engine, literal, type SqlRow } from '../engine/engine.ts'
import { lostListing } from '../ingest/lost-keys.ts'
import { decimalParam, FAIL, NOT_APPLICABLE, PASS, unknown, type World, whereSql } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Agreed } from './agreed.ts'
import { Tally } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import type { KeyFinding, KeyOutcome } from './key-rules.ts'
import { plainParams } from './scoped.ts'
import { numberOf, type SideRow, sideOf, textOf } from './sides.ts'
import { authorityOf } from './world.ts'

/** A product of which a channel lists some variants, and not all that it should. */
interface Gap extends SqlRow {
  readonly market: string
  readonly ch: number
  /** Channel whose product code it is. */
  readonly owner: number
  readonly product: string
}

type Missing = SideRow & { readonly gap: number; readonly explained: boolean }

/** Judges every product and channel of which some listing is not like the others; the rest lists all of them everywhere. */
export async function judgeProducts(
  effective: EffectiveRule,
  context: FindingContext,
  world: World,
  agreed: Agreed,
): Promise<KeyOutcome> {
  const { engine } = context
  const tally = new Tally()
  const expected = expectedIn(world)
  if (!world.speaks('product') || expected === null) {
    tally.add(!world.speaks('product') || world.declaredAssortments === 0 ? unknown('no_input') : NOT_APPLICABLE, 1)
    return { findings: [], tally }
  }
  await engine.run(`CREATE OR REPLACE TEMP TABLE product_due AS ${dueVariants(effective, world, expected)}`)
  tally.add(unknown('no_input'), world.lossy.length === 0 ? 0 : await leaveOutLost(engine))
  const ratio = decimalParam({ rule: effective.rule, params: plainParams(effective), world }, 'min_ratio', '1')
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE product_gap AS SELECT market, ch, p, count(*) FILTER (listed) AS has,
       CASE WHEN count(*) FILTER (listed) = 0 THEN ${NOT_APPLICABLE} WHEN count(*) FILTER (listed) < ${ratio} * count(*) THEN ${FAIL} ELSE ${PASS} END AS outcome
     FROM product_due GROUP BY market, ch, p`,
  )
  const counted = await engine.rows<{ outcome: number; n: number }>(
    'SELECT outcome, count(*) AS n FROM product_gap GROUP BY outcome ORDER BY outcome',
  )
  for (const { outcome, n } of counted) tally.add(outcome, Number(n))
  tally.add(PASS, agreed.articles === 0 ? 0 : await wholeProducts(context, world, expected))
  const gaps = await engine.rows<Gap>(
    `SELECT market, ch, p.ch AS owner, p.product AS product FROM product_gap WHERE outcome = ${FAIL} ORDER BY market, ch, owner, product`,
  )
  const missing = await missingVariants(context)
  const findings = gaps.flatMap((gap, index) => findingOf(gap, missing.get(index) ?? [], effective, context))
  return { findings, tally }
}

/** Variants whose record could not be read are not missing. @returns How many there are. */
async function leaveOutLost(engine: Engine): Promise<number> {
  const lost = `NOT listed AND EXISTS (SELECT 1 FROM side_all s WHERE s.item = product_due.item AND ${lostListing('product_due.ch', 's.sku', 's.gtin')})`
  const [row] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM product_due WHERE ${lost}`)
  await engine.run(`DELETE FROM product_due WHERE ${lost}`)
  return Number(row?.n ?? 0)
}

/** Products with their channels, all of whose variants stand everywhere alike. */
async function wholeProducts({ engine, store }: FindingContext, world: World, expected: string): Promise<number> {
  const speaking = store.channels.findIndex((_, index) =>
    [...(store.speaks.get('product') ?? [])].some((source) => store.sources[source]?.channel === index),
  )
  const authority = world.authority('catalog')
  const own = authority === null ? `ch = ${speaking}` : authority
  const [row] = await engine.rows<{ n: number }>(
    `SELECT count(DISTINCT product) * (SELECT count(DISTINCT c) FROM (${expected})) AS n FROM side_all
     WHERE ${own} AND product IS NOT NULL AND product NOT IN (SELECT product FROM side WHERE ${own} AND product IS NOT NULL)`,
  )
  return Number(row?.n ?? 0)
}

/** SQL over `l`: the channels that were read and are to list an article, one row each; null without one. */
function expectedIn({ channels, fullAssortment, unread }: World): string | null {
  const market = (index: number): string => literal(channels[index]?.market ?? '')
  const isRead = (index: number): boolean => !unread.includes(index)
  const full = fullAssortment.filter(isRead).map((index) => `SELECT ${index} AS c, ${market(index)} AS m, NULL AS k`)
  const listed = channels.flatMap(({ assortment }, index) =>
    assortment?.kind === 'list' && isRead(index)
      ? [`SELECT ${index} AS c, ${market(index)} AS m, key AS k FROM assortment WHERE assortment.ch = ${index}`]
      : [],
  )
  const all = [...full, ...listed]
  return all.length === 0 ? null : all.join(' UNION ALL ')
}

/** One row per variant and channel that is to list it, of the products of articles that are judged one by one. */
function dueVariants(effective: EffectiveRule, world: World, expected: string): string {
  const authority = world.authority('catalog')
  const where = whereSql({ rule: effective.rule, params: plainParams(effective), world })
  const touched = `SELECT ch, product FROM side WHERE product IS NOT NULL`
  const members = `SELECT item FROM side_all WHERE (ch, product) IN (${touched})`
  const rank = authority === null ? 'ch' : `(CASE WHEN ${authority} THEN -1 ELSE ch END)`
  const items = `SELECT item, market, arg_min({'ch': ch, 'product': product}, ${rank}) FILTER (product IS NOT NULL) AS p,
      coalesce(bit_or(1::BIGINT << ch) FILTER (live IS NOT FALSE), 0) AS channels, list(sku) AS skus, list(gtin) AS gtins,
      bool_or(${where}) FILTER (${authority ?? 'TRUE'}) AS wanted
    FROM side_all WHERE item IN (${members}) GROUP BY item, market`
  return `SELECT DISTINCT l.item, l.market, l.p, e.c AS ch, (l.channels >> e.c) & 1 = 1 AS listed
    FROM (${items}) l JOIN (${expected}) e ON e.m = l.market AND (e.k IS NULL OR list_contains(l.skus, e.k) OR list_contains(l.gtins, e.k))
    WHERE l.wanted AND l.p IS NOT NULL`
}

/** Listings elsewhere of the variants that are missing, by the position of their gap. */
async function missingVariants({ engine }: FindingContext): Promise<ReadonlyMap<number, readonly Missing[]>> {
  const rows = await engine.rows<Missing>(
    `WITH gaps AS (SELECT *, row_number() OVER (ORDER BY market, ch, p.ch, p.product) - 1 AS gap FROM product_gap WHERE outcome = ${FAIL}),
       lacking AS (SELECT d.*, bool_and(g.has > 0) OVER (PARTITION BY d.item, d.market) AS explained
         FROM product_due d JOIN product_gap g ON g.market = d.market AND g.ch = d.ch AND g.p = d.p WHERE NOT d.listed)
     SELECT g.gap, d.explained, s.item, s.market, s.ch, s.src, s.ord, s.rid, s.listing_id, s.sku, s.gtin, s.gtin14, s.title, s.product
     FROM lacking d JOIN gaps g ON g.market = d.market AND g.ch = d.ch AND g.p = d.p
       JOIN side s ON s.item = d.item AND s.market = d.market AND s.ch = d.p.ch ORDER BY g.gap, s.sku, s.rid`,
  )
  const byGap = new Map<number, Missing[]>()
  for (const row of rows) byGap.set(Number(row.gap), [...(byGap.get(Number(row.gap)) ?? []), row])
  return byGap
}

function findingOf(
  gap: Gap,
  missing: readonly Missing[],
  effective: EffectiveRule,
  context: FindingContext,
): readonly KeyFinding[] {
  const { rule, severity } = effective
  if (severity === 'off') return []
  const { store, config } = context
  const { market, product } = gap
  const owner = numberOf(gap.owner)
  const [channel, source] = [gap.ch, owner ?? -1].map((index) => store.channels[index]?.id ?? '')
  const variants = [...new Set(missing.map((row) => textOf(row['sku']) ?? textOf(row['gtin']) ?? String(row.rid)))]
  const authority = authorityOf(store, config, 'catalog', market)
  return [
    {
      draft: {
        effective,
        code: null,
        severity,
        market,
        owner: authority === null ? null : (store.channels[authority]?.id ?? null),
        item: { id: `${source}:${product}`, sku: null, gtin: null, title: null },
        keys: [source ?? '', product, channel ?? ''],
        get sides() {
          return missing.flatMap((row) => [
            sideOf(row, 'product', row.ch === authority, context),
            { ...sideOf(row, 'product', false, context), channel: channel ?? '', value: null, raw: null, source: null },
          ])
        },
        expected: null,
        fixable: false,
        words: { value: product, list: variants.join(', '), channel: channel ?? '', count: String(variants.length) },
        explainedBy: null,
        id: fingerprint(rule.id, null, market, source ?? '', product, channel ?? ''),
      },
      items: missing.filter(({ explained }) => explained).map((row) => String(row.item)),
      places: missing.map((row) => [row.src, row.ord] as const),
    },
  ]
}
