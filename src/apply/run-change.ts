/** A change as a journal keeps it. */
import { z } from 'zod'
import { type Entity, type FieldName, isFieldName } from '../model/field.ts'
import type { Change } from '../model/plan.ts'
import type { RunChange } from '../model/run.ts'

const text = z.string().nullable()
const ENTITIES = ['listing', 'price', 'stock', 'promotion', 'location'] as const satisfies readonly Entity[]

export const runChange: z.ZodType<RunChange> = z.strictObject({
  id: z.string(),
  action: z.enum(['update', 'create', 'delete']),
  channel: z.string(),
  entity: z.enum(ENTITIES),
  target: z.strictObject({ listing: text, sku: text, external_id: text, location: z.string().exactOptional() }),
  field: z.custom<FieldName>((name) => typeof name === 'string' && isFieldName(name)),
  before: text,
  after: text,
  unit: text,
  because: z.array(z.string()),
})

export function runChangeOf(change: Change): RunChange {
  const { id, action, channel, entity, target, field, before, after, unit, because } = change
  return { id, action, channel, entity, target, field, before, after, unit, because }
}

/** The row that a change is about: what a person counts. */
export function rowKey({ channel, target }: Pick<RunChange, 'channel' | 'target'>): string {
  return JSON.stringify([channel, target.external_id, target.listing, target.sku, target.location ?? null])
}
