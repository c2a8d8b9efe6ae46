import { headers, words } from '../aliases.ts'
import { definePlatform, type FileKind } from '../platform.ts'
import { fixes } from './fix.ts'

const keys = ["'sku:' || {sku:key}"]

const byAmazon = "upper(trim({channel})) LIKE 'AMAZON%'"

const allListings: FileKind = {
  name: 'all listings',
  columns: {
    name: headers('item-name | Nombre del producto | Nombre del artículo | Título'),
    description: headers('item-description | Descripción del producto | Descripción del artículo'),
    listing_id: headers(`
      listing-id | Identificador del listado | Identificador del listing | ID del listing | Id. de listing
    `),
    sku: headers('seller-sku | SKU del vendedor | SKU de vendedor'),
    price: headers('price | Precio'),
    quantity: headers('quantity | Cantidad'),
    image: headers('image-url | URL de la imagen | URL de imagen'),
    id_type: headers(`
      product-id-type | Tipo de identificador del producto | Tipo de identificador de producto | Tipo de ID de
      producto | Tipo de ID del producto
    `),
    product_id: headers(`
      product-id | Identificador del producto | Identificador de producto | ID de producto | ID del producto
    `),
    condition: headers('item-condition | Estado del artículo | Estado del producto | Condición del artículo'),
    asin: headers('asin1 | ASIN 1'),
    pending: headers('pending-quantity | Cantidad pendiente'),
    channel: headers(`
      fulfillment-channel | fulfilment-channel | Canal de gestión logística | Canal de logística | Canal logístico |
      Canal de cumplimiento | Gestión logística
    `),
    status: headers('status | Estado'),
  },
  requires: ['sku', 'price'],
  requiresAny: [['asin', 'listing_id', 'channel', 'product_id']],
  outputs: [
    {
      entity: 'listing',
      rows: '{sku} IS NOT NULL',
      keys,
      fields: {
        listing_id: { sql: 'coalesce({listing_id:key}, {sku:key})' },
        sku: 'sku:key',
        gtin: {
          sql: `CASE WHEN upper(trim({id_type})) IN ('2', '3', '4', 'ISBN', 'UPC', 'EAN',
            'GTIN') THEN {product_id:gtin} END`,
          raw: 'product_id',
        },
        title: 'name:text',
        description: 'description:text',
        status: 'status:state',
        buyable: {
          sql: `CASE WHEN lower(trim({status})) IN ('active', 'activo') THEN true
            WHEN lower(trim({status})) IN ('inactive', 'incomplete', 'inactivo', 'incompleto') THEN false END`,
        },
        condition: 'condition:condition',
        image: 'image:text',
        'price.regular': 'price:money',
        // Amazon counts what it ships itself in another report: whatever stands here is not the article's stock.
        'stock.available': {
          sql: `CASE WHEN NOT coalesce(${byAmazon}, false) THEN {quantity:quantity} END`,
          rawSql: `CASE WHEN NOT coalesce(${byAmazon}, false) THEN {quantity} END`,
          raw: 'quantity',
        },
        'stock.reserved': {
          sql: `CASE WHEN NOT coalesce(${byAmazon}, false) THEN {pending:quantity} END`,
          rawSql: `CASE WHEN NOT coalesce(${byAmazon}, false) THEN {pending} END`,
          raw: 'pending',
        },
        'attributes.asin': 'asin:text',
        'attributes.fulfilment': {
          sql: `CASE WHEN ${byAmazon} THEN 'platform' WHEN upper(trim({channel})) = 'DEFAULT' THEN 'merchant' END`,
        },
      },
    },
  ],
  vocabulary: {
    status: words({ active: 'active | activo', paused: 'inactive | inactivo', draft: 'incomplete | incompleto' }),
    condition: words({
      new: '11 | new | nuevo',
      used: `
        1 | 2 | 3 | 4 | used; like new | used; very good | used; good | used; acceptable | usedlikenew |
        usedverygood | usedgood |
        usedacceptable
      `,
      refurbished: '10 | refurbished | reacondicionado',
    }),
  },
  grain: ['sku'],
}

const openListings: FileKind = {
  name: 'open listings',
  columns: {
    sku: headers('sku'),
    asin: headers('asin'),
    price: headers('price | Precio'),
    quantity: headers('quantity | Cantidad'),
    business_price: headers('Business Price | Precio para empresas | Precio de Business'),
    fnsku: headers('fnsku'),
  },
  requires: ['sku', 'asin', 'price'],
  forbids: ['fnsku'],
  outputs: [
    {
      entity: 'listing',
      rows: '{sku} IS NOT NULL',
      keys,
      fields: {
        listing_id: 'sku:key',
        sku: 'sku:key',
        'price.regular': 'price:money',
        'stock.available': 'quantity:quantity',
        'attributes.asin': 'asin:text',
      },
    },
    {
      entity: 'price',
      rows: '{business_price} IS NOT NULL',
      keys,
      fields: { 'price.regular': 'business_price:money', 'price.customer_group': "'business'" },
    },
  ],
  grain: ['sku'],
}

const fbaInventory: FileKind = {
  name: 'fba inventory',
  columns: {
    sku: headers('sku'),
    fnsku: headers('fnsku'),
    asin: headers('asin'),
    name: headers('product-name'),
    price: headers('your-price'),
    warehouse: headers('afn-warehouse-quantity'),
    fulfillable: headers('afn-fulfillable-quantity'),
    reserved: headers('afn-reserved-quantity'),
    shipped: headers('afn-inbound-shipped-quantity'),
    receiving: headers('afn-inbound-receiving-quantity'),
  },
  requires: ['sku', 'fulfillable'],
  derive: [['first_of_sku', 'row_number() OVER (PARTITION BY {sku} ORDER BY {_row})']],
  outputs: [
    {
      entity: 'stock',
      rows: '{sku} IS NOT NULL',
      keys,
      fields: {
        'stock.location': "'FBA'",
        'stock.on_hand': 'warehouse:quantity',
        'stock.available': 'fulfillable:quantity',
        'stock.reserved': 'reserved:quantity',
        'stock.incoming': { sql: '{shipped:quantity} + coalesce({receiving:quantity}, 0)' },
      },
    },
    {
      entity: 'listing',
      fallback: true,
      rows: '{sku} IS NOT NULL AND {first_of_sku} = 1',
      keys,
      fields: {
        listing_id: 'sku:key',
        sku: 'sku:key',
        title: 'name:text',
        'price.regular': 'price:money',
        'attributes.asin': 'asin:text',
        'attributes.fulfilment': "'platform'",
      },
    },
  ],
  grain: ['sku'],
}

export const platform = definePlatform({
  title: 'Amazon',
  files: [allListings, openListings, fbaInventory],
  includesTax: null,
  channelKind: 'marketplace',
  precedence: 10,
  fixes,
})
