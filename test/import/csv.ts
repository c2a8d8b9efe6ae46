/**
 * A till or shop that takes a table of its own back: records are found by a key column, and every cell of a record that is
 * found takes the text that the file has for it. Records that are not in the file stay as they are.
 */
import { ImportRefused, need, readTable, type Table } from './cells.ts'

export interface CsvForm {
  readonly delimiter: string
  readonly encoding?: 'utf-8' | 'windows-1252'
  readonly key: string
}

export function importCsv(export_: Uint8Array, file: Uint8Array, form: CsvForm): Table {
  const before = readTable(export_, form)
  const fix = readTable(file, form)
  const key = need(before, form.key)
  const own = need(fix, form.key)
  const rows = before.rows.map((row) => [...row])
  for (const record of fix.rows) {
    const found = rows.filter((row) => row[key] === record[own])
    const [row] = found
    if (row === undefined || found.length > 1) throw new ImportRefused(`${found.length} records of ${record[own]}`)
    for (const [position, header] of fix.header.entries()) row[need(before, header)] = record[position] ?? ''
  }
  return { header: before.header, rows }
}

export function csvText({ header, rows }: Table, delimiter: string): string {
  const cell = (text: string): string =>
    /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text
  return [header, ...rows].map((row) => `${row.map(cell).join(delimiter)}\n`).join('')
}
