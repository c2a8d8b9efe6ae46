/** A value of the side that is right in the terms of another channel: its tax basis, its currency, its pack. */
import { type SideRow, textOf } from '../audit/sides.ts'
import {
  compareFractions,
  type Fraction,
  floored,
  fraction,
  minus,
  over,
  plus,
  rounded,
  times,
} from '../base/decimal.ts'
import type { ChannelConfig } from '../model/config.ts'
import type { UnresolvedReason } from '../model/plan.ts'
import { currencies, vatRates } from '../rules/reference-data.ts'

export type Converted = { readonly value: string } | { readonly refused: UnresolvedReason }

/** A listing with the channel that shows it. */
export interface Offer {
  readonly row: SideRow
  readonly channel: ChannelConfig
}

const ONE: Fraction = { top: 1n, bottom: 1n }
const HUNDRED: Fraction = { top: 100n, bottom: 1n }

/**
 * What the price `from` is in the terms of `to`, rounded half up to the smallest unit of its currency.
 *
 * @param day - On which tax rates are looked up.
 */
export function priceFor(from: Offer, to: Offer, price: string, day: string): Converted {
  const currency = textOf(to.row['currency'])
  if (currency === null || currency !== textOf(from.row['currency'])) return { refused: 'currency' }
  if (to.row['public'] === false || from.row['public'] === false) return { refused: 'price_policy' }
  const packs = packFactor(from.row, to.row)
  if (packs === null) return { refused: 'pack' }
  const policy = policyFactor(from.channel, to.channel)
  if (policy === null) return { refused: 'price_policy' }
  const tax = taxFactor(from, to, day)
  if ('refused' in tax) return tax
  const value = fraction(price)
  if (value === null || value.top < 0n) return { refused: 'no_value' }
  const exact = times(times(times(value, packs), policy), tax.factor)
  return { value: rounded(exact, currencies().get(currency) ?? 2) }
}

/** Null where one side says how many units it sells at once and the other does not. */
function packFactor(from: SideRow, to: SideRow): Fraction | null {
  const [own, other] = [packOf(from), packOf(to)]
  if (own === null && other === null) return ONE
  if ((own === null && other !== 1n) || (other === null && own !== 1n)) return null
  return { top: other ?? 1n, bottom: own ?? 1n }
}

function packOf(row: SideRow): bigint | null {
  const text = textOf(row['pack'])
  return text !== null && /^[1-9]\d*$/.test(text) ? BigInt(text) : null
}

/** What the channel adds to the price of the one that is right; null where it is free to choose. */
function policyFactor(from: ChannelConfig, to: ChannelConfig): Fraction | null {
  const [own, other] = [from.pricePolicy, to.pricePolicy]
  if (own.kind === 'zone' || other.kind === 'zone') {
    return own.kind === 'zone' && other.kind === 'zone' && own.zone === other.zone ? ONE : null
  }
  if (own.kind !== 'same') return null
  if (other.kind === 'same') return ONE
  if (other.kind === 'free' || Number(other.min) !== Number(other.max)) return null
  const markup = fraction(other.min)
  return markup === null ? null : plus(ONE, markup)
}

function taxFactor(
  from: Offer,
  to: Offer,
  day: string,
): { readonly factor: Fraction } | { readonly refused: 'tax_basis' | 'tax_rate' } {
  const [own, other] = [from.row['taxed'], to.row['taxed']]
  if (typeof own !== 'boolean' || typeof other !== 'boolean') return { refused: 'tax_basis' }
  if (own && other) return { factor: ONE }
  const isHome = from.channel.taxCountry === to.channel.taxCountry
  const rates = { own: rateOf(from, isHome ? to : null, day), other: rateOf(to, isHome ? from : null, day) }
  if (!own && !other) {
    // Without any rate the same article in the same country still has the same one.
    if (rates.own === null && rates.other === null) return isHome ? { factor: ONE } : { refused: 'tax_rate' }
    if (rates.own === null || rates.other === null) return { refused: 'tax_rate' }
    return ratio(withTax(rates.own), withTax(rates.other))
  }
  const rate = own ? rates.other : rates.own
  if (rate === null) return { refused: 'tax_rate' }
  return own ? ratio(ONE, withTax(rate)) : { factor: withTax(rate) }
}

function ratio(top: Fraction, bottom: Fraction): { readonly factor: Fraction } | { readonly refused: 'tax_rate' } {
  const factor = over(top, bottom)
  return factor === null ? { refused: 'tax_rate' } : { factor }
}

/** 21 % is 1.21. */
function withTax(rate: Fraction): Fraction {
  return over(plus(HUNDRED, rate), HUNDRED) ?? ONE
}

/** The article's rate: its own, that of the same article beside it, or the only one of the country. Null where none is sure. */
function rateOf({ row, channel }: Offer, beside: Offer | null, day: string): Fraction | null {
  const legal = vatRates(channel.taxCountry, day).map(({ rate }) => rate)
  const said = textOf(row['price.tax_rate']) ?? (beside === null ? null : textOf(beside.row['price.tax_rate']))
  if (said === null) return legal.length === 1 ? fraction(legal[0] ?? '') : null
  const rate = fraction(said)
  if (rate === null || rate.top < 0n) return null
  if (rate.top === 0n) return rate
  const isLegal = legal.some((one) => {
    const known = fraction(one)
    return known !== null && compareFractions(known, rate) === 0
  })
  return legal.length === 0 || isLegal ? rate : null
}

/** What a channel keeps back of the owner's units, and the most that it shows. Decimal texts. */
export interface StockPolicy {
  readonly buffer: string
  readonly cap: string | null
}

/** The units that a channel may show of those that the owner of the stock has; whole packs, never below zero. */
export function unitsFor(from: SideRow, to: SideRow, policy: StockPolicy): Converted {
  const available = fraction(textOf(from['pool_available']) ?? textOf(from['stock.available']) ?? '')
  if (available === null) return { refused: 'no_value' }
  if (from['stock.unlimited'] === true || to['stock.unlimited'] === true) return { refused: 'no_value' }
  if ((packOf(from) ?? 1n) !== 1n) return { refused: 'pack' }
  const left = minus(available, fraction(policy.buffer) ?? { top: 0n, bottom: 1n })
  if (left.top <= 0n) return { value: '0' }
  const cap = policy.cap === null ? null : fraction(policy.cap)
  const shown = cap !== null && compareFractions(cap, left) < 0 ? cap : left
  const pack = packOf(to) ?? 1n
  if (pack !== 1n) return { value: floored({ top: shown.top, bottom: shown.bottom * pack }) }
  return { value: plain(rounded(shown, 6)) }
}

function plain(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
