/** What the tool asks of a database that belongs to a channel: to be read in one consistent moment, and written with a guard. */

export const DIALECTS = ['postgresql', 'mysql', 'mariadb', 'sqlite', 'sqlserver'] as const
export type Dialect = (typeof DIALECTS)[number]

/**
 * Exact texts: decimals as written by the server, instants as ISO 8601 in UTC (`2026-11-22T08:00:00Z`), times without a zone
 * without one (`2026-11-22T08:00:00`), days as `2026-11-22`. Binary is refused.
 */
export type Cell = string | boolean | null

export interface DatabaseColumn {
  readonly name: string
  /** The server's own name of the type. */
  readonly type: string
}

/** Values that the server has and nobody can use, read as null. */
export interface Nulled {
  readonly column: string
  readonly what: 'zero-date' | 'not-a-number' | 'infinite'
  readonly rows: number
}

/** One query's rows, streamed in batches. */
export interface Rows {
  readonly columns: readonly DatabaseColumn[]
  batches(): AsyncIterable<readonly (readonly Cell[])[]>
  /**
   * Positions of columns that hold numbers by the server's own word: the point separates decimals, whatever it looks like.
   * Complete once the batches are read, as `nulled` is.
   */
  numeric(): ReadonlySet<number>
  nulled(): readonly Nulled[]
}

/**
 * What a column holds, as far as comparing and writing go: `exact` numbers, `float` numbers, `text`, `char` (padded with
 * blanks that mean nothing), `boolean`, `date` (a day), `local` (time without a zone), `instant`; `other` is never written.
 */
export type ColumnKind = 'exact' | 'float' | 'text' | 'char' | 'boolean' | 'date' | 'local' | 'instant' | 'other'

/** How a value has to look in a column: a money text in a DECIMAL(10,2), a word in an ENUM. */
export interface WriteColumn {
  readonly name: string
  /** As the server writes it, with length and scale. */
  readonly type: string
  readonly kind: ColumnKind
  /** Digits after the point of an exact number; null for what is none or sets no limit. */
  readonly scale: number | null
  /** Most characters of a text; null without a limit. */
  readonly length: number | null
  readonly nullable: boolean
  /** Computed by the server: never written. */
  readonly generated: boolean
}

/** Which cell: `column` of the one row of `table` whose key columns have these texts. */
export interface CellAddress {
  readonly id: string
  /** Parts of the table's name, unquoted: schema and table, or the table alone. */
  readonly table: readonly string[]
  readonly key: readonly { readonly column: string; readonly value: string }[]
  readonly column: string
}

/** One guarded cell: `UPDATE table SET column = after WHERE key AND column = before` (`IS NULL` where it was null). */
export interface GuardedWrite extends CellAddress {
  readonly before: Cell
  readonly after: Cell
}

/**
 * What became of a write. `moved`: the cell has another value now; `gone`: no such row; `many`: the key is not unique;
 * `refused`: the server said no (constraint, trigger, permission), or the value does not fit the column.
 */
export type WriteOutcome =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'moved'; readonly value: Cell }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'many' }
  | { readonly outcome: 'refused'; readonly reason: string }

/** The connection broke or timed out after the commit was sent: nobody knows yet whether it was done. */
export class UncertainWrite extends Error {
  override readonly name = 'UncertainWrite'
}

export interface DatabaseOptions {
  /** Milliseconds. */
  readonly connectTimeout: number
  readonly statementTimeout: number
  readonly signal: AbortSignal
}

export const DEFAULT_TIMEOUTS = { connectTimeout: 10_000, statementTimeout: 300_000 } as const

/** The one moment that all queries between `beginRead` and `endRead` are answered from. */
export interface ReadMoment {
  /** The server's own clock, ISO 8601 UTC. */
  readonly asOf: string
  /** As the server calls it: `REPEATABLE READ READ ONLY`. */
  readonly isolation: string
  /** False where the server cannot give one moment: each row is as of when its turn came. */
  readonly isOneMoment: boolean
}

/** How the connection is protected. `file`: there is no connection; `plain` on this machine stays on it. */
export type Protection = 'file' | 'plain' | 'encrypted' | 'verified-authority' | 'verified'

export interface Database {
  readonly dialect: Dialect
  /** Version as the server says it. */
  readonly version: string
  /** Safe to print: `postgresql at db.example:5432`. */
  readonly shown: string
  readonly protection: Protection
  /**
   * Begins the one consistent, read-only moment in which all queries until `endRead` are answered.
   */
  beginRead(): Promise<ReadMoment>
  /** Runs one SELECT within the moment; its rows are read to the end, or left, before the next one is asked for. */
  query(sql: string): Promise<Rows>
  endRead(): Promise<void>
  /** Columns of a table, in its order; empty where there is no such table. */
  columns(table: readonly string[]): Promise<readonly WriteColumn[]>
  /** Live values of cells, in the order asked; null of a row that is gone or of a key with several rows is told apart. */
  live(cells: readonly CellAddress[]): Promise<readonly ({ readonly value: Cell } | 'gone' | 'many')[]>
  /**
   * Carries the writes out in one transaction: rows are locked, compared, and only those that still have `before` are
   * written. What is moved, gone or refused leaves the others standing. Committed when it returns; after any error but
   * `UncertainWrite` nothing was written.
   *
   * @returns By the id of the write.
   * @throws UncertainWrite when the commit was sent and its answer never came.
   */
  write(batch: readonly GuardedWrite[]): Promise<ReadonlyMap<string, WriteOutcome>>
  /** Never throws; safe to call twice. */
  close(): Promise<void>
}
