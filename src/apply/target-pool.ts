/** The targets of a run, opened when they are first needed, and opened again when a connection was lost. */
import { setTimeout as sleep } from 'node:timers/promises'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { RunChange } from '../model/run.ts'
import type { ApplyTarget, Live } from './target.ts'

/** Milliseconds before each further try. */
const PAUSES = [200, 800, 2500] as const

/** A channel that cannot be reached any more; what was written until then stands in the journal. */
export class ChannelLost extends Error {
  readonly channel: string

  constructor(channel: string, cause: unknown) {
    super(reasonOf(cause), { cause })
    this.channel = channel
  }
}

/** Words for the journal. Those of a driver may hold what was sent, secrets too: of them the code alone. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof DiagnosticError) return cause.diagnostic.message
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return cause instanceof Error ? cause.name : 'unknown'
}

export class TargetPool {
  readonly #open: (channel: string) => Promise<ApplyTarget>
  readonly #targets = new Map<string, ApplyTarget>()
  readonly #signal: AbortSignal

  constructor(open: (channel: string) => Promise<ApplyTarget>, signal: AbortSignal) {
    this.#open = open
    this.#signal = signal
  }

  async get(channel: string): Promise<ApplyTarget> {
    const known = this.#targets.get(channel)
    if (known !== undefined) return known
    const target = await this.#open(channel)
    this.#targets.set(channel, target)
    return target
  }

  /**
   * Live values, with a new connection where the old one is gone: reading twice does no harm.
   *
   * @throws ChannelLost
   */
  async look(channel: string, changes: readonly RunChange[]): Promise<readonly Live[]> {
    for (let tried = 0; ; tried++) {
      try {
        return await (await this.get(channel)).live(changes)
      } catch (cause) {
        await this.drop(channel)
        const pause = PAUSES[tried]
        if (pause === undefined || this.#signal.aborted) throw new ChannelLost(channel, cause)
        await sleep(pause)
      }
    }
  }

  /** Gives a connection up that may be broken. */
  async drop(channel: string): Promise<void> {
    const target = this.#targets.get(channel)
    this.#targets.delete(channel)
    await target?.close().catch(() => undefined)
  }

  async close(): Promise<void> {
    for (const channel of [...this.#targets.keys()]) await this.drop(channel)
  }
}
