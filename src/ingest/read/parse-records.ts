/** Dialect of a delimited file, as bytes: every character that decides the structure is ASCII. */
export interface Dialect {
  readonly delimiter: number
  /** Null where quotes are plain characters. */
  readonly quote: number | null
  /** Byte that ends a line; a CR before an LF belongs to the line end. */
  readonly newline: 10 | 13
}

export interface ParsedRecord {
  readonly cells: readonly string[]
  /** Index of the first character, and of the first one of the next record. */
  readonly start: number
  readonly next: number
  /** Physical line from 1, counted from the start of the text. */
  readonly line: number
  /** Quote never closed, text after a closing quote, or cut off by the end of a text that is not complete. */
  readonly broken: boolean
}

const LF = 10
const CR = 13
const SPACE = 32

/**
 * Splits text into records by the rules of {@link Scanner}. Meant for heads and samples: a file goes through the scanner.
 *
 * @param text - One character per byte (latin1), so that indexes are byte offsets.
 * @param complete - Whether the text ends where the file ends; otherwise an unfinished last record is left out.
 */
export function parseRecords(
  text: string,
  dialect: Dialect,
  options: { readonly from: number; readonly limit: number; readonly complete: boolean },
): ParsedRecord[] {
  const records: ParsedRecord[] = []
  let at = options.from
  let line = 1
  while (at < text.length && records.length < options.limit) {
    const record = parseRecord(text, dialect, at)
    if (!(record.ended || options.complete)) break
    const { cells, next, broken } = record
    records.push({ cells, start: at, next, line, broken })
    line += record.lines
    at = next
  }
  return records
}

interface QuotedCell {
  readonly text: string
  readonly at: number
  readonly lines: number
  readonly broken: boolean
}

function parseRecord(text: string, dialect: Dialect, from: number) {
  const cells: string[] = []
  let broken = false
  let lines = 1
  let at = from
  for (;;) {
    const inside = quotedStart(text, dialect, at)
    if (inside < 0) {
      const begin = at
      at = cellEnd(text, dialect, begin)
      cells.push(text.slice(begin, at))
    } else {
      const cell = parseQuoted(text, dialect, inside)
      cells.push(cell.text)
      broken ||= cell.broken
      lines += cell.lines
      at = cell.at
    }
    if (at >= text.length) return { cells, next: at, lines, broken, ended: false }
    if (text.charCodeAt(at) === dialect.delimiter) {
      at++
      continue
    }
    const end = isLineEnd(text, at, dialect)
    return { cells, next: at + end, lines, broken, ended: true }
  }
}

/** Where the text of a quoted cell begins; -1 for a cell without quotes. */
function quotedStart(text: string, dialect: Dialect, from: number): number {
  if (dialect.quote === null) return -1
  let open = from
  while (text.charCodeAt(open) === SPACE && dialect.delimiter !== SPACE) open++
  return text.charCodeAt(open) === dialect.quote ? open + 1 : -1
}

function cellEnd(text: string, dialect: Dialect, from: number): number {
  const { delimiter, newline } = dialect
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === delimiter || code === newline) break
    if (code === CR && isLineEnd(text, at, dialect) > 0) break
  }
  return at
}

function parseQuoted(text: string, dialect: Dialect, from: number): QuotedCell {
  const quote = String.fromCharCode(dialect.quote ?? 0)
  let value = ''
  let at = from
  for (;;) {
    const close = text.indexOf(quote, at)
    if (close < 0) return { text: value + text.slice(at), at: text.length, lines: 0, broken: true }
    value += text.slice(at, close)
    at = close + 1
    if (text.charCodeAt(at) !== dialect.quote) break
    value += quote
    at++
  }
  const closed = at
  at = cellEnd(text, dialect, closed)
  const broken = text.slice(closed, at).trim() !== ''
  return { text: value, at, lines: countLines(value, dialect.newline), broken }
}

function countLines(value: string, newline: number): number {
  let lines = 0
  const mark = String.fromCharCode(newline)
  for (let at = value.indexOf(mark); at >= 0; at = value.indexOf(mark, at + 1)) lines++
  return lines
}

/** Length of the line end at `at`, 0 where there is none. */
function isLineEnd(text: string, at: number, dialect: Dialect): number {
  const code = text.charCodeAt(at)
  if (code === dialect.newline) return 1
  return code === CR && dialect.newline === LF && text.charCodeAt(at + 1) === LF ? 2 : 0
}
