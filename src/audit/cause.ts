/** What explains many findings at once, while it is being looked for. */
import type { Severity } from '../model/config.ts'
import type { CauseKind } from '../model/report.ts'
import type { Draft } from './draft.ts'
import type { SideRow } from './sides.ts'

export interface CauseDraft {
  readonly id: string
  readonly kind: CauseKind
  readonly rule: string
  /** Positions of channels, the one at fault first. */
  readonly channels: readonly number[]
  readonly field: string | null
  readonly detail: Readonly<Record<string, string>>
  readonly share: number
  /** Files that have it, where it is about files. */
  readonly paths?: readonly string[]
  /** Whether a finding of an article is one of its consequences. */
  explains(draft: Draft, rows: readonly SideRow[]): boolean
  findings: number
  severity: Severity
}
