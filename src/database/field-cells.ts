/** Canonical values as cells of a column, and back. */

import { type FieldName, fieldType } from '../model/field.ts'
import { plainNumber } from './compare.ts'
import type { Cell, WriteColumn } from './database.ts'
import { localDay, localTime } from './local-time.ts'
import type { Texts } from './write-targets.ts'

export interface FieldContext {
  /** IANA zone of times without one. */
  readonly timezone: string
  /** Words of the column, case folded, to what they mean; empty where the configuration names none. */
  readonly words: Readonly<Record<string, string>>
}

const isTexts = (value: Cell | Texts): value is Texts => typeof value === 'object' && value !== null

/** Fields whose day is the last one: their canonical instant is the midnight behind it. */
const ENDS: ReadonlySet<string> = new Set(['price.sale_to', 'promotion.ends_at'])

/**
 * A canonical text as the column has it.
 *
 * @returns Words for a person where the column cannot hold it, or where several texts of it would mean the same.
 */
export function cellOf(
  field: FieldName,
  value: string | null,
  column: WriteColumn,
  context: FieldContext,
): Cell | Texts {
  if (value === null) return null
  const type = fieldType(field)
  switch (type) {
    case 'money':
    case 'quantity':
    case 'integer':
    case 'percent':
      return column.kind === 'exact' || column.kind === 'float' ? value : unfit(column, 'a number', 'un número')
    case 'bool':
      return truth(value, column, context)
    case 'state':
    case 'condition':
    case 'backorder':
    case 'kind':
      return word(field, value, column, context)
    case 'instant':
      return instant(field, value, column, context)
    case 'list':
      return {
        en: `lists in a column are not written (${field})`,
        es: `las listas dentro de una columna no se escriben (${field})`,
      }
    case 'text':
    case 'key':
    case 'gtin':
    case 'currency':
      return column.kind === 'text' ||
        column.kind === 'char' ||
        (column.kind === 'exact' && plainNumber(value) !== null)
        ? value
        : unfit(column, 'a text', 'un texto')
  }
}

function unfit(column: WriteColumn, en: string, es: string): Texts {
  return {
    en: `column '${column.name}' (${column.type}) does not hold ${en}`,
    es: `la columna «${column.name}» (${column.type}) no guarda ${es}`,
  }
}

function truth(value: string, column: WriteColumn, { words }: FieldContext): Cell | Texts {
  if (value !== 'true' && value !== 'false') return unfit(column, value, value)
  if (column.kind === 'boolean') return value === 'true'
  if (column.kind === 'exact') return value === 'true' ? '1' : '0'
  const [only, ...others] = Object.entries(words).filter(([, meaning]) => meaning === value)
  if (only !== undefined && others.length === 0) return only[0]
  return {
    en: `which word of column '${column.name}' means ${value} is not said: name it under map: with a vocabulary`,
    es: `no se dice qué palabra de la columna «${column.name}» significa ${value}: indíquela en map: con un vocabulario`,
  }
}

function word(field: FieldName, value: string, column: WriteColumn, { words }: FieldContext): Cell | Texts {
  if (column.kind === 'boolean') {
    if (value === 'active') return true
    if (value === 'paused') return false
    return unfit(column, `the state '${value}'`, `el estado «${value}»`)
  }
  const [only, ...others] = Object.entries(words).filter(([, meaning]) => meaning === value)
  if (only !== undefined && others.length === 0) return only[0]
  if (Object.keys(words).length === 0 && (column.kind === 'text' || column.kind === 'char')) return value
  return {
    en: `which word of column '${column.name}' means '${value}' is not said: give ${field} a vocabulary under map:`,
    es: `no se dice qué palabra de la columna «${column.name}» significa «${value}»: dé a ${field} un vocabulario en map:`,
  }
}

function instant(field: FieldName, value: string, column: WriteColumn, { timezone }: FieldContext): Cell | Texts {
  switch (column.kind) {
    case 'instant':
      return value
    case 'local':
      return localTime(value, timezone) ?? unfit(column, 'this time', 'esta hora')
    case 'date':
      return localDay(value, timezone, ENDS.has(field)) ?? unfit(column, 'a time of day', 'una hora del día')
    default:
      return unfit(column, 'a time', 'una hora')
  }
}

/**
 * A cell in the canonical text of its field, where `known` are the canonical values that it is most likely to be: of several
 * texts that mean one value the planned one is meant.
 */
export function canonicalOf(
  field: FieldName,
  cell: Cell,
  column: WriteColumn,
  context: FieldContext,
  known: readonly (string | null)[],
  isSameCell: (a: Cell, b: Cell) => boolean,
): string | null {
  if (cell === null) return null
  for (const value of known) {
    const expected = cellOf(field, value, column, context)
    if (!isTexts(expected) && isSameCell(expected, cell)) return value
  }
  const meaning = context.words[String(cell).normalize('NFC').trim().toLowerCase()]
  return meaning ?? (typeof cell === 'boolean' ? String(cell) : cell)
}
