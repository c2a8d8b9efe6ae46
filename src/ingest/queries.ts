/** Opens the queries of a source that is a database: each gives one table, all of them as they were in one moment. */
import { createHash, type Hash } from 'node:crypto'
import { foldHeader, nearest } from '../base/text.ts'
import { connect } from '../database/connect.ts'
import type { Database, ReadMoment, Rows } from '../database/database.ts'
import { DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import type { Engine } from '../engine/engine.ts'
import type { ChannelConfig, Config, SourceConfig, SqlSource } from '../model/config.ts'
import { ENTITIES, type Entity, FIELDS, isFieldName } from '../model/field.ts'
import { bareQuery, queryProblem } from '../model/query-text.ts'
import type { TableFile } from '../model/table-file.ts'
import type { DatabaseNote } from './read/database-notes.ts'
import type { ReadContext } from './read/disk.ts'
import { joinedTexts, noteTexts } from './read/notes.ts'
import { type SourceRow, tableOfRows } from './read/rows.ts'

interface QueryOptions {
  readonly config: Config
  readonly engine: Engine
  readonly tempDir: string
  readonly signal: AbortSignal
}

/**
 * Reads every query of the source.
 *
 * @throws DiagnosticError `database/…` with the channel as its place, and never a word of the address.
 */
export async function openQueries(
  sql: SqlSource,
  channel: ChannelConfig,
  entry: number,
  options: QueryOptions,
): Promise<readonly TableFile[]> {
  const several = channel.sources.filter((source) => source.sql !== undefined).length > 1
  const shown = `sql:${channel.id}${several ? `/${entry + 1}` : ''}`
  try {
    const database = await connect(sql, options.config.dir, options.signal)
    try {
      return await readAll(database, sql, channel, entry, shown, options)
    } finally {
      await database.close()
    }
  } catch (error) {
    if (!(error instanceof DiagnosticError) || error.diagnostic.where !== null) throw error
    throw new DiagnosticError({ ...error.diagnostic, where: { channel: channel.id } }, error.cause)
  }
}

async function readAll(
  database: Database,
  sql: SqlSource,
  channel: ChannelConfig,
  entry: number,
  shown: string,
  options: QueryOptions,
): Promise<readonly TableFile[]> {
  const mapped = new Set(Object.values(channel.sources[entry]?.map ?? {}).map(({ column }) => foldHeader(column)))
  const moment = await database.beginRead()
  const tables: TableFile[] = []
  try {
    for (const entity of ENTITIES) {
      const query = sql.queries[entity]
      if (query === undefined) continue
      const problem = queryProblem(query)
      if (problem !== null) throw fail('database/query-refused', { key: `query.${entity}`, problem })
      const rows = await database.query(bareQuery(query))
      tables.push(await tableOf(rows, entity, { database, moment, mapped, shown: `${shown}/${entity}`, options }))
    }
    await database.endRead()
    refuseMissing(tables, channel.sources[entry])
    return tables
  } catch (error) {
    for (const table of tables) await table.close()
    throw error
  }
}

/** A column that is mapped has to be in one of the queries at least. */
function refuseMissing(tables: readonly TableFile[], config: SourceConfig | undefined): void {
  const columns = tables.flatMap((table) => table.columns)
  const known = new Set(columns.map(foldHeader))
  for (const { column } of Object.values(config?.map ?? {})) {
    if (known.has(foldHeader(column))) continue
    const file = tables.map(({ path }) => path).join(', ')
    const params = { file, column, nearest: nearest(column, columns, 3), columns }
    throw fail('ingest/column-missing', params, config?.where ?? null)
  }
}

interface Reading {
  readonly database: Database
  readonly moment: ReadMoment
  readonly mapped: ReadonlySet<string>
  readonly shown: string
  readonly options: QueryOptions
}

async function tableOf(rows: Rows, entity: Entity, reading: Reading): Promise<TableFile> {
  const { database, moment, options } = reading
  const hash = createHash('sha256')
  const columns = rows.columns.map(({ name }) => name)
  hash.update(JSON.stringify(columns))
  const counted = { bytes: 0 }
  const context: ReadContext = {
    path: '',
    shown: reading.shown,
    sha256: '',
    bytes: 0,
    modifiedAt: moment.asOf,
    encoding: null,
    delimiter: null,
    sheet: null,
    tempDir: options.tempDir,
    engine: options.engine,
    maxBadShare: 0,
    headers: () => 0,
    locale: options.config.locale,
    temporary: [],
  }
  const table = await tableOfRows(context, {
    sheet: null,
    columns,
    rows: hashed(rows, hash, counted),
    encoding: null,
    notes: [],
  })
  const notes: readonly DatabaseNote[] = [
    {
      kind: 'moment',
      server: `${NAMES[database.dialect]} ${database.version}`,
      isolation: moment.isolation,
      isOneMoment: moment.isOneMoment,
      protection: database.protection,
    },
    ...nearFields(columns, reading.mapped),
    ...rows.nulled().map((nulled) => ({ kind: 'nulled' as const, nulled })),
  ]
  const told = noteTexts(
    notes.map((note) => ({ kind: 'database', note })),
    options.config.locale,
  )
  return {
    ...table,
    sha256: hash.digest('hex'),
    bytes: counted.bytes,
    reading: { ...table.reading, ...joinedTexts(told, table.reading) },
    declared: { kind: entity, numeric: rows.numeric() },
  }
}

const NAMES = {
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  sqlite: 'SQLite',
  sqlserver: 'SQL Server',
} as const

async function* hashed(rows: Rows, hash: Hash, counted: { bytes: number }): AsyncIterable<SourceRow> {
  for await (const batch of rows.batches()) {
    const text = JSON.stringify(batch)
    hash.update(text)
    counted.bytes += text.length
    for (const row of batch) {
      yield { cells: row.map((cell) => (typeof cell === 'boolean' ? String(cell) : cell)), line: null }
    }
  }
}

/** Columns that look like a field and are none. */
function nearFields(columns: readonly string[], mapped: ReadonlySet<string>): readonly DatabaseNote[] {
  const fields = Object.keys(FIELDS)
  const known = new Set(fields.map(foldHeader))
  return columns.flatMap((column) => {
    const folded = foldHeader(column)
    if (known.has(folded) || mapped.has(folded) || isFieldName(column)) return []
    const field = nearest(column, fields, Math.min(3, Math.floor(column.length / 4)))
    return field === null ? [] : [{ kind: 'near-field' as const, column, field }]
  })
}
