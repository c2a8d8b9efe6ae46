/** Rows below the data: totals that a till or a spreadsheet adds. */
import type { RecordPlace } from './scan.ts'

const TOTAL_WORD =
  /^(totale?s?|totals|sumas?|sum|gran total|grand total|total general|totales generales|subtotal(es)?)\b/i
const TOTAL_ALONE = /^(total|totales|totals|suma|sum|subtotal(es)?|total general|gran total|grand total)\s*:?$/i

export interface Totals {
  readonly place: RecordPlace
  readonly text: string
}

/**
 * The first of the totals rows that end a file, or null.
 *
 * A row counts when its first cell is such a word alone, or begins with one in a row at most half as full as the rest.
 *
 * @param last - The last records that hold something, in any order.
 * @param usual - How many cells of a record are filled, usually.
 */
export function totalsRow(
  last: readonly RecordPlace[],
  usual: number,
  cellsOf: (place: RecordPlace) => readonly string[],
): Totals | null {
  let found: Totals | null = null
  for (const place of [...last].sort((one, other) => other.record - one.record)) {
    if (place.record === 1) break
    const cells = cellsOf(place)
    if (!isTotals(cells, usual)) break
    const text = cells.filter((cell) => cell.trim() !== '').join(' ')
    found = { place, text: found === null ? text : `${text} / ${found.text}` }
  }
  return found
}

/** See {@link totalsRow}. */
export function isTotals(raw: readonly string[], usual: number): boolean {
  const cells = raw.map((cell) => cell.trim())
  const first = cells.find((cell) => cell !== '') ?? ''
  const filled = cells.filter((cell) => cell !== '').length
  const emptier = filled * 2 <= usual
  if (TOTAL_ALONE.test(first)) return emptier || cells[0] === first
  return emptier && TOTAL_WORD.test(first)
}
