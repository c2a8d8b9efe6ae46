/** Causes: what is planted in a whole channel is named with its parameter, and nothing is named that is not there. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CAUSE_RULES } from '../src/audit/causes.ts'
import type { Cause } from '../src/model/report.ts'
import { loadRules } from '../src/rules/load.ts'
import { makeCatalogue } from './catalogues.ts'
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
