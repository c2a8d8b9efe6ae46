/** Generated shops of four platforms with content that files choke on, what their rows mean, and what can be changed. */
import fc from 'fast-check'
import type { FieldName } from '../src/model/field.ts'
import type { FixContext } from '../src/platforms/fix.ts'
import type { SourceDialect } from './fix-harness.ts'
import { readTable, type Table } from './import/cells.ts'

/** What a row says, by field; null where the row is no article. */
export type Meaning = Readonly<Partial<Record<FieldName, string | null>>> | null

export interface ShopCase {
  readonly name: string
  readonly platform: string
  readonly kind: string
  readonly dialect: SourceDialect
  readonly context?: Partial<FixContext>
  readonly table: fc.Arbitrary<Table>
  /** New values to draw from. */
  readonly values: Readonly<Partial<Record<FieldName, fc.Arbitrary<string | null>>>>
  /** What each row means. */
  read(table: Table): readonly Meaning[]
  /** Headers that a change of the field may touch. */
  readonly touches: Readonly<Partial<Record<FieldName, RegExp>>>
  /** Fields that the platform itself moves along. */
  readonly follows?: Readonly<Partial<Record<FieldName, readonly FieldName[]>>>
  /** Header of what rows of one product share, and the fields that are the product's. */
  readonly product?: { readonly by: RegExp; readonly fields: readonly FieldName[] }
  readonly parents?: fc.Arbitrary<Table>
  import(format: string, shop: Table, file: Table): Table
}

export const CSV: SourceDialect = { delimiter: ',', encoding: 'utf-8' }

const HOSTILE = [
  '=HYPERLINK("http://evil.test","x")',
  '@SUM(A1)',
  '+34 600 000 000',
  'con "comillas", comas; y \t tabulador',
  'dos\nlíneas\r\ny una más',
  'Ñandú € 👢 👨‍👩‍👧',
  "O'Neill; DROP TABLE x; --",
  '<script>alert(1)</script>',
  '00739',
  '1.234,56',
  '\u202eal revés',
  `${'larga '.repeat(6_000)}fin`,
] as const

const printable = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' }).map((text) => `t${text.trim()}`)

export const texts: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 7, arbitrary: printable },
)

export const newTexts: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: printable },
  { weight: 1, arbitrary: fc.constantFrom(...HOSTILE, 'con\u0000nulo') },
)

// Half of them so close to each other that prices cross.
const cents = fc.oneof(fc.integer({ min: 1, max: 999_999 }), fc.constantFrom(1_000, 1_550, 2_000, 2_999, 3_000))
export const prices: fc.Arbitrary<string> = cents.map((amount) => (amount / 100).toFixed(2))
export const amounts: fc.Arbitrary<string> = prices.map((text) => canonical(text) ?? text)
export const amountsOrNone: fc.Arbitrary<string | null> = fc.oneof(
  { weight: 6, arbitrary: amounts },
  { weight: 1, arbitrary: fc.constantFrom(null, '0', '12.345') },
)
export const counts: fc.Arbitrary<string> = fc.integer({ min: 0, max: 400 }).map(String)
export const newCounts: fc.Arbitrary<string | null> = fc.oneof(
  { weight: 8, arbitrary: counts },
  { weight: 1, arbitrary: fc.constantFrom(null, '-2', '1.5') },
)
export const newCodes: fc.Arbitrary<string> = fc.constantFrom('08410712000007', '00036000291452', '18410712000004')
/** Midnights of winter days in Madrid, and one moment that is none. */
export const instants: fc.Arbitrary<string | null> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 27 }).map((day) => `2027-01-${two(day)}T23:00:00Z`) },
  { weight: 1, arbitrary: fc.constantFrom(null, '2027-01-05T22:59:59Z', '2027-07-05T22:00:00Z') },
)

export function two(value: number): string {
  return String(value).padStart(2, '0')
}

/** Canonical decimal of a text with either mark; null where it is empty. */
export function canonical(raw: string): string | null {
  const text = raw.trim().replace(',', '.')
  if (!/^-?\d+(\.\d+)?$/.test(text)) return null
  return String(BigInt(Math.round(Number(text) * 1e6))).length > 15 ? text : String(Number(Number(text).toFixed(6)))
}

/** A code without leading zeros counted, in 14 digits. */
export function code(raw: string): string | null {
  const digits = raw.trim()
  return /^\d+$/.test(digits) && digits !== '0' ? digits.padStart(14, '0') : null
}

/**
 * A date of a shop in Madrid as an instant; the days of the tests are in winter, or in July.
 *
 * @param isEnd - A day without a time is meant as a whole.
 */
export function instantInMadrid(raw: string, isEnd: boolean): string | null {
  const [, day, hour = '0', minute = '00', second = '00'] =
    /^(\d{4}-\d\d-\d\d)(?: (\d+):(\d\d):(\d\d))?$/.exec(raw) ?? []
  if (day === undefined) return null
  const offset = day.slice(5, 7) === '07' ? '+02:00' : '+01:00'
  const start = Date.parse(`${day}T${hour.padStart(2, '0')}:${minute}:${second}${offset}`)
  const date = new Date(isEnd && !raw.includes(' ') ? start + 86_400_000 : start)
  return `${date.toISOString().slice(0, 19)}Z`
}

export function cellOf(table: Table, row: number, name: RegExp): string {
  return table.rows[row]?.[table.header.findIndex((header) => name.test(header))] ?? ''
}

/** A table of records given by header. */
export function tableOf(header: readonly string[], records: readonly Readonly<Record<string, string>>[]): Table {
  return { header, rows: records.map((record) => header.map((name) => record[name] ?? '')) }
}

export function openTable(text: string, delimiter: string): Table {
  const { header, rows } = readTable(new TextEncoder().encode(text), { delimiter })
  return { header, rows }
}
