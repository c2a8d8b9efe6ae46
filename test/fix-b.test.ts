/**
 * Files that correct Amazon, Google, Meta, Tiendanube, Square, Lightspeed, Loyverse and Odoo: imported by simulators that
 * know the platforms' documentation and nothing of the writers, they change the planned cells and no others.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FixChange } from '../src/platforms/fix.ts'
import type { ChangeableField, FixCase } from './fix-cases/drawing.ts'
import { CASES } from './fix-cases.ts'
import { encode, FixSource, type RowChange, type WrittenFix, writeTable } from './fix-harness.ts'
import { compareTables, type Table } from './import/cells.ts'

const RUNS = 25

/** Draws of changes: for each row and field, whether it changes and to what. */
type Draw = readonly (readonly [row: number, field: number, value: string | null])[]

function draws(fields: readonly ChangeableField[]): fc.Arbitrary<Draw> {
  const one = fc.nat({ max: fields.length - 1 }).chain((field) => {
    const values = fields[field]?.values ?? fc.constant(null)
    return fc.tuple(fc.nat({ max: 12 }), fc.constant(field), values)
  })
  return fc.array(one, { minLength: 1, maxLength: 10 })
}

/** What a plan would say: no field of a row twice, and no change to what is there. */
function changesOf(
  { fields }: FixCase,
  table: Table,
  draw: Draw,
): readonly (RowChange & { readonly header: string })[] {
  const seen = new Set<string>()
  return draw.flatMap(([at, index, after]) => {
    const row = at % table.rows.length
    const field = fields[index]
    const position = table.header.indexOf(field?.header ?? '')
    if (field === undefined || position < 0 || seen.has(`${row} ${index}`)) return []
    seen.add(`${row} ${index}`)
    const before = field.read(table.rows[row]?.[position] ?? '')
    if (before === after) return []
    const price = field.field.startsWith('price.')
    const change: FixChange = {
      action: 'update',
      entity: field.field.startsWith('stock.') ? 'stock' : price ? 'price' : 'listing',
      field: field.field,
      before,
      after,
      unit: price ? 'EUR' : null,
      location: field.location ?? null,
    }
    return [{ row, change, header: field.header }]
  })
}

type Side = 'fix' | 'undo'

function importAll(one: FixCase, before: Table, files: readonly WrittenFix[], source: Table, side: Side): Table {
  return files.reduce((table, file) => one.import(file.format.name, table, file[side], source), before)
}

type Planned = RowChange & { readonly header: string }

function cellOf(table: Table, row: number, header: string): string {
  return table.rows[row]?.[table.header.indexOf(header)] ?? ''
}

/** What the fields of a cell say; several may share it. */
function meaning(one: FixCase, row: number, header: string, cell: string): readonly unknown[] {
  const fields = one.fields.filter((field) => field.header === header)
  return [row, header, ...(fields.length === 0 ? [cell] : fields.map((field) => [field.field, field.read(cell)]))]
}

function expectPlanned(one: FixCase, before: Table, after: Table, planned: readonly Planned[]): void {
  const touched = new Map(planned.map((change) => [`${change.row} ${change.header}`, change]))
  const elsewhere = compareTables(before, after).filter(({ row, header }) => !touched.has(`${row} ${header}`))
  expect(elsewhere).toEqual([])
  for (const { row, header } of touched.values()) {
    const wanted = planned.filter((change) => change.row === row && change.header === header)
    const expected = meaning(one, row, header, cellOf(before, row, header)).map((part) => {
      const change = Array.isArray(part) ? wanted.find(({ change }) => change.field === part[0])?.change : undefined
      return change === undefined ? part : [change.field, change.after]
    })
    expect(meaning(one, row, header, cellOf(after, row, header))).toEqual(expected)
  }
}

function expectSameMeaning(one: FixCase, source: Table, restored: Table): void {
  for (const { row, header, from, to } of compareTables(source, restored)) {
    expect(meaning(one, row, header, to)).toEqual(meaning(one, row, header, from))
  }
}

const carriedOf: Record<string, number> = {}

describe.each(CASES)('$name', (one) => {
  const { platform, kind, dialect } = one

  async function loop(table: Table, draw: Draw): Promise<void> {
    const bytes = encode(writeTable([table.header, ...table.rows], dialect), dialect.encoding)
    const source = await FixSource.open(platform, kind, bytes, dialect, { market: 'ES' })
    const planned = changesOf(one, source.table, draw)
    const { files, carried } = await source.fix(planned)
    carriedOf[one.name] = (carriedOf[one.name] ?? 0) + carried.length
    const brought = planned.filter(({ row, change }) =>
      carried.some((other) => other.row === row && other.change === change),
    )
    for (const { formulas } of files) expect(formulas).toEqual([])
    for (const also of [false, true]) {
      const own = files.filter(({ format }) => (format.also === true) === also)
      if (own.length === 0) continue
      const after = importAll(one, source.table, own, source.table, 'fix')
      expectPlanned(one, source.table, after, brought)
      expectSameMeaning(one, source.table, importAll(one, after, own, source.table, 'undo'))
    }
  }

  test('changes what is planned and nothing else, and is undone', async () => {
    await fc.assert(fc.asyncProperty(one.table, draws(one.fields), loop), { numRuns: RUNS })
    expect(carriedOf[one.name]).toBeGreaterThan(0)
  })
})
