/** The wizard on a real terminal, by keys, and what it writes; `doctor` over what can be wrong. */
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { missingTerminal, Terminal } from './terminal.ts'

const cli = fileURLToPath(new URL('../bin/omniparity.js', import.meta.url))
const skipped = missingTerminal()

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'omniparity-init-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function exportsOfTwo(): void {
  put(
    'tpv.csv',
    'Código;EAN;Descripción;PVP;Existencias\nA-1;8412345678905;Bota;59,90;3\nA-2;8400000000017;Zapato;39,90;1\n',
  )
  put(
    'products_export.csv',
    'Handle,Title,Variant SKU,Variant Barcode,Variant Price,Status\nbota,Bota,A-1,8412345678905,49.90,active\nzapato,Zapato,A-2,8400000000017,39.90,active\n',
  )
}

function run(...words: readonly string[]): {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
} {
  return spawnSync(process.execPath, [cli, ...words, '--locale', 'en'], { cwd: folder, encoding: 'utf8' })
}

const config = (): Record<string, unknown> =>
  parse(readFileSync(join(folder, 'omniparity.yaml'), 'utf8')) as Record<string, unknown>

describe('init --yes', () => {
  it('takes a list of sales for no catalogue, and a second copy of a file for none', () => {
    exportsOfTwo()
    put('products_export (1).csv', readFileSync(join(folder, 'products_export.csv'), 'utf8'))
    put(
      'ventas.csv',
      'Fecha;Ticket;Código;Unidades;Importe\n01/10/2026;T001;A-1;1;59,90\n01/10/2026;T002;A-2;2;79,80\n',
    )
    put('devueltas.csv', 'Tienda;Nº factura;Código;Cantidad\nCentro;F1;A-1;1\n')
    const { status, stdout } = run('init', '--yes')
    expect(status).toBe(0)
    expect(stdout).toMatch(/3 of 5 files are understood/)
    expect(stdout).toMatch(/products_export \(1\)\.csv: left out, because it is products_export\.csv byte for byte/)
    expect(stdout).toMatch(/ventas\.csv: not understood/)
    expect(config()['channels']).toEqual({
      shopify: expect.objectContaining({ sources: [{ platform: 'shopify', path: 'products_export.csv' }] }),
      tpv: expect.objectContaining({ sources: [{ platform: 'csv', path: 'tpv.csv' }] }),
    })
    expect(readFileSync(join(folder, 'omniparity.yaml'), 'utf8')).toContain('# products_export (1).csv: left out')
  })

  it('writes what it understood, leaves open what it cannot know, and audits', () => {
    exportsOfTwo()
    put('notes.csv', 'when,what\n2026-11-01,called\n')
    const { status, stdout } = run('init', '--yes')
    expect(status).toBe(0)
    expect(stdout).toMatch(/2 of 3 files are understood/)
    expect(stdout).toMatch(/products_export\.csv: shopify products, 2 records → shopify/)
    expect(stdout).toMatch(/A-1 .*different prices/)
    const text = readFileSync(join(folder, 'omniparity.yaml'), 'utf8')
    expect(text).toMatch(/# market: ES +# \? the country/)
    expect(text).toMatch(/# includes_tax: true +# \? whether prices include tax/)
    expect(text).toMatch(/# - notes\.csv/)
    expect(config()).toMatchObject({
      version: 1,
      locale: 'en',
      channels: {
        tpv: { kind: 'store', sources: [{ platform: 'csv', path: 'tpv.csv' }] },
        shopify: { kind: 'web', sources: [{ platform: 'shopify', path: 'products_export.csv' }] },
      },
    })
    expect(config()).not.toHaveProperty('authority')
    expect(run('audit', '--fail-on', 'never', '--quiet').status).toBe(0)
  })

  it('makes a channel of each folder, and leaves alone what compares nothing', () => {
    put('store/a.csv', 'sku,title,price\nA,Boot,1.00\n')
    put('store/b.csv', 'sku,title,price\nB,Shoe,1.00\n')
    put('amazon/list.csv', 'sku,title,price\nA,Boot,2.00\n')
    put('shops/list.csv', 'sku,title\n1,Madrid\n')
    expect(run('init', '--yes').status).toBe(0)
    expect(config()).toMatchObject({
      channels: {
        amazon: { kind: 'marketplace' },
        store: { kind: 'store', sources: [{ platform: 'csv', path: ['store/a.csv', 'store/b.csv'] }] },
      },
    })
    expect(Object.keys(config()['channels'] as object)).toEqual(['amazon', 'store'])
    expect(readFileSync(join(folder, 'omniparity.yaml'), 'utf8')).toMatch(
      /#\s+- \{platform: csv, path: shops\/list\.csv\}/,
    )
  })

  it('makes a channel of a list of prices, and joins stock to the only channel there is', () => {
    put('products_export.csv', 'Handle,Title,Variant SKU,Variant Price,Status\nbota,Bota,A-1,49.90,active\n')
    put('stock.csv', 'sku,location,stock\nA-1,T01,3\n')
    expect(run('init', '--yes').status).toBe(0)
    expect(config()).toMatchObject({
      channels: { shopify: { sources: [{ platform: 'shopify' }, { path: 'stock.csv' }] } },
    })
    put('codes.csv', 'SKU,Title\nA-1,Bota\n')
    expect(run('init', '--yes', '--force').status).toBe(0)
    expect(readFileSync(join(folder, 'omniparity.yaml'), 'utf8')).toMatch(/#\s+- \{platform: csv, path: codes\.csv\}/)
    put('wholesale.csv', 'Name,Item Number,Price\nBota,A-1,24.90\n')
    expect(run('init', '--yes', '--force').status).toBe(0)
    expect(Object.keys(config()['channels'] as object).sort()).toEqual(['shopify', 'wholesale'])
    expect(readFileSync(join(folder, 'omniparity.yaml'), 'utf8')).toMatch(/#\s+- \{platform: csv, path: stock\.csv\}/)
  })

  it('takes no web shop for a store by its name, and no currency of some files for that of all', () => {
    put('tiendanube.csv', 'Identificador de URL;Nombre;Precio;SKU;Mostrar en tienda\nbota;Bota;49.90;A-1;SI\n')
    put('tienda-online.csv', 'sku,title,price\nA-1,Bota,$49.90 USD\n')
    put('tienda centro.csv', 'sku,title,price\nA-1,Bota,49.90 USD\n')
    expect(run('init', '--yes').status).toBe(0)
    expect(config()).toMatchObject({
      channels: { tiendanube: { kind: 'web' }, 'tienda-online': { kind: 'web' }, 'tienda-centro': { kind: 'store' } },
    })
    expect(config()).not.toHaveProperty('currency')
    expect(readFileSync(join(folder, 'omniparity.yaml'), 'utf8')).toMatch(/# currency: USD +# \? .*others say none/)
  })

  it('writes names that are no plain words as what they are', () => {
    put('a: b #1 [x].csv', 'sku,title,price\nA,Boot,1.00\n')
    put('true.csv', 'sku,title,price\nA,Boot,2.00\n')
    expect(run('init', '--yes').status).toBe(0)
    const { channels } = config() as { channels: Record<string, { sources: { path: string }[] }> }
    expect(Object.keys(channels)).toEqual(['a-b-1-x', 'true'])
    expect(channels['a-b-1-x']?.sources[0]?.path).toBe('a: b #1 [x].csv')
  })

  it.each([
    ['an empty folder', (): void => {}, /no exports/],
    ['a folder without articles', (): void => put('x.csv', 'when,what\n1,2\n'), /none of 1 files/],
    ['a configuration that is there', (): void => put('omniparity.yaml', 'version: 1\n'), /is there already/],
  ])('refuses %s and writes nothing', (_, prepare, message) => {
    prepare()
    const before = existsSync(join(folder, 'omniparity.yaml'))
    const { status, stderr } = run('init', '--yes')
    expect(status).toBe(2)
    expect(stderr).toMatch(message)
    expect(existsSync(join(folder, 'omniparity.yaml'))).toBe(before)
  })

  it('writes over a configuration only when told to', () => {
    exportsOfTwo()
    put('omniparity.yaml', 'version: 1\n')
    expect(run('init', '--yes', '--force').status).toBe(0)
    expect(config()).toHaveProperty('channels')
  })

  it('says what a folder was read as that has nothing to compare, and why a file was not read', () => {
    put('names.csv', 'sku,name,category\nA-1,Boot,Shoes\nA-2,Shoe,Shoes\n')
    const read = run('init', '--yes')
    expect(read.status).toBe(2)
    expect(read.stderr).toContain(
      "error[init/nothing-told]: none of 1 files is a list of articles with a price, a stock figure, a state or a GTIN; 'names.csv' was read as csv, products",
    )
    put('names.csv', 'when,what\n2026-11-01,called\n')
    expect(run('init', '--yes').stderr).toMatch(/error\[init\/nothing-understood\]: none of 1 files .*'names\.csv': \w/)
    expect(existsSync(join(folder, 'omniparity.yaml'))).toBe(false)
  })

  it('needs a terminal to ask', () => {
    exportsOfTwo()
    const { status, stderr } = run('init')
    expect(status).toBe(2)
    expect(stderr).toMatch(/--yes/)
  })
})

describe.skipIf(skipped !== null)(`the wizard${skipped === null ? '' : ` (${skipped})`}`, () => {
  let terminal: Terminal | null = null
  afterEach(() => terminal?.close())

  it('shows what it found, asks what it cannot know, writes and audits', async () => {
    exportsOfTwo()
    terminal = new Terminal(`${process.execPath} ${cli} init --locale es`, folder, 100, 40)
    const screen = terminal
    expect(await screen.see(/Se han encontrado/)).toMatch(/tpv\.csv .*→ tpv/)
    await screen.press('Enter')
    expect(await screen.see(/Los primeros registros de/)).toMatch(/8412345678905/)
    await screen.press('Right', 'Enter')
    await screen.see(/Cómo se llama el proyecto/)
    await screen.press('X', 'Enter')
    await screen.see(/En qué país/)
    await screen.press('spain', 'Enter')
    await screen.see(/dos letras: ES/)
    for (let at = 0; at < 5; at++) await screen.press('BSpace')
    await screen.press('es', 'Enter')
    await screen.see(/En qué moneda/)
    await screen.press('eur', 'Enter')
    await screen.see(/huso horario/)
    await screen.press('Enter')
    const kind = await screen.see(/¿Qué es (shopify|tpv)\?/)
    const first = /¿Qué es (\w+)\?/.exec(kind)?.[1]
    await screen.press('Enter')
    await screen.see(/IVA incluido/)
    await screen.press('Up', 'Up', 'Enter')
    await screen.see(/¿Qué es/)
    await screen.press('Enter')
    await screen.see(/IVA incluido/)
    await screen.press('Escape')
    await screen.see(/¿Qué es/)
    await screen.press('Enter', 'Enter')
    await screen.see(/manda en los artículos/)
    await screen.press('Down', 'Enter')
    await screen.see(/manda en los precios/)
    await screen.press('Down', 'Enter')
    await screen.see(/manda en las existencias/)
    await screen.press('Enter')
    await screen.see(/manda en las promociones/)
    await screen.press('Enter')
    await screen.see(/Escribir omniparity\.yaml y auditar/)
    await screen.press('Enter')
    await screen.see(/STATUS=0/)
    expect(config()).toMatchObject({
      market: 'ES',
      currency: 'EUR',
      authority: { catalog: expect.any(String), price: expect.any(String) },
    })
    expect(config()).not.toHaveProperty('authority.stock')
    expect(config()['channels']).toHaveProperty([first ?? '', 'includes_tax'], true)
  })

  it('leaves without writing', async () => {
    exportsOfTwo()
    terminal = new Terminal(`${process.execPath} ${cli} init --locale en`, folder)
    await terminal.see(/These files were found/)
    await terminal.press('C-c')
    await terminal.see(/Nothing was written/)
    await terminal.see(/STATUS=130/)
    expect(existsSync(join(folder, 'omniparity.yaml'))).toBe(false)
  })
})

describe('doctor', () => {
  it('finds everything in order after init', () => {
    exportsOfTwo()
    run('init', '--yes')
    const { status, stdout } = run('doctor')
    expect(stdout).toMatch(/Everything is in order/)
    expect(stdout).toMatch(/ok +tpv: tpv\.csv: 1 file/)
    expect(status).toBe(0)
  })

  it('says what is wrong with each source and goes on', () => {
    exportsOfTwo()
    run('init', '--yes')
    const text = readFileSync(join(folder, 'omniparity.yaml'), 'utf8')
    const database =
      '  erp:\n    kind: erp\n    sources: [{platform: sql, url: {env: NO_SUCH_URL}, query: {listing: "select 1 as sku"}}]\n'
    writeFileSync(join(folder, 'omniparity.yaml'), text.replace('channels:\n', `channels:\n${database}`))
    rmSync(join(folder, 'tpv.csv'))
    const { status, stdout } = run('doctor', '--format', 'json')
    expect(status).toBeGreaterThan(1)
    const { checks } = JSON.parse(stdout) as { checks: { what: string; state: string; detail: string }[] }
    const states = Object.fromEntries(checks.map(({ what, state }) => [what, state]))
    expect(states).toMatchObject({
      'erp: database': 'failed',
      'tpv: tpv.csv': 'failed',
      'shopify: products_export.csv': 'ok',
    })
    expect(checks.find(({ what }) => what === 'erp: database')?.detail).toMatch(/NO_SUCH_URL/)
  })

  it('says that there is no configuration, and what is wrong with one', () => {
    expect(run('doctor')).toMatchObject({ status: 2, stdout: expect.stringMatching(/omniparity init/) })
    put('omniparity.yaml', 'version: 1\nchanels: {}\n')
    expect(run('doctor')).toMatchObject({ status: 2, stdout: expect.stringMatching(/chanels/) })
  })

  it('notices a state folder that cannot be written', () => {
    exportsOfTwo()
    run('init', '--yes')
    const state = join(folder, 'state')
    mkdirSync(state)
    chmodSync(state, 0o500)
    // Root may write everywhere; a file in the folder's place stops anybody.
    writeFileSync(join(folder, 'file'), '')
    expect(run('doctor', '--state', 'file/state').stdout).toMatch(/bad +state folder file\/state/)
    chmodSync(state, 0o700)
  })
})

describe('help', () => {
  it('tells of both', () => {
    const help = execFileSync(process.execPath, [cli, '--help', '--locale', 'en'], { encoding: 'utf8' })
    expect(help).toMatch(/init \[options\] \[dir\]/)
    expect(help).toMatch(/doctor/)
  })
})
