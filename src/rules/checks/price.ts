/** Prices of one article against each other: policy, tax rate, plausibility. */

import {
  type Aggregates,
  type CompileInput,
  decimalParam,
  FAIL,
  failCode,
  NOT_APPLICABLE,
  type Outcome,
  PASS,
  TAX_SUSPECT,
  unknown,
  whereSql,
} from '../check.ts'
import type { WithinRule } from '../rule.ts'
import { skewGuard } from './skew.ts'

export interface Spread {
  readonly low: string
  readonly high: string
  readonly count: string
  readonly conversions: string
  readonly authority: string | null
}

export function spread(input: CompileInput, use: Aggregates, value: string, where: string): Spread {
  const authority = input.world.authority('price')
  return {
    low: use.use(`min(${value}) FILTER (WHERE ${where})`),
    high: use.use(`max(${value}) FILTER (WHERE ${where})`),
    count: use.use(`count(${value}) FILTER (WHERE ${where})`),
    conversions: use.use(`sum(conversions) FILTER (WHERE ${where} AND ${value} IS NOT NULL)`),
    authority: authority === null ? null : use.use(`max(${value}) FILTER (WHERE ${where} AND (${authority}))`),
  }
}

/** What must hold before two prices can be compared at all. */
export function guards(input: CompileInput, use: Aggregates, where: string): string[] {
  const currencyLow = use.use(`min(currency) FILTER (WHERE ${where} AND x_regular IS NOT NULL)`)
  const currencyHigh = use.use(`max(currency) FILTER (WHERE ${where} AND x_regular IS NOT NULL)`)
  const branches = [`WHEN ${currencyLow} <> ${currencyHigh} THEN ${unknown('currency')}`]
  if (input.world.speaks('pack_quantity')) {
    const packs = use.use(`count(pack) FILTER (WHERE ${where} AND x_regular IS NOT NULL)`)
    const most = use.use(`max(pack) FILTER (WHERE ${where})`)
    const sides = use.use(`count(*) FILTER (WHERE ${where} AND x_regular IS NOT NULL)`)
    // A pack by the crosswalk says by itself that the others are units.
    const declared = use.use(`coalesce(bool_or(crosswalk_pack IS NOT NULL) FILTER (WHERE ${where}), FALSE)`)
    branches.push(`WHEN ${packs} < ${sides} AND ${most} > 1 AND NOT ${declared} THEN ${unknown('pack')}`)
  }
  return branches
}

/** SQL: `high` is `low` plus the tax, to a cent. Without a division, which would leave the decimals. */
function taxed(low: string, high: string, rate: string): string {
  return `abs(${high} * 100 - round(${low} * (100 + ${rate}), 0)) <= 1`
}

/** SQL: the gap of two amounts is exactly one of the tax rates, to a cent. */
export function isTaxGap(low: string, high: string, rates: readonly string[]): string {
  const hits = rates.map((rate) => taxed(low, high, `${rate}::DECIMAL(9,4)`))
  return hits.length === 0 ? 'FALSE' : `(${low} > 0 AND (${hits.join(' OR ')}))`
}

/** The public price is the same wherever the policy says so: among all equal channels, and within each price zone. */
export function compilePolicy(rule: WithinRule, input: CompileInput, use: Aggregates): readonly Outcome[] {
  const groups = [input.world.priced, ...input.world.zones].map((bound) => samePrice(rule, input, use, bound))
  const band = markup(rule, input, use)
  // Outcomes are ordered: what fails wins over what is unknown, which wins over what passes.
  const all = band === null ? groups : [...groups, band]
  return [{ member: null, sql: all.length === 1 ? (all[0] ?? '') : `greatest(${all.join(', ')})` }]
}

function samePrice(rule: WithinRule, input: CompileInput, use: Aggregates, bound: string): string {
  const where = `${whereSql(input)} AND ${bound}`
  const regular = spread(input, use, 'x_regular', where)
  const effective = spread(input, use, 'x_effective', where)
  const tolerance = decimalParam(input, 'abs_tol', '0')
  const percent = decimalParam(input, 'pct_tol', '0')
  const undeclared = use.use(
    `coalesce(bool_or(taxed IS NULL) FILTER (WHERE ${where} AND x_regular IS NOT NULL), FALSE)`,
  )
  const untaxed = use.use(
    `coalesce(bool_or(taxed = false AND x_regular IS NULL AND "price.regular" IS NOT NULL) FILTER (WHERE ${where}), FALSE)`,
  )
  const unread = unreadPrice(input, use, bound)
  const gap = (of: Spread): string => {
    const reference = of.authority === null ? of.high : `coalesce(${of.authority}, ${of.high})`
    // What converting may have rounded comes on top of what is accepted.
    const allowed = `greatest(${tolerance}, ${percent} * ${reference}) + coalesce(${of.conversions}, 0)`
    const distance =
      of.authority === null
        ? `${of.high} - ${of.low}`
        : `CASE WHEN ${of.authority} IS NULL THEN ${of.high} - ${of.low} ELSE greatest(${of.high} - ${of.authority}, ${of.authority} - ${of.low}) END`
    return `(${distance}) > (${allowed})`
  }
  const tax = isTaxGap(regular.low, regular.high, input.world.taxRates)
  const branches = [
    `WHEN ${untaxed} AND ${regular.count} = 1 THEN ${unknown('tax_basis')}`,
    `WHEN ${unread} AND ${regular.count} < 2 AND ${effective.count} < 2 THEN ${unknown('vocabulary')}`,
    `WHEN ${regular.count} < 2 AND ${effective.count} < 2 THEN ${NOT_APPLICABLE}`,
    ...guards(input, use, where),
    ...skewGuard(input, use, `${where} AND x_regular IS NOT NULL`, 'price'),
    `WHEN ${regular.count} >= 2 AND ${gap(regular)} AND ${undeclared} AND ${tax} THEN ${TAX_SUSPECT}`,
    `WHEN ${regular.count} >= 2 AND ${gap(regular)} THEN ${failCode(rule, 'regular')}`,
    `WHEN ${effective.count} >= 2 AND ${gap(effective)} THEN ${failCode(rule, 'effective')}`,
    `WHEN ${untaxed} THEN ${unknown('tax_basis')}`,
    `WHEN ${unread} THEN ${unknown('vocabulary')}`,
  ]
  return `CASE ${branches.join(' ')} ELSE ${PASS} END`
}

/** A price is there of which nobody knows what it says or whether it counts, beside one that does. */
function unreadPrice(input: CompileInput, use: Aggregates, bound: string): string {
  const where = `${whereSql(input)} AND ${bound}`
  const any = use.use(`count(x_regular) FILTER (WHERE ${where})`)
  const unread = use.use(
    `coalesce(bool_or("price.regular" IS NULL AND trim(coalesce("raw:price.regular", '')) <> '') FILTER (WHERE ${where}), FALSE)`,
  )
  // Whether it sells at all hangs on a word for its status that no vocabulary has.
  const unclear = use.use(
    `coalesce(bool_or(sellable IS NULL) FILTER (WHERE x_regular IS NOT NULL AND ${bound}), FALSE)`,
  )
  return `((${unread} OR ${unclear}) AND ${any} > 0)`
}

/** Channels with a declared markup stay inside their band over the reference; null where none has one. */
function markup(rule: WithinRule, input: CompileInput, use: Aggregates): string | null {
  const { markup: bounds } = input.world
  if (bounds === null) return null
  const where = whereSql(input)
  const authority = input.world.authority('price')
  const reference = use.use(`max(x_regular) FILTER (WHERE ${where} AND ${authority ?? input.world.priced})`)
  const tolerance = decimalParam(input, 'abs_tol', '0')
  // Half a minor unit, because the bound is rounded to the minor unit, and what converting may have rounded.
  const slack = `(minor_unit / 2 + conversions + ${tolerance})`
  const above = use.use(
    `max((x_regular - ${slack}) / (1 + (${bounds.max}))) FILTER (WHERE ${where} AND (${bounds.max}) IS NOT NULL)`,
  )
  const below = use.use(
    `min((x_regular + ${slack}) / (1 + (${bounds.min}))) FILTER (WHERE ${where} AND (${bounds.min}) IS NOT NULL)`,
  )
  const bandSides = `${where} AND x_regular IS NOT NULL AND ((${bounds.max}) IS NOT NULL OR ${authority ?? input.world.priced})`
  const branches = [
    `WHEN ${above} IS NULL THEN ${NOT_APPLICABLE}`,
    `WHEN ${reference} IS NULL THEN ${unknown('no_authority')}`,
    ...guards(input, use, bandSides),
    ...skewGuard(input, use, bandSides, 'price'),
    `WHEN ${above} > ${reference} OR ${below} < ${reference} THEN ${failCode(rule, 'regular')}`,
  ]
  return `CASE ${branches.join(' ')} ELSE ${PASS} END`
}

/** A gap that is exactly a tax rate is a tax error: between declared equals for itself, else by the vote over all articles. */
export function compileTaxBasis(rule: WithinRule, input: CompileInput, use: Aggregates): readonly Outcome[] {
  const where = `${whereSql(input)} AND ${input.world.priced}`
  const { low, high, count } = spread(input, use, 'x_regular', where)
  const undeclared = use.use(
    `coalesce(bool_or(taxed IS NULL) FILTER (WHERE ${where} AND x_regular IS NOT NULL), FALSE)`,
  )
  const rate = use.use(`max("price.tax_rate") FILTER (WHERE ${where})`)
  const own = `(${rate} > 0 AND ${low} > 0 AND ${taxed(low, high, `${rate}::DECIMAL(9,4)`)})`
  const branches = [
    `WHEN ${count} < 2 THEN ${NOT_APPLICABLE}`,
    ...guards(input, use, where),
    `WHEN ${low} = ${high} THEN ${PASS}`,
    `WHEN ${undeclared} AND ${isTaxGap(low, high, input.world.taxRates)} THEN ${TAX_SUSPECT}`,
    `WHEN NOT ${undeclared} AND ${own} THEN ${rule.codes.length > 0 ? failCode(rule, 'declared') : FAIL}`,
  ]
  return [{ member: null, sql: `CASE ${branches.join(' ')} ELSE ${PASS} END` }]
}
