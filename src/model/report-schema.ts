/** What `omniparity schema report` prints, as zod. The types stand in report.ts; a test holds the two together. */
import { z } from 'zod'
import { REPORT_FORMAT, UNKNOWN_REASONS } from './report.ts'
import { SUPPRESSION_STATUSES } from './silence.ts'

const count = z.int().nonnegative()
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/)
const severity = z.enum(['error', 'warning', 'info'])
const status = z.enum(['new', 'known', 'worse', 'suppressed'])
const instant = z.iso.datetime({ offset: true })
const text = z.string()

const impact = z.strictObject({ amount: decimal, currency: text, basis: z.enum(['measured', 'modelled']) }).nullable()

const sourceRef = z.strictObject({
  path: text,
  row: z.int().positive().nullable().describe('data records, counted from 1'),
  line: z.int().positive().nullable().describe('physical line on which the record begins'),
  sheet: text.exactOptional(),
})

const side = z.strictObject({
  channel: text,
  listing: text.nullable(),
  field: text.nullable(),
  value: text.nullable().describe('canonical text; null when the source says empty'),
  unit: text.nullable(),
  raw: text.nullable(),
  source: sourceRef.nullable(),
  authority: z.boolean(),
})

const suppression = {
  status: z.enum(SUPPRESSION_STATUSES),
  reason: text,
  owner: text,
  expires: text.describe('last day on which it holds'),
}

const note = z.strictObject({
  rule: text.nullable(),
  finding: z.array(text).nullable(),
  item: z.array(text).nullable(),
  ...suppression,
  line: z.int().positive().nullable(),
})

const silences = z.strictObject({
  off: z
    .array(
      z.strictObject({
        rule: text,
        partly: z.boolean().describe('off for some scopes alone, by an override'),
        path: text.nullable(),
        line: z.int().positive().nullable(),
      }),
    )
    .describe('rules that a pack switches on and the configuration off'),
  suppressions: z
    .strictObject({
      path: text,
      entries: count,
      used: count,
      owners: z.record(text, count),
      next_expiry: text.nullable(),
      unused: z.array(note),
      expired: z.array(note),
    })
    .nullable(),
  baseline: z
    .strictObject({
      path: text,
      entries: count,
      known: count,
      worse: count,
      gone: count.describe('entries of which nothing was found'),
    })
    .nullable(),
})

const finding = z.strictObject({
  id: text.describe('fingerprint of rule, code, market and keys'),
  rule: text,
  code: text.nullable(),
  severity,
  status,
  market: text.nullable(),
  owner: text.nullable(),
  item: z
    .strictObject({ id: text, sku: text.nullable(), gtin: text.nullable(), title: text.nullable() })
    .nullable()
    .describe('null for a finding about a source'),
  message: text,
  sides: z.array(side),
  expected: text.nullable(),
  impact,
  explained_by: text.nullable().describe('id of the cause or root finding; null for a root'),
  fixable: z.boolean(),
  suppression: z.strictObject(suppression).exactOptional().describe('of a suppressed finding'),
})

const kind = z.enum([
  'tax-basis',
  'decimal-shift',
  'currency',
  'pack-factor',
  'markup',
  'offset',
  'frozen',
  'swapped-columns',
  'time-zone',
  'date-order',
  'lost-zeros',
  'rounded-codes',
  'encoding',
  'truncated',
  'missing-slice',
  'vocabulary',
  'identity-collision',
])

const cause = z.strictObject({
  id: text,
  kind,
  channels: z.array(text).describe('the channel at fault first'),
  field: text.nullable(),
  rule: text,
  severity,
  status,
  detail: z.record(text, text),
  findings: count.describe('how many findings it explains'),
  share: z.number().min(0).max(1),
  message: text,
  advice: text,
  impact,
})

const source = z.strictObject({
  path: text,
  kind: text,
  rows: count,
  quarantined: count,
  sha256: text,
  data_as_of: instant.nullable(),
  understood: z.strictObject({
    encoding: text.nullable(),
    delimiter: text.nullable(),
    decimal: text.nullable(),
    date_order: text.exactOptional(),
    columns: z.record(text, text).describe('canonical field to header'),
    mapped_by: z.record(text, z.enum(['alias', 'config'])),
    unused: z.array(text),
    assumptions: z.array(text),
  }),
})

const channel = z.strictObject({
  id: text,
  kind: z.enum(['store', 'web', 'app', 'marketplace', 'feed', 'erp']),
  platform: text,
  listings: count,
  linked: count,
  sources: z.array(source),
})

const coverage = z.strictObject({
  rule: text,
  checked: count.describe('the sum of the other figures'),
  pass: count,
  fail: count,
  not_applicable: count,
  unknown: z.partialRecord(z.enum(UNKNOWN_REASONS), count),
})

/** The document of `--format json`. */
export const reportSchema = z.strictObject({
  format: z.literal(REPORT_FORMAT),
  tool: z.strictObject({ name: z.literal('omniparity'), version: text }),
  audit: z.strictObject({
    id: text,
    as_of: instant,
    started_at: instant,
    finished_at: instant,
    snapshot: text,
    config_sha256: text,
  }),
  channels: z.array(channel),
  inputs: z
    .array(z.strictObject({ name: text, sources: z.array(source) }))
    .exactOptional()
    .describe('only where the configuration names inputs'),
  coverage: z.array(coverage),
  totals: z.strictObject({
    error: count,
    warning: count,
    info: count,
    known: count,
    suppressed: count,
    explained: count,
  }),
  causes: z.array(cause),
  silences: silences
    .exactOptional()
    .describe('only where rules are switched off, or suppressions or a baseline are used'),
  findings: z.array(finding),
  omitted: z.record(text, count).describe('findings left out of the list, by rule'),
})
