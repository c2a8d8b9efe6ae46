/** A file on disk as readers see it: fixed identity, bytes by offset. */

import { randomUUID } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../../diagnostics/diagnostic.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Locale } from '../../model/config.ts'

/** What every reader gets: where the bytes are, what they are called, how to read. */
export interface ReadContext {
  /** Where the bytes are: the file itself or its unpacked copy. */
  readonly path: string
  readonly shown: string
  /** Hash where it is not that of `path`: a compressed file is known by its own bytes. */
  readonly sha256: string | null
  readonly bytes: number
  readonly modifiedAt: string
  readonly encoding: string | null
  readonly delimiter: string | null
  /** The sheet that is meant of a workbook; null for all of them. */
  readonly sheet: string | null
  readonly tempDir: string
  readonly engine: Engine
  readonly maxBadShare: number
  readonly headers: (candidate: readonly string[]) => number
  readonly locale: Locale
  /** Temporary files that go when the tables are closed. */
  readonly temporary: readonly string[]
}

export interface OpenFile {
  readonly size: number
  read(start: number, end: number): Buffer
  /** Chunks in order from `start`; each is valid until the next one is asked for. */
  chunks(start: number): Iterable<Buffer>
  /** @throws DiagnosticError `source/changed` when size or time differ from those at opening. */
  assertUnchanged(): void
  close(): void
}

const CHUNK = 4 << 20

export function openBytes(path: string, shown: string): OpenFile {
  const fd = openSync(path, 'r')
  const before = fstatSync(fd)
  const read = (start: number, end: number): Buffer => {
    const buffer = Buffer.allocUnsafe(Math.max(0, end - start))
    let filled = 0
    while (filled < buffer.length) {
      const count = readSync(fd, buffer, filled, buffer.length - filled, start + filled)
      if (count === 0) break
      filled += count
    }
    return buffer.subarray(0, filled)
  }
  return {
    size: before.size,
    read,
    *chunks(start) {
      const buffer = Buffer.allocUnsafe(CHUNK)
      for (let at = start; ; ) {
        const count = readSync(fd, buffer, 0, CHUNK, at)
        if (count === 0) return
        at += count
        yield buffer.subarray(0, count)
      }
    },
    assertUnchanged() {
      const after = fstatSync(fd)
      if (after.size === before.size && after.mtimeMs === before.mtimeMs) return
      throw fail('source/changed', { before: before.size, after: after.size }, { file: shown })
    },
    close: () => closeSync(fd),
  }
}

/** A path for a file that does not exist yet. */
export async function temporaryPath(tempDir: string, extension: string): Promise<string> {
  const folder = join(tempDir, 'read')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return join(folder, `${randomUUID()}.${extension}`)
}

export async function removeFiles(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true })
}

/** Runs `work`; when it fails, removes the files made for it. */
export async function orRemove<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    await removeFiles(paths)
    throw cause
  }
}
