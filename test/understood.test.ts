/** What a report says of the columns of a file: what each was read as, and which were not. */
import { afterEach, describe, expect, it } from 'vitest'
import { liveSql } from '../src/ingest/live.ts'
import type { Finding, Report, ReportChannel } from '../src/model/report.ts'
import { SmallProject } from './small-project.ts'

let project: SmallProject | null = null
afterEach(() => {
  project?.remove()
  project = null
})

interface Told {
  readonly columns: Readonly<Record<string, string>>
  readonly unused: readonly string[]
  readonly assumptions: readonly string[]
}

async function read(text: string, config = ''): Promise<Told> {
  project = new SmallProject({ 'web.csv': text, ...(config === '' ? {} : { 'omniparity.yaml': config }) })
  const { stdout } = await project.audit({ files: config === '' ? ['web.csv'] : [] })
  const { channels } = JSON.parse(stdout) as { readonly channels: readonly ReportChannel[] }
  const { columns, unused, assumptions } = channels[0]?.sources[0]?.understood ?? {}
  return { columns: columns ?? {}, unused: unused ?? [], assumptions: assumptions ?? [] }
}

function config(map: string): string {
  return `version: 1\nproject: P\nmarket: ES\ncurrency: EUR\nchannels:\n  web: {kind: web, sources: [{platform: csv, path: web.csv, map: ${map}}]}\n`
}

describe('a column that gives nothing', () => {
  it('is not said to be read: the only text beside the name, a price without a currency', async () => {
    const { columns, unused } = await read('Código;Descripción;PVP\nA;Bota;10,50\nB;Zapato;9,95\n')
    expect(columns).toEqual({ sku: 'Código', title: 'Descripción', 'price.regular': 'PVP' })
    expect(unused).toEqual([])
  })

  it('is listed as not read where another column goes before it', async () => {
    const { columns, unused } = await read('sku,name,price,net price,status,active\nA,Boot,10.00,8.26,active,no\n')
    expect(columns['price.regular']).toBe('price')
    expect(columns['status']).toBe('status')
    expect(unused).toEqual(['net price', 'active'])
    expect((await read('sku;Nombre;PVP con IVA;PVP sin IVA\nA;Bota;12,10;10,00\n')).unused).toEqual(['PVP sin IVA'])
  })

  it('is listed as not read where its cells are of another kind', async () => {
    const { columns, unused } = await read('sku,name,price,in stock\nA,Boot,10.00,5\nB,Shoe,9.00,0\n')
    expect(columns).not.toHaveProperty('buyable')
    expect(unused).toEqual(['in stock'])
  })

  it('is the content of a package as soon as one unit of the file is a measure', async () => {
    const { columns, unused } = await read('ean,name,unit,quantity\n4006381333931,Juice,L,2\n96385074,Gloves,par,1\n')
    expect(columns).toEqual({ gtin: 'ean', title: 'name' })
    expect(unused).toEqual(['unit', 'quantity'])
    expect((await read('sku,name,unit,quantity\nA,Boot,ud,2\nB,Gloves,par,1\n')).columns).toMatchObject({
      'stock.available': 'quantity',
    })
  })
})

describe('stock beside what of it can be sold', () => {
  const articles = 'Código;Descripción;PVP;'

  it.each([
    ['Stock;Reservado;Disponible', 'Stock', 'Disponible'],
    ['Existencias;Reservado;Disponible', 'Existencias', 'Disponible'],
    ['Inventory;Reserved;Available', 'Inventory', 'Available'],
  ])('is what lies there: %s', async (head, onHand, available) => {
    const { columns, unused } = await read(`${articles}${head}\nA;Bota;10,50;9;3;6\nB;Zapato;9,95;4;4;0\n`)
    expect(columns).toMatchObject({ 'stock.on_hand': onHand, 'stock.available': available })
    expect(unused).toEqual([])
  })

  it('is the figure that can be sold where the other column is a yes or no, or is not there', async () => {
    const words = await read(`${articles}Stock;Disponible\nA;Bota;10,50;9;Sí\nB;Zapato;9,95;0;No\n`)
    expect(words.columns['stock.available']).toBe('Stock')
    expect(words.columns).not.toHaveProperty('stock.on_hand')
    expect(words.unused).toEqual(['Disponible'])
    const flags = await read(`${articles}Stock;Disponible\nA;Bota;10,50;9;1\nB;Zapato;9,95;0;0\n`)
    expect(flags.columns['stock.available']).toBe('Stock')
    expect((await read(`${articles}Stock\nA;Bota;10,50;9\n`)).columns['stock.available']).toBe('Stock')
    expect((await read(`${articles}Disponible\nA;Bota;10,50;9\n`)).columns['stock.available']).toBe('Disponible')
  })

  it('is added up over locations from what can be sold, and no cell is said to have the sum', async () => {
    project = new SmallProject({
      'pos.csv': 'Código;Descripción;PVP\nA;Bota;10,50\nB;Zapato;9,95\n',
      'stock.csv':
        'Código;Almacén;Stock;Reservado;Disponible\nA;CENTRO;9;3;6\nA;NORTE;2;0;2\nB;CENTRO;5;2;3\nB;NORTE;4;4;0\n',
      'web.csv': 'sku,name,price,stock\nA,Bota,10.50,11\nB,Zapato,9.95,3\n',
      'omniparity.yaml':
        'version: 1\nproject: P\nmarket: ES\ncurrency: EUR\nchannels:\n  pos: {kind: store, stock_pool: s, sources: [{platform: csv, path: pos.csv}, {platform: csv, path: stock.csv}]}\n  web: {kind: web, stock_pool: s, sources: [{platform: csv, path: web.csv}]}\nauthority: {stock: pos}\nlocations: {CENTRO: {pool: s, kind: store}, NORTE: {pool: s, kind: store}}\n',
    })
    const { findings } = JSON.parse((await project.audit({ allRules: true })).stdout) as {
      findings: readonly Finding[]
    }
    const sides = findings.filter(({ rule }) => rule.startsWith('stock/')).flatMap(({ sides: all }) => all)
    const own = sides.find(({ channel, field }) => channel === 'pos' && field === 'stock.available')
    expect(own).toMatchObject({ listing: 'A', value: '8', raw: null })
    expect(sides.filter(({ listing }) => listing === 'B')).toEqual([])
  })
})

describe('a sale price of 0', () => {
  const head = 'Código;Descripción;PVP;PVP rebajado\n'
  const rows = (zeros: number, blanks: number): string =>
    ['A;Bota;50,00;40,00', ...Array(zeros).fill('Z;Zapato;50,00;0,00'), ...Array(blanks).fill('B;Bolso;50,00;')]
      .map((row, index) => row.replace(';', `${index};`))
      .join('\n')

  async function errors(text: string): Promise<readonly (string | undefined)[]> {
    project = new SmallProject({ 'pos.csv': text })
    const { findings } = JSON.parse((await project.audit({ files: ['pos.csv'] })).stdout) as {
      findings: readonly Finding[]
    }
    return findings.filter(({ rule }) => rule === 'price/missing-or-zero').map(({ item }) => item?.sku ?? undefined)
  }

  it('is how a till writes that there is no offer, and the report says that it was read so', async () => {
    const said = "3 cells of 'PVP rebajado' are 0 beside a regular price: they were taken for no offer"
    expect((await read(`${head}${rows(3, 0)}\n`)).assumptions).toContain(said)
    expect(await errors(`${head}${rows(3, 0)}\n`)).toEqual([])
    expect((await read(`${head}${rows(3, 30)}\n`)).assumptions).toContain(said)
    const mapped = config('{sku: Código, title: Descripción, price.regular: PVP, price.sale: PVP rebajado}')
    expect((await read(`${head}${rows(3, 0)}\n`, mapped)).assumptions).toContain(said)
  })

  it('is a price where it is the only one among empty cells, has days, or the regular price is 0 as well', async () => {
    expect(await errors(`${head}${rows(1, 3)}\n`)).toEqual(['Z1'])
    expect(await errors(`${head}${rows(2, 30)}\n`)).toEqual(['Z1', 'Z2'])
    expect(await errors('Código;PVP;PVP oferta;Fin oferta\nA;5,00;4,00;2026-12-31\nB;5,00;0,00;2026-12-31\n')).toEqual([
      'B',
    ])
    expect(await errors(`${head}A;Bota;0,00;0,00\nB;Bota;1,00;0,00\n`)).toEqual(['A'])
  })
})

describe('the order of day and month', () => {
  it('is spoken of only where a date is read', async () => {
    const unread = await read('sku,name,price,edited\nA,Boot,10.00,05/06/2026\nB,Shoe,9.00,07/06/2026\n')
    expect(unread.unused).toEqual(['edited'])
    expect(unread.assumptions.filter((text) => text.includes('day'))).toEqual([])
    const asked = await read('sku,name,price,sale price,sale start\nA,Boot,10.00,9.00,05/06/2026\n')
    expect(asked.assumptions.filter((text) => text.includes('day'))).toHaveLength(1)
  })

  it('is that of dates with points where nothing contradicts', async () => {
    const head = 'sku,name,price,updated at\n'
    expect((await read(`${head}A,Boot,10.00,01.07.2015 15:38\n`)).assumptions.join()).toContain('written with points')
    for (const date of ['01/07/2015', '07.22.2015', '01.07.15']) {
      const { assumptions } = await read(`${head}A,Boot,10.00,${date}\nB,Shoe,9.00,01.07.2015\n`)
      expect(assumptions.join(), date).not.toContain('written with points')
    }
  })
})

describe('a header among the records', () => {
  it('is no article, and is said', async () => {
    const text =
      'SKU,Barcode,Name,Price,Status\nA,96385074,Boot,10.00,active\nSKU,Barcode,Name,Price,Status\nB,,Shoe,9.00,active\n'
    project = new SmallProject({ 'web.csv': text })
    const { stdout } = await project.audit({ files: ['web.csv'] })
    const told = JSON.parse(stdout) as {
      readonly channels: readonly ReportChannel[]
      readonly findings: readonly unknown[]
    }
    expect(told.channels[0]?.listings).toBe(2)
    expect(told.findings).toEqual([])
    const said = told.channels[0]?.sources[0]?.understood.assumptions.join('; ')
    expect(said).toContain('record 2 repeats the header and was left out')
    expect(said).not.toContain('could not be read')
  })

  it('gives no currency with the word that stands over the prices', async () => {
    const text = 'Código;Descripción;PVP\nA;Bota;10,50\nCódigo;Descripción;PVP\nB;Zapato;9,95\n'
    const { columns, assumptions } = await read(text)
    expect(columns).toEqual({ sku: 'Código', title: 'Descripción', 'price.regular': 'PVP' })
    expect(assumptions.join()).toContain('2 prices state no currency')
  })

  it('is an article where its cells say something else too', async () => {
    project = new SmallProject({ 'web.csv': 'SKU,Name,Price\nSKU,Name,10.00\nB,Shoe,9.00x\n' })
    const { stdout } = await project.audit({ files: ['web.csv'] })
    expect(JSON.parse(stdout)).toMatchObject({ channels: [{ listings: 2 }] })
  })
})

describe('a line of a printed list', () => {
  const head = 'Código;EAN;Descripción;PVP;Existencias\n'

  async function listed(text: string): Promise<readonly [number | undefined, string]> {
    project = new SmallProject({ 'pos.csv': text })
    const told = JSON.parse((await project.audit({ files: ['pos.csv'] })).stdout) as {
      channels: readonly ReportChannel[]
    }
    const [channel] = told.channels
    return [channel?.listings, channel?.sources[0]?.understood.assumptions.join('; ') ?? '']
  }

  it('is no article, and is said: headings, subtotals, pages', async () => {
    const text = `${head}Familia: Bota;;;;\nA;;Bota;10,50;1\nB;;Botín;9,95;2\nTotal Bota;;;20,45;3\nPágina 1;;;;\nSandalias de señora;;;;\nC;;Sandalia;5,00;1\n`
    const [listings, said] = await listed(text)
    expect(listings).toBe(3)
    expect(said).toContain('4 records are headings, totals or page lines of a printed list and were left out')
    expect(said).toContain("the first is record 1 ('Familia: Bota')")
    expect(said).toContain('3 prices state no currency')
  })

  it('is told from articles with little to say', async () => {
    const articles = [
      'TOTAL-90;;;10,00;1',
      'Total 5W30;;Aceite;10,00;1',
      'TOTAL 7;96385074;;10,00;1',
      'X9;;;;',
      'Z;;Zueco;1,00;1',
    ]
    expect(await listed(`${head}${articles.join('\n')}\n`)).toEqual([5, expect.not.stringContaining('printed list')])
    const spaced = 'REF 1;;Bota;10,50;1\nREF 2;;;;\nFamilia 2;;;;\nREF 3;;Botín;9,95;2\n'
    expect(await listed(`${head}${spaced}`)).toEqual([3, expect.stringContaining("record 3 ('Familia 2')")])
    const prices = 'Código;PVP;Stock\nTotal A;10,00;1\nTotal B;11,00;1\nTotal C;12,00;1\n'
    expect(await listed(prices)).toEqual([3, expect.not.stringContaining('printed list')])
  })
})

describe('a file that is', () => {
  it('a copy of another one says so', async () => {
    const text = 'sku,name,price\nA,Boot,10.00\n'
    project = new SmallProject({ 'pos.csv': text, 'web.csv': text, 'app.csv': `${text}B,Shoe,9.00\n` })
    const { stdout } = await project.audit({ files: ['pos.csv', 'web.csv', 'app.csv'] })
    const { channels } = JSON.parse(stdout) as { readonly channels: readonly ReportChannel[] }
    const said = channels.map(({ sources }) => sources[0]?.understood.assumptions.join().includes('byte for byte'))
    expect(said).toEqual([false, true, false])
    expect(channels[1]?.sources[0]?.understood.assumptions.join()).toContain('the file is pos.csv byte for byte')
  })

  it('a history of prices says that its ids repeat', async () => {
    const head = 'id,name,priceDate,price\n'
    expect(
      (await read(`${head}A,Milk,2026-11-01,1.10\nA,Milk,2026-10-01,1.00\nB,Tea,,2.00\n`)).assumptions.join(),
    ).toContain('3 records have 2 different ids and no other key')
    expect((await read(`${head}A,Milk,,1.10\nB,Tea,,2.00\n`)).assumptions.join()).not.toContain('different ids')
  })
})

describe('units', () => {
  it('of the box in which an article comes are not those that a price is for', async () => {
    const { columns, unused } = await read('Código;Nombre;PVP;Uds. caja\nA;Leche;1,10;6\n')
    expect(columns).not.toHaveProperty('pack_quantity')
    expect(unused).toEqual(['Uds. caja'])
  })

  it('of a pack are more than none', async () => {
    const { assumptions } = await read('sku,name,price,pack quantity\nA,Milk,1.10,0\nB,Tea,2.00,6\n')
    expect(assumptions.join()).toContain("1 cell of 'pack quantity' could not be read (e.g. '0')")
  })
})

describe('prices in several currencies', () => {
  const FILE = 'sku,name,price (USD),price (EUR)\nA,Boot,100,90\n'

  it('are read in that of the channel', async () => {
    const told = await read(
      FILE,
      'version: 1\nproject: P\ncurrency: USD\nchannels:\n  web: {kind: web, sources: [{platform: csv, path: web.csv}]}\n',
    )
    expect(told.columns['price.regular']).toBe('price (USD)')
    expect(told.unused).toEqual(['price (EUR)'])
    expect(told.assumptions.join()).not.toContain('prices stand in')
  })

  it('are not chosen in silence', async () => {
    const told = await read(FILE)
    expect(told.columns['price.regular']).toBe('price (EUR)')
    expect(told.unused).toEqual(['price (USD)'])
    expect(told.assumptions.join()).toContain('prices stand in EUR and USD: those in EUR were read')
  })
})

describe('a formula', () => {
  it.each([
    ['CASE WHEN FALSE THEN {a} ELSE {b} END', '{b}'],
    ['CASE WHEN TRUE THEN {a:money} WHEN {c} THEN {d} ELSE {b} END', 'TRUE {a:money}'],
    ['CASE WHEN NOT (FALSE OR TRUE) THEN {a} END', ''],
    ["CASE WHEN {a} IN ('x', 'y') AND FALSE THEN {b} WHEN {c} THEN 'it''s' END", "{c} 'it''s'"],
    ['CASE WHEN FALSE OR {a} IS NOT NULL THEN {b} END', 'FALSE OR {a} IS NOT NULL {b}'],
    ['coalesce(CASE WHEN FALSE THEN {a} END, {b})', 'coalesce ( , {b} )'],
    ['CASE {a} WHEN FALSE THEN {b} END', '{a} FALSE {b}'],
    ['CASE WHEN TRUE THEN CASE WHEN FALSE THEN {a} ELSE {b} END END', 'TRUE {b}'],
  ])('%s reaches %s', (sql, live) => {
    expect(liveSql(sql)).toBe(live)
  })
})

describe('a column that no record fills', () => {
  const file = (rows: number, price: (row: number) => string): string =>
    `sku,name,price,stock\n${Array.from({ length: rows }, (_, row) => `A${row},Boot ${row},${price(row)},3\n`).join('')}`

  async function missingPrices(text: string): Promise<{ found: number; unknown: number; told: string }> {
    project = new SmallProject({ 'web.csv': text })
    const { stdout } = await project.audit({ files: ['web.csv'] })
    const report = JSON.parse(stdout) as Pick<Report['head'], 'channels' | 'coverage'> & {
      findings: readonly Finding[]
    }
    const rule = 'price/missing-or-zero'
    return {
      found: report.findings.filter((finding) => finding.rule === rule).length,
      unknown: report.coverage.find((one) => one.rule === rule)?.unknown.no_input ?? 0,
      told: report.channels[0]?.sources[0]?.understood.assumptions.join(' ') ?? '',
    }
  }

  it('is nothing that the file says: its articles are unknown, and the report says why', async () => {
    const { found, unknown, told } = await missingPrices(file(25, () => ''))
    expect(found).toBe(0)
    expect(unknown).toBeGreaterThan(0)
    expect(told).toContain("none of the 25 records has anything under 'price'")
  })

  it('is missing where one record fills it, or where there are few', async () => {
    expect((await missingPrices(file(25, (row) => (row === 24 ? '10.00' : '')))).found).toBe(24)
    expect((await missingPrices(file(19, () => ''))).found).toBe(19)
  })
})
