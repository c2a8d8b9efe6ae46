/**
 * Scripts that correct a database and can be read before they are run: one transaction, one guarded UPDATE a cell, and nothing
 * is changed when one of them does not hit exactly one row. Pure text; nothing here talks to a server.
 */
import { fitted } from './compare.ts'
import type { Cell, Dialect, WriteColumn } from './database.ts'
import { quoteName, quoteNumber, quoteTable, quoteText } from './quoting.ts'
import { type Skeleton, skeletonOf } from './script-skeletons.ts'

/** One cell of a script. */
export interface ScriptCell {
  /** What a person knows the cell by, for messages of the script: article and field. */
  readonly label: string
  readonly table: readonly string[]
  readonly key: readonly { readonly column: WriteColumn; readonly value: string }[]
  readonly column: WriteColumn
  readonly before: Cell
  readonly after: Cell
}

/** Statements between two checks that the transaction still stands. */
const CHUNK = 200

export class SqlScript {
  readonly #dialect: Dialect
  readonly #skeleton: Skeleton
  #waiting: { readonly update: string; readonly label: string }[] = []
  #count = 0

  constructor(dialect: Dialect) {
    this.#dialect = dialect
    this.#skeleton = skeletonOf(dialect)
  }

  /** How the script is run, for the person who does. */
  get advice(): { readonly en: string; readonly es: string } {
    return this.#skeleton.advice
  }

  /** @param title - What the script is, as comment lines. */
  begin(title: readonly string[]): string {
    const lines = [...title, ...this.#skeleton.notes].map((line) => `-- ${plain(line)}`)
    return `${lines.join('\n')}\n\n${this.#skeleton.begin}\n`
  }

  /**
   * Adds one cell; the text that has become complete with it.
   *
   * @throws UnquotableError where the column cannot hold the value as it is, and nothing was added.
   */
  add(cell: ScriptCell): string {
    const update = updateOf(this.#dialect, cell, this.#skeleton.condition)
    this.#waiting.push({ update, label: quoteText(this.#dialect, plain(cell.label)) })
    this.#count++
    return this.#waiting.length < CHUNK ? '' : this.#flush()
  }

  /** The rest of the script. */
  end(): string {
    return `${this.#flush()}${this.#skeleton.end(this.#count)}\n`
  }

  #flush(): string {
    const waiting = this.#waiting
    this.#waiting = []
    return waiting.length === 0 ? '' : `${this.#skeleton.chunk(waiting)}\n`
  }
}

/** Comments and labels stand on one line, and say nothing that a client would take for a command. */
function plain(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}\\$]/gu, ' ').slice(0, 200)
}

/** `UPDATE … SET column = after WHERE key AND column = before`. */
function updateOf(dialect: Dialect, cell: ScriptCell, condition: string | null): string {
  const name = quoteName(dialect, cell.column.name)
  const where = [
    ...cell.key.map(({ column, value }) => keyed(dialect, column, value)),
    same(dialect, cell.column, cell.before),
    ...(condition === null ? [] : [condition]),
  ]
  const after = literal(dialect, cell.column, cell.after)
  return `UPDATE ${quoteTable(dialect, cell.table)} SET ${name} = ${after} WHERE ${where.join(' AND ')}`
}

/** A value of the column as a literal: numbers in the column's scale, never floats. */
function literal(dialect: Dialect, column: WriteColumn, cell: Cell): string {
  const text = fitted(column, cell)
  if (text === null) return 'NULL'
  switch (column.kind) {
    case 'exact':
      return quoteNumber(text, column.scale)
    case 'float':
      return dialect === 'postgresql' || dialect === 'sqlserver'
        ? `CAST(${quoteNumber(text, null)} AS ${column.type.replace(/\(.*/, '')})`
        : quoteNumber(text, null)
    case 'boolean':
      if (dialect === 'postgresql') return text === '1' ? 'TRUE' : 'FALSE'
      return text
    case 'date':
    case 'local':
    case 'instant':
      return timeLiteral(dialect, column, text)
    default:
      return quoteText(dialect, text)
  }
}

function timeLiteral(dialect: Dialect, column: WriteColumn, text: string): string {
  switch (dialect) {
    case 'mysql':
    case 'mariadb':
      return quoteText(dialect, text.replace('T', ' ').replace('Z', ''))
    case 'sqlserver':
      return `CONVERT(${column.type.replace(/\(.*/, '')}, ${quoteText(dialect, text)}, ${column.kind === 'instant' ? 127 : 126})`
    default:
      return quoteText(dialect, text)
  }
}

/** The column has exactly this value: no collation, no padding and no rounding makes another one equal. */
function same(dialect: Dialect, column: WriteColumn, cell: Cell): string {
  const name = quoteName(dialect, column.name)
  if (cell === null) return `${name} IS NULL`
  const value = literal(dialect, { ...column, generated: false }, cell)
  if (column.kind === 'float' && (dialect === 'mysql' || dialect === 'mariadb')) {
    // A FLOAT is no decimal: as text it is what was read.
    return `CONCAT(${name}) = ${quoteText(dialect, fitted(column, cell) ?? '')}`
  }
  if (column.kind !== 'text' && column.kind !== 'char') return `${name} = ${value}`
  return exactText(dialect, column, name, value)
}

function exactText(dialect: Dialect, column: WriteColumn, name: string, value: string): string {
  switch (dialect) {
    case 'postgresql':
      return column.type === 'citext' ? `${name}::text = ${value}` : `${name} = ${value}`
    case 'mysql':
    case 'mariadb':
      return `CAST(CONVERT(${name} USING utf8mb4) AS BINARY) = CAST(${value} AS BINARY)`
    case 'sqlite':
      return `${name} = ${value} COLLATE BINARY`
    case 'sqlserver': {
      const binary = `${name} COLLATE Latin1_General_100_BIN2 = ${value}`
      return column.kind === 'char'
        ? binary
        : `${binary} AND DATALENGTH(CAST(${name} AS nvarchar(max))) = DATALENGTH(${value})`
    }
  }
}

/** By the plain comparison an index is found, by the exact one the row. */
function keyed(dialect: Dialect, column: WriteColumn, value: string): string {
  const exact = same(dialect, column, value)
  const isText = column.kind === 'text' || column.kind === 'char'
  if (!isText || dialect === 'postgresql' || dialect === 'sqlite') return exact
  return `${quoteName(dialect, column.name)} = ${quoteText(dialect, value)} AND ${exact}`
}
