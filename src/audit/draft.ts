/** A finding while its neighbours are still being looked at. */
import type { Severity } from '../model/config.ts'
import type { Finding, FindingItem, FindingStatus, Impact, Side } from '../model/report.ts'
import type { Suppression } from '../model/silence.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Word } from './messages.ts'
import type { Places, SideRow } from './sides.ts'

/** Whether a finding is news, and who keeps it quiet if it is not. */
export interface Judgement {
  readonly status: FindingStatus
  readonly suppression: Suppression | null
}

export interface Draft {
  readonly effective: EffectiveRule
  readonly code: string | null
  severity: Severity
  readonly market: string | null
  readonly owner: string | null
  readonly item: FindingItem | null
  /** What the fingerprint is made of beside rule, code and market. */
  readonly keys: readonly string[]
  readonly sides: readonly Side[]
  readonly expected: string | null
  readonly fixable: boolean
  /** Values for the message beside those that item and sides give. */
  readonly words: Readonly<Record<string, Word>>
  /** Set on roots where it can be said. */
  impact?: Impact | null
  /** Rests on data that are too old to compare: nothing is written because of it. */
  isStale?: boolean
  /** Root that explains this one. */
  explainedBy: string | null
  readonly id: string
  /** Listings that it is about, where checks of articles found it. */
  readonly targets?: readonly SideRow[]
  /** Member of the rule's iteration that failed. */
  readonly member?: string | null
}

/** Takes findings while the listings of their articles are at hand. */
export interface FindingSink {
  /** Columns of `side` that it reads beside those that sides show. */
  readonly columns: readonly string[]
  /** @param places - Where their records and lines are looked up. */
  add(draft: Draft, rows: readonly SideRow[], finding: Finding, places: Places): Promise<void> | void
}
