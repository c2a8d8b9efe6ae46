/** Text of a workbook's cell. */
import { plainNumber } from './json-text.ts'

export type CellType = 'n' | 's' | 'str' | 'inlineStr' | 'b' | 'e' | 'd'

interface CellContext {
  readonly isDate: boolean
  readonly epoch1904: boolean
  readonly texts: readonly string[]
}

export function cellText(text: string, type: CellType, context: CellContext): string {
  switch (type) {
    case 's':
      return context.texts[Number(text)] ?? ''
    case 'b':
      return text === '' ? '' : text === '1' ? 'true' : 'false'
    case 'str':
    case 'inlineStr':
    case 'e':
    case 'd':
      return text
    case 'n':
      if (text === '') return ''
      return context.isDate ? dateText(Number(text), context.epoch1904) : numberText(text)
  }
}

/** Workbooks store 19.99 as 19.989999999999998: 15 digits are what people see, integers stay whole. */
function numberText(text: string): string {
  if (/^-?\d+$/.test(text)) return text
  const value = Number(text)
  return Number.isFinite(value) ? plainNumber(String(Number(value.toPrecision(15)))) : text
}

const DAY_MS = 86_400_000

/** ISO 8601; a time alone for numbers below one day. */
function dateText(serial: number, epoch1904: boolean): string {
  if (!Number.isFinite(serial) || serial < 0 || serial > 2_958_466) return String(serial)
  // Day 60 of the 1900 system is a 29 February that never was: earlier days are one further on.
  const days = epoch1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial
  const iso = new Date(Date.UTC(1899, 11, 30) + Math.round((days * DAY_MS) / 1000) * 1000).toISOString()
  if (serial < 1) return iso.slice(11, 19)
  return Number.isInteger(serial) ? iso.slice(0, 10) : iso.slice(0, 19)
}

/** Whether numbers in this format are dates; `code` is null for built-in formats. */
export function isDateFormat(id: number, code: string | null): boolean {
  if (code === null)
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
  const bare = code.replaceAll(/"[^"]*"|\\.|\[(?!h|m|s)[^\]]*\]|_./gi, '')
  return /[dmyhs]/i.test(bare) && !/general|[#0?]/i.test(bare.replaceAll(/\.0+/g, ''))
}
