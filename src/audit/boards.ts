/** The board: one row per article with what the checks read of its sides, made in the way that costs least for so many. */
import type { Engine } from '../engine/engine.ts'
import type { Column } from './derived.ts'
import { type AggregateSet, PRESENT, wideName } from './pivot.ts'

/** More channels than this make the wide row too wide to be worth it. */
export const MAX_WIDE = 12

/** Fewer listings than this are grouped faster than a statement with every channel's columns is planned. */
const MIN_WIDE = 20_000

/** Up to so many it costs less to keep what is prepared of each side than to plan how it is prepared in each channel. */
const MAX_KEPT = 150_000

export class Boards {
  readonly #engine: Engine
  readonly #aggregates: AggregateSet
  readonly #channels: number
  /** SQL of the market, where there is one only. */
  readonly #market: string | null

  constructor(engine: Engine, aggregates: AggregateSet, channels: number, market: string | null) {
    this.#engine = engine
    this.#aggregates = aggregates
    this.#channels = channels
    this.#market = market
  }

  /**
   * Creates the table `verdict`.
   *
   * @param judge - SELECT of the outcomes over a board.
   * @param beside - Statements to be run at the same time, which need nothing of this.
   */
  async judge(judge: (board: string) => string, beside: readonly string[]): Promise<void> {
    const engine = this.#engine
    const create = (board: string): string => `CREATE TABLE verdict AS ${judge(board)}`
    const [counted] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM listing_rows')
    const listings = counted?.n ?? 0
    if (this.#market === null || this.#channels > MAX_WIDE || listings <= MIN_WIDE) {
      await engine.together([create(this.#grouped(this.#prepared('side'))), ...beside])
      return
    }
    await engine.run(
      `CREATE TABLE several AS SELECT DISTINCT item FROM (SELECT item FROM linked WHERE rid IN (SELECT xrid FROM link_exception) GROUP BY item, ch HAVING count(*) > 1)`,
    )
    const those = 'WHERE item IN (SELECT item FROM several)'
    if (listings > MAX_KEPT) {
      await engine.together([create(this.#wide(this.#prepared('side'), this.#market)), ...beside])
      // Of a condition the engine would see only after it has prepared the columns of all sides.
      await engine.run(`CREATE TABLE side_several AS SELECT * FROM side ${those}`)
      await this.#addSeveral(judge, this.#prepared('side_several'))
      await engine.run('DROP TABLE side_several')
      return
    }
    const kept = await this.#keep(beside)
    await engine.run(create(this.#wide(`SELECT * FROM (${kept})`, this.#market)))
    await this.#addSeveral(judge, `SELECT * FROM (${kept}) ${those}`)
    await engine.run('DROP TABLE IF EXISTS prepared_0; DROP TABLE IF EXISTS prepared_1')
  }

  /** Adds the articles that a channel lists several times. */
  async #addSeveral(judge: (board: string) => string, sides: string): Promise<void> {
    const [several] = await this.#engine.rows<{ n: number }>('SELECT count(*) AS n FROM several')
    if (several?.n !== 0) await this.#engine.run(`INSERT INTO verdict ${judge(this.#grouped(sides))}`)
  }

  /**
   * Keeps what is prepared of all sides, in two tables with about as many each: of one channel's the engine works on so many
   * at a time that a core would idle.
   *
   * @returns SELECT of them all.
   */
  async #keep(beside: readonly string[]): Promise<string> {
    const rows = await this.#engine.rows<{ ch: number; n: number }>(
      'SELECT ch, count(*) AS n FROM listing_rows GROUP BY ch ORDER BY n DESC, ch',
    )
    const halves = [
      { channels: [] as number[], n: 0 },
      { channels: [] as number[], n: 0 },
    ]
    for (const { ch, n } of rows) {
      const smaller = halves.reduce((least, half) => (half.n < least.n ? half : least))
      smaller.channels.push(ch)
      smaller.n += Number(n)
    }
    const statements = halves.flatMap(({ channels }, index) =>
      channels.length === 0
        ? []
        : [
            `CREATE TABLE prepared_${index} AS ${this.#prepared(`(SELECT * FROM side WHERE ch IN (${channels.join(', ')}))`)}`,
          ],
    )
    await this.#engine.together([...statements, ...beside])
    return statements.map((_, index) => `SELECT * FROM prepared_${index}`).join(' UNION ALL ')
  }

  /** What the aggregates read, of each side. */
  #prepared(from: string): string {
    const columns = this.#aggregates.prepared().map(([name, sql]) => `(${sql}) AS ${name}`)
    return `SELECT ${['item', 'market', 'ch', 'rid', ...columns].join(', ')} FROM ${from}`
  }

  /** One row per article by grouping its sides: right whatever the number of listings per channel. */
  #grouped(sides: string): string {
    const head = [
      `item`,
      `${this.#market ?? 'market'} AS market`,
      'count(*) AS sides',
      'bit_or(1::BIGINT << ch) AS channels',
    ]
    const by = this.#market === null ? 'item, market' : 'item'
    return `SELECT ${[...head, ...items(this.#aggregates.grouped())].join(', ')} FROM (${sides}) GROUP BY ${by}`
  }

  /** One row per article with at most one listing per channel, every channel's values side by side. */
  #wide(sides: string, market: string): string {
    const channels = this.#channels
    const own = Array.from({ length: channels }, (_, channel) => {
      const select = [PRESENT, ...this.#aggregates.prepared().map(([name]) => name)].map(
        (name) => `${name} AS ${wideName(channel, name)}`,
      )
      return `(SELECT item AS i${channel}, ${select.join(', ')} FROM (${sides}) WHERE ch = ${channel} AND item NOT IN (SELECT item FROM several))`
    })
    const joined = own.reduce((left, right, channel) => {
      if (channel === 0) return right
      const item =
        channel === 1 ? 'i0' : `coalesce(${Array.from({ length: channel }, (_, index) => `i${index}`).join(', ')})`
      return `${left} FULL JOIN ${right} ON ${item} = i${channel}`
    })
    const present = Array.from({ length: channels }, (_, channel) => `(i${channel} IS NOT NULL)::INTEGER`)
    const head = [
      `coalesce(${Array.from({ length: channels }, (_, channel) => `i${channel}`).join(', ')}) AS item`,
      `${market} AS market`,
      `${present.join(' + ')} AS sides`,
      `(${present.map((one, channel) => `(${one}::BIGINT << ${channel})`).join(' | ')}) AS channels`,
    ]
    return `SELECT ${[...head, ...items(this.#aggregates.wide(channels))].join(', ')} FROM ${joined}`
  }
}

function items(columns: readonly Column[]): readonly string[] {
  return columns.map(([name, sql]) => `${sql} AS ${name}`)
}
