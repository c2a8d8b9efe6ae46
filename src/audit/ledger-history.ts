/** Reads what became of findings from audit to audit. */
import type { Engine, SqlRow } from '../engine/engine.ts'
import {
  HISTORY_DIFF_FORMAT,
  HISTORY_FORMAT,
  type History,
  type HistoryAudit,
  type HistoryDiff,
  type HistoryFinding,
  type HistoryRule,
  type HistoryTrend,
} from '../model/history.ts'
import type { LedgerEntry } from './ledger-folder.ts'

export function auditOf({ seq, id, kind, as_of, partial, totals, opened, resolved }: LedgerEntry): HistoryAudit {
  return { number: seq, id, kind, as_of, partial, totals, opened, resolved }
}

/** @param last - How many audits the trend goes back. */
export async function readHistory(engine: Engine, entries: readonly LedgerEntry[], last: number): Promise<History> {
  const recent = entries.filter(({ kind }) => kind === 'audit').slice(-last)
  return {
    format: HISTORY_FORMAT,
    audits: entries.map(auditOf),
    trend: trendOf(recent),
    rules: await readRules(engine),
  }
}

function trendOf(audits: readonly LedgerEntry[]): readonly HistoryTrend[] {
  const keys = new Map<string, { rule: string; channel: string | null }>()
  for (const { counts } of audits) {
    for (const { rule, channel } of counts) keys.set(JSON.stringify([rule, channel ?? '']), { rule, channel })
  }
  return [...keys]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { rule, channel }]) => ({
      rule,
      channel,
      findings: audits.map(({ counts, rules }) => {
        const own = counts.filter((one) => one.rule === rule && one.channel === channel)
        if (own.length === 0 && !rules.includes(rule)) return null
        return own.reduce((sum, { findings }) => sum + findings, 0)
      }),
    }))
}

/** One row per time that a finding was there: from `opened_at` on, to `resolved_at` where it is gone. */
const SPELLS = `SELECT * FROM (SELECT id, rule, seq, event, as_of AS opened_at,
    lead(as_of) OVER (PARTITION BY id ORDER BY seq) AS resolved_at
  FROM ledger_finding WHERE event IN ('opened', 'resolved')) WHERE event = 'opened'`

async function readRules(engine: Engine): Promise<readonly HistoryRule[]> {
  const rows = await engine.rows<SqlRow & { rule: string; open: number; resolved: number; oldest: string | null }>(
    `SELECT s.rule, count(*) FILTER (resolved_at IS NULL) AS open, count(*) FILTER (resolved_at IS NOT NULL) AS resolved,
       min(opened_at) FILTER (resolved_at IS NULL) AS oldest,
       median(epoch(resolved_at) - epoch(opened_at)) FILTER (resolved_at IS NOT NULL) AS seconds
     FROM (${SPELLS}) s GROUP BY s.rule ORDER BY s.rule`,
  )
  return rows.map(({ rule, open, resolved, oldest, seconds }) => ({
    rule,
    open: Number(open),
    resolved: Number(resolved),
    oldest,
    hours_to_resolve: hours(seconds),
  }))
}

/** When the findings that the last audit of the ledger found were first found. */
export async function readFirstSeen(engine: Engine): Promise<ReadonlyMap<string, string>> {
  const rows = await engine.rows<{ id: string; first: string }>(
    `SELECT id, min(as_of) FILTER (event = 'opened') AS first FROM ledger_finding GROUP BY id
     HAVING arg_max(event, seq) <> 'resolved' AND count(*) FILTER (event = 'opened') > 0`,
  )
  return new Map(rows.map(({ id, first }) => [id, String(first)]))
}

function hours(seconds: unknown): number | null {
  return seconds === null || seconds === undefined ? null : Math.round((Number(seconds) / 3600) * 10) / 10
}

interface DiffRow extends SqlRow, Omit<HistoryFinding, 'hours_to_resolve'> {
  readonly kind: 'new' | 'reopened' | 'worse' | 'quieted' | 'resolved' | 'unchanged'
}

const BY_SEVERITY = `CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END`
const DIFF_ORDER = `${BY_SEVERITY}, rule, market NULLS FIRST, item NULLS FIRST, code NULLS FIRST, id`

/** What is open in one audit and not in the other. Explained and suppressed findings are no news in either direction. */
export async function readDiff(engine: Engine, from: LedgerEntry, to: LedgerEntry): Promise<HistoryDiff> {
  const at = (seq: number): string =>
    `SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY seq DESC) AS n FROM ledger_finding WHERE seq <= ${seq})
     WHERE n = 1 AND event <> 'resolved'`
  const open = "WHERE NOT explained AND status <> 'suppressed'"
  const rank = (alias: string): string => `CASE ${alias}.severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END`
  await engine.run(
    `CREATE OR REPLACE TABLE ledger_diff AS WITH there AS (${at(to.seq)}), a AS (SELECT * FROM (${at(from.seq)}) ${open}), b AS (SELECT * FROM there ${open}),
       first AS (SELECT id, min(as_of) AS first_seen, min(seq) AS first_seq FROM ledger_finding WHERE event = 'opened' GROUP BY id),
       opening AS (SELECT id, max(as_of) AS opened_at FROM ledger_finding WHERE event = 'opened' AND seq <= ${to.seq} GROUP BY id),
       closing AS (SELECT id, max(as_of) AS resolved_at FROM ledger_finding WHERE event = 'resolved' AND seq <= ${to.seq} GROUP BY id),
       joined AS (SELECT coalesce(b.id, a.id) AS id, coalesce(b.rule, a.rule) AS rule, coalesce(b.code, a.code) AS code,
         coalesce(b.severity, a.severity) AS severity, coalesce(b.market, a.market) AS market, coalesce(b.owner, a.owner) AS owner,
         coalesce(b.item, a.item) AS item, a.severity AS was, a.id IS NULL AS added, b.id IS NULL AS gone,
         ${rank('b')} < ${rank('a')} OR (b.status = 'worse' AND a.status <> 'worse') AS worse FROM b FULL JOIN a ON a.id = b.id)
     SELECT t.id, t.rule, t.code, t.severity, t.market, t.owner, t.item, f.first_seen, o.opened_at, t.was,
       CASE WHEN t.gone AND q.id IS NULL THEN c.resolved_at END AS resolved_at,
       CASE WHEN t.gone AND q.id IS NOT NULL THEN 'quieted' WHEN t.gone THEN 'resolved' WHEN t.added AND f.first_seq <= ${from.seq} THEN 'reopened'
         WHEN t.added THEN 'new' WHEN t.worse THEN 'worse' ELSE 'unchanged' END AS kind
     FROM joined t JOIN first f ON f.id = t.id LEFT JOIN opening o ON o.id = t.id LEFT JOIN closing c ON c.id = t.id LEFT JOIN there q ON q.id = t.id`,
  )
  const rows = await engine.rows<DiffRow>(`SELECT * FROM ledger_diff WHERE kind <> 'unchanged' ORDER BY ${DIFF_ORDER}`)
  const [count] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ledger_diff WHERE kind = 'unchanged'`)
  const of = (kind: DiffRow['kind']): readonly HistoryFinding[] =>
    rows.filter((row) => row.kind === kind).map(historyFinding)
  return {
    format: HISTORY_DIFF_FORMAT,
    from: auditOf(from),
    to: auditOf(to),
    new: of('new'),
    reopened: of('reopened'),
    worse: of('worse'),
    quieted: of('quieted'),
    resolved: of('resolved'),
    unchanged: Number(count?.n ?? 0),
  }
}

/** After {@link readDiff}: what is open in both audits, and no worse. */
export async function readUnchanged(engine: Engine): Promise<readonly HistoryFinding[]> {
  const rows = await engine.rows<DiffRow>(`SELECT * FROM ledger_diff WHERE kind = 'unchanged' ORDER BY ${DIFF_ORDER}`)
  return rows.map(historyFinding)
}

function historyFinding({ kind: _, ...row }: DiffRow): HistoryFinding {
  return { ...row, hours_to_resolve: spell(row) }
}

function spell({
  opened_at: opened,
  resolved_at: resolved,
}: Pick<DiffRow, 'opened_at' | 'resolved_at'>): number | null {
  return resolved === null ? null : hours((Date.parse(resolved) - Date.parse(opened)) / 1000)
}
