/** One SKU, several products: `match` over SKUs that channels share. What names them tells, not the key that links them. */
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import { ident } from '../engine/engine.ts'
import { decimalParam, FAIL, failCode, PASS, unknown, type World, whereSql } from '../rules/check.ts'
import { normSql } from '../rules/norm.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Agreed } from './agreed.ts'
import { Tally } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import type { KeyFinding, KeyOutcome } from './key-rules.ts'
import { plainParams } from './scoped.ts'
import { itemOf, type SideRow, sideOf } from './sides.ts'
import { authorityOf } from './world.ts'

type SkuRow = SideRow & { readonly outcome: number; readonly sku: string }

/** Judges every SKU that stands in more than one channel of a market. */
export async function judgeSkuCollisions(
  effective: EffectiveRule,
  context: FindingContext,
  world: World,
  agreed: Agreed,
): Promise<KeyOutcome> {
  const { engine, store } = context
  const tally = new Tally()
  if (!store.fields.has('sku')) {
    tally.add(unknown('no_input'), 1)
    return { findings: [], tally }
  }
  await engine.run(`CREATE OR REPLACE TEMP TABLE sku_verdict AS ${verdicts(effective, world)}`)
  const counted = await engine.rows<{ outcome: number; n: number }>(
    'SELECT outcome, count(*) AS n FROM sku_verdict GROUP BY outcome ORDER BY outcome',
  )
  for (const { outcome, n } of counted) tally.add(outcome, Number(n))
  tally.add(PASS, agreed.withSku)
  const rows = await engine.rows<SkuRow>(
    `SELECT s.*, v.outcome FROM side s JOIN sku_verdict v ON v.k = s.sku_hash AND v.market = s.market
     WHERE v.outcome >= ${FAIL} AND ${whereSql({ rule: effective.rule, params: plainParams(effective), world })} ORDER BY s.ch, s.rid`,
  )
  const groups = groupBy(rows, ({ market, sku }) => JSON.stringify([market, sku]))
  return { findings: [...groups.values()].flatMap((group) => findingOf(group, effective, context)), tally }
}

/** The outcome of each shared SKU: the worst of any two of its listings in different channels. */
function verdicts(effective: EffectiveRule, world: World): string {
  const { rule } = effective
  const input = { rule, params: plainParams(effective), world }
  const text = (name: 'brand' | 'title'): string => (world.speaks(name) ? ident(name) : 'NULL::VARCHAR')
  const gtin = world.speaks('gtin')
    ? `CASE WHEN gtin_state IN ('ok', 'isbn10', 'lost_zero') THEN gtin14 END`
    : 'NULL::BIGINT'
  const brand = (name: string): string =>
    `nullif(lower(strip_accents(regexp_replace(${name}, '[^\\p{L}\\p{N}\\p{M}]+', '', 'g'))), '')`
  const words = (title: string): string =>
    `nullif(list_distinct(list_filter(string_split_regex(${normSql(title)}, '[^\\p{L}\\p{N}]+'), lambda w: length(w) > 1 OR regexp_matches(w, '[0-9]'))), [])`
  const sides = `SELECT sku_hash AS k, market, ch, ${gtin} AS g, ${text('brand')} AS brand, ${text('title')} AS title, pack, x_regular AS price FROM side
    WHERE sku_hash IN (SELECT s FROM sku_group WHERE bit_count(channels) > 1) AND ${whereSql(input)}`
  const least = decimalParam(input, 'min_similarity', '0.35')
  const ratio = decimalParam(input, 'price_ratio', '3')
  // Where the GTINs are one, as nearly everywhere, no text is taken apart.
  const apart = (sql: string): string => `CASE WHEN g1 = g2 THEN NULL ELSE ${sql} END`
  return `WITH listed AS (${sides}), met AS (SELECT a.k, a.market, a.g AS g1, b.g AS g2, a.brand AS b1, b.brand AS b2, a.title AS t1, b.title AS t2,
        a.price AS p1, b.price AS p2, coalesce(a.pack = b.pack, TRUE) AS same_pack
      FROM listed a JOIN listed b ON a.k = b.k AND a.market = b.market AND a.ch < b.ch),
    told AS (SELECT *, ${apart(`${brand('b1')} <> ${brand('b2')}`)} AS rebranded, ${apart(words('t1'))} AS w1, ${apart(words('t2'))} AS w2 FROM met),
    pairs AS (SELECT *, ${similarity('w1', 'w2')} AS likeness FROM told),
    judged AS (SELECT k, market, CASE
        WHEN g1 <> g2 AND same_pack AND (rebranded OR likeness < ${least}) THEN ${failCode(rule, 'gtin')}
        WHEN g1 = g2 OR NOT rebranded AND g1 <> g2 THEN ${PASS}
        WHEN likeness < ${least} AND coalesce(rebranded, TRUE) AND same_pack AND least(p1, p2) > 0
          AND greatest(p1, p2) > least(p1, p2) * ${ratio} THEN ${failCode(rule, 'suspect')}
        WHEN likeness IS NULL AND rebranded IS NULL THEN ${unknown('no_input')} ELSE ${PASS} END AS o FROM pairs)
    SELECT k, market, coalesce(min(o) FILTER (WHERE o >= ${FAIL}), max(o)) AS outcome FROM judged GROUP BY k, market`
}

/**
 * Part of the shorter title's words that begin a word of the other one, or end short of it: tills cut titles. A number or
 * a model code in common says more than words, which may be translated.
 */
function similarity(a: string, b: string): string {
  const begins = (x: string, y: string): string => `starts_with(${y}, ${x}) OR starts_with(${x}, ${y})`
  const shared = (few: string, many: string): string =>
    `len(list_filter(${few}, lambda x: len(list_filter(${many}, lambda y: ${begins('x', 'y')})) > 0))::DOUBLE / len(${few})`
  const coded = `len(list_filter(list_intersect(${a}, ${b}), lambda w: regexp_matches(w, '[0-9]'))) > 0`
  return `CASE WHEN ${coded} THEN 1 WHEN len(${a}) <= len(${b}) THEN ${shared(a, b)} ELSE ${shared(b, a)} END`
}

function findingOf(group: readonly SkuRow[], effective: EffectiveRule, context: FindingContext): readonly KeyFinding[] {
  const [first] = group
  const { rule, severity } = effective
  if (first === undefined || severity === 'off') return []
  const { store, config } = context
  const { market, sku } = first
  const code = rule.codes[first.outcome - FAIL]
  const item = itemOf(group, store, authorityOf(store, config, 'catalog', market))
  const shown = rule.fields.filter((field) => field !== 'sku')
  return [
    {
      draft: {
        effective,
        code: code?.code ?? null,
        severity: code?.severity ?? severity,
        market,
        owner: null,
        // No one title and no one GTIN is right for a code that stands for several products.
        item: { ...item, id: sku, sku, gtin: null, title: null },
        keys: [sku],
        get sides() {
          return group.flatMap((row) =>
            shown
              .filter((field) => row[field] !== null && row[field] !== undefined)
              .map((field) => sideOf(row, field, false, context)),
          )
        },
        expected: null,
        fixable: false,
        words: { value: sku, count: String(group.length), field: 'sku' },
        explainedBy: null,
        id: fingerprint(rule.id, code?.code ?? null, market, sku),
      },
      items: [...new Set(group.map((row) => String(row.item)))],
      places: group.map((row) => [row.src, row.ord] as const),
    },
  ]
}
