/** What the files of eight platforms look like, to the letter, and what they refuse in words. */
import { describe, expect, test } from 'vitest'
import type { FieldName } from '../src/model/field.ts'
import type { FixContext } from '../src/platforms/fix.ts'
import { encode, FixSource, type RowChange, type SourceDialect } from './fix-harness.ts'

type Step = readonly [row: number, field: FieldName, before: string | null, after: string | null, location?: string]

interface Example {
  readonly name: string
  readonly platform: string
  readonly kind: string
  readonly dialect: SourceDialect
  readonly source: readonly string[]
  readonly changes: readonly Step[]
  readonly context?: Partial<FixContext>
  /** By file, its lines and those of its undo. */
  readonly files: Readonly<Record<string, readonly [fix: readonly string[], undo: readonly string[]]>>
  /** What is said of changes that no file carries, in the order of the changes. */
  readonly refused?: readonly RegExp[]
}

const comma: SourceDialect = { delimiter: ',', encoding: 'utf-8' }
const tab: SourceDialect = { delimiter: '\t', encoding: 'utf-8' }

const NOTHING_SHOWN: FixContext['understood'] = {
  ...{ encoding: 'utf-8', delimiter: '\t', decimal: null, columns: {}, mapped_by: {}, unused: [], assumptions: [] },
}

function changesOf(steps: readonly Step[]): readonly RowChange[] {
  return steps.map(([row, field, before, after, location = null]) => ({
    row,
    change: {
      action: 'update',
      entity: field.startsWith('stock.') ? 'stock' : field.startsWith('price.') ? 'price' : 'listing',
      ...{ field, before, after, location },
      unit: field.startsWith('price.') && !field.includes('sale_') ? 'EUR' : null,
    },
  }))
}

const EXAMPLES: readonly Example[] = [
  {
    name: 'Amazon: price and quantity in the mark of the report, nothing for what Amazon ships',
    platform: 'amazon',
    kind: 'all listings',
    dialect: { delimiter: '\t', encoding: 'windows-1252', quotes: false },
    source: [
      'SKU del vendedor\tPrecio\tCantidad\tASIN 1\tCanal de gestión logística',
      'NIÑO-1\t1.019,99\t3\tB0\tDEFAULT',
      'NIÑO-2\t20\t\tB0\tAMAZON_EU',
      'A"B\t20,00\t1\tB0\tDEFAULT',
      'C\t20,00\t1\tB0\tDEFAULT',
    ],
    changes: [
      [0, 'price.regular', '1019.99', '1234.5'],
      [0, 'stock.available', '3', '0'],
      [1, 'stock.available', null, '5'],
      [2, 'price.regular', '20', '21'],
      [3, 'price.regular', '20', '0'],
      [3, 'price.regular', '21', '22'],
      [1, 'price.regular', '20', '19'],
    ],
    files: {
      'price-and-quantity': [
        ['sku\tprice\tquantity', 'NIÑO-1\t1234,50\t0', 'NIÑO-2\t19.00\t'],
        ['sku\tprice\tquantity', 'NIÑO-1\t1019,99\t3', 'NIÑO-2\t20.00\t'],
      ],
    },
    refused: [/Amazon ships/, /quotation mark/, /once/, /once/],
  },
  {
    name: 'Google: one end of a window keeps the other, and an attribute is not emptied',
    platform: 'google-merchant',
    kind: 'products',
    dialect: tab,
    source: [
      'id\tprice\tsale price\tsale_price_effective_date\tgtin\tavailability',
      '0012\t1,234.50 EUR\t\t2026-10-20T00:00+0200/2026-11-30T23:59+0100\t8412345678905\tOut of Stock',
      'B\t10.00 USD\t\t\t\tpreorder',
      'C\t10.00 EUR\t9.00 EUR\t\t\tin_stock',
    ],
    changes: [
      [0, 'price.regular', '1234.5', '1199'],
      [0, 'price.sale_to', '2026-11-30T22:59:00Z', '2026-12-24T22:59:59Z'],
      [0, 'gtin', '08412345678905', '08410712000007'],
      [0, 'buyable', 'false', 'true'],
      [2, 'price.sale', '9', null],
      [1, 'price.regular', '10', '11'],
      [1, 'price.sale_from', null, '2026-12-24T22:59:59Z'],
    ],
    files: {
      'supplemental-feed': [
        [
          'id\tgtin\tavailability\tprice\tsale_price_effective_date',
          '0012\t8410712000007\tin_stock\t1199.00 EUR\t2026-10-20T00:00+0200/2026-12-24T23:59:59+0100',
        ],
        [
          'id\tgtin\tavailability\tprice\tsale_price_effective_date',
          '0012\t8412345678905\tOut of Stock\t1234.50 EUR\t2026-10-20T00:00+0200/2026-11-30T23:59+0100',
        ],
      ],
    },
    refused: [/empty cell/, /in USD/, /both a beginning and an end/],
  },
  {
    name: 'Google: the local inventory file is whole, and does not contradict itself',
    platform: 'google-merchant',
    kind: 'local inventory',
    dialect: tab,
    source: [
      'store_code\tid\tquantity\tavailability',
      'T01\tA\t4\tin_stock',
      'T01\tB\t0\tout_of_stock',
      'T02\tA\t1\tin_stock',
    ],
    changes: [
      [0, 'stock.available', '4', '2', 'T01'],
      [1, 'stock.available', '0', '2', 'T01'],
      [2, 'stock.available', '1', '0', 'T02'],
    ],
    files: {
      'local-inventory': [
        [
          'store_code\tid\tquantity\tavailability',
          'T01\tA\t2\tin_stock',
          'T01\tB\t0\tout_of_stock',
          'T02\tA\t1\tin_stock',
        ],
        [
          'store_code\tid\tquantity\tavailability',
          'T01\tA\t4\tin_stock',
          'T01\tB\t0\tout_of_stock',
          'T02\tA\t1\tin_stock',
        ],
      ],
    },
    refused: [/out of stock/, /in stock/],
  },
  {
    name: 'Meta: cells of others repeat the source',
    platform: 'meta',
    kind: 'products',
    dialect: comma,
    source: [
      'id,price,availability,status,visibility',
      'A,10.00 EUR,in stock,active,',
      'B,9.00 EUR,in stock,archived,',
    ],
    changes: [
      [0, 'price.regular', '10', '12.5'],
      [1, 'status', 'archived', 'active'],
      [1, 'buyable', 'true', 'false'],
      [0, 'status', 'active', 'hidden'],
    ],
    files: {
      'supplemental-feed': [
        ['id,availability,price,status', 'A,in stock,12.50 EUR,active', 'B,out of stock,9.00 EUR,active'],
        ['id,availability,price,status', 'A,in stock,10.00 EUR,active', 'B,in stock,9.00 EUR,archived'],
      ],
    },
    refused: [/no way to write hidden/],
  },
  {
    name: 'Tiendanube: whole products, stock in a file of its own',
    platform: 'tiendanube',
    kind: 'products',
    dialect: { delimiter: ';', encoding: 'windows-1252' },
    source: [
      'Identificador de URL;Nombre;Nombre de propiedad 1;Valor de propiedad 1;Precio;Stock;SKU;Mostrar en tienda',
      'remera;Remera Niño;Talle;6;19,531.00;4;R6;SI',
      ';;;8;19,531.00;;R8;',
      ';Sin identificador;;;5.00;1;S;SI',
    ],
    changes: [
      [1, 'price.regular', '19531', '18000'],
      [0, 'stock.available', '4', '2'],
      [2, 'price.regular', '5', '6'],
    ],
    files: {},
    refused: [/no identifier/, /no identifier/, /no identifier|Identificador de URL/],
  },
  {
    name: 'Tiendanube: variants below their product',
    platform: 'tiendanube',
    kind: 'products',
    dialect: { delimiter: ';', encoding: 'windows-1252' },
    source: [
      'Identificador de URL;Nombre;Nombre de propiedad 1;Valor de propiedad 1;Precio;Stock;SKU;Mostrar en tienda',
      'remera;Remera Niño;Talle;6;19,531.00;4;R6;SI',
      ';;;8;19,531.00;;R8;',
      'gorra;Gorra;;;5.00;1;G;SI',
    ],
    changes: [
      [1, 'price.regular', '19531', '18000'],
      [0, 'stock.available', '4', '2'],
      [1, 'stock.available', null, '3'],
      [0, 'visible', 'true', 'false'],
      [2, 'visible', 'true', 'false'],
    ],
    files: {
      products: [
        [
          'Identificador de URL;Nombre;Nombre de propiedad 1;Valor de propiedad 1;Mostrar en tienda;Precio',
          'remera;Remera Niño;Talle;6;SI;19,531.00',
          ';;;8;;18000.00',
          'gorra;Gorra;;;NO;5.00',
        ],
        [
          'Identificador de URL;Nombre;Nombre de propiedad 1;Valor de propiedad 1;Mostrar en tienda;Precio',
          'remera;Remera Niño;Talle;6;SI;19,531.00',
          ';;;8;;19531.00',
          'gorra;Gorra;;;SI;5.00',
        ],
      ],
      stock: [
        [
          'Identificador de URL;Nombre;Nombre de propiedad 1;Valor de propiedad 1;Stock',
          'remera;Remera Niño;Talle;6;2',
          ';;;8;',
        ],
        [
          'Identificador de URL;Nombre;Nombre de propiedad 1;Valor de propiedad 1;Stock',
          'remera;Remera Niño;Talle;6;4',
          ';;;8;',
        ],
      ],
    },
    // An empty cell of stock may be unlimited, which the undo could not say.
    refused: [/^It could not be taken back: An empty cell/, /whole product/],
  },
  {
    name: 'Square: new counts alone are written, of the locations that change',
    platform: 'square',
    kind: 'item library',
    dialect: comma,
    source: [
      'Token,Item Name,Variation Name,SKU,Price,Sellable,Current Quantity Centro,New Quantity Centro,Current Quantity Sol,New Quantity Sol',
      'T1,Bota,39,1,"£4,250.00",Y,4,,9,77',
      'T2,Bota,40,2,80.00,Y,,,,',
      'T3,Otra,,3,1.00,Y,1,,,',
    ],
    changes: [
      [0, 'price.regular', '4250', '4199.9'],
      [0, 'stock.available', '4', '2.5', 'Centro'],
      [1, 'stock.available', '3', '2', 'Centro'],
      [2, 'price.regular', '1', '2'],
    ],
    files: {
      'item-library': [
        [
          'Token,Item Name,Variation Name,SKU,Price,Sellable,Current Quantity Centro,New Quantity Centro,Current Quantity Sol,New Quantity Sol',
          'T1,Bota,39,1,4199.90,Y,4,2.5,9,',
          'T2,Bota,40,2,80.00,Y,,,,',
        ],
        [
          'Token,Item Name,Variation Name,SKU,Price,Sellable,Current Quantity Centro,New Quantity Centro,Current Quantity Sol,New Quantity Sol',
          'T1,Bota,39,1,4250.00,Y,4,4,9,',
          'T2,Bota,40,2,80.00,Y,,,,',
        ],
      ],
    },
    refused: [/Centro does not count/, /Variation Name/],
  },
  {
    name: 'Lightspeed: outlets by their names, products by their ids',
    platform: 'lightspeed',
    kind: 'products',
    dialect: comma,
    source: [
      'id,handle,sku,name,retail_price,supply_price,active,track_inventory,inventory_Tienda_Centro,inventory_Sol',
      'u-1,bota,007,Bota,69.9,20,1,1,4,5',
      ',vale,V,Vale,25,,1,0,0,0',
      'u-3,c,C,Cinta,3,1,1,1,4,5',
    ],
    changes: [
      [0, 'price.regular', '69.9', '71'],
      [0, 'stock.on_hand', '4', '3', 'Tienda Centro'],
      [0, 'status', 'active', 'paused'],
      [1, 'price.regular', '25', '26'],
      [2, 'stock.on_hand', '4', '3', 'Nowhere'],
    ],
    files: {
      products: [
        ['id,handle,sku,name,active,retail_price', 'u-1,bota,007,Bota,0,71.00'],
        ['id,handle,sku,name,active,retail_price', 'u-1,bota,007,Bota,1,69.90'],
      ],
      inventory: [
        ['id,handle,sku,name,inventory_Tienda_Centro', 'u-1,bota,007,Bota,3'],
        ['id,handle,sku,name,inventory_Tienda_Centro', 'u-1,bota,007,Bota,4'],
      ],
    },
    refused: [/Without id/, /no column that sets stock\.on_hand/],
  },
  {
    name: 'Loyverse: whole items, stores by their names, and no price where each store has its own',
    platform: 'loyverse',
    kind: 'items',
    dialect: comma,
    source: [
      'Handle,SKU,Name,Sold by weight,Default price,Track stock,Price [Centro],In stock [Centro],In stock [A Coruña]',
      'luna,1,Lámpara,N,100.00,Y,100.00,3,0',
    ],
    changes: [
      [0, 'stock.available', '3', '2', 'Centro'],
      [0, 'price.regular', '100', '90'],
    ],
    files: {
      items: [
        [
          'Handle,SKU,Name,Sold by weight,Default price,Track stock,Price [Centro],In stock [Centro],In stock [A Coruña]',
          'luna,1,Lámpara,N,100.00,Y,100.00,2,0',
        ],
        [
          'Handle,SKU,Name,Sold by weight,Default price,Track stock,Price [Centro],In stock [Centro],In stock [A Coruña]',
          'luna,1,Lámpara,N,100.00,Y,100.00,3,0',
        ],
      ],
    },
    refused: [/Each store/],
  },
  {
    name: 'Odoo: the external id and the fields that change, the template only as a whole',
    platform: 'odoo',
    kind: 'products',
    dialect: comma,
    source: [
      'id,product_tmpl_id/id,default_code,barcode,name,list_price,standard_price,active,qty_available',
      'p1,t1,A,8412345678905,Bota,57.85,20.0,True,5',
      'p2,t1,B,,Bota,57.85,21.0,True,5',
      'p3,t2,C,,Vela,3.5,1.0,True,5',
    ],
    changes: [
      [0, 'price.cost', '20', '20.125'],
      [1, 'gtin', null, '08410712000007'],
      [2, 'price.regular', '3.5', '4'],
      [0, 'price.regular', '57.85', '60'],
      [2, 'stock.on_hand', '5', '4'],
    ],
    files: {
      products: [
        [
          'id,barcode,list_price,standard_price',
          'p1,8412345678905,57.85,20.1250',
          'p2,8410712000007,57.85,21.0',
          'p3,,4.00,1.0',
        ],
        ['id,barcode,list_price,standard_price', 'p1,8412345678905,57.85,20.00', 'p2,,57.85,21.0', 'p3,,3.50,1.0'],
      ],
    },
    refused: [/product template/, /No file/],
  },
  {
    name: 'Amazon: where no price shows the mark, only whole prices are written',
    platform: 'amazon',
    kind: 'open listings',
    dialect: { delimiter: '\t', encoding: 'utf-8', quotes: false },
    source: ['sku\tasin\tprice\tquantity', 'A\tB0\t69\t4', 'B\tB0\t70\t4'],
    changes: [
      [0, 'price.regular', '69', '1060'],
      [1, 'price.regular', '70', '60.5'],
    ],
    context: { understood: NOTHING_SHOWN },
    files: {
      'price-and-quantity': [
        ['sku\tprice', 'A\t1060'],
        ['sku\tprice', 'A\t69'],
      ],
    },
    refused: [/no way to write 60\.5/],
  },
  {
    name: 'Amazon: the price for companies is not the price',
    platform: 'amazon',
    kind: 'open listings',
    dialect: { delimiter: '\t', encoding: 'utf-8', quotes: false },
    source: ['sku\tasin\tprice\tquantity\tBusiness Price', 'A\tB0\t69.90\t4\t65.00', 'B\tB0\t65.00\t\t65.00'],
    changes: [
      [0, 'price.regular', '65', '60'],
      [1, 'price.regular', '65', '60'],
      [1, 'stock.available', null, '1'],
    ],
    files: {},
    refused: [/does not hold 65/, /for companies/, /Amazon ships/],
  },
  {
    name: 'Loyverse: names of items with variants, and parts of others, are left alone',
    platform: 'loyverse',
    kind: 'items',
    dialect: comma,
    source: [
      'Handle,SKU,Name,Sold by weight,Option 1 value,Price,SKU of included item',
      'luna,1,Lámpara,N,S,100.00,',
      'luna,2,,,M,100.00,',
      'cesta,3,Cesta,N,,30.00,1',
    ],
    changes: [
      [0, 'title', 'Lámpara', 'Luz'],
      [1, 'title', 'Lámpara', 'Luz'],
      [2, 'price.regular', '30', '31'],
    ],
    files: {},
    refused: [/whole product/, /whole product/, /composite/],
  },
  {
    name: 'Lightspeed: composites are left alone',
    platform: 'lightspeed',
    kind: 'products',
    dialect: comma,
    source: ['id,handle,sku,composite_handle,name,retail_price', 'u-1,cesta,C,luna,Cesta,30'],
    changes: [[0, 'price.regular', '30', '31']],
    files: {},
    refused: [/composite/],
  },
  {
    name: 'Odoo: lines of one-to-many fields and variants that stay are not written',
    platform: 'odoo',
    kind: 'products',
    dialect: comma,
    source: [
      'id,product_tmpl_id/id,default_code,list_price,standard_price,taxes_id/id',
      'p1,t1,A,5.0,2.0,iva21',
      ',,,,,recargo',
      'p2,t1,B,5.0,2.0,iva21',
    ],
    changes: [[0, 'price.cost', '2', '2.5']],
    files: {
      products: [
        ['id,standard_price', 'p1,2.50'],
        ['id,standard_price', 'p1,2.00'],
      ],
    },
  },
  {
    name: 'Odoo: an external id with its label is refused',
    platform: 'odoo',
    kind: 'products',
    dialect: comma,
    source: ['External ID,default_code,list_price', '__export__.product_template_1,A,5.0'],
    changes: [[0, 'price.regular', '5', '6']],
    files: {},
    refused: [/Without the column id/],
  },
  {
    name: 'Odoo: labels and files without ids are refused',
    platform: 'odoo',
    kind: 'products',
    dialect: { delimiter: ';', encoding: 'utf-8' },
    source: ['Referencia interna;Nombre;Precio de venta', '00739;Bota;1.057,85'],
    changes: [[0, 'price.regular', '1057.85', '1000']],
    files: {},
    refused: [/Without id/],
  },
  {
    name: 'Odoo: counts of quants',
    platform: 'odoo',
    kind: 'stock by location',
    dialect: comma,
    source: ['id,product_id,location_id,quantity,reserved_quantity', 'q1,[A] Bota,WH/Stock,5.0,1.0'],
    changes: [[0, 'stock.on_hand', '5', '4', 'WH/Stock']],
    files: {
      'stock-by-location': [
        ['id,inventory_quantity', 'q1,4.00'],
        ['id,inventory_quantity', 'q1,5.00'],
      ],
    },
  },
]

describe('files to the letter', () => {
  test.each(EXAMPLES)('$name', async ({ platform, kind, dialect, source, changes, context, files, refused = [] }) => {
    const bytes = encode(source.map((line) => `${line}\n`).join(''), dialect.encoding)
    const opened = await FixSource.open(platform, kind, bytes, dialect, context)
    const list = changesOf(changes)
    const fixes = await opened.fix(list)
    const written = fixes.files.filter(({ format }) => format.also !== true)
    const text = (bytes: Uint8Array): readonly string[] =>
      new TextDecoder(dialect.encoding).decode(bytes).replaceAll('\r\n', '\n').split('\n').slice(0, -1)
    expect(Object.fromEntries(written.map(({ format, fix, undo }) => [format.name, [text(fix), text(undo)]]))).toEqual(
      files,
    )
    const said = list.flatMap((one) => fixes.refused.filter(({ change }) => change === one.change))
    expect(said.map(({ why }) => why.en)).toEqual(refused.map((pattern) => expect.stringMatching(pattern)))
    for (const { why } of said) expect(why.es).not.toBe(why.en)
  })
})
