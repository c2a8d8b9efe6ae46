/** The small files beside the exports, as text. */
import { LINES } from './assortment.ts'
import type { Calendar } from './calendar.ts'
import { decimal } from './files.ts'
import type { Article, World } from './world.ts'

const COMPANY_FILES = {
  sales: 'empresa/ventas.csv',
  bundles: 'empresa/lotes.csv',
  categories: 'empresa/categorias.csv',
  policy: 'empresa/politicas.csv',
  stores: 'empresa/tiendas.csv',
  orders: 'empresa/pedidos.csv',
  order_index: 'empresa/indice-pedidos.csv',
  customers: 'empresa/clientes.csv',
  consents: 'empresa/consentimientos.csv',
  purchase_history: 'empresa/historial.csv',
} as const

export interface CompanyFile {
  /** Of the input in the configuration. */
  readonly name: string
  readonly path: string
  readonly text: string
}

type Rows = readonly (readonly (string | number)[])[]

export function companyFiles(world: World, calendar: Calendar): readonly CompanyFile[] {
  const { company } = world
  const noon = (day: number): string => `${calendar.date(day)}T11:00:00Z`
  const files: { readonly [Name in keyof typeof COMPANY_FILES]: readonly [header: string, rows: Rows] } = {
    sales: ['código,canal,unidades 30 días,facturación,pico por hora', sales(world)],
    bundles: ['lote,componente,cantidad', company.bundles],
    categories: ['canal,categoría,maestra', categories()],
    policy: [
      'canal,servicio,ámbito,valor',
      company.policy.map(({ channel, service, scope, value }) => [channel, service, scope, value]),
    ],
    stores: [
      'canal,código,nombre,teléfono,horario,latitud,longitud',
      company.stores.map((one) => [one.channel, one.code, one.name, one.phone, one.hours, one.latitude, one.longitude]),
    ],
    orders: [
      'canal,pedido,fecha,cliente',
      company.orders.map(({ channel, order, day, customer }) => [channel, order, noon(day), customer]),
    ],
    order_index: ['pedido', [...company.index].map((order) => [order])],
    customers: [
      'canal,cliente,id maestro,hash email,hash nombre,tarjeta,año de nacimiento,provincia,última actividad,puntos,nivel,fecha saldo',
      company.customers.map((one) => [
        one.channel,
        one.customer,
        one.master,
        one.email,
        one.name,
        one.loyalty,
        one.birth,
        one.region,
        noon(-20),
        one.points,
        one.tier,
        noon(-1),
      ]),
    ],
    consents: [
      'canal,cliente,finalidad,aceptado,fecha',
      company.consents.map(({ channel, customer, granted, day }) => [
        channel,
        customer,
        'marketing',
        granted ? 'sí' : 'no',
        noon(day),
      ]),
    ],
    purchase_history: [
      'canal,pedido',
      company.orders.filter(({ order }) => company.history.has(order)).map(({ channel, order }) => [channel, order]),
    ],
  }
  return Object.entries(files).flatMap(([name, [header, rows]]) =>
    // A file without rows is refused.
    rows.length === 0
      ? []
      : [
          {
            name,
            path: COMPANY_FILES[name as keyof typeof files],
            text: [header, ...rows.map((row) => row.map(cell).join(',')), ''].join('\n'),
          },
        ],
  )
}

function cell(value: string | number): string {
  return /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value)
}

function sales(world: World): Rows {
  return world.articles.flatMap((article, index) => {
    if (article.store.units === null) return []
    const rushed = world.company.rushed.has(article.store.sku)
    const units = rushed ? 40 : 1 + ((index * 7) % 9)
    const row = (channel: string, sold: number) => [
      article.store.sku,
      channel,
      ...sold30(article, sold),
      rushed ? 120 : '',
    ]
    return [
      row('tienda', units),
      ...(article.web === null ? [] : [row('web', Math.ceil(units / 2))]),
      ...(article.amazon.length === 0 ? [] : [row('amazon', Math.ceil(units / 3))]),
    ]
  })
}

function sold30({ store }: Article, units: number): readonly (string | number)[] {
  return [units, decimal((store.cents ?? 0) * units, '.')]
}

function categories(): Rows {
  const paths = new Map(LINES.map(({ path, family }) => [path, family]))
  return [...paths, ['Servicios', 'Servicios'] as const].map(([path, family]) => ['', path, family])
}
