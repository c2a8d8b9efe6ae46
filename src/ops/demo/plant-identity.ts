import { asScientific, cutShort, gtin14, withWrongCheckDigit } from './codes.ts'
import { amazonRow } from './generate.ts'
import { listingOf, type Plain, type Planting, type PlantRule } from './planting.ts'
import type { WebRow } from './world.ts'

const GTIN_RULES = ['identity/gtin-mismatch']

export const IDENTITY: readonly PlantRule[] = [
  {
    rule: 'identity/invalid-gtin',
    ways: [
      invalid('check_digit', 'web', 'last digit mistyped', ({ web, store }) => {
        web.gtin = withWrongCheckDigit(store.gtin.padStart(13, '0'), 3)
      }),
      invalid('length', 'web', 'two digits lost when copied', ({ web, store }) => {
        web.gtin = cutShort(store.gtin.padStart(13, '0'))
      }),
      invalid('placeholder', 'amazon', 'zeros typed to get past the form', (article) => {
        listingOf(article).gtin = '0000000000000'
      }),
      loseZero,
      beScientific,
    ],
  },
  { rule: 'identity/gtin-mismatch', ways: [mismatchInWeb, mismatchOnMarketplace] },
  { rule: 'identity/duplicate-gtin', ways: [duplicateEverywhere, duplicateInWeb] },
  { rule: 'identity/duplicate-sku', ways: [sameSkuTwice, sameRowTwice] },
  { rule: 'identity/orphan-listing', ways: [strangerOnMarketplace, strangerInWeb] },
  { rule: 'identity/duplicate-listing', ways: [listedTwiceOnMarketplace, listedTwiceInWeb] },
]

function invalid(code: string, channel: 'web' | 'amazon', note: string, change: (article: Plain) => void) {
  return (planting: Planting): boolean => {
    const article = planting.take(({ store }) => !store.gtin.startsWith('0'))
    if (article === null) return false
    change(article)
    const items = [article.store.sku]
    planting.record({ rule: 'identity/invalid-gtin', code, items, channels: [channel], entails: GTIN_RULES, note })
    return true
  }
}

function loseZero(planting: Planting): boolean {
  const article = planting.take(({ store }) => store.gtin.startsWith('0'))
  if (article === null) return false
  article.web.gtin = article.store.gtin.slice(1)
  planting.record({
    rule: 'identity/invalid-gtin',
    code: 'lost_zero',
    items: [article.store.sku],
    channels: ['web'],
    entails: GTIN_RULES,
    note: 'a spreadsheet dropped the leading zero of the UPC',
  })
  return true
}

/** One such cell among more than a thousand is a wrong code; above that share the column is damaged. */
function beScientific(planting: Planting): boolean {
  if (planting.world.articles.length < 1500) return false
  const damaged = planting.world.faults.some(({ code }) => code === 'scientific')
  const article = damaged ? null : planting.take(({ store }) => !store.gtin.startsWith('0'))
  if (article === null) return false
  article.web.gtin = asScientific(article.store.gtin)
  planting.record({
    rule: 'identity/invalid-gtin',
    code: 'scientific',
    items: [article.store.sku],
    channels: ['web'],
    entails: GTIN_RULES,
    note: 'a spreadsheet took the code for a number',
  })
  return true
}

function mismatchInWeb(planting: Planting): boolean {
  const article = planting.take()
  if (article === null) return false
  article.web.gtin = planting.freshGtin()
  return recordMismatch(planting, article, 'web')
}

function mismatchOnMarketplace(planting: Planting): boolean {
  const article = planting.take()
  if (article === null) return false
  listingOf(article).gtin = planting.freshGtin()
  return recordMismatch(planting, article, 'amazon')
}

function recordMismatch(planting: Planting, article: Plain, channel: 'web' | 'amazon'): true {
  planting.record({
    rule: 'identity/gtin-mismatch',
    items: [article.store.sku],
    channels: [channel],
    note: 'same SKU, another valid GTIN that no article has',
  })
  return true
}

function duplicateEverywhere(planting: Planting): boolean {
  const pair = planting.takePair()
  if (pair === null) return false
  const [kept, copied] = pair
  copied.store.gtin = kept.store.gtin
  copied.web.gtin = kept.web.gtin
  listingOf(copied).gtin = listingOf(kept).gtin
  planting.record({
    rule: 'identity/duplicate-gtin',
    items: [kept.store.sku, copied.store.sku, gtin14(kept.store.gtin)],
    channels: ['tienda', 'web', 'amazon'],
    note: 'two variants share a GTIN in the store, and every channel took it over',
  })
  return true
}

function duplicateInWeb(planting: Planting): boolean {
  const pair = planting.takePair()
  if (pair === null) return false
  const [kept, copied] = pair
  copied.web.gtin = kept.web.gtin
  planting.record({
    rule: 'identity/duplicate-gtin',
    items: [kept.store.sku, copied.store.sku, gtin14(kept.store.gtin)],
    channels: ['web'],
    entails: GTIN_RULES,
    note: 'the code of one variation was pasted into the next',
  })
  return true
}

const AMBIGUOUS = ['identity/duplicate-listing', 'identity/gtin-mismatch', 'identity/orphan-listing']

function sameSkuTwice(planting: Planting): boolean {
  const pair = planting.takePair()
  if (pair === null) return false
  const [kept, copied] = pair
  copied.web.sku = kept.web.sku
  planting.record({
    rule: 'identity/duplicate-sku',
    items: [kept.store.sku, copied.store.sku],
    channels: ['web'],
    entails: [...AMBIGUOUS, 'catalog/missing-in-channel', 'catalog/attribute-mismatch'],
    note: 'two variations carry one SKU; their GTINs are right',
  })
  return true
}

function sameRowTwice(planting: Planting): boolean {
  const article = planting.take()
  if (article === null) return false
  planting.world.store.push({ ...article.store })
  planting.record({
    rule: 'identity/duplicate-sku',
    items: [article.store.sku],
    channels: ['tienda'],
    entails: ['identity/duplicate-listing', 'identity/duplicate-gtin'],
    note: 'the store exports the same article twice',
  })
  return true
}

function strangerOnMarketplace(planting: Planting): boolean {
  const article = planting.take()
  if (article === null) return false
  const sku = `AMZ-OLD-${planting.serial()}`
  const row = { ...amazonRow({ ...article.store, sku }, 0, true), gtin: planting.freshGtin() }
  const listing = `0925${sku.slice(8).padStart(5, '0')}ES`
  planting.world.amazon.push({ ...row, asin: `B0D${sku.slice(8).padStart(7, '0')}`, listing })
  recordStranger(planting, 'amazon', row.gtin, [listing, sku])
  return true
}

function strangerInWeb(planting: Planting): boolean {
  const article = planting.take()
  if (article === null) return false
  const sku = `WEB-OLD-${planting.serial()}`
  const title = `${article.line.noun} exclusiva web`
  const row: WebRow = { ...article.web, sku, parent: '', title, gtin: planting.freshGtin() }
  planting.world.products.push({ ...article.product, sku: '', title, simple: true, rows: [row] })
  recordStranger(planting, 'web', row.gtin, [sku])
  return true
}

function recordStranger(planting: Planting, channel: 'web' | 'amazon', gtin: string, ids: readonly string[]): void {
  planting.record({
    rule: 'identity/orphan-listing',
    items: [gtin14(gtin), ...ids.map((id) => `${channel}:${id}`), ...ids],
    channels: [channel],
    note: 'on sale, but the store does not know it; its key is the GTIN',
  })
}

function listedTwiceOnMarketplace(planting: Planting): boolean {
  const article = planting.take()
  if (article === null) return false
  const row = listingOf(article)
  const units = row.units ?? 0
  row.units = Math.ceil(units / 2)
  article.amazon.push({
    ...row,
    sku: `${row.sku}-BIS`,
    units: Math.floor(units / 2),
    asin: `B0E${row.asin.slice(3)}`,
    listing: `${row.listing}B`,
  })
  recordTwice(planting, article, 'amazon')
  return true
}

function listedTwiceInWeb(planting: Planting): boolean {
  const article = planting.take()
  if (article === null) return false
  const { web } = article
  const units = web.units ?? 0
  web.units = Math.ceil(units / 2)
  const row: WebRow = { ...web, sku: `${web.sku}-NUEVO`, parent: '', units: Math.floor(units / 2) }
  planting.world.products.push({ ...article.product, sku: '', title: web.title, simple: true, rows: [row] })
  recordTwice(planting, article, 'web')
  return true
}

function recordTwice(planting: Planting, article: Plain, channel: 'web' | 'amazon'): void {
  planting.record({
    rule: 'identity/duplicate-listing',
    items: [article.store.sku],
    channels: [channel],
    note: 'a second listing with another SKU and the same GTIN; each offers half of the units',
  })
}
