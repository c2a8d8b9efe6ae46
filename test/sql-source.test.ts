/** Channels that are databases: audited beside files, corrected by a script, and audited again. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config/load.ts'
import { parseAddress } from '../src/database/address.ts'
import { simpleSelect } from '../src/database/simple-select.ts'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import { queryProblem } from '../src/model/query-text.ts'
import { runAudit } from '../src/ops/audit.ts'
import { runPlan } from '../src/ops/plan.ts'
import { PASSWORD } from './servers.ts'
import { heard, SmallProject } from './small-project.ts'
import { allShops, type Shop } from './sql-shops.ts'

const shops = allShops()
beforeAll(() => Promise.all(shops.map((shop) => shop.start())))
afterAll(() => Promise.all(shops.map((shop) => shop.stop())))

const config = (query: string, more = ''): string => `
version: 1
market: ES
currency: EUR
timezone: Europe/Madrid
channels:
  erp: {kind: erp, includes_tax: true, sources: [{platform: csv, path: erp.csv}]}
  web:
    kind: web
    includes_tax: true
    sources:
      - platform: sql
        url: {env: SHOP_URL}
        query: ${query}
${more}
authority: {price: erp, catalog: erp, stock: erp}
rules: {feed/stale-source: off}
`

const now = (): string => new Date().toISOString().replace(/\.\d+Z/, 'Z')

interface Report {
  readonly channels: readonly {
    readonly id: string
    readonly listings: number
    readonly sources: readonly {
      readonly path: string
      readonly rows: number
      readonly sha256: string
      readonly data_as_of: string
      readonly understood: {
        readonly columns: Readonly<Record<string, string>>
        readonly unused: readonly string[]
        readonly assumptions: readonly string[]
      }
    }[]
  }[]
  readonly coverage: readonly { readonly rule: string; readonly unknown: Readonly<Record<string, number>> }[]
  readonly findings: readonly {
    readonly rule: string
    readonly item: { readonly sku: string } | null
    readonly sides: readonly {
      readonly channel: string
      readonly value: string | null
      readonly raw: string | null
      readonly source: { readonly path: string; readonly row: number; readonly line: number | null } | null
    }[]
  }[]
}

/** The report of an audit, and what is said of what could not be read. */
async function audited(project: SmallProject) {
  let errors = ''
  const note = (text: string): void => {
    errors += text
  }
  const request = project.request({ asOf: now() })
  const { status, stdout } = await heard((io) => runAudit(request, { ...io, error: note, warn: note }))
  return { status, stdout, errors }
}

class SqlProject extends SmallProject {
  constructor(shop: Shop, files: Readonly<Record<string, string>>) {
    super(files)
    process.env['SHOP_URL'] = shop.url
  }

  async report(): Promise<{ readonly report: Report }> {
    const { stdout, errors } = await audited(this)
    expect(errors).not.toContain('error[')
    return { report: JSON.parse(stdout) }
  }

  async plan(output: string): Promise<number> {
    const request = {
      audit: this.request({ asOf: now(), formats: [] }),
      selection: { rules: ['price/differs-across-channels'], channels: [], items: [], causes: [] },
      ...{ output, maxSum: null, expiresMs: null, review: null },
      allowed: ['large_price_change', 'many_rows', 'large_sum'] as const,
    }
    const { status } = await heard((io) => runPlan(request, io))
    return status
  }

  /** The one script in a folder of a plan. */
  script(plan: string, side: 'fix' | 'undo'): string {
    const folder = join(this.dir, plan, side, 'web')
    const [only, ...others] = readdirSync(folder)
    expect(others).toEqual([])
    return join(folder, only ?? '')
  }
}

const prices = ({ report }: { readonly report: Report }): readonly string[] =>
  report.findings
    .filter(({ rule }) => rule === 'price/differs-across-channels')
    .map(({ item }) => item?.sku ?? '')
    .sort()

describe.each(shops)('$dialect', (shop) => {
  it.skipIf(shop.skip !== null)('is read like a file, with what only a database can say', async () => {
    await shop.run(
      'DROP TABLE IF EXISTS article',
      'DROP TABLE IF EXISTS stock',
      'CREATE TABLE article (code CHAR(8), ean VARCHAR(20), nm VARCHAR(40), pvp DECIMAL(10,3), st CHAR(1), upd TIMESTAMP NULL)',
      "INSERT INTO article VALUES ('A-1', '8412345678905', 'Bota', 1.234, 'A', '2026-11-20 10:00:00'), ('A-2', '8400000000017', 'Zapato', 39.9, 'B', NULL)",
      'CREATE TABLE stock (code CHAR(8), place VARCHAR(10), n INTEGER)',
      "INSERT INTO stock VALUES ('A-1', 'T01', 3), ('A-1', 'T02', 4), ('A-2', 'T01', 0)",
    )
    const listing =
      'select code as sku, ean as gtin, nm as title, pvp as "price.regular", st, pvp as "price.reglar" from article order by code'
    const project = new SqlProject(shop, {
      'erp.csv': 'sku,ean,title,price\nA-1,8412345678905,Bota,1.23\nA-2,8400000000017,Zapato,39.90\n',
      'omniparity.yaml': config(
        `{listing: '${listing}', stock: 'select code as sku, place as "stock.location", n as "stock.available" from stock'}`,
        '        map: {status: {column: st, vocabulary: {A: active, B: discontinued}}}',
      ),
    })
    const first = await project.report()
    const web = first.report.channels.find(({ id }) => id === 'web')
    expect(web).toMatchObject({
      listings: 2,
      sources: [
        { path: 'sql:web/listing', rows: 2 },
        { path: 'sql:web/stock', rows: 3 },
      ],
    })
    const [source] = web?.sources ?? []
    expect(source?.understood.columns).toEqual({
      gtin: 'gtin',
      'price.regular': 'price.regular',
      sku: 'sku',
      status: 'st',
      title: 'title',
    })
    expect(source?.understood.unused).toEqual(['price.reglar'])
    expect(source?.understood.assumptions.join('\n')).toContain("did you mean 'price.regular'?")
    expect(source?.understood.assumptions.join('\n')).toMatch(/read from (PostgreSQL|MariaDB|SQLite) .* in one moment/)
    expect(Math.abs(Date.parse(source?.data_as_of ?? '') - Date.now())).toBeLessThan(60_000)
    // 1.234 in a file could be a thousand; in a column of numbers it is what it is.
    const [finding] = first.report.findings.filter(({ rule }) => rule === 'price/differs-across-channels')
    const side = finding?.sides.find(({ channel }) => channel === 'web')
    expect(side).toMatchObject({
      value: '1.234',
      raw: '1.234',
      source: { path: 'sql:web/listing', row: 1, line: null },
    })
    const again = await project.report()
    expect(again.report.channels[1]?.sources.map(({ sha256 }) => sha256)).toEqual(
      web?.sources.map(({ sha256 }) => sha256),
    )
    expect(JSON.stringify(first)).not.toContain(encodeURIComponent(PASSWORD))
    project.remove()
  })

  it.skipIf(shop.skip !== null)(
    'is corrected by the script of a plan, and nothing else in it changes',
    async () => {
      const count = shop.dialect === 'postgresql' ? 100_000 : 10_000
      const wrong = 50
      const rows = Array.from({ length: count }, (_, n) => [`A-${n}`, `${(n % 900) + 10}.50`] as const)
      const values = rows.map(
        ([sku, price], n) =>
          `('${sku}', ${n % Math.floor(count / wrong) === 0 ? `${(n % 900) + 10}.${String((n * 7) % 50).padStart(2, '0')}` : price}, 'it''s ${n}')`,
      )
      await shop.run(
        'DROP TABLE IF EXISTS item',
        'CREATE TABLE item (code VARCHAR(20) PRIMARY KEY, pvp DECIMAL(10,2), nm VARCHAR(40))',
      )
      for (let at = 0; at < count; at += 20_000)
        await shop.run(`INSERT INTO item VALUES ${values.slice(at, at + 20_000).join(', ')}`)
      const project = new SqlProject(shop, {
        'erp.csv': `sku,title,price\n${rows.map(([sku, price], n) => `${sku},it's ${n},${price}`).join('\n')}\n`,
        'omniparity.yaml': config(`{listing: 'select code as sku, nm as title, pvp as "price.regular" from item'}`),
      })
      const before = await shop.rows('SELECT code, pvp, nm FROM item ORDER BY code')
      const found = prices(await project.report())
      expect(found.length).toBe(Math.ceil(count / Math.floor(count / wrong)))
      expect(await project.plan('plan')).toBe(0)
      const fixed = await shop.script(project.script('plan', 'fix'))
      expect(fixed.status, fixed.output).toBe(0)
      expect(prices(await project.report())).toEqual([])
      const after = await shop.rows('SELECT code, pvp, nm FROM item ORDER BY code')
      const moved = after.filter((row, n) => String(row) !== String(before[n])).map(([sku]) => String(sku))
      expect(moved.sort()).toEqual(found)
      const undone = await shop.script(project.script('plan', 'undo'))
      expect(undone.status, undone.output).toBe(0)
      expect(await shop.rows('SELECT code, pvp, nm FROM item ORDER BY code')).toEqual(before)
      project.remove()
    },
    120_000,
  )

  it.skipIf(shop.skip !== null)('is written where `write` says, and nowhere without it', async () => {
    await shop.run(
      'DROP TABLE IF EXISTS price',
      'DROP TABLE IF EXISTS thing',
      'CREATE TABLE thing (code VARCHAR(20), nm VARCHAR(20))',
      'CREATE TABLE price (code VARCHAR(20), pvp DECIMAL(10,2))',
      "INSERT INTO thing VALUES ('A-1', 'Bota')",
      "INSERT INTO price VALUES ('A-1', 9.99)",
    )
    const joined = `{listing: 'select t.code as sku, t.nm as title, p.pvp as "price.regular" from thing t join price p on p.code = t.code'}`
    const files = { 'erp.csv': 'sku,title,price\nA-1,Bota,12.50\n' }
    const plain = new SqlProject(shop, { ...files, 'omniparity.yaml': config(joined) })
    await plain.plan('plan')
    expect(readdirSync(join(plain.dir, 'plan')).sort()).not.toContain('fix')
    expect(readFileSync(join(plain.dir, 'plan/plan.json'), 'utf8')).toContain("say with 'write:'")
    const write = '        write: {listing: {table: price, key: {sku: code}, columns: {price.regular: pvp}}}'
    const told = new SqlProject(shop, { ...files, 'omniparity.yaml': config(joined, write) })
    await told.plan('plan')
    const done = await shop.script(told.script('plan', 'fix'))
    expect(done.status, done.output).toBe(0)
    expect((await shop.rows('SELECT pvp FROM price')).map(([pvp]) => Number(pvp))).toEqual([12.5])
    plain.remove()
    told.remove()
  })
})

describe('a database that cannot be read', () => {
  it('leaves the other channels audited, and its own checks unknown', async () => {
    const project = new SmallProject({
      'erp.csv': 'sku,title,price\nA-1,Bota,12.50\n',
      'tienda.csv': 'sku,title,price\nA-1,Bota,11.50\n',
      'omniparity.yaml': `${config("{listing: 'select code as sku from item'}")}`.replace(
        'channels:',
        'channels:\n  tienda: {kind: store, includes_tax: true, sources: [{platform: csv, path: tienda.csv}]}',
      ),
    })
    for (const [url, code] of [
      ['postgres://owner:hunter2@127.0.0.1:1/shop', 'database/unreachable'],
      ['mysql://owner:hunter2@no-such-host.invalid/shop', 'database/host-unknown'],
      ['sqlserver://owner:hunter2@127.0.0.1:1/shop', 'database/unreachable'],
      ['sqlite:none.db', 'database/file'],
      ['mongodb://owner:hunter2@localhost', 'database/address'],
      [undefined, 'database/address'],
    ] as const) {
      if (url === undefined) delete process.env['SHOP_URL']
      else process.env['SHOP_URL'] = url
      const { status, stdout, errors } = await audited(project)
      expect(status).toBe(3)
      const said = `${errors}${stdout}`
      expect(said).toContain(code)
      expect(said).not.toContain('hunter2')
      const report: Report = JSON.parse(stdout)
      expect(prices({ report })).toEqual(['A-1'])
      const coverage = report.coverage.find(({ rule }) => rule === 'price/differs-across-channels')
      expect(coverage?.unknown).toMatchObject({ no_input: 1 })
    }
    project.remove()
  })
})

describe('a query', () => {
  it.each([
    ['SELECT 1', null],
    ['select code as sku from items;', null],
    ['-- items\nWITH a AS (SELECT 1) SELECT * FROM a', null],
    ['SELECT \'drop table; update\' AS t, "update" FROM x', null],
    ['SELECT updated_at, "into" FROM x', null],
    ['SELECT $$; DROP TABLE x$$ AS t', null],
    ['', 'empty'],
    ['-- only a comment', 'empty'],
    ['SELECT 1; DROP TABLE items', 'several'],
    ["SELECT 'a\\'; DROP TABLE items; -- '", 'several'],
    ['UPDATE items SET pvp = 1', 'verb'],
    ['EXPLAIN ANALYZE DELETE FROM items', 'verb'],
    ['WITH a AS (DELETE FROM items RETURNING *) SELECT * FROM a', 'writes'],
    ["SELECT * FROM items INTO OUTFILE '/tmp/x'", 'writes'],
    ['SELECT * INTO copy FROM items', 'writes'],
    ['SELECT /*!50000 1; */ 2', 'writes'],
    ["SELECT 'never closed", 'open'],
    ['SELECT 1 /* never closed', 'open'],
    ['SELECT 1\0', 'nul'],
  ])('%j: %s', (sql, problem) => {
    expect(queryProblem(sql)).toBe(problem)
  })

  it.each([
    ['select code as sku, pvp "price.regular" from items', { sku: 'code', 'price.regular': 'pvp' }],
    [
      'SELECT i.code AS sku, i.[pvp] AS [price.regular] FROM dbo.items AS i WHERE (SELECT 1) = 1',
      { sku: 'code', 'price.regular': 'pvp' },
    ],
    ['select code, round(pvp, 2) as "price.regular" from items order by code', { code: 'code', 'price.regular': null }],
    ['select `code` as sku from `shop`.`items` limit 5', { sku: 'code' }],
    ['select * from items', undefined],
    ['select distinct code as sku from items', undefined],
    ['select a.code as sku from a, b', undefined],
    ['select a.code as sku from a join b on a.id = b.id', undefined],
    ['select code as sku from a union select code from b', undefined],
    ['select max(pvp) as "price.regular" from items group by code', undefined],
    ['with x as (select 1 as code) select code as sku from x', undefined],
    ['select other.code as sku from items', { sku: null }],
  ])('%j says where its values are kept: %j', (sql, columns) => {
    const read = simpleSelect(sql)
    const found =
      read === null ? undefined : Object.fromEntries([...read.columns].map(([name, one]) => [name, one?.text ?? null]))
    expect(found).toEqual(columns)
  })
})

describe('the configuration of a database', () => {
  async function problems(source: string): Promise<readonly string[]> {
    const project = new SmallProject({
      'omniparity.yaml': `version: 1\nchannels:\n  web:\n    kind: web\n    sources:\n      - ${source}\n`,
    })
    const error = await loadConfig({ file: null, cwd: project.dir }).catch((caught: unknown) => caught)
    project.remove()
    if (!(error instanceof DiagnosticError)) return []
    expect(error.status).toBe(2)
    expect(JSON.stringify(error.diagnostics)).not.toContain('hunter2')
    return error.diagnostics.map(({ code, message }) => `${code}: ${message}`)
  }

  it('is accepted with an address from elsewhere and one SELECT', async () => {
    expect(
      await problems("{platform: sql, url: {env: X}, query: {listing: 'select 1 as sku'}, statement_timeout: 30s}"),
    ).toEqual([])
    expect(await problems("{platform: sql, url: 'sqlite:shop.db', query: {listing: 'select 1 as sku'}}")).toEqual([])
  })

  it.each([
    ["{platform: sql, url: 'postgres://owner:hunter2@h/db', query: {listing: select 1}}", /config\/literal-secret/],
    ["{platform: sql, url: 'mysql://h/db?password=hunter2', query: {listing: select 1}}", /config\/literal-secret/],
    [
      "{platform: sql, url: 'sqlserver://h;database=d;password=hunter2', query: {listing: select 1}}",
      /config\/literal-secret/,
    ],
    ['{platform: sql, query: {listing: select 1}}', /config\/missing-key: .*url/],
    ['{platform: sql, url: {env: X}}', /config\/missing-key: .*query/],
    ["{platform: sql, url: {env: X}, query: {listing: 'delete from x'}}", /database\/query-refused: .*query\.listing/],
    ["{platform: sql, url: {env: X}, query: {listing: 'select 1; drop table x'}}", /database\/query-refused/],
    ['{platform: sql, url: {env: X}, query: {lisitng: select 1}}', /config\/unknown-key: .*lisitng/],
    ['{platform: csv, path: a.csv, url: {env: X}, query: {listing: select 1}}', /config\/bad-value/],
    [
      '{platform: sql, url: {env: X}, query: {listing: select 1}, write: {listing: {table: t, key: {sku: a}, columns: {price.reglar: b}}}}',
      /config\/unknown-field: .*price\.reglar/,
    ],
  ])('%s is refused', async (source, expected) => {
    const found = await problems(source)
    expect(
      found.some((one) => expected.test(one)),
      found.join('\n'),
    ).toBe(true)
  })

  it.each([
    [
      'postgres://u:hunter2@db.example/shop',
      { dialect: 'postgresql', port: 5432, database: 'shop', tls: 'verify-full' },
    ],
    ['postgresql://u@localhost:6000/shop?sslmode=require', { port: 6000, tls: 'require', password: null }],
    ['postgres:///shop?host=/run/postgresql', { host: '/run/postgresql', tls: 'off' }],
    ['mysql://u:p%40%3A@127.0.0.1/shop', { dialect: 'mysql', password: 'p@:', tls: 'off' }],
    ['mariadb://u:hunter2@db.example/shop?ssl-mode=VERIFY_CA', { dialect: 'mariadb', tls: 'verify-ca' }],
    [
      'sqlserver://db.example:1434;database=shop;user=sa;password=hunter2',
      { dialect: 'sqlserver', port: 1434, user: 'sa', database: 'shop', tls: 'verify-full' },
    ],
    ['mssql://sa:hunter2@db.example/shop?encrypt=true&trustServerCertificate=true', { tls: 'require' }],
    ['sqlite:data/shop.db', { dialect: 'sqlite', file: '/project/data/shop.db', shown: 'data/shop.db' }],
    ['sqlite:///var/shop.db', { dialect: 'sqlite', file: '/var/shop.db' }],
  ])('%s is understood', (url, expected) => {
    const address = parseAddress(url, { key: 'url', dir: '/project' })
    expect(address).toMatchObject(expected)
    if ('password' in address && address.password !== null) expect(address.shown).not.toContain(address.password)
  })

  it.each([
    '',
    'shop',
    'mongodb://h/x',
    'postgres://h:99999/x',
    'postgres://h/x?sslmode=maybe',
    'sqlite:',
    'sqlite::memory:',
    'mysql:///x',
  ])('%j is refused without being repeated', (url) => {
    expect(() => parseAddress(url, { key: 'SHOP_URL', dir: '/' })).toThrow(/^database\/address: 'SHOP_URL'/)
  })
})
