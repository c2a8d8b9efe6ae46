/**
 * Gives every listing its article.
 *
 * Where GTIN and SKU of a listing say the same in all channels, the article's id is computed from the key itself and costs
 * no join. Only listings with a key that is shared in any other way (missing on one side, colliding, conflicting,
 * templated, in the crosswalk) are resolved one by one, and stand in `link_exception`.
 */
import { type Engine, literal } from '../engine/engine.ts'
import type { Store } from '../ingest/tables.ts'
import type { Config } from '../model/config.ts'
import { type KeyedListing, type Membership, resolveComponents } from './components.ts'
import { type CrosswalkEntry, readCrosswalk } from './crosswalk.ts'

/** Below every id that a hashed SKU can give. */
const ROW_IDS = '-4611686018427387904'

/** Row id as an article's id. */
const byRow = (rid: string): string => `(${ROW_IDS} - 2 - ${rid})`
const LINKABLE = `gtin_state IN ('ok', 'isbn10', 'lost_zero')`

/** What the keys of a listing alone say of its article, as SQL over `listing_rows`. */
export interface KeySql {
  /** GTIN that links; NULL without. */
  readonly gtin: string
  /** Hash of the SKU where SKUs link; NULL without. */
  readonly sku: string
  /** The article's id. */
  readonly item: string
  readonly method: string
}

export function keySql({ identity: { keys } }: Config): KeySql {
  const gtin = keys.includes('gtin') ? `CASE WHEN ${LINKABLE} THEN gtin14 END` : 'NULL::BIGINT'
  const sku = keys.includes('sku') ? 'sku_hash' : 'NULL::UBIGINT'
  return {
    gtin,
    sku,
    item: `coalesce(${gtin}, -1 - (${sku} >> 2)::BIGINT, ${byRow('rid')})`,
    method: `CASE WHEN ${gtin} IS NOT NULL THEN 'gtin' WHEN ${sku} IS NOT NULL THEN 'sku' ELSE 'none' END`,
  }
}

/** Columns that linking adds to a listing whose keys alone say which article it is. */
export function linkColumns({ item, method }: KeySql): readonly (readonly [name: string, sql: string])[] {
  return [
    ['item', item],
    ['link_method', method],
    ['link_confidence', '1.0::DECIMAL(4,3)'],
    ['collides', 'NULL::VARCHAR'],
    ['crosswalk_item', 'NULL::VARCHAR'],
    ['crosswalk_pack', 'NULL::INTEGER'],
  ]
}

/**
 * Creates the view `linked`: `listing_rows` with `item` (BIGINT), `link_method`, `link_confidence`, `collides`; and
 * `linked_all`, the same over `listing_all`.
 */
export async function link(engine: Engine, store: Store, config: Config): Promise<void> {
  const { keys } = config.identity
  const own = keySql(config)
  await engine.run(
    `CREATE VIEW keyed AS SELECT rid, ch, src, ord, ${own.gtin} AS g, ${own.sku} AS s, gtin_state FROM listing_rows`,
  )
  const crosswalk = config.identity.crosswalk === null ? [] : await readCrosswalk(config.identity.crosswalk, config.dir)
  await collectUnclear(engine, store, config, crosswalk)
  const members = await readUnclear(engine, store, config, crosswalk)
  const catalog = store.channels.findIndex((channel) => channel.id === config.authority.catalog.default)
  const memberships = resolveComponents(members, keys, catalog < 0 ? null : catalog)
  await writeExceptions(engine, memberships)
  const plain = linkColumns(own).map(([name, sql]) => `${sql} AS ${name}`)
  for (const [view, rows] of [
    ['linked', 'listing_rows'],
    ['linked_all', 'listing_all'],
  ]) {
    await engine.run(
      memberships.length === 0
        ? `CREATE VIEW ${view} AS SELECT *, ${plain.join(', ')} FROM ${rows}`
        : `CREATE VIEW ${view} AS SELECT l.*, coalesce(e.item, ${own.item}) AS item, coalesce(e.method, ${own.method}) AS link_method,
             coalesce(e.confidence, 1.0)::DECIMAL(4,3) AS link_confidence, e.collides, e.crosswalk_item, e.crosswalk_pack
           FROM ${rows} l LEFT JOIN link_exception e ON e.xrid = l.rid`,
    )
  }
}

/** Fills `unclear` with the row ids of all listings that a shared key does not settle, closed under sharing a key. */
async function collectUnclear(
  engine: Engine,
  store: Store,
  config: Config,
  crosswalk: readonly CrosswalkEntry[],
): Promise<void> {
  await engine.run(
    `CREATE TABLE gtin_group AS SELECT g, count(*) AS n, bit_or(1::BIGINT << ch) AS channels, min(s) AS low, max(s) AS high, count(s) AS named FROM keyed WHERE g IS NOT NULL GROUP BY g`,
  )
  await engine.run(
    `CREATE TABLE sku_group AS SELECT s, count(*) AS n, bit_or(1::BIGINT << ch) AS channels, min(g) AS low, max(g) AS high, count(g) AS named FROM keyed WHERE s IS NOT NULL GROUP BY s`,
  )
  const unsettled = `low IS DISTINCT FROM high OR (named > 0 AND named < n) OR bit_count(channels) < n`
  const conditions = [
    `g IN (SELECT g FROM gtin_group WHERE ${unsettled})`,
    `s IN (SELECT s FROM sku_group WHERE ${unsettled})`,
    `gtin_state = 'lost_zero'`,
  ]
  await engine.run(`CREATE TABLE unclear AS SELECT rid, g, s FROM keyed WHERE ${conditions.join(' OR ')}`)
  await addTemplated(engine, store, config)
  await addCrosswalk(engine, store, crosswalk)
  if (config.identity.keys.includes('brand+mpn') && store.fields.has('mpn') && store.fields.has('brand')) {
    await engine.run(
      `INSERT INTO unclear SELECT k.rid, k.g, k.s FROM keyed k JOIN listing_rows l USING (rid)
       LEFT JOIN gtin_group gg ON gg.g = k.g LEFT JOIN sku_group sg ON sg.s = k.s
       WHERE l.mpn IS NOT NULL AND l.brand IS NOT NULL AND coalesce(bit_count(gg.channels), 1) = 1 AND coalesce(bit_count(sg.channels), 1) = 1`,
    )
  }
  for (let before = -1, after = await size(engine); before !== after && after > 0; ) {
    before = after
    await engine.run(
      `CREATE OR REPLACE TABLE unclear AS SELECT rid, g, s FROM keyed WHERE rid IN (SELECT rid FROM unclear)
       OR g IN (SELECT g FROM unclear) OR s IN (SELECT s FROM unclear)`,
    )
    after = await size(engine)
  }
}

async function size(engine: Engine): Promise<number> {
  const [row] = await engine.rows<{ n: number }>('SELECT count(DISTINCT rid) AS n FROM unclear')
  return Number(row?.n ?? 0)
}

async function addTemplated(engine: Engine, store: Store, config: Config): Promise<void> {
  for (const [index, template] of templates(store, config)) {
    const base = baseSku(template)
    await engine.run(
      `INSERT INTO unclear SELECT k.rid, k.g, k.s FROM keyed k JOIN listing_rows l USING (rid) WHERE k.ch = ${index} AND ${base} IS NOT NULL`,
    )
    await engine.run(
      `INSERT INTO unclear SELECT rid, g, s FROM keyed WHERE s IN (SELECT hash(${base}) FROM listing_rows l WHERE l.ch = ${index} AND ${base} IS NOT NULL)`,
    )
  }
}

async function addCrosswalk(engine: Engine, store: Store, crosswalk: readonly CrosswalkEntry[]): Promise<void> {
  await engine.run(
    'CREATE TABLE crosswalk (ch INTEGER, listing VARCHAR, item VARCHAR, pack INTEGER, confidence DOUBLE)',
  )
  if (crosswalk.length === 0) return
  const index = new Map(store.channels.map((channel, position) => [channel.id, position]))
  const rows = crosswalk.flatMap((one) => {
    const ch = index.get(one.channel)
    return ch === undefined
      ? []
      : [`(${ch}, ${literal(one.listing)}, ${literal(one.item)}, ${literal(one.packQuantity)}, ${one.confidence})`]
  })
  for (let start = 0; start < rows.length; start += 1000) {
    await engine.run(`INSERT INTO crosswalk VALUES ${rows.slice(start, start + 1000).join(', ')}`)
  }
  await engine.run(
    `INSERT INTO unclear SELECT k.rid, k.g, k.s FROM keyed k JOIN listing_rows l USING (rid)
     JOIN crosswalk c ON c.ch = l.ch AND (c.listing = l.listing_id OR c.listing = l.sku)`,
  )
  await engine.run('INSERT INTO unclear SELECT rid, g, s FROM keyed WHERE s IN (SELECT hash(item) FROM crosswalk)')
}

/** Channel position to its SKU template. */
function templates(store: Store, config: Config): readonly (readonly [number, string])[] {
  return store.channels.flatMap((channel, index) => {
    const template = config.identity.skuTemplate[channel.id]
    return template === undefined || !template.includes('{sku}') ? [] : [[index, template] as const]
  })
}

/** SQL of the SKU that a templated SKU was made of, NULL where the template does not fit. */
function baseSku(template: string): string {
  const [prefix = '', suffix = ''] = template.split('{sku}')
  const length = prefix.length + suffix.length
  return `CASE WHEN starts_with(l.sku, ${literal(prefix)}) AND ends_with(l.sku, ${literal(suffix)}) AND length(l.sku) > ${length}
    THEN substr(l.sku, ${prefix.length + 1}, length(l.sku) - ${length}) END`
}

async function readUnclear(
  engine: Engine,
  store: Store,
  config: Config,
  crosswalk: readonly CrosswalkEntry[],
): Promise<readonly KeyedListing[]> {
  if ((await size(engine)) === 0) return []
  const bases = templates(store, config).map(([index, template]) => `WHEN l.ch = ${index} THEN ${baseSku(template)}`)
  const base = bases.length === 0 ? 'NULL' : `CASE ${bases.join(' ')} END`
  const fulfilment = store.fields.has('attributes.fulfilment') ? `l."attributes.fulfilment"` : `''`
  const joined =
    crosswalk.length === 0 ? 'NULL AS cw, NULL AS cwc, NULL AS cwp' : 'c.item AS cw, c.confidence AS cwc, c.pack AS cwp'
  const join =
    crosswalk.length === 0
      ? ''
      : 'LEFT JOIN crosswalk c ON c.ch = l.ch AND (c.listing = l.listing_id OR (l.listing_id IS NULL AND c.listing = l.sku) OR c.listing = l.sku)'
  const listings: KeyedListing[] = []
  const seen = new Set<string>()
  const useSku = config.identity.keys.includes('sku')
  const query = `SELECT l.rid::VARCHAR AS rid, l.ch AS ch, k.g::VARCHAR AS g, l.gtin_state = 'lost_zero' AS restored, l.sku AS sku, ${base} AS base,
      CASE WHEN l.mpn IS NOT NULL AND l.brand IS NOT NULL THEN lower(strip_accents(trim(l.brand))) || chr(31) || upper(regexp_replace(l.mpn, '[^A-Za-z0-9]', '', 'g')) END AS bm,
      coalesce(l.condition, '') || chr(31) || coalesce(l.pack_quantity::VARCHAR, '') || chr(31) || coalesce(${fulfilment}, '') AS variant, ${joined}
    FROM listing_rows l JOIN keyed k ON k.rid = l.rid ${join} WHERE l.rid IN (SELECT rid FROM unclear) ORDER BY l.rid`
  for await (const batch of engine.batches<UnclearRow>(query)) {
    for (const row of batch) {
      if (seen.has(row.rid)) continue
      seen.add(row.rid)
      listings.push({
        rid: row.rid,
        channel: row.ch,
        gtin: row.g,
        restored: row.restored ?? false,
        sku: useSku ? row.sku : null,
        baseSku: row.base,
        brandMpn: row.bm,
        crosswalk: row.cw,
        crosswalkConfidence: row.cwc ?? 1,
        crosswalkPack: row.cwp,
        variant: row.variant,
      })
    }
  }
  return listings
}

type UnclearRow = {
  readonly rid: string
  readonly ch: number
  readonly g: string | null
  readonly restored: boolean | null
  readonly sku: string | null
  readonly base: string | null
  readonly bm: string | null
  readonly variant: string
  readonly cw: string | null
  readonly cwc: number | null
  readonly cwp: number | null
}

async function writeExceptions(engine: Engine, memberships: readonly Membership[]): Promise<void> {
  await engine.run(
    'CREATE TABLE exception_text (xrid VARCHAR, component VARCHAR, method VARCHAR, confidence VARCHAR, collides VARCHAR, crosswalk_item VARCHAR, crosswalk_pack VARCHAR)',
  )
  await engine.append(
    'exception_text',
    (async function* () {
      for (let start = 0; start < memberships.length; start += 10_000) {
        yield memberships
          .slice(start, start + 10_000)
          .map((one) => [
            one.rid,
            one.component,
            one.method,
            String(one.confidence),
            one.collides,
            one.crosswalk,
            one.crosswalkPack === null ? null : String(one.crosswalkPack),
          ])
      }
    })(),
  )
  await engine.run(
    `CREATE TABLE link_exception AS SELECT xrid::BIGINT AS xrid, ${byRow('component::BIGINT')} AS item, method, confidence::DECIMAL(4,3) AS confidence, collides, crosswalk_item, crosswalk_pack::INTEGER AS crosswalk_pack FROM exception_text`,
  )
  await engine.run('DROP TABLE exception_text')
}
