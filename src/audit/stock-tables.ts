/** Figures that rules on stock judge, added up in the engine: by place, by channel, by pool, by bundle. */
import { type Engine, ident, literal } from '../engine/engine.ts'
import type { InputName } from '../model/input.ts'
import type { World } from '../rules/check.ts'
import type { ParamValue } from '../rules/expression/scope.ts'
import type { StockTable } from '../rules/stock-tables.ts'
import type { FindingContext } from './finding.ts'

type Params = Readonly<Record<string, ParamValue>>

const HOUR_MS = 3_600_000
const MONTH_HOURS = 720
const MICROS_AN_HOUR = 3_600_000_000

/** SQL of a table's rows with `item`, `market`, `place` and the fields of rules; null where nothing can be added up. */
export class StockTables {
  readonly #context: FindingContext
  readonly #world: World

  constructor(context: FindingContext, world: World) {
    this.#context = context
    this.#world = world
  }

  async of(table: StockTable, params: Params): Promise<string | null> {
    switch (table) {
      case 'stock_place':
        return this.#context.store.hasStockRows ? this.#places() : null
      case 'stock_figure':
        return this.#hasTimes() ? this.#figures() : null
      case 'stock_pool':
        return this.#pools(params)
      case 'stock_bundle':
        return this.#has('bundles') ? this.#bundles(params) : null
    }
  }

  /** Whether the figures of an article come of nothing but what its own listings say. */
  isOfListings(table: StockTable): boolean {
    return table === 'stock_pool' && !this.#has('sales')
  }

  #has(input: InputName, column: string | null = null): boolean {
    return this.#world.speaksInput({ input, column })
  }

  get #now(): string {
    return `TIMESTAMP ${literal(this.#context.asOf.slice(0, 19).replace('T', ' '))}`
  }

  /** SQL of an instant's age, as rules count durations. */
  #age(instant: string): string {
    return `(epoch_us(${this.#now}) - epoch_us(${instant}))`
  }

  /** When the data of a source were taken, where the source or the configuration says so. */
  #takenAt(source: string): string {
    const known = this.#context.store.sources.filter(({ dataAsOfKnown }) => dataAsOfKnown)
    if (known.length === 0) return 'NULL::TIMESTAMP'
    const cases = known.map(
      ({ index, dataAsOf }) => `WHEN ${index} THEN epoch_ms(${Date.parse(dataAsOf)}::BIGINT)::TIMESTAMP`,
    )
    return `(CASE ${source} ${cases.join(' ')} END)`
  }

  get #owner(): string {
    return this.#world.authority('stock') ?? 'FALSE'
  }

  /** Without any time there is no age, and nothing to look through. */
  #hasTimes(): boolean {
    const { sources } = this.#context.store
    return sources.some(({ dataAsOfKnown, fields }) => dataAsOfKnown || fields.has('stock.counted_at'))
  }

  async #places(): Promise<string> {
    const { engine, store } = this.#context
    const columns = await columnsOf(engine, 'stock')
    const own = (name: string, type: string): string => (columns.has(name) ? `s.${ident(name)}` : `NULL::${type}`)
    const units = `coalesce(${own('stock.available', 'DECIMAL(18,6)')}, ${own('stock.on_hand', 'DECIMAL(18,6)')} - coalesce(${own('stock.reserved', 'DECIMAL(18,6)')}, 0))`
    const shipped = `regexp_matches(lower(coalesce(${own('raw:stock.pickup', 'VARCHAR')}, '')), 'ship')`
    const pickup = own('stock.pickup', 'BOOLEAN')
    // A figure is kept up between two counts: how old it is, the data say.
    const taken = this.#takenAt('s.src')
    const rows = `SELECT l.item, l.market, s.ch, ${own('stock.location', 'VARCHAR')} AS place, ${units} AS units,
        CASE WHEN ${units} IS NOT NULL THEN ${taken} END AS taken,
        CASE WHEN ${shipped} THEN NULL ELSE ${pickup} END AS pickup, CASE WHEN ${shipped} THEN ${pickup} END AS shipped
      FROM stock s JOIN side_all l ON l.rid = s.rid`
    const listed = store.hasLocations
      ? `LEFT JOIN (SELECT "location.code" AS code, bool_and("location.active") AS active, bool_and("location.pickup") AS pickup FROM location GROUP BY 1) c ON c.code = p.place`
      : 'LEFT JOIN (SELECT NULL::VARCHAR AS code, NULL::BOOLEAN AS active, NULL::BOOLEAN AS pickup) c ON c.code = p.place'
    const owned = `FILTER (WHERE ${this.#owner})`
    return `SELECT p.*, c.active AS "place.active", c.pickup AS "place.pickup" FROM (
        SELECT item, market, place, bool_or(pickup) AS "place.offered", bool_or(shipped) AS "place.shipped",
          coalesce(max(units) ${owned}, max(units))::DECIMAL(18,6) AS "place.available",
          ${this.#age(`coalesce(max(taken) ${owned}, max(taken))`)} AS "place.age"
        FROM (${rows}) WHERE place IS NOT NULL GROUP BY item, market, place) p ${listed}`
  }

  /** Units sold of an article per channel in 30 days. */
  #sales(): string {
    const peak = this.#has('sales', 'peak_per_hour') ? 'peak_per_hour' : `NULL::DECIMAL(18,6)`
    return `SELECT i.item, s.ch, sum(s.units30) AS units30, sum(coalesce(s.peak, s.units30 / ${MONTH_HOURS}))::DECIMAL(18,6) AS hourly
      FROM (SELECT sku, ch, units30, ${peak} AS peak FROM input_sales) s
      JOIN (SELECT DISTINCT sku, item FROM linked_all WHERE sku IN (SELECT sku FROM input_sales)) i ON i.sku = s.sku GROUP BY i.item, s.ch`
  }

  /** A channel's own sales are what empties its stock; those of all channels empty that of the owner, or of a reference. */
  async #figures(): Promise<string> {
    const counted = (await columnsOf(this.#context.engine, 'listing_all')).has('stock.counted_at')
      ? 'l."stock.counted_at"'
      : 'NULL::TIMESTAMP'
    const rows =
      this.#context.store.hasStockRows && (await columnsOf(this.#context.engine, 'stock')).has('stock.counted_at')
    const byRow = rows
      ? 'LEFT JOIN (SELECT rid, min("stock.counted_at") AS counted FROM stock WHERE rid IS NOT NULL GROUP BY rid) r ON r.rid = l.rid'
      : ''
    const erps = this.#context.store.channels.flatMap(({ kind }, index) => (kind === 'erp' ? [index] : []))
    // The conditions of owners ask for bare columns.
    const whole = `(SELECT *, (${this.#owner} OR ch IN (${[-1, ...erps].join(', ')})) AS whole FROM side_all)`
    const figure = `SELECT l.item, l.market, l.ch, l.whole, coalesce(l."stock.available", l."stock.on_hand") AS units,
        ${this.#takenAt('coalesce(l."src:stock", l.src)')} AS taken, ${rows ? `coalesce(r.counted, ${counted})` : counted} AS counted
      FROM ${whole} l ${byRow} WHERE coalesce(l."stock.available", l."stock.on_hand") IS NOT NULL AND l."stock.unlimited" IS NOT TRUE`
    const sold = this.#has('sales')
      ? `SELECT f.*, CASE WHEN f.whole THEN t.hourly ELSE c.hourly END AS hourly, t.class FROM figure f
         LEFT JOIN sale c ON c.item = f.item AND c.ch = f.ch
         LEFT JOIN (SELECT item, hourly, CASE WHEN before < 0.8 THEN 'A' WHEN before < 0.95 THEN 'B' ELSE 'C' END AS class FROM (
           SELECT item, hourly, (sum(n) OVER (ORDER BY n DESC, item ROWS UNBOUNDED PRECEDING) - n) / nullif(sum(n) OVER (), 0) AS before
           FROM (SELECT item, sum(units30) AS n, sum(hourly) AS hourly FROM sale GROUP BY item))) t ON t.item = f.item`
      : 'SELECT f.*, NULL::DECIMAL(18,6) AS hourly, NULL::VARCHAR AS class FROM figure f'
    const sale = this.#has('sales') ? `, sale AS (${this.#sales()})` : ''
    return `WITH figure AS (${figure})${sale} SELECT item, market, ch::VARCHAR AS place, ${this.#age('taken')} AS "figure.age",
        ${this.#age('counted')} AS "figure.counted", class AS "figure.class",
        CASE WHEN hourly > 0 THEN (greatest(units, 0) / hourly * ${MICROS_AN_HOUR})::BIGINT END AS "figure.cover" FROM (${sold})`
  }

  /** What the stock's owner can promise of each article. */
  get #promised(): string {
    return `SELECT item, market, max(coalesce(pool_available, "stock.available")) AS units, max("stock.on_hand") AS on_hand
      FROM side_all WHERE ${this.#owner} GROUP BY item, market`
  }

  #lagHours(): string {
    const cases = this.#context.store.channels.map(
      ({ syncLagMs }, index) => `WHEN ${index} THEN ${syncLagMs / HOUR_MS}`,
    )
    return `(CASE s.ch ${cases.join(' ')} END)`
  }

  /** Without sales only a lag that somebody declares says that there is a risk. */
  #declaredLag(): string {
    const { channels } = this.#context.store
    const cases = channels.map(
      ({ syncLagMs, syncLagDeclared }, index) =>
        `WHEN ${index} THEN ${syncLagDeclared === true ? syncLagMs / HOUR_MS : 0}`,
    )
    return `(CASE s.ch ${cases.join(' ')} END)`
  }

  #pools(params: Params): string {
    const peak = params['peak_factor']?.type === 'decimal' ? params['peak_factor'].value : '1'
    const hasSales = this.#has('sales')
    const lag = this.#lagHours()
    const units = `(s."stock.available" * coalesce(s.pack, 1))`
    const risk = `v.hourly, least(${units}, (v.hourly * ${lag} * ${peak})::DECIMAL(18,6)) AS risk`
    const exposure = hasSales
      ? 'CASE WHEN count(hourly) FILTER (WHERE sells) = count(*) FILTER (WHERE sells) THEN sum(risk) FILTER (WHERE sells) END::DECIMAL(18,6)'
      : 'NULL::DECIMAL(18,6)'
    const selling = `s.live AND s.availability = 'in_stock' AND s."stock.unlimited" IS NOT TRUE AND coalesce(s."stock.backorder", 'no') = 'no'`
    const shops = this.#context.store.channels.flatMap(({ kind }, index) => (kind === 'erp' ? [] : [index]))
    // One pass over all listings: what sells, and what the owner promises.
    const sides = `SELECT *, (${this.#world.sharesStock}) AS mate, (${this.#owner}) AS master FROM side_all`
    const sold = `SELECT s.item, s.market, s.ch, s.master, coalesce(s.mate AND ${selling} AND s.ch IN (${[-1, ...shops].join(', ')}), FALSE) AS sells,
        ${units} AS units, ${this.#declaredLag()} AS lag, ${hasSales ? `${risk}, ` : ''}coalesce(s.pool_available, s."stock.available") AS promised
      FROM (${sides}) s ${hasSales ? 'LEFT JOIN sale v ON v.item = s.item AND v.ch = s.ch' : ''}`
    return `${hasSales ? `WITH sale AS (${this.#sales()}) ` : ''}SELECT item, market, NULL::VARCHAR AS place,
        bit_count(bit_or(1::BIGINT << ch) FILTER (WHERE sells))::BIGINT AS "pool.channels", (sum(units) FILTER (WHERE sells))::DECIMAL(18,6) AS "pool.published",
        (max(lag) FILTER (WHERE sells) * ${MICROS_AN_HOUR})::BIGINT AS "pool.lag",
        ${exposure} AS "pool.exposure",
        max(promised) FILTER (WHERE master) AS "pool.units", ${this.#isOwned} AS "stock.owned"
      FROM (${sold}) WHERE sells OR master GROUP BY item, market HAVING bool_or(sells)`
  }

  get #isOwned(): string {
    return String(this.#world.authority('stock') !== null)
  }

  #bundles(params: Params): string {
    const buffer = params['buffer']?.type === 'decimal' ? params['buffer'].value : '0'
    const item = (column: string): string =>
      `(SELECT sku, min(item) AS item FROM linked_all WHERE sku IN (SELECT ${column} FROM input_bundles) GROUP BY sku)`
    const shops = this.#context.store.channels.flatMap(({ kind }, index) => (kind === 'erp' ? [] : [index]))
    const offers = `SELECT item, market, max("stock.available" * coalesce(pack, 1)) AS published FROM side_all
      WHERE live AND "stock.unlimited" IS NOT TRUE AND coalesce("stock.backorder", 'no') = 'no' AND NOT (${this.#owner}) AND ch IN (${[-1, ...shops].join(', ')})
        AND item IN (SELECT item FROM part) GROUP BY item, market`
    return `WITH part AS (SELECT b.item, c.item AS component, r.quantity FROM input_bundles r
          JOIN ${item('sku')} b ON b.sku = r.sku LEFT JOIN ${item('component')} c ON c.sku = r.component),
        promised AS (${this.#promised}), offer AS (${offers})
      SELECT o.item, o.market, NULL::VARCHAR AS place, o.published AS "bundle.published", ${this.#isOwned} AS "stock.owned",
        CASE WHEN count(p.units) = count(*) THEN min(floor(greatest(p.units - ${buffer}, 0) / nullif(part.quantity, 0))) + coalesce(max(k.on_hand), 0) END::DECIMAL(18,6) AS "bundle.possible"
      FROM offer o JOIN part ON part.item = o.item LEFT JOIN promised p ON p.item = part.component AND p.market = o.market
        LEFT JOIN promised k ON k.item = o.item AND k.market = o.market GROUP BY o.item, o.market, o.published`
  }
}

export async function columnsOf(engine: Engine, table: string): Promise<ReadonlySet<string>> {
  const rows = await engine.rows<{ column_name: string }>(`DESCRIBE ${table}`)
  return new Set(rows.map(({ column_name }) => column_name))
}
