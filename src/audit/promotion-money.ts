/** What promotions make of prices. Amounts are whole millionths, so that a cent is a cent. */
import { instantOf, type PromotionRow } from './promotion-row.ts'
import { numberOf, textOf } from './sides.ts'

const MILLION = 1_000_000n

/** Decimal text as millionths; null for anything else. */
export function micros(text: string | null): bigint | null {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,6})0*)?$/.exec(text ?? '') ?? []
  if (whole === undefined) return null
  const value = BigInt(whole) * MILLION + BigInt(fraction.padEnd(6, '0'))
  return sign === '-' ? -value : value
}

/** Decimal text with at least two decimals. */
export function amountText(value: bigint): string {
  const size = value < 0n ? -value : value
  const fraction = (size % MILLION).toString().padStart(6, '0').replace(/0+$/, '').padEnd(2, '0')
  return `${value < 0n ? '-' : ''}${size / MILLION}.${fraction}`
}

/** Rounded half up to so many decimals. */
export function rounded(value: bigint, decimals: number): bigint {
  const step = 10n ** BigInt(6 - Math.min(6, decimals))
  const size = value < 0n ? -value : value
  const whole = ((size + step / 2n) / step) * step
  return value < 0n ? -whole : whole
}

/** Quotient rounded half up. */
export function divided(value: bigint, by: bigint): bigint {
  return (2n * value + by) / (2n * by)
}

/** Kinds that can change the price of a single unit. */
export const PRICE_KINDS = ['percent', 'amount', 'fixed_price'] as const

/** What one unit costs under the promotion; null where it does not change the price of a unit, or does not say how. */
export function reduced(row: PromotionRow, price: bigint, decimals: number): bigint | null {
  const value = micros(textOf(row['promotion.value']))
  if (value === null) return null
  switch (textOf(row['promotion.kind'])) {
    case 'percent':
      return rounded(divided(price * (100n * MILLION - value), 100n * MILLION), decimals)
    case 'amount':
      return price - value
    case 'fixed_price':
      return value
    default:
      return null
  }
}

/** Whether the two amounts are at most a tolerance apart. */
export function isNear(one: bigint, other: bigint, tolerance: bigint): boolean {
  const gap = one - other
  return (gap < 0n ? -gap : gap) <= tolerance
}

interface Cut {
  readonly regular: bigint | null
  readonly sale: bigint | null
  readonly saleFrom: number | null
  readonly saleTo: number | null
  readonly onSale: boolean
}

const CENT = 10_000n
/** Systems change prices at the full hour or at night; a day apart is still the same campaign. */
const DAY = 86_400_000

/** Whether a listing's sale price is the promotion in other form: of the same size, over the same days. */
export function isSameCut(row: PromotionRow, listing: Cut, decimals: number): boolean {
  if (!listing.onSale || listing.regular === null || listing.sale === null) return false
  const owed = reduced(row, listing.regular, decimals)
  if (owed === null || !isNear(listing.sale, owed, CENT)) return false
  const isNearIn = (own: number | null, other: number | null): boolean =>
    own === null || other === null || Math.abs(own - other) <= DAY
  return (
    isNearIn(listing.saleFrom, instantOf(row, 'promotion.starts_at')) &&
    isNearIn(listing.saleTo, instantOf(row, 'promotion.ends_at'))
  )
}

/** Whether the promotion asks for a minimum to be spent: then it belongs to the basket and not to an article. */
export function isForBasket(row: PromotionRow): boolean {
  return (numberOf(row['promotion.min_spend']) ?? 0) > 0
}
