/** What `omniparity history` prints as JSON is what `omniparity schema` says. */
import { afterEach, expect, it } from 'vitest'
import { z } from 'zod'
import { historyDiffSchema, historySchema } from '../src/model/history-schema.ts'
import { diffHistory, type HistoryRequest, listHistory } from '../src/ops/history.ts'
import { heard, SmallProject } from './small-project.ts'

let project: SmallProject | null = null
afterEach(() => {
  project?.remove()
  project = null
})

const CONFIG = `version: 1
market: ES
currency: EUR
authority: {catalog: shop, price: shop}
channels:
  shop: {kind: store, includes_tax: true, sources: [{platform: csv, path: shop.csv}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv}]}
`
const LIST = (lamp: string, sofa: string): string => `sku,title,price\nLAMP,Lamp,${lamp}\nSOFA,Sofa,${sofa}\n`

it('holds for audits, trend, rules and what changed between two audits', async () => {
  const open = new SmallProject({
    'omniparity.yaml': CONFIG,
    'shop.csv': LIST('100.00', '200.00'),
    'web.csv': LIST('103.00', '200.00'),
  })
  project = open
  await open.audit({ asOf: '2026-11-20T08:00:00Z' })
  open.write('web.csv', LIST('100.00', '206.00'))
  await open.audit({ asOf: '2026-11-21T08:00:00Z' })
  const request: HistoryRequest = {
    configFile: null,
    stateDir: null,
    cwd: open.dir,
    locale: null,
    userLocale: 'en',
    formats: [{ name: 'json', file: null }],
    output: null,
  }
  const history = historySchema.parse(JSON.parse((await heard((io) => listHistory(request, io))).stdout))
  expect(history.audits.map(({ kind }) => kind)).toEqual(['audit', 'audit'])
  expect(history.rules.find(({ rule }) => rule === 'price/differs-across-channels')).toMatchObject({
    open: 1,
    resolved: 1,
  })
  const asked = { ...request, names: [], failOn: 'never' } as const
  const diff = historyDiffSchema.parse(JSON.parse((await heard((io) => diffHistory(asked, io))).stdout))
  expect([diff.new.map(({ item }) => item), diff.resolved.map(({ item }) => item)]).toEqual([['SOFA'], ['LAMP']])
})

it('is a JSON Schema that names every key', () => {
  for (const schema of [historySchema, historyDiffSchema]) {
    const printed = z.toJSONSchema(schema)
    expect(printed['required']).toEqual(Object.keys(printed.properties ?? {}))
    expect(printed['additionalProperties']).toBe(false)
  }
})
