/** Carries the changes of a plan out, batch after batch, until all is done or there is a reason to stop. */
import { setTimeout as sleep } from 'node:timers/promises'
import { now } from '../base/clock.ts'
import type { ChangeResult, RunChange, StopReason } from '../model/run.ts'
import { BatchWriter } from './batch-writer.ts'
import type { RunLog } from './run-log.ts'
import { ChannelLost, type TargetPool } from './target-pool.ts'

export interface Pace {
  /** Changes per second; null without a limit. */
  readonly rate: number | null
  /** The run stops at this number of failures. */
  readonly maxFailures: number
}

export interface Work {
  readonly pool: TargetPool
  readonly log: RunLog
  readonly pace: Pace
  readonly signal: AbortSignal
  /** Told of every result once, as it becomes known. */
  readonly note: (results: readonly ChangeResult[]) => void
}

/** Why the run ended before its changes did. */
export interface Stop {
  readonly reason: StopReason | 'interrupted'
  readonly text: string | null
}

/** Sizes of the first transactions on a channel: what is wrong with all changes is seen on few. */
const FIRST_SIZES = [1, 10, 100]
/** A channel that keeps nothing of this many changes in one transaction does something else with them. */
const FEW = 10

const FAILURES: ReadonlySet<string> = new Set(['refused', 'many', 'unclear'])

export class CarryOut {
  readonly #work: Work
  readonly #writer: BatchWriter
  /** By channel: how many transactions went without a failure. */
  readonly #smooth = new Map<string, number>()
  #failures = 0
  #nextAt = 0

  constructor(work: Work) {
    this.#work = work
    this.#writer = new BatchWriter(work.pool, work.log)
  }

  /** Reads back what an earlier process sent and did not note. Comes before anything else. */
  async settle(): Promise<Stop | null> {
    const { state } = this.#work.log
    return this.#guarded(async () => {
      for (const [batch, changes] of [...state.uncertain]) {
        for (const [channel, own] of byChannel(changes)) this.#work.note(await this.#writer.settle(channel, batch, own))
      }
      for (const [batch, written] of [...state.unverified]) {
        for (const [channel, own] of byChannel(written)) this.#work.note(await this.#writer.verify(channel, batch, own))
      }
      return null
    })
  }

  /** @param changes - In the order in which they are written, those that are final among them. */
  async run(changes: AsyncIterable<readonly RunChange[]>): Promise<Stop | null> {
    const waiting = new Map<string, RunChange[]>()
    return this.#guarded(async () => {
      for await (const some of changes) {
        for (const change of some) {
          if (this.#work.log.state.isFinal(change.id)) continue
          const own = waiting.get(change.channel) ?? []
          waiting.set(change.channel, own)
          own.push(change)
          if (own.length < (await this.#size(change.channel))) continue
          const stop = await this.#flush(change.channel, own.splice(0))
          if (stop !== null) return stop
        }
      }
      for (const [channel, own] of waiting) {
        while (own.length > 0) {
          const stop = await this.#flush(channel, own.splice(0, await this.#size(channel)))
          if (stop !== null) return stop
        }
      }
      return null
    })
  }

  async #size(channel: string): Promise<number> {
    const { pool, pace, log } = this.#work
    const { batch } = await this.#target(channel, pool)
    const first = log.isDry ? undefined : FIRST_SIZES[this.#smooth.get(channel) ?? 0]
    // Not everything that a second may have in its first moment.
    const paced = pace.rate === null ? batch : Math.ceil(pace.rate / 4)
    return Math.max(1, Math.min(batch, first ?? batch, paced))
  }

  async #target(channel: string, pool: TargetPool): Promise<{ readonly batch: number }> {
    try {
      return await pool.get(channel)
    } catch (cause) {
      throw new ChannelLost(channel, cause)
    }
  }

  async #flush(channel: string, changes: readonly RunChange[]): Promise<Stop | null> {
    const { signal, note } = this.#work
    await this.#pause(changes.length)
    if (signal.aborted) return INTERRUPTED
    const results = await this.#writer.write(channel, changes)
    note(results)
    const failed = results.filter(({ outcome }) => FAILURES.has(outcome))
    this.#failures += failed.length
    this.#smooth.set(channel, failed.length > 0 ? 0 : (this.#smooth.get(channel) ?? 0) + 1)
    if (this.#failures >= this.#work.pace.maxFailures) return { reason: 'failures', text: failed[0]?.reason ?? null }
    const altered = results.filter(({ outcome }) => outcome === 'altered').length
    if (altered >= FEW && altered === results.length) return { reason: 'not_kept', text: channel }
    return signal.aborted ? INTERRUPTED : null
  }

  async #pause(changes: number): Promise<void> {
    const { rate } = this.#work.pace
    if (rate === null) return
    const present = now().getTime()
    const wait = this.#nextAt - present
    this.#nextAt = Math.max(present, this.#nextAt) + (changes / rate) * 1000
    if (wait > 0) await sleep(wait, undefined, { signal: this.#work.signal }).catch(() => undefined)
  }

  async #guarded(work: () => Promise<Stop | null>): Promise<Stop | null> {
    try {
      return await work()
    } catch (cause) {
      if (this.#work.signal.aborted && cause instanceof ChannelLost) return INTERRUPTED
      if (cause instanceof ChannelLost) return { reason: 'channel', text: `${cause.channel}: ${cause.message}` }
      throw cause
    }
  }
}

const INTERRUPTED: Stop = { reason: 'interrupted', text: null }

function byChannel(changes: readonly RunChange[]): ReadonlyMap<string, readonly RunChange[]> {
  const groups = new Map<string, RunChange[]>()
  for (const change of changes) groups.set(change.channel, [...(groups.get(change.channel) ?? []), change])
  return groups
}
