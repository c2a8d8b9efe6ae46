/** The files of the three channels as text. */
import type { Calendar } from './calendar.ts'
import type { AmazonRow, ChannelId, Promotion, StockRow, StoreRow, World } from './world.ts'

/** The store's program ends lines the way its platform does. */
const CRLF = '\r\n'

export function decimal(cents: number | null, mark: ',' | '.'): string {
  if (cents === null) return ''
  return `${Math.trunc(cents / 100)}${mark}${String(cents % 100).padStart(2, '0')}`
}

/** `1.249,95 €`; the program puts a no-break space where it groups thousands. */
function euros(cents: number | null): string {
  if (cents === null) return ''
  const [whole = '', fraction = ''] = decimal(cents, ',').split(',')
  const grouped = whole.length > 3 ? `${whole.slice(0, -3)}.${whole.slice(-3)}` : whole
  return `${grouped},${fraction}${whole.length > 3 ? '\u00a0' : ' '}€`
}

function semicolons(cells: readonly string[]): string {
  return cells.map((cell) => (/[;"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(';')
}

const STORE_HEADER =
  'Código;EAN;Descripción;Marca;Familia;Talla;Color;PVP;Moneda;IVA;Precio oferta;Oferta desde;Oferta hasta;Existencias;Estado;Uds. envase;Observaciones;Coste;PVP etiqueta;Alerta;Lanzamiento;Contenido neto;Último recuento'

export function storeArticles(world: World, calendar: Calendar): string {
  const rows = [...world.articles.map(({ store }) => store), ...world.store]
  const units = rows.reduce((sum, row) => sum + (row.units ?? 0), 0)
  return [
    `Calzados Sol, S.L. – Listado de artículos a ${calendar.spanish(0)} – Precios en €, IVA incluido`,
    STORE_HEADER,
    ...rows.map((row) => storeLine(row, calendar)),
    `TOTAL;;;;;;;;;;;;;${units};;;;;;;;;`,
    '',
  ].join(CRLF)
}

/** Share of the price that an article costs the shop: two for one still pays. */
const COST = 0.33

/** What is paid on the day of the audit. */
export function today({ cents, sale }: Pick<StoreRow, 'cents' | 'sale'>): number | null {
  return sale !== null && sale.from <= 0 && sale.to >= 0 ? sale.cents : cents
}

function storeLine(row: StoreRow, calendar: Calendar): string {
  const { sale } = row
  return semicolons([
    // A spreadsheet would drop the zeros in front; the program's authors knew this trick.
    /^0\d+$/.test(row.sku) ? `="${row.sku}"` : row.sku,
    row.gtin,
    row.title,
    row.brand,
    row.family,
    row.size,
    row.color,
    euros(row.cents),
    row.currency,
    `${row.tax} %`,
    euros(sale?.cents ?? null),
    sale === null ? '' : calendar.spanish(sale.from),
    sale === null ? '' : calendar.spanish(sale.to),
    row.units === null ? '' : String(row.units),
    row.state,
    String(row.pack),
    '',
    decimal(row.cost ?? (row.cents === null || row.units === null ? null : Math.round(row.cents * COST)), ','),
    euros(row.label ?? (row.units === null ? null : today(row))),
    row.alert ?? '',
    row.launch === undefined ? '' : calendar.date(row.launch),
    row.net ?? '',
    row.units === null ? '' : calendar.date(row.counted ?? -18),
  ])
}

/** Fewer are for those who stand in the shop. */
const FEWEST_TO_COLLECT = 2

export function storeStock(world: World): string {
  const line = (row: StockRow): string => {
    const { sku, location, onHand, reserved } = row
    const collected = row.pickup ?? onHand - reserved >= FEWEST_TO_COLLECT
    const pickup = row.pickup === undefined && !/^T0[12]$/.test(location) ? '' : collected ? 'Sí' : 'No'
    return semicolons([sku, location, `${onHand}`, `${reserved}`, pickup])
  }
  const rows = [...world.articles.flatMap(({ stock }) => stock), ...world.stock]
  return ['Código;Almacén;Existencias;Reservado;Recogida', ...rows.map(line), ''].join(CRLF)
}

const AMAZON_HEADER = [
  'item-name',
  'item-description',
  'listing-id',
  'seller-sku',
  'price',
  'quantity',
  'open-date',
  'image-url',
  'item-is-marketplace',
  'product-id-type',
  'zshop-shipping-fee',
  'item-note',
  'item-condition',
  'zshop-category1',
  'zshop-browse-path',
  'zshop-storefront-feature',
  'asin1',
  'asin2',
  'asin3',
  'will-ship-internationally',
  'expedited-shipping',
  'zshop-boldface',
  'product-id',
  'bid-for-featured-placement',
  'add-delete',
  'pending-quantity',
  'fulfillment-channel',
  'merchant-shipping-group',
  'status',
] as const

export function amazonListings(world: World): string {
  const rows = [...world.articles.flatMap(({ amazon }) => amazon), ...world.amazon]
  return [AMAZON_HEADER.join('\t'), ...rows.map(amazonLine), ''].join('\n')
}

function amazonLine(row: AmazonRow): string {
  const cells: Partial<Record<(typeof AMAZON_HEADER)[number], string>> = {
    'item-name': row.title,
    'item-description': 'Artículo nuevo, envío en 24 h desde España.',
    'listing-id': row.listing,
    'seller-sku': row.sku,
    price: decimal(row.cents, '.'),
    quantity: row.units === null ? '' : String(row.units),
    'open-date': '14/03/2025 09:12:40 CET',
    'image-url': `https://m.media-amazon.example/images/I/${row.asin}.jpg`,
    'item-is-marketplace': 'y',
    'product-id-type': row.gtin === '' ? '1' : row.gtin.length === 12 ? '3' : '4',
    'item-condition': '11',
    asin1: row.asin,
    'will-ship-internationally': 'n',
    'product-id': row.gtin === '' ? row.asin : row.gtin,
    'pending-quantity': '0',
    'fulfillment-channel': row.units === null ? 'AMAZON_EU' : 'DEFAULT',
    'merchant-shipping-group': 'Plantilla Calzados Sol',
    status: row.state,
  }
  return AMAZON_HEADER.map((name) => cells[name] ?? '').join('\t')
}

const PROMOTION_HEADER =
  'Código promo;Nombre;Tipo;Valor;Inicio;Fin;Canales;Artículos;Compra mínima;Cupón;Acumulable;Estado'

/** The same instants in the notation of each channel: whole days, seconds, or midnight with offset. */
export function promotions(list: readonly Promotion[], channel: ChannelId, calendar: Calendar): string {
  const window = ({ from, to }: Promotion): readonly [string, string] => {
    if (channel === 'tienda') return [calendar.spanish(from), calendar.spanish(to)]
    if (channel === 'web') return [calendar.start(from), calendar.end(to)]
    return [calendar.midnight(from), calendar.midnight(to + 1)]
  }
  const line = (row: Promotion): string =>
    semicolons([
      row.key,
      row.name,
      row.kind,
      row.value,
      ...window(row),
      row.channels.join(', '),
      row.items.join(', '),
      row.minSpend,
      row.code,
      row.stacks === true ? 'Sí' : 'No',
      row.state,
    ])
  return [PROMOTION_HEADER, ...list.map(line), ''].join('\n')
}

export function crosswalk(world: World): string {
  const rows = world.packs.map(([listing, item, quantity]) => `amazon,${listing},${item},${quantity}`)
  return ['channel,listing,item,pack_quantity', ...rows, ''].join('\n')
}
