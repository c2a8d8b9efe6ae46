/** What generated catalogues are made of: content that files choke on, and values that changes bring. */
import fc from 'fast-check'
import type { FieldName } from '../../src/model/field.ts'
import type { SourceDialect } from '../fix-harness.ts'
import type { Table } from '../import/cells.ts'

export interface ChangeableField {
  readonly field: FieldName
  readonly header: string
  readonly location?: string
  /** Canonical value of a cell. */
  read(raw: string): string | null
  readonly values: fc.Arbitrary<string | null>
}

export interface FixCase {
  readonly name: string
  readonly platform: string
  readonly kind: string
  readonly dialect: SourceDialect
  readonly table: fc.Arbitrary<Table>
  readonly fields: readonly ChangeableField[]
  /** A file of that name into what there is; `source` is the file that everything began with. */
  import(format: string, before: Table, file: Uint8Array, source: Table): Table
}

export const HOSTILE = [
  '=HYPERLINK("http://evil.test","x")',
  '@SUM(A1)',
  '-2+3',
  'con "comillas" y ; , \t tabulador',
  'dos\nlíneas',
  'NIÑO Ñandú €',
  "O'Neill; DROP TABLE x; --",
  '<script>alert(1)</script>',
  ' blancos a los lados ',
  '007',
  '1.234,56',
]

export const printable = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' })
export const huge = fc.constant('x'.repeat(4_000))
export const emoji = fc.constant('Bota 👢 👨‍👩‍👧')

/** Texts that a file of the platform can hold. */
export function texts(dialect: SourceDialect): fc.Arbitrary<string> {
  const plain = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...HOSTILE) },
    { weight: 4, arbitrary: printable },
    { weight: 1, arbitrary: huge },
    { weight: 2, arbitrary: fc.constant('') },
    ...(dialect.encoding === 'utf-8' ? [{ weight: 2, arbitrary: emoji }] : []),
  )
  return dialect.quotes === false ? plain.map((text) => text.replace(/["\t\r\n]/g, ' ')) : plain
}

/** New texts of a change, some of which no file may carry. */
export const newText = fc.oneof(
  printable.map((text) => `${text.trim()}.`),
  fc.constantFrom(...HOSTILE, 'con\u0000nulo', 'emoji 👢', 'Bota nueva'),
)

export const cents = fc.integer({ min: 1, max: 9_999_999 })
export const money = cents.map((amount) => (amount / 100).toFixed(2))
export const newMoney = fc.oneof(
  { weight: 8, arbitrary: money.map((amount) => amount.replace(/\.?0+$/, '')) },
  { weight: 1, arbitrary: fc.constantFrom('0', '12.345', '0.001') },
  { weight: 1, arbitrary: fc.constant(null) },
)
export const count = fc.oneof(fc.integer({ min: 0, max: 500 }).map(String), fc.constant('0'))
export const newCount = fc.oneof(
  { weight: 8, arbitrary: count },
  { weight: 1, arbitrary: fc.constantFrom('-3', '1.5') },
  { weight: 1, arbitrary: fc.constant(null) },
)
export const gtin = fc.constantFrom('8412345678905', '036000291452', '8400000000017', '')
export const newGtin = fc.constantFrom('08410712000007', '00036000291452', '00000096385074')
export const newFlag = fc.constantFrom('true', 'false')

export function plainNumber(raw: string): string | null {
  const digits = raw.replaceAll(',', '').replace(/[^\d.-]/g, '')
  if (!/^-?\d+(?:\.\d+)?$/.test(digits)) return null
  const [whole = '0', fraction = ''] = digits.split('.')
  const kept = fraction.replace(/0+$/, '')
  return kept === '' ? whole : `${whole}.${kept}`
}

export const asText = (raw: string): string | null => (raw === '' ? null : raw)
export const asGtin = (raw: string): string | null => (raw === '' ? null : raw.replace(/\D/g, '').padStart(14, '0'))
export const asFlag = (raw: string): string | null =>
  /^(?:true|si|y|visible|in[_ ]stock)$/i.test(raw)
    ? 'true'
    : /^(?:false|no|n|hidden|out[_ ]of[_ ]stock)$/i.test(raw)
      ? 'false'
      : null

/** Keys of a file: no two alike, some with leading zeros and characters that are not letters. */
export function keys(rows: number, hostile: readonly string[]): fc.Arbitrary<readonly string[]> {
  return fc
    .array(fc.constantFrom('00', 'SKU-', ...hostile), { minLength: rows, maxLength: rows })
    .map((prefixes) => prefixes.map((prefix, row) => `${prefix}${row}`))
}

/** Rows of cells that are drawn column by column. */
export function tableOf(
  header: readonly string[],
  columns: (rows: number) => readonly fc.Arbitrary<readonly string[]>[],
): fc.Arbitrary<Table> {
  return fc.integer({ min: 1, max: 8 }).chain((rows) =>
    fc.tuple(...columns(rows)).map((cells) => ({
      header,
      rows: Array.from({ length: rows }, (_, row) => cells.map((column) => column[row] ?? '')),
    })),
  )
}

export function column(value: fc.Arbitrary<string>): (rows: number) => fc.Arbitrary<readonly string[]> {
  return (rows) => fc.array(value, { minLength: rows, maxLength: rows })
}

/** Rows of products with up to three variants: the product of each row, and which of it the row is. */
export function products(rows: number): fc.Arbitrary<readonly (readonly [product: number, variant: number])[]> {
  return fc
    .array(fc.integer({ min: 1, max: 3 }), { minLength: rows, maxLength: rows })
    .map((sizes) =>
      sizes
        .flatMap((size, product) => Array.from({ length: size }, (_, variant) => [product, variant] as const))
        .slice(0, rows),
    )
}

export const feedDialect = (delimiter: string): SourceDialect => ({ delimiter, encoding: 'utf-8' })

/** Amounts with commas between thousands. */
export const thousands = money.map((amount) => amount.replace(/\B(?=(\d{3})+\.)/g, ','))
