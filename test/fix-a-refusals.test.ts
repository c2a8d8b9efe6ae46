/** What files of four platforms do not carry, and why; and that the simulated importers notice what a bad file does. */
import { describe, expect, test } from 'vitest'
import type { FieldName } from '../src/model/field.ts'
import { changesOf, open } from './fix-a-loop.ts'
import type { ShopCase } from './fix-a-shops.ts'
import { openTable } from './fix-a-shops.ts'
import { magentoProducts } from './fix-magento.ts'
import { prestashopCombinations, prestashopProducts } from './fix-prestashop.ts'
import { shopifyInventory, shopifyProducts } from './fix-shopify.ts'
import { woocommerce } from './fix-woocommerce.ts'
import type { Table } from './import/cells.ts'
import { importMagentoProducts } from './import/magento.ts'
import { importPrestaShopCombinations, importPrestaShopProducts } from './import/prestashop.ts'
import { importShopifyInventory, importShopifyProducts } from './import/shopify.ts'
import { importWooCommerce } from './import/woocommerce.ts'

function csv(text: string, delimiter = ','): Table {
  return openTable(text.trim(), delimiter)
}

const SHOPIFY = csv(`
Handle,Title,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Compare At Price,Variant Barcode,Status
a,Bota,TRUE,Talla,38,A38,20.00,30.00,,active
a,,,,39,A39,20.00,15.00,,
b,Falda,TRUE,Title,Default Title,B,18.00,,,draft
c,Gorra,TRUE,Title,Default Title,C,9.00,,,
`)
const INVENTORY = csv(`
Handle,Title,Option1 Name,Option1 Value,SKU,Location,Committed,Available,On hand (current),On hand (new)
a,Bota,Talla,38,A38,Centro,1,4,5,
a,Bota,Talla,39,A39,Centro,not stocked,not stocked,not stocked,
`)
const WOO = csv(`
ID,Type,SKU,Name,Published,Date sale price starts,Date sale price ends,In stock?,Stock,Backorders allowed?,Sale price,Regular price,Parent
1,simple,A,Bota,1,2026-12-01 0:00:00,2026-12-31 23:59:59,1,5,0,20,30,
2,variation,B,Bota - 38,1,,,1,parent,0,,30,id:9
3,simple,C,Gorra,2,,,1,,0,,9,
`)
const PRESTASHOP = csv(
  `
Product ID;Active (0/1);Name *;Categories (x,y,z...);Price tax included;Tax rules ID;Wholesale price;Discount percent;Reference #;EAN13;UPC;Quantity;Depends On Stock
1;1;Bota;Calzado;121;1;50;;A;;036000291452;5;0
2;1;Gorra;Calzado;121;1;50;;B;8412345678905;;5;1
`,
  ';',
)
const NET = csv(
  `
Product ID;Active (0/1);Name *;Categories (x,y,z...);Price tax excluded;Tax rules ID;Discount percent;Reference #;Quantity
1;1;Bota;Calzado;100;1;20;A;5
`,
  ';',
)
const COMBINATIONS = csv(
  `
Product ID*;Attribute (Name:Type:Position)*;Value (Value:Position)*;Reference;EAN13;UPC;Wholesale price;Impact on price;Ecotax;Quantity;Minimal quantity;Impact on weight;Default (0 = No, 1 = Yes);Combination available date
1;Talla:select:0;38:0;;;;20;5;0;3;1;0;0;
1;Talla:select:0;39:0;R;;;20;5;0;3;1;0;0;
1;Talla:select:0;39, 40:0;S;;;20;5;0;3;1;0;0;
`,
  ';',
)
const MAGENTO = csv(`
sku,store_view_code,attribute_set_code,product_type,name,product_online,price,special_price,special_price_from_date,special_price_to_date,qty
A,,Top,simple,Bota,1,30.0000,20.0000,2026-12-01,2026-12-31 00:00:00,5.0000
B,,Top,simple,Gorra,1,,,,,
`)

const REFUSALS: readonly (readonly [
  shop: ShopCase,
  table: Table,
  row: number,
  field: FieldName,
  value: string | null,
  why: RegExp,
])[] = [
  [shopifyProducts, SHOPIFY, 0, 'price.regular', '19.00', /not below the regular price/],
  [shopifyProducts, SHOPIFY, 1, 'price.regular', '12.00', /would show a sale/],
  [shopifyProducts, SHOPIFY, 0, 'price.regular', null, /sold for nothing/],
  [shopifyProducts, SHOPIFY, 2, 'visible', 'true', /active products only/],
  [shopifyProducts, SHOPIFY, 2, 'status', 'paused', /no way to write/],
  [shopifyProducts, SHOPIFY, 3, 'price.regular', '8.00', /Without Status/],
  [shopifyProducts, SHOPIFY, 2, 'title', 'con\u0000nulo', /no way to write/],
  [shopifyInventory, INVENTORY, 0, 'stock.on_hand', '-1', /from 0 on/],
  [shopifyInventory, INVENTORY, 0, 'stock.available', '9', /does not say all of them/],
  [woocommerce, WOO, 0, 'price.sale_to', '2027-01-10T23:00:00Z', /drops the time/],
  [woocommerce, WOO, 0, 'price.sale_from', '2026-12-02T11:00:00Z', /drops the time/],
  [woocommerce, WOO, 0, 'price.sale_from', null, /keeps a date/],
  [woocommerce, WOO, 0, 'price.sale', '31', /would not be below/],
  [woocommerce, WOO, 1, 'stock.backorder', 'yes', /what it does not count/],
  [woocommerce, WOO, 1, 'title', 'Otra', /that of its product/],
  [woocommerce, WOO, 2, 'status', 'active', /waits for review/],
  [prestashopProducts, PRESTASHOP, 0, 'gtin', '08412345678905', /under UPC/],
  [prestashopProducts, PRESTASHOP, 0, 'stock.available', '4', /not in the order/],
  [prestashopProducts, PRESTASHOP, 1, 'price.cost', '40', /by warehouse/],
  [prestashopProducts, NET, 0, 'price.regular', '90', /discount off its price/],
  [prestashopCombinations, COMBINATIONS, 0, 'price.regular', '104', /unique in their product/],
  [prestashopCombinations, COMBINATIONS, 1, 'stock.available', '0', /quantity of 0/],
  [prestashopCombinations, COMBINATIONS, 2, 'price.cost', '19', /comma inside an attribute/],
  [magentoProducts, MAGENTO, 0, 'price.sale_to', '2027-01-10T23:00:00Z', /a time beside the last day/],
  [magentoProducts, MAGENTO, 0, 'price.sale_from', '2026-12-02T11:00:00Z', /this date has a time/],
  [magentoProducts, MAGENTO, 1, 'price.regular', '10', /could not be removed, or not taken back/],
  [magentoProducts, MAGENTO, 0, 'status', 'draft', /no way to write/],
]

describe('what is refused', () => {
  test.each(REFUSALS.map((one) => [`${one[0].name}, ${one[3]} of record ${one[2] + 1} to ${one[4]}`, ...one] as const))(
    '%s',
    async (_name, shop, table, row, field, value, why) => {
      const source = await open(shop, table)
      const changes = changesOf(shop, table, [{ row, field, value }])
      expect(changes.length).toBeGreaterThan(0)
      const { carried, refused, files } = await source.fix(changes)
      expect(carried).toEqual([])
      expect(files).toEqual([])
      for (const one of refused) {
        expect(one.why.en).toMatch(why)
        expect(one.why.es).not.toBe(one.why.en)
      }
    },
  )

  test('a price with tax has no place in the importer of PrestaShop', async () => {
    const source = await open(prestashopProducts, PRESTASHOP)
    const change = { entity: 'price', unit: 'EUR', location: null, action: 'update', field: 'price.regular' } as const
    const { refused } = await source.fix([{ row: 0, change: { ...change, before: '121', after: '110' } }])
    expect(refused[0]?.why.en).toMatch(/expects net prices/)
  })

  test('stock that its product keeps is not counted for the variation', async () => {
    const source = await open(woocommerce, WOO)
    const change = { entity: 'stock', unit: null, location: null, action: 'update', field: 'stock.available' } as const
    const { refused } = await source.fix([{ row: 1, change: { ...change, before: '7', after: '6' } }])
    expect(refused[0]?.why.en).toMatch(/counted here but at its parent|not counted here/)
  })

  test.each([
    [shopifyProducts, SHOPIFY, 'price.regular', 'Bota'],
    [shopifyInventory, INVENTORY, 'stock.on_hand', 'Bota'],
    [prestashopProducts, NET, 'price.cost', 'Bota'],
    [prestashopCombinations, COMBINATIONS, 'price.cost', 'R'],
    [magentoProducts, MAGENTO, 'price.regular', 'A'],
  ] as const)('a file never repeats a NUL or a formula of the export: $name', async (shop, table, field, text) => {
    for (const hostile of ['Bo\u0000ta', '=HYPERLINK("http://evil.test","x")', '\tBota']) {
      const rows = table.rows.map((row) => row.map((cell) => (cell === text ? hostile : cell)))
      const changes = changesOf(shop, { header: table.header, rows }, [
        { row: 0, field, value: '44' },
        { row: 1, field, value: '44' },
      ])
      const { files, refused } = await (await open(shop, { header: table.header, rows })).fix(changes)
      for (const { fix, undo } of files) {
        for (const bytes of [fix, undo]) expect(new TextDecoder().decode(bytes)).not.toMatch(/\u0000|(^|[,;"])[=\t]/m)
      }
      expect(refused.length).toBeGreaterThan(0)
    }
  })

  test('a product field is written when all variants change alike', async () => {
    const source = await open(shopifyProducts, SHOPIFY)
    const all = changesOf(shopifyProducts, SHOPIFY, [{ row: 0, field: 'status', value: 'archived' }])
    expect(all.length).toBe(2)
    expect((await source.fix(all)).carried.length).toBe(2)
    const { refused } = await source.fix(all.slice(0, 1))
    expect(refused[0]?.why.en).toMatch(/whole product/)
  })
})

describe('the simulated importers notice', () => {
  test('variants without options, products without status, new handles and erased cells of Shopify', () => {
    const product = (text: string): readonly string[][] =>
      importShopifyProducts(SHOPIFY, csv(text)).rows.map((row) => [...row])
    expect(product('Handle,Title,Variant Price,Status\na,Bota,1,active').length).toBe(SHOPIFY.rows.length - 2)
    expect(
      product('Handle,Title,Option1 Name,Option1 Value,Variant Price,Status\na,Bota,Talla,38,1,active').length,
    ).toBe(SHOPIFY.rows.length - 1)
    expect(product('Handle,Title\nb,Falda')[2]?.[9]).toBe('active')
    expect(product('Handle,Title,Published,Status\nb,Falda,,draft')[2]?.[2]).toBe('')
    expect(() => product('Handle,Title,Status\nz,Nuevo,active')).toThrow(/new product/)
    expect(() => product('handle,Title\na,Bota')).toThrow(/not one of this shop/)
    expect(() =>
      importShopifyInventory(INVENTORY, csv('Handle,Option1 Value,Location,On hand (new)\na,38,Web,3')),
    ).toThrow(/no variant at that location/)
  })

  test('empty cells, lost times and `parent` of WooCommerce', () => {
    const row = (text: string, index = 0): readonly string[] => importWooCommerce(WOO, csv(text)).rows[index] ?? []
    expect(row('ID,Backorders allowed?\n1,')[9]).toBe('0')
    expect(row('ID,Stock\n1,').slice(7, 9)).toEqual(['1', ''])
    expect(row('ID,Stock\n2,parent', 1)[8]).toBe('0')
    expect(row('ID,Date sale price ends\n1,2027-01-05 23:59:59')[6]).toBe('2027-01-05 0:00:00')
    expect(row('ID,Date sale price ends\n1,31/12/2026')[6]).toBe('2026-12-31 23:59:59')
    expect(row('ID,Regular price\n1,"19,99"')[11]).toBe('1999')
    expect(() => row('ID,Regular price\n7,1')).toThrow(/no matching product/)
  })

  test('positions, commas, empty names and defaults of PrestaShop', () => {
    const shown = { id: 'Product ID', active: 'Active (0/1)', name: 'Name *', price_tex: 'Price tax excluded' }
    const row = (text: string): readonly string[] =>
      importPrestaShopProducts(NET, csv(text, ';'), '1.6', shown).rows[0] ?? []
    expect(row('ID;a;b;c;d\n1;;Bota;;1.234,56')[4]).toBe('1.234')
    expect(row('x;y\n1;0').slice(1, 5)).toEqual(['0', 'Bota', 'Calzado', '100'])
    expect(() => row('ID;a;b\n1;;')).toThrow(/lost its name/)
    const [, reset] = importPrestaShopCombinations(
      COMBINATIONS,
      csv(
        'Product ID*;Attribute (Name:Type:Position)*;Value (Value:Position)*;Reference;Impact on price\n1;Talla:select:0;39:0;R;7',
        ';',
      ),
    ).rows
    expect(reset?.slice(6, 8)).toEqual(['0', '7'])
    expect(reset?.at(-1)).toBe('2026-11-22')
  })

  test('empty cells and dates of Magento', () => {
    const row = (text: string): readonly string[] => importMagentoProducts(MAGENTO, csv(text)).rows[0] ?? []
    expect(row('sku,special_price,price\nA,,29')).toEqual([
      'A',
      '',
      'Top',
      'simple',
      'Bota',
      '1',
      '29',
      '20.0000',
      '2026-12-01',
      '2026-12-31 00:00:00',
      '5.0000',
    ])
    expect(row('sku,special_price\nA,__EMPTY__VALUE__')[7]).toBe('')
    expect(row('sku,qty\nA,')[10]).toBe('0')
    expect(() => row('sku,special_price_from_date\nA,1/2/26')).toThrow(/different days/)
    expect(() => row('sku,price\nZ,1')).toThrow(/new product/)
  })
})
