/** Writes a zip of parts that are compressed already (PKWARE APPNOTE 6.3.10), as the parts of a workbook are. */

/** A part that is whole: its bytes as raw deflate data. */
export interface ZipPart {
  readonly name: string
  readonly chunks: readonly Uint8Array[]
  readonly crc: number
  readonly compressed: number
  readonly size: number
}

const VERSION = 20
const DEFLATE = 8
/** Names are UTF-8. */
const FLAGS = 0x0800

/** @param moment - Written to every part, in UTC; earlier than 1980 is 1980. */
export function* zipOf(parts: readonly ZipPart[], moment: Date): Generator<Uint8Array> {
  const [time, date] = dosTime(moment)
  const central: Buffer[] = []
  let offset = 0
  for (const part of parts) {
    const name = Buffer.from(part.name, 'utf8')
    const facts = factsOf(part, time, date, name.length)
    const local = Buffer.concat([bytes(4, 0x04034b50), facts, bytes(2, 0), name])
    yield local
    yield* part.chunks
    const rest = [bytes(2, 0), bytes(2, 0), bytes(2, 0), bytes(2, 0), bytes(4, 0), bytes(4, offset), name]
    central.push(Buffer.concat([bytes(4, 0x02014b50), bytes(2, VERSION), facts, ...rest]))
    offset += local.length + part.compressed
  }
  const directory = Buffer.concat(central)
  yield directory
  const counts = [bytes(2, 0), bytes(2, 0), bytes(2, parts.length), bytes(2, parts.length)]
  yield Buffer.concat([bytes(4, 0x06054b50), ...counts, bytes(4, directory.length), bytes(4, offset), bytes(2, 0)])
}

/** What the header of a part and its entry in the directory have in common. */
function factsOf({ crc, compressed, size }: ZipPart, time: number, date: number, name: number): Buffer {
  const small = [VERSION, FLAGS, DEFLATE, time, date].map((value) => bytes(2, value))
  return Buffer.concat([...small, bytes(4, crc), bytes(4, compressed), bytes(4, size), bytes(2, name)])
}

function bytes(length: 2 | 4, value: number): Buffer {
  const buffer = Buffer.alloc(length)
  buffer.writeUIntLE(value, 0, length)
  return buffer
}

function dosTime(moment: Date): readonly [number, number] {
  const year = Math.min(Math.max(moment.getUTCFullYear(), 1980), 2107)
  const time = (moment.getUTCHours() << 11) | (moment.getUTCMinutes() << 5) | (moment.getUTCSeconds() >> 1)
  return [time, ((year - 1980) << 9) | ((moment.getUTCMonth() + 1) << 5) | moment.getUTCDate()]
}
