/** Whatever texts a table of one's own holds: importing the corrections changes the planned cells, and taking them back restores every cell. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encoderOf } from '../../src/plan/encode.ts'
import { carried, type Directions } from '../../src/plan/fix-group.ts'
import { PairOfFiles } from '../../src/plan/fix-pair.ts'
import type { RecordWithChanges } from '../../src/plan/fix-records.ts'
import { fixes } from '../../src/platforms/csv/fix.ts'
import type { FixContext, SourceRecord } from '../../src/platforms/fix.ts'
import { csvText, importCsv } from '../import/csv.ts'

const HEADER = ['Código', 'Nota', 'PVP', 'Existencias', 'Otra nota']

interface Form {
  readonly delimiter: string
  readonly encoding: 'utf-8' | 'windows-1252'
  readonly decimal: '.' | ','
  readonly suffix: string
}

const form: fc.Arbitrary<Form> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  encoding: fc.constantFrom('utf-8', 'windows-1252'),
  decimal: fc.constantFrom('.', ','),
  suffix: fc.constantFrom('', ' €'),
})

const hostile = fc.oneof(
  fc.constantFrom(
    '=1+1',
    '+34 600',
    '-5',
    '@SUM(A1)',
    '\tx',
    '"',
    '""',
    'a"b',
    "O'Neil",
    'zwei\nZeilen',
    'a\r\nb',
    ' leer ',
    '',
    '<script>',
    '€',
    'ñ;,|',
  ),
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[\p{C}]/gu, '')),
)

const amount = fc.integer({ min: 1, max: 9_999_999 })

const row = fc.record({ note: hostile, other: hostile, price: amount, stock: fc.integer({ min: 0, max: 999 }) })

function money(cents: number, mark: string): string {
  return `${Math.floor(cents / 100)}${mark}${String(cents % 100).padStart(2, '0')}`
}

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'omniparity-csv-fixes-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

function contexts({ encoding, delimiter, decimal }: Form): Directions {
  const shared: Omit<FixContext, 'direction'> = {
    understood: {
      encoding,
      delimiter,
      decimal,
      columns: { sku: 'Código', 'price.regular': 'PVP', 'stock.available': 'Existencias' },
      mapped_by: {},
      unused: [],
      assumptions: [],
    },
    words: () => [],
    currency: 'EUR',
    market: 'ES',
    timezone: 'Europe/Madrid',
    includesTax: true,
    asOf: '2026-11-22T08:00:00Z',
  }
  return { fix: { ...shared, direction: 'fix' }, undo: { ...shared, direction: 'undo' } }
}

function recordOf(cells: readonly string[]): SourceRecord {
  return {
    kind: 'products',
    header: HEADER,
    // An empty cell of a file is read as none.
    cells: cells.map((cell) => (cell === '' ? null : cell)),
    cell: () => undefined,
    headerOf: () => undefined,
  }
}

let count = 0

describe('corrections of a table of one’s own', () => {
  it('change what they say, and nothing else', { timeout: 60_000 }, async () => {
    const [format] = fixes
    if (format === undefined) throw new Error('there is no format')
    await fc.assert(
      fc.asyncProperty(
        form,
        fc.array(fc.tuple(row, fc.option(amount, { nil: null })), { minLength: 1, maxLength: 8 }),
        async (shape, drawn) => {
          const encoder = encoderOf(shape.encoding)
          if (encoder === null) throw new Error(shape.encoding)
          const holds = (text: string): boolean => encoder.encode(text) !== null
          const rows = drawn.map(([{ note, other, price, stock }], index) => [
            `S${index}`,
            holds(note) ? note : '',
            `${money(price, shape.decimal)}${shape.suffix}`,
            String(stock),
            holds(other) ? other : '',
          ])
          const records = rows.map((cells, index): RecordWithChanges => {
            const [before, after] = [drawn[index]?.[0].price ?? 0, drawn[index]?.[1] ?? null]
            const change = {
              ...({ action: 'update', entity: 'price', field: 'price.regular', unit: 'EUR', location: null } as const),
              before: money(before, '.'),
              after: money(after ?? 0, '.'),
            }
            return { record: recordOf(cells), changes: after === null ? [] : [{ n: index, needs: [], change }] }
          })
          const directions = contexts(shape)
          const paths = { fix: join(dir, `${++count}.fix`), undo: join(dir, `${count}.undo`) }
          const first = records[0]
          if (first === undefined) throw new Error('no records')
          const seen = { fields: new Set(['price.regular' as const]), locations: new Set<string>() }
          const pair = await PairOfFiles.create(format, paths, directions, first.record, seen)
          for (const record of records.filter(({ changes }) => changes.length > 0)) {
            const { records: kept, refused } = carried([record], format, directions)
            expect(refused).toEqual([])
            expect(await pair.add(kept)).toBeNull()
          }
          await pair.finish()
          const bytes = encoder.encode(csvText({ header: HEADER, rows }, shape.delimiter))
          if (bytes === null) throw new Error('not in the encoding')
          const into = { delimiter: shape.delimiter, encoding: shape.encoding, key: 'Código' }
          const expected = rows.map((cells, index) => {
            const after = drawn[index]?.[1] ?? null
            const changed = after === null ? cells[2] : `${money(after, shape.decimal)}${shape.suffix}`
            return cells.map((cell, position) => (position === 2 ? (changed ?? '') : cell))
          })
          const imported = importCsv(bytes, await readFile(paths.fix), into)
          expect(imported.rows).toEqual(expected)
          const again = encoder.encode(csvText(imported, shape.delimiter))
          if (again === null) throw new Error('not in the encoding')
          expect(importCsv(again, await readFile(paths.undo), into).rows).toEqual(rows)
        },
      ),
      { numRuns: 150 },
    )
  })
})
