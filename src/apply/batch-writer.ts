/**
 * Carries one batch of one channel out: looks, notes the intent, writes what is as the plan saw it, notes the outcome, reads
 * back. Between intent and outcome a death leaves the batch uncertain; whoever goes on reads it back before anything else.
 */
import type { ChangeResult, RunChange } from '../model/run.ts'
import { intentLine, lineResult, type RunLog, skipLine } from './run-log.ts'
import { isSameValue } from './same-value.ts'
import type { Live, Outcome } from './target.ts'
import { ChannelLost, reasonOf, type TargetPool } from './target-pool.ts'

/** How often a write without an answer is sent again before the channel is given up. */
const TRIES = 3

export class BatchWriter {
  readonly #pool: TargetPool
  readonly #log: RunLog

  constructor(pool: TargetPool, log: RunLog) {
    this.#pool = pool
    this.#log = log
  }

  /**
   * @param changes - Of one channel, none of them final.
   * @returns One result per change, any order. Without a log on the disk, `written` is what would be written.
   * @throws ChannelLost, and DiagnosticError `apply/unwritable` of the journal.
   */
  async write(channel: string, changes: readonly RunChange[]): Promise<readonly ChangeResult[]> {
    const live = await this.#pool.look(channel, changes)
    const skipped: ChangeResult[] = []
    const due: RunChange[] = []
    for (const [index, change] of changes.entries()) {
      const result = this.#judge(change, live[index])
      if (result === null) due.push(change)
      else skipped.push(result)
    }
    if (this.#log.isDry) skipped.push(...due.splice(0).map((change) => ({ change, outcome: 'written' as const })))
    if (due.length === 0) {
      await this.#log.add(...skipLine(skipped))
      return skipped
    }
    return [...skipped, ...(await this.#send(channel, due, skipped, 1))]
  }

  /**
   * Finds out what became of writes that the journal has no outcome of.
   *
   * @returns Results of those that are known now; the others are as the plan saw them and have to be written.
   */
  async settle(channel: string, batch: number, changes: readonly RunChange[]): Promise<readonly ChangeResult[]> {
    const live = await this.#pool.look(channel, changes)
    const results = changes.map((change, index) => settled(change, live[index]))
    await this.#log.add({
      type: 'settled',
      batch,
      results: results.map((result, index) =>
        result === null ? { id: changes[index]?.id ?? '', outcome: 'again' } : lineResult(result),
      ),
    })
    return results.filter((result) => result !== null)
  }

  /** Reads back what was written. @returns Those that are something else now. */
  async verify(channel: string, batch: number, written: readonly RunChange[]): Promise<readonly ChangeResult[]> {
    const live = await this.#pool.look(channel, written)
    const altered = written.flatMap((change, index): readonly ChangeResult[] => {
      const found = live[index] ?? 'gone'
      if (typeof found === 'string') return [{ change, outcome: 'altered', reason: found }]
      if ('refused' in found) return [{ change, outcome: 'altered', reason: found.refused }]
      const { value } = found
      return isSameValue(change.field, value, change.after) ? [] : [{ change, outcome: 'altered', value }]
    })
    await this.#log.add({ type: 'verified', batch, results: altered.map(lineResult) })
    return altered
  }

  async #send(
    channel: string,
    changes: readonly RunChange[],
    skipped: readonly ChangeResult[],
    tried: number,
  ): Promise<readonly ChangeResult[]> {
    const batch = this.#log.state.nextBatch
    await this.#log.add(...skipLine(skipped), intentLine(batch, changes))
    const outcomes = await this.#attempt(channel, batch, changes)
    if (outcomes === null) return this.#resolve(channel, batch, changes, tried)
    const results = changes.map((change, index) => this.#result(change, outcomes[index]))
    await this.#log.add({ type: 'outcome', batch, results: results.map(lineResult) })
    const written = results.filter(({ outcome }) => outcome === 'written').map(({ change }) => change)
    const altered = written.length === 0 ? [] : await this.verify(channel, batch, written)
    const byId = new Map(altered.map((result) => [result.change.id, result]))
    return results.map((result) => byId.get(result.change.id) ?? result)
  }

  /** Null when nobody knows what was written. */
  async #attempt(channel: string, batch: number, changes: readonly RunChange[]): Promise<readonly Outcome[] | null> {
    let reason: string
    try {
      const outcomes = await (await this.#pool.get(channel)).write(changes)
      if (outcomes.length === changes.length && !outcomes.some(({ outcome }) => outcome === 'uncertain'))
        return outcomes
      reason = 'no answer'
    } catch (cause) {
      reason = reasonOf(cause)
    }
    await this.#pool.drop(channel)
    await this.#log.add({ type: 'uncertain', batch, reason })
    return null
  }

  /** After a write without an answer: reads back, and sends again what is still as it was. */
  async #resolve(
    channel: string,
    batch: number,
    changes: readonly RunChange[],
    tried: number,
  ): Promise<readonly ChangeResult[]> {
    const known = await this.settle(channel, batch, changes)
    const done = new Set(known.map(({ change }) => change.id))
    const due = changes.filter(({ id }) => !done.has(id))
    if (due.length === 0) return known
    if (tried >= TRIES) throw new ChannelLost(channel, new Error('no answer'))
    return [...known, ...(await this.#send(channel, due, [], tried + 1))]
  }

  #result(change: RunChange, outcome: Outcome | undefined): ChangeResult {
    if (outcome === undefined || outcome.outcome === 'uncertain') return { change, outcome: 'unclear' }
    if (outcome.outcome !== 'moved') return { change, ...outcome }
    const { value } = outcome
    if (!this.#log.state.isDoubtful(change.id)) return { change, outcome: 'moved', value }
    // An earlier write of ours was carried out after it had been read back.
    if (isSameValue(change.field, value, change.after)) return { change, outcome: 'written' }
    return { change, outcome: 'unclear', value }
  }

  /** Null for what is as the plan saw it. */
  #judge(change: RunChange, live: Live | undefined): ChangeResult | null {
    if (typeof live !== 'object') return { change, outcome: live ?? 'gone' }
    if ('refused' in live) return { change, outcome: 'refused', reason: live.refused }
    const { value } = live
    const isDoubtful = this.#log.state.isDoubtful(change.id)
    if (isSameValue(change.field, value, change.after)) return { change, outcome: isDoubtful ? 'written' : 'already' }
    if (isSameValue(change.field, value, change.before)) return null
    return { change, outcome: isDoubtful ? 'unclear' : 'moved', value }
  }
}

/** What a write without an answer did; null where the cell is as before it. */
function settled(change: RunChange, live: Live | undefined): ChangeResult | null {
  if (typeof live !== 'object') return { change, outcome: live ?? 'gone' }
  if ('refused' in live) return { change, outcome: 'refused', reason: live.refused }
  const { value } = live
  if (isSameValue(change.field, value, change.after)) return { change, outcome: 'written' }
  return isSameValue(change.field, value, change.before) ? null : { change, outcome: 'unclear', value }
}
