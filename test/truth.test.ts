/**
 * The demo's truth: what an audit finds is what was planted, no more and no less, whatever the seed. `SEEDS=1-50
 * SIZES=50,500,20000` runs a sweep of every seed with every size in place of the few of the suite.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cause, Finding } from '../src/model/report.ts'
import { type FaultPlan, SYSTEMIC } from '../src/ops/demo/truth.ts'
import { writeDemo } from '../src/ops/demo/write.ts'
import { rangeOf } from './sweep-range.ts'
import { compareTruth } from './truth.ts'

const BIN = fileURLToPath(new URL('../bin/omniparity.js', import.meta.url))
const AS_OF = '2026-11-22T08:00:00+01:00'
/** Two at a time: one audit alone does not keep two cores busy. */
const PAIRS = Array.from({ length: 10 }, (_, index) => [2 * index + 1, 2 * index + 2] as const)

/** Articles and seed. */
const FEW = [
  [50, 101],
  [50, 102],
  [50, 103],
  [120, 104],
  [120, 105],
  [250, 106],
  [250, 107],
  [500, 108],
  [500, 109],
  [800, 110],
  [5000, 111],
  [20_000, 112],
] as const

const { SEEDS, SIZES } = process.env
const isSweep = SEEDS !== undefined || SIZES !== undefined
const SEED_PAIRS = isSweep ? [] : PAIRS
const SIZED: readonly (readonly [articles: number, seed: number])[] = isSweep
  ? rangeOf(SIZES ?? '1500').flatMap((articles) => rangeOf(SEEDS ?? '1-20').map((seed) => [articles, seed] as const))
  : FEW

interface Report {
  readonly findings: readonly Finding[]
  readonly causes: readonly Cause[]
}

let base = ''
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'omniparity-truth-'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

/** Audits the folder from the outside; findings make the exit status 1, which is no failure here. */
function audit(dir: string): Promise<Report> {
  const flags = ['audit', '--format', 'json', '--all-rules', '--fail-on', 'never', '--as-of', AS_OF]
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [BIN, ...flags, '--config', join(dir, 'omniparity.yaml')],
      { cwd: dir, maxBuffer: 1 << 28 },
      (error, stdout, stderr) => {
        if (error !== null) reject(new Error(`the audit failed: ${stderr}`, { cause: error }))
        else resolve(JSON.parse(stdout) as Report)
      },
    )
  })
}

async function compare(seed: number, faults: FaultPlan, articles = 1500) {
  const dir = join(base, `${seed}-${articles}-${faults.systemic?.join('-') ?? 'plain'}`)
  const truth = await writeDemo({ dir, seed, articles, asOf: AS_OF, faults })
  const { missing, unexpected, unexpectedCauses, wrongParent, repeated } = compareTruth(truth, await audit(dir))
  const brief = ({ rule, code, item, message, explained_by }: Finding) => ({
    rule,
    code,
    item: item?.id,
    message,
    explained_by,
  })
  return {
    missing: missing.map(({ id, rule, item, subject, note }) => ({ id, rule, item, subject, note })),
    unexpected: unexpected.map(brief),
    unexpectedCauses: unexpectedCauses.map(({ kind, channels, message }) => ({ kind, channels, message })),
    wrongParent: wrongParent.map(brief),
    repeated: repeated.map(brief),
  }
}

const CLEAN = { missing: [], unexpected: [], unexpectedCauses: [], wrongParent: [], repeated: [] }

describe('an audit of the demo', () => {
  it.each(SEED_PAIRS)(
    'finds what was planted and nothing else, seeds %i and %i',
    { timeout: 180_000 },
    async (...seeds) => {
      expect(await Promise.all(seeds.map((seed) => compare(seed, {})))).toEqual([CLEAN, CLEAN])
    },
  )

  it.each(SIZED)('finds it in a retailer of %i articles, seed %i', { timeout: 120_000 }, async (articles, seed) => {
    expect(await compare(seed, {}, articles)).toEqual(CLEAN)
  })

  it('is silent on a retailer without faults', { timeout: 120_000 }, async () => {
    expect(await compare(1, { planted: false })).toEqual(CLEAN)
  })

  it.each(SYSTEMIC)('folds %s of a whole channel into one cause', { timeout: 120_000 }, async (kind) => {
    expect(await compare(1, { systemic: [kind] })).toEqual(CLEAN)
  })
})
