import { headers, words } from '../aliases.ts'
import { optionValue } from '../options.ts'
import { definePlatform, type FileKind, type Output } from '../platform.ts'
import { fixes } from './fix.ts'

// Decimals all the way: a division would make the share a floating-point number.
const reducedByPercent = `{regular:money} * CAST((100 - {discount_percent:percent}) * 0.01 AS DECIMAL(9, 8))`

const status = words({ active: '1 | yes | sí | si | activo | enabled', paused: '0 | no | inactivo | disabled' })

const products: FileKind = {
  name: 'products',
  columns: {
    id: headers('Product ID | ID | ID de producto | ID del producto | Product ID*'),
    active: headers('Active (0/1) | Active (0 = No, 1 = Yes) | Activo (0/1) | Activo (0 = No, 1 = Sí)'),
    name: headers('Name * | Name | Nombre * | Nombre'),
    categories: headers('Categories (x,y,z...) | Categorías (x,y,z...)'),
    price_net: headers(`
      Price tax excluded | Price (tax excl.) | Price tax excl. | Precio sin impuestos | Precio (imp. excl.) |
      Precio sin impuestos incluidos | Precio (impuestos excl.) | Precio sin IVA
    `),
    price_either: headers('Price tax excluded or Price tax included | Precio sin impuestos o precio con impuestos'),
    price_gross: headers(`
      Price tax included | Price (tax incl.) | Price tax incl. | Precio con impuestos | Precio (imp. incl.) |
      Precio con impuestos incluidos | Precio (impuestos incl.) | Precio con IVA
    `),
    cost: headers('Wholesale price | Cost price | Precio mayorista | Precio de coste | Precio de compra'),
    discount_amount: headers('Discount amount | Importe del descuento | Cantidad de descuento | Valor del descuento'),
    discount_percent: headers('Discount percent | Porcentaje de descuento | Descuento en porcentaje'),
    discount_from: headers('Discount from (yyyy-mm-dd) | Descuento desde (aaaa-mm-dd) | Descuento de (aaaa-mm-dd)'),
    discount_to: headers('Discount to (yyyy-mm-dd) | Descuento hasta (aaaa-mm-dd) | Descuento a (aaaa-mm-dd)'),
    reference: headers('Reference # | Reference | Referencia nº | Nº de referencia | Referencia # | Referencia'),
    brand: headers('Manufacturer | Brand | Fabricante | Marca'),
    ean: headers('EAN13 | EAN-13 | EAN | EAN-13 o JAN'),
    upc: headers('UPC'),
    mpn: headers('MPN'),
    quantity: headers('Quantity | Cantidad'),
    visibility: headers('Visibility | Visibilidad'),
    summary: headers('Summary | Short description | Resumen | Descripción corta'),
    description: headers('Description | Descripción'),
    orderable: headers(`
      Available for order (0 = No, 1 = Yes) | Disponible para pedidos (0 = No, 1 = Sí) | Disponible para pedido (0 =
      No, 1 = Sí)
    `),
    images: headers('Image URLs (x,y,z...) | URL de las imágenes (x,y,z...) | URLs de imagen (x,y,z...)'),
    condition: headers('Condition | Condición | Estado del producto'),
    out_of_stock: headers('Out of stock action | Out of stock | Acción sin existencias | Sin existencias'),
    shop: headers('ID / Name of shop | ID / Nombre de la tienda'),
    tax_rules: headers('Tax rules ID | ID de reglas de impuestos | ID regla de impuestos'),
  },
  requires: ['id', 'name'],
  requiresAny: [
    ['active', 'tax_rules', 'orderable', 'categories'],
    ['price_net', 'price_gross', 'price_either', 'reference', 'quantity'],
  ],
  derive: [
    [
      'regular',
      'CASE WHEN {price_net?} THEN {price_net} WHEN {price_either?} THEN {price_either} ELSE {price_gross} END',
    ],
    ['gtin', "coalesce(nullif({ean}, '0'), nullif({upc}, '0'))"],
  ],
  outputs: [
    {
      entity: 'listing',
      rows: '{id} IS NOT NULL',
      keys: ["'id:' || {id:key}", "'ref:' || {reference:key}"],
      fields: {
        listing_id: 'id:key',
        sku: 'reference:key',
        gtin: 'gtin:gtin',
        mpn: 'mpn:key',
        brand: 'brand:text',
        title: 'name:text',
        description: { sql: 'coalesce({description:text}, {summary:text})' },
        category: 'categories:text',
        status: 'active:state',
        visible: {
          sql: `CASE WHEN NOT {active:bool} THEN false
            WHEN lower(trim({visibility})) = 'none' THEN false
            WHEN {active:bool} THEN true END`,
        },
        // What happens at zero may be the shop's default, which is not in the file.
        buyable: {
          sql: `CASE WHEN NOT {active:bool} OR NOT {orderable:bool} THEN false
            WHEN {quantity:quantity} > 0 AND {active:bool} AND {orderable:bool} THEN true
            WHEN {quantity:quantity} <= 0 AND trim({out_of_stock}) = '0' THEN false
            WHEN {quantity:quantity} <= 0 AND trim({out_of_stock}) = '1' AND {active:bool}
            AND {orderable:bool} THEN true END`,
        },
        condition: 'condition:condition',
        image: { sql: "op_text(split_part({images}, ',', 1))" },
        'price.regular': 'regular:money',
        'price.sale': {
          sql: `CASE WHEN {discount_percent:percent} > 0 THEN ${reducedByPercent}
            WHEN {discount_amount:money} > 0 AND NOT {price_net?}
            AND NOT {price_either?} THEN {regular:money} - {discount_amount:money} END`,
          rawSql: `CASE WHEN {discount_percent:percent} > 0 THEN {discount_percent} || ' %'
            WHEN NOT {price_net?} AND NOT {price_either?} THEN {discount_amount} END`,
        },
        'price.sale_from': {
          sql: "CASE WHEN {discount_from} NOT LIKE '0000-%' THEN {discount_from:instant} END",
          rawSql: "CASE WHEN {discount_from} NOT LIKE '0000-%' THEN {discount_from} END",
        },
        'price.sale_to': {
          sql: "CASE WHEN {discount_to} NOT LIKE '0000-%' THEN {discount_to:date_end} END",
          rawSql: "CASE WHEN {discount_to} NOT LIKE '0000-%' THEN {discount_to} END",
        },
        'price.cost': 'cost:money',
        'price.includes_tax': {
          sql: 'CASE WHEN {price_net?} THEN false WHEN {price_gross?} AND NOT {price_either?} THEN true END',
        },
        'stock.available': 'quantity:quantity',
        // 2 is the shop's default, which is not in the file.
        'stock.backorder': {
          sql: "CASE WHEN trim({out_of_stock}) <> '2' THEN {out_of_stock:backorder} END",
          rawSql: "CASE WHEN trim({out_of_stock}) <> '2' THEN {out_of_stock} END",
        },
      },
    },
  ],
  vocabulary: {
    status,
    condition: words({ new: 'new | nuevo', used: 'used | usado', refurbished: 'refurbished | reacondicionado' }),
    'stock.backorder': words({ no: '0', yes: '1' }),
  },
  grain: ['listing_id'],
  dates: 'ymd',
}

const attributeNumbers = [1, 2, 3, 4] as const

const nth = (column: string, n: number): string => `trim(split_part(split_part({${column}}, ',', ${n}), ':', 1))`

const combinationFields: Output['fields'] = {
  listing_id: { sql: "{id:key} || '#' || {values}" },
  sku: 'reference:key',
  gtin: 'gtin:gtin',
  mpn: 'mpn:key',
  product: 'id:key',
  'price.cost': 'cost:money',
  'price.includes_tax': 'false',
  'stock.available': 'quantity:quantity',
}

const pairs = attributeNumbers.map((n) => [`attribute${n}`, `value${n}`] as const)

const combinations: FileKind = {
  name: 'combinations',
  columns: {
    id: headers('Product ID* | Product ID | ID de producto* | ID del producto* | ID de producto'),
    attributes: headers(`
      Attribute (Name:Type:Position)* | Attribute (Name:Type:Position) | Atributo (Nombre:Tipo:Posición)* |
      Atributo (Nombre: Tipo: Posición)*
    `),
    values_list: headers(`
      Value (Value:Position)* | Value (Value:Position) | Valor (Valor:Posición)* | Valor (Valor: Posición)*
    `),
    reference: headers('Reference | Referencia'),
    ean: headers('EAN13 | EAN-13 | EAN'),
    upc: headers('UPC'),
    mpn: headers('MPN'),
    cost: headers('Wholesale price | Cost price | Precio mayorista | Precio de coste'),
    impact: headers('Impact on price | Impacto en el precio | Impacto sobre el precio'),
    quantity: headers('Quantity | Cantidad'),
  },
  requires: ['id', 'attributes', 'values_list'],
  derive: [
    ['gtin', "coalesce(nullif({ean}, '0'), nullif({upc}, '0'))"],
    ...attributeNumbers.map((n) => [`attribute${n}`, nth('attributes', n)] as const),
    ...attributeNumbers.map((n) => [`value${n}`, nth('values_list', n)] as const),
    [
      'values',
      "concat_ws(', ', nullif({value1}, ''), nullif({value2}, ''), nullif({value3}, ''), nullif({value4}, ''))",
    ],
  ],
  outputs: [
    {
      entity: 'listing',
      role: 'child',
      rows: '{id} IS NOT NULL',
      keys: ["'combination:' || {id:key} || '#' || {values}", "'ref:' || {reference:key}"],
      parentKey: "'id:' || {id:key}",
      priceDelta: 'coalesce({impact:money}, 0)',
      fields: {
        ...combinationFields,
        'attributes.size': optionValue('size', pairs),
        'attributes.color': optionValue('color', pairs),
        'attributes.material': optionValue('material', pairs),
      },
    },
  ],
  grain: ['listing_id'],
}

const grid: FileKind = {
  name: 'product list',
  columns: {
    id: headers('ID | Product ID | id_product | ID de producto'),
    name: headers('Name | Nombre | Nombre del producto | Product name'),
    reference: headers('Reference | Referencia'),
    category: headers('Category | Categoría | Categoría predeterminada | Default category'),
    price_net: headers(`
      Price (tax excl.) | Price tax excl. | Base price | Precio base | Precio (imp. excl.) | Precio (impuestos excl.)
    `),
    price_gross: headers(`
      Price (tax incl.) | Price tax incl. | Final price | Precio final | Precio (imp. incl.) | Precio (impuestos incl.)
    `),
    quantity: headers('Quantity | Cantidad'),
    active: headers('Status | Estado | Displayed | Mostrado | Active | Activo'),
    tax_rules: headers('Tax rules ID'),
  },
  requires: ['id', 'name', 'reference'],
  requiresAny: [['price_net', 'price_gross']],
  forbids: ['tax_rules'],
  outputs: [
    {
      entity: 'listing',
      rows: '{id} IS NOT NULL',
      keys: ["'id:' || {id:key}", "'ref:' || {reference:key}"],
      fields: {
        listing_id: 'id:key',
        sku: 'reference:key',
        title: 'name:text',
        category: 'category:text',
        status: 'active:state',
        'price.regular': { sql: 'CASE WHEN {price_gross?} THEN {price_gross:money} ELSE {price_net:money} END' },
        'price.includes_tax': { sql: 'CASE WHEN {price_gross?} THEN true WHEN {price_net?} THEN false END' },
        'stock.available': 'quantity:quantity',
      },
    },
  ],
  vocabulary: { status },
  grain: ['listing_id'],
}

export const platform = definePlatform({
  title: 'PrestaShop',
  files: [products, combinations, grid],
  channelKind: 'web',
  includesTax: null,
  precedence: 10,
  fixes,
})
