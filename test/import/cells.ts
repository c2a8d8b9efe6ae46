/** A table as an import sees it: texts by position, nothing interpreted. */
import { parse } from 'csv-parse/sync'
import { decoder } from '../../src/ingest/read/encoding.ts'

export interface Table {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** The import as a whole did not happen, and says why. */
export class ImportRefused extends Error {}

/** What a platform does where nobody says what it does: tests try both. */
export interface Reading {
  /** A blank cell of a column that is there. */
  readonly blank: 'erases' | 'keeps'
}

export interface Dialect {
  readonly delimiter: string
  readonly encoding?: 'utf-8' | 'windows-1252'
  /** Quotation marks are characters like any other. */
  readonly quotes?: false
}

/** @throws ImportRefused for a NUL, bytes of another encoding and rows of another length than the header. */
export function readTable(bytes: Uint8Array, { delimiter, encoding = 'utf-8', quotes }: Dialect): Table {
  // Some versions of Node take Windows-1252 for Latin-1.
  const text = encoding === 'utf-8' ? new TextDecoder('utf-8', { fatal: true }).decode(bytes) : decoder(encoding)(bytes)
  if (text.includes('\0')) throw new ImportRefused('a NUL')
  const records: string[][] = parse(text, {
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    ...(quotes === false ? { quote: false as const } : {}),
  })
  const [header = [], ...rows] = records
  for (const row of rows) {
    if (row.length !== header.length) {
      throw new ImportRefused(`a row of ${row.length} cells under ${header.length} headers`)
    }
  }
  if (new Set(header).size !== header.length) throw new ImportRefused('a header twice')
  return { header, rows }
}

/** Position of a header; refuses a table without it. */
export function need(table: Table, header: string): number {
  const position = table.header.indexOf(header)
  if (position < 0) throw new ImportRefused(`no column ${header}`)
  return position
}

export interface CellDifference {
  readonly row: number
  readonly header: string
  readonly from: string
  readonly to: string
}

/** Cells that differ, by position; rows that came or went are differences of every cell. */
export function compareTables(before: Table, after: Table): readonly CellDifference[] {
  const header = [...new Set([...before.header, ...after.header])]
  const cell = (table: Table, row: number, name: string): string => {
    const position = table.header.indexOf(name)
    return position < 0 ? '' : (table.rows[row]?.[position] ?? '')
  }
  const differences: CellDifference[] = []
  for (let row = 0; row < Math.max(before.rows.length, after.rows.length); row++) {
    for (const name of header) {
      const [from, to] = [cell(before, row, name), cell(after, row, name)]
      if (from !== to) differences.push({ row, header: name, from, to })
    }
  }
  return differences
}

/** A copy that can be written to. */
export function copyRows(table: Table): string[][] {
  return table.rows.map((row) => [...row])
}
