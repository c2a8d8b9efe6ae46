/** What `omniparity schema run` prints: the result of `apply --format json`. The types stand in run.ts. */
import { z } from 'zod'
import { ENTITIES, FIELDS, type FieldName, isFieldName } from './field.ts'
import { CHANGE_OUTCOMES, RUN_FORMAT, type RunChange, type RunReport } from './run.ts'

const text = z.string()
const count = z.int().nonnegative()

export const runChangeSchema: z.ZodType<RunChange> = z.strictObject({
  id: text,
  action: z.enum(['update', 'create', 'delete']),
  channel: text,
  entity: z.enum(ENTITIES),
  target: z.strictObject({
    listing: text.nullable(),
    sku: text.nullable(),
    external_id: text.nullable(),
    location: text.exactOptional(),
  }),
  field: z
    .custom<FieldName>((name) => typeof name === 'string' && isFieldName(name))
    .meta({ type: 'string', description: `canonical field: ${Object.keys(FIELDS).join(', ')}, attributes.<name>` }),
  before: text.nullable().describe('what the plan saw'),
  after: text.nullable().describe('what it wants'),
  unit: text.nullable(),
  because: z.array(text).describe('ids of the findings that the change ends'),
})

const audited = {
  gone: count.describe('findings of the plan that are not there any more'),
  remaining: z.array(text).describe('ids of findings that still are'),
  unknown: z.array(text).describe('ids of findings that could not be judged'),
  appeared: z
    .array(z.strictObject({ finding: text, rule: text, severity: z.enum(['error', 'warning', 'info']) }))
    .describe('findings about changed articles that were not there before'),
}

const counts = z.strictObject(
  Object.fromEntries(CHANGE_OUTCOMES.map((outcome) => [outcome, count])) as Record<
    (typeof CHANGE_OUTCOMES)[number],
    typeof count
  >,
)

export const runSchema: z.ZodType<RunReport> = z
  .strictObject({
    format: z.literal(RUN_FORMAT),
    run: text.nullable().describe('name for `undo`; null of a dry run'),
    plan: z.strictObject({ path: text, sha256: text }),
    dry_run: z.boolean(),
    resumed: z.boolean().describe('whether an earlier process began the run'),
    status: z.enum(['complete', 'partial', 'stopped', 'interrupted']),
    stopped: z
      .strictObject({ reason: z.enum(['failures', 'not_kept', 'canary', 'channel']), text: text.nullable() })
      .nullable(),
    started_at: z.iso.datetime(),
    finished_at: z.iso.datetime(),
    channels: z.array(z.strictObject({ id: text, counts, left: count.describe('changes that were not come to') })),
    listed: z
      .array(
        z.strictObject({
          change: runChangeSchema,
          outcome: z.enum(CHANGE_OUTCOMES),
          value: text.nullable().exactOptional().describe('what the channel has instead'),
          reason: text.exactOptional().describe("the channel's own words"),
        }),
      )
      .describe('changes that are not as planned, the first of them'),
    omitted: count.describe('others, all of them in the journal'),
    canary: z.strictObject({ ...audited, changes: count, passed: z.boolean() }).nullable(),
    audit: z.strictObject(audited).nullable().describe('null where nothing was written'),
  })
  .describe('What became of every change of a plan.')
