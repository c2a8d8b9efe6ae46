import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { checkDigit } from '../src/ops/demo/codes.ts'
import { type DemoTruth, type FaultPlan, SYSTEMIC } from '../src/ops/demo/truth.ts'
import { writeDemo } from '../src/ops/demo/write.ts'

const AS_OF = '2026-11-22T08:00:00+01:00'
const ARTICLES = 1500
const RULES_DIR = fileURLToPath(new URL('../rules', import.meta.url))

const RULES: Readonly<Record<string, string>> = {
  identity: 'invalid-gtin gtin-mismatch duplicate-gtin duplicate-sku orphan-listing duplicate-listing',
  catalog:
    'discontinued-still-sold missing-in-channel missing-required-attribute attribute-mismatch pack-quantity-mismatch status-mismatch',
  price: 'differs-across-channels tax-basis-mismatch missing-or-zero outlier sale-not-below-regular currency-mismatch',
  stock: 'availability-contradiction published-exceeds-available hidden-stock negative-quantity',
  promotion: 'missing-in-channel terms-differ window-differs applied-outside-window code-missing',
  feed: 'broken-reference unknown-vocabulary encoding-damage',
}
/** Planted at least once; the others are twice there. */
const ONCE: Readonly<Record<string, string>> = {
  catalog:
    'brand-mismatch category-unmapped missing-image missing-legal-information net-content-mismatch off-brand-content recalled-still-sellable sold-before-launch title-mismatch',
  customer: 'consent-conflict duplicate-identity history-gap key-collision loyalty-balance-mismatch unlinked-profile',
  feed: 'attribute-limit-exceeded snapshot-skew stale-source',
  identity: 'restricted-gtin sku-collision',
  price:
    'below-margin-floor multipack-dearer-per-unit off-ending omnibus-discount-base shelf-pos-mismatch unit-price-wrong',
  promotion:
    'discount-not-applied items-differ promoted-without-stock stack-below-floor stacking-differs undeclared-exclusivity',
  service:
    'endless-aisle-gap fulfilment-option-missing order-not-visible return-in-store-missing return-window-differs shipping-cost-mismatch store-data-mismatch stored-value-not-accepted',
  stock:
    'backorder-without-date bundle-overstated oversell-risk pickup-needs-store-stock stale-count stranded totals-do-not-reconcile',
}
const ids = (rules: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(rules).flatMap(([family, names]) => names.split(' ').map((name) => `${family}/${name}`))
const ONCE_IDS = ids(ONCE)
const RULE_IDS = ids(RULES)

type Row = Readonly<Record<string, string>>

let base = ''
let count = 0
let dir = ''
let truth: DemoTruth

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'omniparity-demo-'))
  dir = folder()
  truth = await demo(dir, 7)
})
afterAll(() => rm(base, { recursive: true, force: true }))

function folder(): string {
  return join(base, `demo-${++count}`)
}

function demo(target: string, seed: number, faults: FaultPlan = {}): Promise<DemoTruth> {
  return writeDemo({ dir: target, seed, articles: ARTICLES, asOf: AS_OF, faults })
}

function itemsOf(rule: string): readonly string[] {
  return truth.faults.filter((fault) => fault.rule === rule).flatMap(({ items }) => items)
}

async function contents(target: string): Promise<readonly (readonly [string, string])[]> {
  const entries = await readdir(target, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(
    files
      .sort()
      .map(async (file) => [file.slice(target.length + 1), (await readFile(file)).toString('latin1')] as const),
  )
}

async function read(
  target: string,
  path: string,
  encoding: 'utf-8' | 'windows-1252',
  options: object,
): Promise<readonly Row[]> {
  const bytes = await readFile(join(target, path))
  const text = encoding === 'utf-8' ? new TextDecoder('utf-8', { fatal: true }).decode(bytes) : windows(bytes)
  return parse(text, { columns: true, ...options }) as readonly Row[]
}

/** Node 20 decodes Windows-1252 as Latin-1; these are the signs of the demo that differ. */
function windows(bytes: Buffer): string {
  return bytes.toString('latin1').replaceAll('\x80', '€').replaceAll('\x92', '’').replaceAll('\x96', '–')
}

const storeArticles = (target: string) =>
  read(target, 'tienda/articulos.csv', 'windows-1252', { delimiter: ';', from_line: 2 })
const webProducts = (target: string) => read(target, 'web/wc-product-export.csv', 'utf-8', {})
const listings = (target: string) => read(target, 'amazon/all-listings.txt', 'utf-8', { delimiter: '\t', quote: null })

describe('the demo', () => {
  it('has the same bytes for the same seed, also when written over itself', async () => {
    const first = await contents(dir)
    const second = folder()
    await demo(second, 7)
    expect(await contents(second)).toEqual(first)
    await demo(second, 8)
    expect(await contents(second)).not.toEqual(first)
    await demo(second, 7)
    expect(await contents(second)).toEqual(first)
  })

  it('writes what it promises and nothing else', async () => {
    expect((await contents(dir)).map(([path]) => path)).toEqual([
      'amazon/all-listings.txt',
      'amazon/promociones.csv',
      'crosswalk.csv',
      'empresa/categorias.csv',
      'empresa/clientes.csv',
      'empresa/consentimientos.csv',
      'empresa/historial.csv',
      'empresa/indice-pedidos.csv',
      'empresa/lotes.csv',
      'empresa/pedidos.csv',
      'empresa/politicas.csv',
      'empresa/tiendas.csv',
      'empresa/ventas.csv',
      'faults.json',
      'omniparity.yaml',
      'tienda/articulos.csv',
      'tienda/promociones.csv',
      'tienda/stock-por-tienda.csv',
      'web/promociones.csv',
      'web/wc-product-export.csv',
    ])
  })

  it('refuses a folder that holds something else', async () => {
    const other = folder()
    await mkdir(other)
    await writeFile(join(other, 'precios.xlsx'), 'mine')
    await expect(demo(other, 1)).rejects.toThrow('demo/not-empty')
    expect(await readdir(other)).toEqual(['precios.xlsx'])
  })

  it('does not follow a link out of its folder', async () => {
    const target = folder()
    const outside = folder()
    await demo(target, 1)
    await mkdir(outside)
    await rm(join(target, 'web'), { recursive: true })
    await symlink(outside, join(target, 'web'))
    await expect(demo(target, 1)).rejects.toThrow('demo/not-empty')
    expect(await readdir(outside)).toEqual([])
  })

  it('refuses an instant that is none and too few articles', async () => {
    await expect(writeDemo({ dir: folder(), seed: 1, articles: ARTICLES, asOf: 'hoy' })).rejects.toThrow(
      'usage/bad-value',
    )
    await expect(writeDemo({ dir: folder(), seed: 1, articles: 10, asOf: AS_OF })).rejects.toThrow('usage/bad-value')
  })

  it('has a configuration that is YAML and names the files', async () => {
    const config = parseYaml(await readFile(join(dir, 'omniparity.yaml'), 'utf8')) as Record<string, unknown>
    expect(Object.keys(config['channels'] as object)).toEqual(['tienda', 'web', 'amazon'])
  })
})

describe('the files of the demo', () => {
  it('have a store export in Windows-1252 with its title, its total and the euro sign as byte 80', async () => {
    const bytes = await readFile(join(dir, 'tienda/articulos.csv'))
    expect(bytes.includes(Buffer.from([0x39, 0x20, 0x80]))).toBe(true)
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow()
    const text = windows(bytes)
    expect(text.split('\r\n')[0]).toBe(
      'Calzados Sol, S.L. – Listado de artículos a 22/11/2026 – Precios en €, IVA incluido',
    )
    const rows = await storeArticles(dir)
    const total = rows.at(-1)
    const twice = truth.faults.filter(
      ({ rule, channels }) => rule === 'identity/duplicate-sku' && channels[0] === 'tienda',
    )
    expect(rows.length).toBe(ARTICLES + twice.length + 1)
    expect(total?.['Código']).toBe('TOTAL')
    const units = rows.slice(0, -1).reduce((sum, row) => sum + Number(row['Existencias']), 0)
    expect(Number(total?.['Existencias'])).toBe(units)
    expect(text).toMatch(/1\.\d{3},\d\d\u00a0€/)
    expect(text).toContain('"=""00')
  })

  it('have a web export with a byte order mark, parents, variations and decimal commas', async () => {
    const bytes = await readFile(join(dir, 'web/wc-product-export.csv'))
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const rows = await webProducts(dir)
    const kinds = new Set(rows.map((row) => row['Tipo']))
    expect([...kinds].sort()).toEqual(['simple', 'simple, virtual', 'variable', 'variation'])
    const parents = new Set(rows.filter((row) => row['Tipo'] === 'variable').map((row) => row['SKU']))
    const lost = rows.filter((row) => row['Tipo'] === 'variation' && !parents.has(row['Superior']))
    const planted = truth.faults.filter(
      ({ rule, channels }) => rule === 'feed/broken-reference' && channels[0] === 'web',
    )
    expect(lost.map((row) => row['Superior']).sort()).toEqual(planted.map(({ subject }) => subject).sort())
    for (const row of rows) expect(row['Precio normal']).toMatch(/^(\d+,\d\d)?$/)
  })

  it('have marketplace listings with twins, packs and blank quantities', async () => {
    const rows = await listings(dir)
    const twins = rows.filter((row) => row['seller-sku']?.endsWith('-FBA'))
    expect(twins.length).toBeGreaterThan(10)
    for (const row of twins) expect([row['quantity'], row['fulfillment-channel']]).toEqual(['', 'AMAZON_EU'])
    const packs = await read(dir, 'crosswalk.csv', 'utf-8', {})
    const skus = new Set(rows.map((row) => row['seller-sku']))
    expect(packs.length).toBeGreaterThan(0)
    for (const pack of packs) expect(skus.has(pack['listing'])).toBe(true)
    expect(new Set(rows.map((row) => row['listing-id'])).size).toBe(rows.length)
  })

  it('add up: stock by location is the stock of the list', async () => {
    const stock = await read(dir, 'tienda/stock-por-tienda.csv', 'windows-1252', { delimiter: ';' })
    const units = new Map<string, number>()
    const unbalanced = new Set(itemsOf('stock/totals-do-not-reconcile'))
    for (const row of stock.filter((one) => one['Almacén'] !== 'TARAS')) {
      const sku = row['Código'] ?? ''
      units.set(sku, (units.get(sku) ?? 0) + Number(row['Existencias']) - Number(row['Reservado']))
    }
    for (const row of (await storeArticles(dir)).slice(0, -1)) {
      const sku = row['Código']?.replace(/^="(.*)"$/, '$1') ?? ''
      if (!unbalanced.has(sku)) expect(String(units.get(sku) ?? '')).toBe(row['Existencias'])
    }
  })

  it('have valid GTINs of an own prefix, unless planted otherwise', async () => {
    const codes = (await storeArticles(dir)).slice(0, -1).flatMap((row) => row['EAN'] || [])
    for (const code of codes) {
      expect(code).toMatch(/^(84\d{11}|0\d{11}|20\d{11})$/)
      expect(checkDigit(code.slice(0, -1))).toBe(Number(code.at(-1)))
    }
  })

  it('repeat a promotion under the same key in each of its channels', async () => {
    const keys = async (channel: string) =>
      (await read(dir, `${channel}/promociones.csv`, 'utf-8', { delimiter: ';' })).map((row) => row['Código promo'])
    const master = new Set(await keys('tienda'))
    const secret = truth.faults.filter(({ rule }) => rule === 'promotion/undeclared-exclusivity')
    const alone = new Set(secret.map(({ subject }) => subject ?? ''))
    for (const channel of ['web', 'amazon']) {
      for (const key of await keys(channel)) expect(master.has(key)).toBe(!alone.has(key ?? ''))
    }
  })
})

describe('the truth of the demo', () => {
  it.each([1, 2, 3, 4, 5])(
    'has at least one fault of each rule that exports can show, of 30 two, seed %i',
    async (seed) => {
      const { faults } = await demo(folder(), seed)
      const counts = RULE_IDS.map((rule) => [rule, faults.filter((fault) => fault.rule === rule).length] as const)
      const planted = new Set(faults.map(({ rule }) => rule))
      expect(RULE_IDS).toHaveLength(30)
      expect(counts.filter(([, found]) => found < 2)).toEqual([])
      expect([...planted].sort()).toEqual([...RULE_IDS, ...ONCE_IDS].sort())
    },
  )

  it('is what faults.json says', async () => {
    expect(JSON.parse(await readFile(join(dir, 'faults.json'), 'utf8'))).toEqual(truth)
    expect(truth).toMatchObject({ format: 'omniparity-faults/1', seed: 7, articles: ARTICLES, as_of: AS_OF })
  })

  it('gives an article several faults of different rules alone, and entails only rules that exist', async () => {
    const faults = truth.faults.flatMap(({ rule, items }) => items.map((item) => `${rule} ${item}`))
    expect(new Set(faults).size).toBe(faults.length)
    const items = truth.faults.flatMap((fault) => fault.items)
    expect(items.length - new Set(items).size).toBe(6)
    const files = await readdir(RULES_DIR, { recursive: true })
    const known = new Set(files.map((file) => file.replace(/\.yaml$/, '')))
    for (const fault of truth.faults) {
      expect(fault.items[0] ?? null).toBe(fault.item)
      expect(fault.items.length > 0 || fault.subject !== null).toBe(true)
      expect(fault.entails.filter((rule) => !known.has(rule))).toEqual([])
    }
  })

  it('concerns a few per cent of the articles', () => {
    const share = new Set(truth.faults.flatMap((fault) => fault.item ?? [])).size / ARTICLES
    expect(share).toBeGreaterThan(0.05)
    expect(share).toBeLessThan(0.08)
  })

  it('is empty without planted faults', async () => {
    expect((await demo(folder(), 1, { planted: false })).faults).toEqual([])
  })

  it.each(SYSTEMIC)('names the cause of %s', async (kind) => {
    const { faults } = await demo(folder(), 1, { planted: false, systemic: [kind] })
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatchObject({ item: null, items: [], cause: { kind: expect.any(String) } })
  })
})
