/** One sheet of a workbook, row by row: frozen header, filters, texts that are never formulas. */
import { printable } from '../../base/text.ts'
import { PartWriter } from './part.ts'
import type { StyleName, Styles } from './styles.ts'
import type { ZipPart } from './zip.ts'

/** A text, a number as decimal text with its format, or nothing. */
export type Cell =
  | { readonly text: string; readonly style: StyleName }
  | { readonly decimal: string; readonly style: number }
  | null

export interface Column {
  readonly title: string
  /** In characters. */
  readonly width: number
}

/** A sheet of Excel has 1,048,576 rows. */
export const MOST_ROWS = 1_000_000
/** Characters that a cell may have. */
const MOST_TEXT = 32_767

export class Sheet {
  readonly name: string
  readonly #columns: readonly Column[]
  readonly #part: PartWriter
  readonly #styles: Styles
  readonly #letters: readonly string[]
  readonly #hasHeader: boolean
  #rows = 0
  #leftOut = 0
  #begun = false

  /** @param number - From 1; names the part. */
  constructor(name: string, number: number, columns: readonly Column[], styles: Styles, hasHeader = true) {
    this.name = name
    this.#columns = columns
    this.#part = new PartWriter(`xl/worksheets/sheet${number}.xml`)
    this.#styles = styles
    this.#letters = columns.map((_, index) => letters(index))
    this.#hasHeader = hasHeader
  }

  /** Rows that did not fit. */
  get leftOut(): number {
    return this.#leftOut
  }

  /** Where the filters stand; null for a sheet without a header. */
  get filtered(): string | null {
    return this.#hasHeader ? `$A$1:$${this.#letters.at(-1)}$${Math.max(this.#rows, 1)}` : null
  }

  async add(cells: readonly Cell[]): Promise<void> {
    if (!this.#begun) await this.#begin()
    if (this.#rows >= MOST_ROWS) {
      this.#leftOut++
      return
    }
    await this.#part.write(this.#rowXml(cells))
  }

  async end(): Promise<ZipPart> {
    if (!this.#begun) await this.#begin()
    const range = `A1:${this.#letters.at(-1)}${Math.max(this.#rows, 1)}`
    const filter = this.#hasHeader ? `<autoFilter ref="${range}"/>` : ''
    await this.#part.write(
      `</sheetData>${filter}<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.5" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><ignoredErrors><ignoredError sqref="${range}" numberStoredAsText="1"/></ignoredErrors></worksheet>`,
    )
    return this.#part.end()
  }

  async #begin(): Promise<void> {
    this.#begun = true
    const columns = this.#columns.map(
      ({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
    )
    const view = this.#hasHeader
      ? '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
      : '<sheetView workbookViewId="0" showGridLines="0"/>'
    await this.#part.write(
      `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>${view}</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${columns.join('')}</cols><sheetData>`,
    )
    if (this.#hasHeader) {
      const cells = this.#columns.map(({ title }): Cell => ({ text: title, style: 'header' }))
      await this.#part.write(this.#rowXml(cells))
    }
  }

  #rowXml(cells: readonly Cell[]): string {
    const row = ++this.#rows
    let xml = `<row r="${row}">`
    for (const [index, cell] of cells.entries()) {
      if (cell === null) continue
      const at = `r="${this.#letters[index] ?? letters(index)}${row}"`
      xml +=
        'text' in cell
          ? `<c ${at} s="${this.#styles.number(cell.style)}" t="inlineStr"><is><t xml:space="preserve">${textXml(cell.text)}</t></is></c>`
          : `<c ${at} s="${cell.style}"><v>${cell.decimal}</v></c>`
    }
    return `${xml}</row>`
  }
}

function letters(index: number): string {
  const rest = Math.floor(index / 26)
  return (rest > 0 ? letters(rest - 1) : '') + String.fromCharCode(65 + (index % 26))
}

const UNSAFE =
  /[&<>\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]|_x[0-9a-fA-F]{4}_/

/** Control characters are spelled out; what the format reads as an escape of its own is escaped. */
function textXml(whole: string): string {
  // Most texts hold nothing of all this.
  if (whole.length <= MOST_TEXT && !UNSAFE.test(whole)) return whole
  return printable(whole)
    .slice(0, MOST_TEXT)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/_x(?=[0-9a-fA-F]{4}_)/g, '_x005F_x')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
