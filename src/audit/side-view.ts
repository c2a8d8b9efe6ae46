/**
 * The view `side`: every listing with its article and everything that checks compare, in comparable form. Nothing in it is
 * stored; a statement computes only the columns it asks for.
 */
import { type Engine, literal } from '../engine/engine.ts'
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

export async function createSideView(
  engine: Engine,
  store: Store,
  asOf: string,
  minorUnits: (currency: string) => number,
): Promise<void> {
  const { channels } = store
  const taxOf = new Map(store.sources.map((source) => [source.channel, source.includesTax]))
  const declared = (channel: ChannelConfig, index: number): string => {
    const value = channel.includesTax ?? taxOf.get(index) ?? null
    return value === null ? 'NULL::BOOLEAN' : String(value)
  }
  const now = `TIMESTAMP ${literal(asOf.replace('T', ' ').replace('Z', ''))}`
  const units = perChannel(channels, (channel) => String(minorUnits(channel.currency)))
  const selling = perChannel(channels, (channel) => String(channel.kind !== 'erp'))
  const packed = store.fields.has('pack_quantity')
  const layers = [
    `SELECT *,
      ${perChannel(channels, (channel) => literal(channel.market))} AS market,
      coalesce("price.currency", ${perChannel(channels, ({ currency }) => (currency === UNKNOWN_CURRENCY ? 'NULL::VARCHAR' : literal(currency)))}) AS currency,
      coalesce("price.includes_tax", ${perChannel(channels, declared)}) AS taxed,
      ${units} AS minor,
      ${perChannel(channels, (channel) => `${minorUnit(minorUnits(channel.currency))}::DECIMAL(18,6)`)} AS minor_unit,
      CASE WHEN status IS NULL AND trim(coalesce("raw:status", '')) <> '' THEN NULL
           WHEN status IS NULL THEN true ELSE status IN ('active', 'phase_out') END AS live,
      coalesce("price.sale" IS NOT NULL AND ("price.sale_from" IS NULL OR "price.sale_from" <= ${now})
        AND ("price.sale_to" IS NULL OR ${now} < "price.sale_to"), false) AS on_sale,
      CASE WHEN "stock.unlimited" THEN 'in_stock' WHEN "stock.available" > 0 THEN 'in_stock'
           WHEN "stock.available" <= 0 AND "stock.backorder" IN ('yes', 'notify', 'preorder') THEN 'backorder'
           WHEN "stock.available" <= 0 THEN 'out' END AS counted,
      coalesce(crosswalk_pack, ${packed ? 'pack_quantity' : 'NULL::INTEGER'}) AS pack
    FROM linked`,
    `SELECT *,
      coalesce(buyable, live) AS sellable,
      coalesce(buyable, live) AND ${selling} AS selling,
      CASE WHEN on_sale THEN "price.sale" ELSE "price.regular" END AS "price.effective",
      coalesce(counted, CASE WHEN buyable AND live THEN 'in_stock' WHEN NOT buyable AND live THEN 'out' END) AS availability,
      coalesce("price.customer_group" IS NULL OR lower("price.customer_group") IN ('public', 'retail', 'all groups', 'todos'), true) AS public
    FROM (%)`,
    `SELECT *,
      CASE WHEN public THEN ${comparable('"price.regular"')} END AS x_regular,
      CASE WHEN public THEN ${comparable('"price.effective"')} END AS x_effective,
      (CASE WHEN taxed = false THEN minor_unit ELSE 0 END + CASE WHEN pack > 1 THEN minor_unit ELSE 0 END)::DECIMAL(18,6) AS conversions
    FROM (%)`,
  ]
  const body = layers.reduce((inner, layer) => layer.replace('(%)', `(${inner})`))
  await engine.run(`CREATE VIEW side AS ${body}`)
  await engine.run(
    `CREATE TABLE channel AS SELECT * FROM (VALUES ${channels
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
