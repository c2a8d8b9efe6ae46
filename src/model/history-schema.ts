/** What `omniparity schema history` and `schema history-diff` print, as zod. The types stand in history.ts. */
import { z } from 'zod'
import {
  HISTORY_DIFF_FORMAT,
  HISTORY_FORMAT,
  type History,
  type HistoryAudit,
  type HistoryDiff,
  type HistoryFinding,
} from './history.ts'

const count = z.int().nonnegative()
const text = z.string()
const severity = z.enum(['error', 'warning', 'info'])
const instant = z.iso.datetime({ offset: true })
const hours = z.number().nonnegative().nullable()

const totals = z.strictObject({
  error: count,
  warning: count,
  info: count,
  known: count,
  suppressed: count,
  explained: count,
})

const audit: z.ZodType<HistoryAudit> = z.strictObject({
  number: z.int().positive().describe('position in the ledger'),
  id: text,
  kind: z
    .enum(['audit', 'import', 'replay'])
    .describe('import: earlier prices; replay: an audit as of a moment before another one, which observed nothing'),
  as_of: instant,
  partial: z.boolean().describe('not the whole project was audited'),
  totals: totals.nullable(),
  opened: count,
  resolved: count,
})

const finding: z.ZodType<HistoryFinding> = z.strictObject({
  id: text,
  rule: text,
  code: text.nullable(),
  severity,
  market: text.nullable(),
  owner: text.nullable(),
  item: text.nullable(),
  first_seen: instant,
  opened_at: instant.describe('when it was last found after not being there'),
  resolved_at: instant.nullable(),
  hours_to_resolve: hours,
  was: severity.nullable().describe('severity in the older audit, where it was open there'),
})

export const historySchema: z.ZodType<History> = z.strictObject({
  format: z.literal(HISTORY_FORMAT),
  audits: z.array(audit),
  trend: z.array(
    z.strictObject({
      rule: text,
      channel: text.nullable(),
      findings: z
        .array(count.nullable())
        .describe('root findings that are news, in the order of audits; null where the rule was not judged'),
    }),
  ),
  rules: z.array(
    z.strictObject({
      rule: text,
      open: count,
      resolved: count,
      oldest: instant.nullable().describe('when the oldest finding that is still open was first seen'),
      hours_to_resolve: hours.describe('median'),
    }),
  ),
})

export const historyDiffSchema: z.ZodType<HistoryDiff> = z.strictObject({
  format: z.literal(HISTORY_DIFF_FORMAT),
  from: audit,
  to: audit,
  new: z.array(finding),
  reopened: z.array(finding),
  worse: z.array(finding),
  quieted: z
    .array(finding)
    .describe('still there and no longer counted: explained by a cause or another finding, or suppressed'),
  resolved: z.array(finding),
  unchanged: count.describe('how many are open in both audits, and no worse'),
})
