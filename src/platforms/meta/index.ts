import { headers, words } from '../aliases.ts'
import { definePlatform } from '../platform.ts'
import { productFeed } from '../product-feed.ts'
import { fixes } from './fix.ts'

export const platform = definePlatform({
  title: 'Meta catalogue',
  files: [
    productFeed({
      columns: {
        status: headers('status'),
        visibility: headers('visibility'),
        fb_category: headers('fb_product_category'),
        quantity: headers('quantity_to_sell_on_facebook'),
        inventory: headers('inventory'),
        style: headers('style | style[0]'),
        tag: headers('product_tags[0]'),
        video: headers('video[0].url'),
      },
      distinctive: ['fb_category', 'quantity', 'tag', 'video'],
      fields: {
        status: {
          sql: `CASE WHEN lower(trim({availability})) = 'discontinued' THEN 'discontinued'
            WHEN {status?} THEN {status:state} ELSE {visibility:state} END`,
          raw: 'status',
          rawSql: `CASE WHEN lower(trim({availability})) = 'discontinued' THEN {availability}
            ELSE coalesce({status}, {visibility}) END`,
        },
        'stock.available': {
          sql: 'coalesce({quantity:quantity}, {inventory:quantity})',
          rawSql: 'coalesce({quantity}, {inventory})',
        },
      },
      status: words({ active: 'active | published', archived: 'archived', hidden: 'hidden | staging' }),
    }),
  ],
  includesTax: null,
  channelKind: 'feed',
  precedence: 10,
  fixes,
})
