/** Text to the bytes of an encoding; what the encoding has no byte for is never replaced. */
import { decoder, type Encoding } from '../ingest/read/encoding.ts'

export interface Encoder {
  readonly mark: Buffer
  /** Null where a character has no byte. */
  encode(text: string): Buffer | null
  /** Whether every character has its bytes. */
  holds(text: string): boolean
  /** A reader of one file. */
  decoder(): (bytes: Uint8Array) => string
}

/** @returns Null for an encoding that nothing is written in. */
export function encoderOf(name: string | null): Encoder | null {
  const encoding = (name ?? 'utf-8').toLowerCase()
  switch (encoding) {
    case 'utf-8':
    case 'ascii':
      return utf8(Buffer.alloc(0))
    case 'utf-8-bom':
      return utf8(Buffer.from([0xef, 0xbb, 0xbf]))
    case 'utf-16le':
      return {
        mark: Buffer.from([0xff, 0xfe]),
        holds: isWhole,
        encode: (text) => (isWhole(text) ? Buffer.from(text, 'utf16le') : null),
        decoder: () => decoder('utf-16le'),
      }
    case 'windows-1252':
    case 'iso-8859-15':
    case 'cp850':
    case 'macintosh':
      return single(encoding)
    default:
      return null
  }
}

function utf8(mark: Buffer): Encoder {
  return {
    mark,
    holds: isWhole,
    encode: (text) => (isWhole(text) ? Buffer.from(text, 'utf8') : null),
    decoder: () => decoder('utf-8'),
  }
}

/** One byte a character: the way back from what each byte is read as. */
function single(encoding: Encoding): Encoder {
  const read = decoder(encoding)
  const bytes = new Map<string, number>()
  for (let byte = 0; byte < 256; byte++) {
    const character = read(Uint8Array.of(byte))
    // A byte without a character is read as this one, which is none of the encoding's.
    if (character !== '\ufffd') bytes.set(character, byte)
  }
  return {
    mark: Buffer.alloc(0),
    holds(text) {
      for (let at = 0; at < text.length; at++) if (!bytes.has(text.charAt(at))) return false
      return true
    },
    decoder: () => decoder(encoding),
    encode(text) {
      const out = Buffer.alloc(text.length)
      for (let at = 0; at < text.length; at++) {
        const byte = bytes.get(text.charAt(at))
        if (byte === undefined) return null
        out[at] = byte
      }
      return out
    },
  }
}

/** No half of a character. */
function isWhole(text: string): boolean {
  return !/\p{Cs}/u.test(text)
}
