/** What rules say that a contradiction costs: each formula of the package can be computed, and is. */
import { afterEach, describe, expect, it } from 'vitest'
import { FORMULAS } from '../src/audit/impact-formulas.ts'
import type { Finding, Impact } from '../src/model/report.ts'
import { loadRules } from '../src/rules/load.ts'
import { SmallProject } from './small-project.ts'

let project: SmallProject | null = null
afterEach(() => {
  project?.remove()
  project = null
})

it('no rule of the package names a formula that nobody computes', async () => {
  const named = (await loadRules()).flatMap(({ id, impact }) =>
    impact === null ? [] : [[id, impact.formula] as const],
  )
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter(([, formula]) => !FORMULAS.has(formula))).toEqual([])
})

const MAP = '{sku: sku, title: title, price.regular: price, attributes.shelf_price: {column: shelf}}'

async function impactOf(
  rule: string,
  files: Readonly<Record<string, string>>,
  web: string,
): Promise<readonly (Impact | null)[]> {
  project = new SmallProject({
    'omniparity.yaml': `version: 1
market: ES
currency: EUR
authority: {catalog: shop, price: shop}
inputs: {sales: sales.csv}
channels:
  shop: {kind: store, includes_tax: true, sources: [{platform: csv, path: shop.csv}]}
  web: {kind: web, includes_tax: true, ${web}sources: [{platform: csv, path: web.csv, map: ${MAP}}]}
`,
    'sales.csv': 'sku,channel,units30\nLAMP,web,10\nLAMP,shop,3\n',
    ...files,
  })
  const { stdout } = await project.audit({ only: [rule] })
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] }
  return findings.map(({ impact }) => impact)
}

describe('the difference that a rule found times what was sold', () => {
  it('is that to the list of the zone, not to the price of its owner', async () => {
    const files = {
      'shop.csv': 'sku,title,price,price list\nLAMP,Lamp,20.00,\nLAMP,Lamp,19.00,NORTH\n',
      'web.csv': 'sku,title,price,shelf\nLAMP,Lamp,18.50,\n',
    }
    expect(await impactOf('price/wrong-price-list', files, 'price_policy: {zone: NORTH}, ')).toEqual([
      { amount: '5.00', currency: 'EUR', basis: 'measured' },
    ])
  })

  it('is that between shelf and till', async () => {
    const files = {
      'shop.csv': 'sku,title,price\nLAMP,Lamp,20.00\n',
      'web.csv': 'sku,title,price,shelf\nLAMP,Lamp,20.00,18.75\n',
    }
    expect(await impactOf('price/shelf-pos-mismatch', files, '')).toEqual([
      { amount: '12.50', currency: 'EUR', basis: 'measured' },
    ])
  })

  it('is unknown where nobody says what was sold', async () => {
    const files = {
      'shop.csv': 'sku,title,price\nSOFA,Sofa,20.00\n',
      'web.csv': 'sku,title,price,shelf\nSOFA,Sofa,20.00,18.75\n',
    }
    expect(await impactOf('price/shelf-pos-mismatch', files, '')).toEqual([null])
  })

  it('is nothing where more came back than went out', async () => {
    const files = {
      'shop.csv': 'sku,title,price\nLAMP,Lamp,20.00\n',
      'web.csv': 'sku,title,price,shelf\nLAMP,Lamp,20.00,18.75\n',
      'sales.csv': 'sku,channel,units30\nLAMP,web,-5\nLAMP,shop,-3\n',
    }
    expect(await impactOf('price/shelf-pos-mismatch', files, '')).toEqual([
      { amount: '0.00', currency: 'EUR', basis: 'measured' },
    ])
  })
})
