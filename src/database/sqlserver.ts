/** SQL Server. No server of this kind was at hand: what is here follows the driver's and the server's documentation. */
import { readFile } from 'node:fs/promises'
import type { ConnectionConfiguration, Connection as TediousConnection } from 'tedious'
import { type DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import type { ServerAddress } from './address.ts'
import {
  type Cell,
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
import { codeOf, messageOf, networkFailure, withoutSecrets } from './failure.ts'
import { type Answer, liveValues, RefusedStatement, type Session, told, writeGuarded } from './guarded.ts'
import { CellReader, columnOf, type Metadata, typed } from './sqlserver-cells.ts'

const BATCH = 2000

type Tedious = typeof import('tedious')

export async function openSqlserver(address: ServerAddress, options: DatabaseOptions): Promise<Database> {
  options.signal.throwIfAborted()
  const module = await import('tedious').catch(() => {
    throw fail('database/driver-missing', { dialect: 'SQL Server', driver: 'tedious' })
  })
  // A CommonJS module: its exports stand under `default` where Node.js does not find their names.
  const tedious: Tedious = 'default' in module ? (module.default as Tedious) : module
  const { tls } = address
  const ca = address.authority === null ? null : await readAuthority(address, address.authority)
  const config: ConnectionConfiguration = {
    server: address.host,
    authentication: { type: 'default', options: { userName: address.user ?? '', password: address.password ?? '' } },
    options: {
      port: address.port,
      ...(address.database === '' ? {} : { database: address.database }),
      encrypt: tls !== 'off',
      trustServerCertificate: tls === 'require' || tls === 'prefer',
      ...(ca === null ? {} : { cryptoCredentialsDetails: { ca } }),
      connectTimeout: options.connectTimeout,
      requestTimeout: options.statementTimeout,
      appName: 'omniparity',
      useUTC: true,
      useColumnNames: false,
      abortTransactionOnError: false,
      textsize: 2_147_483_647,
    },
  }
  const connection = new tedious.Connection(config)
  const database = new SqlServerDatabase(tedious, connection, address, options)
  try {
    await database.prepare()
    return database
  } catch (error) {
    await database.close()
    throw failureOf(error, address, options, false)
  }
}

async function readAuthority(address: ServerAddress, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw fail('database/tls', { server: address.shown, reason: `the file of sslrootcert: ${cause.code}` })
  })
}

class SqlServerDatabase implements Database {
  readonly dialect = 'sqlserver'
  readonly shown: string
  readonly protection: Protection
  version = ''
  readonly #tedious: Tedious
  readonly #connection: TediousConnection
  readonly #address: ServerAddress
  readonly #options: DatabaseOptions
  readonly #columns = new Map<string, readonly WriteColumn[]>()
  #broken: unknown = null

  constructor(tedious: Tedious, connection: TediousConnection, address: ServerAddress, options: DatabaseOptions) {
    this.#tedious = tedious
    this.#connection = connection
    this.#address = address
    this.#options = options
    this.shown = address.shown
    this.protection = address.tls === 'off' ? 'plain' : address.tls.startsWith('verify') ? 'verified' : 'encrypted'
    connection.on('error', (error) => {
      this.#broken ??= error
    })
    connection.on('end', () => {
      this.#broken ??= Object.assign(new Error('the connection ended'), { code: 'ECONNRESET' })
    })
    options.signal.addEventListener('abort', this.#abort)
  }

  readonly #abort = (): void => this.#connection.close()

  async prepare(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#connection.connect((error) => (error ? reject(error) : resolve()))
    })
    const { rows } = await this.#ask("SELECT CAST(SERVERPROPERTY('ProductVersion') AS nvarchar(50))")
    this.version = String(rows[0]?.[0] ?? '')
    await this.#ask(`SET XACT_ABORT OFF; SET LOCK_TIMEOUT ${this.#options.statementTimeout}; SET DATEFORMAT ymd`)
  }

  beginRead(): Promise<ReadMoment> {
    return told(this.#beginRead())
  }

  async #beginRead(): Promise<ReadMoment> {
    const { rows } = await this.#run(
      'SELECT CAST(snapshot_isolation_state AS nvarchar(1)) FROM sys.databases WHERE database_id = DB_ID()',
    )
    const isOneMoment = rows[0]?.[0] === '1'
    const isolation = isOneMoment ? 'SNAPSHOT' : 'READ COMMITTED'
    await this.#run(`SET TRANSACTION ISOLATION LEVEL ${isolation}`)
    await this.#run('BEGIN TRANSACTION')
    const clock = await this.#run("SELECT CONVERT(nvarchar(19), SYSUTCDATETIME(), 126) + 'Z'")
    return { asOf: String(clock.rows[0]?.[0] ?? ''), isolation, isOneMoment }
  }

  async query(sql: string): Promise<Rows> {
    const failure = (error: unknown): DiagnosticError => failureOf(error, this.#address, this.#options, true)
    if (this.#broken !== null) throw failure(this.#broken)
    const rows: (readonly { value: unknown }[])[] = []
    let ended = false
    let failed: unknown = null
    let wake = (): void => undefined
    let onColumns: (columns: readonly Metadata[]) => void = () => undefined
    const request = new this.#tedious.Request(sql, (error) => {
      failed = error ?? null
      ended = true
      wake()
    })
    const described = new Promise<readonly Metadata[]>((resolve, reject) => {
      onColumns = resolve
      wake = () => reject(failed === null ? new Error('the query gives no rows') : failure(failed))
    })
    request.on('columnMetadata', (columns) => onColumns(Object.values(columns)))
    request.on('row', (row: readonly { value: unknown }[]) => {
      rows.push(row)
      if (rows.length >= BATCH) request.pause()
      wake()
    })
    this.#connection.execSqlBatch(request)
    const metadata = await described
    const reader = new CellReader(metadata)
    return {
      columns: metadata.map(({ colName, type }) => ({ name: colName, type: type.name })),
      async *batches() {
        for (;;) {
          if (rows.length > 0) {
            const batch = rows.splice(0).map((row) => reader.row(row.map(({ value }) => value)))
            yield batch
            request.resume()
            continue
          }
          if (failed !== null) throw failure(failed)
          if (ended) return
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      },
      numeric: () => reader.numeric(),
      nulled: () => [],
    }
  }

  /** Nothing was written: taken back all the same, because the server knows no read-only session. */
  async endRead(): Promise<void> {
    await told(this.#run('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION'))
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
      `SELECT c.name, t.name, CAST(c.precision AS nvarchar(10)), CAST(c.scale AS nvarchar(10)),
              CAST(c.max_length AS nvarchar(10)), CAST(c.is_nullable AS nvarchar(1)),
              CAST(CASE WHEN c.is_computed = 1 OR c.is_identity = 1 THEN 1 ELSE 0 END AS nvarchar(1))
         FROM sys.columns c JOIN sys.types t ON t.user_type_id = c.system_type_id
        WHERE c.object_id = OBJECT_ID(QUOTENAME(COALESCE(@p1, SCHEMA_NAME())) + N'.' + QUOTENAME(@p2)) ORDER BY c.column_id`,
      [schema ?? null, name ?? ''],
    )
    const columns = rows.map((row) => columnOf(row.map((cell) => (cell === null ? '' : String(cell)))))
    this.#columns.set(key, columns)
    return columns
  }

  async live(cells: readonly CellAddress[]) {
    return told(liveValues(this.#session(), cells, (table) => this.columns(table)))
  }

  async write(batch: readonly GuardedWrite[]): Promise<ReadonlyMap<string, WriteOutcome>> {
    for (const { table } of batch) await this.columns(table)
    await told(this.#run('SET TRANSACTION ISOLATION LEVEL READ COMMITTED'))
    await told(this.#run('BEGIN TRANSACTION'))
    let outcomes: Map<string, WriteOutcome>
    try {
      outcomes = await writeGuarded(this.#session(), batch, (table) => this.columns(table))
    } catch (error) {
      await this.#run('IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION').catch(() => undefined)
      throw error instanceof RefusedStatement && error.cause instanceof Error ? error.cause : error
    }
    try {
      await this.#run('COMMIT TRANSACTION')
      return outcomes
    } catch (error) {
      if (!(error instanceof RefusedStatement)) {
        throw new UncertainWrite('the answer to a commit never came', { cause: error })
      }
      // A trigger may have ended the transaction: everything was taken back.
      const refused: WriteOutcome = { outcome: 'refused', reason: error.message }
      for (const [id, one] of outcomes) if (one.outcome === 'written') outcomes.set(id, refused)
      return outcomes
    }
  }

  #session(): Session {
    return {
      dialect: 'sqlserver',
      run: (sql, values) => this.#run(sql, values),
      placeholder: (n) => `@p${n}`,
      typed,
      lock: { table: ' WITH (UPDLOCK, ROWLOCK, HOLDLOCK)', tail: '' },
      savepoint: { set: 'SAVE TRANSACTION one', back: 'ROLLBACK TRANSACTION one', release: null },
    }
  }

  async #run(sql: string, values: readonly (string | null)[] = []): Promise<Answer> {
    try {
      return await this.#ask(sql, values)
    } catch (error) {
      const failure = failureOf(error, this.#address, this.#options, false)
      if (!isRefusal(error)) throw failure
      throw new RefusedStatement(withoutSecrets(messageOf(error), this.#address), { cause: failure })
    }
  }

  #ask(sql: string, values: readonly (string | null)[] = []): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#broken !== null) {
        reject(this.#broken)
        return
      }
      const rows: Cell[][] = []
      let reader: CellReader | null = null
      const request = new this.#tedious.Request(sql, (error, count) => {
        if (error) reject(error)
        else resolve({ rows, affected: count ?? 0 })
      })
      request.on('columnMetadata', (columns) => {
        reader = new CellReader(Object.values(columns))
      })
      request.on('row', (row: readonly { value: unknown }[]) => {
        if (reader !== null) rows.push(reader.row(row.map(({ value }) => value)))
      })
      for (const [index, value] of values.entries()) {
        request.addParameter(`p${index + 1}`, this.#tedious.TYPES.NVarChar, value)
      }
      if (values.length > 0) this.#connection.execSql(request)
      else this.#connection.execSqlBatch(request)
    })
  }

  async close(): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#abort)
    this.#connection.close()
  }
}

function numberOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'number' in error ? Number(error.number) : 0
}

/** Errors of class 20 and more end the connection; deadlocks and time limits end the transaction. */
function isRefusal(error: unknown): boolean {
  const number = numberOf(error)
  const level = typeof error === 'object' && error !== null && 'class' in error ? Number(error.class) : 0
  return number > 0 && level < 20 && ![1205, 1222, 3960].includes(number)
}

function failureOf(
  error: unknown,
  address: ServerAddress,
  options: DatabaseOptions,
  isQuery: boolean,
): DiagnosticError {
  const server = address.shown
  const message = withoutSecrets(messageOf(error), address)
  const cause = error instanceof Error ? error.cause : undefined
  const network = networkFailure(error, { address, options }) ?? networkFailure(cause, { address, options })
  if (codeOf(error) === 'ETIMEOUT' && /request/i.test(message)) {
    return fail('database/statement-timeout', { server, seconds: options.statementTimeout / 1000 })
  }
  if (network !== null) return network
  const line =
    typeof error === 'object' && error !== null && 'lineNumber' in error && Number(error.lineNumber) > 0
      ? String(error.lineNumber)
      : null
  switch (numberOf(error)) {
    case 4060:
      return fail('database/no-database', { server, database: address.database })
    case 18456:
      return fail('database/login-refused', { server })
    case 229:
    case 230:
      return fail('database/permission', { message })
    case 208:
      return fail('database/no-table', { message, position: line })
    case 207:
      return fail('database/no-column', { message, position: line })
    case 1205:
    case 1222:
    case 3960:
      return fail('database/busy', { server })
  }
  if (codeOf(error) === 'ELOGIN') return fail('database/login-refused', { server })
  if (codeOf(error) === 'EENCRYPT') return fail('database/tls', { server, reason: message })
  if (/certificate|self.signed|altnames/i.test(message)) return fail('database/tls', { server, reason: message })
  if (codeOf(error) === 'ESOCKET') {
    return /ENOTFOUND|EAI_AGAIN/.test(message)
      ? fail('database/host-unknown', { server })
      : fail('database/unreachable', { server })
  }
  return isQuery
    ? fail('database/statement', { message, position: line })
    : fail('database/server', { server, message })
}
