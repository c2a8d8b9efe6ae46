import { readFile } from 'node:fs/promises'
import pg from 'pg'
import Cursor from 'pg-cursor'
import { type DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import type { ServerAddress, Tls } from './address.ts'
import {
  type CellAddress,
  type Database,
  type DatabaseOptions,
  type GuardedWrite,
  type Protection,
  type ReadMoment,
  type Rows,
  UncertainWrite,
  type WriteColumn,
  type WriteOutcome,
} from './database.ts'
import { messageOf, watch, withoutSecrets } from './failure.ts'
import { liveValues, RefusedStatement, type Session, told, writeGuarded } from './guarded.ts'
import { BYTEA, CellReader, castOf, INTEGERS, kindOf, MONEY, NUMBERS, TYPES } from './postgresql-cells.ts'
import { failureOf, isRefusal, refusalOrFailure } from './postgresql-failure.ts'
import { quoteName } from './quoting.ts'

const BATCH = 2000

/** Texts as the server wrote them: the driver's own parsers make floats and local dates of them. */
const AS_TEXT = { getTypeParser: () => (value: string) => value }

/** Opens a connection; `allow` and `prefer` try without encryption where the server has none. */
export async function openPostgresql(address: ServerAddress, options: DatabaseOptions): Promise<Database> {
  options.signal.throwIfAborted()
  const authority = address.authority === null ? undefined : await readAuthority(address, address.authority)
  try {
    return await connect(address, options, address.tls, authority)
  } catch (error) {
    const hasNone = messageOf(error).includes('does not support SSL')
    if (address.tls === 'prefer' && hasNone) {
      return connect(address, options, 'off', authority).catch((cause) => {
        throw failureOf(cause, address, options, null)
      })
    }
    throw failureOf(error, address, options, null)
  }
}

async function readAuthority(address: ServerAddress, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw fail('database/tls', { server: address.shown, reason: `the file of sslrootcert: ${cause.code}` })
  })
}

async function connect(
  address: ServerAddress,
  options: DatabaseOptions,
  tls: Tls,
  authority: string | undefined,
): Promise<Database> {
  const isChecked = tls === 'verify-ca' || tls === 'verify-full'
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    ...(address.user === null ? {} : { user: address.user }),
    ...(address.password === null ? {} : { password: address.password }),
    ...(address.database === '' ? {} : { database: address.database }),
    ssl:
      tls === 'off'
        ? false
        : {
            rejectUnauthorized: isChecked,
            ...(authority === undefined ? {} : { ca: authority }),
            ...(tls === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
          },
    connectionTimeoutMillis: options.connectTimeout,
    keepAlive: true,
    application_name: 'omniparity',
    types: AS_TEXT,
  })
  const database = new PostgresqlDatabase(client, address, options, tls)
  try {
    await client.connect()
    await database.prepare()
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

class PostgresqlDatabase implements Database {
  readonly dialect = 'postgresql'
  readonly shown: string
  readonly protection: Protection
  version = ''
  readonly #client: pg.Client
  readonly #address: ServerAddress
  readonly #options: DatabaseOptions
  readonly #columns = new Map<string, readonly WriteColumn[]>()
  readonly #ended: Promise<void>
  #broken: unknown = null
  #closed = false

  constructor(client: pg.Client, address: ServerAddress, options: DatabaseOptions, tls: Tls) {
    this.#client = client
    this.#address = address
    this.#options = options
    this.shown = address.shown
    this.protection =
      tls === 'off'
        ? 'plain'
        : tls === 'verify-full'
          ? 'verified'
          : tls === 'verify-ca'
            ? 'verified-authority'
            : 'encrypted'
    // Without a listener an error between two statements would end the process.
    client.on('error', (error) => {
      this.#broken = error
    })
    this.#ended = new Promise((resolve) => client.once('end', resolve))
    options.signal.addEventListener('abort', this.#abort)
  }

  readonly #abort = (): void => {
    // A statement that runs is not waited for; the server ends its transaction when the connection goes.
    this.#client.connection.stream.destroy()
  }

  async prepare(): Promise<void> {
    const { statementTimeout } = this.#options
    await this.#ask("SET client_encoding = 'UTF8'")
    await this.#ask("SET timezone = 'UTC'")
    await this.#ask("SET datestyle = 'ISO, YMD'")
    await this.#ask('SET extra_float_digits = 1')
    await this.#ask('SET standard_conforming_strings = on')
    await this.#ask(`SET statement_timeout = ${statementTimeout}`)
    await this.#ask(`SET lock_timeout = ${statementTimeout}`)
    const { rows } = await this.#ask('SHOW server_version')
    this.version = String(rows[0]?.[0] ?? '')
  }

  beginRead(): Promise<ReadMoment> {
    return told(this.#beginRead())
  }

  async #beginRead(): Promise<ReadMoment> {
    const isolation = 'REPEATABLE READ, READ ONLY'
    await this.#run(`BEGIN ISOLATION LEVEL ${isolation}`)
    const { rows } = await this.#run(
      `SELECT to_char(transaction_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
    )
    return { asOf: String(rows[0]?.[0] ?? ''), isolation: isolation.replace(',', ''), isOneMoment: true }
  }

  async query(sql: string): Promise<Rows> {
    const described = await this.#describe(sql)
    const money = described.filter(({ dataTypeID }) => dataTypeID === MONEY)
    const [first] = money
    if (first === undefined) return this.#stream(sql, described, sql)
    const names = described.map(({ name }) => name)
    if (new Set(names).size < names.length) throw fail('database/money-column', { column: first.name })
    // Its text is that of a locale; as numeric it is exact.
    const list = described.map(({ name, dataTypeID }) => {
      const column = quoteName('postgresql', name)
      return dataTypeID === MONEY ? `${column}::numeric AS ${column}` : column
    })
    const wrapped = `SELECT ${list.join(', ')} FROM (${sql}\n) AS money_as_numeric`
    return this.#stream(wrapped, await this.#describe(wrapped), sql)
  }

  /** Columns of a query that is not run. */
  async #describe(sql: string): Promise<readonly pg.FieldDef[]> {
    const head = 'SELECT * FROM ('
    const cursor = this.#cursor(`${head}${sql}\n) AS described LIMIT 0`)
    try {
      const described = new Promise<readonly pg.FieldDef[]>((resolve, reject) => {
        cursor.read(1, (error, _rows, result) => {
          if (error) reject(error)
          else resolve(result.fields)
        })
      })
      return await this.#inTime(described)
    } catch (error) {
      throw failureOf(error, this.#address, this.#options, { sql, offset: head.length })
    } finally {
      await this.#leave(cursor)
    }
  }

  #cursor(sql: string): Cursor<(string | null)[]> {
    if (this.#broken !== null) throw failureOf(this.#broken, this.#address, this.#options, null)
    return this.#client.query(new Cursor(sql, [], { rowMode: 'array', types: AS_TEXT }))
  }

  /** A network may swallow what is sent: nothing tells, but time. */
  async #inTime<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = watch(this.#options, (error) => {
        this.#broken ??= error
        this.#client.connection.stream.destroy()
        reject(error)
      })
    })
    try {
      return await Promise.race([work, late])
    } finally {
      clearTimeout(timer)
      work.catch(() => undefined)
    }
  }

  /** A server that is gone never answers that a cursor is closed. */
  async #leave(cursor: Cursor): Promise<void> {
    await Promise.race([cursor.close().catch(() => undefined), this.#ended])
  }

  #stream(sql: string, fields: readonly pg.FieldDef[], shownSql: string): Rows {
    for (const field of fields) {
      if (field.dataTypeID === BYTEA) throw fail('database/binary-column', { column: field.name, type: 'bytea' })
    }
    const reader = new CellReader(fields)
    const open = () => this.#cursor(sql)
    const inTime = <T>(work: Promise<T>): Promise<T> => this.#inTime(work)
    const leave = (cursor: Cursor): Promise<void> => this.#leave(cursor)
    const failure = (error: unknown): DiagnosticError =>
      failureOf(error, this.#address, this.#options, { sql: shownSql, offset: 0 })
    return {
      columns: fields.map(({ name, dataTypeID }) => ({
        name,
        type: TYPES[dataTypeID] ?? `type ${dataTypeID}`,
      })),
      async *batches() {
        const cursor = open()
        try {
          for (;;) {
            const rows = await inTime(cursor.read(BATCH))
            if (rows.length === 0) return
            yield rows.map((row) => reader.row(row))
          }
        } catch (error) {
          throw failure(error)
        } finally {
          await leave(cursor)
        }
      },
      numeric: () => new Set(fields.flatMap((field, index) => (NUMBERS.has(field.dataTypeID) ? [index] : []))),
      nulled: () => reader.nulled(),
    }
  }

  async endRead(): Promise<void> {
    await told(this.#run('COMMIT'))
  }

  columns(table: readonly string[]): Promise<readonly WriteColumn[]> {
    return told(this.#columnsOf(table))
  }

  async #columnsOf(table: readonly string[]): Promise<readonly WriteColumn[]> {
    const key = JSON.stringify(table)
    const known = this.#columns.get(key)
    if (known !== undefined) return known
    const name = table.map((part) => quoteName('postgresql', part)).join('.')
    const { rows } = await this.#run(
      `SELECT a.attname, format_type(a.atttypid, a.atttypmod), t.typname, t.typcategory,
              CASE WHEN b.typname = 'numeric' AND a.atttypmod > 4 THEN (((a.atttypmod - 4) & 2047) # 1024) - 1024 END::text,
              CASE WHEN b.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END::text,
              (NOT a.attnotnull)::text, (a.attgenerated <> '' OR a.attidentity = 'a')::text,
              coalesce(b.typname, t.typname)
         FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
         LEFT JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
        WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
      [name],
    )
    const columns = rows.map(([column, type, , category, scale, length, nullable, generated, base]): WriteColumn => {
      const kind = kindOf(String(base), String(category))
      return {
        name: String(column),
        type: String(type),
        kind,
        scale: scale === null || scale === undefined ? (INTEGERS.has(String(base)) ? 0 : null) : Number(scale),
        length: length === null || length === undefined ? null : Number(length),
        nullable: nullable === 'true',
        generated: generated === 'true',
      }
    })
    this.#columns.set(key, columns)
    return columns
  }

  async live(cells: readonly CellAddress[]) {
    return told(liveValues(this.#session(), cells, (table) => this.columns(table)))
  }

  async write(batch: readonly GuardedWrite[]): Promise<ReadonlyMap<string, WriteOutcome>> {
    for (const { table } of batch) await this.columns(table)
    await told(this.#run('BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE'))
    let outcomes: Map<string, WriteOutcome>
    try {
      outcomes = await writeGuarded(this.#session(), batch, (table) => this.columns(table))
    } catch (error) {
      await this.#run('ROLLBACK').catch(() => undefined)
      throw refusalOrFailure(error)
    }
    return this.#commit(outcomes)
  }

  async #commit(outcomes: Map<string, WriteOutcome>): Promise<ReadonlyMap<string, WriteOutcome>> {
    try {
      await this.#run('COMMIT')
      return outcomes
    } catch (error) {
      if (!(error instanceof RefusedStatement)) {
        throw new UncertainWrite('the answer to a commit never came', { cause: error })
      }
      // Constraints that are checked at the end: everything was taken back.
      const refused: WriteOutcome = { outcome: 'refused', reason: error.message }
      for (const [id, one] of outcomes) if (one.outcome === 'written') outcomes.set(id, refused)
      return outcomes
    }
  }

  #session(): Session {
    return {
      dialect: 'postgresql',
      run: (sql, values) => this.#run(sql, values),
      placeholder: (n) => `$${n}`,
      typed: (column, mark) => `${mark}::${castOf(column)}`,
      lock: { table: '', tail: ' FOR UPDATE' },
      savepoint: { set: 'SAVEPOINT one', back: 'ROLLBACK TO SAVEPOINT one', release: 'RELEASE SAVEPOINT one' },
    }
  }

  /** Runs a statement of our own. */
  async #run(sql: string, values: readonly (string | null)[] = []) {
    try {
      const { rows, rowCount, fields } = await this.#ask(sql, values)
      const reader = new CellReader(fields)
      return { rows: rows.map((row) => reader.row(row)), affected: rowCount }
    } catch (error) {
      const failure = failureOf(error, this.#address, this.#options, null)
      if (isRefusal(error)) {
        throw new RefusedStatement(withoutSecrets(messageOf(error), this.#address), { cause: failure })
      }
      throw failure
    }
  }

  async #ask(sql: string, values: readonly (string | null)[] = []) {
    if (this.#broken !== null) throw this.#broken
    const query = { text: sql, values: [...values], rowMode: 'array' as const, types: AS_TEXT }
    const result = await this.#inTime(this.#client.query<(string | null)[]>(query))
    return { rows: result.rows, rowCount: result.rowCount ?? 0, fields: result.fields }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#options.signal.removeEventListener('abort', this.#abort)
    await this.#client.end().catch(() => undefined)
  }
}
