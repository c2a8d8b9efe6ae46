/**
 * Sets apart the articles that every channel lists alike. Whatever the rules compare, such an article is judged on one
 * listing for all channels, and neither linked nor joined nor put on the board: on a well-kept catalogue that is nearly
 * everything, and the rest is a small table.
 *
 * An article is alike when each channel lists it once, under a key that nothing else has, with equal values in every column
 * that any check reads, and when no check fails on it. Everything else is `open` and goes the long way.
 */
import { type Engine, ident } from '../engine/engine.ts'
import { keySql, linkColumns } from '../identity/link.ts'
import type { Store } from '../ingest/tables.ts'
import type { Config } from '../model/config.ts'
import { TAX_SUSPECT } from '../rules/check.ts'
import type { Plan } from './compile.ts'
import { countOutcomes, MAX_WIDE, outcomeColumns, type Tallies } from './evaluate.ts'
import { AggregateSet } from './pivot.ts'
import type { SideLayers } from './side-view.ts'
import { readsColumn, Spread } from './spread.ts'

/** What was judged without leaving its table. */
export interface Agreed {
  /** Articles, each listed once in every channel. */
  readonly articles: number
  /** Those of them with a GTIN that links, and with a SKU that does. */
  readonly withGtin: number
  readonly withSku: number
  readonly tallies: Tallies
}

/** With more open articles than this share, setting the others apart costs more than it saves. */
const MOST_OPEN = 0.5

const KEYS: ReadonlySet<string> = new Set(['gtin14', 'gtin_state', 'sku_hash'])

const NOTHING: Agreed = { articles: 0, withGtin: 0, withSku: 0, tallies: new Map() }

/**
 * Creates `listing_rows`, the listings of open articles only, out of `listing_all`, and `agreed`, the outcomes of the articles
 * set apart, where there are any.
 */
export async function settleAgreed(
  engine: Engine,
  store: Store,
  config: Config,
  plan: Plan,
  layers: SideLayers,
): Promise<Agreed> {
  const settled = isSettleable(store, config) ? await new Settlement(engine, store, config, plan, layers).run() : null
  if (settled !== null) return settled
  await engine.run('CREATE VIEW listing_rows AS SELECT * FROM listing_all')
  return NOTHING
}

/** Channels that are read from one file each and linked by their own keys: then a column is all that tells them apart. */
function isSettleable({ channels, sources }: Store, { identity }: Config): boolean {
  return (
    channels.length > 1 &&
    channels.length <= MAX_WIDE &&
    sources.length === channels.length &&
    channels.every((_, index) => sources[index]?.channel === index) &&
    new Set(channels.map(({ market }) => market)).size === 1 &&
    identity.crosswalk === null &&
    Object.keys(identity.skuTemplate).length === 0
  )
}

class Settlement {
  readonly #engine: Engine
  readonly #store: Store
  readonly #plan: Plan
  readonly #layers: SideLayers
  readonly #keys: ReturnType<typeof keySql>
  readonly #aggregates: AggregateSet

  constructor(engine: Engine, store: Store, config: Config, plan: Plan, layers: SideLayers) {
    this.#engine = engine
    this.#store = store
    this.#plan = plan
    this.#layers = layers
    this.#keys = keySql(config)
    this.#aggregates = new AggregateSet(plan.aggregates)
  }

  async run(): Promise<Agreed | null> {
    const engine = this.#engine
    await engine.run(`CREATE TABLE open_item AS ${this.#differing()}`)
    if (await this.#isMostlyOpen()) return this.#giveUp()
    await this.#openSharedSkus()
    const groups = outcomeColumns(this.#plan.groups, 'g')
    const rows = outcomeColumns(this.#plan.rows, 'r')
    const { select, columns } = this.#judged(groups, rows)
    await engine.run(`CREATE TABLE agreed AS ${select}`)
    const failed = columns.map(({ name }) => `${ident(name)} >= ${TAX_SUSPECT}`).join(' OR ') || 'FALSE'
    await engine.run(`INSERT INTO open_item SELECT item FROM agreed WHERE ${failed}`)
    if (await this.#isMostlyOpen()) {
      await engine.run('DROP TABLE agreed')
      return this.#giveUp()
    }
    await engine.run(`DELETE FROM agreed WHERE ${failed}`)
    await engine.run(
      `CREATE TABLE listing_rows AS SELECT * FROM listing_all WHERE ${this.#keys.item} IN (SELECT item FROM open_item)`,
    )
    const [counted] = await engine.rows<{ n: number; g: number; s: number }>(
      'SELECT count(*) AS n, count(*) FILTER (item >= 0) AS g, count(*) FILTER (has_sku) AS s FROM agreed',
    )
    return {
      articles: Number(counted?.n ?? 0),
      withGtin: Number(counted?.g ?? 0),
      withSku: Number(counted?.s ?? 0),
      tallies: await countOutcomes(engine, 'agreed', columns),
    }
  }

  async #giveUp(): Promise<null> {
    await this.#engine.run('DROP TABLE open_item')
    return null
  }

  /** Articles that some channel lacks, lists twice, or describes differently. */
  #differing(): string {
    const { length } = this.#store.channels
    const values = this.#comparedColumns()
    return `SELECT item FROM (SELECT ${this.#keys.item} AS item, ch,
        CASE WHEN gtin_state = 'lost_zero' THEN rid::UBIGINT ELSE hash(${values.join(', ')}) END AS h FROM listing_all)
      GROUP BY item HAVING count(*) <> ${length} OR bit_or(1::INTEGER << ch) <> ${2 ** length - 1} OR min(h) <> max(h)`
  }

  /** Columns that any check reads. A text that could not be read counts, one that could is told by its value. */
  #comparedColumns(): readonly string[] {
    const sql = [
      ...this.#layers.flat().map(([, text]) => text),
      ...this.#aggregates.prepared().map(([, text]) => text),
      ...this.#plan.rows.flatMap(({ outcomes }) => outcomes.map((outcome) => outcome.sql)),
    ]
    // The usual question about a text, whether it says something although there is no value, needs no text beside a value.
    const text = sql
      .join(' ')
      .replaceAll(/"?([\w.]+)"? IS NULL AND trim\(coalesce\("raw:\1", ''\)\) <> ''/g, '"$1" "unread:$1"')
    const isRead = readsColumn(text)
    const fields = [...this.#store.fields.keys()]
    const values = ['gtin14', 'gtin_state', 'sku_hash', 'pool_available', ...fields]
    return [
      ...values.filter((name) => KEYS.has(name) || isRead(name)).map(ident),
      ...fields.filter((name) => isRead(`raw:${name}`)).map((name) => ident(`raw:${name}`)),
      ...fields
        .filter((name) => isRead(`unread:${name}`))
        .map((name) => `CASE WHEN ${ident(name)} IS NULL THEN ${ident(`raw:${name}`)} END`),
      // Where a figure was added up from, says only that it was.
      ...['src:price', 'src:stock'].filter(isRead).map((name) => `${ident(name)} IS NULL`),
    ]
  }

  async #isMostlyOpen(): Promise<boolean> {
    const [open] = await this.#engine.rows<{ n: number }>('SELECT count(*) AS n FROM open_item')
    const records = this.#store.sources.reduce((sum, { file }) => sum + file.records, 0)
    return Number(open?.n ?? 0) > (records / this.#store.channels.length) * MOST_OPEN
  }

  /** An article whose SKU another one has too is open. */
  async #openSharedSkus(): Promise<void> {
    const { item, sku } = this.#keys
    await this.#engine.run(
      `CREATE TABLE open_sku AS SELECT ${sku} AS s FROM listing_all WHERE ${sku} IS NOT NULL AND ${item} IN (SELECT item FROM open_item)
       UNION ALL SELECT ${sku} FROM listing_all WHERE ch = 0 AND ${sku} IS NOT NULL GROUP BY ${sku} HAVING count(*) > 1`,
    )
    await this.#engine.run(
      `INSERT INTO open_item SELECT ${item} FROM listing_all WHERE ch = 0 AND ${sku} IN (SELECT s FROM open_sku) AND ${item} NOT IN (SELECT item FROM open_item)`,
    )
    await this.#engine.run('DROP TABLE open_sku')
  }

  /** The outcomes of all checks, article by article, on the first channel's listing. */
  #judged(
    groups: ReturnType<typeof outcomeColumns>,
    rows: ReturnType<typeof outcomeColumns>,
  ): { select: string; columns: Parameters<typeof countOutcomes>[2] } {
    const { channels, sources } = this.#store
    const spread = new Spread(channels.length, {
      ch: channels.map((_, channel) => String(channel)),
      src: channels.map((_, channel) => String(sources.find((source) => source.channel === channel)?.index ?? 0)),
    })
    const linked = linkColumns(this.#keys).map(([name, sql]) => `${sql} AS ${name}`)
    const listings = `SELECT *, ${linked.join(', ')} FROM listing_all WHERE ch = 0 AND ${this.#keys.item} NOT IN (SELECT item FROM open_item)`
    const layered = this.#layers.reduce(
      (inner, layer) => `SELECT *, ${layer.flatMap(([name, sql]) => spread.add(name, sql)).join(', ')} FROM (${inner})`,
      listings,
    )
    const prepared = this.#aggregates.prepared().flatMap(([name, sql]) => spread.add(name, sql))
    const columns = groups.map(({ check, column }) => ({ check, name: column, times: 1 }))
    const outcomes = groups.map(({ sql, column }) => `(${sql})::UTINYINT AS ${column}`)
    const judgedRows = rows.flatMap(({ sql, column, check }) => {
      const items = spread.add(column, `(${sql})::UTINYINT`)
      const names = channels.map((_, channel) => spread.nameIn(channel, column))
      for (const name of new Set(names)) {
        const times = names.filter((one) => one === name).length
        columns.push({ check, name: name.slice(1, -1), times })
      }
      return items
    })
    const rowNames = columns.slice(groups.length).map(({ name }) => ident(name))
    const sides = ['item', `${this.#keys.sku} IS NOT NULL AS has_sku`, 'market', 'rid', ...prepared, ...judgedRows]
    const board = ['item', 'has_sku', 'market', ...rowNames]
    const wide = this.#aggregates.wide(channels.length, (channel, column) => spread.nameIn(channel, column))
    return {
      columns,
      select: `SELECT ${['item', 'has_sku', ...outcomes, ...rowNames].join(', ')}
        FROM (SELECT ${[...board, ...wide].join(', ')} FROM (SELECT ${sides.join(', ')} FROM (${layered})))`,
    }
  }
}
