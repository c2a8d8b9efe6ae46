import { change } from './change.ts'
import { listingOf, type Plain, type PlantRule } from './planting.ts'

const CONTRADICTION = 'stock/availability-contradiction'
const EXCEEDS = 'stock/published-exceeds-available'

export const STOCK: readonly PlantRule[] = [
  {
    rule: CONTRADICTION,
    ways: [
      change(CONTRADICTION, ['web'], {
        note: 'sold out in the web, in stock everywhere else',
        entails: ['stock/hidden-stock'],
        make: ({ web }) => void Object.assign(web, { units: 0, inStock: '0' }),
      }),
      change(CONTRADICTION, ['amazon'], {
        note: 'sold out on the marketplace, in stock everywhere else',
        entails: ['stock/hidden-stock'],
        make: (article) => {
          listingOf(article).units = 0
        },
      }),
    ],
  },
  {
    rule: EXCEEDS,
    ways: [
      change(EXCEEDS, ['web'], {
        note: 'the web offers more than there is',
        entails: [CONTRADICTION],
        make: ({ web }) => {
          web.units = (web.units ?? 0) + 7
        },
      }),
      change(EXCEEDS, ['amazon'], {
        note: 'the marketplace offers more than there is',
        entails: [CONTRADICTION],
        make: (article) => {
          const row = listingOf(article)
          row.units = (row.units ?? 0) + 11
        },
      }),
      change(EXCEEDS, ['web'], {
        note: 'nothing is left, and the web still sells four',
        entails: [CONTRADICTION],
        make: (article) => {
          sellOut(article)
          listingOf(article).units = 0
          Object.assign(article.web, { units: 4, inStock: '1' })
        },
      }),
    ],
  },
  {
    rule: 'stock/hidden-stock',
    ways: [
      change('stock/hidden-stock', ['web'], {
        note: 'the web offers two of many',
        make: ({ web }) => {
          web.units = 2
        },
      }),
      change('stock/hidden-stock', ['amazon'], {
        note: 'the marketplace offers three of many',
        make: (article) => {
          listingOf(article).units = 3
        },
      }),
    ],
  },
  {
    rule: 'stock/negative-quantity',
    ways: [
      change('stock/negative-quantity', ['tienda'], {
        note: 'a store sold what it had not booked in',
        make: (article) => goBelowZero(article),
      }),
      change('stock/negative-quantity', ['web'], {
        note: 'the web counts below zero without taking backorders',
        make: (article) => {
          sellOut(article)
          listingOf(article).units = 0
          Object.assign(article.web, { units: -3, inStock: '0' })
        },
      }),
    ],
  },
]

function sellOut({ store, stock }: Plain): void {
  store.units = 0
  stock.splice(0, stock.length, { sku: store.sku, location: 'ALM1', onHand: 0, reserved: 0 })
}

/** The total and what the channels publish go down with it: nothing but the sign is wrong. */
function goBelowZero(article: Plain): void {
  const { store, stock, web } = article
  stock.push({ sku: store.sku, location: 'T03', onHand: -2, reserved: 0 })
  store.units = (store.units ?? 0) - 2
  web.units = store.units
  listingOf(article).units = store.units
}
