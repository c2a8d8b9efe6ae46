import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createLedgerViews } from '../src/audit/ledger.ts'
import { LedgerFolder } from '../src/audit/ledger-folder.ts'
import { openDuckDB } from '../src/engine/duckdb.ts'
import type { SqlRow } from '../src/engine/engine.ts'
import type { History, HistoryDiff } from '../src/model/history.ts'
import { buildIfStale, type Outcome, runProgram, startProgram } from './cli-process.ts'

beforeAll(buildIfStale)

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'omniparity-history-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const CONFIG = `version: 1
market: ES
currency: EUR
timezone: Europe/Madrid
extends: []
rules: {price/differs-across-channels: error, price/omnibus-prior-price: error, feed/authority-undeclared: off}
authority: {catalog: store}
channels:
  store: {kind: store, includes_tax: true, sources: [{platform: csv, path: store.csv}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv}]}
`

type Prices = Readonly<Record<string, string>>

/** Writes a project of two channels. A price may have a reduced one behind it: `100>70`. */
/** Each writing is ten seconds after the one before: two within a second are one for who only sees the time. */
let written = Math.floor(Date.now() / 1000) - 100_000

function project(prices: { readonly store: Prices; readonly web: Prices }): void {
  written += 10
  writeFileSync(join(dir, 'omniparity.yaml'), CONFIG)
  for (const [channel, own] of Object.entries(prices)) {
    const lines = Object.entries(own).map(
      ([sku, price]) => `${sku},${price.replace('>', ',')}${price.includes('>') ? '' : ','}`,
    )
    const file = join(dir, `${channel}.csv`)
    writeFileSync(file, `sku,price,sale_price\n${lines.join('\n')}\n`)
    utimesSync(file, written, written)
  }
}

function many(count: number, price: string): Prices {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`LAMP-${index}`, price]))
}

function audit(asOf: string, ...flags: readonly string[]): Outcome {
  return runProgram(['audit', '--quiet', '--format', 'concise', '--as-of', asOf, ...flags], { cwd: dir })
}

/** With what it says beside its result. */
function heardAudit(asOf: string, ...flags: readonly string[]): Outcome {
  return runProgram(['audit', '--format', 'concise', '--as-of', asOf, ...flags], { cwd: dir })
}

function json<T>(...words: readonly string[]): T {
  return JSON.parse(runProgram(['history', ...words, '--format', 'json'], { cwd: dir }).stdout) as T
}

/** Rows of a query over the ledger. */
async function rows<Row extends SqlRow>(sql: string): Promise<readonly Row[]> {
  const engine = await openDuckDB({ tempDir: join(dir, 'engine'), memoryLimit: null, threads: 1 })
  try {
    const entries = await new LedgerFolder(join(dir, '.omniparity')).entries()
    await createLedgerViews(engine, entries, { channels: ['store', 'web'], asOf: '9999-12-31T00:00:00Z' })
    return await engine.rows<Row>(sql)
  } finally {
    await engine.close()
  }
}

const ledgerNames = (): readonly string[] => readdirSync(join(dir, '.omniparity/ledger'))

describe('the state folder', () => {
  it('stands beside the configuration, for its owner alone, without a copy of what was read', () => {
    project({ store: { LAMP: '10' }, web: { LAMP: '10' } })
    expect(audit('2026-11-01T08:00:00Z').status).toBe(0)
    expect(statSync(join(dir, '.omniparity')).mode & 0o777).toBe(0o700)
    expect(existsSync(join(dir, '.omniparity/snapshots'))).toBe(false)
    expect(ledgerNames()).toHaveLength(1)
  })

  it('is where --state says, with a copy of what was read', () => {
    project({ store: { LAMP: '10' }, web: { LAMP: '10' } })
    expect(audit('2026-11-01T08:00:00Z', '--state', 'kept').status).toBe(0)
    expect(existsSync(join(dir, '.omniparity'))).toBe(false)
    expect(readdirSync(join(dir, 'kept')).sort()).toEqual(['.gitignore', 'ledger', 'reports', 'snapshots', 'version'])
  })

  it('is not there after an audit of plain files', () => {
    project({ store: { LAMP: '10' }, web: { LAMP: '10' } })
    rmSync(join(dir, 'omniparity.yaml'))
    const before = readdirSync(dir)
    expect(runProgram(['audit', 'store.csv', 'web.csv', '--quiet'], { cwd: dir }).status).toBe(0)
    expect(readdirSync(dir)).toEqual(before)
  })

  it('of a version that is not known is left alone', () => {
    project({ store: { LAMP: '10' }, web: { LAMP: '10' } })
    mkdirSync(join(dir, '.omniparity'))
    writeFileSync(join(dir, '.omniparity/version'), 'omniparity-state/9\n')
    const { status, stderr } = audit('2026-11-01T08:00:00Z')
    expect(stderr).toContain('state/newer')
    expect(status).toBe(2)
  })

  it('that cannot be written ends a run that asked for it, and no other', () => {
    project({ store: { LAMP: '10' }, web: { LAMP: '10' } })
    writeFileSync(join(dir, '.omniparity'), 'a file')
    expect(audit('2026-11-01T08:00:00Z').status).toBe(0)
    const asked = audit('2026-11-01T08:00:00Z', '--state', '.omniparity')
    expect(asked.stderr).toContain('state/unwritable')
    expect(asked.status).toBe(2)
  })
})

describe('the ledger', () => {
  it('keeps a value where it changed, and until when it held', async () => {
    project({ store: { LAMP: '10', SOFA: '900' }, web: { LAMP: '10' } })
    audit('2026-11-01T08:00:00Z')
    project({ store: { LAMP: '10', SOFA: '900' }, web: { LAMP: '9' } })
    audit('2026-11-02T08:00:00Z')
    project({ store: { LAMP: '10' }, web: { LAMP: '9' } })
    audit('2026-11-03T08:00:00Z')
    expect(
      await rows('SELECT channel, item, since, until, effective, gone FROM ledger_price ORDER BY channel, item, since'),
    ).toEqual([
      {
        channel: 'store',
        item: 'LAMP',
        since: '2026-11-01T08:00:00Z',
        until: null,
        effective: '10.000000',
        gone: false,
      },
      {
        channel: 'store',
        item: 'SOFA',
        since: '2026-11-01T08:00:00Z',
        until: '2026-11-03T08:00:00Z',
        effective: '900.000000',
        gone: false,
      },
      { channel: 'store', item: 'SOFA', since: '2026-11-03T08:00:00Z', until: null, effective: null, gone: true },
      {
        channel: 'web',
        item: 'LAMP',
        since: '2026-11-01T08:00:00Z',
        until: '2026-11-02T08:00:00Z',
        effective: '10.000000',
        gone: false,
      },
      { channel: 'web', item: 'LAMP', since: '2026-11-02T08:00:00Z', until: null, effective: '9.000000', gone: false },
    ])
    const moments = "SELECT count(*) AS n, max(as_of) AS last FROM ledger_seen WHERE channel = 'web'"
    expect(await rows(moments)).toEqual([{ n: 3, last: '2026-11-03T08:00:00Z' }])
    // The same file again says nothing of the fourth of November.
    audit('2026-11-04T08:00:00Z')
    expect(await rows(moments)).toEqual([{ n: 3, last: '2026-11-03T08:00:00Z' }])
  })

  it('takes neither an audit as of an earlier moment nor a part of the channels for news', async () => {
    project({ store: { LAMP: '10', SOFA: '900' }, web: { LAMP: '9', SOFA: '900' } })
    audit('2026-11-02T08:00:00Z')
    project({ store: { LAMP: '5' }, web: { LAMP: '5' } })
    audit('2026-11-01T08:00:00Z')
    audit('2026-11-03T08:00:00Z', '--channel', 'web')
    expect(await rows('SELECT item, effective FROM ledger_price WHERE seq > 1 ORDER BY 1')).toEqual([
      { item: 'LAMP', effective: '5.000000' },
    ])
    const { audits } = json<History>()
    expect(audits.map(({ kind, partial, resolved }) => ({ kind, partial, resolved }))).toEqual([
      { kind: 'audit', partial: false, resolved: 0 },
      { kind: 'replay', partial: false, resolved: 0 },
      { kind: 'audit', partial: true, resolved: 0 },
    ])
  })

  it('survives two audits at once', { timeout: 120_000 }, async () => {
    project({ store: many(500, '10'), web: many(500, '10') })
    const start = (): Promise<number | null> =>
      new Promise((resolve) =>
        startProgram(['audit', '--quiet', '--format', 'concise'], { cwd: dir }).once('exit', resolve),
      )
    expect(await Promise.all([start(), start(), start()])).toEqual([0, 0, 0])
    const { audits } = json<History>()
    expect(audits.map(({ number }) => number)).toEqual([1, 2, 3])
    // One that began before another and ends after it looks back, and observes nothing of its own.
    expect(audits[0]?.kind).toBe('audit')
    expect(audits.every(({ kind }) => kind === 'audit' || kind === 'replay')).toBe(true)
    expect(await rows('SELECT count(*) AS n, count(DISTINCT (channel, item)) AS items FROM ledger_price')).toEqual([
      { n: 1000, items: 1000 },
    ])
    expect(ledgerNames().filter((name) => !/^\d{6}-/.test(name))).toEqual([])
  })

  it.each([0, 15, 60])(
    'is whole after an audit that was killed %i ms into writing it',
    { timeout: 120_000 },
    async (delay) => {
      project({ store: many(5000, '10'), web: many(5000, '10') })
      audit('2026-11-01T08:00:00Z')
      project({ store: many(5000, '10'), web: many(5000, '11') })
      const run = startProgram(['audit', '--quiet', '--format', 'json=report.json', '--fail-on', 'never'], { cwd: dir })
      const ended = new Promise((resolve) => run.once('exit', resolve))
      while (run.exitCode === null && !ledgerNames().some((name) => name.startsWith('partial-'))) await sleep(1)
      await sleep(delay)
      run.kill('SIGKILL')
      await ended
      const written = json<History>().audits.length
      expect([1, 2]).toContain(written)
      expect(audit('2126-11-03T08:00:00Z', '--fail-on', 'never').status).toBe(0)
      expect(json<History>().audits).toHaveLength(written + 1)
      expect(ledgerNames().filter((name) => !/^\d{6}-/.test(name))).toEqual([])
      expect(await rows(`SELECT channel, count(*) AS n FROM ledger_price GROUP BY 1 ORDER BY 1`)).toEqual([
        { channel: 'store', n: 5000 },
        { channel: 'web', n: 10_000 },
      ])
    },
  )

  it('takes over the lock of a process that is no more', () => {
    project({ store: { LAMP: '10' }, web: { LAMP: '10' } })
    audit('2026-11-01T08:00:00Z')
    const { pid } = spawnSync(process.execPath, ['--version'])
    const host = spawnSync('hostname', { encoding: 'utf8' }).stdout.trim()
    writeFileSync(join(dir, '.omniparity/ledger/lock'), JSON.stringify({ pid, host, key: 'x' }))
    expect(audit('2026-11-02T08:00:00Z').status).toBe(0)
    expect(ledgerNames().filter((name) => !/^\d{6}-/.test(name))).toEqual([])
  })
})

describe('a damaged entry of the ledger', () => {
  const entry = (number: number): string =>
    join(dir, '.omniparity/ledger', ledgerNames().find((name) => name.startsWith(`00000${number}-`)) ?? '')

  it('is told once, and everything else goes on', () => {
    project({ store: { LAMP: '10' }, web: { LAMP: '11' } })
    audit('2026-11-01T08:00:00Z')
    project({ store: { LAMP: '10' }, web: { LAMP: '12' } })
    audit('2026-11-02T08:00:00Z')
    truncateSync(join(entry(1), 'change.parquet'), 20)
    truncateSync(join(entry(1), 'source.parquet'), 0)
    const compared = runProgram(['history', 'diff', '1', '2'], { cwd: dir })
    truncateSync(join(entry(1), 'finding.parquet'), 20)
    const runs = [compared, heardAudit('2026-11-03T08:00:00Z'), runProgram(['history'], { cwd: dir })]
    expect(runs.map(({ status }) => status)).toEqual([0, 1, 0])
    for (const { stderr } of runs) {
      expect(stderr.split('state/damaged-entry')).toHaveLength(2)
      expect(stderr).toContain(entry(1))
    }
    expect(runProgram(['history', 'diff', '2', '3'], { cwd: dir }).stderr).toContain('state/not-comparable')
    audit('2026-11-04T08:00:00Z')
    expect(runProgram(['history', 'diff', '3', '4'], { cwd: dir }).status).toBe(0)
  })

  it.each([
    ['change.parquet', rmSync],
    ['entry.json', (file: string) => writeFileSync(file, '{')],
  ] as const)('without its %s lets no reduction pass', (file, damage) => {
    writeFileSync(join(dir, 'old.csv'), 'channel,sku,at,regular\nweb,LAMP,2026-09-01,100\n')
    project({ store: { LAMP: '100' }, web: { LAMP: '100' } })
    runProgram(['history', 'import', 'old.csv', '--until', '2026-11-01T07:00:00Z'], { cwd: dir })
    for (const [day, price] of ['100', '80', '100', '100'].entries()) {
      project({ store: { LAMP: '100' }, web: { LAMP: price } })
      audit(`2026-11-0${day + 1}T08:00:00Z`)
    }
    damage(join(entry(3), file))
    project({ store: { LAMP: '100' }, web: { LAMP: '100>70' } })
    for (const day of [5, 6]) {
      expect(heardAudit(`2026-11-0${day}T08:00:00Z`, '--format', 'json=report.json').stderr).toContain(
        'state/damaged-entry',
      )
      const { coverage } = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8'))
      expect(coverage).toContainEqual(
        expect.objectContaining({ rule: 'price/omnibus-prior-price', pass: 0, fail: 0, unknown: { history: 1 } }),
      )
    }
  })
})

describe('history', () => {
  function threeAudits(): void {
    project({ store: { LAMP: '10', SOFA: '900' }, web: { LAMP: '10', SOFA: '950' } })
    audit('2026-11-01T08:00:00Z')
    project({ store: { LAMP: '10', SOFA: '900' }, web: { LAMP: '11', SOFA: '900' } })
    audit('2026-11-02T08:00:00Z')
    project({ store: { LAMP: '10', SOFA: '900' }, web: { LAMP: '10', SOFA: '960' } })
    audit('2026-11-03T08:00:00Z')
  }

  it('lists the audits, what they found, and how long it took to resolve', () => {
    threeAudits()
    const { audits, trend, rules } = json<History>()
    expect(audits.map(({ number, opened, resolved, totals }) => [number, opened, resolved, totals?.error])).toEqual([
      [1, 1, 0, 1],
      [2, 1, 1, 1],
      [3, 1, 1, 1],
    ])
    expect(trend).toEqual([{ rule: 'price/differs-across-channels', channel: null, findings: [1, 1, 1] }])
    expect(rules).toEqual([
      {
        rule: 'price/differs-across-channels',
        open: 1,
        resolved: 2,
        oldest: '2026-11-03T08:00:00Z',
        hours_to_resolve: 24,
      },
    ])
    const { stdout } = runProgram(['history', '--locale', 'es'], { cwd: dir })
    expect(stdout).toContain('Auditorías realizadas')
    expect(stdout).toContain('03/11/2026 09:00')
  })

  it('tells what is new, open again and resolved between two audits, and fails on news', () => {
    threeAudits()
    const brief = ({ new: fresh, reopened, worse, resolved }: HistoryDiff): unknown =>
      [fresh, reopened, worse, resolved].map((list) => list.map(({ item, hours_to_resolve: hours }) => [item, hours]))
    expect(brief(json<HistoryDiff>('diff', '1', '2'))).toEqual([[['LAMP', null]], [], [], [['SOFA', 24]]])
    expect(brief(json<HistoryDiff>('diff'))).toEqual([[], [['SOFA', null]], [], [['LAMP', 24]]])
    expect(brief(json<HistoryDiff>('diff', 'first', 'last'))).toEqual([[], [], [], []])
    expect(json<HistoryDiff>('diff').reopened[0]).toMatchObject({
      first_seen: '2026-11-01T08:00:00Z',
      opened_at: '2026-11-03T08:00:00Z',
    })
    const status = (...words: readonly string[]): number | null =>
      runProgram(['history', ...words], { cwd: dir }).status
    expect(status('diff', '1', '2')).toBe(1)
    expect(status('diff', '1', '2', '--fail-on', 'never')).toBe(0)
    expect(status('diff', '1', '3')).toBe(0)
    expect(status('diff', '1', '9')).toBe(2)
    expect(status('sideways')).toBe(2)
  })

  it('says so where there is none', () => {
    project({ store: { LAMP: '10' }, web: { LAMP: '10' } })
    const { status, stderr } = runProgram(['history'], { cwd: dir })
    expect(stderr).toContain('state/no-history')
    expect(status).toBe(2)
  })
})

describe('history import', () => {
  const importing = (text: string, ...flags: readonly string[]): Outcome => {
    writeFileSync(join(dir, 'old.csv'), text)
    return runProgram(['history', 'import', 'old.csv', ...flags], { cwd: dir })
  }

  it('lets the first audit judge the price before a reduction', () => {
    project({ store: { LAMP: '100' }, web: { LAMP: '100>70' } })
    const text =
      'channel,sku,at,regular,sale\nweb,LAMP,2026-08-01,100,\nweb,LAMP,2026-11-01,100,80\nweb,LAMP,2026-11-08,100,\n'
    expect(importing(text, '--until', '2026-11-22T07:00:00Z').status).toBe(0)
    const { stdout, status } = audit('2026-11-22T08:00:00Z', '--only', 'price/omnibus-prior-price')
    expect(stdout).toContain('the lowest in the 30 days before 2026-11-22 was €80.00')
    expect(status).toBe(1)
  })

  it('says nothing of the time after its last moment', () => {
    project({ store: { LAMP: '100' }, web: { LAMP: '100>70' } })
    const text = 'channel,sku,at,regular\nweb,LAMP,2026-08-01,100\nweb,LAMP,2026-11-08,100\n'
    importing(text)
    audit('2026-11-22T08:00:00Z', '--only', 'price/omnibus-prior-price', '--format', 'json=report.json')
    const report = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8'))
    const [line] = report.coverage.filter(({ rule }: { rule: string }) => rule === 'price/omnibus-prior-price')
    expect(line.unknown).toEqual({ history: 1 })
  })

  it('does not date a reduction back to when a file announced it', () => {
    project({ store: { LAMP: '100' }, web: { LAMP: '100' } })
    writeFileSync(join(dir, 'web.csv'), 'sku,price,sale_price,sale_from,sale_to\nLAMP,100,70,2026-11-08,2026-11-30\n')
    writeFileSync(join(dir, 'old.csv'), 'channel,sku,at,regular\nweb,LAMP,2026-08-01,60\nweb,LAMP,2026-09-05,100\n')
    runProgram(['history', 'import', 'old.csv', '--until', '2026-10-01T07:00:00Z'], { cwd: dir })
    audit('2026-10-01T08:00:00Z')
    const { stdout } = audit('2026-11-08T08:00:00Z', '--only', 'price/omnibus-prior-price')
    expect(stdout).toBe('')
  })

  it('counts up to the moment of the audit where it reaches past it', () => {
    project({ store: { LAMP: '100' }, web: { LAMP: '100>70' } })
    writeFileSync(join(dir, 'old.csv'), 'channel,sku,at,regular\nweb,LAMP,2026-10-01,90\nweb,LAMP,2026-11-20,100\n')
    runProgram(['history', 'import', 'old.csv', '--until', '2026-11-22T22:00:00Z'], { cwd: dir })
    const { stdout } = audit('2026-11-22T08:00:00Z', '--only', 'price/omnibus-prior-price')
    expect(stdout).toContain('before 2026-11-22 was €90.00')
    audit('2026-11-22T08:00:00Z', '--only', 'price/omnibus-prior-price', '--format', 'json=report.json')
    const { coverage } = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8'))
    expect(coverage[0].unknown).toEqual({})
  })

  it.each([
    [null, 'there is no such file'],
    ['channel,sku,at,regular\n', 'it has no records'],
    ['channel,sku,at,regular,currency\nweb,LAMP,2026-10-01,90,EURO\n', "no readable 'currency'"],
  ])('of %j says what is wrong', (text, problem) => {
    project({ store: { LAMP: '100' }, web: { LAMP: '100' } })
    if (text !== null) writeFileSync(join(dir, 'old.csv'), text)
    const { status, stderr } = runProgram(['history', 'import', 'old.csv'], { cwd: dir })
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(problem) })
  })

  it('that would end before it begins is refused', () => {
    project({ store: { LAMP: '100' }, web: { LAMP: '100' } })
    writeFileSync(join(dir, 'old.csv'), 'channel,sku,at,regular\nweb,LAMP,2026-10-01,90\n')
    const words = ['history', 'import', 'old.csv', '--until', '2026-09-01T00:00:00Z']
    const { status, stderr } = runProgram(words, { cwd: dir })
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('begin after --until') })
  })

  it('never changes what an audit saw', async () => {
    project({ store: { LAMP: '100' }, web: { LAMP: '100' } })
    audit('2026-11-10T08:00:00Z')
    const text = 'channel,sku,at,regular\nweb,LAMP,2026-11-01,90\nweb,LAMP,2026-11-12,80\n'
    expect(importing(text, '--format', 'json').stdout).toContain('"skipped": 1')
    expect(await rows(`SELECT since, until, effective FROM ledger_price WHERE channel = 'web' ORDER BY since`)).toEqual(
      [
        { since: '2026-10-31T23:00:00Z', until: '2026-11-10T08:00:00Z', effective: '90.000000' },
        { since: '2026-11-10T08:00:00Z', until: null, effective: '100.000000' },
      ],
    )
  })

  it.each([
    ['channel,sku,at\nweb,LAMP,2026-11-01\n', 'regular'],
    ['channel,sku,at,regular\nweb,LAMP,1/11/2026,90\n', "'at'"],
    ['channel,sku,at,regular\nweb,LAMP,2026-11-01,"90,50"\n', "'regular'"],
    ['channel,sku,at,regular\nwep,LAMP,2026-11-01,90\n', "'web'"],
  ])('refuses %j', (text, problem) => {
    project({ store: { LAMP: '100' }, web: { LAMP: '100' } })
    const { status, stderr } = importing(text)
    expect(stderr).toContain(problem)
    expect(status).toBe(2)
    expect(existsSync(join(dir, '.omniparity/ledger')) ? ledgerNames() : []).toEqual([])
  })
})
