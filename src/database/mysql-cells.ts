/** Cells of MySQL and MariaDB as the text protocol sends them, by the types of their columns. */
import { fail } from '../diagnostics/diagnostic.ts'
import type { Cell, DatabaseColumn, Nulled, WriteColumn } from './database.ts'
import { withoutExponent } from './numbers.ts'

/** What the driver tells of a column. */
export interface Field {
  readonly name: string
  /** `MYSQL_TYPE_…` of https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html. */
  readonly columnType: number
  /** Number of a collation; 63 is binary. */
  readonly characterSet: number
  readonly columnLength: number
}

const BINARY = 63
const BIT = 16
const TYPES: Readonly<Record<number, string>> = {
  0: 'decimal',
  1: 'tinyint',
  2: 'smallint',
  3: 'int',
  4: 'float',
  5: 'double',
  7: 'timestamp',
  8: 'bigint',
  9: 'mediumint',
  10: 'date',
  11: 'time',
  12: 'datetime',
  13: 'year',
  15: 'varchar',
  16: 'bit',
  245: 'json',
  246: 'decimal',
  247: 'enum',
  248: 'set',
  249: 'tinyblob',
  250: 'mediumblob',
  251: 'longblob',
  252: 'blob',
  253: 'varchar',
  254: 'char',
  255: 'geometry',
}
const NUMBERS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 8, 9, 13, 246])
const BYTES: ReadonlySet<number> = new Set([15, 249, 250, 251, 252, 253, 254])

/** @throws DiagnosticError `database/binary-column` for what has no text. */
export function describeColumns(fields: readonly Field[]): readonly DatabaseColumn[] {
  return fields.map(({ name, columnType, characterSet }) => {
    const type = TYPES[columnType] ?? `type ${columnType}`
    if (columnType === 255 || (BYTES.has(columnType) && characterSet === BINARY)) {
      throw fail('database/binary-column', { column: name, type: columnType === 253 ? 'varbinary' : type })
    }
    return { name, type }
  })
}

export class CellReader {
  readonly #fields: readonly Field[]
  readonly #nulled = new Map<string, Nulled>()

  constructor(fields: readonly Field[]) {
    this.#fields = fields
  }

  row(values: readonly (Buffer | null)[]): Cell[] {
    return values.map((value, index) => {
      const field = this.#fields[index]
      return value === null || field === undefined ? null : this.#cell(value, field)
    })
  }

  numeric(): ReadonlySet<number> {
    return new Set(
      this.#fields.flatMap(({ columnType, columnLength }, index) =>
        NUMBERS.has(columnType) || (columnType === BIT && columnLength > 1) ? [index] : [],
      ),
    )
  }

  nulled(): readonly Nulled[] {
    return [...this.#nulled.values()]
  }

  #cell(value: Buffer, field: Field): Cell {
    const { columnType } = field
    if (columnType === BIT) {
      const bits = value.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n)
      return field.columnLength === 1 ? bits === 1n : bits.toString()
    }
    const text = value.toString('utf8')
    switch (columnType) {
      case 4:
      case 5:
        return withoutExponent(text)
      case 7:
      case 10:
      case 12: {
        // Days that no calendar has: `0000-00-00`, `2026-00-00`.
        if (/^0000-|-00/.test(text.slice(0, 10))) return this.#zero(field.name)
        const time = text.replace(' ', 'T')
        return columnType === 7 ? `${time}Z` : time
      }
      default:
        return text
    }
  }

  #zero(column: string): null {
    this.#nulled.set(column, { column, what: 'zero-date', rows: (this.#nulled.get(column)?.rows ?? 0) + 1 })
    return null
  }
}

/** Numbers are compared as decimals: beside a text the server would make floats of both. */
export function typed(column: WriteColumn, mark: string): string {
  switch (column.kind) {
    case 'exact':
      return `CAST(${mark} AS DECIMAL(65,30))`
    case 'float':
      return `(${mark} + 0e0)`
    case 'boolean':
      return `CAST(${mark} AS UNSIGNED)`
    case 'date':
    case 'local':
    case 'instant':
      return `REPLACE(REPLACE(${mark}, 'T', ' '), 'Z', '')`
    default:
      return mark
  }
}

const KINDS: Readonly<Record<string, WriteColumn['kind']>> = {
  tinyint: 'exact',
  smallint: 'exact',
  mediumint: 'exact',
  int: 'exact',
  bigint: 'exact',
  year: 'exact',
  decimal: 'exact',
  float: 'float',
  double: 'float',
  char: 'char',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  enum: 'text',
  set: 'text',
  date: 'date',
  datetime: 'local',
  timestamp: 'instant',
}

export function columnOf([name, type, data, scale, length, nullable, extra, engine]: readonly (
  | string
  | null
)[]): WriteColumn {
  const kind = type === 'bit(1)' ? 'boolean' : (KINDS[data ?? ''] ?? 'other')
  const isSafe = /^innodb$/i.test(engine ?? '')
  return {
    name: name ?? '',
    type: isSafe ? (type ?? '') : `${type} in a table without transactions (${engine ?? 'a view'})`,
    kind: isSafe ? kind : 'other',
    scale: kind === 'exact' ? Number(scale ?? 0) : null,
    length: kind === 'text' || kind === 'char' ? (length == null ? null : Number(length)) : null,
    nullable: nullable === 'YES',
    generated: /GENERATED/i.test(extra ?? '') && !/DEFAULT_GENERATED/i.test(extra ?? ''),
  }
}
