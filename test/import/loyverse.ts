/**
 * What Loyverse does with an items file (help.loyverse.com/help/importing-and-exporting), taken at its worst: an item is
 * found by its handle and a variant by its SKU, else they are new; variants that the file lacks go, columns that it lacks
 * are emptied; a blank cell erases or keeps, as a test says. Money has a point and no sign of a currency.
 */
import { copyRows, ImportRefused, need, type Reading, readTable, type Table } from './cells.ts'

export function importLoyverse(list: Table, file: Uint8Array, { blank }: Reading): Table {
  const table = readTable(file, { delimiter: ',' })
  const [handle, sku] = [need(table, 'Handle'), need(table, 'SKU')]
  const rows = copyRows(list)
  const [ownHandle, ownSku] = [need(list, 'Handle'), need(list, 'SKU')]
  const touched = new Set(table.rows.map((row) => row[handle] ?? ''))
  const kept = new Set<string[]>()
  refuseNamedVariants(table)
  for (const line of table.rows) {
    const target = rows.find((row) => row[ownHandle] === line[handle] && row[ownSku] === line[sku] && !kept.has(row))
    if (target === undefined || line[handle] === '' || line[sku] === '') {
      const created = list.header.map((header) => line[table.header.indexOf(header)] ?? '')
      kept.add(created)
      rows.push(created)
      continue
    }
    kept.add(target)
    for (const [position, header] of list.header.entries()) {
      const value = line[table.header.indexOf(header)] ?? ''
      if (/^(?:Price|Cost|Default price|In stock)/.test(header) && !/^(?:variable|(?:-?\d+(?:\.\d+)?)?)$/.test(value)) {
        throw new ImportRefused(`${header}: ${value}`)
      }
      if (value !== '' || blank === 'erases') target[position] = value
    }
  }
  return { header: list.header, rows: rows.filter((row) => kept.has(row) || !touched.has(row[ownHandle] ?? '')) }
}

/** Name, category and description stand on an item's first record alone. */
function refuseNamedVariants(table: Table): void {
  const handle = need(table, 'Handle')
  const seen = new Set<string>()
  for (const row of table.rows) {
    const own = row[handle] ?? ''
    const said = ['Name', 'Category', 'Description'].filter((header) => row[table.header.indexOf(header)])
    if (seen.has(own) && said.length > 0) throw new ImportRefused(`a variant of ${own} has a name`)
    seen.add(own)
  }
}
