/** What a program does that takes a table as an update by a key column: every cell of a record that it knows is set. */
import { copyRows, type Dialect, ImportRefused, need, readTable, type Table } from './cells.ts'

export function importByKey(list: Table, file: Uint8Array, key: string, dialect: Dialect): Table {
  const table = readTable(file, dialect)
  if (table.header.join('\u0001') !== list.header.join('\u0001')) throw new ImportRefused('another header')
  const position = need(list, key)
  const rows = copyRows(list)
  const byKey = new Map(rows.map((row, index) => [row[position] ?? '', index]))
  for (const line of table.rows) {
    const index = byKey.get(line[position] ?? '')
    if (index === undefined) throw new ImportRefused(`no ${key} ${line[position]}`)
    rows[index] = [...line]
  }
  return { header: list.header, rows }
}
