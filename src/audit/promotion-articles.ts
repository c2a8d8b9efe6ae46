/** Which articles promotions are about, and what channels say of them: two statements for all promotions together. */
import { type Engine, ident, type SqlRow } from '../engine/engine.ts'
import { micros } from './promotion-money.ts'
import type { PromotionRow } from './promotion-row.ts'
import { numberOf, textOf } from './sides.ts'

/** What a channel says of an article that some promotion names. Amounts are millionths. */
export interface PromotedListing {
  readonly item: string
  readonly ch: number
  readonly name: string
  /** Null where the word for its status is in no vocabulary. */
  readonly live: boolean | null
  readonly selling: boolean | null
  readonly availability: string | null
  readonly units: bigint | null
  /** Sold in 30 days; null without the input. */
  readonly sold: bigint | null
  readonly regular: bigint | null
  readonly sale: bigint | null
  /** Milliseconds. */
  readonly saleFrom: number | null
  readonly saleTo: number | null
  readonly onSale: boolean
  readonly cost: bigint | null
  readonly taxed: boolean | null
  readonly taxRate: bigint | null
  /** Everybody's price. */
  readonly open: boolean
  readonly currency: string | null
}

/** What a promotion's list of articles comes to. */
interface PromotedItems {
  readonly items: ReadonlySet<string>
  /** Words of the list that name no article of any channel. */
  readonly strangers: number
}

export class PromotionArticles {
  readonly #byRow: ReadonlyMap<string, PromotedItems>
  readonly #byItem: ReadonlyMap<string, readonly PromotedListing[]>
  /** Channels that list any of the articles. */
  readonly #listing: ReadonlySet<number>

  constructor(byRow: ReadonlyMap<string, PromotedItems>, byItem: ReadonlyMap<string, readonly PromotedListing[]>) {
    this.#byRow = byRow
    this.#byItem = byItem
    this.#listing = new Set([...byItem.values()].flatMap((listings) => listings.map(({ ch }) => ch)))
  }

  /** Null for a promotion that lists nothing. */
  itemsOf(row: PromotionRow): PromotedItems | null {
    return this.#byRow.get(placeOf(row)) ?? null
  }

  listings(item: string): readonly PromotedListing[] {
    return this.#byItem.get(item) ?? []
  }

  isListed(item: string, ch: number): boolean {
    return this.listings(item).some((listing) => listing.ch === ch && listing.live !== false)
  }

  /** Whether both channels list the article. A channel that lists none, as a calendar, has them all. */
  isShared(item: string, one: number, other: number): boolean {
    return [one, other].every((ch) => !this.#listing.has(ch) || this.isListed(item, ch))
  }

  /** Of the promotion's articles those that the channel of the row lists. */
  listedIn(row: PromotionRow, ch: number): readonly PromotedListing[] {
    const own = this.itemsOf(row)
    if (own === null) return []
    return [...own.items].flatMap((item) => this.listings(item).filter((one) => one.ch === ch && one.live !== false))
  }

  nameOf(item: string): string {
    return this.listings(item)[0]?.name ?? item
  }
}

export const NO_ARTICLES = new PromotionArticles(new Map(), new Map())

const NAMED = `named AS (SELECT ch, src, ord, trim(unnest(string_split("promotion.items", ','))) AS code FROM promotion WHERE "promotion.items" IS NOT NULL)`

/**
 * A word is an article's key, in the promotion's own channel before any other's; else the product, category or brand of
 * listings of the channel.
 */
const RESOLVED = `CREATE OR REPLACE TEMP TABLE promotion_item AS WITH ${NAMED},
  word AS (SELECT DISTINCT ch, code FROM named WHERE code <> ''),
  by_key AS (${[
    'l.sku = w.code',
    'l.listing_id = w.code',
    'l.gtin14 = CASE WHEN length(w.code) >= 8 THEN try_cast(w.code AS BIGINT) END',
  ]
    .map((same) => `SELECT w.ch, w.code, l.item, l.ch <> w.ch AS far FROM word w JOIN linked_all l ON ${same}`)
    .join(' UNION ALL ')}),
  rest AS (SELECT ch, code FROM word EXCEPT SELECT ch, code FROM by_key),
  by_group AS (${['product', 'category', 'brand']
    .map(
      (field) =>
        `SELECT w.ch, w.code, l.item FROM rest w JOIN linked_all l ON l.ch = w.ch AND lower(l.${field}) = lower(w.code)`,
    )
    .join(' UNION ALL ')})
  SELECT DISTINCT ch, code, item FROM by_key QUALIFY far = min(far) OVER (PARTITION BY ch, code)
  UNION ALL SELECT DISTINCT ch, code, item FROM by_group`

/** @param sales - Whether the input is there. */
const listingSql = (
  sales: boolean,
): string => `SELECT s.item::VARCHAR AS item, s.ch AS ch, coalesce(s.sku, s.listing_id, s.gtin, s.title) AS name, s.live AS live,
    s.selling AS selling, s.availability AS availability, s."stock.available" AS units, s."price.regular" AS regular,
    s."price.sale" AS sale, epoch_ms(s."price.sale_from")::BIGINT AS sale_from, epoch_ms(s."price.sale_to")::BIGINT AS sale_to,
    s.on_sale AS on_sale, s."price.cost" AS cost, s.taxed AS taxed, s."price.tax_rate" AS tax_rate, s.public AS open,
    s.currency AS currency, ${sales ? 'v.units30' : 'NULL'} AS sold
  FROM side_all s ${sales ? 'LEFT JOIN (SELECT sku, ch, sum(units30) AS units30 FROM input_sales GROUP BY sku, ch) v ON v.sku = s.sku AND v.ch = s.ch' : ''} WHERE s.item IN (SELECT item FROM promotion_item) ORDER BY s.item, s.ch, s.rid`

interface Named extends SqlRow {
  readonly src: number
  readonly ord: number | string
  readonly item: string | null
}

export async function readPromotionArticles(engine: Engine, sales: boolean): Promise<PromotionArticles> {
  await engine.run(RESOLVED)
  const named = await engine.rows<Named>(
    `WITH ${NAMED} SELECT n.src AS src, n.ord AS ord, i.item::VARCHAR AS item FROM named n
     LEFT JOIN promotion_item i ON i.ch = n.ch AND i.code = n.code WHERE n.code <> ''`,
  )
  const byRow = new Map<string, { items: Set<string>; strangers: number }>()
  for (const row of named) {
    const key = placeOf(row)
    const own = byRow.get(key) ?? { items: new Set<string>(), strangers: 0 }
    if (row.item === null) own.strangers++
    else own.items.add(row.item)
    byRow.set(key, own)
  }
  const byItem = new Map<string, PromotedListing[]>()
  for await (const batch of engine.batches(listingSql(sales))) {
    for (const row of batch) {
      const listing = listingOf(row)
      const known = byItem.get(listing.item)
      if (known === undefined) byItem.set(listing.item, [listing])
      else known.push(listing)
    }
  }
  await engine.run(`DROP TABLE ${ident('promotion_item')}`)
  return new PromotionArticles(byRow, byItem)
}

function placeOf({ src, ord }: { readonly src: number; readonly ord: number | string }): string {
  return `${src}:${ord}`
}

function listingOf(row: SqlRow): PromotedListing {
  const amount = (name: string): bigint | null => micros(textOf(row[name]))
  const truth = (name: string): boolean | null => (typeof row[name] === 'boolean' ? row[name] === true : null)
  return {
    item: String(row['item']),
    ch: Number(row['ch']),
    name: textOf(row['name']) ?? String(row['item']),
    live: truth('live'),
    selling: truth('selling'),
    availability: textOf(row['availability']),
    units: amount('units'),
    sold: amount('sold'),
    regular: amount('regular'),
    sale: amount('sale'),
    saleFrom: numberOf(row['sale_from']),
    saleTo: numberOf(row['sale_to']),
    onSale: row['on_sale'] === true,
    cost: amount('cost'),
    taxed: truth('taxed'),
    taxRate: amount('tax_rate'),
    open: row['open'] !== false,
    currency: textOf(row['currency']),
  }
}
