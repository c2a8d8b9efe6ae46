/** The schema's complaints as diagnostics with positions. */
import type { z } from 'zod'
import { nearest } from '../base/text.ts'
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts'
import { type ConfigDocument, describe, type Path, pathText } from './document.ts'
import { configJsonSchema, configSchema, NOT_BUILT, type RawConfig } from './schema.ts'

type Issue = z.core.$ZodIssue

interface Located {
  readonly issue: Issue
  readonly path: Path
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  /** `{}` on keys that this version does not accept. */
  readonly not?: object
}

/** How far a misspelt word may be from the one that was meant. */
export function meant(word: string, candidates: Iterable<string>): string | null {
  const known = [...candidates]
  const near = nearest(word, known, Math.min(3, Math.max(1, Math.floor(word.length / 3))))
  return near ?? known.find((candidate) => word.length > 2 && candidate.startsWith(word)) ?? null
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    return (value as Readonly<Record<string | number, unknown>>)[part]
  }, data)
}

function schemasAt(schema: JsonSchema, path: Path): readonly JsonSchema[] {
  const [part, ...rest] = path
  const alternatives = schema.anyOf ?? [schema]
  if (part === undefined) return alternatives
  return alternatives.flatMap(({ items, properties, additionalProperties }) => {
    const next = typeof part === 'number' ? items : (properties?.[part] ?? additionalProperties)
    return typeof next === 'object' ? schemasAt(next, rest) : []
  })
}

function knownKeys(path: Path): readonly string[] {
  return schemasAt(configJsonSchema(), path).flatMap(({ properties = {} }) =>
    Object.keys(properties).filter((key) => properties[key]?.not === undefined),
  )
}

/** The complaints of the one branch of a union that the value was meant for, or the union's own. */
function unfold({ issue, path }: Located): readonly Located[] {
  if (issue.code !== 'invalid_union') return [{ issue, path }]
  const branches = issue.errors.filter((branch) =>
    branch.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
  )
  // `{markup: …}` and `{zone: …}` both fail on keys; the branch that knows more of them is meant.
  const [branch] = branches.toSorted((a, b) => a.length - b.length)
  if (branch === undefined) return [{ issue, path }]
  return branch.flatMap((inner) => unfold({ issue: inner, path: [...path, ...numbered(inner.path)] }))
}

function numbered(path: readonly PropertyKey[]): Path {
  return path.map((part) => (typeof part === 'number' ? part : String(part)))
}

function issuesOf(data: unknown): readonly Located[] {
  const result = configSchema.safeParse(data)
  return (result.error?.issues ?? []).flatMap((issue) => unfold({ issue, path: numbered(issue.path) }))
}

function withValue(data: unknown, path: Path, value: unknown): unknown {
  const [part, ...rest] = path
  if (part === undefined) return value
  if (Array.isArray(data)) return data.map((item, index) => (index === part ? withValue(item, rest, value) : item))
  const block = data as Readonly<Record<string, unknown>>
  return { ...block, [part]: withValue(block[part], rest, value) }
}

/** Paths of numbers and words that would be right as quoted text: identifiers that lack their quotes. */
function lacksQuotes(document: ConfigDocument, located: readonly Located[]): ReadonlySet<string> {
  const candidates = located
    .map(({ path }) => ({ path, text: document.plainText(path) }))
    .filter((candidate) => candidate.text !== null && candidate.text !== '')
  const quoted = candidates.reduce((data, { path, text }) => withValue(data, path, text), document.data)
  const still = new Set(issuesOf(quoted).map(({ path }) => pathText(path)))
  return new Set(candidates.map(({ path }) => pathText(path)).filter((path) => !still.has(path)))
}

function wording(
  { issue, path }: Located,
  document: ConfigDocument,
  unquoted: ReadonlySet<string>,
): readonly Diagnostic[] {
  const key = pathText(path)
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path)
    return issue.keys.map((name) =>
      diagnose(
        'config/unknown-key',
        { key: pathText([...path, name]), nearest: meant(name, known), known },
        document.keyPlace(path, name),
      ),
    )
  }
  const where = document.place(path)
  if (issue.message === NOT_BUILT) {
    const parent = path.slice(0, -1)
    return [diagnose('config/not-built', { key }, document.keyPlace(parent, String(path.at(-1))))]
  }
  const value = valueAt(document.data, path)
  if (value === undefined) {
    const parent = path.length > 1 ? pathText(path.slice(0, -1)) : null
    return [diagnose('config/missing-key', { key: String(path.at(-1)), parent, accepted: issue.message }, where)]
  }
  if (unquoted.has(key)) {
    const written = document.plainText(path) ?? ''
    return [diagnose('config/unquoted-identifier', { key, written, readAs: describe(value) }, where)]
  }
  return [diagnose('config/bad-value', { key, found: describe(value), accepted: issue.message }, where)]
}

export type Checked =
  | { readonly raw: RawConfig; readonly problems: readonly [] }
  | { readonly raw: null; readonly problems: readonly Diagnostic[] }

/** Checks the data of a document against the schema. */
export function checkSchema(document: ConfigDocument): Checked {
  const result = configSchema.safeParse(document.data)
  if (result.success) return { raw: result.data, problems: [] }
  const located = issuesOf(document.data)
  const unquoted = lacksQuotes(document, located)
  return { raw: null, problems: located.flatMap((issue) => wording(issue, document, unquoted)) }
}
