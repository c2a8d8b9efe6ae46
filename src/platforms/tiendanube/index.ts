import { headers } from '../aliases.ts'
import { optionValue } from '../options.ts'
import { definePlatform, type FileKind } from '../platform.ts'
import { fixes } from './fix.ts'

const pairs = [
  ['option1', 'property1_value'],
  ['option2', 'property2_value'],
  ['option3', 'property3_value'],
] as const

const carried = (column: string): string =>
  `coalesce({${column}}, first_value({${column}}) OVER (PARTITION BY {group} ORDER BY {_row}))`

const values = 'concat_ws(chr(47), {property1_value:text}, {property2_value:text}, {property3_value:text})'

const products: FileKind = {
  name: 'products',
  columns: {
    handle: headers('Identificador de URL | URL Identifier | Identificador URL | URL handle'),
    name: headers('Nombre | Name | Nome'),
    categories: headers('Categorías | Categories | Categorias'),
    property1_name: headers('Nombre de propiedad 1 | Property name 1 | Nome da variação 1'),
    property1_value: headers('Valor de propiedad 1 | Property value 1 | Valor da variação 1'),
    property2_name: headers('Nombre de propiedad 2 | Property name 2 | Nome da variação 2'),
    property2_value: headers('Valor de propiedad 2 | Property value 2 | Valor da variação 2'),
    property3_name: headers('Nombre de propiedad 3 | Property name 3 | Nome da variação 3'),
    property3_value: headers('Valor de propiedad 3 | Property value 3 | Valor da variação 3'),
    price: headers('Precio | Price | Preço'),
    sale: headers('Precio promocional | Promotional price | Preço promocional'),
    stock: headers('Stock | Estoque'),
    sku: headers('SKU'),
    barcode: headers('Código de barras | Barcode'),
    shown: headers('Mostrar en tienda | Show in store | Exibir na loja'),
    free_shipping: headers('Envío sin cargo | Free shipping | Frete gratis | Frete grátis'),
    description: headers('Descripción | Description | Descrição'),
    brand: headers('Marca | Brand'),
    physical: headers('Producto Físico | Physical product | Produto Físico'),
    mpn: headers('MPN (Número de pieza del fabricante) | MPN | MPN (Cód. Exclusivo, Modelo Fabricante)'),
    gender: headers('Sexo | Gender'),
    age: headers('Rango de edad | Age group | Faixa etária'),
    cost: headers('Costo | Cost | Custo'),
    visibility: headers('Visibilidad | Visibility | Visibilidade'),
  },
  requires: ['handle', 'name'],
  requiresAny: [
    ['shown', 'free_shipping', 'physical', 'property1_name'],
    ['price', 'stock', 'sku'],
  ],
  derive: [
    // The identifier may be blank throughout; a record with a name begins a product.
    ['before', 'lag({handle}) OVER (ORDER BY {_row})'],
    [
      'group',
      `sum(CASE WHEN {name} IS NOT NULL AND ({handle} IS NULL OR {handle} IS DISTINCT FROM {before}) THEN 1 ELSE 0 END)
        OVER (ORDER BY {_row})`,
    ],
    ['product_handle', carried('handle')],
    ['product_name', carried('name')],
    ['product_categories', carried('categories')],
    ['product_description', carried('description')],
    ['product_brand', carried('brand')],
    ['product_shown', carried('shown')],
    ['product_gender', carried('gender')],
    ['option1', carried('property1_name')],
    ['option2', carried('property2_name')],
    ['option3', carried('property3_name')],
  ],
  outputs: [
    {
      entity: 'listing',
      rows: 'coalesce({name}, {sku}, {price}, {stock}, {property1_value}) IS NOT NULL',
      keys: [`'variant:' || {product_handle} || '#' || ${values}`, "'sku:' || {sku:key}"],
      fields: {
        listing_id: {
          sql: `CASE WHEN {product_handle} IS NOT NULL THEN {product_handle} || '#' || ${values} ELSE {sku:key} END`,
        },
        sku: 'sku:key',
        gtin: 'barcode:gtin',
        mpn: 'mpn:key',
        brand: 'product_brand:text',
        title: 'product_name:text',
        description: 'product_description:text',
        category: 'product_categories:text',
        visible: 'product_shown:bool',
        product: 'product_handle:text',
        'price.regular': 'price:money',
        'price.sale': 'sale:money',
        'price.cost': 'cost:money',
        'stock.available': 'stock:quantity',
        'attributes.size': optionValue('size', pairs),
        'attributes.color': optionValue('color', pairs),
        'attributes.material': optionValue('material', pairs),
        'attributes.gender': 'product_gender:text',
        'attributes.age_group': 'age:text',
      },
    },
  ],
  grain: ['listing_id', 'sku'],
  decimal: '.',
}

export const platform = definePlatform({
  title: 'Tiendanube',
  files: [products],
  channelKind: 'web',
  includesTax: null,
  precedence: 10,
  fixes,
})
