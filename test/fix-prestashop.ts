/** Shops on PrestaShop, with exports in the importer's order of 1.6 and of 8. */
import fc from 'fast-check'
import {
  amountsOrNone,
  canonical,
  cellOf,
  code,
  counts,
  type Meaning,
  newCodes,
  newCounts,
  prices,
  type ShopCase,
  tableOf,
  texts,
} from './fix-a-shops.ts'
import type { SourceDialect } from './fix-harness.ts'
import type { Table } from './import/cells.ts'
import {
  importPrestaShopCombinations,
  importPrestaShopProducts,
  PRODUCT_FIELDS,
  type Version,
} from './import/prestashop.ts'

const SEMICOLON: SourceDialect = { delimiter: ';', encoding: 'utf-8' }

/** Header of the sample files by field of the importer. */
const HEADERS: Readonly<Record<string, string>> = {
  id: 'Product ID',
  active: 'Active (0/1)',
  name: 'Name *',
  category: 'Categories (x,y,z...)',
  price_tex: 'Price tax excluded',
  id_tax_rules_group: 'Tax rules ID',
  wholesale_price: 'Wholesale price',
  on_sale: 'On sale (0/1)',
  reduction_price: 'Discount amount',
  reduction_percent: 'Discount percent',
  reduction_from: 'Discount from (yyyy-mm-dd)',
  reduction_to: 'Discount to (yyyy-mm-dd)',
  reference: 'Reference #',
  supplier_reference: 'Supplier reference #',
  supplier: 'Supplier',
  manufacturer: 'Manufacturer',
  ean13: 'EAN13',
  upc: 'UPC',
  mpn: 'MPN',
  ecotax: 'Ecotax',
  width: 'Width',
  height: 'Height',
  depth: 'Depth',
  weight: 'Weight',
  delivery_in_stock: 'Delivery time of in-stock products',
  delivery_out_stock: 'Delivery time of out-of-stock products with allowed orders',
  quantity: 'Quantity',
  minimal_quantity: 'Minimal quantity',
}

/** The header that the official sample of 1.6 has for the net price. */
export const EITHER = 'Price tax excluded or Price tax included'

export function shownIn(table: Table): Readonly<Record<string, string>> {
  return table.header.includes(EITHER) ? { ...HEADERS, price_tex: EITHER } : HEADERS
}

export function versionOf(table: Table): Version {
  return table.header.includes('MPN') ? '8' : '1.6'
}

const products = fc.record({
  active: fc.constantFrom('0', '1'),
  name: texts.map((text) => text.trim()),
  net: prices,
  cost: fc.oneof(prices, fc.constant('')),
  percent: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constant('20') }),
  ean: fc.constantFrom('8412345678905', '0', ''),
  upc: fc.constantFrom('036000291452', '', ''),
  delivery: texts.map((text) => text.trim()),
  quantity: counts,
  description: texts,
  warehouse: fc.oneof({ weight: 6, arbitrary: fc.constant('0') }, { weight: 1, arbitrary: fc.constant('1') }),
})

const catalogues: fc.Arbitrary<Table> = fc
  .tuple(
    fc.constantFrom<Version>('1.6', '8'),
    fc.constantFrom('.', ','),
    fc.array(products, { minLength: 1, maxLength: 6 }),
  )
  .map(([version, mark, list]) =>
    tableOf(
      [...PRODUCT_FIELDS[version].map((field) => HEADERS[field] ?? field), 'Description', 'Depends On Stock'],
      list.map((product, index) => ({
        'Product ID': String(index + 1),
        'Active (0/1)': product.active,
        'Name *': product.name,
        'Categories (x,y,z...)': 'Calzado,Botas',
        'Price tax excluded': product.net.replace('.', mark),
        'Tax rules ID': '1',
        'Wholesale price': product.cost.replace('.', mark),
        'Discount percent': product.percent,
        'Reference #': `00${index}`,
        EAN13: product.ean,
        UPC: product.upc,
        'Delivery time of in-stock products': product.delivery,
        Quantity: product.quantity,
        'Minimal quantity': '1',
        Description: product.description,
        'Depends On Stock': product.warehouse,
      })),
    ),
  )

export function readPrestaShop(table: Table): readonly Meaning[] {
  return table.rows.map((_, row): Meaning => {
    const cell = (name: RegExp): string => cellOf(table, row, name)
    return {
      'price.regular': canonical(cell(/^price tax excluded/i)),
      'price.cost': canonical(cell(/^wholesale price$/i)),
      status: cell(/^active/i) === '1' ? 'active' : 'paused',
      gtin: code(cell(/^ean13$/i)) ?? code(cell(/^upc$/i)),
      'stock.available': canonical(cell(/^quantity$/i)),
      title: cell(/^name/i).trim(),
    }
  })
}

export const prestashopProducts: ShopCase = {
  name: 'PrestaShop products',
  platform: 'prestashop',
  kind: 'products',
  dialect: SEMICOLON,
  context: { includesTax: false },
  table: catalogues,
  values: {
    'price.regular': amountsOrNone,
    'price.cost': amountsOrNone,
    status: fc.constantFrom('active', 'paused', 'draft'),
    gtin: newCodes,
    'stock.available': newCounts,
  },
  read: readPrestaShop,
  touches: {
    'price.regular': /^price tax excluded/i,
    'price.cost': /^wholesale price$/i,
    status: /^active/i,
    gtin: /^ean13$/i,
    'stock.available': /^quantity$/i,
  },
  import: (_format, shop, file) => importPrestaShopProducts(shop, file, versionOf(shop), shownIn(shop)),
}

const COMBINATIONS =
  'Product ID*;Attribute (Name:Type:Position)*;Value (Value:Position)*;Supplier reference;Reference;EAN13;UPC;Wholesale price;Impact on price;Ecotax;Quantity;Minimal quantity;Impact on weight;Default (0 = No, 1 = Yes);Combination available date;Image position;Image URL;Delete existing images (0 = No, 1 = Yes);ID / Name of shop;Advanced Stock Managment;Depends on stock;Warehouse'.split(
    ';',
  )

const combinations: fc.Arbitrary<Table> = fc
  .tuple(
    fc.constantFrom('.', ','),
    fc.array(
      fc.record({
        product: fc.constantFrom('1', '2'),
        reference: fc.constantFrom('', 'COMÚN', 'own', 'own', 'own', 'own'),
        ean: fc.constantFrom('8412345678905', ''),
        cost: prices,
        impact: fc.oneof(
          prices,
          prices.map((text) => `-${text}`),
          fc.constant('0'),
        ),
        quantity: counts,
        minimum: fc.constantFrom('1', '3'),
        weight: fc.constantFrom('0', '0.25'),
        default: fc.constantFrom('0', '1'),
        date: fc.constantFrom('', '2026-01-01', '0000-00-00'),
        image: fc.constantFrom('', 'https://shop.test/1.jpg'),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([mark, list]) =>
    tableOf(
      COMBINATIONS,
      list.map((one, index) => ({
        'Product ID*': one.product,
        'Attribute (Name:Type:Position)*': 'Talla:select:0, Color:color:1',
        'Value (Value:Position)*': `${36 + index}:0, Marrón:1`,
        'Supplier reference': 'R;F',
        Reference: one.reference === 'own' ? `00${index}-"Ñ"` : one.reference,
        EAN13: one.ean,
        'Wholesale price': one.cost.replace('.', mark),
        'Impact on price': one.impact.replace('.', mark),
        Ecotax: '0',
        Quantity: one.quantity,
        'Minimal quantity': one.minimum,
        'Impact on weight': one.weight,
        'Default (0 = No, 1 = Yes)': one.default,
        'Combination available date': one.date,
        'Image URL': one.image,
        'Depends on stock': '0',
      })),
    ),
  )

/** Price of a product whose own net price is 100. */
function onHundred(impact: string): string | null {
  const amount = canonical(impact)
  return amount === null ? null : canonical((100 + Number(amount)).toFixed(6))
}

export const prestashopCombinations: ShopCase = {
  name: 'PrestaShop combinations',
  platform: 'prestashop',
  kind: 'combinations',
  dialect: SEMICOLON,
  context: { includesTax: false },
  table: combinations,
  values: {
    'price.regular': amountsOrNone,
    'price.cost': amountsOrNone,
    gtin: newCodes,
    'stock.available': newCounts,
  },
  read: (table) =>
    table.rows.map((_, row): Meaning => {
      const cell = (name: RegExp): string => cellOf(table, row, name)
      return {
        'price.regular': onHundred(cell(/^impact on price$/i)),
        'price.cost': canonical(cell(/^wholesale price$/i)),
        gtin: code(cell(/^ean13$/i)),
        'stock.available': canonical(cell(/^quantity$/i)),
      }
    }),
  touches: {
    'price.regular': /^impact on price$/i,
    'price.cost': /^wholesale price$/i,
    gtin: /^ean13$/i,
    'stock.available': /^quantity$/i,
  },
  import: (_format, shop, file) => importPrestaShopCombinations(shop, file),
}
