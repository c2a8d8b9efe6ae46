/** What overrides change: severity, being on, and parameters, where the scope fits and nowhere else. */
import { afterEach, describe, expect, it } from 'vitest'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import type { Finding } from '../src/model/report.ts'
import { SmallProject } from './small-project.ts'

interface Told {
  readonly status: number
  readonly findings: readonly Finding[]
  readonly fail: number
  readonly notApplicable: number
}

let project = new SmallProject({})
afterEach(() => project.remove())

const FILES: Readonly<Record<string, string>> = {
  'shop.csv': 'sku,title,brand,category,price\nLAMP,Lamp,Lux,Home > Lamps,100\nSOFA,Sofa,Casa,Outlet > Sofas,200\n',
  'web.csv': 'sku,title,brand,category,price\nLAMP,Lamp,Lux,Home > Lamps,103\nSOFA,Sofa,Casa,Outlet > Sofas,206\n',
}

/** Audits two channels in which both articles cost 3 % more on the web. */
async function audit(rule: string, config: string, files = FILES): Promise<Told> {
  project.remove()
  const yaml = `version: 1
market: ES
currency: EUR
channels:
  shop: {kind: store, includes_tax: true, sources: [{platform: csv, path: shop*.csv, map: {sku: sku, price.regular: price, title: title, brand: brand, category: category}}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv, map: {sku: sku, price.regular: price, title: title, brand: brand, category: category}}]}
${config}
`
  project = new SmallProject({ ...files, 'omniparity.yaml': yaml })
  const { status, stdout } = await project.audit({ only: [rule] })
  const report = JSON.parse(stdout)
  const [coverage] = report.coverage
  return { status, findings: report.findings, fail: coverage.fail, notApplicable: coverage.not_applicable }
}

const DIFFERS = 'price/differs-across-channels'

function brief({ findings }: Told): readonly string[] {
  return findings.map(({ item, severity }) => `${item?.sku} ${severity}`)
}

describe('an override', () => {
  it('changes the severity of findings with a side in its scope', async () => {
    const told = await audit(DIFFERS, `overrides: [{when: {category: ["outlet/**"]}, rules: {${DIFFERS}: warning}}]`)
    expect(brief(told)).toEqual(['LAMP error', 'SOFA warning'])
  })

  it('that switches off leaves nothing that failed', async () => {
    const told = await audit(DIFFERS, `overrides: [{when: {brand: LUX}, rules: {"price/*": off}}]`)
    expect(brief(told)).toEqual(['SOFA error'])
    expect([told.fail, told.notApplicable]).toEqual([1, 1])
  })

  it('changes a parameter where the scope fits', async () => {
    const rules = `{${DIFFERS}: {params: {pct_tol: 0.05}}}`
    const told = await audit(DIFFERS, `overrides: [{when: {sku: "SO*"}, rules: ${rules}}]`)
    expect(brief(told)).toEqual(['LAMP error'])
  })

  it('the strictest parameters of the sides decide, unless all sides are in the scope', async () => {
    const rules = `{${DIFFERS}: {params: {pct_tol: 0.05}}}`
    const loose = `overrides: [{when: {channel: web}, rules: ${rules}}]`
    expect(brief(await audit(DIFFERS, loose))).toEqual(['LAMP error', 'SOFA error'])
    const strict = `rules: ${rules}\noverrides: [{when: {channel: web}, rules: {${DIFFERS}: {params: {pct_tol: 0.01}}}}]`
    expect(brief(await audit(DIFFERS, strict))).toEqual(['LAMP error', 'SOFA error'])
    const all = `rules: ${rules}\noverrides: [{when: {channel: web, all_sides: true}, rules: {${DIFFERS}: {params: {pct_tol: 0.01}}}}]`
    expect(brief(await audit(DIFFERS, all))).toEqual([])
    const both = `overrides: [{when: {channel: [web, shop], all_sides: true}, rules: ${rules}}]`
    expect(brief(await audit(DIFFERS, both))).toEqual([])
  })

  it('the last that fits wins, each parameter on its own', async () => {
    const tol = (value: string): string => `{${DIFFERS}: {params: {pct_tol: ${value}}}}`
    const told = await audit(
      DIFFERS,
      `overrides:\n  - {when: {market: ES}, rules: ${tol('0.05')}}\n  - {when: {category: home/lamps}, rules: ${tol('0.01')}}\n  - {when: {market: PT}, rules: ${tol('0')}}`,
    )
    expect(brief(told)).toEqual(['LAMP error'])
  })

  it('knows the file of a row', async () => {
    const files = {
      'shop1.csv': FILES['shop.csv']?.replace(/SOFA.*\n/, '') ?? '',
      'shop2.csv': FILES['shop.csv']?.replace(/LAMP.*\n/, '') ?? '',
      'web.csv': FILES['web.csv'] ?? '',
    }
    const told = await audit(DIFFERS, `overrides: [{when: {source: "*2.csv"}, rules: {${DIFFERS}: info}}]`, files)
    expect(brief(told)).toEqual(['LAMP error', 'SOFA info'])
  })

  it('on rows spares the rows of its scope alone', async () => {
    const bad = Object.fromEntries(
      Object.entries(FILES).map(([name, text]) => [name, text.replaceAll(/,\d+\n/g, ',0\n')]),
    )
    const told = await audit('price/missing-or-zero', 'overrides: [{when: {channel: web}, rules: {"*": off}}]', bad)
    const sides = told.findings.flatMap((finding) => finding.sides.map(({ channel }) => channel))
    expect(sides).toEqual(['shop', 'shop'])
    expect([told.fail, told.notApplicable]).toEqual([2, 2])
  })

  it('takes one rule, or those of a pattern', async () => {
    const told = await audit(DIFFERS, `overrides: [{when: {rule: "price/differs-*"}, rules: {"*": info}}]`)
    expect(brief(told)).toEqual(['LAMP info', 'SOFA info'])
    const other = await audit(DIFFERS, `overrides: [{when: {rule: "stock/*"}, rules: {"*": info}}]`)
    expect(brief(other)).toEqual(['LAMP error', 'SOFA error'])
  })

  it('knows the location of a stock record', async () => {
    const rule = 'stock/negative-quantity'
    project.remove()
    project = new SmallProject({
      'shop.csv': 'sku,title\nLAMP,Lamp\nSOFA,Sofa\n',
      'stock.csv': 'sku,location,on_hand\nLAMP,T01,-3\nLAMP,ALM1,-5\nSOFA,T01,-1\n',
      'omniparity.yaml': `version: 1
market: ES
channels:
  shop:
    kind: store
    sources:
      - {platform: csv, path: shop.csv}
      - {platform: csv, path: stock.csv, map: {sku: sku, stock.location: location, stock.on_hand: on_hand}}
overrides: [{when: {location: "T*"}, rules: {${rule}: off}}]
`,
    })
    const { findings } = JSON.parse((await project.audit({ only: [rule] })).stdout)
    expect(findings.map((one: Finding) => one.sides.map(({ value }) => value))).toEqual([['ALM1', '-5']])
  })

  it('of a market leaves the others alone, and so does a pack of a country', async () => {
    project.remove()
    const table = 'sku,title,price\nLAMP,Lamp,100\n'
    const source = (path: string): string => `sources: [{platform: csv, path: ${path}}]`
    project = new SmallProject({
      'web.csv': table,
      'app.csv': table,
      'omniparity.yaml': `version: 1
currency: EUR
extends: [eu]
channels:
  web: {kind: web, market: ES, includes_tax: false, ${source('web.csv')}}
  app: {kind: web, market: US, includes_tax: false, ${source('app.csv')}}
overrides: [{when: {market: US}, rules: {price/missing-or-zero: off}}]
`,
    })
    const { findings, coverage } = JSON.parse((await project.audit()).stdout)
    const taxed = findings.filter((one: Finding) => one.rule === 'price/tax-excluded-display')
    expect(taxed.map((one: Finding) => [one.market, one.severity])).toEqual([['ES', 'error']])
    const zero = coverage.find((one: { rule: string }) => one.rule === 'price/missing-or-zero')
    expect(zero).toMatchObject({ pass: 1, not_applicable: 1 })
  })

  it('a list may be longer in a scope', async () => {
    const row = (season: string): string =>
      `sku,title,brand,size,season\nLAMP,Lamp,Lux,M,${season}\nSOFA,Sofa,Casa,M,${season}\n`
    const files = { 'shop.csv': row('winter'), 'web.csv': row('summer') }
    const map = '{sku: sku, title: title, brand: brand, attributes.size: size, attributes.season: season}'
    const rule = 'catalog/attribute-mismatch'
    const config = (overrides: string): string => `version: 1
market: ES
channels:
  shop: {kind: store, sources: [{platform: csv, path: shop.csv, map: ${map}}]}
  web: {kind: web, sources: [{platform: csv, path: web.csv, map: ${map}}]}
${overrides}
`
    const found = async (overrides: string): Promise<readonly string[]> => {
      project.remove()
      project = new SmallProject({ ...files, 'omniparity.yaml': config(overrides) })
      const { findings } = JSON.parse((await project.audit({ only: [rule] })).stdout)
      return findings.map(
        (one: Finding) => `${one.item?.sku} ${one.code} ${one.sides.map(({ value }) => value).join(' ')}`,
      )
    }
    expect(await found('')).toEqual([])
    const set = `{${rule}: {params: {"+keys": [season]}}}`
    expect(await found(`overrides: [{when: {brand: Casa}, rules: ${set}}]`)).toEqual(['SOFA season winter summer'])
  })

  it('of a parameter that the rule takes for the whole audit is refused', async () => {
    const rule = 'identity/duplicate-gtin'
    const config = `overrides: [{when: {channel: web}, rules: {${rule}: {params: {ignore_status: [archived]}}}}]`
    await expect(audit(rule, config)).rejects.toThrow(DiagnosticError)
  })
})
