import { headers } from '../aliases.ts'
import { optionValue } from '../options.ts'
import { definePlatform, type FileKind } from '../platform.ts'
import { fixes } from './fix.ts'

const pairs = [
  ['option1', 'option1_value'],
  ['option2', 'option2_value'],
  ['option3', 'option3_value'],
] as const

const carried = (column: string): string =>
  `coalesce({${column}}, first_value({${column}}) OVER (PARTITION BY {handle} ORDER BY {_row}))`

const values = 'concat_ws(chr(47), {option1_value:text}, {option2_value:text}, {option3_value:text})'

const keys = [`'variant:' || {handle:text} || '#' || ${values}`, "'sku:' || {sku:key}"]

const items: FileKind = {
  name: 'items',
  columns: {
    handle: headers('Handle'),
    sku: headers('SKU | REF'),
    name: headers('Name | Nombre'),
    category: headers('Category | Categoría'),
    description: headers('Description | Descripción'),
    by_weight: headers('Sold by weight | Vendido por peso'),
    option1_name: headers('Option 1 name | Nombre de la opción 1'),
    option1_value: headers('Option 1 value | Valor de la opción 1'),
    option2_name: headers('Option 2 name | Nombre de la opción 2'),
    option2_value: headers('Option 2 value | Valor de la opción 2'),
    option3_name: headers('Option 3 name | Nombre de la opción 3'),
    option3_value: headers('Option 3 value | Valor de la opción 3'),
    price: headers('Default price | Price | Precio por defecto | Precio'),
    cost: headers('Cost | Coste | Costo'),
    barcode: headers('Barcode | Código de barras'),
    component: headers('SKU of included item | REF de artículo incluido'),
    track: headers('Track stock | Seguir el inventario | Controlar inventario'),
    for_sale: headers('Available for sale | Disponible para la venta'),
    in_stock: headers('In stock | En inventario | En existencia'),
  },
  requires: ['handle', 'name'],
  requiresAny: [
    ['by_weight', 'track', 'component', 'in_stock'],
    ['sku', 'price', 'barcode'],
  ],
  derive: [
    ['item_name', carried('name')],
    ['item_category', carried('category')],
    ['item_description', carried('description')],
    ['item_track', carried('track')],
    ['option1', carried('option1_name')],
    ['option2', carried('option2_name')],
    ['option3', carried('option3_name')],
  ],
  outputs: [
    {
      entity: 'listing',
      // Further records of a composite item hold one component each.
      rows: 'coalesce({name}, {sku}, {option1_value}) IS NOT NULL',
      keys,
      fields: {
        listing_id: { sql: `{handle:text} || '#' || ${values}` },
        sku: 'sku:key',
        gtin: 'barcode:gtin',
        title: 'item_name:text',
        description: 'item_description:text',
        category: 'item_category:text',
        product: 'handle:text',
        buyable: 'for_sale:bool',
        // An open price is asked at the till.
        'price.regular': {
          sql: "CASE WHEN lower(trim({price})) <> 'variable' THEN {price:money} END",
          rawSql: "CASE WHEN lower(trim({price})) <> 'variable' THEN {price} END",
        },
        'price.cost': 'cost:money',
        'stock.available': {
          sql: 'CASE WHEN NOT {item_track:bool} THEN NULL ELSE {in_stock:quantity} END',
          rawSql: 'CASE WHEN NOT {item_track:bool} THEN NULL ELSE {in_stock} END',
          raw: 'in_stock',
        },
        'stock.unlimited': { sql: 'NOT {item_track:bool}' },
        'attributes.size': optionValue('size', pairs),
        'attributes.color': optionValue('color', pairs),
        'attributes.material': optionValue('material', pairs),
      },
    },
    {
      entity: 'stock',
      each: { columns: { on_hand: /^(?:In stock|En inventario) \[(.+)\]$/i }, as: 'store' },
      rows: '{on_hand} IS NOT NULL AND coalesce({item_track:bool}, true)',
      keys,
      fields: { 'stock.location': 'store:text', 'stock.available': 'on_hand:quantity' },
    },
  ],
  grain: ['listing_id', 'sku'],
}

export const platform = definePlatform({
  title: 'Loyverse',
  files: [items],
  includesTax: null,
  channelKind: 'store',
  precedence: 10,
  fixes,
})
