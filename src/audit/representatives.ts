/**
 * One article for each combination of values among those that all channels list alike: what a statement says of it, it says
 * of all the others that share the combination.
 */
import { type Engine, ident } from '../engine/engine.ts'
import { type Derived, namesIn } from './derived.ts'

/** A combination has to stand for so many articles on average. */
const WORTH = 4

const TABLE = 'representative'

/** What a statement over sides has in any case. */
const OF_ANY_SIDE: ReadonlySet<string> = new Set(['item', 'market', 'ch', 'rid'])

export class Representatives {
  readonly #engine: Engine
  readonly #rows: string
  readonly #keys: readonly string[]

  private constructor(engine: Engine, rows: string, keys: readonly string[]) {
    this.#engine = engine
    this.#rows = rows
    this.#keys = keys
  }

  /**
   * @param rows - The listings of one channel, a FROM clause without its word.
   * @param sql - The statement. Of an article it must read nothing but what the article's sides say, beside its id.
   * @returns Null where combinations are too many to be worth it.
   */
  static async pick(
    engine: Engine,
    derived: Derived,
    rows: string,
    articles: number,
    sql: string,
  ): Promise<Representatives | null> {
    const names = namesIn(sql).filter((name) => derived.has(name) && !OF_ANY_SIDE.has(name))
    const keys = [...new Set(names.flatMap((name) => [...derived.reads(name)]))]
    const listings = derived.select(['item', ...keys], (base) => `SELECT ${base.map(ident).join(', ')} FROM ${rows}`)
    await engine.run(
      `CREATE TEMP TABLE ${TABLE} AS SELECT min(item) AS item, count(*) AS n${keys.map((key) => `, ${ident(key)}`).join('')}
       FROM (${listings}) GROUP BY ALL`,
    )
    const [picked] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${TABLE}`)
    const own = new Representatives(engine, `(${listings})`, keys)
    if (Number(picked?.n ?? 0) * WORTH <= articles) return own
    await own.close()
    return null
  }

  /** In place of `side_all`: the sides of open articles, and those of the ones that stand for others. */
  get sides(): string {
    return `(SELECT * FROM side UNION ALL SELECT * FROM side_all WHERE item IN (SELECT item FROM ${TABLE}))`
  }

  /** SQL of the number of articles that a row with `item` stands for. */
  weigh(table: string): string {
    return `(SELECT t.*, coalesce(r.n, 1) AS weight FROM ${table} t LEFT JOIN ${TABLE} r ON r.item = t.item)`
  }

  /** Adds to the table a row for each article that shares the combination of one that is in it. */
  async expand(table: string, condition: string): Promise<void> {
    const same = this.#keys.map((key) => `r.${ident(key)} IS NOT DISTINCT FROM o.${ident(key)}`).join(' AND ')
    await this.#engine.run(
      `INSERT INTO ${table} SELECT t.* REPLACE (o.item AS item) FROM ${table} t JOIN ${TABLE} r ON r.item = t.item
       JOIN ${this.#rows} o ON ${same || 'TRUE'} WHERE ${condition} AND o.item <> r.item`,
    )
  }

  async close(): Promise<void> {
    await this.#engine.run(`DROP TABLE ${TABLE}`)
  }
}
