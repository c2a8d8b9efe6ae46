import type { QuarantinedRecord } from './report.ts'

/** How a file was read, before any column is given a meaning. */
export interface FileReading {
  readonly encoding: string | null
  readonly delimiter: string | null
  /** Codes of the diagnostics catalogue's assumptions with their values, as text for people. */
  readonly assumptions: readonly string[]
  /** The same in the language that the report is not in. */
  readonly translations?: readonly string[]
}

/**
 * One table of a file as layer 0 sees it: all text, in file order, records that cannot be read left out.
 *
 * A workbook or archive gives several of these.
 */
export interface TableFile {
  /** As reports print it: relative to the config, `archive.zip!member.csv` for members. */
  readonly path: string
  /** Name of the sheet, null for anything but a workbook. */
  readonly sheet: string | null
  /** Header texts in order, as written but trimmed. Position i is column `c<i>` of {@link relation}. May repeat. */
  readonly columns: readonly string[]
  /**
   * SQL to use after FROM. Its columns are `c0`, `c1`, … VARCHAR; cells that are empty text are NULL. Rows come in file
   * order; the k-th row (from 0) is the k-th record that could be read.
   */
  readonly relation: string
  /** No cell has another blank than a space: no tab, no line end, none of the wide ones. */
  readonly onlySpaces?: boolean
  /** Data records of the file, quarantined ones included. */
  readonly records: number
  readonly quarantined: readonly QuarantinedRecord[]
  /** Texts of their cells, as far as cells can be told apart; `*` where there is more than can be kept. */
  readonly lost: ReadonlySet<string>
  /**
   * Up to 10,000 records for votes: from the head, and from places all over the file when it is larger. An empty cell is null.
   */
  readonly sample: readonly (readonly (string | null)[])[]
  readonly reading: FileReading
  /** What only a database says of a table; then {@link modifiedAt} is its own clock. */
  readonly declared?: {
    /** Name of the file kind that its rows are. */
    readonly kind: string
    /** Positions of columns of numbers: the point separates their decimals, whatever it looks like. */
    readonly numeric: ReadonlySet<number>
  }
  readonly sha256: string
  readonly bytes: number
  /** File time, UTC ISO 8601. */
  readonly modifiedAt: string
  /** Record number (from 1, quarantined ones counted) of the k-th row of {@link relation}, k from 0. */
  record(ordinal: number): number
  /**
   * Physical lines on which records begin.
   *
   * @param records - Record numbers from 1, any order.
   * @returns Record number to line; without an entry where the format has no lines.
   */
  lines(records: readonly number[]): Promise<ReadonlyMap<number, number>>
  /** Removes temporary files. Safe to call twice. */
  close(): Promise<void>
}

/** A table's name in reports and messages; of a sheet what a `path:` may say. */
export function nameOf({ path, sheet }: Pick<TableFile, 'path' | 'sheet'>): string {
  return sheet === null ? path : `${path}#${sheet}`
}
