/** Records for votes, from the head of a file and from places all over it. */
import type { OpenFile } from './disk.ts'
import { decoder, type Encoding } from './encoding.ts'
import { type ParsedRecord, parseRecords } from './parse-records.ts'
import type { Scanner } from './scan.ts'
import type { Sniffed } from './sniff.ts'
import { SAMPLE_RECORDS } from './table.ts'

const PLACES = 30
const WHOLE_BYTES = 32 << 20
const HEAD_BYTES = 2 << 20
const PLACE_BYTES = 1 << 20
/** How much longer than usual the records of a place may be before it is read as a whole. */
const ROOM = 3

type Row = readonly (string | null)[]

interface Sampled {
  readonly sniffed: Sniffed
  readonly scanner: Scanner
  readonly encoding: Encoding
  readonly end: number
  readonly records: number
  /** Offsets of records that are quarantined. */
  readonly bad: ReadonlySet<number>
  /** Whether short rows are records whose last cells are empty. */
  readonly padded: boolean
}

/** Up to 10,000 records: all of a small file, else a quarter from the head and the rest from 30 places. */
export function sampleOf(file: OpenFile, source: Sampled, columns: number): Row[] {
  const { sniffed, scanner, records } = source
  if (records <= SAMPLE_RECORDS && source.end - sniffed.dataStart <= WHOLE_BYTES) {
    return rowsAt(file, source, columns, { from: sniffed.dataStart, limit: SAMPLE_RECORDS, bytes: WHOLE_BYTES })
  }
  const head = SAMPLE_RECORDS / 4
  const rows = rowsAt(file, source, columns, { from: sniffed.dataStart, limit: head, bytes: HEAD_BYTES })
  const points = scanner.checkpoints.filter((point) => point < source.end)
  const places = Math.min(PLACES, points.length)
  const limit = Math.floor((SAMPLE_RECORDS - head) / Math.max(1, places))
  for (let place = 1; place <= places; place++) {
    const from = points[Math.floor((place * points.length) / (places + 1))] ?? source.end
    const next = points[Math.floor(((place + 1) * points.length) / (places + 1))] ?? source.end
    rows.push(...rowsAt(file, source, columns, { from, limit, bytes: Math.min(PLACE_BYTES, next - from) }))
  }
  return rows.slice(0, SAMPLE_RECORDS)
}

function rowsAt(file: OpenFile, source: Sampled, columns: number, part: Part): Row[] {
  const { encoding, padded, bad } = source
  const decode = cellDecoder(encoding)
  const rows: Row[] = []
  for (const { cells, broken, start } of recordsAt(file, source, part)) {
    const blank = cells.length === 1 && cells[0]?.trim() === ''
    const short = padded && cells.length < columns
    const fits = cells.length === columns || (cells.length === columns + 1 && cells.at(-1) === '') || short
    if (broken || blank || !fits || bad.has(part.from + start)) continue
    const row: (string | null)[] = []
    for (let index = 0; index < columns; index++) row.push(decode(cells[index] ?? ''))
    rows.push(row)
  }
  return rows
}

interface Part {
  readonly from: number
  readonly limit: number
  readonly bytes: number
}

function recordsAt(file: OpenFile, { sniffed, end, records }: Sampled, part: Part): readonly ParsedRecord[] {
  const stop = Math.min(end, part.from + part.bytes)
  if (stop <= part.from) return []
  const parsed = (until: number): readonly ParsedRecord[] => {
    const text = file.read(part.from, until).toString('latin1')
    return parseRecords(text, sniffed.dialect, { from: 0, limit: part.limit, complete: until === end })
  }
  // Cells are pieces of the text they were cut from, and keep all of it in memory.
  const usual = Math.ceil((end - sniffed.dataStart) / Math.max(1, records))
  const enough = part.from + part.limit * usual * ROOM
  if (enough >= stop) return parsed(stop)
  const found = parsed(enough)
  return found.length < part.limit ? parsed(stop) : found
}

/** Encodings in which a byte below 0x80 is its ASCII character, whatever stands before it. */
const OVER_ASCII: ReadonlySet<Encoding> = new Set(['utf-8', 'windows-1252', 'iso-8859-15', 'cp850', 'macintosh'])

/** Text of a cell of one character per byte; null for an empty one. */
function cellDecoder(encoding: Encoding): (cell: string) => string | null {
  const decode = decoder(encoding)
  const isOverAscii = OVER_ASCII.has(encoding)
  return (cell) => {
    if (cell === '') return null
    if (isOverAscii && isAscii(cell)) return cell
    const bytes = Buffer.from(cell, 'latin1')
    return encoding === 'utf-8' ? bytes.toString('utf8') : decode(bytes)
  }
}

function isAscii(cell: string): boolean {
  for (let at = 0; at < cell.length; at++) if (cell.charCodeAt(at) > 127) return false
  return true
}
