/** Databases of channels: cells are written only where they still are what they were, in every type of column. */
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Cell, GuardedWrite, WriteOutcome } from '../src/database/database.ts'
import { UncertainWrite } from '../src/database/database.ts'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import { allShops, openShop, readShop, type Shop } from './sql-shops.ts'

const shops = allShops()
beforeAll(() => Promise.all(shops.map((shop) => shop.start())))
afterAll(() => Promise.all(shops.map((shop) => shop.stop())))

const cell = (id: string, sku: string, column: string, before: Cell, after: Cell): GuardedWrite => ({
  id,
  table: ['item'],
  key: [{ column: 'code', value: sku }],
  column,
  before,
  after,
})

const named = (outcomes: ReadonlyMap<string, WriteOutcome>): Readonly<Record<string, string>> =>
  Object.fromEntries([...outcomes].map(([id, one]) => [id, one.outcome]))

async function write(shop: Shop, batch: readonly GuardedWrite[]) {
  const database = await openShop(shop.url)
  try {
    return await database.write(batch)
  } finally {
    await database.close()
  }
}

describe.each(shops)('$dialect', (shop) => {
  it.skipIf(shop.skip !== null)('writes what is as it was, and says what is not', async () => {
    await shop.run(
      'DROP TABLE IF EXISTS item',
      'CREATE TABLE item (code VARCHAR(20), pvp DECIMAL(10,2), stock INTEGER, name VARCHAR(40), CHECK (pvp < 1000))',
      "INSERT INTO item VALUES ('A', 19.90, 5, 'Bota'), ('B', 5, 0, NULL), ('C', 7.5, 1, 'x'), ('D', 1, 1, 'd'), ('D', 2, 1, 'd')",
    )
    const outcomes = await write(shop, [
      cell('1', 'A', 'pvp', '19.9', '21.95'),
      cell('2', 'B', 'pvp', '4', '6'),
      cell('3', 'C', 'pvp', '7.50', '1000'),
      cell('4', 'D', 'pvp', '1', '3'),
      cell('5', 'Z', 'pvp', '1', '3'),
      cell('6', 'B', 'name', null, "O'Neill \\ «ñ» 👟"),
      cell('7', 'A', 'stock', '5', '1.5'),
      cell('8', 'A', 'colour', 'red', 'blue'),
      cell('9', 'C', 'name', 'X', 'y'),
      cell('10', 'a', 'name', 'Bota', 'y'),
      cell('11', 'A ', 'name', 'Bota', 'y'),
    ])
    expect(named(outcomes)).toEqual({
      ...{ '1': 'written', '2': 'moved', '3': 'refused', '4': 'many', '5': 'gone', '6': 'written' },
      ...{ '7': 'refused', '8': 'refused', '9': 'moved', '10': 'gone', '11': 'gone' },
    })
    const database = await openShop(shop.url)
    const live = await database.live([
      cell('1', 'A', 'pvp', null, null),
      cell('2', 'D', 'pvp', null, null),
      cell('3', 'Z', 'pvp', null, null),
      cell('4', 'B', 'name', null, null),
    ])
    await database.close()
    const shown = live.map((one) => (typeof one === 'string' ? one : Number(one.value) || one.value))
    expect(shown).toEqual([21.95, 'many', 'gone', "O'Neill \\ «ñ» 👟"])
  })

  it.skipIf(shop.skip !== null)('writes every type that it reads, in both directions', async () => {
    const instant =
      shop.dialect === 'postgresql' ? 'TIMESTAMPTZ' : shop.dialect === 'mariadb' ? 'TIMESTAMP NULL' : 'TEXT'
    const local = shop.dialect === 'postgresql' ? 'TIMESTAMP' : shop.dialect === 'mariadb' ? 'DATETIME' : 'TEXT'
    const double = shop.dialect === 'postgresql' ? 'DOUBLE PRECISION' : 'DOUBLE'
    const bit = shop.dialect === 'mariadb' ? 'BIT(1)' : 'BOOLEAN'
    await shop.run(
      'DROP TABLE IF EXISTS item',
      `CREATE TABLE item (code CHAR(10), a BIGINT, b ${double}, c REAL, d ${bit}, e ${shop.dialect === 'sqlite' ? 'TEXT' : 'DATE'}, f ${local}, g ${instant}, h CHAR(8), i TEXT)`,
      "INSERT INTO item (code) VALUES ('A')",
    )
    const values: readonly (readonly [string, Cell, Cell])[] = [
      ['a', '9007199254740993', '-9007199254740995'],
      ['b', '0.1', '19.99'],
      ['c', '19.5', '0.25'],
      ['d', true, false],
      ['e', '2026-11-22', '2026-02-28'],
      ['f', '2026-11-22T08:00:00', '2026-11-22T09:30:00'],
      ['g', '2026-11-22T08:00:00Z', '2026-11-22T09:30:00Z'],
      ['h', 'ab', 'cd'],
      ['i', '', ' x '],
    ]
    const database = await openShop(shop.url)
    const steps = [
      values.map(([column, one]) => cell(column, 'A', column, null, one)),
      values.map(([column, one, other]) => cell(column, 'A', column, one, other)),
      values.map(([column, one, other]) => cell(column, 'A', column, other, one)),
      values.map(([column, one]) => cell(column, 'A', column, one, null)),
    ]
    for (const batch of steps) {
      const outcomes = await database.write(batch)
      expect(named(outcomes)).toEqual(Object.fromEntries(values.map(([column]) => [column, 'written'])))
      expect(await database.live(batch)).toEqual(batch.map(({ after }) => ({ value: after })))
    }
    await database.close()
  })

  it.skipIf(shop.skip !== null)('knows a row by all of its key', async () => {
    await shop.run(
      'DROP TABLE IF EXISTS stock',
      'CREATE TABLE stock (code VARCHAR(20), place INTEGER, n INTEGER)',
      "INSERT INTO stock VALUES ('A', 1, 5), ('A', 2, 6), ('B', 1, 7)",
    )
    const of = (id: string, code: string, place: string, before: string, after: string): GuardedWrite => ({
      ...{ id, table: ['stock'], column: 'n', before, after },
      key: [
        { column: 'code', value: code },
        { column: 'place', value: place },
      ],
    })
    const outcomes = await write(shop, [
      of('1', 'A', '1', '5', '50'),
      of('2', 'A', '02', '6', '60'),
      of('3', 'B', '2', '7', '70'),
      of('4', 'B', 'x', '7', '70'),
      of('5', 'B', '1', '5', '70'),
    ])
    expect(named(outcomes)).toEqual({ '1': 'written', '2': 'written', '3': 'gone', '4': 'gone', '5': 'moved' })
    const rows = await readShop(shop.url, 'SELECT n FROM stock ORDER BY n')
    expect(rows.rows.flat()).toEqual(['7', '50', '60'])
  })

  it.skipIf(shop.skip !== null)('says what a trigger refuses or prevents, and writes the others', async () => {
    await shop.run('DROP TABLE IF EXISTS item', 'CREATE TABLE item (code VARCHAR(20), pvp DECIMAL(10,2))')
    await shop.run("INSERT INTO item VALUES ('A', 1), ('B', 1), ('C', 1)")
    const trigger = {
      postgresql: [
        `CREATE OR REPLACE FUNCTION no_b() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
           IF OLD.code = 'B' THEN RAISE EXCEPTION 'B is locked'; END IF; IF OLD.code = 'C' THEN RETURN NULL; END IF; RETURN NEW; END $$`,
        'CREATE TRIGGER no_b BEFORE UPDATE ON item FOR EACH ROW EXECUTE FUNCTION no_b()',
      ],
      mariadb: [
        "CREATE TRIGGER no_b BEFORE UPDATE ON item FOR EACH ROW IF OLD.code IN ('B', 'C') THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'B is locked'; END IF",
      ],
      sqlite: [
        "CREATE TRIGGER no_b BEFORE UPDATE ON item WHEN OLD.code IN ('B', 'C') BEGIN SELECT RAISE(ABORT, 'B is locked'); END",
      ],
    }
    await shop.run(...trigger[shop.dialect])
    const outcomes = await write(shop, [
      cell('1', 'A', 'pvp', '1', '2'),
      cell('2', 'B', 'pvp', '1', '2'),
      cell('3', 'C', 'pvp', '1', '2'),
    ])
    expect(named(outcomes)).toEqual({ '1': 'written', '2': 'refused', '3': 'refused' })
    const second = outcomes.get('2')
    expect(second?.outcome === 'refused' ? second.reason : '').toContain('B is locked')
  })

  it.skipIf(shop.skip !== null)('leaves no other value of a key that a collation takes for the same', async () => {
    const insensitive = {
      postgresql: 'VARCHAR(20)',
      mariadb: 'VARCHAR(20) COLLATE utf8mb4_general_ci',
      sqlite: 'VARCHAR(20) COLLATE NOCASE',
    }
    await shop.run(
      'DROP TABLE IF EXISTS item',
      `CREATE TABLE item (code ${insensitive[shop.dialect]}, pvp DECIMAL(10,2))`,
      "INSERT INTO item VALUES ('abc', 1), ('ABC', 5), ('é', 1), ('x', 1)",
    )
    const outcomes = await write(shop, [
      cell('1', 'abc', 'pvp', '1', '2'),
      cell('2', 'ABC', 'pvp', '5', '6'),
      cell('3', 'E', 'pvp', '1', '2'),
      cell('4', 'x', 'pvp', '1', '2'),
    ])
    const rows = await readShop(shop.url, 'SELECT code, pvp FROM item ORDER BY pvp, code')
    const found = new Map(rows.rows.map(([code, pvp]) => [code, Number(pvp)]))
    for (const [id, code, after] of [
      ['1', 'abc', 2],
      ['2', 'ABC', 6],
      ['4', 'x', 2],
    ] as const) {
      if (outcomes.get(id)?.outcome === 'written') expect(found.get(code)).toBe(after)
      else expect(found.get(code)).toBe(code === 'ABC' ? 5 : 1)
    }
    expect(named(outcomes)).toMatchObject({ '3': 'gone', '4': 'written' })
    expect(found.get('é')).toBe(1)
  })

  it.skipIf(shop.skip !== null)('never writes what the server computes', async () => {
    await shop.run(
      'DROP TABLE IF EXISTS item',
      'CREATE TABLE item (code VARCHAR(20), pvp DECIMAL(10,2), twice DECIMAL(10,2) GENERATED ALWAYS AS (pvp * 2) STORED)',
      "INSERT INTO item (code, pvp) VALUES ('A', 1)",
    )
    expect(named(await write(shop, [cell('1', 'A', 'twice', '2', '3')]))).toEqual({ '1': 'refused' })
  })

  it.skipIf(shop.skip !== null)('overwrites nothing that another program moves meanwhile', async () => {
    const count = 2000
    const values = Array.from({ length: count }, (_, n) => `('A-${n}', 1)`)
    await shop.run('DROP TABLE IF EXISTS item', 'CREATE TABLE item (code VARCHAR(20) PRIMARY KEY, pvp DECIMAL(10,2))')
    await shop.run(`INSERT INTO item VALUES ${values.join(', ')}`)
    const database = await openShop(shop.url)
    const moves = Array.from(
      { length: count / 40 },
      (_, n) => `UPDATE item SET pvp = 7 WHERE code = 'A-${n * 40}' AND pvp = 1`,
    )
    const moving = shop.meanwhile(moves)
    const outcomes = new Map<string, WriteOutcome>()
    for (let at = 0; at < count; at += 250) {
      const batch = Array.from({ length: 250 }, (_, n) => cell(`A-${at + n}`, `A-${at + n}`, 'pvp', '1', '2'))
      for (const [id, one] of await database.write(batch)) outcomes.set(id, one)
    }
    await moving
    await database.close()
    const { rows } = await readShop(shop.url, 'SELECT code, pvp FROM item')
    for (const [code, pvp] of rows) {
      // A price that moved stayed; one that was written may not be moved afterwards, because the mover has a guard too.
      expect(Number(pvp), String(code)).toBe(outcomes.get(String(code))?.outcome === 'written' ? 2 : 7)
    }
    expect([...outcomes.values()].every(({ outcome }) => outcome === 'written' || outcome === 'moved')).toBe(true)
  })
})

describe.each(shops.filter(({ dialect }) => dialect !== 'sqlite'))('$dialect, behind a network that fails', (shop) => {
  /** Passes bytes on until it is told to swallow what the server says. */
  let proxy: Server
  let port = 0
  let cut = false
  let mute = false
  const sockets = new Set<Socket>()

  beforeAll(async () => {
    proxy = createServer((near) => {
      const far = createConnection({ host: '127.0.0.1', port: shop.server?.port ?? 0 })
      sockets.add(near)
      sockets.add(far)
      near.on('data', (bytes) => {
        const isCommit = /COMMIT(?!TED)/.test(bytes.toString('latin1'))
        if (cut && isCommit) near.destroy()
        else far.write(bytes)
      })
      far.on('data', (bytes) => {
        if (!mute) near.write(bytes)
      })
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        one.on('error', () => other.destroy())
        one.on('close', () => other.destroy())
      }
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const address = proxy.address()
    port = typeof address === 'object' && address !== null ? address.port : 0
  })
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    proxy.close()
  })

  const fresh = async (): Promise<void> => {
    await shop.run(
      'DROP TABLE IF EXISTS item',
      'CREATE TABLE item (code VARCHAR(20), pvp DECIMAL(10,2))',
      "INSERT INTO item VALUES ('A', 1)",
    )
  }
  const through = (): string => shop.url.replace(/:\d+\//, `:${port}/`)

  it.skipIf(shop.skip !== null)('says that nobody knows, where the answer to a commit never comes', async () => {
    await fresh()
    const database = await openShop(through(), { statementTimeout: 20_000 })
    cut = true
    const lost = await database.write([cell('1', 'A', 'pvp', '1', '2')]).catch((error: unknown) => error)
    cut = false
    expect(lost).toBeInstanceOf(UncertainWrite)
    await database.close()
  })

  it.skipIf(shop.skip !== null)('gives up on a server that says nothing any more', async () => {
    const database = await openShop(through(), { statementTimeout: 200 })
    await database.beginRead()
    mute = true
    const lost = await database.query('SELECT 1 AS n').catch((error: unknown) => error)
    mute = false
    expect(lost).toBeInstanceOf(DiagnosticError)
    expect(String(lost)).toContain('database/connection-lost')
    await database.close()
  })

  it.skipIf(shop.skip !== null)('says that nothing was written, where the connection breaks before', async () => {
    await fresh()
    const database = await openShop(through())
    for (const socket of sockets) socket.destroy()
    const lost = await database.write([cell('1', 'A', 'pvp', '1', '2')]).catch((error: unknown) => error)
    expect(lost).toBeInstanceOf(DiagnosticError)
    expect(Number((await shop.rows('SELECT pvp FROM item'))[0]?.[0])).toBe(1)
    await database.close()
  })
})
