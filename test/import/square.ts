/**
 * What Square does with an item library file under «edit item library»: squareup.com/help, articles 5153 and 5820. A row
 * without a token is a new item; items that are not in the file stay; only `New Quantity` is written as a count. Taken at
 * its worst: what is left out or blank is erased where a test says so, and variations that the file lacks go.
 */
import { copyRows, ImportRefused, need, type Reading, readTable, type Table } from './cells.ts'

export function importSquare(library: Table, file: Uint8Array, { blank }: Reading): Table {
  const table = readTable(file, { delimiter: ',' })
  const token = need(table, 'Token')
  const item = need(table, 'Item Name')
  const rows = copyRows(library)
  const own = need(library, 'Token')
  const byToken = new Map(rows.map((row) => [row[own] ?? '', row]))
  const items = new Set(table.rows.map((row) => row[item] ?? ''))
  const kept = new Set<string[]>()
  refuseSplitItems(table)
  for (const line of table.rows) {
    const target = line[token] === '' ? undefined : byToken.get(line[token] ?? '')
    if (target === undefined) {
      rows.push(library.header.map((header) => line[table.header.indexOf(header)] ?? ''))
      continue
    }
    kept.add(target)
    for (const [position, header] of library.header.entries()) {
      if (/^(?:Token$|Current Quantity |New Quantity )/.test(header)) continue
      const value = line[table.header.indexOf(header)] ?? ''
      if (/^(?:Price|Online Sale Price|Default Unit Cost)$/.test(header) && !/^\D?[\d,]*(?:\.\d+)?$/.test(value)) {
        throw new ImportRefused(`${header}: ${value}`)
      }
      if (/^(?:Archived|Sellable)$/.test(header) && !/^[YN]?$/.test(value))
        throw new ImportRefused(`${header}: ${value}`)
      if (value !== '' || blank === 'erases') target[position] = value
    }
    for (const [position, header] of table.header.entries()) {
      const [, location] = /^New Quantity (.+)$/.exec(header) ?? []
      const count = line[position] ?? ''
      if (location === undefined || count === '') continue
      if (!/^-?\d+(?:\.\d{1,5})?$/.test(count)) throw new ImportRefused(`${header}: ${count}`)
      target[need(library, `Current Quantity ${location}`)] = count
    }
  }
  const name = need(library, 'Item Name')
  return {
    header: library.header,
    rows: rows.filter((row) => kept.has(row) || !byToken.has(row[own] ?? '') || !items.has(row[name] ?? '')),
  }
}

/** What belongs to the item is said by all of its rows, or by none that can be believed. */
function refuseSplitItems(table: Table): void {
  const name = need(table, 'Item Name')
  for (const header of ['Description', 'Archived', 'Square Online Item Visibility']) {
    const position = table.header.indexOf(header)
    const said = new Map<string, string>()
    for (const row of position < 0 ? [] : table.rows) {
      const [item, cell] = [row[name] ?? '', row[position] ?? '']
      if ((said.get(item) ?? cell) !== cell) throw new ImportRefused(`two values of ${header} for ${item}`)
      said.set(item, cell)
    }
  }
}
