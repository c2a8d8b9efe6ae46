/**
 * Files that correct WooCommerce through its product importer, in the headers of the export's language.
 *
 * How the importer works (`class-wc-product-csv-importer.php`, `abstract-wc-product-importer.php`, `abstract-wc-data.php`,
 * trunk, read 2026-11):
 *
 * - A record is found by ID, else by SKU; with "Update existing products" nothing is created.
 * - A column that is not there keeps its values. An empty cell does not: it empties a price, ends the management of stock,
 *   forbids backorders, drafts a product, and keeps a date. So a file has only columns that change in all of its rows; of
 *   prices the other one is repeated.
 * - Dates lose their time: a sale begins and ends at the midnight that begins the day in the file, in the shop's zone.
 * - `parent` as stock becomes 0; without management of stock, backorders are set to `no`; `In stock?` follows the quantity.
 * - Prices are read with the shop's decimal mark and with a point; with a point alone in a shop that has no comma.
 * - `Published`: 1 publish, 0 private, anything else draft.
 */
import type { FieldName } from '../../model/field.ts'
import type { FixContext, FixFormat, FixRecord, FixRefusal, SourceRecord, TableFix } from '../fix.ts'
import { startDay } from '../fix-days.ts'
import { toMillionths } from '../fix-decimal.ts'
import { amountText, decimalText, gtinText, isWhole } from '../fix-values.ts'
import { type CellPlace, type CellRule, keyedTable, refusal, textCell } from '../keyed-fix.ts'

const PRICES = ['regular_price', 'sale_price'] as const

/** The comma where one of the record's prices has it; a point is understood by every shop. */
function priceMark(record: SourceRecord): '.' | ',' {
  return PRICES.some((column) => record.cell(column)?.includes(',') === true) ? ',' : '.'
}

const writePrice = (value: string, place: CellPlace): string | null =>
  place.context.direction === 'undo' && typeof place.raw === 'string'
    ? place.raw
    : amountText(value, place.context.currency, priceMark(place.record))

function isVariation(record: SourceRecord): boolean {
  return record.cell('type')?.toLowerCase().includes('variation') === true
}

function isCounted(record: SourceRecord): boolean {
  return /^\s*-?\d/.test(record.cell('stock') ?? '')
}

function refuseNoPrice({ changes }: FixRecord): FixRefusal | null {
  if (!changes.some(({ field, after }) => field === 'price.regular' && after === null)) return null
  return refusal('An article without a price cannot be bought.', 'Un artículo sin precio no se puede comprar.')
}

/** The pair that the row leaves: a sale price that is not lower would not be shown. */
function refusePair(record: FixRecord): FixRefusal | null {
  const cell = (field: FieldName, column: string): bigint | null => {
    const change = record.changes.find((one) => one.field === field)
    if (change !== undefined) return change.after === null ? null : toMillionths(change.after)
    const raw = record.record.cell(column)?.replace(',', '.')
    return raw === undefined ? null : toMillionths(raw.trim())
  }
  const [regular, sale] = [cell('price.regular', 'regular_price'), cell('price.sale', 'sale_price')]
  if (sale === null || regular === null || sale < regular) return null
  return refusal(
    'Its sale price would not be below its regular price, and WooCommerce would not show it.',
    'Su precio rebajado no sería menor que el precio normal y WooCommerce no lo mostraría.',
  )
}

const priceRule = (column: string): CellRule => ({ column, number: true, empties: true, write: writePrice })

/** A date is replaced by a date: an empty cell would keep the old one. */
const dateRule = (column: string): CellRule => ({
  column,
  write: (value, { context }) => startDay(value, context.timezone),
  refuse: ({ change, context }) => {
    const { before, after, field } = change
    if (before === null || after === null) {
      return refusal(
        'The importer of WooCommerce keeps a date where the cell is empty: this date can be set or removed in the shop only.',
        'El importador de WooCommerce conserva la fecha si la celda está vacía: solo se puede poner o quitar en la tienda.',
        field,
      )
    }
    if ([before, after].every((instant) => startDay(instant, context.timezone) !== null)) return null
    return refusal(
      `The importer of WooCommerce drops the time of a date, and ${before} or ${after} is not midnight in the shop.`,
      `El importador de WooCommerce pierde la hora de las fechas, y ${before} o ${after} no es medianoche en la tienda.`,
      field,
    )
  },
})

const stockRule: CellRule = {
  column: 'stock',
  number: true,
  write: (value, place) =>
    place.context.direction === 'undo' ? textCell(value, place) : isWhole(value) ? decimalText(value, 0) : null,
  refuse: ({ change, record }) => {
    if (isCounted(record) && change.before !== null && change.after !== null) return null
    return refusal(
      'Its stock is not counted here but at its parent or not at all; a number would begin to count it.',
      'Sus existencias no se cuentan aquí, sino en el producto superior o en ninguna parte; un número empezaría a contarlas.',
      'stock.available',
    )
  },
}

const BACKORDERS: Readonly<Record<string, string>> = { no: '0', yes: '1', notify: 'notify' }

const backorderRule: CellRule = {
  column: 'backorders',
  write: (value) => BACKORDERS[value] ?? null,
  refuse: ({ change, record }) => {
    if (isCounted(record) && change.before !== null && change.after !== null) return null
    return refusal(
      'WooCommerce forbids backorders of what it does not count: its stock comes first.',
      'WooCommerce no admite reservas de lo que no cuenta: primero han de gestionarse sus existencias.',
      'stock.backorder',
    )
  },
}

const PUBLISHED: Readonly<Record<string, string>> = { active: '1', hidden: '0', draft: '-1' }

const statusRule: CellRule = {
  column: 'published',
  write: (value) => PUBLISHED[value] ?? null,
  refuse: ({ raw, record, change }) => {
    const states = [change.before, change.after]
    if (states.includes(null)) {
      return refusal('An empty cell drafts a product.', 'Una celda vacía convierte el producto en borrador.', 'status')
    }
    if (raw?.trim() === '2') {
      return refusal(
        'It waits for review, which an import would turn into a draft.',
        'Está pendiente de revisión, y la importación lo convertiría en borrador.',
        'status',
      )
    }
    if (!isVariation(record) || !states.includes('draft')) return null
    return refusal(
      'A variation is never a draft: the status of its product decides.',
      'Una variación nunca es borrador: decide el estado de su producto.',
      'status',
    )
  },
}

const titleRule: CellRule = {
  column: 'name',
  write: textCell,
  refuse: ({ record }) =>
    isVariation(record)
      ? refusal(
          'WooCommerce makes the name of a variation of that of its product.',
          'WooCommerce forma el nombre de una variación a partir del de su producto.',
          'title',
        )
      : null,
}

const gtinRule: CellRule = {
  column: 'gtin',
  empties: true,
  write: (value, place) =>
    place.context.direction === 'undo' ? textCell(value, place) : gtinText(value, place.raw ?? null),
  refuse: ({ raw, record }) =>
    raw === null && (record.cell('gtin_meta') ?? null) !== null
      ? refusal(
          'Its code is kept by a plugin, in a field of its own.',
          'Su código lo guarda un complemento en un campo propio.',
          'gtin',
        )
      : null,
}

type Cells = Readonly<Partial<Record<FieldName, CellRule>>>

type Refuse = (record: FixRecord, context: FixContext) => FixRefusal | null

const FILES: readonly (readonly [name: string, cells: Cells, refuse?: Refuse])[] = [
  [
    'prices',
    { 'price.sale': priceRule('sale_price'), 'price.regular': priceRule('regular_price') },
    (record, { direction }) => (direction === 'undo' ? null : (refuseNoPrice(record) ?? refusePair(record))),
  ],
  ['sale-start', { 'price.sale_from': dateRule('sale_from') }],
  ['sale-end', { 'price.sale_to': dateRule('sale_to') }],
  ['stock', { 'stock.available': stockRule }],
  ['backorders', { 'stock.backorder': backorderRule }],
  ['published', { status: statusRule }],
  ['names', { title: titleRule }],
  ['gtin', { gtin: gtinRule }],
]

const ADVICE = {
  en: 'Products > Import, with "Update existing products". Columns that the file lacks stay as they are; leave the assignment of columns as proposed. `In stock?` follows a new quantity, and a product whose publication was scheduled becomes a plain draft.',
  es: 'Productos > Importar, con «Actualizar los productos existentes». Las columnas que faltan en el fichero no cambian; deje la asignación de columnas propuesta. «¿Existencias?» se ajusta a la cantidad nueva, y un producto con publicación programada pasa a borrador sin fecha.',
}

/** The importer takes the apostrophe before a formula off texts, but not off the SKU that it looks for. */
function refuseSku({ record }: FixRecord): FixRefusal | null {
  if (!/^\s*'[=+\-@]/.test(record.cell('sku') ?? '')) return null
  return refusal(
    'Its SKU was exported with an apostrophe in front, and the importer would not find it.',
    'Su SKU se exportó con un apóstrofo delante y el importador no lo encontraría.',
  )
}

type NamedFile = (typeof FILES)[number]

function fileBy(key: 'id' | 'sku', [name, cells, refuse]: NamedFile): TableFix {
  return keyedTable({
    name,
    extension: 'csv',
    kinds: ['products'],
    encoding: 'utf-8-bom',
    delimiter: ',',
    lineEnd: '\n',
    identity: [key],
    required: [key],
    untouched: 'repeated',
    cells,
    advice: ADVICE,
    refuse: (record, context) => (key === 'sku' ? refuseSku(record) : null) ?? refuse?.(record, context) ?? null,
  })
}

/** By ID where the export has it, as it has by default; else by SKU. */
function fileOf(file: NamedFile): TableFix {
  const [byId, bySku] = [fileBy('id', file), fileBy('sku', file)]
  const by = (record: SourceRecord | undefined): TableFix => (record?.headerOf('id') === undefined ? bySku : byId)
  return {
    ...byId,
    header: (fields, sample, context, locations) => by(sample).header(fields, sample, context, locations),
    rows: (group, header, context) => by(group[0]?.record).rows(group, header, context),
    refuse: (record, context, group) => by(record.record).refuse(record, context, group),
  }
}

export const fixes: readonly FixFormat[] = FILES.map(fileOf)
