/** What is now against what was: GTINs that change hands, values that arrive late, values that several systems set. */
import { literal } from '../../engine/engine.ts'
import { type CompileInput, decimalParam, failCode, NOT_APPLICABLE, PASS, unknown } from '../check.ts'
import type { ParamValue } from '../expression/scope.ts'

/** Milliseconds of a duration. */
export function durationOf(
  { params }: { readonly params: Readonly<Record<string, ParamValue>> },
  name: string,
): number {
  const value = params[name]
  return value?.type === 'duration' ? value.value : 0
}

/**
 * SELECT of one row per listing with a GTIN: `rid, article, outcome, started` (when the other article was last seen with it),
 * `before` (its key), `before_brand`.
 *
 * @param merges - SQL over `o` (then) and `n` (now): both are one article by the crosswalk.
 */
export function reusedGtinSql(input: CompileInput, merges: string): string {
  const { rule } = input
  const tolerance = decimalParam(input, 'content_tol', '0')
  const brand = (alias: string): string => `nullif(lower(trim(${alias}.brand)), '')`
  const differs = `(${brand('o')} <> ${brand('n')} OR abs(n.pack - o.pack) > ${tolerance} * o.pack)`
  const same = `(${brand('o')} = ${brand('n')} AND coalesce(abs(n.pack - o.pack) <= ${tolerance} * o.pack, o.pack IS NULL AND n.pack IS NULL, FALSE))`
  return `WITH audited AS (SELECT DISTINCT ch FROM ledger_source),
    old AS (SELECT channel, item, gtin14, arg_max(brand, since) AS brand, arg_max(pack, since) AS pack, epoch_ms(max(coalesce(until, since))) AS last
      FROM ledger_listing WHERE gtin14 IS NOT NULL AND NOT gone GROUP BY channel, item, gtin14),
    met AS (SELECT n.rid, max(CASE WHEN ${merges} THEN 0 WHEN ${same} THEN 0 WHEN ${differs} THEN 2 ELSE 1 END) AS grade,
        max(o.last) FILTER (WHERE ${differs}) AS started, arg_max(o.item, o.last) FILTER (WHERE ${differs}) AS before,
        arg_max(o.brand, o.last) FILTER (WHERE ${differs}) AS brand
      FROM history_now n JOIN old o ON o.channel = n.channel AND o.gtin14 = n.gtin14 AND o.item <> n.item
      WHERE NOT EXISTS (SELECT 1 FROM history_now m WHERE m.channel = o.channel AND m.item = o.item AND m.gtin14 = o.gtin14)
      GROUP BY n.rid)
    SELECT n.rid, n.article, m.started, m.before, m.brand AS before_brand, CASE
      WHEN a.ch IS NULL THEN ${unknown('history')}
      WHEN m.grade IS NULL OR m.grade = 0 THEN ${PASS}
      WHEN m.grade = 1 THEN ${unknown('no_input')}
      ELSE ${rule.codes[0] === undefined ? failCode(rule, '') : failCode(rule, rule.codes[0].code)} END AS outcome
    FROM history_now n LEFT JOIN met m ON m.rid = n.rid LEFT JOIN audited a ON a.ch = n.ch WHERE n.gtin14 IS NOT NULL`
}

/** A field whose way from the authority to the channels is watched. */
export interface Watched {
  readonly code: 'price' | 'stock'
  readonly domain: 'price' | 'stock'
  /** Column of the ledger. */
  readonly column: 'regular' | 'available'
  readonly field: 'price.regular' | 'stock.available'
  readonly sla: string
}

export const WATCHED: readonly Watched[] = [
  { code: 'price', domain: 'price', column: 'regular', field: 'price.regular', sla: 'sla_price' },
  { code: 'stock', domain: 'stock', column: 'available', field: 'stock.available', sla: 'sla_stock' },
]

/**
 * SELECT of one row per listing beside the authority's: `rid, article, outcome, expected, started` (when the authority was first
 * seen with its present value), `late` (milliseconds since then, by what the channel's data say).
 *
 * @returns Null without an authority.
 */
export function lagSql(input: CompileInput, watched: Watched): string | null {
  const { world, rule } = input
  const authority = world.authority(watched.domain)
  if (authority === null) return null
  const { column, domain } = watched
  const sla = durationOf(input, watched.sla)
  const bound = domain === 'price' ? world.priced : world.sharesStock
  return `WITH master AS (SELECT article, market, channel, item, ${column} AS value, epoch_ms(since) AS ms FROM history_now
      WHERE ${authority} AND ${column} IS NOT NULL QUALIFY count(*) OVER (PARTITION BY article, market) = 1),
    past AS (SELECT m.article, m.market, l.${column} AS value, epoch_ms(l.since) AS ms, 0 AS own
        FROM ledger_${domain} l JOIN master m ON m.channel = l.channel AND m.item = l.item WHERE NOT l.gone
      UNION ALL SELECT article, market, value, ms, 1 FROM master),
    step AS (SELECT *, lag(value) OVER w AS before, lag(ms) OVER w AS before_ms FROM past
      WINDOW w AS (PARTITION BY article, market ORDER BY ms, own) QUALIFY value IS DISTINCT FROM lag(value) OVER w),
    last AS (SELECT article, market, arg_max(value, ms) AS value, max(ms) AS ms, arg_max(before, ms) AS before, arg_max(before_ms, ms) AS before_ms
      FROM step GROUP BY article, market),
    audited AS (SELECT DISTINCT ch FROM ledger_source)
    SELECT n.rid, n.article, l.value AS expected, l.ms AS started, epoch_ms(n.since) - l.ms AS late, CASE
      WHEN l.before_ms IS NULL THEN CASE WHEN (SELECT count(*) FROM audited) = 0 THEN ${unknown('history')} ELSE ${NOT_APPLICABLE} END
      WHEN n.${column} = l.value THEN ${PASS}
      WHEN n.${column} IS DISTINCT FROM l.before THEN ${NOT_APPLICABLE}
      WHEN epoch_ms(n.since) - l.ms > ${sla} THEN ${failCode(rule, watched.code)}
      ELSE ${PASS} END AS outcome
    FROM history_now n JOIN last l ON l.article = n.article AND l.market = n.market
    WHERE NOT (${authority}) AND n.${column} IS NOT NULL AND (${bound})`
}

/**
 * SELECT of one row per channel beside the authority: `ch, edits, audits, outcome`. An edit is a price that the authority never
 * had for the article, up to that moment.
 *
 * @returns Null without an authority.
 */
export function writersSql(input: CompileInput): string | null {
  const { world, rule } = input
  const authority = world.authority('price')
  if (authority === null) return null
  const start = `epoch_ms(TIMESTAMP ${literal(world.asOf.replace('T', ' ').replace('Z', ''))}) - ${durationOf(input, 'window')}`
  const [code] = rule.codes
  return `WITH listed AS (SELECT DISTINCT article, market, channel, item, ch, (${authority}) AS master FROM history_now WHERE regular IS NOT NULL),
    master AS (SELECT DISTINCT m.article, m.market, round(p.regular, 2) AS value, epoch_ms(p.since) AS ms
      FROM listed m JOIN ledger_price p ON p.channel = m.channel AND p.item = m.item WHERE m.master AND NOT p.gone
      UNION SELECT article, market, round(regular, 2), epoch_ms(since) FROM history_now WHERE ${authority} AND regular IS NOT NULL),
    own AS (SELECT c.article, c.market, c.ch, c.channel, c.item, p.regular AS value, epoch_ms(p.since) AS ms, 0 AS now
        FROM listed c JOIN ledger_price p ON p.channel = c.channel AND p.item = c.item WHERE NOT c.master AND NOT p.gone
      UNION ALL SELECT article, market, ch, channel, item, regular, epoch_ms(since), 1 FROM history_now WHERE NOT (${authority}) AND regular IS NOT NULL),
    moved AS (SELECT * FROM own QUALIFY value <> lag(value) OVER (PARTITION BY channel, item ORDER BY ms, now)),
    edit AS (SELECT ch, count(*) AS n FROM moved v WHERE ms >= ${start}
        AND EXISTS (SELECT 1 FROM master m WHERE m.article = v.article AND m.market = v.market)
        AND NOT EXISTS (SELECT 1 FROM master m WHERE m.article = v.article AND m.market = v.market AND m.value = round(v.value, 2) AND m.ms <= v.ms)
      GROUP BY ch),
    audits AS (SELECT ch, count(DISTINCT as_of) + 1 AS n FROM ledger_source WHERE prices AND since IS NULL AND epoch_ms(as_of) >= ${start} GROUP BY ch)
    SELECT l.ch, coalesce(e.n, 0) AS edits, CASE
      WHEN coalesce(a.n, 1) < 3 THEN ${unknown('history')}
      WHEN coalesce(e.n, 0) >= ${decimalParam(input, 'min_events', '5')} THEN ${failCode(rule, code?.code ?? '')}
      ELSE ${PASS} END AS outcome
    FROM (SELECT DISTINCT ch FROM listed WHERE NOT master AND (${world.priced})) l LEFT JOIN edit e ON e.ch = l.ch LEFT JOIN audits a ON a.ch = l.ch`
}
