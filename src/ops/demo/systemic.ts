/** Errors of a whole channel: one cause each, however many articles show it. */
import type { Planting } from './planting.ts'
import type { Systemic } from './truth.ts'
import { type Article, unlist } from './world.ts'

const DIFFERS = 'price/differs-across-channels'
const ABOVE = 'price/marketplace-above-own'
const ENDING = 'price/off-ending'
const FLOOR = 'price/below-margin-floor'

/** Articles that single faults stay away from while the whole channel is wrong. */
export function isAffected(article: Article, systemic: readonly Systemic[]): boolean {
  return systemic.includes('missing-category') && article.store.family === 'Hogar'
}

/** Families of single faults that would drown in the systemic one. */
export function drowns(rule: string, systemic: readonly Systemic[]): boolean {
  const prices = systemic.some((kind) => kind !== 'missing-category')
  const named = ['catalog/pack-quantity-mismatch', 'promotion/discount-not-applied']
  return prices && (rule.startsWith('price/') || named.includes(rule))
}

export function plantSystemic(planting: Planting, kind: Systemic): void {
  PLANT[kind](planting)
}

const PLANT = {
  'tax-basis': publishNet,
  'decimal-shift': publishCents,
  'missing-category': dropCategory,
  currency: labelDollars,
} satisfies Record<Systemic, (planting: Planting) => void>

function publishNet(planting: Planting): void {
  for (const product of planting.world.products) {
    const net = (cents: number): number => Math.round((cents * 100) / (100 + product.tax))
    for (const row of product.rows) {
      if (row.cents !== null) row.cents = net(row.cents)
      if (row.sale !== null) row.sale = { ...row.sale, cents: net(row.sale.cents) }
    }
  }
  planting.record({
    rule: 'price/tax-basis-mismatch',
    channels: ['web', 'tienda'],
    entails: ['price/tax-basis-mismatch', DIFFERS, 'price/outlier', ABOVE, ENDING, FLOOR],
    cause: { kind: 'tax-basis', detail: { rate: '21%' } },
    note: 'the web exports prices without VAT, 21 % and 10 %',
  })
}

function publishCents(planting: Planting): void {
  const rows = [...planting.world.amazon, ...planting.world.articles.flatMap(({ amazon }) => amazon)]
  for (const row of rows) {
    if (row.cents !== null) row.cents *= 100
  }
  planting.record({
    rule: 'price/outlier',
    channels: ['amazon', 'tienda'],
    entails: ['price/outlier', DIFFERS, ABOVE],
    cause: { kind: 'decimal-shift', detail: { factor: '100' } },
    note: 'the feed to the marketplace sends cents as euros',
  })
}

function dropCategory(planting: Planting): void {
  for (const article of planting.world.articles) {
    if (article.store.family === 'Hogar') unlist(article)
  }
  planting.record({
    rule: 'catalog/missing-in-channel',
    channels: ['web', 'tienda'],
    entails: ['catalog/missing-in-channel'],
    cause: { kind: 'missing-slice', detail: { by: 'category', value: 'Hogar' } },
    note: 'the family Hogar never reached the web',
  })
}

function labelDollars(planting: Planting): void {
  const rows = [...planting.world.store, ...planting.world.articles.map(({ store }) => store)]
  for (const row of rows) row.currency = 'USD'
  planting.record({
    rule: 'price/currency-mismatch',
    channels: ['tienda', 'web'],
    entails: ['price/currency-mismatch', DIFFERS, 'price/outlier', ENDING, FLOOR],
    cause: { kind: 'currency', detail: { from: 'USD', to: 'EUR' } },
    note: 'the column of the currency is wrong in the whole store export',
  })
}
