/**
 * Workbooks, streamed: memory holds the shared texts and one chunk of a sheet.
 *
 * @see ECMA-376 part 1, section 18 (SpreadsheetML)
 */
import { createReadStream } from 'node:fs'
import { posix } from 'node:path'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { fail } from '../../diagnostics/diagnostic.ts'
import type { TableFile } from '../../model/table-file.ts'
import { type ReadContext, removeFiles } from './disk.ts'
import type { Note } from './notes.ts'
import { type SourceRow, tableOfRows } from './rows.ts'
import { type CellType, cellText, isDateFormat } from './sheet-cell.ts'
import { headerRow, usualWidth } from './sniff.ts'
import { isTotals } from './tail.ts'
import type { Archive } from './unpack.ts'

const PEEKED_ROWS = 60
const HELD_ROWS = 3
const MAX_TEXT_CHARACTERS = 400_000_000

interface Workbook {
  readonly sheets: readonly { readonly name: string; readonly member: string }[]
  readonly texts: readonly string[]
  /** By style index: whether numbers are dates. */
  readonly dates: readonly boolean[]
  readonly epoch1904: boolean
}

interface SheetRow {
  readonly cells: readonly string[]
  readonly row: number
}

export async function openXlsx(context: ReadContext, zip: Archive): Promise<readonly TableFile[]> {
  const workbook = await readWorkbook(context, zip)
  const tables: TableFile[] = []
  for (const { name, member } of wanted(context, workbook)) {
    const table = await openSheet(context, zip, workbook, name, member)
    if (table !== null) tables.push(table)
  }
  if (tables.length === 0) throw fail('source/empty', {}, { file: context.shown })
  return tables
}

/** @throws DiagnosticError `source/no-sheet` where the workbook lacks the one that is meant. */
function wanted({ sheet, shown }: ReadContext, { sheets }: Workbook): Workbook['sheets'] {
  if (sheet === null) return sheets
  const folded = (name: string): string => name.normalize('NFC').trim().toLowerCase()
  const found = sheets.find(({ name }) => name === sheet) ?? sheets.find(({ name }) => folded(name) === folded(sheet))
  if (found === undefined)
    throw fail('source/no-sheet', { sheet, sheets: sheets.map(({ name }) => name) }, { file: shown })
  return [found]
}

type Events = {
  readonly open?: (tag: SaxesTagPlain, attributes: Readonly<Record<string, string>>) => void
  readonly text?: (text: string) => void
  readonly close?: (name: string) => void
}

/** Names without namespace prefix: some writers prefix every element. */
function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

async function* parseMember(context: ReadContext, zip: Archive, member: string, events: Events): AsyncIterable<void> {
  if (!zip.names.includes(member)) return
  const { path } = await zip.unpack(member, context.tempDir)
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw fail(
      'source/syntax',
      { format: 'XLSX', reason: `${member}: ${error.message}` },
      { file: context.shown },
      error,
    )
  })
  // Without the `xmlns` option attributes are plain texts.
  parser.on('opentag', (tag) => events.open?.(tag, tag.attributes as Readonly<Record<string, string>>))
  parser.on('text', (text) => events.text?.(text))
  parser.on('closetag', (tag) => events.close?.(local(tag.name)))
  try {
    const input = createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 20 })
    for await (const chunk of input) {
      parser.write(chunk)
      yield
    }
    parser.close()
    yield
  } finally {
    await removeFiles([path])
  }
}

async function each(context: ReadContext, zip: Archive, member: string, events: Events): Promise<void> {
  for await (const _ of parseMember(context, zip, member, events));
}

async function readWorkbook(context: ReadContext, zip: Archive): Promise<Workbook> {
  const targets = new Map<string, string>()
  await each(context, zip, 'xl/_rels/workbook.xml.rels', {
    open: (_, { Id, Target }) => {
      if (Id === undefined || Target === undefined) return
      targets.set(Id, Target.startsWith('/') ? Target.slice(1) : posix.join('xl', Target))
    },
  })
  const sheets: { name: string; member: string }[] = []
  let epoch1904 = false
  await each(context, zip, 'xl/workbook.xml', {
    open: (tag, attributes) => {
      if (local(tag.name) === 'workbookPr') epoch1904 = /^(1|true)$/.test(attributes['date1904'] ?? '')
      if (local(tag.name) !== 'sheet') return
      const id = Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? ''
      const member = targets.get(id)
      if (member !== undefined) sheets.push({ name: attributes['name'] ?? '', member })
    },
  })
  return { sheets, epoch1904, texts: await readTexts(context, zip), dates: await readDates(context, zip) }
}

async function readTexts(context: ReadContext, zip: Archive): Promise<string[]> {
  const texts: string[] = []
  let text = ''
  let total = 0
  let inText = false
  let phonetic = 0
  await each(context, zip, 'xl/sharedStrings.xml', {
    open: (tag) => {
      const name = local(tag.name)
      if (name === 'si') text = ''
      else if (name === 'rPh') phonetic++
      else if (name === 't') inText = phonetic === 0
    },
    text: (part) => {
      if (inText) text += part
    },
    close: (name) => {
      if (name === 't') inText = false
      else if (name === 'rPh') phonetic--
      else if (name === 'si') {
        texts.push(text)
        total += text.length
        if (total > MAX_TEXT_CHARACTERS) {
          throw fail(
            'source/too-large',
            { what: 'the texts of the workbook are over 400 MB', limit: '400 MB' },
            { file: context.shown },
          )
        }
      }
    },
  })
  return texts
}

async function readDates(context: ReadContext, zip: Archive): Promise<boolean[]> {
  const formats = new Map<number, string>()
  const dates: boolean[] = []
  let inCells = false
  await each(context, zip, 'xl/styles.xml', {
    open: (tag, attributes) => {
      const name = local(tag.name)
      if (name === 'numFmt') formats.set(Number(attributes['numFmtId']), attributes['formatCode'] ?? '')
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) {
        const id = Number(attributes['numFmtId'] ?? 0)
        dates.push(isDateFormat(id, formats.get(id) ?? null))
      }
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return dates
}

async function* sheetRows(context: ReadContext, zip: Archive, book: Workbook, member: string): AsyncIterable<SheetRow> {
  const done: SheetRow[] = []
  let cells: string[] = []
  let row = 0
  let column = 0
  let type: CellType = 'n'
  let isDate = false
  let text = ''
  let inValue = false
  const events: Events = {
    open: (tag, attributes) => {
      const name = local(tag.name)
      if (name === 'row') {
        row = Number(attributes['r'] ?? row + 1)
        cells = []
        column = 0
      } else if (name === 'c') {
        column = attributes['r'] === undefined ? column : columnOf(attributes['r'])
        type = (attributes['t'] ?? 'n') as CellType
        isDate = book.dates[Number(attributes['s'] ?? 0)] ?? false
        text = ''
      } else if (name === 'v' || name === 't') inValue = true
    },
    text: (part) => {
      if (inValue) text += part
    },
    close: (name) => {
      if (name === 'v' || name === 't') inValue = false
      else if (name === 'c') {
        while (cells.length < column) cells.push('')
        cells[column] = cellText(text, type, { isDate, epoch1904: book.epoch1904, texts: book.texts })
        column++
      } else if (name === 'row' && cells.some((cell) => cell.trim() !== '')) {
        while (cells.at(-1)?.trim() === '') cells.pop()
        done.push({ cells, row })
      }
    },
  }
  for await (const _ of parseMember(context, zip, member, events)) yield* done.splice(0)
}

function columnOf(reference: string): number {
  let column = 0
  for (const letter of /^[A-Z]{1,3}/.exec(reference)?.[0] ?? 'A') column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}

async function openSheet(
  context: ReadContext,
  zip: Archive,
  book: Workbook,
  sheet: string,
  member: string,
): Promise<TableFile | null> {
  const rows = sheetRows(context, zip, book, member)[Symbol.asyncIterator]()
  const peeked: SheetRow[] = []
  for (let next = await rows.next(); !next.done; next = await rows.next()) {
    peeked.push(next.value)
    if (peeked.length >= PEEKED_ROWS) break
  }
  if (peeked.length === 0) return null
  const at = headerRow(peeked, usualWidth(peeked), { decode: (cell) => cell, headers: context.headers })
  const header = peeked[at]?.cells ?? []
  const width = Math.max(...peeked.slice(at).map(({ cells }) => cells.length))
  const notes: Note[] = at > 0 ? [{ kind: 'preamble', lines: at }] : []
  return tableOfRows(context, {
    sheet,
    columns: Array.from({ length: width }, (_, index) => (header[index] ?? '').trim()),
    rows: withoutTotals(dataRows(peeked.slice(at + 1), rows), width, notes),
    encoding: null,
    notes,
  })
}

async function* dataRows(peeked: readonly SheetRow[], rest: AsyncIterator<SheetRow>): AsyncIterable<SheetRow> {
  yield* peeked
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
}

/** Holds the last rows back until it is known whether they are totals. */
async function* withoutTotals(rows: AsyncIterable<SheetRow>, width: number, notes: Note[]): AsyncIterable<SourceRow> {
  const held: SheetRow[] = []
  let usual = 0
  for await (const row of rows) {
    held.push(row)
    if (held.length <= HELD_ROWS) continue
    const [first] = held.splice(0, 1)
    if (first !== undefined) {
      usual = Math.max(usual, filledCells(first))
      yield sourceRow(first, width)
    }
  }
  usual = Math.max(usual, ...held.slice(0, 1).map(filledCells))
  for (let last = held.at(-1); last !== undefined && usual > 1 && isTotals(last.cells, usual); last = held.at(-1)) {
    held.pop()
    notes.push({ kind: 'totals', text: last.cells.filter((cell) => cell !== '').join(' ') })
  }
  for (const row of held) yield sourceRow(row, width)
}

function filledCells(row: SheetRow): number {
  return row.cells.filter((cell) => cell.trim() !== '').length
}

function sourceRow({ cells, row }: SheetRow, width: number): SourceRow {
  if (cells.length <= width) return { cells, line: row }
  return { cells, line: row, bad: { kind: 'many', fields: cells.length, expected: width } }
}
