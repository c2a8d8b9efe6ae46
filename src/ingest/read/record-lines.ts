/** On which physical lines records begin. */
import { isUtf8 } from 'node:buffer'
import { type OpenFile, openBytes, type ReadContext } from './disk.ts'
import { Scanner, type ScanOptions } from './scan.ts'
import type { Sniffed } from './sniff.ts'

export function scanOptions(file: OpenFile, sniffed: Sniffed): Omit<ScanOptions, 'utf8'> {
  return {
    dialect: sniffed.dialect,
    fields: sniffed.header.length + (sniffed.trailing ? 1 : 0),
    start: sniffed.dataStart,
    line: sniffed.dataLine,
    trailing: sniffed.trailing,
    read: file.read,
    isUtf8,
  }
}

export async function linesOf(
  records: readonly number[],
  sniffed: Sniffed,
  scanner: Scanner,
  context: ReadContext,
): Promise<ReadonlyMap<number, number>> {
  if (scanner.contiguous) return new Map(records.map((record) => [record, sniffed.dataLine + record - 1]))
  const wanted = [...new Set(records)].sort((one, other) => one - other)
  if (wanted.length === 0) return new Map()
  const file = openBytes(context.path, context.shown)
  try {
    const again = new Scanner({ ...scanOptions(file, sniffed), utf8: false, wanted })
    for (const chunk of file.chunks(sniffed.dataStart)) {
      again.feed(chunk)
      if (again.done) break
    }
    again.finish()
    return again.lines
  } finally {
    file.close()
  }
}
