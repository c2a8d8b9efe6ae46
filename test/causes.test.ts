/** Causes: what is planted in a whole channel is named with its parameter, and nothing is named that is not there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CAUSE_RULES } from '../src/audit/causes.ts'
import type { Cause } from '../src/model/report.ts'
import { loadRules } from '../src/rules/load.ts'
import { type Catalogue, makeCatalogue, type Row } from './catalogues.ts'
import { CauseBench } from './cause-bench.ts'
import { FOLLOWING, liveOn } from './living-stock.ts'
import { type Planted, SYSTEMIC_FAULTS, type SystemicFault } from './systemic-faults.ts'

/** The large sweep takes many minutes; the suite has a part of it. */
const FULL = process.env['CAUSES'] === 'full'
const SEEDS = FULL ? [1, 2, 3, 4, 5, 6] : [1]
const CLEAN = Array.from({ length: FULL ? 200 : 24 }, (_, index) => index + 1)
const NOISE = [0, 0.02, 0.05]
const SIZES = FULL ? [500, 900, 2500] : [500]

let bench: CauseBench
let rules: readonly string[] = []
beforeAll(async () => {
  const known = await loadRules()
  bench = await CauseBench.open(known)
  // Other rules only add findings.
  rules = CAUSE_RULES.filter((id) => known.some((rule) => rule.id === id))
})
afterAll(() => bench.close())

function told({ kind, channels, detail, findings, share }: Cause): string {
  return `${kind} ${channels[0]} ${Object.entries(detail)
    .map((one) => one.join('='))
    .join(' ')}: ${findings} findings, share ${share}`
}

function pattern(kind: string, channel: string | null, detail: Readonly<Record<string, string>>): RegExp {
  const parts = Object.entries(detail).map((one) => one.join('=').replaceAll(/[.+()]/g, '\\$&'))
  return new RegExp(`^${kind} ${channel ?? '\\w+'} ${parts.join(' ')}`)
}

/** What the audit says of the causes, and what it should say. */
async function compare(
  catalogue: Catalogue,
  planted: readonly Planted[],
): Promise<{
  readonly said: readonly string[]
  readonly missing: readonly string[]
  readonly extra: readonly string[]
}> {
  const { causes } = await bench.audit(catalogue, rules)
  const said = causes.map(told)
  const patterns = planted.map(({ kind, channel, detail }) => pattern(kind, channel, detail))
  return {
    said,
    missing: patterns.filter((one) => !said.some((text) => one.test(text))).map(String),
    extra: said.filter((text) => !patterns.some((one) => one.test(text))),
  }
}

const NOTHING = { missing: [], extra: [] }

describe('a fault of a whole channel is named with its parameter', () => {
  const cases = SYSTEMIC_FAULTS.flatMap((fault, index) =>
    SEEDS.map((seed) => [fault.name, seed, fault, index] as const),
  )
  it.each(cases)('%s, seed %i', { timeout: 120_000 }, async (_, seed, fault, index) => {
    const number = seed * 100 + index
    const noise = NOISE[(seed + index) % NOISE.length] ?? 0
    const catalogue = makeCatalogue({ seed: number, articles: SIZES[seed % SIZES.length] ?? 500, noise })
    expect(await compare(catalogue, [fault.plant(catalogue)])).toMatchObject(NOTHING)
  })
})

describe('two faults of different channels are both named', () => {
  const seeds = FULL ? Array.from({ length: 40 }, (_, index) => index + 1) : [1, 2, 3]
  it.each(seeds)('seed %i', { timeout: 120_000 }, async (seed) => {
    const catalogue = makeCatalogue({ seed, articles: 700, noise: 0.02, channels: ['store', 'web', 'amazon'] })
    const [first, second] = pairOf(seed)
    const planted = [first.plant(catalogue), second.plant(catalogue, 'amazon')]
    expect(await compare(catalogue, planted)).toMatchObject(NOTHING)
  })
})

describe('windows of sale prices that are off by hours, without any promotion', () => {
  const HOUR = 3_600_000
  const audited = async (hours: number): Promise<readonly string[]> => {
    const catalogue = makeCatalogue({ seed: 3, articles: 60, noise: 0, promotions: 0, channels: ['store', 'web'] })
    for (const [channel, rows] of catalogue.rows) {
      const shift = channel === 'web' ? hours * HOUR : 0
      // The moment of the audit lies between the two beginnings.
      const from = Date.parse('2026-11-22T08:00:00Z') + (hours > 0 ? -HOUR / 2 : HOUR / 2)
      for (const [index, row] of rows.entries()) {
        const days = 3 + (index % 5)
        Object.assign(row, {
          regular: 2000 + index,
          sale: 1500,
          from: from + shift,
          to: from + days * 24 * HOUR + shift,
        })
      }
    }
    const { causes, findings } = await bench.audit(catalogue, ['price/differs-across-channels'])
    expect(findings.length).toBeGreaterThan(50)
    return causes.map(told)
  }

  it.each([-2, 5.5, 11.75])('%d hours are named', async (hours) => {
    const [cause = '', ...others] = await audited(hours)
    expect(cause).toMatch(new RegExp(`^time-zone \\w+ hours=-?${Math.abs(hours)}: \\d+ findings, share 1$`))
    expect(others).toEqual([])
  })

  it.each([24, -24, 2.2])('%d hours are no time zone', async (hours) => {
    expect(await audited(hours)).toEqual([])
  })
})

describe('a part of the range that the catalog itself lacks', () => {
  const ORPHANS = ['identity/orphan-listing']
  const made = (noise: number): { catalogue: Catalogue; brand: string } => {
    const catalogue = makeCatalogue({ seed: 11, articles: 600, noise, authority: true, channels: ['store', 'web'] })
    return { catalogue, brand: catalogue.rows.get('web')?.[0]?.brand ?? '' }
  }
  const storeRows = (catalogue: Catalogue): Row[] => catalogue.rows.get('store') ?? []

  it.each([0, 0.05])('a brand, with noise %d', async (noise) => {
    const { catalogue, brand } = made(noise)
    catalogue.rows.set(
      'store',
      storeRows(catalogue).filter((row) => row.brand !== brand),
    )
    const { causes } = await bench.audit(catalogue, ORPHANS)
    expect(causes.map(told)).toEqual([
      expect.stringMatching(`^missing-slice store by=brand value=${brand}: \\d+ findings, share (1|0\\.9\\d*)$`),
    ])
  })

  it('is none where the catalog has the brand under keys of its own', async () => {
    const { catalogue, brand } = made(0)
    for (const row of storeRows(catalogue)) {
      if (row.brand === brand) Object.assign(row, { sku: `OLD${row.sku}`, gtin: '', brand: brand.toUpperCase() })
    }
    const { causes, findings } = await bench.audit(catalogue, ORPHANS)
    expect(findings.length).toBeGreaterThan(20)
    expect(causes.map(told)).toEqual([])
  })

  it('is none where articles are missing here and there', async () => {
    const { catalogue } = made(0.05)
    catalogue.rows.set(
      'store',
      storeRows(catalogue).filter((_, index) => index % 7 !== 0),
    )
    const { causes, findings } = await bench.audit(catalogue, ORPHANS)
    expect(findings.length).toBeGreaterThan(50)
    expect(causes.map(told)).toEqual([])
  })
})

/** Faults that a catalogue can have at once: each leaves alone what the other one changes. */
function pairOf(seed: number): readonly [SystemicFault, SystemicFault] {
  const ofPrices = SYSTEMIC_FAULTS.filter(({ area }) => area === 'price')
  const others = SYSTEMIC_FAULTS.filter(({ area }) => area === 'beside')
  const [first, second] = [ofPrices[(seed * 5) % ofPrices.length], others[(seed * 3) % others.length]]
  if (first === undefined || second === undefined) throw new Error('no faults')
  return [first, second]
}

describe('nothing is named where nothing is wrong with a whole channel', () => {
  it.each(CLEAN)('seed %i', { timeout: 120_000 }, async (seed) => {
    const noise = [0, 0.05, 0.2, 0.5][seed % 4] ?? 0
    const articles = 500 + (FULL ? (seed % 5) * 200 : 0)
    const catalogue = makeCatalogue({ seed: 5000 + seed, articles, noise, promotions: seed % 4 === 1 ? 24 : 0 })
    const { said } = await compare(catalogue, [])
    expect(said).toEqual([])
  })
})

describe('nothing stands still where stock moves', () => {
  const seeds = FULL ? Array.from({ length: 40 }, (_, index) => index + 1) : FOLLOWING.map((_, index) => index + 1)
  it.each(seeds)('seed %i', { timeout: 120_000 }, async (seed) => {
    const noise = [0, 0.05, 0.2, 0.02, 0.5][Math.floor(seed / FOLLOWING.length) % 5] ?? 0
    const catalogue = makeCatalogue({ seed: 7000 + seed, articles: 500, noise })
    const follows = FOLLOWING[seed % FOLLOWING.length]
    if (follows === undefined) throw new Error('no way to follow')
    liveOn(catalogue, follows)
    const { said } = await compare(catalogue, [])
    expect(said).toEqual([])
  })
})

describe('the impact', () => {
  const flat = (): Catalogue => {
    const catalogue = makeCatalogue({ seed: 7, articles: 40, noise: 0, channels: ['store', 'web'], authority: true })
    for (const rows of catalogue.rows.values()) {
      for (const row of rows)
        Object.assign(row, { regular: 2000, sale: null, from: null, to: null, stock: 10, status: 'active' })
    }
    return catalogue
  }
  const first = (catalogue: Catalogue): Row => {
    const [row] = catalogue.rows.get('web') ?? []
    if (row === undefined) throw new Error('no rows')
    return row
  }

  it('of a root is the gap times what the channel sold of it', async () => {
    const catalogue = flat()
    catalogue.units = 3
    first(catalogue).regular = 1850
    const { findings } = await bench.audit(catalogue, ['price/differs-across-channels'])
    expect(findings.map(({ impact }) => impact)).toEqual([
      { amount: '4.50', currency: catalogue.market.currency, basis: 'measured' },
    ])
  })

  it('of a low price without sales is modelled from the stock', async () => {
    const catalogue = flat()
    first(catalogue).regular = 200
    const { findings } = await bench.audit(catalogue, ['price/outlier', 'price/differs-across-channels'])
    expect(findings.map(({ rule, impact }) => [rule, impact])).toEqual([
      ['price/outlier', { amount: '180.00', currency: catalogue.market.currency, basis: 'modelled' }],
      ['price/differs-across-channels', null],
    ])
  })

  it('is unknown, not zero, where nothing tells it', async () => {
    const catalogue = flat()
    first(catalogue).regular = 1850
    const { findings } = await bench.audit(catalogue, ['price/differs-across-channels'])
    expect(findings.map(({ impact }) => impact)).toEqual([null])
  })

  it('of a cause adds up its articles, each once, and its findings have none', async () => {
    const catalogue = flat()
    catalogue.units = 2
    for (const [index, row] of (catalogue.rows.get('web') ?? []).entries()) row.regular = 2000 + index * 100
    for (const [index, row] of (catalogue.rows.get('store') ?? []).entries()) row.regular = 1000 + index * 100
    const { causes, findings } = await bench.audit(catalogue, ['price/differs-across-channels', 'price/outlier'])
    expect(causes.map(({ kind, impact }) => [kind, impact])).toEqual([
      ['offset', { amount: '800.00', currency: catalogue.market.currency, basis: 'measured' }],
    ])
    expect(findings.filter(({ impact }) => impact !== null)).toEqual([])
  })

  it('puts the worst first among findings as grave', async () => {
    const catalogue = flat()
    catalogue.units = 1
    const rows = catalogue.rows.get('web') ?? []
    for (const [index, cents] of [1990, 900, 1850].entries()) Object.assign(rows[index] ?? {}, { regular: cents })
    const { findings } = await bench.audit(catalogue, ['price/differs-across-channels'])
    expect(findings.map(({ impact }) => impact?.amount)).toEqual(['11.00', '1.50', '0.10'])
  })
})
