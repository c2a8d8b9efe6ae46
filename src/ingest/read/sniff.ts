/** Delimiter, header row and what stands above it, voted from the first records of a file. */
import { type Dialect, type ParsedRecord, parseRecords } from './parse-records.ts'

const CANDIDATES = [',', ';', '\t', '|', '#', '~', '^', '\u0001', '\u001f'] as const
/** Never in text: stands for the delimiter of a file with one column. */
const NO_DELIMITER = 0x1f
const HEAD_RECORDS = 400
const HEADER_ROWS = 30
const QUOTE = 34

export interface Sniffed {
  readonly dialect: Dialect
  /** Null for one column. */
  readonly delimiter: string | null
  /** Raw header cells, one character per byte. */
  readonly header: readonly string[]
  /** Each row has an empty cell more than the header. */
  readonly trailing: boolean
  /** Offset and physical line of the first record below the header. */
  readonly dataStart: number
  readonly dataLine: number
  readonly headerLine: number
  /** Lines above the header that are neither it nor blank. */
  readonly preamble: number
}

export interface SniffOptions {
  readonly delimiter: string | null
  readonly quotes: boolean
  readonly complete: boolean
  /** Decodes a cell. */
  readonly decode: (cell: string) => string
  readonly headers: (candidate: readonly string[]) => number
}

type CellRow = Pick<ParsedRecord, 'cells'>

interface Vote {
  readonly sniffed: Sniffed
  readonly score: number
  /** Whether the delimiter is one: it divides the header into names and most records too. */
  readonly splits: boolean
}

/**
 * Reads the head of a file.
 *
 * @param head - One character per byte, without byte order mark.
 * @returns Null when there is no line with anything on it.
 */
export function sniff(head: string, options: SniffOptions): Sniffed | null {
  const newline = head.includes('\n') || !head.includes('\r') ? 10 : 13
  const declared = /^"?sep=(.)"?\r?\n/i.exec(head)
  const from = declared?.[0].length ?? 0
  const fixed = options.delimiter ?? declared?.[1] ?? null
  const candidates = fixed === null ? CANDIDATES : [fixed]
  let best: Vote | null = null
  for (const delimiter of candidates) {
    const vote = voteFor(head, from, delimiter, newline, options)
    if (vote !== null && (best === null || vote.score > best.score)) best = vote
  }
  if (best !== null && (fixed !== null || best.splits)) return best.sniffed
  return voteFor(head, from, null, newline, options)?.sniffed ?? null
}

function voteFor(
  head: string,
  from: number,
  delimiter: string | null,
  newline: 10 | 13,
  options: SniffOptions,
): Vote | null {
  const dialect: Dialect = {
    delimiter: delimiter?.charCodeAt(0) ?? NO_DELIMITER,
    quote: options.quotes ? QUOTE : null,
    newline,
  }
  const parsed = parseRecords(head, dialect, { from, limit: HEAD_RECORDS, complete: options.complete })
  const rows = parsed.filter((record) => record.cells.some((cell) => cell.trim() !== ''))
  if (rows.length === 0) return null
  const width = usualWidth(rows)
  const at = headerRow(rows, width, options)
  const header = rows[at]
  if (header === undefined) return null
  const data = rows.slice(at + 1)
  const known = options.headers(texts(header, options.decode))
  const names = header.cells.length
  const trailing =
    data.length > 0 && data.every((row) => row.cells.length === names + 1 && row.cells.at(-1) === '') && names > 1
  const fits = data.filter((row) => row.cells.length === (trailing ? names + 1 : names) && !row.broken).length
  // A file of damaged records still has a delimiter: its header then decides.
  const share = data.length === 0 ? 1 : Math.max(0.02, fits / data.length)
  const divided = data.filter((row) => row.cells.length > 1).length * 2 >= data.length
  const likeness = headerLikeness(texts(header, options.decode))
  const line = 1 + (from > 0 ? 1 : 0)
  return {
    splits: names > 1 && divided && (likeness >= 0.6 || share > 0.5),
    score: names < 2 ? 0 : share * share * (0.5 + likeness) * (1 + Math.min(names, 40) / 100) + (known > 0 ? 1 : 0),
    sniffed: {
      dialect,
      delimiter,
      header: header.cells,
      trailing,
      dataStart: header.next,
      dataLine: header.line + line - 1 + linesOf(head.slice(header.start, header.next), newline),
      headerLine: header.line + line - 1,
      preamble: at + (from > 0 ? 1 : 0),
    },
  }
}

function linesOf(text: string, newline: number): number {
  return text.split(String.fromCharCode(newline)).length - 1
}

/** Number of cells that most rows have. */
export function usualWidth(rows: readonly CellRow[]): number {
  const counts = new Map<number, number>()
  for (const row of rows) counts.set(row.cells.length, (counts.get(row.cells.length) ?? 0) + 1)
  let width = 1
  let most = 0
  for (const [fields, count] of counts) {
    if (count > most || (count === most && fields > width)) {
      width = fields
      most = count
    }
  }
  return width
}

/** Share of known names from which a row is the header even below another row that could be one. */
const CONVINCING = 0.25

/** Index of the header: the row most like a known header, else the first row that is about as wide as the data. */
export function headerRow(
  rows: readonly CellRow[],
  width: number,
  options: Pick<SniffOptions, 'decode' | 'headers'>,
): number {
  const head = rows.slice(0, HEADER_ROWS)
  let best = -1
  let most = 0
  for (const [index, row] of head.entries()) {
    const score = isComment(row) ? 0 : options.headers(texts(row, options.decode))
    if (score > most) {
      best = index
      most = score
    }
  }
  const rated = head.flatMap((row, index) => (isComment(row) ? [] : [{ row, index }]))
  const isWide = ({ row }: Rated) => filled(row) >= Math.max(1, Math.min(width - 1, width * 0.6))
  const isLikely = ({ row }: Rated) => headerLikeness(texts(row, options.decode)) >= 0.6
  const [first] = rated
  // A record may hold a word that is the name of a column elsewhere; a header of unknown names stands above it.
  const isChance = most < CONVINCING && first !== undefined && isWide(first) && isLikely(first)
  if (best >= 0 && !isChance) return best
  if (first === undefined || isWide(first)) return first?.index ?? 0
  // A record must not become the header because the true one has too few names.
  const below = rated.find((one) => isWide(one) && isLikely(one))
  if (below !== undefined) return below.index
  return (filled(first.row) > 1 && isLikely(first) ? first : rated.find(isWide))?.index ?? first.index
}

interface Rated {
  readonly row: CellRow
  readonly index: number
}

function filled(row: CellRow): number {
  return row.cells.filter((cell) => cell.trim() !== '').length
}

/** Most of its cells begin with `#`, as in Meta's line of help above the header. */
function isComment(row: CellRow): boolean {
  const cells = row.cells.filter((cell) => cell.trim() !== '')
  const marked = cells.filter((cell) => cell.trimStart().startsWith('#')).length
  return marked * 2 > cells.length && (cells.length > 1 || /^\s*#\s/.test(cells[0] ?? ''))
}

/** Share of cells that could be names of columns: not empty, no numbers, not twice. */
function headerLikeness(cells: readonly string[]): number {
  const names = new Set(cells.filter((cell) => cell !== '' && !/^[\s\d.,:%€$+-]+$/.test(cell) && cell.length < 120))
  return cells.length === 0 ? 0 : names.size / cells.length
}

function texts(row: CellRow, decode: (cell: string) => string): string[] {
  return row.cells.map((cell) => decode(cell).trim())
}
