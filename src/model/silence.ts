/** What keeps a finding quiet although it is found: a suppression, or the baseline of old debt. */
import { z } from 'zod'
import type { Severity } from './config.ts'

export const SUPPRESSION_STATUSES = ['accepted', 'false-positive', 'waiting-fix'] as const
export type SuppressionStatus = (typeof SUPPRESSION_STATUSES)[number]

/** One entry of the file of suppressions. Null: not asked for. */
export interface Suppression {
  /** Ids of findings or causes. */
  readonly findings: readonly string[] | null
  readonly rule: string | null
  readonly code: string | null
  readonly item: readonly string[] | null
  readonly brand: readonly string[] | null
  readonly category: readonly string[] | null
  readonly channel: readonly string[] | null
  readonly market: readonly string[] | null
  readonly status: SuppressionStatus
  readonly reason: string
  readonly owner: string
  /** Day, the last on which it holds. */
  readonly expires: string
  /** Decimal text. */
  readonly mostGap: string | null
  readonly values: Readonly<Record<string, string>> | null
  readonly where: { readonly file: string; readonly line: number; readonly column: number } | null
}

export const BASELINE_FORMAT = 'omniparity-baseline/1'

/** How bad a finding was at its worst: no value of it, only how far apart its values were. */
export interface KnownFinding {
  readonly severity: Severity
  /** Decimal text; null where its values have no distance. */
  readonly gap: string | null
}

/** By rule, then by id of the finding or cause. */
export type KnownFindings = Readonly<Record<string, Readonly<Record<string, KnownFinding>>>>

export interface Baseline {
  readonly format: typeof BASELINE_FORMAT
  /** Each time that debt was taken in: the day, how much, and why. */
  readonly accepted: readonly { readonly on: string; readonly findings: number; readonly reason: string | null }[]
  readonly findings: KnownFindings
}

const known = z.strictObject({
  severity: z.enum(['error', 'warning', 'info']),
  gap: z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .nullable()
    .describe('how far apart the values were at worst, as decimal text; null where they have no distance'),
})

/** What `omniparity schema baseline` prints. */
export const baselineSchema = z
  .strictObject({
    format: z.literal(BASELINE_FORMAT),
    accepted: z
      .array(
        z.strictObject({
          on: z.iso.date(),
          findings: z.int().nonnegative(),
          reason: z.string().nullable().describe('null for the first time'),
        }),
      )
      .describe('each time that debt was taken in'),
    findings: z
      .record(z.string(), z.record(z.string(), known))
      .describe('by rule, then by id of the finding or cause: the fingerprint, without values or dates'),
  })
  .describe('Known debt: findings that were there when the project adopted the audit.')

function sorted<T>(record: Readonly<Record<string, T>>): readonly (readonly [string, T])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** One finding a line, sorted: a change of the file reads as the debt that came or went. */
export function baselineText({ format, accepted, findings }: Baseline): string {
  const list = (lines: readonly string[], open: string, close: string, indent: string): string =>
    lines.length === 0 ? `${open}${close}` : `${open}\n${lines.join(',\n')}\n${indent}${close}`
  const rules = sorted(findings).map(([rule, ids]) => {
    const lines = sorted(ids).map(
      ([id, { severity, gap }]) => `      ${JSON.stringify(id)}: ${JSON.stringify({ severity, gap })}`,
    )
    return `    ${JSON.stringify(rule)}: ${list(lines, '{', '}', '    ')}`
  })
  const times = accepted.map(
    ({ on, findings: count, reason }) => `    ${JSON.stringify({ on, findings: count, reason })}`,
  )
  return `{
  "format": ${JSON.stringify(format)},
  "accepted": ${list(times, '[', ']', '  ')},
  "findings": ${list(rules, '{', '}', '  ')}
}
`
}
