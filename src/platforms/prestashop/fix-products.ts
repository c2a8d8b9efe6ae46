import { foldHeader } from '../../base/text.ts'
import type { FieldName } from '../../model/field.ts'
import type { FixChange, FixContext, FixRecord, FixRefusal, SourceRecord, TableFix } from '../fix.ts'
import { decimalText, isUnwritable } from '../fix-values.ts'
import { refusal } from '../keyed-fix.ts'
import { eanText, isFilled, refuseDiscount, refuseEan, refuseGross, refuseQuantity, refuseShop } from './fix-cells.ts'

/** The first columns of the importer's sample file, the same from 1.6 to 8. */
const ORDER = [
  'Product ID',
  'Active (0/1)',
  'Name *',
  'Categories (x,y,z...)',
  'Price tax excluded',
  'Tax rules ID',
  'Wholesale price',
  'On sale (0/1)',
  'Discount amount',
  'Discount percent',
  'Discount from (yyyy-mm-dd)',
  'Discount to (yyyy-mm-dd)',
  'Reference #',
  'Supplier reference #',
  'Supplier',
  'Manufacturer',
  'EAN13',
] as const

const POSITIONS: ReadonlyMap<FieldName, number> = new Map<FieldName, number>([
  ['status', 1],
  ['price.regular', 4],
  ['price.cost', 6],
  ['gtin', 16],
])

/** Logical columns that have to stand there for a header to be in the importer's order. */
const ANCHORS: readonly (readonly [column: string, position: number])[] = [
  ['id', 0],
  ['active', 1],
  ['name', 2],
  ['categories', 3],
  ['tax_rules', 5],
  ['cost', 6],
  ['discount_percent', 9],
  ['reference', 12],
  ['ean', 16],
  ['upc', 17],
]

const NAME = 2

function positionOf(record: SourceRecord, column: string): number {
  const header = record.headerOf(column)
  return header === undefined ? -1 : record.header.indexOf(header)
}

function isDelivery(header: string): boolean {
  return /^(deliverytime|plazodeentrega|tiempodeentrega)/.test(foldHeader(header))
}

/**
 * Where the importer of the export's version has the quantity: later versions have the MPN and two delivery times before it.
 *
 * @returns -1 where the export is not in the importer's order, so that its version is not known.
 */
function quantityPosition(record: SourceRecord): number {
  if (ANCHORS.some(([column, position]) => positionOf(record, column) !== position)) return -1
  const deliveries = record.header.filter(isDelivery).length
  const expected = 23 + (record.headerOf('mpn') === undefined ? 0 : 1) + deliveries
  return positionOf(record, 'quantity') === expected ? expected : -1
}

function cellOf({ field, after }: FixChange, record: SourceRecord): string | null {
  if (field === 'gtin') return after === null ? '0' : eanText(after, record.cell('ean'))
  if (after === null) return null
  if (field === 'status') return after === 'active' ? '1' : after === 'paused' ? '0' : null
  return decimalText(after, field === 'stock.available' ? 0 : 2)
}

function refuseChange(change: FixChange, record: SourceRecord, context: FixContext): FixRefusal | null {
  const { field, action } = change
  if (action !== 'update' || cellOf(change, record) === null) {
    return refusal(
      `The importer keeps ${field} where a cell is empty, or has no word for the new value.`,
      `El importador conserva ${field} si la celda está vacía, o no tiene palabra para el valor nuevo.`,
      field,
    )
  }
  switch (field) {
    case 'price.regular':
      return refuseGross(record, context) ?? refuseDiscount(record, context)
    case 'stock.available':
      if (quantityPosition(record) >= 0) return refuseQuantity(change)
      return refusal(
        'The export is not in the order of the import file: where its version has the quantity is not known.',
        'La exportación no sigue el orden del fichero de importación: no se sabe dónde tiene su versión la cantidad.',
        field,
      )
    case 'gtin':
      return refuseEan(record, change)
    default:
      return change.before === null
        ? refusal(
            `The importer could not take ${field} back: it keeps the value where a cell is empty.`,
            `El importador no podría deshacer ${field}: conserva el valor si la celda está vacía.`,
            field,
          )
        : null
  }
}

function refuse({ record, changes }: FixRecord, context: FixContext): FixRefusal | null {
  const name = record.cell('name')
  if (!/^\s*[1-9]\d*\s*$/.test(record.cell('id') ?? '') || !isFilled(name) || isUnwritable(name)) {
    return refusal(
      'Without its ID and name, the import makes a new product or empties the name.',
      'Sin ID y nombre, la importación crearía otro producto o dejaría el nombre vacío.',
    )
  }
  const shop = refuseShop(record)
  if (shop !== null) return shop
  for (const change of changes) {
    const refused = refuseChange(change, record, context)
    if (refused !== null) return refused
  }
  return null
}

function headerFor(fields: ReadonlySet<FieldName>, sample: SourceRecord): readonly string[] {
  const last = Math.max(1, ...[...fields].map((field) => POSITIONS.get(field) ?? 0))
  const quantity = fields.has('stock.available') ? quantityPosition(sample) : -1
  return quantity < 0 ? ORDER.slice(0, last + 1) : sample.header.slice(0, quantity + 1)
}

function rowOf({ record, changes }: FixRecord, header: readonly string[]): readonly (string | null)[] {
  const changed = new Map<number, string | null>()
  for (const change of changes) {
    const position = change.field === 'stock.available' ? quantityPosition(record) : POSITIONS.get(change.field)
    if (position !== undefined) changed.set(position, cellOf(change, record))
  }
  return header.map((name, position) => {
    if (position === 0) return record.cell('id') ?? null
    if (position === NAME) return record.cell('name') ?? null
    if (isDelivery(name)) return record.cells[position] ?? null
    return changed.get(position) ?? null
  })
}

export const productFix: TableFix = {
  shape: 'table',
  name: 'products',
  extension: 'csv',
  kinds: ['products'],
  fields: [...POSITIONS.keys(), 'stock.available'],
  encoding: 'utf-8',
  delimiter: ';',
  lineEnd: '\n',
  advice: {
    en: 'Advanced parameters > Import > Products: separator ";", skip 1 line, the language of the export, "Force all ID numbers" yes (else friendly URLs are rewritten), never delete first. Keep the columns in the proposed order; the price is the one without tax. Quantities only of products without combinations.',
    es: 'Parámetros avanzados > Importar > Productos: separador «;», saltar 1 línea, el idioma de la exportación, «Forzar todos los números ID» sí (si no, se reescriben las URL amigables) y nunca borrar antes. Deje las columnas en el orden propuesto; el precio es el que no lleva impuestos. Cantidades, solo de productos sin combinaciones.',
  },
  refuse,
  header: (fields, sample) => headerFor(fields, sample),
  rows: (group, header) => group.map((record) => rowOf(record, header)),
}
