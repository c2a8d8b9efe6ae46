/** The few changes that are written and judged before the others. */
import type { RunChange } from '../model/run.ts'
import { rowKey } from './run-change.ts'

export interface CanaryChoice {
  readonly changes: readonly RunChange[]
  /** Findings that these changes end without any other. */
  readonly findings: readonly string[]
}

/**
 * The changes of the first `rows` rows, and as many more as the first finding among them takes: a finding that is ended by
 * changes of several channels tells nothing while one of them is missing.
 *
 * @param unended - Findings that the plan as a whole does not end.
 */
export async function chooseCanary(
  changes: () => AsyncIterable<readonly RunChange[]>,
  rows: number,
  unended: ReadonlySet<string>,
): Promise<CanaryChoice> {
  const chosen = new Set<string>()
  const wanted = new Map<string, number>()
  const keys = new Set<string>()
  for await (const change of each(changes())) {
    const isFirst = keys.size < rows || keys.has(rowKey(change))
    if (!isFirst) continue
    keys.add(rowKey(change))
    chosen.add(change.id)
    for (const finding of change.because) if (!unended.has(finding)) wanted.set(finding, 0)
  }
  const members = new Map<string, RunChange[]>()
  const all = new Map<string, RunChange>()
  for await (const change of each(changes())) {
    if (chosen.has(change.id)) all.set(change.id, change)
    for (const finding of change.because)
      if (wanted.has(finding)) members.set(finding, [...(members.get(finding) ?? []), change])
  }
  const isWhole = (finding: string): boolean => (members.get(finding) ?? []).every(({ id }) => all.has(id))
  const [first] = wanted.keys()
  if (first !== undefined && ![...wanted.keys()].some(isWhole))
    for (const change of members.get(first) ?? []) all.set(change.id, change)
  return { changes: [...all.values()], findings: [...wanted.keys()].filter(isWhole) }
}

async function* each<T>(batches: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const batch of batches) yield* batch
}
