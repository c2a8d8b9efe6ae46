/** What prices were, as rules about earlier prices read it: from a pack that has what they can still depend on, and what came since. */
import { type Engine, literal } from '../engine/engine.ts'
import { KEPT_WINDOW } from '../rules/checks/prior-price.ts'
import { BIT, filesSql, knownBefore, packOf, timestamp } from './ledger-files.ts'
import type { LedgerEntry, LedgerPack } from './ledger-folder.ts'

export const PRICES = 'prices'
/** Files that speak of an earlier moment than their audit are taken in up to this age. */
const LATE = 15 * 86_400_000

/** Hashes are those of a version of the engine. */
export async function pricesForm(engine: Engine): Promise<string> {
  const [row] = await engine.rows<{ v: string }>('SELECT version() AS v')
  return (row?.v ?? 'unknown').replace(/[^\w.]/g, '')
}

/** Up to when prices are settled: what comes later may still come between them. */
export function horizonOf(entries: readonly LedgerEntry[]): number {
  const audits = entries.filter(({ kind }) => kind === 'audit').map(({ as_of }) => Date.parse(as_of))
  return Math.max(0, ...audits) - LATE
}

/** What prices were, row by row, in the shape of {@link createPaidViews}. */
function paidSql(changes: string): string {
  return `SELECT hash(channel, item) AS k, epoch_ms(since) AS ms, effective, announced, has & ${BIT.gone} <> 0 AS gone,
    CASE WHEN currency IS NOT NULL THEN hash(currency) END AS currency, seq FROM (${changes}) WHERE has & ${BIT.price | BIT.gone} <> 0`
}

/**
 * Creates the views `ledger_paid_all` and `ledger_paid`: `k` (hash of channel and article), `ms` (since when), `effective`,
 * `announced`, `gone`, `currency` (a hash), `seq`. The second one has of each article only what an earlier price can depend on whose
 * window is no longer than {@link KEPT_WINDOW}.
 */
export async function createPaidViews(engine: Engine, entries: readonly LedgerEntry[], asOf: string): Promise<void> {
  const before = knownBefore(entries, asOf)
  const { sql } = await paidSource(engine, entries, before, await pricesForm(engine))
  const until = `ms <= epoch_ms(${timestamp(asOf)})`
  await engine.run(
    `CREATE VIEW ledger_paid_all AS SELECT * FROM (${paidSql(filesSql('change', before))}) WHERE ${until}`,
  )
  await engine.run(`CREATE VIEW ledger_paid AS SELECT * FROM (${sql}) WHERE ${until}`)
}

/** The pack and what came after it, where that is all there is to know; else everything. */
export async function paidSource(
  engine: Engine,
  all: readonly LedgerEntry[],
  before: readonly LedgerEntry[],
  form: string,
): Promise<{ readonly sql: string; readonly pack: LedgerPack | null }> {
  const whole = { sql: paidSql(filesSql('change', before)), pack: null }
  const pack = packOf(PRICES, all, form)
  if (pack === null) return whole
  const settled = before.filter(({ seq }) => seq <= pack.last)
  const later = before.filter(({ seq }) => seq > pack.last)
  if (settled.length < pack.entries || later.some(({ kind }) => kind === 'import')) return whole
  const changes = paidSql(filesSql('change', later))
  const [first] = await engine.rows<{ ms: number | null }>(`SELECT min(ms)::DOUBLE AS ms FROM (${changes})`)
  if (first?.ms !== null && first?.ms !== undefined && first.ms < horizonOf(settled)) return whole
  return { sql: `SELECT * FROM read_parquet(${literal(pack.path)}) UNION ALL ${changes}`, pack }
}

/**
 * Of each article the rows that a later reduction can ask for: those in force from the window before the horizon on, of a
 * reduction that runs then those from the window before its beginning on, and the first one, which says when it came.
 */
export function prunedSql(source: string, horizon: number): string {
  const isOpen = `coalesce(arg_max(announced, (ms, seq)) FILTER (ms <= ${horizon}), FALSE)`
  return `WITH walk AS (SELECT *, lead(ms) OVER (PARTITION BY k ORDER BY ms, seq) AS until_ms FROM (${source})),
    listed AS (SELECT *, lag(effective) OVER w AS before, lag(announced) OVER w AS was_announced
      FROM walk WHERE NOT gone WINDOW w AS (PARTITION BY k ORDER BY ms, seq)),
    step AS (SELECT *, (announced IS DISTINCT FROM was_announced OR effective IS DISTINCT FROM before)
        AND NOT coalesce(was_announced AND before > effective, FALSE) AS begins FROM listed),
    need AS (SELECT k, min(ms) AS first_seen,
        CASE WHEN ${isOpen} THEN least(max(ms) FILTER (begins AND ms <= ${horizon}), ${horizon}) ELSE ${horizon} END - ${KEPT_WINDOW} AS base FROM step GROUP BY k)
    SELECT w.k, ms, effective, announced, gone, currency, seq FROM walk w JOIN need n ON n.k = w.k
    WHERE until_ms IS NULL OR until_ms > base OR ms = first_seen ORDER BY w.k, ms, seq`
}
