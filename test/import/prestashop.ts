/**
 * What Advanced parameters > Import does to a shop on PrestaShop: `AdminImportController.php` of 1.6.1 (and the order of
 * fields of 8). Header texts mean nothing; a column is what its position says, as the page proposes it.
 */
import { ImportRefused, type Table } from './cells.ts'
import { Records } from './records.ts'

const HEAD =
  'id active name category price_tex id_tax_rules_group wholesale_price on_sale reduction_price reduction_percent reduction_from reduction_to reference supplier_reference supplier manufacturer ean13 upc'
const SIZES = 'ecotax width height depth weight'
const DELIVERY = 'delivery_in_stock delivery_out_stock'

/** Fields of products in the order of the importer, up to the quantity. */
export const PRODUCT_FIELDS = {
  '1.6': `${HEAD} ${SIZES} quantity minimal_quantity`.split(' '),
  '8': `${HEAD} mpn ${SIZES} ${DELIVERY} quantity minimal_quantity`.split(' '),
} as const

export type Version = keyof typeof PRODUCT_FIELDS

const IN_LANGUAGES = new Set(['name', 'delivery_in_stock', 'delivery_out_stock'])
const AMOUNTS = new Set(['price_tex', 'wholesale_price', 'reduction_price', 'reduction_percent', 'ecotax'])

/** PHP's `(float) str_replace(',', '.', …)`: what comes after a second point is lost. */
function toFloat(text: string): number {
  return Number(/^\s*-?\d*(\.\d+)?/.exec(text.replaceAll(',', '.'))?.[0] || 0)
}

function decimals(value: number): string {
  return String(Number(value.toFixed(6)))
}

function keepsMeaning(text: string, shown: string): boolean {
  return shown !== '' && toFloat(text) === toFloat(shown)
}

/** Where the export shows each field of the importer. */
export type Shown = Readonly<Record<string, string>>

function fillIn(target: string[], at: number, field: string, text: string): void {
  const trimmed = text.trim()
  if (IN_LANGUAGES.has(field)) {
    target[at] = trimmed
    return
  }
  if (trimmed === '') return
  const shown = target[at] ?? ''
  if (field === 'active') target[at] = trimmed === '0' ? '0' : '1'
  else if (AMOUNTS.has(field)) target[at] = keepsMeaning(trimmed, shown) ? shown : decimals(toFloat(trimmed))
  else target[at] = trimmed
}

/** The products after an import with "Force all ID numbers", a semicolon and one line skipped. */
export function importPrestaShopProducts(shop: Table, file: Table, version: Version, shown: Shown): Table {
  const fields = PRODUCT_FIELDS[version]
  if (file.header.length > fields.length) throw new ImportRefused('more columns than the test knows')
  const records = new Records(shop)
  const idAt = records.find(shown['id'] ?? '')
  for (const row of file.rows) {
    const info = new Map(fields.slice(0, file.header.length).map((field, position) => [field, row[position] ?? '']))
    const target = records.rows.find((one) => records.get(one, idAt) === info.get('id')?.trim())
    if (target === undefined) throw new ImportRefused(`a new product ${info.get('id')} came into being`)
    for (const [field, text] of info) {
      // A quantity of 0 is not written; the discount only where it is above 0.
      if (field === 'id' || (field === 'quantity' && !(Math.trunc(toFloat(text)) !== 0))) continue
      if (field.startsWith('reduction') && text.trim() === '') continue
      const at = records.find(shown[field] ?? '')
      if (at < 0) {
        if (text.trim() !== '' || IN_LANGUAGES.has(field)) throw new ImportRefused(`the export does not show ${field}`)
        continue
      }
      fillIn(target, at, field, text)
    }
    if ((info.get('name') ?? '-') === '') throw new ImportRefused(`product ${info.get('id')} lost its name`)
  }
  return records.table()
}

const DEFAULTS: Readonly<Record<string, string>> = {
  reference: '',
  ean13: '',
  upc: '',
  mpn: '',
  wholesale_price: '0',
  price: '0',
  ecotax: '0',
  quantity: '0',
  minimal_quantity: '1',
  weight: '0',
  default_on: '0',
  available_date: '2026-11-22',
  advanced_stock_management: '0',
  depends_on_stock: '0',
}

/** Target of the importer by the header, as a person assigns it. */
const COMBINATION_FIELDS: readonly (readonly [field: string, header: RegExp])[] = [
  ['id_product', /^product id/i],
  ['group', /^attribute/i],
  ['attribute', /^value/i],
  ['reference', /^reference/i],
  ['ean13', /^ean/i],
  ['upc', /^upc/i],
  ['mpn', /^mpn/i],
  ['wholesale_price', /^(wholesale|cost) price/i],
  ['price', /^impact on price/i],
  ['ecotax', /^ecotax/i],
  ['quantity', /^quantity/i],
  ['minimal_quantity', /^minimal/i],
  ['weight', /^impact on weight/i],
  ['default_on', /^default/i],
  ['available_date', /available date/i],
  ['image_url', /^image url/i],
  ['image_position', /^image position|^choose among/i],
  ['delete_existing_images', /^delete existing/i],
  ['advanced_stock_management', /^advanced stock/i],
  ['depends_on_stock', /^depends on stock/i],
]

const NUMBERS = new Set(['wholesale_price', 'price', 'ecotax', 'weight', 'minimal_quantity', 'default_on'])

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}/.test(text) && !text.startsWith('0000')
}

/** The combinations after an import: what a row leaves empty is reset. */
export function importPrestaShopCombinations(shop: Table, file: Table): Table {
  const records = new Records(shop)
  const incoming = new Records(file)
  const at = (source: Records, field: string): number =>
    source.find(COMBINATION_FIELDS.find(([name]) => name === field)?.[1] ?? /^$/)
  for (const row of incoming.rows) {
    const info = new Map<string, string>(Object.entries(DEFAULTS))
    for (const [field] of COMBINATION_FIELDS) {
      const text = incoming.get(row, at(incoming, field)).trim()
      if (text !== '') info.set(field, text)
    }
    const target = records.rows.find((one) =>
      ['id_product', 'reference'].every((key) => records.get(one, at(records, key)).trim() === (info.get(key) ?? '')),
    )
    if (target === undefined || info.get('reference') === '') {
      throw new ImportRefused(`a new combination ${row.join(';')} came into being`)
    }
    if (info.has('image_url') || info.get('delete_existing_images') === '1')
      throw new ImportRefused('pictures are loaded')
    if (!/^\d{0,13}$/.test(info.get('ean13') ?? '')) info.set('ean13', '')
    updateCombination(records, target, info, (field) => at(records, field))
  }
  return records.table()
}

function updateCombination(
  records: Records,
  target: string[],
  info: ReadonlyMap<string, string>,
  at: (field: string) => number,
): void {
  for (const [field, text] of info) {
    const column = at(field)
    if (column < 0 || field === 'id_product' || field.startsWith('image')) continue
    const shown = records.get(target, column)
    if (field === 'quantity') {
      if (info.get('depends_on_stock') === '1') throw new ImportRefused('the quantity is added to the warehouse')
      if (Math.trunc(toFloat(text)) !== 0)
        target[column] = keepsMeaning(text, shown) ? shown : String(Math.trunc(toFloat(text)))
    } else if (field === 'available_date') {
      target[column] = isDate(text) ? text : isDate(shown) ? '' : shown
    } else if (NUMBERS.has(field)) {
      const isSame = toFloat(text) === toFloat(shown || (DEFAULTS[field] ?? '0'))
      target[column] = isSame ? shown : decimals(toFloat(text))
    } else if (field === 'group' || field === 'attribute') {
      if (text !== shown.trim()) throw new ImportRefused('other attributes')
    } else {
      const isSame = text === shown || (shown === '' && text === (DEFAULTS[field] ?? ''))
      target[column] = isSame ? shown : text
    }
  }
}
