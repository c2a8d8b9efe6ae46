/** XML feeds: the record element that repeats becomes a table. Streams twice: once to find it, once to read it. */
import { createReadStream } from 'node:fs'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import { fail } from '../../diagnostics/diagnostic.ts'
import type { TableFile } from '../../model/table-file.ts'
import { openBytes, type ReadContext } from './disk.ts'
import { byteOrderMark, decoder, guessUtf16, namedEncoding } from './encoding.ts'
import { type SourceRow, tableOfRows } from './rows.ts'
import { MAX_CELL_BYTES } from './scan.ts'

const MAX_DEPTH = 100
const MAX_PATHS = 20_000
/** Elements that name their feed's records, whatever else repeats. */
const KNOWN = [/(^|\/)channel\/item$/, /^rdf:RDF\/item$/i, /^feed\/entry$/]

export async function openXml(context: ReadContext): Promise<TableFile> {
  const { encoding, skip } = encodingOf(context)
  const record = await recordPath(context, encoding, skip)
  const columns = new Set<string>()
  for await (const { cells } of elements(context, encoding, skip, record))
    for (const name of cells.keys()) columns.add(name)
  const names = [...columns]
  return tableOfRows(context, {
    sheet: null,
    columns: names,
    rows: rowsOf(context, encoding, skip, record, names),
    encoding,
    notes: [{ kind: 'part', part: record, others: [] }],
  })
}

function encodingOf(context: ReadContext): { readonly encoding: string; readonly skip: number } {
  const file = openBytes(context.path, context.shown)
  const head = file.read(0, 4096)
  file.close()
  const mark = byteOrderMark(head)
  const declared = /^<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/.exec(head.toString('latin1').trimStart())?.[1]
  const name = context.encoding ?? declared ?? 'utf-8'
  return { encoding: mark?.encoding ?? guessUtf16(head) ?? namedEncoding(name, context.shown), skip: mark?.length ?? 0 }
}

/** Feeds the parser with the file and yields after each chunk, so that what it found can be taken. */
async function* parse(context: ReadContext, parser: SaxesParser, encoding: string, skip: number): AsyncIterable<void> {
  const decode = decoder(encoding)
  parser.on('error', (error) => {
    const place = /^(?:.*?:)?(\d+):(\d+): (.*)$/s.exec(error.message)
    const where = place ? { line: Number(place[1]), column: Number(place[2]) } : {}
    const reason = (place?.[3] ?? error.message).replace(/\.$/, '')
    throw fail('source/syntax', { format: 'XML', reason }, { file: context.shown, ...where }, error)
  })
  for await (const chunk of createReadStream(context.path, { start: skip, highWaterMark: 1 << 20 })) {
    parser.write(decode(chunk))
    yield
  }
  parser.close()
  yield
}

interface PathCount {
  count: number
  leaves: number
  readonly depth: number
}

async function recordPath(context: ReadContext, encoding: string, skip: number): Promise<string> {
  const paths = new Map<string, PathCount>()
  const stack: { readonly path: string; children: number }[] = []
  const parser = new SaxesParser()
  parser.on('opentag', (tag) => {
    const parent = stack.at(-1)
    const path = parent === undefined ? tag.name : `${parent.path}/${tag.name}`
    const entry = paths.get(path) ?? { count: 0, leaves: 0, depth: stack.length }
    if (paths.size > MAX_PATHS || stack.length > MAX_DEPTH) {
      throw fail(
        'source/too-large',
        { what: 'the XML nests too deep or has too many kinds of elements', limit: `${MAX_DEPTH}` },
        { file: context.shown },
      )
    }
    paths.set(path, entry)
    entry.count++
    entry.leaves += Object.keys(attributesOf(tag)).length
    if (parent !== undefined) {
      parent.children++
      const above = paths.get(parent.path)
      if (above !== undefined) above.leaves++
    }
    stack.push({ path, children: 0 })
  })
  parser.on('closetag', () => stack.pop())
  for await (const _ of parse(context, parser, encoding, skip));
  return bestPath(paths)
}

function bestPath(paths: ReadonlyMap<string, PathCount>): string {
  const all = [...paths]
  for (const pattern of KNOWN) {
    const known = all.find(([path]) => pattern.test(path))
    if (known !== undefined) return known[0]
  }
  const below = all.filter(([, { depth, leaves }]) => depth > 0 && leaves > 0)
  const repeated = below.filter(([, { count }]) => count > 1)
  const content = new Map<string, number>()
  for (const [path, { leaves }] of all) {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const outer = path.slice(0, end)
      content.set(outer, (content.get(outer) ?? 0) + leaves)
    }
  }
  const held = ([path]: readonly [string, PathCount]) => content.get(path) ?? 0
  const candidates = repeated.length > 0 ? repeated : below
  const most = Math.max(0, ...candidates.map(held))
  // Lines of an order outnumber the orders: the outermost element that carries most of the content is the record.
  const [best] = candidates
    .filter((one) => held(one) >= most * 0.5)
    .sort((one, other) => one[1].depth - other[1].depth || held(other) - held(one))
  return best?.[0] ?? all[0]?.[0] ?? ''
}

function attributesOf(tag: { readonly attributes: unknown }): Readonly<Record<string, string>> {
  // Without the `xmlns` option attributes are plain texts.
  return tag.attributes as Readonly<Record<string, string>>
}

interface Element {
  readonly cells: Map<string, string>
  readonly line: number
}

function columnName(name: string): string {
  return name.startsWith('g:') ? name.slice(2) : name
}

async function* elements(context: ReadContext, encoding: string, skip: number, record: string): AsyncIterable<Element> {
  const parser = new SaxesParser()
  const collector = new Collector(record, () => parser.line)
  parser.on('opentag', (tag) => collector.open(tag))
  parser.on('text', (text) => collector.text(text))
  parser.on('cdata', (text) => collector.text(text))
  parser.on('closetag', () => collector.close())
  for await (const _ of parse(context, parser, encoding, skip)) yield* collector.take()
}

/** Puts the cells of record elements together from the parser's events. */
class Collector {
  readonly #record: string
  readonly #line: () => number
  readonly #path: string[] = []
  #done: Element[] = []
  #current: Element | null = null
  #depth = 0
  /** Text of the child and of the grandchild that are open, and whether the child has children. */
  #texts: string[] = []
  #nested = false
  #attributed = false

  constructor(record: string, line: () => number) {
    this.#record = record
    this.#line = line
  }

  take(): Element[] {
    const done = this.#done
    this.#done = []
    return done
  }

  open(tag: SaxesTagPlain): void {
    this.#path.push(tag.name)
    if (this.#current === null) {
      if (this.#path.length !== this.#record.split('/').length || this.#path.join('/') !== this.#record) return
      this.#current = { cells: new Map(), line: this.#line() }
      this.#depth = this.#path.length
      this.#texts = ['']
      for (const [name, value] of Object.entries(attributesOf(tag))) this.#add(`@${name}`, value)
      return
    }
    const level = this.#path.length - this.#depth
    if (level <= 2) {
      this.#texts[level] = ''
      this.#nested = level === 2
      this.#attributed = Object.keys(attributesOf(tag)).length > 0
      const prefix = this.#name()
      for (const [name, value] of Object.entries(attributesOf(tag))) {
        if (!name.startsWith('xmlns')) this.#add(`${prefix}@${name}`, value)
      }
    }
  }

  text(text: string): void {
    if (this.#current === null) return
    const level = Math.min(2, this.#path.length - this.#depth)
    const before = this.#texts[level] ?? ''
    if (before.length <= MAX_CELL_BYTES) this.#texts[level] = before + text
  }

  close(): void {
    if (this.#current !== null) this.#closeInRecord(this.#current)
    this.#path.pop()
  }

  #closeInRecord(current: Element): void {
    const level = this.#path.length - this.#depth
    const text = (this.#texts[level] ?? '').trim()
    if (level === 0) {
      if (text !== '') this.#add('#text', text)
      this.#done.push(current)
      this.#current = null
    } else if (level === 2) {
      if (text !== '' || !this.#attributed) this.#add(this.#name(), text)
    } else if (level === 1) {
      if (text !== '' || !(this.#nested || this.#attributed)) this.#add(this.#name(), text)
      this.#nested = false
      this.#attributed = false
    } else this.#texts[2] = `${this.#texts[2] ?? ''} `
  }

  #name(): string {
    return this.#path
      .slice(this.#depth, this.#depth + 2)
      .map(columnName)
      .join('.')
  }

  #add(name: string, value: string): void {
    const cells = this.#current?.cells
    if (cells === undefined) return
    const before = cells.get(name) ?? ''
    cells.set(name, before === '' ? value : value === '' ? before : `${before}, ${value}`)
  }
}

async function* rowsOf(
  context: ReadContext,
  encoding: string,
  skip: number,
  record: string,
  names: readonly string[],
): AsyncIterable<SourceRow> {
  for await (const { cells, line } of elements(context, encoding, skip, record)) {
    yield { cells: names.map((name) => cells.get(name) ?? null), line }
  }
}
