/** The built program: a run with a canary that is killed or interrupted, and the same command once more. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ApplyProject, listOf, reportOf } from './apply-project.ts'
import { prices, restock, shops, stock, timesWritten } from './apply-shop.ts'
import { journalLines } from './apply-target.ts'
import { buildIfStale, program, root } from './cli-process.ts'
import type { Death } from './kill-at-append.ts'

/** Every boundary, which takes minutes; else those of the lines that only the whole program writes. */
const FULL = process.env['OMNIPARITY_FULL'] === '1'
const COUNT = 30
const WRONG = 5
const SAME = Array.from({ length: COUNT }, (_, index) => index).filter((index) => index % 6 !== 0)

const bundles = mkdtempSync(join(root, 'node_modules', '.omniparity-test-'))
const killer = join(bundles, 'killer.mjs')
const [shop] = shops()
if (shop === undefined) throw new Error('no shop')

beforeAll(async () => {
  // Another build can be named, so that a test need not wait for this one.
  if (process.env['OMNIPARITY_PROGRAM'] === undefined) buildIfStale()
  const entryPoints = [join(root, 'test/kill-at-append.ts')]
  await build({ entryPoints, outfile: killer, bundle: true, platform: 'node', format: 'esm' })
})
afterAll(async () => {
  rmSync(bundles, { recursive: true, force: true })
  await shop.stop()
})

interface Ended {
  readonly status: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

function run(cwd: string, args: readonly string[], death: Death | null, interruptAfter: number | null): Promise<Ended> {
  const preload = death === null ? [] : ['--import', killer]
  const env = { ...process.env, LC_ALL: 'C', OMNIPARITY_TEST_DEATH: JSON.stringify(death ?? { append: 0 }) }
  const path = process.env['OMNIPARITY_PROGRAM'] ?? program
  const child = spawn(process.execPath, [...preload, path, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk: Buffer) => {
    // The stage is said when the first transaction has been carried out.
    if (interruptAfter !== null && stderr === '') setTimeout(() => child.kill('SIGINT'), interruptAfter)
    stderr += chunk
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }))
  })
}

describe('the program', () => {
  it('goes on after kill -9 at a boundary of a run with a canary', { timeout: 600_000 }, async () => {
    await stock(shop, COUNT)
    const project = new ApplyProject(shop, listOf(COUNT, SAME))
    const findings = await project.audit()
    const apply = (plan: string, death: Death | null): Promise<Ended> =>
      run(project.dir, ['apply', plan, '--canary', '2', '--format', 'json'], death, null)
    const whole = await apply(await project.plan(findings, 'whole'), null)
    expect([whole.status, reportOf({ ...whole, warnings: [], code: null, status: 0 }).status]).toEqual([0, 'complete'])
    const types = (await journalLines(project.state)).map(({ type }) => type)
    const own = new Set(['canary', 'canary-judged', 'end'])
    // A skip and an intent are one append; this run skips nothing.
    const boundaries = types.flatMap((type, index) => (FULL || own.has(type) ? [index + 1] : []))
    expect(boundaries.length).toBeGreaterThan(2)
    for (const append of boundaries) {
      await restock(shop)
      const plan = await project.plan(findings, `plan-${append}`, { as_of: `2026-01-01T00:00:${10 + append}Z` })
      const died = await apply(plan, { append, moment: append % 2 === 0 ? 'torn' : 'synced' })
      expect(died.signal, died.stderr).toBe('SIGKILL')
      const again = await apply(plan, null)
      expect(again.status, again.stderr).toBe(0)
      const times = [...(await timesWritten(shop)).values()]
      expect(times).toEqual(Array.from({ length: WRONG }, () => 1))
    }
    project.remove()
  })

  it('ends with 130 when it is interrupted, and goes on', async () => {
    await stock(shop, COUNT)
    const before = await prices(shop)
    const project = new ApplyProject(shop, listOf(COUNT))
    const plan = await project.plan(await project.audit())
    const first = await run(project.dir, ['apply', plan, '--rate', '12'], null, 600)
    expect(first.status, first.stderr).toBe(130)
    expect(first.stdout).toContain('Interrupted; the same command goes on')
    const done = (await timesWritten(shop)).size
    expect(done).toBeGreaterThan(0)
    expect(done).toBeLessThan(COUNT)
    const second = await run(project.dir, ['apply', plan], null, null)
    expect(second.status, second.stderr).toBe(0)
    expect(second.stderr).toContain(`${done} change`)
    expect([...(await timesWritten(shop)).values()]).toEqual(Array.from({ length: COUNT }, () => 1))
    expect((await run(project.dir, ['undo', 'last', '--output', 'undo'], null, null)).status).toBe(0)
    expect((await run(project.dir, ['apply', 'undo'], null, null)).status).toBe(0)
    expect(await prices(shop)).toEqual(before)
    project.remove()
  })
})
