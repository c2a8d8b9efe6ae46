/**
 * A file that corrects Square: rows of the item library as it was exported, whole items, with the cells that change.
 *
 * - The documented way is to export the library, edit it and import it with «edit item library», which leaves alone the
 *   items that are not in the file (squareup.com/help/jp/ja/article/5153-import-items-online; squareup.com/help/es/es/article/
 *   5153-import-items-online, read 2026-11).
 * - `Token` is set by Square, one for each variation; a row without it makes a new item (the same pages;
 *   squareup.com/help/fr/fr/article/5820-transfer-items-between-square-accounts, read 2026-11).
 * - Counts: only `New Quantity <location>` is written, `Current Quantity` is not; a blank one changes nothing (item library
 *   template, read 2026-09).
 * - What the import does with columns that are left out, or blank, is not said there: rows carry every column as exported,
 *   and a change to nothing is refused.
 */
import type { FixContext, FixRecord, FixRefusal, SourceRecord } from '../fix.ts'
import { amountText, decimalText, gtinText, readDecimal, sameDecimal } from '../fix-values.ts'
import { type CellRule, keyedTable, refusal, textCell } from '../keyed-fix.ts'

const NEW_QUANTITY = /^New Quantity /i

const money = (column: string): CellRule => ({
  column,
  number: true,
  write: (value, { change, context }) =>
    value.startsWith('-') ? null : amountText(value, change.unit ?? context.currency),
})

const word = (words: Readonly<Record<string, string>>): CellRule['write'] => {
  return (value, { raw, context }) => (context.direction === 'undo' ? (raw ?? null) : (words[value] ?? null))
}

function countHeader(location: string, record: SourceRecord): string | null {
  const wanted = `New Quantity ${location}`.toLowerCase()
  const found = record.header.filter((header) => header.toLowerCase() === wanted)
  return found.length === 1 ? (found[0] ?? null) : null
}

/** The count that is corrected stands in another column than the one that corrects it. */
function refuseCount({ record, changes }: FixRecord, { direction }: FixContext): FixRefusal | null {
  for (const { field, location, before, after } of changes) {
    if (field !== 'stock.available' || location === null) continue
    const wanted = `Current Quantity ${location}`.toLowerCase()
    const raw = record.cells[record.header.findIndex((header) => header.toLowerCase() === wanted)] ?? null
    const current = direction === 'undo' ? after : before
    const read = raw === null ? null : readDecimal(raw, '.')
    if (read !== null && current !== null && sameDecimal(read, current)) continue
    return refusal(
      `${location} does not count this item, or not ${current ?? ''}.`,
      `${location} no cuenta este artículo, o no ${current ?? ''}.`,
      'stock.available',
    )
  }
  return null
}

const itemLibrary = keyedTable({
  name: 'item-library',
  extension: 'csv',
  kinds: ['item library'],
  group: { by: 'item', whole: true },
  advice: {
    en: 'Import it under Items > Item library > Actions > Import, and choose to edit the library, never to replace it. Save an export of today first; without changes in between, all other cells are as they were.',
    es: 'Impórtelo en Artículos > Acciones > Importar y elija modificar la colección, nunca sustituirla. Guarde antes una exportación de hoy; si entretanto no cambió nada, las demás celdas quedan como estaban.',
  },
  encoding: 'source',
  delimiter: 'source',
  lineEnd: '\n',
  identity: ['token'],
  required: ['token', 'item', 'variation'],
  untouched: 'repeated',
  whole: { cleared: NEW_QUANTITY },
  cells: {
    gtin: {
      column: 'gtin',
      write: (value, { raw, context }) => (context.direction === 'undo' ? (raw ?? null) : gtinText(value, raw ?? null)),
    },
    description: { column: 'description', shared: 'each', write: textCell },
    status: { column: 'archived', shared: 'each', write: word({ archived: 'Y', active: 'N' }) },
    visible: { column: 'online', shared: 'each', write: word({ true: 'visible', false: 'hidden' }) },
    buyable: { column: 'sellable', write: word({ true: 'Y', false: 'N' }) },
    'price.regular': money('price'),
    'price.sale': money('sale'),
    'price.cost': money('cost'),
  },
  places: {
    field: 'stock.available',
    header: countHeader,
    write: (value) => decimalText(value, 0),
  },
  refuse: refuseCount,
})

export const fixes = [itemLibrary]
