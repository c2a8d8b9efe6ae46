/** What `omniparity history` says: `--format json` prints these. Keys are public API. */
import type { Severity } from './config.ts'
import type { Totals } from './report.ts'

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
  readonly resolved: readonly HistoryFinding[]
}
