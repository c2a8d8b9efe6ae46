/** The same shop in each of the databases: articles with prices, and a log that a trigger keeps of every write. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { codeOf } from './apply-target.ts'
import { missing, startMariadb, startPostgresql, type TestServer } from './servers.ts'

export interface Shop {
  readonly name: 'postgresql' | 'mariadb' | 'sqlite'
  readonly skip: string | null
  url(): string
  /** Of a server: where it listens. */
  port(): number | null
  run(...statements: readonly string[]): Promise<void>
  rows(sql: string): Promise<readonly (readonly unknown[])[]>
  start(): Promise<void>
  stop(): Promise<void>
}

function serverShop(name: 'postgresql' | 'mariadb'): Shop {
  let server: TestServer | null = null
  const own = (): TestServer => {
    if (server === null) throw new Error('not started')
    return server
  }
  return {
    name,
    skip: missing(name),
    url: () => own().url,
    port: () => own().port,
    run: (...statements) => own().run(...statements),
    rows: (sql) => own().rows(sql),
    start: async () => {
      server = name === 'postgresql' ? await startPostgresql() : await startMariadb()
    },
    stop: async () => server?.stop(),
  }
}

function fileShop(): Shop {
  const folder = mkdtempSync(join(tmpdir(), 'omniparity-apply-'))
  const file = join(folder, 'shop.db')
  const open = (): DatabaseSyncInstance => {
    const database = new DatabaseSync(file, { returnArrays: true, timeout: 20_000 })
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
    return database
  }
  return {
    name: 'sqlite',
    skip: null,
    url: () => `sqlite:${file}`,
    port: () => null,
    run: async (...statements) => {
      const database = open()
      try {
        for (const statement of statements) database.exec(statement)
      } finally {
        database.close()
      }
    },
    rows: async (sql) => {
      const database = open()
      try {
        return database.prepare(sql).all() as unknown as readonly (readonly unknown[])[]
      } finally {
        database.close()
      }
    },
    start: async () => undefined,
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

export function shops(): readonly Shop[] {
  return [fileShop(), serverShop('postgresql'), serverShop('mariadb')]
}

/** Articles at 10, 11, 12 … */
export async function stock(shop: Shop, count: number): Promise<void> {
  await shop.run(...dropped(shop.name), ...created(shop.name))
  for (let at = 0; at < count; at += 5000) {
    const rows = Array.from(
      { length: Math.min(5000, count - at) },
      (_, index) => `('${codeOf(at + index)}', ${10 + at + index})`,
    )
    await shop.run(`INSERT INTO item (code, pvp) VALUES ${rows.join(', ')}`)
  }
}

/** The same articles again, nothing written yet: quicker than making everything anew. */
export async function restock(shop: Shop): Promise<void> {
  const serial = shop.name === 'postgresql' ? 'substr(code, 2)::int' : 'CAST(substr(code, 2) AS SIGNED)'
  const number = shop.name === 'sqlite' ? 'CAST(substr(code, 2) AS INTEGER)' : serial
  await shop.run(`UPDATE item SET pvp = 10 + ${number} WHERE pvp <> 10 + ${number}`, 'DELETE FROM log')
}

function dropped(name: Shop['name']): readonly string[] {
  const tables = ['DROP TABLE IF EXISTS item', 'DROP TABLE IF EXISTS log']
  return name === 'postgresql' ? [...tables, 'DROP FUNCTION IF EXISTS note()'] : tables
}

function created(name: Shop['name']): readonly string[] {
  const insert = 'INSERT INTO log VALUES (NEW.code, OLD.pvp, NEW.pvp)'
  const tables = [
    'CREATE TABLE item (code VARCHAR(20) PRIMARY KEY, pvp DECIMAL(12,2), CONSTRAINT sane CHECK (pvp < 10000000))',
    'CREATE TABLE log (code VARCHAR(20), old DECIMAL(12,2), new DECIMAL(12,2))',
  ]
  switch (name) {
    case 'postgresql':
      return [
        ...tables,
        `CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${insert}; RETURN NEW; END $$`,
        'CREATE TRIGGER noted AFTER UPDATE ON item FOR EACH ROW EXECUTE FUNCTION note()',
      ]
    case 'mariadb':
      return [...tables, `CREATE TRIGGER noted AFTER UPDATE ON item FOR EACH ROW ${insert}`]
    case 'sqlite':
      return [...tables, `CREATE TRIGGER noted AFTER UPDATE ON item BEGIN ${insert}; END`]
  }
}

/** How often each article was written to its planned price. */
export async function timesWritten(shop: Shop): Promise<ReadonlyMap<string, number>> {
  const rows = await shop.rows('SELECT code, count(*) FROM log WHERE new = old + 0.5 GROUP BY code')
  return new Map(rows.map(([code, times]) => [String(code), Number(times)]))
}

export async function prices(shop: Shop): Promise<ReadonlyMap<string, number>> {
  const rows = await shop.rows('SELECT code, pvp FROM item ORDER BY code')
  return new Map(rows.map(([code, price]) => [String(code), Number(price)]))
}
