/**
 * Judges each combination of values once. Most checks of an article read a few columns, such as price, state and stock, in
 * which a large catalogue has few combinations; a check that reads a name or a code goes article by article.
 */
import { type Engine, ident } from '../engine/engine.ts'
import { TAX_SUSPECT } from '../rules/check.ts'
import type { Derived } from './derived.ts'
import { addTallies, type CountedColumn, countOutcomes, type Tallies } from './evaluate.ts'

/** Rows that are looked at before it is said whether some columns have few combinations. */
const SAMPLE = 4096

/** Of so many rows that are looked at, a combination has to stand for two of them. */
const FEW = SAMPLE / 2

/** Two sets of columns with no more combinations together than this are taken as one. */
const FEW_TOGETHER = 256

const COUNT = 'combination:n'

interface Shared {
  /** Columns of the base that the checks read. */
  readonly on: readonly string[]
  readonly columns: readonly CountedColumn[]
}

interface Combined extends Shared {
  readonly table: string
  /** Those of `on` that have any value, in the order of the table's keys. */
  readonly keys: readonly string[]
}

export class Combinations {
  readonly #engine: Engine
  readonly #derived: Derived
  /** The rows that are judged: a FROM clause without its word. */
  readonly #rows: string
  readonly #combined: Combined[] = []

  constructor(engine: Engine, derived: Derived, rows: string) {
    this.#engine = engine
    this.#derived = derived
    this.#rows = rows
  }

  /**
   * Says how what can be is judged by combination, over all rows.
   *
   * @returns Statements that do it, none of which needs another one, and the columns that have to be judged row by row.
   */
  async prepare(
    columns: readonly CountedColumn[],
  ): Promise<{ readonly statements: readonly string[]; readonly single: readonly CountedColumn[] }> {
    const statements: string[] = []
    const sets = this.#bySet(columns)
    const { few, single } = await this.#shareOut(sets)
    const empty = await this.#emptyColumns(few)
    for (const [index, shared] of few.entries()) {
      const table = `combination_${index}`
      const keys = shared.on.filter((name) => !empty.has(name))
      const key = keys.map((name, at) => `${ident(name)} AS ${keyName(at)}`)
      const nothing = shared.on
        .filter((name) => empty.has(name))
        .map((name) => `any_value(${ident(name)}) AS ${ident(name)}`)
      const names = [...keys.map((_, at) => `combination:${at}`), COUNT, ...shared.columns.map(({ name }) => name)]
      const grouped = keys.length === 0 ? '' : ` GROUP BY ${keys.map(ident).join(', ')}`
      const select = this.#derived.select(names, (base) => {
        const read = base.filter((name) => keys.includes(name)).map(ident)
        return `SELECT ${[...read, ...key, ...nothing, `count(*) AS ${ident(COUNT)}`].join(', ')} FROM ${this.#rows}${grouped}`
      })
      statements.push(`CREATE TABLE ${table} AS ${select}`)
      this.#combined.push({ ...shared, table, keys })
    }
    return { statements, single }
  }

  /** SELECTs of the rows' `item` whose combination fails any check. */
  failing(item: string): readonly string[] {
    return this.#combined.map(
      ({ table, columns, keys }) =>
        `SELECT ${item} AS item FROM (SELECT * FROM ${this.#rows}) r SEMI JOIN (SELECT * FROM ${table} WHERE ${failed(columns)}) c ON ${same(keys)}`,
    )
  }

  /** Counts the outcomes of all rows but some. @param without - Condition on the rows. */
  async count(without: string): Promise<Tallies> {
    const tallies: Tallies = new Map()
    const read = [...new Set(this.#combined.flatMap(({ keys }) => keys))]
    await this.#engine.run(
      `CREATE TEMP TABLE combination_without AS SELECT ${['rid', ...read].map(ident).join(', ')} FROM (SELECT * FROM ${this.#rows}) WHERE ${without}`,
    )
    for (const { table, columns, keys } of this.#combined) {
      const names = columns.map(({ name }) => ident(name)).join(', ')
      const relation = `(SELECT ${names}, ${ident(COUNT)} AS w FROM ${table} UNION ALL SELECT ${names}, -1 FROM combination_without r JOIN ${table} c ON ${same(keys)})`
      addTallies(tallies, await countOutcomes(this.#engine, relation, columns, 'sum(w)'))
    }
    return tallies
  }

  async close(): Promise<void> {
    for (const { table } of this.#combined) await this.#engine.run(`DROP TABLE IF EXISTS ${table}`)
    await this.#engine.run('DROP TABLE IF EXISTS combination_without')
  }

  /** Checks by the columns that they read. */
  #bySet(columns: readonly CountedColumn[]): readonly Shared[] {
    const sets = new Map<string, { on: readonly string[]; columns: CountedColumn[] }>()
    for (const column of columns) {
      const on = [...this.#derived.reads(column.name)].toSorted()
      const known = sets.get(on.join())
      if (known === undefined) sets.set(on.join(), { on, columns: [column] })
      else known.columns.push(column)
    }
    return [...sets.values()]
  }

  async #shareOut(sets: readonly Shared[]): Promise<{ few: readonly Shared[]; single: readonly CountedColumn[] }> {
    const read = [...new Set(sets.flatMap(({ on }) => on))]
    await this.#engine.run(
      `CREATE TEMP TABLE combination_sample AS SELECT ${['rid', ...read].map(ident).join(', ')} FROM ${this.#rows} LIMIT ${SAMPLE}`,
    )
    const counts = await this.#countSample(sets.map(({ on }) => on))
    const known = sets
      .map((set, index) => ({ ...set, count: counts[index] ?? SAMPLE }))
      .toSorted((a, b) => b.count - a.count)
    const few: { on: readonly string[]; columns: CountedColumn[]; count: number }[] = []
    const single: CountedColumn[] = []
    for (const set of known) {
      if (set.count > FEW) single.push(...set.columns)
      else await this.#addTo(few, set)
    }
    await this.#engine.run('DROP TABLE combination_sample')
    return { few, single }
  }

  /** Takes a set together with the first one that has hardly more combinations with it than without. */
  async #addTo(
    few: { on: readonly string[]; columns: CountedColumn[]; count: number }[],
    set: Shared & { readonly count: number },
  ): Promise<void> {
    const unions = few.map(({ on }) => [...new Set([...on, ...set.on])])
    const counts = await this.#countSample(unions)
    const at = few.findIndex(
      ({ count }, index) => (counts[index] ?? SAMPLE) <= Math.max(FEW_TOGETHER, count, set.count),
    )
    const found = few[at]
    if (found === undefined) {
      few.push({ on: set.on, columns: [...set.columns], count: set.count })
      return
    }
    few[at] = {
      on: unions[at] ?? found.on,
      columns: [...found.columns, ...set.columns],
      count: counts[at] ?? found.count,
    }
  }

  /** Combinations of each set of columns in the sample. */
  async #countSample(sets: readonly (readonly string[])[]): Promise<readonly number[]> {
    if (sets.length === 0) return []
    const counts = sets.map((on, index) => {
      const distinct = on.length === 0 ? '1' : `count(DISTINCT hash(${on.map(ident).join(', ')}))`
      return `${distinct} AS n${index}`
    })
    const [row] = await this.#engine.rows(`SELECT ${counts.join(', ')} FROM combination_sample`)
    return sets.map((_, index) => Number(row?.[`n${index}`] ?? SAMPLE))
  }

  /** Columns that have no value in any row. */
  async #emptyColumns(sets: readonly Shared[]): Promise<ReadonlySet<string>> {
    const read = [...new Set(sets.flatMap(({ on }) => on))]
    if (read.length === 0) return new Set()
    const counts = read.map((name, index) => `count(${ident(name)}) AS n${index}`)
    const [row] = await this.#engine.rows(`SELECT ${counts.join(', ')} FROM ${this.#rows}`)
    return new Set(read.filter((_, index) => Number(row?.[`n${index}`] ?? 1) === 0))
  }
}

/** Whether any check fails. */
export function failed(columns: readonly CountedColumn[]): string {
  return columns.map(({ name }) => `${ident(name)} >= ${TAX_SUSPECT}`).join(' OR ') || 'FALSE'
}

function keyName(at: number): string {
  return ident(`combination:${at}`)
}

function same(keys: readonly string[]): string {
  return keys.map((name, at) => `r.${ident(name)} IS NOT DISTINCT FROM c.${keyName(at)}`).join(' AND ') || 'TRUE'
}
