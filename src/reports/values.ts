/** Canonical values as a person of the locale writes them. */
import type { Locale } from '../model/config.ts'
import { type FieldType, fieldType, isFieldName } from '../model/field.ts'
import { safe } from './layout.ts'
import { textsOf } from './texts.ts'

const DECIMAL = /^-?\d+(?:\.\d+)?$/
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/
const CURRENCY = /^[A-Z]{3}$/

export interface Values {
  /** `2026-11-22 09:00` in English, `22/11/2026 09:00` in Spanish, in the zone of the project. */
  instant(iso: string): string
  money(amount: string, currency: string): string
  value(text: string, field: string | null, unit: string | null): string
}

// Intl takes decimal text exactly, a number would be a float; the library types ask for a literal of that form.
const exact = (decimal: string): Intl.StringNumericLiteral => decimal as Intl.StringNumericLiteral

function dateFormat(timezone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
}

export function valuesIn(locale: Locale, timezone: string): Values {
  const texts = textsOf(locale).rules
  const dates = dateFormat(timezone)
  const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 })
  const currencies = new Map<string, Intl.NumberFormat>()

  const instant = (iso: string): string => {
    const time = Date.parse(iso)
    if (Number.isNaN(time)) return safe(iso)
    const parts = Object.fromEntries(dates.formatToParts(time).map(({ type, value }) => [type, value]))
    const { year, month, day, hour, minute } = parts
    return locale === 'es' ? `${day}/${month}/${year} ${hour}:${minute}` : `${year}-${month}-${day} ${hour}:${minute}`
  }

  const money = (amount: string, currency: string): string => {
    if (!DECIMAL.test(amount) || !CURRENCY.test(currency)) return safe(`${amount} ${currency}`)
    let format = currencies.get(currency)
    if (format === undefined) {
      format = new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 6 })
      currencies.set(currency, format)
    }
    return format.format(exact(amount))
  }

  const amount = (text: string): string => {
    const decimals = text.split('.')[1]?.length ?? 0
    return new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: 6 }).format(
      exact(text),
    )
  }

  const quantity = (text: string, unit: string | null): string => {
    const number = plain.format(exact(text))
    return unit === null ? number : `${number} ${safe(unit)}`
  }

  const value = (text: string, field: string | null, unit: string | null): string => {
    const type: FieldType | null = field !== null && isFieldName(field) ? fieldType(field) : null
    if (unit !== null && CURRENCY.test(unit)) return money(text, unit)
    if (type === 'instant' && INSTANT.test(text)) return instant(text)
    if (type === 'bool' && text === 'true') return texts.yes
    if (type === 'bool' && text === 'false') return texts.no
    const counts = type === 'quantity' || type === 'integer' || type === 'percent' || type === 'money' || unit !== null
    // An amount without a currency keeps the decimals it has: 20.00 is no count.
    if (type === 'money' && DECIMAL.test(text)) return amount(text)
    if (counts && DECIMAL.test(text)) return quantity(text, type === 'percent' ? (unit ?? '%') : unit)
    return safe(unit === null ? text : `${text} ${unit}`)
  }
  return { instant, money, value }
}
