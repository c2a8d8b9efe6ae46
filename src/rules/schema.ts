/** The file of a rule as written. What depends on several keys at once is checked in `build.ts`. */
import { z } from 'zod'
import { UNKNOWN_REASONS } from '../model/report.ts'
import { PARAM_TYPES } from './params.ts'
import {
  ALIKE,
  ASSERTS,
  COMPARISONS,
  GAPS,
  IMPACT_FORMULAS,
  RELATIONS,
  RULE_KINDS,
  RULE_TABLES,
  type RuleKind,
} from './rule.ts'

const text = z.string({ error: 'text' }).trim().min(1, { error: 'text' })
const bilingual = z.strictObject({ en: text, es: text }, { error: '{en, es}' })
const expression = z.union([z.string(), z.number(), z.boolean()], { error: 'expression' })
const words = z.array(text, { error: '[a, b]' })
const severity = z.enum(['error', 'warning', 'info'], { error: 'error | warning | info' })
const severityOrOff = z.union([severity, z.literal('off'), z.literal(false)], { error: 'error | warning | info | off' })

const docs = z.strictObject(
  { what: text, why: text, 'quiet-when': text, fix: text, example: text },
  { error: '{what, why, quiet-when, fix, example}' },
)

const param = z.strictObject(
  {
    type: z.enum(PARAM_TYPES, { error: PARAM_TYPES.join(' | ') }),
    default: z.unknown(),
    values: z.array(z.string()).optional(),
    nullable: z.boolean({ error: 'true | false' }).optional(),
    doc: bilingual,
  },
  { error: '{type, default, doc}' },
)

const guard = z.strictObject(
  {
    same: z.array(z.enum(['currency', 'pack_quantity']), { error: '[currency, pack_quantity]' }).optional(),
    tax_basis: z.literal('resolved', { error: 'resolved' }).optional(),
    max_skew: z.string({ error: '15m | $param' }).optional(),
    min_confidence: z.number({ error: '0.95' }).optional(),
  },
  { error: '{same, tax_basis, max_skew, min_confidence}' },
)

const unknownWhen = z.union(
  [
    expression,
    z.array(
      z.strictObject(
        { reason: z.enum(UNKNOWN_REASONS, { error: UNKNOWN_REASONS.join(' | ') }), when: expression },
        { error: '{reason, when}' },
      ),
    ),
  ],
  { error: 'expression | [{reason, when}]' },
)

export const RuleFile = z.strictObject({
  title: bilingual,
  severity: severityOrOff,
  kind: z.enum(RULE_KINDS, { error: RULE_KINDS.join(' | ') }),
  on: z.enum(RULE_TABLES, { error: RULE_TABLES.join(' | ') }),
  where: expression.optional(),
  group: words.optional(),
  each: z.strictObject({ as: text, in: text }, { error: '{as: k, in: $keys}' }).optional(),
  params: z.record(z.string(), param, { error: '{name: {type, default, doc}}' }).optional(),
  guard: guard.optional(),
  value: expression.optional(),
  reference: z
    .strictObject(
      {
        order: z.array(z.enum(['authority', 'consensus']), { error: '[authority, consensus]' }),
        none: z.enum(['spread', 'unknown'], { error: 'spread | unknown' }).default('unknown'),
      },
      { error: '{order, none}' },
    )
    .optional(),
  tolerance: z
    .strictObject({ abs: expression.optional(), pct: expression.optional() }, { error: '{abs, pct}' })
    .optional(),
  policy: z.literal('channel.price_policy', { error: 'channel.price_policy' }).optional(),
  compare: z.enum(COMPARISONS, { error: COMPARISONS.join(' | ') }).optional(),
  key: expression.optional(),
  scope: words.optional(),
  allow_same: text.optional(),
  if: expression.optional(),
  // biome-ignore lint/suspicious/noThenProperty: the key of the file format; a text, never called.
  then: expression.optional(),
  except: expression.optional(),
  alike: z.enum(ALIKE, { error: ALIKE.join(' | ') }).optional(),
  min_sides: z.union([z.literal(1), z.literal(2)], { error: '1 | 2' }).optional(),
  require: expression.optional(),
  interval: z.strictObject({ start: expression, end: expression }, { error: '{start, end}' }).optional(),
  left: expression.optional(),
  right: expression.optional(),
  relation: z.enum(RELATIONS, { error: RELATIONS.join(' | ') }).optional(),
  unit: z.literal('money', { error: 'money' }).optional(),
  assert: z.enum(ASSERTS, { error: ASSERTS.join(' | ') }).optional(),
  query: text.optional(),
  unknown_when: unknownWhen.optional(),
  ignore_null: z.boolean({ error: 'true | false' }).optional(),
  codes: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_]*$/),
      z.strictObject(
        {
          severity: severity.optional(),
          when: expression.optional(),
          gap: z.enum(GAPS, { error: GAPS.join(' | ') }).optional(),
          message: bilingual,
        },
        { error: '{message}' },
      ),
      { error: '{code: {message}}' },
    )
    .optional(),
  message: bilingual.optional(),
  masked_by: words.optional(),
  fix: z
    .strictObject(
      {
        side: z.enum(['not_authority', 'row']),
        field: text,
        to: z.literal('authority.value', { error: 'authority.value' }).optional(),
      },
      { error: '{side, field, to}' },
    )
    .optional(),
  impact: z
    .strictObject({ formula: z.enum(IMPACT_FORMULAS, { error: IMPACT_FORMULAS.join(' | ') }) }, { error: '{formula}' })
    .optional(),
  fields: words.optional(),
  needs: words.optional(),
  docs: z.strictObject({ en: docs, es: docs }, { error: '{en, es}' }),
  sources: words.optional(),
  since: z.string({ error: '0.1.0' }),
  formerly: words.optional(),
})
export type RuleFile = z.infer<typeof RuleFile>

type Key = keyof RuleFile

/** Keys that only some kinds have: what the kind needs, and what it may have besides. */
export const KIND_KEYS: { readonly [K in RuleKind]: { readonly needs: readonly Key[]; readonly may: readonly Key[] } } =
  {
    equal: { needs: ['value', 'group'], may: [] },
    similar: { needs: ['value', 'group', 'alike'], may: [] },
    within: { needs: ['value', 'compare'], may: ['reference', 'tolerance', 'policy'] },
    present: { needs: [], may: ['require'] },
    implies: { needs: ['if', 'then'], may: ['min_sides'] },
    unique: { needs: ['key'], may: ['scope', 'allow_same'] },
    format: { needs: [], may: ['value'] },
    reference: { needs: [], may: ['value'] },
    match: { needs: ['group'], may: ['value'] },
    window: { needs: ['interval', 'assert'], may: [] },
    fresh: { needs: ['assert'], may: [] },
    drift: { needs: ['assert'], may: [] },
    sql: { needs: ['query'], may: [] },
    reconcile: { needs: ['left', 'right'], may: ['relation', 'tolerance', 'unit'] },
    history: { needs: ['assert'], may: [] },
  }

const SPECIAL = new Set(Object.values(KIND_KEYS).flatMap(({ needs, may }) => [...needs, ...may]))
SPECIAL.delete('group')

/** Kinds that judge neither rows nor groups have no use for what chooses and guards those. */
const WHOLE: ReadonlySet<RuleKind> = new Set(['fresh', 'drift', 'sql'])
const OF_ROWS: ReadonlySet<Key> = new Set(['where', 'group', 'each', 'guard', 'except', 'unknown_when', 'ignore_null'])

/** A query says itself what is wrong where, and who is right it does not know. */
const NOT_OF_QUERIES: ReadonlySet<Key> = new Set(['codes', 'fix'])

/** The age of a stock figure can be unknown where that of a source is not. */
function isForFigures(kind: RuleKind, key: Key): boolean {
  return kind === 'fresh' && key === 'unknown_when'
}

/** Keys that a rule of the kind may have. */
export function keysOf(kind: RuleKind): readonly Key[] {
  const own = new Set([...KIND_KEYS[kind].needs, ...KIND_KEYS[kind].may])
  // The shape's keys are the type's.
  return (Object.keys(RuleFile.shape) as Key[]).filter(
    (key) =>
      (!SPECIAL.has(key) || own.has(key)) &&
      !(WHOLE.has(kind) && OF_ROWS.has(key) && !isForFigures(kind, key)) &&
      !(kind === 'sql' && NOT_OF_QUERIES.has(key)),
  )
}

/** What editors check a rule file against; what several keys say together is checked when it is read. */
export function ruleJsonSchema(): object {
  const schema = z.toJSONSchema(RuleFile, { io: 'input' })
  const kinds = RULE_KINDS.map((kind) => ({
    if: { properties: { kind: { const: kind } }, required: ['kind'] },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema.
    then: { required: KIND_KEYS[kind].needs, propertyNames: { enum: keysOf(kind) } },
  }))
  const told = { anyOf: [{ required: ['message'] }, { required: ['codes'] }] }
  return { $id: 'omniparity-rule-1.schema.json', title: 'a rule of omniparity', ...schema, allOf: [told, ...kinds] }
}
