/** Tables of formats that DuckDB does not read as they are: rows are written to a CSV file of our own and read from there. */
import { createHash } from 'node:crypto'
import { closeSync, createReadStream, openSync, statSync, writeSync } from 'node:fs'
import { fail } from '../../diagnostics/diagnostic.ts'
import type { QuarantinedRecord } from '../../model/report.ts'
import type { TableFile } from '../../model/table-file.ts'
import { orRemove, type ReadContext, removeFiles, temporaryPath } from './disk.ts'
import { KeyCollector } from './lost.ts'
import { type Note, noteTexts, type Reason, reasonTexts } from './notes.ts'
import { MAX_CELL_BYTES } from './scan.ts'
import { columnName, csvRelation, rawText, recordNumbers, Sampler } from './table.ts'

export type Cell = string | null

export interface SourceRow {
  readonly cells: readonly Cell[]
  /** Where the record begins; null where the format has no lines. */
  readonly line: number | null
  /** Why the record cannot be read; `raw` then shows it. */
  readonly bad?: Reason
  readonly raw?: string
}

export interface RowsOptions {
  readonly sheet: string | null
  readonly columns: readonly string[]
  readonly rows: Iterable<SourceRow> | AsyncIterable<SourceRow>
  readonly encoding: string | null
  readonly notes: readonly Note[]
}

const BUFFER_CHARACTERS = 1 << 20

/** Writes rows to a temporary file. */
export async function tableOfRows(context: ReadContext, options: RowsOptions): Promise<TableFile> {
  if (options.columns.length === 0) throw fail('source/empty', {}, { file: context.shown })
  const path = await temporaryPath(context.tempDir, 'csv')
  return orRemove([path], () => writeTable(path, context, options))
}

async function writeTable(path: string, context: ReadContext, options: RowsOptions): Promise<TableFile> {
  const width = options.columns.length
  const sampler = new Sampler<readonly Cell[]>()
  const quarantined: QuarantinedRecord[] = []
  const lost = new KeyCollector()
  const lines: (number | null)[] = []
  let isCut = false
  let longest = 0
  let multiline = false
  let buffer = ''
  const fd = openSync(path, 'wx', 0o600)
  try {
    for await (const row of options.rows) {
      lines.push(row.line)
      const bad = row.bad ?? flaw(row.cells)
      isCut = bad?.kind === 'syntax'
      if (bad !== null) {
        const raw = rawText(row.raw ?? row.cells.map((cell) => cell ?? '').join(','))
        for (const text of [row.raw ?? '', ...row.cells]) lost.add(text ?? '')
        const reasons = reasonTexts(bad, context.locale)
        quarantined.push({ path: context.shown, row: lines.length, line: row.line, raw, ...reasons })
        continue
      }
      const cells = Array.from({ length: width }, (_, index) => row.cells[index] || null)
      sampler.add(cells)
      const text = `${cells.map(quoted).join(',')}\n`
      longest = Math.max(longest, text.length * 3)
      multiline ||= text.indexOf('\n') < text.length - 1
      buffer += text
      if (buffer.length > BUFFER_CHARACTERS) {
        writeSync(fd, buffer)
        buffer = ''
      }
    }
    writeSync(fd, buffer)
  } finally {
    closeSync(fd)
  }
  assertShare(quarantined, lines.length, context)
  // Read after the rows: totals are known at the end only.
  const notes: Note[] = [...options.notes]
  if (isCut) {
    notes.push({ kind: 'cut-off' })
    lost.add(null)
  }
  if (lines.length === 0) notes.push({ kind: 'no-records' })
  const relation = csvRelation({
    path,
    columns: width,
    extra: 0,
    skip: 0,
    delimiter: ',',
    quote: '"',
    newline: '\n',
    mixedLines: false,
    maxRecordBytes: longest,
    bytes: statSync(path).size,
    records: lines.length,
    parallel: !multiline,
  })
  return {
    path: context.shown,
    sheet: options.sheet,
    columns: options.columns.map(columnName),
    relation,
    records: lines.length,
    quarantined,
    lost: lost.keys,
    sample: sampler.rows,
    reading: {
      encoding: options.encoding,
      delimiter: null,
      ...noteTexts(notes, context.locale),
    },
    sha256: context.sha256 ?? (await hashFile(context.path)),
    bytes: context.bytes,
    modifiedAt: context.modifiedAt,
    record: recordNumbers(quarantined),
    lines: async (records) => linesOf(records, lines),
    close: async () => removeFiles([path, ...context.temporary]),
  }
}

function linesOf(records: readonly number[], lines: readonly (number | null)[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  for (const record of records) {
    const line = lines[record - 1]
    if (line !== null && line !== undefined) found.set(record, line)
  }
  return found
}

function assertShare(quarantined: readonly QuarantinedRecord[], records: number, context: ReadContext): void {
  const [first] = quarantined
  if (first === undefined || quarantined.length <= records * context.maxBadShare) return
  const where = { file: context.shown, ...(first.line === null ? {} : { line: first.line }) }
  const params = { bad: quarantined.length, records, record: first.row, reason: first.reason }
  throw fail('source/too-many-bad-records', params, where)
}

function flaw(cells: readonly Cell[]): Reason | null {
  for (const cell of cells) {
    if (cell === null) continue
    if (cell.length > MAX_CELL_BYTES) return { kind: 'cell' }
    if (/[\0\p{Surrogate}]/u.test(cell)) return { kind: 'nul' }
  }
  return null
}

function quoted(cell: Cell): string {
  if (cell === null) return ''
  return /["\n\r,]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** Hash of the bytes of a file. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 4 << 20 })) hash.update(chunk)
  return hash.digest('hex')
}
