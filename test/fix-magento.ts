/** Shops on Magento: products by store view, tier prices and stock by source. */
import fc from 'fast-check'
import {
  amountsOrNone,
  CSV,
  canonical,
  cellOf,
  counts,
  instantInMadrid,
  instants,
  type Meaning,
  newCounts,
  prices,
  type ShopCase,
  tableOf,
  texts,
  two,
} from './fix-a-shops.ts'
import type { Table } from './import/cells.ts'
import { importMagentoProducts, importMagentoSources, importMagentoTierPrices } from './import/magento.ts'

const PRODUCTS =
  'sku|store_view_code|attribute_set_code|product_type|categories|product_websites|name|description|product_online|visibility|price|special_price|special_price_from_date|special_price_to_date|additional_attributes|qty|is_in_stock|manage_stock|use_config_manage_stock|configurable_variations|cost'.split(
    '|',
  )

const days = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 28 }).map((day) => `2026-12-${two(day)}`) },
  { weight: 1, arbitrary: fc.constantFrom('', '2026-12-31 00:00:00') },
)

const articles = fc.record({
  name: texts,
  description: texts,
  online: fc.constantFrom('1', '2'),
  price: fc.oneof(
    { weight: 6, arbitrary: prices.map((text) => `${text}00`) },
    { weight: 1, arbitrary: fc.constant('') },
  ),
  special: fc.oneof(prices, fc.constant('')),
  from: days,
  to: days,
  qty: fc.oneof(
    { weight: 6, arbitrary: counts.map((text) => `${text}.0000`) },
    { weight: 1, arbitrary: fc.constant('') },
  ),
  cost: fc.oneof(prices, fc.constant('')),
  view: fc.boolean(),
})

const catalogues: fc.Arbitrary<Table> = fc.array(articles, { minLength: 1, maxLength: 5 }).map((list) =>
  tableOf(
    PRODUCTS,
    list.flatMap((article, index) => {
      const sku = `00${index}-Ñ "x", y`
      const own = {
        sku,
        attribute_set_code: 'Top',
        product_type: 'simple',
        categories: 'Default Category/Calzado,Default Category',
        name: article.name,
        description: article.description,
        product_online: article.online,
        visibility: 'Catalog, Search',
        price: article.price,
        special_price: article.special,
        special_price_from_date: article.from,
        special_price_to_date: article.to,
        additional_attributes: 'has_options=0,color=Marrón',
        qty: article.qty,
        is_in_stock: '1',
        manage_stock: '1',
        use_config_manage_stock: '1',
        cost: article.cost,
      }
      return article.view ? [own, { sku, store_view_code: 'en', name: 'Boot', price: '1.0000' }] : [own]
    }),
  ),
)

export function readMagento(table: Table): readonly Meaning[] {
  return table.rows.map((_, row): Meaning => {
    const cell = (name: string): string => cellOf(table, row, new RegExp(`^${name}$`))
    if (cell('store_view_code') !== '' || /^(configurable|grouped)$/.test(cell('product_type'))) return null
    return {
      status: cell('product_online') === '1' ? 'active' : 'paused',
      'price.regular': canonical(cell('price')),
      'price.sale': canonical(cell('special_price')),
      'price.sale_from': instantInMadrid(cell('special_price_from_date'), false),
      'price.sale_to': instantInMadrid(cell('special_price_to_date'), true),
      'price.cost': canonical(cell('cost')),
      'stock.available': canonical(cell('qty')),
      title: cell('name') || null,
    }
  })
}

export const magentoProducts: ShopCase = {
  name: 'Magento products',
  platform: 'magento',
  kind: 'products',
  dialect: CSV,
  table: catalogues,
  values: {
    status: fc.constantFrom('active', 'paused', 'draft'),
    'price.regular': amountsOrNone,
    'price.sale': amountsOrNone,
    'price.sale_from': instants,
    'price.sale_to': instants,
    'price.cost': amountsOrNone,
    'stock.available': newCounts,
  },
  read: readMagento,
  touches: {
    status: /^product_online$/,
    'price.regular': /^price$/,
    'price.sale': /^special_price$/,
    'price.sale_from': /^special_price_from_date$/,
    'price.sale_to': /^special_price_to_date$/,
    'price.cost': /^cost$/,
    'stock.available': /^qty$/,
  },
  import: (_format, shop, file) => importMagentoProducts(shop, file),
}

const TIERS = 'sku|tier_price_website|tier_price_customer_group|tier_price_qty|tier_price|tier_price_value_type'.split(
  '|',
)

export const magentoTiers: ShopCase = {
  name: 'Magento tier prices',
  platform: 'magento',
  kind: 'advanced pricing',
  dialect: CSV,
  table: fc.array(fc.tuple(prices, fc.constantFrom('1.0000', '10.0000')), { minLength: 1, maxLength: 5 }).map((list) =>
    tableOf(
      TIERS,
      list.flatMap(([price, quantity], index) =>
        ['ALL GROUPS', 'Mayoristas, "norte"'].map((group) => ({
          sku: `00${index}`,
          tier_price_website: 'All Websites [EUR]',
          tier_price_customer_group: group,
          tier_price_qty: quantity,
          tier_price: `${price}00`,
          tier_price_value_type: 'Fixed',
        })),
      ),
    ),
  ),
  values: { 'price.regular': amountsOrNone },
  read: (table) =>
    table.rows.map((_, row) =>
      cellOf(table, row, /^tier_price_qty$/) === '1.0000'
        ? { 'price.regular': canonical(cellOf(table, row, /^tier_price$/)) }
        : null,
    ),
  touches: { 'price.regular': /^tier_price$/ },
  import: (_format, shop, file) => importMagentoTierPrices(shop, file),
}

export const magentoSources: ShopCase = {
  name: 'Magento stock sources',
  platform: 'magento',
  kind: 'stock sources',
  dialect: CSV,
  table: fc.array(fc.tuple(counts, fc.constantFrom('0', '1')), { minLength: 1, maxLength: 5 }).map((list) =>
    tableOf(
      ['source_code', 'sku', 'status', 'quantity'],
      list.flatMap(([count, status], index) =>
        ['default', 'tienda_coruña'].map((source) => ({
          source_code: source,
          sku: `00${index}`,
          status,
          quantity: `${count}.0000`,
        })),
      ),
    ),
  ),
  values: { 'stock.on_hand': newCounts },
  read: (table) => table.rows.map((_, row) => ({ 'stock.on_hand': canonical(cellOf(table, row, /^quantity$/)) })),
  touches: { 'stock.on_hand': /^quantity$/ },
  import: (_format, shop, file) => importMagentoSources(shop, file),
}
