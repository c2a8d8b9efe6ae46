/**
 * A file that corrects Loyverse: the records of whole items as they were exported, with the cells that change.
 *
 * - Items are exported, edited and imported as one table; money has a point and no currency sign
 *   (help.loyverse.com/help/importing-and-exporting, read 2026-11).
 * - **Unverified**: what the import does with columns that are left out or blank, and how it finds an item (`Handle`, `SKU`).
 *   So both have to be there, all records of an item go together with every column, and a change to nothing is refused.
 *   The file repeats stock: it has to be imported before anything more is sold, which the advice says.
 */
import type { FixRecord, FixRefusal, SourceRecord } from '../fix.ts'
import { amountText, decimalText, gtinText } from '../fix-values.ts'
import { type CellRule, keyedTable, refusal, textCell } from '../keyed-fix.ts'

const STOCK = /^(?:In stock|En inventario) \[(.+)\]$/i

const money = (column: string): CellRule => ({
  column,
  number: true,
  write: (value, { change, context }) =>
    value.startsWith('-') ? null : amountText(value, change.unit ?? context.currency),
})

function stockHeader(location: string, record: SourceRecord): string | null {
  const found = record.header.filter((header) => STOCK.exec(header)?.[1]?.trim() === location.trim())
  return found.length === 1 ? (found[0] ?? null) : null
}

function refuseItem({ record, changes }: FixRecord): FixRefusal | null {
  if ((record.cell('component') ?? null) !== null) {
    return refusal(
      'It is a composite item, whose components stand in the same records.',
      'Es un artículo compuesto, cuyos componentes están en los mismos registros.',
    )
  }
  const priced = changes.some(({ field }) => field === 'price.regular')
  const stores = record.header.filter((header) => /^(?:Price|Precio) \[.+\]$/i.test(header))
  if (!priced || stores.length === 0) return null
  return refusal(
    'Each store has a price of its own here: change it on the platform.',
    'Aquí cada tienda tiene su propio precio: cámbielo en la plataforma.',
    'price.regular',
  )
}

const items = keyedTable({
  name: 'items',
  extension: 'csv',
  kinds: ['items'],
  group: { by: 'handle', whole: true },
  advice: {
    en: 'Import it under Items > Item list > Import while the tills are closed: it repeats the stock of the export for the items that it has, and sales since then would be lost.',
    es: 'Impórtelo en Artículos > Lista de artículos > Importar con las cajas cerradas: repite las existencias de la exportación para los artículos que lleva y se perderían las ventas posteriores.',
  },
  encoding: 'source',
  delimiter: 'source',
  lineEnd: '\n',
  identity: ['handle', 'sku'],
  required: ['handle', 'sku'],
  untouched: 'repeated',
  whole: { cleared: null },
  cells: {
    title: { column: 'name', shared: 'first', write: textCell },
    description: { column: 'description', shared: 'first', write: textCell },
    gtin: {
      column: 'barcode',
      write: (value, { raw, context }) => (context.direction === 'undo' ? (raw ?? null) : gtinText(value, raw ?? null)),
    },
    buyable: {
      column: 'for_sale',
      write: (value, { raw, context }) =>
        context.direction === 'undo' ? (raw ?? null) : value === 'true' ? 'Y' : value === 'false' ? 'N' : null,
    },
    'price.regular': money('price'),
    'price.cost': money('cost'),
    'stock.available': { column: 'in_stock', number: true, write: (value) => decimalText(value, 0) },
  },
  places: { field: 'stock.available', header: stockHeader, number: true, write: (value) => decimalText(value, 0) },
  refuse: refuseItem,
})

export const fixes = [items]
