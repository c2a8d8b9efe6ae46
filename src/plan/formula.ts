/** Cells that a spreadsheet would take for a formula when somebody opens the file before it is imported. */

const BEGINS = /^[=+\-@\t\r]/
/** A number as price lists write it: sign, separators, a currency or per cent sign around it. */
const NUMBER = /^[+-]?\s?(?:[€$£]\s?|[A-Z]{3}\s)?\d[\d.,' \u00a0\u202f]*(?:\s?(?:[€$£%]|[A-Z]{3}))?$/u

export function beginsLikeFormula(cell: string): boolean {
  return BEGINS.test(cell) && !NUMBER.test(cell)
}

/**
 * The first cell that must not be written.
 *
 * @param carried - Texts of the source, which may stand as they stood where the platform takes them as they are.
 */
export function forbiddenCell(
  cells: readonly (string | null)[],
  carried: ReadonlySet<string>,
  literal: boolean,
): string | null {
  for (const cell of cells) {
    if (cell === null || !beginsLikeFormula(cell)) continue
    if (!literal || !carried.has(cell)) return cell
  }
  return null
}
