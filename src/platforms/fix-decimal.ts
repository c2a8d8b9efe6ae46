/** Exact arithmetic on canonical decimals, as integers of a millionth: what the canonical tables hold. */

const DECIMAL = /^(-?)(\d+)(?:\.(\d{1,6})0*)?$/

/** @returns Null for what is no decimal, or has more than six fraction digits. */
export function toMillionths(value: string): bigint | null {
  const [, sign, whole, fraction = ''] = DECIMAL.exec(value) ?? []
  if (whole === undefined) return null
  const amount = BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
  return sign === '-' ? -amount : amount
}

/** Canonical decimal without zeros that say nothing: `-4.132231`, `40`. */
export function fromMillionths(amount: bigint): string {
  const size = amount < 0n ? -amount : amount
  const fraction = String(size % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const whole = `${amount < 0n ? '-' : ''}${size / 1_000_000n}`
  return fraction === '' ? whole : `${whole}.${fraction}`
}
