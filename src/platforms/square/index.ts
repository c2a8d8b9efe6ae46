import { headers } from '../aliases.ts'
import { optionValue } from '../options.ts'
import { definePlatform, type FileKind } from '../platform.ts'
import { fixes } from './fix.ts'

const pairs = [
  ['option1_name', 'option1_value'],
  ['option2_name', 'option2_value'],
  ['option3_name', 'option3_value'],
] as const

const keys = ["'token:' || {token:key}", "'sku:' || {sku:key}", "'name:' || {item:text} || '#' || {variation:text}"]

const itemLibrary: FileKind = {
  name: 'item library',
  columns: {
    handle: headers('Reference Handle'),
    token: headers('Token'),
    item: headers('Item Name'),
    variation: headers('Variation Name'),
    sku: headers('SKU'),
    description: headers('Description'),
    category: headers('Categories | Category'),
    gtin: headers('GTIN'),
    online: headers('Square Online Item Visibility'),
    permalink: headers('Permalink'),
    price: headers('Price'),
    sale: headers('Online Sale Price'),
    archived: headers('Archived'),
    sellable: headers('Sellable'),
    pickup: headers('Pickup Enabled'),
    option1_name: headers('Option Name 1'),
    option1_value: headers('Option Value 1'),
    option2_name: headers('Option Name 2'),
    option2_value: headers('Option Value 2'),
    option3_name: headers('Option Name 3'),
    option3_value: headers('Option Value 3'),
    cost: headers('Default Unit Cost'),
  },
  requires: ['item', 'variation'],
  requiresAny: [['token', 'sku', 'gtin', 'price']],
  outputs: [
    {
      entity: 'listing',
      rows: '{item} IS NOT NULL',
      keys,
      fields: {
        listing_id: 'token:key',
        sku: 'sku:key',
        gtin: 'gtin:gtin',
        title: {
          sql: `CASE WHEN {variation} IS NULL OR lower({variation}) IN ('regular', 'normal') THEN {item:text}
            ELSE {item:text} || ', ' || {variation:text} END`,
          raw: 'item',
        },
        description: 'description:text',
        category: 'category:text',
        product: { sql: 'coalesce({handle:key}, {item:text})' },
        status: { sql: "CASE WHEN {archived:bool} THEN 'archived' WHEN NOT {archived:bool} THEN 'active' END" },
        visible: {
          sql: `CASE lower(trim({online})) WHEN 'visible' THEN true WHEN 'hidden' THEN false
            WHEN 'unavailable' THEN false END`,
        },
        buyable: 'sellable:bool',
        url: 'permalink:text',
        'price.regular': 'price:money',
        'price.sale': 'sale:money',
        'price.cost': 'cost:money',
        'price.currency': '{price:currency}',
        'stock.pickup': 'pickup:bool',
        'attributes.size': optionValue('size', pairs),
        'attributes.color': optionValue('color', pairs),
        'attributes.material': optionValue('material', pairs),
      },
    },
    {
      entity: 'stock',
      each: {
        columns: { on_hand: /^Current Quantity (.+)$/i, enabled: /^Enabled (.+)$/i },
        as: 'place',
      },
      // No figure means that the location does not count the item.
      rows: '{on_hand} IS NOT NULL AND coalesce({enabled:bool}, true)',
      keys,
      fields: { 'stock.location': 'place:text', 'stock.available': 'on_hand:quantity' },
    },
  ],
  grain: ['listing_id', 'sku'],
}

export const platform = definePlatform({
  title: 'Square',
  files: [itemLibrary],
  includesTax: null,
  channelKind: 'store',
  precedence: 10,
  fixes,
})
