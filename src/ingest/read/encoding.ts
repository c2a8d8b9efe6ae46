/** Which encoding a file has, and how its bytes become UTF-8. */
import { isUtf8 } from 'node:buffer'
import { fail } from '../../diagnostics/diagnostic.ts'

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'iso-8859-15' | 'cp850' | (string & {})

const ALIASES: Readonly<Record<string, Encoding>> = {
  utf8: 'utf-8',
  utf16: 'utf-16le',
  ucs2: 'utf-16le',
  latin1: 'windows-1252',
  iso88591: 'windows-1252',
  cp1252: 'windows-1252',
  ansi: 'windows-1252',
  latin9: 'iso-8859-15',
  cp850: 'cp850',
  ibm850: 'cp850',
  dos850: 'cp850',
}

// Code page 850, bytes 0x80 to 0xFF: old Spanish tills write it, and the Encoding Standard does not know it.
const CP850 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0'

/** Bytes of the mark, and the encoding it states. */
export function byteOrderMark(head: Uint8Array): { readonly encoding: Encoding; readonly length: number } | null {
  const [a, b, c] = head
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', length: 2 }
  if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', length: 2 }
  return null
}

/** UTF-16 without a mark: text whose every other byte is mostly NUL. */
export function guessUtf16(head: Uint8Array): Encoding | null {
  const pairs = Math.min(head.length >> 1, 2000)
  if (pairs < 4) return null
  let even = 0
  let odd = 0
  for (let at = 0; at < pairs * 2; at += 2) {
    if (head[at] === 0) even++
    if (head[at + 1] === 0) odd++
  }
  if (odd > pairs * 0.6 && even < pairs * 0.05) return 'utf-16le'
  return even > pairs * 0.6 && odd < pairs * 0.05 ? 'utf-16be' : null
}

/** The name an encoding is known by here. */
export function namedEncoding(name: string, shown: string): Encoding {
  const folded = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  const known = ALIASES[folded]
  if (known !== undefined) return known
  try {
    return new TextDecoder(name).encoding
  } catch (cause) {
    throw fail('source/unknown-encoding', { encoding: name }, { file: shown }, cause)
  }
}

const ESTIMATED_BYTES = 8192

/** How bytes that are not UTF-8 spread: sequences that are valid UTF-8 beside bytes that are not. */
export class Utf8Tally {
  sequences = 0
  invalid = 0
  /** Bytes from 0x80 by value. */
  readonly high = new Uint32Array(128)
  #rest: Buffer = Buffer.alloc(0)

  get valid(): boolean {
    return this.invalid === 0
  }

  feed(chunk: Buffer): void {
    let bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk
    const cut = unfinished(bytes)
    this.#rest = Buffer.from(bytes.subarray(bytes.length - cut))
    bytes = bytes.subarray(0, bytes.length - cut)
    if (!isUtf8(bytes)) this.#count(bytes)
    else this.#estimate(bytes)
  }

  /** The sequences of valid chunks count too, they tell damage in UTF-8 from another encoding: a part stands for all. */
  #estimate(bytes: Buffer): void {
    const part = bytes.subarray(0, ESTIMATED_BYTES)
    let leads = 0
    for (const byte of part) if (byte >= 0xc2) leads++
    this.sequences += Math.round((leads * bytes.length) / Math.max(1, part.length))
  }

  finish(): void {
    this.#count(this.#rest)
    this.#rest = Buffer.alloc(0)
  }

  #count(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0
      if (byte < 0x80) {
        at++
        continue
      }
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      this.high[byte - 0x80] = (this.high[byte - 0x80] ?? 0) + 1
      if (
        continues(bytes[at + 1]) &&
        byte >= 0xc2 &&
        at + length <= bytes.length &&
        isUtf8(bytes.subarray(at, at + length))
      ) {
        this.sequences++
        at += length
      } else {
        this.invalid++
        at++
      }
    }
  }
}

function continues(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x80 && byte < 0xc0
}

/** Bytes at the end that begin a sequence which goes on in the next chunk. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
    if (byte < 0x80) return 0
  }
  return 0
}

/** The 8-bit encoding that turns the most bytes into letters and signs that shops write; windows-1252 when equal. */
export function guessSingleByte(tally: Utf8Tally): Encoding {
  const usual = new Set('áéíóúñüÁÉÍÓÚÑÜçÇàèìòùâêîôûäöãõßºª¡¿€’‘“”–·°®™´«»\u00a0…•½²³')
  let best: Encoding = 'windows-1252'
  let most = -1
  for (const encoding of ['windows-1252', 'iso-8859-15', 'cp850', 'macintosh']) {
    const decode = decoder(encoding)
    let score = 0
    for (const [index, count] of tally.high.entries()) {
      if (count > 0 && usual.has(decode(Buffer.from([index + 0x80])))) score += count
    }
    if (score > most * (most < 0 ? 1 : 1.05)) {
      best = encoding
      most = score
    }
  }
  return best
}

/** Of cells in bytes as Latin-1 says them, by what the head of their file looks like. */
export function headDecoder(head: Buffer): (cell: string) => string {
  const tally = new Utf8Tally()
  tally.feed(head)
  const decode = tally.valid || tally.sequences > tally.invalid ? null : decoder(guessSingleByte(tally))
  return (cell) => {
    const bytes = Buffer.from(cell, 'latin1')
    return decode === null ? bytes.toString('utf8') : decode(bytes)
  }
}

/**
 * Stateful: a character split over two chunks comes out whole.
 *
 * @returns Text of the bytes. In UTF-16 half a character becomes NUL, by which its record is quarantined.
 */
export function decoder(encoding: Encoding): (bytes: Uint8Array) => string {
  if (encoding === 'cp850') return (bytes) => decodeCp850(bytes)
  const text = new TextDecoder(encoding, { ignoreBOM: true })
  if (encoding !== 'utf-16le' && encoding !== 'utf-16be') return (bytes) => text.decode(bytes, { stream: true })
  return utf16Decoder(encoding === 'utf-16be')
}

function utf16Decoder(swap: boolean): (bytes: Uint8Array) => string {
  let rest: Buffer = Buffer.alloc(0)
  return (bytes) => {
    const all = Buffer.concat([rest, bytes])
    let even = all.length & ~1
    const whole = all.subarray(0, even)
    if (swap) whole.swap16()
    const last = even >= 2 ? whole.readUInt16LE(even - 2) : 0
    if (last >= 0xd800 && last <= 0xdbff) even -= 2
    const kept = Buffer.from(all.subarray(even))
    if (swap && kept.length >= 2) kept.subarray(0, 2).swap16()
    rest = kept
    const text = whole.toString('utf16le', 0, even)
    return text.replaceAll(/\p{Surrogate}/gu, '\0')
  }
}

function decodeCp850(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : (CP850[byte - 0x80] ?? '')
  return text
}
