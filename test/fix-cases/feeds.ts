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
  'sale_price_effective_date',
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
    column(fc.constantFrom('', window(mark === ' ')))(rows),
  ])
}

/** `2026-11-01T00:00+0100/2026-11-30T23:59+0100`, the last week of summer time before it. */
function window(colon: boolean): string {
  const text = '2026-10-20T00:00+0200/2026-11-30T23:59+0100'
  return colon ? text.replaceAll(/([+]\d\d)(\d\d)/g, '$1:$2') : text
}

const instant = (text: string | undefined): string | null => {
  if (text === undefined || text === '') return null
  const date = new Date(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return date.toISOString().replace('.000Z', 'Z')
}

const newInstant = fc.oneof(
  fc.constantFrom('2026-03-29T00:30:00Z', '2026-10-25T01:30:00Z', '2026-12-24T22:59:59Z', '2027-01-06T23:00:00Z'),
  fc.constant(null),
)

const feedFields: readonly ChangeableField[] = [
  { field: 'price.regular', header: 'price', read: plainNumber, values: newMoney },
  { field: 'price.sale', header: 'sale_price', read: plainNumber, values: newMoney },
  { field: 'title', header: 'title', read: asText, values: newText },
  { field: 'brand', header: 'brand', read: asText, values: newText },
  { field: 'gtin', header: 'gtin', read: asGtin, values: newGtin },
  { field: 'buyable', header: 'availability', read: asFlag, values: newFlag },
  {
    field: 'price.sale_from',
    header: 'sale_price_effective_date',
    read: (raw) => instant(raw.split('/')[0]),
    values: newInstant,
  },
  {
    field: 'price.sale_to',
    header: 'sale_price_effective_date',
    read: (raw) => instant(raw.split('/')[1]),
    values: newInstant,
  },
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
  ]).map(({ header, rows }) => ({
    header,
    // One record in eight contradicts itself.
    rows: rows.map(([store = '', id = '', quantity = '', said = '', ...rest], index) => {
      const fitting = quantity === '0' ? 'out_of_stock' : 'in_stock'
      return [store, id, quantity, index === 7 ? said : fitting, ...rest]
    }),
  })),
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
