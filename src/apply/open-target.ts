/** Opens what a channel is written to. */
import { DatabaseCells } from '../database/cell-map.ts'
import { connect } from '../database/connect.ts'
import { DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import type { ChannelConfig, Config, SourceConfig } from '../model/config.ts'
import { type CellMap, SqlTarget } from './sql-target.ts'
import type { ApplyTarget } from './target.ts'

/** Milliseconds for one statement that writes: rows stay locked that long. */
const STATEMENT_MS = 30_000
/** Statements of one batch that may take their full time before the connection is given up. */
const PATIENCE = 4

/** Whether a channel has anything that can be written to; a file is imported by a person. */
export function isWritable({ channels }: Pick<Config, 'channels'>, id: string): boolean {
  return channels.some((channel) => channel.id === id && channel.sources.some(({ sql }) => sql !== undefined))
}

/** @throws DiagnosticError `database/…` with the channel as its place. */
export async function openTarget(config: Config, id: string): Promise<ApplyTarget> {
  const channel = config.channels.find((one) => one.id === id)
  const sources = channel === undefined ? [] : sourcesOf(channel)
  const sql = sources[0]?.sql
  if (channel === undefined || sql === undefined) throw fail('apply/no-target', { channel: id, folder: 'fix' })
  const statementTimeoutMs = sql.statementTimeoutMs ?? STATEMENT_MS
  // Not the signal of the run: a batch that has begun is written to its end.
  const connection = new AbortController()
  const deadline = { ms: statementTimeoutMs * PATIENCE, abort: () => connection.abort() }
  try {
    const database = await connect({ ...sql, statementTimeoutMs }, config.dir, connection.signal)
    try {
      const cells = await DatabaseCells.of(channel, database, sources)
      return new SqlTarget(id, database, mapOf(cells, config), deadline)
    } catch (cause) {
      await database.close()
      throw cause
    }
  } catch (cause) {
    if (!(cause instanceof DiagnosticError) || cause.diagnostic.where !== null) throw cause
    throw new DiagnosticError({ ...cause.diagnostic, where: { channel: id } }, cause.cause)
  }
}

/** Sources of the first database that the channel names: what another one holds is not written here. */
function sourcesOf({ sources }: ChannelConfig): readonly SourceConfig[] {
  const [first] = sources.flatMap(({ sql }) => (sql === undefined ? [] : [JSON.stringify(sql.url)]))
  return sources.filter(({ sql }) => sql !== undefined && JSON.stringify(sql.url) === first)
}

function mapOf(cells: DatabaseCells, { locale }: Config): CellMap {
  return {
    cellOf(change) {
      const cell = cells.cellOf(change)
      return 'en' in cell ? cell[locale] : cell.write
    },
    textOf: (change, cell) => cells.textOf(change, cell),
  }
}
