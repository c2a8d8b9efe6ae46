/** The product feed that Google defined and others accept: files of several advertising platforms are read by it. */
import { headers, words } from './aliases.ts'
import type { FileKind, Output } from './platform.ts'

const feedColumns = {
  id: headers('id'),
  sku: headers('sku'),
  title: headers('title'),
  description: headers('description'),
  link: headers('link | link@href'),
  image_link: headers('image_link | image link'),
  additional_image_link: headers('additional_image_link'),
  availability: headers('availability'),
  price: headers('price'),
  sale_price: headers('sale_price'),
  window: headers('sale_price_effective_date'),
  cost: headers('cost_of_goods_sold'),
  gtin: headers('gtin'),
  mpn: headers('mpn'),
  brand: headers('brand'),
  condition: headers('condition'),
  group: headers('item_group_id'),
  color: headers('color'),
  size: headers('size'),
  material: headers('material'),
  gender: headers('gender'),
  age_group: headers('age_group'),
  category: headers('product_type'),
  google_category: headers('google_product_category'),
  multipack: headers('multipack'),
}

const availability = 'lower(replace(trim({availability}), chr(95), chr(32)))'

const feedFields: Output['fields'] = {
  listing_id: 'id:key',
  sku: { sql: 'coalesce({sku:key}, {id:key})' },
  gtin: 'gtin:gtin',
  mpn: 'mpn:key',
  brand: 'brand:text',
  title: 'title:text',
  description: 'description:text',
  category: { sql: 'coalesce({category:text}, {google_category:text})' },
  buyable: {
    sql: `CASE WHEN ${availability} IN ('in stock', 'limited availability', 'available for order', 'preorder',
      'backorder') THEN true
      WHEN ${availability} IN ('out of stock', 'discontinued') THEN false END`,
  },
  'stock.backorder': {
    sql: `CASE WHEN ${availability} IN ('backorder', 'available for order') THEN 'yes'
      WHEN ${availability} = 'preorder' THEN 'preorder' END`,
    rawSql: `CASE WHEN ${availability} IN ('backorder', 'available for order', 'preorder') THEN {availability} END`,
  },
  condition: 'condition:condition',
  pack_quantity: 'multipack:integer',
  url: 'link:text',
  image: 'image_link:text',
  product: 'group:key',
  'price.regular': 'price:money',
  'price.sale': 'sale_price:money',
  'price.sale_from': 'sale_from:instant',
  'price.sale_to': 'sale_to:date_end',
  'price.cost': 'cost:money',
  'price.currency': { sql: 'coalesce({price:currency}, {sale_price:currency})' },
  'attributes.size': 'size:text',
  'attributes.color': 'color:text',
  'attributes.material': 'material:text',
  'attributes.gender': 'gender:text',
  'attributes.age_group': 'age_group:text',
}

interface FeedExtension {
  /** Columns that only this platform has. */
  readonly columns: Readonly<Record<string, readonly string[]>>
  /** Those of them by whose name alone a table is known to be such a feed. */
  readonly distinctive: readonly string[]
  readonly fields: Output['fields']
  readonly status?: NonNullable<FileKind['vocabulary']>['status']
}

/** The primary or supplemental product feed of a platform. */
export function productFeed({ columns, distinctive, fields, status }: FeedExtension): FileKind {
  return {
    name: 'products',
    columns: { ...feedColumns, store: headers('store_code'), ...columns },
    requires: ['id'],
    // `id`, `title` and `price` alone are anybody's table.
    requiresAny: [
      ['image_link', 'availability', 'group', 'google_category', 'window', ...distinctive],
      ['title', 'price', 'sale_price', 'availability', 'gtin', 'group', ...distinctive],
    ],
    forbids: ['store'],
    derive: [
      ['sale_from', "split_part({window}, '/', 1)"],
      ['sale_to', "split_part({window}, '/', 2)"],
    ],
    outputs: [
      {
        entity: 'listing',
        rows: '{id} IS NOT NULL',
        keys: ["'id:' || {id:key}"],
        fields: { ...feedFields, ...fields },
      },
    ],
    vocabulary: {
      ...(status === undefined ? {} : { status }),
      condition: words({
        new: 'new | nuevo',
        used: 'used | usado | used_like_new | used_good | used_fair | used like new | used good | used fair',
        refurbished: 'refurbished | reacondicionado',
      }),
    },
    grain: ['listing_id'],
    dates: 'ymd',
    decimal: '.',
  }
}
