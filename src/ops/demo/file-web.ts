/** The web shop's product export with the Spanish headers of its exporter. */
import type { Calendar } from './calendar.ts'
import { decimal, today } from './files.ts'
import type { WebProduct, WebRow, World } from './world.ts'

const HEADER = [
  'ID',
  'Tipo',
  'SKU',
  'GTIN, UPC, EAN o ISBN',
  'Nombre',
  'Publicado',
  '¿Está destacado?',
  'Visibilidad en el catálogo',
  'Descripción corta',
  'Descripción',
  'Día en que empieza el precio rebajado',
  'Día en que termina el precio rebajado',
  'Estado del impuesto',
  'Clase de impuesto',
  '¿Existencias?',
  'Inventario',
  'Cantidad de bajo inventario',
  '¿Permitir reservas de productos agotados?',
  '¿Vendido individualmente?',
  'Peso (kg)',
  'Longitud (cm)',
  'Anchura (cm)',
  'Altura (cm)',
  '¿Permitir valoraciones de clientes?',
  'Nota de compra',
  'Precio rebajado',
  'Precio normal',
  'Categorías',
  'Etiquetas',
  'Clase de envío',
  'Imágenes',
  'Límite de descargas',
  'Días de caducidad de la descarga',
  'Superior',
  'Productos agrupados',
  'Ventas dirigidas',
  'Ventas cruzadas',
  'URL externa',
  'Texto del botón',
  'Posición',
  'Marcas',
  'Nombre del atributo 1',
  'Valor(es) del atributo 1',
  'Atributo visible 1',
  'Atributo global 1',
  'Nombre del atributo 2',
  'Valor(es) del atributo 2',
  'Atributo visible 2',
  'Atributo global 2',
  'Meta: unidades_por_envase',
  'Meta: descuento',
  'Meta: fabricante',
  'Meta: disponible_desde',
  'Meta: contenido_neto',
  'Meta: precio_por_kilo',
] as const

type Cells = Partial<Record<(typeof HEADER)[number], string>>

export function webProducts(world: World, calendar: Calendar): string {
  const lines = [line(Object.fromEntries(HEADER.map((name) => [name, name])))]
  for (const product of world.products) {
    if (product.rows.length === 0) continue
    if (!product.simple) lines.push(line(parent(product, lines.length)))
    for (const [position, row] of product.rows.entries()) {
      lines.push(
        line(
          product.simple
            ? simple(product, row, lines.length, calendar)
            : variation(row, lines.length, position, calendar),
        ),
      )
    }
  }
  return `\ufeff${lines.join('\n')}\n`
}

function line(cells: Cells): string {
  return HEADER.map((name) => quoted(cells[name] ?? '')).join(',')
}

function quoted(cell: string): string {
  return /[",\n\s]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

function parent(product: WebProduct, id: number): Cells {
  return {
    ...shared(product),
    ID: String(id),
    Tipo: 'variable',
    SKU: product.sku,
    Publicado: String(product.published),
    '¿Existencias?': '1',
    '¿Permitir reservas de productos agotados?': '0',
    ...options(product.rows),
  }
}

/** What a product says once, for all of its variations. */
function shared(product: WebProduct): Cells {
  return {
    Nombre: product.title,
    '¿Está destacado?': '0',
    'Visibilidad en el catálogo': 'visible',
    Descripción: `<p>${product.title}. Envío en 24 h y recogida gratuita en tienda.</p>`,
    'Estado del impuesto': 'taxable',
    'Clase de impuesto': product.tax === 10 ? 'reduced-rate' : '',
    '¿Vendido individualmente?': '0',
    '¿Permitir valoraciones de clientes?': '1',
    Categorías: product.path,
    Imágenes: `https://calzados-sol.example/img/${encodeURIComponent(product.title.toLowerCase().replaceAll(' ', '-'))}.jpg`,
    Posición: '0',
    Marcas: product.brand,
  }
}

function simple(product: WebProduct, row: WebRow, id: number, calendar: Calendar): Cells {
  return {
    ...shared(product),
    ...offer(row, calendar),
    ID: String(id),
    Tipo: product.virtual ? 'simple, virtual' : 'simple',
    ...options([row]),
  }
}

function variation(row: WebRow, id: number, position: number, calendar: Calendar): Cells {
  return {
    ...offer(row, calendar),
    ID: String(id),
    Tipo: 'variation',
    'Visibilidad en el catálogo': 'visible',
    'Estado del impuesto': 'taxable',
    'Clase de impuesto': 'parent',
    Superior: row.parent,
    Posición: String(position + 1),
    ...options([row]),
  }
}

function offer(row: WebRow, calendar: Calendar): Cells {
  return {
    SKU: row.sku,
    'GTIN, UPC, EAN o ISBN': row.gtin,
    Nombre: row.title,
    Publicado: String(row.published),
    'Día en que empieza el precio rebajado': row.sale === null ? '' : calendar.start(row.sale.from),
    'Día en que termina el precio rebajado': row.sale === null ? '' : calendar.end(row.sale.to),
    '¿Existencias?': row.inStock,
    Inventario: row.units === null ? '' : String(row.units),
    '¿Permitir reservas de productos agotados?': row.backorders,
    'Precio rebajado': decimal(row.sale?.cents ?? null, ','),
    'Precio normal': decimal(row.cents, ','),
    'Meta: unidades_por_envase': row.pack === null ? '' : String(row.pack),
    'Meta: descuento': discount(row),
    'Meta: fabricante': row.maker ?? '',
    'Meta: disponible_desde': row.available === undefined ? '' : calendar.date(row.available),
    'Meta: contenido_neto': row.net ?? '',
    'Meta: precio_por_kilo': row.net === undefined ? '' : `${decimal(row.perKilo ?? perKilo(row), ',')} €/kg`,
    ...(row.image === undefined ? {} : { Imágenes: row.image }),
  }
}

/** `-20 %` while a reduced price holds. */
function discount(row: WebRow): string {
  const now = today(row)
  if (row.cents === null || now === null || now >= row.cents) return ''
  return `-${row.discount ?? Math.round(((row.cents - now) * 100) / row.cents)} %`
}

function perKilo({ cents, net }: WebRow): number {
  return Math.round(((cents ?? 0) * 1000) / Number.parseInt(net ?? '1', 10))
}

/** Attributes take the first free columns: without a size, colour is the first. */
function options(rows: readonly WebRow[]): Cells {
  const values = (of: (row: WebRow) => string): string =>
    [...new Set(rows.map(of).filter((value) => value !== ''))].map((value) => value.replaceAll(',', '\\,')).join(', ')
  const filled = [
    ['Talla', values(({ size }) => size)],
    ['Color', values(({ color }) => color)],
  ].filter(([, value]) => value !== '')
  const cells: Cells = {}
  for (const [index, [name = '', value = '']] of filled.entries()) {
    const slot = index === 0 ? 1 : 2
    cells[`Nombre del atributo ${slot}`] = name
    cells[`Valor(es) del atributo ${slot}`] = value
    cells[`Atributo visible ${slot}`] = '1'
    cells[`Atributo global ${slot}`] = '1'
  }
  return cells
}
