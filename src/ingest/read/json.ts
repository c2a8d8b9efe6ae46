/** JSON and NDJSON: an array of objects, wherever in the file it stands, becomes a table. */
import { readFile } from 'node:fs/promises'
import { fail } from '../../diagnostics/diagnostic.ts'
import type { TableFile } from '../../model/table-file.ts'
import type { ReadContext } from './disk.ts'
import { byteOrderMark, decoder, guessUtf16, namedEncoding } from './encoding.ts'
import { JsonError, JsonText, type Member } from './json-text.ts'
import type { Note } from './notes.ts'
import { type SourceRow, tableOfRows } from './rows.ts'

/** The text is held whole in memory, where a string cannot be longer. */
const MAX_BYTES = 400_000_000
/** An object with this many plain members is a record with lists of its own, not an envelope around one. */
const RECORD_SCALARS = 7
const KEY_COLUMN = '@key'

interface Place {
  readonly at: number
  readonly shape: 'array' | 'object' | 'map' | 'lines'
  readonly notes: readonly Note[]
}

export async function openJson(context: ReadContext): Promise<TableFile> {
  const { text, encoding } = await readText(context)
  const guard = <T>(work: () => T): T => {
    try {
      return work()
    } catch (cause) {
      if (!(cause instanceof JsonError)) throw cause
      const { line, column } = position(text, cause.at)
      throw fail(
        'source/syntax',
        { format: 'JSON', reason: cause.message },
        { file: context.shown, line, column },
        cause,
      )
    }
  }
  if (text.trim() === '') throw fail('source/empty', {}, { file: context.shown })
  const place = guard(() => locate(text))
  const columns = new Set<string>()
  guard(() => {
    for (const row of records(text, place)) for (const name of row.cells.keys()) columns.add(name)
  })
  const names = [...columns]
  return tableOfRows(context, {
    sheet: null,
    columns: names.map((name) => name.trim()),
    rows: rowsOf(text, place, names),
    encoding,
    notes: place.notes,
  })
}

async function readText(context: ReadContext): Promise<{ readonly text: string; readonly encoding: string }> {
  const bytes = await readFile(context.path)
  if (bytes.length > MAX_BYTES) {
    const what = `the JSON text is ${Math.round(bytes.length / 1e6)} MB`
    throw fail('source/too-large', { what, limit: '400 MB' }, { file: context.shown })
  }
  const mark = byteOrderMark(bytes)
  const stated = context.encoding === null ? null : namedEncoding(context.encoding, context.shown)
  const encoding = mark?.encoding ?? stated ?? guessUtf16(bytes) ?? 'utf-8'
  const body = bytes.subarray(mark?.length ?? 0)
  return { text: encoding === 'utf-8' ? body.toString('utf8') : decoder(encoding)(body), encoding }
}

function position(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at)
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
}

/** Where the records stand. */
function locate(text: string): Place {
  const json = new JsonText(text)
  const first = json.peek()
  if (first === '[') return { at: json.at, shape: 'array', notes: [] }
  if (first !== '{') throw json.unexpected("'[' or '{'")
  const start = json.at
  const line = /[^\r\n]*/y
  line.lastIndex = start
  const [firstLine = ''] = line.exec(text) ?? []
  const after = text.slice(start + firstLine.length, start + firstLine.length + 100).trimStart()
  if (after.startsWith('{') && isWhole(firstLine)) return { at: start, shape: 'lines', notes: [] }
  const members = json.members()
  if (json.peek() !== '') {
    if (json.peek() === '{') return { at: start, shape: 'lines', notes: [] }
    throw json.unexpected('the end')
  }
  const found = within(text, start, members, '')
  if (found !== null) return found
  const empty = members.find(({ kind, at }) => kind === '[' && /^\[\s*\]/.test(text.slice(at, at + 100)))
  const scalars = members.filter(({ kind }) => kind === 'scalar').length
  if (empty !== undefined && scalars < RECORD_SCALARS) return { at: empty.at, shape: 'array', notes: [] }
  return { at: start, shape: 'object', notes: [] }
}

function isWhole(line: string): boolean {
  try {
    const json = new JsonText(line)
    json.skip()
    return json.peek() === ''
  } catch {
    return false
  }
}

function membersAt(text: string, at: number): Member[] {
  const json = new JsonText(text)
  json.at = at
  return json.members()
}

/** The first array of objects in an object, else that of an object in it; objects alike under keys of their own go first. */
function within(text: string, at: number, members: readonly Member[], path: string, depth = 0): Place | null {
  const arrays = members.filter(({ kind, objects }) => kind === '[' && objects)
  const [array] = arrays
  const scalars = members.filter(({ kind }) => kind === 'scalar').length
  if (array !== undefined && scalars >= RECORD_SCALARS) return { at, shape: 'object', notes: [] }
  if (array !== undefined) {
    const others = arrays.slice(1).map(({ key }) => path + key)
    return { at: array.at, shape: 'array', notes: [{ kind: 'part', part: path + array.key, others }] }
  }
  const objects = members.filter(({ kind }) => kind === '{')
  const [only] = objects
  if (members.length > 1 && objects.length === members.length && areAlike(text, objects))
    return { at, shape: 'map', notes: [] }
  if (depth > 4) return null
  for (const { key, at: inner } of objects) {
    const found = within(text, inner, membersAt(text, inner), `${path}${key}.`, depth + 1)
    if (found !== null && found.shape === 'array') return found
  }
  if (only === undefined || members.length > 1) return null
  const notes: Note[] = [{ kind: 'part', part: path + only.key, others: [] }]
  const inner = within(text, only.at, membersAt(text, only.at), `${path}${only.key}.`, depth + 1)
  return inner ?? { at: only.at, shape: 'object', notes }
}

function areAlike(text: string, objects: readonly Member[]): boolean {
  const [first, ...rest] = objects.map(({ at }) => membersAt(text, at).map(({ key }) => key))
  return first?.some((key) => rest.every((keys) => keys.includes(key))) ?? false
}

interface JsonRecord {
  readonly cells: Map<string, string | null>
  readonly at: number
  readonly bad: SourceRow['bad']
  readonly raw: string
}

function* records(text: string, place: Place): Iterable<JsonRecord> {
  const json = new JsonText(text)
  json.at = place.at
  if (place.shape === 'lines') yield* lineRecords(text)
  else if (place.shape === 'object') yield recordAt(json, null)
  else yield* containerRecords(json, place.shape === 'array' ? '[' : '{')
  if (place.shape === 'array' && place.at === text.search(/\S/) && json.peek() !== '') throw json.unexpected('the end')
}

function* containerRecords(json: JsonText, open: '[' | '{'): Iterable<JsonRecord> {
  const close = open === '[' ? ']' : '}'
  json.expect(open)
  if (json.peek() === close) {
    json.at++
    return
  }
  for (;;) {
    let key: string | null = null
    if (open === '{') {
      json.space()
      key = json.string()
      json.expect(':')
    }
    yield recordAt(json, key)
    const mark = json.peek()
    if (mark !== ',' && mark !== close) throw json.unexpected(`',' or '${close}'`)
    json.at++
    if (mark === close || json.closesAfterComma(close)) return
  }
}

function recordAt(json: JsonText, key: string | null): JsonRecord {
  const cells = new Map<string, string | null>()
  const object = json.peek() === '{'
  const at = json.at
  if (key !== null) cells.set(KEY_COLUMN, key)
  if (object) json.flatten(cells)
  else json.skip()
  return {
    cells,
    at,
    bad: object ? undefined : { kind: 'no-object' },
    raw: json.text.slice(at, Math.min(json.at, at + 400)),
  }
}

function* lineRecords(text: string): Iterable<JsonRecord> {
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const line = text.slice(start, end).trim()
    if (line !== '') yield lineRecord(line, start)
    start = end + 1
  }
}

function lineRecord(line: string, start: number): JsonRecord {
  try {
    const json = new JsonText(line)
    const record = recordAt(json, null)
    if (json.peek() !== '') throw json.unexpected('the end')
    return { ...record, at: start }
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause
    const bad = { kind: 'syntax', text: cause.message } as const
    return { cells: new Map(), at: start, bad, raw: line.slice(0, 400) }
  }
}

function* rowsOf(text: string, place: Place, names: readonly string[]): Iterable<SourceRow> {
  let line = 1
  let counted = 0
  for (const { cells, at, bad, raw } of records(text, place)) {
    for (let next = text.indexOf('\n', counted); next >= 0 && next < at; next = text.indexOf('\n', counted)) {
      line++
      counted = next + 1
    }
    const row = { cells: names.map((name) => cells.get(name) ?? null), line, raw }
    yield bad === undefined ? row : { ...row, bad }
  }
}
