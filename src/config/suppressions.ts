/** `suppressions.yaml`: single contradictions that somebody accepts, says are none, or is repairing, until a day. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type Diagnostic, diagnose, fail, failAll } from '../diagnostics/diagnostic.ts'
import { SUPPRESSION_STATUSES, type Suppression } from '../model/silence.ts'
import { meant } from './check.ts'
import { type ConfigDocument, describe, type Path, parseConfigDocument, pathText } from './document.ts'

/** Longer than this nobody can answer for. */
const MOST_DAYS = 180
const DAY_MS = 86_400_000

const text = (accepted: string) => z.string({ error: accepted }).trim().min(1, { error: accepted })
const several = (accepted: string) =>
  z
    .union([text(accepted), z.array(text(accepted), { error: accepted }).min(1, { error: accepted })], {
      error: `${accepted} | [${accepted}, …]`,
    })
    .optional()
const accepted = { error: '5.00' }
const amount = z.union(
  [z.number().nonnegative(accepted), z.string().regex(/^\d{1,12}(\.\d{1,6})?$/, accepted)],
  accepted,
)

const entry = z.strictObject(
  {
    finding: several('id').describe('Ids of findings or causes, as reports print them.'),
    rule: text('rule').optional().describe('Rule of the findings; with what they are about.'),
    code: text('code').optional().describe('Code of the findings.'),
    item: several('SKU').describe('Articles by SKU, GTIN or id, with * as wildcard.'),
    brand: several('brand').describe('Brands, with * as wildcard.'),
    category: several('category').describe('Categories, with * as wildcard.'),
    channel: several('channel').describe('Every channel that deviates has to be one of these.'),
    market: several('ES').describe('Markets.'),
    status: z
      .enum(SUPPRESSION_STATUSES, { error: SUPPRESSION_STATUSES.join(' | ') })
      .describe('accepted: a decision; false-positive: there is no contradiction; waiting-fix: somebody repairs it.'),
    reason: text('text').describe('Why.'),
    owner: text('name').describe('Who answers for it.'),
    expires: z
      .string({ error: '2027-01-06' })
      .refine((value) => isDay(value), { error: '2027-01-06' })
      .describe(`Last day on which it holds, at most ${MOST_DAYS} days ahead.`),
    while: z
      .strictObject(
        {
          gap_lte: amount.optional().describe('Holds while the gap is at most this.'),
          values: z
            .record(z.string(), z.union([z.string(), z.number()], { error: '"19.99"' }), {
              error: '{channel: "19.99"}',
            })
            .optional()
            .describe('Holds while each of these channels has this value.'),
        },
        { error: '{gap_lte, values}' },
      )
      .optional()
      .describe('Condition on the values; when they move, the finding fires again.'),
  },
  { error: '{rule, item, status, reason, owner, expires}' },
)

const suppressionsFile = z
  .strictObject(
    {
      version: z.literal(1, { error: '1' }).describe('Version of this format.'),
      suppressions: z.array(entry, { error: '[{rule, item, status, reason, owner, expires}]' }),
    },
    { error: '{version, suppressions}' },
  )
  .describe('Findings that are accepted for a time.')

/** JSON Schema (draft 2020-12) of the file, for editors. */
export function suppressionsJsonSchema(): object {
  const schema = z.toJSONSchema(suppressionsFile, { io: 'input' })
  return { $id: 'omniparity-suppressions-1.schema.json', title: 'suppressions.yaml', ...schema }
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/**
 * Reads and checks the file.
 *
 * @param shown - The path as diagnostics print it.
 * @param latest - The later of now and the moment of the audit: from there the days are counted.
 * @throws DiagnosticError with everything that is wrong with it at once.
 */
export async function readSuppressions(path: string, shown: string, latest: Date): Promise<readonly Suppression[]> {
  const content = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw fail('silence/unreadable', { file: shown, reason: cause.code ?? cause.message }, null, cause)
  })
  const document = parseConfigDocument(shown, content)
  const problems: Diagnostic[] = [...document.problems]
  const result = document.data === undefined ? null : suppressionsFile.safeParse(document.data)
  if (result?.success === false && problems.length === 0) {
    problems.push(...result.error.issues.flatMap((issue) => wording(issue, document)))
  }
  const entries = result?.success === true ? result.data.suppressions : []
  for (const [index, one] of entries.entries()) problems.push(...complaints(one, index, document, latest))
  const error = failAll(problems)
  if (error !== null) throw error
  return entries.map((one, index) => suppressionOf(one, index, document))
}

type Entry = z.infer<typeof entry>

function complaints(one: Entry, index: number, document: ConfigDocument, latest: Date): readonly Diagnostic[] {
  const path: Path = ['suppressions', index]
  const problems: Diagnostic[] = []
  const names = one.finding !== undefined
  const describes = one.rule !== undefined && (one.item ?? one.brand ?? one.category) !== undefined
  if (!names && !describes) {
    const accepted = 'finding | rule + item | rule + brand | rule + category'
    problems.push(
      diagnose('config/missing-key', { key: 'item', parent: pathText(path), accepted }, document.place(path)),
    )
  }
  for (const [channel, value] of Object.entries(one.while?.values ?? {})) {
    // Values are compared as reports in JSON write them: with a comma none would ever be equal.
    if (!/^-?\d+,\d+$/.test(String(value))) continue
    const at: Path = [...path, 'while', 'values', channel]
    const accepted = `"${String(value).replace(',', '.')}"`
    problems.push(
      diagnose('config/bad-value', { key: pathText(at), found: describe(value), accepted }, document.place(at)),
    )
  }
  const days = Math.ceil((Date.parse(`${one.expires}T00:00:00Z`) - latest.getTime()) / DAY_MS)
  if (days > MOST_DAYS) {
    const where = document.place([...path, 'expires'])
    problems.push(diagnose('silence/too-long', { expires: one.expires, most: MOST_DAYS }, where))
  }
  return problems
}

function listOf(value: string | readonly string[] | undefined): readonly string[] | null {
  if (value === undefined) return null
  return typeof value === 'string' ? [value] : value
}

function suppressionOf(one: Entry, index: number, document: ConfigDocument): Suppression {
  const where = document.place(['suppressions', index])
  const values = Object.entries(one.while?.values ?? {}).map(([channel, value]) => [channel, String(value)] as const)
  return {
    findings: listOf(one.finding),
    rule: one.rule ?? null,
    code: one.code ?? null,
    item: listOf(one.item),
    brand: listOf(one.brand),
    category: listOf(one.category),
    channel: listOf(one.channel),
    market: listOf(one.market),
    status: one.status,
    reason: one.reason,
    owner: one.owner,
    expires: one.expires,
    mostGap: one.while?.gap_lte === undefined ? null : String(one.while.gap_lte),
    values: values.length === 0 ? null : Object.fromEntries(values),
    where: 'file' in where ? { file: where.file, line: where.line ?? 1, column: where.column ?? 1 } : null,
  }
}

function wording(issue: z.core.$ZodIssue, document: ConfigDocument): readonly Diagnostic[] {
  // Nothing, a list or a text in place of keys.
  if (issue.path.length === 0 && issue.code !== 'unrecognized_keys') {
    return [diagnose('config/missing-key', { key: 'version', parent: null, accepted: '1' }, document.place([]))]
  }
  const path: Path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  if (issue.code === 'unrecognized_keys') {
    const known = path.length === 0 ? Object.keys(suppressionsFile.shape) : knownKeys(path)
    return issue.keys.map((name) =>
      diagnose(
        'config/unknown-key',
        { key: pathText([...path, name]), nearest: meant(name, known), known },
        document.keyPlace(path, name),
      ),
    )
  }
  const value = path.reduce<unknown>(
    (inner, part) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Readonly<Record<string | number, unknown>>)[part]
        : undefined,
    document.data,
  )
  const accepted = issue.message
  if (value === undefined) {
    const parent = path.length > 1 ? pathText(path.slice(0, -1)) : null
    return [diagnose('config/missing-key', { key: String(path.at(-1)), parent, accepted }, document.place(path))]
  }
  return [diagnose('config/bad-value', { key: pathText(path), found: describe(value), accepted }, document.place(path))]
}

function knownKeys(path: Path): readonly string[] {
  return path.at(-1) === 'while' ? ['gap_lte', 'values'] : Object.keys(entry.shape)
}
