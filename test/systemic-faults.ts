/** Errors of a whole channel, planted into a catalogue, and what an audit has to say of each. */
import type { CauseKind } from '../src/model/report.ts'
import { type Catalogue, type Channel, localMidnight, type Row, withCheckDigit } from './catalogues.ts'

export interface Planted {
  readonly kind: CauseKind
  /** At fault; null where nobody can tell which of two it is. */
  readonly channel: Channel | null
  readonly detail: Readonly<Record<string, string>>
}

export interface SystemicFault {
  readonly name: string
  /** `price` and `beside` change different things, and can come together; what else there is comes alone. */
  readonly area: 'price' | 'beside' | 'alone'
  /** @param channel - That it hits; never the authority. */
  plant(catalogue: Catalogue, channel?: Channel): Planted
}

type Change = (row: Row, index: number) => void

function each({ rows }: Catalogue, id: Channel, change: Change): void {
  for (const [index, row] of (rows.get(id) ?? []).entries()) change(row, index)
}

function prices(
  name: string,
  kind: CauseKind,
  detail: Readonly<Record<string, string>>,
  to: (cents: number) => number,
) {
  return faults(name, (catalogue, channel) => {
    each(catalogue, channel, (row) => {
      if (row.regular !== null) row.regular = to(row.regular)
      if (row.sale !== null) row.sale = to(row.sale)
    })
    return { kind, channel, detail }
  })
}

function faults(name: string, plant: (catalogue: Catalogue, channel: Channel) => Planted): SystemicFault {
  return { name, area: 'alone', plant: (catalogue, channel = 'web') => plant(catalogue, channel) }
}

const HOUR = 3_600_000

const taxed = faults('prices without tax, several rates', (catalogue, channel) => {
  const { rates } = catalogue.market
  each(catalogue, channel, (row) => {
    const rate = rates[row.category < 'C' ? rates.length - 1 : row.category > 'N' ? 1 : 0] ?? 0
    const net = (cents: number): number => Math.round(cents / (1 + rate / 100))
    if (row.regular !== null) row.regular = net(row.regular)
    if (row.sale !== null) row.sale = net(row.sale)
  })
  return {
    kind: 'tax-basis',
    channel,
    detail: {
      rate: [...rates]
        .sort((a, b) => a - b)
        .map((rate) => `${rate}%`)
        .join(', '),
    },
  }
})

const thousandths = faults('a thousands mark read as a decimal mark', (catalogue, channel) => {
  for (const id of catalogue.channels) {
    each(catalogue, id, (row, index) => {
      if (row.regular !== null && Number(row.sku) % 5 === 0)
        row.regular = 100_000 + ((Number(row.sku) * 7919) % 400_000)
      if (index < 0) row.sale = null
    })
  }
  catalogue.amounts.set(channel, (cents) => (cents < 100_000 ? (cents / 100).toFixed(2) : (cents / 100_000).toFixed(5)))
  return { kind: 'decimal-shift', channel, detail: { factor: '0.001' } }
})

const swapped = faults('regular and sale columns swapped', (catalogue, channel) => {
  each(catalogue, channel, (row) => {
    ;[row.regular, row.sale] = row.sale === null ? [row.regular, row.sale] : [row.sale, row.regular]
  })
  return { kind: 'swapped-columns', channel, detail: {} }
})

function shifted(hours: number): SystemicFault {
  return faults(`times ${hours} h off`, ({ promotions, rows }, channel) => {
    for (const promotion of promotions.get(channel) ?? []) {
      promotion.starts += hours * HOUR
      promotion.ends += hours * HOUR
    }
    for (const row of rows.get(channel) ?? []) {
      if (row.from !== null) row.from += hours * HOUR
      if (row.to !== null) row.to += hours * HOUR
    }
    return { kind: 'time-zone', channel, detail: { hours: String(hours) } }
  })
}

const swappedDates = faults('day and month swapped', ({ market, promotions }, channel) => {
  for (const promotion of promotions.get(channel) ?? []) {
    promotion.starts = dayMonth(promotion.starts, market.zone)
    promotion.ends = dayMonth(promotion.ends, market.zone)
  }
  return { kind: 'date-order', channel, detail: {} }
})

/** Dates up to the 12th with day and month in each other's place: midnight there too, in summer as in winter. */
function dayMonth(at: number, zone: string): number {
  const midnight = localMidnight(at + 6 * HOUR, zone)
  // The zones of the catalogues are close to Greenwich.
  const date = new Date(midnight + 6 * HOUR)
  const [day, month] = [date.getUTCDate(), date.getUTCMonth() + 1]
  if (day > 12) return at
  return localMidnight(Date.UTC(date.getUTCFullYear(), day - 1, month), zone) + at - midnight
}

const lostGtinZeros = faults('zeros of GTINs lost', (catalogue, channel) => {
  each(catalogue, channel, (row) => {
    row.gtin = row.gtin.replace(/^0+/, '')
  })
  return { kind: 'lost-zeros', channel, detail: {} }
})

const lostSkuZeros = faults('zeros of SKUs lost', (catalogue, channel) => {
  for (const id of catalogue.channels) each(catalogue, id, (row) => (row.gtin = ''))
  each(catalogue, channel, (row) => {
    row.sku = row.sku.replace(/^0+/, '')
  })
  return { kind: 'lost-zeros', channel, detail: {} }
})

const rounded = faults('GTINs rounded by a spreadsheet', (catalogue, channel) => {
  each(catalogue, channel, (row) => {
    if (/^\d{8,}$/.test(row.gtin)) row.gtin = Number(row.gtin).toExponential(5).replace('e+', 'E+')
  })
  return { kind: 'rounded-codes', channel, detail: {} }
})

const mojibake = faults('texts in the wrong encoding', (catalogue, channel) => {
  each(catalogue, channel, (row) => {
    const damaged = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
    row.title = damaged(row.title)
    row.category = damaged(row.category)
  })
  return { kind: 'encoding', channel, detail: { read_as: 'windows-1252', is: 'utf-8' } }
})

function cut(length: number): SystemicFault {
  return faults(`titles cut at ${length}`, (catalogue, channel) => {
    each(catalogue, channel, (row) => {
      row.title = row.title.slice(0, length).trim()
    })
    return { kind: 'truncated', channel, detail: { length: String(length) } }
  })
}

function without(
  name: string,
  by: string,
  choose: (catalogue: Catalogue) => { value: string; isIn: (row: Row, index: number) => boolean },
): SystemicFault {
  return faults(name, (catalogue, channel) => {
    const { value, isIn } = choose(catalogue)
    const gone = new Set((catalogue.rows.get('store') ?? []).filter(isIn).map(({ sku }) => sku))
    catalogue.rows.set(
      channel,
      (catalogue.rows.get(channel) ?? []).filter(({ sku }) => !gone.has(sku)),
    )
    return { kind: 'missing-slice', channel, detail: { by, ...(value === '' ? {} : { value }) } }
  })
}

const brandGone = without('a brand is missing', 'brand', ({ random, rows }) => {
  const brand = random.pick(rows.get('store') ?? []).brand
  return { value: brand, isIn: (row) => row.brand === brand }
})

const categoryGone = without('a category is missing', 'category', ({ random, rows }) => {
  const value = random.pick((rows.get('store') ?? []).filter(({ category }) => category !== 'Varios')).category
  return { value, isIn: (row) => row.category === value }
})

const pageGone = without('a page is missing', 'position', ({ random, rows }) => {
  const size = 50 + random.below(50)
  const at = random.below((rows.get('store')?.length ?? 0) - size)
  return { value: '', isIn: (_, index) => index >= at && index < at + size }
})

const fileGone = without('a file is missing', 'file', (catalogue) => {
  catalogue.files.set('store', (row) => `store-${Number(row.sku) % 4}`)
  return { value: 'store-2.csv', isIn: (row) => Number(row.sku) % 4 === 2 }
})

const placeGone = without('a location is missing', 'location', (catalogue) => {
  const at = (row: Row): string => `T0${Number(row.sku) % 7}`
  catalogue.placeOf = at
  return { value: 'T03', isIn: (row) => at(row) === 'T03' }
})

const misread = faults('one status word misread', (catalogue, channel) => {
  catalogue.words.set(channel, {
    Alta: 'active',
    Pausa: 'paused',
    Archivo: 'archived',
    Temporada: 'discontinued',
    Baja: 'discontinued',
    Borrador: 'draft',
  })
  const words: Readonly<Record<string, string>> = {
    active: 'Alta',
    paused: 'Pausa',
    archived: 'Archivo',
    discontinued: 'Baja',
    draft: 'Borrador',
  }
  each(catalogue, channel, (row) => {
    row.status = row.status === 'active' && Number(row.sku) % 6 === 0 ? 'Temporada' : (words[row.status] ?? 'Alta')
  })
  return { kind: 'vocabulary', channel, detail: { word: 'temporada', read_as: 'discontinued' } }
})

const collision = faults('the same numbers for other articles', (catalogue, channel) => {
  each(catalogue, channel, (row, index) => {
    row.gtin = withCheckDigit(`76${3_000_000_000 + index * 104_729}`)
    row.title = `Ref. ${String.fromCharCode(65 + (index % 26))}${index * 31} Zyxwv ${(index * 7) % 91}`
    row.brand = 'Qwerty'
    row.regular = 100 + ((index * 977) % 20_000)
    row.sale = null
    row.from = null
    row.to = null
  })
  return { kind: 'identity-collision', channel, detail: { key: 'sku' } }
})

const dollars = faults('labelled in another currency', (catalogue, channel) => {
  each(catalogue, channel, (row) => (row.currency = 'USD'))
  return { kind: 'currency', channel, detail: { from: 'USD', to: catalogue.market.currency } }
})

function percent(value: number): SystemicFault {
  return prices(`all prices ${value} %`, 'markup', { percent: `${value}%` }, (cents) =>
    Math.round(cents * (1 + value / 100)),
  )
}

function plus(cents: number): SystemicFault {
  return prices(`all prices + ${cents} cents`, 'offset', { amount: (cents / 100).toFixed(2) }, (price) => price + cents)
}

/** The store and every other channel changed prices on a day from which on this channel did not. */
const stopped = faults('prices stand still', (catalogue, channel) => {
  const { rows, random } = catalogue
  const moved = new Map<string, number>()
  const old = (rows.get('store') ?? []).map((row) => ({
    at: '2026-10-01',
    channel: 'store',
    sku: row.sku,
    'price.regular': euros(row.regular),
  }))
  const news: Record<string, string>[] = []
  for (const row of rows.get('store') ?? []) {
    if (row.regular === null || !random.chance(0.6)) continue
    moved.set(row.sku, Math.round(row.regular * (1.02 + random.next() * 0.2)) + 1)
    news.push({ at: '2026-11-10', channel: 'store', sku: row.sku, 'price.regular': euros(moved.get(row.sku) ?? null) })
  }
  for (const id of catalogue.channels) {
    if (id === channel) continue
    each(catalogue, id, (row) => {
      if (row.regular !== null) row.regular = moved.get(row.sku) ?? row.regular
    })
  }
  catalogue.history = {
    seen: { store: [['2026-10-01', '2026-11-21']], [channel]: [['2026-10-01', '2026-11-21']] },
    every: '24h',
    rows: [...old.filter((row) => row['price.regular'] !== ''), ...news],
    sources: [],
  }
  return { kind: 'frozen', channel, detail: { since: '2026-11-09T08:00:00Z' } }
})

/** What the store has moved on twice, and this channel shows what there was before. */
const stoppedStock = faults('stock stands still', (catalogue, channel) => {
  const { rows, random } = catalogue
  catalogue.hasStockOwner = true
  const now = new Map<string, number>()
  const history: Record<string, string>[] = []
  const note = (at: string, sku: string, units: number): void =>
    void history.push({ at, channel: 'store', sku, 'stock.available': String(units) })
  for (const row of rows.get('store') ?? []) {
    note('2026-10-01', row.sku, row.stock)
    if (!random.chance(0.7)) continue
    const between = random.below(60)
    now.set(row.sku, Math.max(0, row.stock - 1 - random.below(20)))
    if (between !== row.stock) note('2026-11-10', row.sku, between)
    note('2026-11-18', row.sku, now.get(row.sku) ?? 0)
  }
  for (const id of catalogue.channels) {
    if (id === channel) continue
    each(catalogue, id, (row) => {
      row.stock = now.get(row.sku) ?? row.stock
    })
  }
  const days = [['2026-10-01', '2026-11-21']] as [string, string][]
  catalogue.history = { seen: { store: days, [channel]: days }, every: '24h', rows: history, sources: [] }
  return { kind: 'frozen', channel, detail: { since: '2026-11-09T08:00:00Z' } }
})

function euros(cents: number | null): string {
  return cents === null ? '' : (cents / 100).toFixed(2)
}

function of(area: SystemicFault['area'], ...list: readonly SystemicFault[]): readonly SystemicFault[] {
  return list.map((fault) => ({ ...fault, area }))
}

function times(factor: number, kind: CauseKind): SystemicFault {
  return prices(`${kind}, prices times ${factor}`, kind, { factor: String(factor) }, (cents) => cents * factor)
}

export const SYSTEMIC_FAULTS: readonly SystemicFault[] = [
  ...of(
    'price',
    taxed,
    times(100, 'decimal-shift'),
    times(10, 'decimal-shift'),
    dollars,
    times(6, 'pack-factor'),
    times(12, 'pack-factor'),
    percent(8),
    percent(12.5),
    percent(-7),
    plus(250),
    plus(499),
    swapped,
  ),
  ...of(
    'beside',
    shifted(1),
    shifted(-1),
    shifted(6),
    swappedDates,
    lostGtinZeros,
    rounded,
    mojibake,
    cut(30),
    cut(40),
    brandGone,
    categoryGone,
    pageGone,
    misread,
  ),
  ...of('alone', thousandths, lostSkuZeros, fileGone, collision, stopped, stoppedStock, placeGone),
]
