/** `omniparity plan`: what is planned, what is not and why, and that the files do exactly what the plan says. */
import { afterEach, describe, expect, it } from 'vitest'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import type { ChangeNeed } from '../src/model/plan.ts'
import type { PlanRequest } from '../src/ops/plan.ts'
import { csvText, importCsv } from './import/csv.ts'
import { open, PlannedProject, told } from './planned-project.ts'

let project = new PlannedProject({})
afterEach(() => project.remove())

function start(files: Readonly<Record<string, string>>): PlannedProject {
  project.remove()
  project = new PlannedProject(files)
  return project
}

interface Shape {
  readonly authority?: string
  readonly more?: string
  readonly web?: string
  readonly shop?: string
}

/** Two channels, one rule: prices that differ. */
function config({ authority = '{price: shop}', more = '', web = '', shop = '' }: Shape = {}): string {
  return `version: 1
project: Lámparas <b>Luz</b>
market: ES
currency: EUR
authority: ${authority}
extends: []
rules: {price/differs-across-channels: error, feed/authority-undeclared: off}
${more}
channels:
  shop: {kind: store, includes_tax: true, ${shop} sources: [{platform: csv, path: shop.csv}]}
  web: {kind: web, includes_tax: true, ${web} sources: [{platform: csv, path: web.csv}]}
`
}

function list(...rows: readonly string[]): string {
  return `${rows.join('\n')}\n`
}

const SHOP = list('sku,title,price', 'LAMP,Lamp,100.00', 'SOFA,Sofa,200.00', 'DESK,Desk,50.00')
const WEB = list('sku,title,price', 'LAMP,Lamp,103.00', 'SOFA,Sofa,200.00', 'DESK,Desk,50.00')

function code(error: unknown): string {
  return error instanceof DiagnosticError ? error.diagnostic.code : String(error)
}

describe('who is right', () => {
  it('is the declared channel, whose value is written to the others alone', async () => {
    const { plan, status } = await start({ 'shop.csv': SHOP, 'web.csv': WEB, 'omniparity.yaml': config() }).plan()
    expect(told(plan)).toEqual(['web LAMP price.regular: 103.00 -> 100.00 by shop (many_rows)'])
    expect(plan.changes[0]).toMatchObject({
      action: 'update',
      entity: 'price',
      target: { listing: 'LAMP', sku: 'LAMP', external_id: null },
      unit: 'EUR',
      origin: { path: 'web.csv', row: 1, line: 2, raw: '103.00' },
    })
    expect(plan.unresolved).toEqual([])
    expect(status).toBe(0)
  })

  it('is nobody without a declaration: the finding stays, with the reason', async () => {
    const { plan, status, files, md } = await start({
      'shop.csv': SHOP,
      'web.csv': WEB,
      'omniparity.yaml': config({ authority: '{stock: shop}' }),
    }).plan()
    expect(plan.changes).toEqual([])
    expect(plan.unresolved).toEqual([
      { finding: expect.any(String), channel: null, code: 'no_authority', reason: 'no authority declared for price' },
    ])
    expect(files).toEqual([])
    expect(md).toContain('no authority declared for price')
    expect(status).toBe(0)
  })

  it('is another channel in another market', async () => {
    const four = `version: 1
currency: EUR
authority: {price: {default: shop, markets: {PT: loja}}}
extends: []
rules: {price/differs-across-channels: error, feed/authority-undeclared: off}
channels:
  shop: {kind: store, market: ES, includes_tax: true, sources: [{platform: csv, path: shop.csv}]}
  web: {kind: web, market: ES, includes_tax: true, sources: [{platform: csv, path: web.csv}]}
  loja: {kind: store, market: PT, includes_tax: true, sources: [{platform: csv, path: loja.csv}]}
  site: {kind: web, market: PT, includes_tax: true, sources: [{platform: csv, path: site.csv}]}
`
    const one = (price: string): string => list('sku,title,price', `LAMP,Lamp,${price}`)
    const { plan } = await start({
      'shop.csv': one('100.00'),
      'web.csv': one('101.00'),
      'loja.csv': one('90.00'),
      'site.csv': one('91.00'),
      'omniparity.yaml': four,
    }).plan()
    expect(told(plan)).toEqual([
      'web LAMP price.regular: 101.00 -> 100.00 by shop (many_rows)',
      'site LAMP price.regular: 91.00 -> 90.00 by loja (many_rows)',
    ])
    expect(Object.keys(plan.basis).sort()).toEqual(['loja', 'shop', 'site', 'web'])
  })
})

describe('strategies', () => {
  const THREE = (authority: string, times = ''): string => `version: 1
market: ES
currency: EUR
authority: {price: ${authority}}
extends: []
rules: {price/differs-across-channels: error, feed/authority-undeclared: off}
channels:
  a: {kind: store, includes_tax: true, sources: [{platform: csv, path: a.csv${times === '' ? '' : `, data_as_of: 2026-11-22T${times}:00Z`}}]}
  b: {kind: web, includes_tax: true, sources: [{platform: csv, path: b.csv${times === '' ? '' : ', data_as_of: 2026-11-22T07:50:00Z'}}]}
  c: {kind: app, includes_tax: true, sources: [{platform: csv, path: c.csv${times === '' ? '' : ', data_as_of: 2026-11-22T07:45:00Z'}}]}
`
  async function chosen(authority: string, [a, b, c]: readonly [string, string, string], times = '') {
    const one = (price: string): string => list('sku,title,price', `LAMP,Lamp,${price}`)
    const files = { 'a.csv': one(a), 'b.csv': one(b), 'c.csv': one(c), 'omniparity.yaml': THREE(authority, times) }
    const { plan } = await start(files).plan()
    return {
      changes: told(plan).map((text) => text.replace(' LAMP price.regular:', '').replace(' (many_rows)', '')),
      open: open(plan),
    }
  }

  it.each([
    ['{strategy: min}', ['c 12.00 -> 10.00 by min', 'b 11.00 -> 10.00 by min']],
    ['{strategy: max}', ['a 10.00 -> 12.00 by max', 'b 11.00 -> 12.00 by max']],
    ['{strategy: order, order: [b, a]}', ['a 10.00 -> 11.00 by order', 'c 12.00 -> 11.00 by order']],
    ['{strategy: authority, default: c}', ['a 10.00 -> 12.00 by c', 'b 11.00 -> 12.00 by c']],
    ['{default: a, markets: {ES: {strategy: max}}}', ['a 10.00 -> 12.00 by max', 'b 11.00 -> 12.00 by max']],
  ])('%s decides', async (authority, expected) => {
    const { changes, open: left } = await chosen(authority, ['10.00', '11.00', '12.00'])
    expect([...changes].sort()).toEqual([...expected].sort())
    expect(left).toEqual([])
  })

  it('majority takes what more than half say, and decides nothing without', async () => {
    expect(await chosen('{strategy: majority}', ['10.00', '11.00', '10.00'])).toEqual({
      changes: ['b 11.00 -> 10.00 by majority'],
      open: [],
    })
    expect(await chosen('{strategy: majority}', ['10.00', '11.00', '12.00'])).toEqual({ changes: [], open: ['tie'] })
  })

  it('most_recent takes the newest where every side says when, and nothing where one does not', async () => {
    const newest = await chosen('{strategy: most_recent}', ['10.00', '11.00', '11.00'], '07:55')
    expect(newest.changes).toEqual(['b 11.00 -> 10.00 by most_recent', 'c 11.00 -> 10.00 by most_recent'])
    expect(await chosen('{strategy: most_recent}', ['10.00', '11.00', '11.00'])).toEqual({
      changes: [],
      open: ['no_value'],
    })
    expect((await chosen('{strategy: most_recent}', ['10.00', '11.00', '12.00'], '07:50')).open).toEqual(['tie'])
  })

  it('manual leaves it to a person', async () => {
    expect(await chosen('{strategy: manual}', ['10.00', '11.00', '11.00'])).toEqual({ changes: [], open: ['manual'] })
  })

  it('a price of zero is nobody’s lowest price', async () => {
    const { changes } = await chosen('{strategy: min}', ['10.00', '0.00', '12.00'])
    expect(changes.every((change) => change.includes('-> 10.00'))).toBe(true)
    expect(changes.length).toBeGreaterThan(0)
  })

  it.each([
    '{strategy: order}',
    '{strategy: min, default: a}',
    '{strategy: authority}',
    '{strategy: cheapest}',
    '{strategy: order, order: [nobody]}',
  ])('refuses %s', async (authority) => {
    const error = await chosen(authority, ['1.00', '2.00', '3.00']).catch((thrown: unknown) => thrown)
    expect(code(error)).toMatch(/^config\//)
  })
})

describe("a channel's own terms", () => {
  /** The shop sells with tax, the web without. */
  async function net(shopRow: string, webRow: string, header = 'sku,title,price,tax_rate') {
    const files = {
      'shop.csv': list(header, shopRow),
      'web.csv': list(header, webRow),
      'omniparity.yaml': config().replace(
        'web: {kind: web, includes_tax: true',
        'web: {kind: web, includes_tax: false',
      ),
    }
    return (await start(files).plan({ allowed: ['many_rows', 'large_price_change'] })).plan
  }

  it('takes the tax out, rounded half up to the cent', async () => {
    // 19.99 / 1.21 = 16.5206…; 100.43 / 1.21 = 83.0
    expect(told(await net('LAMP,Lamp,19.99,21', 'LAMP,Lamp,17.00,21'))[0]).toContain('17.00 -> 16.52')
    expect(told(await net('LAMP,Lamp,100.43,21', 'LAMP,Lamp,80.00,21'))[0]).toContain('80.00 -> 83.00')
  })

  it('refuses a tax basis that nobody declared', async () => {
    const { plan } = await start({
      'shop.csv': SHOP,
      'web.csv': WEB,
      'omniparity.yaml': config().replace('web: {kind: web, includes_tax: true,', 'web: {kind: web,'),
    }).plan()
    expect(told(plan)).toEqual([])
    expect(open(plan)).toEqual(['tax_basis web'])
  })

  it('refuses a rate that no law of the country has', async () => {
    const plan = await net('LAMP,Lamp,19.99,17', 'LAMP,Lamp,17.00,17')
    expect(told(plan)).toEqual([])
    expect(open(plan)).toEqual(['tax_rate web'])
  })

  it('leaves alone what differs by rounding or by what the rule tolerates', async () => {
    const row = (price: string): string => list('sku,title,price,tax_rate', `LAMP,Lamp,${price},21`)
    const text = config()
      .replace('web: {kind: web, includes_tax: true', 'web: {kind: web, includes_tax: false')
      .concat('  app: {kind: app, includes_tax: true, sources: [{platform: csv, path: app.csv}]}\n')
    // 16.53 without tax is 20.00 with it, one cent from the shop's price: less than rounding does.
    const files = {
      'shop.csv': row('19.99'),
      'web.csv': row('16.53'),
      'app.csv': row('25.00'),
      'omniparity.yaml': text,
    }
    expect(told((await start(files).plan()).plan)).toEqual([
      'app LAMP price.regular: 25.00 -> 19.99 by shop (many_rows)',
    ])
  })

  it('lowers no price to where the sale price is', async () => {
    const header = 'sku,title,price,sale price'
    const { plan } = await start({
      'shop.csv': list(header, 'LAMP,Lamp,100.00,'),
      'web.csv': list(header, 'LAMP,Lamp,120.00,100.00'),
      'omniparity.yaml': config(),
    }).plan()
    expect(plan.changes).toEqual([])
    expect(open(plan)).toEqual(['sale web'])
  })

  it('multiplies by the units of the pack', async () => {
    const { plan } = await start({
      'shop.csv': list('sku,title,price,pack_quantity', 'LAMP,Lamp,10.00,1'),
      'web.csv': list('sku,title,price,pack_quantity', 'LAMP,Lamp three,33.00,3'),
      'omniparity.yaml': config(),
    }).plan()
    expect(told(plan)).toEqual(['web LAMP price.regular: 33.00 -> 30.00 by shop (many_rows)'])
  })

  it('plans nothing where a policy leaves more than one price', async () => {
    const text = config({ web: 'price_policy: {markup: {min: 0%, max: 8%}},' })
    const { plan } = await start({
      'shop.csv': SHOP,
      'web.csv': WEB.replace('103.00', '130.00'),
      'omniparity.yaml': text,
    }).plan()
    expect(told(plan)).toEqual([])
  })
})

describe('what nothing is planned from', () => {
  it('suppressed findings', async () => {
    const silence =
      'version: 1\nsuppressions:\n  - {rule: price/differs-across-channels, item: LAMP, status: accepted, reason: offer, owner: a@example.test, expires: 2027-01-06}\n'
    const files = {
      'shop.csv': SHOP,
      'web.csv': WEB,
      'silence.yaml': silence,
      'omniparity.yaml': config({ more: 'suppressions: silence.yaml' }),
    }
    const { plan, said } = await start(files).plan()
    expect(plan.changes).toEqual([])
    expect(plan.unresolved).toEqual([])
    expect(said).toContain('Nothing is to be changed.')
  })

  it('links below confidence 1.0', async () => {
    const files = {
      'shop.csv': list('sku,title,brand,mpn,price', 'A1,Lamp,Lux,X-100,100.00'),
      'web.csv': list('sku,title,brand,mpn,price', 'B1,Lamp,Lux,X-100,103.00'),
      'omniparity.yaml': config(),
    }
    const { plan } = await start(files).plan()
    expect(plan.changes).toEqual([])
    expect(open(plan)).toEqual(['confidence'])
  })

  it('several listings of the side that is right, with different values', async () => {
    const files = {
      'shop.csv': list(
        'id,sku,gtin,title,price',
        '1,LAMP,4006381333931,Lamp,100.00',
        '2,LAMP2,4006381333931,Lamp,102.00',
      ),
      'web.csv': list('id,sku,gtin,title,price', '9,LAMP9,4006381333931,Lamp,103.00'),
      'omniparity.yaml': config(),
    }
    const { plan } = await start(files).plan()
    expect(plan.changes).toEqual([])
  })

  it('a cause: it asks for one thing to be done, not for thousands of writes', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({ sku: `S${index}`, price: 1000 + index * 37 }))
    const table = (factor: number): string =>
      list(
        'sku,title,price',
        ...rows.map(({ sku, price }) => `${sku},${sku} lamp,${((price * factor) / 100).toFixed(2)}`),
      )
    const files = {
      'shop.csv': table(1),
      'web.csv': table(100),
      'omniparity.yaml': config().replace('extends: []', 'extends: [recommended]'),
    }
    const { plan, md } = await start(files).plan()
    expect(plan.changes.filter(({ field }) => field === 'price.regular')).toEqual([])
    expect(plan.actions.length).toBeGreaterThan(0)
    expect(plan.actions[0]).toMatchObject({
      cause: expect.any(String),
      channel: expect.any(String),
      text: expect.any(String),
    })
    expect(md).toContain('To be done once')
    const chosen = await project.plan({ causes: ['decimal-shift'] })
    expect(chosen.plan.actions).toHaveLength(1)
    expect(chosen.plan.changes).toEqual([])
  })
})

describe('data that are not whole', () => {
  it('plan nothing from a channel that cannot be read, and the run ends with 3', async () => {
    const text = config().concat(
      '  app: {kind: app, includes_tax: true, sources: [{platform: csv, path: nowhere.csv}]}\n',
    )
    const { plan, status } = await start({ 'shop.csv': SHOP, 'web.csv': WEB, 'omniparity.yaml': text }).plan()
    expect(told(plan)).toHaveLength(1)
    expect(status).toBe(3)
  })

  it('plan nothing from files that are too old', async () => {
    const text = config()
      .replace('feed/authority-undeclared: off', 'feed/authority-undeclared: off, feed/stale-source: error')
      .replace('path: shop.csv', 'path: shop.csv, data_as_of: 2026-11-01T08:00:00Z')
      .replace('path: web.csv', 'path: web.csv, data_as_of: 2026-11-01T08:00:00Z')
    const { plan } = await start({ 'shop.csv': SHOP, 'web.csv': WEB, 'omniparity.yaml': text }).plan()
    expect(plan.changes).toEqual([])
    expect(open(plan)).toContain('stale web')
  })

  it('write the stock of a location only where the article has one', async () => {
    const text = `version: 1
market: ES
currency: EUR
authority: {stock: shop}
extends: []
rules: {stock/published-exceeds-available: error, feed/authority-undeclared: off}
channels:
  shop: {kind: store, stock_pool: p, sources: [{platform: csv, path: shop.csv}]}
  web:
    kind: web
    stock_pool: p
    sources:
      - {platform: csv, path: web.csv}
      - {platform: csv, path: places.csv}
`
    const { plan, file } = await start({
      'shop.csv': list('sku,title,price,stock', 'LAMP,Lamp,10.00,2', 'SOFA,Sofa,10.00,2'),
      'web.csv': list('sku,title,price', 'LAMP,Lamp,10.00', 'SOFA,Sofa,10.00'),
      'places.csv': list('sku,location,stock', 'LAMP,T1,9', 'SOFA,T1,4', 'SOFA,T2,5'),
      'omniparity.yaml': text,
    }).plan()
    expect(plan.changes).toMatchObject([
      { target: { sku: 'LAMP', location: 'T1' }, before: '9', after: '2', origin: { path: 'places.csv', row: 1 } },
    ])
    expect(open(plan)).toEqual(['location web'])
    expect(file('fix/web/corrections.csv').toString()).toBe('sku,location,stock\r\nLAMP,T1,2\r\n')
  })
})

describe('limits', () => {
  const many = (price: (index: number) => string): string =>
    list('sku,title,price', ...Array.from({ length: 100 }, (_, index) => `S${index},Lamp ${index},${price(index)}`))

  async function needs(web: string, shop: string, allowed: readonly ChangeNeed[], more = '', maxSum?: string) {
    const files = { 'shop.csv': shop, 'web.csv': web, 'omniparity.yaml': config({ more }) }
    const made = await start(files).plan({ allowed, ...(maxSum === undefined ? {} : { maxSum }) })
    return { ...made, needs: [...new Set(made.plan.changes.flatMap((change) => change.needs))] }
  }

  const base = many((index) => `${index + 100}.00`)
  const upTo = (n: number, price: string): string => many((index) => (index < n ? price : `${index + 100}.00`))

  it('five of a hundred rows may change, the sixth needs a flag', async () => {
    expect((await needs(upTo(5, '99.50'), base, [])).status).toBe(0)
    const held = await needs(upTo(6, '99.50'), base, [])
    expect(held.needs).toEqual(['many_rows'])
    expect(held.status).toBe(4)
    expect(held.files).toEqual([])
    expect(held.md).toContain('--allow-many-rows')
    const agreed = await needs(upTo(6, '99.50'), base, ['many_rows'])
    expect(agreed.status).toBe(0)
    expect(agreed.plan.allowed).toEqual(['many_rows'])
    expect(agreed.files).toEqual(['fix/web/corrections.csv', 'undo/web/corrections.csv'])
  })

  it('a price that moves by more than 30 % needs a flag, and stands in the file only with it', async () => {
    const shop = upTo(2, '100.00')
    const web = many((index) => (index === 0 ? '142.86' : index === 1 ? '142.85' : `${index + 100}.00`))
    const held = await needs(web, shop, [])
    expect(held.plan.changes.map(({ target, needs: own, safety }) => [target.sku, own, safety])).toEqual([
      ['S0', ['large_price_change'], 'review'],
      ['S1', [], 'automatic'],
    ])
    expect(held.file('fix/web/corrections.csv').toString()).toBe('sku,title,price\r\nS1,Lamp 1,100.00\r\n')
    expect(held.status).toBe(4)
    const agreed = await needs(web, shop, ['large_price_change'])
    expect(agreed.file('fix/web/corrections.csv').toString()).toContain('S0,Lamp 0,100.00')
    expect(agreed.status).toBe(0)
    const wide = await needs(web, shop, [], 'plan: {max_price_change: 50%}')
    expect(wide.needs).toEqual([])
    expect(wide.plan.limits.price_change).toBe('0.5')
  })

  it('the sum of all price moves has a limit, from the configuration or a flag', async () => {
    const web = upTo(3, '90.00')
    const free = await needs(web, base, [])
    expect(free.needs).toEqual([])
    const sum = await needs(web, base, [], 'plan: {max_sum: 30}')
    expect(sum.needs).toEqual(['large_sum'])
    expect(sum.status).toBe(4)
    expect((await needs(web, base, [], 'plan: {max_sum: 30}', '40')).needs).toEqual([])
    expect((await needs(web, base, ['large_sum'], '', '1')).status).toBe(0)
  })

  it('a price of zero needs a flag of its own', async () => {
    const files = { 'shop.csv': base, 'web.csv': upTo(1, '99.00'), 'omniparity.yaml': config() }
    const review: PlanRequest['review'] = async (changes) => changes.map(({ n }) => ({ n, after: '0.00' }))
    const held = await start(files).plan({ allowed: ['large_price_change'], review })
    expect(held.plan.changes.map((change) => change.needs)).toEqual([['large_price_change', 'price_to_zero']])
    expect(held.files).toEqual([])
    expect(held.status).toBe(4)
    const agreed = await project.plan({ allowed: ['large_price_change', 'price_to_zero'], review })
    expect(agreed.file('fix/web/corrections.csv').toString()).toBe('sku,title,price\r\nS0,Lamp 0,0.00\r\n')
    expect(agreed.status).toBe(0)
  })

  it('stock that becomes zero, and a state that is no longer for sale, need flags of their own', async () => {
    const text = config({
      authority: '{stock: shop, catalog: shop}',
      shop: 'stock_pool: p,',
      web: 'stock_pool: p,',
    }).replace(
      /rules: .*/,
      'rules: {stock/published-exceeds-available: error, catalog/status-mismatch: error, feed/authority-undeclared: off}',
    )
    const rows = (stock: string, status: string): string =>
      list(
        'sku,title,price,stock,status',
        `LAMP,Lamp,10.00,${stock},active`,
        `SOFA,Sofa,10.00,4,${status}`,
        'BED,Bed,10.00,4,archived',
        'RUG,Rug,10.00,4,active',
      )
    const files = { 'shop.csv': rows('0', 'archived'), 'web.csv': rows('3', 'active'), 'omniparity.yaml': text }
    const held = await start(files).plan()
    expect(held.plan.changes.map(({ field, before, after, needs: own }) => [field, before, after, own])).toEqual([
      ['stock.available', '3', '0', ['many_rows', 'stock_to_zero']],
      ['status', 'active', 'archived', ['many_rows', 'status_to_inactive']],
    ])
    expect(held.status).toBe(4)
    const agreed = await project.plan({ allowed: ['many_rows', 'stock_to_zero', 'status_to_inactive'] })
    expect(agreed.file('fix/web/corrections.csv').toString()).toBe(
      'sku,title,price,stock,status\r\nLAMP,Lamp,10.00,0,active\r\nSOFA,Sofa,10.00,4,archived\r\n',
    )
    expect(agreed.status).toBe(0)
  })
})

describe('selection', () => {
  it('by rule, channel and article', async () => {
    const files = {
      'shop.csv': SHOP,
      'web.csv': WEB.replace('50.00', '52.00'),
      'omniparity.yaml': config(),
    }
    start(files)
    expect(told((await project.plan({ items: ['DESK'] })).plan)).toEqual([
      'web DESK price.regular: 52.00 -> 50.00 by shop (many_rows)',
    ])
    expect((await project.plan({ channels: ['shop'] })).plan.changes).toEqual([])
    expect((await project.plan({ rules: ['price/differs-across-channels'] })).plan.changes).toHaveLength(2)
    expect(code(await project.plan({ rules: ['price/none'] }).catch((error: unknown) => error))).toBe('usage/bad-value')
    expect(code(await project.plan({ channels: ['nobody'] }).catch((error: unknown) => error))).toBe(
      'usage/unknown-channel',
    )
  })

  it('change by change, by a person', async () => {
    const files = { 'shop.csv': SHOP, 'web.csv': WEB.replace('50.00', '52.00'), 'omniparity.yaml': config() }
    const { plan, file } = await start(files).plan({
      review: async (changes, isValue) => {
        expect(changes.map(({ article }) => article)).toEqual(['LAMP · Lamp', 'DESK · Desk'])
        const [first, second] = changes
        if (first === undefined || second === undefined) throw new Error('two changes were expected')
        expect(['49.99', '49.999', '-1', 'x', ' 1'].map((text) => isValue(second, text))).toEqual([
          true,
          false,
          false,
          false,
          false,
        ])
        return [
          { n: first.n, after: null },
          { n: second.n, after: '49.99' },
        ]
      },
    })
    expect(told(plan)).toEqual(['web DESK price.regular: 52.00 -> 49.99 by manual (many_rows)'])
    expect(open(plan)).toEqual(['rejected web'])
    expect(file('fix/web/corrections.csv').toString()).toBe('sku,title,price\r\nDESK,Desk,49.99\r\n')
  })
})

describe('the folder', () => {
  it('has the same changes for the same inputs', async () => {
    const files = { 'shop.csv': SHOP, 'web.csv': WEB, 'omniparity.yaml': config() }
    const one = await start(files).plan()
    const two = await project.plan()
    expect(two.plan.changes).toEqual(one.plan.changes)
    expect(two.plan.basis).toEqual(one.plan.basis)
    expect(two.file('fix/web/corrections.csv')).toEqual(one.file('fix/web/corrections.csv'))
  })

  it('takes nothing’s place, and leaves nothing half written', async () => {
    const files = { 'shop.csv': SHOP, 'web.csv': WEB, 'omniparity.yaml': config(), 'plan-1/plan.md': 'mine' }
    start(files)
    expect(code(await project.plan().catch((error: unknown) => error))).toBe('plan/exists')
    expect(project.read('plan-1/plan.md')).toBe('mine')
  })

  it('expires after an hour with prices in it, and when it is told to', async () => {
    const files = { 'shop.csv': SHOP, 'web.csv': WEB, 'omniparity.yaml': config() }
    const lasts = async (expiresMs?: number): Promise<number> => {
      const { plan } = await project.plan(expiresMs === undefined ? {} : { expiresMs })
      return Date.parse(plan.expires_at) - Date.parse(plan.created_at)
    }
    start(files)
    expect(await lasts()).toBe(3_600_000)
    expect(await lasts(60_000)).toBe(60_000)
    project.write('omniparity.yaml', config({ more: 'plan: {expires: 2h}' }))
    expect(await lasts()).toBe(7_200_000)
  })
})

describe('a table of one’s own', () => {
  const SPANISH = {
    shop: 'sku;Descripción;PVP;Nota\nÑU-1;"Lámpara; ""Sol"" €";19,99;=cmd\nÑU-2;Sofá;200,00;\n',
    web: 'sku;Descripción;PVP;Nota\nÑU-1;"Lámpara; ""Sol"" €";21,99 €;"=HYPERLINK(""http://x"";""y"")"\nÑU-2;Sofá;200,00 €;-5\n',
  }

  function spanish(): PlannedProject {
    const text = config().replaceAll(
      'platform: csv,',
      'platform: csv, map: {sku: sku, title: Descripción, price.regular: PVP},',
    )
    start({ 'omniparity.yaml': text })
    for (const [name, content] of Object.entries(SPANISH))
      project.writeBytes(`${name}.csv`, Buffer.from(content.replaceAll('€', '\x80'), 'latin1'))
    return project
  }

  it('keeps its shape, its encoding, its decimal mark and its texts; the import changes the planned cells and no other', async () => {
    const form = { delimiter: ';', encoding: 'windows-1252', key: 'sku' } as const
    const { plan, file, files } = await spanish().plan()
    expect(told(plan)).toEqual(['web ÑU-1 price.regular: 21.99 -> 19.99 by shop (many_rows)'])
    expect(files).toEqual(['fix/web/corrections.csv', 'undo/web/corrections.csv'])
    const before = project.readBytes('web.csv')
    const imported = importCsv(before, file('fix/web/corrections.csv'), form)
    expect(imported.rows).toEqual([
      ['ÑU-1', 'Lámpara; "Sol" €', '19,99 €', '=HYPERLINK("http://x";"y")'],
      ['ÑU-2', 'Sofá', '200,00 €', '-5'],
    ])
    const text = Buffer.from(csvText(imported, ';').replaceAll('€', '\x80'), 'latin1')
    project.writeBytes('web.csv', text)
    const again = await project.plan()
    expect(again.plan.changes).toEqual([])
    expect(again.plan.unresolved).toEqual([])
    const undone = importCsv(text, file('undo/web/corrections.csv'), form)
    expect(undone.rows[0]?.[2]).toBe('21,99 €')
    expect(Buffer.from(csvText(undone, ';').replaceAll('€', '\x80'), 'latin1').toString('latin1')).toBe(
      before.toString('latin1'),
    )
  })

  it('refuses values that a spreadsheet would compute', async () => {
    const text = config({ authority: '{catalog: shop}' }).replace(
      /rules: .*/,
      'rules: {catalog/brand-mismatch: error, feed/authority-undeclared: off}',
    )
    const rows = (brand: string): string =>
      list('sku,title,brand,price', `LAMP,Lamp,${brand},10.00`, 'SOFA,Sofa,Lux,10.00')
    const { plan, files } = await start({
      'shop.csv': rows('=1+1 Brand'),
      'web.csv': rows('Other'),
      'omniparity.yaml': text,
    }).plan()
    expect(plan.changes).toEqual([])
    expect(open(plan)).toEqual(['file web'])
    expect(files).toEqual([])
  })

  it('shows hostile texts as text', async () => {
    const title = '<img src=x onerror=alert(1)> | `x` [a](javascript:b) \u202e'
    const rows = (price: string): string => list('sku,title,price', `LAMP,"${title}",${price}`)
    const { md } = await start({
      'shop.csv': rows('10.00'),
      'web.csv': rows('11.00'),
      'omniparity.yaml': config(),
    }).plan()
    expect(md).not.toMatch(/<img|(?<!\\)\]\(javascript|\u202e/)
    expect(md).not.toContain('<b>')
  })
})
