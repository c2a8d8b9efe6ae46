/** Items of Square, Lightspeed and Loyverse. */
import fc from 'fast-check'
import type { Reading } from '../import/cells.ts'
import { importLightspeed } from '../import/lightspeed.ts'
import { importLoyverse } from '../import/loyverse.ts'
import { importSquare } from '../import/square.ts'
import {
  asFlag,
  asGtin,
  asText,
  column,
  count,
  type FixCase,
  feedDialect,
  gtin,
  keys,
  money,
  newCount,
  newFlag,
  newGtin,
  newMoney,
  newText,
  plainNumber,
  products,
  tableOf,
  texts,
  thousands,
} from './drawing.ts'

const squareDialect = feedDialect(',')

export const square = (reading: Reading): FixCase => ({
  name: `Square, blank ${reading.blank}`,
  platform: 'square',
  kind: 'item library',
  dialect: squareDialect,
  table: fc.integer({ min: 1, max: 8 }).chain((rows) =>
    fc
      .tuple(
        products(rows),
        column(texts(squareDialect))(rows),
        column(thousands)(rows),
        column(fc.oneof(count, fc.constant('')))(rows),
        column(gtin)(rows),
      )
      .map(([variants, names, prices, counts, codes]) => ({
        header: [
          'Reference Handle',
          'Token',
          'Item Name',
          'Variation Name',
          'SKU',
          'Description',
          'GTIN',
          'Square Online Item Visibility',
          'Price',
          'Archived',
          'Sellable',
          'Enabled Centro',
          'Current Quantity Centro',
          'New Quantity Centro',
          'Enabled A Coruña',
          'Current Quantity A Coruña',
          'New Quantity A Coruña',
          'Tax - IVA (21%)',
        ],
        rows: variants.map(([product, variant], row) => [
          `#${product}`,
          row % 7 === 6 ? '' : `TOK${row}`,
          `Artículo ${product}`,
          `Variación ${variant}`,
          `00${row}`,
          names[row - variant] ?? '',
          codes[row] ?? '',
          'visible',
          row % 2 === 0 ? `£${prices[row]}` : (prices[row] ?? ''),
          'N',
          'Y',
          'Y',
          counts[row] ?? '',
          // What somebody left there is not to be imported.
          row % 3 === 0 ? '99' : '',
          'Y',
          String(row),
          '',
          'Y',
        ]),
      })),
  ),
  fields: [
    { field: 'price.regular', header: 'Price', read: plainNumber, values: newMoney },
    { field: 'description', header: 'Description', read: asText, values: newText },
    { field: 'gtin', header: 'GTIN', read: asGtin, values: newGtin },
    { field: 'buyable', header: 'Sellable', read: asFlag, values: newFlag },
    { field: 'visible', header: 'Square Online Item Visibility', read: asFlag, values: newFlag },
    {
      field: 'stock.available',
      header: 'Current Quantity Centro',
      location: 'Centro',
      read: plainNumber,
      values: fc.oneof(newCount, fc.constant('2.5')),
    },
    {
      field: 'stock.available',
      header: 'Current Quantity A Coruña',
      location: 'A Coruña',
      read: plainNumber,
      values: newCount,
    },
  ],
  import: (_format, before, file) => importSquare(before, file, reading),
})

export const lightspeed = (reading: Reading): FixCase => ({
  name: `Lightspeed, blank ${reading.blank}`,
  platform: 'lightspeed',
  kind: 'products',
  dialect: feedDialect(','),
  table: tableOf(
    [
      'id',
      'handle',
      'sku',
      'name',
      'description',
      'supply_price',
      'retail_price',
      'supplier_code',
      'active',
      'inventory_Tienda_Centro',
      'inventory_Almacén',
    ],
    (rows) => [
      keys(rows, ['u"', 'ñ-']),
      keys(rows, ['bota']),
      keys(rows, ['a,b', '=']),
      keys(rows, ['Bota "Sol" ', 'dos\nlíneas ']),
      column(texts(feedDialect(',')))(rows),
      column(money)(rows),
      column(money)(rows),
      column(texts(feedDialect(',')))(rows),
      column(fc.constantFrom('0', '1'))(rows),
      column(fc.oneof(count, fc.constant('')))(rows),
      column(count)(rows),
    ],
  ).map(({ header, rows }) => ({
    header,
    rows: rows.map((row, index) => (index === 5 ? ['', ...row.slice(1)] : row)),
  })),
  fields: [
    { field: 'price.regular', header: 'retail_price', read: plainNumber, values: newMoney },
    { field: 'price.cost', header: 'supply_price', read: plainNumber, values: newMoney },
    { field: 'mpn', header: 'supplier_code', read: asText, values: newText },
    {
      field: 'status',
      header: 'active',
      read: (raw) => (raw === '1' ? 'active' : 'paused'),
      values: fc.constantFrom('active', 'paused', 'archived'),
    },
    {
      field: 'stock.on_hand',
      header: 'inventory_Tienda_Centro',
      location: 'Tienda Centro',
      read: plainNumber,
      values: newCount,
    },
    { field: 'stock.on_hand', header: 'inventory_Almacén', location: 'Almacén', read: plainNumber, values: newCount },
  ],
  import: (_format, before, file) => importLightspeed(before, file, reading),
})

export const loyverse = (reading: Reading): FixCase => ({
  name: `Loyverse, blank ${reading.blank}`,
  platform: 'loyverse',
  kind: 'items',
  dialect: feedDialect(','),
  table: fc.integer({ min: 1, max: 8 }).chain((rows) =>
    fc
      .tuple(
        products(rows),
        column(texts(feedDialect(',')))(rows),
        column(fc.oneof({ weight: 9, arbitrary: money }, { weight: 1, arbitrary: fc.constant('variable') }))(rows),
        column(count)(rows),
        column(gtin)(rows),
      )
      .map(([variants, names, prices, counts, codes]) => ({
        header: [
          'Handle',
          'SKU',
          'Name',
          'Category',
          'Description',
          'Sold by weight',
          'Option 1 name',
          'Option 1 value',
          'Price',
          'Cost',
          'Barcode',
          'Track stock',
          'Available for sale',
          'In stock',
        ],
        rows: variants.map(([product, variant], row) => [
          `bota-${product}`,
          row % 7 === 6 ? '' : `00${row}`,
          variant === 0 ? `Bota "${product}"` : '',
          variant === 0 ? 'Calzado' : '',
          variant === 0 ? (names[row] ?? '') : '',
          'N',
          variant === 0 ? 'Talla' : '',
          String(36 + variant),
          prices[row] ?? '',
          '10.00',
          codes[row] ?? '',
          variant === 0 ? 'Y' : '',
          'Y',
          counts[row] ?? '',
        ]),
      })),
  ),
  fields: [
    { field: 'price.regular', header: 'Price', read: plainNumber, values: newMoney },
    { field: 'price.cost', header: 'Cost', read: plainNumber, values: newMoney },
    { field: 'stock.available', header: 'In stock', read: plainNumber, values: newCount },
    { field: 'gtin', header: 'Barcode', read: asGtin, values: newGtin },
    { field: 'buyable', header: 'Available for sale', read: asFlag, values: newFlag },
    { field: 'title', header: 'Name', read: asText, values: newText },
  ],
  import: (_format, before, file) => importLoyverse(before, file, reading),
})

/** Stock by store; prices are the same in all of them. */
export const loyverseStores: FixCase = {
  ...loyverse({ blank: 'erases' }),
  name: 'Loyverse, several stores',
  table: loyverse({ blank: 'erases' }).table.map(({ header, rows }) => ({
    header: [...header.slice(0, -1), 'In stock [Centro]', 'Low stock [Centro]', 'In stock [A Coruña]'],
    rows: rows.map((row, index) => [...row, '', index % 3 === 0 ? '' : String(index)]),
  })),
  fields: ['Centro', 'A Coruña'].map((location) => ({
    ...{ field: 'stock.available', location, header: `In stock [${location}]` },
    ...{ read: plainNumber, values: newCount },
  })),
}
