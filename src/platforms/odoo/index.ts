import { headers } from '../aliases.ts'
import { definePlatform, type FileKind } from '../platform.ts'
import { fixes } from './fix.ts'

const products: FileKind = {
  name: 'products',
  columns: {
    id: headers('id | External ID | ID externo | Identificación externa'),
    database_id: headers('.id'),
    reference: headers('default_code | Internal Reference | Referencia interna'),
    barcode: headers('barcode | Barcode | Código de barras'),
    name: headers(`
      name | Name | Product Name | Nombre | Nombre del producto | display_name | Display Name | Nombre mostrado |
      Nombre a mostrar
    `),
    template: headers(`
      product_tmpl_id/id | product_tmpl_id/.id | product_tmpl_id | Product Template | Plantilla de producto
    `),
    category: headers('categ_id | categ_id/name | Product Category | Categoría de producto | Categoría del producto'),
    price: headers(`
      list_price | lst_price | Sales Price | Precio de venta | Public Price | Precio al público | Precio de venta al
      público
    `),
    cost: headers('standard_price | Cost | Coste | Costo'),
    currency: headers('currency_id | currency_id/name | Currency | Moneda | Divisa'),
    on_hand: headers(`
      qty_available | Quantity On Hand | On Hand | Cantidad a mano | A mano | Cantidad disponible a mano
    `),
    free: headers('free_qty | Free To Use Quantity | Cantidad libre de uso | Cantidad disponible para uso'),
    incoming: headers('incoming_qty | Incoming | Entrante'),
    sale_ok: headers('sale_ok | Can be Sold | Puede ser vendido | Puede venderse | Se puede vender'),
    in_pos: headers(`
      available_in_pos | Available in POS | Disponible en TPV | Disponible en PdV | Disponible en el PdV
    `),
    active: headers('active | Active | Activo'),
    published: headers('is_published | website_published | Is Published | Está publicado | Publicado en el sitio web'),
    updated_at: headers('write_date | Last Updated on | Última actualización el | Última actualización en'),
    location: headers('location_id | Location | Ubicación'),
  },
  requires: ['reference'],
  requiresAny: [['name', 'price', 'on_hand', 'free']],
  forbids: ['location'],
  outputs: [
    {
      entity: 'listing',
      // Lines of a one-to-many field leave the cells of their product blank.
      rows: 'coalesce({id}, {database_id}, {reference}, {barcode}, {name}) IS NOT NULL',
      keys: ["'id:' || {id:key}", "'dbid:' || {database_id:key}", "'ref:' || {reference:key}"],
      fields: {
        listing_id: { sql: 'coalesce({id:key}, {database_id:key})' },
        sku: 'reference:key',
        gtin: 'barcode:gtin',
        title: { sql: "regexp_replace({name:text}, '^\\[[^\\]]*\\] *', '')" },
        category: 'category:text',
        product: 'template:text',
        status: { sql: "CASE WHEN {active:bool} THEN 'active' WHEN NOT {active:bool} THEN 'archived' END" },
        visible: 'published:bool',
        buyable: 'sale_ok:bool',
        updated_at: 'updated_at:instant',
        'price.regular': 'price:money',
        'price.cost': 'cost:money',
        'price.currency': 'currency:currency',
        'stock.on_hand': 'on_hand:quantity',
        'stock.available': 'free:quantity',
        'stock.incoming': 'incoming:quantity',
        'attributes.available_in_pos': "CASE WHEN {in_pos:bool} THEN 'true' WHEN NOT {in_pos:bool} THEN 'false' END",
      },
    },
  ],
  grain: ['listing_id', 'sku'],
}

const quants: FileKind = {
  name: 'stock by location',
  columns: {
    id: headers('id'),
    product: headers('product_id | Product | Producto'),
    reference: headers(`
      product_id/default_code | default_code | Product/Internal Reference | Producto/Referencia interna | Referencia
      interna
    `),
    location: headers('location_id | location_id/complete_name | Location | Ubicación'),
    quantity: headers(`
      quantity | inventory_quantity_auto_apply | Quantity | On Hand Quantity | Cantidad | Cantidad a mano
    `),
    reserved: headers('reserved_quantity | Reserved Quantity | Cantidad reservada'),
    available: headers('available_quantity | Available Quantity | Cantidad disponible'),
    counted_at: headers('inventory_date | last_count_date | Last Count Date | Fecha del último recuento'),
  },
  requires: ['location', 'quantity'],
  requiresAny: [
    ['product', 'reference'],
    ['reserved', 'available'],
  ],
  derive: [
    ['sku', "coalesce({reference}, nullif(regexp_extract({product}, '^\\[([^\\]]+)\\]', 1), ''))"],
    ['first_of_sku', 'row_number() OVER (PARTITION BY {sku} ORDER BY {_row})'],
  ],
  outputs: [
    {
      entity: 'stock',
      rows: '{sku} IS NOT NULL',
      keys: ["'ref:' || {sku:key}"],
      fields: {
        'stock.location': 'location:text',
        'stock.on_hand': 'quantity:quantity',
        'stock.reserved': 'reserved:quantity',
        'stock.available': 'available:quantity',
        'stock.counted_at': 'counted_at:instant',
      },
    },
    {
      entity: 'listing',
      fallback: true,
      rows: '{sku} IS NOT NULL AND {first_of_sku} = 1',
      keys: ["'ref:' || {sku:key}"],
      fields: { sku: 'sku:key', title: { sql: "regexp_replace({product:text}, '^\\[[^\\]]*\\] *', '')" } },
    },
  ],
  grain: ['sku', 'stock.location'],
}

export const platform = definePlatform({
  title: 'Odoo',
  files: [products, quants],
  includesTax: null,
  channelKind: 'erp',
  precedence: 10,
  fixes,
})
