/**
 * What Google Merchant Center and Meta do with a supplemental feed, and Google with a local inventory file: from
 * support.google.com/merchants (9189153, 14994083, 14998273, 6324371, 6324460, 6324470, 3061342, 14684743) and
 * developers.facebook.com/docs/commerce-platform/catalog/supplementary-feeds with Meta's templates.
 */
import { copyRows, ImportRefused, need, type Reading, readTable, type Table } from './cells.ts'

const PRICE = /^\d+(?:\.\d+)? [A-Z]{3}$/
const NAMES =
  /^(?:id|title|description|link|image_link|availability|price|sale_price|sale_price_effective_date|gtin|mpn|brand|condition|item_group_id|color|size|material|gender|age_group|status|visibility|quantity_to_sell_on_facebook|inventory)$/

interface Rules {
  readonly availability: RegExp
  readonly moment: RegExp
}

const GOOGLE: Rules = {
  availability: /^(?:in_stock|out_of_stock|preorder|backorder)$/,
  moment: /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?[+-]\d{4}$/,
}

const META: Rules = {
  availability: /^(?:in stock|out of stock|available for order|preorder|discontinued)$/,
  moment: /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?[+-]\d\d:\d\d$/,
}

function check(name: string, value: string, { availability, moment }: Rules): void {
  const wrong =
    (/^(?:sale_)?price$/.test(name) && !PRICE.test(value)) ||
    (name === 'availability' && !availability.test(value)) ||
    (name === 'sale_price_effective_date' &&
      (value.length > 51 || !value.split('/').every((end) => moment.test(end)))) ||
    (name === 'sale_price_effective_date' && value.split('/').length !== 2) ||
    (name === 'gtin' && !/^\d{8}$|^\d{12,14}$/.test(value)) ||
    (/^(?:quantity_to_sell_on_facebook|inventory)$/.test(name) && !/^\d+$/.test(value)) ||
    (name === 'status' && !/^(?:active|archived)$/.test(value)) ||
    (name === 'visibility' && !/^(?:published|hidden|staging)$/.test(value))
  if (wrong) throw new ImportRefused(`${name}: ${value}`)
}

/** Attribute names with blanks are those with underscores. */
function plain(header: string): string {
  return header.trim().toLowerCase().replaceAll(' ', '_')
}

function override(primary: Table, feed: Table, rules: Rules, { blank }: Reading, loose: ReadonlySet<string>): Table {
  const id = need(feed, 'id')
  const unknown = feed.header.find((name) => !NAMES.test(name))
  if (unknown !== undefined) throw new ImportRefused(`attribute ${unknown}`)
  const header = [...primary.header]
  const names = header.map(plain)
  for (const name of feed.header) {
    if (names.includes(name)) continue
    names.push(name)
    header.push(name)
  }
  const rows = copyRows(primary).map((row) => [...row, ...header.slice(row.length).map(() => '')])
  const products = new Map(rows.map((row) => [row[names.indexOf('id')] ?? '', row]))
  for (const line of feed.rows) {
    const product = products.get(line[id] ?? '')
    // What the primary source does not have is ignored.
    if (product === undefined) continue
    for (const [position, name] of feed.header.entries()) {
      const value = line[position] ?? ''
      if (name === 'id' || (value === '' && blank === 'keeps')) continue
      // Values that repeat the source are as good as they were there.
      if (value !== '' && !(loose.has(name) && value === product[names.indexOf(name)])) check(name, value, rules)
      product[names.indexOf(name)] = value
    }
  }
  return { header, rows }
}

export function importGoogleSupplement(primary: Table, file: Uint8Array): Table {
  return override(primary, readTable(file, { delimiter: '\t' }), GOOGLE, { blank: 'keeps' }, new Set())
}

export function importMetaSupplement(primary: Table, file: Uint8Array, reading: Reading): Table {
  return override(primary, readTable(file, { delimiter: ',' }), META, reading, new Set(primary.header.map(plain)))
}

/** The file is the whole of what the stores have. */
export function importLocalInventory(_before: Table, file: Uint8Array): Table {
  const table = readTable(file, { delimiter: '\t' })
  for (const name of ['store_code', 'id', 'availability']) need(table, name)
  const quantity = table.header.indexOf('quantity')
  for (const row of table.rows) {
    if (quantity >= 0 && !/^\d*$/.test(row[quantity] ?? '')) throw new ImportRefused(`quantity ${row[quantity]}`)
  }
  return table
}
