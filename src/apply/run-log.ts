/** What a run does, noted on the disk and in memory at once. A run that writes nothing notes it in memory alone. */
import type { ChangeResult, RunChange } from '../model/run.ts'
import type { Journal } from './journal.ts'
import type { JournalLine, LineResult } from './journal-lines.ts'
import type { RunState } from './run-state.ts'

export class RunLog {
  readonly state: RunState
  readonly #journal: Journal | null

  constructor(state: RunState, journal: Journal | null) {
    this.state = state
    this.#journal = journal
  }

  /** Whether nothing is written, neither to a channel nor to the disk. */
  get isDry(): boolean {
    return this.#journal === null
  }

  async add(...lines: readonly JournalLine[]): Promise<void> {
    await this.#journal?.append(...lines)
    for (const line of lines) this.state.apply(line)
  }
}

export function lineResult({ change, outcome, value, reason }: ChangeResult): LineResult {
  return {
    id: change.id,
    outcome,
    ...(value === undefined ? {} : { value }),
    ...(reason === undefined ? {} : { reason }),
  }
}

export function skipLine(results: readonly ChangeResult[]): readonly JournalLine[] {
  return results.length === 0 ? [] : [{ type: 'skip', results: results.map(lineResult) }]
}

export function intentLine(batch: number, changes: readonly RunChange[]): JournalLine {
  return { type: 'intent', batch, changes: [...changes] }
}
