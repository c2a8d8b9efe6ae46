/**
 * Reads TypeScript as a list of tokens: enough to find imports, strings and calls without a compiler, which TypeScript 7
 * does not offer as a library. Comments are dropped, strings keep their text, regular expressions are one token.
 */

export interface Token {
  readonly kind: 'word' | 'string' | 'template' | 'regex' | 'mark'
  /** Of strings and templates the text between the quotes; an expression inside a template is cut to `${}`. */
  readonly text: string
  /** From 1. */
  readonly line: number
}

const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$]*/uy
const NUMBER = /\d[\w.]*/y
const REGEX = /\/(?![*/])(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y
const STRING = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/y

/** After one of these a slash begins a regular expression; after anything else it divides or closes a JSX element. */
const BEFORE_REGEX = new Set(['(', ',', '=', ':', '[', '!', '&', '|', '?', '{', ';', '=>', '+', 'return', 'case', 'of'])

interface Cursor {
  readonly source: string
  readonly tokens: Token[]
  at: number
  line: number
}

export function readTokens(source: string): readonly Token[] {
  const cursor: Cursor = { source, tokens: [], at: 0, line: 1 }
  readUntil(cursor, null)
  return cursor.tokens
}

/** Reads to the brace that closes a template's expression, or to the end of the file. */
function readUntil(cursor: Cursor, closing: '}' | null): void {
  let depth = 0
  while (cursor.at < cursor.source.length) {
    const char = cursor.source[cursor.at]
    if (closing !== null && char === '}' && depth === 0) return
    if (char === '{') depth++
    if (char === '}') depth--
    readOne(cursor)
  }
}

function readOne(cursor: Cursor): void {
  const { source } = cursor
  const char = source[cursor.at] ?? ''
  if (/\s/.test(char)) skip(cursor, 1)
  else if (source.startsWith('//', cursor.at)) skip(cursor, lengthTo(cursor, '\n'))
  else if (source.startsWith('/*', cursor.at)) skip(cursor, lengthTo(cursor, '*/') + 2)
  else if (char === '`') readTemplate(cursor)
  else if (!readLiteral(cursor, char)) readMark(cursor, char)
}

function readLiteral(cursor: Cursor, char: string): boolean {
  if (take(cursor, STRING, 'string') || take(cursor, WORD, 'word') || take(cursor, NUMBER, 'mark')) return true
  return char === '/' && BEFORE_REGEX.has(cursor.tokens.at(-1)?.text ?? ';') && take(cursor, REGEX, 'regex')
}

function readMark(cursor: Cursor, char: string): void {
  const text = cursor.source.startsWith('=>', cursor.at) ? '=>' : char
  cursor.tokens.push({ kind: 'mark', text, line: cursor.line })
  skip(cursor, text.length)
}

function readTemplate(cursor: Cursor): void {
  const line = cursor.line
  const place = cursor.tokens.length
  let text = ''
  skip(cursor, 1)
  while (cursor.at < cursor.source.length && cursor.source[cursor.at] !== '`') {
    if (cursor.source.startsWith('${', cursor.at)) {
      skip(cursor, 2)
      readUntil(cursor, '}')
      skip(cursor, 1)
      text += '${}'
    } else {
      const length = cursor.source[cursor.at] === '\\' ? 2 : 1
      text += cursor.source.slice(cursor.at, cursor.at + length)
      skip(cursor, length)
    }
  }
  skip(cursor, 1)
  cursor.tokens.splice(place, 0, { kind: 'template', text, line })
}

function take(cursor: Cursor, pattern: RegExp, kind: Token['kind']): boolean {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.source)?.[0]
  if (found === undefined) return false
  cursor.tokens.push({ kind, text: kind === 'string' ? found.slice(1, -1) : found, line: cursor.line })
  skip(cursor, found.length)
  return true
}

function skip(cursor: Cursor, length: number): void {
  const end = Math.min(cursor.source.length, cursor.at + length)
  for (let at = cursor.at; at < end; at++) if (cursor.source[at] === '\n') cursor.line++
  cursor.at = end
}

function lengthTo(cursor: Cursor, end: string): number {
  const found = cursor.source.indexOf(end, cursor.at + 1)
  return (found === -1 ? cursor.source.length : found) - cursor.at
}
