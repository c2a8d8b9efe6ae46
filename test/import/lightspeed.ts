/**
 * What Lightspeed Retail (X-Series) does with a products file: a row without `id` is a new product, one with it changes that
 * product; `name` is mandatory (support.vendhq.com 4650130313487). Columns that are not there are left alone; a blank cell
 * erases or keeps, as a test says.
 */
import { copyRows, ImportRefused, need, type Reading, readTable, type Table } from './cells.ts'

export function importLightspeed(catalogue: Table, file: Uint8Array, { blank }: Reading): Table {
  const table = readTable(file, { delimiter: ',' })
  const [id, name] = [need(table, 'id'), need(table, 'name')]
  const rows = copyRows(catalogue)
  const byId = new Map(rows.map((row) => [row[need(catalogue, 'id')] ?? '', row]))
  for (const line of table.rows) {
    if ((line[name] ?? '') === '') throw new ImportRefused('no name')
    const target = line[id] === '' ? undefined : byId.get(line[id] ?? '')
    if (target === undefined) {
      rows.push(catalogue.header.map((header) => line[table.header.indexOf(header)] ?? ''))
      continue
    }
    for (const [position, header] of table.header.entries()) {
      const value = line[position] ?? ''
      if (/_price$|^inventory_/.test(header) && !/^(?:-?\d+(?:\.\d+)?)?$/.test(value)) {
        throw new ImportRefused(`${header}: ${value}`)
      }
      if (header === 'active' && !/^[01]$/.test(value)) throw new ImportRefused(`${header}: ${value}`)
      if (value !== '' || blank === 'erases') target[need(catalogue, header)] = value
    }
  }
  return { header: catalogue.header, rows }
}
