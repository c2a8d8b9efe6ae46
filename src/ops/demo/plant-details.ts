/** Faults in what exports say besides price, stock and identity: texts, pictures, labels, costs, dates. */
import { BRANDS } from './assortment.ts'
import { change } from './change.ts'
import { listingOf, type Plain, type Planting, type PlantRule } from './planting.ts'

const otherBrand = (own: string): string => BRANDS.find(({ name }) => name !== own)?.name ?? own

export const DETAILS: readonly PlantRule[] = [
  {
    rule: 'catalog/title-mismatch',
    ways: [
      change('catalog/title-mismatch', ['web'], {
        note: 'the web shows the title of another article',
        make: ({ web }) => {
          web.title = 'Gorra de algodón con visera'
        },
      }),
      change('catalog/title-mismatch', ['amazon'], {
        note: 'the marketplace shows the title of another article',
        make: (article) => {
          listingOf(article).title = 'Paraguas plegable automático'
        },
      }),
    ],
  },
  {
    rule: 'catalog/brand-mismatch',
    ways: [
      change('catalog/brand-mismatch', ['tienda', 'web'], {
        note: 'the store filed it under another brand',
        make: ({ store }) => {
          store.brand = otherBrand(store.brand)
        },
      }),
    ],
  },
  {
    rule: 'catalog/missing-image',
    ways: [
      change('catalog/missing-image', ['web'], {
        code: 'missing',
        note: 'no picture in the web',
        fits: ({ product }) => product.simple,
        make: ({ web }) => {
          web.image = ''
        },
      }),
      change('catalog/missing-image', ['web'], {
        code: 'placeholder',
        note: 'the grey picture that stands for none',
        make: ({ web }) => {
          web.image = 'https://calzados-sol.example/img/placeholder.png'
        },
      }),
    ],
  },
  {
    rule: 'catalog/missing-legal-information',
    ways: [
      change('catalog/missing-legal-information', ['web'], {
        note: 'the web does not say who made it',
        make: ({ web }) => {
          web.maker = ''
        },
      }),
    ],
  },
  {
    rule: 'catalog/off-brand-content',
    ways: [
      change('catalog/off-brand-content', ['web'], {
        code: 'promotional',
        note: 'advertising in the title',
        make: ({ web }) => {
          web.title = `${web.title} ¡Envío gratis!`
        },
      }),
      change('catalog/off-brand-content', ['web'], {
        code: 'markup',
        note: 'HTML in the title',
        make: ({ web }) => {
          web.title = `<b>${web.title}</b>`
        },
      }),
    ],
  },
  {
    rule: 'catalog/recalled-still-sellable',
    ways: [
      change('catalog/recalled-still-sellable', ['web'], {
        code: 'recalled',
        note: 'withdrawn for safety, and still on sale',
        make: ({ store }) => {
          store.alert = 'Retirado del mercado'
        },
      }),
      change('catalog/recalled-still-sellable', ['web'], {
        code: 'blocked',
        note: 'blocked for safety, and still on sale',
        make: ({ store }) => {
          store.alert = 'Inmovilizado'
        },
      }),
    ],
  },
  {
    rule: 'catalog/sold-before-launch',
    ways: [
      change('catalog/sold-before-launch', ['web'], {
        code: 'early',
        note: 'on sale three weeks before its launch',
        make: ({ store }) => {
          store.launch = 21
        },
      }),
    ],
  },
  {
    rule: 'catalog/category-unmapped',
    ways: [
      change('catalog/category-unmapped', ['tienda'], {
        code: 'conflict',
        note: 'the store files it in another department',
        make: ({ store }) => {
          store.family = store.family === 'Accesorios' ? 'Textil deportivo' : 'Accesorios'
        },
      }),
      change('catalog/category-unmapped', ['web'], {
        code: 'conflict',
        note: 'the web files it in another department',
        fits: ({ product }) => product.simple && product.path !== 'Nutrición > Barritas',
        make: ({ product }) => {
          product.path = 'Nutrición > Barritas'
        },
      }),
    ],
  },
  { rule: 'catalog/net-content-mismatch', ways: [otherWeight] },
  { rule: 'price/unit-price-wrong', ways: [otherUnitPrice] },
  {
    rule: 'identity/restricted-gtin',
    ways: [
      change('identity/restricted-gtin', ['amazon'], {
        code: 'internal',
        note: 'the code of the store’s own scales on the marketplace',
        make: (article) => {
          listingOf(article).gtin = '2000000000008'
        },
      }),
    ],
  },
  { rule: 'identity/sku-collision', ways: [reuseSku] },
  {
    rule: 'feed/attribute-limit-exceeded',
    ways: [
      change('feed/attribute-limit-exceeded', ['amazon'], {
        note: 'a title that the marketplace cuts',
        make: (article) => {
          const row = listingOf(article)
          row.title = `${row.title} ${row.title} ${row.title} ${row.title}`.padEnd(201, '.')
        },
      }),
    ],
  },
  { rule: 'price/multipack-dearer-per-unit', ways: [pricierByCents, dearPack] },
  {
    rule: 'price/off-ending',
    ways: [
      change('price/off-ending', ['tienda', 'web'], {
        note: 'an odd price in all channels',
        make: (article) => {
          const cents = Math.floor((article.store.cents ?? 0) / 100) * 100 + 37
          article.store.cents = cents
          article.web.cents = cents
          listingOf(article).cents = cents
        },
      }),
    ],
  },
  {
    rule: 'price/below-margin-floor',
    ways: [
      change('price/below-margin-floor', ['tienda'], {
        note: 'the supplier asks for more than the customer pays',
        make: ({ store }) => {
          store.cost = Math.round((store.cents ?? 0) * 0.95)
        },
      }),
    ],
  },
  {
    rule: 'price/shelf-pos-mismatch',
    ways: [
      change('price/shelf-pos-mismatch', ['tienda'], {
        code: 'overcharge',
        note: 'the label of the shelf is cheaper than the till',
        make: ({ store }) => {
          store.label = (store.cents ?? 0) - 300
        },
      }),
      change('price/shelf-pos-mismatch', ['tienda'], {
        code: 'undercharge',
        note: 'the label of the shelf is dearer than the till',
        make: ({ store }) => {
          store.label = (store.cents ?? 0) + 200
        },
      }),
    ],
  },
  {
    rule: 'price/omnibus-discount-base',
    ways: [
      change('price/omnibus-discount-base', ['web'], {
        code: 'base',
        note: 'the web announces more than it takes off',
        make: (article) => {
          const cents = Math.floor(((article.store.cents ?? 0) * 0.8) / 100) * 100 + 95
          article.store.sale = { from: -8, to: 15, cents }
          article.web.sale = { from: -8, to: 15, cents }
          article.web.discount = 40
          article.amazon = []
        },
      }),
    ],
  },
]

/** Bars are cheaper than what is plain otherwise. */
function takeWeighed(planting: Planting): Plain | null {
  const isWeighed = (article: Planting['world']['articles'][number]): article is Plain =>
    !article.taken && article.web !== null && article.store.net !== undefined && (article.store.units ?? 0) >= 12
  const article = planting.world.articles.find(isWeighed) ?? null
  if (article !== null) article.taken = true
  return article
}

function otherWeight(planting: Planting): boolean {
  const article = takeWeighed(planting)
  if (article === null) return false
  article.web.net = '180 g'
  planting.record({
    rule: 'catalog/net-content-mismatch',
    code: 'amount',
    items: [article.store.sku],
    channels: ['web'],
    entails: ['price/unit-price-wrong'],
    note: 'the web shows the weight of a smaller box',
  })
  return true
}

function otherUnitPrice(planting: Planting): boolean {
  const article = takeWeighed(planting)
  if (article === null) return false
  article.web.perKilo = Math.round((article.web.cents ?? 0) * 3.2)
  planting.record({
    rule: 'price/unit-price-wrong',
    code: 'wrong',
    items: [article.store.sku],
    channels: ['web'],
    note: 'the price of a kilo was not recomputed',
  })
  return true
}

function reuseSku(planting: Planting): boolean {
  const article = planting.take()
  if (article === null) return false
  const row = listingOf(article)
  Object.assign(row, { title: 'Paraguas plegable automático', gtin: planting.freshGtin(), cents: 1795 })
  planting.record({
    rule: 'identity/sku-collision',
    items: [article.store.sku],
    channels: ['amazon'],
    entails: [
      'identity/gtin-mismatch',
      'catalog/title-mismatch',
      'price/differs-across-channels',
      'price/outlier',
      'price/marketplace-above-own',
      'price/off-ending',
    ],
    note: 'the marketplace uses the SKU for another article',
  })
  return true
}

/** Three in one on the marketplace, for `cents`. */
function addPack(planting: Planting, article: Plain, cents: number): void {
  const row = listingOf(article)
  const sku = `${article.store.sku}-P3`
  const units = Math.floor((row.units ?? 0) / 3)
  const own = { sku, cents, units, gtin: '', asin: `B0Q${row.asin.slice(3)}`, listing: `${row.listing}P` }
  article.amazon.push({ ...row, ...own })
  planting.world.packs.push([sku, article.store.sku, 3])
}

function dearPack(planting: Planting): boolean {
  const article = planting.take()
  if (article === null) return false
  addPack(planting, article, Math.round(((article.store.cents ?? 0) * 3 * 1.15) / 100) * 100 - 5)
  planting.record({
    rule: 'price/differs-across-channels',
    items: [article.store.sku],
    channels: ['amazon'],
    entails: ['price/multipack-dearer-per-unit', 'price/marketplace-above-own'],
    note: 'a unit of the pack costs more on the marketplace than in the store',
  })
  return true
}

/** What rounding a converted price may explain is no difference between channels, and still dearer than three alone. */
function pricierByCents(planting: Planting): boolean {
  const article = planting.take(({ store }) => (store.cents ?? 0) % 100 === 99)
  if (article === null) return false
  addPack(planting, article, (article.store.cents ?? 0) * 3 + 2)
  planting.record({
    rule: 'price/multipack-dearer-per-unit',
    items: [article.store.sku],
    channels: ['amazon'],
    entails: ['price/marketplace-above-own'],
    note: 'three in a pack cost two cents more than three single ones',
  })
  return true
}
