import { headers, words } from '../aliases.ts'
import { optionValue } from '../options.ts'
import { definePlatform, type FileKind } from '../platform.ts'
import { fixes } from './fix.ts'

const pairs = [
  ['option1', 'option1_value'],
  ['option2', 'option2_value'],
  ['option3', 'option3_value'],
] as const

const optionColumns = {
  option1_name: headers('Option1 name'),
  option1_value: headers('Option1 value'),
  option2_name: headers('Option2 name'),
  option2_value: headers('Option2 value'),
  option3_name: headers('Option3 name'),
  option3_value: headers('Option3 value'),
}

// A product without variants has one option, Title, with this value; other files of the shop may leave it out.
const variant = `lower(concat_ws(' / ', nullif({option1_value}, 'Default Title'), {option2_value}, {option3_value}))`

/** Product fields stand on a product's first row only; a row's own value wins. */
const carried = (column: string): string =>
  `coalesce({${column}}, first_value({${column}}) OVER (PARTITION BY {group} ORDER BY {_row}))`

const products: FileKind = {
  name: 'products',
  columns: {
    handle: headers('URL handle | Handle'),
    title: headers('Title'),
    body: headers('Description | Body (HTML) | Body HTML'),
    vendor: headers('Vendor'),
    category: headers('Product category | Type | Standardized Product Type | Custom Product Type'),
    published: headers('Published on online store | Published'),
    status: headers('Status'),
    sku: headers('SKU | Variant SKU'),
    barcode: headers('Barcode | Variant Barcode'),
    barcodes: headers('Barcodes | Variant Barcodes'),
    ...optionColumns,
    price: headers('Price | Variant Price'),
    compare_at: headers('Compare-at price | Variant Compare At Price'),
    cost: headers('Cost per item'),
    tracker: headers('Inventory tracker | Variant Inventory Tracker'),
    quantity: headers('Inventory quantity | Variant Inventory Qty'),
    policy: headers('Continue selling when out of stock | Variant Inventory Policy'),
    image: headers('Product image URL | Image Src'),
    variant_image: headers('Variant image URL | Variant Image'),
    mpn: headers('Google Shopping / Manufacturer part number (MPN) | Google Shopping / MPN'),
    gender: headers('Google Shopping / Gender'),
    condition: headers('Google Shopping / Condition'),
    location: headers('Location'),
  },
  requires: ['title'],
  requiresAny: [
    ['handle', 'option1_value'],
    ['price', 'sku', 'status', 'published'],
  ],
  forbids: ['location'],
  derive: [
    ['key', 'coalesce({handle}, last_value({handle} IGNORE NULLS) OVER (ORDER BY {_row}))'],
    ['group', "CASE WHEN {handle?} THEN {key} ELSE 'row:' || count({title}) OVER (ORDER BY {_row}) END"],
    ['product_title', carried('title')],
    ['product_body', carried('body')],
    ['product_vendor', carried('vendor')],
    ['product_category', carried('category')],
    ['product_published', carried('published')],
    ['product_status', carried('status')],
    ['product_image', carried('image')],
    ['product_gender', carried('gender')],
    ['product_condition', carried('condition')],
    ['option1', carried('option1_name')],
    ['option2', carried('option2_name')],
    ['option3', carried('option3_name')],
    ['gtin', "coalesce({barcode}, trim(split_part(replace(replace({barcodes}, ';', ','), '|', ','), ',', 1)))"],
  ],
  outputs: [
    {
      entity: 'listing',
      // A row with a handle and an image alone adds a picture to the product.
      rows: 'coalesce({title}, {sku}, {price}, {option1_value}) IS NOT NULL',
      keys: [`'variant:' || {key} || '#' || ${variant}`, "'sku:' || {sku:key}"],
      fields: {
        listing_id: { sql: `CASE WHEN {handle?} THEN {key} || '#' || ${variant} ELSE {sku:key} END` },
        sku: 'sku:key',
        gtin: 'gtin:gtin',
        mpn: 'mpn:key',
        brand: 'product_vendor:text',
        title: 'product_title:text',
        description: 'product_body:text',
        category: 'product_category:text',
        status: 'product_status:state',
        visible: {
          sql: `CASE WHEN lower(trim({product_status})) IN ('draft', 'archived', 'unlisted') THEN false
            ELSE {product_published:bool} END`,
          raw: 'product_published',
        },
        condition: 'product_condition:condition',
        image: { sql: 'coalesce({variant_image:text}, {product_image:text})' },
        product: { sql: 'coalesce({key}, {product_title:text})' },
        'price.regular': {
          sql: 'CASE WHEN {compare_at:money} > {price:money} THEN {compare_at:money} ELSE {price:money} END',
          raw: 'price',
          rawSql: 'CASE WHEN {compare_at:money} > {price:money} THEN {compare_at} ELSE {price} END',
        },
        'price.sale': {
          sql: 'CASE WHEN {compare_at:money} > {price:money} THEN {price:money} END',
          raw: 'price',
          rawSql: 'CASE WHEN {compare_at:money} > {price:money} THEN {price} END',
        },
        'price.prior_shown': 'compare_at:money',
        'price.cost': 'cost:money',
        'stock.available': {
          sql: 'CASE WHEN {tracker?} AND {tracker} IS NULL THEN NULL ELSE {quantity:quantity} END',
          raw: 'quantity',
          rawSql: 'CASE WHEN {tracker?} AND {tracker} IS NULL THEN NULL ELSE {quantity} END',
        },
        'stock.unlimited': {
          sql: "CASE WHEN {tracker?} THEN {tracker} IS NULL OR {tracker} = '' END",
        },
        'stock.backorder': 'policy:backorder',
        'attributes.size': optionValue('size', pairs),
        'attributes.color': optionValue('color', pairs),
        'attributes.material': optionValue('material', pairs),
        'attributes.gender': { sql: `coalesce(${optionValue('gender', pairs)}, {product_gender:text})` },
      },
    },
  ],
  vocabulary: {
    status: words({ active: 'active', draft: 'draft', archived: 'archived', hidden: 'unlisted' }),
    'stock.backorder': words({ no: 'deny | false', yes: 'continue | true' }),
    condition: words({ new: 'new', used: 'used', refurbished: 'refurbished' }),
  },
  grain: ['listing_id', 'sku'],
  decimal: '.',
}

const inventory: FileKind = {
  name: 'inventory',
  columns: {
    handle: headers('Handle | URL handle'),
    title: headers('Title'),
    ...optionColumns,
    sku: headers('SKU'),
    barcode: headers('Barcode | Barcodes'),
    location: headers('Location'),
    incoming: headers('Incoming (not editable) | Incoming'),
    unavailable: headers('Unavailable (not editable) | Unavailable'),
    committed: headers('Committed (not editable) | Committed'),
    available: headers('Available (not editable) | Available'),
    on_hand: headers('On hand (current) | On hand'),
    on_hand_new: headers('On hand (new)'),
  },
  requires: ['handle', 'location'],
  requiresAny: [['on_hand', 'on_hand_new', 'available']],
  outputs: [
    {
      entity: 'stock',
      // The variant is not assigned to that location: that is no stock row, not a stock of zero.
      rows: `{location} IS NOT NULL
        AND lower(coalesce({on_hand}, {available}, {on_hand_new}, '')) NOT LIKE 'not stocked%'`,
      keys: [`'variant:' || {handle:text} || '#' || ${variant}`, "'sku:' || {sku:key}"],
      fields: {
        'stock.location': 'location:text',
        'stock.on_hand': { sql: 'CASE WHEN {on_hand?} THEN {on_hand:quantity} ELSE {on_hand_new:quantity} END' },
        'stock.available': 'available:quantity',
        'stock.reserved': 'committed:quantity',
        'stock.incoming': 'incoming:quantity',
      },
    },
    {
      entity: 'listing',
      fallback: true,
      rows: '{first_of_variant} = 1',
      keys: [`'variant:' || {handle:text} || '#' || ${variant}`, "'sku:' || {sku:key}"],
      fields: {
        listing_id: { sql: `{handle:text} || '#' || ${variant}` },
        sku: 'sku:key',
        gtin: 'barcode:gtin',
        title: 'title:text',
        product: 'handle:text',
      },
    },
  ],
  derive: [['first_of_variant', `row_number() OVER (PARTITION BY {handle}, ${variant} ORDER BY {_row})`]],
  grain: ['listing_id', 'stock.location'],
  decimal: '.',
}

const discounts: FileKind = {
  name: 'discounts',
  columns: {
    name: headers('Name'),
    value: headers('Value'),
    value_type: headers('Value Type'),
    type: headers('Type'),
    class: headers('Discount Class'),
    with_order: headers('Combines with Order Discounts'),
    with_product: headers('Combines with Product Discounts'),
    with_shipping: headers('Combines with Shipping Discounts'),
    status: headers('Status'),
    start: headers('Start'),
    end: headers('End'),
  },
  requires: ['name', 'value_type', 'class'],
  derive: [
    [
      'kind',
      `CASE WHEN lower({type}) LIKE '%free shipping%' THEN 'free_shipping' WHEN lower({type}) LIKE '%buy x%' THEN 'bogo'
        ELSE lower({value_type}) END`,
    ],
  ],
  outputs: [
    {
      entity: 'promotion',
      rows: '{name} IS NOT NULL',
      fields: {
        'promotion.key': 'name:key',
        // The column holds the code of a code discount and the title of an automatic one; codes are written like this.
        'promotion.code': { sql: "CASE WHEN regexp_full_match({name}, '[A-Z0-9_-]+') THEN {name:key} END" },
        'promotion.name': 'name:text',
        'promotion.kind': 'kind:kind',
        'promotion.value': {
          sql: "abs(CASE WHEN lower({value_type}) LIKE 'percent%' THEN {value:percent} ELSE {value:money} END)",
          raw: 'value',
        },
        'promotion.starts_at': 'start:instant',
        'promotion.ends_at': 'end:instant',
        'promotion.stackable': '{with_order:bool} OR {with_product:bool} OR {with_shipping:bool}',
        'promotion.status': 'status:state',
      },
    },
  ],
  vocabulary: {
    'promotion.kind': words({
      percent: 'percentage | percent',
      amount: 'fixed_amount | fixed amount',
      free_shipping: 'free_shipping',
      bogo: 'bogo',
    }),
    'promotion.status': words({ active: 'active', scheduled: 'scheduled', archived: 'expired', paused: 'deactivated' }),
  },
  grain: ['promotion.key'],
  dates: 'ymd',
  decimal: '.',
}

export const platform = definePlatform({
  title: 'Shopify',
  files: [products, inventory, discounts],
  includesTax: null,
  precedence: 10,
  fixes,
})
