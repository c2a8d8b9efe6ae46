/** Values as files that correct write them, and raw texts as such files compare them. Pure, and of no platform. */
import type { Understood } from '../model/report.ts'

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

const DIGITS = new Map<string, number>()

/** Fraction digits that a currency has; 2 for a code that is none. */
function minorDigits(currency: string): number {
  const known = DIGITS.get(currency)
  if (known !== undefined) return known
  const isCode = /^[A-Za-z]{3}$/.test(currency)
  // A formatter costs as much as everything else about a cell.
  const options = isCode ? new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions() : null
  const digits = options?.maximumFractionDigits ?? 2
  DIGITS.set(currency, digits)
  return digits
}

/**
 * Canonical decimal text without zeros that say nothing, at least `digits` fraction digits.
 *
 * @param value - `19.5`, `-3`.
 * @returns Null for what is no decimal.
 */
export function decimalText(value: string, digits: number, mark: '.' | ',' = '.'): string | null {
  const [, sign, whole, fraction = ''] = DECIMAL.exec(value) ?? []
  if (sign === undefined || whole === undefined) return null
  const kept = fraction.replace(/0+$/, '').padEnd(digits, '0')
  const integer = whole.replace(/^0+(?=\d)/, '')
  const text = kept === '' ? integer : `${integer}${mark}${kept}`
  return sign === '-' && /[1-9]/.test(text) ? `-${text}` : text
}

/** An amount with the fraction digits of its currency, more where it has more. */
export function amountText(value: string, currency: string, mark: '.' | ',' = '.'): string | null {
  return decimalText(value, minorDigits(currency), mark)
}

export function isWhole(value: string): boolean {
  return decimalText(value, 0)?.includes('.') === false
}

/** Greater than zero; false for what is no decimal. */
export function isPositive(value: string): boolean {
  const text = decimalText(value, 0)
  return text !== null && !text.startsWith('-') && /[1-9]/.test(text)
}

/**
 * The decimal mark that a raw text shows, else the one that its file has throughout; null where neither decides:
 * `1,234` has one mark and three digits after it.
 */
export function decimalMark(raw: string | null, understood: Understood): '.' | ',' | null {
  const marks = raw?.match(/[.,]/g) ?? []
  const last = marks.at(-1)
  const whole = understood.decimal === '.' || understood.decimal === ',' ? understood.decimal : null
  if (raw === null || (last !== '.' && last !== ',')) return whole
  if (new Set(marks).size > 1) return last
  const after = raw.slice(raw.lastIndexOf(last) + 1).replace(/\D.*$/s, '').length
  if (marks.length === 1 && after !== 3) return last
  return whole
}

/**
 * Canonical decimal of a raw amount such as `1.019,99 €` or `£4,250.00`.
 *
 * @returns Null for what holds no number, or none that `mark` can be right about.
 */
export function readDecimal(raw: string, mark: '.' | ','): string | null {
  const digits = /-?\d[\d.,' \u00a0\u202f]*/.exec(raw)?.[0].replace(/[' \u00a0\u202f]/g, '')
  if (digits === undefined) return null
  const plain = mark === ',' ? digits.replaceAll('.', '').replace(',', '.') : digits.replaceAll(',', '')
  return decimalText(plain.replace(/\.$/, ''), 0)
}

/** Equal as decimals; false where one is none. */
export function sameDecimal(left: string, right: string): boolean {
  const one = decimalText(left, 0)
  return one !== null && one === decimalText(right, 0)
}

/** A GTIN as labels have it: 14 digits lose the zeros of a shorter code, down to the length of what stood there. */
export function gtinText(value: string, raw: string | null): string {
  const length = raw?.replace(/\D/g, '').length ?? 0
  const lengths = [8, 12, 13, 14].filter((one) => /^0*$/.test(value.slice(0, Math.max(0, value.length - one))))
  const shortest = lengths.includes(length) ? length : (lengths.find((one) => one === 8 || one === 13) ?? value.length)
  return value.slice(-shortest).padStart(shortest, '0')
}

const CLOCKS = new Map<string, Intl.DateTimeFormat>()

function clockIn(timezone: string): Intl.DateTimeFormat {
  const known = CLOCKS.get(timezone)
  if (known !== undefined) return known
  const clock = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  })
  CLOCKS.set(timezone, clock)
  return clock
}

/**
 * An instant in local time with its offset: `2026-11-01T00:00+0100`, seconds only where it has them.
 *
 * @param instant - UTC, ISO 8601.
 * @param colon - In the offset.
 * @returns Null for what is no instant.
 */
export function offsetTime(instant: string, timezone: string, colon: boolean): string | null {
  const date = new Date(instant)
  if (Number.isNaN(date.getTime())) return null
  const parts = new Map(
    clockIn(timezone)
      .formatToParts(date)
      .map(({ type, value }) => [type, value]),
  )
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? ''
  const offset = part('timeZoneName').replace('GMT', '') || '+00:00'
  const seconds = part('second') === '00' ? '' : `:${part('second')}`
  const day = `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`
  const clock = `${part('hour')}:${part('minute')}${seconds}`
  return `${day}T${clock}${colon ? offset : offset.replace(':', '')}`
}

/** Holds what no text file of any platform can: NUL and other control characters, halves of characters. */
export function isUnwritable(text: string): boolean {
  return /[\p{Cs}\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/u.test(text)
}

const WINDOWS_1252 = /^[\u0000-\u007f\u00a0-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/u

/** Whether a file in that encoding can hold the text. */
export function fitsEncoding(text: string, encoding: string | null): boolean {
  return encoding === null || !/1252|8859|latin/i.test(encoding) || WINDOWS_1252.test(text)
}
