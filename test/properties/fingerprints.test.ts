/** The same contradiction has the same id, in whatever order and under whatever names its files come. */
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Finding } from '../../src/model/report.ts'
import { SmallProject } from '../small-project.ts'

let project = new SmallProject({})
afterEach(() => project.remove())

const HEADER = 'sku,ean,title,color,price,stock,state'
const ROWS: Readonly<Record<string, readonly string[]>> = {
  erp: [
    'LAMP,4006381333931,Lamp,red,100,3,active',
    'SOFA,4006381333948,Sofa,blue,200,0,active',
    'MUG,4006381333955,Mug,green,10,7,discontinued',
    'VASE,,Vase,white,30,2,active',
    'RUG,4006381333962,Rug,grey,50,1,active',
  ],
  shop: [
    'LAMP,4006381333931,Lamp,red,100,3,active',
    'SOFA,4006381333948,Sofa,black,200,0,active',
    'MUG,4006381333955,Mug,green,10,7,active',
    'VASE,,Vase,white,31,2,active',
    'VASE,,Vase again,white,31,2,active',
    'RUG,4006381333962,Rug,grey,0,1,active',
  ],
  web: [
    'LAMP,4006381333931,Lamp,red,110,3,active',
    'SOFA,4006381333949,Sofa,blue,200,5,active',
    'MUG,4006381333955,Mug,green,12,7,active',
    'VASE,,Vase,white,30,-2,active',
    'GHOST,4006381333979,Ghost,white,99,1,odd word',
  ],
}
const CHANNELS = Object.keys(ROWS)
const MAP =
  '{sku: sku, gtin: ean, title: title, attributes.color: color, price.regular: price, stock.available: stock, status: state}'

interface Arrangement {
  readonly channels: readonly string[]
  readonly rows: Readonly<Record<string, readonly string[]>>
  readonly names: Readonly<Record<string, string>>
}

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/)
const arrangements: fc.Arbitrary<Arrangement> = fc.record({
  channels: fc.shuffledSubarray(CHANNELS, { minLength: CHANNELS.length }),
  rows: fc.record(
    Object.fromEntries(
      Object.entries(ROWS).map(([id, rows]) => [id, fc.shuffledSubarray([...rows], { minLength: rows.length })]),
    ),
  ),
  names: fc.record(Object.fromEntries(CHANNELS.map((id) => [id, name]))),
})

async function findings({ channels, rows, names }: Arrangement): Promise<readonly Finding[]> {
  project.remove()
  const files: Record<string, string> = {}
  const blocks = channels.map((id) => {
    files[`${id}-files/${names[id]}.csv`] = `${[HEADER, ...(rows[id] ?? [])].join('\n')}\n`
    const kind = id === 'erp' ? 'erp' : id === 'shop' ? 'store' : 'web'
    return `  ${id}: {kind: ${kind}, includes_tax: true, stock_pool: main, sources: [{platform: csv, path: "${id}-files/*.csv", map: ${MAP}}]}`
  })
  const yaml = `version: 1
project: same
market: ES
currency: EUR
extends: [strict]
authority: {catalog: erp, price: erp, stock: erp}
channels:
${blocks.join('\n')}
`
  project = new SmallProject({ ...files, 'omniparity.yaml': yaml })
  const { stdout } = await project.audit({})
  return JSON.parse(stdout).findings
}

/** What has to stay: which finding, of which article, how grave, and what its sides say; not where they stand. */
function told(list: readonly Finding[]): readonly string[] {
  return list
    .map(({ id, rule, code, severity, item, expected, explained_by, sides }) =>
      JSON.stringify([
        id,
        rule,
        code,
        severity,
        item?.id ?? null,
        expected,
        explained_by,
        // Of two listings with one SKU either may be the one that is left over: the root shows both.
        explained_by === null
          ? sides.map(({ channel, listing, field, value }) => JSON.stringify([channel, listing, field, value])).sort()
          : [],
      ]),
    )
    .sort()
}

describe('a fingerprint', () => {
  it('does not change with the order of rows and channels, nor with the names of files', async () => {
    const plain = told(await findings({ channels: CHANNELS, rows: ROWS, names: { erp: 'a', shop: 'b', web: 'c' } }))
    expect(plain.length).toBeGreaterThan(8)
    expect(new Set(plain.map((text) => JSON.parse(text)[0])).size, 'ids are unique').toBe(plain.length)
    await fc.assert(
      fc.asyncProperty(arrangements, async (arrangement) => {
        expect(told(await findings(arrangement))).toEqual(plain)
      }),
      { numRuns: 5, endOnFailure: true },
    )
  }, 180_000)
})
