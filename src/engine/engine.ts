/** A cell as JavaScript sees it: DECIMAL and 64-bit integers beyond 2^53 arrive as text, instants as ISO 8601 UTC. */
export type SqlValue = string | number | boolean | null
export type SqlRow = Readonly<Record<string, SqlValue>>

/** Runs SQL on the embedded store. One writer; statements run in the order they were asked for. */
export interface Engine {
  /** Runs a statement without a result. */
  run(sql: string): Promise<void>
  /**
   * Creates a table whose rows stand in the order of the file they are read from, so that a row's position is its record.
   * The statement may filter and compute, but neither join nor group.
   */
  createInOrder(table: string, select: string): Promise<void>
  /** Runs statements at once of which none reads what another one writes. What is temporary only the first one sees. */
  together(statements: readonly string[]): Promise<void>
  /** The same store for statements that run beside those of this one. What they create has a schema of its own. */
  beside(): Promise<Engine>
  /** All rows of a SELECT that is known to be small. */
  rows<Row extends SqlRow = SqlRow>(sql: string): Promise<readonly Row[]>
  /** Batches of rows in the query's order; a batch is never empty. */
  batches<Row extends SqlRow = SqlRow>(sql: string): AsyncIterable<readonly Row[]>
  /**
   * Like `batches`, for rows of many columns of which few are looked at: a cell is read when it is asked for. Such rows
   * can be read by name alone, neither copied nor listed, and each keeps its batch in memory.
   */
  views<Row extends SqlRow = SqlRow>(sql: string): AsyncIterable<readonly Row[]>
  /** Appends text rows to a table, all columns VARCHAR or castable from it; null is NULL. */
  append(table: string, rows: AsyncIterable<readonly (readonly SqlValue[])[]>): Promise<void>
  /** Stops what runs now: its promise is rejected. */
  interrupt(): void
  close(): Promise<void>
}

/** Quotes an identifier. */
export function ident(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** Quotes a text literal. Text with NUL never gets here: such records are quarantined. */
export function literal(value: string | number | boolean | null): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
  return String(value)
}
