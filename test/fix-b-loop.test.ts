/** Files that correct eight platforms, made by plans of small shops, of the demo and of real exports. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { writeDemo } from '../src/ops/demo/write.ts'
import { encode, type SourceDialect, writeTable } from './fix-harness.ts'
import { AS_OF, expectLoop, inProject, readFile } from './fix-loop.ts'
import { AMAZON, ARTICLES, comma, misled, SHOPS, WORST } from './fix-loop-shops.ts'
import { importPriceAndQuantity } from './import/amazon.ts'
import type { Table } from './import/cells.ts'
import { importMetaSupplement } from './import/feeds.ts'
import { importByKey } from './import/keyed.ts'
import { importTiendanube } from './import/tiendanube.ts'

const SAMPLES = process.env['OMNIPARITY_SAMPLES']

interface Pair {
  readonly currency?: string
  readonly erp: string
  readonly shop: string
}

/** An ERP that is right, and a shop. */
function config({ currency = 'EUR', erp, shop }: Pair): string {
  return `version: 1
project: Calzados Sol
market: ES
currency: ${currency}
timezone: Europe/Madrid
channels:
  erp:
    kind: erp
    includes_tax: true
    stock_pool: shared
    sources: [{${erp}, data_as_of: '2026-11-22T07:50:00Z'}]
  shop:
    kind: web
    includes_tax: true
    stock_pool: shared
    sources: [{${shop}, data_as_of: '2026-11-22T07:55:00Z'}]
authority: {catalog: erp, price: erp, stock: erp}
`
}

const ERP = 'platform: csv, path: erp.csv, map: {sku: sku, price.regular: price'

const UTF8 = new TextEncoder()

describe('from findings to none and back', () => {
  test.each(SHOPS)('$platform', (shop) =>
    inProject(async (project) => {
      const erp = ARTICLES.map(({ sku, title, price, stock }) => [sku, title, price, String(stock)])
      const erpSource = `${ERP}, title: title, stock.available: stock}`
      const own = `platform: ${shop.platform}, path: ${shop.file}`
      project.write('omniparity.yaml', config({ erp: erpSource, shop: own }))
      project.write('erp.csv', UTF8.encode(writeTable([['sku', 'title', 'price', 'stock'], ...erp], comma)))
      const rows = ARTICLES.map((article) => shop.row(misled(article)))
      project.write(shop.file, encode(writeTable([shop.header, ...rows], shop.dialect), shop.dialect.encoding))
      const changes = await expectLoop({ ...shop, project, channel: 'shop' })
      expect([...new Set(changes.map(({ field }) => field))].sort()).toEqual([...shop.carried].sort())
      expect(changes.filter(({ field }) => field === 'price.regular').length).toBe(3)
    }),
  )

  test(
    'Amazon of the demo',
    () =>
      inProject(async (project) => {
        await writeDemo({ dir: project.dir, seed: 1, articles: 150, asOf: AS_OF })
        const changes = await expectLoop({
          ...{ project, channel: 'amazon', file: 'amazon/all-listings.txt' },
          dialect: { delimiter: '\t', encoding: 'utf-8', quotes: false },
          columns: { 'price.regular': 'price', 'stock.available': 'quantity' },
          tablesOnly: true,
          import: (_name, before, file) => importPriceAndQuantity(before, file, AMAZON),
        })
        expect(changes.length).toBeGreaterThan(0)
      }),
    120_000,
  )
})

test.runIf(SAMPLES === undefined && process.env['OMNIPARITY_REQUIRE'] === '1')('real files are there', () => {
  expect.fail('OMNIPARITY_SAMPLES is not set')
})

/** An ERP that has all articles of a table, every seventh of them ten dearer. */
function dearer(table: Table, sku: string, price: string): string {
  const [key, amount] = [table.header.indexOf(sku), table.header.indexOf(price)]
  const rows = table.rows.map((row, index) => {
    const cents = Math.round(Number((row[amount] ?? '').replace(/[^\d.]/g, '')) * 100)
    return [row[key] ?? '', ((cents + (index % 7 === 0 ? 1000 : 0)) / 100).toFixed(2)]
  })
  return writeTable([['sku', 'price'], ...rows], comma)
}

describe.skipIf(SAMPLES === undefined)('files for real exports (skipped without OMNIPARITY_SAMPLES)', () => {
  const sample = (path: string): Uint8Array => readFileSync(join(SAMPLES ?? '', path))

  test('Tiendanube: nothing is written for products without an identifier', () =>
    inProject(async (project) => {
      const bytes = sample('tiendanube/productos.csv')
      const table = readFile(bytes, { delimiter: ';', encoding: 'windows-1252' })
      project.write('productos.csv', bytes)
      project.write('erp.csv', dearer(table, 'SKU', 'Precio'))
      project.write('omniparity.yaml', config({ erp: `${ERP}}`, shop: 'platform: tiendanube, path: productos.csv' }))
      const { folder, changes } = await project.plan('shop')
      expect(changes).toEqual([])
      expect(readFileSync(join(project.dir, folder, 'plan.md'), 'utf8')).toContain('Identificador de URL')
    }))

  test('Tiendanube: with identifiers, all the way', () =>
    inProject(async (project) => {
      const dialect: SourceDialect = { delimiter: ';', encoding: 'windows-1252' }
      const table = readFile(sample('tiendanube/productos.csv'), dialect)
      const rows = table.rows.map((row, index) => [`producto-${index}`, ...row.slice(1)])
      project.write('productos.csv', encode(writeTable([table.header, ...rows], dialect), 'windows-1252'))
      project.write('erp.csv', dearer(table, 'SKU', 'Precio'))
      project.write('omniparity.yaml', config({ erp: `${ERP}}`, shop: 'platform: tiendanube, path: productos.csv' }))
      const changes = await expectLoop({
        ...{ project, dialect, channel: 'shop', file: 'productos.csv', columns: { 'price.regular': 'Precio' } },
        import: (_name, before, file) => importTiendanube(before, file, { ...WORST, encoding: 'windows-1252' }),
      })
      expect(changes.length).toBe(2)
    }))

  test('Meta: the template of a real catalogue', () =>
    inProject(async (project) => {
      const all = readFile(sample('meta-catalog/catalog_products.csv'), comma)
      const [header = [], ...rows] = all.rows
      const dialect: SourceDialect = { delimiter: ',', encoding: 'utf-8' }
      project.write('catalogue.csv', writeTable([header, ...rows], dialect))
      project.write('erp.csv', dearer({ header, rows }, 'id', 'price'))
      const shop = 'platform: meta, path: catalogue.csv'
      project.write('omniparity.yaml', config({ currency: 'USD', erp: `${ERP}}`, shop }))
      const changes = await expectLoop({
        ...{ project, dialect, channel: 'shop', file: 'catalogue.csv', columns: { 'price.regular': 'price' } },
        import: (_name, _before, file, source) => importMetaSupplement(source, file, WORST),
      })
      expect(changes.length).toBe(1)
    }))

  test('Google: products of the Retail API have no file', () =>
    inProject(async (project) => {
      const bytes = sample('google/retail-products.jsonl')
      const lines = new TextDecoder().decode(bytes).split('\n')
      const products = lines.slice(0, 40).flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RetailProduct]))
      const rows = products.map(({ id, priceInfo }) => [id, String(Number(priceInfo.originalPrice) + 5)])
      project.write('products.jsonl', bytes)
      project.write('erp.csv', writeTable([['sku', 'price'], ...rows], comma))
      const shop = 'platform: google-merchant, path: products.jsonl'
      project.write('omniparity.yaml', config({ currency: 'USD', erp: `${ERP}}`, shop }))
      const { folder, changes } = await project.plan('shop')
      expect(changes).toEqual([])
      expect(readFileSync(join(project.dir, folder, 'plan.md'), 'utf8')).toContain(
        'no file that Google Merchant Center imports carries price.regular',
      )
    }))

  test('ikas: a table of its own', () =>
    inProject(async (project) => {
      const bytes = sample('ikas/source_products.csv')
      const table = readFile(bytes, comma)
      const map = 'sku: Barkod Listesi, listing_id: Varyant ID, title: İsim, price.regular: Satış Fiyatı'
      project.write('products.csv', bytes)
      project.write('erp.csv', dearer(table, 'Barkod Listesi', 'Satış Fiyatı'))
      const shop = `platform: csv, path: products.csv, map: {${map}}`
      project.write('omniparity.yaml', config({ currency: 'TRY', erp: `${ERP}}`, shop }))
      const changes = await expectLoop({
        ...{
          project,
          dialect: comma,
          channel: 'shop',
          file: 'products.csv',
          columns: { 'price.regular': 'Satış Fiyatı' },
        },
        import: (_name, before, file) => importByKey(before, file, 'Varyant ID', comma),
      })
      expect(changes.length).toBeGreaterThan(40)
    }))
})

interface RetailProduct {
  readonly id: string
  readonly priceInfo: { readonly originalPrice: string }
}
