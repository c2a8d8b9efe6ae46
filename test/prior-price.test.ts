/** Random price histories of many articles, brought in and audited again and again, against the plain definition. */
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { LedgerFolder } from '../src/audit/ledger-folder.ts'
import { packLedger } from '../src/audit/ledger-packs.ts'
import { openDuckDB } from '../src/engine/duckdb.ts'
import type { Finding } from '../src/model/report.ts'
import { importHistory } from '../src/ops/history.ts'
import {
  HOUR,
  type Judged,
  judgeReduction,
  type Known,
  type Law,
  type Seen,
  type Shown,
} from './prior-price-definition.ts'
import { heard, SmallProject } from './small-project.ts'

const RULE = 'price/omnibus-prior-price'
const DAY = 24 * HOUR
const NEVER: Law = { progressiveMs: 0, exemptsFirstSale: true }
const ALWAYS: Law = { progressiveMs: Number.POSITIVE_INFINITY, exemptsFirstSale: false }

interface Channel {
  readonly id: string
  readonly market: string
  readonly law: Law
  readonly tellsBefore: boolean
}

const CHANNELS: readonly Channel[] = [
  { id: 'spain', market: 'ES', law: NEVER, tellsBefore: false },
  { id: 'germany', market: 'DE', law: ALWAYS, tellsBefore: true },
  { id: 'finland', market: 'FI', law: { progressiveMs: 60 * DAY, exemptsFirstSale: false }, tellsBefore: false },
]
const TRADER: readonly Channel[] = [
  { id: 'web', market: 'ES', law: NEVER, tellsBefore: false },
  { id: 'outlet', market: 'ES', law: NEVER, tellsBefore: true },
  { id: 'laden', market: 'DE', law: ALWAYS, tellsBefore: false },
]

const FIRST = Date.parse('2026-09-20T08:00:00Z')
/** Hours after the first audit: daily ones, one day with 25 hours, and a gap that is too long. */
const AUDITS = [0, 24, 49, 73, 104, 128, 152, 176, 200].map((hours) => FIRST + hours * HOUR)
const WINDOW = 60 * HOUR
const MAX_GAP = 26 * HOUR

/** The same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Few prices, so that the same ones come back. */
function changed(shown: Shown | null, random: () => number, tellsBefore: boolean): Shown | null {
  const price = (): number => 40 + 10 * Math.floor(random() * 7)
  const roll = random()
  if (shown === null) return roll < 0.6 ? null : { regular: price(), sale: null, before: null }
  if (roll < 0.45) return shown
  if (roll < 0.55) return { ...shown, regular: price() }
  if (roll < 0.75) return { ...shown, sale: price(), before: tellsBefore && random() < 0.8 ? shown.regular : null }
  if (roll < 0.85) return shown.sale === null ? shown : { ...shown, sale: Math.max(10, shown.sale - 10) }
  if (roll < 0.93) return { regular: shown.regular, sale: null, before: tellsBefore && random() < 0.3 ? price() : null }
  return null
}

const skuOf = (article: number): string => `ART-${String(article).padStart(6, '0')}`
const isoOf = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z')

class Shop {
  readonly project: SmallProject
  readonly #channels: readonly Channel[]
  readonly #random: () => number
  readonly #articles: number
  /** By channel and article. */
  readonly seen: Seen[][][]
  readonly imported: ([number, number] | null)[][]
  readonly #done: number[] = []

  constructor(channels: readonly Channel[], articles: number, seed: number, scope: string) {
    this.#channels = channels
    this.#random = randomOf(seed)
    this.#articles = articles
    this.seen = channels.map(() => Array.from({ length: articles }, () => []))
    this.imported = channels.map(() => Array.from({ length: articles }, () => null))
    const declared = channels.map(
      ({ id, market, tellsBefore }) =>
        `  ${id}: {kind: web, market: ${market}, includes_tax: true, sources: [{platform: csv, path: ${id}.csv${tellsBefore ? ', map: {sku: sku, price.regular: price, price.sale: sale_price, price.prior_shown: before}' : ''}}]}`,
    )
    const params = `{window: 60h, max_gap: 26h, scope: ${scope}}`
    this.project = new SmallProject({
      'omniparity.yaml': `version: 1\ncurrency: EUR\nmarket: ES\ntimezone: Europe/Madrid\nextends: []
rules: {${RULE}: {severity: error, params: ${params}}}\nchannels:\n${declared.join('\n')}\n`,
    })
  }

  /** Prices of before the first audit: of most articles, changed at moments of their own, in the channels before the last. */
  async bringIn(until: number): Promise<void> {
    const rows = ['channel,sku,at,regular,sale']
    for (const [at, { id }] of this.#channels.slice(0, -1).entries()) {
      for (let article = 0; article < this.#articles; article++) {
        if (this.#random() < 0.3) continue
        let shown: Shown | null = null
        for (
          let hours = 24 * (2 + Math.floor(this.#random() * 70));
          hours > 0;
          hours -= 1 + Math.floor(this.#random() * 400)
        ) {
          shown = changed(shown, this.#random, false) ?? shown
          if (shown === null) continue
          const moment = FIRST - hours * HOUR
          this.seen[at]?.[article]?.push({ at: moment, shown })
          rows.push(`${id},${skuOf(article)},${isoOf(moment)},${shown.regular},${shown.sale ?? ''}`)
        }
        const first = this.seen[at]?.[article]?.[0]
        const own = this.imported[at]
        if (first !== undefined && own !== undefined) own[article] = [first.at, Math.min(until, FIRST)]
      }
    }
    this.project.write('old.csv', `${rows.join('\n')}\n`)
    const request = { configFile: null, stateDir: null, cwd: this.project.dir, locale: null, userLocale: 'en' } as const
    const { status } = await heard((io) =>
      importHistory({ ...request, formats: [], output: null, file: 'old.csv', until: isoOf(until) }, io),
    )
    expect(status).toBe(0)
  }

  async audit(at: number): Promise<Readonly<Record<string, readonly string[]>>> {
    for (const [index, { id, tellsBefore }] of this.#channels.entries()) {
      const lines = [tellsBefore ? 'sku,price,sale_price,before' : 'sku,price,sale_price']
      for (const [article, seen] of (this.seen[index] ?? []).entries()) {
        const shown = changed(seen.at(-1)?.shown ?? null, this.#random, tellsBefore)
        seen.push({ at, shown })
        if (shown === null) continue
        const cells = [skuOf(article), shown.regular, shown.sale ?? '', ...(tellsBefore ? [shown.before ?? ''] : [])]
        lines.push(cells.join(','))
      }
      this.project.write(`${id}.csv`, `${lines.join('\n')}\n`)
      utimesSync(join(this.project.dir, `${id}.csv`), at / 1000, at / 1000)
    }
    this.#done.push(at)
    const { stdout } = await this.project.audit({ asOf: isoOf(at), failOn: 'never' })
    const report = JSON.parse(stdout)
    const { pass, unknown } = report.coverage.find(({ rule }: { rule: string }) => rule === RULE)
    const told = report.findings
      .filter(({ rule }: { rule: string }) => rule === RULE)
      .map(
        ({ owner, item, code, expected }: Finding) =>
          `${owner} ${item?.sku} ${code} ${expected === null ? '-' : Number(expected)}`,
      )
    return { told: told.sort(), counts: [`pass ${pass}`, `history ${unknown.history ?? 0}`] }
  }

  /** As if enough audits had been. */
  async pack(): Promise<void> {
    const folder = new LedgerFolder(join(this.project.dir, '.omniparity'))
    const engine = await openDuckDB({ tempDir: join(this.project.dir, 'engine'), memoryLimit: null, threads: 1 })
    await packLedger(engine, folder, 1)
    await engine.close()
  }

  /** What the definition says of the last audit. */
  judged(isTrader: boolean): Readonly<Record<string, readonly string[]>> {
    const known = (channel: number, article: number): Known => ({
      seen: this.seen[channel]?.[article] ?? [],
      audits: this.#done,
      imported: this.imported[channel]?.[article] ?? null,
    })
    const all: (Judged & { readonly name: string })[] = []
    for (const [index, { id, market, law, tellsBefore }] of this.#channels.entries()) {
      for (let article = 0; article < this.#articles; article++) {
        const mates = this.#channels.flatMap((other, at) =>
          isTrader && at !== index && other.market === market && this.seen[at]?.[article]?.at(-1)?.shown != null
            ? [known(at, article)]
            : [],
        )
        const terms = { law, window: WINDOW, maxGap: MAX_GAP, tellsBefore }
        const judged = judgeReduction(known(index, article), mates, terms)
        if (judged !== null) all.push({ ...judged, name: `${id} ${skuOf(article)}` })
      }
    }
    const failing = all.filter(({ outcome }) => ['fake', 'missing', 'too_high'].includes(outcome))
    const count = (wanted: string): number => all.filter(({ outcome }) => outcome === wanted).length
    return {
      told: failing.map(({ name, outcome, prior }) => `${name} ${outcome} ${prior ?? '-'}`).sort(),
      counts: [`pass ${count('pass')}`, `history ${count('history')}`],
    }
  }
}

describe('the lowest price before a reduction', () => {
  let shop: Shop | null = null
  afterEach(() => shop?.project.remove())

  it.each([
    ['sales_channel', CHANNELS, FIRST - HOUR, 1, false],
    ['sales_channel', CHANNELS, FIRST - 40 * HOUR, 2, true],
    ['trader', TRADER, FIRST - HOUR, 3, true],
    ['trader', TRADER, FIRST - 20 * HOUR, 4, false],
  ] as const)(
    'is what the definition says, %s %#',
    { timeout: 120_000 },
    async (scope, channels, until, seed, packs) => {
      shop = new Shop(channels, 1500, seed, scope)
      await shop.bringIn(until)
      const kinds = new Set<string>()
      for (const at of AUDITS) {
        const told = await shop.audit(at)
        if (packs) await shop.pack()
        const judged = shop.judged(scope === 'trader')
        expect({ at: isoOf(at), ...told }).toEqual({ at: isoOf(at), ...judged })
        for (const line of judged['told'] ?? []) kinds.add(line.split(' ')[2] ?? '')
        for (const line of judged['counts'] ?? []) kinds.add(line.endsWith(' 0') ? 'none' : (line.split(' ')[0] ?? ''))
      }
      expect([...kinds].filter((kind) => kind !== 'none').sort()).toEqual(['fake', 'history', 'pass', 'too_high'])
    },
  )
})
