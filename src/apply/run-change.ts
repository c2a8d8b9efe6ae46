/** A change as a journal keeps it. */
import type { Change } from '../model/plan.ts'
import type { RunChange } from '../model/run.ts'

export function runChangeOf(change: Change): RunChange {
  const { id, action, channel, entity, target, field, before, after, unit, because } = change
  return { id, action, channel, entity, target, field, before, after, unit, because }
}

/** The row that a change is about: what a person counts. */
export function rowKey({ channel, target }: Pick<RunChange, 'channel' | 'target'>): string {
  return JSON.stringify([channel, target.external_id, target.listing, target.sku, target.location ?? null])
}
