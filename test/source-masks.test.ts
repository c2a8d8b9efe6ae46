/** What a fault of a whole source explains, seen over two audits of a small retailer. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Finding, Totals } from '../src/model/report.ts'
import { SmallProject } from './small-project.ts'

const CONFIG = `version: 1
project: Masks
market: ES
currency: EUR
timezone: Europe/Madrid
extends: [recommended, strict]
channels:
  shop: {kind: store, includes_tax: true, assortment: full, sources: [{platform: csv, path: shop.csv}]}
  web: {kind: web, includes_tax: true, assortment: full, sources: [{platform: csv, path: web.csv}]}
authority: {catalog: shop, price: shop}
`
const FIRST = '2026-11-21T08:00:00Z'

let project: SmallProject | null = null
afterEach(() => {
  project?.remove()
  project = null
})

interface Row {
  readonly at: number
  readonly sku: string
  readonly title: string
  readonly price: string
}

/** Thirty articles; a title that is empty is a cell without text. */
function file(keep: (row: Row) => boolean, change: (row: Row) => Partial<Row> = () => ({})): string {
  const rows = Array.from({ length: 30 }, (_, at) => ({
    at,
    sku: `ART-${String(at).padStart(3, '0')}`,
    title: `Artículo número ${at}`,
    price: `${at + 1}.99`,
  }))
  const lines = rows.filter(keep).map((row) => {
    const { sku, title, price } = { ...row, ...change(row) }
    return `${sku},${title},${price}`
  })
  return ['sku,title,price', ...lines, ''].join('\n')
}

interface Told {
  readonly findings: readonly Finding[]
  readonly totals: Totals
}

/** What the second of two audits says. */
async function second(before: readonly [string, string], after: readonly [string, string]): Promise<Told> {
  const open = new SmallProject({ 'omniparity.yaml': CONFIG, 'shop.csv': before[0], 'web.csv': before[1] })
  project = open
  await open.audit({ asOf: FIRST, formats: [{ name: 'json', file: null }] })
  open.write('shop.csv', after[0])
  open.write('web.csv', after[1])
  const { stdout } = await open.audit()
  return JSON.parse(stdout) as Told
}

const all = file(() => true)
/** No run of consecutive articles is gone, which a cause would be named for. */
const third = file(({ at }) => at % 3 === 0)

function parents({ findings }: Told, rule: string): readonly (string | null)[] {
  const roots = new Map(findings.map(({ id, rule: root, code }) => [id, `${root}:${code}`]))
  return findings
    .filter((finding) => finding.rule === rule)
    .map(({ explained_by }) => (explained_by === null ? null : (roots.get(explained_by) ?? 'a cause')))
}

describe('a source that lost records', () => {
  it('explains the articles that seem to be missing in its channel', async () => {
    const told = await second([all, all], [all, third])
    expect(parents(told, 'feed/volume-drop')).toEqual([null])
    expect(parents(told, 'catalog/missing-in-channel')).toEqual(Array(20).fill('feed/volume-drop:drop'))
    expect(told.totals).toMatchObject({ error: 1, explained: 20 })
  })

  it('explains the listings of other channels that seem to be orphans, where it is the catalog', async () => {
    const told = await second([all, all], [third, all])
    const orphans = parents(told, 'identity/orphan-listing')
    expect(orphans).toHaveLength(20)
    expect(new Set(orphans)).toEqual(new Set(['feed/volume-drop:drop']))
  })

  it('leaves what it would have known unknown, where it could not be read at all', async () => {
    const open = new SmallProject({ 'omniparity.yaml': CONFIG, 'shop.csv': 'sku,title,price\n', 'web.csv': all })
    project = open
    const { status, stdout } = await open.audit()
    const report = JSON.parse(stdout) as Told & { coverage: { rule: string; fail: number; unknown: object }[] }
    const lost = ['identity/orphan-listing', 'catalog/missing-in-channel']
    expect(report.findings.filter(({ rule }) => lost.includes(rule))).toEqual([])
    expect(report.coverage.find(({ rule }) => rule === lost[0])).toMatchObject({ fail: 0, unknown: { no_input: 31 } })
    expect(status).toBe(3)
  })

  it('explains nothing of an article that another channel lacks', async () => {
    const told = await second([all, all], [third, file(({ at }) => at !== 3)])
    const missing = told.findings.filter(
      ({ rule, item, explained_by }) =>
        rule === 'catalog/missing-in-channel' && item?.sku === 'ART-003' && explained_by === null,
    )
    expect(missing).toHaveLength(1)
  })

  it('explains nothing where somebody says that it lost none', async () => {
    const open = new SmallProject({ 'omniparity.yaml': CONFIG, 'shop.csv': all, 'web.csv': all })
    project = open
    await open.audit({ asOf: FIRST })
    open.write('web.csv', third)
    const before = JSON.parse((await open.audit({ asOf: '2026-11-21T20:00:00Z' })).stdout) as Told
    const drop = before.findings.find(({ rule }) => rule === 'feed/volume-drop')
    open.write('omniparity.yaml', `${CONFIG}suppressions: suppressions.yaml\n`)
    open.write(
      'suppressions.yaml',
      `version: 1
suppressions:
  - {finding: "${drop?.id}", status: false-positive, reason: "the range was cut", owner: "ana@example.test", expires: "2026-12-31"}
`,
    )
    const told = JSON.parse((await open.audit()).stdout) as Told
    expect(new Set(parents(told, 'catalog/missing-in-channel'))).toEqual(new Set([null]))
  })
})

describe('a source that lost the values of a column', () => {
  it('explains the fields that seem to be empty, unless it is the milder of the two', async () => {
    const untitled = file(
      () => true,
      ({ at }) => (at % 2 === 0 ? { title: '' } : {}),
    )
    const told = await second([all, all], [all, untitled])
    expect(parents(told, 'feed/schema-drift')).toEqual([null])
    const missing = parents(told, 'catalog/missing-required-attribute')
    expect(missing).toHaveLength(15)
    expect(new Set(missing)).toEqual(new Set(['feed/schema-drift:emptier']))

    const free = file(
      () => true,
      ({ at }) => (at % 2 === 0 ? { price: '' } : {}),
    )
    const unpriced = await second([all, all], [all, free])
    expect(new Set(parents(unpriced, 'price/missing-or-zero'))).toEqual(new Set([null]))
  })
})
