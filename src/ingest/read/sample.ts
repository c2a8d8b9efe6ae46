/** Records for votes, from the head of a file and from places all over it. */
import type { OpenFile } from './disk.ts'
import { decoder, type Encoding } from './encoding.ts'
import { parseRecords } from './parse-records.ts'
import type { Scanner } from './scan.ts'
import type { Sniffed } from './sniff.ts'
import { SAMPLE_RECORDS } from './table.ts'

const PLACES = 30
const WHOLE_BYTES = 32 << 20
const HEAD_BYTES = 2 << 20
const PLACE_BYTES = 1 << 20

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

function rowsAt(
  file: OpenFile,
  { sniffed, encoding, end, padded, bad }: Sampled,
  columns: number,
  part: { readonly from: number; readonly limit: number; readonly bytes: number },
): Row[] {
  const stop = Math.min(end, part.from + part.bytes)
  if (stop <= part.from) return []
  const text = file.read(part.from, stop).toString('latin1')
  const decode = decoder(encoding)
  const rows: Row[] = []
  const options = { from: 0, limit: part.limit, complete: stop === end }
  for (const { cells, broken, start } of parseRecords(text, sniffed.dialect, options)) {
    const blank = cells.length === 1 && cells[0]?.trim() === ''
    const short = padded && cells.length < columns
    const fits = cells.length === columns || (cells.length === columns + 1 && cells.at(-1) === '') || short
    if (broken || blank || !fits || bad.has(part.from + start)) continue
    rows.push(Array.from({ length: columns }, (_, index) => decoded(cells[index] ?? '', encoding, decode)))
  }
  return rows
}

function decoded(cell: string, encoding: Encoding, decode: (bytes: Uint8Array) => string): string | null {
  if (cell === '') return null
  const bytes = Buffer.from(cell, 'latin1')
  return encoding === 'utf-8' ? bytes.toString('utf8') : decode(bytes)
}
