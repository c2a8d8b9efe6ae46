/**
 * Computes columns for several channels that have the same listing: once where the channel makes no difference, else once
 * for each way in which it does.
 */
import { ident } from '../engine/engine.ts'
import { type Column, SQL_NAME } from './derived.ts'

/** What stands in for the columns that tell channels apart, one text a channel. */
export type Constants = Readonly<Record<string, readonly string[]>>

export class Spread {
  readonly #channels: number
  /** Column to its name, or text, per channel; a column that is not here is the same for all. */
  readonly #own: Map<string, readonly string[]>

  constructor(channels: number, constants: Constants) {
    this.#channels = channels
    this.#own = new Map(Object.entries(constants))
  }

  /** The columns that compute `sql` under `name` for every channel. */
  add(name: string, sql: string): readonly Column[] {
    const texts = Array.from({ length: this.#channels }, (_, channel) => this.#in(channel, sql))
    const [first = sql] = texts
    if (texts.every((text) => text === first)) return [[name, first]]
    const firstWith = texts.map((text) => texts.indexOf(text))
    this.#own.set(
      name,
      firstWith.map((channel) => ident(`${channel}:${name}`)),
    )
    return [...new Set(firstWith)].map((channel) => [`${channel}:${name}`, texts[channel] ?? ''])
  }

  /** The column's name in a channel. */
  nameIn(channel: number, column: string): string {
    return this.#own.get(column)?.[channel] ?? ident(column)
  }

  #in(channel: number, sql: string): string {
    const text = sql.replaceAll(SQL_NAME, (token) => {
      if (token.startsWith("'") || token.startsWith('.')) return token
      const name = token.startsWith('"') ? token.slice(1, -1).replaceAll('""', '"') : token
      return this.#own.get(name)?.[channel] ?? token
    })
    return text === sql ? sql : folded(text)
  }
}

// Texts stand as numbers between marks while an expression is folded, so that nothing in them is taken for SQL.
const TEXT = '\u0001\\d+\u0001'
const CONSTANT = `(?:${TEXT}|TRUE|FALSE|true|false|NULL|-?\\d+(?:\\.\\d+)?|CAST\\(NULL AS \\w+\\))(?:::\\w+(?:\\(\\d+(?:,\\d+)?\\))?)?`
const CHOICE = new RegExp(`CASE (\\d+) ((?:WHEN \\d+ THEN ${CONSTANT} )+)END`, 'g')
const BRANCH = new RegExp(`WHEN (\\d+) THEN (${CONSTANT}) `, 'g')
// A comparison is one only where nothing else belongs to its sides.
const BEFORE = '(?<=^|\\(|\\bAND |\\bOR |\\bNOT |\\bWHEN )'
const AFTER = '(?=$|\\)| AND\\b| OR\\b| THEN\\b)'
const BRACKETED = new RegExp(`(?<!\\bIN )(?<![\\w"])\\((${TEXT}|TRUE|FALSE)\\)`, 'g')
const COMPARED = new RegExp(`${BEFORE}(${TEXT}) (=|<>) (${TEXT})${AFTER}`, 'g')
const LISTED = new RegExp(`${BEFORE}(${TEXT}|\\d+) IN \\(((?:${TEXT}|\\d+)(?:, (?:${TEXT}|\\d+))*)\\)${AFTER}`, 'g')
const EQUALED = /\((\d+) = (\d+)\)/g

/**
 * Settles what the channel alone decides, so that channels which differ in nothing that a column asks for have the same text.
 */
function folded(sql: string): string {
  const texts: string[] = []
  const number = (text: string): string => {
    const known = texts.indexOf(text)
    return `\u0001${known < 0 ? texts.push(text) - 1 : known}\u0001`
  }
  const truth = (is: boolean): string => (is ? 'TRUE' : 'FALSE')
  const masked = sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (token) =>
    token.startsWith("'") ? number(token) : token,
  )
  return masked
    .replaceAll(CHOICE, (whole, chosen: string, branches: string) => {
      const found = [...branches.matchAll(BRANCH)].find(([, one]) => one === chosen)
      return found?.[2] ?? whole
    })
    .replaceAll(BRACKETED, '$1')
    .replaceAll(EQUALED, (_, a: string, b: string) => truth(a === b))
    .replaceAll(COMPARED, (_, a: string, operator: string, b: string) => truth((a === b) === (operator === '=')))
    .replaceAll(LISTED, (_, one: string, list: string) => truth(list.split(', ').includes(one)))
    .replaceAll(/\u0001(\d+)\u0001/g, (_, index: string) => texts[Number(index)] ?? '')
}
