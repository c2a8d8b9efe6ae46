/** `omniparity-run/1`: what a run of `apply` did. Keys are public API. */
import type { Severity } from './config.ts'
import type { Entity, FieldName } from './field.ts'
import type { Change, ChangeTarget } from './plan.ts'

export const RUN_FORMAT = 'omniparity-run/1'

/**
 * What became of a change. `written`; `already`: it was as planned before the run came to it; `moved`: the channel has another
 * value than the plan saw; `gone`, `many`: no such row, or several; `refused`: the channel said no; `altered`: written, and
 * read back as something else; `unclear`: sent without an answer, and the cell now has a third value.
 */
export const CHANGE_OUTCOMES = ['written', 'already', 'moved', 'gone', 'many', 'refused', 'altered', 'unclear'] as const
export type ChangeOutcome = (typeof CHANGE_OUTCOMES)[number]

/** What a journal keeps of a change: enough to write it, to judge it, and to take it back. */
export interface RunChange {
  readonly id: string
  readonly action: Change['action']
  readonly channel: string
  readonly entity: Entity
  readonly target: ChangeTarget
  readonly field: FieldName
  readonly before: string | null
  readonly after: string | null
  readonly unit: string | null
  readonly because: readonly string[]
}

/** What became of one change. `value`: what the channel has; `reason`: the channel's own words. */
export interface ChangeResult {
  readonly change: RunChange
  readonly outcome: ChangeOutcome
  readonly value?: string | null
  readonly reason?: string
}

export type OutcomeCounts = Readonly<Record<ChangeOutcome, number>>

/** Changes of one channel; `left`: not come to. */
export interface RunChannel {
  readonly id: string
  readonly counts: OutcomeCounts
  readonly left: number
}

/** A finding about a changed article that was not there before. */
export interface AppearedFinding {
  readonly finding: string
  readonly rule: string
  readonly severity: Severity
}

/** What an audit says of the findings that a run was to end. */
export interface RunAuditResult {
  readonly gone: number
  /** Findings that are still there. */
  readonly remaining: readonly string[]
  /** Findings whose rule could not be judged any more. */
  readonly unknown: readonly string[]
  /** Empty too where the report of the audit before is not kept any more. */
  readonly appeared: readonly AppearedFinding[]
}

/** `complete`: every change is written or was as planned; `partial`: some are not, and why is told. */
export type RunStatus = 'complete' | 'partial' | 'stopped' | 'interrupted'

export type StopReason = 'failures' | 'not_kept' | 'canary' | 'channel'

export interface RunReport {
  readonly format: typeof RUN_FORMAT
  /** Null of a run that writes nothing. */
  readonly run: string | null
  readonly plan: { readonly path: string; readonly sha256: string }
  readonly dry_run: boolean
  readonly resumed: boolean
  readonly status: RunStatus
  readonly stopped: { readonly reason: StopReason; readonly text: string | null } | null
  readonly started_at: string
  readonly finished_at: string
  readonly channels: readonly RunChannel[]
  /** Changes that are not as planned, the first of them; `omitted` are the others, all of them in the journal. */
  readonly listed: readonly ChangeResult[]
  readonly omitted: number
  /** Null where none was asked for. */
  readonly canary: (RunAuditResult & { readonly changes: number; readonly passed: boolean }) | null
  /** Null where nothing was written. */
  readonly audit: RunAuditResult | null
}
