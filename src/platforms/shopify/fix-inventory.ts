import type { FixContext, FixRecord, FixRefusal, SourceRecord, TableFix } from '../fix.ts'
import { fromMillionths, toMillionths } from '../fix-decimal.ts'
import { isUnwritable, isWhole, readDecimal } from '../fix-values.ts'
import { refusal } from '../keyed-fix.ts'

/** What tells a variant and its place; the other columns of the export are not read back. */
const CARRIED = [
  'handle',
  'title',
  'option1_name',
  'option1_value',
  'option2_name',
  'option2_value',
  'option3_name',
  'option3_value',
  'sku',
  'location',
  'on_hand',
  'on_hand_new',
] as const

function numberIn(record: SourceRecord, column: string): bigint | null {
  const raw = record.cell(column)
  const value = raw === null || raw === undefined ? null : readDecimal(raw, '.')
  return value === null || !/^\s*-?[\d.,]+\s*$/.test(raw ?? '') ? null : toMillionths(value)
}

/** What lies at the location now, by the column that says it in this generation of the file. */
function onHandColumn(record: SourceRecord): string {
  return record.headerOf('on_hand') === undefined ? 'on_hand_new' : 'on_hand'
}

/** New quantity on hand; null where the record does not give it. */
function onHandAfter({ record, changes }: FixRecord, { direction }: FixContext): string | null {
  const current = numberIn(record, onHandColumn(record))
  if (direction === 'undo') return current === null ? null : fromMillionths(current)
  const onHand = changes.find(({ field }) => field === 'stock.on_hand')
  if (onHand !== undefined) return onHand.after
  const available = changes.find(({ field }) => field === 'stock.available')?.after ?? null
  const [committed, unavailable] = [numberIn(record, 'committed'), numberIn(record, 'unavailable')]
  const after = available === null ? null : toMillionths(available)
  if (after === null || committed === null || unavailable === null) return null
  return fromMillionths(after + committed + unavailable)
}

function refuse(record: FixRecord, context: FixContext): FixRefusal | null {
  const { record: source, changes } = record
  if (source.headerOf('on_hand_new') === undefined) {
    return refusal(
      'The export has no column On hand (new), the only one that is read back.',
      'La exportación no tiene la columna On hand (new), la única que se importa.',
    )
  }
  if (changes.length > 1 || changes.some(({ action }) => action !== 'update')) {
    return refusal(
      'A row sets one quantity, on hand; available follows from it.',
      'Cada fila fija una sola cantidad, la física; la disponible se deduce de ella.',
    )
  }
  for (const column of ['handle', 'option1_value', 'location']) {
    if ((source.cell(column) ?? '').trim() === '') {
      return refusal(
        `Without ${source.headerOf(column) ?? column} the import does not find the variant at its location.`,
        `Sin ${source.headerOf(column) ?? column}, la importación no encuentra la variante en su ubicación.`,
      )
    }
  }
  if (CARRIED.some((column) => isUnwritable(source.cell(column) ?? ''))) {
    return refusal(
      'A text that the file has to repeat holds control characters.',
      'Un texto que el fichero debe repetir contiene caracteres de control.',
    )
  }
  if (numberIn(source, onHandColumn(source)) === null) {
    return refusal(
      'The variant is not stocked at that location, or its quantity is no number.',
      'La variante no se almacena en esa ubicación, o su cantidad no es un número.',
    )
  }
  const after = onHandAfter(record, context)
  if (after === null) {
    return refusal(
      'On hand is available + committed + unavailable, and the row does not say all of them.',
      'La cantidad física es disponible + comprometida + no disponible, y la fila no las dice todas.',
    )
  }
  if (isWhole(after) && !after.startsWith('-')) return null
  return refusal(
    `Shopify counts whole pieces from 0 on: not ${after}.`,
    `Shopify cuenta piezas enteras a partir de 0: no ${after}.`,
  )
}

export const inventoryFix: TableFix = {
  shape: 'table',
  name: 'inventory',
  extension: 'csv',
  kinds: ['inventory'],
  fields: ['stock.on_hand', 'stock.available'],
  encoding: 'utf-8',
  delimiter: ',',
  lineEnd: '\n',
  advice: {
    en: 'Products > Inventory > Import. Only On hand (new) is read, for the variants and locations in the file; it sets the quantity, so sales since the export are lost: import it at once.',
    es: 'Productos > Inventario > Importar. Solo se lee On hand (new), en las variantes y ubicaciones del fichero; fija la cantidad, así que las ventas posteriores a la exportación se pierden: impórtelo enseguida.',
  },
  refuse,
  header: (_fields, sample) => {
    const wanted = new Set(CARRIED.map((column) => sample.headerOf(column)))
    return sample.header.filter((name) => wanted.has(name))
  },
  rows: (group, header, context) =>
    group.map((record) => {
      const source = record.record
      const target = source.headerOf('on_hand_new')
      return header.map((name) =>
        name === target ? onHandAfter(record, context) : (source.cells[source.header.indexOf(name)] ?? null),
      )
    }),
}
