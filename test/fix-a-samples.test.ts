/** Files that correct real exports of Shopify, WooCommerce, PrestaShop and Magento, put through simulated imports. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldName } from '../src/model/field.ts'
import { changesOf, expectLoop } from './fix-a-loop.ts'
import { expectWholeLoop } from './fix-a-project.ts'
import { cellOf, type ShopCase, tableOf } from './fix-a-shops.ts'
import { magentoProducts } from './fix-magento.ts'
import { prestashopCombinations, prestashopProducts } from './fix-prestashop.ts'
import { shopifyProducts } from './fix-shopify.ts'
import { woocommerce } from './fix-woocommerce.ts'
import type { Table } from './import/cells.ts'
import { settleWooCommerce } from './import/woocommerce.ts'

const SAMPLES = process.env['OMNIPARITY_SAMPLES']

/** Files and the fields of which at least one change has to be carried; nothing can be done to a file without them. */
const FILES: readonly (readonly [path: string, shop: ShopCase, carried: readonly FieldName[]])[] = [
  [
    'shopify/official-template/product_template_2024.csv',
    shopifyProducts,
    ['price.regular', 'price.sale', 'gtin', 'status'],
  ],
  [
    'shopify/theme-course-furniture/Product-data.csv',
    shopifyProducts,
    ['price.regular', 'price.sale', 'price.cost', 'title'],
  ],
  // A file without the status could publish drafts, one without handles makes new products.
  ['shopify/official-template/product_template.csv', shopifyProducts, []],
  ['shopify/towel-store/products_export.csv', shopifyProducts, []],
  ['woocommerce/sample_products.csv', woocommerce, ['price.regular', 'price.sale', 'status', 'title']],
  ['woocommerce/importer-test-sample.csv', woocommerce, ['price.regular', 'price.sale', 'title']],
  [
    'prestashop/csv_import/products_import.csv',
    prestashopProducts,
    ['price.cost', 'status', 'gtin', 'stock.available'],
  ],
  [
    'prestashop/csv_import/combinations_import.csv',
    prestashopCombinations,
    ['price.regular', 'price.cost', 'stock.available', 'gtin'],
  ],
  ['magento/import-sample-catalog_product.csv', magentoProducts, ['price.regular', 'status', 'stock.available']],
  [
    'magento/luma-configurable-products.csv.gz',
    magentoProducts,
    ['price.regular', 'price.sale', 'price.sale_from', 'status', 'stock.available'],
  ],
]

/** Exports with a key that a company's own file can share: its prices and quantities differ from those of every fourth. */
const WHOLE: readonly (readonly [
  path: string,
  shop: ShopCase,
  sku: RegExp,
  includesTax: boolean,
  fields: readonly FieldName[],
])[] = [
  [FILES[0]?.[0] ?? '', shopifyProducts, /^variant sku$/i, true, ['price.regular']],
  ['woocommerce/sample_products.csv', woocommerce, /^sku$/i, true, ['price.regular']],
  ['prestashop/csv_import/products_import.csv', prestashopProducts, /^reference #$/i, false, ['stock.available']],
  ['magento/luma-configurable-products.csv.gz', magentoProducts, /^sku$/, true, ['price.regular', 'stock.available']],
]

function open(path: string, { dialect, platform }: ShopCase): Table {
  const bytes = readFileSync(join(SAMPLES ?? '', path))
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const [header = [], ...rows]: string[][] = parse(text, {
    bom: true,
    delimiter: dialect.delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
  })
  const table = { header, rows: rows.map((row) => header.map((_, position) => row[position] ?? '')) }
  return platform === 'woocommerce' ? settleWooCommerce(table) : table
}

/** Two fields of every article, the same in all runs. */
function wishesFor({ values }: ShopCase, rows: number, round: number): Parameters<typeof changesOf>[2] {
  const drawn = Object.entries(values).flatMap(([field, arbitrary]) =>
    arbitrary === undefined
      ? []
      : [{ field: field as FieldName, list: fc.sample(arbitrary, { numRuns: rows, seed: round }) }],
  )
  return Array.from({ length: rows }, (_, row) => row).flatMap((row) =>
    [0, 3].flatMap((step) => {
      const one = drawn[(row + round + step) % drawn.length]
      return one === undefined ? [] : [{ row, field: one.field, value: one.list[row] ?? null }]
    }),
  )
}

test.runIf(SAMPLES === undefined && process.env['OMNIPARITY_REQUIRE'] === '1')('real files are there', () => {
  expect.fail('OMNIPARITY_SAMPLES is not set')
})

describe.skipIf(SAMPLES === undefined)('files for real exports (skipped without OMNIPARITY_SAMPLES)', () => {
  test.each(FILES)('%s: what is planned and nothing else changes, and is taken back', async (path, shop, carried) => {
    const table = open(path, shop)
    const fields = new Set<FieldName>()
    // Small files do not have an article for every field.
    for (let round = 1; round <= (table.rows.length < 60 ? 5 : 1); round++) {
      const wanted = changesOf(shop, table, wishesFor(shop, Math.min(table.rows.length, 60), round))
      expect(wanted.length).toBeGreaterThan(0)
      for (const { change } of (await expectLoop(shop, table, wanted)).carried) fields.add(change.field)
    }
    if (carried.length === 0) expect([...fields]).toEqual([])
    expect([...fields]).toEqual(expect.arrayContaining([...carried]))
  })

  test.each(WHOLE)('%s: audit, plan, import and audit again', async (path, shop, sku, includesTax, fields) => {
    const table = open(path, shop)
    const articles = shop.read(table).flatMap((meaning, row) => {
      const code = cellOf(table, row, sku)
      const { 'price.regular': price, 'price.sale': sale, 'stock.available': stock } = meaning ?? {}
      return code === '' || price === null || price === undefined
        ? []
        : [{ code, price, sale: sale ?? '', stock: stock ?? '' }]
    })
    const own = tableOf(
      ['Código', 'PVP', 'Oferta', 'Existencias'],
      articles.map(({ code, price, sale, stock }, index) => ({
        Código: code,
        PVP: index % 4 === 1 ? (Number(price) + 1.25).toFixed(2) : price,
        Oferta: sale,
        Existencias: index % 4 === 2 && stock !== '' ? String(Math.max(1, Number(stock) - 3)) : stock,
      })),
    )
    const files = [['products.csv', table, shop]] as const
    const { changes } = await expectWholeLoop({ name: path, platform: shop.platform, includesTax, files }, own)
    expect(new Set(changes.map(({ field }) => field))).toEqual(new Set(fields))
  })
})
