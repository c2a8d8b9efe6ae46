/** What keeps a finding from being an error: old data, and channels whose migration has only begun. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Finding } from '../src/model/report.ts'
import { SmallProject } from './small-project.ts'

let project: SmallProject | null = null
afterEach(() => {
  project?.remove()
  project = null
})

/** The audits are as of 2026-11-22T08:00Z. */
const HOUR_AGO = '2026-11-22T07:30:00Z'
const YESTERDAY = '2026-11-21T07:00:00Z'

interface Options {
  readonly packs?: string
  readonly phases?: readonly [shop: string, web: string, market: string]
  readonly asOf?: string
  readonly rules?: string
  readonly max?: string
}

function config({
  packs = '[recommended]',
  phases = ['done', 'done', 'done'],
  asOf = HOUR_AGO,
  rules = '',
  max = '',
}: Options): string {
  const channel = (id: string, index: number): string =>
    `  ${id}: {kind: ${id === 'shop' ? 'store' : 'web'}, includes_tax: true, phase: ${phases[index]}, sources: [{platform: csv, path: ${id}.csv, data_as_of: "${id === 'web' ? asOf : HOUR_AGO}"${max}}]}`
  return `version: 1
project: Caps
market: ES
currency: EUR
timezone: Europe/Madrid
extends: ${packs}
channels:
${['shop', 'web', 'market'].map(channel).join('\n')}
authority: {catalog: shop, price: shop}
rules:
  price/differs-across-channels: {params: {max_skew: 90d}}
  price/off-ending: off
${rules}`
}

const LISTS = {
  'shop.csv': 'sku,title,price,gtin\nA,Uno,10.00,\nB,Dos,20.00,\nC,Tres,30.00,4006381333932\n',
  // The web shop asks another price for A, the marketplace for B.
  'web.csv': 'sku,title,price\nA,Uno,15.00\nB,Dos,20.00\nC,Tres,30.00\n',
  'market.csv': 'sku,title,price\nA,Uno,10.00\nB,Dos,25.00\nC,Tres,30.00\n',
}

async function graves(options: Options): Promise<readonly string[]> {
  project?.remove()
  project = new SmallProject({ 'omniparity.yaml': config(options), ...LISTS })
  const { stdout } = await project.audit()
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] }
  return findings
    .filter(({ rule }) => rule === 'price/differs-across-channels' || rule === 'identity/invalid-gtin')
    .map(({ severity, item, fixable }) => `${item?.sku} ${severity}${fixable ? ' fixable' : ''}`)
    .sort()
}

describe('prices that are too old to compare', () => {
  it('are an error while they are fresh', async () => {
    expect(await graves({})).toEqual(['A error fixable', 'B error fixable', 'C error'])
  })

  it('are a warning that nobody writes by', async () => {
    // Only what rests on the old file: all three list A and B.
    expect(await graves({ asOf: YESTERDAY })).toEqual(['A warning', 'B warning', 'C error'])
  })

  it('are no older than the source may be', async () => {
    expect(await graves({ asOf: YESTERDAY, max: ', max_age: 2d' })).toEqual([
      'A error fixable',
      'B error fixable',
      'C error',
    ])
  })

  it('are an error where nobody asks for their age', async () => {
    expect(await graves({ asOf: YESTERDAY, rules: '  feed/stale-source: off\n' })).toContain('A error fixable')
  })
})

describe('channels of a migration', () => {
  const packs = '[recommended, migration]'

  it('are only looked at in discovery', async () => {
    const phases = ['discovery', 'discovery', 'discovery'] as const
    expect(await graves({ packs, phases })).toEqual(['A warning fixable', 'B warning fixable', 'C warning'])
  })

  it('are an error between channels that are further, whatever one in discovery says', async () => {
    const phases = ['done', 'cutover', 'discovery'] as const
    expect(await graves({ packs, phases })).toEqual(['A error fixable', 'B warning fixable', 'C error'])
  })

  it('are as grave as the configuration says', async () => {
    const phases = ['discovery', 'discovery', 'discovery'] as const
    const rules = '  identity/invalid-gtin: error\n'
    expect(await graves({ packs, phases, rules })).toContain('C error')
  })

  it('are as grave as ever without the pack', async () => {
    const phases = ['discovery', 'discovery', 'discovery'] as const
    expect(await graves({ phases })).toEqual(['A error fixable', 'B error fixable', 'C error'])
  })
})
