/** What a rule compiles to: expressions over one table, so that all checks of a table run in one scan. */

import { fail } from '../diagnostics/diagnostic.ts'
import { ident, literal } from '../engine/engine.ts'
import { type ChannelConfig, UNKNOWN_CURRENCY } from '../model/config.ts'
import type { FieldName } from '../model/field.ts'
import { isFieldName } from '../model/field.ts'
import type { InputNeed } from '../model/input.ts'
import { UNKNOWN_REASONS, type UnknownReason } from '../model/report.ts'
import type { Expr } from './expression/ast.ts'
import { compileAnswer, compileCondition, compileExpression } from './expression/compile.ts'
import type { ParamValue, Scope, SqlExpr } from './expression/scope.ts'
import { COMPUTED, MADE_OF, ruleFieldNames, ruleFieldType } from './fields.ts'
import { familyOf, type Rule } from './rule.ts'

/** Outcomes are small integers in the engine. */
export const NOT_APPLICABLE = 0
export const PASS = 1
/** A gap that equals a tax rate: a finding or unknown, decided when all gaps are known. */
export const TAX_SUSPECT = 50
/** Fails with the code at position n of the rule's codes: FAIL + n. */
export const FAIL = 100

const UNKNOWN = 10

export function unknown(reason: UnknownReason): number {
  return UNKNOWN + UNKNOWN_REASONS.indexOf(reason)
}

export function reasonOf(outcome: number): UnknownReason | null {
  return outcome >= UNKNOWN && outcome < UNKNOWN + UNKNOWN_REASONS.length
    ? (UNKNOWN_REASONS[outcome - UNKNOWN] ?? null)
    : null
}

export type Domain = 'catalog' | 'price' | 'stock' | 'promotion'

/** What somebody has to be right about for the rule. */
export function domainOf(rule: Pick<Rule, 'id' | 'on'>): Domain {
  const family = familyOf(rule)
  if (family === 'price' || family === 'stock' || family === 'promotion') return family
  return rule.on === 'price' || rule.on === 'stock' || rule.on === 'promotion' ? rule.on : 'catalog'
}

/** What checks may know of the audit they are compiled for. */
export interface World {
  readonly channels: readonly ChannelConfig[]
  /** Path of every source, in order. */
  readonly sources: readonly string[]
  readonly asOf: string
  /** Of the project: where its days begin. */
  readonly timezone: string
  /** SQL condition over `ch` (and `market`): the side is the authority; null when none is declared. */
  authority(domain: Domain): string | null
  /** SQL condition over `market`: the authority there is one of these channels. */
  authorityAmong(domain: Domain, channels: readonly number[]): string
  /** SQL over `item` and `market`: the catalog authority of the market has the article, in its own market; null when none is declared. */
  readonly catalogued: string | null
  /** Whether an input, or a column of it, was given and could be read. */
  speaksInput(need: InputNeed): boolean
  /** Whether any channel can speak of the field. */
  speaks(field: FieldName): boolean
  /** SQL over `ch`: whether some source of the channel can speak of one of the fields. */
  telling(fields: readonly FieldName[]): string
  /** SQL over `src`: whether the row's source can speak of the field. */
  speaking(field: FieldName): string
  /** SQL list of the tax rates, in per cent, of the channels' countries at the moment of the audit. */
  readonly taxRates: readonly string[]
  /** Those of them at which the gap of a single article is suspect: where no country is declared, not every country's. */
  readonly likelyTaxRates: readonly string[]
  /** SQL over `ch`: bounds of the channel's markup as fractions; NULL without that policy. */
  readonly markup: { readonly min: string; readonly max: string } | null
  /** SQL over `ch`: whether the channel's prices are bound at all. */
  readonly priced: string
  /** SQL over `ch`, for each price zone with more than one channel: the channel is in it. */
  readonly zones: readonly string[]
  /** SQL over `ch`: whether the channel's prices are compared with any other's. */
  readonly priceBound: string
  /** SQL of the known time of a source's data, in milliseconds; null where fewer than two sources state theirs. */
  readonly knownTime: ((source: string) => string) | null
  /** Bit mask of channels whose assortment is everything, and whether any channel declares one. */
  readonly fullAssortment: readonly number[]
  readonly declaredAssortments: number
  /** Positions of the channels that could not be read: nobody knows what they list. */
  readonly unread: readonly number[]
  /** Positions of those with records that could not be read and may hold a listing; `lost_key` has their keys. */
  readonly lossy: readonly number[]
  /** SQL over `ch` and `market`: the channel sells the units whose figure the stock's owner gives. */
  readonly sharesStock: string
  /** Named stock pools with the channels in them. */
  readonly pools: ReadonlyMap<string, readonly number[]>
  /** SQL over `ch`: how many characters a field may have where the channel publishes; NULL without a limit. */
  limit(field: string): string
}

/** Collects aggregates over sides; equal ones are computed once. */
export class Aggregates {
  readonly #aliases = new Map<string, string>()

  /** Name of the aggregate's column. */
  use(sql: string): string {
    const known = this.#aliases.get(sql)
    if (known !== undefined) return known
    const alias = `a${this.#aliases.size}`
    this.#aliases.set(sql, alias)
    return alias
  }

  entries(): readonly (readonly [alias: string, sql: string])[] {
    return [...this.#aliases].map(([sql, alias]) => [alias, sql])
  }
}

export interface CompileInput {
  readonly rule: Rule
  readonly params: Readonly<Record<string, ParamValue>>
  readonly world: World
}

/** One column of outcomes. */
export interface Outcome {
  /** Set by `each`: the member is the finding's code. */
  readonly member: string | null
  /** SQL of type INTEGER over the aggregates (group) or the row. */
  readonly sql: string
  /** SQL of figures that the message of a failure needs, by placeholder. */
  readonly told?: Told
}

export interface Told {
  readonly value: string
  readonly expected: string
  /** Where each side of a group has figures of its own: over a side, whether it is one that fails. */
  readonly failing?: string
}

/** SQL of the fields that the audit computes. */
const COLUMNS: Readonly<Record<string, string>> = {
  live: 'live',
  public: 'public',
  on_sale: 'on_sale',
  currency: 'currency',
  'price.effective': '"price.effective"',
  'price.taxed': 'taxed',
  selling: 'selling',
  sellable: 'sellable',
  effective: '"price.effective"',
  'comparable.regular': 'x_regular',
  'comparable.effective': 'x_effective',
  availability: 'availability',
  'pool.available': 'pool_available',
  'stock.stated': `(CASE WHEN "src:stock" IS NULL THEN "stock.available" END)`,
  gtin14: 'gtin14',
  gtin_state: 'gtin_state',
  item: 'item',
  market: 'market',
  grain: `''`,
  'link.method': 'link_method',
  'link.confidence': 'link_confidence',
  'link.pack': 'crosswalk_pack',
}

/** Scope of a rule's expressions over the rows of `side`. */
export function sideScope(
  input: CompileInput,
  options: {
    readonly aggregate: boolean
    readonly filter?: string
    readonly member?: { name: string; value: string }
    /** The expression is what the rule judges, and not what it guards itself with. */
    readonly judged?: boolean
  },
): Scope {
  const { world } = input
  return {
    field: (name) => sideField(name, world),
    param: (name) => {
      if (options.member?.name === name) return { type: 'text', value: options.member.value }
      return input.params[name] ?? null
    },
    told: (name) => (isFieldName(name) ? world.speaking(name) : 'TRUE'),
    // What a rule declares to need it may have, or not; one that declares nothing needs all that it judges.
    ...(options.judged === true && input.rule.needs.length === 0 ? { lacks: (name) => lacksSql(name, world) } : {}),
    names: () => ruleFieldNames(),
    aggregate: options.aggregate,
    authority: world.authority(domainOf(input.rule)),
    ...(options.filter === undefined ? {} : { filter: options.filter }),
    asOf: world.asOf,
  }
}

function lacksSql(name: string, world: World): string | null {
  const fields = isFieldName(name) ? [name] : MADE_OF[name]
  if (fields === undefined) return null
  const telling = world.telling(fields)
  if (telling === 'true') return null
  return telling === 'false' ? 'TRUE' : `(NOT ${telling})`
}

function sideField(name: string, world: World): SqlExpr | null {
  const type = ruleFieldType(name)
  if (type === null) return null
  const column = COLUMNS[name]
  if (column !== undefined) return { sql: column, type }
  if (name.startsWith('limit.')) return { sql: world.limit(name.slice('limit.'.length)), type }
  if (name === 'channel.markup_max') return { sql: world.markup?.max ?? 'NULL::DECIMAL(9,6)', type }
  if (name.startsWith('channel')) return { sql: channelField(name, world), type }
  if (name === 'authority.status') return { sql: 'authority_status', type }
  if (name in COMPUTED) return null
  const isKnown = isFieldName(name) && (!name.startsWith('attributes.') || world.speaks(name))
  return { sql: isKnown ? ident(name) : 'NULL::VARCHAR', type }
}

function channelField(name: string, world: World): string {
  const value = (channel: ChannelConfig): string | null => {
    switch (name) {
      case 'channel':
        return channel.id
      case 'channel.kind':
        return channel.kind
      case 'channel.owner':
        return channel.owner
      case 'channel.audience':
        return channel.audience
      case 'channel.currency':
        return channel.currency === UNKNOWN_CURRENCY ? null : channel.currency
      case 'channel.phase':
        return channel.phase
      case 'channel.timezone':
        return channel.timezone
      case 'channel.stock_pool':
        return channel.stockPool
      case 'channel.price_policy':
        return channel.pricePolicy.kind
      default:
        return channel.assortment?.kind ?? null
    }
  }
  const texts = world.channels.map((channel) => {
    const text = value(channel)
    return text === null ? 'CAST(NULL AS VARCHAR)' : literal(text)
  })
  const [first = 'CAST(NULL AS VARCHAR)'] = texts
  if (texts.every((text) => text === first)) return `(${first})`
  return `(CASE ch ${texts.map((text, index) => `WHEN ${index} THEN ${text}`).join(' ')} END)`
}

/** One of the list that a rule goes through with `each`; null without one. */
export type Member = { readonly name: string; readonly value: string } | null

/** SQL of the rule's `where`, TRUE without one. */
export function whereSql(input: CompileInput, member: Member = null): string {
  const { where } = input.rule
  if (where === null) return 'TRUE'
  const scope = sideScope(input, { aggregate: false, ...(member === null ? {} : { member }) })
  return `coalesce(${compileCondition(where, scope)}, FALSE)`
}

/** SQL of what a rule judges. */
export function valueSql(expr: Expr, input: CompileInput, member?: { name: string; value: string }): SqlExpr {
  const scope = sideScope(input, { aggregate: false, judged: true, ...(member === undefined ? {} : { member }) })
  return compileExpression(expr, scope)
}

/** SQL of what a rule guards itself with: its exceptions, and where it says itself that nobody knows. */
export function conditionSql(expr: Expr, input: CompileInput, member: Member): string {
  return compileCondition(expr, sideScope(input, { aggregate: false, ...(member === null ? {} : { member }) }))
}

/** SQL of a condition that a rule judges. */
export function judgedSql(expr: Expr, input: CompileInput, member: Member): SqlExpr {
  const scope = sideScope(input, { aggregate: false, judged: true, ...(member === null ? {} : { member }) })
  return compileAnswer(expr, scope)
}

/** Members of the rule's `each`; one null member without it. */
export function members(input: CompileInput): readonly Member[] {
  const { each } = input.rule
  if (each === null) return [null]
  const list = input.params[each.param]
  return list?.type === 'list' ? list.value.map((value) => ({ name: each.as, value })) : []
}

/** Decimal text of a parameter; `fallback` when it is not set. */
export function decimalParam(input: CompileInput, name: string, fallback: string): string {
  const value = input.params[name]
  return value?.type === 'decimal' || value?.type === 'integer' ? value.value : fallback
}

/** Position of a code in the rule. @throws DiagnosticError `rules/missing-key` when the file lacks a code that its check needs. */
export function failCode(rule: Rule, code: string): number {
  const position = rule.codes.findIndex((one) => one.code === code)
  if (position < 0 && rule.codes.length > 0) {
    const why = {
      en: 'the check gives findings this code; without any codes it gives none',
      es: 'la comprobación da este código a incidencias; sin ningún código no da ninguno',
    }
    throw fail('rules/missing-key', { key: `codes.${code}`, why }, rule.at)
  }
  return FAIL + Math.max(0, position)
}

/** Outcome of a failure that none of the codes is about: the one without a condition, else the rule's own message. */
export function unnamed(rule: Rule): number {
  const general = rule.codes.findIndex(({ when, gap }) => when === null && gap === undefined)
  return FAIL + (general < 0 ? rule.codes.length : general)
}
