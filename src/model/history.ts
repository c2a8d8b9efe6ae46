/** What `omniparity history` says: `--format json` prints these. Keys are public API. */
import type { Locale, Severity } from './config.ts'
import type { Cause, Finding, ReportHead, Side, Totals } from './report.ts'

export const HISTORY_FORMAT = 'omniparity-history/1'
export const HISTORY_DIFF_FORMAT = 'omniparity-history-diff/1'

export interface HistoryAudit {
  /** Position in the ledger, from 1. */
  readonly number: number
  readonly id: string
  /** `import`: earlier prices; `replay`: an audit as of a moment before another one, which observed nothing. */
  readonly kind: 'audit' | 'import' | 'replay'
  readonly as_of: string
  /** Not the whole project was audited. */
  readonly partial: boolean
  readonly totals: Totals | null
  readonly opened: number
  readonly resolved: number
}

export interface HistoryTrend {
  readonly rule: string
  readonly channel: string | null
  /** Root findings that are news, by audit in the order of `audits`; null where the rule was not judged. */
  readonly findings: readonly (number | null)[]
}

export interface HistoryRule {
  readonly rule: string
  readonly open: number
  readonly resolved: number
  /** When the oldest finding that is still open was first seen; null for none. */
  readonly oldest: string | null
  /** Median time from being seen to being resolved; null where nothing was. */
  readonly hours_to_resolve: number | null
}

export interface History {
  readonly format: typeof HISTORY_FORMAT
  readonly audits: readonly HistoryAudit[]
  readonly trend: readonly HistoryTrend[]
  readonly rules: readonly HistoryRule[]
}

export interface HistoryFinding {
  readonly id: string
  readonly rule: string
  readonly code: string | null
  readonly severity: Severity
  readonly market: string | null
  readonly owner: string | null
  readonly item: string | null
  readonly first_seen: string
  /** When it was last found after not being there. */
  readonly opened_at: string
  readonly resolved_at: string | null
  readonly hours_to_resolve: number | null
  /** Severity in the first audit, where it was open there. */
  readonly was: Severity | null
}

export interface HistoryDiff {
  readonly format: typeof HISTORY_DIFF_FORMAT
  readonly from: HistoryAudit
  readonly to: HistoryAudit
  readonly new: readonly HistoryFinding[]
  readonly reopened: readonly HistoryFinding[]
  readonly worse: readonly HistoryFinding[]
  /** Still there and no longer counted: a cause or another finding explains them, or somebody suppresses them. */
  readonly quieted: readonly HistoryFinding[]
  readonly resolved: readonly HistoryFinding[]
  /** How many are open in both audits, and no worse. */
  readonly unchanged: number
}

/** `changed`: as grave as it was, with other values. */
export const FINDING_CHANGES = ['new', 'reopened', 'worse', 'changed', 'unchanged', 'quieted', 'resolved'] as const
export type FindingChange = (typeof FINDING_CHANGES)[number]

/** The audits so far as the formats see them. */
export interface HistoryView {
  readonly tool: ReportHead['tool']
  readonly project: string
  readonly history: History
  /** What each of the audits found, in the order of `history.audits`. */
  readonly series: readonly { readonly counts: readonly HistoryCount[] }[]
}

/** Root findings of one audit that are news. */
export interface HistoryCount {
  readonly rule: string
  readonly severity: string
  readonly channel: string | null
  readonly findings: number
}

/** A finding of one or both of two audits. */
export interface ComparedFinding {
  readonly change: FindingChange
  readonly seen: HistoryFinding
  /** As the newer audit tells it, as the older one does where it is gone; without sides where neither report is kept. */
  readonly finding: Finding
  /** What its sides said in the older audit; null where it was not open there, or that report is not kept. */
  readonly before: readonly Side[] | null
}

export interface ComparedCause {
  readonly change: 'new' | 'unchanged' | 'resolved'
  readonly cause: Cause
}

/** What decides the exit status of a comparison. */
export interface DiffGate {
  readonly status: 0 | 1
  readonly failOn: Severity | 'never'
  /** What is new, open again or worse, at or above the threshold. */
  readonly news: number
}

/** Two audits side by side as the formats see them. */
export interface Comparison {
  readonly tool: ReportHead['tool']
  readonly project: string
  /** The language of the messages. */
  readonly locale: Locale
  readonly diff: HistoryDiff
  readonly gate: DiffGate
  /** Null where the report of the audit is not kept: then nothing is known of values, places and causes. */
  readonly heads: { readonly from: ReportHead | null; readonly to: ReportHead | null }
  /** Rules that the newer audit judged, and those that only the older one did. */
  readonly rules: { readonly judged: readonly string[]; readonly dropped: readonly string[] }
  /** Null where one of the reports is not kept. */
  readonly causes: readonly ComparedCause[] | null
  /** Those of the kinds that are wanted, the gravest first, and behind them what is gone. */
  readonly findings: (wanted: readonly FindingChange[]) => AsyncIterable<ComparedFinding>
}
