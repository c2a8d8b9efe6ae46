/** Drives the fix files of a platform over records of one file, without a configuration or an audit. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { foldHeader } from '../src/base/text.ts'
import { decoder } from '../src/ingest/read/encoding.ts'
import type { Understood } from '../src/model/report.ts'
import { encoderOf } from '../src/plan/encode.ts'
import { carried, type Directions } from '../src/plan/fix-group.ts'
import { PairOfFiles } from '../src/plan/fix-pair.ts'
import type { RecordWithChanges } from '../src/plan/fix-records.ts'
import { beginsLikeFormula } from '../src/plan/formula.ts'
import type { FixChange, FixContext, FixFormat, FixRefusal, SourceRecord } from '../src/platforms/fix.ts'
import type { FileKind } from '../src/platforms/platform.ts'
import { loadPlatform } from '../src/platforms/registry.ts'
import type { Table } from './import/cells.ts'

type Encoding = 'utf-8' | 'windows-1252'

export interface SourceDialect {
  readonly delimiter: string
  readonly encoding: Encoding
  readonly quotes?: false
}

export interface RowChange {
  readonly row: number
  readonly change: FixChange
}

/** A file that corrects, and the one that takes it back. */
export interface WrittenFix {
  readonly format: FixFormat
  readonly fix: Uint8Array
  readonly undo: Uint8Array
  /** Cells of the two, headers left out, that a spreadsheet would run. */
  readonly formulas: readonly string[]
}

export interface Fixes {
  readonly files: readonly WrittenFix[]
  readonly carried: readonly RowChange[]
  readonly refused: readonly (RowChange & { readonly why: FixRefusal })[]
}

export function encode(text: string, encoding: Encoding): Uint8Array {
  const bytes = encoderOf(encoding)?.encode(text)
  if (bytes === null || bytes === undefined) throw new Error(`not in ${encoding}: ${text}`)
  return bytes
}

export function writeTable(
  rows: readonly (readonly (string | null)[])[],
  { delimiter, quotes }: SourceDialect,
): string {
  const cell = (text: string | null): string => {
    if (text === null || quotes === false) return text ?? ''
    return /["\r\n]|^\s|\s$/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return rows.map((row) => `${row.map(cell).join(delimiter)}\n`).join('')
}

/** One file, read by one kind of a platform. */
export class FixSource {
  readonly table: Table
  readonly records: readonly SourceRecord[]
  readonly #formats: readonly FixFormat[]
  readonly #directions: Directions
  readonly #dialect: SourceDialect

  private constructor(
    table: Table,
    kind: FileKind,
    formats: readonly FixFormat[],
    dialect: SourceDialect,
    given: Partial<FixContext>,
  ) {
    this.table = table
    this.#dialect = dialect
    this.#formats = formats.filter(({ kinds }) => kinds.includes(kind.name))
    this.records = table.rows.map((row) => recordOf(table, row, kind))
    const understood: Understood = {
      encoding: dialect.encoding,
      delimiter: dialect.delimiter,
      decimal: '.',
      columns: {},
      mapped_by: {},
      unused: [],
      assumptions: [],
    }
    const shared: Omit<FixContext, 'direction'> = {
      understood,
      words: () => [],
      currency: 'EUR',
      market: 'ES',
      timezone: 'Europe/Madrid',
      includesTax: true,
      asOf: '2026-11-22T08:00:00Z',
      ...given,
    }
    this.#directions = { fix: { ...shared, direction: 'fix' }, undo: { ...shared, direction: 'undo' } }
  }

  static async open(
    platform: string,
    kindName: string,
    bytes: Uint8Array,
    dialect: SourceDialect,
    given: Partial<FixContext> = {},
  ): Promise<FixSource> {
    const { files, fixes = [] } = await loadPlatform(platform)
    const kind = files.find(({ name }) => name === kindName)
    if (kind === undefined) throw new Error(`no kind ${kindName}`)
    const [header = [], ...rows]: string[][] = parse(decoder(dialect.encoding)(bytes), {
      delimiter: dialect.delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      ...(dialect.quotes === false ? { quote: false as const } : {}),
    })
    const full = rows.map((row) => header.map((_, position) => row[position] ?? ''))
    return new FixSource({ header, rows: full }, kind, fixes, dialect, given)
  }

  /** Files that bring the changes, each by the first format that has its field. */
  async fix(changes: readonly RowChange[]): Promise<Fixes> {
    const folder = await mkdtemp(join(tmpdir(), 'omniparity-fix-'))
    const refused: (RowChange & { readonly why: FixRefusal })[] = []
    const files: WrittenFix[] = []
    try {
      const main = this.#formats.filter(({ also }) => also !== true)
      for (const format of main) {
        const mine = changes.filter(({ change }) => main.find((one) => canWrite(one, change)) === format)
        files.push(...(await this.#one(format, mine, folder, refused)))
      }
      const none = changes.filter(({ change }) => !main.some((format) => canWrite(format, change)))
      refused.push(...none.map((one) => ({ ...one, why: { en: 'No file.', es: 'Ningún fichero.' } })))
      const done = changes.filter((one) => !refused.some(({ row, change }) => row === one.row && change === one.change))
      for (const format of this.#formats.filter(({ also }) => also === true)) {
        const mine = done.filter(({ change }) => canWrite(format, change))
        files.push(...(await this.#one(format, mine, folder, [])))
      }
      return { files, carried: done, refused }
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  async #one(
    format: FixFormat,
    changes: readonly RowChange[],
    folder: string,
    refused: (RowChange & { readonly why: FixRefusal })[],
  ): Promise<readonly WrittenFix[]> {
    const refuse = (n: number, why: FixRefusal): void => {
      const one = changes[n]
      if (one !== undefined) refused.push({ ...one, why })
    }
    const groups = this.#groups(format, changes).map((group) => {
      const outcome = carried(group, format, this.#directions)
      for (const { n, why } of outcome.refused) refuse(n, why)
      return outcome.records
    })
    const left = groups.flat().flatMap((one) => one.changes.map(({ change }) => ({ change, record: one.record })))
    const [first] = left
    if (first === undefined) return []
    const seen = {
      fields: new Set(left.map(({ change }) => change.field)),
      locations: new Set(left.flatMap(({ change }) => (change.location === null ? [] : [change.location]))),
    }
    const paths = { fix: join(folder, `fix-${format.name}`), undo: join(folder, `undo-${format.name}`) }
    const pair = await PairOfFiles.create(format, paths, this.#directions, first.record, seen)
    let written = 0
    let missing: FixRefusal | null = null
    for (const group of groups) {
      const numbers = group.flatMap((one) => one.changes.map(({ n }) => n))
      if (numbers.length === 0 && format.records !== 'all') continue
      const why = await pair.add(group)
      if (why === null) written += numbers.length
      else for (const n of numbers) refuse(n, why)
      if (why !== null && format.records === 'all') missing ??= why
    }
    await pair.finish()
    if (missing !== null) {
      for (const n of changes.keys()) refuse(n, missing)
      return []
    }
    if (written === 0) return []
    const [fix, undo] = [await readFile(paths.fix), await readFile(paths.undo)]
    return [{ format, fix, undo, formulas: [fix, undo].flatMap((bytes) => this.#formulas(format, bytes)) }]
  }

  #formulas(format: FixFormat, bytes: Uint8Array): readonly string[] {
    if (format.shape === 'document') return []
    const delimiter = format.delimiter === 'source' ? this.#dialect.delimiter : format.delimiter
    const encoding = format.encoding === 'source' ? this.#dialect.encoding : 'utf-8'
    const rows: string[][] = parse(decoder(encoding)(bytes), { delimiter, relax_column_count: true })
    return rows.slice(1).flat().filter(beginsLikeFormula)
  }

  #groups(format: FixFormat, changes: readonly RowChange[]): readonly (readonly RecordWithChanges[])[] {
    const { group } = format
    let current = ''
    const groups = new Map<string, RecordWithChanges[]>()
    for (const [row, record] of this.records.entries()) {
      if (group !== undefined) current = record.cell(group.by) ?? current
      const mine = changes.flatMap((one, n) => (one.row === row ? [{ n, needs: [], change: one.change }] : []))
      const isWanted = mine.length > 0 || group?.whole === true || format.records === 'all'
      const key = group === undefined || current === '' ? `#${row}` : current
      if (isWanted) groups.set(key, [...(groups.get(key) ?? []), { record, changes: mine }])
    }
    const touched = [...groups.values()].filter((records) => records.some((one) => one.changes.length > 0))
    return format.records === 'all' && touched.length > 0 ? [...groups.values()] : touched
  }
}

function recordOf(table: Table, row: readonly string[], kind: FileKind): SourceRecord {
  const headerOf = (column: string): string | undefined =>
    (kind.columns[column] ?? []).flatMap((alias) => {
      const found = table.header.find((header) => foldHeader(header) === foldHeader(alias))
      return found === undefined ? [] : [found]
    })[0]
  return {
    kind: kind.name,
    header: table.header,
    cells: row.map((cell) => (cell === '' ? null : cell)),
    headerOf,
    cell: (column) => {
      const header = headerOf(column)
      return header === undefined ? undefined : row[table.header.indexOf(header)] || null
    },
  }
}

function canWrite({ fields }: FixFormat, { field }: FixChange): boolean {
  return typeof fields === 'function' ? fields(field) : fields.includes(field)
}
