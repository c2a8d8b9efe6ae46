/** What the configuration and the pulled data mean for the checks. */
import { literal } from '../engine/engine.ts'
import type { Store } from '../ingest/tables.ts'
import { type Config, UNKNOWN_MARKET } from '../model/config.ts'
import type { FieldName } from '../model/field.ts'
import type { Domain, World } from '../rules/check.ts'
import { limitOf } from '../rules/limits.ts'
import { HOME, vatRates } from '../rules/reference-data.ts'
import { perChannel } from './side-view.ts'

export function worldOf(store: Store, config: Config, asOf: string): World {
  const { channels } = store
  const countries = [...new Set(channels.map((channel) => channel.taxCountry))]
  const ratesOf = (country: string): readonly string[] => vatRates(country, asOf.slice(0, 10)).map(({ rate }) => rate)
  const rates = new Set(countries.flatMap(ratesOf))
  const likely = new Set(countries.flatMap((country) => ratesOf(country === UNKNOWN_MARKET ? HOME : country)))
  const full = channels.flatMap((channel, index) =>
    channel.assortment?.kind === 'full' && channel.kind !== 'erp' ? [index] : [],
  )
  const pools = new Map<string, number[]>()
  for (const [index, channel] of channels.entries()) {
    if (channel.stockPool === null) continue
    pools.set(channel.stockPool, [...(pools.get(channel.stockPool) ?? []), index])
  }
  const bounded = channels.some((channel) => channel.pricePolicy.kind === 'markup')
  const bound = (side: 'min' | 'max'): string =>
    perChannel(channels, ({ pricePolicy }) =>
      pricePolicy.kind === 'markup' ? `${pricePolicy[side]}::DECIMAL(9,6)` : 'NULL::DECIMAL(9,6)',
    )
  const zones = new Map<string, number[]>()
  for (const [index, { pricePolicy }] of channels.entries()) {
    if (pricePolicy.kind === 'zone') zones.set(pricePolicy.zone, [...(zones.get(pricePolicy.zone) ?? []), index])
  }
  return {
    channels,
    sources: store.sources.map(({ file }) => file.path),
    asOf,
    timezone: config.timezone,
    authority: (domain) => authorityCondition(store, config, domain),
    authorityAmong: (domain, among) => ownedCondition(store, config, domain, among),
    catalogued: cataloguedCondition(store, config),
    telling: (fields) =>
      perChannel(channels, (_, index) =>
        String(
          fields.some((field) =>
            [...(store.speaks.get(field) ?? [])].some((source) => store.sources[source]?.channel === index),
          ),
        ),
      ),
    speaking: (field) => speakingCondition(store, field),
    speaksInput: ({ input, column }) =>
      store.inputs.loaded.some(({ name, columns }) => name === input && (column === null || columns.has(column))),
    speaks: (field) => (store.speaks.get(field)?.size ?? 0) > 0,
    taxRates: [...rates].sort(),
    likelyTaxRates: [...likely].sort(),
    markup: bounded ? { min: bound('min'), max: bound('max') } : null,
    priced: perChannel(channels, ({ pricePolicy }) => String(pricePolicy.kind === 'same')),
    zones: [...zones.values()].filter(({ length }) => length > 1).map((members) => `ch IN (${members.join(', ')})`),
    priceBound: perChannel(channels, ({ pricePolicy }) =>
      String(
        pricePolicy.kind !== 'free' && (pricePolicy.kind !== 'zone' || (zones.get(pricePolicy.zone)?.length ?? 0) > 1),
      ),
    ),
    knownTime: knownTimes(store),
    fullAssortment: full,
    declaredAssortments: channels.filter((channel) => channel.assortment !== null).length,
    lossy: [...store.lost].flatMap(([index, { listing }]) => (listing.size > 0 ? [index] : [])),
    unread: channels.flatMap(({ id }, index) => (store.failed.has(id) ? [index] : [])),
    sharesStock: sharesStock(store, config, pools),
    pools,
    limit: (field) =>
      perChannel(channels, (channel, index) => {
        const own = channel.limits[field]
        const platforms = store.sources.filter((source) => source.channel === index).map(({ platform }) => platform)
        const known = platforms.flatMap((platform) => limitOf(platform, field, asOf.slice(0, 10)) ?? [])
        return `${typeof own === 'number' ? own : known.length === 0 ? 'NULL' : Math.min(...known)}::INTEGER`
      }),
  }
}

/** The owner's figure is that of its own pool; without one, of the only pool there is. */
function sharesStock(store: Store, config: Config, pools: ReadonlyMap<string, readonly number[]>): string {
  const matesIn = (market: string | null): string => {
    const owner = store.channels[authorityOf(store, config, 'stock', market) ?? -1]
    const own = owner?.stockPool ?? (pools.size === 1 ? [...pools.keys()][0] : undefined)
    const mates = pools.get(own ?? '') ?? []
    return mates.length === 0 ? 'FALSE' : `ch IN (${mates.join(', ')})`
  }
  const markets = Object.keys(config.authority.stock.markets)
  if (markets.length === 0) return matesIn(null)
  return `(CASE market ${markets.map((market) => `WHEN ${literal(market)} THEN ${matesIn(market)}`).join(' ')} ELSE ${matesIn(null)} END)`
}

function knownTimes({ sources }: Store): World['knownTime'] {
  const known = sources.filter(({ dataAsOfKnown }) => dataAsOfKnown)
  if (known.length < 2) return null
  const cases = known.map(({ index, dataAsOf }) => `WHEN ${index} THEN ${Date.parse(dataAsOf)}::BIGINT`)
  return (source) => `(CASE ${source} ${cases.join(' ')} END)`
}

function speakingCondition(store: Store, field: FieldName): string {
  const sources = store.speaks.get(field)
  if (sources === undefined || sources.size === 0) return 'FALSE'
  return sources.size === store.sources.length ? 'TRUE' : `src IN (${[...sources].sort((a, b) => a - b).join(', ')})`
}

/** Position of the channel that is right about a field in a market; null without one. */
export function authorityOf(store: Store, config: Config, domain: Domain, market: string | null): number | null {
  const declared = config.authority[domain]
  const id = (market === null ? undefined : declared.markets[market]) ?? declared.default
  const index = id === null ? -1 : store.channels.findIndex((channel) => channel.id === id)
  return index < 0 ? null : index
}

function authorityCondition(store: Store, config: Config, domain: Domain): string | null {
  const declared = config.authority[domain]
  const general = authorityOf(store, config, domain, null)
  const markets = Object.keys(declared.markets).flatMap((market) => {
    const index = authorityOf(store, config, domain, market)
    return index === null ? [] : [`WHEN ${literal(market)} THEN ch = ${index}`]
  })
  if (markets.length === 0) return general === null ? null : `(ch = ${general})`
  return `(CASE market ${markets.join(' ')} ELSE ${general === null ? 'FALSE' : `ch = ${general}`} END)`
}

/** Where all channels have one market, the authority's listing is a side of its own. */
function cataloguedCondition(store: Store, config: Config): string | null {
  const condition = authorityCondition(store, config, 'catalog')
  const markets = new Set(store.channels.map(({ market }) => market))
  if (condition === null || markets.size === 1) return condition
  const listed = [...markets].flatMap((market) => {
    const index = authorityOf(store, config, 'catalog', market)
    return index === null
      ? []
      : [`WHEN ${literal(market)} THEN item IN (SELECT own.item FROM linked own WHERE own.ch = ${index})`]
  })
  return listed.length === 0 ? condition : `(CASE market ${listed.join(' ')} ELSE FALSE END)`
}

function ownedCondition(store: Store, config: Config, domain: Domain, among: readonly number[]): string {
  const markets = [...new Set(store.channels.map(({ market }) => market))].filter((market) =>
    among.includes(authorityOf(store, config, domain, market) ?? -1),
  )
  return markets.length === 0 ? 'FALSE' : `market IN (${markets.map((market) => literal(market)).join(', ')})`
}
