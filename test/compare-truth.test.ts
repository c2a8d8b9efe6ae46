/** The checker of the truth test is a guard too: it has to notice every way in which a report can be wrong. */
import { describe, expect, it } from 'vitest'
import type { Cause, Finding, Side } from '../src/model/report.ts'
import type { DemoTruth, Fault } from '../src/ops/demo/truth.ts'
import { compareTruth } from './truth.ts'

const outlier: Fault = {
  id: 'f0001',
  rule: 'price/outlier',
  code: 'decimal_shift',
  market: 'ES',
  item: 'LAMP-1',
  items: ['LAMP-1'],
  subject: null,
  channels: ['web'],
  entails: ['price/differs-across-channels'],
  note: '',
}
const promotion: Fault = {
  ...outlier,
  id: 'f0002',
  rule: 'promotion/missing-in-channel',
  code: null,
  item: null,
  items: [],
  subject: 'PRM-0007',
  entails: [],
}
const slice: Fault = {
  ...outlier,
  id: 'f0003',
  rule: 'catalog/missing-in-channel',
  code: null,
  item: null,
  items: [],
  entails: ['catalog/missing-in-channel'],
  cause: { kind: 'missing-slice', detail: { by: 'category', value: 'Hogar' } },
}
const truth: DemoTruth = {
  format: 'omniparity-faults/1',
  seed: 1,
  articles: 1500,
  as_of: '2026-11-22T08:00:00+01:00',
  faults: [outlier, promotion, slice],
}

function side(channel: string, value: string): Side {
  return { channel, listing: 'LAMP-1', field: null, value, unit: null, raw: null, source: null, authority: false }
}

function finding(id: string, rule: string, sku: string | null, more: Partial<Finding> = {}): Finding {
  return {
    id,
    rule,
    code: null,
    severity: 'error',
    status: 'new',
    market: 'ES',
    owner: null,
    item: sku === null ? null : { id: sku, sku, gtin: null, title: null },
    message: '',
    sides: [side('tienda', '19.99'), side('web', '199.90')],
    expected: null,
    impact: null,
    explained_by: null,
    fixable: false,
    ...more,
  }
}

const cause: Cause = {
  id: 'c1',
  kind: 'missing-slice',
  channels: ['web'],
  field: null,
  rule: 'catalog/missing-in-channel',
  severity: 'error',
  status: 'new',
  detail: { by: 'category', value: 'Hogar' },
  findings: 1,
  share: 1,
  message: '',
  advice: '',
  impact: null,
}

const root = finding('a', 'price/outlier', 'LAMP-1', { code: 'decimal_shift' })
const child = finding('b', 'price/differs-across-channels', 'LAMP-1', { explained_by: 'a' })
const absent = finding('c', 'promotion/missing-in-channel', null, { message: 'PRM-0007 is not in web' })
const sofa = finding('d', 'catalog/missing-in-channel', 'SOFA-1', { explained_by: 'c1' })

function compare(findings: readonly Finding[], causes: readonly Cause[] = [cause]) {
  const { missing, unexpected, unexpectedCauses, wrongParent, repeated } = compareTruth(truth, { findings, causes })
  return {
    missing: missing.map(({ id }) => id),
    unexpected: unexpected.map(({ id }) => id),
    causes: unexpectedCauses.map(({ id }) => id),
    wrongParent: wrongParent.map(({ id }) => id),
    repeated: repeated.map(({ id }) => id),
  }
}

const CLEAN = { missing: [], unexpected: [], causes: [], wrongParent: [], repeated: [] }

describe('the comparison with the truth', () => {
  it('accepts roots, what they entail, and causes with what they explain', () => {
    expect(compare([root, child, absent, sofa])).toEqual(CLEAN)
  })

  it('does not ask for what a fault may entail', () => {
    expect(compare([root, absent])).toEqual(CLEAN)
  })

  it.each([
    ['no root', [absent, sofa], { missing: ['f0001'] }],
    ['another code', [{ ...root, code: 'high' }, absent], { missing: ['f0001'], unexpected: ['a'] }],
    ['another market', [{ ...root, market: 'PT' }, absent], { missing: ['f0001'], unexpected: ['a'] }],
    [
      'without the channel',
      [{ ...root, sides: [side('tienda', '1')] }, absent],
      { missing: ['f0001'], unexpected: ['a'] },
    ],
    ['an entailed rule as root', [root, { ...child, explained_by: null }, absent], { unexpected: ['b'] }],
    ['another article', [root, absent, finding('x', 'price/outlier', 'LAMP-2')], { unexpected: ['x'] }],
    ['another promotion', [root, { ...absent, message: 'PRM-0008' }], { missing: ['f0002'], unexpected: ['c'] }],
    ['a rule that is not entailed', [root, { ...child, rule: 'stock/hidden-stock' }, absent], { wrongParent: ['b'] }],
    ['the root of another fault', [root, { ...child, explained_by: 'c' }, absent], { wrongParent: ['b'] }],
    [
      'the root of another article',
      [root, { ...child, item: { ...sofa.item, id: 'S', sku: 'S', gtin: null, title: null } }, absent],
      { wrongParent: ['b'] },
    ],
    ['a parent that is not there', [root, { ...child, explained_by: 'z' }, absent], { wrongParent: ['b'] }],
    ['one id twice', [root, { ...root }, absent], { repeated: ['a'] }],
    ['a chain', [root, child, { ...child, id: 'e', explained_by: 'b' }, absent], { wrongParent: ['e'] }],
  ] as const)('notices %s', (_, findings, wrong) => {
    expect(compare(findings)).toEqual({ ...CLEAN, ...wrong })
  })

  it('notices a cause that is missing, of another kind, or not planted', () => {
    expect(compare([root, absent], [])).toEqual({ ...CLEAN, missing: ['f0003'] })
    expect(compare([root, absent], [cause, { ...cause, id: 'c2', kind: 'frozen' }])).toEqual({
      ...CLEAN,
      causes: ['c2'],
    })
    const other = { ...cause, detail: { by: 'brand', value: 'Hogar' } }
    expect(compare([root, absent], [other])).toEqual({ ...CLEAN, missing: ['f0003'], causes: ['c1'] })
  })
})
