/**
 * Computes columns for several channels that have the same listing: once where the channel makes no difference, else once
 * for each way in which it does.
 */
import { ident } from '../engine/engine.ts'

/** What stands in for the columns that tell channels apart, one text a channel. */
export type Constants = Readonly<Record<string, readonly string[]>>

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\.?[A-Za-z_]\w*/g

export class Spread {
  readonly #channels: number
  /** Column to its name, or text, per channel; a column that is not here is the same for all. */
  readonly #own: Map<string, readonly string[]>

  constructor(channels: number, constants: Constants) {
    this.#channels = channels
    this.#own = new Map(Object.entries(constants))
  }

  /** Select items that compute `sql` under `name` for every channel. */
  add(name: string, sql: string): readonly string[] {
    const texts = Array.from({ length: this.#channels }, (_, channel) => this.#in(channel, sql))
    const [first = sql] = texts
    if (texts.every((text) => text === first)) return [`(${first}) AS ${ident(name)}`]
    const firstWith = texts.map((text) => texts.indexOf(text))
    this.#own.set(
      name,
      firstWith.map((channel) => ident(`${channel}:${name}`)),
    )
    return [...new Set(firstWith)].map((channel) => `(${texts[channel]}) AS ${ident(`${channel}:${name}`)}`)
  }

  /** The column's name in a channel. */
  nameIn(channel: number, column: string): string {
    return this.#own.get(column)?.[channel] ?? ident(column)
  }

  #in(channel: number, sql: string): string {
    return sql.replaceAll(TOKEN, (token) => {
      if (token.startsWith("'") || token.startsWith('.')) return token
      const name = token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token
      return this.#own.get(name)?.[channel] ?? token
    })
  }
}

/** Whether a statement's part reads a column. */
export function readsColumn(sql: string): (column: string) => boolean {
  const names = new Set(
    [...sql.matchAll(TOKEN)].flatMap(([token]) =>
      token.startsWith("'") ? [] : [token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token],
    ),
  )
  return (column) => names.has(column)
}
