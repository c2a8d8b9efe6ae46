/** Which price of an article is the implausible one, and in what way: the check only knows that one is. */
import type { SideRow } from './sides.ts'

const POWERS = [0.001, 0.01, 0.1, 10, 100, 1000]

/** @returns The code, and the positions of the channels that are off; null when no price is farther off than the others. */
export function outlierIn(
  rows: readonly SideRow[],
  authority: number | null,
): { readonly code: string; readonly channels: readonly number[] } | null {
  const priced = rows.flatMap((row) =>
    Number(row['x_regular'] ?? 0) > 0 ? [{ ch: row.ch, price: Number(row['x_regular']) }] : [],
  )
  const prices = priced.map(({ price }) => price)
  const owner = priced.find(({ ch }) => ch === authority)?.price
  const most = prices.find((price) => prices.filter((other) => other === price).length * 2 > prices.length)
  const reference = owner ?? most ?? Math.min(...prices)
  const distance = (price: number): number => Math.abs(Math.log(price / reference))
  const farthest = Math.max(...prices.map(distance))
  const worst = priced.find(({ price }) => distance(price) === farthest)
  if (worst === undefined || farthest === 0) return null
  const ratio = worst.price / reference
  const isShifted = POWERS.some((power) => Math.abs(ratio / power - 1) <= 0.05)
  const channels = priced.filter(({ price }) => price === worst.price).map(({ ch }) => ch)
  return { code: isShifted ? 'decimal_shift' : ratio > 1 ? 'high' : 'low', channels: [...new Set(channels)] }
}
