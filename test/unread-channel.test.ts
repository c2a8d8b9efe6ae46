/**
 * A channel that cannot be read: nobody knows what it would have said, so nothing may be found that was not there before.
 * The same retailer is audited whole, and once without each channel.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lostKeys } from '../src/ingest/read/lost.ts'
import type { HistoryAudit } from '../src/model/history.ts'
import type { Cause, Coverage, Finding, ReportChannel } from '../src/model/report.ts'
import { writeDemo } from '../src/ops/demo/write.ts'
import { buildIfStale, runProgram } from './cli-process.ts'
import { SmallProject } from './small-project.ts'

const AS_OF = '2026-11-22T08:00:00Z'
const dir = mkdtempSync(join(tmpdir(), 'omniparity-unread-'))

interface Report {
  readonly channels: readonly ReportChannel[]
  readonly findings: readonly Finding[]
  readonly causes: readonly Cause[]
  readonly coverage: readonly Coverage[]
}

/** Audits while a file says something else. */
function auditedWith(file: string, text: string | Buffer, status: number): ReturnType<typeof audited> {
  const path = join(dir, file)
  const good = readFileSync(path)
  writeFileSync(path, text)
  try {
    return audited(status)
  } finally {
    writeFileSync(path, good)
  }
}

function audited(status: number): { report: Report; stderr: string } {
  rmSync(join(dir, '.omniparity'), { recursive: true, force: true })
  const flags = ['--as-of', AS_OF, '--all-rules', '--fail-on', 'never', '--format', 'json=report.json', '--quiet']
  const outcome = runProgram(['audit', ...flags], { cwd: dir })
  expect(outcome.status, outcome.stderr).toBe(status)
  return { report: JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')), stderr: outcome.stderr }
}

/** The id of a finding may go another way where the master is missing: articles have other names then. */
function meaning({ rule, code, market, item }: Finding): string {
  return [rule, code, market, item?.gtin ?? item?.id ?? ''].join(' ')
}

describe('the keys of a record that could not be read', () => {
  const keysOf = (text: string, isCut: boolean): readonly string[] => [
    ...lostKeys([{ start: 0, end: text.length, next: text.length }], isCut, () => text),
  ]

  it('are its cells, and every key only where the file is cut off', () => {
    expect(keysOf('A1;"Lamp";*;10,00', false)).toEqual(['A1', 'Lamp', '10', '00'])
    expect(keysOf('A1', true)).toEqual(['*', 'A1'])
  })
})

describe('a channel that cannot be read', () => {
  let whole: Report
  beforeAll(async () => {
    buildIfStale()
    await writeDemo({ dir, seed: 3, articles: 300, asOf: AS_OF, faults: {} })
    whole = audited(0).report
  }, 60_000)
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it.each([
    ['web', 'web/wc-product-export.csv'],
    ['web', 'web/promociones.csv'],
    ['amazon', 'amazon/all-listings.txt'],
  ])('%s without %s: no finding that was not there, and unknown instead of passed', (channel, file) => {
    const { report, stderr } = auditedWith(file, 'no export at all\n', 3)
    expect(stderr).toContain(file)
    expect(stderr).toContain(channel)
    const known = new Set(whole.findings.map(({ id }) => id))
    expect(report.findings.filter(({ id }) => !known.has(id)).map(({ message }) => message)).toEqual([])
    for (const { rule, unknown } of report.coverage)
      expect(unknown.no_input ?? 0, `${rule} does not know what ${channel} would have said`).toBeGreaterThan(0)
  })

  it('the master: only the names of articles change', () => {
    const { report } = auditedWith('tienda/articulos.csv', 'no export at all\n', 3)
    const known = new Set(whole.findings.map(meaning))
    expect(report.findings.filter((finding) => !known.has(meaning(finding))).map(({ message }) => message)).toEqual([])
  })

  it.each([
    ['web/wc-product-export.csv', ','],
    ['tienda/articulos.csv', ';'],
    ['amazon/all-listings.txt', '\t'],
    ['tienda/stock-por-tienda.csv', ';'],
    ['web/promociones.csv', ';'],
    ['tienda/promociones.csv', ';'],
  ])('%s with records that cannot be read: what they may have held is not missing', (file, delimiter) => {
    const lines = readFileSync(join(dir, file), 'latin1').split('\n')
    const first = lines.findIndex((line) => line.split(delimiter).length > 2) + 1
    const broken = lines.map((line, index) =>
      index >= first && line.trim() !== '' && (index - first) % 9 === 0
        ? line.replace(/\r?$/, `${delimiter}x${delimiter}y${delimiter}z$&`)
        : line,
    )
    const { report } = auditedWith(file, Buffer.from(broken.join('\n'), 'latin1'), 0)
    const known = new Set(whole.findings.map(meaning))
    const fresh = report.findings.filter((finding) => !known.has(meaning(finding)))
    // A variant without its parent lacks what stands there, and the report says so.
    const parents = report.findings.filter(({ rule, code }) => rule === 'feed/broken-reference' && code === 'parent')
    const under = new Set(parents.map(({ id }) => id))
    const odd = fresh.filter(({ id, explained_by }) => !under.has(id) && !under.has(explained_by ?? ''))
    expect(odd.map(({ message }) => message)).toEqual([])
    expect(report.channels.flatMap(({ sources }) => sources.map((source) => source.quarantined))).toContain(
      broken.filter((line, index) => line !== lines[index]).length,
    )
  })

  it.each([
    'web/wc-product-export.csv',
    'tienda/articulos.csv',
    'amazon/all-listings.txt',
    'tienda/stock-por-tienda.csv',
    'web/promociones.csv',
    'tienda/promociones.csv',
  ])('%s, cut off in the middle of a record: what it would have listed is not missing', (file) => {
    const good = readFileSync(join(dir, file))
    // Behind the first cell of a record.
    const half = good.subarray(0, good.indexOf('\n', Math.floor(good.length * 0.6)) + 5)
    const { report } = auditedWith(file, half, 0)
    const known = new Set(whole.findings.map(meaning))
    const fresh = report.findings.filter((finding) => !known.has(meaning(finding)))
    expect(fresh.map(({ message }) => message)).toEqual([])
    expect(report.causes.filter(({ kind }) => kind === 'missing-slice')).toEqual([])
    const sources = report.channels.flatMap((channel) => channel.sources)
    const told = sources.find(({ path }) => path === file)?.understood.assumptions.join(' ')
    expect(told).toContain('parece cortado')
  })

  it('resolves nothing and enters no baseline while a file is cut off', () => {
    const shop = mkdtempSync(join(tmpdir(), 'omniparity-unread-'))
    try {
      const skus = Array.from({ length: 9 }, (_, index) => `A${index + 1}`)
      const rows = (price: string): string[] => skus.map((sku) => `${sku},Lamp ${sku},${price},EUR\n`)
      const header = 'sku,title,price,currency\n'
      writeFileSync(join(shop, 'store.csv'), header + rows('10.00').join(''))
      const web = header + rows('12.00').join('')
      writeFileSync(
        join(shop, 'omniparity.yaml'),
        'version: 1\ncurrency: EUR\nchannels:\n  store: {kind: store, sources: [{platform: csv, path: store.csv}]}\n  web: {kind: web, sources: [{platform: csv, path: web.csv}]}\n',
      )
      const audit = (text: string, day: number): void => {
        writeFileSync(join(shop, 'web.csv'), text)
        const flags = ['--as-of', `2026-11-${day}T08:00:00Z`, '--fail-on', 'never', '--quiet', '--format', 'concise']
        expect(runProgram(['audit', ...flags], { cwd: shop }).status).toBe(0)
      }
      audit(web, 20)
      audit(web.slice(0, web.indexOf('A9') + 6), 21)
      const refused = runProgram(['baseline', 'update'], { cwd: shop })
      expect(refused.status).toBe(3)
      expect(refused.stderr).toContain('web')
      audit(web, 22)
      const { stdout } = runProgram(['history', '--format', 'json'], { cwd: shop })
      const { audits } = JSON.parse(stdout)
      expect(audits.map(({ partial, opened, resolved }: HistoryAudit) => ({ partial, opened, resolved }))).toEqual([
        { partial: false, opened: 11, resolved: 0 },
        { partial: true, opened: 0, resolved: 0 },
        { partial: false, opened: 0, resolved: 0 },
      ])
    } finally {
      rmSync(shop, { recursive: true, force: true })
    }
  })

  it('articles that only it is to list are unknown, those that another one lacks too are missing', () => {
    const shops = mkdtempSync(join(tmpdir(), 'omniparity-unread-'))
    try {
      const rows = ['A1', 'A2', 'A3'].map((sku) => `${sku},Lamp ${sku},10.00,EUR,active\n`)
      const header = 'sku,title,price,currency,status\n'
      writeFileSync(join(shops, 'master.csv'), header + rows.join(''))
      writeFileSync(join(shops, 'web.csv'), header + rows.slice(1).join(''))
      writeFileSync(join(shops, 'market.csv'), 'no export at all\n')
      const channel = (id: string, kind: string): string =>
        `  ${id}: {kind: ${kind}, assortment: full, sources: [{platform: csv, path: ${id}.csv}]}\n`
      writeFileSync(
        join(shops, 'omniparity.yaml'),
        `version: 1\ncurrency: EUR\nauthority: {catalog: master}\nchannels:\n${channel('master', 'store')}${channel('web', 'web')}${channel('market', 'marketplace')}`,
      )
      const flags = ['--only', 'catalog/missing-in-channel', '--format', 'json', '--fail-on', 'never', '--quiet']
      const { stdout, status } = runProgram(['audit', ...flags], { cwd: shops })
      expect(status).toBe(3)
      const { findings, coverage }: Report = JSON.parse(stdout)
      expect(findings.map(({ message }) => message)).toEqual([
        'A1 «Lamp A1» is missing from web; it is listed on master',
      ])
      expect(findings[0]?.sides.map((side) => side.channel)).not.toContain('market')
      const [{ pass, fail, unknown } = { pass: 0, fail: 0, unknown: {} }] = coverage
      // Two articles, and the channel itself.
      expect({ pass, fail, no_input: unknown.no_input }).toEqual({ pass: 0, fail: 1, no_input: 3 })
    } finally {
      rmSync(shops, { recursive: true, force: true })
    }
  })
})

describe('a channel that was not asked for', () => {
  it('is declared all the same', async () => {
    const sheet = 'sku,title,price\nLAMP,Lamp,10.00\n'
    const channel = (id: string): string => `  ${id}: {kind: web, sources: [{platform: csv, path: ${id}.csv}]}\n`
    const project = new SmallProject({
      'omniparity.yaml': `version: 1\ncurrency: EUR\nauthority: {catalog: master, price: master}\nchannels:\n${['master', 'web', 'app'].map(channel).join('')}`,
      'master.csv': sheet,
      'web.csv': sheet,
      'app.csv': sheet,
    })
    const only = ['feed/authority-undeclared', 'price/differs-across-channels', 'catalog/title-mismatch']
    const { stdout } = await project.audit({ only, channels: ['web', 'app'] })
    project.remove()
    const { findings, coverage }: Report = JSON.parse(stdout)
    expect(findings).toEqual([])
    expect(coverage.find(({ rule }) => rule === only[0])?.unknown).toEqual({ no_input: 2 })
  })
})
