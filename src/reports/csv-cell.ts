import { printable } from '../base/text.ts'

export type CsvCell = string | number | boolean | null | undefined

const PLAIN_NUMBER = /^[+-]?\d+(?:[.,]\d+)*$/

/** A spreadsheet runs a cell that begins with one of these as a formula; the wide forms are read like the plain ones. */
const FORMULA_START = /^[=+\-@\t\r\n＝＋－＠]/

/** A cell that a spreadsheet shows as text, whatever a title or a file name says. */
export function csvCell(value: CsvCell): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  return FORMULA_START.test(text) && !PLAIN_NUMBER.test(text) ? `'${printable(text)}` : printable(text)
}
