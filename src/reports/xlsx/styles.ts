/** Cell formats of a workbook (ECMA-376 part 1, 18.8). Currencies are added as they come. */

/** Formats that every workbook has, in the order of their numbers. */
const FIXED = ['plain', 'header', 'text', 'wrapped', 'title', 'error', 'warning', 'info', 'count', 'share'] as const
export type StyleName = (typeof FIXED)[number]

/** Text that stays text when somebody edits the cell: `@`, and as if written behind an apostrophe. */
const TEXT = 49
const COUNT = 3
const FIRST_OWN = 164
const SHARE = FIRST_OWN

interface Xf {
  readonly format: number
  readonly font?: number
  readonly fill?: number
  readonly wraps?: boolean
}

const XFS: Readonly<Record<StyleName, Xf>> = {
  plain: { format: 0 },
  header: { format: TEXT, font: 1, fill: 2, wraps: true },
  text: { format: TEXT },
  wrapped: { format: TEXT, wraps: true },
  title: { format: TEXT, font: 2 },
  error: { format: TEXT, fill: 3 },
  warning: { format: TEXT, fill: 4 },
  info: { format: TEXT, fill: 5 },
  count: { format: COUNT },
  share: { format: SHARE },
}

const FILLS = ['FF1F3A5F', 'FFF8CBC6', 'FFFCE4B6', 'FFCFE3F7']

export class Styles {
  readonly #own: string[] = ['0.0%']
  readonly #xfs: Xf[] = FIXED.map((name) => XFS[name])
  readonly #byFormat = new Map<string, number>()
  readonly #locale: string

  constructor(locale: string) {
    this.#locale = locale
  }

  number(name: StyleName): number {
    return FIXED.indexOf(name)
  }

  /** A number with so many decimals; with the sign of its currency where it has one. */
  decimal(decimals: number, currency: string | null): number {
    const key = `${decimals} ${currency}`
    const known = this.#byFormat.get(key)
    if (known !== undefined) return known
    const figures = `#,##0${decimals === 0 ? '' : `.${'0'.repeat(decimals)}`}`
    const format = FIRST_OWN + this.#own.push(currency === null ? figures : this.#money(figures, currency)) - 1
    const style = this.#xfs.push({ format }) - 1
    this.#byFormat.set(key, style)
    return style
  }

  /** The sign where the language puts it. */
  #money(figures: string, currency: string): string {
    const parts = new Intl.NumberFormat(this.#locale, { style: 'currency', currency }).formatToParts(1)
    const sign = parts.find(({ type }) => type === 'currency')?.value ?? currency
    const isBehind =
      parts.findIndex(({ type }) => type === 'currency') > parts.findIndex(({ type }) => type === 'integer')
    return isBehind ? `${figures}\\ [$${sign}]` : `[$${sign}]${figures}`
  }

  xml(): string {
    const formats = this.#own.map(
      (code, index) => `<numFmt numFmtId="${FIRST_OWN + index}" formatCode="${quoted(code)}"/>`,
    )
    const fills = FILLS.map(
      (colour) =>
        `<fill><patternFill patternType="solid"><fgColor rgb="${colour}"/><bgColor indexed="64"/></patternFill></fill>`,
    )
    const xfs = this.#xfs.map(({ format, font = 0, fill = 0, wraps = false }) => {
      const isText = format === TEXT
      const align = `<alignment vertical="top"${wraps ? ' wrapText="1"' : ''}/>`
      return `<xf numFmtId="${format}" fontId="${font}" fillId="${fill}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"${isText ? ' quotePrefix="1"' : ''}>${align}</xf>`
    })
    return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="${formats.length}">${formats.join('')}</numFmts><fonts count="3"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><color rgb="FFFFFFFF"/><name val="Calibri"/></font><font><b/><sz val="14"/><name val="Calibri"/></font></fonts><fills count="${fills.length + 2}"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>${fills.join('')}</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="${xfs.length}">${xfs.join('')}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
  }
}

function quoted(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
