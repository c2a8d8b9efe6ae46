/**
 * What Seller Central does with a price and quantity file, and the Selling Partner API with a JSON listings feed: from
 * Seller Central help 200385490 and 200327780, the German template's field definitions, and developer-docs.amazon.com
 * (merge-a-listing, manage-purchasable-offer, listings feed schema 2.0).
 */
import { copyRows, ImportRefused, need, readTable, type Table } from './cells.ts'

export interface AmazonAccount {
  /** Mark of the marketplace's templates. */
  readonly mark: '.' | ','
  readonly encoding: 'utf-8' | 'windows-1252'
  readonly marketplace: string
  readonly currency: string
  /** Headers of the report. */
  readonly sku: string
  readonly price: string
  readonly quantity: string
  readonly channel: string | null
}

interface Listing {
  readonly row: string[]
  readonly byAmazon: boolean
}

function listings(report: Table, rows: string[][], account: AmazonAccount): ReadonlyMap<string, Listing> {
  const sku = need(report, account.sku)
  const channel = account.channel === null ? -1 : need(report, account.channel)
  const quantity = need(report, account.quantity)
  return new Map(
    rows.map((row) => {
      const byAmazon = channel < 0 ? row[quantity] === '' : !/^default$/i.test(row[channel] ?? '')
      return [row[sku] ?? '', { row, byAmazon }]
    }),
  )
}

function setQuantity(listing: Listing, quantity: string, report: Table, account: AmazonAccount): void {
  if (!/^\d+$/.test(quantity)) throw new ImportRefused(`quantity ${quantity}`)
  // A quantity makes the offer one that the seller ships.
  if (listing.byAmazon && account.channel !== null) listing.row[need(report, account.channel)] = 'DEFAULT'
  listing.row[need(report, account.quantity)] = quantity
}

export function importPriceAndQuantity(report: Table, file: Uint8Array, account: AmazonAccount): Table {
  const table = readTable(file, { delimiter: '\t', encoding: account.encoding, quotes: false })
  const [sku, price, quantity] = [need(table, 'sku'), table.header.indexOf('price'), table.header.indexOf('quantity')]
  if (price < 0 && quantity < 0) throw new ImportRefused('neither price nor quantity')
  const rows = copyRows(report)
  const known = listings(report, rows, account)
  const seen = new Set<string>()
  const amount = account.mark === ',' ? /^\d+(?:,\d+)?$/ : /^\d+(?:\.\d+)?$/
  for (const line of table.rows) {
    const key = line[sku] ?? ''
    const listing = known.get(key)
    if (listing === undefined || seen.has(key)) throw new ImportRefused(`SKU ${key}`)
    seen.add(key)
    const [newPrice, newQuantity] = [line[price] ?? '', line[quantity] ?? '']
    if (newPrice === '' && newQuantity === '') throw new ImportRefused(`nothing for ${key}`)
    if (newPrice !== '') {
      if (!amount.test(newPrice) || !/[1-9]/.test(newPrice)) throw new ImportRefused(`price ${newPrice}`)
      listing.row[need(report, account.price)] = newPrice
    }
    if (newQuantity !== '') setQuantity(listing, newQuantity, report, account)
  }
  return { header: report.header, rows }
}

interface Offer {
  readonly marketplace_id?: string
  readonly currency?: string
  readonly audience?: string
  readonly our_price?: readonly [{ readonly schedule: readonly [{ readonly value_with_tax: number }] }]
}

interface Availability {
  readonly fulfillment_channel_code?: string
  readonly quantity?: number
}

interface Patch {
  readonly op: string
  readonly path: string
  readonly value: readonly (Offer & Availability)[]
}

interface Feed {
  readonly header: { readonly sellerId: string; readonly version: string }
  readonly messages: readonly {
    readonly messageId: number
    readonly sku: string
    readonly operationType: string
    readonly productType: string
    readonly patches: readonly Patch[]
  }[]
}

function merge(listing: Listing, { op, path, value }: Patch, report: Table, account: AmazonAccount): void {
  if (op !== 'merge' || value.length !== 1) throw new ImportRefused(`operation ${op}`)
  const [target] = value
  if (path === '/attributes/purchasable_offer') {
    const { marketplace_id, currency, audience, our_price, ...rest } = target ?? {}
    const selected = marketplace_id === account.marketplace && currency === account.currency && audience === 'ALL'
    const amount = our_price?.[0].schedule[0].value_with_tax
    if (!selected || amount === undefined || Object.keys(rest).length > 0)
      throw new ImportRefused('selectors of an offer')
    listing.row[need(report, account.price)] = String(amount).replace('.', account.mark)
    return
  }
  const { fulfillment_channel_code, quantity } = target ?? {}
  if (path !== '/attributes/fulfillment_availability' || fulfillment_channel_code !== 'DEFAULT') {
    throw new ImportRefused(`path ${path}`)
  }
  setQuantity(listing, String(quantity), report, account)
}

export function importListingsFeed(report: Table, file: Uint8Array, account: AmazonAccount): Table {
  const feed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(file)) as Feed
  if (feed.header.version !== '2.0') throw new ImportRefused('version')
  const rows = copyRows(report)
  const known = listings(report, rows, account)
  const ids = new Set<number>()
  for (const { messageId, sku, operationType, productType, patches } of feed.messages) {
    const listing = known.get(sku)
    if (listing === undefined || ids.has(messageId) || messageId < 1) throw new ImportRefused(`message ${messageId}`)
    if (operationType !== 'PATCH' || productType !== 'PRODUCT') throw new ImportRefused(`operation ${operationType}`)
    ids.add(messageId)
    for (const patch of patches) merge(listing, patch, report, account)
  }
  return { header: report.header, rows }
}
