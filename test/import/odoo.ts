/**
 * What Odoo does with a CSV import (odoo/documentation, export and import data): a known external id changes the record,
 * an unknown one creates it; columns that are not there are left alone, an empty cell empties the field; the decimal mark
 * is found by looking at the column. Fields of a template are those of all its variants.
 */
import { copyRows, ImportRefused, need, readTable, type Table } from './cells.ts'

const OF_TEMPLATE = /^(?:name|list_price|lst_price|sale_ok|is_published|website_published|available_in_pos)$/
const AMOUNT = /^(?:list_price|lst_price|standard_price|inventory_quantity)$/
const FLAG = /^(?:active|sale_ok|is_published|website_published|available_in_pos)$/
const TEXT = /^(?:default_code|barcode|name)$/

/** A column with points and nothing but groups of three behind them has thousands, as far as one can see. */
function readColumn(values: readonly string[]): (value: string) => string {
  const filled = values.filter((value) => value !== '')
  const thousands = (mark: string): boolean =>
    filled.some((value) => value.includes(mark)) &&
    filled.every((value) => !value.includes(mark) || new RegExp(`^-?\\d{1,3}(?:\\${mark}\\d{3})+$`).test(value))
  if (thousands('.')) return (value) => value.replaceAll('.', '')
  if (filled.some((value) => value.includes(','))) return (value) => value.replaceAll('.', '').replace(',', '.')
  return (value) => value
}

/** `quants`: the counts are applied afterwards, and become the quantity. */
export function importOdoo(model: Table, file: Uint8Array, quants = false): Table {
  const table = readTable(file, { delimiter: ',' })
  const id = need(table, 'id')
  const own = need(model, 'id')
  const template = ['product_tmpl_id/id', 'product_tmpl_id/.id', 'product_tmpl_id'].find((header) =>
    model.header.includes(header),
  )
  const rows = copyRows(model)
  const byId = new Map(rows.filter((row) => row[own] !== '').map((row) => [row[own] ?? '', row]))
  for (const [position, header] of table.header.entries()) {
    if (header === 'id') continue
    if (!AMOUNT.test(header) && !FLAG.test(header) && !TEXT.test(header)) throw new ImportRefused(`field ${header}`)
    const read = AMOUNT.test(header) ? readColumn(table.rows.map((row) => row[position] ?? '')) : String
    const target = need(model, quants && header === 'inventory_quantity' ? 'quantity' : header)
    for (const line of table.rows) {
      const value = read(line[position] ?? '')
      if (FLAG.test(header) && !/^(?:True|False)$/.test(value)) throw new ImportRefused(`${header}: ${value}`)
      if (AMOUNT.test(header) && !/^(?:-?\d+(?:\.\d+)?)?$/.test(value)) throw new ImportRefused(`${header}: ${value}`)
      const record = byId.get(line[id] ?? '')
      if (record === undefined) throw new ImportRefused(`creates ${line[id]}`)
      record[target] = value
      if (template === undefined || !OF_TEMPLATE.test(header)) continue
      const key = record[need(model, template)]
      for (const row of rows) if (key !== '' && row[need(model, template)] === key) row[target] = value
    }
  }
  return { header: model.header, rows }
}
