/** Fixtures of rules: what a case says, checked and brought into one shape. The format is told in rule-harness.ts. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'

const FIXTURES = fileURLToPath(new URL('../fixtures/rules/', import.meta.url))

const Message = z.union([
  z.string().transform((en) => ({ en, es: null })),
  z.strictObject({ en: z.string(), es: z.string().nullable().default(null) }),
])
const Expected = z.strictObject({
  rule: z.string().optional(),
  code: z.string().nullable().default(null),
  message: Message,
  explained_by: z.string().nullable().default(null),
  severity: z.enum(['error', 'warning', 'info']).optional(),
  item: z.string().nullable().optional(),
  market: z.string().nullable().optional(),
  owner: z.string().nullable().optional(),
  keys: z.array(z.string()).optional(),
  sides: z.array(z.record(z.string(), z.unknown())).optional(),
  expected: z.string().nullable().optional(),
  fixable: z.boolean().optional(),
})
const Cell = z.union([z.string(), z.array(z.string()).transform((list) => list.join(', '))])
const Rows = z.array(z.record(z.string(), Cell).refine((row) => 'channel' in row, { error: 'a row needs its channel' }))
const Given = z.strictObject({
  listing: Rows.default([]),
  price: Rows.default([]),
  stock: Rows.default([]),
  promotion: Rows.default([]),
  location: Rows.default([]),
})
const Settings = z.record(z.string(), z.unknown())
const RuleCase = z.strictObject({
  name: z.string().min(1),
  channels: z.record(z.string(), Settings).default({}),
  config: Settings.default({}),
  params: Settings.default({}),
  with: z.array(z.string()).default([]),
  files: z.record(z.string(), z.string()).default({}),
  given: Given.prefault({}),
  inputs: z.record(z.string(), z.array(z.record(z.string(), Cell))).default({}),
  expect: z.array(Expected).default([]),
  causes: z.array(z.record(z.string(), z.unknown())).default([]),
  unknown: z
    .union([z.string().transform((reason) => [reason]), z.array(z.string())])
    .default([])
    .transform((reasons) => [...reasons].sort()),
  pass: z.number().optional(),
})

export type RuleCase = z.output<typeof RuleCase>
export type ExpectedFinding = z.output<typeof Expected>
export type Row = Readonly<Record<string, string>>

export interface RuleFixture {
  readonly invalid: readonly RuleCase[]
  readonly valid: readonly RuleCase[]
}

/** @returns Null when the rule has no folder, or one of its files is missing. */
export function readFixture(rule: string): RuleFixture | null {
  const paths = ['invalid', 'valid'].map((name) => `${FIXTURES}${rule}/${name}.yaml`)
  if (!paths.every((path) => existsSync(path))) return null
  const [invalid = [], valid = []] = paths.map(readCases)
  return { invalid, valid }
}

function readCases(path: string): readonly RuleCase[] {
  const text = readFileSync(path, 'utf8')
  const settings: unknown = parse(text)
  // Cells are the text that stands in the file: 19.90 keeps its zero, 0123 its zero, yes stays a word.
  const texts: unknown = parse(text, { schema: 'failsafe' })
  if (!Array.isArray(settings) || !Array.isArray(texts)) throw new Error(`${path}: a list of cases is needed`)
  return settings.map((one: Readonly<Record<string, unknown>>, index) => {
    const { given, inputs }: { given?: unknown; inputs?: unknown } = texts[index] ?? {}
    const result = RuleCase.safeParse({
      ...one,
      ...(given === undefined ? {} : { given }),
      ...(inputs === undefined ? {} : { inputs }),
    })
    if (!result.success) throw new Error(`${path}: ${String(one['name'])}: ${z.prettifyError(result.error)}`)
    return result.data
  })
}
