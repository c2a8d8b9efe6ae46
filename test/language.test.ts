/** The language of rules as `rules/LANGUAGE.md` tells it: its examples are read, run and tested, its lists are those of the program. */
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { FORMULAS } from '../src/audit/impact-formulas.ts'
import { UNKNOWN_REASONS } from '../src/model/report.ts'
import { testRules } from '../src/ops/test-rules.ts'
import { AGGREGATES } from '../src/rules/expression/ast.ts'
import { FUNCTIONS } from '../src/rules/expression/functions.ts'
import { PARAM_TYPES } from '../src/rules/params.ts'
import { QUERY_TABLES, RESULT_COLUMNS } from '../src/rules/query/tables.ts'
import { PLACEHOLDERS, RULE_KINDS, RULE_TABLES } from '../src/rules/rule.ts'
import { RuleFile, ruleJsonSchema } from '../src/rules/schema.ts'
import { SmallProject } from './small-project.ts'

const LANGUAGE = readFileSync(new URL('../rules/LANGUAGE.md', import.meta.url), 'utf8')

interface Example {
  /** `file`: the whole of it; `keys of`: what a rule has besides the texts; `part of`: a piece of something. */
  readonly form: string
  readonly name: string
  readonly text: string
}

const examples: readonly Example[] = [...LANGUAGE.matchAll(/```yaml\n# ([a-z ]+): (.+)\n([\s\S]*?)```/g)].map(
  ([, form = '', name = '', text = '']) => ({ form, name, text }),
)

const text = { en: '{item}: {sides}', es: '{item}: {sides}' }
const docs = { what: 'w', why: 'y', 'quiet-when': 'q', fix: 'f', example: 'e' }

/** The rule files that the examples make. */
const files: Readonly<Record<string, string>> = Object.fromEntries(
  examples.flatMap(({ form, name, text: written }): [string, string][] => {
    if (form === 'file') return [[name, written]]
    if (form !== 'keys of') return []
    const own: object = parse(written)
    const message = 'codes' in own ? {} : { message: text }
    const rule = { title: text, severity: 'error', ...own, ...message, docs: { en: docs, es: docs }, since: '1.0.0' }
    return [[`rules/${name}.yaml`, stringify(rule)]]
  }),
)

const MAP =
  'map: {sku: sku, title: title, brand: brand, status: status, price.regular: price, price.cost: cost, stock.on_hand: hand, stock.available: free}'
const CONFIG = `version: 1
market: ES
currency: EUR
channels:
  shop: {kind: store, includes_tax: true, sources: [{platform: csv, path: shop.csv, ${MAP}}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv, ${MAP}}]}
authority: {catalog: shop}
`
const HEAD = 'sku,title,brand,status,price,cost,hand,free\n'
const FILES = {
  'shop.csv': `${HEAD}A 1,Lamp 20 cm,Lux,active,12.00,11.90,5,5\nA2,Sofa blue,,discontinued,900.99,100,3,5\nA3,Red mug,,active,7.10,8,1,1\nA3,Red mug,,active,7.10,8,1,1\n`,
  'web.csv': `${HEAD}A 1,Lamp 30 cm,Luz,active,13.50,11.90,5,5\nA2,Garden chair made of oak with a cushion,Casa,active,900.99,100,5,5\nA9,Pen,Casa,active,3.10,1,5,5\n`,
}

let project = new SmallProject({})
beforeEach(() => {
  project.remove()
  project = new SmallProject({ ...FILES, ...files })
})
afterEach(() => project.remove())

describe('the document of the language', () => {
  it('has rules that run, and find what they are for', async () => {
    const ids = Object.keys(files).flatMap((file) => /^rules\/(own\/[a-z-]+)\.yaml$/.exec(file)?.[1] ?? [])
    const rules = ids.map((id) => `  ${id}: warning\n`).join('')
    project.write('omniparity.yaml', `${CONFIG}rules_dir: rules/\nrules:\n${rules}`)
    const { findings, coverage } = JSON.parse((await project.audit({ only: ['own'] })).stdout)
    const found = findings.map((one: { rule: string; code: string | null; item: { sku: string } | null }) =>
      [one.rule.slice('own/'.length), one.code ?? [], one.item?.sku ?? []].flat().join(' '),
    )
    expect([...new Set<string>(found)].sort()).toEqual(FOUND)
    expect(coverage.map(({ rule }: { rule: string }) => rule).sort()).toEqual([...ids].sort())
  })

  it('has cases that pass', async () => {
    for (const file of Object.keys(files)) if (!/too-round/.test(file)) project.write(file, '')
    const only = new SmallProject(Object.fromEntries(Object.entries(files).filter(([file]) => /too-round/.test(file))))
    try {
      let told = ''
      const request = { dir: join(only.dir, 'rules'), configFile: null, cwd: tmpdir(), locale: 'en' } as const
      const passed = await testRules(request, async (part) => {
        told += part
      })
      expect(told).not.toContain('FAIL')
      expect(passed).toBe(true)
    } finally {
      only.remove()
    }
  })

  it.each(examples.filter(({ name }) => name === 'omniparity.yaml').map(({ text: part }) => [part]))(
    'has settings that are read: %s',
    async (part) => {
      project.write('omniparity.yaml', `${CONFIG}${part}`)
      await expect(project.audit({ only: ['own/too-round'] })).resolves.toMatchObject({ status: expect.any(Number) })
    },
  )

  it('has parameters that are read', () => {
    const parts = examples.filter(({ name }) => name === 'a rule')
    expect(parts).not.toEqual([])
    for (const { text: part } of parts) expect(RuleFile.shape.params.safeParse(parse(part).params).success).toBe(true)
  })

  it.each([
    ['key', Object.keys(RuleFile.shape)],
    ['kind', RULE_KINDS],
    ['table', RULE_TABLES],
    ['function', [...FUNCTIONS.keys()]],
    ['aggregate', AGGREGATES],
    ['type of a parameter', PARAM_TYPES],
    ['reason', UNKNOWN_REASONS],
    ['formula', [...FORMULAS.keys()]],
    ['table of queries', Object.keys(QUERY_TABLES)],
    ['column of a result', RESULT_COLUMNS],
    ['placeholder', PLACEHOLDERS.map((name) => `{${name}}`)],
  ])('names every %s', (_, names) => {
    const isTold = (name: string): boolean => {
      const at = LANGUAGE.indexOf(`\`${name}`)
      return (
        at >= 0 ||
        new RegExp(`\`[^\`\\n]*(?<![\\w.])${name.replaceAll(/[^\w]/g, '\\$&')}(?![\\w.])[^\`\\n]*\``).test(LANGUAGE)
      )
    }
    expect(names.filter((name) => !isTold(name))).toEqual([])
  })
})

describe('the schema of rule files', () => {
  const validate = new Ajv2020({ strict: false }).compile(ruleJsonSchema())
  const root = fileURLToPath(new URL('../rules/', import.meta.url))
  const bundled = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /^(?!packs|data)[a-z]+\/[a-z-]+\.yaml$/.test(name),
  )

  it('takes every rule of the package and of the document', () => {
    const own = Object.entries(files).filter(([name]) => !name.includes('fixtures'))
    const all = [...own, ...bundled.map((name) => [name, readFileSync(join(root, name), 'utf8')] as const)]
    expect(all.length).toBeGreaterThan(90)
    expect(all.filter(([, written]) => !validate(parse(written))).map(([name]) => name)).toEqual([])
  })

  it.each([
    ['an unknown key', { sevrity: 'error' }],
    ['a key of another kind', { query: 'SELECT 1 AS key' }],
    ['an unknown table', { on: 'listings' }],
  ])('refuses %s', (_, wrong) => {
    const good = { title: text, severity: 'error', kind: 'equal', on: 'listing', group: ['item'], value: 'brand' }
    const whole = { ...good, message: text, docs: { en: docs, es: docs }, since: '1.0.0' }
    expect(validate(whole)).toBe(true)
    expect(validate({ ...whole, ...wrong })).toBe(false)
  })
})

const FOUND: readonly string[] = [
  'below-cost A 1',
  'below-cost A3',
  'cost-below-price A3',
  'no-brand A3',
  'odd-sku blank_in_it A 1',
  'orphan unmatched A9',
  'regular-price A 1',
  'same-brand A 1',
  'sku-twice A3',
  'sold-out-everywhere A2',
  'stock-adds-up A2',
  'title-elsewhere numbers A 1',
  'too-round A 1',
]
