/** A second evaluator of expressions, as small as can be: what the compiled SQL has to agree with. */
import type { BinaryNode, Node } from '../../src/rules/expression/ast.ts'

/** Decimals are millionths; null is unknown. */
export type Value = string | bigint | boolean | null
export type Row = Readonly<Record<string, Value>>

const ONE = 1_000_000n
const LIMIT = 10n ** 18n

export function evaluate(node: Node, row: Row): Value {
  switch (node.kind) {
    case 'literal':
      return literalValue(node.literal)
    case 'field':
      return row[node.name] ?? null
    case 'not': {
      const value = evaluate(node.operand, row)
      return value === null ? null : value === false
    }
    case 'negate': {
      const value = evaluate(node.operand, row)
      return typeof value === 'bigint' ? -value : null
    }
    case 'is_null':
      return (evaluate(node.operand, row) === null) !== node.negated
    case 'in':
      return isIn(
        evaluate(node.operand, row),
        'kind' in node.list ? [] : node.list.map((one) => evaluate(one, row)),
        node.negated,
      )
    case 'binary':
      return binary(node, row)
    case 'call':
      return call(
        node.name,
        node.args.map(({ value }) => evaluate(value, row)),
      )
    default:
      throw new Error(`the evaluator does not know ${node.kind}`)
  }
}

function literalValue(found: (Node & { kind: 'literal' })['literal']): Value {
  switch (found.type) {
    case 'text':
    case 'boolean':
      return found.value
    case 'decimal': {
      const [whole = '0', fraction = ''] = found.value.split('.')
      return BigInt(whole) * ONE + BigInt(fraction.padEnd(6, '0'))
    }
    default:
      return null
  }
}

function isIn(value: Value, list: readonly Value[], negated: boolean): Value {
  if (value === null) return null
  if (list.includes(value)) return !negated
  return list.includes(null) ? null : negated
}

function binary({ operator, left, right }: BinaryNode, row: Row): Value {
  const [a, b] = [evaluate(left, row), evaluate(right, row)]
  if (operator === 'and') return a === false || b === false ? false : a === null || b === null ? null : true
  if (operator === 'or') return a === true || b === true ? true : a === null || b === null ? null : false
  if (a === null || b === null) return null
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    switch (operator) {
      case '+':
        return fitting(a + b)
      case '-':
        return fitting(a - b)
      case '*':
        return fitting(rounded(a * b, ONE))
      case '/':
        return b === 0n ? null : fitting(rounded(a * ONE, b))
      default:
        return compared(operator, a < b ? -1 : a > b ? 1 : 0)
    }
  }
  return compared(operator, a === b ? 0 : 1)
}

function compared(operator: string, order: number): boolean {
  const holds: Readonly<Record<string, boolean>> = {
    '=': order === 0,
    '<>': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
  }
  return holds[operator] ?? false
}

/** Halves away from zero. */
function rounded(dividend: bigint, divisor: bigint): bigint {
  const size = (n: bigint): bigint => (n < 0n ? -n : n)
  const quotient = (2n * size(dividend) + size(divisor)) / (2n * size(divisor))
  return dividend < 0n === divisor < 0n ? quotient : -quotient
}

/** More than a column holds: unknown, but the engine may compare it with a constant before it notices. */
export class Overflow extends Error {}

function fitting(value: bigint): bigint {
  if (value <= -LIMIT || value >= LIMIT) throw new Overflow()
  return value
}

function call(name: string, args: readonly Value[]): Value {
  if (name === 'coalesce') return args.find((value) => value !== null) ?? null
  if (args.includes(null)) return null
  const [first = null, second = null] = args
  const numbers = args.filter((value) => typeof value === 'bigint')
  switch (name) {
    case 'least':
      return numbers.toSorted(byValue)[0] ?? null
    case 'greatest':
      return numbers.toSorted(byValue).at(-1) ?? null
    case 'abs':
      return typeof first === 'bigint' && first < 0n ? -first : first
    case 'contains':
      return String(first).includes(String(second))
    case 'starts_with':
      return String(first).startsWith(String(second))
    default:
      throw new Error(`the evaluator does not know ${name}()`)
  }
}

function byValue(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}
