/**
 * The demo's single faults with an error of a whole channel on top: the error is named with its parameter, and no single
 * fault is lost or invented beside it. `MIXED=seeds:sizes[:name]`, such as `MIXED=1-50:500,1500,5000`, runs a sweep, with a
 * name of only those faults that have it in theirs.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MIN_SUPPORT } from '../src/audit/causes/thresholds.ts'
import type { Cause, Finding } from '../src/model/report.ts'
import { writeDemo } from '../src/ops/demo/write.ts'
import { compareMixed, type MixedFault } from './demo-systemic.ts'
import { CELL_FAULTS } from './demo-systemic-cells.ts'
import { RANGE_FAULTS } from './demo-systemic-range.ts'
import { TIME_FAULTS } from './demo-systemic-time.ts'
import { SmallProject } from './small-project.ts'
import { rangeOf } from './sweep-range.ts'

const AS_OF = '2026-11-22T08:00:00+01:00'
const FAULTS: readonly MixedFault[] = [...CELL_FAULTS, ...RANGE_FAULTS, ...TIME_FAULTS]
const [seeds = '1', sizes = '600', wanted = ''] = (process.env['MIXED'] ?? '').split(':').filter((part) => part !== '')
const isSweep = process.env['MIXED'] !== undefined

/** Every other fault once; in a sweep every fault with every seed and size. */
const CASES = isSweep
  ? rangeOf(seeds).flatMap((seed) =>
      rangeOf(sizes).flatMap((size) =>
        FAULTS.filter(({ name }) => name.includes(wanted)).map((fault) => [fault.name, seed, size, fault] as const),
      ),
    )
  : FAULTS.flatMap((fault, index) => (index % 2 === 0 ? [[fault.name, index + 1, 600, fault] as const] : []))

let base = ''
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'omniparity-mixed-'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

async function audited(seed: number, articles: number, fault: MixedFault) {
  const dir = join(base, `${seed}-${articles}-${FAULTS.indexOf(fault)}`)
  const truth = await writeDemo({ dir, seed, articles, asOf: AS_OF, faults: {} })
  const project = new SmallProject({})
  const request = { cwd: dir, allRules: true, failOn: 'never', locale: 'en' } as const
  const planted = await fault.plant(dir, async (asOf) => void (await project.audit({ ...request, asOf })))
  if ((planted?.cells ?? MIN_SUPPORT) < MIN_SUPPORT) {
    project.remove()
    return null
  }
  const { stdout } = await project.audit({ ...request, asOf: AS_OF })
  project.remove()
  await rm(dir, { recursive: true })
  const report = JSON.parse(stdout) as { readonly findings: readonly Finding[]; readonly causes: readonly Cause[] }
  return compareMixed(truth, fault, planted ?? {}, report)
}

describe('an error of a whole channel among single faults', () => {
  it.for(CASES)('%s, seed %i, %i articles', { timeout: 300_000 }, async ([, seed, articles, fault], { skip }) => {
    const mixed = await audited(seed, articles, fault)
    if (mixed === null) return skip(`fewer than ${MIN_SUPPORT} cells have it`)
    expect(mixed).toEqual({ isNamed: true, missing: [], unexpected: [] })
  })
})
