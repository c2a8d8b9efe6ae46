/**
 * The lines of a journal. Each is one JSON object that ends with a checksum over itself and the line before it, so that a
 * line that is torn, altered, or missing in between is noticed.
 */
import { z } from 'zod'
import { sha256 } from '../base/hash.ts'
import { CHANGE_OUTCOMES, RUN_FORMAT } from '../model/run.ts'
import { runChangeSchema } from '../model/run-schema.ts'

const text = z.string().nullable()

const result = z.strictObject({
  id: z.string(),
  /** `again`: read back as it was before, so that it has to be written once more. */
  outcome: z.enum([...CHANGE_OUTCOMES, 'again']),
  value: text.optional(),
  reason: z.string().optional(),
})
export type LineResult = z.infer<typeof result>

const line = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('begin'),
    format: z.literal(RUN_FORMAT),
    run: z.string(),
    plan: z.strictObject({
      path: z.string(),
      sha256: z.string(),
      audit: z.string(),
      undoes: text,
      /** By channel: hash of which database it is. */
      databases: z.record(z.string(), z.string()).exactOptional(),
    }),
  }),
  /** A process goes to work. */
  z.strictObject({ type: z.literal('open'), pid: z.number(), host: z.string() }),
  /** What was found before writing and is not written. */
  z.strictObject({ type: z.literal('skip'), results: z.array(result) }),
  z.strictObject({ type: z.literal('intent'), batch: z.number(), changes: z.array(runChangeSchema) }),
  z.strictObject({ type: z.literal('outcome'), batch: z.number(), results: z.array(result) }),
  /** The write was sent and not answered. */
  z.strictObject({ type: z.literal('uncertain'), batch: z.number(), reason: z.string() }),
  /** What was read back of an uncertain write. */
  z.strictObject({ type: z.literal('settled'), batch: z.number(), results: z.array(result) }),
  /** What was read back of a write that was answered: those that are not as written. */
  z.strictObject({ type: z.literal('verified'), batch: z.number(), results: z.array(result) }),
  z.strictObject({ type: z.literal('canary'), changes: z.array(z.string()), findings: z.array(z.string()) }),
  z.strictObject({ type: z.literal('canary-judged'), passed: z.boolean() }),
  z.strictObject({
    type: z.literal('end'),
    status: z.enum(['complete', 'partial', 'stopped', 'interrupted']),
    reason: text,
  }),
])
export type JournalLine = z.infer<typeof line>

const SUM_LENGTH = 16
const SUMMED = new RegExp(`^(\\{.*),"sum":"([0-9a-f]{${SUM_LENGTH}})"\\}$`, 's')

/** What the first line follows. */
export const NO_SUM = ''

export function encodeLine(
  content: JournalLine,
  at: string,
  before: string,
): { readonly text: string; readonly sum: string } {
  const body = JSON.stringify({ at, ...content }).slice(0, -1)
  const sum = sumOf(before, body)
  return { text: `${body},"sum":"${sum}"}\n`, sum }
}

/** @returns Null for what was not written like that. */
export function decodeLine(
  raw: string,
  before: string,
): { readonly line: JournalLine; readonly at: string; readonly sum: string } | null {
  const [, body, sum] = SUMMED.exec(raw) ?? []
  if (body === undefined || sum === undefined || sumOf(before, body) !== sum) return null
  const { at, ...content } = JSON.parse(`${body}}`) as Record<string, unknown>
  const parsed = line.safeParse(content)
  return parsed.success ? { line: parsed.data, at: String(at), sum } : null
}

function sumOf(before: string, body: string): string {
  return sha256(`${before}\n${body}`).slice(0, SUM_LENGTH)
}
