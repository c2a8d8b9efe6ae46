/**
 * Fixtures of rules: what a case says, checked and brought into one shape. A case runs on the real path: files,
 * configuration, pull, link, check.
 *
 * `<fixtures>/<family>/<rule>/invalid.yaml` holds cases with findings of the rule, `valid.yaml` cases without any:
 * clean ones, and the traps that must stay silent or be unknown. A file is a list of cases:
 *
 *     - name: one channel is cheaper          # unique within the rule; says the behaviour
 *       channels: {web: {assortment: full}}   # keys of `channels.<id>` in omniparity.yaml
 *       config: {authority: {catalog: erp}, as_of: 2026-11-22T08:00:00Z}   # other keys of omniparity.yaml, and the moment
 *       params: {abs_tol: 0.05}               # of the rule
 *       with: [price/outlier]                 # rules that run beside it, to show what explains what
 *       given:                                # rows by entity: listing, price, stock, promotion, location
 *         listing:
 *           - {channel: store, sku: LAMP, price.regular: 19.99}
 *           - {channel: web, sku: LAMP, price.regular: 17.99, status: null}
 *       inputs:                               # rows of files under `inputs:`, by name; dates and numbers as written
 *         policy: [{channel: web, service: pickup, value: yes}]
 *       history: {seen: {web: [2026-10-01, 2026-11-21]}, rows: []}   # what earlier audits saw; see history.ts
 *       files: {web.csv: "sku;Precio\nLAMP;1"}   # raw files, instead of rows or beside them
 *       expect:                               # exactly these findings, in any order
 *         - {code: regular, message: "LAMP: …"}
 *       causes: [{kind: tax-basis, findings: 20}]
 *       unknown: tax_basis                    # reason or reasons; without it nothing of the rule may be unknown
 *       pass: 1                               # how many checks pass, where that is worth saying
 *
 * A row gives only what matters. A field that no row of the channel names is absent, `null` is an empty cell, everything
 * else is the text as written. Channels are in market ES with EUR, tax included and the zone of Madrid; one called store,
 * web, app, marketplace, feed or erp is of that kind, any other is a web shop. Those of `channels` come first, in order.
 * Stock rows stand at the location `warehouse`, price rows in the list `retail`, unless they say otherwise.
 *
 * A file named after a channel (`web.csv`, `web-stock.csv`) is one of its sources; a channel with `sources` says itself
 * what it reads. Files that belong to nobody are just there, such as a crosswalk.
 *
 * Of an expected finding `code`, `message` (English text, or {en, es}) and `explained_by` (rule of the root, or kind of
 * the cause) always count, the other keys where they stand; `keys` are the parts of the fingerprint behind code and market.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { meant } from '../../config/check.ts'
import { type ConfigDocument, parseConfigDocument, pathText } from '../../config/document.ts'
import { type Diagnostic, DiagnosticError, diagnose, failAll } from '../../diagnostics/diagnostic.ts'
import type { Problem } from '../../diagnostics/rules.ts'
import { FIELDS, isFieldName } from '../../model/field.ts'
import { unreadable, utf8 } from '../../rules/rule-folder.ts'
import { History } from './history.ts'

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
const NO_CHANNEL = 'a row needs its channel'
const Rows = z.array(z.record(z.string(), Cell).refine((row) => 'channel' in row, { error: NO_CHANNEL }))
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
  history: History.nullable().default(null),
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

/**
 * @param root - Folder with a folder of fixtures for each rule.
 * @returns Null when the rule has no folder there, or one of its files is missing.
 * @throws DiagnosticError `rules/bad-fixture` with everything that is wrong in them.
 */
export function readFixture(rule: string, root: string): RuleFixture | null {
  const paths = ['invalid', 'valid'].map((name) => join(root, rule, `${name}.yaml`))
  if (!paths.every((path) => existsSync(path))) return null
  const [invalid = [], valid = []] = paths.map(readCases)
  return { invalid, valid }
}

function readCases(path: string): readonly RuleCase[] {
  const text = textOf(path)
  const document = parseConfigDocument(path, text)
  // A cell is text however it is written.
  const broken = document.problems.filter(({ code }) => code !== 'config/unquoted-identifier')
  // Cells are the text that stands in the file: 19.90 keeps its zero, 0123 its zero, yes stays a word.
  const texts: unknown = broken.length > 0 ? null : parse(text, { schema: 'failsafe' })
  const settings: unknown = broken.length > 0 ? null : parse(text)
  if (!Array.isArray(settings) || !Array.isArray(texts)) {
    const problem = { en: 'a list of cases is needed', es: 'hace falta una lista de casos' }
    throw failAll([...broken, diagnose('rules/bad-fixture', { key: '', problem }, { file: path })])
  }
  const problems: Diagnostic[] = []
  const cases = settings.flatMap((one: unknown, index) => {
    const cells = Object.entries(texts[index] ?? {}).filter(([key]) => ['given', 'inputs', 'history'].includes(key))
    const whole = typeof one === 'object' && one !== null ? { ...one, ...Object.fromEntries(cells) } : one
    const result = RuleCase.safeParse(whole)
    problems.push(...unknownFields(whole, index, document))
    if (result.success) return [result.data]
    for (const issue of result.error.issues) problems.push(...wording(issue, index, document))
    return []
  })
  const error = failAll(problems)
  if (error !== null) throw error
  return cases
}

function textOf(path: string): string {
  try {
    return utf8(readFileSync(path))
  } catch (error) {
    throw new DiagnosticError(unreadable(error, path))
  }
}

/** Columns of rows that are no fields, at the place where somebody wrote them. */
function unknownFields(one: unknown, index: number, document: ConfigDocument): readonly Diagnostic[] {
  const known = Object.keys(FIELDS)
  return listsOf(isMapping(one) ? one['given'] : null).flatMap(([entity, rows]) =>
    rows.flatMap((row, at) =>
      Object.keys(isMapping(row) ? row : {})
        .filter((name) => name !== 'channel' && !isFieldName(name))
        .map((name) => {
          const where = document.keyPlace([index, 'given', entity, at], name)
          return diagnose('rules/unknown-field', { name, nearest: meant(name, known), known }, where)
        }),
    ),
  )
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listsOf(value: unknown): readonly (readonly [string, readonly unknown[]])[] {
  if (!isMapping(value)) return []
  return Object.entries(value).flatMap(([key, list]) => (Array.isArray(list) ? [[key, list] as const] : []))
}

/** Keys that may stand where an unknown one does; the last part of the path that is a name says where. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  given: Object.keys(Given.shape),
  expect: Object.keys(Expected.shape),
  message: ['en', 'es'],
  history: Object.keys(History.shape),
}

const TYPES: Readonly<Record<string, Problem>> = {
  string: { en: 'a text', es: 'un texto' },
  number: { en: 'a number', es: 'un número' },
  boolean: { en: 'true or false', es: 'true o false' },
  array: { en: 'a list', es: 'una lista' },
  object: { en: 'a mapping of keys to values', es: 'una serie de claves con sus valores' },
  record: { en: 'a mapping of keys to values', es: 'una serie de claves con sus valores' },
}

function wording(issue: z.core.$ZodIssue, index: number, document: ConfigDocument): readonly Diagnostic[] {
  const path = [index, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))]
  const key = pathText(path.slice(1))
  const where = document.place(path)
  if (issue.code === 'unrecognized_keys') {
    const known = KEYS[String(path.findLast((part) => typeof part === 'string') ?? '')] ?? Object.keys(RuleCase.shape)
    return issue.keys.map((name) =>
      diagnose('rules/unknown-key', { name, nearest: meant(name, known), known }, document.keyPlace(path, name)),
    )
  }
  const type = issue.code === 'invalid_type' ? TYPES[issue.expected] : undefined
  const problem =
    type === undefined
      ? (TOLD[issue.message] ?? { en: 'no case takes this value', es: 'ningún caso admite este valor' })
      : { en: `${type.en} is needed`, es: `hace falta ${type.es}` }
  return [diagnose('rules/bad-fixture', { key, problem }, where)]
}

const TOLD: Readonly<Record<string, Problem>> = { [NO_CHANNEL]: { en: NO_CHANNEL, es: 'una fila necesita su canal' } }
