import type { Problem } from '../../diagnostics/rules.ts'
import { literal } from '../../engine/engine.ts'
import type { Literal } from './ast.ts'
import type { ParamValue, SqlExpr, SqlType } from './scope.ts'

export const TYPE_WORDS: { readonly [T in SqlType]: Problem } = {
  text: { en: 'a text', es: 'un texto' },
  decimal: { en: 'a number', es: 'un número' },
  boolean: { en: 'a condition', es: 'una condición' },
  instant: { en: 'an instant', es: 'un instante' },
  duration: { en: 'a duration', es: 'una duración' },
  list: { en: 'a list', es: 'una lista' },
  unknown: { en: 'unknown', es: 'desconocido' },
}

/** How the engine calls the types. */
export const SQL_NAMES: { readonly [T in SqlType]: string } = {
  text: 'VARCHAR',
  decimal: 'DECIMAL(18,6)',
  boolean: 'BOOLEAN',
  instant: 'TIMESTAMP',
  duration: 'BIGINT',
  list: 'VARCHAR',
  unknown: 'VARCHAR',
}

export function typeOf(value: ParamValue): SqlType {
  switch (value.type) {
    case 'decimal':
    case 'integer':
      return 'decimal'
    case 'text':
    case 'enum':
      return 'text'
    case 'boolean':
    case 'duration':
    case 'list':
      return value.type
    case 'map':
    case 'null':
      return 'unknown'
  }
}

export function paramSql(value: ParamValue): SqlExpr {
  const type = typeOf(value)
  switch (value.type) {
    case 'decimal':
    case 'integer':
      return literalSql({ type: 'decimal', value: value.value })
    case 'duration':
      return literalSql({ type: 'duration', ms: value.value })
    case 'text':
    case 'enum':
    case 'boolean':
      return { sql: literal(value.value), type }
    // Lists and maps have no value of their own in SQL: `in` and functions read them as constants.
    case 'list':
    case 'map':
    case 'null':
      return { sql: 'NULL', type }
  }
}

export function literalSql(value: Literal): SqlExpr {
  switch (value.type) {
    case 'text':
      return { sql: literal(value.value), type: 'text' }
    case 'decimal':
      return { sql: decimalSql(value.value), type: 'decimal' }
    case 'duration':
      return { sql: String(value.ms * 1000), type: 'duration' }
    case 'boolean':
      return { sql: value.value ? 'TRUE' : 'FALSE', type: 'boolean' }
    case 'null':
      return { sql: 'NULL', type: 'unknown' }
  }
}

/** The text is printed into SQL, so it is checked here whatever checked it before. */
function decimalSql(text: string): string {
  if (!/^-?\d{1,12}(\.\d{1,6})?$/.test(text)) throw new Error(`not a decimal: ${text}`)
  return text.startsWith('-') ? `(${text})` : text
}
