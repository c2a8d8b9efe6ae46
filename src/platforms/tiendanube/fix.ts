/**
 * Files that correct Tiendanube: the rows of whole products, with the columns that identify a variant (identifier of the
 * URL, name, names and values of the properties) and those that change.
 *
 * Known from exports (2024 to 2026): the identifier is the product's, a variant is found by its properties; money has a
 * point, and prices stand in the shop's currency and tax basis. **Unverified**, since no public page says it: that a column
 * which is left out keeps its values, that a blank cell of a column which is there empties it, and that a blank `Stock` is
 * unlimited. So every row repeats what the export has, all variants of a product go together, stock has a file of its own,
 * a change to nothing is refused, and the advice asks for a try with one product. Names are carried, and so never changed:
 * the file of stock would set them back.
 */
import type { FixGroup, FixRefusal } from '../fix.ts'
import { amountText, decimalText, gtinText, isWhole } from '../fix-values.ts'
import { type CellRule, keyedTable, refusal, textCell } from '../keyed-fix.ts'

const IDENTITY = [
  'handle',
  'name',
  'property1_name',
  'property1_value',
  'property2_name',
  'property2_value',
  'property3_name',
  'property3_value',
]

const money = (column: string): CellRule => ({
  column,
  number: true,
  write: (value, { change, context }) =>
    value.startsWith('-') ? null : amountText(value, change.unit ?? context.currency),
})

/** Stands on a product's first row and is meant for all of its variants. */
const ofProduct = (column: string): CellRule => ({ column, shared: 'first', write: textCell })

/** A row with a name and without an identifier is another product, and would be made anew. */
function refuseOther(group: FixGroup): FixRefusal | null {
  const other = group.some(
    ({ record }) => (record.cell('handle') ?? null) === null && (record.cell('name') ?? null) !== null,
  )
  if (!other) return null
  return refusal(
    'A product below it has no identifier of its URL: the import would make it anew.',
    'Debajo hay un producto sin identificador de URL: la importación lo crearía de nuevo.',
  )
}

const advice = {
  en: 'Import it under Products > Import and export, and try it with the rows of one product first: what the import does with columns that are not there is not documented.',
  es: 'Impórtelo en Productos > Importar y exportar y pruébelo antes con las filas de un solo producto: no está documentado qué hace la importación con las columnas que faltan.',
}

const products = keyedTable({
  name: 'products',
  extension: 'csv',
  kinds: ['products'],
  group: { by: 'handle', whole: true },
  advice,
  encoding: 'source',
  delimiter: 'source',
  lineEnd: '\n',
  identity: IDENTITY,
  required: ['handle'],
  carriedDown: true,
  refuse: (_record, _context, group) => refuseOther(group),
  untouched: 'repeated',
  cells: {
    description: ofProduct('description'),
    brand: ofProduct('brand'),
    visible: {
      column: 'shown',
      shared: 'first',
      write: (value, { raw, context }) =>
        context.direction === 'undo' ? (raw ?? null) : value === 'true' ? 'SI' : value === 'false' ? 'NO' : null,
    },
    gtin: {
      column: 'barcode',
      write: (value, { raw, context }) => (context.direction === 'undo' ? (raw ?? null) : gtinText(value, raw ?? null)),
    },
    mpn: { column: 'mpn', write: textCell },
    'price.regular': money('price'),
    'price.sale': money('sale'),
    'price.cost': money('cost'),
  },
})

const stock = keyedTable({
  name: 'stock',
  extension: 'csv',
  kinds: ['products'],
  group: { by: 'handle', whole: true },
  advice: {
    en: `${advice.en} It repeats the stock of the other variants of the same products: import it before they are sold.`,
    es: `${advice.es} Repite las existencias de las demás variantes de los mismos productos: impórtelo antes de que se vendan.`,
  },
  encoding: 'source',
  delimiter: 'source',
  lineEnd: '\n',
  identity: IDENTITY,
  required: ['handle'],
  carriedDown: true,
  refuse: (_record, _context, group) => refuseOther(group),
  untouched: 'repeated',
  cells: {
    'stock.available': {
      column: 'stock',
      number: true,
      write: (value) => (isWhole(value) ? decimalText(value, 0) : null),
    },
  },
})

export const fixes = [products, stock]
