/**
 * One pass over the bytes of a delimited file: counts records, remembers the irregular ones and where they stand.
 *
 * Quotes, delimiters and line ends are ASCII, so the same pass reads UTF-8 and every 8-bit encoding.
 */
import type { Dialect } from './parse-records.ts'

/** A record may be longer than this, one cell may not. */
export const MAX_CELL_BYTES = 1_000_000
const MAX_RECORD_BYTES = 64_000_000
const LF = 10
const CR = 13
const SPACE = 32
const TAB = 9
const BLOCK = 65_536

export type OddKind =
  | 'few'
  | 'many'
  | 'trailing'
  | 'nul'
  | 'text-after-quote'
  | 'lone-cr'
  | 'cell'
  | 'unclosed'
  | 'bytes'

export interface OddRecord {
  readonly kind: OddKind
  readonly record: number
  readonly line: number
  /** Offset of the first byte, of the end without its line end, and of the next record. */
  readonly start: number
  readonly end: number
  readonly next: number
  readonly fields: number
}

export interface RecordPlace {
  readonly record: number
  readonly start: number
  readonly end: number
  readonly next: number
}

export interface ScanOptions {
  readonly dialect: Dialect
  readonly fields: number
  /** Where the first data record begins. */
  readonly start: number
  readonly line: number
  /** Whether `fields` counts an empty cell that ends each row and has no header. */
  readonly trailing: boolean
  /** Whether each record is checked to be UTF-8. */
  readonly utf8: boolean
  /** Record numbers in ascending order whose lines are wanted; the scan ends after the last. */
  readonly wanted?: readonly number[]
  readonly read: (start: number, end: number) => Uint8Array
  readonly isUtf8: (bytes: Uint8Array) => boolean
}

const TEXT = 0
const FIELD = 1
const QUOTED = 2
const CLOSED = 3

const NUL_FLAG = 1
const AFTER_FLAG = 2
const CR_FLAG = 4

export class Scanner {
  records = 0
  readonly odd: OddRecord[] = []
  /** Ranges of lines that hold nothing but blanks and that the engine would take for a record. */
  readonly blanks: { readonly start: number; readonly next: number }[] = []
  /** Offsets of the record begun first in each block fed, for samples. */
  readonly checkpoints: number[] = []
  readonly lines = new Map<number, number>()
  maxRecordBytes = 0
  multiline = false
  /** Whether each record begins on the line after the one before. */
  contiguous = true
  crlf = 0
  lf = 0
  /** Numbers of the last four records that hold something, and their three offsets. */
  readonly #last = new Float64Array(16)
  /** Rows of delimiters alone that end the file, and where they begin. */
  emptyTail: { start: number; records: number } | null = null
  /** Lines swallowed by a quote that is never closed. */
  unclosedLines = 0
  line: number
  done = false

  readonly #o: ScanOptions
  readonly #kind = new Uint8Array(256)
  readonly #newline: number
  readonly #delimiter: number
  readonly #quote: number
  #offset: number
  #state = FIELD
  #start: number
  #startLine: number
  #fields = 1
  #flags = 0
  #pendingCr = false
  #wantedAt = 0
  #closedAt = -2
  #nulBlock: Buffer | null = null
  #nulAt = 0
  #chunk: Buffer = Buffer.alloc(0)
  #chunkStart = 0

  constructor(options: ScanOptions) {
    this.#o = options
    this.#newline = options.dialect.newline
    this.#delimiter = options.dialect.delimiter
    this.#quote = options.dialect.quote ?? -1
    this.#offset = options.start
    this.#start = options.start
    this.#startLine = options.line
    this.line = options.line
    for (const byte of [0, CR, this.#newline, this.#delimiter]) this.#kind[byte] = 1
    if (this.#quote >= 0) this.#kind[this.#quote] = 1
  }

  /** The last four records that hold something, in no order. */
  get last(): readonly RecordPlace[] {
    return [0, 4, 8, 12].flatMap((slot) => {
      const [record = 0, start = 0, end = 0, next = 0] = this.#last.subarray(slot, slot + 4)
      return record === 0 ? [] : [{ record, start, end, next }]
    })
  }

  /** Takes the bytes that follow those fed before. */
  feed(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && !this.done; at += BLOCK) {
      const block = chunk.subarray(at, at + BLOCK)
      this.#chunk = chunk
      this.#chunkStart = this.#offset - at
      const checkpoint = this.records
      const quoted = this.#state === QUOTED || this.#state === CLOSED
      const clean = this.#flags === 0 && !this.#pendingCr && !quoted && block.indexOf(0) < 0
      if (clean && (this.#quote < 0 || block.indexOf(this.#quote) < 0)) this.#plain(block)
      else this.#careful(block)
      this.#offset += block.length
      if (this.records > checkpoint) this.checkpoints.push(this.#start)
    }
  }

  /** Says that the file has ended. */
  finish(): void {
    if (this.done) return
    if (this.#state === QUOTED) {
      const ended = this.#chunk.at(-1) === this.#newline
      this.unclosedLines = this.line - this.#startLine + (ended ? 0 : 1)
      this.#count('unclosed', this.#offset, this.#offset)
    } else if (this.#offset > this.#start) {
      this.#endRecord(this.#pendingCr ? this.#offset - 1 : this.#offset, this.#offset)
    }
    if (this.emptyTail) this.records -= this.emptyTail.records
  }

  /** A block without quotes and NULs: hops from line end to line end, and from delimiter to delimiter. */
  #plain(block: Buffer): void {
    const base = this.#offset
    const { length } = block
    const newline = this.#newline
    let cr = newline === LF ? next(block, CR, 0) : length
    let delimiter = next(block, this.#delimiter, 0)
    let at = 0
    while (at < length) {
      const end = next(block, newline, at)
      let fields = this.#fields
      while (delimiter < end) {
        fields++
        delimiter = next(block, this.#delimiter, delimiter + 1)
      }
      this.#fields = fields
      if (end === length) {
        if (cr < length - 1) this.#flags |= CR_FLAG
        this.#pendingCr = newline === LF && block[length - 1] === CR
        const last = block.lastIndexOf(this.#delimiter)
        if (!onlySpaces(block, Math.max(at, last + 1))) this.#state = TEXT
        else if (last >= at) this.#state = FIELD
        return
      }
      let stop = end
      if (cr < end) {
        if (block[end - 1] === CR) stop = end - 1
        if (cr < stop) this.#flags |= CR_FLAG
        cr = next(block, CR, end + 1)
      }
      if (stop < end) this.crlf++
      else this.lf++
      this.line++
      this.#endRecord(base + stop, base + end + 1)
      if (this.done) return
      at = end + 1
    }
  }

  #careful(block: Buffer): void {
    const base = this.#offset
    const kind = this.#kind
    const { length } = block
    let at = 0
    while (at < length) {
      if (this.#state === QUOTED) {
        at = this.#skipQuoted(block, at)
        continue
      }
      const byte = block[at] ?? 0
      if (this.#pendingCr) {
        this.#pendingCr = false
        if (byte === LF) {
          this.crlf++
          this.line++
          this.#endRecord(base + at - 1, base + at + 1)
          if (this.done) return
          at++
          continue
        }
        this.#flags |= CR_FLAG
        this.#state = TEXT
      }
      if (kind[byte] === 0) {
        if (byte !== SPACE) {
          if (this.#state === FIELD) this.#state = TEXT
          else if (this.#state === CLOSED) this.#flags |= AFTER_FLAG
        }
        at++
        if (this.#state === TEXT) while (at < length && kind[block[at] ?? 0] === 0) at++
        continue
      }
      this.#special(byte, base + at)
      if (this.done) return
      at++
    }
  }

  #special(byte: number, at: number): void {
    if (byte === this.#delimiter) {
      this.#fields++
      this.#state = FIELD
    } else if (byte === this.#newline) {
      this.lf++
      this.line++
      this.#endRecord(at, at + 1)
    } else if (byte === CR) this.#pendingCr = true
    else if (byte === this.#quote) this.#onQuote(at)
    else if (byte === 0) this.#flags |= NUL_FLAG
  }

  #onQuote(at: number): void {
    if (this.#state === FIELD) this.#state = QUOTED
    else if (this.#state === CLOSED) {
      if (at === this.#closedAt + 1) this.#state = QUOTED
      else this.#flags |= AFTER_FLAG
    }
  }

  /** From inside a quoted cell to behind the next quote. */
  #skipQuoted(block: Buffer, from: number): number {
    const close = block.indexOf(this.#quote, from)
    const end = close < 0 ? block.length : close
    for (let at = next(block, this.#newline, from); at < end; at = next(block, this.#newline, at + 1)) this.line++
    if (this.#nulBefore(block, from, end)) this.#flags |= NUL_FLAG
    if (close < 0) return block.length
    this.#state = CLOSED
    this.#closedAt = this.#offset + close
    return close + 1
  }

  #nulBefore(block: Buffer, from: number, end: number): boolean {
    if (this.#nulBlock !== block) {
      this.#nulBlock = block
      this.#nulAt = next(block, 0, 0)
    }
    while (this.#nulAt < from) this.#nulAt = next(block, 0, this.#nulAt + 1)
    return this.#nulAt < end
  }

  /** `end` is the offset of the line end, `following` that of the next record. */
  #endRecord(end: number, following: number): void {
    const length = end - this.#start
    if (length <= this.#fields * 3 && this.#isEmpty(end)) {
      this.#endEmpty(length, following)
      return
    }
    this.emptyTail = null
    if (length > this.maxRecordBytes) this.maxRecordBytes = length
    const usual = this.#flags === 0 && this.#fields === this.#o.fields && length <= MAX_CELL_BYTES
    const kind = usual && !this.#o.utf8 && !this.#o.trailing ? null : this.#judge(end, length)
    const slot = (this.records & 3) * 4
    const last = this.#last
    last[slot] = this.records + 1
    last[slot + 1] = this.#start
    last[slot + 2] = end
    last[slot + 3] = following
    this.#count(kind, end, following)
  }

  #count(kind: OddKind | null, end: number, following: number): void {
    this.records++
    if (this.#startLine !== this.#o.line + this.records - 1) this.contiguous = false
    if (kind !== null) {
      const { line, start, fields } = { line: this.#startLine, start: this.#start, fields: this.#fields }
      this.odd.push({ kind, record: this.records, line, start, end, next: following, fields })
    }
    this.#note()
    this.#begin(following)
  }

  #note(): void {
    const { wanted } = this.#o
    if (wanted === undefined) return
    if (wanted[this.#wantedAt] === this.records) {
      this.lines.set(this.records, this.#startLine)
      this.#wantedAt++
    }
    this.done = this.#wantedAt >= wanted.length
  }

  #endEmpty(length: number, following: number): void {
    if (this.#fields === 1) {
      if (length > 0 || this.#o.fields === 1) this.blanks.push({ start: this.#start, next: following })
      this.#begin(following)
      return
    }
    const tail = this.emptyTail ?? { start: this.#start, records: 0 }
    this.emptyTail = { start: tail.start, records: tail.records + 1 }
    this.#count(this.#judgeFields(this.#start + length), this.#start + length, following)
  }

  #begin(at: number): void {
    if (this.line - this.#startLine > 1) this.multiline = true
    this.#start = at
    this.#startLine = this.line
    this.#fields = 1
    this.#flags = 0
    this.#state = FIELD
  }

  #isEmpty(end: number): boolean {
    for (const byte of this.#bytes(this.#start, end)) {
      if (byte !== this.#delimiter && byte !== SPACE && byte !== TAB && byte !== this.#quote) return false
    }
    return true
  }

  #judge(end: number, length: number): OddKind | null {
    if (this.#flags & NUL_FLAG) return 'nul'
    if (this.#flags & AFTER_FLAG) return 'text-after-quote'
    if (this.#flags & CR_FLAG) return 'lone-cr'
    if (length > MAX_RECORD_BYTES) return 'cell'
    if (length > MAX_CELL_BYTES && this.#widest(end) > MAX_CELL_BYTES) return 'cell'
    if (this.#o.utf8 && !this.#o.isUtf8(this.#bytes(this.#start, end))) return 'bytes'
    return this.#judgeFields(end)
  }

  #judgeFields(end: number): OddKind | null {
    const { fields, trailing } = this.#o
    if (this.#fields < fields) return 'few'
    const endsEmpty = () => this.#bytes(end - 1, end)[0] === this.#delimiter
    if (this.#fields === fields) return trailing && !endsEmpty() ? 'many' : null
    return this.#fields === fields + 1 && endsEmpty() ? 'trailing' : 'many'
  }

  #bytes(start: number, end: number): Uint8Array {
    const from = start - this.#chunkStart
    const inChunk = from >= 0 && end - this.#chunkStart <= this.#chunk.length
    return inChunk ? this.#chunk.subarray(from, end - this.#chunkStart) : this.#o.read(start, end)
  }

  #widest(end: number): number {
    let widest = 0
    let cell = 0
    let quoted = false
    for (const byte of this.#bytes(this.#start, end)) {
      if (byte === this.#quote) quoted = !quoted
      if (byte === this.#delimiter && !quoted) cell = 0
      else if (++cell > widest) widest = cell
    }
    return widest
  }
}

function next(block: Buffer, byte: number, from: number): number {
  const at = block.indexOf(byte, from)
  return at < 0 ? block.length : at
}

function onlySpaces(block: Buffer, from: number): boolean {
  for (let at = from; at < block.length; at++) if (block[at] !== SPACE) return false
  return true
}
