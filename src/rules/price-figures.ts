/** The names that rules on `price_figure` may use beside those of a listing: the figure that its price is held against. */
import type { SqlType } from './expression/scope.ts'

/** One row per listing whose price has a figure elsewhere: an agreed minimum, the authority's price, the list of its zone. */
export const PRICE_FIGURE = 'price_figure' as const

export const PRICE_FIGURE_FIELDS: ReadonlyMap<string, SqlType> = new Map<string, SqlType>([
  /** The regular price of the price authority, or the one in the list of the channel's price zone. */
  ['reference.regular', 'decimal'],
  ['reference.currency', 'text'],
  ['reference.taxed', 'boolean'],
  /** Units that the reference's price is for. */
  ['reference.pack', 'decimal'],
  /** How old the exchange rate is that holds at the moment of the audit. */
  ['reference.rate_age', 'duration'],
])

/** Columns of the inputs that stand beside the price. */
export const PRICE_FIGURE_INPUTS: ReadonlySet<string> = new Set(['map.amount', 'map.currency', 'fx.rate'])
