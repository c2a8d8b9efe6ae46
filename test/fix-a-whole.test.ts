/**
 * The whole loop over real commands: audit, plan, simulated import, audit again. What was planned is gone and nothing else
 * came; the undo file brings back the first audit.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { CHANGE_NEEDS, type Change } from '../src/model/plan.ts'
import { runPlan } from '../src/ops/plan.ts'
import { CSV, openTable, type ShopCase, tableOf } from './fix-a-shops.ts'
import { writeTable } from './fix-harness.ts'
import { magentoProducts } from './fix-magento.ts'
import { prestashopProducts } from './fix-prestashop.ts'
import { shopifyInventory, shopifyProducts } from './fix-shopify.ts'
import { woocommerce } from './fix-woocommerce.ts'
import { compareTables, readTable, type Table } from './import/cells.ts'
import { settleWooCommerce } from './import/woocommerce.ts'
import { heard, SmallProject } from './small-project.ts'

/** An article as the company has it, and what the shop has instead. */
interface Article {
  readonly sku: string
  readonly gtin: string
  readonly title: string
  readonly price: string
  readonly stock: string
  readonly shop?: Readonly<Partial<Record<'price' | 'stock' | 'status' | 'gtin', string>>>
}

const TITLES = [
  'Bota "Sol"; piel',
  'Lámpara\nLuna',
  'Camisa, lino',
  '<b>Falda</b>',
  'Zapato 👢',
  'Mesa',
  'Silla',
  'Cojín',
]

function codeOf(index: number): string {
  const body = `84107120000${index}`.slice(0, 12)
  const sum = [...body].reduce((total, digit, position) => total + Number(digit) * (position % 2 === 0 ? 1 : 3), 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}

const ARTICLES: readonly Article[] = TITLES.map((title, index) => ({
  sku: `00${index}-NEG`,
  gtin: codeOf(index),
  title,
  price: (19.9 + index * 7.05).toFixed(2),
  stock: String(3 + index),
  ...(index === 1 ? { shop: { price: '31.50' } } : {}),
  ...(index === 3 ? { shop: { stock: '60' } } : {}),
  ...(index === 4 ? { shop: { price: '45.00', stock: '90' } } : {}),
  ...(index === 6 ? { shop: { status: 'off' } } : {}),
}))

function shown(article: Article): Article & { readonly status: string } {
  return { ...article, status: 'on', ...article.shop }
}

interface Shop {
  readonly name: string
  readonly includesTax: boolean
  readonly files: readonly (readonly [path: string, table: Table, shop: ShopCase])[]
  readonly platform: string
}

const shopify: Shop = {
  name: 'Shopify',
  platform: 'shopify',
  includesTax: true,
  files: [
    [
      'products.csv',
      tableOf(
        'Handle|Title|Option1 Name|Option1 Value|Variant SKU|Variant Barcode|Variant Price|Variant Compare At Price|Published|Status|Tags'.split(
          '|',
        ),
        ARTICLES.map(shown).map((one, index) => ({
          Handle: `a${Math.floor(index / 2)}`,
          Title: index % 2 === 0 ? one.title : '',
          'Option1 Name': index % 2 === 0 ? 'Modelo' : '',
          'Option1 Value': one.title,
          'Variant SKU': one.sku,
          'Variant Barcode': one.gtin,
          'Variant Price': one.price,
          Published: index % 2 === 0 ? 'TRUE' : '',
          Status: index % 2 === 0 ? 'active' : '',
          Tags: '=1+1',
        })),
      ),
      shopifyProducts,
    ],
    [
      'inventory.csv',
      tableOf(
        'Handle|Title|Option1 Name|Option1 Value|SKU|Location|Unavailable|Committed|Available|On hand (current)|On hand (new)'.split(
          '|',
        ),
        ARTICLES.map(shown).flatMap((one, index) =>
          ['Centro', 'Web'].map((location) => ({
            Handle: `a${Math.floor(index / 2)}`,
            Title: one.title,
            'Option1 Name': 'Modelo',
            'Option1 Value': one.title,
            SKU: one.sku,
            Location: location,
            ...(location === 'Centro'
              ? {
                  Unavailable: '1',
                  Committed: '0',
                  Available: one.stock,
                  'On hand (current)': String(Number(one.stock) + 1),
                }
              : { Available: 'not stocked', 'On hand (current)': 'not stocked' }),
          })),
        ),
      ),
      shopifyInventory,
    ],
  ],
}

const woo: Shop = {
  name: 'WooCommerce',
  platform: 'woocommerce',
  includesTax: true,
  files: [
    [
      'products.csv',
      settleWooCommerce(
        tableOf(
          'ID|Tipo|SKU|GTIN, UPC, EAN o ISBN|Nombre|Publicado|Visibilidad en el catálogo|Descripción|¿Existencias?|Inventario|¿Permitir reservas de productos agotados?|Precio rebajado|Precio normal'.split(
            '|',
          ),
          ARTICLES.map(shown).map((one, index) => ({
            ID: String(10 + index),
            Tipo: 'simple',
            SKU: one.sku,
            'GTIN, UPC, EAN o ISBN': one.gtin,
            Nombre: one.title,
            Publicado: one.status === 'on' ? '1' : '0',
            'Visibilidad en el catálogo': 'visible',
            Descripción: "'=1+1",
            '¿Existencias?': '1',
            Inventario: one.stock,
            '¿Permitir reservas de productos agotados?': '0',
            'Precio normal': one.price.replace('.', ','),
          })),
        ),
      ),
      woocommerce,
    ],
  ],
}

const prestashop: Shop = {
  name: 'PrestaShop',
  platform: 'prestashop',
  includesTax: false,
  files: [
    [
      'products.csv',
      tableOf(
        'Product ID|Active (0/1)|Name *|Categories (x,y,z...)|Price tax excluded|Tax rules ID|Wholesale price|On sale (0/1)|Discount amount|Discount percent|Discount from (yyyy-mm-dd)|Discount to (yyyy-mm-dd)|Reference #|Supplier reference #|Supplier|Manufacturer|EAN13|UPC|Ecotax|Width|Height|Depth|Weight|Quantity|Minimal quantity|Available for order (0 = No, 1 = Yes)'.split(
          '|',
        ),
        ARTICLES.map(shown).map((one, index) => ({
          'Product ID': String(index + 1),
          'Active (0/1)': one.status === 'on' ? '1' : '0',
          'Name *': one.title,
          'Price tax excluded': `${one.price}0000`,
          'Tax rules ID': '1',
          'Reference #': one.sku,
          EAN13: one.gtin,
          Quantity: one.stock,
          'Available for order (0 = No, 1 = Yes)': '1',
        })),
      ),
      prestashopProducts,
    ],
  ],
}

const magento: Shop = {
  name: 'Magento',
  platform: 'magento',
  includesTax: true,
  files: [
    [
      'products.csv',
      tableOf(
        'sku|store_view_code|attribute_set_code|product_type|name|product_online|visibility|price|special_price|additional_attributes|qty|is_in_stock|manage_stock|use_config_manage_stock'.split(
          '|',
        ),
        ARTICLES.map(shown).map((one) => ({
          sku: one.sku,
          attribute_set_code: 'Top',
          product_type: 'simple',
          name: one.title,
          product_online: one.status === 'on' ? '1' : '2',
          visibility: 'Catalog, Search',
          price: `${one.price}00`,
          additional_attributes: `ean=${one.gtin},has_options=0`,
          qty: `${one.stock}.0000`,
          is_in_stock: '1',
          manage_stock: '1',
          use_config_manage_stock: '1',
        })),
      ),
      magentoProducts,
    ],
  ],
}

const SHOPS = [shopify, woo, prestashop, magento]
function configFor({ platform, includesTax, files }: Shop): string {
  const sources = files.map(
    ([path]) => `      - {platform: ${platform}, path: ${path}, data_as_of: 2026-11-22T07:50:00Z}`,
  )
  return `version: 1
project: Rueda
locale: en
market: ES
currency: EUR
timezone: Europe/Madrid
extends: [recommended]
channels:
  erp:
    kind: erp
    includes_tax: ${includesTax}
    stock_pool: shared
    sources:
      - platform: csv
        path: erp.csv
        data_as_of: 2026-11-22T07:50:00Z
        map:
          sku: Código
          gtin: EAN
          title: Descripción
          price.regular: PVP
          stock.available: Existencias
          status: {column: Estado, vocabulary: {Activo: active}}
  shop:
    kind: web
    includes_tax: ${includesTax}
    stock_pool: shared
    price_policy: same
    assortment: full
    sources:
${sources.join('\n')}
authority: {catalog: erp, price: erp, stock: erp}
locations: {Centro: {pool: shared, kind: store}}
`
}

let open: SmallProject | null = null
afterEach(() => {
  open?.remove()
  open = null
})

function textOf(table: Table, { dialect }: ShopCase): string {
  return writeTable([table.header, ...table.rows], dialect)
}

function projectFor(shop: Shop): SmallProject {
  const own = tableOf(
    ['Código', 'EAN', 'Descripción', 'PVP', 'Existencias', 'Estado'],
    ARTICLES.map((one) => ({
      Código: one.sku,
      EAN: one.gtin,
      Descripción: one.title,
      PVP: one.price,
      Existencias: one.stock,
      Estado: 'Activo',
    })),
  )
  const files = shop.files.map(([path, table, kind]) => [path, textOf(table, kind)])
  open = new SmallProject({
    'omniparity.yaml': configFor(shop),
    'erp.csv': writeTable([own.header, ...own.rows], CSV),
    ...Object.fromEntries(files),
  })
  return open
}

interface FoundFinding {
  readonly id: string
  readonly rule: string
}

async function audit(project: SmallProject): Promise<readonly FoundFinding[]> {
  const { stdout } = await project.audit()
  return (JSON.parse(stdout) as { findings: FoundFinding[] }).findings
}

interface PlanJson {
  readonly changes: readonly Pick<Change, 'field' | 'because' | 'origin'>[]
  readonly unresolved: readonly { readonly finding: string; readonly code: string; readonly reason: string }[]
}

async function plan(project: SmallProject): Promise<PlanJson> {
  await heard((io) =>
    runPlan(
      {
        audit: project.request({ formats: [] }),
        selection: { rules: [], channels: [], items: [], causes: [] },
        output: 'plan',
        allowed: CHANGE_NEEDS,
        maxSum: null,
        expiresMs: null,
        review: null,
      },
      io,
    ),
  )
  return JSON.parse(project.read('plan/plan.json')) as PlanJson
}

/** Puts the files of one side of the plan through the importer that they are named for. */
function importSide(project: SmallProject, shop: Shop, side: 'fix' | 'undo'): void {
  const folder = join(project.dir, 'plan', side, 'shop')
  for (const file of readdirSync(folder).sort()) {
    const name = file.replace(/\.csv$/, '')
    const target = shop.files.find(([, , kind]) => formatsOf(kind).includes(name))
    if (target === undefined) throw new Error(`nothing imports ${file}`)
    const [path, , kind] = target
    const brought = readTable(readFileSync(join(folder, file)), { delimiter: kind.dialect.delimiter })
    project.write(path, textOf(kind.import(name, openTable(project.read(path), kind.dialect.delimiter), brought), kind))
  }
}

/** Every cell that differs stands in a record that the plan names, in a column of its field. */
function expectOnlyPlanned(project: SmallProject, shop: Shop, { changes }: PlanJson): void {
  for (const [path, table, kind] of shop.files) {
    for (const { row, header } of compareTables(table, openTable(project.read(path), kind.dialect.delimiter))) {
      const mine = changes.filter(({ origin }) => origin?.path === path && origin.row === row + 1)
      const isPlanned = mine.some(({ field }) => kind.touches[field]?.test(header))
      expect(isPlanned, `${header} of record ${row + 1} in ${path}`).toBe(true)
    }
  }
}

function formatsOf(kind: ShopCase): readonly string[] {
  if (kind === shopifyInventory) return ['inventory']
  if (kind === magentoProducts) return ['catalog_product', 'catalog_product-stock']
  if (kind === woocommerce)
    return ['prices', 'stock', 'published', 'gtin', 'names', 'backorders', 'sale-start', 'sale-end']
  return ['products']
}

describe.each(SHOPS)('$name', (shop) => {
  test('what was planned is gone after the import, nothing else came, and the undo brings it back', async () => {
    const project = projectFor(shop)
    const before = await audit(project)
    const planned = await plan(project)
    // Net prices say nothing of what customers pay, and are not compared.
    const fields = shop.includesTax ? ['price.regular', 'stock.available'] : ['stock.available']
    expect(new Set(planned.changes.map(({ field }) => field))).toEqual(new Set(fields))
    expect(planned.unresolved.filter(({ code }) => code === 'file' || code === 'formula')).toEqual([])
    importSide(project, shop, 'fix')
    expectOnlyPlanned(project, shop, planned)
    const after = await audit(project)
    const ended = new Set(planned.changes.flatMap(({ because }) => because))
    expect(ended.size).toBeGreaterThan(0)
    expect(after.filter(({ id }) => ended.has(id))).toEqual([])
    expect(after.filter(({ id }) => !before.some((one) => one.id === id))).toEqual([])
    importSide(project, shop, 'undo')
    expect((await audit(project)).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
    for (const [path, table, kind] of shop.files) {
      const back = openTable(project.read(path), kind.dialect.delimiter)
      expect(kind.read(back)).toEqual(kind.read(table))
    }
  })
})
