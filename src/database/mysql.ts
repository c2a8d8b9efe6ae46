/** MySQL and MariaDB: one protocol, two servers that differ in their time limits. */
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { checkServerIdentity, TLSSocket } from 'node:tls'
import mysql from 'mysql2'
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
import { GRACE, messageOf, watch, withoutSecrets } from './failure.ts'
import { type Answer, liveValues, RefusedStatement, type Session, told, writeGuarded } from './guarded.ts'
import { CellReader, columnOf, describeColumns, type Field, typed } from './mysql-cells.ts'
import { codeOf, failureOf, isRefusal } from './mysql-failure.ts'
import { quoteText } from './quoting.ts'

const BATCH = 2000
/** Opens a connection; `prefer` tries without encryption where the server has none. */
export async function openMysql(address: ServerAddress, options: DatabaseOptions): Promise<Database> {
  options.signal.throwIfAborted()
  const authority = address.authority === null ? undefined : await readAuthority(address, address.authority)
  try {
    return await connect(address, options, address.tls, authority)
  } catch (error) {
    if (address.tls !== 'prefer' || codeOf(error) !== 'HANDSHAKE_NO_SSL_SUPPORT') {
      throw failureOf(error, address, options, false)
    }
    return connect(address, options, 'off', authority).catch((cause) => {
      throw failureOf(cause, address, options, false)
    })
  }
}

async function readAuthority(address: ServerAddress, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw fail('database/tls', { server: address.shown, reason: `the file of ssl-ca: ${cause.code}` })
  })
}

function sslOf(host: string, tls: Tls, authority: string | undefined): mysql.SslOptions {
  return {
    rejectUnauthorized: tls === 'verify-ca' || tls === 'verify-full',
    verifyIdentity: tls === 'verify-full' && isIP(host) === 0,
    minVersion: 'TLSv1.2',
    ...(authority === undefined ? {} : { ca: authority }),
  }
}

async function connect(
  address: ServerAddress,
  options: DatabaseOptions,
  tls: Tls,
  authority: string | undefined,
): Promise<Database> {
  const connection = mysql.createConnection({
    ...(address.host.startsWith('/') ? { socketPath: address.host } : { host: address.host, port: address.port }),
    ...(address.user === null ? {} : { user: address.user }),
    ...(address.password === null ? {} : { password: address.password }),
    ...(address.database === '' ? {} : { database: address.database }),
    ...(tls === 'off' ? {} : { ssl: sslOf(address.host, tls, authority) }),
    connectTimeout: options.connectTimeout,
    charset: 'utf8mb4',
    // A server may ask for any file of this machine with LOCAL INFILE.
    flags: ['-LOCAL_FILES'],
    multipleStatements: false,
    rowsAsArray: true,
    typeCast: (field) => field.buffer(),
  })
  const database = new MysqlDatabase(connection, address, options, tls)
  try {
    await database.prepare()
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/** A name of a table or schema, by its exact text unless the server itself folds the case of names. */
function named(column: string, name: string): string {
  const exact = `CAST(CONVERT(${column} USING utf8mb4) AS BINARY) = CAST(CONVERT(${name} USING utf8mb4) AS BINARY)`
  const folded = `LOWER(CONVERT(${column} USING utf8mb4)) = LOWER(CONVERT(${name} USING utf8mb4)) COLLATE utf8mb4_bin`
  return `(${exact} OR @@lower_case_table_names <> 0 AND ${folded})`
}

/** What stands in a statement for its n-th value until it is put in as a literal. */
const MARK = /\u0001(\d+)\u0002/g

class MysqlDatabase implements Database {
  dialect: 'mysql' | 'mariadb' = 'mysql'
  version = ''
  readonly shown: string
  readonly protection: Protection
  readonly #connection: mysql.Connection
  readonly #address: ServerAddress
  readonly #options: DatabaseOptions
  readonly #columns = new Map<string, readonly WriteColumn[]>()
  #broken: unknown = null
  #closed = false

  constructor(connection: mysql.Connection, address: ServerAddress, options: DatabaseOptions, tls: Tls) {
    this.#connection = connection
    this.#address = address
    this.#options = options
    this.shown = address.shown
    const checked = tls === 'verify-full' ? 'verified' : 'verified-authority'
    this.protection = tls === 'off' ? 'plain' : tls.startsWith('verify') ? checked : 'encrypted'
    connection.on('error', (error) => {
      this.#broken ??= error
    })
    options.signal.addEventListener('abort', this.#abort)
  }

  readonly #abort = (): void => {
    this.#connection.destroy()
  }

  async prepare(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#connection.connect((error) => (error ? reject(error) : resolve()))
    })
    this.#checkName()
    const { rows } = await this.#ask('SELECT version()')
    this.version = String(rows[0]?.[0] ?? '')
    this.dialect = /mariadb/i.test(this.version) ? 'mariadb' : 'mysql'
    const { statementTimeout } = this.#options
    await this.#ask(
      this.dialect === 'mariadb'
        ? `SET SESSION max_statement_time = ${statementTimeout / 1000}`
        : `SET SESSION max_execution_time = ${statementTimeout}`,
    )
    const seconds = Math.max(1, Math.ceil(statementTimeout / 1000))
    await this.#ask(`SET SESSION innodb_lock_wait_timeout = ${seconds}, lock_wait_timeout = ${seconds}`)
    await this.#ask("SET SESSION time_zone = '+00:00'")
    // What does not fit is an error, not a warning about a value that was cut.
    await this.#ask("SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')")
  }

  /** Where the host is a number, the driver compares the certificate with `localhost`. */
  #checkName(): void {
    const { stream } = this.#connection as unknown as { readonly stream: unknown }
    if (this.#address.tls !== 'verify-full' || isIP(this.#address.host) === 0 || !(stream instanceof TLSSocket)) return
    const wrong = checkServerIdentity(this.#address.host, stream.getPeerCertificate())
    if (wrong !== undefined) throw wrong
  }

  beginRead(): Promise<ReadMoment> {
    return told(this.#beginRead())
  }

  async #beginRead(): Promise<ReadMoment> {
    const isolation = 'REPEATABLE READ'
    await this.#run(`SET SESSION TRANSACTION ISOLATION LEVEL ${isolation}`)
    await this.#run('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY')
    const { rows } = await this.#run("SELECT date_format(utc_timestamp(), '%Y-%m-%dT%H:%i:%sZ')")
    return {
      asOf: String(rows[0]?.[0] ?? ''),
      isolation: `${isolation} READ ONLY, WITH CONSISTENT SNAPSHOT`,
      isOneMoment: true,
    }
  }

  async query(sql: string): Promise<Rows> {
    const failure = (error: unknown): DiagnosticError => failureOf(error, this.#address, this.#options, true)
    if (this.#broken !== null) throw failure(this.#broken)
    const query = this.#connection.query({ sql, rowsAsArray: true })
    const stream = query.stream({ highWaterMark: BATCH })
    // When the connection goes, the driver tells the connection and leaves the stream waiting.
    const lost = (error: Error): unknown => stream.destroy(error)
    this.#connection.on('error', lost)
    stream.once('close', () => this.#connection.off('error', lost))
    // Rows wait in the stream until somebody reads; a failure before that is told by `fields` never coming.
    let early: unknown = null
    stream.on('error', (error) => {
      early = error
    })
    const timer = watch(this.#options, (error) => {
      this.#lose(error)
      stream.destroy(error)
    })
    stream.once('close', () => clearTimeout(timer))
    const fields = await new Promise<readonly Field[]>((resolve, reject) => {
      query.once('fields', (found: Field[]) => resolve(found))
      stream.once('error', (error) => reject(failure(error)))
    })
    const columns = describeColumns(fields)
    const reader = new CellReader(fields)
    return {
      columns,
      async *batches() {
        let rows: ReturnType<CellReader['row']>[] = []
        try {
          if (early !== null) throw early
          for await (const row of stream as AsyncIterable<readonly (Buffer | null)[]>) {
            rows.push(reader.row(row))
            if (rows.length < BATCH) continue
            yield rows
            rows = []
            timer.refresh()
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
    await told(this.#run('COMMIT'))
  }

  columns(table: readonly string[]): Promise<readonly WriteColumn[]> {
    return told(this.#columnsOf(table))
  }

  async #columnsOf(table: readonly string[]): Promise<readonly WriteColumn[]> {
    const key = JSON.stringify(table)
    const known = this.#columns.get(key)
    if (known !== undefined) return known
    const [schema, name] = table.length > 1 ? [table[0], table[1]] : [null, table[0]]
    const { rows } = await this.#run(
      `SELECT c.column_name, c.column_type, c.data_type, c.numeric_scale, c.character_maximum_length, c.is_nullable,
              c.extra, t.engine
         FROM information_schema.columns c
         JOIN information_schema.tables t USING (table_schema, table_name)
        WHERE ${named('c.table_schema', 'coalesce(\u00011\u0002, database())')} AND ${named('c.table_name', '\u00012\u0002')}
        ORDER BY c.ordinal_position`,
      [schema ?? null, name ?? ''],
    )
    const columns = rows.map((row) => columnOf(row.map((cell) => (cell === null ? null : String(cell)))))
    this.#columns.set(key, columns)
    return columns
  }

  async live(cells: readonly CellAddress[]) {
    return told(liveValues(this.#session(), cells, (table) => this.columns(table)))
  }

  async write(batch: readonly GuardedWrite[]): Promise<ReadonlyMap<string, WriteOutcome>> {
    for (const { table } of batch) await this.columns(table)
    await told(this.#run('START TRANSACTION READ WRITE'))
    let outcomes: Map<string, WriteOutcome>
    try {
      outcomes = await writeGuarded(this.#session(), batch, (table) => this.columns(table))
    } catch (error) {
      await this.#run('ROLLBACK').catch(() => undefined)
      throw error instanceof RefusedStatement && error.cause instanceof Error ? error.cause : error
    }
    try {
      await this.#run('COMMIT')
      return outcomes
    } catch (error) {
      if (!(error instanceof RefusedStatement)) {
        throw new UncertainWrite('the answer to a commit never came', { cause: error })
      }
      const refused: WriteOutcome = { outcome: 'refused', reason: error.message }
      for (const [id, one] of outcomes) if (one.outcome === 'written') outcomes.set(id, refused)
      return outcomes
    }
  }

  #session(): Session {
    return {
      dialect: this.dialect,
      run: (sql, values) => this.#run(sql, values),
      placeholder: (n) => `\u0001${n}\u0002`,
      typed,
      lock: { table: '', tail: ' FOR UPDATE' },
      savepoint: { set: 'SAVEPOINT one', back: 'ROLLBACK TO SAVEPOINT one', release: 'RELEASE SAVEPOINT one' },
    }
  }

  #lose(error: Error): void {
    this.#broken ??= error
    this.#connection.destroy()
  }

  async #run(sql: string, values: readonly (string | null)[] = []): Promise<Answer> {
    // The driver's own escaping depends on a mode that the server may change; these literals mean the same in every mode.
    const text = sql.replaceAll(MARK, (_, n: string) => {
      const value = values[Number(n) - 1]
      return value === null || value === undefined ? 'NULL' : quoteText('mysql', value)
    })
    try {
      return await this.#ask(text)
    } catch (error) {
      const failure = failureOf(error, this.#address, this.#options, false)
      if (!isRefusal(error)) throw failure
      throw new RefusedStatement(withoutSecrets(messageOf(error), this.#address), { cause: failure })
    }
  }

  #ask(sql: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== null) {
        reject(this.#broken)
        return
      }
      const timer = watch(this.#options, (error) => {
        this.#lose(error)
        reject(error)
      })
      this.#connection.query<mysql.RowDataPacket[][] | mysql.ResultSetHeader>({ sql }, (error, result, fields) => {
        clearTimeout(timer)
        if (error !== null) reject(error)
        else if (!Array.isArray(result)) resolve({ rows: [], affected: result.affectedRows })
        else {
          const reader = new CellReader(fields as readonly Field[])
          const rows = (result as unknown as readonly (readonly (Buffer | null)[])[]).map((row) => reader.row(row))
          resolve({ rows, affected: rows.length })
        }
      })
    })
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#options.signal.removeEventListener('abort', this.#abort)
    if (this.#broken !== null) {
      this.#connection.destroy()
      return
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#connection.destroy()
        resolve()
      }, GRACE)
      this.#connection.end(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}
