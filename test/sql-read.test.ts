/** Databases of channels: what is read is exact, of one moment, and nothing can be written on the way. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import { PASSWORD } from './servers.ts'
import { allShops, openShop, readShop } from './sql-shops.ts'

const folder = mkdtempSync(join(tmpdir(), 'omniparity-sql-read-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const shops = allShops({ tls: true })
const [postgresql, mariadb, sqlite] = shops as [(typeof shops)[0], (typeof shops)[0], (typeof shops)[0]]

beforeAll(() => Promise.all(shops.map((shop) => shop.start())))
afterAll(() => Promise.all(shops.map((shop) => shop.stop())))

/** The one error of a failure, with the proof that it tells no secret. */
async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('nothing failed'),
    (caught: unknown) => caught,
  )
  if (!(error instanceof DiagnosticError)) throw error
  expect(error.diagnostics).toHaveLength(1)
  const { code, texts, status } = error.diagnostic
  expect(status).toBe(3)
  const all = JSON.stringify([texts, error.message, error.stack, String(error.cause)])
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'owner', 'hunter2']) expect(all).not.toContain(secret)
  return `${code}: ${texts.en.message}`
}

describe.skipIf(postgresql.skip !== null)('PostgreSQL', () => {
  it('gives every type as an exact text', async () => {
    await postgresql.run(`CREATE TYPE phase AS ENUM ('alta', 'baja')`)
    const { rows, columns, nulled, numeric } = await readShop(
      postgresql.url,
      `SELECT 12345678901234567890.123456789::numeric AS a, 0.10::numeric(10,2) AS b, 'NaN'::numeric AS c,
              9007199254740993::bigint AS d, 0.1::float8 AS e, 19.99::real AS f, 1e-7::float8 AS g, 1234.5::money AS h,
              'ab'::char(5) AS i, 'ab  '::varchar(5) AS j, true AS k, NULL::text AS l, DATE '2026-11-22' AS m,
              TIMESTAMP '2026-11-22 08:00:00.5' AS n, TIMESTAMPTZ '2026-11-22 08:00:00+01' AS o, 'infinity'::timestamptz AS p,
              'alta'::phase AS q, E'O''Neill \\\\ «ñ» 👟'::text AS r, '00000000-0000-0000-0000-000000000001'::uuid AS s`,
    )
    expect(rows).toEqual([
      [
        ...['12345678901234567890.123456789', '0.10', null, '9007199254740993', '0.1', '19.99', '0.0000001', '1234.50'],
        ...['ab', 'ab  ', true, null, '2026-11-22', '2026-11-22T08:00:00.5', '2026-11-22T07:00:00Z', null, 'alta'],
        ...["O'Neill \\ «ñ» 👟", '00000000-0000-0000-0000-000000000001'],
      ],
    ])
    expect(nulled).toEqual([
      { column: 'c', what: 'not-a-number', rows: 1 },
      { column: 'p', what: 'infinite', rows: 1 },
    ])
    expect([...numeric]).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(columns.slice(0, 3).map(({ type }) => type)).toEqual(['numeric', 'numeric', 'numeric'])
  })

  it('refuses binary by the name of its column', async () => {
    const work = readShop(postgresql.url, `SELECT 'x' AS sku, '\\x00'::bytea AS photo`)
    expect(await failure(work)).toBe("database/binary-column: column 'photo' is binary (bytea), and has no text")
  })
})

describe.skipIf(mariadb.skip !== null)('MariaDB', () => {
  it('gives every type as an exact text', async () => {
    await mariadb.run(
      "SET SESSION sql_mode = ''",
      `CREATE OR REPLACE TABLE types (a DECIMAL(30,9), b DECIMAL(10,2), d BIGINT UNSIGNED, e DOUBLE, f FLOAT, i CHAR(5), k BOOLEAN,
        bits BIT(1), m DATE, n DATETIME, o TIMESTAMP NULL, p DATE, q ENUM('alta','baja'), r VARCHAR(40) CHARACTER SET utf8mb4,
        latin VARCHAR(20) CHARACTER SET latin1, doc JSON)`,
    )
    await mariadb.server?.run(
      "SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+01:00'",
      `INSERT INTO types VALUES (12345678901234567890.123456789, 0.10, 18446744073709551615, 0.1, 19.99, 'ab', TRUE, b'1',
        '2026-11-22', '2026-11-22 08:00:00', '2026-11-22 08:00:00', '0000-00-00', 'alta', 'O''Neill \\\\ «ñ» 👟', 'ñandú', '{"a":1}')`,
    )
    const { rows, nulled, numeric } = await readShop(mariadb.url, 'SELECT * FROM types')
    expect(rows).toEqual([
      [
        ...['12345678901234567890.123456789', '0.10', '18446744073709551615', '0.1', '19.99', 'ab', '1', true],
        ...[
          '2026-11-22',
          '2026-11-22T08:00:00',
          '2026-11-22T07:00:00Z',
          null,
          'alta',
          "O'Neill \\ «ñ» 👟",
          'ñandú',
          '{"a":1}',
        ],
      ],
    ])
    expect(nulled).toEqual([{ column: 'p', what: 'zero-date', rows: 1 }])
    expect([...numeric]).toEqual([0, 1, 2, 3, 4, 6])
  })

  it('refuses binary by the name of its column', async () => {
    const work = readShop(mariadb.url, `SELECT 'x' AS sku, CAST('x' AS BINARY) AS photo`)
    expect(await failure(work)).toMatch("database/binary-column: column 'photo' is binary")
  })
})

describe('SQLite', () => {
  it('gives what a cell holds, whatever its column says', async () => {
    await sqlite.run(
      'CREATE TABLE types (a DECIMAL(10,2), b TEXT, c BOOLEAN, d INTEGER, e, f DATETIME)',
      `INSERT INTO types VALUES (19.9, '007', 1, 9007199254740993, 1e-7, '2026-11-22 08:00:00'), ('19,90', NULL, 0, 1, 'x', NULL)`,
    )
    const { rows, numeric } = await readShop(sqlite.url, 'SELECT * FROM types ORDER BY d DESC')
    expect(rows).toEqual([
      ['19.9', '007', true, '9007199254740993', '0.0000001', '2026-11-22 08:00:00'],
      ['19,90', null, false, '1', 'x', null],
    ])
    // A column that holds a text too is no column of numbers.
    expect([...numeric]).toEqual([3])
    expect(await failure(readShop(sqlite.url, "SELECT x'00' AS photo"))).toMatch("column 'photo' is binary")
  })
})

describe.each(shops)('$dialect', (shop) => {
  const series = {
    postgresql: `SELECT 'A-' || n AS sku, n::numeric / 100 AS "price.regular" FROM generate_series(1, 100000) n`,
    mariadb: `SELECT CONCAT('A-', seq) AS sku, seq / 100 AS "price.regular" FROM seq_1_to_100000`,
    sqlite: `WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 100000)
      SELECT 'A-' || n AS sku, n / 100.0 AS "price.regular" FROM s`,
  }

  it.skipIf(shop.skip !== null)('streams 100,000 rows in batches', async () => {
    const database = await openShop(shop.url)
    await database.beginRead()
    const rows = await database.query(series[shop.dialect])
    let count = 0
    let largest = 0
    let sum = 0
    for await (const batch of rows.batches()) {
      largest = Math.max(largest, batch.length)
      count += batch.length
      sum += batch.reduce((total, [, price]) => total + Math.round(Number(price) * 100), 0)
    }
    expect({ count, sum }).toEqual({ count: 100_000, sum: 5_000_050_000 })
    expect(largest).toBeLessThanOrEqual(2000)
    await database.endRead()
    await database.close()
  })

  it.skipIf(shop.skip !== null)('can be left in the middle of a stream', async () => {
    const database = await openShop(shop.url)
    await database.beginRead()
    const rows = await database.query(series[shop.dialect])
    for await (const _ of rows.batches()) break
    await database.close()
  })

  it.skipIf(shop.skip !== null)('reads all queries as of one moment, while a writer moves stock', async () => {
    if (shop.dialect === 'sqlite') await shop.run('PRAGMA journal_mode = WAL')
    await shop.run(
      'DROP TABLE IF EXISTS moved',
      'CREATE TABLE moved (place VARCHAR(10), stock INTEGER)',
      "INSERT INTO moved VALUES ('shop', 50), ('store', 50)",
    )
    const database = await openShop(shop.url)
    const moment = await database.beginRead()
    expect(moment.isOneMoment).toBe(true)
    expect(Math.abs(Date.parse(moment.asOf) - Date.now())).toBeLessThan(60_000)
    const sumOf = async (place: string): Promise<number> => {
      const rows = await database.query(`SELECT sum(stock) AS n FROM moved WHERE place = '${place}'`)
      let sum = 0
      for await (const batch of rows.batches()) sum += batch.reduce((total, [n]) => total + Number(n), 0)
      return sum
    }
    const before = await sumOf('shop')
    for (let n = 0; n < 5; n++) {
      await shop.run(
        "UPDATE moved SET stock = stock - 7 WHERE place = 'shop'",
        "UPDATE moved SET stock = stock + 7 WHERE place = 'store'",
      )
    }
    expect(before + (await sumOf('store'))).toBe(100)
    await database.endRead()
    expect(await sumOf('shop')).toBe(15)
    await database.close()
  })

  it.skipIf(shop.skip !== null)('is read-only: no statement that writes gets through', async () => {
    await shop.run('DROP TABLE IF EXISTS kept', 'CREATE TABLE kept (n INTEGER)', 'INSERT INTO kept VALUES (1)')
    for (const statement of [
      'UPDATE kept SET n = 2',
      'DELETE FROM kept',
      'CREATE TABLE other (n INTEGER)',
      'SELECT 1; DROP TABLE kept',
    ]) {
      const database = await openShop(shop.url)
      await database.beginRead()
      const tried = database.query(statement).then(async (rows) => {
        for await (const _ of rows.batches()) break
      })
      // A driver may drop a second statement without a word: what counts is that nothing happened.
      await tried.catch((error: unknown) => expect(error).toBeInstanceOf(Error))
      await database.close()
    }
    expect((await shop.rows('SELECT n FROM kept')).flat().map(Number)).toEqual([1])
  })

  it.skipIf(shop.skip !== null)('tells what is wrong with a query, and where', async () => {
    expect(await failure(readShop(shop.url, 'SELECT code\nFROM nowhere'))).toMatch(/^database\/no-table: .*nowhere/)
    await shop.run('DROP TABLE IF EXISTS kept', 'CREATE TABLE kept (n INTEGER)')
    const column = await failure(readShop(shop.url, 'SELECT n,\n  pvp FROM kept'))
    expect(column).toMatch(/^database\/no-column: .*pvp/)
    if (shop.dialect === 'postgresql') expect(column).toContain('at 2:3')
    expect(await failure(readShop(shop.url, 'SELECT n FROM kept WHERE'))).toMatch(/^database\/statement: /)
  })
})

describe.each([postgresql, mariadb])('$dialect, when it fails', (shop) => {
  let silent: Server
  let silentPort = 0
  beforeAll(async () => {
    silent = createServer(() => undefined)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const address = silent.address()
    silentPort = typeof address === 'object' && address !== null ? address.port : 0
  })
  afterAll(() => silent.close())

  const scheme = shop.dialect === 'postgresql' ? 'postgres' : 'mariadb'

  it.skipIf(shop.skip !== null)('says that the host is unknown', async () => {
    expect(await failure(openShop(`${scheme}://owner:hunter2@no-such-host.invalid/shop`))).toBe(
      `database/host-unknown: the host of ${shop.dialect} at no-such-host.invalid:${shop.dialect === 'postgresql' ? 5432 : 3306} is unknown`,
    )
  })

  it.skipIf(shop.skip !== null)('says that nothing listens', async () => {
    expect(await failure(openShop(`${scheme}://owner:hunter2@127.0.0.1:1/shop`))).toMatch('database/unreachable')
  })

  it.skipIf(shop.skip !== null)('says that nothing answers', async () => {
    const url = `${scheme}://owner:hunter2@127.0.0.1:${silentPort}/shop`
    expect(await failure(openShop(url, { connectTimeout: 300 }))).toMatch('did not answer within 0.3 s')
  })

  it.skipIf(shop.skip !== null)('says that the password is wrong', async () => {
    expect(await failure(openShop(shop.server?.urlOf({ password: 'hunter2' }) ?? ''))).toMatch('database/login-refused')
    expect(await failure(openShop(shop.server?.urlOf({ user: 'nobody' }) ?? ''))).toMatch('database/login-refused')
  })

  it.skipIf(shop.skip !== null)('says that there is no such database', async () => {
    expect(await failure(openShop(shop.server?.urlOf({ database: 'other' }) ?? ''))).toMatch("no database 'other'")
  })

  it.skipIf(shop.skip !== null)('says that it is not permitted', async () => {
    await shop.run(
      'DROP TABLE IF EXISTS secret',
      'CREATE TABLE secret (n INTEGER)',
      ...(shop.dialect === 'mariadb'
        ? [
            "CREATE USER reader@'%' IDENTIFIED BY 'hunter2'",
            'CREATE OR REPLACE TABLE open_one (n INTEGER)',
            "GRANT SELECT ON shop.open_one TO reader@'%'",
          ]
        : []),
    )
    if (shop.dialect === 'postgresql') {
      await shop.run('REVOKE SELECT ON secret FROM owner')
      expect(await failure(readShop(shop.url, 'SELECT n FROM secret'))).toMatch('database/permission')
    } else {
      const url = shop.server?.urlOf({ user: 'reader', password: 'hunter2' }) ?? ''
      expect(await failure(readShop(url, 'SELECT n FROM secret'))).toMatch('database/permission')
    }
  })

  it.skipIf(shop.skip !== null)('stops a statement at its limit', async () => {
    const sleep =
      shop.dialect === 'postgresql'
        ? 'SELECT pg_sleep(20)::text AS n'
        : 'SELECT sleep(20) + count(*) AS n FROM seq_1_to_3'
    const began = performance.now()
    expect(await failure(readShop(shop.url, sleep, { statementTimeout: 400 }))).toMatch('took longer than 0.4 s')
    expect(performance.now() - began).toBeLessThan(5000)
  })

  it.skipIf(shop.skip !== null)(
    'checks a certificate where it is asked to, and says what is wrong with it',
    async () => {
      const authority = shop.server?.authority
      if (authority === null || authority === undefined) throw new Error('openssl is not installed')
      const url = (options: string): string => (shop.server?.urlOf({ options }) ?? '').replace('127.0.0.1', 'localhost')
      const [mode, ca] = shop.dialect === 'postgresql' ? ['sslmode', 'sslrootcert'] : ['ssl-mode', 'ssl-ca']
      const full = shop.dialect === 'postgresql' ? 'verify-full' : 'VERIFY_IDENTITY'
      const required = shop.dialect === 'postgresql' ? 'require' : 'REQUIRED'
      expect(await failure(openShop(url(`?${mode}=${full}`)))).toMatch('database/tls')
      const protectionOf = async (options: string): Promise<string> => {
        const database = await openShop(url(options))
        await database.close()
        return database.protection
      }
      expect(await protectionOf(`?${mode}=${full}&${ca}=${encodeURIComponent(authority)}`)).toBe('verified')
      expect(await protectionOf(`?${mode}=${required}`)).toBe('encrypted')
      expect(await protectionOf('')).toBe('plain')
      const wrongName = url(`?${mode}=${full}&${ca}=${encodeURIComponent(authority)}`).replace('localhost', '127.0.0.1')
      expect(await failure(openShop(wrongName))).toMatch('database/tls')
    },
  )

  it.skipIf(shop.skip !== null)('says that the connection broke', async () => {
    const database = await openShop(shop.url)
    await database.beginRead()
    const kill =
      shop.dialect === 'postgresql'
        ? "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'omniparity'"
        : null
    if (kill !== null) await shop.rows(kill)
    else {
      const threads = await shop.rows(
        "SELECT id FROM information_schema.processlist WHERE user = 'owner' AND id <> connection_id()",
      )
      for (const [id] of threads) await shop.run(`KILL ${String(id)}`).catch(() => undefined)
    }
    expect(await failure(database.query('SELECT 1 AS n').then(() => undefined))).toMatch('database/connection-lost')
    await database.close()
  })
})

describe('SQLite, when it fails', () => {
  it('names the file, and never makes one', async () => {
    expect(await failure(openShop(`sqlite:${folder}/none.db`))).toMatch('does not exist')
    writeFileSync(join(folder, 'text.db'), 'sku;price\n'.repeat(200))
    expect(await failure(openShop(`sqlite:${folder}/text.db`))).toMatch('is not an SQLite database')
    expect(await failure(openShop(`sqlite:${folder}`))).toMatch('does not exist')
  })

  it.skipIf(process.getuid?.() === 0)('says that a file may not be read', async () => {
    const path = join(folder, 'closed.db')
    new DatabaseSync(path).close()
    chmodSync(path, 0o000)
    expect(await failure(openShop(`sqlite:${path}`))).toMatch('may not be read')
  })

  it('says that another program holds the lock', async () => {
    const path = join(folder, 'locked.db')
    const holder = new DatabaseSync(path)
    holder.exec('CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1); BEGIN EXCLUSIVE; UPDATE t SET n = 2')
    expect(await failure(readShop(`sqlite:${path}`, 'SELECT n FROM t', { statementTimeout: 200 }))).toMatch(
      'database/busy',
    )
    holder.close()
  })

  it('stops a stream at the limit of a statement', async () => {
    const endless = 'WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s) SELECT n FROM s'
    const path = join(folder, 'endless.db')
    new DatabaseSync(path).exec('CREATE TABLE t (n INTEGER)')
    expect(await failure(readShop(`sqlite:${path}`, endless, { statementTimeout: 200 }))).toMatch(
      'took longer than 0.2 s',
    )
  })
})
