/** Small shops of eight platforms that say wrong prices and stock, and what their platforms do with a file. */
import type { SourceDialect } from './fix-harness.ts'
import { type AmazonAccount, importListingsFeed, importPriceAndQuantity } from './import/amazon.ts'
import type { Table } from './import/cells.ts'
import { importGoogleSupplement, importMetaSupplement } from './import/feeds.ts'
import { importLightspeed } from './import/lightspeed.ts'
import { importLoyverse } from './import/loyverse.ts'
import { importOdoo } from './import/odoo.ts'
import { importSquare } from './import/square.ts'
import { importTiendanube } from './import/tiendanube.ts'

export const WORST = { blank: 'erases' } as const

interface Article {
  readonly number: number
  readonly sku: string
  readonly title: string
  readonly price: string
  readonly stock: number
}

interface Shop {
  readonly platform: string
  readonly file: string
  readonly dialect: SourceDialect
  readonly header: readonly string[]
  row(article: Article): readonly string[]
  /** By field, the column that changes. */
  readonly columns: Readonly<Record<string, string>>
  import(format: string, before: Table, file: Uint8Array, source: Table): Table
  /** Of fields whose changes have to be carried. */
  readonly carried: readonly string[]
}

/** What the ERP has. */
export const ARTICLES: readonly Article[] = Array.from({ length: 24 }, (_, number) => ({
  number,
  sku: `ZAP-${String(number).padStart(3, '0')}`,
  title: `Zapatilla Ñandú ${number}`,
  price: `${19 + number}.90`,
  stock: 10 + number,
}))

/** What the shop says instead. */
export function misled(article: Article): Article {
  const { number, price, stock } = article
  return {
    ...article,
    price: [2, 9, 17].includes(number) ? `${Number(price) + 4 + number}`.replace(/(\.\d+)?$/, '.50') : price,
    stock: [4, 11].includes(number) ? stock + 7 : stock,
  }
}

export const AMAZON: AmazonAccount = {
  mark: '.',
  encoding: 'utf-8',
  marketplace: 'A1RKKUPIHCS9HS',
  currency: 'EUR',
  sku: 'seller-sku',
  price: 'price',
  quantity: 'quantity',
  channel: 'fulfillment-channel',
}

export const comma: SourceDialect = { delimiter: ',', encoding: 'utf-8' }

export const SHOPS: readonly Shop[] = [
  {
    platform: 'amazon',
    file: 'all-listings.txt',
    dialect: { delimiter: '\t', encoding: 'utf-8', quotes: false },
    header: ['item-name', 'listing-id', 'seller-sku', 'price', 'quantity', 'asin1', 'fulfillment-channel', 'status'],
    row: ({ number, sku, title, price, stock }) => [
      title,
      `09${number}`,
      sku,
      price,
      String(stock),
      `B0C000${number}`,
      'DEFAULT',
      'Active',
    ],
    columns: { 'price.regular': 'price', 'stock.available': 'quantity' },
    carried: ['price.regular', 'stock.available'],
    import: (format, before, file) =>
      format.endsWith('.json')
        ? importListingsFeed(before, file, AMAZON)
        : importPriceAndQuantity(before, file, AMAZON),
  },
  {
    platform: 'google-merchant',
    file: 'feed.tsv',
    dialect: { delimiter: '\t', encoding: 'utf-8' },
    header: ['id', 'title', 'link', 'image_link', 'availability', 'price', 'brand', 'identifier_exists'],
    row: ({ number, sku, title, price }) => [
      sku,
      title,
      `https://shop.test/${number}`,
      `https://shop.test/${number}.jpg`,
      'in_stock',
      `${price} EUR`,
      'Sol',
      'no',
    ],
    columns: { 'price.regular': 'price' },
    carried: ['price.regular'],
    import: (_name, _before, file, source) => importGoogleSupplement(source, file),
  },
  {
    platform: 'meta',
    file: 'catalogue.csv',
    dialect: comma,
    header: [
      'id',
      'title',
      'availability',
      'price',
      'image_link',
      'fb_product_category',
      'quantity_to_sell_on_facebook',
    ],
    row: ({ number, sku, title, price, stock }) => [
      sku,
      title,
      'in stock',
      `${price} EUR`,
      `https://shop.test/${number}.jpg`,
      'Zapatos',
      String(stock),
    ],
    columns: { 'price.regular': 'price', 'stock.available': 'quantity_to_sell_on_facebook' },
    carried: ['price.regular', 'stock.available'],
    import: (_name, _before, file, source) => importMetaSupplement(source, file, WORST),
  },
  {
    platform: 'tiendanube',
    file: 'productos.csv',
    dialect: { delimiter: ';', encoding: 'windows-1252' },
    header: [
      'Identificador de URL',
      'Nombre',
      'Precio',
      'Precio promocional',
      'Stock',
      'SKU',
      'Mostrar en tienda',
      'Envío sin cargo',
    ],
    row: ({ number, sku, title, price, stock }) => [
      `zapatilla-${number}`,
      title,
      price,
      '',
      String(stock),
      sku,
      'SI',
      'NO',
    ],
    columns: { 'price.regular': 'Precio', 'stock.available': 'Stock' },
    carried: ['price.regular', 'stock.available'],
    import: (_name, before, file) => importTiendanube(before, file, { ...WORST, encoding: 'windows-1252' }),
  },
  {
    platform: 'square',
    file: 'library.csv',
    dialect: comma,
    header: [
      'Reference Handle',
      'Token',
      'Item Name',
      'Variation Name',
      'SKU',
      'Price',
      'Archived',
      'Sellable',
      'Enabled Centro',
      'Current Quantity Centro',
      'New Quantity Centro',
    ],
    row: ({ number, sku, title, price, stock }) => [
      `#${number}`,
      `TOK${number}`,
      title,
      'Regular',
      sku,
      price,
      'N',
      'Y',
      'Y',
      String(stock),
      '',
    ],
    columns: { 'price.regular': 'Price', 'stock.available': 'Current Quantity Centro' },
    carried: ['price.regular', 'stock.available'],
    import: (_name, before, file) => importSquare(before, file, WORST),
  },
  {
    platform: 'lightspeed',
    file: 'products.csv',
    dialect: comma,
    header: [
      'id',
      'handle',
      'sku',
      'name',
      'supply_price',
      'retail_price',
      'active',
      'track_inventory',
      'inventory_Centro',
    ],
    row: ({ number, sku, title, price, stock }) => [
      `u-${number}`,
      `z-${number}`,
      sku,
      title,
      '5.00',
      price,
      '1',
      '1',
      String(stock),
    ],
    columns: { 'price.regular': 'retail_price' },
    carried: ['price.regular'],
    import: (_name, before, file) => importLightspeed(before, file, WORST),
  },
  {
    platform: 'loyverse',
    file: 'items.csv',
    dialect: comma,
    header: [
      'Handle',
      'SKU',
      'Name',
      'Category',
      'Sold by weight',
      'Price',
      'Cost',
      'Track stock',
      'Available for sale',
      'In stock',
    ],
    row: ({ number, sku, title, price, stock }) => [
      `z-${number}`,
      sku,
      title,
      'Calzado',
      'N',
      price,
      '5.00',
      'Y',
      'Y',
      String(stock),
    ],
    columns: { 'price.regular': 'Price', 'stock.available': 'In stock' },
    carried: ['price.regular', 'stock.available'],
    import: (_name, before, file) => importLoyverse(before, file, WORST),
  },
  {
    platform: 'odoo',
    file: 'product.template.csv',
    dialect: comma,
    header: ['id', 'default_code', 'name', 'list_price', 'standard_price', 'sale_ok', 'active'],
    row: ({ number, sku, title, price }) => [
      `__export__.product_template_${number}`,
      sku,
      title,
      price,
      '5.0',
      'True',
      'True',
    ],
    columns: { 'price.regular': 'list_price' },
    carried: ['price.regular'],
    import: (_name, before, file) => importOdoo(before, file),
  },
]
