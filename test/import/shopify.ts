/**
 * What an import does to a shop on Shopify, in the words of its help ("Using CSV files to import and export products",
 * "Inventory CSV file") and taken at its worst where they leave something open: variants that a file leaves out are gone.
 */
import { ImportRefused, type Table } from './cells.ts'
import { Records } from './records.ts'

/** Columns whose values belong to a variant; all others to its product. */
const OF_VARIANT =
  /^(variant |sku$|barcodes?$|price$|compare-at price$|cost per item$|charge tax$|tax code$|inventory |continue selling|weight |fulfillment|requires shipping|option[123] (value|linked to)$)/i
const KEY = /^(url )?handle$/i
const OPTION_NAME = /^option[123] name$/i

interface Product {
  readonly handle: string
  readonly rows: string[][]
}

function productsOf(records: Records): readonly Product[] {
  const handleAt = records.find(KEY)
  const products: Product[] = []
  for (const row of records.rows) {
    const handle = records.get(row, handleAt) || (products.at(-1)?.handle ?? '')
    const known = products.find((product) => product.handle === handle)
    if (known === undefined) products.push({ handle, rows: [row] })
    else known.rows.push(row)
  }
  return products
}

/** The values by which Shopify knows a variant again. */
function optionsOf(records: Records, row: readonly string[]): string {
  return [1, 2, 3]
    .map((n) => records.get(row, records.find(new RegExp(`^option${n} value$`, 'i'))))
    .filter((value) => value !== '')
    .join(' / ')
}

function isVariantRow(records: Records, row: readonly string[]): boolean {
  const columns = [/^title$/i, /^(variant )?sku$/i, /^(variant )?price$/i, /^option1 value$/i]
  return columns.some((column) => records.get(row, records.find(column)) !== '')
}

/** The catalogue after an import with "Overwrite products with matching handles". */
export function importShopifyProducts(shop: Table, file: Table): Table {
  const records = new Records(shop)
  const incoming = new Records(file)
  for (const name of file.header) {
    if (!shop.header.includes(name)) throw new ImportRefused(`header '${name}' is not one of this shop's`)
  }
  if (incoming.find(KEY) < 0 || incoming.find(/^title$/i) < 0)
    throw new ImportRefused('an update needs Handle and Title')
  const known = productsOf(records)
  const gone = new Set<readonly string[]>()
  for (const product of productsOf(incoming)) {
    const target = known.find(({ handle }) => handle === product.handle)
    if (target === undefined) throw new ImportRefused(`a new product ${product.handle} came into being`)
    if (product.rows.every((row) => incoming.get(row, incoming.find(/^title$/i)) === '')) {
      throw new ImportRefused(`${product.handle} has no title`)
    }
    overwriteProduct(records, target, incoming, product)
    for (const row of overwriteVariants(records, target, incoming, product)) gone.add(row)
  }
  return { header: shop.header, rows: records.rows.filter((row) => !gone.has(row)) }
}

function overwriteProduct(records: Records, target: Product, incoming: Records, product: Product): void {
  const [shown] = target.rows
  const [first] = product.rows
  if (shown === undefined || first === undefined) return
  for (const [position, name] of incoming.header.entries()) {
    if (KEY.test(name) || (OF_VARIANT.test(name) && !OPTION_NAME.test(name))) continue
    const at = records.find(name)
    const value = incoming.get(first, position)
    for (const row of target.rows) {
      // Other rows of the product show its values only where the export repeats them.
      if (row === shown || records.get(row, at) !== '') row[at] = value
    }
  }
  // Without the column, or with an empty cell, a product becomes active.
  const status = records.find(/^status$/i)
  const sent = incoming.find(/^status$/i)
  if (status >= 0 && (sent < 0 || incoming.get(first, sent) === '')) shown[status] = 'active'
}

/** Rows of the shop whose variants the import removes. */
function overwriteVariants(
  records: Records,
  target: Product,
  incoming: Records,
  product: Product,
): readonly (readonly string[])[] {
  const columns = incoming.header.filter((name) => OF_VARIANT.test(name))
  const shownVariants = target.rows.filter((row) => isVariantRow(records, row))
  if (columns.length === 0) return []
  if (incoming.find(/^option1 name$/i) < 0 || incoming.find(/^option1 value$/i) < 0) return shownVariants
  const sent = new Map(
    product.rows.filter((row) => isVariantRow(incoming, row)).map((row) => [optionsOf(incoming, row), row]),
  )
  const gone = shownVariants.filter((row) => !sent.has(optionsOf(records, row)))
  for (const [options, row] of sent) {
    const shown = shownVariants.find((candidate) => optionsOf(records, candidate) === options)
    if (shown === undefined) throw new ImportRefused(`a new variant ${options} of ${product.handle} came into being`)
    for (const name of columns) shown[records.find(name)] = incoming.get(row, incoming.find(name))
  }
  return gone
}

/** Stock after an import of the inventory file: `On hand (new)` alone is read. */
export function importShopifyInventory(shop: Table, file: Table): Table {
  const records = new Records(shop)
  const incoming = new Records(file)
  const target = incoming.find('On hand (new)')
  if (target < 0) throw new ImportRefused('no column On hand (new)')
  const keyOf = (source: Records, row: readonly string[]): string =>
    JSON.stringify([
      source.get(row, source.find(KEY)),
      optionsOf(source, row),
      source.get(row, source.find(/^location$/i)),
    ])
  const byKey = new Map(records.rows.map((row) => [keyOf(records, row), row]))
  for (const row of incoming.rows) {
    const text = incoming.get(row, target).trim()
    const shown = byKey.get(keyOf(incoming, row))
    if (shown === undefined) throw new ImportRefused(`no variant at that location: ${row.join(',')}`)
    if (text === '') continue
    if (!/^-?\d+$/.test(text)) throw new ImportRefused(`'${text}' is no quantity`)
    setOnHand(records, shown, Number(text))
  }
  return records.table()
}

function setOnHand(records: Records, row: string[], quantity: number): void {
  const number = (column: RegExp): number => Number(records.get(row, records.find(column)) || 0)
  const held = number(/^committed/i) + number(/^unavailable/i)
  const current = records.find('On hand (current)')
  const fresh = records.find('On hand (new)')
  const available = records.find(/^available/i)
  // Where the file has no committed pieces, what is sold but not sent shows in the difference of the two old figures.
  const other =
    records.find(/^committed/i) < 0 ? Number(records.get(row, fresh)) - Number(records.get(row, available)) : held
  if (current >= 0) row[current] = String(quantity)
  if (fresh >= 0 && (current < 0 || records.get(row, fresh) !== '')) row[fresh] = String(quantity)
  if (available >= 0) row[available] = String(quantity - other)
}
