/** Exact decimals and fractions of them. Amounts never pass through floating point. */

export interface Fraction {
  readonly top: bigint
  /** Greater than zero. */
  readonly bottom: bigint
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

/** The number that a decimal text says; null for what is none. */
export function fraction(text: string): Fraction | null {
  const [, sign, whole, digits = ''] = DECIMAL.exec(text) ?? []
  if (sign === undefined || whole === undefined) return null
  const top = BigInt(whole + digits)
  return { top: sign === '-' ? -top : top, bottom: 10n ** BigInt(digits.length) }
}

export function times(left: Fraction, right: Fraction): Fraction {
  return { top: left.top * right.top, bottom: left.bottom * right.bottom }
}

/** @returns Null where `right` is zero. */
export function over(left: Fraction, right: Fraction): Fraction | null {
  if (right.top === 0n) return null
  const sign = right.top < 0n ? -1n : 1n
  return { top: left.top * right.bottom * sign, bottom: left.bottom * right.top * sign }
}

export function plus(left: Fraction, right: Fraction): Fraction {
  return { top: left.top * right.bottom + right.top * left.bottom, bottom: left.bottom * right.bottom }
}

export function minus(left: Fraction, right: Fraction): Fraction {
  return plus(left, { ...right, top: -right.top })
}

/** Without its sign. */
export function size({ top, bottom }: Fraction): Fraction {
  return { top: top < 0n ? -top : top, bottom }
}

/** Below zero where `left` is less, above where it is more. */
export function compareFractions(left: Fraction, right: Fraction): number {
  const difference = left.top * right.bottom - right.top * left.bottom
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Decimal text with exactly `digits` fraction digits, rounded half up: away from zero, as prices are. */
export function rounded({ top, bottom }: Fraction, digits: number): string {
  const scaled = (top < 0n ? -top : top) * 10n ** BigInt(digits)
  const units = (scaled * 2n + bottom) / (bottom * 2n)
  const text = units.toString().padStart(digits + 1, '0')
  const whole = text.slice(0, text.length - digits)
  const sign = top < 0n && units !== 0n ? '-' : ''
  return digits === 0 ? `${sign}${whole}` : `${sign}${whole}.${text.slice(-digits)}`
}

/** Decimal text of the whole number at or below it. */
export function floored({ top, bottom }: Fraction): string {
  const units = top / bottom
  return String(top < 0n && units * bottom !== top ? units - 1n : units)
}
