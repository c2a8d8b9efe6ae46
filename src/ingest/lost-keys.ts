/**
 * Keys that records which could not be read may have held. What a channel seems to lack, and one of them names, is unknown:
 * it is not missing.
 */
import type { Engine } from '../engine/engine.ts'
import { ANY_KEY } from './read/lost.ts'
import type { Arm, LostKeys, Source, Store } from './tables.ts'

interface Loaded {
  readonly source: Source
  readonly arms: readonly Arm[]
}

/** @param template - How the channel makes its SKUs of those of the others; null where it uses the same. */
export function lostKeysOf(loaded: readonly Loaded[], template: string | null): LostKeys {
  const of = (listed: keyof LostKeys): ReadonlySet<string> => {
    const files = loaded.filter(({ arms }) => arms.some(({ entity }) => entity === listed))
    return new Set(files.flatMap(({ source }) => [...source.file.lost].flatMap((key) => forms(key, template))))
  }
  return { listing: of('listing'), stock: of('stock'), promotion: of('promotion') }
}

function forms(key: string, template: string | null): readonly string[] {
  if (key === ANY_KEY) return [key]
  const own = key.toUpperCase()
  const [before = '', after = ''] = (template ?? '').toUpperCase().split('{SKU}')
  const isMade = template !== null && own.length > before.length + after.length
  const base =
    isMade && own.startsWith(before) && own.endsWith(after) ? [own.slice(before.length, own.length - after.length)] : []
  return [own, ...base, ...(GTIN.test(own) ? [own.padStart(14, '0')] : [])]
}

const GTIN = /^\d{8,13}$/

/** Whether one of the keys may have stood in a record that could not be read. */
export function mayBeLost(lost: ReadonlySet<string> | undefined, keys: readonly (string | null)[]): boolean {
  if (lost === undefined || lost.size === 0) return false
  return lost.has(ANY_KEY) || keys.some((key) => key !== null && forms(key, null).some((form) => lost.has(form)))
}

/** Channels with a file that is cut off: of what it lists only a part is known. */
export function cutOff({ channels, lost }: Pick<Store, 'channels' | 'lost'>): readonly string[] {
  const isCut = (index: number): boolean => Object.values(lost.get(index) ?? {}).some((keys) => mayBeLost(keys, []))
  return channels.filter((_, index) => isCut(index)).map(({ id }) => id)
}

const BATCH = 20_000

/** Makes a table `(ch, key)` of keys by channel. There may be as many as a file has cells. */
export async function createKeyTable(
  engine: Engine,
  table: string,
  keys: Iterable<readonly [channel: number, keys: ReadonlySet<string>]>,
): Promise<void> {
  await engine.run(`CREATE TABLE ${table} (ch INTEGER, key VARCHAR)`)
  await engine.append(table, inBatches(keys))
}

async function* inBatches(
  keys: Iterable<readonly [number, ReadonlySet<string>]>,
): AsyncGenerator<readonly (readonly [number, string])[]> {
  let batch: (readonly [number, string])[] = []
  for (const [channel, own] of keys) {
    for (const key of own) {
      batch.push([channel, key])
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

/** Fills `lost_key (ch, key)` with what listings may have been lost by. */
export async function createLostKeys(engine: Engine, lost: ReadonlyMap<number, LostKeys>): Promise<void> {
  await createKeyTable(
    engine,
    'lost_key',
    [...lost].map(([channel, { listing }]) => [channel, listing] as const),
  )
}

/** SQL: whether a listing with these keys may be among the lost ones of a channel. Arguments are SQL of texts and of a number. */
export function lostListing(channel: string, sku: string, gtin: string): string {
  const keys = `(SELECT key FROM lost_key WHERE lost_key.ch = ${channel})`
  return `(coalesce(upper(${sku}) IN ${keys}, FALSE) OR coalesce(lpad(${gtin}, 14, '0') IN ${keys}, FALSE) OR '${ANY_KEY}' IN ${keys})`
}
