/** Reads every source of every channel into the canonical tables of a store. */
import { stat } from 'node:fs/promises'
import pLimit, { type LimitFunction } from 'p-limit'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import { type Engine, ident } from '../engine/engine.ts'
import type { Progress } from '../model/audit-run.ts'
import type { ChannelConfig, Config } from '../model/config.ts'
import { FIELDS, type FieldName, isFieldName } from '../model/field.ts'
import type { QuarantinedRecord } from '../model/report.ts'
import type { TableFile } from '../model/table-file.ts'
import { loadPlatform, platformIds } from '../platforms/registry.ts'
import { assembleChannel, rid } from './assemble.ts'
import { loadInputs } from './inputs.ts'
import { lostKeysOf } from './lost-keys.ts'
import { createMacros } from './macros.ts'
import { openQueries } from './queries.ts'
import { expandPaths } from './read/glob.ts'
import { openFile } from './read/open.ts'
import { headerScore, type NamedPlatform } from './recognise.ts'
import { knownSheets } from './sheets.ts'
import { type LoadedSource, loadSource } from './source.ts'
import type { Arm, BrokenReference, Damage, LostKeys, Source, Store, UnknownWord, UnreadCells } from './tables.ts'

/** Share of a file's records that may be unreadable before the file counts as unreadable. */
export const MAX_BAD_SHARE = 0.2

export interface PullOptions {
  readonly engine: Engine
  readonly config: Config
  readonly tempDir: string
  /** ISO 8601, UTC. */
  readonly asOf: string
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** Bytes of the files, for whoever waits. */
interface Sizes {
  done: number
  total: number
}

interface Opened {
  readonly channel: ChannelConfig
  readonly channelIndex: number
  readonly entry: number
  readonly file: TableFile
}

/**
 * Fills the store.
 *
 * A channel whose source cannot be read is left out and named in `failed`; the others are still there.
 */
export async function pull(options: PullOptions): Promise<Store> {
  const { engine, config } = options
  await createMacros(engine)
  const platforms = await Promise.all(
    (await platformIds()).map(async (id) => ({ id, platform: await loadPlatform(id) })),
  )
  const failed = new Map<string, Diagnostic>()
  const channels: Channel[] = []
  // One file is opened while the engine loads another: hashing and scanning are this thread's, loading is the engine's.
  const limit = pLimit(1)
  const sizes: Sizes = { done: 0, total: 0 }
  const openings = config.channels.map((channel, index) =>
    openSources(channel, index, platforms, limit, sizes, options),
  )
  for (const opening of openings) opening.catch(() => undefined)
  for (const [index, channel] of config.channels.entries()) {
    options.signal.throwIfAborted()
    try {
      const opened = (await openings[index]) ?? []
      channels.push(
        await pullChannel(
          channel,
          index,
          opened,
          channels.flatMap(({ sources }) => sources),
          platforms,
          sizes,
          options,
        ),
      )
    } catch (error) {
      if (!(error instanceof DiagnosticError) || error.diagnostic.status !== 3) throw error
      failed.set(channel.id, error.diagnostic)
    }
  }
  return assembleStore(channels, failed, platforms, options)
}

interface Channel {
  readonly index: number
  readonly sources: readonly Source[]
  readonly listings: readonly Arm[]
  readonly promotions: readonly Arm[]
  readonly locations: readonly Arm[]
  readonly stock: string | null
  readonly price: string | null
  readonly words: readonly UnknownWord[]
  readonly unread: readonly UnreadCells[]
  readonly damage: readonly Damage[]
  readonly broken: readonly BrokenReference[]
  readonly lost: LostKeys
}

async function pullChannel(
  channel: ChannelConfig,
  index: number,
  opened: readonly Opened[],
  earlier: readonly Source[],
  platforms: readonly NamedPlatform[],
  sizes: Sizes,
  options: PullOptions,
): Promise<Channel> {
  const loaded: LoadedSource[] = []
  for (const [offset, one] of opened.entries()) {
    const sourceConfig = channel.sources[one.entry]
    if (sourceConfig === undefined) continue
    options.signal.throwIfAborted()
    loaded.push(
      await loadSource(one.file, {
        engine: options.engine,
        index: earlier.length + offset,
        earlier: [...earlier, ...loaded.map(({ source }) => source)],
        channelIndex: index,
        entry: one.entry,
        channel,
        config: sourceConfig,
        platforms,
        locale: options.config.locale,
      }),
    )
    sizes.done += one.file.bytes
    options.progress({
      stage: 'read',
      source: one.file.path,
      done: one.file.records,
      total: one.file.records,
      bytes: { done: Math.min(sizes.done, sizes.total), total: sizes.total },
    })
  }
  const records = loaded.reduce((sum, { source }) => sum + source.file.records, 0)
  const [only] = opened
  if (records === 0 && only !== undefined)
    throw fail('ingest/no-records', { channel: channel.id }, { file: only.file.path })
  const arms = loaded.flatMap((one) => one.arms)
  const { locations } = options.config
  const lost = lostKeysOf(loaded, options.config.identity.skuTemplate[channel.id] ?? null)
  const assembled = await assembleChannel(options.engine, channel, index, arms, locations, lost)
  const promotions = arms.filter((arm) => arm.entity === 'promotion')
  if (assembled.listings.length === 0 && promotions.length === 0)
    throw fail('ingest/no-listings', { channel: channel.id }, { channel: channel.id })
  return {
    index,
    sources: loaded.map((one) => one.source),
    listings: assembled.listings,
    promotions,
    locations: arms.filter((arm) => arm.entity === 'location'),
    stock: assembled.stock,
    price: assembled.price,
    words: loaded.flatMap((one) => one.unknownWords),
    unread: loaded.flatMap((one) => one.unread),
    damage: loaded.flatMap((one) => one.damage),
    broken: assembled.broken,
    lost,
  }
}

async function openSources(
  channel: ChannelConfig,
  channelIndex: number,
  platforms: readonly NamedPlatform[],
  limit: LimitFunction,
  sizes: Sizes,
  options: PullOptions,
): Promise<readonly Opened[]> {
  const jobs = channel.sources.flatMap((source, entry) => [{ source, entry }])
  const opened = await Promise.all(
    jobs.map(async ({ source, entry }) => {
      const known = source.platform === 'auto' ? platforms : platforms.filter(({ id }) => id === source.platform)
      const own = headerScore(known)
      const mappedHeaders = new Set(Object.values(source.map).map((column) => column.column))
      const score = (cells: readonly string[]): number =>
        mappedHeaders.size === 0
          ? own(cells)
          : Math.max(own(cells), cells.filter((cell) => mappedHeaders.has(cell)).length / Math.max(1, cells.length))
      if (source.sql !== undefined) {
        const files = await openQueries(source.sql, channel, entry, options)
        return files.map((file) => ({ channel, channelIndex, entry, file }))
      }
      const paths = await expandPaths(source.paths, options.config.dir)
      for (const { absolute } of paths) sizes.total += (await stat(absolute).catch(() => null))?.size ?? 0
      const files = await Promise.all(
        paths.map(({ absolute, shown, sheet }) =>
          limit(async () => {
            const tables = await openFile({
              path: absolute,
              shown,
              sheet,
              encoding: source.encoding,
              tempDir: options.tempDir,
              engine: options.engine,
              maxBadShare: MAX_BAD_SHARE,
              headers: score,
              locale: options.config.locale,
            })
            return knownSheets(tables, { config: source, platforms }, options.config.locale)
          }),
        ),
      )
      return files.flat().map((file) => ({ channel, channelIndex, entry, file }))
    }),
  )
  return opened.flat()
}

/** Where nothing is declared, a channel is what the platform of its first file is used for. */
function withKinds(
  channels: readonly ChannelConfig[],
  sources: readonly Source[],
  platforms: readonly NamedPlatform[],
): readonly ChannelConfig[] {
  return channels.map((channel, index) => {
    const first = sources.find((source) => source.channel === index)
    const kind = platforms.find(({ id }) => id === first?.platform)?.platform.channelKind
    return kind === undefined ? channel : { ...channel, kind }
  })
}

async function assembleStore(
  channels: readonly Channel[],
  failed: ReadonlyMap<string, Diagnostic>,
  platforms: readonly NamedPlatform[],
  options: PullOptions,
): Promise<Store> {
  const { engine, config } = options
  const fields = new Map<FieldName, string>()
  const listings = channels.flatMap((channel) => channel.listings)
  for (const arm of listings) {
    for (const [name, type] of arm.columns) if (isFieldName(name)) fields.set(name, type)
  }
  await engine.run(
    `CREATE VIEW listing_all AS ${listings.length === 0 ? emptyListing() : listings.map((arm) => listingArm(arm, listings)).join(' UNION ALL ')}`,
  )
  await unionView(
    engine,
    'stock',
    channels.flatMap((channel) => (channel.stock === null ? [] : [channel.stock])),
  )
  await unionView(
    engine,
    'price_list_row',
    channels.flatMap((channel) => (channel.price === null ? [] : [channel.price])),
  )
  await entityView(
    engine,
    'promotion',
    channels.flatMap((channel) => channel.promotions),
  )
  await entityView(
    engine,
    'location',
    channels.flatMap((channel) => channel.locations),
  )
  const sources = channels.flatMap((channel) => channel.sources)
  return {
    channels: config.file === null ? withKinds(config.channels, sources, platforms) : config.channels,
    sources,
    fields,
    filled: new Set(['ch', 'src', 'ord', 'rid', ...listings.flatMap((arm) => [...arm.columns.keys()])]),
    speaks: speaks(sources, channels),
    hasStockRows: channels.some((channel) => channel.stock !== null),
    hasPromotions: channels.some((channel) => channel.promotions.length > 0),
    hasLocations: channels.some((channel) => channel.locations.length > 0),
    unknownWords: channels.flatMap((channel) => channel.words),
    unread: channels.flatMap((channel) => channel.unread),
    damage: channels.flatMap((channel) => channel.damage),
    broken: channels.flatMap((channel) => channel.broken),
    quarantine: sources.flatMap((source): readonly QuarantinedRecord[] => source.file.quarantined),
    lost: new Map(channels.map(({ index, lost }) => [index, lost])),
    failed,
    inputs: await loadInputs(options, sources.length),
  }
}

/** A listing's fields may come from any source of its channel once the channel was put together from several. */
function speaks(sources: readonly Source[], channels: readonly Channel[]): Map<FieldName, Set<number>> {
  const all = new Map<FieldName, Set<number>>()
  const put = (field: FieldName, source: number): void => {
    const set = all.get(field) ?? new Set<number>()
    all.set(field, set.add(source))
  }
  for (const channel of channels) {
    const own = sources.filter((source) => source.channel === channel.index)
    const together = channel.listings.some((arm) => arm.source === -1)
    for (const source of own) {
      for (const field of source.fields) {
        for (const target of together ? own : [source]) put(field, target.index)
      }
    }
    if (together && channel.stock !== null) for (const source of own) put('stock.available', source.index)
  }
  return all
}

const TECHNICAL: readonly (readonly [string, string])[] = [
  ['gtin14', 'BIGINT'],
  ['gtin_state', 'VARCHAR'],
  ['sku_hash', 'UBIGINT'],
  ['src:price', 'INTEGER'],
  ['ord:price', 'BIGINT'],
  ['src:stock', 'INTEGER'],
  ['ord:stock', 'BIGINT'],
  ['pool_available', 'DECIMAL(18,6)'],
]

function allColumns(arms: readonly Arm[]): Map<string, string> {
  const columns = new Map<string, string>()
  for (const arm of arms) for (const [name, type] of arm.columns) columns.set(name, type)
  for (const [name, type] of TECHNICAL) columns.set(name, type)
  for (const [name, field] of Object.entries(FIELDS)) {
    if (field.entity !== 'listing' && field.entity !== 'price' && field.entity !== 'stock') continue
    if (!columns.has(name)) columns.set(name, typeOf(name))
    if (!columns.has(`raw:${name}`)) columns.set(`raw:${name}`, 'VARCHAR')
  }
  return columns
}

const SQL_TYPES: Readonly<Record<string, string>> = {
  money: 'DECIMAL(18,6)',
  quantity: 'DECIMAL(18,6)',
  percent: 'DECIMAL(18,6)',
  integer: 'INTEGER',
  bool: 'BOOLEAN',
  instant: 'TIMESTAMP',
}

function typeOf(name: string): string {
  return SQL_TYPES[FIELDS[name as keyof typeof FIELDS].type] ?? 'VARCHAR'
}

function listingArm(arm: Arm, all: readonly Arm[]): string {
  const items = [...allColumns(all)].map(([name, type]) => {
    if (arm.columns.has(name)) return ident(name)
    return `CAST(NULL AS ${type}) AS ${ident(name)}`
  })
  const src = arm.source === -1 ? 'src' : `${arm.source}`
  const head = [
    `${arm.channel}::UTINYINT AS ch`,
    `${src}::INTEGER AS src`,
    `${arm.ordinal}::BIGINT AS ord`,
    `${rid(src, arm.ordinal)} AS rid`,
  ]
  return `SELECT ${[...head, ...items].join(', ')} FROM ${arm.table}${arm.filter === null ? '' : ` WHERE ${arm.filter}`}`
}

function emptyListing(): string {
  const items = [...allColumns([])].map(([name, type]) => `CAST(NULL AS ${type}) AS ${ident(name)}`)
  return `SELECT 0::UTINYINT AS ch, 0 AS src, 0::BIGINT AS ord, 0::BIGINT AS rid, ${items.join(', ')} WHERE false`
}

async function unionView(engine: Engine, name: string, tables: readonly string[]): Promise<void> {
  if (tables.length === 0) return
  await engine.run(
    `CREATE VIEW ${name} AS ${tables.map((table) => `SELECT * FROM ${table}`).join(' UNION ALL BY NAME ')}`,
  )
}

async function entityView(engine: Engine, entity: 'promotion' | 'location', arms: readonly Arm[]): Promise<void> {
  const fields = Object.entries(FIELDS).filter(([, field]) => field.entity === entity)
  const rows = arms.map((arm) => {
    const items = fields.flatMap(([name]) =>
      [name, `raw:${name}`].map((column) => {
        const type = column.startsWith('raw:') ? 'VARCHAR' : typeOf(name)
        return arm.columns.has(column) ? ident(column) : `CAST(NULL AS ${type}) AS ${ident(column)}`
      }),
    )
    return `SELECT ${arm.channel} AS ch, ${arm.source} AS src, ${arm.ordinal}::BIGINT AS ord, ${items.join(', ')} FROM ${arm.table}${arm.filter === null ? '' : ` WHERE ${arm.filter}`}`
  })
  const empty = `SELECT 0 AS ch, 0 AS src, 0::BIGINT AS ord, ${fields
    .flatMap(([name]) => [
      `CAST(NULL AS ${typeOf(name)}) AS ${ident(name)}`,
      `NULL::VARCHAR AS ${ident(`raw:${name}`)}`,
    ])
    .join(', ')} WHERE false`
  await engine.run(`CREATE VIEW ${entity} AS ${[empty, ...rows].join(' UNION ALL BY NAME ')}`)
}
