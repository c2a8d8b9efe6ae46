/** Packs are copies: with them and without them the ledger says the same, whatever became of them. */
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLedgerViews } from '../src/audit/ledger.ts'
import { LedgerFolder } from '../src/audit/ledger-folder.ts'
import { packLedger } from '../src/audit/ledger-packs.ts'
import { prunedSql } from '../src/audit/ledger-paid.ts'
import { openDuckDB } from '../src/engine/duckdb.ts'
import type { Engine, SqlRow } from '../src/engine/engine.ts'
import { type Judged, judgeReduction, type Law, type Seen } from './prior-price-definition.ts'
import { SmallProject } from './small-project.ts'

const DAY = 86_400_000
let engine: Engine
let dir = ''
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'omniparity-packs-'))
  engine = await openDuckDB({ tempDir: dir, memoryLimit: null, threads: 1 })
})
afterAll(async () => {
  await engine.close()
  rmSync(dir, { recursive: true, force: true })
})

/** The same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

type Row = SqlRow & {
  readonly k: number
  readonly ms: number
  readonly effective: number
  readonly announced: boolean
  readonly gone: boolean
}

const START = Date.parse('2024-01-01T08:00:00Z')
const DAYS = 700
const ARTICLES = 400
const LAWS: readonly Law[] = [
  { progressiveMs: 0, exemptsFirstSale: true },
  { progressiveMs: 60 * DAY, exemptsFirstSale: false },
  { progressiveMs: Number.POSITIVE_INFINITY, exemptsFirstSale: false },
]

/** Days at which the ledger was packed, with the day of the audit. */
const PACKED = [
  [40, 41],
  [300, 301],
  [610, 611],
] as const

/** A few years of an article: calm ones, busy ones, some with a reduction that lasts for years, some that come and go. */
function lifeOf(k: number, random: () => number): (Row & { readonly day: number })[] {
  const rows: (Row & { readonly day: number })[] = []
  const pace = [0.004, 0.03, 0.2][k % 3] ?? 0.03
  let announced = false
  for (let day = random() < 0.2 ? Math.floor(random() * 500) : 0; day < DAYS; day++) {
    if (rows.length > 0 && random() >= pace) continue
    const gone = rows.length > 0 && random() < 0.08
    // A reduction mostly goes on, and mostly further down.
    announced = !gone && (announced ? random() < 0.7 : random() < 0.4)
    const last = rows.at(-1)?.effective ?? 60
    const effective = gone
      ? 0
      : announced && random() < 0.6
        ? Math.max(1, last - Math.floor(random() * 3))
        : 20 + Math.floor(random() * 60)
    // Some files speak of a moment some days before their audit.
    const ms = START + (day - (random() < 0.1 ? random() * 12 : 0)) * DAY
    rows.push({ k, ms: Math.floor(ms), effective, announced, gone, day })
  }
  return rows
}

function judge(rows: readonly Row[], law: Law, now: number, window: number): Judged | null {
  const seen = [...rows]
    .sort((a, b) => a.ms - b.ms)
    .map(
      ({ ms, effective, announced, gone }): Seen => ({
        at: Number(ms),
        shown: gone
          ? null
          : { regular: effective + (announced ? 10 : 0), sale: announced ? effective : null, before: null },
      }),
    )
  const last = seen.at(-1)
  if (last === undefined) return null
  // For a week nobody looked: what came back after it is no new article.
  const days = Array.from({ length: DAYS + 30 }, (_, day) => day).filter((day) => day < 540 || day > 546)
  const audits = days.map((day) => START + day * DAY).filter((at) => at <= now)
  const own = { seen: [...seen, { at: now, shown: last.shown }], audits, imported: null }
  return judgeReduction(own, [], { law, window, maxGap: 2 * DAY, tellsBefore: false })
}

describe('prices that are kept of an article', () => {
  it.each([1, 2, 3])('give the same earlier price as all of them, seed %i', { timeout: 60_000 }, async (seed) => {
    const random = randomOf(seed)
    const lives = Array.from({ length: ARTICLES }, (_, k) => lifeOf(k, random))
    const all = lives.flat()
    const values = all.map(
      ({ k, ms, effective, announced, gone, day }) => `(${k}, ${ms}, ${effective}, ${announced}, ${gone}, ${day})`,
    )
    await engine.run(`CREATE OR REPLACE TABLE life AS SELECT k::UBIGINT AS k, ms::BIGINT AS ms, CASE WHEN NOT gone THEN effective::DECIMAL(18,6) END AS effective,
      announced, gone, NULL::UBIGINT AS currency, seq::INTEGER AS seq FROM (VALUES ${values.join(', ')}) t(k, ms, effective, announced, gone, seq)`)
    let source = 'SELECT * FROM life WHERE FALSE'
    let from = -1
    for (const [round, [day]] of PACKED.entries()) {
      await engine.run(
        `CREATE OR REPLACE TABLE pack${round} AS ${prunedSql(`${source} UNION ALL SELECT * FROM life WHERE seq > ${from} AND seq <= ${day}`, START + (day - 15) * DAY)}`,
      )
      source = `SELECT * FROM pack${round}`
      from = day
    }
    const kept = await engine.rows<Row>(
      `SELECT k::INTEGER AS k, ms::DOUBLE AS ms, effective::DOUBLE AS effective, announced, gone FROM (${source} UNION ALL SELECT * FROM life WHERE seq > ${from}) ORDER BY k, ms, seq`,
    )
    expect(kept.length).toBeLessThan(all.length / 2)
    const outcomes = new Set<string>()
    for (const [k, life] of lives.entries()) {
      const own = kept.filter((row) => row.k === k).map((row) => ({ ...row, effective: row.effective ?? 0 }))
      for (const day of [615, 650, 699, 720]) {
        const now = START + day * DAY + 3_600_000
        const until = ({ ms }: Row): boolean => ms <= now
        // What is not known yet on that day is not asked for.
        const isKnown = life.filter((row) => row.day <= day)
        const isKept = own.filter((row) => life.some((one) => one.ms === row.ms && one.day <= day))
        for (const law of LAWS) {
          for (const window of [30 * DAY, 60 * DAY]) {
            const whole = judge(isKnown.filter(until), law, now, window)
            outcomes.add(whole?.outcome ?? 'none')
            expect({ k, day, law, window, ...judge(isKept.filter(until), law, now, window) }).toEqual({
              k,
              day,
              law,
              window,
              ...whole,
            })
          }
        }
      }
    }
    expect([...outcomes].sort()).toEqual(['fake', 'history', 'none', 'not_applicable', 'pass', 'too_high'])
  })
})

const CONFIG = `version: 1
market: ES
currency: EUR
timezone: Europe/Madrid
extends: []
rules: {price/differs-across-channels: info, price/omnibus-prior-price: error}
channels:
  store: {kind: store, includes_tax: true, sources: [{platform: csv, path: store.csv}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv}]}
`

describe('the packs of a ledger', () => {
  const project = new SmallProject({ 'omniparity.yaml': CONFIG })
  afterAll(() => project.remove())
  const folder = new LedgerFolder(join(project.dir, '.omniparity'))
  const names = (): readonly string[] => readdirSync(folder.path).filter((name) => name.startsWith('pack-'))

  async function auditOn(day: number): Promise<readonly unknown[]> {
    const asOf = `2026-11-${String(day).padStart(2, '0')}T08:00:00Z`
    for (const channel of ['store', 'web']) {
      const lines = Array.from(
        { length: 40 },
        (_, at) => `A${at},${20 + ((at * day) % 7)}.00,${at % 3 === day % 3 ? `${10 + (day % 5)}.00` : ''}`,
      )
      project.write(`${channel}.csv`, `sku,price,sale_price\n${lines.join('\n')}\n`)
      utimesSync(join(project.dir, `${channel}.csv`), Date.parse(asOf) / 1000, Date.parse(asOf) / 1000)
    }
    const { stdout } = await project.audit({ asOf, failOn: 'never' })
    return JSON.parse(stdout).findings
  }

  /** Everything that the ledger says, as of a moment. */
  async function said(asOf: string): Promise<readonly SqlRow[]> {
    const own = await openDuckDB({ tempDir: join(project.dir, 'engine'), memoryLimit: null, threads: 1 })
    try {
      await createLedgerViews(own, await folder.entries(), { channels: ['store', 'web'], asOf })
      return [
        ...(await own.rows('SELECT * FROM ledger_source ORDER BY ALL')),
        ...(await own.rows('SELECT * FROM ledger_finding ORDER BY ALL')),
        ...(await own.rows(
          'SELECT k::VARCHAR AS k, ms::DOUBLE AS ms, effective, announced, gone, seq FROM ledger_paid ORDER BY ALL',
        )),
      ]
    } finally {
      await own.close()
    }
  }

  it('say what its entries say, as of every moment, damaged ones and what a killed audit left included', {
    timeout: 120_000,
  }, async () => {
    for (const day of [1, 2, 3, 4]) await auditOn(day)
    const moments = ['2026-11-02T09:00:00Z', '2026-11-04T09:00:00Z', '9999-12-31T00:00:00Z']
    const before = await Promise.all(moments.map(said))
    await packLedger(engine, folder, 1)
    expect(names().map((name) => name.split('-').slice(0, 4).join('-'))).toEqual([
      'pack-finding-000004-4',
      'pack-prices-000004-4',
      'pack-source-000004-4',
    ])
    expect(await Promise.all(moments.map(said))).toEqual(before)
    // Half written by an audit that was killed: nobody takes it for a pack, and the next one takes it away.
    const [pack = ''] = names()
    writeFileSync(join(folder.path, `${pack.replace('000004-4', '000005-5')}.partial-99`), 'PAR1')
    expect(await Promise.all(moments.map(said))).toEqual(before)
    await auditOn(5)
    await packLedger(engine, folder, 1)
    expect(names()).toHaveLength(6)
    expect(names().filter((name) => name.includes('partial'))).toEqual([])
    const later = await said('9999-12-31T00:00:00Z')
    // An entry that is gone is gone from what packs say.
    const [first = ''] = readdirSync(folder.path).sort()
    rmSync(join(folder.path, first), { recursive: true })
    const without = await said('9999-12-31T00:00:00Z')
    expect(without.length).toBeLessThan(later.length)
    for (const name of names()) rmSync(join(folder.path, name))
    expect(await said('9999-12-31T00:00:00Z')).toEqual(without)
  })
})
