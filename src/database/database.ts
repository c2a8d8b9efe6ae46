/** What the tool asks of a database that belongs to a channel: to be read in one consistent moment, and written with a guard. */

export const DIALECTS = ['postgresql', 'mysql', 'mariadb', 'sqlite', 'sqlserver'] as const
export type Dialect = (typeof DIALECTS)[number]

/** Exact texts: decimals as written by the server, instants as ISO 8601, binary refused. */
export type Cell = string | boolean | null

export interface DatabaseColumn {
  readonly name: string
  /** The server's own name of the type. */
  readonly type: string
}

/** One query's rows, streamed in batches. */
export interface Rows {
  readonly columns: readonly DatabaseColumn[]
  batches(): AsyncIterable<readonly (readonly Cell[])[]>
}

/** How a value has to look in a column: a money text in a DECIMAL(10,2), a word in an ENUM. */
export interface WriteColumn {
  readonly name: string
  readonly type: string
  /** Digits after the point of an exact number; null for what is none. */
  readonly scale: number | null
  readonly nullable: boolean
}

/** One guarded cell: `UPDATE table SET column = after WHERE key AND column = before` (`IS NULL` where it was null). */
export interface GuardedWrite {
  readonly id: string
  /** Parts of the table's name, unquoted: schema and table. */
  readonly table: readonly string[]
  readonly key: readonly { readonly column: string; readonly value: string }[]
  readonly column: string
  readonly before: Cell
  readonly after: Cell
}

/**
 * What became of a write. `moved`: the cell has another value now; `gone`: no such row; `many`: the key is not unique;
 * `refused`: the server said no (constraint, trigger, permission).
 */
export type WriteOutcome =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'moved'; readonly value: Cell }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'many' }
  | { readonly outcome: 'refused'; readonly reason: string }

/** The connection broke or timed out after a write was sent: nobody knows yet whether it was done. */
export class UncertainWrite extends Error {}

export interface DatabaseOptions {
  /** Milliseconds. */
  readonly connectTimeout: number
  readonly statementTimeout: number
  readonly signal: AbortSignal
}

export interface Database {
  readonly dialect: Dialect
  /** Version as the server says it. */
  readonly version: string
  /** Begins the one consistent, read-only moment in which all queries until `endRead` are answered. */
  beginRead(): Promise<void>
  query(sql: string): Promise<Rows>
  endRead(): Promise<void>
  columns(table: readonly string[]): Promise<readonly WriteColumn[]>
  /** Live values of cells, in the order asked; null of a row that is gone or of a key with several rows is told apart. */
  live(
    cells: readonly Omit<GuardedWrite, 'before' | 'after'>[],
  ): Promise<readonly ({ readonly value: Cell } | 'gone' | 'many')[]>
  /**
   * Carries the writes out in one transaction, each by its guard; affected rows are checked. What is moved, gone or refused
   * leaves the others standing. Committed when it returns.
   *
   * @throws UncertainWrite when the commit was sent and its answer never came.
   */
  write(batch: readonly GuardedWrite[]): Promise<ReadonlyMap<string, WriteOutcome>>
  close(): Promise<void>
}
