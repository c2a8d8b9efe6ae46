/** Several faults on one article, of families that have nothing to do with each other: each is a root of its own. */
import { withWrongCheckDigit } from './codes.ts'
import { otherPrice } from './plant-price.ts'
import { listingOf, type Plain, type Planting } from './planting.ts'
import type { ChannelId } from './world.ts'

interface Part {
  readonly rule: string
  readonly channel: ChannelId
  readonly code?: string
  readonly entails?: readonly string[]
  readonly note: string
  readonly make: (article: Plain) => void
}

const COLOR: Part = {
  rule: 'catalog/attribute-mismatch',
  channel: 'web',
  note: 'the web shows another colour, besides another fault',
  make: ({ web }) => {
    web.color = web.color === 'Negro' ? 'Blanco' : 'Negro'
  },
}
const PRICE: Part = {
  rule: 'price/differs-across-channels',
  channel: 'web',
  code: 'regular',
  entails: ['price/off-ending', 'price/marketplace-above-own'],
  note: 'the web did not take over a change of price, besides another fault',
  make: ({ web }) => {
    web.cents = otherPrice(web.cents, 7)
  },
}
const STOCK: Part = {
  rule: 'stock/published-exceeds-available',
  channel: 'amazon',
  entails: ['stock/availability-contradiction'],
  note: 'the marketplace offers more than there is, besides another fault',
  make: (article) => {
    const row = listingOf(article)
    row.units = (row.units ?? 0) + 9
  },
}
const STATUS: Part = {
  rule: 'catalog/status-mismatch',
  channel: 'amazon',
  entails: ['stock/availability-contradiction', 'stock/hidden-stock'],
  note: 'inactive on the marketplace although it is active and in stock, besides another fault',
  make: (article) => {
    listingOf(article).state = 'Inactive'
  },
}
const TITLE: Part = {
  rule: 'catalog/title-mismatch',
  channel: 'web',
  note: 'the web shows the title of another article, besides another fault',
  make: ({ web }) => {
    web.title = 'Gorra de algodón con visera'
  },
}
const CODE: Part = {
  rule: 'identity/invalid-gtin',
  channel: 'web',
  code: 'check_digit',
  entails: ['identity/gtin-mismatch'],
  note: 'last digit mistyped, besides another fault',
  make: ({ web, store }) => {
    web.gtin = withWrongCheckDigit(store.gtin.padStart(13, '0'), 3)
  },
}
const LABEL: Part = {
  rule: 'price/shelf-pos-mismatch',
  channel: 'tienda',
  code: 'overcharge',
  note: 'the label of the shelf is cheaper than the till, besides another fault',
  make: ({ store }) => {
    store.label = (store.cents ?? 0) - 300
  },
}

const SEVERAL: readonly (readonly Part[])[] = [
  [COLOR, PRICE],
  [PRICE, STOCK],
  [STATUS, TITLE],
  [CODE, STOCK],
  [CODE, PRICE, LABEL],
]

/** Prices are left out where those of a whole channel are wrong. */
export function plantSeveral(planting: Planting, drowns: (rule: string) => boolean): void {
  for (const parts of SEVERAL) {
    const fit = parts.filter(({ rule }) => !drowns(rule))
    const article = planting.take(({ store }) => !store.gtin.startsWith('0'))
    if (article === null) return
    for (const part of fit) {
      part.make(article)
      planting.record({
        rule: part.rule,
        ...(part.code === undefined ? {} : { code: part.code }),
        items: [article.store.sku],
        channels: [part.channel],
        entails: fit.flatMap(({ entails }) => entails ?? []),
        note: part.note,
      })
    }
  }
}
