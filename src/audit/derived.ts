/** Columns that are computed of others, level by level, and the statements that compute only some of them. */
import { ident } from '../engine/engine.ts'

/** A column and the expression that computes it. */
export type Column = readonly [name: string, sql: string]

/** Texts, quoted names, and words of SQL; what stands behind a dot belongs to what is before it. */
export const SQL_NAME = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\.?[A-Za-z_]\w*/g

/** Whether a statement's part reads a column. */
export function readsColumn(sql: string): (column: string) => boolean {
  const names = new Set(namesIn(sql))
  return (column) => names.has(column)
}

/** Every word that may be a column's name. */
export function namesIn(sql: string): readonly string[] {
  return [...sql.matchAll(SQL_NAME)].flatMap(([token]) => {
    if (token.startsWith("'")) return []
    return [token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token]
  })
}

interface Level {
  readonly columns: ReadonlyMap<string, { readonly sql: string; readonly reads: readonly string[] }>
}

export class Derived {
  readonly #known: ReadonlySet<string>
  readonly #levels: readonly Level[]

  /** A column may read those of the base and of the levels before its own. */
  constructor(base: ReadonlySet<string>, levels: readonly (readonly Column[])[]) {
    const known = new Set(base)
    this.#known = known
    this.#levels = levels.map((level) => {
      const columns = new Map(
        level.map(([name, sql]) => [name, { sql, reads: [...new Set(namesIn(sql))].filter((one) => known.has(one)) }]),
      )
      for (const [name] of level) known.add(name)
      return { columns }
    })
  }

  /** Whether a name is a column, of the base or computed. */
  has(name: string): boolean {
    return this.#known.has(name)
  }

  /** Columns of the base that a column is computed of. */
  reads(column: string): ReadonlySet<string> {
    return this.#down([column]).base
  }

  /** Computes columns over what `from` gives: a SELECT of the columns that they need of the base; other names are passed on. */
  select(columns: readonly string[], from: (base: readonly string[]) => string): string {
    const { base, steps } = this.#down(columns)
    const inner = steps.reduceRight(
      (relation, step) => `(SELECT ${step.join(', ')} FROM ${relation})`,
      `(${from([...base])})`,
    )
    return `SELECT ${columns.map(ident).join(', ')} FROM ${inner}`
  }

  /** What is asked of each level that has anything to compute, the last one first. */
  #down(columns: readonly string[]): { base: ReadonlySet<string>; steps: readonly (readonly string[])[] } {
    let wanted = new Set(columns)
    const steps: string[][] = []
    for (const level of this.#levels.toReversed()) {
      const own = [...wanted].filter((name) => level.columns.has(name))
      if (own.length === 0) continue
      const passed = [...wanted].filter((name) => !level.columns.has(name))
      steps.push([
        ...passed.map(ident),
        ...own.map((name) => `(${level.columns.get(name)?.sql ?? ''}) AS ${ident(name)}`),
      ])
      wanted = new Set([...passed, ...own.flatMap((name) => level.columns.get(name)?.reads ?? [])])
    }
    return { base: wanted, steps }
  }
}
