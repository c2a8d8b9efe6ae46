/** Parts that every reader puts its tables together from. */
import { literal } from '../../engine/engine.ts'
import type { QuarantinedRecord } from '../../model/report.ts'

const RAW_CHARACTERS = 200
/** A smaller longest line than DuckDB's default slows it down: it reads 16 of them at a time, and each thread takes 4. */
const LEAST_LINE_BYTES = 2_097_152
const MOST_LINE_BYTES = 3 * LEAST_LINE_BYTES
const LINES_PER_PIECE = 4
/** DuckDB's tables are groups of 122,880 rows. Of pieces with fewer rows it makes groups by writing them a second time. */
const PIECE_ROWS = 128_000

export const SAMPLE_RECORDS = 10_000

export interface CsvRelation {
  readonly path: string
  readonly columns: number
  /** Columns behind those with a header, always empty. */
  readonly extra: number
  readonly skip: number
  readonly delimiter: string
  readonly quote: string | null
  readonly newline: string
  /** Whether line ends of both kinds occur. */
  readonly mixedLines: boolean
  readonly maxRecordBytes: number
  /** Of the file, and how many records these are. */
  readonly bytes: number
  readonly records: number
  readonly parallel: boolean
}

/** SQL that reads a regular UTF-8 file: text columns, NULL for empty cells. */
export function csvRelation(csv: CsvRelation): string {
  const names = Array.from({ length: csv.columns + csv.extra }, (_, index) => `c${index}`)
  const options = [
    literal(csv.path),
    'auto_detect=false',
    'header=false',
    `skip=${csv.skip}`,
    `delim=${literal(csv.delimiter)}`,
    `quote=${literal(csv.quote ?? '')}`,
    `escape=${literal(csv.quote ?? '')}`,
    "nullstr=''",
    csv.mixedLines ? 'strict_mode=false' : `new_line=${literal(csv.newline.replace('\r', '\\r').replace('\n', '\\n'))}`,
    `max_line_size=${Math.max(LEAST_LINE_BYTES, csv.maxRecordBytes + 65_536, groupLineBytes(csv))}`,
    `columns={${names.map((name) => `'${name}':'VARCHAR'`).join(',')}}`,
    ...(csv.parallel ? [] : ['parallel=false']),
  ]
  const read = `read_csv(${options.join(', ')})`
  return csv.extra === 0 ? read : `(SELECT ${names.slice(0, csv.columns).join(', ')} FROM ${read})`
}

/** The longest line to name so that a piece is a group of rows; 0 for files that have too few of them or too long ones. */
function groupLineBytes({ bytes, records, parallel }: CsvRelation): number {
  const piece = (bytes / Math.max(1, records)) * PIECE_ROWS
  const line = Math.ceil(piece / LINES_PER_PIECE)
  return parallel && bytes > 2 * piece && line <= MOST_LINE_BYTES ? line : 0
}

/** A header text as reports and SQL can carry it. */
export function columnName(text: string): string {
  return text.replaceAll(/[\0\p{Surrogate}]/gu, '').trim()
}

/** Cuts the raw text of a record to what a report shows. */
export function rawText(text: string): string {
  return text.length <= RAW_CHARACTERS
    ? text
    : Array.from(text.slice(0, RAW_CHARACTERS * 2))
        .slice(0, RAW_CHARACTERS)
        .join('')
}

/**
 * Record number of the k-th row that was kept.
 *
 * @param quarantined - In ascending order of `row`.
 */
export function recordNumbers(quarantined: readonly QuarantinedRecord[]): (ordinal: number) => number {
  // The i-th quarantined record has row - i - 1 kept records before it: from there on numbers move by one more.
  const kept = quarantined.map((record, index) => record.row - index - 1)
  return (ordinal) => {
    let low = 0
    let high = kept.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((kept[middle] ?? 0) <= ordinal) low = middle + 1
      else high = middle
    }
    return ordinal + 1 + low
  }
}

/** Keeps up to {@link SAMPLE_RECORDS} rows of a stream of unknown length, evenly spread. */
export class Sampler<Row> {
  rows: Row[] = []
  #stride = 1
  #seen = 0

  add(row: Row): void {
    if (this.#seen++ % this.#stride !== 0) return
    this.rows.push(row)
    if (this.rows.length < SAMPLE_RECORDS) return
    this.rows = this.rows.filter((_, index) => index % 2 === 0)
    this.#stride *= 2
  }
}
