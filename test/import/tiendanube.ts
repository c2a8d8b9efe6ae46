/**
 * What Tiendanube does with a products file, taken at its worst: a product is found by the identifier of its URL and a
 * variant by its property values; an unknown or blank identifier makes a new product; variants that the file lacks go; a
 * blank cell erases or keeps, as a test says; columns that are not there are left alone.
 */
import { copyRows, ImportRefused, need, type Reading, readTable, type Table } from './cells.ts'

const HANDLE = 'Identificador de URL'
const PROPERTY = /^Valor de propiedad \d$/
const OF_PRODUCT = /^(?:Nombre|Descripción|Marca|Mostrar en tienda)$/
const MONEY = /^(?:Precio|Precio promocional|Costo)$/

interface Variant {
  readonly row: string[]
  readonly key: string
  readonly handle: string
  readonly first: boolean
}

/** Identifiers are carried down to rows without one; a blank one with a name is a product without. */
function variants(table: Table, rows: string[][]): readonly Variant[] {
  const [handle, name] = [need(table, HANDLE), need(table, 'Nombre')]
  const properties = table.header.flatMap((header, position) => (PROPERTY.test(header) ? [position] : []))
  let current = ''
  const seen = new Set<string>()
  return rows.map((row) => {
    const own = row[handle] ?? ''
    if (own !== '' || (row[name] ?? '') !== '') current = own
    const first = !seen.has(current)
    seen.add(current)
    return { row, first, handle: current, key: properties.map((position) => row[position]).join('\u0001') }
  })
}

export function importTiendanube(
  shop: Table,
  file: Uint8Array,
  { blank, encoding }: Reading & { readonly encoding: 'utf-8' | 'windows-1252' },
): Table {
  const table = readTable(file, { delimiter: ';', encoding })
  for (const header of shop.header) {
    if (PROPERTY.test(header) && !table.header.includes(header)) throw new ImportRefused(`no column ${header}`)
  }
  const unknown = table.header.find((header) => !shop.header.includes(header))
  if (unknown !== undefined) throw new ImportRefused(`column ${unknown}`)
  const rows = copyRows(shop)
  const existing = variants(shop, rows)
  const brought = variants(table, copyRows(table))
  const kept = new Set<string[]>()
  const touched = new Set(brought.map(({ handle }) => handle))
  for (const { row, handle, key, first } of brought) {
    const target = existing.find((variant) => handle !== '' && variant.handle === handle && variant.key === key)
    if (target === undefined) {
      rows.push(shop.header.map((header) => row[table.header.indexOf(header)] ?? ''))
      continue
    }
    kept.add(target.row)
    for (const [position, header] of table.header.entries()) {
      const value = row[position] ?? ''
      if (MONEY.test(header) && !/^\d*(?:\.\d+)?$|^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(value)) {
        throw new ImportRefused(`${header}: ${value}`)
      }
      if (header === HANDLE || PROPERTY.test(header) || (OF_PRODUCT.test(header) && !first)) continue
      if (value !== '' || blank === 'erases') target.row[shop.header.indexOf(header)] = value
    }
  }
  const gone = new Set(
    existing.filter(({ row, handle }) => touched.has(handle) && !kept.has(row)).map(({ row }) => row),
  )
  return { header: shop.header, rows: rows.filter((row) => !gone.has(row)) }
}
