/** Faults of files that several files of a channel have in common. */
import { expect, it } from 'vitest'
import type { Finding } from '../src/model/report.ts'
import { SmallProject } from './small-project.ts'

const HEAD = 'sku,name,price,status\n'
const CONFIG = `version: 1
project: Lamp
market: ES
currency: EUR
channels:
  store:
    kind: store
    includes_tax: true
    sources: [{ platform: csv, path: "store-*.csv" }]
  web:
    kind: web
    includes_tax: true
    sources: [{ platform: csv, path: web.csv }]
`

it('a word that no vocabulary knows is one finding of a channel, with a side for each of its files', async () => {
  const project = new SmallProject({
    'omniparity.yaml': CONFIG,
    'store-1.csv': `${HEAD}A,Boot,10.00,active\nB,Shoe,9.00,zzz\nC,Sock,3.00,zzz\n`,
    'store-2.csv': `${HEAD}D,Lamp,10.00,active\nE,Desk,9.00,zzz\n`,
    'web.csv': `${HEAD}A,Boot,10.00,active\nB,Shoe,9.00,zzz\n`,
  })
  try {
    const { stdout } = await project.audit({ allRules: true, failOn: 'never' })
    const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] }
    const words = findings.filter(({ rule }) => rule === 'feed/unknown-vocabulary')
    expect(words.map(({ owner }) => owner).sort()).toEqual(['store', 'web'])
    expect(new Set(words.map(({ id }) => id)).size).toBe(2)
    const store = words.find(({ owner }) => owner === 'store')
    expect(store?.sides.map(({ source }) => [source?.path, source?.line])).toEqual([
      ['store-1.csv', 3],
      ['store-2.csv', 3],
    ])
    expect(store?.message).toContain('store-1.csv, store-2.csv')
    expect(store?.message).toContain('(rows: 3)')
  } finally {
    project.remove()
  }
})
