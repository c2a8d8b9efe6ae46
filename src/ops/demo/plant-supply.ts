/** Faults in what is promised of stock: dates, collections, counts, totals, sets. */
import { change } from './change.ts'
import type { Plain, Planting, PlantRule } from './planting.ts'
import { unlist } from './world.ts'

export const SUPPLY: readonly PlantRule[] = [
  {
    rule: 'stock/backorder-without-date',
    ways: [backordered('missing', undefined), backordered('past', -20)],
  },
  {
    rule: 'stock/pickup-needs-store-stock',
    ways: [
      change('stock/pickup-needs-store-stock', ['tienda'], {
        code: 'stock',
        note: 'can be collected in a store that has none',
        make: ({ store, stock }) => {
          stock.push({ sku: store.sku, location: 'T03', onHand: 0, reserved: 0, pickup: true })
        },
      }),
    ],
  },
  {
    rule: 'stock/stale-count',
    ways: [
      change('stock/stale-count', ['tienda'], {
        code: 'overdue',
        note: 'not counted for more than a year',
        make: ({ store }) => {
          store.counted = -430
        },
      }),
    ],
  },
  {
    rule: 'stock/totals-do-not-reconcile',
    ways: [
      change('stock/totals-do-not-reconcile', ['tienda'], {
        note: 'six units in a store that the total does not have',
        make: ({ store, stock }) => {
          stock.push({ sku: store.sku, location: 'T03', onHand: 6, reserved: 0 })
        },
      }),
    ],
  },
  {
    rule: 'stock/stranded',
    ways: [
      change('stock/stranded', ['tienda'], {
        note: 'archived everywhere, and dozens are left',
        make: (article) => {
          article.store.state = 'Histórico'
          article.amazon = []
          unlist(article)
        },
      }),
    ],
  },
  { rule: 'stock/oversell-risk', ways: [rush] },
  { rule: 'stock/bundle-overstated', ways: [overstateBundle] },
]

function backordered(code: string, available: number | undefined) {
  return change('stock/backorder-without-date', ['web'], {
    code,
    note: available === undefined ? 'orders are taken, and nobody says until when' : 'the date of arrival has passed',
    make: (article) => {
      article.store.units = 0
      const { sku } = article.store
      article.stock.splice(0, article.stock.length, { sku, location: 'ALM1', onHand: 0, reserved: 0 })
      article.amazon = []
      Object.assign(article.web, { units: -2, inStock: 'backorder', backorders: 'notify' })
      if (available !== undefined) article.web.available = available
    },
  })
}

function rush(planting: Planting): boolean {
  const article = planting.take()
  if (article === null) return false
  planting.world.company.rushed.add(article.store.sku)
  planting.record({
    rule: 'stock/oversell-risk',
    items: [article.store.sku],
    channels: ['web'],
    entails: ['stock/stale-count'],
    note: 'sells faster in three channels than they hear of each other',
  })
  return true
}

/** Sets are put together when they are ordered, so nothing of them is in stock. */
export function addBundle(planting: Planting, beyond: number): Plain | null {
  const part = planting.take()
  const bundle = part === null ? null : planting.take()
  if (part === null || bundle === null) return null
  bundle.store.units = null
  bundle.stock.splice(0)
  bundle.amazon = []
  bundle.web.units = Math.floor((part.store.units ?? 0) / 2) + beyond
  planting.world.company.bundles.push([bundle.store.sku, part.store.sku, 2])
  return bundle
}

function overstateBundle(planting: Planting): boolean {
  const bundle = addBundle(planting, 9)
  if (bundle === null) return false
  planting.record({
    rule: 'stock/bundle-overstated',
    items: [bundle.store.sku],
    channels: ['web'],
    note: 'more sets are offered than there are parts for',
  })
  return true
}
