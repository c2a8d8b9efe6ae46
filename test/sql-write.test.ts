/** Databases of channels: cells are read as they are and written only where they still are what they were. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAddress } from '../src/database/address.ts'
import { type Database, DEFAULT_TIMEOUTS, type GuardedWrite } from '../src/database/database.ts'
import { openDatabase } from '../src/database/open.ts'
import { missing, startMariadb, startPostgresql, type TestServer } from './servers.ts'

const folder = mkdtempSync(join(tmpdir(), 'omniparity-sql-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function open(url: string, statementTimeout = 20_000): Promise<Database> {
  const address = parseAddress(url, { key: 'url', dir: folder })
  return openDatabase(address, { ...DEFAULT_TIMEOUTS, statementTimeout, signal: new AbortController().signal })
}

interface Shop {
  readonly name: string
  readonly skip: string | null
  url(): string
  run(...statements: string[]): Promise<void>
  rows(sql: string): Promise<readonly (readonly unknown[])[]>
  start(): Promise<void>
  stop(): Promise<void>
}

function serverShop(dialect: 'postgresql' | 'mariadb'): Shop {
  let server: TestServer | null = null
  const own = (): TestServer => {
    if (server === null) throw new Error('not started')
    return server
  }
  return {
    name: dialect,
    skip: missing(dialect),
    url: () => own().url,
    run: (...statements) => own().run(...statements),
    rows: (sql) => own().rows(sql),
    start: async () => {
      server = dialect === 'postgresql' ? await startPostgresql() : await startMariadb()
    },
    stop: async () => server?.stop(),
  }
}

const sqliteFile = join(folder, 'shop.db')
const shops: readonly Shop[] = [
  serverShop('postgresql'),
  serverShop('mariadb'),
  {
    name: 'sqlite',
    skip: null,
    url: () => `sqlite:${sqliteFile}`,
    run: async (...statements) => {
      const database = new DatabaseSync(sqliteFile)
      for (const statement of statements) database.exec(statement)
      database.close()
    },
    rows: async (sql) => {
      const database = new DatabaseSync(sqliteFile, { returnArrays: true })
      const rows = database.prepare(sql).all()
      database.close()
      return rows
    },
    start: async () => new DatabaseSync(sqliteFile).close(),
    stop: async () => undefined,
  },
]

const cell = (id: string, sku: string, column: string, before: string | null, after: string | null): GuardedWrite => ({
  id,
  table: ['item'],
  key: [{ column: 'code', value: sku }],
  column,
  before,
  after,
})

describe.each(shops)('$name', (shop) => {
  beforeAll(async () => {
    if (shop.skip === null) await shop.start()
  })
  afterAll(() => shop.stop())

  it.skipIf(shop.skip !== null)('writes what is as it was, and says what is not', async () => {
    await shop.run(
      'DROP TABLE IF EXISTS item',
      'CREATE TABLE item (code VARCHAR(20), pvp DECIMAL(10,2), stock INTEGER, name VARCHAR(40), CHECK (pvp < 1000))',
      "INSERT INTO item VALUES ('A', 19.90, 5, 'Bota'), ('B', 5, 0, NULL), ('C', 7.5, 1, 'x'), ('D', 1, 1, 'd'), ('D', 2, 1, 'd')",
    )
    const database = await open(shop.url())
    const outcomes = await database.write([
      cell('1', 'A', 'pvp', '19.9', '21.95'),
      cell('2', 'B', 'pvp', '4', '6'),
      cell('3', 'C', 'pvp', '7.50', '1000'),
      cell('4', 'D', 'pvp', '1', '3'),
      cell('5', 'Z', 'pvp', '1', '3'),
      cell('6', 'B', 'name', null, "O'Neill \\ «ñ» 👟"),
      cell('7', 'A', 'stock', '5', '1.5'),
      cell('8', 'A', 'colour', 'red', 'blue'),
      cell('9', 'C', 'name', 'X', 'y'),
    ])
    expect(Object.fromEntries([...outcomes].map(([id, one]) => [id, one.outcome]))).toEqual({
      '1': 'written',
      '2': 'moved',
      '3': 'refused',
      '4': 'many',
      '5': 'gone',
      '6': 'written',
      '7': 'refused',
      '8': 'refused',
      '9': 'moved',
    })
    const live = await database.live([
      cell('1', 'A', 'pvp', null, null),
      cell('2', 'D', 'pvp', null, null),
      cell('3', 'Z', 'pvp', null, null),
      cell('4', 'B', 'name', null, null),
    ])
    expect(live.map((one) => (typeof one === 'string' ? one : Number(one.value) || one.value))).toEqual([
      21.95,
      'many',
      'gone',
      "O'Neill \\ «ñ» 👟",
    ])
    await database.close()
  })
})
