/** Shops on WooCommerce, in English and Spanish, with and without IDs. */
import fc from 'fast-check'
import {
  amounts,
  amountsOrNone,
  CSV,
  canonical,
  cellOf,
  code,
  counts,
  instantInMadrid,
  instants,
  type Meaning,
  newCodes,
  newCounts,
  newTexts,
  prices,
  type ShopCase,
  tableOf,
  texts,
  two,
} from './fix-a-shops.ts'
import type { Table } from './import/cells.ts'
import { importWooCommerce, settleWooCommerce } from './import/woocommerce.ts'

const ENGLISH =
  'ID|Type|SKU|GTIN, UPC, EAN, or ISBN|Name|Published|Visibility in catalog|Description|Date sale price starts|Date sale price ends|In stock?|Stock|Low stock amount|Backorders allowed?|Sale price|Regular price|Categories|Parent|Position'.split(
    '|',
  )
const SPANISH =
  'ID|Tipo|SKU|GTIN, UPC, EAN o ISBN|Nombre|Publicado|Visibilidad en el catálogo|Descripción|Día en que empieza el precio rebajado|Día en que termina el precio rebajado|¿Existencias?|Inventario|Cantidad de bajo inventario|¿Permitir reservas de productos agotados?|Precio rebajado|Precio normal|Categorías|Superior|Posición'.split(
    '|',
  )

const NAMES = {
  id: /^id$/i,
  type: /^(type|tipo)$/i,
  gtin: /^gtin/i,
  name: /^(name|nombre)$/i,
  published: /^(published|publicado)$/i,
  from: /^(date sale price starts|día en que empieza)/i,
  to: /^(date sale price ends|día en que termina)/i,
  inStock: /^(in stock\?|¿existencias\?)$/i,
  stock: /^(stock|inventario)$/i,
  backorders: /^(backorders|¿permitir reservas)/i,
  sale: /^(sale price|precio rebajado)$/i,
  regular: /^(regular price|precio normal)$/i,
} as const

const dates = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 28 }).map((day) => `2026-12-${two(day)} 0:00:00`) },
  { weight: 1, arbitrary: fc.constantFrom('', '2026-12-31 23:59:59') },
)

const articles = fc.record({
  type: fc.constantFrom('simple', 'simple, virtual', 'variable', 'variation', 'variation'),
  gtin: fc.constantFrom('8412345678905', '036000291452', ''),
  name: texts,
  description: texts,
  published: fc.constantFrom('1', '1', '1', '1', '0', '-1', '2', ''),
  from: dates,
  to: dates,
  stock: fc.oneof(counts, fc.constant(''), fc.constant('parent')),
  backorders: fc.constantFrom('0', '1', 'notify'),
  sale: fc.oneof(prices, fc.constant('')),
  regular: fc.oneof({ weight: 6, arbitrary: prices }, { weight: 1, arbitrary: fc.constant('') }),
})

const catalogues: fc.Arbitrary<Table> = fc
  .tuple(
    fc.constantFrom(ENGLISH, SPANISH),
    fc.constantFrom('.', ','),
    fc.boolean(),
    fc.array(articles, { minLength: 1, maxLength: 6 }),
  )
  .map(([all, mark, withIds, list]) => {
    const header = withIds ? all : all.filter((name) => name !== 'ID')
    const of = (name: keyof typeof NAMES): string => header.find((one) => NAMES[name].test(one)) ?? '-'
    const records = list.map((article, index) => {
      const isVariation = article.type === 'variation'
      return {
        ID: String(100 + index),
        SKU: `00${index}-Ñ`,
        [of('type')]: article.type,
        [of('gtin')]: article.gtin,
        [of('name')]: article.name,
        [header[7] ?? '']: article.description,
        [of('published')]: article.published,
        [of('from')]: article.from,
        [of('to')]: article.to,
        [of('inStock')]: '1',
        [of('stock')]: article.stock === 'parent' && !isVariation ? '5' : article.stock,
        [of('backorders')]: article.backorders,
        [of('sale')]: article.sale.replace('.', mark),
        [of('regular')]: article.type === 'variable' ? '' : article.regular.replace('.', mark),
        [header.at(-2) ?? '']: isVariation ? 'id:100' : '',
      }
    })
    // Never changed, and shows the decimal mark of the shop.
    const anchor = { ID: '99', SKU: 'ancla', [of('type')]: 'grouped', [of('regular')]: `1${mark}50` }
    return settleWooCommerce(tableOf(header, [...records, anchor]))
  })

const STATES: Readonly<Record<string, string>> = { '1': 'active', '0': 'hidden', '-1': 'draft', '2': 'draft' }
const BACKORDERS: Readonly<Record<string, string>> = { '0': 'no', '1': 'yes', notify: 'notify' }

export function readWooCommerce(table: Table): readonly Meaning[] {
  return table.rows.map((_, row): Meaning => {
    const cell = (name: keyof typeof NAMES): string => cellOf(table, row, NAMES[name])
    if (/(^|[^a-z])variable([^a-z]|$)|grouped/i.test(cell('type'))) return null
    return {
      'price.regular': canonical(cell('regular')),
      'price.sale': canonical(cell('sale')),
      'price.sale_from': instantInMadrid(cell('from'), false),
      'price.sale_to': instantInMadrid(cell('to'), true),
      'stock.available': canonical(cell('stock')),
      'stock.backorder': BACKORDERS[cell('backorders')] ?? null,
      status: STATES[cell('published')] ?? null,
      buyable: String(cell('published') === '1' && cell('inStock') !== '0'),
      title: cell('name') || null,
      gtin: code(cell('gtin')),
    }
  })
}

export const woocommerce: ShopCase = {
  name: 'WooCommerce products',
  platform: 'woocommerce',
  kind: 'products',
  dialect: CSV,
  table: catalogues,
  values: {
    'price.regular': amountsOrNone,
    'price.sale': fc.oneof(amounts, fc.constant(null)),
    'price.sale_from': instants,
    'price.sale_to': instants,
    'stock.available': newCounts,
    'stock.backorder': fc.constantFrom('no', 'yes', 'notify', null),
    status: fc.constantFrom('active', 'hidden', 'draft', 'archived'),
    title: newTexts,
    gtin: newCodes,
  },
  read: readWooCommerce,
  touches: {
    'price.regular': NAMES.regular,
    'price.sale': NAMES.sale,
    'price.sale_from': NAMES.from,
    'price.sale_to': NAMES.to,
    'stock.available': /^(stock|inventario|in stock\?|¿existencias\?)$/i,
    'stock.backorder': /^(backorders|¿permitir reservas|in stock\?|¿existencias\?)/i,
    status: NAMES.published,
    title: NAMES.name,
    gtin: NAMES.gtin,
  },
  follows: { 'stock.available': ['buyable'], 'stock.backorder': ['buyable'], status: ['buyable'] },
  import: (_format, shop, file) => importWooCommerce(shop, file),
}
