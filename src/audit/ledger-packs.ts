/**
 * Copies beside the ledger's entries, so that what an audit costs does not grow with the ledger's age. What a kind of file says in
 * all entries stands in one pack; and of prices only what an earlier price can still depend on. A pack is a copy: it may go, and
 * an audit writes it anew.
 */
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Engine } from '../engine/engine.ts'
import { copy, filesSql, PACKED, packForm, packOf } from './ledger-files.ts'
import { type LedgerFolder, type LedgerPack, packName } from './ledger-folder.ts'
import { horizonOf, PRICES, paidSource, pricesForm, prunedSql } from './ledger-paid.ts'

/** Entries from which on a pack is worth writing: opening a file costs more than reading it. */
const EVERY = 32
/** Readers do not hold the lock: the pack that they began with stays for another round. */
const GENERATIONS = 2

/** Writes packs where enough entries came since. The caller holds the lock. */
export async function packLedger(engine: Engine, folder: LedgerFolder, every = EVERY): Promise<void> {
  const entries = await folder.entries()
  const last = entries.at(-1)?.seq ?? 0
  const isDue = (pack: LedgerPack | null): boolean =>
    entries.filter(({ seq }) => seq > (pack?.last ?? 0)).length >= every
  for (const kind of PACKED) {
    if (!isDue(packOf(kind, entries, packForm(kind)))) continue
    const name = packName(kind, last, entries.length, packForm(kind))
    await write(engine, folder, `SELECT * FROM (${filesSql(kind, entries)}) ORDER BY seq`, name)
  }
  const form = await pricesForm(engine)
  const before = packOf(PRICES, entries, form)
  const from = await paidSource(engine, entries, entries, form)
  if (!isDue(from.pack === null ? null : before)) return
  const name = packName(PRICES, last, entries.length, form)
  await write(engine, folder, prunedSql(from.sql, horizonOf(entries)), name)
}

async function write(engine: Engine, folder: LedgerFolder, select: string, name: string): Promise<void> {
  const partial = join(folder.path, `${name}.partial-${process.pid}`)
  await copy(engine, select, partial)
  await rename(partial, join(folder.path, name))
  const [kind = ''] = /^pack-[a-z]+-/.exec(name) ?? []
  const own = (await readdir(folder.path)).filter((other) => other.startsWith(kind)).sort()
  const whole = own.filter((other) => other.endsWith('.parquet'))
  for (const other of own) {
    const isKept = whole.slice(-GENERATIONS).includes(other)
    if (!isKept) await rm(join(folder.path, other), { force: true })
  }
}
