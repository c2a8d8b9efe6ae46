/** The index is a copy: with it and without it, the ledger takes down the same changes. */
import { existsSync, readdirSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createLedgerViews } from '../src/audit/ledger.ts'
import { LedgerFolder } from '../src/audit/ledger-folder.ts'
import { openDuckDB } from '../src/engine/duckdb.ts'
import type { SqlRow } from '../src/engine/engine.ts'
import { SmallProject } from './small-project.ts'

const ARTICLES = 30_000
const DAYS = [1, 2, 3, 4]
const CONFIG = `version: 1
market: ES
currency: EUR
timezone: Europe/Madrid
extends: []
rules: {price/differs-across-channels: info}
channels:
  store: {kind: store, includes_tax: true, sources: [{platform: csv, path: store.csv}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv}]}
`
const projects: SmallProject[] = []
afterAll(() => {
  for (const project of projects) project.remove()
})

/** Prices and stock move, articles come and go; one name stands twice, with one price or with two. The web tells no stock. */
function linesOf(channel: 'store' | 'web', day: number): string {
  const lines = [channel === 'store' ? 'sku,price,stock' : 'sku,price']
  for (let article = 0; article < ARTICLES; article++) {
    if ((article + day) % 997 === 0) continue
    const price = 10 + (article % 90) + (article % 50 === day ? 5 : 0)
    const row = (cents: string): string =>
      channel === 'store'
        ? `A${article},${cents},${(article * (article % 7 === day ? 3 : 1)) % 40}`
        : `A${article},${cents}`
    lines.push(row(`${price}.00`))
    if (article % 1500 === 3) lines.push(row(`${price}.00`))
    if (article % 1500 === 4 && (day === 1 || day === 3)) lines.push(row(`${price + 1}.00`))
  }
  return `${lines.join('\n')}\n`
}

async function changesOf(keepsIndex: boolean): Promise<readonly SqlRow[]> {
  const project = new SmallProject({ 'omniparity.yaml': CONFIG })
  projects.push(project)
  const ledger = join(project.dir, '.omniparity/ledger')
  for (const day of DAYS) {
    const asOf = `2026-11-0${day}T08:00:00Z`
    for (const channel of ['store', 'web'] as const) {
      project.write(`${channel}.csv`, linesOf(channel, day))
      utimesSync(join(project.dir, `${channel}.csv`), Date.parse(asOf) / 1000, Date.parse(asOf) / 1000)
    }
    await project.audit({ asOf, failOn: 'never' })
    const indexes = existsSync(ledger) ? readdirSync(ledger).filter((name) => name.startsWith('index-')) : []
    expect(indexes).toHaveLength(1)
    if (!keepsIndex) for (const name of indexes) rmSync(join(ledger, name))
  }
  const engine = await openDuckDB({ tempDir: join(project.dir, 'engine'), memoryLimit: null, threads: 2 })
  try {
    const entries = await new LedgerFolder(join(project.dir, '.omniparity')).entries()
    await createLedgerViews(engine, entries, { channels: ['store', 'web'], asOf: '9999-12-31T00:00:00Z' })
    await engine.run('CREATE TABLE changes AS SELECT * EXCLUDE (audit) FROM ledger_change')
    const rest = 'SELECT * FROM changes WHERE seq > 1 OR hash(item) % 200 = 0 ORDER BY ALL'
    return [
      ...(await engine.rows(
        'SELECT seq, channel, has, count(*) AS n, sum(regular) AS p, sum(available) AS u FROM changes GROUP BY ALL ORDER BY ALL',
      )),
      ...(await engine.rows(rest)),
    ]
  } finally {
    await engine.close()
  }
}

it('takes down the same changes with the index and without it', { timeout: 240_000 }, async () => {
  const found = await changesOf(true)
  expect(found).toEqual(await changesOf(false))
  const first = found.filter(({ seq, n }) => seq === 1 && n !== undefined)
  // 20 articles have two prices in either channel: their state is known, their price is not.
  expect(first.filter(({ has }) => Number(has) % 2 === 0).map(({ channel, n }) => [channel, n])).toEqual([
    ['store', 20],
    ['web', 20],
  ])
  expect(found.some(({ seq, has }) => seq === 2 && Number(has) === 8)).toBe(true)
  expect(found.some(({ seq, has }) => seq === 3 && Number(has) === 2)).toBe(true)
})
