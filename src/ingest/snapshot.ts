/** Keeps what was read: the canonical tables as Parquet, with where they came from. A snapshot never changes. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '../diagnostics/diagnostic.ts'
import { type Engine, ident, literal } from '../engine/engine.ts'
import { fieldType } from '../model/field.ts'
import type { Store } from './tables.ts'

/** Raised when a reader of version n would misread the folder. */
const FORMAT = 'omniparity-snapshot/1'

/**
 * Writes the snapshot below `state`, whole or not at all; one that is already there stays as it is.
 *
 * @throws DiagnosticError `usage/output-failed` when the folder cannot be written.
 */
export async function writeSnapshot(engine: Engine, store: Store, state: string, id: string): Promise<void> {
  const folder = join(state, 'snapshots', id)
  if ((await stat(folder).catch(() => null)) !== null) return
  const partial = `${folder}.partial-${process.pid}`
  try {
    await mkdir(join(state, 'snapshots'), { recursive: true, mode: 0o700 })
    await mkdir(partial, { mode: 0o700 })
    await copy(
      engine,
      `SELECT ${listingColumns(store).map(ident).join(', ')} FROM listing_all`,
      join(partial, 'listing.parquet'),
    )
    if (store.hasStockRows) await copy(engine, 'SELECT * FROM stock', join(partial, 'stock.parquet'))
    if (store.hasPromotions) await copy(engine, 'SELECT * FROM promotion', join(partial, 'promotion.parquet'))
    await writeFile(join(partial, 'snapshot.json'), `${JSON.stringify(manifest(store, id), null, 2)}\n`, {
      mode: 0o600,
    })
    await rename(partial, folder)
  } catch (cause) {
    await rm(partial, { recursive: true, force: true })
    // A run beside this one may have finished the same snapshot first.
    if ((await stat(folder).catch(() => null)) !== null) return
    throw fail(
      'usage/output-failed',
      { output: folder, reason: cause instanceof Error ? cause.message : String(cause) },
      null,
      cause,
    )
  }
}

/** The columns that any source fills: a hundred empty ones would take longer than all the others. */
function listingColumns(store: Store): readonly string[] {
  const fields = [...store.fields.keys()]
  const keys = ['gtin14', 'gtin_state', 'pool_available', 'src:price', 'ord:price', 'src:stock', 'ord:stock']
  const typed = fields.filter((name) => !['text', 'key', 'gtin', 'currency', 'list'].includes(fieldType(name)))
  return ['ch', 'src', 'ord', ...keys, ...fields, ...typed.map((name) => `raw:${name}`)]
}

// The lowest level: the others take twice the time for a tenth of the size.
function copy(engine: Engine, select: string, path: string): Promise<void> {
  return engine.run(`COPY (${select}) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)`)
}

function manifest(store: Store, id: string): unknown {
  return {
    format: FORMAT,
    id,
    channels: store.channels.map((channel, index) => ({
      id: channel.id,
      sources: store.sources
        .filter((source) => source.channel === index)
        .map(({ index: source, platform, kind, file, dataAsOf }) => ({
          source,
          platform,
          kind,
          path: file.path,
          sha256: file.sha256,
          records: file.records,
          quarantined: file.quarantined.length,
          data_as_of: dataAsOf,
        })),
    })),
  }
}
