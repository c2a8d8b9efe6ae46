/** Files that repeat an article for each of its prices. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Finding, ReportChannel } from '../src/model/report.ts'
import { SmallProject } from './small-project.ts'

let project: SmallProject | null = null
afterEach(() => {
  project?.remove()
  project = null
})

interface Told {
  readonly channels: readonly ReportChannel[]
  readonly findings: readonly Finding[]
}

async function audited(files: Readonly<Record<string, string>>, named: readonly string[] = []): Promise<Told> {
  project = new SmallProject(files)
  const { stdout } = await project.audit({ files: named })
  return JSON.parse(stdout) as Told
}

const of = (told: Told, rule: string): readonly Finding[] => told.findings.filter((finding) => finding.rule === rule)
const listings = (told: Told): readonly number[] => told.channels.map((channel) => channel.listings)

/** Sides as `channel value unit row`. */
function sides(finding: Finding | undefined, field: string): readonly string[] {
  return (finding?.sides ?? [])
    .filter((side) => side.field === field)
    .map(({ channel, value, unit, source }) => `${channel} ${value} ${unit} row ${source?.row}`)
}

const CONFIG = (web: string): string => `version: 1
project: Prices
market: ES
currency: EUR
timezone: Europe/Madrid
channels:
  shop: {kind: store, includes_tax: true, sources: [{platform: csv, path: shop.csv}]}
  web: {kind: web, includes_tax: true, ${web}}
authority: {price: shop}
`
const SHOP = 'sku,name,price\nA,Uno,10.00\nB,Dos,20.00\n'

describe('records of one article that differ in what they ask', () => {
  it('are its prices, and the one in the currency of the channel is compared', async () => {
    const told = await audited({
      'omniparity.yaml': CONFIG('sources: [{platform: csv, path: web.csv}]'),
      'shop.csv': SHOP,
      'web.csv': 'sku,name,price,currency,stock\nA,Uno,11.50,USD,4\nA,,10.00,EUR,\nB,Dos,23.00,USD,4\nB,,21.00,EUR,\n',
    })
    expect(listings(told)).toEqual([2, 2])
    expect(of(told, 'identity/duplicate-sku')).toEqual([])
    const differs = of(told, 'price/differs-across-channels')
    expect(differs.map(({ item }) => item?.sku)).toEqual(['B'])
    // The price is on the record in euros, the name on the one in dollars.
    expect(sides(differs[0], 'price.regular')).toEqual(['shop 20.00 EUR row 2', 'web 21.00 EUR row 4'])
    expect(told.channels[1]?.sources[0]?.understood.assumptions.join()).toContain(
      '2 articles have several records that differ in currency: one listing each, compared by the price in EUR',
    )
  })

  it('repeat the key where they agree in all of it', async () => {
    const told = await audited(
      { 'web.csv': 'sku,name,price,currency\nA,Uno,10,EUR\nA,Uno,10,EUR\nA,Uno,12,USD\nB,Dos,5,EUR\n' },
      ['web.csv'],
    )
    expect(listings(told)).toEqual([3])
    const [repeated] = of(told, 'identity/duplicate-sku')
    expect(sides(repeated, 'sku')).toEqual(['web A null row 1', 'web A null row 2'])
  })

  it('are different articles where another key or the name contradicts', async () => {
    const told = await audited(
      {
        'web.csv':
          'id,sku,name,price,currency\n1,A,Red shirt,10,EUR\n1,A,Blue trousers,12,USD\n2,B,Dos,5,EUR\n3,B,Dos,6,USD\n',
      },
      ['web.csv'],
    )
    expect(listings(told)).toEqual([4])
    expect(of(told, 'identity/duplicate-sku').map(({ item, sides: all }) => item?.sku ?? all[0]?.value)).toEqual([
      'A',
      'B',
    ])
  })

  it('may differ in price list, group and language', async () => {
    const lists = 'sku,name,price,price list\nA,Uno,8.00,B2B\nA,Uno,10.00,\nB,Dos,20.00,Retail\nB,Dos,15.00,B2B\n'
    const groups = 'sku,name,price,customer group\nA,Uno,8.00,Wholesale\nA,Uno,10.00,Public\nB,Dos,20.00,\n'
    const languages = 'sku,name,price,language\nA,Uno,10.00,es\nA,One,10.00,en\nB,Dos,20.00,es\nB,Two,20.00,en\n'
    for (const web of [lists, groups, languages]) {
      const told = await audited({
        'omniparity.yaml': CONFIG('sources: [{platform: csv, path: web.csv}]'),
        'shop.csv': SHOP,
        'web.csv': web,
      })
      expect(listings(told)).toEqual([2, 2])
      expect(told.findings.filter(({ rule }) => rule.startsWith('price/') || rule.startsWith('identity/'))).toEqual([])
      project?.remove()
    }
  })

  it('are what the configuration says where it declares the grain', async () => {
    const web = 'sku,name,price,currency,season\nA,Uno,10.00,EUR,S1\nA,Uno,11.50,USD,S2\nB,Dos,20.00,EUR,S1\n'
    const listed = async (grain: string): Promise<number | undefined> => {
      const map =
        'map: {sku: sku, title: name, price.regular: price, price.currency: currency, attributes.season: season}'
      const told = await audited({
        'omniparity.yaml': CONFIG(`sources: [{platform: csv, path: web.csv, grain: [${grain}], ${map}}]`),
        'shop.csv': SHOP,
        'web.csv': web,
      })
      project?.remove()
      return told.channels[1]?.listings
    }
    expect(await listed('sku')).toBe(3)
    expect(await listed('sku, attributes.season')).toBe(2)
    expect(await listed('sku, price.currency')).toBe(2)
  })
})
