/** Inputs of black box cases that are too large, or too strange, to be stored. By the name of the case. */
import { createWriteStream, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'

const HEADER = 'sku,title,price,stock\n'

/** A zip file with one member, written by hand: a library would refuse the names that some cases need. */
function zip(name: string, content: Buffer): Buffer {
  const data = deflateRawSync(content)
  const crc = crc32(content)
  const names = Buffer.from(name)
  const sizes = Buffer.alloc(12)
  sizes.writeUInt32LE(crc, 0)
  sizes.writeUInt32LE(data.length, 4)
  sizes.writeUInt32LE(content.length, 8)
  const lengths = Buffer.alloc(4)
  lengths.writeUInt16LE(names.length, 0)
  const common = Buffer.concat([Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, 0x21, 0x5a]), sizes, lengths])
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), common, names, data])
  const central = Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), common, Buffer.alloc(14), names])
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 0, 'latin1')
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(local.length, 16)
  return Buffer.concat([local, central, end])
}

function crc32(bytes: Buffer): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ -1) >>> 0
}

export const madeFiles: Readonly<Record<string, (dir: string) => void>> = {
  'bad-cell-of-10-mb': (dir) =>
    writeFileSync(join(dir, 'bad.csv'), `${HEADER}A1,"${'x\n'.repeat(5_000_000)}",10.00,5\nA2,Canvas shoe,25.00,0\n`),
  'bad-million-commas': (dir) =>
    writeFileSync(join(dir, 'bad.csv'), `${HEADER}A1,Linen shirt,10.00,5\n${','.repeat(1_000_000)}\nA2,Shoe,25.00,0\n`),
  'bad-folder': (dir) => mkdirSync(join(dir, 'bad.csv')),
  // Above the size from which on the ratio counts.
  'bad-zip-bomb': (dir) =>
    writeFileSync(join(dir, 'bad.zip'), zip('bad.csv', Buffer.alloc(12_000_000, 'A1,a,1.00,1\n'))),
  'bad-zip-path': (dir) =>
    writeFileSync(join(dir, 'bad.zip'), zip('../../bad.csv', Buffer.from(`${HEADER}A1,a,1.00,1\n`))),
  'bad-symlink-loop': (dir) => {
    symlinkSync('bad.csv', join(dir, 'back.csv'))
    symlinkSync('back.csv', join(dir, 'bad.csv'))
  },
  'bad-dangling-symlink': (dir) => symlinkSync('nowhere.csv', join(dir, 'bad.csv')),
  'bad-file-given-twice': (dir) => symlinkSync('good.csv', join(dir, 'link.csv')),
}

/** Writes a file of articles, a chunk at a time. */
export async function writeArticles(path: string, count: number, cents: (article: number) => number): Promise<void> {
  const stream = createWriteStream(path)
  stream.write(HEADER)
  for (let from = 0; from < count; from += 10_000) {
    const rows = Array.from({ length: Math.min(10_000, count - from) }, (_, index) => {
      const article = from + index
      return `A${article},Article number ${article},${(cents(article) / 100).toFixed(2)},${article % 7}\n`
    })
    stream.write(rows.join(''))
  }
  await new Promise((resolve, reject) => {
    stream.on('error', reject)
    stream.end(() => resolve(null))
  })
}
