/** What an audit observes, as SQL over the canonical tables: one row per article that the ledger can name. */
import type { Engine } from '../engine/engine.ts'
import { ident, literal } from '../engine/engine.ts'
import type { Store } from '../ingest/tables.ts'
import { UNKNOWN_CURRENCY } from '../model/config.ts'
import type { FieldName } from '../model/field.ts'
import { LEDGER_ITEM } from './ledger.ts'
import { GROUP_NAMES, GROUPS, type Group, timestamp } from './ledger-files.ts'
import { perChannel } from './side-view.ts'

/** Fields that say whether a channel speaks of the group. */
const TOLD_BY: Readonly<Record<Group, readonly FieldName[]>> = {
  price: ['price.regular', 'price.sale'],
  stock: ['stock.available', 'stock.on_hand'],
  listing: ['sku', 'listing_id', 'gtin'],
}

/** Whether a channel speaks of a group in this audit. */
export function tells(store: Store, channel: number, group: Group): boolean {
  return TOLD_BY[group].some((field) =>
    [...(store.speaks.get(field) ?? [])].some((source) => store.sources[source]?.channel === channel),
  )
}

/** SQL of the values of a group as 32 bits: enough to see that something changed. */
export function hashSql(group: Group): string {
  return `(hash(${GROUPS[group].map(([name]) => name).join(', ')}) & 4294967295)::UINTEGER`
}

/** SQL of the article's key, 64 bits. */
export const KEY = 'hash(channel, item)'

/**
 * SELECT of `rid, channel, item, since` (from when on it is as it is), the columns of all groups, `t_<group>` (whether the channel speaks of it).
 *
 * @param instants - By source: the moment it speaks of.
 * @param from - With `side` and `side_all` there are `article` (its integer id), `market`, `category`
 *   and `told` (the moment that the source speaks of) too.
 */
export function observedSql(
  store: Store,
  asOf: string,
  instants: readonly string[],
  from: 'listing_all' | 'listing_rows' | 'side' | 'side_all' = 'listing_all',
): string {
  const { channels } = store
  const now = timestamp(asOf)
  const [first = asOf] = instants
  const since = instants.every((one) => one === first)
    ? timestamp(first)
    : `CASE src ${instants.map((one, source) => `WHEN ${source} THEN ${timestamp(one)}`).join(' ')} END`
  const onSale = `("price.sale" IS NOT NULL AND ("price.sale_from" IS NULL OR "price.sale_from" <= ${now}) AND ("price.sale_to" IS NULL OR ${now} < "price.sale_to"))`
  const told = GROUP_NAMES.map(
    (group) => `${perChannel(channels, (_, index) => String(tells(store, index, group)))} AS t_${group}`,
  )
  const currency = perChannel(channels, ({ currency: own }) =>
    own === UNKNOWN_CURRENCY ? 'NULL::VARCHAR' : literal(own),
  )
  const isLinked = from === 'side' || from === 'side_all'
  const linked = isLinked ? ['item AS article', 'market', 'category', `${since} AS told`] : []
  // A reduction that a file announced beforehand begins and ends on its day, whenever the file was written.
  const turned = (['price.sale_from', 'price.sale_to'] as const).map(
    (field) => `CASE WHEN "price.sale" IS NOT NULL AND "${field}" <= ${now} THEN "${field}" END`,
  )
  const inForce = `greatest(${since}, ${turned.join(', ')})`
  const raw = `SELECT rid, ch, ${perChannel(channels, ({ id }) => literal(id))} AS channel, ${LEDGER_ITEM} AS item, ${inForce} AS since, ${told.join(', ')},
      "price.regular" AS regular, "price.sale" AS sale, CASE WHEN ${onSale} THEN "price.sale" ELSE "price.regular" END AS effective,
      coalesce("price.currency", ${currency}) AS currency, "price.prior_shown" AS prior_shown, ${onSale} AS on_sale,
      "stock.available" AS available, "stock.on_hand" AS on_hand, status AS state, gtin14, brand, pack_quantity AS pack${linked.map((name) => `, ${name}`).join('')}
    FROM ${from}
    WHERE ("price.customer_group" IS NULL OR lower("price.customer_group") IN ('public', 'retail', 'all groups', 'todos'))`
  const typed = GROUP_NAMES.flatMap((group) =>
    GROUPS[group].map(([name, type]) => `${name === 'announced' ? announced() : name}::${type} AS ${name}`),
  )
  return `SELECT rid, ch, channel, item, since, ${GROUP_NAMES.map((group) => `t_${group}`).join(', ')}, ${typed.join(', ')}${isLinked ? ', article, market, category, told' : ''} FROM (${raw}) WHERE item IS NOT NULL`
}

/**
 * Where two listings of a channel may have one name in the ledger. Articles that all channels list alike share no SKU with any
 * other, so where every listing is named by its SKU only the others are looked at.
 */
export async function sharedNames(engine: Engine): Promise<'listing_all' | 'listing_rows'> {
  const [settled] = await engine.rows<{ n: number }>(
    `SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'agreed'`,
  )
  if (Number(settled?.n ?? 0) === 0) return 'listing_all'
  const [other] = await engine.rows<{ n: number }>(
    'SELECT (SELECT count(*) FROM agreed WHERE NOT has_sku) + (SELECT count(*) FROM listing_all WHERE sku IS NULL) AS n',
  )
  return Number(other?.n ?? 0) === 0 ? 'listing_rows' : 'listing_all'
}

/** A reduction is shown: a sale price in force below the regular one, or an earlier price above what is paid. */
function announced(): string {
  return 'coalesce(on_sale AND (regular IS NULL OR sale < regular), FALSE) OR coalesce(prior_shown > effective, FALSE)'
}

/** Per source the moment that it speaks of. */
export async function instantsOf(engine: Engine, store: Store, asOf: string): Promise<readonly string[]> {
  const before = await engine.rows<{
    channel: string
    path: string
    sha256: string
    data_as_of: string
    as_of: string
  }>(
    'SELECT channel, path, sha256, data_as_of, min(as_of) AS as_of FROM ledger_source WHERE since IS NULL GROUP BY ALL',
  )
  return store.sources.map((source) => {
    if (source.dataAsOfKnown) {
      const told = new Date(source.dataAsOf).toISOString().replace(/\.\d+Z$/, 'Z')
      return told < asOf ? told : asOf
    }
    const channel = store.channels[source.channel]?.id
    // A file that nobody wrote again says nothing new: without this an export that stopped would look well observed.
    const same = before.find(
      (one) =>
        one.channel === channel &&
        one.path === source.file.path &&
        one.sha256 === source.file.sha256 &&
        Date.parse(one.data_as_of) === Math.floor(Date.parse(source.dataAsOf) / 1000) * 1000,
    )
    return same?.as_of ?? asOf
  })
}

/** What sources have, by their position. */
type Filled = ReadonlyMap<
  number,
  {
    readonly fields: Readonly<Record<string, { type: string; share: number }>>
    readonly statuses: Readonly<Record<string, number>>
  }
>
const known = new WeakMap<Store, Promise<Filled>>()

/** Share of listings that have a value, by source and field, and how many are in which state. Counted once an audit. */
export function filledOf(engine: Engine, store: Store): Promise<Filled> {
  const filled = known.get(store) ?? countFilled(engine, store)
  known.set(store, filled)
  return filled
}

const FEW_SOURCES = 8

async function countFilled(engine: Engine, store: Store): Promise<Filled> {
  const fields = [...store.fields].filter(([name]) => store.speaks.has(name))
  const counts = fields.map(([name], index) => `count(${ident(name)}) AS f${index}`)
  const figures = ['count(*) AS n', ...counts].join(', ')
  const { sources } = store
  // Counting without groups costs half, but goes through a channel once for each of its sources.
  const rows = await engine.rows(
    sources.length === 0 || sources.length > FEW_SOURCES
      ? `SELECT src, ${figures} FROM listing_all GROUP BY src`
      : `SELECT * FROM (${sources
          .map(({ index }) => `SELECT ${index} AS src, ${figures} FROM listing_all WHERE src = ${index}`)
          .join(' UNION ALL ')}) WHERE n > 0`,
  )
  const states = await engine.rows<{ src: number; state: string; n: number }>(
    'SELECT src, status AS state, count(*) AS n FROM listing_all WHERE status IS NOT NULL GROUP BY ALL ORDER BY 1, 2',
  )
  return new Map(
    rows.map((row) => {
      const source = Number(row['src'])
      const told = fields.flatMap(([name, type], index) => {
        if (!store.speaks.get(name)?.has(source)) return []
        const share = Number(row[`f${index}`]) / Math.max(1, Number(row['n']))
        return [[name, { type, share: Math.round(share * 10_000) / 10_000 }] as const]
      })
      const own = states.filter(({ src }) => src === source).map(({ state, n }) => [state, Number(n)] as const)
      return [source, { fields: Object.fromEntries(told), statuses: Object.fromEntries(own) }]
    }),
  )
}
