import { headers, words } from '../aliases.ts'
import { definePlatform, type FileKind } from '../platform.ts'
import { fixes } from './fix.ts'

const keys = ["'sku:' || {sku:key}"]

/** Value of an attribute of the shop's own, out of `key=value,key=value`. */
const additional = (codes: string): string =>
  `nullif(regexp_extract({additional}, '(?i)(?:^|,)"?(?:${codes})"?="?([^,"]*)', 1), '')`

const inDefaultScope = '{sku} IS NOT NULL AND {store_view} IS NULL'

const products: FileKind = {
  name: 'products',
  columns: {
    sku: headers('sku'),
    store_view: headers('store_view_code | store_view'),
    attribute_set: headers('attribute_set_code'),
    type: headers('product_type'),
    categories: headers('categories'),
    websites: headers('product_websites'),
    name: headers('name'),
    description: headers('description'),
    short_description: headers('short_description'),
    online: headers('product_online'),
    visibility: headers('visibility'),
    price: headers('price'),
    special_price: headers('special_price'),
    special_from: headers('special_price_from_date | special_from_date'),
    special_to: headers('special_price_to_date | special_to_date'),
    cost: headers('cost'),
    image: headers('base_image'),
    updated_at: headers('updated_at'),
    additional: headers('additional_attributes'),
    quantity: headers('qty'),
    in_stock: headers('is_in_stock'),
    backorders: headers('allow_backorders | backorders'),
    config_backorders: headers('use_config_backorders'),
    manage_stock: headers('manage_stock'),
    config_manage_stock: headers('use_config_manage_stock'),
    ean: headers('ean | ean13 | gtin | barcode | upc'),
    brand: headers('manufacturer | brand'),
    color: headers('color'),
    size: headers('size'),
  },
  requires: ['sku'],
  requiresAny: [
    ['attribute_set', 'online', 'additional', 'websites', 'store_view'],
    ['name', 'price', 'quantity', 'online', 'special_price'],
  ],
  derive: [
    ['gtin', `coalesce({ean}, ${additional('ean|ean13|ean_code|gtin|barcode|upc|codigo_barras')})`],
    ['own_brand', `coalesce({brand}, ${additional('manufacturer|brand|marca')})`],
    ['own_size', `coalesce({size}, ${additional('size|talla|talle')})`],
    ['own_color', `coalesce({color}, ${additional('color|colour')})`],
    ['own_material', additional('material')],
    ['own_gender', additional('gender|genero')],
    ['own_mpn', additional('mpn|part_number')],
  ],
  outputs: [
    {
      entity: 'listing',
      // Rows of a store view hold that view's overrides; configurable and grouped products only show others.
      rows: `${inDefaultScope} AND lower(coalesce({type}, 'simple')) NOT IN ('configurable', 'grouped')`,
      keys,
      fields: {
        listing_id: 'sku:key',
        sku: 'sku:key',
        gtin: 'gtin:gtin',
        mpn: 'own_mpn:key',
        brand: 'own_brand:text',
        title: 'name:text',
        description: { sql: 'coalesce({description:text}, {short_description:text})' },
        category: 'categories:text',
        status: 'online:state',
        // A variant is "Not Visible Individually" and shown by its configurable product.
        visible: {
          sql: `CASE WHEN trim({online}) IN ('0', '2') THEN false
            WHEN lower(trim({visibility})) IN ('catalog', 'search', 'catalog, search') THEN true END`,
        },
        buyable: {
          sql: `CASE WHEN trim({online}) IN ('0', '2') OR trim({in_stock}) = '0' THEN false
            WHEN trim({online}) = '1' AND trim({in_stock}) = '1' THEN true END`,
        },
        image: 'image:text',
        updated_at: 'updated_at:instant',
        'price.regular': 'price:money',
        'price.sale': 'special_price:money',
        'price.sale_from': 'special_from:instant',
        'price.sale_to': 'special_to:date_end',
        'price.cost': 'cost:money',
        'stock.available': {
          sql: `CASE WHEN trim({manage_stock}) = '0' AND coalesce(trim({config_manage_stock}), '0') = '0' THEN NULL
            ELSE {quantity:quantity} END`,
          raw: 'quantity',
          rawSql: `CASE WHEN trim({manage_stock}) = '0' AND coalesce(trim({config_manage_stock}),
            '0') = '0' THEN NULL ELSE {quantity} END`,
        },
        'stock.unlimited': {
          sql: `CASE WHEN {manage_stock} IS NOT NULL THEN trim({manage_stock}) = '0'
            AND coalesce(trim({config_manage_stock}), '0') = '0' END`,
        },
        'stock.backorder': {
          sql: "CASE WHEN coalesce(trim({config_backorders}), '0') = '0' THEN {backorders:backorder} END",
          raw: 'backorders',
          rawSql: "CASE WHEN coalesce(trim({config_backorders}), '0') = '0' THEN {backorders} END",
        },
        'attributes.size': 'own_size:text',
        'attributes.color': 'own_color:text',
        'attributes.material': 'own_material:text',
        'attributes.gender': 'own_gender:text',
      },
    },
  ],
  vocabulary: {
    status: words({ active: '1', paused: '2 | 0' }),
    'stock.backorder': words({ no: '0', yes: '1', notify: '2' }),
  },
  grain: ['sku'],
}

const advancedPricing: FileKind = {
  name: 'advanced pricing',
  columns: {
    sku: headers('sku'),
    website: headers('tier_price_website'),
    group: headers('tier_price_customer_group'),
    quantity: headers('tier_price_qty'),
    price: headers('tier_price'),
    value_type: headers('tier_price_value_type'),
  },
  requires: ['sku', 'group', 'price'],
  outputs: [
    {
      entity: 'price',
      // A price from two pieces on is no price of the article, a percentage is no price at all.
      rows: `{sku} IS NOT NULL AND coalesce({quantity:quantity}, 1) <= 1 AND lower(coalesce({value_type},
        'fixed')) = 'fixed'`,
      keys,
      fields: {
        'price.regular': 'price:money',
        'price.customer_group': 'group:text',
        'price.price_list': 'website:text',
      },
    },
    {
      entity: 'listing',
      fallback: true,
      rows: '{sku} IS NOT NULL AND {first_of_sku} = 1',
      keys,
      fields: { listing_id: 'sku:key', sku: 'sku:key' },
    },
  ],
  derive: [['first_of_sku', 'row_number() OVER (PARTITION BY {sku} ORDER BY {_row})']],
  grain: ['sku', 'price.price_list', 'price.customer_group'],
}

const stockSources: FileKind = {
  name: 'stock sources',
  columns: {
    source: headers('source_code'),
    sku: headers('sku'),
    status: headers('status'),
    quantity: headers('quantity'),
  },
  requires: ['source', 'sku', 'quantity'],
  derive: [['first_of_sku', 'row_number() OVER (PARTITION BY {sku} ORDER BY {_row})']],
  outputs: [
    {
      entity: 'stock',
      rows: '{sku} IS NOT NULL',
      keys,
      fields: { 'stock.location': 'source:text', 'stock.on_hand': 'quantity:quantity' },
    },
    {
      entity: 'listing',
      fallback: true,
      rows: '{sku} IS NOT NULL AND {first_of_sku} = 1',
      keys,
      fields: { listing_id: 'sku:key', sku: 'sku:key' },
    },
  ],
  grain: ['sku', 'stock.location'],
}

export const platform = definePlatform({
  title: 'Adobe Commerce (Magento)',
  files: [products, advancedPricing, stockSources],
  channelKind: 'web',
  includesTax: null,
  precedence: 10,
  fixes,
})
