/**
 * The journal of a run: `<state>/runs/<run>/journal.ndjson`. A line counts once it is on the disk; what is torn at the end by
 * a death or a full disk was not yet relied on, and is cut off by who goes on.
 */
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { now } from '../base/clock.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { decodeLine, encodeLine, type JournalLine, NO_SUM } from './journal-lines.ts'

const NEWLINE = 0x0a

export interface ReadLine {
  readonly line: JournalLine
  /** Instant at which it was written. */
  readonly at: string
  readonly sum: string
  /** Bytes up to and with this line. */
  readonly end: number
}

/**
 * The lines of a journal, oldest first; a torn last one is none.
 *
 * @throws DiagnosticError `apply/journal-damaged` for a line that is wrong and not the last one.
 */
export async function* readJournal(path: string): AsyncGenerator<ReadLine> {
  let sum = NO_SUM
  let end = 0
  let number = 0
  let isBroken = false
  for await (const raw of rawLines(path)) {
    if (isBroken) throw fail('apply/journal-damaged', { file: path, line: number })
    number++
    const decoded = decodeLine(raw.toString('utf8'), sum)
    if (decoded === null) {
      isBroken = true
      continue
    }
    sum = decoded.sum
    end += raw.length + 1
    yield { line: decoded.line, at: decoded.at, sum, end }
  }
}

/** Lines that end with a line feed, without it. */
async function* rawLines(path: string): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  for await (const chunk of createReadStream(path, { highWaterMark: 1_000_000 })) {
    let rest = chunk as Buffer
    for (let at = rest.indexOf(NEWLINE); at >= 0; at = rest.indexOf(NEWLINE)) {
      yield Buffer.concat([...parts, rest.subarray(0, at)])
      parts = []
      rest = rest.subarray(at + 1)
    }
    if (rest.length > 0) parts.push(rest)
  }
}

/** Where a journal goes on: behind its last whole line. */
export interface JournalEnd {
  readonly sum: string
  readonly bytes: number
}

export class Journal {
  #path: string
  readonly #file: FileHandle
  #sum: string
  #bytes: number
  #isBroken = false

  private constructor(path: string, file: FileHandle, end: JournalEnd) {
    this.#path = path
    this.#file = file
    this.#sum = end.sum
    this.#bytes = end.bytes
  }

  static async create(path: string): Promise<Journal> {
    try {
      return new Journal(path, await open(path, 'wx', 0o600), { sum: NO_SUM, bytes: 0 })
    } catch (cause) {
      throw unwritable(path, cause)
    }
  }

  /** Goes on behind the last whole line. */
  static async resume(path: string, end: JournalEnd): Promise<Journal> {
    try {
      const file = await open(path, 'r+')
      await file.truncate(end.bytes)
      return new Journal(path, file, end)
    } catch (cause) {
      throw unwritable(path, cause)
    }
  }

  get path(): string {
    return this.#path
  }

  /** Its folder has another name now. */
  renamed(path: string): void {
    this.#path = path
  }

  /**
   * Adds lines and returns when they are on the disk.
   *
   * @throws DiagnosticError `apply/unwritable`, from then on always: what comes after a torn line could not be read.
   */
  async append(...lines: readonly JournalLine[]): Promise<void> {
    if (lines.length === 0) return
    if (this.#isBroken) throw fail('apply/unwritable', { file: this.#path, reason: 'EIO' })
    let sum = this.#sum
    const at = now().toISOString()
    const texts = lines.map((line) => {
      const encoded = encodeLine(line, at, sum)
      sum = encoded.sum
      return encoded.text
    })
    try {
      const bytes = Buffer.from(texts.join(''))
      for (let written = 0; written < bytes.length; ) {
        const { bytesWritten } = await this.#file.write(bytes, written, bytes.length - written, this.#bytes + written)
        written += bytesWritten
      }
      await this.#file.datasync()
      this.#bytes += bytes.length
      this.#sum = sum
    } catch (cause) {
      this.#isBroken = true
      throw unwritable(this.#path, cause)
    }
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

function unwritable(file: string, cause: unknown): Error {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  return fail('apply/unwritable', { file, reason }, null, cause)
}
