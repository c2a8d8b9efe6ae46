/** Suppressions and the baseline: what they keep quiet, for how long, and what fires again. */

import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { LedgerFolder } from '../src/audit/ledger-folder.ts'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import type { AuditRequest } from '../src/model/audit-run.ts'
import { type BaselineRequest, runBaseline } from '../src/ops/baseline.ts'
import { heard, type Said, SmallProject } from './small-project.ts'

const CONFIG = `version: 1
market: ES
currency: EUR
authority: {catalog: shop, price: shop}
channels:
  shop: {kind: store, includes_tax: true, sources: [{platform: csv, path: shop.csv}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv}]}
`
const ONLY = { only: ['price/differs-across-channels'] }

function table(prices: Readonly<Record<string, string>>): string {
  return `sku,title,brand,price\n${Object.entries(prices)
    .map(([sku, price]) => `${sku},${sku},Lux,${price}\n`)
    .join('')}`
}

let project = new SmallProject({})
afterEach(() => project.remove())

function start(web: Readonly<Record<string, string>>, suppressions: string | null = null): SmallProject {
  project.remove()
  project = new SmallProject({
    'shop.csv': table({ LAMP: '100.00', SOFA: '200.00', DESK: '50.00' }),
    'web.csv': table(web),
    'omniparity.yaml': suppressions === null ? CONFIG : `${CONFIG}suppressions: silence.yaml\n`,
    ...(suppressions === null ? {} : { 'silence.yaml': `version: 1\nsuppressions:\n${suppressions}` }),
  })
  return project
}

interface Brief {
  readonly status: number
  readonly found: readonly string[]
  readonly totals: Readonly<Record<string, number>>
  readonly silences: Readonly<Record<string, unknown>> | undefined
}

function brief({ status, stdout }: Said): Brief {
  const { findings, totals, silences } = JSON.parse(stdout)
  const found = findings.map((one: { item: { sku: string }; status: string }) => `${one.item.sku} ${one.status}`)
  return { status, found, totals, silences }
}

async function audit(changes: Partial<AuditRequest> = {}): Promise<Brief> {
  return brief(await project.audit({ ...ONLY, ...changes }))
}

const BAD = { LAMP: '103.00', SOFA: '206.00', DESK: '50.00' }
const WHO = 'status: accepted, reason: opening offer, owner: prices@example.test'

function entry(text: string, expires = '2027-01-06'): string {
  return `  - {rule: price/differs-across-channels, ${WHO}, expires: ${expires}, ${text}}\n`
}

describe('a rule that the configuration switches off', () => {
  it('is told in every report, with the line that does it', async () => {
    start(BAD)
    project.write(
      'omniparity.yaml',
      `${CONFIG}rules: {price/outlier: off, catalog/brand-mismatch: off}
overrides:
  - when: {channel: web}
    rules: {price/missing-or-zero: warning, stock/oversell-risk: off}
`,
    )
    const off = [
      // What no pack of the run switches on was not switched off.
      { rule: 'price/outlier', partly: false, path: 'omniparity.yaml', line: 8 },
      { rule: 'stock/oversell-risk', partly: true, path: 'omniparity.yaml', line: 11 },
    ]
    expect(brief(await project.audit()).silences).toEqual({ off, suppressions: null, baseline: null })
    const sarif = JSON.parse((await project.audit({ formats: [{ name: 'sarif', file: null }] })).stdout)
    expect(sarif.runs[0].invocations[0].ruleConfigurationOverrides).toEqual([
      { descriptor: { id: 'price/outlier' }, configuration: { enabled: false } },
    ])
    const pretty = (await project.audit({ formats: [{ name: 'pretty', file: null }] })).stdout
    expect(pretty).toContain('switched off in the configuration: price/outlier')
    expect(pretty).toContain('switched off for a part by overrides: stock/oversell-risk')
  })
})

describe('a suppression', () => {
  it('keeps a finding quiet, and everybody sees that it does', async () => {
    start(BAD, entry('item: LAMP'))
    const said = await project.audit(ONLY)
    expect(brief(said)).toMatchObject({ found: ['LAMP suppressed', 'SOFA new'], status: 1 })
    const report = JSON.parse(said.stdout)
    expect(report.totals).toMatchObject({ error: 1, suppressed: 1 })
    expect(report.findings[0].suppression).toEqual({
      status: 'accepted',
      reason: 'opening offer',
      owner: 'prices@example.test',
      expires: '2027-01-06',
    })
    expect(report.findings[0].fixable).toBe(false)
    expect(report.silences.suppressions).toMatchObject({ entries: 1, used: 1, unused: [], expired: [] })
    expect(said.warnings).toEqual([])
  })

  it('of everything lets the run pass', async () => {
    start(BAD, entry('item: [LAMP, "SO*"]'))
    expect(await audit()).toMatchObject({ status: 0, totals: { error: 0, suppressed: 2 } })
  })

  it('can name a finding by its id', async () => {
    start(BAD)
    const [first] = JSON.parse((await project.audit(ONLY)).stdout).findings
    start(BAD, `  - {finding: ${first.id}, ${WHO}, expires: 2027-01-06}\n`)
    expect((await audit()).found).toEqual(['LAMP suppressed', 'SOFA new'])
  })

  it('for a brand covers its articles, for another market none', async () => {
    start(BAD, entry('brand: lux'))
    expect((await audit()).found).toEqual(['LAMP suppressed', 'SOFA suppressed'])
    start(BAD, entry('brand: lux, market: PT'))
    expect((await audit()).found).toEqual(['LAMP new', 'SOFA new'])
  })

  it('for a channel covers findings in which no other deviates', async () => {
    start(BAD, entry('item: LAMP, channel: web'))
    expect((await audit()).found).toEqual(['LAMP suppressed', 'SOFA new'])
    start(BAD, entry('item: LAMP, channel: shop'))
    expect((await audit()).found).toEqual(['LAMP new', 'SOFA new'])
  })

  it('ends when the gap grows, or a value moves', async () => {
    start(BAD, entry('item: LAMP, while: {gap_lte: 3}'))
    expect((await audit()).found).toEqual(['LAMP suppressed', 'SOFA new'])
    project.write('web.csv', table({ ...BAD, LAMP: '103.01' }))
    expect((await audit()).found).toEqual(['LAMP new', 'SOFA new'])
    start(BAD, entry('item: LAMP, while: {values: {web: "103"}}'))
    expect((await audit()).found).toEqual(['LAMP suppressed', 'SOFA new'])
    project.write('web.csv', table({ ...BAD, LAMP: '102.99' }))
    expect((await audit()).found).toEqual(['LAMP new', 'SOFA new'])
  })

  it('holds through its last day, and says when it is over', async () => {
    start(BAD, entry('item: LAMP', '2026-11-22'))
    expect((await audit()).found).toEqual(['LAMP suppressed', 'SOFA new'])
    start(BAD, entry('item: LAMP', '2026-11-21'))
    const said = await project.audit(ONLY)
    expect(brief(said).found).toEqual(['LAMP new', 'SOFA new'])
    expect(said.warnings.join()).toContain('silence/expired')
    expect(JSON.parse(said.stdout).silences.suppressions.expired).toMatchObject([{ item: ['LAMP'], line: 3 }])
  })

  it('ends with its day where the project is', async () => {
    start(BAD, entry('item: LAMP', '2026-12-01'))
    project.write('omniparity.yaml', `${CONFIG}suppressions: silence.yaml\ntimezone: Europe/Madrid\n`)
    expect((await audit({ asOf: '2026-12-01T22:59:00Z' })).found).toEqual(['LAMP suppressed', 'SOFA new'])
    expect((await audit({ asOf: '2026-12-01T23:01:00Z' })).found).toEqual(['LAMP new', 'SOFA new'])
  })

  it('that names a finding and another rule does not cover it', async () => {
    start(BAD)
    const [first] = JSON.parse((await project.audit(ONLY)).stdout).findings
    const named = (rule: string): string => `  - {finding: ${first.id}, rule: ${rule}, ${WHO}, expires: 2027-01-06}\n`
    start(BAD, named('price/outlier'))
    expect((await audit()).found).toEqual(['LAMP new', 'SOFA new'])
    start(BAD, named('price/differs-across-channels'))
    expect((await audit()).found).toEqual(['LAMP suppressed', 'SOFA new'])
  })

  it.each(['', '# nothing yet\n', '[]\n', 'hello\n'])('file with %j alone is refused', async (text) => {
    start(BAD, '  []\n')
    project.write('silence.yaml', text)
    await expect(project.audit(ONLY)).rejects.toThrow("'version' is missing")
  })

  it.each([
    ['values of a channel that nobody has', 'while: {values: {wbe: "103.00"}}', 'config/unknown-channel', 'web'],
    ['a value with a decimal comma', 'while: {values: {web: "103,00"}}', 'config/bad-value', '"103.00"'],
    ['a gap that is no amount', 'while: {gap_lte: "3,00"}', 'config/bad-value', '5.00'],
    ['a gap below nothing', 'while: {gap_lte: -1}', 'config/bad-value', '5.00'],
  ])('with %s is refused', async (_, text, id, hint) => {
    start(BAD, entry(`item: LAMP, ${text}`))
    const error = await project.audit(ONLY).catch((cause: unknown) => cause)
    const { diagnostics } = error as DiagnosticError
    const said = diagnostics.map(({ code, message, help }) => `${code} ${message} ${help}`).join()
    expect(said).toContain(id)
    expect(said).toContain(hint)
    expect(said).not.toMatch(/Invalid|Too small/)
  })

  it('of a cause asks for its rule and channels, and for nothing that only one article has', async () => {
    const prices = Array.from({ length: 40 }, (_, at) => [`A${at}`, 20 + at * 3.7] as const)
    const priced = (factor: number): string =>
      table(Object.fromEntries(prices.map(([sku, price]) => [sku, (price * factor).toFixed(2)])))
    const status = async (text: string): Promise<string> => {
      start({}, text)
      project.write('shop.csv', priced(1.21))
      project.write('web.csv', priced(1))
      const { causes } = JSON.parse((await project.audit(ONLY)).stdout)
      return causes.map((one: { id: string; status: string }) => `${one.id} ${one.status}`).join()
    }
    const [id = ''] = (await status('  []\n')).split(' ')
    expect(id).not.toBe('')
    const named = (text: string): string => `  - {finding: ${id}, ${WHO}, expires: 2027-01-06${text}}\n`
    expect(await status(named(''))).toBe(`${id} suppressed`)
    expect(await status(named(', channel: [shop, web]'))).toBe(`${id} suppressed`)
    for (const text of ['channel: shop', 'market: PT', 'rule: price/outlier', 'item: A1', 'while: {gap_lte: 10}']) {
      expect(await status(named(`, ${text}`)), text).toBe(`${id} new`)
    }
  })

  it('that covers nothing is told, unless something was left out of the audit', async () => {
    start(BAD, entry('item: DESK'))
    expect((await project.audit(ONLY)).warnings.join()).not.toContain('silence/unused')
    const said = await project.audit()
    expect(said.warnings.join()).toContain('silence/unused')
    expect(said.warnings.join()).toContain('silence.yaml:3')
  })

  it('says who, why and how long, and not for ever', async () => {
    const complaints = async (text: string): Promise<readonly string[]> => {
      start(BAD, text)
      const error = await project.audit(ONLY).catch((cause: unknown) => cause)
      return error instanceof DiagnosticError ? error.diagnostics.map(({ code, message }) => `${code} ${message}`) : []
    }
    const one = (text: string): string => `  - {rule: price/differs-across-channels, ${text}}\n`
    expect(await complaints(one('item: LAMP, status: accepted, reason: x, expires: 2027-01-06'))).toEqual([
      expect.stringContaining("config/missing-key 'suppressions[0]' has no 'owner'"),
    ])
    expect(await complaints(entry('item: LAMP', '2036-01-06'))).toEqual([
      expect.stringContaining('silence/too-long the suppression expires on 2036-01-06'),
    ])
    expect(await complaints(entry('item: LAMP', 'tomorrow'))).toEqual([expect.stringContaining('config/bad-value')])
    expect(await complaints(entry('market: ES'))).toEqual([expect.stringContaining('config/missing-key')])
    expect(await complaints(entry('item: LAMP, channel: wep'))).toEqual([
      expect.stringContaining('config/unknown-channel'),
    ])
    expect(await complaints(`  - {rule: price/differs, item: LAMP, ${WHO}, expires: 2027-01-06}\n`)).toEqual([
      expect.stringContaining("config/unknown-rule there is no rule 'price/differs'"),
    ])
    expect(await complaints(entry('itm: LAMP'))).toContainEqual(expect.stringContaining('config/unknown-key'))
  })

  it('has no power over a locked rule', async () => {
    const rule = 'catalog/recalled-still-sellable'
    start(BAD, `  - {rule: ${rule}, item: LAMP, ${WHO}, expires: 2027-01-06}\n`)
    const rows = (state: string): string => `sku,title,price,safety_status\nLAMP,Lamp,100.00,${state}\n`
    project.write('shop.csv', rows('recalled'))
    project.write('web.csv', rows('ok'))
    project.write(
      'omniparity.yaml',
      `${CONFIG.replaceAll(/path: (\w+).csv/g, 'path: $1.csv, map: {sku: sku, title: title, price.regular: price, attributes.safety_status: safety_status}')}suppressions: silence.yaml\n`,
    )
    const said = await project.audit({ only: [rule] })
    expect(brief(said).found).toEqual(['LAMP new'])
    expect(said.warnings.join()).toContain('silence/locked')
    expect((await baseline()).stdout).toContain('1 finding of a locked rule is never taken in')
    expect(project.read('baseline.json')).not.toContain(rule)
    expect(brief(await project.audit({ only: [rule] })).found).toEqual(['LAMP new'])
  })

  it('of a finding that is none lets its consequences stand for themselves', async () => {
    const rows = (price: string, pack: string): string => `sku,title,price,pack_quantity\nLAMP,Lamp,${price},${pack}\n`
    const files = (suppressions: string): void => {
      start({}, suppressions)
      project.write('shop.csv', rows('100.00', '1'))
      project.write('web.csv', rows('103.00', '6'))
    }
    const rules = { only: ['price/outlier', 'catalog/pack-quantity-mismatch'] }
    const explained = async (): Promise<[string, boolean][]> => {
      const { findings } = JSON.parse((await project.audit(rules)).stdout)
      return findings.map((one: { rule: string; explained_by: string | null }) => [one.rule, one.explained_by !== null])
    }
    const about = 'rule: catalog/pack-quantity-mismatch, item: LAMP, reason: x, owner: y, expires: 2027-01-06'
    files(`  - {${about}, status: accepted}\n`)
    const [pack, outlier] = ['catalog/pack-quantity-mismatch', 'price/outlier']
    const isExplained = async (): Promise<unknown> => Object.fromEntries(await explained())
    expect(await isExplained()).toEqual({ [pack]: false, [outlier]: true })
    files(`  - {${about}, status: false-positive}\n`)
    expect(await isExplained()).toEqual({ [pack]: false, [outlier]: false })
  })
})

async function baseline(changes: Partial<BaselineRequest> = {}, asOf = '2026-11-22T08:00:00Z'): Promise<Said> {
  const request = { action: 'update' as const, acceptNew: false, reason: null, ...changes }
  return heard((io) => runBaseline({ ...request, audit: project.request({ asOf, formats: [] }) }, io))
}

describe('the baseline', () => {
  it('takes in what there is, and from then on only news counts', async () => {
    start(BAD)
    const said = await baseline()
    expect(said.stdout).toContain('baseline.json: 2 taken in')
    expect(project.read('baseline.json')).not.toMatch(/103|206|LAMP|SOFA/)
    expect(await audit()).toMatchObject({
      status: 0,
      found: ['LAMP known', 'SOFA known'],
      totals: { known: 2, error: 0 },
    })
    project.write('web.csv', table({ ...BAD, DESK: '51.00' }))
    const after = await audit()
    expect(after).toMatchObject({ status: 1, found: ['DESK new', 'LAMP known', 'SOFA known'] })
    expect(after.silences?.['baseline']).toEqual({ path: 'baseline.json', entries: 2, known: 2, worse: 0, gone: 0 })
  })

  it('a gap that grows by more than a fifth fires again', async () => {
    start(BAD)
    await baseline()
    project.write('web.csv', table({ ...BAD, LAMP: '103.60' }))
    expect(await audit()).toMatchObject({ status: 0, found: ['LAMP known', 'SOFA known'] })
    project.write('web.csv', table({ ...BAD, LAMP: '103.61' }))
    expect(await audit()).toMatchObject({
      status: 1,
      found: ['LAMP worse', 'SOFA known'],
      totals: { error: 1, known: 1 },
    })
    project.write('web.csv', table({ ...BAD, LAMP: '97.00' }))
    expect((await audit()).found).toEqual(['LAMP known', 'SOFA known'])
  })

  it('a graver severity fires again', async () => {
    start(BAD)
    project.write('omniparity.yaml', `${CONFIG}rules: {price/differs-across-channels: warning}\n`)
    await baseline()
    expect((await audit({ failOn: 'warning' })).status).toBe(0)
    project.write('omniparity.yaml', CONFIG)
    expect((await audit()).found).toEqual(['LAMP worse', 'SOFA worse'])
  })

  it('only shrinks and tightens, unless somebody says why', async () => {
    start(BAD)
    await baseline()
    project.write('web.csv', table({ LAMP: '101.00', SOFA: '200.00', DESK: '51.00' }))
    expect((await baseline()).stdout).toContain('0 taken in, 1 gone, 1 better, 1 kept; 1 new or worse not taken in')
    project.write('web.csv', table({ LAMP: '103.00', SOFA: '200.00', DESK: '51.00' }))
    expect((await audit()).found).toEqual(['DESK new', 'LAMP worse'])
    await expect(baseline({ acceptNew: true })).rejects.toThrow('silence/no-reason')
    await baseline({ acceptNew: true, reason: 'corrected in January' })
    expect((await audit()).found).toEqual(['DESK known', 'LAMP known'])
    expect(JSON.parse(project.read('baseline.json')).accepted).toEqual([
      { on: '2026-11-22', findings: 2, reason: null },
      { on: '2026-11-22', findings: 2, reason: 'corrected in January' },
    ])
  })

  it('is pruned of what is gone, and not tightened by that', async () => {
    start(BAD)
    await expect(baseline({ action: 'prune' })).rejects.toThrow('silence/no-baseline')
    await baseline()
    project.write('web.csv', table({ LAMP: '101.00', SOFA: '200.00', DESK: '50.00' }))
    expect((await baseline({ action: 'prune' })).stdout).toContain('1 gone, 0 better, 1 kept')
    project.write('web.csv', table(BAD))
    expect((await audit()).found).toEqual(['LAMP known', 'SOFA new'])
  })

  it('keeps what nobody can tell now: that is unknown, not gone', async () => {
    start(BAD)
    await baseline()
    // The price of the lamp cannot be read, the sofa costs the same, and the desk never differed.
    project.write('web.csv', table({ LAMP: 'ask', SOFA: '200.00', DESK: '50.00' }))
    for (const action of ['prune', 'update'] as const) {
      expect((await baseline({ action })).stdout).toContain(`${action === 'prune' ? 1 : 0} gone, 0 better, 1 kept`)
    }
    project.write('web.csv', table(BAD))
    expect((await audit()).found).toEqual(['LAMP known', 'SOFA new'])
  })

  it('keeps everything of a rule that can tell nothing now', async () => {
    start(BAD)
    await baseline()
    const skewed = CONFIG.replace('path: shop.csv', 'path: shop.csv, data_as_of: "2026-11-22T07:00:00Z"').replace(
      'path: web.csv',
      'path: web.csv, data_as_of: "2026-11-20T07:00:00Z"',
    )
    project.write('omniparity.yaml', skewed)
    expect((await baseline({ action: 'prune' })).stdout).toContain('0 gone, 0 better, 2 kept')
  })

  const others = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`ART-${at}`, '10.00']))
  const many = table({ ...BAD, ...others })
  it.each([
    ['a price cannot be read', table({ ...BAD, LAMP: '#N/A', ...others })],
    ['a record cannot be read', many.replace('LAMP,LAMP', 'LAMP,LA,MP')],
    ['a column has another name', many.replace('price', 'pvp2')],
    ['records are lost', table({ DESK: '50.00' })],
  ])('keeps, as the ledger does, what is unknown while %s', async (_, web) => {
    start({ ...BAD, ...others })
    project.write('shop.csv', table({ LAMP: '100.00', SOFA: '200.00', DESK: '50.00', ...others }))
    await baseline()
    const before = JSON.parse(project.read('baseline.json')).findings
    const ledger = new LedgerFolder(join(project.dir, '.omniparity'))
    const resolved = async (asOf: string): Promise<number | undefined> => {
      await project.audit({ asOf })
      return (await ledger.entries()).at(-1)?.resolved
    }
    await resolved('2026-11-19T08:00:00Z')
    project.write('web.csv', web.includes('SOFA') ? web.replace('206.00', '200.00') : web)
    const isSofaRead = web.includes('SOFA') && web.includes('price')
    expect(await resolved('2026-11-20T08:00:00Z')).toBe(isSofaRead ? 1 : 0)
    await baseline({ action: 'prune' })
    const rule = 'price/differs-across-channels'
    const kept = Object.keys(JSON.parse(project.read('baseline.json')).findings[rule])
    expect(kept).toHaveLength(isSofaRead ? 1 : 2)
    expect(Object.keys(before[rule])).toEqual(expect.arrayContaining(kept))
    project.write('web.csv', project.read('shop.csv'))
    expect(await resolved('2026-11-21T08:00:00Z')).toBeGreaterThanOrEqual(kept.length)
  })

  it('keeps what is suppressed for a time', async () => {
    start(BAD)
    await baseline()
    const before = project.read('baseline.json')
    project.write('silence.yaml', `version: 1\nsuppressions:\n${entry('item: LAMP', '2026-12-01')}`)
    project.write('omniparity.yaml', `${CONFIG}suppressions: silence.yaml\n`)
    expect((await baseline({ action: 'update' })).stdout).toContain('0 gone, 0 better, 2 kept')
    expect(project.read('baseline.json')).toBe(before)
    expect((await audit()).silences?.['baseline']).toMatchObject({ known: 1, gone: 0 })
  })

  it('is the same file for the same debt', async () => {
    start(BAD)
    await baseline()
    const before = project.read('baseline.json')
    await baseline({}, '2026-12-24T08:00:00Z')
    expect(project.read('baseline.json')).toBe(before)
  })

  it('stays as it is when a channel cannot be read', async () => {
    start(BAD)
    await baseline()
    const before = project.read('baseline.json')
    project.write('web.csv', '')
    await expect(baseline()).rejects.toThrow('silence/partial')
    expect(project.read('baseline.json')).toBe(before)
  })

  it('does not hold what is suppressed, so that it fires when the suppression is over', async () => {
    start(BAD, entry('item: LAMP', '2026-12-01'))
    await baseline()
    expect((await audit()).found).toEqual(['LAMP suppressed', 'SOFA known'])
    expect((await audit({ asOf: '2026-12-02T08:00:00Z' })).found).toEqual(['LAMP new', 'SOFA known'])
  })

  it('can be another file, which has to be there', async () => {
    start(BAD)
    await expect(project.audit({ ...ONLY, baseline: 'debt.json' })).rejects.toThrow('silence/no-baseline')
    project.write('debt.json', '{"format": "omniparity-baseline/1", "findings": []}')
    await expect(project.audit({ ...ONLY, baseline: 'debt.json' })).rejects.toThrow('silence/bad-baseline')
  })

  it('max_new lets so many pass', async () => {
    start(BAD)
    project.write('omniparity.yaml', `${CONFIG}gate: {max_new: 2}\n`)
    expect((await audit()).status).toBe(0)
    project.write('omniparity.yaml', `${CONFIG}gate: {max_new: 1}\n`)
    expect((await audit()).status).toBe(1)
  })
})
