/** The embedded store. The only file that knows DuckDB's API. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBIntervalValue,
  type DuckDBResult,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
  LIST,
  listValue,
  VARCHAR,
} from '@duckdb/node-api'
import { type Engine, ident, literal, type SqlRow, type SqlValue } from './engine.ts'
import { engineShare } from './memory.ts'
import { rowViews } from './row-view.ts'
import { type Sandbox, type SandboxColumn, SandboxError, type SandboxLimits, type SandboxValue } from './sandbox.ts'
import { sandboxError, statementError } from './sandbox-error.ts'

export interface DuckDBOptions {
  /** Folder for spilled data; removed by the caller. */
  readonly tempDir: string
  /** As DuckDB reads it: `2GB`. Null leaves DuckDB's default of 80 % of the machine. */
  readonly memoryLimit: string | null
  readonly threads: number | null
}

/** Opens an empty store. */
export async function openDuckDB(options: DuckDBOptions): Promise<Engine> {
  const settings: Record<string, string> = {
    temp_directory: join(options.tempDir, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    // Nothing is ever read back: a checkpoint would but put groups of rows together, and compress them for seconds.
    checkpoint_threshold: '1TB',
  }
  if (options.memoryLimit !== null) settings['memory_limit'] = engineShare(options.memoryLimit)
  if (options.threads !== null) settings['threads'] = String(options.threads)
  await mkdir(options.tempDir, { recursive: true, mode: 0o700 })
  const instance = await DuckDBInstance.create(':memory:', settings)
  const connection = await instance.connect()
  await connection.run(`SET GLOBAL TimeZone = 'UTC'`)
  return new DuckDBEngine(instance, connection, await instance.connect())
}

class DuckDBEngine implements Engine {
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection
  /** Appends while a result is still being read on the other one. */
  readonly #writer: DuckDBConnection
  readonly #beside: DuckDBEngine[] = []
  /** For statements that run together, beside the first of them. */
  readonly #more: DuckDBConnection[] = []
  /** Statement whose rows are being read. */
  #reading: string | null = null
  #closed = false

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, writer: DuckDBConnection) {
    this.#instance = instance
    this.#connection = connection
    this.#writer = writer
  }

  async run(sql: string): Promise<void> {
    this.#refuseWhileReading(sql)
    await this.#connection.run(sql).catch(withSql(sql))
  }

  async together(statements: readonly string[]): Promise<void> {
    while (this.#more.length < statements.length - 1) this.#more.push(await this.#instance.connect())
    const runs = statements.map((sql, at) => (this.#more[at - 1] ?? this.#connection).run(sql).catch(withSql(sql)))
    for (const run of await Promise.allSettled(runs)) if (run.status === 'rejected') throw run.reason
  }

  async createInOrder(table: string, select: string): Promise<void> {
    // DuckDB makes a join of a long IN list, and behind a join it inserts rows in whatever order its threads come by.
    await this.#connection.run(`SET disabled_optimizers = 'in_clause'`)
    try {
      await this.run(`CREATE TABLE ${table} AS ${select}`)
    } finally {
      await this.#connection.run('RESET disabled_optimizers')
    }
  }

  async beside(): Promise<Engine> {
    const connection = await this.#instance.connect()
    const schema = `beside_${this.#beside.length}`
    await connection.run(`CREATE SCHEMA ${schema}; SET search_path = '${schema},main'`)
    const engine = new DuckDBEngine(this.#instance, connection, connection)
    this.#beside.push(engine)
    return engine
  }

  async rows<Row extends SqlRow = SqlRow>(sql: string): Promise<readonly Row[]> {
    this.#refuseWhileReading(sql)
    const result = await this.#connection.run(sql).catch(withSql(sql))
    const shape = shapeOf(result)
    const chunks = await result.fetchAllChunks().catch(withSql(sql))
    return chunks.flatMap((chunk) => rowsOf<Row>(chunk, shape))
  }

  async *batches<Row extends SqlRow = SqlRow>(sql: string): AsyncIterable<readonly Row[]> {
    for await (const { chunk, shape } of this.#chunks(sql)) yield rowsOf<Row>(chunk, shape)
  }

  async *views<Row extends SqlRow = SqlRow>(sql: string): AsyncIterable<readonly Row[]> {
    let viewsOf: ReturnType<typeof rowViews<DuckDBDataChunk>> | null = null
    for await (const { chunk, shape } of this.#chunks(sql)) {
      viewsOf ??= rowViews(shape.names, cellOf)
      // The caller states the shape of the row that its own SELECT gives.
      yield viewsOf(chunk, chunk.rowCount) as Row[]
    }
  }

  async *#chunks(sql: string): AsyncIterable<{ readonly chunk: DuckDBDataChunk; readonly shape: Shape }> {
    this.#refuseWhileReading(sql)
    const result = await this.#connection.stream(sql).catch(withSql(sql))
    this.#reading = sql
    try {
      const shape = shapeOf(result)
      for (;;) {
        const chunk = await result.fetchChunk().catch(withSql(sql))
        if (chunk === null || chunk.rowCount === 0) return
        yield { chunk, shape }
      }
    } finally {
      this.#reading = null
    }
  }

  /** A streamed result ends without a word where another statement begins on its connection: rows would be lost. */
  #refuseWhileReading(sql: string): void {
    if (this.#reading === null) return
    throw new Error(`while rows of\n${this.#reading.slice(0, 500)}\nwere read, this was asked:\n${sql.slice(0, 500)}`)
  }

  async append(table: string, batches: AsyncIterable<readonly (readonly SqlValue[])[]>): Promise<void> {
    const appender = await this.#writer.createAppender(table)
    const types = Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index))
    for await (const rows of batches) {
      for (let start = 0; start < rows.length; start += CHUNK)
        appender.appendDataChunk(chunkOf(rows.slice(start, start + CHUNK), types))
      appender.flushSync()
    }
    appender.closeSync()
  }

  interrupt(): void {
    if (this.#closed) return
    this.#connection.interrupt()
    this.#writer.interrupt()
    for (const one of [...this.#more, ...this.#beside]) one.interrupt()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    for (const engine of this.#beside) await engine.close()
    for (const connection of this.#more) connection.closeSync()
    this.#connection.closeSync()
    // One that runs beside another has one connection, and the store is not its own.
    if (this.#writer === this.#connection) return
    this.#writer.closeSync()
    this.#instance.closeSync()
  }
}

/** Rows that a data chunk of the engine holds. */
const CHUNK = 2048

/** Whole columns at a time: a call per value would cost more than the append. */
function chunkOf(rows: readonly (readonly SqlValue[])[], types: readonly DuckDBType[]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(types, rows.length)
  const columns = types.map((type, index) => rows.map((row) => cell(row[index] ?? null, type)))
  chunk.setColumns(columns)
  return chunk
}

function cell(value: SqlValue, type: DuckDBType): SqlValue {
  return value === null || typeof value === 'string' || type.typeId !== DuckDBTypeId.VARCHAR ? value : String(value)
}

/** Names of a result's columns, which of them need converting, and a row of nothing to copy. */
interface Shape {
  readonly names: readonly string[]
  readonly converted: readonly boolean[]
  readonly empty: Readonly<Record<string, SqlValue>>
}

const AS_THEY_ARE: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.VARCHAR,
  DuckDBTypeId.BOOLEAN,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.INTEGER,
])

function shapeOf(result: DuckDBResult): Shape {
  const names = result.deduplicatedColumnNames()
  const converted = result.columnTypes().map(({ typeId }) => !AS_THEY_ARE.has(typeId))
  return { names, converted, empty: Object.fromEntries(names.map((name) => [name, null])) }
}

// Plain loops over positions, and rows copied from one that has all its keys: anything else allocates once per cell.
function rowsOf<Row extends SqlRow>(chunk: DuckDBDataChunk, { names, converted, empty }: Shape): Row[] {
  const rows = Array.from({ length: chunk.rowCount }, (): Record<string, SqlValue> => ({ ...empty }))
  for (let index = 0; index < names.length; index++) {
    const name = names[index] ?? ''
    const values = chunk.getColumnValues(index)
    const isConverted = converted[index]
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at]
      // Columns that need no converting hold nothing but what SQL and JavaScript share.
      if (row !== undefined) row[name] = isConverted ? toJs(values[at] ?? null) : ((values[at] ?? null) as SqlValue)
    }
  }
  // The caller states the shape of the row that its own SELECT gives.
  return rows as Row[]
}

function cellOf(chunk: DuckDBDataChunk, column: number, at: number): SqlValue {
  return toJs(chunk.getColumnVector(column).getItem(at) ?? null)
}

function withSql(sql: string): (cause: unknown) => never {
  return (cause) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${reason}\n\nin the statement:\n${sql.slice(0, 4000)}`, {
      cause,
    })
  }
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

function toJs(value: DuckDBValue): SqlValue {
  if (value === null || value === undefined) return null
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value
    case 'bigint':
      return value <= MAX_SAFE && value >= -MAX_SAFE ? Number(value) : value.toString()
    default:
      if (value instanceof DuckDBDecimalValue) return value.toString()
      if (value instanceof DuckDBTimestampValue) {
        return new Date(Number(value.micros / 1000n)).toISOString().replace('.000Z', 'Z')
      }
      return String(value)
  }
}

/** Opens an empty sandbox. What it needs beyond its memory fails: it has nowhere to write. */
export async function openSandbox(memoryLimit: string): Promise<Sandbox> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    memory_limit: memoryLimit,
    temp_directory: '',
    threads: '1',
  })
  const connection = await instance.connect()
  // What is divided by zero is unknown then, and no infinity.
  await connection.run(`SET TimeZone = 'UTC'; SET errors_as_json = true; SET ieee_floating_point_ops = false`)
  return new DuckDBSandbox(instance, connection)
}

class DuckDBSandbox implements Sandbox {
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection

  constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance
    this.#connection = connection
  }

  async table(name: string, columns: readonly SandboxColumn[], parquet: string | null): Promise<void> {
    const list = columns.map(({ name: column, type }) => `${ident(column)} ${type}`).join(', ')
    await this.run(`CREATE TABLE ${ident(name)} (${list})`)
    if (parquet !== null) await this.run(`INSERT INTO ${ident(name)} BY NAME FROM read_parquet(${literal(parquet)})`)
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql).catch(withSql(sql))
  }

  async lock(): Promise<void> {
    await this.run('SET enable_external_access = false')
    await this.run('SET lock_configuration = true')
  }

  async tree(sql: string): Promise<unknown> {
    const options = 'skip_default := true, skip_null := true, skip_empty := true'
    const result = await this.#connection.run(`SELECT json_serialize_sql(${literal(sql)}, ${options}) AS tree`)
    const [row] = await result.getRowObjects()
    const tree: { error?: boolean; error_message?: string; position?: string } = JSON.parse(String(row?.['tree']))
    if (tree.error === true) throw statementError(tree.error_message ?? '', tree.position)
    return tree
  }

  async columns(
    sql: string,
    values: Readonly<Record<string, SandboxValue>>,
    milliseconds: number,
  ): Promise<readonly string[]> {
    return this.#limited('SELECT * FROM (', sql, 'LIMIT 0', values, milliseconds, async (result) =>
      result.columnNames(),
    )
  }

  async rows(
    sql: string,
    columns: readonly string[],
    values: Readonly<Record<string, SandboxValue>>,
    { milliseconds, rows: most }: SandboxLimits,
  ): Promise<readonly SqlRow[]> {
    const names = columns.map((name) => `CAST(${ident(name)} AS VARCHAR) AS ${ident(name)}`)
    return this.#limited(`SELECT ${names.join(', ')} FROM (`, sql, '', values, milliseconds, async (result) => {
      const shape = shapeOf(result)
      const rows: SqlRow[] = []
      for (;;) {
        const chunk = await result.fetchChunk()
        if (chunk === null || chunk.rowCount === 0) return rows
        for (const row of rowsOf(chunk, shape)) rows.push(row)
        if (rows.length > most) throw new SandboxError('size', '')
      }
    })
  }

  /** Runs a statement inside another one; places in errors are those of the inner one. */
  async #limited<T>(
    head: string,
    sql: string,
    tail: string,
    values: Readonly<Record<string, SandboxValue>>,
    milliseconds: number,
    read: (result: DuckDBResult) => Promise<T>,
  ): Promise<T> {
    const timer = setTimeout(() => this.#connection.interrupt(), milliseconds)
    try {
      const bound = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, parameter(value)]))
      return await read(await this.#connection.stream(`${head}${sql}\n) ${tail}`, bound, listTypes(values)))
    } catch (error) {
      throw error instanceof SandboxError ? error : sandboxError(error, Buffer.byteLength(head))
    } finally {
      clearTimeout(timer)
    }
  }

  async close(): Promise<void> {
    this.#connection.closeSync()
    this.#instance.closeSync()
  }
}

/** Of a list without members the engine cannot tell the type. */
function listTypes(values: Readonly<Record<string, SandboxValue>>): Record<string, DuckDBType> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, { type }]) => (type === 'list' ? [[name, LIST(VARCHAR)]] : [])),
  )
}

function parameter(value: SandboxValue): DuckDBValue {
  switch (value.type) {
    case 'decimal':
    case 'integer': {
      const [whole = '0', fraction = ''] = value.value.replace('-', '').split('.')
      const scaled = BigInt(`${whole}${fraction.padEnd(6, '0')}`)
      return new DuckDBDecimalValue(value.value.startsWith('-') ? -scaled : scaled, 18, 6)
    }
    case 'duration':
      return new DuckDBIntervalValue(0, 0, BigInt(value.value) * 1000n)
    case 'list':
      return listValue([...value.value])
    case 'null':
      return null
    case 'text':
    case 'enum':
    case 'boolean':
      return value.value
  }
}
