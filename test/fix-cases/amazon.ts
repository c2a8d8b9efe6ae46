/** Listings on Amazon. */
import fc from 'fast-check'
import type { SourceDialect } from '../fix-harness.ts'
import { type AmazonAccount, importListingsFeed, importPriceAndQuantity } from '../import/amazon.ts'
import { column, count, type FixCase, keys, money, newCount, newMoney, plainNumber, tableOf, texts } from './drawing.ts'

const AMAZON: AmazonAccount = {
  mark: ',',
  encoding: 'windows-1252',
  marketplace: 'A1RKKUPIHCS9HS',
  currency: 'EUR',
  sku: 'SKU del vendedor',
  price: 'Precio',
  quantity: 'Cantidad',
  channel: 'Canal de gestión logística',
}

const amazonDialect: SourceDialect = { delimiter: '\t', encoding: 'windows-1252', quotes: false }

export const amazon: FixCase = {
  name: 'Amazon, report in Spanish',
  platform: 'amazon',
  kind: 'all listings',
  dialect: amazonDialect,
  table: tableOf(
    ['Nombre del producto', 'SKU del vendedor', 'Precio', 'Cantidad', 'ASIN 1', 'Canal de gestión logística', 'Estado'],
    (rows) => [
      column(texts(amazonDialect))(rows),
      keys(rows, ['NIÑO ', 'a"b', '+', 'x,y;', "'"]),
      column(fc.oneof(money, fc.constant('')).map((amount) => amount.replace('.', ',')))(rows),
      column(fc.oneof(count, fc.constant('')))(rows),
      column(fc.constant('B00NINO001'))(rows),
      column(fc.constantFrom('DEFAULT', 'DEFAULT', 'AMAZON_EU'))(rows),
      column(fc.constant('Activo'))(rows),
    ],
  ),
  fields: [
    { field: 'price.regular', header: 'Precio', read: (raw) => plainNumber(raw.replace(',', '.')), values: newMoney },
    { field: 'stock.available', header: 'Cantidad', read: plainNumber, values: newCount },
  ],
  import(format, before, file) {
    if (format === 'listings-patches') return importListingsFeed(before, file, AMAZON)
    return importPriceAndQuantity(before, file, AMAZON)
  },
}
