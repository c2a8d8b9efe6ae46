/** What people ask about rules: what is on here, what would switch one on, and what is in force for an article. */
import { afterEach, describe, expect, it } from 'vitest'
import type { Locale } from '../src/model/config.ts'
import { explain } from '../src/ops/explain.ts'
import { explainKey } from '../src/ops/explain-key.ts'
import { listRules } from '../src/ops/rules.ts'
import { loadRules } from '../src/rules/load.ts'
import { referenceOf } from '../src/rules/references.ts'
import { SmallProject } from './small-project.ts'

const CONFIG = `version: 1
market: ES
currency: EUR
channels:
  shop: {kind: store, includes_tax: true, sources: [{platform: csv, path: shop.csv}]}
  web: {kind: web, includes_tax: true, sources: [{platform: csv, path: web.csv}]}
rules:
  price/outlier: {params: {low: 0.4}}
overrides:
  - when: {channel: web}
    rules: {price/differs-across-channels: {severity: warning, params: {pct_tol: 0.01}}}
  - when: {brand: Casa}
    rules: {"price/*": info}
`
const TABLE = 'sku,gtin,title,brand,price\nLAMP,8412345678905,Lamp,Lux,100\nSOFA,,Sofa,Casa,200\n'

let project = new SmallProject({})
afterEach(() => project.remove())

function start(config = CONFIG): void {
  project.remove()
  project = new SmallProject({ 'shop.csv': TABLE, 'web.csv': TABLE, 'omniparity.yaml': config })
}

const SIGNAL = new AbortController().signal

function askKey(code: string, key: string, locale: Locale = 'en'): Promise<string> {
  return explainKey({ code, key, configFile: null, cwd: project.dir, locale, signal: SIGNAL })
}

describe('explain RULE --key', () => {
  it('prints every value in force for the article, with the place that says so', async () => {
    start()
    const text = await askKey('price/differs-across-channels', 'lamp')
    const file = `${project.dir}/omniparity.yaml`
    const lines = text.split('\n').map((line) => line.trim().replace(file, 'omniparity.yaml'))
    expect(lines).toContain('price/differs-across-channels · LAMP · ES «Lamp»')
    expect(lines).toContain('shop  shop.csv:2')
    expect(lines).toContain('severity = warning  ← configuration omniparity.yaml:11')
    expect(text).toMatch(/pct_tol = 0 {2}← rule rules\/price\/differs-across-channels\.yaml:\d+ {2}\(on shop\)/)
    expect(lines).toContain('pct_tol = 0.01  ← configuration omniparity.yaml:11  (on web)')
    expect(text).toContain('✗ {brand: Casa} any side: severity = info')
  })

  it('knows articles by GTIN too, and speaks Spanish', async () => {
    start()
    const text = await askKey('price/outlier', '8412345678905', 'es')
    expect(text).toContain('price/outlier · LAMP · ES')
    expect(text).toMatch(/gravedad = error {2}← paquete recommended rules\/packs\/recommended\.yaml:\d+/)
    expect(text).toMatch(/low = 0\.4 {2}← configuración .*omniparity\.yaml:8/)
  })

  it('says that there is no such article', async () => {
    start()
    await expect(askKey('price/outlier', 'DESK')).rejects.toThrow('usage/unknown-key')
    await expect(askKey('price/outlyer', 'LAMP')).rejects.toThrow('usage/unknown-code')
  })
})

describe('explain', () => {
  it('says what the sources of a rule are', async () => {
    expect(await explain('identity/duplicate-sku', 'en')).toContain('BING-ID: id unique per market')
    expect(await explain('identity/duplicate-sku', 'es')).toContain('página del editor')
  })

  it('every source that a rule cites is known', async () => {
    const cited = (await loadRules()).flatMap(({ id, sources }) => sources.map((key) => [id, key] as const))
    expect(cited.filter(([, key]) => referenceOf(key) === null)).toEqual([])
  })
})

describe('rules', () => {
  const list = (locale: Locale, format: 'pretty' | 'json'): Promise<string> =>
    listRules({ configFile: null, cwd: project.dir, locale, format, signal: SIGNAL })

  it('says what is on, what it needs, and what would bring it', async () => {
    start()
    const rules: readonly { rule: string }[] = JSON.parse(await list('en', 'json'))
    const of = (id: string): unknown => rules.find(({ rule }) => rule === id)
    expect(of('price/outlier')).toMatchObject({
      severity: 'error',
      packs: ['recommended'],
      available: true,
      overrides: 1,
    })
    expect(of('stock/published-exceeds-available')).toMatchObject({ severity: 'error', available: false })
    expect(of('stock/negative-quantity')).toMatchObject({ severity: 'off', packs: [] })
    expect(of('catalog/recalled-still-sellable')).toMatchObject({ locked: true })
    const pretty = await list('es', 'pretty')
    expect(pretty).toContain('necesita')
    expect(pretty).toMatch(/→ extends: \[.*\] o rules: \{stock\/negative-quantity: /)
    expect(pretty).toMatch(/\d+ reglas, \d+ activas, \d+ de ellas sin lo que necesitan\n$/)
  })

  it('asks nothing of a project that is not there', async () => {
    project.remove()
    project = new SmallProject({})
    const rules: readonly { available: boolean | null; needs: readonly unknown[] }[] = JSON.parse(
      await list('en', 'json'),
    )
    expect(rules.every(({ available, needs }) => (needs.length === 0 ? available === true : available === null))).toBe(
      true,
    )
  })
})

/** The example of the public contract, as it stands there but for what reads services and databases. */
const EXAMPLE = `version: 1
project: Calzados Sol
locale: es
market: ES
currency: EUR
timezone: Europe/Madrid
extends: [recommended, eu, eu/es]

channels:
  tienda:
    kind: store
    includes_tax: true
    stock_pool: shared
    price_policy: same
    assortment: full
    phase: shadow
    sources:
      - platform: csv
        path: tienda*.csv
        encoding: windows-1252
        decimal: ","
        grain: [sku, location]
        data_as_of: 2026-11-20T08:00:00+01:00
        map:
          sku: Codigo
          gtin: EAN
          title: Descripcion
          price.regular: PVP
          stock.available: Existencias
          status: {column: Estado, vocabulary: {A: active, B: discontinued}}
  web:
    kind: web
    sources:
      - {platform: shopify, path: products_export*.csv}
  amazon:
    kind: marketplace
    sources: [{platform: amazon, path: all-listings.txt}]
  erp:
    kind: erp
    sources: [{platform: csv, path: erp.csv}]

identity:
  crosswalk: crosswalk.csv
  keys: [gtin, sku, brand+mpn]
  sku_template: {amazon: "{sku}-FBA"}
  match: {accept: 0.98, review: 0.60}

authority:
  catalog: erp
  price: {default: erp, markets: {PT: erp}}
  stock: {default: erp}
  promotion: web
locations: {ALM1: {pool: shared, kind: warehouse}, T01: {pool: shared, kind: store}}

rules:
  price/differs-across-channels: {severity: error, params: {abs_tol: 0.01}}
  catalog/title-mismatch: off
overrides:
  - when: {channel: amazon}
    rules: {price/differs-across-channels: warning}
rules_dir: rules/
suppressions: suppressions.yaml
gate: {fail_on: error, max_new: 0, max_unknown: 2%}
`

const OWN_RULE = `title: {en: A lamp is dear, es: Una lámpara es cara}
severity: off
kind: implies
on: listing
if: price.regular > 1000
then: sellable
message: {en: "{item} costs too much", es: "{item} cuesta demasiado"}
docs:
  en: {what: a, why: b, quiet-when: c, fix: d, example: e}
  es: {what: a, why: b, quiet-when: c, fix: d, example: e}
since: 0.1.0
`

describe('the example configuration of the contract', () => {
  it('is audited, and says what it does not do yet', async () => {
    project.remove()
    project = new SmallProject({
      'omniparity.yaml': EXAMPLE,
      'tienda.csv': 'Codigo;EAN;Descripcion;PVP;Existencias;Estado;location\nZAP;8412345678905;Zapato;19,99;3;A;T01\n',
      'products_export.csv':
        'Handle,Title,Variant SKU,Variant Price,Variant Barcode\nzap,Zapato,ZAP,17.99,8412345678905\n',
      'all-listings.txt':
        'item-name\tseller-sku\tprice\tquantity\tasin1\tproduct-id\nZapato\tZAP-FBA\t21.99\t2\tB0\t8412345678905\n',
      'erp.csv': 'sku,ean,price,stock\nZAP,8412345678905,19.99,5\n',
      'crosswalk.csv': 'channel,listing,item\n',
      'suppressions.yaml': 'version: 1\nsuppressions: []\n',
      'rules/price/lamp.yaml': OWN_RULE,
    })
    const said = await project.audit()
    const { findings } = JSON.parse(said.stdout)
    const prices = findings.filter((one: { rule: string }) => one.rule === 'price/differs-across-channels')
    expect(prices).toMatchObject([{ severity: 'warning', status: 'new', expected: '19.99' }])
    expect(said.warnings.join()).toContain('config/not-built')
    expect(said.warnings).toHaveLength(1)
  })

  it('without a market has no law of any country', async () => {
    start(`${CONFIG.replace('market: ES\n', '')}extends: [recommended, eu]\n`)
    const said = await project.audit()
    expect(said.warnings.join()).toContain('rules/pack-elsewhere')
    expect(said.stdout).not.toContain('price/tax-excluded-display')
  })
})
