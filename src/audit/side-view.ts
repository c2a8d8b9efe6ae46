/**
 * The view `side`: every listing with its article and everything that checks compare, in comparable form. Where there
 * are many, nothing in it is stored: a statement computes only the columns it asks for.
 */
import { type Engine, ident, literal } from '../engine/engine.ts'
import type { Store } from '../ingest/tables.ts'
import { type ChannelConfig, UNKNOWN_CURRENCY } from '../model/config.ts'

/** Constant per channel as SQL over `ch`; one literal when all channels agree. */
export function perChannel(
  channels: readonly ChannelConfig[],
  value: (channel: ChannelConfig, index: number) => string,
): string {
  const values = channels.map(value)
  const [first = 'NULL'] = values
  if (values.every((one) => one === first)) return first
  return `CASE ch ${values.map((one, index) => `WHEN ${index} THEN ${one}`).join(' ')} END`
}

/** Up to so many listings are stored with what the view computes: planning it for every statement costs more. */
const MAX_STORED = 60_000

/** Columns that the view adds, in layers: a column may read those of the layers before its own. */
export type SideLayers = readonly (readonly (readonly [name: string, sql: string])[])[]

export function sideLayers(store: Store, asOf: string, minorUnits: (currency: string) => number): SideLayers {
  const { channels } = store
  const taxOf = new Map(store.sources.map((source) => [source.channel, source.includesTax]))
  const declared = (channel: ChannelConfig, index: number): string => {
    const value = channel.includesTax ?? taxOf.get(index) ?? null
    return value === null ? 'NULL::BOOLEAN' : String(value)
  }
  const currency = ({ currency: own }: ChannelConfig): string =>
    own === UNKNOWN_CURRENCY ? 'NULL::VARCHAR' : literal(own)
  const now = `TIMESTAMP ${literal(asOf.replace('T', ' ').replace('Z', ''))}`
  const selling = perChannel(channels, (channel) => String(channel.kind !== 'erp'))
  const packed = store.fields.has('pack_quantity')
  return [
    [
      ['market', perChannel(channels, (channel) => literal(channel.market))],
      ['currency', `coalesce("price.currency", ${perChannel(channels, currency)})`],
      ['taxed', `coalesce("price.includes_tax", ${perChannel(channels, declared)})`],
      ['minor_unit', perChannel(channels, (channel) => `${minorUnit(minorUnits(channel.currency))}::DECIMAL(18,6)`)],
      [
        'live',
        `CASE WHEN status IS NULL AND trim(coalesce("raw:status", '')) <> '' THEN NULL
           WHEN status IS NULL THEN true ELSE status IN ('active', 'phase_out') END`,
      ],
      [
        'on_sale',
        `coalesce("price.sale" IS NOT NULL AND ("price.sale_from" IS NULL OR "price.sale_from" <= ${now})
           AND ("price.sale_to" IS NULL OR ${now} < "price.sale_to"), false)`,
      ],
      [
        'counted',
        `CASE WHEN "stock.unlimited" THEN 'in_stock' WHEN "stock.available" > 0 THEN 'in_stock'
           WHEN "stock.available" <= 0 AND "stock.backorder" IN ('yes', 'notify', 'preorder') THEN 'backorder'
           WHEN "stock.available" <= 0 THEN 'out' END`,
      ],
      ['pack', `coalesce(crosswalk_pack, ${packed ? 'pack_quantity' : 'NULL::INTEGER'})`],
    ],
    [
      ['sellable', 'coalesce(buyable, live)'],
      ['selling', `coalesce(buyable, live) AND ${selling}`],
      ['price.effective', 'CASE WHEN on_sale THEN "price.sale" ELSE "price.regular" END'],
      [
        'availability',
        `coalesce(counted, CASE WHEN buyable AND live THEN 'in_stock' WHEN NOT buyable AND live THEN 'out' END)`,
      ],
      [
        'public',
        `coalesce("price.customer_group" IS NULL OR lower("price.customer_group") IN ('public', 'retail', 'all groups', 'todos'), true)`,
      ],
    ],
    [
      ['x_regular', `CASE WHEN public THEN ${comparable('"price.regular"')} END`],
      ['x_effective', `CASE WHEN public THEN ${comparable('"price.effective"')} END`],
      [
        'conversions',
        '(CASE WHEN taxed = false THEN minor_unit ELSE 0 END + CASE WHEN pack > 1 THEN minor_unit ELSE 0 END)::DECIMAL(18,6)',
      ],
    ],
  ]
}

/** Creates `side` over the listings that are to be checked one by one, and `side_all` over all of them. */
export async function createSideViews(engine: Engine, store: Store, layers: SideLayers): Promise<void> {
  const over = (from: string): string =>
    layers.reduce(
      (inner, layer) =>
        `SELECT *, ${layer.map(([name, sql]) => `${sql} AS ${ident(name)}`).join(', ')} FROM (${inner})`,
      `SELECT * FROM ${from}`,
    )
  const [counted] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM listing_rows')
  await engine.run(`CREATE ${(counted?.n ?? 0) > MAX_STORED ? 'VIEW' : 'TABLE'} side AS ${over('linked')}`)
  await engine.run(`CREATE VIEW side_all AS ${over('linked_all')}`)
  await engine.run(
    `CREATE TABLE channel AS SELECT * FROM (VALUES ${store.channels
      .map(
        (channel, index) =>
          `(${index}, ${literal(channel.id)}, ${literal(channel.kind)}, ${literal(channel.market)}, ${literal(channel.stockPool)}, ${literal(channel.currency)})`,
      )
      .join(', ')}) t(ch, id, kind, market, pool, currency)`,
  )
}

/** Decimal text of the smallest amount of a currency. */
function minorUnit(decimals: number): string {
  return decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`
}

/** Gross price of one unit. NULL where a declared net price has no rate of its own: converting it would be a guess. */
function comparable(price: string): string {
  const gross = `CASE WHEN taxed = false THEN CASE WHEN "price.tax_rate" IS NOT NULL THEN round((${price} * (100 + "price.tax_rate")::DECIMAL(9,4))::DECIMAL(28,8) * 0.01, 2) END ELSE ${price} END`
  return `CASE WHEN pack > 1 THEN round((${gross}) / pack, 4)::DECIMAL(18,6) ELSE (${gross})::DECIMAL(18,6) END`
}
