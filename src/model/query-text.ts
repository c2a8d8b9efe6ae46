/** The text of a query, looked at before it is sent anywhere: one statement that reads. Drivers refuse a second one besides. */

export type QueryProblem = 'empty' | 'several' | 'verb' | 'writes' | 'open' | 'nul'

export interface QueryToken {
  /** `word`: letters and digits outside quotes; `name`: a quoted name, unquoted; `text`: a literal; `mark`: anything else. */
  readonly kind: 'word' | 'name' | 'text' | 'mark'
  readonly text: string
  readonly at: number
}

/** Words that no reading statement has outside quotes. A column of such a name is written in quotes. */
const WRITING = new Set(
  'into insert update delete merge drop alter create truncate grant revoke exec execute call'.split(' '),
)

const WORD = /[\p{L}_][\p{L}\p{N}_$]*|\d[\p{L}\p{N}_.]*/uy
const DOLLAR = /\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$/uy

/** Tokens without comments; null when a quote or comment is never closed. */
export function queryTokens(sql: string): readonly QueryToken[] | null {
  const tokens: QueryToken[] = []
  let at = 0
  while (at < sql.length) {
    const rest = sql.slice(at, at + 2)
    const character = sql.charAt(at)
    if (/\s/.test(character)) at++
    else if (rest === '--') {
      const end = sql.indexOf('\n', at)
      at = end < 0 ? sql.length : end + 1
    } else if (rest === '/*') {
      // MySQL runs what stands in a comment that begins with an exclamation mark.
      if (sql.charAt(at + 2) === '!' || sql.slice(at + 2, at + 4) === 'M!')
        tokens.push({ kind: 'word', text: 'into', at })
      const end = sql.indexOf('*/', at + 2)
      if (end < 0) return null
      at = end + 2
    } else {
      const token = tokenAt(sql, at)
      if (token === null) return null
      tokens.push(token.token)
      at = token.next
    }
  }
  return tokens
}

function tokenAt(sql: string, at: number): { readonly token: QueryToken; readonly next: number } | null {
  const character = sql.charAt(at)
  if (character === "'" || character === '"' || character === '`') return quoted(sql, at, character)
  DOLLAR.lastIndex = at
  const [dollar] = DOLLAR.exec(sql) ?? []
  if (dollar !== undefined) {
    const end = sql.indexOf(dollar, at + dollar.length)
    if (end < 0) return null
    const text = sql.slice(at + dollar.length, end)
    return { token: { kind: 'text', text, at }, next: end + dollar.length }
  }
  WORD.lastIndex = at
  const [word] = WORD.exec(sql) ?? []
  if (word !== undefined) return { token: { kind: 'word', text: word, at }, next: at + word.length }
  const bracket = character === '[' ? /^\[([\p{L}_][^\]'"\n]*)\]/u.exec(sql.slice(at, at + 200)) : null
  if (bracket !== null) {
    return { token: { kind: 'name', text: bracket[1] ?? '', at }, next: at + bracket[0].length }
  }
  return { token: { kind: 'mark', text: character, at }, next: at + 1 }
}

function quoted(sql: string, at: number, quote: string) {
  let text = ''
  for (let from = at + 1; ; ) {
    const end = sql.indexOf(quote, from)
    if (end < 0) return null
    text += sql.slice(from, end)
    if (sql.charAt(end + 1) !== quote) {
      const kind = quote === "'" ? ('text' as const) : ('name' as const)
      return { token: { kind, text, at }, next: end + 1 }
    }
    text += quote
    from = end + 2
  }
}

/** Why a query is not sent; null for one SELECT. */
export function queryProblem(sql: string): QueryProblem | null {
  if (sql.includes('\0')) return 'nul'
  const tokens = queryTokens(sql)
  if (tokens === null) return 'open'
  const statement = tokens.at(-1)?.text === ';' ? tokens.slice(0, -1) : tokens
  const [first] = statement
  if (first === undefined) return 'empty'
  if (statement.some(({ kind, text }) => kind === 'mark' && text === ';')) return 'several'
  if (first.kind !== 'word' || !/^(select|with)$/i.test(first.text)) return 'verb'
  const writes = statement.some(({ kind, text }) => kind === 'word' && WRITING.has(text.toLowerCase()))
  return writes ? 'writes' : null
}

/** The query without a semicolon at its end. */
export function bareQuery(sql: string): string {
  const last = queryTokens(sql)?.at(-1)
  return last?.kind === 'mark' && last.text === ';' ? `${sql.slice(0, last.at)}${sql.slice(last.at + 1)}` : sql
}
