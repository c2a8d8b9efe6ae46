/** The names that rules on figures of stock may use: what the audit adds up over channels, places and components. */
import type { SqlType } from './expression/scope.ts'

/** Tables of rules that are added up from stock. */
export const STOCK_TABLES = ['stock_place', 'stock_figure', 'stock_pool', 'stock_bundle'] as const
export type StockTable = (typeof STOCK_TABLES)[number]

export function isStockTable(name: string): name is StockTable {
  return STOCK_TABLES.some((table) => table === name)
}

const FIELDS: Readonly<Record<string, SqlType>> = {
  /** Whether some channel offers to collect the article at the place, out of what lies there; null where none says. */
  'place.offered': 'boolean',
  /** The same where it is sent to the store for it. */
  'place.shipped': 'boolean',
  /** Units at the place: as the stock's owner counts them, else the highest figure. */
  'place.available': 'decimal',
  /** Age of that figure; null where neither record nor source says when it was taken. */
  'place.age': 'duration',
  /** What the lists of places say of it. */
  'place.active': 'boolean',
  'place.pickup': 'boolean',
  /** Age of a channel's figure by the time that its source states. */
  'figure.age': 'duration',
  /** Time since it was counted. */
  'figure.counted': 'duration',
  /** How long the units last at the rate of the last 30 days; null without sales. */
  'figure.cover': 'duration',
  /** A for the articles that make up four fifths of the units sold, B for the next 15 %, C for the rest. */
  'figure.class': 'text',
  /** What the stock's owner can promise to the pool. */
  'pool.units': 'decimal',
  /** Channels of the pool that have the article in stock. */
  'pool.channels': 'decimal',
  /** Units that they offer together. */
  'pool.published': 'decimal',
  /** The longest time that is declared until one of them hears of a sale. */
  'pool.lag': 'duration',
  /** Units that they can sell before they hear of each other; null where one has no sales to go by. */
  'pool.exposure': 'decimal',
  /** Whether someone is declared to be right about stock. */
  'stock.owned': 'boolean',
  /** The most that a channel offers of a bundle, and what its scarcest component allows. */
  'bundle.published': 'decimal',
  'bundle.possible': 'decimal',
}

export const STOCK_FIELDS: ReadonlyMap<string, SqlType> = new Map(Object.entries(FIELDS))
