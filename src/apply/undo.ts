/** What takes a run back: each cell that it wrote gets its former value, where it still has what the run wrote. */
import type { Change } from '../model/plan.ts'
import type { RunChange } from '../model/run.ts'
import { changeId } from '../plan/change-id.ts'
import { readJournal } from './journal.ts'
import { RunState } from './run-state.ts'

const BATCH = 1000

/** What a journal says was written, or may have been. */
export interface Written {
  readonly changes: number
  /** Of these, changes whose write was never answered. The guard of the undo finds out. */
  readonly unsure: number
  readonly channels: ReadonlySet<string>
  /** In the order in which they were written; may be read more than once. */
  inverse(): AsyncGenerator<readonly Change[]>
}

export async function readWritten(journal: string): Promise<Written> {
  const state = new RunState()
  for await (const { line } of readJournal(journal)) state.apply(line)
  const pending = new Set([...state.uncertain.values()].flatMap((changes) => changes.map(({ id }) => id)))
  const isUnsure = ({ id }: RunChange): boolean =>
    pending.has(id) || (state.outcome(id) === undefined && state.isDoubtful(id))
  const isWritten = ({ id }: RunChange): boolean => ['written', 'altered'].includes(state.outcome(id) ?? '')
  const channels = new Set<string>()
  let changes = 0
  let unsure = 0
  for await (const change of sent(journal)) {
    if (!isWritten(change) && !isUnsure(change)) continue
    changes++
    if (isUnsure(change)) unsure++
    channels.add(change.channel)
  }
  return {
    changes,
    unsure,
    channels,
    async *inverse() {
      const batch: Change[] = []
      for await (const change of sent(journal)) {
        if (!isWritten(change) && !isUnsure(change)) continue
        batch.push(inverseOf(change))
        if (batch.length >= BATCH) yield batch.splice(0)
      }
      if (batch.length > 0) yield batch
    },
  }
}

/** Every change that a run meant to write, once. */
async function* sent(journal: string): AsyncGenerator<RunChange> {
  const seen = new Set<string>()
  for await (const { line } of readJournal(journal)) {
    if (line.type !== 'intent') continue
    for (const change of line.changes) {
      if (seen.has(change.id)) continue
      seen.add(change.id)
      yield change
    }
  }
}

function inverseOf({ action, channel, entity, target, field, before, after, unit }: RunChange): Change {
  const turned = { action, channel, entity, target, field, before: after, after: before, unit }
  return {
    id: changeId(turned),
    ...turned,
    authority: 'undo',
    because: [],
    safety: 'automatic',
    needs: [],
    origin: null,
  }
}
