import { headers } from '../aliases.ts'
import { definePlatform, type FileKind, type Output } from '../platform.ts'
import { productWords } from '../vocabulary.ts'
import { identifiers, states, texts } from './columns.ts'
import { fixes } from './fix.ts'
import { promotions } from './promotions.ts'
import { attributes, prices, receipts, stocks } from './quantities.ts'

// Measures of contents make a "quantity" the size of the package, counts of pieces leave it a stock figure.
const pieces = `lower(trim(coalesce({unit}, 'ud'))) IN
  ('u', 'un', 'ud', 'ud.', 'uds', 'uds.', 'und', 'unid', 'unidad', 'unidades', 'unit', 'units', 'unit(s)', 'ea', 'each',
   'pc', 'pcs', 'pce', 'pz', 'pza', 'pieza', 'piezas', 'piece', 'pieces', 'par', 'pares', 'pair')`

const available = {
  sql: `CASE WHEN {promised?} THEN {promised:quantity} WHEN {stock?} THEN {stock:quantity}
    WHEN ${pieces} THEN {quantity:quantity} END`,
  raw: ['promised', 'stock', 'quantity'],
  rawSql: `CASE WHEN {promised?} THEN {promised} WHEN {stock?} THEN {stock} WHEN ${pieces} THEN {quantity} END`,
}

/** Beside what can be sold, "Stock" is what lies there. */
const onHand = {
  sql: 'CASE WHEN {on_hand?} THEN {on_hand:quantity} WHEN {promised?} THEN {stock:quantity} END',
  raw: ['on_hand', 'stock'],
}

/** "Disponible" is a figure or a yes or no. */
const orFlags: FileKind['orFlags'] = { promised: { instead: 'stock', unless: 'reserved' } }

const stockFields: Output['fields'] = {
  'stock.on_hand': onHand,
  'stock.available': available,
  'stock.reserved': 'reserved:quantity',
  'stock.incoming': 'incoming:quantity',
  'stock.unlimited': 'unlimited:bool',
  'stock.backorder': 'backorder:backorder',
  'stock.location': 'location:text',
  'stock.pickup': 'pickup:bool',
  'stock.counted_at': 'counted_at:instant',
}

const keys = ["'id:' || {listing_id:key}", "'sku:' || {sku:key}", "'gtin:' || {gtin:gtin}", "'url:' || {url:text}"]

const identity: Output['fields'] = {
  // Where the address is all that names a record, it is the record's name.
  listing_id: {
    sql: 'CASE WHEN {listing_id?} THEN {listing_id:key} WHEN NOT ({sku?} OR {gtin?} OR {mpn?}) THEN {url:text} END',
    raw: 'listing_id',
  },
  sku: 'sku:key',
  gtin: 'gtin:gtin',
  mpn: 'mpn:key',
  brand: 'brand:text',
  title: {
    sql: 'CASE WHEN {title?} THEN {title:text} WHEN {short?} THEN {short:text} ELSE {description:text} END',
  },
  category: 'category:text',
  'attributes.size': 'size:text',
  'attributes.color': 'color:text',
}

const NOT_ANY_LIST = [
  ...['sku', 'gtin', 'mpn', 'url', 'brand', 'category', 'image'],
  ...['price', 'price_gross', 'price_net', 'gross', 'net', 'price_eur', 'price_usd', 'sale', 'cost'],
  ...['stock', 'promised', 'quantity', 'on_hand', 'in_stock', 'status', 'active', 'visible', 'buyable'],
]

const products: FileKind = {
  name: 'products',
  columns: { ...identifiers, ...texts, ...states, ...prices, ...stocks, ...attributes, ...receipts },
  open: { 'attributes.': /^(?:attributes?|atributo|attr)[ ._:-]+(?!family|set|group)(.+)$/i },
  requires: [],
  requiresAny: [
    ['sku', 'gtin', 'listing_id', 'mpn', 'url'],
    [
      'title',
      'short',
      'description',
      'price',
      'price_gross',
      'price_net',
      'gross',
      'net',
      'price_eur',
      'price_usd',
      'stock',
      'promised',
      'quantity',
      'on_hand',
      'status',
      'active',
    ],
    // An id and a name are any list: categories, shops, notes.
    NOT_ANY_LIST,
  ],
  outputs: [
    {
      entity: 'listing',
      rows: `coalesce({sku}, {gtin}, {listing_id}, {mpn}, {url}) IS NOT NULL`,
      keys,
      fields: {
        ...identity,
        ...stockFields,
        description: 'CASE WHEN {title?} OR {short?} THEN {description:text} END',
        // Shops that number their articles write 0 where there is no parent.
        product: { sql: "nullif({product:key}, '0')" },
        status: {
          sql: `CASE WHEN {status?} AND NOT {discontinued?} THEN {status:state}
            WHEN {status?} AND NOT coalesce({discontinued:bool}, false) THEN {status:state}
            WHEN {discontinued:bool} THEN 'discontinued'
            WHEN {active:bool} THEN 'active' WHEN NOT {active:bool} THEN 'paused'
            WHEN {inactive:bool} THEN 'paused' WHEN NOT {inactive:bool} THEN 'active' END`,
          rawSql: 'coalesce(CASE WHEN {discontinued:bool} THEN {discontinued} END, {status}, {active}, {inactive})',
        },
        visible: 'visible:bool',
        buyable: {
          sql: `CASE WHEN {buyable?} THEN {buyable:bool}
            WHEN lower(trim({in_stock})) IN ('true', 'yes', 'y', 'si', 'sí', 's', 'in stock', 'in_stock',
            'instock', 'available',
              'en stock', 'disponible', 'hay existencias', 'con existencias') THEN true
            WHEN lower(trim({in_stock})) IN ('false', 'no', 'n', 'out of stock', 'out_of_stock', 'outofstock',
            'unavailable',
              'sold out', 'agotado', 'sin stock', 'sin existencias', 'no disponible') THEN false END`,
        },
        condition: 'condition:condition',
        // No listing sells nothing.
        pack_quantity: { sql: 'nullif({pack_quantity:integer}, 0)', raw: 'pack_quantity' },
        url: 'url:text',
        image: 'image:text',
        updated_at: 'updated_at:instant',
        'price.regular': {
          sql: `CASE WHEN {price_gross?} THEN {price_gross:money} WHEN {price?} THEN {price:money}
            WHEN {gross?} THEN {gross:money} WHEN {net?} THEN {net:money} WHEN {price_eur?} THEN {price_eur:money}
            WHEN {price_usd?} THEN {price_usd:money} ELSE {price_net:money} END`,
        },
        'price.sale': 'sale:money',
        'price.sale_from': 'sale_from:instant',
        'price.sale_to': 'sale_to:date_end',
        'price.prior_shown': 'prior:money',
        'price.cost': 'cost:money',
        'price.currency': {
          sql: `CASE WHEN {price_gross?}
            OR {price?} THEN coalesce({price_gross:currency}, {price:currency}, {currency:currency})
            WHEN {gross?} THEN coalesce({gross:currency}, {currency:currency})
            WHEN {net?} THEN coalesce({net:currency}, {currency:currency})
            WHEN {price_eur} IS NOT NULL THEN 'EUR' WHEN {price_eur?} THEN NULL WHEN {price_usd} IS NOT NULL THEN 'USD'
            ELSE coalesce({price_net:currency}, {currency:currency}) END`,
          raw: ['currency', 'price_gross', 'price', 'gross', 'net', 'price_eur', 'price_usd', 'price_net'],
        },
        'price.includes_tax': {
          sql: `CASE WHEN {price_gross} IS NOT NULL THEN true WHEN {includes_tax?} THEN {includes_tax:bool}
            WHEN {gross} IS NOT NULL AND ({net?} OR {price_net?}) AND NOT {price?} THEN true
            WHEN {price_net} IS NOT NULL AND NOT ({price_gross?} OR {price?} OR {gross?} OR {net?}) THEN false END`,
        },
        // The column may hold the tax's name instead ("standard").
        'price.tax_rate': {
          sql: "CASE WHEN regexp_matches({tax_rate}, '[0-9]') THEN {tax_rate:percent} END",
          rawSql: "CASE WHEN regexp_matches({tax_rate}, '[0-9]') THEN {tax_rate} END",
        },
        'price.price_list': 'price_list:text',
        'price.customer_group': 'customer_group:text',
        'attributes.material': 'material:text',
        'attributes.gender': 'gender:text',
      },
    },
  ],
  orFlags,
  forbidsTogether: ['receipt', 'quantity'],
  printed: true,
  zeroSale: 'none',
  byCurrency: { price_eur: 'EUR', price_usd: 'USD' },
  vocabulary: productWords,
  grain: ['listing_id', 'sku', 'gtin', 'price.price_list', 'stock.location'],
}

/** A quantity is the content of a package as soon as one unit of the table is a measure: "2 l", but also "1 pair". */
const productsByUnit: FileKind = {
  ...products,
  requires: ['quantity', 'unit'],
  forbids: ['stock', 'promised'],
  derive: [['counted', `coalesce(bool_and(${pieces}) OVER (), false)`]],
  outputs: products.outputs.map((output) => ({
    ...output,
    fields: {
      ...output.fields,
      'stock.available': {
        sql: 'CASE WHEN {counted} THEN {quantity:quantity} END',
        raw: 'quantity',
        rawSql: 'CASE WHEN {counted} THEN {quantity} END',
      },
    },
  })),
}

const stockByLocation: FileKind = {
  name: 'stock by location',
  columns: { ...identifiers, ...texts, ...states, ...prices, ...stocks, ...attributes, ...receipts },
  requires: ['location'],
  requiresAny: [
    ['sku', 'gtin', 'listing_id'],
    ['stock', 'promised', 'quantity', 'on_hand'],
  ],
  forbids: ['price', 'price_gross', 'price_net', 'gross', 'net', 'price_eur', 'price_usd', 'sale'],
  derive: [
    ['first_of_article', 'row_number() OVER (PARTITION BY coalesce({listing_id}, {sku}, {gtin}) ORDER BY {_row})'],
  ],
  outputs: [
    {
      entity: 'stock',
      rows: 'coalesce({sku}, {gtin}, {listing_id}) IS NOT NULL',
      keys,
      fields: stockFields,
    },
    {
      entity: 'listing',
      fallback: true,
      rows: 'coalesce({sku}, {gtin}, {listing_id}) IS NOT NULL AND {first_of_article} = 1',
      keys,
      fields: identity,
    },
  ],
  orFlags,
  forbidsTogether: ['receipt', 'quantity'],
  printed: true,
  vocabulary: productWords,
  grain: ['listing_id', 'sku', 'gtin', 'stock.location'],
}

const locations: FileKind = {
  name: 'locations',
  columns: {
    code: headers(`
      Location Code | Location ID | Store Code | Store ID | Warehouse Code | Código tienda | Código de tienda | Cód.
      tienda | Código almacén | Código de almacén | Cód. almacén | Nº tienda | Código centro | Code | Código | ID
    `),
    name: headers(`
      Location Name | Location | Store Name | Store | Warehouse Name | Warehouse | Outlet | Nombre tienda | Tienda |
      Nombre almacén | Almacén | Centro | Sucursal | Name | Nombre
    `),
    kind: headers('Location Type | Store Type | Type | Kind | Tipo de tienda | Tipo almacén | Tipo de centro | Tipo'),
    pickup: headers(`
      Pickup | Pickup Enabled | Click and Collect | Recogida | Recogida en tienda | Retiro en tienda | Click & Collect
    `),
    active: headers('Active | Enabled | Open | Activa | Activo | Abierta | Operativa | Abierto'),
    place: headers(`
      Address | City | Postcode | Postal Code | ZIP | Dirección | Domicilio | Ciudad | Población | Provincia | Código
      postal | CP
    `),
    sku: headers('SKU | Referencia | Código artículo | Artículo | Item'),
    gtin: identifiers.gtin,
    price: prices.price,
    stock: stocks.stock,
    promised: stocks.promised,
    quantity: stocks.quantity,
  },
  requires: ['name'],
  requiresAny: [['pickup', 'active', 'place']],
  forbids: ['sku', 'gtin', 'price', 'stock', 'promised', 'quantity'],
  outputs: [
    {
      entity: 'location',
      rows: '{code} IS NOT NULL OR {name} IS NOT NULL',
      fields: {
        'location.code': { sql: 'coalesce({code:key}, {name:key})' },
        'location.name': 'name:text',
        'location.kind': 'kind:text',
        'location.pickup': 'pickup:bool',
        'location.active': 'active:bool',
      },
    },
  ],
  grain: ['location.code', 'location.name'],
}

export const platform = definePlatform({
  title: 'CSV, spreadsheet or JSON',
  // Ties between kinds go to the first: a table with locations and quantities but no price is a stock list.
  files: [stockByLocation, productsByUnit, products, promotions, locations],
  includesTax: null,
  precedence: 0,
  fixes,
})
