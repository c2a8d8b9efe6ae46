import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from '../src/engine/duckdb.ts'
import { type Engine, ident, literal } from '../src/engine/engine.ts'
import { compileExpression } from '../src/rules/expression/compile.ts'
import { parseExpression } from '../src/rules/expression/parse.ts'
import type { ParamValue, Scope } from '../src/rules/expression/scope.ts'

const PARAMS: Readonly<Record<string, ParamValue>> = {
  words: { type: 'list', value: ['gratis', 'C++', 'envío gratis'] },
  none: { type: 'list', value: [] },
  aliases: { type: 'map', value: { Ariel: ['P&G', 'Procter & Gamble'], "L'Oréal": 'Loreal Paris' } },
  k: { type: 'text', value: 'mpn' },
}

const scope: Scope = {
  field: (name) => {
    if (name === 'channel.timezone') return { sql: `'Europe/Madrid'`, type: 'text' }
    if (['gtin', 'x', 'sku', 'mpn'].includes(name)) return { sql: ident(name), type: 'text' }
    return name === 'gtin14' ? { sql: 'gtin14', type: 'decimal' } : null
  },
  param: (name) => PARAMS[name] ?? null,
  told: (name) => (name === 'mpn' ? 'FALSE' : 'TRUE'),
  names: () => ['x', 'gtin'],
  aggregate: false,
  asOf: '2026-11-22T08:00:00Z',
}

let engine: Engine
let dir: string
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'omniparity-reading-'))
  engine = await openDuckDB({ tempDir: dir, memoryLimit: null, threads: 1 })
})
afterAll(async () => {
  await engine.close()
  rmSync(dir, { recursive: true, force: true })
})

async function value(expression: string, x: string | null): Promise<string | null> {
  const { sql } = compileExpression(parseExpression(expression, { file: 'r.yaml', line: 1, column: 1 }), scope)
  const digits = x !== null && /^\d+$/.test(x) ? x : 'NULL'
  const [row] = await engine.rows<{ v: string | null }>(
    `SELECT (${sql})::VARCHAR AS v FROM (SELECT ${literal(x)}::VARCHAR AS x, ${literal(x)}::VARCHAR AS gtin, ${digits}::BIGINT AS gtin14)`,
  )
  return row?.v ?? null
}

type Cases = readonly (readonly [text: string | null, value: string | null])[]

function check(expression: string, cases: Cases): void {
  describe(expression, () => {
    it.each(cases)('of %j is %j', async (text, expected) => {
      expect(await value(expression, text)).toBe(expected)
    })
  })
}

check('number(x)', [
  [null, null],
  ['', null],
  ['12', '12.000000'],
  [' -3 ', '-3.000000'],
  ['1,5', '1.500000'],
  ['1.5', '1.500000'],
  ['1.500', null],
  ['1,500', null],
  ['0,500', '0.500000'],
  ['1.234,56', '1234.560000'],
  ['1,234.56', '1234.560000'],
  ['1.234.567', '1234567.000000'],
  ['1,5 l', null],
  ['12e3', null],
  ['99999999999999', null],
])

check('measure(x)', [
  [null, null],
  ['1,5 l', '1500.000000'],
  ['750ml', '750.000000'],
  ['500 g.', '500.000000'],
  ['0,5 Kg', '500.000000'],
  ['1.500 g', null],
  ['6 x 33 cl', null],
  ['1.5', null],
  ['2 pints', null],
  ['3 m²', '3.000000'],
])

check('measure_kind(x)', [
  ['1,5 l', 'volume'],
  ['0,5 Kg', 'mass'],
  ['10 uds', 'count'],
  ['1.500 g', null],
  ['big', null],
])

check('instant(x)', [
  ['2026-11-22', '2026-11-21 23:00:00'],
  ['2026-07-01 10:00', '2026-07-01 08:00:00'],
  ['2026-07-01T10:00:30+00:00', '2026-07-01 10:00:30'],
  ['2026-07-01T10:00Z', '2026-07-01 10:00:00'],
  ['25/12/2026', '2026-12-24 23:00:00'],
  ['12/25/2026 00:30', '2026-12-24 23:30:00'],
  ['05/06/2026', null],
  ['6.6.2026', '2026-06-05 22:00:00'],
  ['2026-13-01', null],
  ['soon', null],
  [null, null],
])

check('instant_end(x)', [
  ['2026-11-22', '2026-11-22 23:00:00'],
  ['2026-11-22 10:00', '2026-11-22 09:00:00'],
])

check('mentions(x, $words)', [
  ['¡Envío GRATIS hoy!', 'true'],
  ['programas en c++, y más', 'true'],
  ['gratisimo', 'false'],
  ['ENVI\u0301O  GRATIS', 'true'],
  ['', 'false'],
  [null, null],
])
check('mentions(x, $none)', [
  ['gratis', 'false'],
  [null, null],
])

check('name_key(x, $aliases)', [
  ["L'ORÉAL®", 'loreal'],
  ['Loreal-Paris', 'loreal'],
  ['P & G', 'ariel'],
  ['Coca-Cola', 'cocacola'],
  ['--', null],
  [null, null],
])

check('name_key(x, $aliases, $words)', [
  ['Gratis', null],
  ['P&G', 'ariel'],
  ['Sol', 'sol'],
])

check('gtin_range(gtin)', [
  ['8412345678905', null],
  ['9788412345678', null],
  ['2001234567893', 'internal'],
  ['12001234567890', 'internal'],
  ['0212345678901', 'internal'],
  ['9521234567890', 'demo'],
  ['9811234567890', 'coupon'],
  ['9801234567890', 'refund'],
  ['09912345', 'internal'],
  ['96385074', null],
  [null, null],
])

describe('told', () => {
  it('says whether the source has a field, also of an iteration', async () => {
    expect(await value('told(sku)', null)).toBe('true')
    expect(await value('told(field[$k])', null)).toBe('false')
  })
})
