import { headers } from '../aliases.ts'
import { optionValue } from '../options.ts'
import { definePlatform, type FileKind } from '../platform.ts'
import { fixes } from './fix.ts'

const pairs = [
  ['option1_name', 'option1_value'],
  ['option2_name', 'option2_value'],
  ['option3_name', 'option3_value'],
] as const

const keys = ["'id:' || {id:key}", "'sku:' || {sku:key}"]

const products: FileKind = {
  name: 'products',
  columns: {
    id: headers('id'),
    handle: headers('handle'),
    sku: headers('sku'),
    // Both spellings are of one column; the separator here is part of the header.
    composite: ['composite_name|composite_handle', 'composite_name', 'composite_handle'],
    name: headers('name'),
    description: headers('description'),
    category: headers('product_category | type'),
    option1_name: headers('variant_option_one_name'),
    option1_value: headers('variant_option_one_value'),
    option2_name: headers('variant_option_two_name'),
    option2_value: headers('variant_option_two_value'),
    option3_name: headers('variant_option_three_name'),
    option3_value: headers('variant_option_three_value'),
    cost: headers('supply_price'),
    price: headers('retail_price'),
    tax: headers('tax_value'),
    brand: headers('brand_name'),
    mpn: headers('supplier_code'),
    active: headers('active'),
    track: headers('track_inventory'),
  },
  requires: ['handle', 'sku'],
  requiresAny: [['cost', 'price', 'track', 'composite']],
  outputs: [
    {
      entity: 'listing',
      // Records of a composite's components have no name.
      rows: '{name} IS NOT NULL OR {id} IS NOT NULL',
      keys,
      fields: {
        listing_id: 'id:key',
        sku: 'sku:key',
        mpn: 'mpn:key',
        brand: 'brand:text',
        title: 'name:text',
        description: 'description:text',
        category: 'category:text',
        product: 'handle:text',
        status: { sql: "CASE WHEN {active:bool} THEN 'active' WHEN NOT {active:bool} THEN 'paused' END" },
        'price.regular': 'price:money',
        'price.cost': 'cost:money',
        'price.tax_rate': 'tax:percent',
        'stock.unlimited': { sql: 'NOT {track:bool}' },
        'attributes.size': optionValue('size', pairs),
        'attributes.color': optionValue('color', pairs),
        'attributes.material': optionValue('material', pairs),
      },
    },
    {
      entity: 'stock',
      each: { columns: { on_hand: /^inventory_(.+)$/i }, as: 'outlet' },
      rows: '{on_hand} IS NOT NULL AND coalesce({track:bool}, true)',
      keys,
      fields: {
        // Blanks of the outlet's name are written as underscores.
        'stock.location': { sql: "replace({outlet}, '_', ' ')" },
        'stock.on_hand': 'on_hand:quantity',
      },
    },
  ],
  grain: ['listing_id', 'sku'],
  decimal: '.',
}

export const platform = definePlatform({
  title: 'Lightspeed Retail (X-Series)',
  files: [products],
  includesTax: null,
  channelKind: 'store',
  precedence: 10,
  fixes,
})
