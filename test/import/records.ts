import type { Table } from './cells.ts'

/** The records of a shop while an import changes them. */
export class Records {
  readonly header: readonly string[]
  readonly rows: string[][]

  constructor(table: Table) {
    this.header = table.header
    this.rows = table.rows.map((row) => [...row])
  }

  /** Position of the first header that is the text or fits the pattern; -1 without one. */
  find(name: RegExp | string): number {
    return this.header.findIndex((header) => (typeof name === 'string' ? name === header : name.test(header)))
  }

  /** Text of a cell, empty where the table has no such column. */
  get(row: readonly string[], column: number): string {
    return row[column] ?? ''
  }

  table(): Table {
    return { header: this.header, rows: this.rows.map((row) => [...row]) }
  }
}
