/**
 * What System > Data Transfer > Import with the behaviour "Add/Update" does to a shop on Magento 2: `CatalogImportExport`,
 * `AdvancedPricingImportExport` and `InventoryImportExport` of magento2, and Experience League's reference of product
 * attributes.
 */
import { ImportRefused, type Table } from './cells.ts'
import { Records } from './records.ts'

const EMPTY = '__EMPTY__VALUE__'
const PRICES = new Set(['price', 'special_price', 'cost', 'map_price', 'msrp_price'])
const DATES = new Set(['special_price_from_date', 'special_price_to_date', 'special_from_date', 'special_to_date'])
/** Columns of stock are not looked through for empty cells: what is empty is set to nothing. */
const STOCK = new Set(['qty', 'is_in_stock', 'allow_backorders', 'manage_stock', 'out_of_stock_qty'])

function findRow(records: Records, keys: readonly string[], values: readonly string[]): string[] | undefined {
  return records.rows.find((row) =>
    keys.every((key, position) => records.get(row, records.find(key)) === (values[position] ?? '')),
  )
}

function sameNumber(left: string, right: string): boolean {
  return left !== '' && right !== '' && Number(left) === Number(right)
}

function checkHeader(shop: Table, file: Table, required: readonly string[]): void {
  for (const name of required) if (!file.header.includes(name)) throw new ImportRefused(`column ${name} is missing`)
  for (const name of file.header) if (!shop.header.includes(name)) throw new ImportRefused(`column ${name} is unknown`)
}

function productCell(name: string, text: string, shown: string): string {
  if (text === EMPTY) return ''
  if (STOCK.has(name)) return sameNumber(text || '0', shown) ? shown : String(Number(text || 0))
  if (text === '') return shown
  if (PRICES.has(name)) {
    if (!/^\d+(\.\d+)?$/.test(text)) throw new ImportRefused(`'${text}' is no price`)
    return sameNumber(text, shown) ? shown : text
  }
  if (DATES.has(name)) {
    // Read by the language of the administrator unless the year comes first; the time is dropped.
    const day = /^(\d{4}-\d{2}-\d{2})( .*)?$/.exec(text)?.[1]
    if (day === undefined) throw new ImportRefused(`'${text}' means different days in different languages`)
    return day
  }
  if (name === 'product_online' && text !== '1' && text !== '2') throw new ImportRefused(`'${text}' is no status`)
  return text
}

/** The catalogue after an import of products. */
export function importMagentoProducts(shop: Table, file: Table): Table {
  checkHeader(shop, file, ['sku'])
  const records = new Records(shop)
  const incoming = new Records(file)
  const views = records.find('store_view_code') < 0 ? ['sku'] : ['sku', 'store_view_code']
  for (const row of incoming.rows) {
    const key = views.map((name) => incoming.get(row, incoming.find(name)))
    const target = findRow(records, views, key)
    if (target === undefined) throw new ImportRefused(`a new product ${key.join(' / ')} came into being`)
    for (const [position, name] of incoming.header.entries()) {
      if (views.includes(name)) continue
      const at = records.find(name)
      target[at] = productCell(name, incoming.get(row, position), records.get(target, at))
    }
  }
  return records.table()
}

const TIER = ['sku', 'tier_price_website', 'tier_price_customer_group', 'tier_price_qty']

/** The tier prices after an import of advanced pricing. */
export function importMagentoTierPrices(shop: Table, file: Table): Table {
  checkHeader(shop, file, [...TIER, 'tier_price'])
  const records = new Records(shop)
  const incoming = new Records(file)
  const type = incoming.find('tier_price_value_type')
  const price = incoming.find('tier_price')
  for (const row of incoming.rows) {
    const key = TIER.map((name) => incoming.get(row, incoming.find(name)))
    const target = findRow(records, TIER, key)
    if (target === undefined) throw new ImportRefused(`a new tier price ${key.join(' / ')} came into being`)
    const at = records.find('tier_price')
    const text = incoming.get(row, price)
    if (!/^\d+(\.\d+)?$/.test(text)) throw new ImportRefused(`'${text}' is no price`)
    if (!sameNumber(text, records.get(target, at))) target[at] = text
    // Without its kind a tier price is a fixed one.
    const shown = records.find('tier_price_value_type')
    if (shown >= 0) target[shown] = type < 0 ? 'Fixed' : incoming.get(row, type)
  }
  return records.table()
}

/** The quantities after an import of stock sources. */
export function importMagentoSources(shop: Table, file: Table): Table {
  checkHeader(shop, file, ['source_code', 'sku', 'status', 'quantity'])
  const records = new Records(shop)
  const incoming = new Records(file)
  for (const row of incoming.rows) {
    const key = ['source_code', 'sku'].map((name) => incoming.get(row, incoming.find(name)))
    const target = findRow(records, ['source_code', 'sku'], key)
    if (target === undefined) throw new ImportRefused(`a new source item ${key.join(' / ')} came into being`)
    const [status, quantity] = ['status', 'quantity'].map((name) => incoming.get(row, incoming.find(name)))
    if (!/^[01]$/.test(status ?? '') || !/^-?\d+(\.\d+)?$/.test(quantity ?? '')) {
      throw new ImportRefused(`a source item of ${key.join(' / ')} without status or quantity`)
    }
    target[records.find('status')] = status ?? ''
    const at = records.find('quantity')
    if (!sameNumber(quantity ?? '', records.get(target, at))) target[at] = quantity ?? ''
  }
  return records.table()
}
