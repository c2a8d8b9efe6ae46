/**
 * What only shows when there is much to read: rows keep their order although several threads read them, and articles that
 * all channels list alike are judged apart without any other outcome.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Coverage, Finding } from '../src/model/report.ts'
import { buildIfStale, program } from './cli-process.ts'

const CHANNELS = ['store', 'web', 'market'] as const
type Channel = (typeof CHANNELS)[number]

interface Article {
  readonly sku: string
  readonly gtin: string
  readonly title: string
  price: string
  stock: string
  status: string
  visible: string
}

interface JsonReport {
  readonly findings: readonly Finding[]
  readonly coverage: readonly Coverage[]
  readonly channels: readonly { readonly listings: number; readonly linked: number }[]
}

const dir = mkdtempSync(join(tmpdir(), 'omniparity-large-'))

beforeAll(() => buildIfStale())
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function gtinOf(index: number): string {
  const digits = String(840_000_000_000 + index)
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}

/** The article as a channel lists it, with the faults of the size's pattern; null where the channel lacks it. */
function listed(index: number, channel: Channel): Article | null {
  const article: Article = {
    sku: `ART-${index}`,
    gtin: gtinOf(index),
    title: `Zapato de lona nº ${index}`,
    price: `${10 + (index % 90)},${String(index % 100).padStart(2, '0')}`,
    stock: String(1 + (index % 40)),
    status: 'activo',
    visible: index % 3 === 0 ? 'sí' : 'no',
  }
  if (channel === 'web' && index % 500 === 7)
    article.price = article.price.replace(/^\d+/, (euros) => String(Number(euros) + 3))
  if (channel === 'market' && index % 700 === 11) article.status = 'descatalogado'
  if (channel === 'market' && index % 900 === 13) article.stock = '999'
  return channel === 'web' && index % 1100 === 17 ? null : article
}

function writeChannel(folder: string, channel: Channel, articles: number): void {
  const lines = ['Referencia;EAN;Título;PVP;Existencias;Estado;Visible']
  for (let index = 0; index < articles; index++) {
    const article = listed(index, channel)
    if (article === null) continue
    const { sku, gtin, title, price, stock, status, visible } = article
    lines.push([sku, gtin, title, price, stock, status, visible].join(';'))
  }
  writeFileSync(join(folder, `${channel}.csv`), `${lines.join('\n')}\n`)
}

function writeProject(name: string, articles: number, more: string): string {
  const folder = join(dir, name)
  mkdirSync(folder)
  for (const channel of CHANNELS) writeChannel(folder, channel, articles)
  const kinds = { store: 'store', web: 'web', market: 'marketplace' }
  const channels = CHANNELS.map(
    (channel) => `  ${channel}:
    kind: ${kinds[channel]}
    includes_tax: true
    stock_pool: shared
    sync_lag: 30m
    assortment: full
    sources:
      - platform: csv
        path: ${channel}.csv
        map:
          sku: Referencia
          gtin: EAN
          title: Título
          price.regular: PVP
          stock.available: Existencias
          status: {column: Estado, vocabulary: {activo: active, descatalogado: discontinued}}
          buyable: Visible
`,
  )
  const authority = 'authority: {catalog: store, price: {default: store}, stock: {default: store}}'
  writeFileSync(
    join(folder, 'omniparity.yaml'),
    `version: 1\nproject: Large\ncurrency: EUR\nmarket: ES\ntimezone: Europe/Madrid\n${authority}\n${more}channels:\n${channels.join('')}`,
  )
  return folder
}

function auditOf(folder: string): JsonReport {
  const run = spawnSync(
    process.execPath,
    [program, 'audit', '--all-rules', '--as-of', '2026-11-22T08:00:00Z', '--format', 'json=report.json', '--quiet'],
    { cwd: folder, encoding: 'utf8' },
  )
  expect(run.stderr).toBe('')
  expect(run.status).toBe(1)
  return JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
}

describe('a large audit', () => {
  const ARTICLES = 120_000
  let report: JsonReport
  let lines: Readonly<Record<string, readonly string[]>>

  beforeAll(() => {
    const folder = writeProject('large', ARTICLES, '')
    report = auditOf(folder)
    lines = Object.fromEntries(
      CHANNELS.map((channel) => [`${channel}.csv`, readFileSync(join(folder, `${channel}.csv`), 'utf8').split('\n')]),
    )
  })

  it('names of each side the record and the line where it stands', () => {
    const sides = report.findings.flatMap((finding) => finding.sides.filter(({ source }) => source !== null))
    expect(sides.length).toBeGreaterThan(1000)
    const elsewhere = sides.filter(({ source, listing }) => {
      const line = lines[source?.path ?? '']?.[(source?.line ?? 0) - 1] ?? ''
      return !line.startsWith(`${listing};`) || source?.line !== (source?.row ?? 0) + 1
    })
    expect(elsewhere).toEqual([])
  })

  it('finds what was planted, counts every article and every listing', () => {
    const every = (period: number, rest: number): number => Math.floor((ARTICLES - 1 - rest) / period) + 1
    const found = (rule: string) =>
      report.findings.filter((finding) => finding.rule === rule && finding.explained_by === null)
    const missing = every(1100, 17)
    const lacking = found('catalog/missing-in-channel').filter(({ sides }) =>
      sides.some(({ channel, listing }) => channel === 'web' && listing === null),
    )
    expect(lacking).toHaveLength(missing)
    // Where the web shop lacks the article or does not sell it, its price is no difference.
    const both = Array.from({ length: ARTICLES }, (_, index) => index).filter(
      (index) => index % 500 === 7 && index % 1100 !== 17 && index % 3 === 0,
    ).length
    expect(found('price/differs-across-channels')).toHaveLength(both)
    expect(report.channels.map(({ listings }) => listings)).toEqual([ARTICLES, ARTICLES - missing, ARTICLES])
    expect(report.channels.map(({ linked }) => linked)).toEqual([ARTICLES, ARTICLES - missing, ARTICLES])
    const checked = Object.fromEntries(report.coverage.map((one) => [one.rule, one.checked]))
    expect(checked['price/differs-across-channels']).toBe(ARTICLES)
    expect(checked['price/missing-or-zero']).toBe(3 * ARTICLES - missing)
    expect(checked['identity/duplicate-sku']).toBe(3 * ARTICLES - missing)
  })
})

describe('articles that all channels list alike', () => {
  it('have the same outcomes whether they are set apart or not', () => {
    const apart = auditOf(writeProject('apart', 6_000, ''))
    // A template makes every listing be linked one by one.
    const together = auditOf(writeProject('together', 6_000, 'identity: {sku_template: {web: "{sku}"}}\n'))
    expect(apart.findings.length).toBeGreaterThan(20)
    // The last units of articles that stand apart: one says it for all that share its figures.
    const lastUnits = apart.findings.filter(({ rule }) => rule === 'stock/oversell-risk')
    expect(lastUnits.length).toBeGreaterThan(40)
    expect(apart.findings).toEqual(together.findings)
    expect(apart.coverage).toEqual(together.coverage)
    const counts = ({ channels }: JsonReport) => channels.map(({ listings, linked }) => [listings, linked])
    expect(counts(apart)).toEqual(counts(together))
  })

  it('are reported when one of their stock records is wrong', () => {
    const folder = join(dir, 'locations')
    mkdirSync(folder)
    const articles = Array.from({ length: 30 }, (_, index) => `A-${index}`)
    const write = (name: string, lines: readonly string[]): void =>
      writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
    write('store.csv', ['sku,title,price', ...articles.map((sku) => `${sku},Lamp,19.90`)])
    write('stock.csv', [
      'sku,location,on_hand,available',
      ...articles.flatMap((sku, index) => [
        `${sku},W,${index === 7 ? 12 : 10},${index === 7 ? 12 : 10}`,
        `${sku},T,${index === 7 ? -2 : 0},${index === 7 ? -2 : 0}`,
      ]),
    ])
    write('web.csv', ['sku,title,price,stock', ...articles.map((sku) => `${sku},Lamp,19.90,10`)])
    write('omniparity.yaml', [
      'version: 1',
      'project: Locations',
      'channels:',
      '  store: {kind: store, sources: [{platform: csv, path: store.csv}, {platform: csv, path: stock.csv}]}',
      '  web: {kind: web, sources: [{platform: csv, path: web.csv}]}',
    ])
    const run = spawnSync(
      process.execPath,
      [program, 'audit', '--only', 'stock/negative-quantity', '--format', 'json', '--fail-on', 'never', '--quiet'],
      { cwd: folder, encoding: 'utf8' },
    )
    const report: JsonReport = JSON.parse(run.stdout)
    expect(report.findings.map(({ item }) => item?.id)).toEqual(['store:A-7'])
  })
})
