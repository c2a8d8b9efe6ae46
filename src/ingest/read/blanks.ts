/** Finds out which blanks a file can have in its cells: where a space is the only one, cells need fewer looks. */
import { isAscii } from 'node:buffer'
import type { Dialect } from './parse-records.ts'

const TAB = 9
const LF = 10
const CR = 13
/** No-break, narrow and figure space, byte order mark. */
const WIDE = ['\u00a0', '\u202f', '\u2007', '\ufeff'].map((blank) => Buffer.from(blank))
/** Bytes of the longest of them. */
const LONGEST = 3

export class BlankFinder {
  #tab = false
  #wide = false
  #cr = false
  #quote = false
  /** The end of the chunk before: a character may stand in two. */
  #rest: Buffer = Buffer.alloc(0)

  /** Takes the bytes that follow those fed before. They may be overwritten afterwards. */
  feed(chunk: Buffer): void {
    this.#tab ||= chunk.includes(TAB)
    this.#cr ||= chunk.includes(CR)
    this.#quote ||= chunk.includes('"')
    if (this.#wide) return
    const seam = Buffer.concat([this.#rest, chunk.subarray(0, LONGEST)])
    this.#wide = hasWide(seam) || hasWide(chunk)
    const end = chunk.length < LONGEST ? seam : chunk
    this.#rest = Buffer.from(end.subarray(Math.max(0, end.length - LONGEST + 1)))
  }

  /** Whether no cell has another blank than a space. Without quotes, what separates cells and records stands in none of them. */
  onlySpaces({ delimiter, newline }: Dialect, someEndInLf: boolean, multiline: boolean): boolean {
    if (this.#wide || multiline || newline !== LF) return false
    const isTabFree = !this.#tab || (!this.#quote && delimiter === TAB)
    return isTabFree && (!this.#cr || (!this.#quote && !someEndInLf))
  }
}

function hasWide(bytes: Buffer): boolean {
  return !isAscii(bytes) && WIDE.some((blank) => bytes.includes(blank))
}
