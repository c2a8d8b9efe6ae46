/** A project of one shop and of the company that is right, put through audit, plan, simulated import and audit again. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { CHANGE_NEEDS, type Change } from '../src/model/plan.ts'
import { runPlan } from '../src/ops/plan.ts'
import { CSV, openTable, type ShopCase } from './fix-a-shops.ts'
import { writeTable } from './fix-harness.ts'
import { compareTables, readTable, type Table } from './import/cells.ts'
import { heard, SmallProject } from './small-project.ts'

export interface Shop {
  readonly name: string
  readonly platform: string
  readonly includesTax: boolean
  readonly files: readonly (readonly [path: string, table: Table, kind: ShopCase])[]
}

export interface PlanJson {
  readonly changes: readonly Pick<Change, 'field' | 'because' | 'origin'>[]
  readonly unresolved: readonly { readonly finding: string; readonly code: string; readonly reason: string }[]
}

/** Columns of the company's own file that the project reads. */
const OWN: Readonly<Record<string, string>> = {
  Código: 'sku',
  EAN: 'gtin',
  Descripción: 'title',
  PVP: 'price.regular',
  Oferta: 'price.sale',
  Existencias: 'stock.available',
  Estado: 'status',
}

function configFor({ platform, includesTax, files }: Shop, own: Table): string {
  const sources = files.map(
    ([path]) => `      - {platform: ${platform}, path: ${path}, data_as_of: 2026-11-22T07:50:00Z}`,
  )
  const map = own.header.map((name) =>
    OWN[name] === 'status'
      ? `          status: {column: ${name}, vocabulary: {Activo: active}}`
      : `          ${OWN[name]}: ${name}`,
  )
  return `version: 1
project: Rueda
locale: en
market: ES
currency: EUR
timezone: Europe/Madrid
extends: [recommended]
channels:
  erp:
    kind: erp
    includes_tax: ${includesTax}
    stock_pool: shared
    sources:
      - platform: csv
        path: erp.csv
        data_as_of: 2026-11-22T07:50:00Z
        map:
${map.join('\n')}
  shop:
    kind: web
    includes_tax: ${includesTax}
    stock_pool: shared
    price_policy: same
    assortment: ${own.header.includes('Estado') ? 'full' : 'open'}
    sources:
${sources.join('\n')}
authority: {catalog: erp, price: erp, stock: erp}
locations: {Centro: {pool: shared, kind: store}}
`
}

function textOf(table: Table, { dialect }: ShopCase): string {
  return writeTable([table.header, ...table.rows], dialect)
}

class ShopProject {
  readonly #shop: Shop
  readonly #project: SmallProject

  constructor(shop: Shop, own: Table) {
    this.#shop = shop
    this.#project = new SmallProject({
      'omniparity.yaml': configFor(shop, own),
      'erp.csv': writeTable([own.header, ...own.rows], CSV),
      ...Object.fromEntries(shop.files.map(([path, table, kind]) => [path, textOf(table, kind)])),
    })
  }

  table(path: string, { dialect }: ShopCase): Table {
    return openTable(this.#project.read(path), dialect.delimiter)
  }

  /** Ids of all findings, in the order of the report. */
  async audit(): Promise<readonly string[]> {
    const { stdout } = await this.#project.audit()
    return (JSON.parse(stdout) as { findings: { id: string }[] }).findings.map(({ id }) => id)
  }

  async plan(): Promise<PlanJson> {
    const request = {
      audit: this.#project.request({ formats: [] }),
      selection: { rules: [], channels: [], items: [], causes: [] },
      output: 'plan',
      allowed: CHANGE_NEEDS,
      maxSum: null,
      expiresMs: null,
      review: null,
    }
    await heard((io) => runPlan(request, io))
    return JSON.parse(this.#project.read('plan/plan.json')) as PlanJson
  }

  /** Puts the files of one side of the plan through the importers that they are for. */
  importSide(side: 'fix' | 'undo'): void {
    const folder = join(this.#project.dir, 'plan', side, 'shop')
    for (const file of readdirSync(folder).sort()) {
      // A shop has one file of products; only stock by location has another.
      const target = this.#shop.files.find(([path]) => path === file) ?? this.#shop.files[0]
      if (target === undefined) throw new Error(`nothing imports ${file}`)
      const [path, , kind] = target
      const brought = readTable(readFileSync(join(folder, file)), { delimiter: kind.dialect.delimiter })
      this.#project.write(path, textOf(kind.import(file.replace(/\.csv$/, ''), this.table(path, kind), brought), kind))
    }
  }

  remove(): void {
    this.#project.remove()
  }
}

/** Every cell that differs stands in a record that the plan names, in a column of its field. */
function expectOnlyPlanned(project: ShopProject, shop: Shop, { changes }: PlanJson): void {
  for (const [path, table, kind] of shop.files) {
    for (const { row, header } of compareTables(table, project.table(path, kind))) {
      const mine = changes.filter(({ origin }) => origin?.path === path && origin.row === row + 1)
      const isPlanned = mine.some(({ field }) => kind.touches[field]?.test(header))
      expect(isPlanned, `${header} of record ${row + 1} in ${path}`).toBe(true)
    }
  }
}

/** What was planned is gone after the import, nothing else came, and the undo file brings back what every row meant. */
export async function expectWholeLoop(shop: Shop, own: Table): Promise<PlanJson> {
  const project = new ShopProject(shop, own)
  try {
    const before = await project.audit()
    const planned = await project.plan()
    const ended = new Set(planned.changes.flatMap(({ because }) => because))
    expect(ended.size).toBeGreaterThan(0)
    project.importSide('fix')
    expectOnlyPlanned(project, shop, planned)
    const after = await project.audit()
    expect(after.filter((id) => ended.has(id) || !before.includes(id))).toEqual([])
    project.importSide('undo')
    for (const [path, table, kind] of shop.files) {
      expect(kind.read(project.table(path, kind))).toEqual(kind.read(table))
    }
    return planned
  } finally {
    project.remove()
  }
}
