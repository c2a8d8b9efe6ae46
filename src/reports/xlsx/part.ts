import { promisify } from 'node:util'
import { constants, crc32, deflateRaw } from 'node:zlib'
import type { ZipPart } from './zip.ts'

const compress = promisify(deflateRaw)
/** Characters that are compressed at once. */
const CHUNK = 400_000
const LEVEL = 3
/** Ends a stream of deflate blocks: a last one that is empty. */
const END = Buffer.from([0x03, 0x00])

/** A part of a zip while it is written: only its compressed bytes are kept. */
export class PartWriter {
  readonly #name: string
  readonly #chunks: Uint8Array[] = []
  #text = ''
  #crc = 0
  #size = 0
  #last: Promise<void> = Promise.resolve()

  constructor(name: string) {
    this.#name = name
  }

  /** Resolves when more may be written. */
  async write(text: string): Promise<void> {
    this.#text += text
    if (this.#text.length >= CHUNK) await this.#flush()
  }

  async end(): Promise<ZipPart> {
    await this.#flush()
    await this.#last
    this.#chunks.push(END)
    const compressed = this.#chunks.reduce((sum, { length }) => sum + length, 0)
    return { name: this.#name, chunks: this.#chunks, crc: this.#crc, compressed, size: this.#size }
  }

  /** One piece is compressed while the next one is written. */
  async #flush(): Promise<void> {
    await this.#last
    if (this.#text === '') return
    const bytes = Buffer.from(this.#text, 'utf8')
    this.#text = ''
    this.#crc = crc32(bytes, this.#crc)
    this.#size += bytes.length
    // Blocks that end at a byte can stand behind each other.
    this.#last = compress(bytes, { level: LEVEL, finishFlush: constants.Z_SYNC_FLUSH }).then((chunk) => {
      this.#chunks.push(chunk)
    })
    this.#last.catch(() => undefined)
  }
}

/** A part that is written in one go. */
export async function wholePart(name: string, text: string): Promise<ZipPart> {
  const part = new PartWriter(name)
  await part.write(text)
  return part.end()
}
