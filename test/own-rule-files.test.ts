/** The folder of own rules: what is read, what is refused and where, and what is said of rules that are off. */
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import type { Finding } from '../src/model/report.ts'
import { type Said, SmallProject } from './small-project.ts'

const text = { en: '{item}: {sides}', es: '{item}: {sides}' }
const docs = { what: 'w', why: 'y', 'quiet-when': 'q', fix: 'f', example: 'e' }
const ENVELOPE = {
  title: text,
  severity: 'error',
  on: 'listing',
  message: text,
  docs: { en: docs, es: docs },
  since: '0.1.0',
}
const RULE = `${stringify({ ...ENVELOPE, kind: 'implies', if: 'sku is not null' })}then: price.regular > 5\n`

function query(sql: string, more: object = {}): string {
  return stringify({ ...ENVELOPE, kind: 'sql', query: sql, ...more })
}

function config(more: string): string {
  const map = 'map: {sku: sku, price.regular: price}'
  return `version: 1
market: ES
currency: EUR
channels:
  shop: {kind: store, includes_tax: true, sources: [{platform: csv, path: shop.csv, ${map}}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv, ${map}}]}
${more}
`
}

const LISTINGS = 'sku,price\nA1,10\nA2,20\nA3,0\n'
const FILES: Readonly<Record<string, string>> = { 'shop.csv': LISTINGS, 'web.csv': 'sku,price\nA1,10\nA2,20\n' }

let project = new SmallProject({})
afterEach(() => project.remove())

function begin(files: Readonly<Record<string, string>>, more = 'rules_dir: rules'): void {
  project.remove()
  project = new SmallProject({ ...FILES, ...files, 'omniparity.yaml': config(more) })
}

/** Codes and places of what the audit refuses. */
async function refused(): Promise<readonly string[]> {
  const error: unknown = await project.audit().catch((cause: unknown) => cause)
  if (!(error instanceof DiagnosticError)) throw new Error('nothing was refused', { cause: error })
  return error.diagnostics.map(({ code, where }) => {
    const file = where !== null && 'file' in where ? where.file.replace(`${project.dir}/`, '') : ''
    return `${code} ${file}${where !== null && 'line' in where ? `:${where.line}` : ''}`.trim()
  })
}

describe('the folder of own rules', () => {
  it('that is a file is refused', async () => {
    begin({ rules: 'title: x\n' })
    expect(await refused()).toEqual(['rules/not-a-folder'])
  })

  it.each(['own/sub/lamp.yaml', 'own/lamp.YAML', 'Own/lamp.yaml', 'own/lamp.yaml/notes.txt'])(
    'holds no rule at %s',
    async (path) => {
      begin({ [`rules/${path}`]: RULE })
      expect(await refused()).toEqual(['rules/bad-name'])
    },
  )

  it('holds one file a rule', async () => {
    begin({ 'rules/own/lamp.yaml': RULE, 'rules/own/lamp.yml': RULE })
    expect(await refused()).toEqual(['rules/two-files rules/own/lamp.yml'])
  })

  it('says which file cannot be read', async () => {
    begin({ 'rules/own/latin.yaml': '' })
    writeFileSync(join(project.dir, 'rules/own/latin.yaml'), Buffer.from(RULE.replace('sides', 'ñ'), 'latin1'))
    symlinkSync('nowhere', join(project.dir, 'rules/own/link.yaml'))
    expect(await refused()).toEqual(['rules/unreadable rules/own/latin.yaml', 'rules/unreadable rules/own/link.yaml'])
  })

  it.each([
    ['nothing', '', ''],
    ['comments', '# later\n', ''],
    ['a list', '- title\n', ':1'],
    ['a word', 'title\n', ':1'],
  ])('holds no file with %s', async (_, written, line) => {
    begin({ 'rules/own/lamp.yaml': written })
    expect(await refused()).toEqual([`rules/not-a-rule rules/own/lamp.yaml${line}`])
  })

  it('cannot replace what a pack locks, nor take its name over', async () => {
    const rule = RULE.replace('severity: error', 'severity: off')
    begin({ 'rules/catalog/recalled-still-sellable.yaml': rule })
    expect(await refused()).toEqual(['rules/locked-file rules/catalog/recalled-still-sellable.yaml:1'])
    begin({ 'rules/own/lamp.yaml': `${rule}formerly: [catalog/recalled-still-sellable]\n` })
    expect(await refused()).toEqual(['rules/former-id-taken rules/own/lamp.yaml:1'])
    const both = `${rule}formerly: [own/older]\n`
    begin({ 'rules/own/lamp.yaml': both, 'rules/own/sofa.yaml': both })
    expect(await refused()).toEqual(['rules/former-id-taken rules/own/sofa.yaml:1'])
  })

  it('can replace any other rule', async () => {
    begin({ 'rules/price/missing-or-zero.yaml': RULE })
    expect(JSON.parse((await project.audit()).stdout).findings).toMatchObject([
      { rule: 'price/missing-or-zero', item: { sku: 'A3' } },
      {},
    ])
  })

  it('without a rule, and rules that are off, are told', async () => {
    begin({ 'rules/notes.txt': 'none yet' })
    expect((await project.audit()).warnings.join()).toContain('warning[rules/none-found]')
    begin({ 'rules/own/lamp.yaml': RULE })
    const { warnings } = await project.audit()
    expect(warnings.join()).toContain("a rule of the project is off: own/lamp\n  help: switch it on under 'rules:'")
    begin({ 'rules/own/lamp.yaml': RULE }, 'rules_dir: rules\nrules: {own/lamp: off}')
    expect((await project.audit()).warnings.join()).not.toContain('is off')
  })
})

describe('what a rule names', () => {
  it.each([
    ['a field that no plan writes', 'fix: {side: row, field: price.regulr}', 'rules/unknown-field rules/own/lamp.yaml'],
    ['a value that nobody knows', 'fix: {side: row, field: sku, to: banana}', 'rules/bad-value rules/own/lamp.yaml'],
    ['a formula that does not exist', "impact: {formula: 'gap * banana'}", 'rules/bad-value rules/own/lamp.yaml'],
  ])('cannot be %s', async (_, line, expected) => {
    begin({ 'rules/own/lamp.yaml': `${RULE}${line}\n` })
    expect((await refused()).map((one) => one.replace(/:\d+$/, ''))).toEqual([expected])
  })

  it('is complained about where it stands', async () => {
    const params = { words: { type: 'list', default: ['a'], doc: { en: 'a', es: 'b' } } }
    const rule = query('SELECT sku AS key FROM listing WHERE list_contains($words, sku)', { params })
    const settings = 'rules:\n  own/q:\n    severity: error\n    params:\n      words: 3'
    begin({ 'rules/own/q.yaml': rule }, `rules_dir: rules\n${settings}`)
    expect(await refused()).toEqual(['rules/bad-value omniparity.yaml:12'])
  })

  const renamed = { 'rules/own/lamp.yaml': `${RULE}formerly: [own/old]\n` }

  it('may be named by an id of before on the command line', async () => {
    begin(renamed)
    const only = await project.audit({ only: ['own/old'] })
    expect(JSON.parse(only.stdout).coverage).toMatchObject([{ rule: 'own/lamp' }])
    expect(only.warnings.join()).toContain('own/old is called own/lamp now')
    begin(renamed, 'rules_dir: rules\nrules: {own/old: error}')
    const skipped = JSON.parse((await project.audit({ skip: ['own/old'] })).stdout)
    expect(skipped.coverage.map(({ rule }: { rule: string }) => rule)).not.toContain('own/lamp')
  })

  it('cannot be set under both ids', async () => {
    begin(renamed, 'rules_dir: rules\nrules: {own/old: error, own/lamp: warning}')
    expect(await refused()).toEqual(['rules/set-twice omniparity.yaml:8'])
  })
})

describe('a scope that fits nothing', () => {
  const override = (when: string): string => `overrides: [{when: {${when}}, rules: {price/outlier: warning}}]`

  it.each([
    ['channel_kind: shop', 'config/scope-unmatched omniparity.yaml:7'],
    ['phase: discover', 'config/scope-unmatched omniparity.yaml:7'],
    ['rule: "prize/*"', 'config/unknown-rule omniparity.yaml:7'],
  ])('is refused: %s', async (when, expected) => {
    begin({}, override(when))
    expect(await refused()).toEqual([expected])
  })

  it.each(['channel_kind: "Store"', 'market: es', 'rule: "price/*"', 'source: "*.csv"'])('is not %s', async (when) => {
    begin({}, override(when))
    expect((await project.audit()).warnings).toEqual([])
  })

  it('of files and markets is told', async () => {
    begin({}, override('market: SP'))
    expect((await project.audit()).warnings.join()).toMatch(/config\/scope-unmatched.*'SP'[\s\S]*omniparity.yaml:7/)
    begin({}, override('source: wbe.csv'))
    const { warnings } = await project.audit()
    expect(warnings.join()).toMatch(
      /config\/scope-unmatched.*'wbe.csv'[\s\S]*omniparity.yaml:7[\s\S]*did you mean 'web.csv'/,
    )
  })
})

describe('the pack core', () => {
  it('is part of every audit', async () => {
    begin({ 'rules/notes.txt': '' }, 'extends: [recommended, {core: off}]')
    expect(await refused()).toEqual(['config/core-off omniparity.yaml:7'])
  })
})

describe('a query', () => {
  interface Told {
    readonly found: readonly string[]
    readonly coverage: object
  }

  async function audit(sql: string, more: object = {}): Promise<Told> {
    begin({ 'rules/own/q.yaml': query(sql, more) }, 'rules_dir: rules\nrules: {own/q: error}')
    const said: Said = await project.audit({ only: ['own/q'] })
    const { findings, coverage } = JSON.parse(said.stdout)
    return {
      found: findings.map(({ item, message }: Finding) => `${item?.sku ?? '-'} ${message}`),
      coverage: coverage.find(({ rule }: { rule: string }) => rule === 'own/q'),
    }
  }
  const all = { checked: 3, pass: 0, fail: 3, not_applicable: 0, unknown: {} }

  it.each([
    'SELECT sku AS key FROM listing',
    'SELECT sku AS key, channel AS side FROM listing',
    'SELECT DISTINCT sku AS key FROM listing',
    "SELECT sku AS key FROM listing WHERE channel = 'shop'",
  ])('counts articles, however it names them: %s', async (sql) => {
    expect((await audit(sql)).coverage).toMatchObject(all)
  })

  it('passes no article while a row has no key', async () => {
    const { coverage } = await audit("SELECT nullif(sku, 'A1') AS key FROM listing WHERE channel = 'shop'")
    expect(coverage).toMatchObject({ checked: 3, pass: 0, fail: 2, unknown: { no_input: 1 } })
  })

  it('may say of a channel that it lacks an article', async () => {
    const sql = "SELECT sku AS key, 'web' AS side FROM listing GROUP BY sku HAVING count(*) = 1"
    const { found, coverage } = await audit(sql)
    expect(found).toEqual(['A3 A3: web empty'])
    expect(coverage).toMatchObject({ checked: 3, pass: 2, fail: 1 })
  })

  it('that divides by zero knows nothing, and finds nothing', async () => {
    const { coverage } = await audit('SELECT sku AS key FROM listing WHERE 1 / "price.regular" > 1')
    expect(coverage).toMatchObject({ checked: 3, pass: 3 })
  })

  it.each([
    "WITH own AS (SELECT * FROM listing) SELECT sku AS key FROM own WHERE sku = 'A3'",
    `WITH own AS (SELECT COLUMNS('price.*'), sku FROM listing) SELECT sku AS key FROM own WHERE "price.regular" = 0`,
  ])('takes for all columns those that are there: %s', async (sql) => {
    expect((await audit(sql)).coverage).toMatchObject({ checked: 3, pass: 2, fail: 1 })
  })

  it('may have a list without members', async () => {
    const params = { words: { type: 'list', default: [], doc: { en: 'a', es: 'b' } } }
    expect(
      (await audit('SELECT sku AS key FROM listing WHERE NOT list_contains($words, sku)', { params })).coverage,
    ).toMatchObject(all)
  })

  it.each([
    ['gives a side that is no channel', "SELECT 'A1' AS key, 'weeb' AS side", {}, 'rules/bad-query'],
    ['takes a sample', 'SELECT sku AS key FROM listing USING SAMPLE 3', {}, 'rules/bad-query'],
    ['takes a sample of a table', 'SELECT sku AS key FROM listing TABLESAMPLE 10%', {}, 'rules/bad-query'],
    ['asks for the time', 'SELECT sku AS key FROM listing WHERE as_of() < current_timestamp', {}, 'rules/bad-query'],
    ['asks for the user', 'SELECT user AS key FROM listing', {}, 'rules/bad-query'],
    ['has codes', 'SELECT sku AS key FROM listing', { codes: { lamp: { message: text } } }, 'rules/unknown-key'],
  ])('that %s is refused', async (_, sql, more, code) => {
    begin({ 'rules/own/q.yaml': query(sql, more) }, 'rules_dir: rules\nrules: {own/q: error}')
    expect((await refused()).map((one) => one.replace(/:\d+$/, ''))).toEqual([`${code} rules/own/q.yaml`])
  })
})
