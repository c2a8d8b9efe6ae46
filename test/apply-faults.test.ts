/** Runs that die, lose their connection or their disk: whoever goes on loses no write and repeats none. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Order } from './apply-driver.ts'
import { prices, restock, type Shop, shops, stock, timesWritten } from './apply-shop.ts'
import { applyChanges, codeOf, journalLines, priceChanges, undoChanges } from './apply-target.ts'
import { root } from './cli-process.ts'
import { CutProxy, type Fault } from './cut-proxy.ts'
import type { Death, Moment } from './kill-at-append.ts'
import { PASSWORD } from './servers.ts'

/** All faults on all databases, which takes minutes. */
const FULL = process.env['OMNIPARITY_FULL'] === '1'
const MOMENTS: readonly Moment[] = ['before', 'torn', 'unsynced', 'synced']
/** Milliseconds; a busy machine takes its time for hundreds of processes. */
const PATIENCE = 600_000
const NEVER: Death = { append: 0, moment: 'before' }
const FAULTS: readonly Fault[] = ['cut-before', 'cut-after', 'mute-before', 'mute-after']
/** What is on its way when the network breaks, and how often a run sends it. */
const STATEMENTS = [
  ['COMMIT', 3],
  ['UPDATE', 3],
] as const
/** Changes of a run that dies: transactions of one, ten and the rest. */
const COUNT = 25
/** Lines are appended for the head, the start of the process, three for each transaction, and the end. */
const APPENDS = 2 + 3 * 3 + 1

const folder = mkdtempSync(join(tmpdir(), 'omniparity-faults-'))
// Packages are found from where the bundle stands.
const bundles = mkdtempSync(join(root, 'node_modules', '.omniparity-test-'))
const driver = join(bundles, 'driver.mjs')
const figures = { faults: 0, lost: 0, doubled: 0 }

beforeAll(async () => {
  const entryPoints = [join(root, 'test/apply-driver.ts')]
  await build({ entryPoints, outfile: driver, bundle: true, platform: 'node', format: 'esm', packages: 'external' })
})
afterAll(() => {
  for (const path of [folder, bundles]) rmSync(path, { recursive: true, force: true })
  console.log(`faults tried ${figures.faults}, writes lost ${figures.lost}, writes doubled ${figures.doubled}`)
})

let number = 0
function newState(): string {
  const state = join(folder, `state-${number++}`)
  mkdirSync(state)
  return state
}

interface Driven {
  readonly signal: string | null
  readonly output: string
}

/** @param most - Largest file that the process may write, in blocks of 512 bytes: its disk is full from there on. */
function drive(order: Order, death: Death, most: number | null = null): Promise<Driven> {
  return new Promise((resolve, reject) => {
    const limit = most === null ? '' : `trap '' XFSZ; ulimit -f ${most}; `
    const args = ['-c', `${limit}exec "$0" "$1" "$2"`, process.execPath, driver, JSON.stringify(order)]
    const env = { ...process.env, OMNIPARITY_TEST_DEATH: JSON.stringify(death) }
    const child = spawn('/bin/sh', args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk))
    child.on('error', reject)
    child.on('close', (_code, signal) => resolve({ signal, output }))
  })
}

/** After the run was gone on with: every price is as planned, written once, and the journal says so. */
async function expectWrittenOnce(
  shop: Shop,
  state: string,
  count: number,
  except: readonly string[] = [],
): Promise<void> {
  const [found, times, lines] = await Promise.all([prices(shop), timesWritten(shop), journalLines(state)])
  const codes = Array.from({ length: count }, (_, index) => codeOf(index)).filter((code) => !except.includes(code))
  const lost = codes.filter((code, index) => except.length === 0 && found.get(code) !== 10.5 + index)
  const doubled = [...times].filter(([, n]) => n > 1).map(([code]) => code)
  figures.faults++
  figures.lost += lost.length
  figures.doubled += doubled.length
  expect({ lost, doubled }).toEqual({ lost: [], doubled: [] })
  expect(JSON.stringify(lines)).not.toContain(PASSWORD.slice(0, 6))
  const told = new Set(
    lines.flatMap((line) =>
      line.type === 'outcome' || line.type === 'settled'
        ? line.results.filter(({ outcome }) => outcome === 'written').map(({ id }) => id)
        : [],
    ),
  )
  const truth = priceChanges(count).filter(({ target }) => times.has(target.sku ?? ''))
  expect([...told].sort()).toEqual(truth.map(({ id }) => id).sort())
}

async function expectUndone(shop: Shop, state: string, count: number): Promise<void> {
  const changes = await undoChanges(state)
  const undone = await applyChanges({ state, url: shop.url(), changes, plan: 'b'.repeat(64) })
  expect(undone.stop).toBeNull()
  const found = await prices(shop)
  const amiss = Array.from({ length: count }, (_, index) => codeOf(index)).filter(
    (code, i) => found.get(code) !== 10 + i,
  )
  expect(amiss).toEqual([])
}

describe.each(shops())('$name', (shop) => {
  beforeAll(async () => {
    if (shop.skip === null) await shop.start()
  })
  afterAll(() => shop.stop())

  it.skipIf(shop.skip !== null)(
    'survives kill -9 at every boundary of the journal',
    { timeout: PATIENCE },
    async () => {
      await stock(shop, COUNT)
      const whole = await drive({ state: newState(), url: shop.url(), count: COUNT }, NEVER)
      expect(JSON.parse(whole.output)).toEqual({ appends: APPENDS, stop: null })
      for (let append = 1; append <= APPENDS; append++) {
        // Every boundary in every way on one database, and on the others each boundary in one way, unless all are asked for.
        const isWhole = FULL || shop.name === 'sqlite'
        for (const moment of isWhole ? MOMENTS : MOMENTS.slice(append % 4).slice(0, 1)) {
          await restock(shop)
          const state = newState()
          const died = await drive({ state, url: shop.url(), count: COUNT }, { append, moment })
          expect(died.signal, `${moment} append ${append}: ${died.output}`).toBe('SIGKILL')
          const { stop } = await applyChanges({ state, url: shop.url(), changes: priceChanges(COUNT) })
          expect(stop).toBeNull()
          await expectWrittenOnce(shop, state, COUNT)
          await expectUndone(shop, state, COUNT)
        }
      }
    },
  )

  it.skipIf(shop.skip !== null)('says of what was moved after a death that nobody knows who wrote it', async () => {
    await stock(shop, COUNT)
    const state = newState()
    // The second transaction is committed, and its outcome never noted.
    const died = await drive({ state, url: shop.url(), count: COUNT }, { append: 7, moment: 'before' })
    expect(died.signal).toBe('SIGKILL')
    const [moved, gone] = [codeOf(1), codeOf(2)]
    await shop.run(`UPDATE item SET pvp = 99 WHERE code = '${moved}'`, `DELETE FROM item WHERE code = '${gone}'`)
    const results = new Map<string, string>()
    const { stop } = await applyChanges({
      state,
      url: shop.url(),
      changes: priceChanges(COUNT),
      note: (some) => {
        for (const { change, outcome } of some) results.set(change.target.sku ?? '', outcome)
      },
    })
    expect(stop).toBeNull()
    expect([results.get(moved), results.get(gone), results.get(codeOf(3))]).toEqual(['unclear', 'gone', 'written'])
    expect([...(await timesWritten(shop)).values()].filter((times) => times !== 1)).toEqual([])
    figures.faults++
    const changes = await undoChanges(state)
    await applyChanges({ state, url: shop.url(), changes, plan: 'b'.repeat(64) })
    const found = await prices(shop)
    const expected = Array.from(
      { length: COUNT },
      (_, index) => [codeOf(index), index === 1 ? 99 : 10 + index] as const,
    )
    expect(found).toEqual(new Map(expected.filter(([code]) => code !== gone)))
  })

  it.skipIf(shop.skip !== null || shop.name === 'sqlite')(
    'survives a network that breaks around a write',
    { timeout: PATIENCE },
    async () => {
      const port = shop.port()
      if (port === null) return
      await stock(shop, COUNT)
      const proxy = new CutProxy(port)
      await proxy.start()
      const url = shop.url().replace(`:${port}/`, `:${proxy.port}/`)
      for (const fault of FAULTS) {
        for (const [text, occurrences] of STATEMENTS) {
          // Waiting for an answer takes its time.
          const most = FULL || fault.startsWith('cut') ? occurrences : 1
          for (let occurrence = 1; occurrence <= most; occurrence++) {
            await restock(shop)
            const state = newState()
            proxy.arm({ fault, text, occurrence })
            const { stop } = await applyChanges({ state, url, changes: priceChanges(COUNT), timeout: 500 })
            const name = `${fault} ${text} ${occurrence}`
            expect({ name, fired: proxy.fired, stop }).toEqual({ name, fired: true, stop: null })
            await expectWrittenOnce(shop, state, COUNT)
            await expectUndone(shop, state, COUNT)
          }
        }
      }
      await proxy.stop()
    },
  )

  it.skipIf(shop.skip !== null || shop.name === 'sqlite')(
    'waits for nobody who holds its rows for ever',
    { timeout: PATIENCE },
    async () => {
      const port = shop.port()
      if (port === null) return
      await stock(shop, COUNT)
      for (const text of ['UPDATE', 'COMMIT']) {
        await restock(shop)
        const proxy = new CutProxy(port)
        await proxy.start()
        const url = shop.url().replace(`:${port}/`, `:${proxy.port}/`)
        const state = newState()
        // The server does not learn that its client has gone, and keeps the rows locked.
        proxy.arm({ fault: 'lost', text, occurrence: 2 })
        const first = await applyChanges({ state, url, changes: priceChanges(COUNT), timeout: 500 })
        expect(first.stop?.reason).toBe('channel')
        await proxy.stop()
        const { stop } = await applyChanges({ state, url: shop.url(), changes: priceChanges(COUNT) })
        expect(stop).toBeNull()
        await expectWrittenOnce(shop, state, COUNT)
        await expectUndone(shop, state, COUNT)
      }
    },
  )

  // The limit is that of a process, so that the file of an embedded database would be full as well.
  it.skipIf(shop.skip !== null || shop.name === 'sqlite')(
    'survives a disk that is full at any point',
    { timeout: PATIENCE },
    async () => {
      await stock(shop, COUNT)
      let full = 0
      for (let blocks = 1; blocks <= 40; blocks += FULL ? 1 : 5) {
        await restock(shop)
        const state = newState()
        const { output } = await drive({ state, url: shop.url(), count: COUNT }, NEVER, blocks)
        if (output.includes('apply/unwritable')) full++
        else expect(JSON.parse(output)).toEqual({ appends: APPENDS, stop: null })
        const { stop } = await applyChanges({ state, url: shop.url(), changes: priceChanges(COUNT) })
        expect(stop).toBeNull()
        await expectWrittenOnce(shop, state, COUNT)
        await expectUndone(shop, state, COUNT)
      }
      expect(full).toBeGreaterThan(2)
    },
  )
})
