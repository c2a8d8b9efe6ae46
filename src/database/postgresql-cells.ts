/** Types and texts of PostgreSQL. */
import type pg from 'pg'
import type { Cell, ColumnKind, Nulled, WriteColumn } from './database.ts'
import { withoutExponent } from './numbers.ts'

/** Object ids of built-in types, fixed for ever: `pg_type.dat` of PostgreSQL. */
export const TYPES: Readonly<Record<number, string>> = {
  16: 'boolean',
  17: 'bytea',
  18: 'char',
  19: 'name',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  25: 'text',
  114: 'json',
  700: 'real',
  701: 'double precision',
  790: 'money',
  1042: 'character',
  1043: 'character varying',
  1082: 'date',
  1083: 'time',
  1114: 'timestamp without time zone',
  1184: 'timestamp with time zone',
  1186: 'interval',
  1700: 'numeric',
  2950: 'uuid',
  3802: 'jsonb',
}
export const BYTEA = 17
export const MONEY = 790
export const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 700, 701, 1700])

export const INTEGERS: ReadonlySet<string> = new Set(['int2', 'int4', 'int8'])

export function kindOf(base: string, category: string): ColumnKind {
  switch (base) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'numeric':
      return 'exact'
    case 'float4':
    case 'float8':
      return 'float'
    case 'bool':
      return 'boolean'
    case 'bpchar':
      return 'char'
    case 'text':
    case 'varchar':
    case 'citext':
    case 'uuid':
      return 'text'
    case 'date':
      return 'date'
    case 'timestamp':
      return 'local'
    case 'timestamptz':
      return 'instant'
    default:
      return category === 'E' ? 'text' : 'other'
  }
}

/** The type without length and scale: a cast to `varchar(5)` would cut, and `character` alone means one character. */
export function castOf(column: WriteColumn): string {
  const bare = column.type.replace(/\(.*\)/, '').trim()
  return bare === 'character' ? 'bpchar' : bare
}

/** Cells of one result, by the types of its columns. */
export class CellReader {
  readonly #fields: readonly pg.FieldDef[]
  readonly #nulled = new Map<string, Nulled>()

  constructor(fields: readonly pg.FieldDef[]) {
    this.#fields = fields
  }

  row(texts: readonly (string | null)[]): Cell[] {
    return texts.map((text, index) => (text === null ? null : this.#cell(text, index)))
  }

  nulled(): readonly Nulled[] {
    return [...this.#nulled.values()]
  }

  #cell(text: string, index: number): Cell {
    const field = this.#fields[index]
    switch (field?.dataTypeID) {
      case 16:
        return text === 't' || text === 'true'
      case 700:
      case 701:
      case 1700:
        if (text === 'NaN') return this.#null(field.name, 'not-a-number')
        return text.endsWith('Infinity') ? this.#null(field.name, 'infinite') : withoutExponent(text)
      case 1042:
        return text.replace(/ +$/, '')
      case 1082:
      case 1114:
      case 1184:
        if (text.endsWith('infinity')) return this.#null(field.name, 'infinite')
        return isoTime(text)
      default:
        return text
    }
  }

  #null(column: string, what: Nulled['what']): null {
    const key = `${what} ${column}`
    this.#nulled.set(key, { column, what, rows: (this.#nulled.get(key)?.rows ?? 0) + 1 })
    return null
  }
}

/** `2026-11-22 08:00:00.5+00` is `2026-11-22T08:00:00.5Z`. */
function isoTime(text: string): string {
  return text.replace(/^(\d{4,}-\d{2}-\d{2}) /, '$1T').replace(/\+00(:00)?$/, 'Z')
}
