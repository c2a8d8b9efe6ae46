/** What all sheets of a workbook share: formats, texts, and the way from a value to a cell. */
import { workbookTexts as en, type WorkbookTexts } from '../../i18n/workbook.en.ts'
import { workbookTexts as es } from '../../i18n/workbook.es.ts'
import type { Locale, Severity } from '../../model/config.ts'
import { fieldType, isFieldName } from '../../model/field.ts'
import type { Impact } from '../../model/report.ts'
import type { RenderOptions } from '../reporter.ts'
import { textsOf } from '../texts.ts'
import { type Values, valuesIn } from '../values.ts'
import { type Cell, type Column, Sheet } from './sheet.ts'
import { type StyleName, Styles } from './styles.ts'
import { SheetNames } from './workbook.ts'

const TEXTS: Readonly<Record<Locale, WorkbookTexts>> = { en, es }
const DECIMAL = /^-?\d{1,15}(?:\.(\d{1,6}))?$/
/** A spreadsheet computes with 15 figures; a longer number would be another one. */
const MOST_FIGURES = 15
const CURRENCY = /^[A-Z]{3}$/
const NUMBERS = new Set(['money', 'quantity', 'integer', 'percent'])

export class Book {
  readonly styles: Styles
  readonly texts: WorkbookTexts
  readonly options: RenderOptions
  readonly values: Values
  readonly #names = new SheetNames()
  readonly #report
  #sheets = 0

  constructor(options: RenderOptions) {
    this.options = options
    this.styles = new Styles(options.locale)
    this.texts = TEXTS[options.locale]
    this.values = valuesIn(options.locale, options.timezone)
    this.#report = textsOf(options.locale)
  }

  /** The words that the report for people uses. */
  get words(): ReturnType<typeof textsOf> {
    return this.#report
  }

  sheet(
    name: string,
    columns: readonly Column[],
    hasHeader = true,
  ): { readonly sheet: Sheet; readonly number: number } {
    const number = ++this.#sheets
    return { sheet: new Sheet(this.#names.of(name), number, columns, this.styles, hasHeader), number }
  }

  text(text: string | null | undefined, style: StyleName = 'text'): Cell {
    return text === null || text === undefined || text === '' ? null : { text, style }
  }

  severity(severity: Severity): Cell {
    return { text: this.texts.severity[severity], style: severity }
  }

  count(count: number | null): Cell {
    return count === null ? null : { decimal: String(count), style: this.styles.number('count') }
  }

  share(share: number): Cell {
    return { decimal: share.toFixed(6), style: this.styles.number('share') }
  }

  impact(impact: Impact | null): Cell {
    return impact === null ? null : this.number(impact.amount, impact.currency)
  }

  /** A number with its currency; text where a spreadsheet would change it. */
  number(decimal: string, unit: string | null): Cell {
    const currency = unit !== null && CURRENCY.test(unit) ? unit : null
    const found = DECIMAL.exec(decimal)
    if (found === null || decimal.replace(/\D/g, '').length > MOST_FIGURES)
      return this.text(`${decimal} ${unit ?? ''}`.trim())
    // The decimals that the value has, so that nothing is rounded out of sight; money has its own at least.
    const own = found[1]?.length ?? 0
    const least = currency === null ? 0 : minorUnits(currency)
    return { decimal, style: this.styles.decimal(Math.max(own, least), currency) }
  }

  /** What a channel says of a field. */
  value(value: string | null, field: string | null, unit: string | null): Cell {
    if (value === null) return this.text(this.#report.rules.empty)
    const type = field !== null && isFieldName(field) ? fieldType(field) : null
    const isNumber = (type !== null && NUMBERS.has(type)) || (unit !== null && CURRENCY.test(unit))
    return isNumber && DECIMAL.test(value) ? this.number(value, unit) : this.text(this.#shown(value, field, unit, type))
  }

  /** Identifiers stay as they are; instants and words of the tool are told in the language. */
  #shown(value: string, field: string | null, unit: string | null, type: string | null): string {
    return type === 'bool' || type === 'instant' || unit !== null ? this.values.value(value, field, unit) : value
  }
}

const units = new Map<string, number>()

function minorUnits(currency: string): number {
  const known = units.get(currency)
  if (known !== undefined) return known
  const found = decimalsOf(currency)
  units.set(currency, found)
  return found
}

function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().minimumFractionDigits ?? 2
}
