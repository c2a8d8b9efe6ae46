/** Stock as it moves in a sound shop, with the ledger that has seen it: what looks like a channel that stands still and is none. */
import type { Catalogue, Channel } from './catalogues.ts'

/** Days of the ledger, oldest first; the audit is on the next one. */
const DAYS = ['2026-10-01', '2026-11-10', '2026-11-18', '2026-11-20'] as const
const MOVES = 0.35

/** What a channel shows on each day and today, from what the owner has had. */
type Follows = (owner: readonly number[], row: number) => readonly number[]

/** A figure of every third article comes back, as stock does that is filled up to the same mark. */
function life(stock: number, row: number, next: () => number): number[] {
  const figures = [stock]
  for (let day = 1; day <= DAYS.length; day++) {
    const last = figures.at(-1) ?? 0
    const isFilled = row % 3 === 0 && day === DAYS.length
    figures.push(next() >= MOVES ? last : isFilled ? stock : Math.max(0, last + 5 - Math.floor(next() * 15)))
  }
  return figures
}

const inStep: Follows = (owner) => owner
/** Each audit finds the figures of the one before. */
const aDayLate: Follows = (owner) => [owner[0] ?? 0, ...owner.slice(0, -1)]
/** Some articles that nobody sends any more, each in a channel that moves. */
const someLeft: Follows = (owner, row) => (row % 16 === 0 ? owner.map(() => owner[0] ?? 0) : owner)
/** Never more than so many are published. */
const capped: Follows = (owner) => owner.map((units) => Math.min(6, units))
/** A part of the stock is held back for the store. */
const heldBack: Follows = (owner) => owner.map((units) => Math.floor(units * 0.8))

export const FOLLOWING: readonly Follows[] = [inStep, aDayLate, someLeft, capped, heldBack]

export function liveOn(catalogue: Catalogue, follows: Follows): void {
  const { rows, random } = catalogue
  catalogue.hasStockOwner = true
  const owned = new Map<string, number[]>()
  const history: Record<string, string>[] = []
  const note = (channel: Channel, sku: string, figures: readonly number[]): void => {
    for (const [day, at] of DAYS.entries()) {
      if (day === 0 ? channel === 'store' : figures[day] !== figures[day - 1])
        history.push({ at, channel, sku, 'stock.available': String(figures[day] ?? 0) })
    }
  }
  for (const [index, row] of (rows.get('store') ?? []).entries()) {
    const figures = life(row.stock, index, () => random.next())
    owned.set(row.sku, figures)
    note('store', row.sku, figures)
    row.stock = figures.at(-1) ?? 0
  }
  for (const id of catalogue.channels) {
    if (id === 'store') continue
    for (const [index, row] of (rows.get(id) ?? []).entries()) {
      const figures = follows(owned.get(row.sku) ?? [row.stock], index)
      note(id, row.sku, figures)
      row.stock = figures.at(-1) ?? row.stock
    }
  }
  const days = DAYS.map((day) => [day, day] as [string, string])
  const seen = Object.fromEntries(catalogue.channels.map((id) => [id, days]))
  catalogue.history = { seen, every: '24h', rows: history, sources: [] }
}
