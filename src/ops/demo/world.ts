/** The retailer before it is written: what each channel's files will say. Faults change these rows and nothing else. */
import type { Line } from './assortment.ts'
import type { Fault } from './truth.ts'

/** A day of the shop's calendar, relative to the day of the audit. */
export type Day = number

export type StoreState =
  | 'Activo'
  | 'Últimas unidades'
  | 'Descatalogado'
  | 'Baja temporal'
  | 'En preparación'
  | 'Histórico'
  | 'Pdte. revisión'
  | 'Bloq. calidad'

export interface Sale {
  cents: number
  from: Day
  /** Last day of the sale, included. */
  to: Day
}

export interface StoreRow {
  sku: string
  gtin: string
  title: string
  brand: string
  family: string
  size: string
  color: string
  cents: number | null
  sale: Sale | null
  /** Null for what is not stocked. */
  units: number | null
  state: StoreState
  pack: number
  tax: number
  currency: string
  /** What the shop pays, without VAT; a third of the price where it is not said. */
  cost?: number
  /** Price on the label of the shelf, where it is not the one at the till. */
  label?: number
  /** A word about safety; empty for what nothing is known against. */
  alert?: string
  launch?: Day
  /** Day of the last count, where it is not a recent one. */
  counted?: Day
  net?: string
}

export interface StockRow {
  sku: string
  location: string
  onHand: number
  reserved: number
  /** Whether customers may collect it here; by the units where it is not said. */
  pickup?: boolean
}

export interface WebRow {
  sku: string
  /** SKU of the parent; empty for a simple product. */
  parent: string
  gtin: string
  title: string
  published: 1 | 0 | -1
  inStock: '1' | '0' | 'backorder'
  units: number | null
  backorders: '1' | '0' | 'notify'
  cents: number | null
  sale: Sale | null
  size: string
  color: string
  pack: number | null
  /** Percentage beside the reduced price, where it is not the right one. */
  discount?: number
  /** Picture of its own; the product's where it is not said. */
  image?: string
  maker?: string
  /** When what is sold before it is there comes in. */
  available?: Day
  net?: string
  /** Price of a kilo in cents, where it is not the right one. */
  perKilo?: number
}

export interface WebProduct {
  sku: string
  title: string
  brand: string
  path: string
  published: 1 | 0 | -1
  /** A product without variations: its one row is the product. */
  simple: boolean
  virtual: boolean
  tax: number
  rows: WebRow[]
}

export interface AmazonRow {
  sku: string
  title: string
  cents: number | null
  /** Null where Amazon keeps the stock. */
  units: number | null
  /** Either a code of four kinds, or the ASIN. */
  gtin: string
  asin: string
  listing: string
  state: 'Active' | 'Inactive' | 'Incomplete'
}

/** One article as the store knows it, with its rows in every channel. */
export interface Article {
  readonly line: Line
  readonly product: WebProduct
  readonly store: StoreRow
  readonly stock: StockRow[]
  web: WebRow | null
  amazon: AmazonRow[]
  /** Has something unusual that must stay silent, or a fault already. */
  taken: boolean
}

export interface Promotion {
  key: string
  name: string
  kind: string
  value: string
  from: Day
  to: Day
  channels: string[]
  items: string[]
  minSpend: string
  code: string
  /** Whether it may be combined with others. */
  stacks?: boolean
  state: 'Activa' | 'Programada' | 'Finalizada'
}

export type ChannelId = 'tienda' | 'web' | 'amazon'

export interface PolicyRow {
  channel: ChannelId
  service: string
  scope: string
  value: string
}

export interface StoreData {
  channel: ChannelId
  code: string
  name: string
  phone: string
  hours: string
  latitude: string
  longitude: string
}

export interface Order {
  channel: ChannelId
  order: string
  day: Day
  customer: string
}

export interface Customer {
  channel: ChannelId
  customer: string
  master: string
  email: string
  name: string
  loyalty: string
  birth: number
  region: string
  points: number
  tier: string
}

interface Consent {
  channel: ChannelId
  customer: string
  granted: boolean
  day: Day
}

export interface Company {
  readonly policy: PolicyRow[]
  readonly stores: StoreData[]
  readonly orders: Order[]
  /** Orders that every channel can find. */
  readonly index: Set<string>
  /** Orders in the history of the customers. */
  readonly history: Set<string>
  readonly customers: Customer[]
  readonly consents: Consent[]
  readonly bundles: [bundle: string, component: string, quantity: number][]
  /** Minutes since the marketplace last sent its promotions. */
  promotionsAge: number
  /** Articles that everybody wants at once. */
  readonly rushed: Set<string>
}

export interface World {
  readonly articles: Article[]
  readonly products: WebProduct[]
  /** Rows besides those of the articles. */
  readonly store: StoreRow[]
  readonly stock: StockRow[]
  readonly amazon: AmazonRow[]
  readonly promotions: Readonly<Record<ChannelId, Promotion[]>>
  /** Amazon SKU, article, units in the pack. */
  readonly packs: [listing: string, item: string, quantity: number][]
  /** Small files beside the exports. */
  readonly company: Company
  readonly faults: Fault[]
}

/** Takes the article out of the web shop. */
export function unlist(article: Article): void {
  const at = article.web === null ? -1 : article.product.rows.indexOf(article.web)
  if (at >= 0) article.product.rows.splice(at, 1)
  article.web = null
}
