/** A table on its way to a file, and the proof that the file says the same. */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { parse } from 'csv-parse'
import type { Encoder } from './encode.ts'

export interface TableForm {
  readonly encoder: Encoder
  readonly delimiter: string
  readonly lineEnd: '\n' | '\r\n'
  readonly preamble: readonly string[]
}

const CHUNK = 1 << 20

/** Text to a file in an encoding, in large pieces. */
export class TextSink {
  readonly #file: FileHandle
  readonly #encoder: Encoder
  #waiting: string[] = []
  #size = 0

  private constructor(file: FileHandle, encoder: Encoder) {
    this.#file = file
    this.#encoder = encoder
  }

  static async create(path: string, encoder: Encoder): Promise<TextSink> {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(encoder.mark)
    return new TextSink(file, encoder)
  }

  async write(text: string): Promise<void> {
    this.#waiting.push(text)
    this.#size += text.length
    if (this.#size >= CHUNK) await this.#flush()
  }

  async #flush(): Promise<void> {
    const bytes = this.#encoder.encode(this.#waiting.join(''))
    if (bytes === null) throw new Error('a text that the encoding cannot hold was to be written')
    this.#waiting = []
    this.#size = 0
    await this.#file.writeFile(bytes)
  }

  /** Waits until the file is on the disk. */
  async close(): Promise<void> {
    try {
      await this.#flush()
      await this.#file.sync()
    } finally {
      await this.#file.close()
    }
  }

  async abandon(): Promise<void> {
    await this.#file.close()
  }
}

function quoted(cell: string | null, delimiter: string): string {
  if (cell === null || cell === '') return ''
  const plain = !cell.includes(delimiter) && !/["\r\n]|^\s|\s$/.test(cell)
  return plain ? cell : `"${cell.replaceAll('"', '""')}"`
}

/** Null and the empty text are one cell: neither format has two words for nothing. */
function addCells(hash: Hash, cells: readonly (string | null)[]): void {
  let text = `${cells.length}`
  for (const cell of cells) text += `\u0000${cell?.length ?? 0}\u0000${cell ?? ''}`
  hash.update(text)
}

export class WrittenTable {
  readonly #path: string
  readonly #form: TableForm
  readonly #sink: TextSink
  readonly #hash = createHash('sha256')
  #records = 0

  private constructor(path: string, form: TableForm, sink: TextSink) {
    this.#path = path
    this.#form = form
    this.#sink = sink
  }

  static async create(path: string, form: TableForm, header: readonly string[]): Promise<WrittenTable> {
    const table = new WrittenTable(path, form, await TextSink.create(path, form.encoder))
    for (const line of form.preamble) await table.#sink.write(`${line}${form.lineEnd}`)
    await table.add(header)
    return table
  }

  /** Data records without the header. */
  get records(): number {
    return this.#records - 1
  }

  async add(cells: readonly (string | null)[]): Promise<void> {
    addCells(this.#hash, cells)
    this.#records++
    const { delimiter, lineEnd } = this.#form
    const line = cells.map((cell) => quoted(cell, delimiter)).join(delimiter)
    // A line of nothing is no record to most readers.
    await this.#sink.write(`${line === '' ? '""' : line}${lineEnd}`)
  }

  async abandon(): Promise<void> {
    await this.#sink.abandon()
  }

  /** Closes the file, reads it again with another program's eyes, and compares every cell. */
  async finish(): Promise<void> {
    await this.#sink.close()
    const { encoder, delimiter, preamble, lineEnd } = this.#form
    const parser = parse({
      delimiter,
      record_delimiter: lineEnd,
      relax_column_count: true,
      from_line: preamble.length + 1,
      bom: false,
    })
    const hash = createHash('sha256')
    const decode = encoder.decoder()
    let records = 0
    const feed = (async () => {
      let isFirst = true
      for await (const chunk of createReadStream(this.#path, { highWaterMark: CHUNK })) {
        const bytes = chunk as Buffer
        const text = decode(isFirst ? bytes.subarray(encoder.mark.length) : bytes)
        isFirst = false
        if (!parser.write(text)) await new Promise((resolve) => parser.once('drain', resolve))
      }
      parser.end()
    })()
    for await (const record of parser) {
      addCells(hash, record as string[])
      records++
    }
    await feed
    if (records !== this.#records || hash.digest('hex') !== this.#hash.digest('hex')) {
      throw new Error(`${this.#path} does not read back as it was written`)
    }
  }
}
