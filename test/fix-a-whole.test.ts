/** Four shops with planted differences, put through the whole loop. */
import { describe, expect, test } from 'vitest'
import { expectWholeLoop, type Shop } from './fix-a-project.ts'
import { tableOf } from './fix-a-shops.ts'
import { magentoProducts } from './fix-magento.ts'
import { prestashopProducts } from './fix-prestashop.ts'
import { shopifyInventory, shopifyProducts } from './fix-shopify.ts'
import { woocommerce } from './fix-woocommerce.ts'
import { settleWooCommerce } from './import/woocommerce.ts'

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

const OWN = tableOf(
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

describe.each(SHOPS)('$name', (shop) => {
  test('what was planned is gone after the import, nothing else came, and the undo brings it back', async () => {
    const { changes, unresolved } = await expectWholeLoop(shop, OWN)
    // Net prices say nothing of what customers pay, and are not compared.
    const fields = shop.includesTax ? ['price.regular', 'stock.available'] : ['stock.available']
    expect(new Set(changes.map(({ field }) => field))).toEqual(new Set(fields))
    expect(unresolved.filter(({ code }) => code === 'file' || code === 'formula')).toEqual([])
  })
})
