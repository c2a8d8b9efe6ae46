/** Product feeds of Google and Meta, and stock of stores. */
import fc from 'fast-check'
import type { SourceDialect } from '../fix-harness.ts'
import type { Reading, Table } from '../import/cells.ts'
import { importGoogleSupplement, importLocalInventory, importMetaSupplement } from '../import/feeds.ts'
import {
  asFlag,
  asGtin,
  asText,
  type ChangeableField,
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
  tableOf,
  texts,
} from './drawing.ts'

const feedHeader = [
  'id',
  'title',
  'description',
  'link',
  'availability',
  'price',
  'sale_price',
  'gtin',
  'brand',
  'color',
]

function feedTable(dialect: SourceDialect, mark: string): fc.Arbitrary<Table> {
  return tableOf(feedHeader, (rows) => [
    keys(rows, ['ñ"', 'a,b', 'x\ty', '=', '-']),
    column(texts(dialect))(rows),
    column(texts(dialect))(rows),
    column(fc.constant('https://shop.test/x'))(rows),
    column(fc.constantFrom(`in${mark}stock`, `out${mark}of${mark}stock`))(rows),
    column(money.map((amount) => `${amount} EUR`))(rows),
    column(
      fc.oneof(
        money.map((amount) => `${amount} EUR`),
        fc.constant(''),
      ),
    )(rows),
    column(gtin)(rows),
    column(texts(dialect))(rows),
    column(texts(dialect))(rows),
  ])
}

const feedFields: readonly ChangeableField[] = [
  { field: 'price.regular', header: 'price', read: plainNumber, values: newMoney },
  { field: 'price.sale', header: 'sale_price', read: plainNumber, values: newMoney },
  { field: 'title', header: 'title', read: asText, values: newText },
  { field: 'brand', header: 'brand', read: asText, values: newText },
  { field: 'gtin', header: 'gtin', read: asGtin, values: newGtin },
  { field: 'buyable', header: 'availability', read: asFlag, values: newFlag },
]

export const google: FixCase = {
  name: 'Google, supplemental feed',
  platform: 'google-merchant',
  kind: 'products',
  dialect: feedDialect('\t'),
  table: feedTable(feedDialect('\t'), '_'),
  fields: feedFields,
  import: (_format, before, file, source) => importGoogleSupplement(before === source ? before : source, file),
}

export const local: FixCase = {
  name: 'Google, local inventory',
  platform: 'google-merchant',
  kind: 'local inventory',
  dialect: feedDialect('\t'),
  table: tableOf(['store_code', 'id', 'quantity', 'availability', 'pickup_sla'], (rows) => [
    column(fc.constantFrom('T01', '0002'))(rows),
    keys(rows, ['ñ"', 'a,b']),
    column(count)(rows),
    column(fc.constantFrom('in_stock', 'out_of_stock'))(rows),
    column(fc.constantFrom('same day', 'dos\nlíneas', 'a\tb', '"'))(rows),
  ]),
  fields: [{ field: 'stock.available', header: 'quantity', read: plainNumber, values: newCount }],
  import: (_format, before, file) => importLocalInventory(before, file),
}

export const meta = (reading: Reading): FixCase => ({
  name: `Meta, blank ${reading.blank}`,
  platform: 'meta',
  kind: 'products',
  dialect: feedDialect(','),
  table: feedTable(feedDialect(','), ' ').map(({ header, rows }) => ({
    header: [...header, 'quantity_to_sell_on_facebook', 'status'],
    rows: rows.map((row, index) => [...row, String(index), index % 2 === 0 ? 'active' : 'archived']),
  })),
  fields: [
    ...feedFields,
    { field: 'stock.available', header: 'quantity_to_sell_on_facebook', read: plainNumber, values: newCount },
    { field: 'status', header: 'status', read: asText, values: fc.constantFrom('active', 'archived', 'hidden') },
  ],
  import: (_format, before, file, source) => importMetaSupplement(before === source ? before : source, file, reading),
})
