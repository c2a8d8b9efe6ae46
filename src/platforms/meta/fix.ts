/**
 * A supplementary feed that corrects a Meta catalogue: `id` and the fields to update. It can only update items that a
 * primary source has added, and is matched by `id` (developers.facebook.com/docs/commerce-platform/catalog/supplementary-feeds,
 * updated 2023-08-03, read 2026-11). What an empty cell does is not said there: cells of a changed column repeat what
 * the source has, and a change to nothing is refused. Values as in Meta's own templates (read 2026-10): availability with
 * a space, `10.00 USD` with a point, windows with offsets, `status` active or archived.
 */

import { supplementalFeed } from '../feed-fix.ts'
import { decimalText, isWhole } from '../fix-values.ts'
import type { CellRule } from '../keyed-fix.ts'

const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  status: { active: 'active', archived: 'archived' },
  visibility: { active: 'published', hidden: 'hidden' },
}

const status: CellRule = {
  column: ['status', 'visibility'],
  write: (value, { record, raw, context }) => {
    if (context.direction === 'undo') return raw ?? null
    const column = record.headerOf('status') === undefined ? 'visibility' : 'status'
    return WORDS[column]?.[value] ?? null
  },
}

const quantity: CellRule = {
  column: ['quantity', 'inventory'],
  number: true,
  write: (value) => (isWhole(value) && !value.startsWith('-') ? decimalText(value, 0) : null),
}

const supplementary = supplementalFeed({
  extension: 'csv',
  delimiter: ',',
  colon: true,
  inStock: 'in stock',
  outOfStock: 'out of stock',
  untouched: 'repeated',
  cells: { status, 'stock.available': quantity },
  advice: {
    en: 'Add it as a supplementary feed. It overrides the main source for as long as it is there: correct that too, then take this away. Its blank cells repeat blank cells of the source.',
    es: 'Añádalo como feed complementario. Prevalece sobre la fuente principal mientras exista: corrija también esta y retírelo después. Sus celdas vacías repiten celdas vacías de la fuente.',
  },
})

export const fixes = [supplementary]
