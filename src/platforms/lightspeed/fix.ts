/**
 * Files that correct Lightspeed Retail (X-Series): `id`, what names the product, and the columns that change.
 *
 * - `id` is generated and never changed; where it is blank a product is created, so a record without it is refused
 *   (support.cloudscape.ae, Creating a Product Sheet; support.vendhq.com article 4650130313487, read 2026-11). `name` is
 *   mandatory; money has no currency sign; `retail_price` is with or without tax as the account shows prices, and is so in
 *   exports and imports alike (the same page).
 * - **Unverified**: that columns which are left out keep their values, and that `inventory_<outlet>` sets the count of a
 *   product that is already there. Stock has a file of its own, rows repeat what the export has, a change to nothing is
 *   refused, and the advice asks for a try with one product.
 * - Names are carried, and so never changed: the file of stock would set them back.
 * - Records of composites have further records for their parts: refused.
 */
import type { FixRecord, FixRefusal, SourceRecord } from '../fix.ts'
import { amountText, decimalText } from '../fix-values.ts'
import { type CellRule, type KeyedTable, keyedTable, refusal, textCell } from '../keyed-fix.ts'

const OUTLET = /^inventory_(.+)$/i

const money = (column: string): CellRule => ({
  column,
  number: true,
  write: (value, { change, context }) =>
    value.startsWith('-') ? null : amountText(value, change.unit ?? context.currency),
})

function outletHeader(location: string, record: SourceRecord): string | null {
  const wanted = location.replaceAll('_', ' ').toLowerCase()
  const found = record.header.filter((header) => {
    return OUTLET.exec(header)?.[1]?.replaceAll('_', ' ').toLowerCase() === wanted
  })
  return found.length === 1 ? (found[0] ?? null) : null
}

function refuseComposite({ record }: FixRecord): FixRefusal | null {
  if ((record.cell('composite') ?? null) === null) return null
  return refusal(
    'It is a composite, whose parts stand in records of their own.',
    'Es un producto compuesto, cuyos componentes están en registros propios.',
  )
}

const common = {
  extension: 'csv',
  kinds: ['products'],
  encoding: 'utf-8',
  delimiter: ',',
  lineEnd: '\n',
  identity: [
    'id',
    'handle',
    'sku',
    'name',
    'option1_name',
    'option1_value',
    'option2_name',
    'option2_value',
    'option3_name',
    'option3_value',
  ],
  required: ['id'],
  untouched: 'repeated',
  refuse: refuseComposite,
} as const satisfies Partial<KeyedTable>

const products = keyedTable({
  ...common,
  name: 'products',
  advice: {
    en: 'Import it under Catalog > Products > Import, and try it with one product first: what the import does with columns that are not there is not documented. Prices are with or without tax as your account shows them.',
    es: 'Impórtelo en Catálogo > Productos > Importar y pruébelo antes con un solo producto: no está documentado qué hace la importación con las columnas que faltan. Los precios llevan impuestos o no según los muestre su cuenta.',
  },
  cells: {
    description: { column: 'description', write: textCell },
    brand: { column: 'brand', write: textCell },
    mpn: { column: 'mpn', write: textCell },
    status: {
      column: 'active',
      write: (value, { raw, context }) => {
        if (context.direction === 'undo') return raw ?? null
        return value === 'active' ? '1' : value === 'paused' ? '0' : null
      },
    },
    'price.regular': money('price'),
    'price.cost': money('cost'),
  },
})

const inventory = keyedTable({
  ...common,
  name: 'inventory',
  advice: {
    en: 'It sets the counts of the outlets that change. Whether the import overwrites counts of products that already exist is not documented: try it with one product, and use an inventory count otherwise.',
    es: 'Fija las existencias de los puntos de venta que cambian. No está documentado si la importación sobrescribe las de productos que ya existen: pruébelo con uno y, si no, haga un recuento de inventario.',
  },
  cells: {},
  places: { field: 'stock.on_hand', header: outletHeader, number: true, write: (value) => decimalText(value, 0) },
})

export const fixes = [products, inventory]
