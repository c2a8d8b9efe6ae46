/** Products of Tiendanube. */
import fc from 'fast-check'
import type { SourceDialect } from '../fix-harness.ts'
import type { Reading, Table } from '../import/cells.ts'
import { importTiendanube } from '../import/tiendanube.ts'
import {
  asFlag,
  asGtin,
  asText,
  column,
  count,
  type FixCase,
  gtin,
  newCount,
  newFlag,
  newGtin,
  newMoney,
  newText,
  plainNumber,
  products,
  texts,
  thousands,
} from './drawing.ts'

const nubeDialect: SourceDialect = { delimiter: ';', encoding: 'windows-1252' }
const nubeHeader = [
  'Identificador de URL',
  'Nombre',
  'Nombre de propiedad 1',
  'Valor de propiedad 1',
  'Precio',
  'Precio promocional',
  'Stock',
  'SKU',
  'Código de barras',
  'Mostrar en tienda',
  'Descripción',
  'Marca',
  'Costo',
]

const nubeTable: fc.Arbitrary<Table> = fc.integer({ min: 1, max: 8 }).chain((rows) =>
  fc
    .tuple(
      products(rows),
      column(texts(nubeDialect))(rows),
      column(thousands)(rows),
      column(fc.oneof(thousands, fc.constant('')))(rows),
      column(fc.oneof(count, fc.constant('')))(rows),
      column(gtin)(rows),
      fc.boolean(),
    )
    .map(([variants, names, prices, sales, stock, codes, repeated]) => ({
      header: nubeHeader,
      rows: variants.map(([product, variant], row) => {
        const first = variant === 0
        const name = first ? `${names[row] ?? ''}${row}` : ''
        return [
          first || repeated ? `zapatilla-${product}` : '',
          name,
          first ? 'Talle' : '',
          String(36 + variant),
          prices[row] ?? '',
          sales[row] ?? '',
          stock[row] ?? '',
          `00${row}`,
          codes[row] ?? '',
          first ? 'SI' : '',
          first ? (names[row] ?? '') : '',
          first ? 'Sol' : '',
          '100.00',
        ]
      }),
    })),
)

export const tiendanube = (reading: Reading): FixCase => ({
  name: `Tiendanube, blank ${reading.blank}`,
  platform: 'tiendanube',
  kind: 'products',
  dialect: nubeDialect,
  table: nubeTable,
  fields: [
    { field: 'price.regular', header: 'Precio', read: plainNumber, values: newMoney },
    { field: 'price.sale', header: 'Precio promocional', read: plainNumber, values: newMoney },
    { field: 'price.cost', header: 'Costo', read: plainNumber, values: newMoney },
    { field: 'stock.available', header: 'Stock', read: plainNumber, values: newCount },
    { field: 'gtin', header: 'Código de barras', read: asGtin, values: newGtin },
    { field: 'description', header: 'Descripción', read: asText, values: newText },
    { field: 'visible', header: 'Mostrar en tienda', read: asFlag, values: newFlag },
  ],
  import: (_format, before, file) => importTiendanube(before, file, { ...reading, encoding: 'windows-1252' }),
})
