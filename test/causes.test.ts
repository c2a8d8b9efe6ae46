/** Causes: what is planted in a whole channel is named with its parameter, and nothing is named that is not there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CAUSE_RULES } from '../src/audit/causes.ts'
import type { Cause } from '../src/model/report.ts'
import { loadRules } from '../src/rules/load.ts'
import { type Catalogue, makeCatalogue, type Row } from './catalogues.ts'
import { CauseBench } from './cause-bench.ts'
import { SYSTEMIC_FAULTS } from './systemic-faults.ts'

let bench: CauseBench
beforeAll(async () => {
  const known = await loadRules()
  bench = await CauseBench.open(known)
  // Other rules only add findings; all of them take part in the large sweep.
  if (!ALL) rules = CAUSE_RULES.filter((id) => known.some((rule) => rule.id === id))
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

/** How many catalogues; `CAUSES=full` runs the large sweep. */
const ALL = process.env['CAUSES'] === 'full'
let rules: readonly string[] = []
const CLEAN = process.env['CAUSES'] === 'full' ? 200 : 10

describe('a systemic fault', () => {
  it.each(SYSTEMIC_FAULTS.map((fault, index) => [fault.name, fault, index] as const))('%s', async (_, fault, index) => {
    for (const noise of [0, 0.03]) {
      const catalogue = makeCatalogue({ seed: index * 10 + noise * 100, articles: 500, noise })
      const { kind, channel, detail } = fault.plant(catalogue)
      const { causes, findings } = await bench.audit(catalogue, rules)
      expect(causes.map(told), `${findings.length} findings`).toEqual([
        expect.stringMatching(pattern(kind, channel, detail)),
      ])
    }
  })
})

describe('no cause', () => {
  it.each(Array.from({ length: CLEAN }, (_, seed) => seed + 1))(
    'is named where there is none, seed %i',
    async (seed) => {
      const catalogue = makeCatalogue({ seed, articles: 500, noise: [0, 0.05, 0.2, 0.5][seed % 4] ?? 0 })
      const { causes } = await bench.audit(catalogue, rules)
      expect(causes.map(told)).toEqual([])
    },
  )
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
