/** Templates, variants and quants of Odoo. */
import fc from 'fast-check'
import { importOdoo } from '../import/odoo.ts'
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
  products,
  tableOf,
  texts,
} from './drawing.ts'

const odooFields: readonly ChangeableField[] = [
  { field: 'price.regular', header: 'list_price', read: plainNumber, values: newMoney },
  { field: 'price.cost', header: 'standard_price', read: plainNumber, values: newMoney },
  { field: 'sku', header: 'default_code', read: asText, values: newText },
  { field: 'gtin', header: 'barcode', read: asGtin, values: fc.oneof(newGtin, fc.constant(null)) },
  { field: 'buyable', header: 'sale_ok', read: asFlag, values: newFlag },
  {
    field: 'status',
    header: 'active',
    read: (raw) => (raw === 'True' ? 'active' : 'archived'),
    values: fc.constantFrom('active', 'archived', 'draft'),
  },
  { field: 'stock.on_hand', header: 'qty_available', read: plainNumber, values: newCount },
]

const odooDialect = feedDialect(',')

export const odooTemplates: FixCase = {
  name: 'Odoo, templates',
  platform: 'odoo',
  kind: 'products',
  dialect: odooDialect,
  table: tableOf(
    ['id', 'default_code', 'barcode', 'name', 'list_price', 'standard_price', 'sale_ok', 'active', 'qty_available'],
    (rows) => [
      keys(rows, ['__export__.product_template_', 'own"id,']),
      column(texts(odooDialect))(rows),
      column(gtin)(rows),
      column(texts(odooDialect))(rows),
      column(money)(rows),
      column(money)(rows),
      column(fc.constantFrom('True', 'False'))(rows),
      column(fc.constantFrom('True', 'False'))(rows),
      column(count)(rows),
    ],
  ),
  fields: odooFields,
  import: (_format, before, file) => importOdoo(before, file),
}

export const odooVariants: FixCase = {
  name: 'Odoo, variants',
  platform: 'odoo',
  kind: 'products',
  dialect: odooDialect,
  table: fc.integer({ min: 1, max: 8 }).chain((rows) =>
    fc.tuple(products(rows), column(money)(rows), column(gtin)(rows)).map(([variants, prices, codes]) => ({
      header: [
        'id',
        'product_tmpl_id/id',
        'default_code',
        'barcode',
        'name',
        'list_price',
        'standard_price',
        'sale_ok',
        'active',
        'qty_available',
      ],
      rows: variants.map(([product, variant], row) => [
        `__export__.product_product_${row}`,
        `__export__.product_template_${product}`,
        `00${row}`,
        codes[row] ?? '',
        `Bota ${product}`,
        prices[row - variant] ?? '',
        prices[row] ?? '',
        'True',
        'True',
        String(row),
      ]),
    })),
  ),
  fields: odooFields,
  import: (_format, before, file) => importOdoo(before, file),
}

export const odooQuants: FixCase = {
  name: 'Odoo, stock by location',
  platform: 'odoo',
  kind: 'stock by location',
  dialect: odooDialect,
  table: tableOf(['id', 'product_id', 'location_id', 'quantity', 'reserved_quantity'], (rows) => [
    keys(rows, ['stock.quant_']),
    keys(rows, ['[00739] Bota "Sol" ']),
    column(fc.constantFrom('ALM1/Existencias', 'T01/Existencias'))(rows),
    column(count.map((amount) => `${amount}.0`))(rows),
    column(fc.constant('0.0'))(rows),
  ]),
  fields: [{ field: 'stock.on_hand', header: 'quantity', read: plainNumber, values: newCount }],
  import: (_format, before, file) => importOdoo(before, file, true),
}
