/**
 * What an import with "Update existing products" does to a shop on WooCommerce, as its importer is written: the parsing of
 * `class-wc-product-csv-importer.php`, the setting of `abstract-wc-product-importer.php` and `abstract-wc-data.php`, and
 * what saving a product evens out (`validate_props`).
 */
import { ImportRefused, type Table } from './cells.ts'
import { Records } from './records.ts'

/** Headers that the importer assigns by itself, in the languages that the tests use. */
const ASSIGNED: Readonly<Record<string, RegExp>> = {
  id: /^id$/i,
  sku: /^sku$/i,
  global_unique_id: /^gtin, upc, ean,? (or|o) isbn$/i,
  name: /^(name|nombre)$/i,
  published: /^(published|publicado)$/i,
  date_on_sale_from: /^(date sale price starts|día en que empieza el precio rebajado)$/i,
  date_on_sale_to: /^(date sale price ends|día en que termina el precio rebajado)$/i,
  stock_status: /^(in stock\?|¿existencias\?|¿en inventario\?)$/i,
  stock_quantity: /^(stock|inventario)$/i,
  low_stock_amount: /^(low stock amount|cantidad de bajo inventario)$/i,
  backorders: /^(backorders allowed\?|¿permitir reservas de productos agotados\?)$/i,
  sale_price: /^(sale price|precio rebajado)$/i,
  regular_price: /^(regular price|precio normal)$/i,
}

interface Shop {
  readonly records: Records
  /** Decimal mark of the shop, as its export shows it. */
  readonly mark: ',' | '.'
}

function openShop(table: Table): Shop {
  const records = new Records(table)
  const prices = ['regular_price', 'sale_price'].map((name) => columnOf(records, name))
  const hasComma = records.rows.some((row) => prices.some((at) => records.get(row, at).includes(',')))
  return { records, mark: hasComma ? ',' : '.' }
}

function columnOf(records: Records, name: string): number {
  return records.find(ASSIGNED[name] ?? /^$/)
}

function targetOf(shop: Shop, incoming: Records, row: readonly string[]): string[] {
  for (const key of ['id', 'sku']) {
    const sent = incoming.get(row, columnOf(incoming, key))
    const at = columnOf(shop.records, key)
    const found = sent === '' ? undefined : shop.records.rows.find((one) => shop.records.get(one, at) === sent)
    if (found !== undefined) return found
  }
  throw new ImportRefused(`no matching product exists to update: ${row.join(',')}`)
}

/** `wc_format_decimal`: the shop's mark becomes a point, the last point counts, everything else goes. */
function parseDecimal(text: string, mark: ',' | '.'): string {
  const pointed = mark === ',' ? text.replaceAll(',', '.') : text
  return pointed.replace(/\.(?![^.]+$)|[^0-9.-]/g, '')
}

/** Only a date that begins with its year counts, and of it the day alone; the rest is null, which changes nothing. */
function parseDate(text: string): string | null {
  return /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([ 01-9:]*)$/.test(text) ? (text.split(' ')[0] ?? null) : null
}

function parseStatus(text: string): string {
  return text === '1' || text === '0' ? text : '-1'
}

function parseBackorders(text: string): string {
  return text === '1' || text === 'notify' ? text : '0'
}

const withoutGuard = (text: string): string => (/^'[=+\-@\t\r]/.test(text) ? text.slice(1) : text)

/** Column of the export and the cell it shows after the import; null where nothing is set. */
function cellAfter(shop: Shop, name: string, text: string, shown: string): string | null {
  switch (name) {
    case 'regular_price':
    case 'sale_price': {
      const price = parseDecimal(text, shop.mark)
      return Number(price) === Number(parseDecimal(shown, shop.mark)) && (price === '') === (shown === '')
        ? shown
        : price.replace('.', shop.mark)
    }
    case 'date_on_sale_from':
    case 'date_on_sale_to': {
      const day = parseDate(text)
      return day === null ? null : `${day} 0:00:00`
    }
    case 'published':
      return text === '' ? null : parseStatus(withoutGuard(text))
    case 'backorders':
      return parseBackorders(text)
    case 'stock_quantity':
      return text === '' ? '' : String(Math.trunc(Number.parseFloat(withoutGuard(text)) || 0))
    default:
      return text
  }
}

/** What saving evens out: what is not counted has no quantity and no backorders, and the flag follows the quantity. */
function save(shop: Shop, row: string[]): void {
  const { records } = shop
  const at = (name: string): number => columnOf(records, name)
  const stock = records.get(row, at('stock_quantity'))
  const set = (name: string, text: string): void => {
    const column = at(name)
    if (column >= 0) row[column] = text
  }
  if (stock === 'parent') return
  if (stock === '') {
    if (records.get(row, at('backorders')) !== '') set('backorders', '0')
    set('low_stock_amount', '')
    return
  }
  const allowed = records.get(row, at('backorders'))
  const isAllowed = allowed === '1' || allowed === 'notify'
  set('stock_status', Number(stock) > 0 ? '1' : isAllowed ? 'backorder' : '0')
}

/** The catalogue after an import. */
export function importWooCommerce(table: Table, file: Table): Table {
  const shop = openShop(table)
  const incoming = new Records(file)
  for (const name of file.header) {
    if (!Object.values(ASSIGNED).some((pattern) => pattern.test(name))) {
      throw new ImportRefused(`column '${name}' is assigned to nothing`)
    }
  }
  for (const row of incoming.rows) {
    const target = targetOf(shop, incoming, row)
    for (const name of Object.keys(ASSIGNED)) {
      const sent = columnOf(incoming, name)
      const at = columnOf(shop.records, name)
      if (sent < 0 || name === 'id') continue
      if (at < 0) throw new ImportRefused(`the export does not show ${name}`)
      const value = cellAfter(shop, name, incoming.get(row, sent), shop.records.get(target, at))
      if (value !== null) target[at] = value
    }
    // A quantity that is not there ends the management of stock and puts the product in stock.
    const quantity = columnOf(incoming, 'stock_quantity')
    if (quantity >= 0 && incoming.get(row, quantity) === '') target[columnOf(shop.records, 'stock_status')] = '1'
    save(shop, target)
  }
  return shop.records.table()
}

/** The export of a shop that has saved each of its products: what real exports are. */
export function settleWooCommerce(table: Table): Table {
  const shop = openShop(table)
  for (const row of shop.records.rows) save(shop, row)
  return shop.records.table()
}
