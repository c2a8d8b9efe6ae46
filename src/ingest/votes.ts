/** Votes on how a column writes its numbers and dates. Nothing decisive and something ambiguous means: not guessed. */
import type { DateOrder, DecimalMark } from './normalise.ts'

/** Cell texts of one column; null is an empty cell. */
export type Cells = readonly (string | null)[]

const NOISE = /[\s\u00a0\u202f\u2007'’€$£₪¥₹%()+-]|[A-Za-z]{1,5}\.?(?![\d.,])|^[A-Za-z]{1,3}[$/]/g

/**
 * Which decimal mark a column uses.
 *
 * @returns `none` when no cell has a mark at all, `mixed` when cells that leave no doubt contradict each other, `open`
 *   when every mark could as well separate thousands (`1.234`).
 */
export function voteDecimal(cells: Cells): DecimalMark {
  let dot = 0
  let comma = 0
  let ambiguous = 0
  for (const cell of cells) {
    // Most cells: without a mark, or an amount as a program writes it.
    if (cell === null || !/[.,]/.test(cell)) continue
    if (/^\d+\.\d\d?$/.test(cell)) {
      dot++
      continue
    }
    // A blank behind the mark is a list of things, not an amount.
    if (/[.,]\s+\d/.test(cell.trim())) continue
    const text = cell.replace(NOISE, '')
    const verdict = decimalOf(text)
    if (verdict === '.') dot++
    else if (verdict === ',') comma++
    else if (verdict === 'open') ambiguous++
  }
  if (dot > 0 && comma > 0) return 'mixed'
  if (dot > 0) return '.'
  if (comma > 0) return ','
  return ambiguous > 0 ? 'open' : 'none'
}

function decimalOf(text: string): '.' | ',' | 'open' | null {
  if (!/^[\d.,]+$/.test(text) || !/[.,]/.test(text) || !/\d/.test(text)) return null
  const dots = text.split('.').length - 1
  const commas = text.split(',').length - 1
  if (dots > 0 && commas > 0) return text.lastIndexOf('.') > text.lastIndexOf(',') ? '.' : ','
  const mark = dots > 0 ? '.' : ','
  if (dots + commas > 1) return mark === '.' ? ',' : '.'
  const [whole = '', fraction = ''] = text.split(mark)
  const couldBeThousands = fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole)
  return couldBeThousands ? 'open' : mark
}

/** Order of day and month over all date columns of one file: a file is written in one locale. */
export function voteDates(cells: Cells): DateOrder {
  let dayFirst = 0
  let monthFirst = 0
  let either = 0
  for (const cell of cells) {
    const match = cell?.trim().match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})\b/)
    if (!match) continue
    const first = Number(match[1])
    const second = Number(match[2])
    if (first > 12 && second <= 12) dayFirst++
    else if (second > 12 && first <= 12) monthFirst++
    else either++
  }
  if (dayFirst > 0 && monthFirst > 0) return 'open'
  if (dayFirst > 0) return 'dmy'
  if (monthFirst > 0) return 'mdy'
  return either > 0 ? 'open' : 'ymd'
}

/** The order of a file's dates, and what was taken for granted to say so. */
export interface AssumedOrder {
  readonly order: DateOrder
  readonly assumed: 'open-dates' | 'dates-by-decimal' | 'dates-by-point' | null
}

/** @param columns how many the file has. */
export function dateOrder(sample: readonly Cells[], columns: number): AssumedOrder {
  const cells: string[] = []
  for (const record of sample) {
    for (const cell of record) if (cell !== null && looksDated(cell)) cells.push(cell)
  }
  const order = voteDates(cells)
  if (order !== 'open') return { order, assumed: null }
  if (voteDates(cells.filter((cell) => Number(cell.trim().split(/[/.-]/)[1]) > 12)) === 'mdy')
    return { order, assumed: 'open-dates' }
  if (cells.every(isPointed)) return { order: 'dmy', assumed: 'dates-by-point' }
  // A file with decimal commas was not written in a locale that puts the month first.
  const positions = Array.from({ length: columns }, (_, position) => position)
  const commas = positions.some((position) => voteDecimal(sample.map((record) => record[position] ?? null)) === ',')
  return commas ? { order: 'dmy', assumed: 'dates-by-decimal' } : { order, assumed: 'open-dates' }
}

/** Whether a cell may be a date by its first sign, and begins like one. */
function looksDated(cell: string): boolean {
  // Letters and most signs: nearly every text, told without a pattern.
  const first = cell.charCodeAt(0)
  return !(first > 57 && first < 128) && /^\s*\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}/.test(cell)
}

/** No locale of the CLDR (48, 2025) that writes days and months with points puts the month first. */
function isPointed(cell: string): boolean {
  return /^\s*\d{1,2}\.\d{1,2}\.\d{4}(?!\d)/.test(cell)
}
