/**
 * What a contradiction costs, by the formula that its rule names under `impact`. A rule may name one of these; any other text
 * is for people, and the impact is unknown.
 *
 * Amounts are whole millionths: what is reported never passes through a float.
 */
import type { ImpactFormula } from '../rules/rule.ts'
import type { SideRow } from './sides.ts'

/** What a channel sold of an article in 30 days. */
export interface Sold {
  readonly units: bigint
  /** Null where only the units are told. */
  readonly revenue: bigint | null
}

/** One channel's listing in a finding. */
export interface Stake {
  readonly row: SideRow
  readonly sold: Sold | null
}

export interface Stakes {
  /** Sides that are wrong, each channel once. */
  readonly wrong: readonly Stake[]
  /** Sides that the finding shows, each channel once. */
  readonly shown: readonly Stake[]
  /** How far apart the two figures are that the rule has held against each other; null where there are not just two. */
  readonly apart: bigint | null
  /** The price that is right, in the same terms as {@link price}; null where nobody knows it. */
  readonly reference: bigint | null
  /** The price of a listing that the finding compares. */
  price(row: SideRow): bigint | null
}

export type Formula = (stakes: Stakes) => bigint | null

export const SCALE = 1_000_000n

/** Null for what is no decimal number. */
export function micro(value: unknown): bigint | null {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,18}))?$/.exec(String(value ?? '')) ?? []
  if (whole === '') return null
  const amount = BigInt(whole) * SCALE + BigInt(fraction.slice(0, 6).padEnd(6, '0'))
  return sign === '-' ? -amount : amount
}

function times(a: bigint, b: bigint): bigint {
  return (a * b) / SCALE
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value
}

/** Sum of what is known; null where nothing is. Gains and losses are not set off against each other. */
function sum(parts: readonly (bigint | null)[]): bigint | null {
  const known = parts.filter((part) => part !== null)
  return known.length === 0 ? null : known.reduce((total, part) => total + part, 0n)
}

/** Each unit that was sold in 30 days at a price that is not the right one. */
function gapSold({ wrong, reference, price }: Stakes): bigint | null {
  if (reference === null) return null
  return sum(
    wrong.map(({ row, sold }) => {
      const own = price(row)
      return own === null || sold === null ? null : times(abs(own - reference), sold.units)
    }),
  )
}

/** Each unit that was sold in 30 days, at the difference that the rule itself found. */
function apartSold({ shown, apart }: Stakes): bigint | null {
  // Figures of one unit say nothing of listings that are packs, or of prices that were converted.
  if (apart === null || shown.some(({ row }) => Number(row['conversions'] ?? 0) > 0)) return null
  return sum(shown.map(({ sold }) => (sold === null ? null : times(apart, sold.units))))
}

/** Each unit in stock that goes at a price far too low. */
function gapInStock({ wrong, reference, price }: Stakes): bigint | null {
  if (reference === null) return null
  return sum(
    wrong.map(({ row }) => {
      const own = price(row)
      const units = micro(row['stock.available'])
      return own === null || own >= reference || units === null || units <= 0n ? null : times(reference - own, units)
    }),
  )
}

function overcharged({ shown }: Stakes): bigint | null {
  return sum(
    shown.map(({ row, sold }) => {
      const [sale, regular] = [micro(row['price.sale']), micro(row['price.regular'])]
      return sale === null || regular === null || sold === null || sale <= regular
        ? null
        : times(sale - regular, sold.units)
    }),
  )
}

/** What rides on a listing: its revenue, or its units at its price. */
function revenue({ shown }: Stakes): bigint | null {
  return sum(
    shown.map(({ row, sold }) => {
      if (sold === null) return null
      const price = micro(row['x_effective'] ?? row['x_regular'])
      return sold.revenue ?? (price === null ? null : times(price, sold.units))
    }),
  )
}

function atCost({ shown }: Stakes): bigint | null {
  return sum(
    shown.map(({ row }) => {
      const [units, cost] = [micro(row['stock.available'] ?? row['stock.on_hand']), micro(row['price.cost'])]
      return units === null || cost === null ? null : times(abs(units), cost)
    }),
  )
}

interface FormulaOf {
  readonly amount: Formula
  /** What is measured is what was sold: without sales it is nothing. */
  readonly basis: 'measured' | 'modelled'
}

const BY_NAME: Readonly<Record<ImpactFormula, FormulaOf>> = {
  'abs(gap) * units30': { amount: gapSold, basis: 'measured' },
  'abs(expected - value) * units30': { amount: apartSold, basis: 'measured' },
  '(reference - value) * available': { amount: gapInStock, basis: 'modelled' },
  '(sale - regular) * units30': { amount: overcharged, basis: 'measured' },
  revenue30: { amount: revenue, basis: 'measured' },
  'abs(available) * cost': { amount: atCost, basis: 'modelled' },
}

export const FORMULAS: ReadonlyMap<string, FormulaOf> = new Map(Object.entries(BY_NAME))
