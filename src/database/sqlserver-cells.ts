/** Cells of SQL Server as its driver gives them, by the types of their columns. */
import { fail } from '../diagnostics/diagnostic.ts'
import type { Cell, ColumnKind, WriteColumn } from './database.ts'
import { withoutExponent } from './numbers.ts'

/** What the driver tells of a column. */
export interface Metadata {
  readonly colName: string
  readonly type: { readonly name: string }
  readonly scale?: number | undefined
  readonly dataLength?: number | undefined
}

/** Digits that a double keeps of any decimal. */
const EXACT_DIGITS = 15

const NUMBERS: ReadonlySet<string> = new Set([
  ...['TinyInt', 'SmallInt', 'Int', 'IntN', 'BigInt', 'Decimal', 'DecimalN', 'Numeric', 'NumericN'],
  ...['Money', 'MoneyN', 'SmallMoney', 'Float', 'FloatN', 'Real'],
])

export class CellReader {
  readonly #columns: readonly Metadata[]

  constructor(columns: readonly Metadata[]) {
    this.#columns = columns
  }

  row(values: readonly unknown[]): Cell[] {
    return values.map((value, index) => {
      const column = this.#columns[index]
      return column === undefined || value === null || value === undefined ? null : cellOf(value, column)
    })
  }

  numeric(): ReadonlySet<number> {
    return new Set(this.#columns.flatMap(({ type }, index) => (NUMBERS.has(type.name) ? [index] : [])))
  }
}

function cellOf(value: unknown, column: Metadata): Cell {
  if (typeof value === 'boolean') return value
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number') return numberText(value, column)
  if (value instanceof Date) return timeText(value, column.type.name)
  if (typeof value === 'string') return /^N?Char$/.test(column.type.name) ? value.replace(/ +$/, '') : value
  throw fail('database/binary-column', { column: column.colName, type: column.type.name })
}

/** The driver makes doubles of decimals: up to fifteen digits they are what they were, beyond that nobody knows. */
function numberText(value: number, { colName, type, scale, dataLength }: Metadata): string {
  const digits = /^(Decimal|Numeric)/.test(type.name) ? (scale ?? 0) : /Money/.test(type.name) ? 4 : null
  if (digits !== null) {
    if (Math.abs(value) >= 10 ** (EXACT_DIGITS - digits)) {
      throw fail('database/wide-number', { column: colName, digits: EXACT_DIGITS })
    }
    return value.toFixed(digits)
  }
  if (type.name === 'Real' || (type.name === 'FloatN' && dataLength === 4)) {
    const short = [6, 7, 8, 9]
      .map((size) => value.toPrecision(size))
      .find((text) => Math.fround(Number(text)) === value)
    return withoutExponent(String(Number(short ?? value)))
  }
  return withoutExponent(String(value))
}

function timeText(value: Date, type: string): string {
  const iso = value.toISOString()
  if (type === 'Date') return iso.slice(0, 10)
  if (type === 'Time') return iso.slice(11, 23)
  const text = iso.replace(/\.000Z$/, 'Z')
  return type === 'DateTimeOffset' ? text : text.replace('Z', '')
}

/** Numbers are compared as decimals, times as times: beside a text the server would decide by its language. */
export function typed(column: WriteColumn, mark: string): string {
  const type = column.type.replace(/\(.*/, '')
  switch (column.kind) {
    case 'exact':
      return `CAST(${mark} AS decimal(38, ${column.scale ?? 10}))`
    case 'float':
    case 'boolean':
      return `CAST(${mark} AS ${type})`
    case 'date':
      return `CONVERT(${type}, ${mark}, 23)`
    case 'local':
      return `CONVERT(${type}, ${mark}, 126)`
    case 'instant':
      return `CONVERT(${type}, ${mark}, 127)`
    default:
      return mark
  }
}

const KINDS: Readonly<Record<string, ColumnKind>> = {
  tinyint: 'exact',
  smallint: 'exact',
  int: 'exact',
  bigint: 'exact',
  decimal: 'exact',
  numeric: 'exact',
  money: 'exact',
  smallmoney: 'exact',
  float: 'float',
  real: 'float',
  bit: 'boolean',
  char: 'char',
  nchar: 'char',
  varchar: 'text',
  nvarchar: 'text',
  date: 'date',
  datetime2: 'local',
  smalldatetime: 'local',
  datetimeoffset: 'instant',
}

export function columnOf([name, type, precision, scale, bytes, nullable, generated]: readonly string[]): WriteColumn {
  const kind = KINDS[type ?? ''] ?? 'other'
  const isWide = type === 'nchar' || type === 'nvarchar'
  const size = Number(bytes ?? -1)
  const isNumber = kind === 'exact'
  return {
    name: name ?? '',
    type: type === 'decimal' || type === 'numeric' ? `${type}(${precision}, ${scale})` : (type ?? ''),
    kind,
    scale: isNumber ? Number(scale ?? 0) : null,
    length: (kind === 'text' || kind === 'char') && size > 0 ? size / (isWide ? 2 : 1) : null,
    nullable: nullable === '1',
    generated: generated === '1',
  }
}
