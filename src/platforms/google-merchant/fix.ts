/**
 * Files that correct Google Merchant Center.
 *
 * - Supplemental source: `id` and the attributes to override. It changes products of the primary source, cannot add any, and
 *   leaves alone what it does not name (support.google.com/merchants/answer/9189153, read 2026-11). By the default attribute
 *   rule a value comes from the supplemental or else the primary source (…/answer/14994083): an empty cell does not empty an
 *   attribute, so a change to nothing is refused. Taking the file away is the undo of it.
 * - Tab-separated, UTF-8, quoted fields with doubled quotation marks (…/answer/14998273); prices `15.00 EUR`
 *   (…/answer/6324371); sale windows with both ends and offsets (…/answer/6324460); `in_stock` (…/answer/6324470).
 * - Local inventory: `store_code`, `id` and `availability` are required and the file is submitted in full
 *   (…/answer/3061342, …/answer/14684743): it is written whole, as it was read.
 */

import { supplementalFeed } from '../feed-fix.ts'
import type { FixRecord, FixRefusal } from '../fix.ts'
import { decimalText, isPositive, isWhole } from '../fix-values.ts'
import { keyedTable, refusal } from '../keyed-fix.ts'

const supplemental = supplementalFeed({
  extension: 'tsv',
  delimiter: '\t',
  colon: false,
  inStock: 'in_stock',
  outOfStock: 'out_of_stock',
  untouched: 'blank',
  advice: {
    en: 'Add it as a supplemental source with quoted fields. It overrides the primary source for as long as it is there: correct that too, then take this away, which is also its undo.',
    es: 'Añádalo como fuente complementaria con campos entrecomillados. Prevalece sobre la fuente principal mientras exista: corrija también esta y retírelo después; retirarlo es además la forma de deshacerlo.',
  },
})

/** What the store has and whether it can be bought there stand in two cells. */
function refuseContradiction({ record, changes }: FixRecord): FixRefusal | null {
  const quantity = changes.find(({ field }) => field === 'stock.available')?.after ?? null
  const stated = record.cell('availability')?.trim().toLowerCase().replaceAll('_', ' ')
  if (quantity === null || stated === undefined) return null
  const has = isPositive(quantity)
  if (has ? stated !== 'out of stock' : stated === 'out of stock' || stated === 'on display to order') return null
  return refusal(
    `The store’s availability says ‘${stated}’, and would contradict the new quantity.`,
    `La disponibilidad de la tienda dice «${stated}» y contradiría la cantidad nueva.`,
    'stock.available',
  )
}

const localInventory = keyedTable({
  name: 'local-inventory',
  extension: 'tsv',
  kinds: ['local inventory'],
  records: 'all',
  advice: {
    en: 'It has every record of your local inventory file, because Merchant Center takes such a file for the whole: submit it in place of the old one.',
    es: 'Lleva todos los registros de su fichero de inventario local, porque Merchant Center lo toma por completo: envíelo en lugar del anterior.',
  },
  encoding: 'utf-8',
  delimiter: '\t',
  lineEnd: '\n',
  identity: ['store', 'id'],
  required: ['store', 'id'],
  untouched: 'repeated',
  whole: { cleared: null },
  cells: {
    'stock.available': {
      column: 'quantity',
      number: true,
      write: (value) => (isWhole(value) && !value.startsWith('-') ? decimalText(value, 0) : null),
    },
  },
  refuse: refuseContradiction,
})

export const fixes = [supplemental, localInventory]
