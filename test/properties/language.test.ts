/** Properties of the language of rules: what is printed is what was read, and SQL says what logic says. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts'
import { openDuckDB } from '../../src/engine/duckdb.ts'
import { type Engine, ident, literal } from '../../src/engine/engine.ts'
import type { Node } from '../../src/rules/expression/ast.ts'
import { compileExpression } from '../../src/rules/expression/compile.ts'
import { parseExpression } from '../../src/rules/expression/parse.ts'
import { printExpression } from '../../src/rules/expression/print.ts'
import type { Scope, SqlType } from '../../src/rules/expression/scope.ts'
import { evaluate, Overflow, type Row, type Value } from './evaluator.ts'
import { conditions, decimals, trees } from './expressions.ts'

const COLUMNS: Readonly<Record<string, readonly [SqlType, string]>> = {
  sku: ['text', 'VARCHAR'],
  title: ['text', 'VARCHAR'],
  'price.regular': ['decimal', 'DECIMAL(18,6)'],
  'price.sale': ['decimal', 'DECIMAL(18,6)'],
  buyable: ['boolean', 'BOOLEAN'],
  visible: ['boolean', 'BOOLEAN'],
}

const SCOPE: Scope = {
  field: (name) => {
    const found = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined
    return found === undefined ? null : { sql: ident(name), type: found[0] }
  },
  param: () => null,
  names: () => Object.keys(COLUMNS),
  aggregate: false,
  asOf: '2026-11-22T08:00:00Z',
}

const AT = { file: 'rule.yaml', line: 1, column: 1 }

let engine: Engine
let dir: string
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'omniparity-language-'))
  engine = await openDuckDB({ tempDir: dir, memoryLimit: null, threads: 1 })
})
afterAll(async () => {
  await engine.close()
  rmSync(dir, { recursive: true, force: true })
})

/** Without the places of words, which printing moves. */
function shape(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(shape)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => key !== 'offset')
      .map(([key, value]) => [key, shape(value)]),
  )
}

const rows: fc.Arbitrary<Row> = fc.record({
  sku: fc.option(fc.constantFrom('A', "o'b", 'ñ', ''), { nil: null }),
  title: fc.option(fc.constantFrom('A', 'Lamp', 'ñandú'), { nil: null }),
  'price.regular': fc.option(decimals, { nil: null }),
  'price.sale': fc.option(decimals, { nil: null }),
  buyable: fc.option(fc.boolean(), { nil: null }),
  visible: fc.option(fc.boolean(), { nil: null }),
})

function sqlOf(value: Value): string {
  return typeof value === 'bigint' ? scaled(value) : literal(value)
}

/** Millionths as decimal text. */
function scaled(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(7, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`
}

/** What the engine says of each expression for each row. */
async function judged(nodes: readonly Node[], table: readonly Row[]): Promise<readonly (readonly unknown[])[]> {
  const columns = nodes.map((root, index) => {
    const { sql, type } = compileExpression({ root, text: '', at: AT }, SCOPE)
    return `${type === 'decimal' ? `CAST(${sql} AS DECIMAL(18,6))::VARCHAR` : sql} AS c${index}`
  })
  const selects = table.map((row, index) => {
    const cells = Object.entries(COLUMNS).map(
      ([name, [, type]]) => `CAST(${sqlOf(row[name] ?? null)} AS ${type}) AS ${ident(name)}`,
    )
    return `SELECT ${index} AS n, ${cells.join(', ')}`
  })
  const found = await engine.rows(`SELECT ${columns.join(', ')} FROM (${selects.join(' UNION ALL ')}) ORDER BY n`)
  return found.map((row) => nodes.map((_, index) => row[`c${index}`]))
}

describe('the language', () => {
  it('reads what it prints', () => {
    fc.assert(
      fc.property(trees, (root) => {
        const text = printExpression({ root })
        fc.pre(text.length <= 4000)
        const again = parseExpression(text, AT)
        expect(shape(again.root)).toEqual(shape(root))
        expect(printExpression(again)).toBe(text)
      }),
      { numRuns: 500 },
    )
  })

  const words = fc.constantFrom(
    ...[
      '(',
      ')',
      '[',
      ']',
      ',',
      '+',
      '-',
      '*',
      '/',
      '=',
      '<>',
      '<',
      '<=',
      'and',
      'or',
      'not',
      'in',
      'is',
      'null',
      'true',
    ],
    ...[
      "'a'",
      "'",
      '1.5',
      '15m',
      '3%',
      '99999999999999',
      '$p',
      '$',
      'sku',
      'price.regular',
      'any',
      'norm(',
      'attributes[',
      '"',
      '!',
      '\u0000',
      '😀',
    ],
  )

  it.each([
    ['any text', fc.string({ unit: 'binary', maxLength: 200 })],
    ['any words', fc.array(words, { maxLength: 40 }).map((list) => list.join(' '))],
    ['any words without blanks', fc.array(words, { maxLength: 40 }).map((list) => list.join(''))],
    ['deep nesting', fc.nat(5000).map((depth) => `${'('.repeat(depth)}sku${')'.repeat(depth)}`)],
  ] as const)('refuses with a place or reads: %s', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          compileExpression(parseExpression(text, AT), SCOPE)
        } catch (error) {
          if (!(error instanceof DiagnosticError)) throw error
          for (const { where } of error.diagnostics) expect(where).toMatchObject({ file: 'rule.yaml' })
        }
      }),
      { numRuns: 500 },
    )
  })

  it('says in SQL what a small evaluator says', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(conditions, { minLength: 20, maxLength: 30 }),
        fc.array(rows, { minLength: 10, maxLength: 20 }),
        async (nodes, table) => {
          const found = await judged(nodes, table)
          for (const [at, row] of table.entries()) {
            for (const [index, node] of nodes.entries()) {
              const value = known(node, row)
              if (value === undefined) continue
              const want = typeof value === 'bigint' ? scaled(value) : value
              expect(found[at]?.[index], `${printExpression({ root: node })} of ${JSON.stringify(row, text)}`).toBe(
                want,
              )
            }
          }
        },
      ),
      { numRuns: 25 },
    )
  })

  it("obeys Kleene's laws in SQL", async () => {
    const not = (operand: Node): Node => ({ kind: 'not', operand, offset: 0 })
    const join2 = (operator: 'and' | 'or', left: Node, right: Node): Node => ({
      kind: 'binary',
      operator,
      left,
      right,
      offset: 0,
    })
    await fc.assert(
      fc.asyncProperty(
        conditions,
        conditions,
        conditions,
        fc.array(rows, { minLength: 5, maxLength: 10 }),
        async (a, b, c, table) => {
          const pairs: readonly (readonly [Node, Node])[] = [
            [not(not(a)), a],
            [not(join2('and', a, b)), join2('or', not(a), not(b))],
            [not(join2('or', a, b)), join2('and', not(a), not(b))],
            [join2('and', a, b), join2('and', b, a)],
            [join2('or', a, join2('or', b, c)), join2('or', join2('or', a, b), c)],
            [join2('and', a, join2('or', b, c)), join2('or', join2('and', a, b), join2('and', a, c))],
            [join2('or', a, join2('and', a, b)), a],
          ]
          for (const row of await judged(pairs.flat(), table)) {
            for (const index of pairs.keys()) expect(row[2 * index]).toBe(row[2 * index + 1])
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})

function text(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? scaled(value) : value
}

/** Undefined where something on the way is larger than a column holds. */
function known(node: Node, row: Row): Value | undefined {
  try {
    return evaluate(node, row)
  } catch (error) {
    if (error instanceof Overflow) return undefined
    throw error
  }
}
