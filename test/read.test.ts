import { isUtf8 } from 'node:buffer'
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import { openDuckDB } from '../src/engine/duckdb.ts'
import type { Engine } from '../src/engine/engine.ts'
import { expandPaths } from '../src/ingest/read/glob.ts'
import { type OpenOptions, openFile } from '../src/ingest/read/open.ts'
import { Scanner } from '../src/ingest/read/scan.ts'
import type { TableFile } from '../src/model/table-file.ts'

const FIXTURES = fileURLToPath(new URL('../fixtures/read/', import.meta.url))
const EXPECTED = 'expected.json'

let engine: Engine
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'omniparity-read-'))
  engine = await openDuckDB({ tempDir: join(dir, 'engine'), memoryLimit: null, threads: 2 })
})

afterAll(async () => {
  await engine.close()
  await rm(dir, { recursive: true })
})

function open(path: string, more: Partial<OpenOptions> = {}): Promise<readonly TableFile[]> {
  const shown = basename(path)
  return openFile({ path, shown, encoding: null, tempDir: join(dir, 'tmp'), engine, maxBadShare: 0.2, ...more })
}

async function describeTable(table: TableFile) {
  const rows = await engine.rows(`SELECT * FROM ${table.relation}`)
  const kept = table.records - table.quarantined.length
  expect(rows.length, 'rows of the relation').toBe(kept)
  const sample = table.sample.map((row) => [...row])
  expect(sample, 'the sample of a small file is the file').toEqual(rows.map((row) => Object.values(row)))
  const numbers = rows.map((_, ordinal) => table.record(ordinal))
  const lines = await table.lines(numbers)
  return {
    path: table.path,
    ...(table.sheet === null ? {} : { sheet: table.sheet }),
    encoding: table.reading.encoding,
    delimiter: table.reading.delimiter,
    assumptions: table.reading.assumptions,
    columns: table.columns,
    records: table.records,
    rows: rows.slice(0, 12).map((row, ordinal) => ({
      record: table.record(ordinal),
      line: lines.get(table.record(ordinal)) ?? null,
      cells: Object.values(row),
    })),
    quarantined: table.quarantined.map(({ row, line, raw, reason }) => ({ row, line, raw, reason })),
  }
}

async function outcome(path: string, more: Partial<OpenOptions> = {}) {
  let tables: readonly TableFile[] = []
  try {
    tables = await open(path, more)
    const described = []
    for (const table of tables) described.push(await describeTable(table))
    return described
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const { code, message, where, status } = error.diagnostic
    return { error: code, message, where, status }
  } finally {
    for (const table of tables) {
      await table.close()
      await table.close()
    }
  }
}

describe('each odd file is read or refused as stated beside it', () => {
  const cases = readdirSync(FIXTURES).sort()
  test.each(cases)('%s', async (name) => {
    const folder = join(FIXTURES, name)
    const [input = ''] = readdirSync(folder).filter((file) => file !== EXPECTED)
    const actual = await outcome(join(folder, input))
    const expected = join(folder, EXPECTED)
    if (process.env['UPDATE'] === '1') writeFileSync(expected, `${JSON.stringify(actual, null, 2)}\n`)
    expect(existsSync(expected), `${expected} is missing; UPDATE=1 writes it`).toBe(true)
    expect(actual).toEqual(JSON.parse(readFileSync(expected, 'utf8')))
    expect(readdirSync(join(dir, 'tmp', 'read')), 'temporary files left behind').toEqual([])
  })
})

describe('files too large to keep', () => {
  const row = (index: number) => `LAMP-${index},Lamp ${index},${index % 100}.50\n`
  const rows = (count: number) => Array.from({ length: count }, (_, index) => row(index)).join('')
  const save = async (name: string, content: string | Buffer) => {
    const path = join(dir, name)
    await writeFile(path, content)
    return path
  }

  test('a record with a cell of 10 MB is set aside', async () => {
    const path = await save('cell.csv', `sku,title,price\n${rows(8)}BIG,"${'x'.repeat(10_000_000)}",1\n${row(9)}`)
    const [table] = await open(path)
    expect(table?.quarantined).toMatchObject([{ row: 9, line: 10, reason: 'a cell is over 1 MB' }])
    expect(table?.quarantined[0]?.raw).toHaveLength(200)
    expect(await engine.rows(`SELECT count(*) AS n FROM ${table?.relation}`)).toEqual([{ n: 9 }])
    await table?.close()
  })

  test('a line of a million commas is set aside', async () => {
    const path = await save('commas.csv', `sku,title,price\n${rows(8)}X${','.repeat(1_000_000)}\n${row(9)}`)
    const [table] = await open(path)
    expect(table?.quarantined).toMatchObject([{ row: 9, line: 10, reason: '1000001 cells instead of 3' }])
    expect(table?.records).toBe(10)
    await table?.close()
  })

  test('a header of a million commas is refused', async () => {
    const path = await save('wide.csv', `sku${',x'.repeat(400_000)}\n1\n`)
    expect(await outcome(path)).toMatchObject({ error: 'source/too-large', status: 3 })
  })

  test('the sample of a large file comes from all over it', async () => {
    const path = await save('large.csv', `sku,title,price\n${rows(300_000)}`)
    const [table] = await open(path)
    expect(table?.records).toBe(300_000)
    expect(table?.sample.length).toBeGreaterThan(9000)
    const numbers = table?.sample.map(([sku]) => Number(String(sku).slice(5))) ?? []
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(Math.max(...numbers)).toBeGreaterThan(280_000)
    expect(table?.sample.every((cells) => cells.length === 3)).toBe(true)
    expect([...((await table?.lines([1, 300_000])) ?? [])]).toEqual([
      [1, 2],
      [300_000, 300_001],
    ])
    await table?.close()
  })

  test('cells that look like records come back whole from a large file', async () => {
    const cell = (index: number) =>
      index % 3 === 0 ? `"line\nSKU-1,x,1\nSKU-2,""y"",2\n"` : index % 5 === 0 ? '"<p>\n,,\n</p>"' : `Lamp ${index}`
    const lines = Array.from({ length: 400_000 }, (_, index) => `LAMP-${index},${cell(index)},${index}\n`)
    const path = await save('multi.csv', `sku,title,price\n${lines.join('')}`)
    const [table] = await open(path)
    await engine.run(`CREATE OR REPLACE TABLE multi AS SELECT * FROM ${table?.relation}`)
    const counted = `SELECT count(*) AS n, count(*) FILTER (WHERE c0 = 'LAMP-' || rowid AND c2 = '' || rowid) AS same FROM multi`
    expect(await engine.rows(counted)).toEqual([{ n: 400_000, same: 400_000 }])
    const [first, second] = [...((await table?.lines([4, 5])) ?? [])]
    expect([first, second]).toEqual([
      [4, 8],
      [5, 12],
    ])
    await table?.close()
    await rm(path)
  })

  test('an archive that expands a thousandfold is refused', async () => {
    const path = await save('bomb.csv.gz', gzipSync(Buffer.alloc(60_000_000, 'a,b\n')))
    expect(await outcome(path)).toMatchObject({ error: 'source/archive-refused', status: 3 })
  })
})

describe('paths that are no readable file', () => {
  test('a folder', async () => {
    expect(await outcome(dir)).toMatchObject({ error: 'source/directory', status: 2 })
  })

  test('nothing', async () => {
    expect(await outcome(join(dir, 'missing.csv'))).toMatchObject({ error: 'source/not-found', status: 3 })
  })

  test.skipIf(process.getuid?.() === 0)('a file without permission', async () => {
    const path = join(dir, 'secret.csv')
    await writeFile(path, 'sku\n1\n')
    await chmod(path, 0)
    expect(await outcome(path)).toMatchObject({ error: 'source/not-permitted', status: 3 })
  })

  test('a file that shrinks while it is read', async () => {
    const path = join(dir, 'shrinking.csv')
    await writeFile(path, `sku,title\n${'LAMP,Lamp\n'.repeat(1000)}`)
    const headers = () => {
      truncateSync(path, 500)
      return 0
    }
    expect(await outcome(path, { headers })).toMatchObject({ error: 'source/changed', status: 3 })
  })

  test('an encoding that does not exist', async () => {
    const path = join(FIXTURES, 'plain-csv', 'shop.csv')
    expect(await outcome(path, { encoding: 'klingon-8' })).toMatchObject({
      error: 'source/unknown-encoding',
      status: 2,
    })
  })
})

describe('what the caller states goes before what is detected', () => {
  test('encoding', async () => {
    const [table] = await open(join(FIXTURES, 'windows-1252', 'shop.csv'), { encoding: 'latin1' })
    expect(table?.columns).toEqual(['código', 'descripción', 'precio'])
    expect(table?.reading.assumptions).toEqual([])
    await table?.close()
  })

  test('delimiter', async () => {
    const path = join(dir, 'stated.csv')
    await writeFile(path, 'sku;price,stock;place\nLAMP-1;1,2;A\n')
    const [table] = await open(path, { delimiter: ',' })
    expect(table?.columns).toEqual(['sku;price', 'stock;place'])
    await table?.close()
  })

  test('a known header below rows that look like one', async () => {
    const path = join(dir, 'known.csv')
    await writeFile(path, 'Shop,Date,User\nSol,today,me\nsku,price,stock\nLAMP-1,1,2\n')
    const [table] = await open(path, { headers: (cells) => (cells.includes('sku') ? 2 : 0) })
    expect(table?.columns).toEqual(['sku', 'price', 'stock'])
    await table?.close()
  })

  test('language of assumptions and reasons', async () => {
    const [table] = await open(join(FIXTURES, 'ragged-rows', 'shop.csv'), { locale: 'es' })
    expect(table?.quarantined[0]?.reason).toBe('2 celdas en lugar de 3')
    await table?.close()
  })
})

describe('formats written by programs', () => {
  test('a workbook keeps identifiers as text, prints numbers shortly and dates as ISO', async () => {
    const path = join(dir, 'book.xlsx')
    const head = ['sku', 'gtin', 'price', 'on', 'since', 'note'].map((value) => ({ value, type: String }))
    const row = (sku: string, price: number) => [
      { value: sku, type: String },
      { value: 8412345678905, type: Number },
      { value: price, type: Number },
      { value: true, type: Boolean },
      { value: new Date('2026-11-20T00:00:00Z'), type: Date, format: 'dd/mm/yyyy' },
      null,
    ]
    const data = [
      [{ value: 'Lámparas Sol', type: String }],
      [],
      head,
      row('00123', 0.1 + 0.2),
      row('00124', 1e-7),
      row('00125', 3),
    ]
    const book = writeXlsxFile([
      { data: [...data, [{ value: 'Total', type: String }, null, { value: 3.3, type: Number }]], sheet: 'Stock' },
    ])
    await book.toFile(path)
    const [table] = await open(path)
    expect(table?.sheet).toBe('Stock')
    expect(table?.columns).toEqual(['sku', 'gtin', 'price', 'on', 'since', 'note'])
    const rows = await engine.rows(`SELECT * FROM ${table?.relation}`)
    expect(rows.map((cells) => Object.values(cells))).toEqual([
      ['00123', '8412345678905', '0.3', 'true', '2026-11-20', null],
      ['00124', '8412345678905', '0.0000001', 'true', '2026-11-20', null],
      ['00125', '8412345678905', '3', 'true', '2026-11-20', null],
    ])
    expect([...((await table?.lines([1, 3])) ?? [])]).toEqual([
      [1, 4],
      [3, 6],
    ])
    expect(table?.reading.assumptions).toEqual([
      '1 line above the header is no data',
      'rows of totals at the end were left out: Total 3.3',
    ])
    await table?.close()
  })

  test('Parquet comes as text, nested values as JSON', async () => {
    const path = join(dir, 'shop.parquet')
    await engine.run(
      `COPY (SELECT 'LAMP-1' AS sku, 19.90::DECIMAL(9,2) AS price, ['a','b'] AS tags, '' AS note) TO '${path}' (FORMAT parquet)`,
    )
    const [table] = await open(path)
    expect(await engine.rows(`SELECT * FROM ${table?.relation}`)).toEqual([
      { c0: 'LAMP-1', c1: '19.90', c2: '["a","b"]', c3: null },
    ])
    expect(table?.sample).toEqual([['LAMP-1', '19.90', '["a","b"]', null]])
    await table?.close()
  })
})

describe('patterns', () => {
  beforeAll(async () => {
    const root = join(dir, 'glob')
    await mkdir(join(root, 'a', 'b'), { recursive: true })
    for (const name of ['x.csv', 'y.csv', 'z.txt', 'a/x.csv', 'a/b/x.csv', '.hidden.csv', 'odd[1].csv']) {
      await writeFile(join(root, name), 'sku\n')
    }
    await symlink('..', join(root, 'a', 'loop'))
    await symlink('self', join(root, 'self'))
  })

  const found = async (...patterns: string[]) =>
    (await expandPaths(patterns, join(dir, 'glob'))).map(({ shown }) => shown)

  test.each([
    ['x.csv', ['x.csv']],
    ['*.csv', ['odd[1].csv', 'x.csv', 'y.csv']],
    ['[xz].*', ['x.csv', 'z.txt']],
    ['[!x].csv', ['y.csv']],
    ['{y,z}.{csv,txt}', ['y.csv', 'z.txt']],
    ['?.csv', ['x.csv', 'y.csv']],
    ['a/*/x.csv', ['a/b/x.csv', 'a/loop/x.csv']],
    ['a/b/**/*.csv', ['a/b/x.csv']],
    ['odd[1].csv', ['odd[1].csv']],
    ['./a/../x.csv', ['x.csv']],
  ])('%s', async (pattern, expected) => {
    expect(await found(pattern)).toEqual(expected)
  })

  test('a loop of links ends', async () => {
    const files = await found('**/x.csv')
    expect(files).toContain('a/b/x.csv')
    expect(files.length).toBeLessThan(10)
  })

  test('a file named twice comes once, patterns keep their order', async () => {
    expect(await found('y.csv', '*.csv')).toEqual(['y.csv', 'odd[1].csv', 'x.csv'])
  })

  test.each([
    ['*.xlsx', 'source/not-found'],
    ['missing.csv', 'source/not-found'],
    ['a', 'source/directory'],
    ['self', 'source/not-permitted'],
  ])('%s is refused', async (pattern, code) => {
    await expect(found(pattern)).rejects.toMatchObject({ diagnostic: { code } })
  })
})

test('where chunks end does not change what a scan finds', () => {
  const words = [',', ',', '\n', '\n', '\r\n', '"', '"', '""', 'a', 'b c', ' ', '\r', 'x,y,z\n', '"q,\n"', '\0', 'é']
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    return Math.floor((seed / 0x7fffffff) * below)
  }
  const scanned = (bytes: Buffer, quote: number | null, size: () => number) => {
    const dialect = { delimiter: 44, quote, newline: 10 } as const
    const read = (start: number, end: number) => bytes.subarray(start, end)
    const scanner = new Scanner({ dialect, fields: 3, start: 0, line: 1, trailing: false, utf8: true, read, isUtf8 })
    for (let at = 0; at < bytes.length; ) {
      const next = at + size()
      scanner.feed(bytes.subarray(at, next))
      at = next
    }
    scanner.finish()
    const { records, odd, blanks, contiguous, crlf, lf, emptyTail, line, multiline, maxRecordBytes } = scanner
    return { records, odd, blanks, contiguous, crlf, lf, emptyTail, line, multiline, maxRecordBytes }
  }
  for (let round = 0; round < 4000; round++) {
    const text = Array.from({ length: random(40) }, () => words[random(words.length)]).join('')
    const bytes = Buffer.from(text)
    const quote = random(5) === 0 ? null : 34
    const whole = scanned(bytes, quote, () => bytes.length)
    expect(
      scanned(bytes, quote, () => 1 + random(5)),
      JSON.stringify(text),
    ).toEqual(whole)
  }
})

const samples = process.env['OMNIPARITY_SAMPLES']
const SAMPLES_EXPECTED = fileURLToPath(new URL('../fixtures/samples/read.json', import.meta.url))

function samplePaths(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? samplePaths(path) : [path]
    })
    .filter((path) => !path.endsWith('.md'))
    .sort()
}

test.runIf(samples === undefined && process.env['OMNIPARITY_REQUIRE'] === '1')('the real samples are there', () => {
  expect.fail('OMNIPARITY_SAMPLES is not set')
})

describe.skipIf(samples === undefined)('real files (skipped without OMNIPARITY_SAMPLES, the folder of samples)', () => {
  const root = samples ?? ''

  test('each is read as stated', async () => {
    const actual: Record<string, unknown> = {}
    for (const path of samplePaths(root)) {
      const shown = relative(root, path)
      const tables = await open(path, { shown })
      const described = []
      for (const table of tables) {
        const kept = table.records - table.quarantined.length
        expect(await engine.rows(`SELECT count(*) AS n FROM ${table.relation}`), shown).toEqual([{ n: kept }])
        if (kept <= 10_000) expect(table.sample, shown).toHaveLength(kept)
        described.push(
          [
            `${table.records} x ${table.columns.length}`,
            table.reading.encoding ?? '',
            table.reading.delimiter ?? '',
            `${table.quarantined.length} quarantined`,
            ...table.reading.assumptions,
          ].join(' | '),
        )
        await table.close()
      }
      actual[shown] = described.length === 1 ? described[0] : described
    }
    if (process.env['UPDATE'] === '1') writeFileSync(SAMPLES_EXPECTED, `${JSON.stringify(actual, null, 2)}\n`)
    expect(actual).toEqual(JSON.parse(readFileSync(SAMPLES_EXPECTED, 'utf8')))
  })

  const cellsAt = async (path: string, record: number, columns: readonly string[]) => {
    const [table] = await open(join(root, path))
    if (table === undefined) return null
    const rows = await engine.rows(`SELECT * FROM ${table.relation} LIMIT 1 OFFSET ${record - 1}`)
    const values = Object.values(rows[0] ?? {})
    const cells = columns.map((name) => values[table.columns.indexOf(name)])
    const lines = await table.lines([record])
    await table.close()
    return [...cells, lines.get(record) ?? null]
  }

  test.each([
    [
      'tiendanube/productos.csv',
      1,
      ['Nombre', 'Precio', 'SKU', 'Costo'],
      ['Mesa de Trabajo 140 Cm Acero 304', '822,271.00', '1141898', '100.00', 2],
    ],
    ['supermarkets/austria/bio-cart.csv.gz', 1, ['store', 'id', 'price'], ['billa', '00-644489', '4.49', 2]],
    ['meta-catalog/catalog_products.csv', 1, ['id', 'price', 'gtin'], ['1234567', '10.00 USD', '8.80609E+12', 3]],
    ['entity-matching/amazon-google/gp.csv', 2, ['id', 'manufacturer', 'price'], ['1', null, '8.49', 3]],
    [
      'shopify/towel-store/products_export.csv',
      1002,
      ['Option1 Value', 'Variant SKU', 'Variant Price'],
      ['Chanchi', "'813232021299", '43', 1003],
    ],
    ['unopim/1k_products.xlsx', 1000, ['sku', 'price (USD)', 'product_number'], ['1100', '1498', '780672', 1001]],
    ['prestashop/fixtures-fashion/es/product.xml', 2, ['@id', 'name'], ['Blouse', 'Blusa', 14]],
    ['tiendanube/erp-productos.json.gz', 1, ['codigo', 'precio'], ['1011002', '24844.0', 2]],
  ] as const)('%s, record %i', async (path, record, columns, expected) => {
    expect(await cellsAt(path, record, columns)).toEqual(expected)
  })
})
