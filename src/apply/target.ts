/** Where a plan is carried out: a database now, the platforms' interfaces later. */
import type { Change } from '../model/plan.ts'

/** A value as the channel has it now, in the canonical text of a plan. */
export type Live = { readonly value: string | null } | 'gone' | 'many'

export type Outcome =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'moved'; readonly value: string | null }
  | { readonly outcome: 'gone' | 'many' }
  | { readonly outcome: 'refused'; readonly reason: string }
  /** Sent, and never answered: to be read back before anything else is done. */
  | { readonly outcome: 'uncertain' }

export interface ApplyTarget {
  readonly channel: string
  /** Most changes of one transaction. */
  readonly batch: number
  live(changes: readonly Change[]): Promise<readonly Live[]>
  /** Writes what still has its `before`, each change by itself guarded, and says what became of each, in order. */
  write(changes: readonly Change[]): Promise<readonly Outcome[]>
  close(): Promise<void>
}
