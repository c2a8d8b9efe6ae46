/** Scripts that correct a channel that is read from a database. Nothing is written to it here: its columns are looked up. */
import { mkdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatabaseCells, type MappedCell } from '../database/cell-map.ts'
import { connect } from '../database/connect.ts'
import type { Database } from '../database/database.ts'
import { UnquotableError } from '../database/quoting.ts'
import { type ScriptCell, SqlScript } from '../database/script.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { Engine } from '../engine/engine.ts'
import type { ChannelConfig, SourceConfig } from '../model/config.ts'
import type { Change, ChangeNeed } from '../model/plan.ts'
import { cells } from './change-set.ts'
import { changeOf } from './changes.ts'
import { type Encoder, encoderOf } from './encode.ts'
import type { FixFile } from './fix-file.ts'
import type { Refused } from './fix-group.ts'
import { TextSink } from './written-table.ts'

export interface SqlFilesOptions {
  readonly engine: Engine
  readonly channels: readonly ChannelConfig[]
  readonly channel: ChannelConfig
  /** Sources that are read from the channel's database. */
  readonly sources: readonly { readonly index: number; readonly entry: number }[]
  /** Folder that relative paths of the configuration start from. */
  readonly dir: string
  readonly folder: string
  readonly allowed: readonly ChangeNeed[]
  readonly signal: AbortSignal
}

/** @returns Null where nothing that was agreed to can be written. What cannot be is in `refused`. */
export async function writeSqlFiles(
  options: SqlFilesOptions,
): Promise<{ readonly file: FixFile | null; readonly refused: readonly Refused[] }> {
  const { channel, dir, signal } = options
  const sources = ofFirstDatabase(channel, options.sources)
  const sql = sources[0]?.sql
  if (sql === undefined) return { file: null, refused: [] }
  try {
    const database = await connect(sql, dir, signal)
    try {
      return await write(options, database, await DatabaseCells.of(channel, database, sources))
    } finally {
      await database.close()
    }
  } catch (cause) {
    if (!(cause instanceof DiagnosticError) || cause.diagnostic.where !== null) throw cause
    throw new DiagnosticError({ ...cause.diagnostic, where: { channel: channel.id } }, cause.cause)
  }
}

/** What another database of the channel holds is not written: one script is one transaction. */
function ofFirstDatabase(channel: ChannelConfig, sources: SqlFilesOptions['sources']): readonly SourceConfig[] {
  const entries = [...new Set(sources.map(({ entry }) => entry))].sort((a, b) => a - b)
  const found = entries.flatMap((entry) => channel.sources[entry] ?? []).filter(({ sql }) => sql !== undefined)
  const first = JSON.stringify(found[0]?.sql?.url)
  return found.filter(({ sql }) => JSON.stringify(sql?.url) === first)
}

/** The script that corrects and the one that undoes it. */
class Pair {
  readonly #scripts: readonly [SqlScript, SqlScript]
  readonly #sinks: readonly TextSink[]

  private constructor(scripts: readonly [SqlScript, SqlScript], sinks: readonly TextSink[]) {
    this.#scripts = scripts
    this.#sinks = sinks
  }

  static async create(paths: readonly string[], database: Database, title: readonly string[]): Promise<Pair> {
    const encoder: Encoder | null = encoderOf('utf-8')
    if (encoder === null) throw new Error('there is no UTF-8')
    const scripts = [new SqlScript(database.dialect), new SqlScript(database.dialect)] as const
    const sinks: TextSink[] = []
    for (const path of paths) sinks.push(await TextSink.create(path, encoder))
    const pair = new Pair(scripts, sinks)
    for (const [index, script] of scripts.entries()) await sinks[index]?.write(script.begin(title))
    return pair
  }

  get advice(): FixFile['advice'] {
    return this.#scripts[0].advice
  }

  async add(cell: ScriptCell): Promise<void> {
    const [fix, undo] = this.#scripts
    const forth = fix.add(cell)
    const back = undo.add({ ...cell, before: cell.after, after: cell.before })
    await this.#sinks[0]?.write(forth)
    await this.#sinks[1]?.write(back)
  }

  async finish(): Promise<void> {
    for (const [index, script] of this.#scripts.entries()) {
      await this.#sinks[index]?.write(script.end())
      await this.#sinks[index]?.close()
    }
  }

  async abandon(): Promise<void> {
    await Promise.allSettled(this.#sinks.map((sink) => sink.abandon()))
  }
}

async function write(
  { engine, channels, channel, sources, folder, allowed, signal }: SqlFilesOptions,
  database: Database,
  places: DatabaseCells,
): Promise<{ readonly file: FixFile | null; readonly refused: readonly Refused[] }> {
  const refused: Refused[] = []
  const sides = ['fix', 'undo'].map((side) => join(folder, side, channel.id))
  for (const side of sides) await mkdir(side, { recursive: true, mode: 0o700 })
  const name = `${database.dialect}.sql`
  const paths = sides.map((side) => join(side, name))
  const pair = await Pair.create(paths, database, [`${channel.id}: ${database.dialect}`])
  let changes = 0
  try {
    for await (const batch of cells(engine, `src IN (${sources.map(({ index }) => index).join(', ')})`)) {
      signal.throwIfAborted()
      for (const row of batch) {
        const change = changeOf(row, channels)
        const mapped = places.cellOf(change)
        const why = 'en' in mapped ? mapped : checked(database, mapped, change)
        if (why !== null) refused.push({ n: Number(row.n), why })
        else if (!('en' in mapped) && change.needs.every((need) => allowed.includes(need))) {
          await pair.add(scriptCell(mapped, change))
          changes++
        }
      }
    }
    await pair.finish()
  } catch (error) {
    await pair.abandon()
    throw error
  }
  if (changes === 0) {
    await Promise.all(paths.map((path) => rm(path)))
    // A folder that says nothing is not left behind; one with files of other sources stays.
    for (const side of sides) for (const empty of [side, dirname(side)]) await rmdir(empty).catch(() => undefined)
    return { file: null, refused }
  }
  const names = { fix: `fix/${channel.id}/${name}`, undo: `undo/${channel.id}/${name}` }
  const file = { channel: channel.id, ...names, source: database.dialect, changes, records: changes, also: false }
  return { file: { ...file, advice: pair.advice }, refused }
}

function scriptCell({ target, column, write: cell }: MappedCell, change: Change): ScriptCell {
  const key = cell.key.flatMap(({ column: name, value }) => {
    const found = target.key.find(([, one]) => one.name === name)
    return found === undefined ? [] : [{ column: found[1], value }]
  })
  const label = `${change.target.listing ?? change.target.sku ?? ''} ${change.field}`
  return { label, table: cell.table, key, column, before: cell.before, after: cell.after }
}

/** Tries the cell in both directions: whatever cannot be put back is not changed. */
function checked(database: Database, mapped: MappedCell, change: Change): Refused['why'] | null {
  const cell = scriptCell(mapped, change)
  try {
    new SqlScript(database.dialect).add(cell)
    new SqlScript(database.dialect).add({ ...cell, before: cell.after, after: cell.before })
    return null
  } catch (error) {
    if (!(error instanceof UnquotableError)) throw error
    return {
      en: `the column ${mapped.column.name} cannot hold the value as it is: ${error.message}`,
      es: `la columna ${mapped.column.name} no puede contener el valor tal cual: ${error.es}`,
    }
  }
}
