/** What a run did, change by change of its plan. */
import type { Change } from '../model/plan.ts'
import type { ChangeOutcome, ChangeResult, OutcomeCounts, RunChannel } from '../model/run.ts'
import { runChangeOf } from './run-change.ts'
import { noCounts, type RunState } from './run-state.ts'

/** Changes that are told one by one. */
const MOST_LISTED = 1000

export interface Summary {
  readonly channels: readonly RunChannel[]
  readonly listed: readonly ChangeResult[]
  readonly omitted: number
  /** Changes that were not come to. */
  readonly left: number
  /** Findings all of whose changes are in place. */
  readonly ended: ReadonlySet<string>
}

const IN_PLACE: ReadonlySet<ChangeOutcome> = new Set<ChangeOutcome>(['written', 'already'])

/**
 * @param notes - What is known of single changes beyond their outcome, by id.
 * @param only - Channels that the run is about; empty for all. Findings are ended by changes of all channels.
 */
export async function summarise(
  changes: AsyncIterable<readonly Change[]>,
  state: RunState,
  notes: ReadonlyMap<string, ChangeResult>,
  only: readonly string[],
): Promise<Summary> {
  const channels = new Map<string, { counts: Record<ChangeOutcome, number>; left: number }>()
  const listed: ChangeResult[] = []
  const ended = new Map<string, boolean>()
  let omitted = 0
  for await (const some of changes) {
    for (const change of some) {
      const outcome = state.outcome(change.id)
      const isInPlace = outcome !== undefined && IN_PLACE.has(outcome)
      for (const finding of change.because) ended.set(finding, isInPlace && ended.get(finding) !== false)
      if (only.length > 0 && !only.includes(change.channel)) continue
      const own = channels.get(change.channel) ?? { counts: noCounts(), left: 0 }
      channels.set(change.channel, own)
      if (outcome === undefined) own.left++
      else own.counts[outcome]++
      if (outcome === undefined || isInPlace) continue
      if (listed.length >= MOST_LISTED) omitted++
      else listed.push(notes.get(change.id) ?? { change: runChangeOf(change), outcome })
    }
  }
  return {
    channels: [...channels].map(([id, { counts, left }]) => ({ id, counts, left })),
    listed,
    omitted,
    left: [...channels.values()].reduce((sum, { left }) => sum + left, 0),
    ended: new Set([...ended].filter(([, isEnded]) => isEnded).map(([finding]) => finding)),
  }
}

export function countAll(channels: readonly RunChannel[], ...outcomes: readonly ChangeOutcome[]): number {
  const countOf = (counts: OutcomeCounts): number => outcomes.reduce((sum, outcome) => sum + counts[outcome], 0)
  return channels.reduce((sum, { counts }) => sum + countOf(counts), 0)
}
