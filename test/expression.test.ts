import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DiagnosticError } from '../src/diagnostics/diagnostic.ts'
import { openDuckDB } from '../src/engine/duckdb.ts'
import { type Engine, ident, literal, type SqlValue } from '../src/engine/engine.ts'
import { type Expr, fieldsOf, type Node, paramsOf } from '../src/rules/expression/ast.ts'
import { compileExpression } from '../src/rules/expression/compile.ts'
import { FUNCTIONS } from '../src/rules/expression/functions.ts'
import { parseExpression } from '../src/rules/expression/parse.ts'
import { printExpression } from '../src/rules/expression/print.ts'
import type { ParamValue, Scope, SqlType } from '../src/rules/expression/scope.ts'

const COLUMNS: Readonly<Record<string, { readonly type: SqlType; readonly sql: string }>> = {
  sku: { type: 'text', sql: 'VARCHAR' },
  status: { type: 'text', sql: 'VARCHAR' },
  'attributes.size': { type: 'text', sql: 'VARCHAR' },
  'attributes.Talla EU': { type: 'text', sql: 'VARCHAR' },
  gtin: { type: 'text', sql: 'VARCHAR' },
  gtin14: { type: 'decimal', sql: 'BIGINT' },
  gtin_state: { type: 'text', sql: 'VARCHAR' },
  'price.regular': { type: 'decimal', sql: 'DECIMAL(18,6)' },
  'price.sale': { type: 'decimal', sql: 'DECIMAL(18,6)' },
  'price.currency': { type: 'text', sql: 'VARCHAR' },
  pack_quantity: { type: 'decimal', sql: 'INTEGER' },
  buyable: { type: 'boolean', sql: 'BOOLEAN' },
  visible: { type: 'boolean', sql: 'BOOLEAN' },
  updated_at: { type: 'instant', sql: 'TIMESTAMP' },
}

const PARAMS: Readonly<Record<string, ParamValue>> = {
  tol: { type: 'decimal', value: '0.01' },
  grace: { type: 'duration', value: 900_000 },
  states: { type: 'list', value: ['draft', "o'brien"] },
  none: { type: 'list', value: [] },
  mode: { type: 'enum', value: 'allow' },
  strict: { type: 'boolean', value: true },
  k: { type: 'text', value: 'size' },
  unset: { type: 'null', value: null },
}

function scope(aggregate = false): Scope {
  return {
    field: (name) => {
      const column = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined
      return column === undefined ? null : { sql: ident(name), type: column.type }
    },
    param: (name) => (Object.hasOwn(PARAMS, name) ? (PARAMS[name] ?? null) : null),
    names: () => Object.keys(COLUMNS),
    aggregate,
    asOf: '2026-11-22T08:00:00Z',
  }
}

const AT = { file: 'rules/price/lamp.yaml', line: 7, column: 9 }
const parse = (text: string): Expr => parseExpression(text, AT)
const compile = (text: string, aggregate = false): string => compileExpression(parse(text), scope(aggregate)).sql

let engine: Engine
let dir: string
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'omniparity-expression-'))
  engine = await openDuckDB({ tempDir: dir, memoryLimit: null, threads: 1 })
})
afterAll(async () => {
  await engine.close()
  rmSync(dir, { recursive: true, force: true })
})

type Row = Readonly<Record<string, SqlValue>>

function table(rows: readonly Row[]): string {
  const selects = rows.map((row) => {
    const cells = Object.entries(COLUMNS).map(([name, { sql }]) => {
      return `CAST(${literal(row[name] ?? null)} AS ${sql}) AS ${ident(name)}`
    })
    return `SELECT ${cells.join(', ')}`
  })
  return `(${selects.join(' UNION ALL ')})`
}

async function evaluate(text: string, rows: readonly Row[] = [{}], aggregate = false): Promise<SqlValue> {
  const sql = compile(text, aggregate)
  const [row] = await engine.rows<{ v: SqlValue }>(`SELECT ${sql} AS v FROM ${table(rows)}`)
  return row?.v ?? null
}

function complaint(
  text: string,
  aggregate = false,
): { code: string; message: string; help: string | null; at: string } {
  try {
    compile(text, aggregate)
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const { code, message, help, where } = error.diagnostic
    const at = where !== null && 'file' in where ? `${where.line}:${where.column}` : ''
    return { code, message, help, at }
  }
  throw new Error(`no complaint about: ${text}`)
}

describe('expressions are printed as SQL', () => {
  const golden: readonly (readonly [string, string])[] = [
    ["status = 'active'", `("status" = 'active')`],
    ['price.regular >= 12.50', '("price.regular" >= 12.50)'],
    ["sku in ('a', 'b') or not buyable", `(("sku" IN ('a', 'b')) OR (NOT "buyable"))`],
    ['status not in $states', `(NOT "status" IN ('draft', 'o''brien'))`],
    ['price.sale is not null and price.sale is null', '(("price.sale" IS NOT NULL) AND ("price.sale" IS NULL))'],
    ['attributes[$k]', '"attributes.size"'],
    ["attributes['Talla EU']", '"attributes.Talla EU"'],
    ['gtin14(gtin)', '"gtin14"'],
    ['gtin_state(gtin) is null', '("gtin_state" IS NULL)'],
    ["updated_at < '2026-01-31'", `("updated_at" < TIMESTAMP '2026-01-31 00:00:00')`],
    ['as_of()', `(TIMESTAMP '2026-11-22 08:00:00.000')`],
    [
      'price.regular - price.sale * 2',
      'TRY_CAST(CAST("price.regular" AS DECIMAL(38,6)) - TRY_CAST(CAST("price.sale" AS DECIMAL(38,6)) * 2 AS DECIMAL(18,6)) AS DECIMAL(18,6))',
    ],
  ]
  for (const [text, sql] of golden) {
    it(text, () => expect(compile(text)).toBe(sql))
  }

  it('an aggregate sees only the rows of the filter', () => {
    const filtered: Scope = { ...scope(true), filter: '"visible"' }
    expect(compileExpression(parse('count(buyable)'), filtered).sql).toBe(
      'count(CASE WHEN "buyable" THEN 1 END) FILTER (WHERE "visible")',
    )
  })
})

describe('expressions are evaluated', () => {
  const cases: readonly (readonly [text: string, row: Row, result: SqlValue])[] = [
    ['1 + 2 * 3 - 4 / 2', {}, '5.000000'],
    ['10 / 3', {}, '3.333333'],
    ['-10 / 3', {}, '-3.333333'],
    ['2 / 3', {}, '0.666667'],
    ['1 / 0', {}, null],
    ['price.regular / pack_quantity', { 'price.regular': '59.97', pack_quantity: 3 }, '19.990000'],
    ['price.regular * price.regular', { 'price.regular': '999999999999.99' }, null],
    ['price.regular * 1.21', { 'price.regular': '999999.99' }, '1209999.987900'],
    ['price.regular + price.regular', { 'price.regular': '999999999999.99' }, null],
    ['-price.regular', { 'price.regular': '5' }, '-5.000000'],
    ['not (1 = 2)', {}, true],
    ['not 1 = 2 and true', {}, true],
    ['8% = 0.08', {}, true],
    ['120% = 1.2', {}, true],
    ["norm('  Azul\u00a0 MARINO ') = 'azul marino'", {}, true],
    ["norm('Añil')", {}, 'anil'],
    ["casefold('AÑIL')", {}, 'añil'],
    ["length('añil')", {}, 4],
    ["starts_with('lamp', 'la') and contains('lamp', 'am')", {}, true],
    ["matches('LAMP-12', '^[A-Z]+-\\d{2}$')", {}, true],
    ['coalesce(price.sale, price.regular)', { 'price.regular': '5' }, '5.000000'],
    ['least(price.sale, price.regular)', { 'price.regular': '5' }, null],
    ['greatest(price.sale, price.regular)', { 'price.regular': '5', 'price.sale': '7' }, '7.000000'],
    ['round(2.345, 2) = 2.35', {}, true],
    ['round(-2.345, digits=2) = -2.35', {}, true],
    ['abs(-3) = 3', {}, true],
    ["minor_units('EUR') = 2 and minor_units('JPY') = 0 and minor_units('KWD') = 3", {}, true],
    ["minor_units('EURO')", {}, null],
    ["is_iso4217('EUR') and not is_iso4217('eur')", {}, true],
    ['is_iso4217(price.currency)', {}, null],
    ['age(updated_at) > $grace', { updated_at: '2026-11-22 07:44:59' }, true],
    ['age(updated_at) > 15m', { updated_at: '2026-11-22 07:45:00' }, false],
    ['updated_at + 1h = as_of()', { updated_at: '2026-11-22 07:00:00' }, true],
    ['updated_at - 7d < as_of() - 24h * 6.5', { updated_at: '2026-11-22 07:00:00' }, true],
    ['updated_at + 999999d * 999999', { updated_at: '2026-11-22 07:00:00' }, null],
    ["vocab('color', 'Azul  Marino')", {}, 'navy'],
    ["vocab('color', 'Petróleo')", {}, 'petroleo'],
    ["in_vocab('color', 'Petróleo')", {}, false],
    ["in_vocab('color', status)", {}, null],
    ["vocab('size', 'Talla 42,5')", {}, '42.5'],
    ["vocab_system('size', 'XL') <> vocab_system('size', 'EU 42')", {}, true],
    ['blank(status)', {}, true],
    ['blank(status)', { status: ' \u00a0' }, true],
    ['blank(status)', { status: 'x' }, false],
    ['placeholder(status, $states)', { status: " O'BRIEN" }, true],
    ['status in $none', { status: 'x' }, false],
    ['status not in $none', { status: 'x' }, true],
    ['status in $none', {}, null],
    ['$unset = 1', {}, null],
    ["$mode = 'allow' and $strict", {}, true],
  ]
  for (const [text, row, result] of cases) {
    it(`${text} is ${result}`, async () => expect(await evaluate(text, [row])).toEqual(result))
  }
})

describe("unknown values follow Kleene's tables", () => {
  const values = { t: true, f: false, u: null } as const
  const and = { tt: 't', tf: 'f', tu: 'u', ft: 'f', ff: 'f', fu: 'f', ut: 'u', uf: 'f', uu: 'u' } as const
  const or = { tt: 't', tf: 't', tu: 't', ft: 't', ff: 'f', fu: 'u', ut: 't', uf: 'u', uu: 'u' } as const
  const pair = (key: string): Row => ({
    buyable: values[key[0] as 't' | 'f' | 'u'],
    visible: values[key[1] as 't' | 'f' | 'u'],
  })
  for (const [key, result] of Object.entries(and)) {
    it(`and ${key}`, async () => expect(await evaluate('buyable and visible', [pair(key)])).toBe(values[result]))
  }
  for (const [key, result] of Object.entries(or)) {
    it(`or ${key}`, async () => expect(await evaluate('buyable or visible', [pair(key)])).toBe(values[result]))
  }
  // What reads a text is computed last, wherever it stands.
  const sizes = { t: '1 g', f: '2 g', u: 'small' } as const
  const readPair = (key: string): Row => ({
    buyable: values[key[0] as 't' | 'f' | 'u'],
    'attributes.size': sizes[key[1] as 't' | 'f' | 'u'],
  })
  for (const [operator, table] of Object.entries({ and, or })) {
    for (const [key, result] of Object.entries(table)) {
      it(`${operator} ${key} with a text to be read`, async () => {
        const reads = 'measure(attributes.size) = 1'
        expect(compile(`buyable ${operator} ${reads}`)).toMatch(/^\(CASE WHEN/)
        expect(await evaluate(`buyable ${operator} ${reads}`, [readPair(key)])).toBe(values[result])
        expect(await evaluate(`${reads} ${operator} buyable`, [readPair(key)])).toBe(values[result])
      })
    }
  }
  it('not u', async () => expect(await evaluate('not buyable', [{}])).toBe(null))

  const sides: Readonly<Record<string, readonly [any: string, all: string, none: string]>> = {
    tt: ['t', 't', 'f'],
    tf: ['t', 'f', 'f'],
    ff: ['f', 'f', 't'],
    tu: ['t', 'u', 'f'],
    fu: ['u', 'f', 'u'],
    uu: ['u', 'u', 'u'],
  }
  for (const [key, results] of Object.entries(sides)) {
    for (const [index, name] of ['any', 'all', 'none'].entries()) {
      it(`${name}() over sides ${key}`, async () => {
        const rows = [...key].map((letter) => ({ buyable: values[letter as 't' | 'f' | 'u'] }))
        expect(await evaluate(`${name}(buyable)`, rows, true)).toBe(values[results[index] as 't' | 'f' | 'u'])
      })
    }
  }

  it('figures of a group skip sides without a value', async () => {
    const rows = [{ 'price.regular': '5' }, { 'price.regular': '7' }, {}]
    expect(await evaluate('sum(price.regular) = 12 and count(price.regular) = 2', rows, true)).toBe(true)
    expect(await evaluate('min(price.regular) = 5 and max(price.regular) = 7', rows, true)).toBe(true)
  })
})

describe('hostile texts stay texts', () => {
  const hostile = [
    "'; DROP TABLE listing; --",
    "''",
    "\\'",
    '"',
    '$$',
    '/* */ --',
    '\u001b[31mred',
    '=cmd()',
    '\u2028',
    'lámpara 💡',
    '{item}',
    '%_',
  ]
  for (const text of hostile) {
    it(JSON.stringify(text), async () => {
      const quoted = `'${text.replaceAll("'", "''")}'`
      expect(await evaluate(quoted)).toBe(text)
      expect(await evaluate(`sku = ${quoted}`, [{ sku: text }])).toBe(true)
      expect(await evaluate(`sku in (${quoted})`, [{ sku: text }])).toBe(true)
    })
  }

  it('a field name with quotes is one identifier', () => {
    const name = 'attributes.a" OR 1=1 --'
    const open: Scope = { ...scope(), field: (field) => ({ sql: ident(field), type: 'text' }) }
    const { sql } = compileExpression(parse(`attributes['a" OR 1=1 --']`), open)
    expect(sql).toBe(`"${name.replaceAll('"', '""')}"`)
  })
})

describe('complaints name the place and the nearest name', () => {
  const cases: readonly (readonly [text: string, code: string, at: string, words: string])[] = [
    ['price.reguler > 1', 'rules/unknown-field', '7:9', "did you mean 'price.regular'?"],
    ['price.regular > $tool', 'rules/unknown-param', '7:25', 'tool'],
    ['norn(sku)', 'rules/unknown-function', '7:9', "did you mean 'norm'?"],
    ['sku + 1', 'rules/expression-type', '7:13', "'+' does not go with a text and a number"],
    ['sku = 1', 'rules/expression-type', '7:13', 'a comparison does not go with a text and a number'],
    ['sku and buyable', 'rules/expression-type', '7:9', 'a condition is needed here, this is a text'],
    ["sku < 'b'", 'rules/expression-type', '7:13', "'<' does not go with"],
    ['price.regular > 15m', 'rules/expression-type', '7:23', 'a number and a duration'],
    ['buyable or', 'rules/expression-syntax', '7:19', 'ends where a value is expected'],
    ['', 'rules/expression-syntax', '7:9', 'the expression is empty'],
    ["sku = 'a", 'rules/expression-syntax', '7:15', 'no closing quote'],
    ['sku != 1', 'rules/expression-syntax', '7:13', "'!=' is written '<>'"],
    ['1 < 2 < 3', 'rules/expression-syntax', '7:15', "join comparisons with 'and'"],
    ['sku sku', 'rules/expression-syntax', '7:13', "'sku' is not expected here"],
    ['(sku', 'rules/expression-syntax', '7:13', "where ')' is expected"],
    ['15x > 1', 'rules/expression-syntax', '7:9', "unknown unit 'x'"],
    ['any(buyable)', 'rules/expression-type', '7:9', "any() needs a rule with 'group'"],
    ['abs()', 'rules/expression-type', '7:9', 'do not fit abs(number)'],
    ['round(1, 2, 3)', 'rules/expression-type', '', 'do not fit round(number, [digits])'],
    ["matches(sku, '(?=a)')", 'rules/expression-type', '7:22', 'look-around'],
    ["matches(sku, '(a')", 'rules/expression-type', '7:22', 'the pattern cannot be read'],
    ["matches(sku, '((a{100}){100})')", 'rules/expression-type', '7:22', 'repetitions'],
    ['matches(sku, status)', 'rules/expression-type', '7:22', 'a literal or a parameter'],
    ["vocab('colour', sku)", 'rules/expression-type', '7:15', "did you mean 'color'?"],
    ['gtin14(sku)', 'rules/expression-type', '7:16', 'gtin14() needs the field gtin'],
    ['sku in $tol', 'rules/expression-type', '7:16', "'in' needs a text and a list"],
    [`${'('.repeat(200)}1${')'.repeat(200)}`, 'rules/expression-syntax', '', 'nested deeper'],
    ['sku = 1234567890123', 'rules/expression-syntax', '7:15', 'too many digits'],
  ]
  for (const [text, code, at, words] of cases) {
    it(text.slice(0, 40) || 'empty', () => {
      const found = complaint(text)
      expect(found.code).toBe(code)
      if (at !== '') expect(found.at).toBe(at)
      expect(`${found.message}; ${found.help}`).toContain(words)
    })
  }

  it('an aggregate inside an aggregate', () => {
    expect(complaint('any(all(buyable))', true).message).toBe('all() stands inside another aggregate')
  })

  it('a later line counts from there', () => {
    expect(complaint('buyable and\nprice.reguler > 1').at).toBe('8:9')
  })
})

it('an expression says what it reads', () => {
  const expr = parse("any(status = 'x') and attributes[$k] in $states and price.regular > $tol and $tol > 0")
  expect(fieldsOf(expr)).toEqual(['attributes[$k]', 'price.regular', 'status'])
  expect(paramsOf(expr)).toEqual(['k', 'states', 'tol'])
})

it('every function is documented in both languages', () => {
  for (const [name, { doc }] of FUNCTIONS) {
    expect(doc.en, name).toMatch(/\.$/)
    expect(doc.es, name).toMatch(/\.$/)
  }
})

describe('printing and parsing again gives the same tree', () => {
  /** Park and Miller's generator: the same trees in every run. */
  function generator(seed: number): (below: number) => number {
    let state = seed
    return (below) => {
      state = (state * 48_271) % 2_147_483_647
      return state % below
    }
  }

  function generate(random: (below: number) => number, depth: number): Node {
    const offset = 0
    const sub = (): Node => generate(random, depth - 1)
    const words = ["it's", '', 'a"b', 'ñ', "''", '$x', '{y}', '15m']
    const leaves: readonly (() => Node)[] = [
      () => ({ kind: 'literal', literal: { type: 'text', value: words[random(words.length)] ?? '' }, offset }),
      () => ({ kind: 'literal', literal: { type: 'decimal', value: `${random(1000)}.${random(9) + 1}` }, offset }),
      () => ({ kind: 'literal', literal: { type: 'duration', ms: random(100_000) * 1000 }, offset }),
      () => ({ kind: 'literal', literal: { type: 'boolean', value: random(2) === 0 }, offset }),
      () => ({ kind: 'literal', literal: { type: 'null' }, offset }),
      () => ({ kind: 'field', name: 'price.regular', param: null, offset }),
      () => ({ kind: 'field', name: `attributes.${words[random(4)] || 'x'}`, param: null, offset }),
      () => ({ kind: 'field', name: 'attributes', param: 'k', offset }),
      () => ({ kind: 'param', name: 'tol', offset }),
    ]
    const operators = ['=', '<>', '<', '<=', '>', '>=', '+', '-', '*', '/', 'and', 'or'] as const
    const branches: readonly (() => Node)[] = [
      () => ({ kind: 'not', operand: sub(), offset }),
      () => ({ kind: 'negate', operand: sub(), offset }),
      () => ({ kind: 'is_null', operand: sub(), negated: random(2) === 0, offset }),
      () => ({ kind: 'in', operand: sub(), negated: random(2) === 0, list: [sub(), sub()], offset }),
      () => ({ kind: 'in', operand: sub(), negated: false, list: { kind: 'param', name: 'states', offset }, offset }),
      () => ({ kind: 'aggregate', name: 'any', operand: sub(), offset }),
      () => ({
        kind: 'call',
        name: 'round',
        args: [
          { name: null, value: sub() },
          { name: 'digits', value: sub() },
        ],
        offset,
      }),
      () => ({
        kind: 'binary',
        operator: operators[random(operators.length)] ?? '=',
        left: sub(),
        right: sub(),
        offset,
      }),
    ]
    const choices = depth === 0 ? leaves : [...branches, ...branches, ...leaves]
    const pick = choices[random(choices.length)] ?? leaves[0]
    if (pick === undefined) throw new Error('no choice')
    return pick()
  }

  const shape = (node: Node): string => JSON.stringify(node, (key, value) => (key === 'offset' ? 0 : value))

  it('for 2000 generated trees', () => {
    const random = generator(20_261_122)
    for (let round = 0; round < 2000; round++) {
      const tree = generate(random, 4)
      const text = printExpression({ root: tree })
      expect(shape(parse(text).root), text).toBe(shape(tree))
    }
  })

  it('no generated text breaks out of SQL or crashes the compiler', async () => {
    const random = generator(7)
    let compiled = 0
    for (let round = 0; round < 400; round++) {
      const text = printExpression({ root: generate(random, 3) })
      let sql: string
      try {
        sql = compile(text, false)
      } catch (error) {
        expect(error, text).toBeInstanceOf(DiagnosticError)
        continue
      }
      compiled += 1
      const [row] = await engine.rows(`SELECT (${sql}) IS NULL AS v FROM ${table([{}])}`)
      expect(typeof row?.['v'], text).toBe('boolean')
    }
    expect(compiled).toBeGreaterThan(20)
  })
})
