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
 * SELECT of listings with a GTIN, `times` of them in a row without `rid`: `rid, article, outcome, times, started` (when the other article was last seen with it),
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
  const failed = rule.codes[0] === undefined ? failCode(rule, '') : failCode(rule, rule.codes[0].code)
  // Nearly every listing has the number that it had before: what is left is looked at one by one.
  return `WITH audited AS (SELECT ch, epoch_ms(max(as_of)) AS last FROM ledger_source GROUP BY ch),
    cand AS (SELECT rid, article, ch, channel, item, gtin14, brand, pack FROM history_now WHERE gtin14 IS NOT NULL
      AND hash(channel, item, gtin14) NOT IN (SELECT hash(channel, item, gtin14) FROM ledger_change WHERE has & 4 <> 0 AND gtin14 IS NOT NULL)),
    former AS (SELECT DISTINCT channel, item FROM ledger_change WHERE gtin14 IN (SELECT gtin14 FROM cand)),
    spell AS (SELECT *, lead(since) OVER (PARTITION BY channel, item ORDER BY since, seq) AS until FROM ledger_change
      WHERE has & 12 <> 0 AND (channel, item) IN (SELECT (channel, item) FROM former)),
    old AS (SELECT s.channel, s.item, s.gtin14, arg_max(s.brand, s.since) AS brand, arg_max(s.pack, s.since) AS pack,
        max(coalesce(epoch_ms(s.until), a.last)) AS last
      FROM spell s LEFT JOIN audited a ON a.ch = s.ch WHERE s.gtin14 IS NOT NULL GROUP BY s.channel, s.item, s.gtin14),
    still AS (SELECT channel, item, gtin14 FROM history_now WHERE gtin14 IN (SELECT gtin14 FROM cand)),
    met AS (SELECT n.rid, max(CASE WHEN ${merges} THEN 0 WHEN ${same} THEN 0 WHEN ${differs} THEN 2 ELSE 1 END) AS grade,
        max(o.last) FILTER (WHERE ${differs}) AS started, arg_max(o.item, o.last) FILTER (WHERE ${differs}) AS before,
        arg_max(o.brand, o.last) FILTER (WHERE ${differs}) AS brand
      FROM cand n JOIN old o ON o.channel = n.channel AND o.gtin14 = n.gtin14 AND o.item <> n.item
      WHERE NOT EXISTS (SELECT 1 FROM still m WHERE m.channel = o.channel AND m.item = o.item AND m.gtin14 = o.gtin14)
      GROUP BY n.rid)
    SELECT n.rid, n.article, m.started, m.before, m.brand AS before_brand, CASE m.grade WHEN 1 THEN ${unknown('no_input')} ELSE ${failed} END AS outcome, 1 AS times
      FROM cand n JOIN met m ON m.rid = n.rid WHERE m.grade > 0
    UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, CASE WHEN a.ch IS NULL THEN ${unknown('history')} ELSE ${PASS} END,
        count(*) - (SELECT count(*) FROM cand c JOIN met m ON m.rid = c.rid WHERE m.grade > 0 AND c.ch = n.ch)
      FROM history_now n LEFT JOIN audited a ON a.ch = n.ch WHERE n.gtin14 IS NOT NULL GROUP BY n.ch, a.ch`
}

/** As {@link reusedGtinSql} where nothing earlier is known. */
export function unknownGtinSql(): string {
  return `SELECT NULL AS rid, NULL AS article, ${unknown('history')} AS outcome, count(*) AS times FROM history_now WHERE gtin14 IS NOT NULL`
}

/** Bits of the ledger's `has`. */
const BITS = { price: 1, stock: 2 } as const

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
 * SELECT of one row per listing that differs from the authority's: `rid, article, outcome, times, expected, started` (when the authority was first
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
  // What says the same as the authority is in time; only what differs is looked up.
  return `WITH told AS (SELECT rid, article, market, channel, item, ${column} AS value, epoch_ms(told) AS ms, coalesce(${authority}, FALSE) AS master,
        coalesce(${bound}, FALSE) AS bound FROM history_open WHERE ${column} IS NOT NULL),
    one AS (SELECT * FROM told WHERE master QUALIFY count(*) OVER (PARTITION BY article, market) = 1),
    differs AS (SELECT n.rid, n.article, n.market, n.value, n.ms, m.channel, m.item, m.value AS expected, m.ms AS master_ms
      FROM told n JOIN one m ON m.article = n.article AND m.market = n.market AND m.value <> n.value WHERE NOT n.master AND n.bound),
    master AS (SELECT DISTINCT article, market, channel, item, expected, master_ms FROM differs),
    past AS (SELECT m.article, m.market, l.${column} AS value, epoch_ms(l.since) AS ms, 0 AS own
        FROM ledger_change l JOIN master m ON m.channel = l.channel AND m.item = l.item WHERE l.has & ${BITS[domain]} <> 0
      UNION ALL SELECT article, market, expected, master_ms, 1 FROM master),
    step AS (SELECT *, lag(value) OVER w AS before, lag(ms) OVER w AS before_ms FROM past
      WINDOW w AS (PARTITION BY article, market ORDER BY ms, own) QUALIFY value IS DISTINCT FROM lag(value) OVER w),
    last AS (SELECT article, market, max(ms) AS ms, arg_max(before, ms) AS before, arg_max(before_ms, ms) AS before_ms FROM step GROUP BY article, market)
    SELECT d.rid, d.article, d.expected, l.ms AS started, d.ms - l.ms AS late, CASE
      WHEN l.before_ms IS NULL THEN CASE WHEN (SELECT count(*) FROM ledger_source) = 0 THEN ${unknown('history')} ELSE ${NOT_APPLICABLE} END
      WHEN d.value IS DISTINCT FROM l.before THEN ${NOT_APPLICABLE}
      WHEN d.ms - l.ms > ${sla} THEN ${failCode(rule, watched.code)}
      ELSE ${PASS} END AS outcome, 1 AS times
    FROM differs d JOIN last l ON l.article = d.article AND l.market = d.market`
}

/**
 * SELECT of one row per channel beside the authority: `ch, edits, outcome`. An edit is a price that the authority never had for
 * the article, up to that moment; one that this audit sees first counts from the next one on.
 *
 * @returns Null without an authority.
 */
export function writersSql(input: CompileInput): string | null {
  const { world, rule } = input
  const authority = world.authority('price')
  if (authority === null) return null
  const start = `epoch_ms(TIMESTAMP ${literal(world.asOf.replace('T', ' ').replace('Z', ''))}) - ${durationOf(input, 'window')}`
  const [code] = rule.codes
  // The first price of a channel is no edit: after the first audit nothing is left to be looked at.
  return `WITH began AS (SELECT ch, min(coalesce(since, as_of)) AS at FROM ledger_source GROUP BY ch),
    past AS (SELECT hash(channel, item) AS k, round(regular, 2) AS value, regular, epoch_ms(since) AS ms, seq FROM ledger_change WHERE has & 1 <> 0),
    touched AS (SELECT DISTINCT hash(c.channel, c.item) AS k FROM ledger_change c JOIN began b ON b.ch = c.ch
      WHERE c.has & 1 <> 0 AND c.since >= epoch_ms(${start}) AND c.since > b.at),
    listed AS (SELECT DISTINCT article, market, hash(channel, item) AS k, ch FROM history_now
      WHERE regular IS NOT NULL AND NOT coalesce(${authority}, FALSE) AND hash(channel, item) IN (SELECT k FROM touched)),
    owner AS (SELECT DISTINCT article, market, hash(channel, item) AS k, round(regular, 2) AS value, epoch_ms(since) AS ms FROM history_now
      WHERE ${authority} AND regular IS NOT NULL AND article IN (SELECT article FROM listed)),
    master AS (SELECT m.article, m.market, p.value, min(p.ms) AS ms
      FROM (SELECT k, value, ms FROM past UNION ALL SELECT k, value, ms FROM owner) p JOIN (SELECT DISTINCT article, market, k FROM owner) m ON m.k = p.k GROUP BY ALL),
    known AS (SELECT DISTINCT article, market FROM owner),
    moved AS (SELECT * FROM (SELECT k, value, ms, regular <> lag(regular) OVER (PARTITION BY k ORDER BY ms, seq) AS is_new FROM past WHERE k IN (SELECT k FROM listed))
      WHERE is_new AND ms >= ${start}),
    edit AS (SELECT c.ch, count(*) AS n FROM moved v JOIN listed c ON c.k = v.k JOIN known o ON o.article = c.article AND o.market = c.market
        LEFT JOIN master m ON m.article = c.article AND m.market = c.market AND m.value = v.value
      WHERE m.ms IS NULL OR m.ms > v.ms GROUP BY c.ch),
    audits AS (SELECT ch, count(DISTINCT as_of) + 1 AS n FROM ledger_source WHERE prices AND since IS NULL AND epoch_ms(as_of) >= ${start} GROUP BY ch)
    SELECT l.ch, coalesce(e.n, 0) AS edits, CASE
      WHEN coalesce(a.n, 1) < 3 THEN ${unknown('history')}
      WHEN coalesce(e.n, 0) >= ${decimalParam(input, 'min_events', '5')} THEN ${failCode(rule, code?.code ?? '')}
      ELSE ${PASS} END AS outcome
    FROM (SELECT DISTINCT ch, FALSE AS x FROM channel WHERE NOT coalesce(${authority}, FALSE) AND (${world.priced})) l
    LEFT JOIN edit e ON e.ch = l.ch LEFT JOIN audits a ON a.ch = l.ch`
}
