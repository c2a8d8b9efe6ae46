import { headers, words } from '../aliases.ts'
import { definePlatform, type FileKind } from '../platform.ts'
import { productFeed } from '../product-feed.ts'
import { fixes } from './fix.ts'

const localInventory: FileKind = {
  name: 'local inventory',
  columns: {
    store: headers('store_code | store code'),
    id: headers('id | item id | itemid'),
    quantity: headers('quantity'),
    availability: headers('availability'),
    price: headers('price'),
    pickup: headers('pickup_method'),
  },
  requires: ['store', 'id'],
  requiresAny: [['quantity', 'availability', 'price']],
  derive: [['first_of_id', 'row_number() OVER (PARTITION BY {id} ORDER BY {_row})']],
  outputs: [
    {
      entity: 'stock',
      rows: '{id} IS NOT NULL',
      keys: ["'id:' || {id:key}"],
      fields: {
        'stock.location': 'store:text',
        'stock.available': 'quantity:quantity',
        'stock.pickup': {
          sql: `CASE WHEN lower(trim({pickup})) IN ('buy', 'reserve', 'ship to store', 'ship_to_store') THEN true
            WHEN lower(trim({pickup})) IN ('not supported', 'not_supported') THEN false END`,
          raw: 'pickup',
        },
      },
    },
    {
      entity: 'listing',
      fallback: true,
      rows: '{id} IS NOT NULL AND {first_of_id} = 1',
      keys: ["'id:' || {id:key}"],
      fields: { listing_id: 'id:key', sku: 'id:key' },
    },
  ],
  grain: ['listing_id', 'stock.location'],
  decimal: '.',
}

const promotions: FileKind = {
  name: 'promotions',
  columns: {
    key: headers('promotion_id'),
    title: headers('long_title'),
    offer_type: headers('offer_type'),
    value_type: headers('coupon_value_type'),
    code: headers('generic_redemption_code'),
    window: headers('promotion_effective_dates'),
    percent: headers('percent_off'),
    amount: headers('money_off_amount'),
    min_spend: headers('minimum_purchase_amount'),
    items: headers('item_id'),
    channel: headers('redemption_channel'),
    applicability: headers('product_applicability'),
  },
  requires: ['key', 'window'],
  requiresAny: [['title', 'offer_type', 'applicability', 'channel']],
  derive: [
    ['starts', "split_part({window}, '/', 1)"],
    ['ends', "split_part({window}, '/', 2)"],
  ],
  outputs: [
    {
      entity: 'promotion',
      rows: '{key} IS NOT NULL',
      fields: {
        'promotion.key': 'key:key',
        'promotion.code': 'code:key',
        'promotion.name': 'title:text',
        'promotion.kind': {
          sql: `CASE WHEN {value_type} IS NOT NULL THEN {value_type:kind} WHEN {percent} IS NOT NULL THEN 'percent'
            WHEN {amount} IS NOT NULL THEN 'amount' END`,
        },
        'promotion.value': {
          sql: 'coalesce({percent:percent}, {amount:money})',
          rawSql: 'coalesce({percent}, {amount})',
        },
        'promotion.items': 'items:list',
        'promotion.min_spend': 'min_spend:money',
        'promotion.starts_at': 'starts:instant',
        'promotion.ends_at': 'ends:date_end',
        'promotion.channels': { sql: 'lower({channel:list})' },
      },
    },
  ],
  vocabulary: {
    'promotion.kind': words({
      percent: 'percent_off | percent off',
      amount: 'money_off | money off',
      bogo: `
        buy_m_get_money_off | buy_m_get_n_money_off | buy_m_get_percent_off | buy_m_get_n_percent_off |
        buy m get n money off |
        buy m get n percent off
      `,
      gift: 'free_gift | free gift | free_gift_with_value | free_gift_with_item_id',
      free_shipping:
        'free_shipping | free_shipping_standard | free_shipping_overnight | free_shipping_two_day | free shipping',
    }),
  },
  grain: ['promotion.key'],
  dates: 'ymd',
  decimal: '.',
}

/** First text of a JSON array, as a cell holds it. */
const firstOf = (column: string): string => `nullif(regexp_extract({${column}}, '^\\["([^"]*)"', 1), '')`

const retailCatalogue: FileKind = {
  name: 'retail catalogue',
  columns: {
    id: headers('id'),
    title: headers('title'),
    brands: headers('brands'),
    categories: headers('categories'),
    gtin: headers('gtin'),
    price: headers('priceInfo.price'),
    original: headers('priceInfo.originalPrice'),
    cost: headers('priceInfo.cost'),
    currency: headers('priceInfo.currencyCode'),
    availability: headers('availability'),
    quantity: headers('availableQuantity'),
    uri: headers('uri'),
  },
  requires: ['id', 'title', 'price'],
  derive: [
    ['brand', firstOf('brands')],
    ['category', firstOf('categories')],
  ],
  outputs: [
    {
      entity: 'listing',
      rows: '{id} IS NOT NULL',
      keys: ["'id:' || {id:key}"],
      fields: {
        listing_id: 'id:key',
        sku: 'id:key',
        gtin: 'gtin:gtin',
        brand: 'brand:text',
        title: 'title:text',
        category: 'category:text',
        url: 'uri:text',
        buyable: {
          sql: `CASE WHEN upper({availability}) IN ('IN_STOCK', 'PREORDER', 'BACKORDER') THEN true
            WHEN upper({availability}) = 'OUT_OF_STOCK' THEN false END`,
        },
        'price.regular': {
          sql: 'CASE WHEN {original:money} > {price:money} THEN {original:money} ELSE {price:money} END',
          raw: 'price',
          rawSql: 'CASE WHEN {original:money} > {price:money} THEN {original} ELSE {price} END',
        },
        'price.sale': {
          sql: 'CASE WHEN {original:money} > {price:money} THEN {price:money} END',
          raw: 'price',
          rawSql: 'CASE WHEN {original:money} > {price:money} THEN {price} END',
        },
        'price.prior_shown': 'original:money',
        'price.cost': 'cost:money',
        'price.currency': 'currency:currency',
        'stock.available': 'quantity:quantity',
      },
    },
  ],
  grain: ['listing_id'],
  dates: 'ymd',
  decimal: '.',
}

export const platform = definePlatform({
  title: 'Google Merchant Center',
  files: [
    productFeed({
      columns: {
        identifier_exists: headers('identifier_exists | identifier exists'),
        availability_date: headers('availability_date'),
        excluded_destination: headers('excluded_destination'),
        pause: headers('pause'),
        expiration_date: headers('expiration_date'),
        quantity: headers('sell_on_google_quantity'),
        promotion_id: headers('promotion_id'),
        custom_label_0: headers('custom_label_0'),
      },
      distinctive: ['identifier_exists', 'availability_date', 'excluded_destination', 'quantity', 'custom_label_0'],
      fields: { 'stock.available': 'quantity:quantity' },
    }),
    retailCatalogue,
    localInventory,
    promotions,
  ],
  includesTax: null,
  channelKind: 'feed',
  precedence: 10,
  fixes,
})
