/**
 * Prints aggregates over the sides of an article in two ways: for grouping, right whatever the number of listings per
 * channel, and as plain expressions over one wide row with every channel's values side by side, which is several times
 * faster where each channel has at most one.
 *
 * What the aggregates are taken of, and their filters, are computed once per side as columns of their own: repeated in
 * place they would grow beyond what the engine can plan.
 */
import { ident } from '../engine/engine.ts'
import type { Column } from './derived.ts'

const CALL = /\b(min|max|count|sum|bool_or|bool_and|bit_or|any_value)\(/y
const FILTER = /^\s*FILTER\s*\(\s*(?:WHERE\b)?/

/** Column of the prepared side that says that there is a side at all. */
export const PRESENT = 'rid'

interface Call {
  readonly name: string
  /** Prepared column; null for `count(*)`. */
  readonly argument: string | null
  /** Prepared column; null without a filter. */
  readonly filter: string | null
}

type Part = string | Call

export class AggregateSet {
  readonly #prepared = new Map<string, string>()
  readonly #templates: readonly (readonly [alias: string, parts: readonly Part[]])[]

  constructor(aggregates: readonly (readonly [alias: string, sql: string])[]) {
    this.#templates = aggregates.map(([alias, sql]) => [alias, this.#parse(sql)])
  }

  /** Columns over `side` that the aggregates read. */
  prepared(): readonly Column[] {
    return [...this.#prepared].map(([sql, name]) => [name, sql])
  }

  /** Columns over grouped prepared sides. */
  grouped(): readonly Column[] {
    return this.#printed((call) => {
      const filter = call.filter === null ? '' : ` FILTER (WHERE ${call.filter})`
      return `${call.name}(${call.argument ?? '*'})${filter}`
    })
  }

  /** Columns over a wide row of prepared sides; `nameOf` gives a channel's column, which several may share. */
  wide(channels: number, nameOf: NameOf = wideName): readonly Column[] {
    return this.#printed((call) => overChannels(call, channels, nameOf))
  }

  #printed(print: (call: Call) => string): readonly Column[] {
    return this.#templates.map(([alias, parts]) => [
      alias,
      parts.map((part) => (typeof part === 'string' ? part : print(part))).join(''),
    ])
  }

  #parse(sql: string): readonly Part[] {
    const parts: Part[] = []
    let plain = ''
    for (let at = 0; at < sql.length; ) {
      const quote = quoted(sql, at)
      const found = quote === null ? callAt(sql, at) : null
      if (found === null) {
        const text = quote ?? sql[at] ?? ''
        plain += text
        at += text.length
        continue
      }
      parts.push(plain, {
        name: found.name,
        argument: this.#prepare(found.argument, '*'),
        filter: this.#prepare(found.filter, 'TRUE'),
      })
      plain = ''
      at = found.end
    }
    return [...parts, plain]
  }

  #prepare(sql: string, nothing: string): string | null {
    const text = sql.trim()
    if (text === nothing) return null
    const known = this.#prepared.get(text)
    if (known !== undefined) return known
    const name = `p${this.#prepared.size}`
    this.#prepared.set(text, name)
    return name
  }
}

type NameOf = (channel: number, column: string) => string

/** Name of a channel's column in the wide row. */
export function wideName(channel: number, column: string): string {
  return ident(`${channel}:${column}`)
}

function quoted(sql: string, at: number): string | null {
  const quote = sql[at]
  if (quote !== "'" && quote !== '"') return null
  const pattern = quote === "'" ? /'(?:[^']|'')*'/y : /"(?:[^"]|"")*"/y
  pattern.lastIndex = at
  return pattern.exec(sql)?.[0] ?? null
}

function callAt(sql: string, at: number): { name: string; argument: string; filter: string; end: number } | null {
  if (at > 0 && /[\w".]/.test(sql[at - 1] ?? '')) return null
  CALL.lastIndex = at
  const name = CALL.exec(sql)?.[1]
  if (name === undefined) return null
  const open = at + name.length
  const close = closing(sql, open)
  const argument = sql.slice(open + 1, close)
  const rest = sql.slice(close + 1)
  if (!FILTER.test(rest)) return { name, argument, filter: 'TRUE', end: close + 1 }
  const start = close + 1 + rest.indexOf('(')
  const end = closing(sql, start)
  return { name, argument, filter: sql.slice(start + 1, end).replace(/^\s*WHERE\b/, ''), end: end + 1 }
}

/** Position of the bracket that closes the one at `open`. */
function closing(sql: string, open: number): number {
  let depth = 0
  for (let at = open; at < sql.length; at++) {
    const quote = quoted(sql, at)
    if (quote !== null) at += quote.length - 1
    else if (sql[at] === '(') depth++
    else if (sql[at] === ')' && --depth === 0) return at
  }
  throw new Error(`unbalanced brackets in: ${sql}`)
}

function overChannels(call: Call, channels: number, nameOf: NameOf): string {
  const values = Array.from({ length: channels }, (_, channel) => valueIn(call, channel, nameOf))
  const distinct = [...new Set(values)]
  switch (call.name) {
    case 'min':
    case 'bool_and':
      return combined('least', distinct)
    case 'max':
    case 'bool_or':
      return combined('greatest', distinct)
    case 'any_value':
      return `coalesce(${distinct.join(', ')})`
    case 'count':
      return `(${times(values, (value) => `(${value} IS NOT NULL)::INTEGER`)})`
    case 'bit_or':
      return `(${distinct.map((value) => `coalesce(${value}, 0)`).join(' | ')})`
    default:
      return `(${times(values, (value) => `coalesce(${value}, 0)`)})`
  }
}

/** Sum over the channels, each distinct value computed once. */
function times(values: readonly string[], print: (value: string) => string): string {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].map(([value, count]) => (count === 1 ? print(value) : `${count} * ${print(value)}`)).join(' + ')
}

function combined(name: 'least' | 'greatest', values: readonly string[]): string {
  return values.length === 1 ? `(${values[0]})` : `${name}(${values.join(', ')})`
}

/** The channel's own value; NULL where it has no listing, which its columns are then too, or the filter leaves it out. */
function valueIn(call: Call, channel: number, nameOf: NameOf): string {
  const argument = nameOf(channel, call.argument ?? PRESENT)
  return call.filter === null ? argument : `CASE WHEN ${nameOf(channel, call.filter)} THEN ${argument} END`
}
