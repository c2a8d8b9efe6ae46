/** `.gz` and `.zip` to files on disk, within limits that hold whatever the archive claims. */
import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { DiagnosticError, fail } from '../../diagnostics/diagnostic.ts'
import { temporaryPath } from './disk.ts'

const MAX_RATIO = 200
/** Small files of blanks compress well; beyond this the ratio counts. */
const FREE_BYTES = 10_000_000
const MAX_BYTES = 8_000_000_000
const MAX_MEMBERS = 1000

export interface Unpacked {
  readonly name: string
  readonly path: string
}

/** @throws DiagnosticError `source/archive-refused`, `source/cut-short` */
export async function gunzip(path: string, shown: string, size: number, tempDir: string): Promise<string> {
  const target = await temporaryPath(tempDir, 'unpacked')
  await write(createReadStream(path), { target, size, shown, limit: MAX_BYTES, gzip: true })
  return target
}

interface WriteOptions {
  readonly target: string
  /** Bytes it has compressed. */
  readonly size: number
  readonly shown: string
  readonly limit: number
  readonly gzip: boolean
}

async function write(input: Readable, options: WriteOptions): Promise<number> {
  let total = 0
  const { target, size, shown, limit } = options
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length
      const bomb = total > FREE_BYTES && total > size * MAX_RATIO
      if (bomb) done(fail('source/archive-refused', { why: `it expands more than ${MAX_RATIO}-fold` }, { file: shown }))
      else if (total > limit)
        done(fail('source/archive-refused', { why: `it holds more than ${limit / 1e9} GB` }, { file: shown }))
      else done(null, chunk)
    },
  })
  const output = createWriteStream(target, { flags: 'wx', mode: 0o600 })
  try {
    if (options.gzip) await pipeline(input, createGunzip(), guard, output)
    else await pipeline(input, guard, output)
  } catch (cause) {
    await rm(target, { force: true })
    throw refused(cause, shown)
  }
  return total
}

/** As zlib and yauzl say it. */
const CUT_SHORT = /unexpected end of file|end of central directory record signature not found|unexpected EOF|truncated/i

function refused(cause: unknown, shown: string): DiagnosticError {
  if (cause instanceof DiagnosticError) return cause
  const why = cause instanceof Error ? cause.message : String(cause)
  if (CUT_SHORT.test(why)) return fail('source/cut-short', {}, { file: shown }, cause)
  return fail('source/archive-refused', { why }, { file: shown }, cause)
}

export interface Archive {
  readonly names: readonly string[]
  /** Writes a member to a file of its own. */
  unpack(name: string, tempDir: string): Promise<Unpacked>
  /** Reads a member whole. */
  readAll(name: string): Promise<Buffer>
  stream(name: string): Promise<Readable>
  close(): void
}

/**
 * Opens a zip file.
 *
 * @throws DiagnosticError `source/archive-refused` for paths that leave the archive, encrypted members, too many members.
 */
export async function openZip(path: string, shown: string): Promise<Archive> {
  const entries = new Map<string, Entry>()
  let zip: ZipFile
  try {
    zip = await openPromise(path, { autoClose: false, strictFileNames: true })
    for await (const entry of zip.eachEntry()) {
      if (entries.size >= MAX_MEMBERS) throw new Error(`it has more than ${MAX_MEMBERS} members`)
      if (entry.isEncrypted()) throw new Error(`'${entry.fileName}' is encrypted`)
      if (!entry.fileName.endsWith('/')) entries.set(entry.fileName, entry)
    }
  } catch (cause) {
    throw refused(cause, shown)
  }
  let left = MAX_BYTES
  const stream = async (name: string): Promise<Readable> => {
    const entry = entries.get(name)
    if (entry === undefined) throw fail('source/archive-refused', { why: `'${name}' is not in it` }, { file: shown })
    try {
      return await zip.openReadStreamPromise(entry)
    } catch (cause) {
      throw refused(cause, shown)
    }
  }
  return {
    names: [...entries.keys()].sort(),
    stream,
    async unpack(name, tempDir) {
      const target = await temporaryPath(tempDir, 'unpacked')
      const size = entries.get(name)?.compressedSize ?? 0
      const options = { target, size, shown: `${shown}!${name}`, limit: left, gzip: false }
      left -= await write(await stream(name), options)
      return { name, path: target }
    },
    async readAll(name) {
      const chunks: Buffer[] = []
      let total = 0
      for await (const chunk of await stream(name)) {
        total += chunk.length
        if (total > 200_000_000)
          throw fail('source/too-large', { what: `'${name}' is over 200 MB`, limit: '200 MB' }, { file: shown })
        chunks.push(chunk)
      }
      return Buffer.concat(chunks)
    },
    close: () => zip.close(),
  }
}
