/** Writes the part of a file that can be read as a UTF-8 file of its own. */
import { closeSync, openSync, writeSync } from 'node:fs'
import type { OpenFile } from './disk.ts'
import { decoder, type Encoding } from './encoding.ts'

/** Replaces the bytes from `start` to `next` by ASCII text. */
export interface Edit {
  readonly start: number
  readonly next: number
  readonly text: string
}

/**
 * Copies bytes from `start` to `end` with the edits made.
 *
 * @param edits - In ascending order, not overlapping.
 * @param encoding - Of the bytes; anything but UTF-8 is transcoded.
 */
export function writeCopy(
  file: OpenFile,
  target: string,
  part: { readonly start: number; readonly end: number; readonly edits: readonly Edit[]; readonly encoding: Encoding },
): void {
  const fd = openSync(target, 'wx', 0o600)
  const decode = part.encoding === 'utf-8' ? null : decoder(part.encoding)
  const write = (bytes: Uint8Array) => {
    const all = decode === null ? bytes : Buffer.from(decode(bytes))
    for (let at = 0; at < all.length; ) at += writeSync(fd, all, at)
  }
  try {
    let base = part.start
    let index = 0
    // Bytes before this offset are written or taken away.
    let done = part.start
    for (const chunk of file.chunks(part.start)) {
      const limit = Math.min(base + chunk.length, part.end)
      for (let edit = part.edits[index]; edit !== undefined && edit.start < limit; edit = part.edits[index]) {
        if (edit.start > done) write(chunk.subarray(done - base, edit.start - base))
        if (edit.text !== '') write(Buffer.from(edit.text))
        done = Math.max(done, edit.next)
        index++
      }
      if (done < limit) {
        write(chunk.subarray(done - base, limit - base))
        done = limit
      }
      base += chunk.length
      if (base >= part.end) break
    }
    for (const edit of part.edits.slice(index)) write(Buffer.from(edit.text))
  } finally {
    closeSync(fd)
  }
}
