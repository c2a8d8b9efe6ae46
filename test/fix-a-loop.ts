/** A shop, changes to it, the files that bring them, and what is left of the shop when they were imported and taken back. */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { FieldName } from '../src/model/field.ts'
import type { Meaning, ShopCase } from './fix-a-shops.ts'
import { type Fixes, FixSource, type RowChange, writeTable } from './fix-harness.ts'
import { readTable, type Table } from './import/cells.ts'

export type Wish = Readonly<{ row: number; field: FieldName; value: string | null }>

export function wishes({ values }: ShopCase): fc.Arbitrary<readonly Wish[]> {
  const one = Object.entries(values).flatMap(([field, value]) =>
    value === undefined ? [] : [fc.record({ row: fc.nat(20), field: fc.constant(field as FieldName), value })],
  )
  return fc.array(fc.oneof(...one), { minLength: 1, maxLength: 12 })
}

const READINGS = new WeakMap<Table, readonly Meaning[]>()

/** What the rows mean; a table is of one shop and does not change. */
function read(shop: ShopCase, table: Table): readonly Meaning[] {
  const known = READINGS.get(table)
  if (known !== undefined) return known
  const meanings = shop.read(table)
  READINGS.set(table, meanings)
  return meanings
}

/** Rows of the same product, where a field is the product's. */
function rowsOf(shop: ShopCase, table: Table, row: number, field: FieldName): readonly number[] {
  if (shop.product?.fields.includes(field) !== true) return [row]
  const column = table.header.findIndex((name) => shop.product?.by.test(name))
  let current = ''
  const keys = table.rows.map((cells) => (current = cells[column] || current))
  const meanings = read(shop, table)
  return keys.flatMap((key, other) => (key === keys[row] && meanings[other] !== null ? [other] : []))
}

/** What is wished for as changes: one for a cell, none that changes nothing. */
export function changesOf(shop: ShopCase, table: Table, list: readonly Wish[]): readonly RowChange[] {
  const meanings = read(shop, table)
  const seen = new Set<string>()
  return list.flatMap(({ row, field, value }) =>
    rowsOf(shop, table, row % table.rows.length, field).flatMap((target): readonly RowChange[] => {
      const meaning = meanings[target]
      const before = meaning?.[field]
      if (meaning === null || before === undefined || before === value || seen.has(`${target} ${field}`)) return []
      seen.add(`${target} ${field}`)
      const entity = field.startsWith('price.') ? 'price' : field.startsWith('stock.') ? 'stock' : 'listing'
      const unit = entity === 'price' ? 'EUR' : null
      return [{ row: target, change: { action: 'update', entity, field, before, after: value, unit, location: null } }]
    }),
  )
}

export function importAll(shop: ShopCase, table: Table, fixes: Fixes, side: 'fix' | 'undo'): Table {
  const delimiterOf = (delimiter: string): string => (delimiter === 'source' ? shop.dialect.delimiter : delimiter)
  return fixes.files.reduce((state, file) => {
    if (file.format.shape !== 'table') throw new Error('no table')
    return shop.import(
      file.format.name,
      state,
      readTable(file[side], { delimiter: delimiterOf(file.format.delimiter) }),
    )
  }, table)
}

/** Every cell that differs belongs to a change that was carried. */
function expectOnlyPlanned(shop: ShopCase, before: Table, after: Table, carried: readonly RowChange[]): void {
  expect(after.header).toEqual(before.header)
  expect(after.rows.length).toBe(before.rows.length)
  const allowed = new Set<string>()
  for (const { row, change } of carried) {
    for (const other of productRows(shop, before, row, change.field)) {
      for (const name of before.header) if (shop.touches[change.field]?.test(name)) allowed.add(`${other} ${name}`)
    }
  }
  for (const [row, cells] of after.rows.entries()) {
    for (const [position, cell] of cells.entries()) {
      const name = after.header[position] ?? ''
      if (!allowed.has(`${row} ${name}`)) expect(cell, `${name} of row ${row}`).toBe(before.rows[row]?.[position])
    }
  }
}

function productRows(shop: ShopCase, table: Table, row: number, field: FieldName): readonly number[] {
  return shop.product?.fields.includes(field) === true ? rowsOf(shop, table, row, field) : [row]
}

/** Every row means what it meant, but for the changes and what the platform moves along with them. */
function expectMeaning(shop: ShopCase, before: Table, after: Table, carried: readonly RowChange[]): void {
  const now = read(shop, after)
  for (const [row, was] of read(shop, before).entries()) {
    const mine = carried.filter((one) => one.row === row).map(({ change }) => change)
    const follows = new Set(mine.flatMap(({ field }) => shop.follows?.[field] ?? []))
    for (const { field } of mine) follows.delete(field)
    const is = now[row]
    if (was === null || was === undefined || is === null || is === undefined) {
      expect(is).toEqual(was)
      continue
    }
    for (const [name, value] of Object.entries(was)) {
      const field = name as FieldName
      if (follows.has(field)) continue
      const change = mine.find((one) => one.field === field)
      expect(is[field], `${field} of row ${row}`).toBe(change === undefined ? value : change.after)
    }
  }
}

export async function open(shop: ShopCase, table: Table): Promise<FixSource> {
  const text = writeTable([table.header, ...table.rows], shop.dialect)
  return FixSource.open(shop.platform, shop.kind, new TextEncoder().encode(text), shop.dialect, shop.context)
}

export async function expectLoop(shop: ShopCase, table: Table, changes: readonly RowChange[]): Promise<Fixes> {
  const source = await open(shop, table)
  expect(source.table.rows).toEqual(table.rows)
  const fixes = await source.fix(changes)
  expect(fixes.files.flatMap(({ formulas }) => formulas)).toEqual([])
  const after = importAll(shop, table, fixes, 'fix')
  expectOnlyPlanned(shop, table, after, fixes.carried)
  expectMeaning(shop, table, after, fixes.carried)
  const back = importAll(shop, after, fixes, 'undo')
  expectOnlyPlanned(shop, table, back, fixes.carried)
  expectMeaning(shop, table, back, [])
  return fixes
}
