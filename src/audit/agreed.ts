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
import type { FieldName } from '../model/field.ts'
import { MAX_WIDE } from './boards.ts'
import { MISSING_RULE } from './causes/lacking.ts'
import { Combinations, failed } from './combinations.ts'
import type { Plan } from './compile.ts'
import { type Column, Derived, readsColumn } from './derived.ts'
import { addTallies, type CountedColumn, countOutcomes, outcomeColumns, type Tallies } from './evaluate.ts'
import { AggregateSet, PRESENT } from './pivot.ts'
import { Representatives } from './representatives.ts'
import type { SideLayers } from './side-view.ts'
import { Spread } from './spread.ts'
import { columnsOf } from './stock-tables.ts'

/** What was judged without leaving its table. */
export interface Agreed {
  /** Channels that list them. */
  readonly channels: readonly number[]
  /** Articles, each listed once in each of the channels. */
  readonly articles: number
  /** Those of them with a GTIN that links, and with a SKU that does. */
  readonly withGtin: number
  readonly withSku: number
  readonly tallies: Tallies
  /**
   * One of these articles for each combination of what a statement over `side_all` reads; null where there is no use in it. The
   * statement must read nothing of an article but its sides.
   */
  represent(sql: string): Promise<Representatives | null>
}

/** With more open articles than this share, setting the others apart costs more than it saves. */
const MOST_OPEN = 0.5

const NOTHING: Agreed = {
  channels: [],
  articles: 0,
  withGtin: 0,
  withSku: 0,
  tallies: new Map(),
  represent: () => Promise.resolve(null),
}

/**
 * Creates `listing_rows`, the listings of open articles only, out of `listing_all`, and `agreed`, the outcomes of the articles
 * set apart that are judged one by one, where there are any; that of `MISSING_RULE` always is.
 */
export async function settleAgreed(
  engine: Engine,
  store: Store,
  config: Config,
  plan: Plan,
  layers: SideLayers,
): Promise<Agreed> {
  const channels = isSettleable(store, config) ? await listingChannels(engine) : []
  if (channels.length > 1) {
    const settled = await new Settlement(engine, store, config, plan, layers, channels).run()
    if (settled !== null) return settled
  }
  await engine.run('CREATE VIEW listing_rows AS SELECT * FROM listing_all')
  return NOTHING
}

/** Channels of one market whose listings are linked by their own keys. */
function isSettleable({ channels }: Store, { identity }: Config): boolean {
  return (
    channels.length > 1 &&
    channels.length <= MAX_WIDE &&
    new Set(channels.map(({ market }) => market)).size === 1 &&
    identity.crosswalk === null &&
    Object.keys(identity.skuTemplate).length === 0
  )
}

/** What tells channels apart beside their listings: which files these are from. */
const SOURCES = ['src', 'src:price', 'src:stock'] as const

interface Listing {
  readonly ch: number
  /** Source of all the channel's listings by column: null where none has one, undefined where they differ. */
  readonly sources: Readonly<Record<(typeof SOURCES)[number], number | null | undefined>>
}

/** The channels that list anything. */
async function listingChannels(engine: Engine): Promise<readonly Listing[]> {
  const parts = SOURCES.map(
    (name, index) =>
      `min(${ident(name)}) AS low${index}, max(${ident(name)}) AS high${index}, count(${ident(name)}) AS n${index}`,
  )
  const rows = await engine.rows(
    `SELECT ch, count(*) AS n, ${parts.join(', ')} FROM listing_all GROUP BY ch ORDER BY ch`,
  )
  return rows.map((row) => {
    const sourceAt = (index: number): number | null | undefined => {
      if (row[`n${index}`] === 0) return null
      return row[`n${index}`] === row['n'] && row[`low${index}`] === row[`high${index}`]
        ? Number(row[`low${index}`])
        : undefined
    }
    return {
      ch: Number(row['ch']),
      sources: { src: sourceAt(0), 'src:price': sourceAt(1), 'src:stock': sourceAt(2) },
    }
  })
}

class Settlement {
  readonly #engine: Engine
  readonly #store: Store
  readonly #plan: Plan
  readonly #layers: SideLayers
  readonly #keys: ReturnType<typeof keySql>
  readonly #aggregates: AggregateSet
  readonly #channels: readonly Listing[]
  /** Whether any check reads a column. */
  readonly #isRead: (column: string) => boolean

  constructor(
    engine: Engine,
    store: Store,
    config: Config,
    plan: Plan,
    layers: SideLayers,
    channels: readonly Listing[],
  ) {
    this.#channels = channels
    this.#engine = engine
    this.#store = store
    this.#plan = plan
    this.#layers = layers
    this.#keys = keySql(config)
    this.#aggregates = new AggregateSet(plan.aggregates)
    const sql = [
      ...layers.flat().map(([, text]) => text),
      ...this.#aggregates.prepared().map(([, text]) => text),
      ...plan.rows.flatMap(({ outcomes }) => outcomes.map((outcome) => outcome.sql)),
      ...plan.others.flatMap(({ rule }) => (rule.on === 'category' ? rule.needs.map(ident) : [])),
    ]
    // The usual question about a text, whether it says something although there is no value, needs no text beside a value.
    const unread = /"?([\w.]+)"? IS NULL AND trim\(coalesce\("raw:\1", ''\)\) <> ''/g
    this.#isRead = readsColumn(sql.join(' ').replaceAll(unread, '"$1" "unread:$1"'))
  }

  async run(): Promise<Agreed | null> {
    const engine = this.#engine
    const isTold = SOURCES.every(
      (name) => !this.#isRead(name) || this.#channels.every(({ sources }) => sources[name] !== undefined),
    )
    if (!isTold) return null
    await engine.run(`CREATE TABLE open_item AS ${this.#differing()}`)
    if (await this.#isMostlyOpen()) return this.#giveUp()
    await this.#openSharedSkus()
    const { derived, columns } = this.#judged(await columnsOf(engine, 'listing_all'))
    const combinations = new Combinations(engine, derived, `listing_all WHERE ch = ${this.#first}`)
    const isAsked = ({ check }: CountedColumn): boolean => check.effective.rule.id === MISSING_RULE
    const prepared = await combinations.prepare(columns.filter((column) => !isAsked(column)))
    const single = [...columns.filter(isAsked), ...prepared.single]
    await engine.together([...prepared.statements, `CREATE TABLE agreed AS ${this.#singly(derived, single)}`])
    for (const failing of combinations.failing(this.#keys.item)) {
      await engine.run(
        `INSERT INTO open_item SELECT item FROM (${failing}) WHERE item NOT IN (SELECT item FROM open_item)`,
      )
    }
    await engine.run(
      `INSERT INTO open_item SELECT item FROM agreed WHERE (${failed(single)}) AND item NOT IN (SELECT item FROM open_item)`,
    )
    if (await this.#isMostlyOpen()) {
      await combinations.close()
      await engine.run('DROP TABLE agreed')
      return this.#giveUp()
    }
    await engine.run('DELETE FROM agreed WHERE item IN (SELECT item FROM open_item)')
    await this.#keepOpen()
    const [counted] = await engine.rows<{ n: number; g: number; s: number }>(
      'SELECT count(*) AS n, count(*) FILTER (item >= 0) AS g, count(*) FILTER (has_sku) AS s FROM agreed',
    )
    const tallies = await countOutcomes(engine, 'agreed', single)
    addTallies(tallies, await combinations.count(`${this.#keys.item} IN (SELECT item FROM open_item)`))
    await combinations.close()
    const articles = Number(counted?.n ?? 0)
    return {
      channels: this.#channels.map(({ ch }) => ch),
      articles,
      withGtin: Number(counted?.g ?? 0),
      withSku: Number(counted?.s ?? 0),
      tallies,
      represent: (sql) =>
        articles === 0
          ? Promise.resolve(null)
          : Representatives.pick(engine, derived, this.#settledRows, articles, sql),
    }
  }

  /** SELECT of the outcomes that are judged article by article. */
  #singly(derived: Derived, columns: readonly CountedColumn[]): string {
    return derived.select(
      ['item', 'has_sku', ...columns.map(({ name }) => name)],
      (base) => `SELECT ${base.map(ident).join(', ')} FROM ${this.#settledRows}`,
    )
  }

  /** What no source fills is written nowhere, and the engine sees that it is NULL when it plans a statement. */
  async #keepOpen(): Promise<void> {
    const { filled } = this.#store
    const columns = await this.#engine.rows<{ column_name: string; column_type: string }>('DESCRIBE listing_all')
    const names = columns.map(({ column_name }) => column_name)
    await this.#engine.run(
      `CREATE TABLE listing_open AS SELECT ${names
        .filter((name) => filled.has(name))
        .map(ident)
        .join(', ')} FROM listing_all
       WHERE ${this.#keys.item} IN (SELECT item FROM open_item)`,
    )
    const shown = columns.map(({ column_name: name, column_type: type }) =>
      filled.has(name) ? ident(name) : `CAST(NULL AS ${type}) AS ${ident(name)}`,
    )
    await this.#engine.run(`CREATE VIEW listing_rows AS SELECT ${shown.join(', ')} FROM listing_open`)
  }

  /** Listings of the articles that are not open, those of one channel. */
  get #settledRows(): string {
    return `listing_all WHERE ch = ${this.#first} AND ${this.#keys.item} NOT IN (SELECT item FROM open_item)`
  }

  /** The channel on whose listings all are judged. */
  get #first(): number {
    return this.#channels[0]?.ch ?? 0
  }

  async #giveUp(): Promise<null> {
    await this.#engine.run('DROP TABLE open_item')
    return null
  }

  /** Articles that some channel lacks, lists twice, or describes differently. */
  #differing(): string {
    const { length } = this.#channels
    const mask = this.#channels.reduce((bits, { ch }) => bits | (1 << ch), 0)
    const values = this.#comparedColumns()
    return `SELECT item FROM (SELECT ${this.#keys.item} AS item, ch,
        CASE WHEN gtin_state = 'lost_zero' THEN rid::UBIGINT ELSE hash(${values.join(', ')}) END AS h FROM listing_all)
      GROUP BY item HAVING count(*) <> ${length} OR bit_or(1::INTEGER << ch) <> ${mask} OR min(h) <> max(h)`
  }

  /** Columns that any check reads. A text that could not be read counts, one that could is told by its value. */
  #comparedColumns(): readonly string[] {
    const fields = [...this.#store.fields.keys()]
    const isCompared = (name: FieldName): boolean => this.#store.fields.has(name) && this.#isRead(name)
    const values = [
      // What is made of a text that is compared itself is equal where the text is.
      ...(isCompared('gtin') ? [] : ['gtin14', 'gtin_state']),
      ...(isCompared('sku') ? [] : ['sku_hash']),
      ...['pool_available', ...fields].filter(this.#isRead),
    ]
    return [
      ...values.map(ident),
      ...fields.filter((name) => this.#isRead(`raw:${name}`)).map((name) => ident(`raw:${name}`)),
      ...fields
        .filter((name) => this.#isRead(`unread:${name}`))
        .map((name) => `CASE WHEN ${ident(name)} IS NULL THEN ${ident(`raw:${name}`)} END`),
    ]
  }

  async #isMostlyOpen(): Promise<boolean> {
    const [open] = await this.#engine.rows<{ n: number }>('SELECT count(*) AS n FROM open_item')
    const [all] = await this.#engine.rows<{ n: number }>('SELECT count(*) AS n FROM listing_all')
    return Number(open?.n ?? 0) > (Number(all?.n ?? 0) / this.#channels.length) * MOST_OPEN
  }

  /** An article whose SKU another one has too is open. */
  async #openSharedSkus(): Promise<void> {
    const { item, sku } = this.#keys
    await this.#engine.run(
      `CREATE TABLE open_sku AS SELECT ${sku} AS s FROM listing_all WHERE ${sku} IS NOT NULL AND ${item} IN (SELECT item FROM open_item)
       UNION ALL SELECT ${sku} FROM listing_all WHERE ch = ${this.#first} AND ${sku} IS NOT NULL GROUP BY ${sku} HAVING count(*) > 1`,
    )
    await this.#engine.run(
      `INSERT INTO open_item SELECT ${item} FROM listing_all WHERE ch = ${this.#first} AND ${sku} IN (SELECT s FROM open_sku) AND ${item} NOT IN (SELECT item FROM open_item)`,
    )
    await this.#engine.run('DROP TABLE open_sku')
  }

  /** The outcomes of all checks as columns of the first channel's listings. */
  #judged(listing: ReadonlySet<string>): { derived: Derived; columns: readonly CountedColumn[] } {
    const channels = this.#channels
    const constantOf = (name: (typeof SOURCES)[number]): readonly string[] =>
      channels.map(({ sources }) => (typeof sources[name] === 'number' ? String(sources[name]) : 'NULL::INTEGER'))
    const spread = new Spread(channels.length, {
      ch: channels.map(({ ch }) => String(ch)),
      ...Object.fromEntries(SOURCES.map((name) => [name, constantOf(name)])),
    })
    const spreadAll = (columns: readonly Column[]): readonly Column[] =>
      columns.flatMap(([name, sql]) => spread.add(name, sql))
    const linked: Column[] = [...linkColumns(this.#keys), ['has_sku', `${this.#keys.sku} IS NOT NULL`]]
    const layers = this.#layers.map(spreadAll)
    const prepared = spreadAll(this.#aggregates.prepared())
    const groups = outcomeColumns(this.#plan.groups, 'g')
    const rows = outcomeColumns(this.#plan.rows, 'r')
    const judgedRows = spreadAll(rows.map(({ column, sql }) => [column, `(${sql})::UTINYINT`]))
    const wide = this.#aggregates.wide(channels.length, (channel, column) =>
      // Every channel has the article.
      column === PRESENT ? '0' : spread.nameIn(channel, column),
    )
    const judgedGroups = groups.map(({ column, sql }): Column => [column, `(${sql})::UTINYINT`])
    const columns = groups.map(({ check, column }): CountedColumn => ({ check, name: column, times: 1 }))
    for (const { check, column } of rows) {
      const names = channels.map((_, channel) => spread.nameIn(channel, column).slice(1, -1))
      for (const name of new Set(names)) {
        columns.push({ check, name, times: names.filter((one) => one === name).length })
      }
    }
    return {
      columns,
      derived: new Derived(listing, [linked, ...layers, [...prepared, ...judgedRows], wide, judgedGroups]),
    }
  }
}
