/** The written files of the demo, cell by cell: what a fault of a whole channel changes. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoTruth } from '../src/ops/demo/truth.ts'

interface Layout {
  readonly path: string
  readonly delimiter: string
  /** Text between tabs is never quoted. */
  readonly quotes: boolean
  readonly encoding: 'utf8' | 'latin1'
  /** Lines above the header. */
  readonly above: number
}

const CSV = { delimiter: ';', quotes: true, encoding: 'utf8', above: 0 } as const

/** The store's files are Windows-1252: what stands there is kept byte by byte. */
export const FILES = {
  store: { ...CSV, path: 'tienda/articulos.csv', encoding: 'latin1', above: 1 },
  stock: { ...CSV, path: 'tienda/stock-por-tienda.csv', encoding: 'latin1' },
  storePromotions: { ...CSV, path: 'tienda/promociones.csv' },
  web: { ...CSV, path: 'web/wc-product-export.csv', delimiter: ',' },
  webPromotions: { ...CSV, path: 'web/promociones.csv' },
  amazon: { path: 'amazon/all-listings.txt', delimiter: '\t', quotes: false, encoding: 'utf8', above: 0 },
} as const satisfies Record<string, Layout>
export type DemoFile = keyof typeof FILES

/** A record by the names of its columns. */
export class Line {
  readonly #names: readonly string[]
  readonly cells: string[]

  constructor(names: readonly string[], cells: string[]) {
    this.#names = names
    this.cells = cells
  }

  get(name: string): string {
    return this.cells[this.#at(name)] ?? ''
  }

  set(name: string, value: string): void {
    this.cells[this.#at(name)] = value
  }

  #at(name: string): number {
    const at = this.#names.indexOf(name)
    if (at < 0) throw new Error(`no column ${name}`)
    return at
  }
}

export interface Sheet {
  readonly above: readonly string[]
  readonly names: readonly string[]
  /** Records, that of the total in the store's file included. */
  readonly lines: Line[]
}

export function readSheet(dir: string, file: DemoFile): Sheet {
  const layout: Layout = FILES[file]
  const text = readFileSync(join(dir, layout.path), layout.encoding)
  const records = layout.quotes
    ? parse(text, layout.delimiter)
    : text.split('\n').map((line) => line.split(layout.delimiter))
  const filled = records.filter((cells) => cells.some((cell) => cell !== ''))
  const names = filled[layout.above] ?? []
  return {
    above: filled.slice(0, layout.above).map((cells) => cells.join(layout.delimiter)),
    names: names.map((name) => name.replace(/^\ufeff/, '')),
    lines: filled.slice(layout.above + 1).map(
      (cells) =>
        new Line(
          names.map((name) => name.replace(/^\ufeff/, '')),
          cells,
        ),
    ),
  }
}

export function writeSheet(dir: string, file: DemoFile, { above, names, lines }: Sheet, path?: string): void {
  const { delimiter, quotes, encoding, path: own }: Layout = FILES[file]
  const special = new RegExp(`[${delimiter}"\r\n]`)
  const cell = (text: string): string => (quotes && special.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const rows = [names, ...lines.map(({ cells }) => cells)].map((cells) => cells.map(cell).join(delimiter))
  const end = file === 'store' || file === 'stock' ? '\r\n' : '\n'
  writeFileSync(join(dir, path ?? own), [...above, ...rows, ''].join(end), encoding)
}

function parse(text: string, delimiter: string): string[][] {
  const records: string[][] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? ''
    if (isQuoted) {
      if (sign !== '"') cell += sign
      else if (text[at + 1] === '"') cell += text[at++]
      else isQuoted = false
    } else if (sign === '"' && cell === '') isQuoted = true
    else if (sign === delimiter || sign === '\n') {
      cells.push(cell)
      cell = ''
      if (sign === '\n') records.push(cells)
      if (sign === '\n') cells = []
    } else if (sign !== '\r') cell += sign
  }
  return records
}

/** @param change - Returns false for a record that goes. */
export function edit(dir: string, file: DemoFile, change: (line: Line, index: number) => unknown): void {
  const sheet = readSheet(dir, file)
  writeSheet(dir, file, { ...sheet, lines: sheet.lines.filter((line, index) => change(line, index) !== false) })
}

export function editConfig(dir: string, change: (text: string) => string): void {
  const path = join(dir, 'omniparity.yaml')
  const before = readFileSync(path, 'utf8')
  const after = change(before)
  if (after === before) throw new Error('the configuration has no such place')
  writeFileSync(path, after)
}

/** Articles of the store by their code, as a spreadsheet formula keeps those with zeros in front. */
export function storeSku(line: Line): string {
  return line.get(STORE.sku).replace(/^="(.*)"$/, '$1')
}

export const STORE = {
  sku: 'Código',
  brand: 'Marca',
  family: 'Familia',
  price: 'PVP',
  label: 'PVP etiqueta',
  sale: 'Precio oferta',
  tax: 'IVA',
  units: 'Existencias',
  state: 'Estado',
  gtin: 'EAN',
  currency: 'Moneda',
  net: 'Contenido neto',
} as const

export const STOCK = { sku: 'Código', place: 'Almacén' } as const

/** The article that a listing of the marketplace sells, also in a pack or from the marketplace's own store. */
export function amazonSku(line: Line): string {
  return line.get('seller-sku').replace(/-(?:FBA|P\d+)$/, '')
}

/** Articles that single faults are about: what is planted stays away from them where it can choose. */
export function faultyItems(dir: string): ReadonlySet<string> {
  const { faults } = JSON.parse(readFileSync(join(dir, 'faults.json'), 'utf8')) as DemoTruth
  return new Set(faults.flatMap(({ items }) => items))
}
