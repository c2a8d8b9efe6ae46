/** Ranges that are given as a list: which articles a channel is meant to carry. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import { foldHeader } from '../base/text.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { type Engine, literal } from '../engine/engine.ts'
import type { Config } from '../model/config.ts'

/** Channel position to the SKUs and GTINs of its range. */
export type Assortments = ReadonlyMap<number, ReadonlySet<string>>

const KEY_HEADERS = new Set(['sku', 'gtin', 'ean', 'item', 'code', 'codigo', 'referencia', 'articulo'])
const BATCH = 1000

/**
 * Reads the lists and puts them into the table `assortment (ch, key)`: a column of SKUs or GTINs, the first one unless
 * another has such a header.
 *
 * @throws DiagnosticError `config/assortment-unreadable`.
 */
export async function readAssortments(engine: Engine, config: Config): Promise<Assortments> {
  const lists = new Map<number, ReadonlySet<string>>()
  for (const [index, { assortment }] of config.channels.entries()) {
    if (assortment?.kind === 'list') lists.set(index, await readList(assortment.file, config.dir))
  }
  await engine.run('CREATE TABLE assortment (ch INTEGER, key VARCHAR)')
  for (const [index, keys] of lists) {
    const rows = [...keys].map((key) => `(${index}, ${literal(key)})`)
    for (let start = 0; start < rows.length; start += BATCH)
      await engine.run(`INSERT INTO assortment VALUES ${rows.slice(start, start + BATCH).join(', ')}`)
  }
  return lists
}

async function readList(file: string, dir: string): Promise<ReadonlySet<string>> {
  const unreadable = (reason: string, cause?: unknown) =>
    fail('config/assortment-unreadable', { reason }, { file }, cause)
  const text = await readFile(resolve(dir, file), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(cause.code ?? cause.message, cause)
  })
  let records: readonly (readonly string[])[]
  try {
    const delimiter = [',', ';', '\t'].find((mark) => text.split('\n', 1)[0]?.includes(mark)) ?? ','
    records = parse(text, { bom: true, delimiter, trim: true, skip_empty_lines: true, relax_column_count: true })
  } catch (cause) {
    throw unreadable(cause instanceof Error ? cause.message : String(cause), cause)
  }
  const [header = [], ...rest] = records
  const column = header.findIndex((name) => KEY_HEADERS.has(foldHeader(name)))
  const rows = column < 0 ? records : rest
  const keys = new Set(
    rows.map((row) => row[Math.max(0, column)] ?? '').filter((key) => key !== '' && !key.includes('\0')),
  )
  if (keys.size === 0) throw unreadable('EMPTY')
  return keys
}
