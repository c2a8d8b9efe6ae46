import { parseDuration } from '../../base/clock.ts'
import { fail } from '../../diagnostics/diagnostic.ts'
import type { Problem } from '../../diagnostics/rules.ts'
import { type At, placeOf } from './ast.ts'

export type TokenKind = 'text' | 'decimal' | 'duration' | 'name' | 'param' | 'keyword' | 'symbol' | 'end'

export interface Token {
  readonly kind: TokenKind
  /** Meaning: of a text without its quotes, of a parameter without `$`, of a duration its milliseconds. */
  readonly value: string
  readonly offset: number
  /** As written, for messages. */
  readonly written: string
}

const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'is', 'null', 'true', 'false'])
const MAX_TEXT = 4000
const MAX_WHOLE_DIGITS = 12
const MAX_FRACTION_DIGITS = 6

const BLANK = /\s+/y
const TEXT = /'((?:[^']|'')*)'/y
const NUMBER = /(\d+)(?:\.(\d+))?(%|[A-Za-z]+)?/y
const NAME = /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*/uy
const PARAM = /\$([A-Za-z_][A-Za-z0-9_]*)/y
const SYMBOL = /<>|<=|>=|[=<>()[\],+\-*/]/y

const HINTS: Readonly<Record<string, Problem>> = {
  '!': {
    en: "'!=' is written '<>', and '!x' is written 'not x'",
    es: '«!=» se escribe «<>» y «!x» se escribe «not x»',
  },
  '"': { en: "texts stand between single quotes: 'text'", es: "los textos van entre comillas simples: 'texto'" },
  '&': { en: "'&&' is written 'and'", es: '«&&» se escribe «and»' },
  '|': { en: "'||' is written 'or'", es: '«||» se escribe «or»' },
  '{': {
    en: 'placeholders in braces belong in messages; parameters are written $name',
    es: 'los marcadores entre llaves son de los mensajes; los parámetros se escriben $nombre',
  },
}

interface Source {
  readonly text: string
  readonly at: At
}

/** The words of an expression, the last one of kind `end`. */
export function tokenise(source: Source): readonly Token[] {
  if (source.text.length > MAX_TEXT) {
    throw syntax(source, 0, {
      en: `the expression is longer than ${MAX_TEXT} characters`,
      es: `la expresión tiene más de ${MAX_TEXT} caracteres`,
    })
  }
  const tokens: Token[] = []
  let offset = 0
  while (offset < source.text.length) {
    const blank = match(BLANK, source.text, offset)
    if (blank) {
      offset += blank[0].length
      continue
    }
    const token = read(source, offset)
    tokens.push(token)
    offset += token.written.length
  }
  tokens.push({ kind: 'end', value: '', offset, written: '' })
  return tokens
}

export function syntax(source: Source, offset: number, problem: Problem, hint: Problem | null = null): Error {
  return fail('rules/expression-syntax', { problem, hint }, placeOf(source, offset))
}

function match(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset
  return pattern.exec(text)
}

function read(source: Source, offset: number): Token {
  const { text } = source
  const quoted = match(TEXT, text, offset)
  if (quoted) return token('text', (quoted[1] ?? '').replaceAll("''", "'"), offset, quoted[0])
  const number = match(NUMBER, text, offset)
  if (number) return numberToken(source, offset, number)
  const param = match(PARAM, text, offset)
  if (param) return token('param', param[1] ?? '', offset, param[0])
  const name = match(NAME, text, offset)
  if (name) {
    const lower = name[0].toLowerCase()
    return KEYWORDS.has(lower) ? token('keyword', lower, offset, name[0]) : token('name', name[0], offset, name[0])
  }
  const symbol = match(SYMBOL, text, offset)
  if (symbol) return token('symbol', symbol[0], offset, symbol[0])
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0)
  if (character === "'") {
    throw syntax(source, offset, {
      en: 'the text that begins here has no closing quote',
      es: 'el texto que empieza aquí no tiene comilla de cierre',
    })
  }
  const problem = { en: `unexpected character '${character}'`, es: `carácter inesperado «${character}»` }
  throw syntax(source, offset, problem, HINTS[character] ?? null)
}

function numberToken(source: Source, offset: number, found: RegExpExecArray): Token {
  const [written, whole = '', fraction = '', unit = ''] = found
  const digits = whole.replace(/^0+(?=\d)/, '')
  if (digits.length > MAX_WHOLE_DIGITS || fraction.length > MAX_FRACTION_DIGITS) {
    throw syntax(
      source,
      offset,
      { en: `the number ${written} has too many digits`, es: `el número ${written} tiene demasiadas cifras` },
      {
        en: `at most ${MAX_WHOLE_DIGITS} digits before the point and ${MAX_FRACTION_DIGITS} after it`,
        es: `como máximo ${MAX_WHOLE_DIGITS} cifras antes del punto y ${MAX_FRACTION_DIGITS} después`,
      },
    )
  }
  const value = fraction === '' ? digits : `${digits}.${fraction}`
  if (unit === '') return token('decimal', value, offset, written)
  if (unit === '%') return token('decimal', hundredth(digits, fraction), offset, written)
  const ms = parseDuration(`${digits}${unit}`)
  if (ms === null && !/^[smhd]$/.test(unit)) {
    throw syntax(
      source,
      offset,
      { en: `unknown unit '${unit}' in '${written}'`, es: `unidad desconocida «${unit}» en «${written}»` },
      {
        en: 'durations end in s, m, h or d: 15m, 24h, 7d',
        es: 'las duraciones acaban en s, m, h o d: 15m, 24h, 7d',
      },
    )
  }
  if (ms === null || fraction !== '') {
    throw syntax(
      source,
      offset,
      {
        en: `the duration ${written} is not a whole number of up to 6 digits`,
        es: `la duración ${written} no es un número entero de hasta 6 cifras`,
      },
      { en: 'write it in another unit', es: 'escríbala en otra unidad' },
    )
  }
  return token('duration', String(ms), offset, written)
}

function hundredth(whole: string, fraction: string): string {
  const padded = whole.padStart(3, '0')
  return `${padded.slice(0, -2)}.${padded.slice(-2)}${fraction}`
}

function token(kind: TokenKind, value: string, offset: number, written: string): Token {
  return { kind, value, offset, written }
}
