/** What a run does when the channel is not as the plan saw it, when it says no, and when there is no room for the journal. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chooseCanary } from '../src/apply/canary.ts'
import { decodeLine, encodeLine } from '../src/apply/journal-lines.ts'
import { takeLock } from '../src/apply/locks.ts'
import { Runs } from '../src/apply/runs.ts'
import { isSameValue } from '../src/apply/same-value.ts'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import type { ChangeResult, RunChange } from '../src/model/run.ts'
import { prices, shops, stock, timesWritten } from './apply-shop.ts'
import { applyChanges, codeOf, journalLines, priceChanges, undoChanges } from './apply-target.ts'

const folder = mkdtempSync(join(tmpdir(), 'omniparity-guards-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let number = 0
function newState(): string {
  const state = join(folder, `state-${number++}`)
  mkdirSync(state)
  return state
}

async function codeOfFailure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (cause: unknown) => cause,
  )
  return error instanceof DiagnosticError ? error.diagnostic.code : `no diagnostic: ${String(error)}`
}

describe.each(shops())('$name', (shop) => {
  beforeAll(async () => {
    if (shop.skip === null) await shop.start()
  })
  afterAll(() => shop.stop())

  it.skipIf(shop.skip !== null)(
    'leaves alone what is not as the plan saw it, and takes back only its own',
    async () => {
      await stock(shop, 6)
      const [moved, gone, done, ...rest] = [0, 1, 2, 3, 4, 5].map(codeOf)
      await shop.run(`UPDATE item SET pvp = 99 WHERE code = '${moved}'`, `DELETE FROM item WHERE code = '${gone}'`)
      await shop.run(`UPDATE item SET pvp = 12.5 WHERE code = '${done}'`, 'DELETE FROM log')
      const results = new Map<string, ChangeResult>()
      const note = (some: readonly ChangeResult[]): void =>
        some.forEach((result) => void results.set(result.change.target.sku ?? '', result))
      const state = newState()
      const applied = await applyChanges({ state, url: shop.url(), changes: priceChanges(6), note })
      expect(applied.stop).toBeNull()
      expect([...results].map(([code, { outcome }]) => `${code} ${outcome}`).sort()).toEqual([
        `${moved} moved`,
        `${gone} gone`,
        `${done} already`,
        ...rest.map((code) => `${code} written`),
      ])
      expect(Number(results.get(moved ?? '')?.value)).toBe(99)
      expect([...(await timesWritten(shop)).keys()].sort()).toEqual(rest)
      // What others wrote stays when the run is taken back.
      await shop.run(`UPDATE item SET pvp = 77 WHERE code = '${rest[0]}'`)
      const undo = await undoChanges(state)
      expect(undo.map(({ target }) => target.sku).sort()).toEqual(rest)
      await applyChanges({ state, url: shop.url(), changes: undo, plan: 'b'.repeat(64) })
      expect([...(await prices(shop)).values()]).toEqual([99, 12.5, 77, 14, 15])
      // And taking that back writes the planned prices again.
      const again = await undoChanges(state, 'b'.repeat(64))
      await applyChanges({ state, url: shop.url(), changes: again, plan: 'c'.repeat(64) })
      expect([...(await prices(shop)).values()]).toEqual([99, 12.5, 77, 14.5, 15.5])
    },
  )

  it.skipIf(shop.skip !== null)('stops at the n-th failure, and tries it again when it is told to go on', async () => {
    await stock(shop, 40)
    const refused = codeOf(5)
    const raise: Readonly<Record<string, readonly string[]>> = {
      sqlite: [
        `CREATE TRIGGER refusing BEFORE UPDATE ON item WHEN NEW.code = '${refused}' BEGIN SELECT RAISE(ABORT, 'locked price'); END`,
      ],
      postgresql: [
        `CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.code = '${refused}' THEN RAISE EXCEPTION 'locked price'; END IF; RETURN NEW; END $$`,
        'CREATE TRIGGER refusing BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION refuse()',
      ],
      mariadb: [
        `CREATE TRIGGER refusing BEFORE UPDATE ON item FOR EACH ROW BEGIN IF NEW.code = '${refused}' THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'locked price'; END IF; END`,
      ],
    }
    await shop.run(...(raise[shop.name] ?? []))
    const state = newState()
    const request = { state, url: shop.url(), changes: priceChanges(40) }
    const first = await applyChanges(request)
    expect(first.stop?.reason).toBe('failures')
    expect(first.stop?.text).toContain('locked price')
    // The first transactions are small: what is wrong with all changes is found on few.
    expect((await timesWritten(shop)).size).toBe(10)
    const second = await applyChanges({ ...request, pace: { maxFailures: 5 } })
    expect(second.stop).toBeNull()
    expect(second.state.counts()).toMatchObject({ written: 39, refused: 1 })
    await shop.run(`DROP TRIGGER refusing${shop.name === 'postgresql' ? ' ON item' : ''}`)
    const third = await applyChanges(request)
    expect(third.state.counts()).toMatchObject({ written: 40, refused: 0 })
    expect([...(await timesWritten(shop)).values()].filter((times) => times !== 1)).toEqual([])
  })

  it.skipIf(shop.skip !== null)(
    'says what the channel made of what was written, and stops when it keeps nothing',
    async () => {
      await stock(shop, 60)
      const round: Readonly<Record<string, readonly string[]>> = {
        sqlite: [
          'CREATE TRIGGER rounding AFTER UPDATE ON item WHEN NEW.pvp <> round(NEW.pvp) BEGIN UPDATE item SET pvp = round(NEW.pvp) WHERE code = NEW.code; END',
        ],
        postgresql: [
          'CREATE OR REPLACE FUNCTION rounded() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.pvp = round(NEW.pvp); RETURN NEW; END $$',
          'CREATE TRIGGER rounding BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION rounded()',
        ],
        mariadb: ['CREATE TRIGGER rounding BEFORE UPDATE ON item FOR EACH ROW SET NEW.pvp = round(NEW.pvp)'],
      }
      await shop.run(...(round[shop.name] ?? []))
      const applied = await applyChanges({ state: newState(), url: shop.url(), changes: priceChanges(60) })
      expect(applied.stop).toEqual({ reason: 'not_kept', text: 'shop' })
      expect(applied.state.counts()).toMatchObject({ written: 0, altered: 11 })
    },
  )

  it.skipIf(shop.skip !== null)('writes as fast as it may and not faster, and stops between transactions', async () => {
    await stock(shop, 30)
    const stopping = new AbortController()
    const state = newState()
    const request = { state, url: shop.url(), changes: priceChanges(30) }
    const began = performance.now()
    const applied = await applyChanges({
      ...request,
      pace: { rate: 20 },
      signal: stopping.signal,
      note: () => {
        if (performance.now() - began > 250) stopping.abort()
      },
    })
    expect(applied.stop?.reason).toBe('interrupted')
    const { written } = applied.state.counts()
    expect(written).toBeGreaterThan(0)
    expect(written).toBeLessThan(30)
    expect((await timesWritten(shop)).size).toBe(written)
    const rest = await applyChanges(request)
    expect(rest.state.counts().written).toBe(30)
    expect([...(await timesWritten(shop)).values()].filter((times) => times !== 1)).toEqual([])
    expect((await journalLines(state)).filter(({ type }) => type === 'open')).toHaveLength(2)
  })
})

describe('the journal', () => {
  it('notices every line that is altered, missing or in another place, and forgives a torn last one', async () => {
    const [shop] = shops()
    if (shop === undefined) throw new Error('no shop')
    await stock(shop, 3)
    const state = newState()
    const request = { state, url: shop.url(), changes: priceChanges(3) }
    const { journal } = await applyChanges(request)
    const whole = readFileSync(journal, 'utf8')
    const lines = whole.split('\n').slice(0, -1)
    for (let at = 0; at < lines.length - 1; at++) {
      const altered = lines.with(at, (lines[at] ?? '').replace('"type"', '"tipe"'))
      const missing = lines.toSpliced(at, 1)
      for (const wrong of [altered, missing]) {
        writeFileSync(journal, `${wrong.join('\n')}\n`)
        const isHead = wrong === missing && at === lines.length - 2
        expect(await codeOfFailure(journalLines(state))).toBe(isHead ? 'no diagnostic: null' : 'apply/journal-damaged')
      }
    }
    writeFileSync(journal, whole.slice(0, -20))
    expect(await journalLines(state)).toHaveLength(lines.length - 1)
    await applyChanges(request)
    expect(await journalLines(state)).toHaveLength(lines.length + 1)
    await shop.stop()
  })

  it('says the same line back', () => {
    const line = { type: 'uncertain', batch: 3, reason: 'ñ "x" \u2028' } as const
    const { text, sum } = encodeLine(line, '2026-11-22T08:00:00Z', 'before')
    expect(decodeLine(text.slice(0, -1), 'before')).toEqual({ line, sum, at: '2026-11-22T08:00:00Z' })
    expect(decodeLine(text.slice(0, -1), 'other')).toBeNull()
  })
})

describe('locks', () => {
  it('are had by one alone, and those of the dead by nobody', async () => {
    const locks = join(newState(), 'locks')
    const lock = await takeLock(locks, 'channel web', 'plan.json')
    expect(await codeOfFailure(takeLock(locks, 'channel web', 'plan.json'))).toBe('apply/locked')
    await (await takeLock(locks, 'channel shop', 'plan.json')).release()
    await lock.release()
    await (await takeLock(locks, 'channel web', 'plan.json')).release()
    expect(readdirSync(locks)).toEqual([])
    // A process that has died, and one that has the number of another that died before it.
    const child = spawn(process.execPath, ['-e', ''])
    const { pid = 0 } = child
    await new Promise((resolve) => child.on('exit', resolve))
    const held = await takeLock(locks, 'channel web', 'plan.json')
    const [name = ''] = readdirSync(locks)
    const holder = JSON.parse(readFileSync(join(locks, name), 'utf8')) as { pid: number; born: string | null }
    await held.release()
    writeFileSync(join(locks, name), JSON.stringify({ ...holder, pid }))
    await (await takeLock(locks, 'channel web', 'plan.json')).release()
    if (holder.born !== null) {
      writeFileSync(join(locks, name), JSON.stringify({ ...holder, born: `${holder.born}0` }))
      await (await takeLock(locks, 'channel web', 'plan.json')).release()
    }
    // Of another machine nobody here can tell.
    writeFileSync(join(locks, name), JSON.stringify({ ...holder, pid, host: 'elsewhere' }))
    expect(await codeOfFailure(takeLock(locks, 'channel web', 'plan.json'))).toBe('apply/locked')
  })

  it('let one of many that come at once through', async () => {
    const locks = join(newState(), 'locks')
    const came = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(locks, 'channel web', 'plan.json')))
    const had = came.filter(({ status }) => status === 'fulfilled')
    expect(had.length).toBeLessThanOrEqual(1)
    expect(readdirSync(locks)).toHaveLength(had.length)
  })
})

describe('a folder that takes nothing', () => {
  it.skipIf(process.platform !== 'linux')('is told of before anything is written', async () => {
    const plan = { path: 'plan.json', sha256: 'a'.repeat(64), audit: 'audit', undoes: null }
    // Nobody, not even root, makes folders here; and a file is no folder.
    const file = join(newState(), 'file')
    writeFileSync(file, '')
    for (const state of ['/sys/kernel', file]) {
      expect(await codeOfFailure(new Runs(state).create(plan))).toBe('apply/unwritable')
      expect(await codeOfFailure(takeLock(join(state, 'locks'), 'channel web', 'plan.json'))).toBe('apply/unwritable')
    }
  })
})

describe('a canary', () => {
  const finding = (change: RunChange, ...because: readonly string[]): RunChange => ({ ...change, because })
  async function* of(changes: readonly RunChange[]): AsyncGenerator<readonly RunChange[]> {
    yield changes
  }

  it('takes whole findings, and judges those that its changes end', async () => {
    const [a, b, c] = priceChanges(3)
    if (a === undefined || b === undefined || c === undefined) throw new Error('no changes')
    // One finding that takes changes of two rows, the second of them far behind.
    const changes = [finding(a, 'one'), finding(b, 'two'), finding(c, 'one')]
    const choose = async (rows: number, unended: readonly string[] = []) => {
      const chosen = await chooseCanary(() => of(changes), rows, new Set(unended))
      return {
        changes: chosen.changes.map(({ id }) => changes.findIndex((one) => one.id === id)),
        findings: chosen.findings,
      }
    }
    expect(await choose(1)).toEqual({ changes: [0, 2], findings: ['one'] })
    expect(await choose(2)).toEqual({ changes: [0, 1], findings: ['two'] })
    expect(await choose(3)).toEqual({ changes: [0, 1, 2], findings: ['one', 'two'] })
    expect(await choose(1, ['one'])).toEqual({ changes: [0], findings: [] })
  })
})

describe('values', () => {
  it('are one by what they mean for their field', () => {
    expect(isSameValue('price.regular', '19.90', '19.9')).toBe(true)
    expect(isSameValue('price.regular', '-0.00', '0')).toBe(true)
    expect(isSameValue('price.regular', '19.91', '19.9')).toBe(false)
    expect(isSameValue('stock.available', '5', '5.000')).toBe(true)
    expect(isSameValue('sku', '0042', '42')).toBe(false)
    expect(isSameValue('title', '', null)).toBe(false)
    expect(isSameValue('price.regular', '', '0')).toBe(false)
  })
})
