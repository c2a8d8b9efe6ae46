/** Many rows, and others who move values while they are written: nothing moved is overwritten, everything else is written once. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MoverWords } from './apply-mover.ts'
import { type Shop, shops, stock } from './apply-shop.ts'
import { applyChanges, priceChanges } from './apply-target.ts'
import { root } from './cli-process.ts'

/** OMNIPARITY_ROWS=100000 takes about a minute. */
const ROWS = Number(process.env['OMNIPARITY_ROWS'] ?? 30_000)

const folder = mkdtempSync(join(tmpdir(), 'omniparity-load-'))
const bundles = mkdtempSync(join(root, 'node_modules', '.omniparity-test-'))
const mover = join(bundles, 'mover.mjs')

beforeAll(async () => {
  const entryPoints = [join(root, 'test/apply-mover.ts')]
  await build({ entryPoints, outfile: mover, bundle: true, platform: 'node', format: 'esm', packages: 'external' })
})
afterAll(() => {
  for (const path of [folder, bundles]) rmSync(path, { recursive: true, force: true })
})

function startMover(shop: Shop, size: number): Promise<ChildProcess> {
  const words: MoverWords = [shop.url(), String(ROWS), String(size)]
  const child = spawn(process.execPath, [mover, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.once('exit', (code) => reject(new Error(`the mover ended with ${code}`)))
    child.stdout.once('data', () => resolve(child))
  })
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return expect(child.exitCode).toBe(0)
  child.kill('SIGTERM')
  await new Promise((resolve) => child.on('exit', resolve))
}

describe.each(shops())('$name', (shop) => {
  beforeAll(async () => {
    if (shop.skip === null) await shop.start()
  })
  afterAll(() => shop.stop())

  it.skipIf(shop.skip !== null)(`writes ${ROWS} rows that others move meanwhile`, { timeout: 900_000 }, async () => {
    await stock(shop, ROWS)
    const movers = [await startMover(shop, 1), await startMover(shop, 20)]
    const began = performance.now()
    const { stop, state } = await applyChanges({
      state: mkdtempSync(join(folder, 'state-')),
      url: shop.url(),
      changes: priceChanges(ROWS),
    })
    const seconds = (performance.now() - began) / 1000
    await Promise.all(movers.map(stopped))
    expect(stop).toBeNull()
    const { written, altered, moved, already, gone, many, refused, unclear } = state.counts()
    expect({ already, many, refused, unclear }).toEqual({ already: 0, many: 0, refused: 0, unclear: 0 })
    expect(written + altered + moved + gone).toBe(ROWS)
    expect(moved).toBeGreaterThan(0)
    expect(gone).toBeGreaterThan(0)

    const number = shop.name === 'postgresql' ? 'substr(code, 2)::int' : 'CAST(substr(code, 2) AS DECIMAL)'
    const count = async (sql: string): Promise<number> => Number((await shop.rows(sql))[0]?.[0])
    const ours = `SELECT code, count(*) AS n FROM log WHERE new = 10.5 + ${number} GROUP BY code`
    expect(await count(`SELECT count(*) FROM (${ours}) AS w`)).toBe(written + altered)
    expect(await count(`SELECT count(*) FROM (${ours}) AS w WHERE n > 1`)).toBe(0)
    // A write of ours that had anything else before it would have overwritten what somebody moved.
    expect(await count(`SELECT count(*) FROM log WHERE new = 10.5 + ${number} AND old <> 10 + ${number}`)).toBe(0)
    // What nobody moved is as planned, and what somebody moved is as they left it.
    const left = `pvp - ${number} IN (10.5, 1010, 1010.5, 2010, 2010.5)`
    expect(await count(`SELECT count(*) FROM item WHERE NOT (${left})`)).toBe(0)
    const figures = `${written} written, ${moved} moved before, ${gone} gone, ${altered} moved right after, lost 0, doubled 0`
    console.log(`${shop.name}: ${ROWS} rows in ${seconds.toFixed(1)} s, ${figures}`)
  })
})
