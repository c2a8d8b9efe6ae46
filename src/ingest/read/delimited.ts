/** Delimited text: one pass finds structure and damage, DuckDB reads the file or a copy without the damage. */

import { createHash } from 'node:crypto'
import { fail } from '../../diagnostics/diagnostic.ts'
import type { QuarantinedRecord } from '../../model/report.ts'
import type { TableFile } from '../../model/table-file.ts'
import { BlankFinder } from './blanks.ts'
import { type Edit, writeCopy } from './copy.ts'
import { type OpenFile, openBytes, orRemove, type ReadContext, removeFiles, temporaryPath } from './disk.ts'
import {
  byteOrderMark,
  decoder,
  type Encoding,
  guessSingleByte,
  guessUtf16,
  headDecoder,
  namedEncoding,
  Utf8Tally,
} from './encoding.ts'
import { lineEnds } from './line-ends.ts'
import { endsInside, lostKeys } from './lost.ts'
import { mend } from './mend.ts'
import { type Note, noteTexts, reasonTexts } from './notes.ts'
import { parseRecords } from './parse-records.ts'
import { linesOf, scanOptions } from './record-lines.ts'
import { sampleOf } from './sample.ts'
import { type OddRecord, type RecordPlace, Scanner } from './scan.ts'
import { type Sniffed, sniff } from './sniff.ts'
import { columnName, csvRelation, rawText, recordNumbers } from './table.ts'
import { totalsRow } from './tail.ts'

const HEAD_BYTES = 1 << 20
const MAX_COLUMNS = 16_384
const MAX_HEADER_BYTES = 16_384
/** Files below this are read by one thread whatever their cells hold. */
const ONE_PIECE_BYTES = 8_000_000

interface Reading {
  readonly file: OpenFile
  readonly sniffed: Sniffed
  readonly scanner: Scanner
  readonly encoding: Encoding
  readonly bom: number
  readonly sha256: string
  readonly blanks: BlankFinder
  readonly notes: Note[]
  /** Where the data ends and how many records it has, without totals and empty rows. */
  end: number
  records: number
}

/** Opens delimited text in any encoding. */
export async function openDelimited(context: ReadContext): Promise<TableFile> {
  const file = openBytes(context.path, context.shown)
  try {
    const head = file.read(0, HEAD_BYTES)
    const mark = byteOrderMark(head)
    const stated = context.encoding === null ? null : namedEncoding(context.encoding, context.shown)
    const known = mark?.encoding ?? stated ?? guessUtf16(head)
    if (known !== null && known !== 'utf-8') return await transcodeFirst(file, context, known, mark?.length ?? 0)
    const reading = read(file, head, context, { bom: mark?.length ?? 0, utf8: known === 'utf-8' })
    return await build(reading, context)
  } finally {
    file.close()
  }
}

/** Encodings in which a comma need not be one byte, and those the config states: the rest sees UTF-8 only. */
async function transcodeFirst(
  file: OpenFile,
  context: ReadContext,
  encoding: Encoding,
  bom: number,
): Promise<TableFile> {
  const target = await temporaryPath(context.tempDir, 'csv')
  const hash = createHash('sha256')
  for (const chunk of file.chunks(0)) hash.update(chunk)
  writeCopy(file, target, { start: bom, end: file.size, edits: [], encoding })
  file.assertUnchanged()
  const inner: ReadContext = {
    ...context,
    path: target,
    encoding: 'utf-8',
    sha256: context.sha256 ?? hash.digest('hex'),
    temporary: [...context.temporary, target],
  }
  const table = await orRemove([target], () => openDelimited(inner))
  return { ...table, reading: { ...table.reading, encoding } }
}

function read(file: OpenFile, head: Buffer, context: ReadContext, known: { bom: number; utf8: boolean }): Reading {
  const first = scanOnce(file, head, context, known.bom, true)
  const best = firstOrPlain(first, () => scanOnce(file, head, context, known.bom, false), head, known.bom)
  const { sniffed, tally } = best
  let { scanner } = best
  const notes: Note[] = []
  if (best !== first) notes.push({ kind: 'plain-quotes' })
  let encoding: Encoding = 'utf-8'
  if (!tally.valid) {
    // Valid sequences are rare by chance: where they are many, the other bytes are damage and not another encoding.
    if (known.utf8 || tally.sequences >= 4 * tally.invalid) scanner = scan(file, sniffed, { utf8: true }).scanner
    else encoding = guessSingleByte(tally)
  }
  file.assertUnchanged()
  if (encoding !== 'utf-8') notes.push({ kind: 'not-utf8', encoding })
  if (sniffed.preamble > 0) notes.push({ kind: 'preamble', lines: sniffed.preamble })
  const end = scanner.emptyTail?.start ?? file.size
  if (scanner.emptyTail !== null) notes.push({ kind: 'empty-tail', rows: scanner.emptyTail.records })
  const reading = {
    file,
    sniffed,
    scanner,
    encoding,
    bom: known.bom,
    sha256: best.sha256,
    blanks: best.blanks,
    notes,
    end,
    records: scanner.records,
  }
  cutTotals(reading)
  if (sniffed.trailing) notes.push({ kind: 'trailing' })
  if (reading.records === 0) notes.push({ kind: 'no-records' })
  return reading
}

interface Scan {
  readonly sniffed: Sniffed
  readonly scanner: Scanner
  readonly tally: Utf8Tally
  readonly blanks: BlankFinder
  readonly sha256: string
}

function scanOnce(file: OpenFile, head: Buffer, context: ReadContext, bom: number, quotes: boolean): Scan {
  const complete = file.size <= head.length
  const text = head.toString('latin1', bom)
  const sniffed = sniff(text, {
    delimiter: context.delimiter,
    quotes,
    complete,
    decode: headDecoder(head),
    headers: context.headers,
  })
  const where = { file: context.shown }
  if (sniffed === null) {
    if (!complete && text.trim() !== '')
      throw fail('source/too-large', { what: 'line 1 is over 1 MB', limit: '1 MB' }, where)
    throw fail('source/empty', {}, where)
  }
  if (sniffed.header.length > MAX_COLUMNS) {
    throw fail('source/too-large', { what: `${sniffed.header.length} columns`, limit: `${MAX_COLUMNS}` }, where)
  }
  const widest = Math.max(...sniffed.header.map((cell) => cell.length))
  if (widest > MAX_HEADER_BYTES) {
    throw fail('source/too-large', { what: `a column name of ${widest} bytes`, limit: `${MAX_HEADER_BYTES}` }, where)
  }
  const placed = { ...sniffed, dataStart: sniffed.dataStart + bom }
  return { sniffed: placed, ...scan(file, placed, { utf8: false }) }
}

function scan(file: OpenFile, sniffed: Sniffed, options: { readonly utf8: boolean }): Omit<Scan, 'sniffed'> {
  const scanner = new Scanner({ ...scanOptions(file, sniffed), ...options })
  const hash = createHash('sha256')
  const tally = new Utf8Tally()
  const blanks = new BlankFinder()
  let offset = 0
  for (const chunk of file.chunks(0)) {
    hash.update(chunk)
    tally.feed(chunk)
    blanks.feed(chunk)
    const skip = Math.max(0, sniffed.dataStart - offset)
    if (skip < chunk.length) scanner.feed(chunk.subarray(skip))
    offset += chunk.length
  }
  scanner.finish()
  tally.finish()
  return { scanner, tally, blanks, sha256: hash.digest('hex') }
}

/**
 * Quotes that do not match may be inches: then the reading without quotes is regular, and no cell is quoted whole. One
 * such quote may as well be damage, but not between tabs, where platforms do not quote.
 */
function firstOrPlain(first: Scan, plain: () => Scan, head: Buffer, bom: number): Scan {
  const torn = first.scanner.odd.filter(({ kind }) => kind === 'unclosed' || kind === 'text-after-quote').length
  if (torn < (first.sniffed.delimiter === '\t' ? 1 : 2)) return first
  const text = head.toString('latin1', bom)
  const { dialect, dataStart } = first.sniffed
  const options = { from: dataStart - bom, limit: 400, complete: true }
  const cells = parseRecords(text, { ...dialect, quote: null }, options).flatMap((record) => record.cells)
  if (cells.some((cell) => /^\s*"([^"]|"")*"\s*$/.test(cell))) return first
  const other = plain()
  return other.scanner.odd.length * 5 <= first.scanner.odd.length ? other : first
}

function cellsOf(reading: Reading, place: RecordPlace): string[] {
  const { file, sniffed, encoding } = reading
  const text = file.read(place.start, Math.min(place.end, place.start + HEAD_BYTES)).toString('latin1')
  const [record] = parseRecords(text, sniffed.dialect, { from: 0, limit: 1, complete: true })
  const decode = decoder(encoding)
  return (record?.cells ?? []).map((cell) => decode(Buffer.from(cell, 'latin1')))
}

function cutTotals(reading: Reading): void {
  const { scanner } = reading
  const { last } = scanner
  const newest = Math.max(0, ...last.map((place) => place.record))
  const before = last.filter((place) => place.record < newest - 1 || newest < 3)
  const filled = before.map((place) => cellsOf(reading, place).filter((cell) => cell.trim() !== '').length)
  const usual = Math.max(0, ...filled)
  const totals = totalsRow(last, usual, (place) => cellsOf(reading, place))
  if (totals === null) return
  reading.end = totals.place.start
  reading.records = totals.place.record - 1
  reading.notes.push({ kind: 'totals', text: rawText(totals.text) })
}

async function build(reading: Reading, context: ReadContext): Promise<TableFile> {
  const { sniffed, scanner, file, encoding } = reading
  const odd = scanner.odd.filter(({ start }) => start < reading.end)
  const delimiter = String.fromCharCode(sniffed.dialect.delimiter)
  const mended = new Map<OddRecord, Edit>()
  for (const [record, edit] of mend(odd, sniffed, reading.records, delimiter)) mended.set(record, edit)
  const bad = odd.filter((record) => !mended.has(record))
  const padded = [...mended.keys()].filter(({ kind }) => kind === 'few').length
  if (padded > 0 && !sniffed.trailing) reading.notes.push({ kind: 'padded', rows: padded })
  assertShare(bad, reading, context)
  const isCut = endsInside(bad, file)
  if (isCut) reading.notes.push({ kind: 'cut-off' })
  const decode = decoder(encoding)
  const quarantined = bad.map((record) => quarantine(record, reading, context, decode))
  const edits = [
    ...mended.values(),
    ...bad.map(({ start, next }) => ({ start, next, text: '' })),
    ...scanner.blanks.filter(({ start }) => start < reading.end).map(({ start, next }) => ({ start, next, text: '' })),
  ].sort((one, other) => one.start - other.start)
  const temporary = [...context.temporary]
  const direct = edits.length === 0 && encoding === 'utf-8' && reading.end === file.size && sniffed.dataLine === 2
  let path = context.path
  if (!direct) {
    path = await temporaryPath(context.tempDir, 'csv')
    temporary.push(path)
    writeCopy(file, path, { start: sniffed.dataStart, end: reading.end, edits, encoding })
  }
  file.assertUnchanged()
  const columns = sniffed.header.map((cell) => columnName(decoder(encoding)(Buffer.from(cell, 'latin1'))))
  const rows = reading.records - quarantined.length
  const skip = direct ? 1 : 0
  const relation = await relationOf({ reading, context, path, skip, columns: columns.length, rows })
  return {
    path: context.shown,
    sheet: null,
    columns,
    relation,
    onlySpaces:
      encoding === 'utf-8' && reading.blanks.onlySpaces(sniffed.dialect, lineEnds(reading, skip).lf, scanner.multiline),
    records: reading.records,
    quarantined,
    lost: lostKeys(bad, isCut, (start, end) => textAt(reading, start, end, decode)),
    sample: sampleOf(
      file,
      { ...reading, bad: new Set(bad.map(({ start }) => start)), padded: padded > 0 },
      columns.length,
    ),
    reading: {
      encoding,
      delimiter: sniffed.delimiter,
      ...noteTexts(reading.notes, context.locale),
    },
    sha256: context.sha256 ?? reading.sha256,
    bytes: context.bytes,
    modifiedAt: context.modifiedAt,
    record: recordNumbers(quarantined),
    lines: async (records) => linesOf(records, sniffed, scanner, context),
    close: async () => removeFiles(temporary),
  }
}

function assertShare(bad: readonly OddRecord[], reading: Reading, context: ReadContext): void {
  const { scanner, records } = reading
  const [first] = bad
  if (first === undefined) return
  const unclosed = bad.find(({ kind }) => kind === 'unclosed')
  if (unclosed !== undefined && scanner.unclosedLines > 1) {
    const lines = Math.max(1, scanner.line - reading.sniffed.dataLine + 1)
    if (scanner.unclosedLines / lines > context.maxBadShare) {
      const where = { file: context.shown, line: unclosed.line }
      throw fail('source/unclosed-quote', { record: unclosed.record, lines: scanner.unclosedLines }, where)
    }
  }
  if (bad.length <= records * context.maxBadShare) return
  const { reason } = reasonsOf(first, reading, context)
  const params = { bad: bad.length, records, record: first.record, reason }
  throw fail('source/too-many-bad-records', params, { file: context.shown, line: first.line })
}

function reasonsOf(record: OddRecord, reading: Reading, context: ReadContext): ReturnType<typeof reasonTexts> {
  const { kind, fields } = record
  if (kind === 'few' || kind === 'many') {
    return reasonTexts({ kind, fields, expected: reading.sniffed.header.length }, context.locale)
  }
  if (kind === 'unclosed') return reasonTexts({ kind, lines: reading.scanner.unclosedLines }, context.locale)
  return reasonTexts({ kind: kind === 'trailing' ? 'bytes' : kind }, context.locale)
}

function quarantine(
  record: OddRecord,
  reading: Reading,
  context: ReadContext,
  decode: (bytes: Uint8Array) => string,
): QuarantinedRecord {
  const raw = rawText(textAt(reading, record.start, Math.min(record.end, record.start + 800), decode))
  return { path: context.shown, row: record.record, line: record.line, raw, ...reasonsOf(record, reading, context) }
}

function textAt(
  { file, encoding }: Reading,
  start: number,
  end: number,
  decode: (bytes: Uint8Array) => string,
): string {
  const bytes = file.read(start, end)
  return encoding === 'utf-8' ? bytes.toString('utf8') : decode(bytes)
}

interface RelationOptions {
  readonly reading: Reading
  readonly context: ReadContext
  readonly path: string
  readonly skip: number
  readonly columns: number
  readonly rows: number
}

async function relationOf({ reading, context, path, skip, columns, rows }: RelationOptions): Promise<string> {
  const { sniffed, scanner, file, encoding } = reading
  const { crlf, lf } = lineEnds(reading, skip)
  const make = (parallel: boolean, maxRecordBytes: number) =>
    csvRelation({
      path,
      columns,
      extra: sniffed.trailing ? 1 : 0,
      skip,
      delimiter: String.fromCharCode(sniffed.dialect.delimiter),
      quote: sniffed.dialect.quote === null ? null : '"',
      newline: sniffed.dialect.newline === 13 ? '\r' : crlf ? '\r\n' : '\n',
      mixedLines: crlf && lf,
      maxRecordBytes,
      bytes: file.size,
      records: reading.records,
      parallel,
    })
  const longest = scanner.maxRecordBytes * (encoding === 'utf-8' ? 1 : 3)
  const relation = make(true, longest)
  if (!scanner.multiline || file.size < ONE_PIECE_BYTES) return relation
  // Threads guess where a record begins inside quoted cells: DuckDB notices most wrong guesses, the count notices all.
  const count = async (sql: string) => {
    const counted = await context.engine.rows(`SELECT count(*) AS n FROM ${sql}`).catch(() => [])
    return counted[0]?.['n'] ?? null
  }
  if ((await count(relation)) === rows) return relation
  const careful = make(false, Math.max(longest, 8 << 20))
  const counted = await count(careful)
  if (counted === rows) return careful
  throw new Error(`${context.shown}: the scan found ${rows} records, the engine ${counted}`)
}
