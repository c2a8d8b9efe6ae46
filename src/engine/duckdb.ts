/** The embedded store. The only file that knows DuckDB's API. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBDecimalValue,
  DuckDBInstance,
  type DuckDBResult,
  DuckDBTimestampValue,
  type DuckDBType,
  DuckDBTypeId,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { Engine, SqlRow, SqlValue } from './engine.ts'

export interface DuckDBOptions {
  /** Folder for spilled data; removed by the caller. */
  readonly tempDir: string
  /** As DuckDB reads it: `2GB`. Null leaves DuckDB's default of 80 % of the machine. */
  readonly memoryLimit: string | null
  readonly threads: number | null
}

/** Part of the memory that the engine may count for itself: it does not count all it takes, and this program needs some too. */
const ENGINE_SHARE = 0.6

/** `"2GB"` is `"1228MB"`. */
function engineShare(limit: string): string {
  const match = limit.match(/^(\d+(?:\.\d+)?)\s*([KMGT]?)i?B$/i)
  if (match === null) return limit
  const exponent = ' KMGT'.indexOf((match[2] ?? '').toUpperCase() || ' ')
  const bytes = Number(match[1]) * 1024 ** exponent
  return `${Math.max(64, Math.floor((bytes * ENGINE_SHARE) / 1024 ** 2))}MiB`
}

/** Opens an empty store. */
export async function openDuckDB(options: DuckDBOptions): Promise<Engine> {
  const settings: Record<string, string> = {
    temp_directory: join(options.tempDir, 'spill'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    TimeZone: 'UTC',
  }
  if (options.memoryLimit !== null) settings['memory_limit'] = engineShare(options.memoryLimit)
  if (options.threads !== null) settings['threads'] = String(options.threads)
  await mkdir(options.tempDir, { recursive: true, mode: 0o700 })
  const { TimeZone: zone, ...instanceSettings } = settings
  const instance = await DuckDBInstance.create(':memory:', instanceSettings)
  const connection = await instance.connect()
  if (zone) await connection.run(`SET TimeZone = '${zone}'`)
  return new DuckDBEngine(instance, connection, await instance.connect())
}

class DuckDBEngine implements Engine {
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection
  /** Appends while a result is still being read on the other one. */
  readonly #writer: DuckDBConnection
  readonly #beside = new Set<DuckDBConnection>()
  #closed = false

  constructor(instance: DuckDBInstance, connection: DuckDBConnection, writer: DuckDBConnection) {
    this.#instance = instance
    this.#connection = connection
    this.#writer = writer
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql).catch(withSql(sql))
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

  async runBeside(sql: string): Promise<void> {
    const connection = await this.#instance.connect()
    this.#beside.add(connection)
    try {
      await connection.run(sql).catch(withSql(sql))
    } finally {
      this.#beside.delete(connection)
      connection.closeSync()
    }
  }

  async rows<Row extends SqlRow = SqlRow>(sql: string): Promise<readonly Row[]> {
    // Whole at once: a streamed result would end where another statement begins on the connection.
    const result = await this.#connection.run(sql).catch(withSql(sql))
    const shape = shapeOf(result)
    const chunks = await result.fetchAllChunks().catch(withSql(sql))
    return chunks.flatMap((chunk) => rowsOf<Row>(chunk, shape))
  }

  async *batches<Row extends SqlRow = SqlRow>(sql: string): AsyncIterable<readonly Row[]> {
    const result = await this.#connection.stream(sql).catch(withSql(sql))
    const shape = shapeOf(result)
    for (;;) {
      const chunk = await result.fetchChunk().catch(withSql(sql))
      if (chunk === null || chunk.rowCount === 0) return
      yield rowsOf<Row>(chunk, shape)
    }
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
    for (const connection of this.#beside) connection.interrupt()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#writer.closeSync()
    this.#connection.closeSync()
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
