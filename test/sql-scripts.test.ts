/** Scripts that correct databases: run by the clients that people have, all of one or nothing of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import sqlParser from 'node-sql-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatabaseCells } from '../src/database/cell-map.ts'
import type { Cell, Dialect, GuardedWrite, WriteColumn } from '../src/database/database.ts'
import { quoteName, quoteText, UnquotableError } from '../src/database/quoting.ts'
import { type ScriptCell, SqlScript } from '../src/database/script.ts'
import type { ChannelConfig, SourceConfig, WriteRule } from '../src/model/config.ts'
import { allShops, openShop, readShop, type Shop } from './sql-shops.ts'

const folder = mkdtempSync(join(tmpdir(), 'omniparity-scripts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What people, exports and attackers write into fields. */
const HOSTILE = [
  "'; DROP TABLE item; --",
  '"; DROP TABLE item; --',
  "\\'; DROP TABLE item; -- ",
  "O'Neill",
  "''",
  '\\',
  '\\\\',
  "\\'",
  'a\\nb',
  'line\nGO\nDROP TABLE item;\nline',
  'line\r\n.shell rm\r\n\\! rm',
  '$(rm) :quit $$ $omniparity$ ${x} %s ? $1 @p1 :name',
  '/* */ -- # ;',
  'DELIMITER //',
  '=HYPERLINK("x")',
  '«ñ» 北京 👟 \u202e\u200b',
  '\u2019\u02bc\uff07 DROP TABLE item',
  '\u0001\u001a\u007f\u0085\u2028',
  'tab\tend',
  ' blank at both ends ',
  'NULL',
  '',
  '0x41',
  "U&'\\0041'",
  "{d '2026-01-01'}",
] as const

/** Names that a configuration may hold, or a database may have. */
const NAMES = [
  'x"; DROP TABLE item; --',
  'x`; DROP TABLE item; --',
  'x]; DROP TABLE item; --',
  "x'; DROP TABLE item; --",
  'x\\"; DROP TABLE item',
  'order',
  'ñandú',
  'a?b $1 :c @d %s',
] as const

function channelOf(write: WriteRule): ChannelConfig {
  const source: SourceConfig = {
    ...{ platform: 'sql', paths: [], encoding: null, decimal: null, grain: null, dataAsOf: null, maxAgeMs: null },
    ...{ contract: null, map: {}, where: null },
    sql: { url: { text: '' }, queries: {}, write: { listing: write }, statementTimeoutMs: null },
  }
  return {
    ...{ id: 'web', kind: 'web', owner: 'self', audience: 'consumer', market: 'ES', currency: 'EUR', timezone: 'UTC' },
    ...{ includesTax: true, stockPool: null, pricePolicy: { kind: 'free' }, assortment: null, phase: 'done' },
    ...{ syncLagMs: 0, taxCountry: 'ES', statusMap: {}, limits: {}, adminUrl: null, sources: [source] },
  }
}

const text = (name: string, dialect: Dialect): WriteColumn => ({
  name,
  type: dialect === 'sqlserver' ? 'nvarchar' : 'text',
  kind: 'text',
  scale: null,
  length: null,
  nullable: true,
  generated: false,
})
const price: WriteColumn = {
  ...text('pvp', 'sqlite'),
  type: 'decimal(10,2)',
  kind: 'exact',
  scale: 2,
}

function scriptOf(dialect: Dialect, cells: readonly ScriptCell[]): string {
  const script = new SqlScript(dialect)
  return [script.begin(['A test']), ...cells.map((cell) => script.add(cell)), script.end()].join('')
}

function undoOf(cells: readonly ScriptCell[]): readonly ScriptCell[] {
  return cells.map((cell) => ({ ...cell, before: cell.after, after: cell.before }))
}

let files = 0
function fileWith(content: string): string {
  const path = join(folder, `${++files}.sql`)
  writeFileSync(path, content)
  return path
}

const shops = allShops()
beforeAll(() => Promise.all(shops.map((shop) => shop.start())))
afterAll(() => Promise.all(shops.map((shop) => shop.stop())))

const longText = (shop: Shop): string => (shop.dialect === 'mariadb' ? 'VARCHAR(200) CHARACTER SET utf8mb4' : 'TEXT')

describe.each(shops)('$dialect', (shop) => {
  const sku = text('code', shop.dialect)
  const name = text('na\'me " `x` [y]', shop.dialect)
  const cell = (key: string, column: WriteColumn, before: Cell, after: Cell): ScriptCell => ({
    label: `${key} ${column.name}`,
    table: ['item'],
    key: [{ column: sku, value: key }],
    column,
    before,
    after,
  })
  const fill = async (rows: readonly (readonly [string, string | null, string | null])[]): Promise<void> => {
    const literal = (value: string | null): string => (value === null ? 'NULL' : quoteText(shop.dialect, value))
    const values = rows.map(([key, pvp, title]) => `(${literal(key)}, ${pvp ?? 'NULL'}, ${literal(title)})`)
    await shop.run(
      'DROP TABLE IF EXISTS item',
      `CREATE TABLE item (code ${longText(shop)}, pvp DECIMAL(10,2) CHECK (pvp < 1000000), ${quoteName(shop.dialect, name.name)} ${longText(shop)})`,
      ...(shop.dialect === 'mariadb' ? ['SET NAMES utf8mb4'] : []),
      `INSERT INTO item VALUES ${values.join(', ')}`,
    )
  }
  const content = async (): Promise<readonly (readonly Cell[])[]> => {
    const order =
      shop.dialect === 'postgresql' ? 'code COLLATE "C"' : shop.dialect === 'mariadb' ? 'BINARY code' : 'code'
    return (
      await readShop(shop.url, `SELECT code, pvp, ${quoteName(shop.dialect, name.name)} FROM item ORDER BY ${order}`)
    ).rows
  }

  it.skipIf(shop.skip !== null)('changes what is planned, and its inverse takes it back', async () => {
    await fill([
      ['A', '19.90', 'x'],
      ['B', null, null],
      ['C', '5', 'c'],
    ])
    const before = await content()
    const cells = [
      cell('A', price, '19.9', '21.95'),
      cell('B', price, null, '7'),
      cell('B', name, null, 'new'),
      cell('A', name, 'x', null),
    ]
    const done = await shop.script(fileWith(scriptOf(shop.dialect, cells)))
    expect(done.status, done.output).toBe(0)
    expect((await content()).map(([code, pvp, title]) => [code, Number(pvp), title])).toEqual([
      ['A', 21.95, null],
      ['B', 7, 'new'],
      ['C', 5, 'c'],
    ])
    const undone = await shop.script(fileWith(scriptOf(shop.dialect, undoOf(cells))))
    expect(undone.status, undone.output).toBe(0)
    expect(await content()).toEqual(before)
  })

  const wrong: readonly (readonly [string, (cells: readonly ScriptCell[]) => readonly ScriptCell[]])[] = [
    ['a value that moved', (cells) => [...cells, cell('C', price, '4', '6')]],
    ['a row that is gone', (cells) => [cell('Z', price, '4', '6'), ...cells]],
    ['a null that is none any more', (cells) => [...cells, cell('C', price, null, '6')]],
    ['a key that is not unique', (cells) => [...cells, cell('D', price, '1', '2')]],
    ['a text in another case', (cells) => [...cells, cell('C', name, 'C', 'x')]],
    ['a text with a blank behind it', (cells) => [...cells, cell('C', name, 'c ', 'x')]],
    ['a key in another case', (cells) => [...cells, cell('c', price, '5', '6')]],
    ['a value that the server refuses', (cells) => [...cells, cell('C', price, '5', '99999999999.99')]],
  ]
  it.skipIf(shop.skip !== null).each(wrong)('changes nothing at all for %s', async (_why, spoil) => {
    await fill([
      ['A', '19.90', 'x'],
      ['B', '2', 'b'],
      ['C', '5', 'c'],
      ['D', '1', 'd'],
      ['D', '1', 'd'],
    ])
    const before = await content()
    const cells = spoil([cell('A', price, '19.9', '21.95'), cell('B', price, '2', '3')])
    const { status } = await shop.script(fileWith(scriptOf(shop.dialect, cells)))
    expect(status).not.toBe(0)
    expect(await content()).toEqual(before)
  })

  it.skipIf(shop.skip !== null)('carries every hostile text as it is, in keys, values and guards', async () => {
    await fill(HOSTILE.map((hostile, index) => [`${index}${hostile}`, '1', hostile]))
    const before = await content()
    const cells = HOSTILE.map((hostile, index) => {
      const other = HOSTILE[(index + 1) % HOSTILE.length] ?? ''
      return cell(`${index}${hostile}`, name, hostile, `${other}!`)
    })
    const done = await shop.script(fileWith(scriptOf(shop.dialect, cells)))
    expect(done.status, done.output).toBe(0)
    const changed = new Map((await content()).map(([code, , title]) => [code, title]))
    for (const one of cells) expect(changed.get(one.key[0]?.value ?? '')).toBe(one.after)
    const undone = await shop.script(fileWith(scriptOf(shop.dialect, undoOf(cells))))
    expect(undone.status, undone.output).toBe(0)
    expect(await content()).toEqual(before)
  })

  it.skipIf(shop.skip !== null)('writes hostile texts as they are over the connection too', async () => {
    await fill(HOSTILE.map((hostile, index) => [`${index}${hostile}`, '1', hostile]))
    const database = await openShop(shop.url)
    const writes = HOSTILE.map(
      (hostile, index): GuardedWrite => ({
        id: String(index),
        table: ['item'],
        key: [{ column: 'code', value: `${index}${hostile}` }],
        column: name.name,
        before: hostile,
        after: `${hostile}${hostile}`,
      }),
    )
    const outcomes = await database.write(writes)
    expect([...outcomes.values()].map(({ outcome }) => outcome)).toEqual(HOSTILE.map(() => 'written'))
    const live = await database.live(writes)
    expect(live).toEqual(writes.map(({ after }) => ({ value: after })))
    await database.close()
  })

  it.skipIf(shop.skip !== null)('quotes any text so that the server reads the same', async () => {
    const texts = fc.sample(fc.string({ unit: 'grapheme', maxLength: 30 }), { numRuns: 300, seed: 42 })
    const points = fc.sample(fc.string({ unit: 'binary', maxLength: 20 }), { numRuns: 300, seed: 43 })
    const all = [...texts, ...points].filter((one) => !/[\0\p{Surrogate}]/u.test(one))
    expect(all.length).toBeGreaterThan(400)
    const list = all.map((one) => quoteText(shop.dialect, one))
    const database = await openShop(shop.url)
    const rows = await database.query(`SELECT ${list.map((one, n) => `${one} AS c${n}`).join(', ')}`)
    const read = []
    for await (const batch of rows.batches()) read.push(...batch)
    await database.close()
    expect(read[0]).toEqual(all)
  })

  it.skipIf(shop.skip !== null).each(NAMES)('takes a table and columns called %j', async (hostile) => {
    const [table, key, value] = [`${hostile} t`, `${hostile} k`, `${hostile} v`]
    const quoted = (one: string): string => quoteName(shop.dialect, one)
    await shop.run(
      'DROP TABLE IF EXISTS item',
      'CREATE TABLE item (n INTEGER)',
      `DROP TABLE IF EXISTS ${quoted(table)}`,
      `CREATE TABLE ${quoted(table)} (${quoted(key)} VARCHAR(20), ${quoted(value)} DECIMAL(10,2))`,
      `INSERT INTO ${quoted(table)} VALUES ('A', 1), ('B', 1)`,
    )
    const database = await openShop(shop.url)
    const channel = channelOf({ table: [table], key: { sku: key }, columns: { 'price.regular': value } })
    const cells = await DatabaseCells.of(channel, database, channel.sources)
    const mapped = cells.cellOf({
      ...{ action: 'update', entity: 'price', field: 'price.regular', before: '1', after: '2' },
      target: { listing: 'A', sku: 'A', external_id: null },
    })
    if ('en' in mapped) throw new Error(mapped.en)
    expect((await database.write([{ id: '1', ...mapped.write }])).get('1')).toEqual({ outcome: 'written' })
    await database.close()
    const script = scriptOf(shop.dialect, [
      {
        ...{ label: hostile, table: [table], key: [{ column: { ...sku, name: key }, value: 'B' }] },
        ...{ column: { ...price, name: value }, before: '1', after: '2' },
      },
    ])
    const done = await shop.script(fileWith(script))
    expect(done.status, done.output).toBe(0)
    const { rows } = await readShop(shop.url, `SELECT ${quoted(value)} FROM ${quoted(table)}`)
    expect(rows.flat().map(Number)).toEqual([2, 2])
    // Nothing that a name says was done.
    expect((await readShop(shop.url, 'SELECT count(*) AS n FROM item')).rows).toEqual([['0']])
  })

  it.skipIf(shop.skip !== null)('looks for names that are not there, and does nothing else with them', async () => {
    await shop.run('DROP TABLE IF EXISTS item', 'CREATE TABLE item (code VARCHAR(20), pvp DECIMAL(10,2))')
    const database = await openShop(shop.url)
    for (const hostile of NAMES) {
      for (const rule of [
        { table: [hostile], key: { sku: 'code' }, columns: { 'price.regular': 'pvp' } },
        { table: ['item'], key: { sku: hostile }, columns: { 'price.regular': 'pvp' } },
        { table: ['item'], key: { sku: 'code' }, columns: { 'price.regular': hostile } },
      ]) {
        const channel = channelOf(rule)
        const cells = await DatabaseCells.of(channel, database, channel.sources)
        const mapped = cells.cellOf({
          ...{ action: 'update', entity: 'price', field: 'price.regular', before: '1', after: '2' },
          target: { listing: 'A', sku: 'A', external_id: null },
        })
        expect('en' in mapped ? mapped.en : 'mapped').toMatch(/^there is no table|has no column/)
      }
    }
    await database.close()
    expect((await readShop(shop.url, 'SELECT count(*) AS n FROM item')).rows).toEqual([['0']])
  })

  it.skipIf(shop.skip !== null)('takes a thousand changes in one script', async () => {
    await fill(Array.from({ length: 1000 }, (_, n) => [`A-${n}`, `${n}.50`, null] as const))
    const cells = Array.from({ length: 1000 }, (_, n) => cell(`A-${n}`, price, `${n}.5`, `${n}.75`))
    const { status, output } = await shop.script(fileWith(scriptOf(shop.dialect, cells)))
    expect(status, output).toBe(0)
    expect((await content()).every(([, pvp]) => String(pvp).endsWith('.75'))).toBe(true)
  })
})

describe.skipIf(shops[1]?.skip !== null)('MariaDB', () => {
  it.each(['NO_BACKSLASH_ESCAPES', 'ANSI_QUOTES', ''])('means the same with sql_mode %s', async (mode) => {
    const shop = shops[1]
    if (shop === undefined) throw new Error('no server')
    for (const hostile of HOSTILE) {
      await shop.run(
        'SET NAMES utf8mb4',
        `SET sql_mode = '${mode}'`,
        `CREATE OR REPLACE TABLE echo AS SELECT ${quoteText('mariadb', hostile)} AS t`,
      )
      expect((await readShop(shop.url, 'SELECT t FROM echo')).rows).toEqual([[hostile]])
    }
  })
})

describe('SQL Server, which does not run here', () => {
  const cells: readonly ScriptCell[] = HOSTILE.map((hostile, index) => ({
    label: `${index}${hostile}`,
    table: ['dbo', 'item]; DROP TABLE x'],
    key: [{ column: text('code', 'sqlserver'), value: `${index}${hostile}` }],
    column: index % 2 === 0 ? text('name', 'sqlserver') : price,
    before: index % 2 === 0 ? hostile : '1.5',
    after: index % 2 === 0 ? null : '2.25',
  }))

  it('has scripts that a parser of Transact-SQL reads as the statements that were meant', () => {
    const script = scriptOf('sqlserver', cells)
    const updates = script.split('\n').filter((line) => line.startsWith('UPDATE '))
    expect(updates).toHaveLength(cells.length)
    const parser = new sqlParser.Parser()
    for (const [index, update] of updates.entries()) {
      // The parser knows neither COLLATE within an expression nor brackets in brackets; both stand where they are documented.
      const plain = update.replaceAll(' COLLATE Latin1_General_100_BIN2', '').replaceAll(']]', ')')
      const tree = parser.astify(plain, { database: 'transactsql' })
      const [statement] = Array.isArray(tree) ? tree : [tree]
      expect(statement?.type, update).toBe('update')
      const set = statement !== undefined && 'set' in statement ? statement.set : []
      expect(set).toMatchObject([{ column: cells[index]?.column.name }])
    }
  })

  it('holds no line that sqlcmd would take for a command, and no variable', () => {
    const lines = scriptOf('sqlserver', cells).split('\n')
    expect(lines.filter((line) => /^\s*GO\b/i.test(line)).every((line) => line === 'GO')).toBe(true)
    expect(lines.filter((line) => /^\s*(:|!!)/.test(line))).toEqual([])
    expect(lines.join('\n')).not.toContain('$(')
  })

  it('asks in every batch whether the transaction still stands', () => {
    const many = Array.from({ length: 450 }, (_, n) => ({ ...(cells[1] as ScriptCell), label: `A-${n}` }))
    const batches = scriptOf('sqlserver', many).split('\nGO')
    expect(
      batches.slice(1, -1).map((batch) => batch.trim().split('\n')[0]?.startsWith('IF @@TRANCOUNT = 0 THROW')),
    ).toEqual([true, true, true, true])
    expect(scriptOf('sqlserver', many)).toContain('not run on a server')
  })
})

describe('what no script can carry', () => {
  it.each([
    ['a NUL', 'a\0b'],
    ['half a character', 'a\ud800b'],
  ])('is refused: %s', (_, value) => {
    for (const dialect of ['postgresql', 'mysql', 'sqlite', 'sqlserver'] as const) {
      expect(() => quoteText(dialect, value)).toThrow(UnquotableError)
    }
  })

  it.each([
    ['more digits than the column keeps', '1.999'],
    ['an exponent', '1e3'],
    ['a statement', '1; DROP TABLE item'],
  ])('is refused as a price: %s', (_, value) => {
    const script = new SqlScript('postgresql')
    const cell = {
      label: 'x',
      table: ['item'],
      key: [{ column: text('code', 'postgresql'), value: 'A' }],
      column: price,
    }
    expect(() => script.add({ ...cell, before: '1', after: value })).toThrow(UnquotableError)
  })
})
