/**
 * Makes catalogues of several channels that agree, with single errors at random where asked for. Everything follows from
 * the seed. Nothing here knows what an audit looks for.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { History } from '../src/ops/rule-tests/history.ts'

export type Channel = 'store' | 'web' | 'amazon' | 'app'

export interface Row {
  sku: string
  gtin: string
  title: string
  brand: string
  category: string
  /** Cents, or whole units of a currency without any. */
  regular: number | null
  sale: number | null
  /** Milliseconds. */
  from: number | null
  to: number | null
  status: string
  stock: number
  currency: string
}

export interface Promotion {
  key: string
  value: number
  starts: number
  ends: number
}

export interface Catalogue {
  /** Units that each channel sold of every article; no sales without. */
  units: number | null
  /** What earlier audits saw. */
  history: History | null
  readonly random: Random
  readonly market: Market
  readonly channels: readonly Channel[]
  readonly hasAuthority: boolean
  readonly rows: Map<Channel, Row[]>
  readonly promotions: Map<Channel, Promotion[]>
  /** Keys of `channels.<id>` that a fault needs. */
  readonly settings: Map<Channel, Record<string, unknown>>
  /** Meaning of the words of a channel's states; the words of the tool without. */
  readonly words: Map<Channel, Record<string, string>>
  /** How a channel writes its amounts; with two decimals without. */
  readonly amounts: Map<Channel, (cents: number) => string>
  /** Which of its files a row of a channel stands in; one file without. */
  readonly files: Map<Channel, (row: Row, index: number) => string>
  /** Where what the store has lies; a figure on the listing itself without. */
  placeOf: ((row: Row) => string) | null
  /** Whether the store says what there is of every article, and all sell the same units. */
  hasStockOwner: boolean
}

export interface Market {
  readonly id: string
  readonly currency: string
  readonly zone: string
  /** VAT rates, the one of most articles first. */
  readonly rates: readonly number[]
}

export const MARKETS: readonly Market[] = [
  { id: 'ES', currency: 'EUR', zone: 'Europe/Madrid', rates: [21, 10, 4] },
  { id: 'DE', currency: 'EUR', zone: 'Europe/Berlin', rates: [19, 7] },
  { id: 'FR', currency: 'EUR', zone: 'Europe/Paris', rates: [20, 5.5] },
  { id: 'GB', currency: 'GBP', zone: 'Europe/London', rates: [20, 5] },
  { id: 'PT', currency: 'EUR', zone: 'Europe/Lisbon', rates: [23, 6] },
]

const BRANDS = 'Alba Boreal Cima Duero Ebro Faro Greda Hito Icaro Jara Kilo Lince Mistral Nube Onda Prado'.split(' ')
const CATEGORIES =
  'Abrigos Bolsos Camisas Deporte Electro Fundas Gorras Hogar Infantil Jardín Libros Mochilas Papel'.split(' ')
const WORDS =
  'lino algodón azul verde ligero clásico niño mujer señora cuero lana piel corto largo suave impermeable otoño verano básico premium'.split(
    ' ',
  )

export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.below(values.length)]
    if (value === undefined) throw new Error('nothing to pick from')
    return value
  }
}

export function withCheckDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}

export interface Shape {
  readonly seed: number
  readonly articles: number
  /** Share of listings with a single error. */
  readonly noise: number
  readonly channels?: readonly Channel[]
  readonly authority?: boolean
  readonly market?: string
  readonly promotions?: number
}

const DAY = 86_400_000
const NOW = Date.parse('2026-11-22T08:00:00Z')

export function makeCatalogue(shape: Shape): Catalogue {
  const random = new Random(shape.seed)
  const own = random.pick(MARKETS)
  const market = MARKETS.find(({ id }) => id === shape.market) ?? own
  const some = random.pick<readonly Channel[]>([
    ['store', 'web'],
    ['store', 'web', 'amazon'],
    ['store', 'web', 'amazon', 'app'],
  ])
  const channels = shape.channels ?? some
  const coin = random.chance(0.5)
  const master = Array.from({ length: shape.articles }, (_, index) => makeRow(random, index, market))
  const promotions = Array.from({ length: shape.promotions ?? 24 }, (_, index) => makePromotion(random, index, market))
  const catalogue: Catalogue = {
    units: null,
    history: null,
    random,
    market,
    channels,
    hasAuthority: shape.authority ?? coin,
    rows: new Map(channels.map((id) => [id, master.map((row) => ({ ...row }))])),
    promotions: new Map(channels.map((id) => [id, promotions.map((one) => ({ ...one }))])),
    settings: new Map(),
    words: new Map(),
    amounts: new Map(),
    files: new Map(),
    placeOf: null,
    hasStockOwner: false,
  }
  disturb(catalogue, shape.noise)
  return catalogue
}

function makeRow(random: Random, index: number, market: Market): Row {
  const brand = random.pick(BRANDS)
  const category = random.pick(CATEGORIES)
  const words = Array.from({ length: 3 + random.below(6) }, () => random.pick(WORDS))
  // A tenth of the codes is American: they begin with zeros.
  const body = random.chance(0.1)
    ? `000${(100_000_000 + index * 7919) % 1_000_000_000}`
    : `84${2_000_000_000 + index * 104_729}`
  const regular = Math.round(Math.exp(random.next() * 5.2 + 1) * 10) * 10 - random.pick([0, 1, 5, 10])
  const onSale = random.chance(0.3)
  const from = localMidnight(NOW + (random.below(40) - 20) * DAY, market.zone)
  return {
    sku: `${String(index * 37 + 1000).padStart(7, '0')}`,
    gtin: withCheckDigit(body.slice(0, 12)),
    title: `${category} ${brand} ${words.join(' ')} ${index}`,
    brand,
    category,
    regular,
    sale: onSale ? Math.max(1, Math.round(regular * (0.95 - random.next() * 0.5))) : null,
    from: onSale ? from : null,
    to: onSale ? localMidnight(from + (5 + random.below(20)) * DAY, market.zone) : null,
    status: random.chance(0.93) ? 'active' : random.pick(['paused', 'archived']),
    stock: random.below(60),
    currency: market.currency,
  }
}

function makePromotion(random: Random, index: number, market: Market): Promotion {
  const starts = localMidnight(NOW + (random.below(120) - 60) * DAY, market.zone)
  return {
    key: `PROMO${index}`,
    value: 5 * (1 + random.below(8)),
    starts,
    ends: localMidnight(starts + (3 + random.below(25)) * DAY, market.zone),
  }
}

/** The midnight in a zone that lies closest. */
export function localMidnight(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, hour: 'numeric', hourCycle: 'h23' }).formatToParts(
    Math.floor(at / DAY) * DAY,
  )
  const hour = Number(parts.find(({ type }) => type === 'hour')?.value ?? 0) % 24
  return Math.floor(at / DAY) * DAY - (hour > 12 ? hour - 24 : hour) * 3_600_000
}

/** Single errors, each of a listing's own. */
function disturb({ random, channels, rows, promotions, market }: Catalogue, noise: number): void {
  for (const id of channels) {
    const kept: Row[] = []
    for (const row of rows.get(id) ?? []) {
      if (random.chance(noise)) SINGLE[random.below(SINGLE.length)]?.(row, random, market)
      if (!random.chance(noise / 3)) kept.push(row)
    }
    rows.set(id, kept)
    for (const promotion of promotions.get(id) ?? [])
      if (random.chance(noise)) promotion.ends += random.pick([1, 2, 5, 24, 48]) * 3_600_000
  }
}

const SINGLE: readonly ((row: Row, random: Random, market: Market) => void)[] = [
  (row, random) => (row.regular = Math.max(1, Math.round((row.regular ?? 1) * (0.5 + random.next())))),
  (row, random) => (row.regular = (row.regular ?? 1) + random.pick([1, 5, 10, 50, 100])),
  (row, random) => (row.regular = (row.regular ?? 1) * random.pick([2, 6, 10, 100])),
  (row) => (row.regular = Math.max(1, Math.round((row.regular ?? 1) / 100))),
  (row, random, { rates }) => (row.regular = Math.round((row.regular ?? 1) / (1 + random.pick(rates) / 100))),
  (row) => (row.regular = null),
  (row) => (row.sale = (row.regular ?? 1) + 100),
  (row, random) => (row.title = row.title.slice(0, 12 + random.below(12))),
  (row) => (row.title = Buffer.from(row.title, 'utf8').toString('latin1')),
  (row) => (row.brand = `${row.brand} Pro`),
  (row) => (row.category = 'Varios'),
  (row, random) => (row.status = random.pick(['discontinued', 'archived', 'draft'])),
  (row, random) => (row.stock = random.below(3) === 0 ? 0 : row.stock + random.below(30)),
  (row) => (row.gtin = `${row.gtin.slice(0, -1)}${(Number(row.gtin.at(-1)) + 1) % 10}`),
  (row) => (row.gtin = row.gtin.replace(/^0+/, '')),
  (row) => (row.gtin = ''),
  (row) => (row.gtin = Number(row.gtin).toExponential(5).replace('e+', 'E+')),
  (row, random) => (row.from = row.from === null ? null : row.from + random.pick([1, -1, 24]) * 3_600_000),
  (row) => (row.currency = 'CHF'),
]

const HEADER = 'sku,gtin,title,brand,category,price,sale,from,to,status,stock,currency'
const MAP = {
  sku: 'sku',
  gtin: 'gtin',
  title: 'title',
  brand: 'brand',
  category: 'category',
  'price.regular': 'price',
  'price.sale': 'sale',
  'price.sale_from': 'from',
  'price.sale_to': 'to',
  'stock.available': 'stock',
  'price.currency': 'currency',
}

const PROMOTIONS = (id: Channel): Record<string, unknown> => ({
  platform: 'csv',
  path: `promo-${id}.csv`,
  encoding: 'utf-8',
  decimal: '.',
  map: {
    'promotion.key': 'key',
    'promotion.kind': 'kind',
    'promotion.value': 'value',
    'promotion.starts_at': 'starts',
    'promotion.ends_at': 'ends',
  },
})

const STOCK = (id: Channel): Record<string, unknown> => ({
  platform: 'csv',
  path: `stock-${id}.csv`,
  map: { sku: 'sku', 'stock.location': 'place', 'stock.on_hand': 'units' },
})

function placeLine({ sku, stock }: Row, place: string): string {
  return `"${sku}",${place},${Math.max(1, stock)}`
}

/** Writes the files and the configuration that reads them. */
export async function writeCatalogue(dir: string, catalogue: Catalogue): Promise<void> {
  await mkdir(dir, { recursive: true })
  const channels: Record<string, unknown> = {}
  for (const id of catalogue.channels) {
    const amount = catalogue.amounts.get(id) ?? ((cents: number): string => (cents / 100).toFixed(2))
    const fileOf = catalogue.files.get(id) ?? (() => id)
    const files = new Map<string, string[]>()
    for (const [index, row] of (catalogue.rows.get(id) ?? []).entries()) {
      const file = fileOf(row, index)
      files.set(file, [...(files.get(file) ?? []), lineOf(row, amount)])
    }
    for (const [file, lines] of files) await writeFile(join(dir, `${file}.csv`), `${HEADER}\n${lines.join('\n')}\n`)
    const promotions = (catalogue.promotions.get(id) ?? []).map(
      ({ key, value, starts, ends }) => `${key},percent,${value},${instant(starts)},${instant(ends)}`,
    )
    if (promotions.length > 0)
      await writeFile(join(dir, `promo-${id}.csv`), `key,kind,value,starts,ends\n${promotions.join('\n')}\n`)
    const { placeOf } = catalogue
    const places =
      id !== 'store' || placeOf === null
        ? []
        : (catalogue.rows.get(id) ?? []).map((row) => placeLine(row, placeOf(row)))
    if (places.length > 0) await writeFile(join(dir, `stock-${id}.csv`), `sku,place,units\n${places.join('\n')}\n`)
    const words = catalogue.words.get(id)
    channels[id] = {
      kind: { store: 'store', web: 'web', amazon: 'marketplace', app: 'app' }[id],
      assortment: 'full',
      includes_tax: true,
      ...(catalogue.hasStockOwner ? { stock_pool: 'all' } : {}),
      ...catalogue.settings.get(id),
      sources: [
        ...[...files.keys()].map((file) => ({
          platform: 'csv',
          path: `${file}.csv`,
          encoding: 'utf-8',
          decimal: '.',
          map: { ...MAP, status: words === undefined ? 'status' : { column: 'status', vocabulary: words } },
        })),
        ...(promotions.length === 0 ? [] : [PROMOTIONS(id)]),
        ...(places.length === 0 ? [] : [STOCK(id)]),
      ],
    }
  }
  const { market, hasAuthority, hasStockOwner, units } = catalogue
  const authority = {
    ...(hasAuthority ? { catalog: 'store', price: 'store', promotion: 'store' } : {}),
    ...(hasStockOwner ? { stock: 'store' } : {}),
  }
  if (units !== null) {
    const sales = catalogue.channels.flatMap((id) =>
      (catalogue.rows.get(id) ?? []).map(({ sku }) => `"${sku}",${id},${units}`),
    )
    await writeFile(join(dir, 'sales.csv'), `sku,channel,units30\n${sales.join('\n')}\n`)
  }
  await writeFile(
    join(dir, 'omniparity.yaml'),
    stringify({
      version: 1,
      project: 'Catalogue',
      market: market.id,
      currency: market.currency,
      timezone: market.zone,
      ...(Object.keys(authority).length === 0 ? {} : { authority }),
      ...(units === null ? {} : { inputs: { sales: 'sales.csv' } }),
      channels,
    }),
  )
}

function lineOf(row: Row, amount: (cents: number) => string): string {
  const money = (cents: number | null): string => (cents === null ? '' : amount(cents))
  const cells = [
    row.sku,
    row.gtin,
    row.title,
    row.brand,
    row.category,
    money(row.regular),
    money(row.sale),
    instant(row.from),
    instant(row.to),
    row.status,
    String(row.stock),
    row.currency,
  ]
  return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')
}

function instant(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString().replace('.000', '')
}
