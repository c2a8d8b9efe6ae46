/** Shops on Shopify. */
import fc from 'fast-check'
import {
  amounts,
  amountsOrNone,
  CSV,
  canonical,
  cellOf,
  code,
  counts,
  type Meaning,
  newCodes,
  newCounts,
  newTexts,
  prices,
  type ShopCase,
  tableOf,
  texts,
} from './fix-a-shops.ts'
import type { Table } from './import/cells.ts'
import { importShopifyInventory, importShopifyProducts } from './import/shopify.ts'

const OLD =
  'Handle|Title|Body (HTML)|Vendor|Type|Tags|Published|Option1 Name|Option1 Value|Option2 Name|Option2 Value|Option3 Name|Option3 Value|Variant SKU|Variant Inventory Tracker|Variant Inventory Qty|Variant Inventory Policy|Variant Price|Variant Compare At Price|Variant Barcode|Image Src|Image Position|Cost per item|Price / Internacional|Status'.split(
    '|',
  )
const NEW =
  'Title|URL handle|Description|Vendor|Type|Tags|Published on online store|Status|SKU|Barcode|Option1 name|Option1 value|Option1 Linked To|Option2 name|Option2 value|Price|Compare-at price|Cost per item|Inventory tracker|Inventory quantity|Continue selling when out of stock|Product image URL'.split(
    '|',
  )

interface Variant {
  readonly value: string
  readonly sku: string
  readonly price: string
  readonly compareAt: string
  readonly cost: string
  readonly barcode: string
  readonly policy: string
}

interface Product {
  readonly title: string
  readonly body: string
  readonly vendor: string
  readonly published: string
  readonly status: string
  readonly variants: readonly Variant[]
  readonly picture: boolean
}

const variants = fc.record({
  value: texts,
  sku: fc.oneof(texts, fc.constant('')),
  price: prices,
  compareAt: fc.oneof(prices, fc.constant(''), fc.constant('9999.99')),
  cost: fc.oneof(prices, fc.constant('')),
  barcode: fc.constantFrom('8412345678905', '036000291452', ''),
  policy: fc.constantFrom('deny', 'continue'),
})

const products: fc.Arbitrary<Product> = fc.record({
  title: texts,
  body: fc.oneof(texts, fc.constant('')),
  vendor: texts,
  published: fc.constantFrom('TRUE', 'FALSE', 'true'),
  status: fc.constantFrom('active', 'active', 'draft', 'archived', 'Unlisted'),
  variants: fc.array(variants, { minLength: 1, maxLength: 3 }),
  picture: fc.boolean(),
})

/** Header of either generation by what it means. */
function names(header: readonly string[]): (name: RegExp) => string {
  return (name) => header.find((one) => name.test(one)) ?? ''
}

function rowsOf(
  product: Product,
  handle: string,
  header: readonly string[],
  repeats: boolean,
): Record<string, string>[] {
  const name = names(header)
  const rows = product.variants.map((variant, position): Record<string, string> => {
    const single = product.variants.length === 1
    const shared: Record<string, string> =
      position > 0
        ? {}
        : {
            Title: product.title,
            [name(/^(body|description)/i)]: product.body,
            Vendor: product.vendor,
            [name(/^published/i)]: product.published,
            Status: product.status,
            [name(/^option1 name/i)]: single ? 'Title' : 'Talla',
            [name(/^(image src|product image)/i)]: 'https://shop.test/1.jpg',
          }
    return {
      ...shared,
      [name(/handle/i)]: position === 0 || repeats ? handle : '',
      [name(/^option1 value/i)]: single ? 'Default Title' : `${variant.value}${position}`,
      [name(/sku$/i)]: variant.sku,
      [name(/^(variant )?price$/i)]: variant.price,
      [name(/^(variant )?compare/i)]: variant.compareAt,
      [name(/barcode/i)]: variant.barcode,
      [name(/policy|continue/i)]: header === NEW ? variant.policy.toUpperCase() : variant.policy,
      'Cost per item': variant.cost,
      'Price / Internacional': '12.00',
      [name(/quantity|qty/i)]: '3',
    }
  })
  if (product.picture)
    rows.push({ [name(/handle/i)]: handle, [name(/^(image src|product image)/i)]: 'https://shop.test/2.jpg' })
  return rows
}

const catalogues: fc.Arbitrary<Table> = fc
  .tuple(fc.constantFrom(OLD, NEW), fc.boolean(), fc.array(products, { minLength: 1, maxLength: 4 }))
  .map(([header, repeats, list]) =>
    tableOf(
      header,
      list.flatMap((product, index) => rowsOf(product, `articulo-${index}`, header, repeats)),
    ),
  )

function readProducts(table: Table): readonly Meaning[] {
  let handle = ''
  const first = new Map<string, number>()
  return table.rows.map((_, row): Meaning => {
    handle = cellOf(table, row, /handle/i) || handle
    if (!first.has(handle)) first.set(handle, row)
    const head = first.get(handle) ?? row
    const own = (name: RegExp): string => cellOf(table, row, name)
    const shared = (name: RegExp): string => own(name) || cellOf(table, head, name)
    if ([/^title$/i, /sku$/i, /^(variant )?price$/i, /^option1 value$/i].every((name) => own(name) === '')) return null
    const [price, compareAt] = [
      canonical(own(/^(variant )?price$/i)),
      canonical(own(/^(variant )?compare[- ]at price$/i)),
    ]
    const onSale = price !== null && compareAt !== null && Number(compareAt) > Number(price)
    const status = shared(/^status$/i).toLowerCase()
    return {
      'price.regular': onSale ? compareAt : price,
      'price.sale': onSale ? price : null,
      'price.prior_shown': compareAt,
      'price.cost': canonical(own(/^cost per item$/i)),
      gtin: code(own(/barcode/i)),
      'stock.backorder': /continue|true/i.test(own(/policy|continue/i)) ? 'yes' : 'no',
      title: shared(/^title$/i),
      description: shared(/^(body|description)/i) || null,
      brand: shared(/^vendor$/i) || null,
      status: status === 'unlisted' ? 'hidden' : status,
      visible: String(status === 'active' && /true/i.test(shared(/^published/i))),
    }
  })
}

const PRICE = /^(variant )?(price|compare[- ]at price)$/i

export const shopifyProducts: ShopCase = {
  name: 'Shopify products',
  platform: 'shopify',
  kind: 'products',
  dialect: CSV,
  table: catalogues,
  values: {
    'price.regular': amountsOrNone,
    'price.sale': fc.oneof(amounts, fc.constant(null)),
    'price.cost': amountsOrNone,
    gtin: newCodes,
    'stock.backorder': fc.constantFrom('yes', 'no', 'notify'),
    title: newTexts,
    status: fc.constantFrom('active', 'draft', 'archived', 'paused'),
    visible: fc.constantFrom('true', 'false'),
  },
  read: readProducts,
  touches: {
    'price.regular': PRICE,
    'price.sale': PRICE,
    'price.cost': /^cost per item$/i,
    gtin: /^(variant )?barcode$/i,
    'stock.backorder': /policy|continue/i,
    title: /^title$/i,
    status: /^status$/i,
    visible: /^published/i,
  },
  follows: { 'price.regular': ['price.prior_shown'], 'price.sale': ['price.prior_shown'], status: ['visible'] },
  product: { by: /handle/i, fields: ['title', 'status', 'visible'] },
  import: (_format, shop, file) => importShopifyProducts(shop, file),
}

const INVENTORY =
  'Handle|Title|Option1 Name|Option1 Value|Option2 Name|Option2 Value|Option3 Name|Option3 Value|SKU|Barcode|HS Code|COO|Location|Bin name|Incoming (not editable)|Unavailable (not editable)|Committed (not editable)|Available (not editable)|On hand (current)|On hand (new)'.split(
    '|',
  )

const places = ['Centro', 'Almacén, "principal"', 'Web'] as const

const inventories: fc.Arbitrary<Table> = fc
  .array(
    fc.record({
      title: texts,
      value: texts,
      cells: fc.array(fc.tuple(counts, counts, counts, fc.boolean()), { minLength: 3, maxLength: 3 }),
    }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((list) =>
    tableOf(
      INVENTORY,
      list.flatMap(({ title, value, cells }, index) =>
        places.map((place, position) => {
          const [available, committed, unavailable, stocked] = cells[position] ?? ['0', '0', '0', true]
          const figure = (text: string): string => (stocked ? text : 'not stocked')
          return {
            Handle: `articulo-${index}`,
            Title: title,
            'Option1 Name': 'Talla',
            'Option1 Value': value,
            SKU: `00${index}`,
            Location: place,
            'Unavailable (not editable)': figure(unavailable),
            'Committed (not editable)': figure(committed),
            'Available (not editable)': figure(available),
            'On hand (current)': figure(String(Number(available) + Number(committed) + Number(unavailable))),
            'On hand (new)': stocked ? '' : 'not stocked',
          }
        }),
      ),
    ),
  )

export const shopifyInventory: ShopCase = {
  name: 'Shopify inventory',
  platform: 'shopify',
  kind: 'inventory',
  dialect: CSV,
  table: inventories,
  values: { 'stock.on_hand': newCounts, 'stock.available': newCounts },
  read: (table) =>
    table.rows.map((_, row) => {
      const onHand = canonical(cellOf(table, row, /^on hand \(current\)$/i))
      if (onHand === null) return null
      return { 'stock.on_hand': onHand, 'stock.available': canonical(cellOf(table, row, /^available/i)) }
    }),
  touches: { 'stock.on_hand': /^(on hand|available)/i, 'stock.available': /^(on hand|available)/i },
  follows: { 'stock.on_hand': ['stock.available'], 'stock.available': ['stock.on_hand'] },
  import: (_format, shop, file) => importShopifyInventory(shop, file),
}
