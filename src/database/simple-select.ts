/** Queries that are a plain list of columns of one table: they say by themselves where their values can be written. */
import { type QueryToken, queryTokens } from '../model/query-text.ts'

/** A name in a query; without quotes a server may fold its case. */
export interface SqlName {
  readonly text: string
  readonly isQuoted: boolean
}

export interface SimpleSelect {
  /** Schema and table, or the table alone. */
  readonly table: readonly SqlName[]
  /** Name of a column of the result to the column of the table; null for what is computed. */
  readonly columns: ReadonlyMap<string, SqlName | null>
}

/** Words that make rows of the result something else than rows of the table. */
const COMPLEX = new Set(
  'distinct all top join inner left right full cross natural lateral union intersect except minus group having window'.split(
    ' ',
  ),
)
const AFTER_TABLE = new Set(['where', 'order', 'limit', 'offset', 'fetch', 'for', 'with', 'option'])

/** @returns Null for any other query. */
export function simpleSelect(sql: string): SimpleSelect | null {
  const tokens = queryTokens(sql)
  if (tokens === null || !isWord(tokens[0], 'select')) return null
  const top = levels(tokens)
  const outside = tokens.filter((_, index) => top[index] === 0)
  if (outside.some(({ kind, text }) => kind === 'word' && COMPLEX.has(text.toLowerCase()))) return null
  const from = tokens.findIndex((token, index) => top[index] === 0 && isWord(token, 'from'))
  if (from < 0) return null
  const table = tableOf(tokens.slice(from + 1))
  if (table === null) return null
  const columns = new Map<string, SqlName | null>()
  for (const item of items(tokens.slice(1, from))) {
    const read = itemOf(item, table.alias)
    if (read === null) return null
    columns.set(read.name, read.column)
  }
  return { table: table.name, columns }
}

function isWord(token: QueryToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toLowerCase() === word
}

function isMark(token: QueryToken | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.text === mark
}

/** How deep in brackets each token stands. */
function levels(tokens: readonly QueryToken[]): readonly number[] {
  let depth = 0
  return tokens.map((token) => {
    if (isMark(token, ')')) depth--
    const level = depth
    if (isMark(token, '(')) depth++
    return level
  })
}

function items(tokens: readonly QueryToken[]): readonly (readonly QueryToken[])[] {
  const level = levels(tokens)
  const all: QueryToken[][] = [[]]
  for (const [index, token] of tokens.entries()) {
    if (level[index] === 0 && isMark(token, ',')) all.push([])
    else all.at(-1)?.push(token)
  }
  return all
}

function nameOf(token: QueryToken | undefined): SqlName | null {
  if (token === undefined || (token.kind !== 'word' && token.kind !== 'name') || /^\d/.test(token.text)) return null
  return { text: token.text, isQuoted: token.kind === 'name' }
}

/** `a.b.c` from the start: the parts, and how many tokens they take. */
function dotted(tokens: readonly QueryToken[]): { readonly parts: readonly SqlName[]; readonly length: number } | null {
  const parts: SqlName[] = []
  let at = 0
  for (;;) {
    const name = nameOf(tokens[at])
    if (name === null) return null
    parts.push(name)
    at++
    if (!isMark(tokens[at], '.')) return { parts, length: at }
    at++
  }
}

function tableOf(tokens: readonly QueryToken[]): { readonly name: readonly SqlName[]; readonly alias: string } | null {
  const found = dotted(tokens)
  if (found === null || found.parts.length > 2) return null
  let at = found.length
  let alias = found.parts.at(-1)?.text ?? ''
  if (isWord(tokens[at], 'as')) at++
  const next = nameOf(tokens[at])
  if (next !== null && !(tokens[at]?.kind === 'word' && AFTER_TABLE.has(next.text.toLowerCase()))) {
    alias = next.text
    at++
  }
  const end = tokens[at]
  if (end === undefined || isMark(end, ';') || (end.kind === 'word' && AFTER_TABLE.has(end.text.toLowerCase()))) {
    return { name: found.parts, alias }
  }
  return null
}

/** Null for what has no name of its own, such as `*`. */
function itemOf(
  tokens: readonly QueryToken[],
  alias: string,
): { readonly name: string; readonly column: SqlName | null } | null {
  const last = tokens.at(-1)
  const found = dotted(tokens)
  const rest = tokens.slice(found?.length ?? 0)
  const named = isWord(rest[0], 'as') ? rest.slice(1) : rest
  const column = found?.parts.at(-1)
  const isOwn =
    found !== null && (found.parts.length === 1 || found.parts.at(-2)?.text.toLowerCase() === alias.toLowerCase())
  if (column !== undefined && isOwn && named.length <= 1) {
    const name = named.length === 0 ? column : nameOf(named[0])
    return name === null ? null : { name: name.text, column }
  }
  // Computed: it has a name all the same, behind AS or at the end.
  const name = last?.kind === 'word' || last?.kind === 'name' ? last.text : null
  return name === null || tokens.length < 2 ? null : { name, column: null }
}
