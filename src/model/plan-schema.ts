/** The schema of `plan.json`: what `omniparity schema plan` prints, and what a plan is held to before anything reads it. */
import { z } from 'zod'
import { FIELDS, type FieldName, isFieldName } from './field.ts'
import { CHANGE_NEEDS, type Change, PLAN_FORMAT, type PlanAction, UNRESOLVED_REASONS, type Unresolved } from './plan.ts'

const text = z.string()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const instant = z.iso.datetime()
const decimal = z.string().regex(/^\d+(\.\d+)?$/)
const needs = z.array(z.enum(CHANGE_NEEDS))

const field = z
  .custom<FieldName>((value) => typeof value === 'string' && isFieldName(value))
  .meta({
    type: 'string',
    description: `canonical field: ${Object.keys(FIELDS).join(', ')}, attributes.<name>`,
  })

export const changeSchema: z.ZodType<Change> = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{20}$/),
  action: z.enum(['update', 'create', 'delete']),
  channel: text,
  entity: z.enum(['listing', 'price', 'stock', 'promotion', 'location']),
  target: z.strictObject({
    listing: text.nullable().describe("the channel's own id of the listing, else its SKU"),
    sku: text.nullable(),
    external_id: text.nullable(),
    location: text.exactOptional().describe('only of stock by location'),
  }),
  field,
  before: text.nullable().describe("canonical text in the channel's own terms; null where the channel says empty"),
  after: text.nullable(),
  unit: text.nullable().describe('ISO 4217 of money'),
  authority: text.describe('channel that is right about the field, or the declared strategy'),
  because: z.array(text).describe('ids of the findings that the change ends'),
  safety: z.enum(['automatic', 'review']),
  needs,
  origin: z
    .strictObject({
      path: text,
      row: z.int().positive().nullable(),
      line: z.int().positive().nullable(),
      sheet: text.exactOptional(),
      raw: text.nullable(),
    })
    .nullable()
    .describe('where the value stands that is to change'),
})

export const actionSchema: z.ZodType<PlanAction> = z.strictObject({ cause: text, channel: text, text })

export const unresolvedSchema: z.ZodType<Unresolved> = z.strictObject({
  finding: text,
  channel: text.nullable().describe('channel that stays as it is; null where the finding as a whole is meant'),
  code: z.enum(UNRESOLVED_REASONS),
  reason: text,
  with: z.array(text).exactOptional().describe('other findings that want another value for the same cell'),
})

const head = {
  format: z.literal(PLAN_FORMAT),
  created_at: instant,
  expires_at: instant,
  audit: text,
  as_of: instant,
  config_sha256: text,
  authority_sha256: sha256,
  undoes: text.exactOptional().describe('run that the plan takes back'),
  basis: z.record(
    text,
    z.strictObject({ snapshot: text, sha256, database: sha256.exactOptional().describe('which database it is') }),
  ),
  limits: z.strictObject({ price_change: decimal, rows: decimal, sum: decimal.nullable() }),
  allowed: needs,
}

export const planHeadSchema = z.strictObject(head)

/** What `omniparity schema plan` prints. */
export const planSchema = z
  .strictObject({
    ...head,
    changes: z.array(changeSchema),
    actions: z.array(actionSchema),
    unresolved: z.array(unresolvedSchema),
    sha256: sha256.describe('of all bytes of the file before the line on which this key stands'),
  })
  .describe('What is to be changed where, from what to what, and why.')
