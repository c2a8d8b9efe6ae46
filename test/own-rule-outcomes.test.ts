/** What a project's own rules say where a value is missing, or nobody could have said it: unknown, never pass nor failure. */
import { afterEach, expect, it } from 'vitest'
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts'
import { parseRule } from '../src/rules/load.ts'
import { SmallProject } from './small-project.ts'

const CONFIG = `version: 1
project: T
market: ES
currency: EUR
timezone: Europe/Madrid
extends: [{recommended: off}]
channels:
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv, map: {sku: sku, title: title, brand: brand, price.regular: price, price.cost: cost}}]}
  store: {kind: store, includes_tax: true, sources: [{platform: csv, path: store.csv, map: {sku: sku, title: title, price.regular: price, price.cost: cost}}]}
rules_dir: rules/
rules: {own/x: error}
`

const ROWS = ['A1,Lamp red,20.00,5.00', 'A2,Jug,20.00,0', 'A3,Mug,,3.00', 'A4,Chair,20.00,', 'A5,Sofa,word,1.00']
const WEB = `sku,title,price,cost,brand\n${ROWS.map((row, index) => `${row},${index === 0 ? '' : 'Acme'}`).join('\n')}\n`
const STORE = `sku,title,price,cost\n${ROWS.join('\n')}\n`

const MESSAGE = 'message: {en: "{item} {sides}", es: "{item} {sides}"}\n'
const DOCS = '{what: w, why: w, quiet-when: w, fix: w, example: w}'

function ruleOf(body: string): string {
  return `title: {en: The title, es: El título}
severity: error
${body.includes('on: ') ? '' : 'on: listing\n'}docs: {en: ${DOCS}, es: ${DOCS}}
since: 1.0.0
${/^ *message:/m.test(body) || body.includes('codes:') ? '' : MESSAGE}${body}
`
}

let project: SmallProject | null = null
afterEach(() => {
  project?.remove()
  project = null
})

interface Found {
  readonly rule: string
  readonly code: string | null
  readonly message: string
}

interface Judged {
  readonly coverage: string
  readonly messages: readonly string[]
}

async function judged(body: string, config = CONFIG): Promise<Judged> {
  project = new SmallProject({
    'omniparity.yaml': config,
    'web.csv': WEB,
    'store.csv': STORE,
    'rules/own/x.yaml': ruleOf(body),
  })
  const { coverage, findings } = JSON.parse((await project.audit()).stdout)
  const { pass, fail, not_applicable: none, unknown } = coverage.find(({ rule }: { rule: string }) => rule === 'own/x')
  const reasons = Object.entries(unknown).map(([reason, count]) => ` ${reason} ${count}`)
  return {
    coverage: `pass ${pass} fail ${fail} n/a ${none}${reasons.join('')}`,
    messages: findings
      .filter(({ rule }: Found) => rule === 'own/x')
      .map(({ code, message }: Found) => `${code} ${message}`),
  }
}

const CODE = 'message: {en: "named", es: "dicho"}'
const format = (when: string): string => `kind: format\ncodes: {x: {when: "${when}", ${CODE}}}\nfields: [price.regular]`

it.each([
  // Rows without a price, without a cost, with a cost of zero, and with a price that is none.
  [format('price.regular / price.cost > 5'), 'pass 2 fail 0 n/a 0 no_input 6 vocabulary 2'],
  [format('not (price.regular > 15)'), 'pass 6 fail 0 n/a 0 no_input 2 vocabulary 2'],
  [format('price.regular > 15 or price.cost > 2'), 'pass 0 fail 8 n/a 0 vocabulary 2'],
  ['kind: implies\nif: price.regular > 1\nthen: title is null', 'pass 0 fail 6 n/a 0 no_input 2 vocabulary 2'],
  ['kind: implies\nif: price.regular > 1\nthen: title is not null', 'pass 8 fail 0 n/a 0 vocabulary 2'],
  ['kind: implies\nif: price.regular > 30\nthen: title is null', 'pass 0 fail 0 n/a 6 no_input 2 vocabulary 2'],
  [
    'kind: implies\ngroup: [item, market]\nif: any(price.regular > 1)\nthen: all(price.cost > 4)',
    // Of the fifth article nobody could read the price.
    'pass 1 fail 1 n/a 0 no_input 2 vocabulary 1',
  ],
])('does not take what is unknown for right: %s', async (body, coverage) => {
  expect((await judged(body)).coverage).toBe(coverage)
})

// No source has part numbers; the store has no brands, and the web shop lacks one.
it.each([
  ['kind: implies\nif: sku is not null\nthen: mpn is not null', 'pass 0 fail 0 n/a 0 no_input 10'],
  ['kind: present\nrequire: mpn is not null', 'pass 0 fail 0 n/a 0 no_input 10'],
  ['kind: implies\nif: mpn is null\nthen: title is null', 'pass 0 fail 0 n/a 0 no_input 10'],
  [`kind: implies\nif: coalesce(mpn, '') = ''\nthen: title is null`, 'pass 0 fail 0 n/a 0 no_input 10'],
  ['kind: implies\nif: blank(mpn)\nthen: title is null', 'pass 0 fail 0 n/a 0 no_input 10'],
  [format('mpn is null'), 'pass 0 fail 0 n/a 0 no_input 10'],
  [`value: mpn\n${format('mpn is null')}`, 'pass 0 fail 0 n/a 0 no_input 10'],
  ['kind: reconcile\nleft: price.cost\nright: coalesce(price.tax_rate, 0)', 'pass 0 fail 0 n/a 2 no_input 8'],
  [
    'kind: implies\ngroup: [item, market]\nif: all(mpn is null)\nthen: all(title is null)',
    'pass 0 fail 0 n/a 0 no_input 5',
  ],
  [
    'kind: implies\ngroup: [item, market]\nif: count(mpn) = 0\nthen: all(title is null)',
    'pass 0 fail 0 n/a 0 no_input 5',
  ],
  ['kind: present\nrequire: brand is not null', 'pass 4 fail 1 n/a 0 no_input 5'],
  // What decides without it is decided.
  ['kind: present\nrequire: sku is not null or mpn is not null', 'pass 10 fail 0 n/a 0'],
  ['kind: implies\nif: coalesce(brand, title) is not null\nthen: sku is not null', 'pass 10 fail 0 n/a 0'],
  // Whoever asks whether a source has it, or says what the rule needs, has thought of it.
  ['kind: implies\nif: told(brand) and brand is null\nthen: title is null', 'pass 0 fail 1 n/a 9'],
  ['kind: present\nrequire: mpn is null\nneeds: [title]', 'pass 10 fail 0 n/a 0'],
])('judges nothing by a field that no source of the channel has: %s', async (body, coverage) => {
  expect((await judged(body)).coverage).toBe(coverage)
})

it('takes the codes for names of what is wrong, not for all that can be', async () => {
  const codes = `codes: {cheap: {when: price.cost < 2, ${CODE}}}\nfields: [price.cost]`
  const row = await judged(`kind: implies\nif: sku is not null\nthen: price.cost > 4\n${codes}`)
  expect(row.coverage).toBe('pass 2 fail 6 n/a 0 no_input 2')
  expect(row.messages).toEqual(['cheap named', 'null The title', 'cheap named'])
  const present = await judged(`kind: present\nrequire: price.cost > 4\n${codes}`)
  expect(present).toEqual(row)
  const own = 'message: {en: "{item}: {sides}", es: "{item}: {sides}"}'
  const told = await judged(`kind: implies\nif: sku is not null\nthen: price.cost > 4\n${codes}\n${own}`)
  expect(told.messages[1]).toBe('null A3 «Mug»: web €3.00, store €3.00')
  const group = codes.replace('price.cost < 2', 'any(price.cost < 2)')
  const sides = await judged(
    `kind: implies\ngroup: [item, market]\nif: any(sku is not null)\nthen: all(price.cost > 4)\n${group}`,
  )
  expect(sides.coverage).toBe('pass 1 fail 3 n/a 0 no_input 1')
  expect(sides.messages.map((text) => text.split(' ')[0])).toEqual(['cheap', 'null', 'cheap'])
})

it.each([
  ['on: policy\nkind: implies\nif: policy.value is null\nthen: policy.scope is null', 'pass 0 fail 0 n/a 0 no_input 1'],
  [
    'on: order\nkind: implies\nif: order.status is null\nthen: order.customer is null',
    'pass 0 fail 0 n/a 0 no_input 1',
  ],
  ['on: location\nkind: implies\nif: location.code is null\nthen: location.open', 'pass 0 fail 0 n/a 0 no_input 1'],
  ['on: customer\nkind: implies\nif: customer.master is null\nthen: customer.guest', 'pass 0 fail 0 n/a 0 no_input 1'],
  ['on: consent\nkind: equal\ngroup: [consent.linked]\nvalue: consent.granted', 'pass 0 fail 0 n/a 0 no_input 1'],
  ['on: category\nkind: reference', 'pass 0 fail 0 n/a 0 no_input 1'],
  ['on: stock_pool\nkind: implies\nif: pool.units > 0\nthen: pool.units < 0', 'pass 0 fail 0 n/a 0'],
])('asks for the input behind a table, whether the rule does or not: %s', async (body, coverage) => {
  expect((await judged(body)).coverage).toBe(coverage)
})

it('shows the fields that it judges where a rule names none', async () => {
  const { messages } = await judged('kind: implies\nif: sku is not null\nthen: price.cost <> 3')
  expect(messages).toEqual(['null A3 «Mug» web €3.00 (A3), store €3.00 (A3)'])
})

function refusals(body: string): readonly string[] {
  const problems: Diagnostic[] = []
  parseRule('own/x', 'x.yaml', ruleOf(body), problems)
  // The lines of what the rule has in common with all others do not count.
  const first = ruleOf(body)
    .split('\n')
    .indexOf(body.split('\n')[0] ?? '')
  return problems.map(({ code, where }) => {
    const { line = 0, column = 0 } = where !== null && 'line' in where ? where : {}
    return `${code} ${line - first}:${column}`
  })
}

const GROUP = 'group: [item, market]'
const OWN = `codes: {mine: {${CODE}}}`

it.each([
  [`kind: implies\n${GROUP}\nif: price.regular = 1\nthen: all(title is null)`, ['rules/expression-type 3:5']],
  [
    `kind: implies\n${GROUP}\nif: any(sku is null)\nthen: all(title is null)\ncodes: {x: {when: brand is null, ${CODE}}}`,
    ['rules/expression-type 5:19'],
  ],
  [`kind: reconcile\n${GROUP}\nleft: max(price.regular)\nright: price.cost`, ['rules/expression-type 4:8']],
  [
    `kind: similar\n${GROUP}\nvalue: title\nalike: titles\n${OWN}`,
    ['rules/missing-key 5:1', 'rules/missing-key 5:1', 'rules/unused-key 5:9'],
  ],
  [`kind: match\n${GROUP}`, ['rules/bad-value 1:7']],
  [
    `kind: window\n${GROUP}\ninterval: {start: price.sale_from, end: price.sale_to}\nassert: same`,
    ['rules/bad-value 1:7'],
  ],
  [`kind: within\nvalue: comparable.regular\ncompare: policy`, ['rules/missing-key 1:1']],
  [
    'kind: unique\nkey: brand\nscope: [channel, title]\nallow_same: title',
    ['rules/bad-value 2:6', 'rules/bad-value 3:18', 'rules/unused-key 4:1'],
  ],
  [
    `kind: within\n${GROUP}\nvalue: price.cost\ncompare: policy\ntolerance: {abs: 5}`,
    ['rules/bad-value 3:8', 'rules/bad-value 5:18'],
  ],
  ['kind: equal\ngroup: [brand]\nvalue: title', ['rules/bad-value 2:8']],
  ['kind: implies\nguard: {max_skew: 5m}\nif: sku is null\nthen: title is null', ['rules/unused-key 2:1']],
  [`kind: implies\n${GROUP}\nmin_sides: 99\nif: any(sku is null)\nthen: all(title is null)`, ['rules/bad-value 3:12']],
  [`kind: format\ncodes: {x: {when: brand is null, ${CODE}}}\n${MESSAGE.trim()}`, ['rules/unused-key 3:1']],
  ['kind: format', ['rules/missing-key 1:1']],
  [`kind: present\n${GROUP}\nrequire: sku is null`, ['rules/unused-key 3:1']],
])('refuses what it could not judge or would ignore: %s', (body, expected) => {
  expect(refusals(body)).toEqual(expected)
})

it('holds nothing against each other that was taken too far apart', async () => {
  const apart = CONFIG.replace('path: web.csv', 'path: web.csv, data_as_of: 2026-11-22T07:00:00Z').replace(
    'path: store.csv',
    'path: store.csv, data_as_of: 2026-11-22T05:00:00Z',
  )
  const guard = `${GROUP}\nguard: {max_skew: 5m}`
  const equal = await judged(`kind: equal\n${guard}\nvalue: price.cost`, apart)
  expect(equal.coverage).toBe('pass 0 fail 0 n/a 1 skew 4')
  const implies = `kind: implies\n${guard}\nif: any(sku is not null)\nthen: all(title is null)`
  expect((await judged(implies, apart)).coverage).toBe('pass 0 fail 0 n/a 0 skew 5')
  expect((await judged(implies)).coverage).toBe('pass 0 fail 5 n/a 0')
})
