/** Where a plan is carried out: a database now, the platforms' interfaces later. */
import type { RunChange } from '../model/run.ts'

/** A value as the channel has it now, in the canonical text of a plan. */
export type Live =
  | { readonly value: string | null }
  | 'gone'
  | 'many'
  /** The target cannot write this change at all. */
  | { readonly refused: string }

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
  /** In the order asked, uncached. */
  live(changes: readonly RunChange[]): Promise<readonly Live[]>
  /**
   * Writes what still has its `before`, each change by itself guarded, and says what became of each, in order. Whatever it
   * throws means that nobody knows what was written.
   */
  write(changes: readonly RunChange[]): Promise<readonly Outcome[]>
  close(): Promise<void>
}
