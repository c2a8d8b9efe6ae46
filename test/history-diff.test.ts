/** Two real audits side by side: what the formats of `history diff` and `history` say of them, and where they write it. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import readWorkbook from 'read-excel-file/node'
import { afterEach, describe, expect, it } from 'vitest'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import type { RequestedFormat } from '../src/model/audit-run.ts'
import type { HistoryDiff } from '../src/model/history.ts'
import { diffHistory, importHistory, listHistory } from '../src/ops/history.ts'
import { heard, type Said, SmallProject } from './small-project.ts'

let project: SmallProject | null = null
afterEach(() => {
  project?.remove()
  project = null
})

const CONFIG = `version: 1
project: Faros
locale: en
market: ES
currency: EUR
extends: []
suppressions: quiet.yaml
rules: {price/differs-across-channels: error}
authority: {catalog: shop, price: shop}
channels:
  shop: {kind: store, includes_tax: true, sources: [{platform: csv, path: shop.csv}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv}]}
`
const QUIET = `version: 1
suppressions:
  - {rule: price/differs-across-channels, item: RUG, status: accepted, reason: being talked over, owner: ana, expires: 2026-12-20}
`
type Prices = Readonly<Record<string, string>>
const SHOP: Prices = { LAMP: '100.00', SOFA: '200.00', DESK: '300.00', RUG: '400.00', VASE: '50.00' }

function list(prices: Prices): string {
  const rows = Object.entries(prices).map(([sku, price]) => `${sku},"=${sku.toLowerCase()}",${price}`)
  return `sku,title,price\n${rows.join('\n')}\n`
}

/** LAMP is resolved, SOFA new, DESK says another price, RUG is suppressed, VASE is as it was. */
async function twoAudits(): Promise<SmallProject> {
  const made = new SmallProject({
    'omniparity.yaml': CONFIG,
    'quiet.yaml': 'version: 1\nsuppressions: []\n',
    'shop.csv': list(SHOP),
    'web.csv': list({ ...SHOP, LAMP: '103.00', DESK: '310.00', RUG: '410.00', VASE: '51.00' }),
  })
  project = made
  await made.audit({ asOf: '2026-11-20T08:00:00Z', formats: [{ name: 'concise', file: null }] })
  made.write('web.csv', list({ ...SHOP, SOFA: '206.00', DESK: '320.00', RUG: '410.00', VASE: '51.00' }))
  made.write('quiet.yaml', QUIET)
  await made.audit({ asOf: '2026-11-21T08:00:00Z', formats: [{ name: 'concise', file: null }] })
  return made
}

function asked(dir: string, formats: readonly RequestedFormat[], output: string | null = null) {
  const facts = { configFile: null, stateDir: null, cwd: dir, locale: null, userLocale: 'en' } as const
  return { ...facts, formats, output }
}

function diff(made: SmallProject, ...formats: readonly RequestedFormat[]): Promise<Said> {
  return heard((io) => diffHistory({ ...asked(made.dir, formats), names: [], failOn: 'error' }, io))
}

async function codeOf(run: Promise<unknown>): Promise<string> {
  const error: unknown = await run.then(
    () => null,
    (reason: unknown) => reason,
  )
  return error instanceof DiagnosticError ? error.diagnostic.code : String(error)
}

describe('history diff', () => {
  it('tells what is new, gone, quiet, as before, and what says another value', async () => {
    const made = await twoAudits()
    const { stdout, status } = await diff(made, { name: 'json', file: null })
    const found = JSON.parse(stdout) as HistoryDiff
    const items = (['new', 'reopened', 'worse', 'quieted', 'resolved'] as const).map((kind) =>
      found[kind].map(({ item }) => item),
    )
    expect(items).toEqual([['SOFA'], [], [], ['RUG'], ['LAMP']])
    expect([found.unchanged, status]).toEqual([2, 1])
    // What is suppressed is still there.
    expect(found.quieted[0]?.resolved_at).toBeNull()
    const lines = (await diff(made, { name: 'concise', file: null })).stdout.trimEnd().split('\n')
    const shown: Readonly<Record<string, string>> = Object.fromEntries(
      lines.map((line) => [line.split(' ')[3] ?? '', line]),
    )
    expect(Object.values(shown).map((line) => line.split(' ')[0])).toEqual(['changed', 'quieted', 'new', 'resolved'])
    expect(shown['DESK']).toContain('€320.00 [web.csv:4]')
    // The older report tells of what is gone.
    expect(shown['LAMP']).toContain('€103.00 [web.csv:2]')
  })

  it('has the values of each channel before and after in the workbook, and no formula', async () => {
    const made = await twoAudits()
    await diff(made, { name: 'xlsx', file: 'out/diff.xlsx' })
    const sheets = await readWorkbook(join(made.dir, 'out/diff.xlsx'), { trim: false })
    const records = (name: string): readonly Readonly<Record<string, unknown>>[] => {
      const [head = [], ...rows] = sheets.find(({ sheet }) => sheet === name)?.data ?? []
      return rows.map((row) => Object.fromEntries(head.map((title, at) => [String(title), row[at]])))
    }
    expect(sheets.map(({ sheet }) => sheet)).toEqual(['Summary', 'New', 'Gone', 'Changed'])
    expect(records('Changed')).toMatchObject([
      { article: 'DESK', title: '=desk', 'shop before': 300, 'shop after': 300, 'web before': 310, 'web after': 320 },
    ])
    expect(records('Gone')).toMatchObject([
      { 'what happened': 'explained or suppressed', article: 'RUG', 'web before': 410 },
      { 'what happened': 'resolved', article: 'LAMP', 'web before': 103, 'hours open': 24 },
    ])
    expect(records('New')).toMatchObject([{ article: 'SOFA', 'web after': 206, expected: 200 }])
  })

  it('writes several formats at once, in the language that a flag asks for', async () => {
    const made = await twoAudits()
    const formats = ['html', 'sarif', 'junit', 'gitlab', 'markdown', 'ndjson', 'csv'].map((name) => ({
      name,
      file: `out/diff.${name}`,
    }))
    const request = { ...asked(made.dir, [...formats, { name: 'pretty', file: null }]), locale: 'es' } as const
    const { stdout, status } = await heard((io) => diffHistory({ ...request, names: ['1', '2'], failOn: 'never' }, io))
    expect(status).toBe(0)
    expect(stdout).toContain('Siguen ahí, pero explicadas o silenciadas: 1')
    expect(stdout).toContain('Como estaban: 2')
    expect(readdirSync(join(made.dir, 'out')).sort()).toEqual(formats.map(({ file }) => file.slice(4)).sort())
    const page = readFileSync(join(made.dir, 'out/diff.html'), 'utf8')
    expect(page).toContain('<html lang="es"')
    expect(page).toContain('web: 310,00\u00a0€ → 320,00\u00a0€')
    expect(page).toContain('web: €310.00 → €320.00')
  })

  it('says what it does not know where a report is no longer kept', async () => {
    const made = await twoAudits()
    rmSync(join(made.dir, '.omniparity/reports'), { recursive: true })
    const lines = (await diff(made, { name: 'concise', file: null })).stdout.trimEnd().split('\n')
    expect(lines).toEqual([
      'new error price/differs-across-channels SOFA ES: SOFA: The same article has different prices',
      'quieted error price/differs-across-channels RUG ES: RUG: The same article has different prices',
      'resolved error price/differs-across-channels LAMP ES: LAMP: The same article has different prices',
    ])
    await diff(made, { name: 'html', file: 'lost.html' })
    expect(made.read('lost.html')).toContain('is no longer kept: its values and places are not known')
  })
})

describe('in a workflow', () => {
  it('leaves the tables in the job summary', async () => {
    const made = await twoAudits()
    const summary = join(made.dir, 'summary.md')
    const before = process.env['GITHUB_STEP_SUMMARY']
    process.env['GITHUB_STEP_SUMMARY'] = summary
    try {
      const { stdout } = await diff(made, { name: 'github', file: null })
      expect(stdout).toMatch(/^::error file=web.csv,line=3,title=.*::new: SOFA/)
      await heard((io) => listHistory(asked(made.dir, [{ name: 'github', file: null }]), io))
    } finally {
      if (before === undefined) delete process.env['GITHUB_STEP_SUMMARY']
      else process.env['GITHUB_STEP_SUMMARY'] = before
    }
    expect(made.read('summary.md').match(/^## .*$/gm)).toEqual([
      expect.stringMatching(/^## From audit 1 .* to audit 2 /),
      '## Audits so far',
      '## Findings by rule and channel, last 2 audits',
      '## Since when, and for how long',
    ])
  })
})

describe('history', () => {
  it('refuses what holds findings, a second result on one output, and the place of a file that is read', async () => {
    const { dir } = await twoAudits()
    const listing = (...formats: readonly RequestedFormat[]): Promise<string> =>
      codeOf(heard((io) => listHistory(asked(dir, formats), io)))
    for (const name of ['sarif', 'junit', 'gitlab'])
      expect(await listing({ name, file: null })).toBe('usage/format-of-diff')
    expect(await listing({ name: 'nothing', file: null })).toBe('usage/unknown-format')
    expect(await listing({ name: 'xlsx', file: null })).toBe('usage/file-needed')
    expect(await listing({ name: 'csv', file: null }, { name: 'json', file: null })).toBe('usage/output-clash')
    expect(await listing({ name: 'csv', file: 'web.csv' })).toBe('usage/output-is-input')
    expect(await listing({ name: 'csv', file: 'omniparity.yaml' })).toBe('usage/output-is-input')
    const request = { ...asked(dir, [{ name: 'csv', file: null }]), file: 'old.csv', until: null }
    expect(await codeOf(heard((io) => importHistory(request, io)))).toBe('usage/bad-value')
    expect(existsSync(join(dir, 'web.csv'))).toBe(true)
  })

  it('writes audits, courses and rules into files', async () => {
    const made = await twoAudits()
    const formats = [
      { name: 'html', file: 'audits.html' },
      { name: 'xlsx', file: 'audits.xlsx' },
      { name: 'markdown', file: null },
    ]
    const { stdout } = await heard((io) => listHistory(asked(made.dir, formats), io))
    expect(stdout).toContain('## Audits so far')
    expect(made.read('audits.html')).toContain('Faros: audits so far')
    const sheets = await readWorkbook(join(made.dir, 'audits.xlsx'))
    expect(sheets.map(({ sheet, data }) => [sheet, data.length])).toEqual([
      ['Summary', 12],
      ['Audits', 3],
      ['Series', 3],
      ['Rules', 2],
    ])
  })
})
