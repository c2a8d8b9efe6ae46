import { headers, words } from '../aliases.ts'
import { optionValue } from '../options.ts'
import { definePlatform, type FileKind, type Output } from '../platform.ts'
import { fixes } from './fix.ts'

const attributeNumbers = [1, 2, 3, 4, 5, 6] as const

const attributeColumns = Object.fromEntries(
  attributeNumbers.flatMap((n) => [
    [`attribute${n}_name`, headers(`Attribute ${n} name | Nombre del atributo ${n} | Nombre de atributo ${n}`)],
    [
      `attribute${n}_value`,
      headers(
        `Attribute ${n} value(s) | Valor(es) del atributo ${n} | Valores del atributo ${n} | Valor del atributo ${n}`,
      ),
    ],
  ]),
)

const pairs = attributeNumbers.map((n) => [`attribute${n}_name`, `attribute${n}_value`] as const)

const keys = ["'id:' || {id:key}", "'sku:' || {sku:key}"]

/** What a parent can hand down; attributes of a parent are lists of all its variations' values. */
const inherited: Output['fields'] = {
  brand: 'brand:text',
  description: { sql: 'coalesce({description:text}, {short_description:text})' },
  category: 'categories:text',
  image: { sql: "op_text(split_part({images}, ', ', 1))" },
  // The word `parent` gives no number: an unread word in a child's stock cell takes the parent's figure.
  'stock.available': 'stock:quantity',
  // No figure means that the shop does not count the article and sells it as long as the flag says so.
  'stock.unlimited': {
    sql: `CASE WHEN {stock?} AND lower({stock}) = 'parent' THEN NULL WHEN {stock?} THEN {stock} IS NULL
      AND trim({in_stock}) = '1' END`,
    raw: 'stock',
  },
  'stock.backorder': 'backorders:backorder',
}

const listing: Output['fields'] = {
  ...inherited,
  listing_id: 'id:key',
  sku: 'sku:key',
  gtin: 'any_gtin:gtin',
  title: 'name:text',
  status: 'published:state',
  visible: {
    sql: `CASE WHEN trim({published}) = '1' THEN coalesce(lower(trim({visibility})), 'visible') <> 'hidden'
      WHEN {published} IS NOT NULL THEN false END`,
  },
  buyable: {
    sql: `CASE WHEN trim({published}) <> '1' OR trim({in_stock}) = '0' THEN false
      WHEN lower(trim({in_stock})) IN ('1', 'backorder') THEN true END`,
    raw: 'in_stock',
  },
  'price.regular': 'regular_price:money',
  'price.sale': 'sale_price:money',
  'price.sale_from': 'sale_from:instant',
  'price.sale_to': 'sale_to:date_end',
  'price.cost': 'cost:money',
  'attributes.size': optionValue('size', pairs),
  'attributes.color': optionValue('color', pairs),
  'attributes.material': optionValue('material', pairs),
  'attributes.gender': optionValue('gender', pairs),
}

const products: FileKind = {
  name: 'products',
  columns: {
    id: headers('ID'),
    type: headers('Type | Tipo'),
    sku: headers('SKU'),
    // One quoted header with commas in it.
    gtin: headers('GTIN, UPC, EAN, or ISBN | GTIN, UPC, EAN o ISBN'),
    gtin_meta: headers(`
      Meta: _global_unique_id | Meta: _ean | Meta: ean | Meta: _gtin | Meta: gtin | Meta: _alg_ean | Meta:
      _wpm_gtin_code | Meta: hwp_product_gtin | Meta: _barcode | Meta: barcode
    `),
    name: headers('Name | Nombre'),
    published: headers('Published | Publicado'),
    visibility: headers('Visibility in catalog | Visibilidad en el catálogo'),
    short_description: headers('Short description | Descripción corta'),
    description: headers('Description | Descripción'),
    sale_from: headers(`
      Date sale price starts | Día en que empieza el precio rebajado | Fecha en la que empieza el precio rebajado |
      Fecha de inicio del precio rebajado
    `),
    sale_to: headers(`
      Date sale price ends | Día en que termina el precio rebajado | Fecha en la que termina el precio rebajado |
      Fecha de fin del precio rebajado
    `),
    in_stock: headers('In stock? | ¿Existencias? | ¿En inventario? | ¿Hay existencias? | ¿En stock?'),
    stock: headers('Stock | Inventario'),
    backorders: headers(`
      Backorders allowed? | ¿Permitir reservas de productos agotados? | ¿Permitir reservas?
    `),
    sale_price: headers('Sale price | Precio rebajado | Precio de oferta'),
    regular_price: headers('Regular price | Precio normal | Precio regular'),
    cost: headers('Cost of goods | Coste de los bienes | Coste de los productos'),
    categories: headers('Categories | Categorías'),
    images: headers('Images | Imágenes'),
    parent: headers('Parent | Superior | Padre'),
    brand: headers('Brands | Marcas | Brand | Marca'),
    ...attributeColumns,
  },
  requires: ['type', 'name'],
  requiresAny: [
    ['published', 'visibility', 'in_stock'],
    ['sku', 'id', 'gtin'],
  ],
  derive: [['any_gtin', 'coalesce({gtin}, {gtin_meta})']],
  outputs: [
    {
      entity: 'listing',
      role: 'parent',
      rows: "regexp_matches(lower({type}), '(^|[^a-z])variable([^a-z]|$)')",
      keys,
      fields: { ...inherited, title: 'name:text' },
    },
    {
      entity: 'listing',
      role: 'child',
      rows: "lower({type}) LIKE '%variation%'",
      keys,
      parentKey: "CASE WHEN {parent} LIKE 'id:%' THEN {parent} ELSE 'sku:' || {parent:key} END",
      fields: { ...listing, product: 'parent:key' },
    },
    {
      entity: 'listing',
      // A grouped product is a page that shows others; it has no price and no stock.
      rows: `coalesce(lower({type}), 'simple') NOT LIKE '%variation%' AND coalesce(lower({type}),
        '') NOT LIKE '%grouped%'
        AND NOT regexp_matches(coalesce(lower({type}), ''), '(^|[^a-z])variable([^a-z]|$)')
        AND coalesce({id}, {sku}, {name}) IS NOT NULL`,
      keys,
      fields: listing,
    },
  ],
  vocabulary: {
    status: words({ active: '1 | publish', hidden: '0 | private', draft: '-1 | 2 | draft | pending' }),
    'stock.backorder': words({ no: '0 | no', yes: '1 | yes', notify: 'notify' }),
  },
  grain: ['listing_id', 'sku'],
  dates: 'ymd',
}

export const platform = definePlatform({
  title: 'WooCommerce',
  files: [products],
  channelKind: 'web',
  includesTax: null,
  precedence: 10,
  fixes,
})
