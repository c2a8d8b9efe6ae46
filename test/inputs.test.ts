/** Files under `inputs:`: how they are read, and what is refused. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import writeXlsxFile from 'write-excel-file/node'
import { foldHeader } from '../src/base/text.ts'
import { defaultConfig } from '../src/config/normalise.ts'
import { renderDiagnostic } from '../src/diagnostics/render.ts'
import { openDuckDB } from '../src/engine/duckdb.ts'
import type { Engine, SqlRow } from '../src/engine/engine.ts'
import { type Inputs, loadInputs } from '../src/ingest/inputs.ts'
import { createMacros } from '../src/ingest/macros.ts'
import { INPUT_NAMES, type InputName, inputNeed, inputNeeds, inputOf } from '../src/model/input.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'omniparity-inputs-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

interface Read {
  readonly inputs: Inputs
  /** Refusals as a person sees them. */
  readonly refused: string
  readonly rows: readonly SqlRow[]
}

let runs = 0

async function read(name: InputName, file: string, content: string | Buffer, query = ''): Promise<Read> {
  const own = join(dir, String(runs++))
  await mkdir(own)
  await writeFile(join(own, file), content)
  const engine: Engine = await openDuckDB({ tempDir: join(own, 'engine'), memoryLimit: null, threads: 1 })
  try {
    await createMacros(engine)
    const channels = ['web', 'store'].map((id) => ({ id, kind: 'web' as const, sources: [] }))
    const base = defaultConfig(own, channels)
    const config = { ...base, timezone: 'Europe/Madrid', inputs: [{ name, path: file }] }
    const signal = new AbortController().signal
    const inputs = await loadInputs({ engine, config, tempDir: join(own, 'tmp'), signal }, 5)
    const refused = [...inputs.failed.values()].map((one) => renderDiagnostic(one, { locale: 'en', colour: false }))
    const rows = query === '' || refused.length > 0 ? [] : await engine.rows(query)
    for (const one of inputs.loaded.flatMap(({ files }) => files)) await one.close()
    return { inputs, refused: refused.join(''), rows }
  } finally {
    await engine.close()
  }
}

const HASH = 'a'.repeat(64)

describe('declarations', () => {
  it.each(INPUT_NAMES)('%s is told in both languages, and no header means two columns', (name) => {
    const { doc, columns } = inputOf(name)
    const docs = [doc, ...Object.values(columns).map((column) => column.doc)]
    for (const { en, es } of docs) {
      expect(en).toMatch(/[.)]$/)
      expect(es).toMatch(/[.)]$/)
      expect(es).not.toBe(en)
    }
    const own = Object.keys(columns)
    const headers = Object.entries(columns).flatMap(([column, { headers: others }]) =>
      others.filter((header) => !own.includes(header)).map((header) => [foldHeader(header), column] as const),
    )
    const twice = headers.filter(([header], index) => headers.findIndex(([other]) => other === header) !== index)
    expect(twice).toEqual([])
  })

  it('are what rules may need', () => {
    expect(inputNeed('input.policy')).toEqual({ input: 'policy', column: null })
    expect(inputNeed('input.customers.tier')).toEqual({ input: 'customers', column: 'tier' })
    for (const wrong of ['policy', 'input.polcy', 'input.customers.teir', 'input.policy.value.x'])
      expect(inputNeed(wrong)).toBeNull()
    expect(inputNeeds()).toContain('input.sales.units30')
  })
})

describe('an input', () => {
  const SALES = 'SELECT sku, ch, channel, units30, revenue30, cancelled30, src, ord FROM input_sales ORDER BY ord'

  it('is read in Spanish, in any encoding, with decimal commas', async () => {
    const text = 'Código;Canal;Unidades;Facturación\nñandú-1;web;"1.234,5";19,99 €\n007;store;3;\n'
    const { rows, refused, inputs } = await read('sales', 's.csv', Buffer.from(text.replace('€', ''), 'latin1'), SALES)
    expect(refused).toBe('')
    expect(rows).toEqual([
      {
        sku: 'ñandú-1',
        ch: 0,
        channel: 'web',
        units30: '1234.500000',
        revenue30: '19.990000',
        cancelled30: null,
        src: 5,
        ord: 0,
      },
      { sku: '007', ch: 1, channel: 'store', units30: '3.000000', revenue30: null, cancelled30: null, src: 5, ord: 1 },
    ])
    expect(inputs.loaded[0]?.columns).toEqual(new Set(['sku', 'channel', 'units30', 'revenue30']))
  })

  it('is read from a workbook', async () => {
    const rows = [
      ['sku', 'channel', 'units'],
      ['A1', 'web', '7'],
    ].map((row) => row.map((value) => ({ value })))
    const path = join(dir, 'made.xlsx')
    await writeXlsxFile([{ data: rows, sheet: 'Sales' }]).toFile(path)
    const found = await read('sales', 's.xlsx', await readFile(path), SALES)
    expect(found.refused).toBe('')
    expect(found.rows).toMatchObject([{ sku: 'A1', ch: 0, units30: '7.000000' }])
  })

  it('is refused when a day may be a month', async () => {
    const { refused } = await read('map', 'm.csv', 'sku,amount,from\nA1,10,05/06/2026\n')
    expect(refused).toContain("'05/06/2026' is not a date whose day and month are clear")
  })

  it('has days that end when they end, in the zone of the project', async () => {
    const text = 'sku,amount,from,to\nA1,10,01/12/2026,31/12/2026\n'
    const { rows } = await read('map', 'm.csv', text, 'SELECT "from", "to" FROM input_map')
    expect(rows).toEqual([{ from: '2026-11-30T23:00:00Z', to: '2026-12-31T23:00:00Z' }])
  })

  it.each([
    ['a column is missing', 'sku,channel\nA,web\n', "input 'sales' lacks 'units30'", 's.csv'],
    ['a header is misspelt', 'sku,channel,unit30\nA,web,1\n', "did you mean 'unit30'?", 's.csv'],
    [
      'a number is none',
      'sku,channel,units\nA,web,1\nB,web,many\n',
      "row 2, column 'units': 'many' is not a number",
      's.csv:3',
    ],
    [
      'a channel is unknown',
      'sku,channel,units\nA,wbe,1\n',
      "row 1 names channel 'wbe', which is not configured",
      's.csv:2',
    ],
    [
      'a cell is empty that must not be',
      'sku,channel,units\nA,web,1\n,web,2\n',
      "row 2 has nothing in column 'sku'",
      's.csv:3',
    ],
    [
      'a number can be read in two ways',
      'sku,channel,units\nA,web,1.234\n',
      'a number that can be read in one way only',
      's.csv:2',
    ],
    ['there is no record', 'sku,channel,units\n', "input 'sales' has a header and no records", 's.csv'],
  ])('is refused when %s', async (_, text, message, place) => {
    const { refused } = await read('sales', 's.csv', text)
    expect(refused).toContain(message)
    expect(refused).toContain(`at ${place}\n`)
    expect(refused.match(/^error/gm)).toHaveLength(1)
  })

  it('has the words of rules in any spelling, and says which words no rule reads', async () => {
    const text = 'servicio;ámbito;valor\nDevolución en tienda;;sí\ngift-card;Canje;no\nplanta_árboles;T01;sí\n'
    const { rows, inputs } = await read('policy', 'p.csv', text, 'SELECT service, scope FROM input_policy ORDER BY ord')
    expect(rows).toEqual([
      { service: 'return_in_store', scope: null },
      { service: 'gift_card', scope: 'redeem' },
      { service: 'planta_árboles', scope: 'T01' },
    ])
    expect(inputs.loaded[0]?.understood[0]?.assumptions).toEqual([
      "no rule of the package reads these words of 'servicio': planta_árboles",
    ])
  })

  it('is refused when there is no file', async () => {
    const { refused } = await read('sales', 'other.csv', '')
    expect(refused).toContain('source/empty')
  })
})

describe('customers', () => {
  it('are read as hashes, in lower case', async () => {
    const text = `channel,customer,email_hash,name_hash\nweb,1,${HASH.toUpperCase()},\n`
    const { rows, refused } = await read('customers', 'c.csv', text, 'SELECT email_hash FROM input_customers')
    expect(refused).toBe('')
    expect(rows).toEqual([{ email_hash: HASH }])
  })

  it.each([
    ['an address', 'email', 'ana.perez@example.com', 'an e-mail address'],
    ['an address in a column that nothing reads', 'note', 'see ana.perez@example.com', 'an e-mail address'],
    ['a telephone with its country', 'note', 'call +34 600 111 222', 'a telephone number'],
    ['a telephone in groups', 'note', '600 11 12 22', 'a telephone number'],
    ['a telephone of digits alone', 'phone', '600111222', 'a telephone number'],
  ])('are refused with %s, which is not shown', async (_, column, text, kind) => {
    const { refused, inputs } = await read('customers', 'c.csv', `channel,customer,${column}\nweb,1,\nweb,2,${text}\n`)
    expect(inputs.loaded).toEqual([])
    expect(refused).toContain(
      `error[ingest/input-personal]: input 'customers': column '${column}' holds ${kind} in clear text, first in row 2`,
    )
    expect(refused).toContain('at c.csv:3')
    for (const part of text.split(/[ @]/).filter((one) => /\d|perez/.test(one))) expect(refused).not.toContain(part)
  })

  it('are refused with a name in place of its hash, which is not shown', async () => {
    const { refused } = await read('customers', 'c.csv', 'channel,customer,name\nweb,1,Ana Pérez\n')
    expect(refused).toContain("row 1, column 'name': the text is not a keyed hash")
    expect(refused).not.toContain('Ana')
  })

  it.each([
    ['a record for names', 'web,1,juan@example.com\nweb,2,\n', 3, 'an e-mail address'],
    ['an address among names', 'channel,customer,juan@example.com\nweb,2,\n', 3, 'an e-mail address'],
    ['a telephone among names', 'channel,600111222\nweb,2\n', 2, 'a telephone number'],
  ])('are refused with %s, which is not shown', async (_, text, position, kind) => {
    const { refused, inputs } = await read('customers', 'c.csv', text)
    expect(inputs.loaded).toEqual([])
    expect(refused).toContain(`input 'customers': the name of column ${position} is ${kind} in clear text`)
    for (const part of ['juan', 'example', '600']) expect(refused).not.toContain(part)
  })

  it('may have numbers and dates that are nobody’s telephone', async () => {
    const text =
      'channel,customer,loyalty_id,last_activity,balance\nweb,600111222,9001234567890,2026-11-20,"1,234,567.00"\n'
    const { refused } = await read('customers', 'c.csv', text)
    expect(refused).toBe('')
  })

  it('are refused with a broken record, which is not shown', async () => {
    const text = `channel,customer,email_hash\nweb,1,${HASH}\nweb,2,ana@example.com,too,many\n`
    const { refused, inputs } = await read('customers', 'c.csv', text)
    expect(inputs.loaded).toEqual([])
    expect(refused).not.toContain('ana@')
  })
})
