/** Loads the files under `inputs:` into tables `input_<name>`, whole or not at all. */
import { foldHeader } from '../base/text.ts'
import { meant } from '../config/check.ts'
import { type Diagnostic, DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import { type Engine, ident, literal } from '../engine/engine.ts'
import type { Config, InputFile } from '../model/config.ts'
import { type InputColumn, type InputName, type InputType, inputOf } from '../model/input.ts'
import type { Understood } from '../model/report.ts'
import type { TableFile } from '../model/table-file.ts'
import { Assumptions } from './assumptions.ts'
import { type DateOrder, type DecimalMark, type Normaliser, normalise, sqlType } from './normalise.ts'
import { refusePersonal, refusePersonalHeaders } from './personal.ts'
import { expandPaths } from './read/glob.ts'
import { joinedTexts } from './read/notes.ts'
import { openFile } from './read/open.ts'
import { voteDates, voteDecimal } from './votes.ts'

/** What was loaded of one input. */
interface LoadedInput {
  readonly name: InputName
  /** Sources of the rows: `src` counts on from the sources of the channels. */
  readonly files: readonly TableFile[]
  /** How each file was read, in the order of {@link files}. */
  readonly understood: readonly Understood[]
  /** Declared columns that some file has. */
  readonly columns: ReadonlySet<string>
  readonly rows: number
}

export interface Inputs {
  readonly loaded: readonly LoadedInput[]
  readonly failed: ReadonlyMap<InputName, Diagnostic>
}

interface InputOptions {
  readonly engine: Engine
  readonly config: Config
  readonly tempDir: string
  readonly signal: AbortSignal
}

/** @param firstSource - Number of the first file. */
export async function loadInputs(options: InputOptions, firstSource: number): Promise<Inputs> {
  const loaded: LoadedInput[] = []
  const failed = new Map<InputName, Diagnostic>()
  let next = firstSource
  for (const input of options.config.inputs) {
    options.signal.throwIfAborted()
    try {
      const one = await loadInput(input, next, options)
      loaded.push(one)
      next += one.files.length
    } catch (error) {
      if (!(error instanceof DiagnosticError) || error.diagnostic.status !== 3) throw error
      failed.set(input.name, error.diagnostic)
    }
  }
  return { loaded, failed }
}

async function loadInput({ name, path }: InputFile, firstSource: number, options: InputOptions): Promise<LoadedInput> {
  const { engine, config, tempDir } = options
  const known = new Set(Object.entries(inputOf(name).columns).flatMap(([own, column]) => spellings(own, column)))
  const headers = (cells: readonly string[]): number =>
    cells.filter((cell) => known.has(foldHeader(cell))).length / Math.max(1, cells.length)
  const files: TableFile[] = []
  try {
    for (const { absolute, shown, sheet } of await expandPaths([path], config.dir)) {
      const common = { engine, tempDir, encoding: null, headers, locale: config.locale }
      files.push(...(await openFile({ path: absolute, shown, sheet, maxBadShare: 0, ...common })))
    }
    if (inputOf(name).personal === true) for (const file of files) refusePersonalHeaders(name, file)
    const loaders = files.map((file, index) => new InputLoader(name, file, firstSource + index, options))
    const parts: string[] = []
    for (const loader of loaders) parts.push(await loader.load())
    await engine.run(`CREATE VIEW ${ident(`input_${name}`)} AS ${parts.join(' UNION ALL ')}`)
    const columns = new Set(loaders.flatMap((loader) => loader.columns))
    const understood = loaders.map((loader) => loader.understood)
    return { name, files, understood, columns, rows: files.reduce((sum, { records }) => sum + records, 0) }
  } catch (error) {
    for (const file of files) await file.close()
    throw error
  }
}

function spellings(name: string, column: InputColumn): readonly string[] {
  return [name, ...column.headers].map(foldHeader)
}

const NORMALISERS: { readonly [T in InputType]: Normaliser } = {
  text: 'text',
  key: 'key',
  decimal: 'money',
  integer: 'integer',
  boolean: 'bool',
  instant: 'instant',
  until: 'date_end',
  list: 'list',
  channel: 'key',
  hash: 'key',
}

/** Type of a column in its table. */
function columnSql(type: InputType): string {
  return sqlType(NORMALISERS[type])
}

interface Bound {
  readonly name: string
  readonly column: InputColumn
  /** Position in the file; null for a column that it does not have. */
  readonly position: number | null
}

class InputLoader {
  readonly #name: InputName
  readonly #file: TableFile
  readonly #source: number
  readonly #options: InputOptions
  readonly #bound: readonly Bound[]
  readonly #decimals = new Map<number, DecimalMark>()
  readonly #assumptions: Assumptions

  constructor(name: InputName, file: TableFile, source: number, options: InputOptions) {
    this.#name = name
    this.#file = file
    this.#source = source
    this.#options = options
    this.#bound = bind(name, file)
    this.#assumptions = new Assumptions(options.config.locale)
  }

  get columns(): readonly string[] {
    return this.#bound.filter(({ position }) => position !== null).map(({ name }) => name)
  }

  get understood(): Understood {
    const { reading, columns } = this.#file
    const used = this.#bound.filter(({ position }) => position !== null)
    const marks = [...new Set([...this.#decimals.values()].filter((mark) => mark !== 'none'))].sort()
    const dates = this.#dates()
    const read = new Set(used.map(({ position }) => position))
    return {
      encoding: reading.encoding,
      delimiter: reading.delimiter,
      decimal: marks.length === 0 ? null : marks.join(' '),
      ...(dates === 'ymd' ? {} : { date_order: dates }),
      columns: Object.fromEntries(used.map(({ name, position }) => [name, columns[position ?? 0] ?? ''])),
      mapped_by: Object.fromEntries(used.map(({ name }) => [name, 'alias' as const])),
      unused: columns.filter((header, position) => header !== '' && !read.has(position)),
      ...joinedTexts(reading, this.#assumptions.texts()),
    }
  }

  /** @returns A SELECT of the rows. */
  async load(): Promise<string> {
    const { engine } = this.#options
    if (this.#file.records === 0) throw fail('ingest/input-empty', { input: this.#name }, { file: this.#file.path })
    const table = ident(`input_${this.#name}_${this.#source}`)
    const dates = this.#dates()
    const cells = this.#bound.map(({ name, column, position }) => {
      if (position === null) return `CAST(NULL AS ${columnSql(column.type)}) AS ${ident(name)}`
      return `${this.#worded(column, position, dates)} AS ${ident(name)}, c${position} AS ${ident(`raw:${name}`)}`
    })
    const all = Array.from(this.#file.columns, (_, position) => `c${position}`)
    const personal = inputOf(this.#name).personal === true
    if (personal) await refusePersonal(engine, this.#name, this.#file, this.#clear())
    await engine.createInOrder(
      table,
      `SELECT ${cells.join(', ')} FROM (SELECT ${all.join(', ')} FROM ${this.#file.relation})`,
    )
    try {
      await this.#checkCells(table, personal)
      await this.#checkChannels(table)
      await this.#checkWords(table)
    } catch (error) {
      await engine.run(`DROP TABLE ${table}`)
      throw error
    }
    return this.#select(table)
  }

  #select(table: string): string {
    const names = this.#bound.flatMap(({ name, column, position }) => {
      if (column.type === 'text' || column.type === 'key') return [ident(name)]
      const raw = ident(`raw:${name}`)
      return [ident(name), position === null ? `CAST(NULL AS VARCHAR) AS ${raw}` : raw]
    })
    const channel = this.#bound.find(({ column }) => column.type === 'channel')
    const cases = this.#options.config.channels.map(({ id }, index) => `WHEN ${literal(id)} THEN ${index}`)
    const isTold = channel !== undefined && channel.position !== null && cases.length > 0
    const ch = isTold ? `(CASE ${ident(channel.name)} ${cases.join(' ')} END)` : 'NULL'
    return `SELECT ${ch}::INTEGER AS ch, ${this.#source}::INTEGER AS src, rowid::BIGINT AS ord, ${names.join(', ')} FROM ${table}`
  }

  /** A word that rules read, in whatever spelling; any other stays as it is. */
  #worded({ type, words }: InputColumn, position: number, dates: DateOrder): string {
    const value = this.#value(type, position, dates)
    if (words === undefined) return value
    const folded = (text: string): string =>
      text
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replaceAll(/[ _-]+/g, ' ')
    const cases = Object.entries(words).flatMap(([word, spellings]) =>
      [word, ...spellings].map((spelling) => `WHEN ${literal(folded(spelling))} THEN ${literal(word)}`),
    )
    return `(CASE regexp_replace(lower(strip_accents(${value})), '[ _-]+', ' ', 'g') ${cases.join(' ')} ELSE ${value} END)`
  }

  /** Says which words of a closed column no rule of the package reads. */
  async #checkWords(table: string): Promise<void> {
    for (const { name, column, position } of this.#bound) {
      if (column.closed !== true || column.words === undefined || position === null) continue
      const known = Object.keys(column.words).map(literal).join(', ')
      const rows = await this.#options.engine.rows<{ word: string }>(
        `SELECT ${ident(name)} AS word FROM ${table} WHERE NOT list_contains([${known}], ${ident(name)}) GROUP BY 1 ORDER BY 1 LIMIT 10`,
      )
      const header = this.#file.columns[position] ?? name
      if (rows.length > 0) this.#assumptions.add({ kind: 'foreign-words', header, words: rows.map(({ word }) => word) })
    }
  }

  #value(type: InputType, position: number, dates: DateOrder): string {
    const sample = this.#file.sample.map((record) => record[position] ?? null)
    const numeric = type === 'decimal' || type === 'integer'
    const decimal = numeric ? voteDecimal(sample) : 'none'
    this.#decimals.set(position, decimal)
    const sql = normalise(NORMALISERS[type], `c${position}`, {
      decimal,
      dates,
      zone: this.#options.config.timezone,
      vocabulary: {},
    })
    if (type !== 'hash') return sql
    return `(CASE WHEN regexp_full_match(${sql}, '[0-9A-Fa-f]{32,128}') THEN lower(${sql}) WHEN regexp_full_match(${sql}, '[A-Za-z0-9+/_-]{22,88}={0,2}') AND NOT regexp_full_match(${sql}, '[0-9]+') THEN ${sql} END)`
  }

  /** All dates of a file are written in one order. */
  #dates(): DateOrder {
    const positions = this.#bound.flatMap(({ column, position }) =>
      position !== null && (column.type === 'instant' || column.type === 'until') ? [position] : [],
    )
    return voteDates(this.#file.sample.flatMap((record) => positions.map((position) => record[position] ?? null)))
  }

  /** Positions that may hold text about a person: all but those whose type leaves no room for it. */
  #clear(): readonly number[] {
    const typed = new Set(
      this.#bound.flatMap(({ column, position }) =>
        position !== null && ['decimal', 'integer', 'boolean', 'instant', 'until', 'channel'].includes(column.type)
          ? [position]
          : [],
      ),
    )
    return this.#file.columns.flatMap((_, position) => (typed.has(position) ? [] : [position]))
  }

  async #checkCells(table: string, personal: boolean): Promise<void> {
    const own = this.#bound.filter(({ position }) => position !== null)
    const wrong = own.map(({ name, column }) => {
      const [value, raw] = [ident(name), ident(`raw:${name}`)]
      return column.required === true ? `${value} IS NULL` : `(${value} IS NULL AND trim(${raw}) <> '')`
    })
    const counts = wrong.map(
      (sql, index) => `count(*) FILTER (${sql}) AS n${index}, min(rowid) FILTER (${sql}) AS o${index}`,
    )
    const [found] = await this.#options.engine.rows(`SELECT ${counts.join(', ')} FROM ${table}`)
    for (const [index, { name, column, position }] of own.entries()) {
      const rows = Number(found?.[`n${index}`] ?? 0)
      if (rows === 0) continue
      const ordinal = Number(found?.[`o${index}`] ?? 0)
      const [cell] = await this.#options.engine.rows<{ text: string | null }>(
        `SELECT ${ident(`raw:${name}`)} AS text FROM ${table} WHERE rowid = ${ordinal}`,
      )
      const header = this.#file.columns[position ?? 0] ?? name
      const { at, row } = await placeOf(this.#file, ordinal)
      const text = personal ? null : (cell?.text ?? '')
      const empty = (cell?.text ?? '').trim() === ''
      const mark = this.#decimals.get(position ?? -1)
      const isDate = column.type === 'instant' || column.type === 'until'
      const type = mark === 'open' ? 'open' : isDate && this.#dates() === 'open' ? 'open date' : column.type
      throw fail('ingest/input-cell', { column: header, type, text, empty, rows, row }, at)
    }
  }

  async #checkChannels(table: string): Promise<void> {
    const column = this.#bound.find(({ column, position }) => column.type === 'channel' && position !== null)
    if (column === undefined) return
    const known = this.#options.config.channelIds
    const name = ident(column.name)
    const rows = await this.#options.engine.rows<{ channel: string; ord: number }>(
      `SELECT ${name} AS channel, min(rowid) AS ord FROM ${table} WHERE ${name} IS NOT NULL GROUP BY 1 ORDER BY 2`,
    )
    const wrong = rows.find(({ channel }) => !known.includes(channel))
    if (wrong === undefined) return
    const { at, row } = await placeOf(this.#file, Number(wrong.ord))
    const channel = inputOf(this.#name).personal === true && /\d{5}|@/.test(wrong.channel) ? '…' : wrong.channel
    throw fail('ingest/input-channel', { channel, row, nearest: meant(channel, known), known }, at)
  }
}

async function placeOf(
  file: TableFile,
  ordinal: number,
): Promise<{ readonly at: { readonly file: string; readonly line?: number }; readonly row: number }> {
  const row = file.record(ordinal)
  const line = (await file.lines([row])).get(row)
  return { at: { file: file.path, ...(line === undefined ? {} : { line }) }, row }
}

function bind(input: InputName, file: TableFile): readonly Bound[] {
  const folded = file.columns.map(foldHeader)
  const taken = new Set<number>()
  const entries = Object.entries(inputOf(input).columns)
  const positions = new Map<string, number>()
  // A column's own name goes before the other spellings of any other.
  for (const take of [0, 1]) {
    for (const [name, column] of entries) {
      if (positions.has(name)) continue
      const names = take === 0 ? [foldHeader(name)] : spellings(name, column)
      const position = folded.findIndex((header, index) => !taken.has(index) && names.includes(header))
      if (position < 0) continue
      positions.set(name, position)
      taken.add(position)
    }
  }
  const missing = entries.filter(([name, column]) => column.required === true && !positions.has(name))
  const [first] = missing
  if (first !== undefined) {
    const columns = missing.map(([name]) => name)
    const nearest = meant(first[0], file.columns)
    throw fail('ingest/input-column', { input, columns, nearest, found: file.columns }, { file: file.path })
  }
  return entries.map(([name, column]) => ({ name, column, position: positions.get(name) ?? null }))
}
