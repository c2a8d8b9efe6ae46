import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { DatabaseSync, type DatabaseSyncInstance, type StatementSyncInstance } from '@photostructure/sqlite'
import { now } from '../base/clock.ts'
import { type DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import type { FileAddress } from './address.ts'
import type {
  Cell,
  CellAddress,
  ColumnKind,
  Database,
  DatabaseOptions,
  GuardedWrite,
  Nulled,
  ReadMoment,
  Rows,
  WriteColumn,
  WriteOutcome,
} from './database.ts'
import { messageOf } from './failure.ts'
import { type Answer, liveValues, RefusedStatement, type Session, told, writeGuarded } from './guarded.ts'
import { withoutExponent } from './numbers.ts'

const BATCH = 2000

/** Result codes of https://www.sqlite.org/rescode.html. */
const BUSY = new Set([5, 6])
const LOST = new Set([7, 10, 11, 14, 26])

/** Opens the file for reading; it is opened for writing when the first write is asked for. */
export async function openSqlite(address: FileAddress, options: DatabaseOptions): Promise<Database> {
  const path = address.shown
  const found = await stat(address.file).catch(() => null)
  if (found === null || !found.isFile()) throw fail('database/file', { path, reason: 'missing' })
  await access(address.file, constants.R_OK).catch(() => {
    throw fail('database/file', { path, reason: 'permission' })
  })
  const database = new SqliteDatabase(address, options)
  try {
    database.prepare()
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

class SqliteDatabase implements Database {
  readonly dialect = 'sqlite'
  readonly protection = 'file'
  readonly shown: string
  version = ''
  readonly #address: FileAddress
  readonly #options: DatabaseOptions
  readonly #columns = new Map<string, readonly WriteColumn[]>()
  #reader: DatabaseSyncInstance | null = null
  #writer: DatabaseSyncInstance | null = null

  constructor(address: FileAddress, options: DatabaseOptions) {
    this.#address = address
    this.#options = options
    this.shown = `sqlite file ${address.shown}`
  }

  prepare(): void {
    const [row] = this.#run(this.#open(), 'SELECT sqlite_version()').rows
    this.version = String(row?.[0] ?? '')
    // The first page is looked at only now: a file of another kind says so here.
    this.#run(this.#open(), 'SELECT count(*) FROM sqlite_schema')
  }

  #open(): DatabaseSyncInstance {
    if (this.#reader !== null) return this.#reader
    this.#reader = this.#connect(true)
    this.#reader.exec('PRAGMA query_only = ON')
    return this.#reader
  }

  #connect(readOnly: boolean): DatabaseSyncInstance {
    try {
      const timeout = this.#options.statementTimeout
      return new DatabaseSync(this.#address.file, {
        readOnly,
        timeout,
        defensive: true,
        readBigInts: true,
        returnArrays: true,
      })
    } catch (error) {
      throw this.#failure(error, false)
    }
  }

  beginRead(): Promise<ReadMoment> {
    return told(this.#beginRead())
  }

  async #beginRead(): Promise<ReadMoment> {
    const reader = this.#open()
    this.#run(reader, 'BEGIN')
    // A deferred transaction sees the file as it is at the first read.
    this.#run(reader, 'SELECT count(*) FROM sqlite_schema')
    const [row] = this.#run(reader, "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')").rows
    return { asOf: String(row?.[0] ?? ''), isolation: 'READ TRANSACTION', isOneMoment: true }
  }

  async query(sql: string): Promise<Rows> {
    const statement = this.#prepared(this.#open(), sql)
    const described = statement.columns()
    const kinds = described.map(({ type }) => kindOf(type ?? ''))
    const reader = new CellReader(
      described.map(({ name }) => name),
      kinds,
    )
    const failure = (error: unknown): unknown => this.#failure(error, true)
    const { signal, statementTimeout } = this.#options
    const tooLong = (): DiagnosticError =>
      fail('database/statement-timeout', { server: this.shown, seconds: statementTimeout / 1000 })
    return {
      columns: described.map(({ name, type }) => ({ name, type: type ?? '' })),
      async *batches() {
        const began = now().getTime()
        let rows: Cell[][] = []
        try {
          for (const row of statement.iterate() as Iterable<readonly unknown[]>) {
            rows.push(reader.row(row))
            if (rows.length < BATCH) continue
            yield rows
            rows = []
            signal.throwIfAborted()
            if (now().getTime() - began > statementTimeout) throw tooLong()
          }
        } catch (error) {
          throw failure(error)
        }
        if (rows.length > 0) yield rows
      },
      numeric: () => reader.numeric(),
      nulled: () => reader.nulled(),
    }
  }

  async endRead(): Promise<void> {
    this.#run(this.#open(), 'COMMIT')
  }

  columns(table: readonly string[]): Promise<readonly WriteColumn[]> {
    return told(this.#columnsOf(table))
  }

  async #columnsOf(table: readonly string[]): Promise<readonly WriteColumn[]> {
    const key = JSON.stringify(table)
    const known = this.#columns.get(key)
    if (known !== undefined) return known
    const [schema, name] = table.length > 1 ? [table[0], table[1]] : ['main', table[0]]
    const { rows } = this.#run(
      this.#open(),
      `SELECT name, type, "notnull", hidden FROM pragma_table_xinfo(?, ?) WHERE hidden <> 1`,
      [name ?? '', schema ?? 'main'],
    )
    const columns = rows.map(([column, type, notNull, hidden]): WriteColumn => {
      const declared = String(type ?? '')
      const kind = kindOf(declared)
      const [, scale] = /\(\s*\d+\s*,\s*(\d+)\s*\)/.exec(declared) ?? []
      const isInteger = /INT/i.test(declared)
      return {
        name: String(column),
        type: declared,
        kind,
        scale: isInteger ? 0 : kind === 'exact' && scale !== undefined ? Number(scale) : null,
        length: null,
        nullable: String(notNull) === '0',
        generated: String(hidden) !== '0',
      }
    })
    this.#columns.set(key, columns)
    return columns
  }

  async live(cells: readonly CellAddress[]) {
    return told(liveValues(this.#session(this.#open()), cells, (table) => this.columns(table)))
  }

  async write(batch: readonly GuardedWrite[]): Promise<ReadonlyMap<string, WriteOutcome>> {
    this.#writer ??= this.#connect(false)
    const writer = this.#writer
    try {
      // Takes the lock at once: a read that becomes a write later may find the file changed.
      this.#run(writer, 'BEGIN IMMEDIATE')
      const outcomes = await writeGuarded(this.#session(writer), batch, (table) => this.columns(table))
      return this.#commit(writer, outcomes)
    } catch (error) {
      if (writer.isTransaction) writer.exec('ROLLBACK')
      throw error instanceof RefusedStatement && error.cause instanceof Error ? error.cause : error
    }
  }

  #commit(writer: DatabaseSyncInstance, outcomes: Map<string, WriteOutcome>): ReadonlyMap<string, WriteOutcome> {
    try {
      this.#run(writer, 'COMMIT')
      return outcomes
    } catch (error) {
      if (!(error instanceof RefusedStatement)) throw error
      if (writer.isTransaction) writer.exec('ROLLBACK')
      const refused: WriteOutcome = { outcome: 'refused', reason: error.message }
      for (const [id, one] of outcomes) if (one.outcome === 'written') outcomes.set(id, refused)
      return outcomes
    }
  }

  #session(connection: DatabaseSyncInstance): Session {
    return {
      dialect: 'sqlite',
      run: async (sql, values) => this.#run(connection, sql, values),
      placeholder: () => '?',
      typed: (column, mark) =>
        column.kind === 'exact' || column.kind === 'float' || column.kind === 'boolean'
          ? `CAST(${mark} AS NUMERIC)`
          : mark,
      lock: { table: '', tail: '' },
      savepoint: { set: 'SAVEPOINT one', back: 'ROLLBACK TO one', release: 'RELEASE one' },
    }
  }

  #prepared(connection: DatabaseSyncInstance, sql: string): StatementSyncInstance {
    try {
      return connection.prepare(sql)
    } catch (error) {
      throw this.#failure(error, true)
    }
  }

  #run(connection: DatabaseSyncInstance, sql: string, values: readonly (string | null)[] = []): Answer {
    try {
      const statement = connection.prepare(sql)
      const described = statement.columns()
      if (described.length === 0) return { rows: [], affected: Number(statement.run(...values).changes) }
      const reader = new CellReader(
        described.map(({ name }) => name),
        described.map(({ type }) => kindOf(type ?? '')),
      )
      const rows = statement.all(...values) as readonly (readonly unknown[])[]
      return { rows: rows.map((row) => reader.row(row)), affected: rows.length }
    } catch (error) {
      const failure = this.#failure(error, false)
      const code = resultCode(error)
      if (code === null || BUSY.has(code) || LOST.has(code)) throw failure
      throw new RefusedStatement(messageOf(error), { cause: failure })
    }
  }

  #failure(error: unknown, isQuery: boolean): unknown {
    const code = resultCode(error)
    if (code === null) return error
    const message = messageOf(error)
    const path = this.#address.shown
    if (BUSY.has(code)) return fail('database/busy', { server: this.shown })
    if (code === 26) return fail('database/file', { path, reason: 'not-database' })
    if (code === 11) return fail('database/file', { path, reason: 'damaged' })
    if (code === 14) return fail('database/file', { path, reason: 'permission' })
    if (code === 8 || code === 23) return fail('database/permission', { message })
    if (!isQuery) return fail('database/server', { server: this.shown, message })
    const position = null
    if (/^no such table/.test(message)) return fail('database/no-table', { message, position })
    if (/^no such column/.test(message)) return fail('database/no-column', { message, position })
    return fail('database/statement', { message, position })
  }

  async close(): Promise<void> {
    for (const connection of [this.#reader, this.#writer]) {
      if (!connection?.isOpen) continue
      // The driver closes a file for good when the last statement is collected; its locks go now.
      if (connection.isTransaction) connection.exec('ROLLBACK')
      connection.close()
    }
    this.#reader = null
    this.#writer = null
  }
}

/** Primary result code; null for what is no error of SQLite. */
function resultCode(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return null
  return typeof error.errcode === 'number' ? error.errcode & 255 : null
}

/** By the rules of https://www.sqlite.org/datatype3.html, section 3.1; dates are texts there, truth values integers. */
function kindOf(declared: string): ColumnKind {
  const type = declared.toUpperCase()
  if (type.includes('BOOL')) return 'boolean'
  if (/DATE|TIME/.test(type)) return 'text'
  if (type.includes('INT')) return 'exact'
  if (/CHAR|CLOB|TEXT/.test(type)) return 'text'
  if (type === '' || type.includes('BLOB')) return 'other'
  return /REAL|FLOA|DOUB/.test(type) ? 'float' : 'exact'
}

class CellReader {
  readonly #names: readonly string[]
  readonly #kinds: readonly ColumnKind[]
  readonly #nulled = new Map<string, Nulled>()
  /** A column has no type of its own: what it holds decides. */
  readonly #numbers = new Set<number>()
  readonly #texts = new Set<number>()

  constructor(names: readonly string[], kinds: readonly ColumnKind[]) {
    this.#names = names
    this.#kinds = kinds
  }

  row(values: readonly unknown[]): Cell[] {
    return values.map((value, index) => this.#cell(value, index))
  }

  numeric(): ReadonlySet<number> {
    return new Set([...this.#numbers].filter((index) => !this.#texts.has(index)))
  }

  nulled(): readonly Nulled[] {
    return [...this.#nulled.values()]
  }

  #cell(value: unknown, index: number): Cell {
    if (value === null || value === undefined) return null
    const column = this.#names[index] ?? ''
    switch (typeof value) {
      case 'bigint':
        if (this.#kinds[index] === 'boolean' && (value === 0n || value === 1n)) return value === 1n
        this.#numbers.add(index)
        return value.toString()
      case 'number':
        this.#numbers.add(index)
        if (!Number.isFinite(value)) return this.#infinite(column)
        return withoutExponent(String(value))
      case 'string':
        this.#texts.add(index)
        return value
      default:
        throw fail('database/binary-column', { column, type: 'BLOB' })
    }
  }

  #infinite(column: string): null {
    this.#nulled.set(column, { column, what: 'infinite', rows: (this.#nulled.get(column)?.rows ?? 0) + 1 })
    return null
  }
}
