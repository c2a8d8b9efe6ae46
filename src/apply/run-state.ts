/** What a journal says happened so far. */
import type { ChangeOutcome, OutcomeCounts, RunChange } from '../model/run.ts'
import { CHANGE_OUTCOMES } from '../model/run.ts'
import type { JournalLine, LineResult } from './journal-lines.ts'

/** What nothing more has to be done about: a change that was refused is tried again by who goes on. */
const FINAL: ReadonlySet<ChangeOutcome> = new Set<ChangeOutcome>([
  'written',
  'already',
  'moved',
  'gone',
  'many',
  'altered',
  'unclear',
])

export interface Canary {
  readonly changes: ReadonlySet<string>
  readonly findings: readonly string[]
  /** Null: not judged yet. */
  passed: boolean | null
}

export class RunState {
  readonly #outcomes = new Map<string, ChangeOutcome>()
  /** By batch: written without an answer that the journal knows of. */
  readonly #open = new Map<number, readonly RunChange[]>()
  /** By batch: answered, but not read back. */
  readonly #unverified = new Map<number, readonly RunChange[]>()
  /** Ids of changes that were once sent without an answer. */
  readonly #doubtful = new Set<string>()
  #batches = 0
  canary: Canary | null = null
  ended: string | null = null

  apply(line: JournalLine): void {
    switch (line.type) {
      case 'intent':
        this.#batches = Math.max(this.#batches, line.batch)
        this.#open.set(line.batch, line.changes)
        break
      case 'uncertain':
        for (const { id } of this.#open.get(line.batch) ?? []) this.#doubtful.add(id)
        break
      case 'outcome':
        this.#toVerify(line.batch, this.#written(line.batch, line.results))
        this.#close(line.batch, line.results)
        break
      case 'settled':
        for (const { id } of this.#open.get(line.batch) ?? []) this.#doubtful.add(id)
        this.#close(line.batch, line.results)
        break
      case 'verified':
        this.#unverified.delete(line.batch)
        this.#note(line.results)
        break
      case 'skip':
        this.#note(line.results)
        break
      case 'canary':
        this.canary = { changes: new Set(line.changes), findings: line.findings, passed: null }
        break
      case 'canary-judged':
        if (this.canary !== null) this.canary.passed = line.passed
        break
      case 'begin':
        break
      case 'open':
        this.ended = null
        break
      case 'end':
        this.ended = line.status
        break
    }
  }

  /** Number of the next batch. */
  get nextBatch(): number {
    return this.#batches + 1
  }

  /** Batches of which nobody knows whether they were written. */
  get uncertain(): ReadonlyMap<number, readonly RunChange[]> {
    return this.#open
  }

  get unverified(): ReadonlyMap<number, readonly RunChange[]> {
    return this.#unverified
  }

  /** Undefined of a change that was not come to, or that is uncertain. */
  outcome(id: string): ChangeOutcome | undefined {
    return this.#outcomes.get(id)
  }

  isFinal(id: string): boolean {
    const outcome = this.#outcomes.get(id)
    return outcome !== undefined && FINAL.has(outcome)
  }

  /** Whether the change may have been written without an answer: what it wanted is then its own doing. */
  isDoubtful(id: string): boolean {
    return this.#doubtful.has(id)
  }

  counts(): OutcomeCounts {
    const counts = noCounts()
    for (const outcome of this.#outcomes.values()) counts[outcome]++
    return counts
  }

  #written(batch: number, results: readonly LineResult[]): readonly RunChange[] {
    const written = new Set(results.filter(({ outcome }) => outcome === 'written').map(({ id }) => id))
    return (this.#open.get(batch) ?? []).filter(({ id }) => written.has(id))
  }

  #toVerify(batch: number, written: readonly RunChange[]): void {
    if (written.length > 0) this.#unverified.set(batch, written)
  }

  #close(batch: number, results: readonly LineResult[]): void {
    this.#open.delete(batch)
    this.#note(results)
  }

  #note(results: readonly LineResult[]): void {
    for (const { id, outcome } of results) {
      if (outcome === 'again') this.#outcomes.delete(id)
      else this.#outcomes.set(id, outcome)
    }
  }
}

export function noCounts(): Record<ChangeOutcome, number> {
  return Object.fromEntries(CHANGE_OUTCOMES.map((outcome) => [outcome, 0])) as Record<ChangeOutcome, number>
}
