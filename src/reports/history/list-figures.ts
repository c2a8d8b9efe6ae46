/** What the page of audits draws: figures of whole audits, by severity, domain and channel. */
import type { Severity } from '../../model/config.ts'
import type { HistoryAudit, HistoryView } from '../../model/history.ts'

export type Totals = Readonly<Record<Severity, number>>

export interface Figures {
  readonly audit: HistoryAudit
  readonly totals: Totals
}

export interface NamedSeries {
  /** Null: findings that no channel answers for. */
  readonly name: string | null
  readonly figures: readonly Figures[]
  readonly last: number
}

const NONE: Totals = { error: 0, warning: 0, info: 0 }
/** Audits of a chart: more of them have no width of their own. */
const MOST_AUDITS = 365
const MOST_AUDITS_SMALL = 120

/** Audits that looked at the whole project: the others would look like a relief. */
export function isWhole({ kind, partial, totals }: HistoryAudit): boolean {
  return kind === 'audit' && !partial && totals !== null
}

export function severitySeries({ history }: HistoryView): readonly Figures[] {
  const whole = history.audits.filter(isWhole).slice(-MOST_AUDITS)
  return whole.map((audit) => ({ audit, totals: audit.totals ?? NONE }))
}

/** By what `keyOf` says of a finding; those with most findings first. */
export function seriesBy(
  { history, series }: HistoryView,
  keyOf: (one: { readonly rule: string; readonly channel: string | null }) => string | null,
): readonly NamedSeries[] {
  const whole = history.audits.flatMap((audit, at) => (isWhole(audit) ? [{ audit, at }] : [])).slice(-MOST_AUDITS_SMALL)
  const found = new Map<string | null, Map<number, Record<Severity, number>>>()
  for (const { at } of whole) {
    for (const one of series[at]?.counts ?? []) {
      const key = keyOf(one)
      const own = found.get(key) ?? new Map<number, Record<Severity, number>>()
      const sums = own.get(at) ?? { ...NONE }
      if (isSeverity(one.severity)) sums[one.severity] += one.findings
      found.set(key, own.set(at, sums))
    }
  }
  const named = [...found].map(([name, own]): NamedSeries => {
    const figures = whole.map(({ audit, at }) => ({ audit, totals: own.get(at) ?? NONE }))
    return { name, figures, last: sumOf(figures.at(-1)?.totals ?? NONE) }
  })
  const peak = ({ figures }: NamedSeries): number => Math.max(0, ...figures.map(({ totals }) => sumOf(totals)))
  return named.sort((a, b) => b.last - a.last || peak(b) - peak(a) || (String(a.name) < String(b.name) ? -1 : 1))
}

export function sumOf({ error, warning, info }: Totals): number {
  return error + warning + info
}

function isSeverity(text: string): text is Severity {
  return text === 'error' || text === 'warning' || text === 'info'
}

export interface AuditRow {
  readonly audit: HistoryAudit
  /** The whole audit before it, which its figures are compared with; null where that means nothing. */
  readonly before: HistoryAudit | null
}

/** Every audit with the one that it is compared with, the newest first. */
export function auditRows({ history }: HistoryView): readonly AuditRow[] {
  let before: HistoryAudit | null = null
  const rows: AuditRow[] = []
  for (const audit of history.audits) {
    rows.push({ audit, before: isWhole(audit) ? before : null })
    if (isWhole(audit)) before = audit
  }
  return rows.reverse()
}
