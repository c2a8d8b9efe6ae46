/** Trees of expressions for properties. */
import fc from 'fast-check'
import type { Node } from '../../src/rules/expression/ast.ts'

/** Millionths of what DECIMAL(18,6) holds, mostly small. */
export const decimals = fc.oneof(
  fc.bigInt({ min: -5_000_000n, max: 5_000_000n }),
  fc.constantFrom(0n, 1n, -1n, 19_990_000n, 999_999_999_999_999_999n, -999_999_999_999_999_999n),
  fc.bigInt({ min: -999_999_999_999_999_999n, max: 999_999_999_999_999_999n }),
)

const at = { offset: 0 } as const
const field = (name: string): Node => ({ kind: 'field', name, param: null, ...at })
const text = (value: string): Node => ({ kind: 'literal', literal: { type: 'text', value }, ...at })
const nothing: Node = { kind: 'literal', literal: { type: 'null' }, ...at }

const numerals = fc
  .tuple(fc.nat(10_000), fc.option(fc.integer({ min: 0, max: 999_999 }), { nil: null }))
  .map(([whole, fraction]) => (fraction === null ? String(whole) : `${whole}.${String(fraction).padStart(6, '0')}`))
const numbers: fc.Arbitrary<Node> = numerals.map((value) => ({
  kind: 'literal',
  literal: { type: 'decimal', value },
  ...at,
}))
const texts = fc.constantFrom('A', 'a', "o'b", 'ñ', '', 'Lamp', '50%', 'x"y').map(text)

const { condition, number } = fc.letrec<{ condition: Node; number: Node; word: Node }>((tie) => ({
  word: fc.oneof({ maxDepth: 4 }, fc.constantFrom('sku', 'title').map(field), texts),
  number: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom('price.regular', 'price.sale').map(field),
    numbers,
    fc
      .tuple(fc.constantFrom('+', '-', '*', '/'), tie('number'), tie('number'))
      .map(([operator, left, right]): Node => ({ kind: 'binary', operator, left, right, ...at })),
    tie('number').map((operand): Node => ({ kind: 'negate', operand, ...at })),
    fc
      .tuple(fc.constantFrom('coalesce', 'least', 'greatest'), fc.array(tie('number'), { minLength: 2, maxLength: 3 }))
      .map(([name, list]): Node => ({ kind: 'call', name, args: list.map((value) => ({ name: null, value })), ...at })),
    tie('number').map((value): Node => ({ kind: 'call', name: 'abs', args: [{ name: null, value }], ...at })),
  ),
  condition: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    fc.constantFrom('buyable', 'visible').map(field),
    fc.boolean().map((value): Node => ({ kind: 'literal', literal: { type: 'boolean', value }, ...at })),
    fc
      .tuple(fc.constantFrom('=', '<>', '<', '<=', '>', '>='), tie('number'), tie('number'))
      .map(([operator, left, right]): Node => ({ kind: 'binary', operator, left, right, ...at })),
    fc
      .tuple(fc.constantFrom('=', '<>'), tie('word'), tie('word'))
      .map(([operator, left, right]): Node => ({ kind: 'binary', operator, left, right, ...at })),
    fc
      .tuple(fc.constantFrom('and', 'or'), tie('condition'), tie('condition'))
      .map(([operator, left, right]): Node => ({ kind: 'binary', operator, left, right, ...at })),
    tie('condition').map((operand): Node => ({ kind: 'not', operand, ...at })),
    fc
      .tuple(fc.oneof(tie('number'), tie('word'), tie('condition')), fc.boolean())
      .map(([operand, negated]): Node => ({ kind: 'is_null', operand, negated, ...at })),
    fc
      .tuple(tie('word'), fc.array(texts, { minLength: 1, maxLength: 7 }), fc.boolean())
      .map(([operand, list, negated]): Node => ({ kind: 'in', operand, list, negated, ...at })),
    fc
      .tuple(fc.constantFrom('contains', 'starts_with'), tie('word'), tie('word'))
      .map(
        ([name, ...list]): Node => ({ kind: 'call', name, args: list.map((value) => ({ name: null, value })), ...at }),
      ),
  ),
}))

/** What SQL and the evaluator are asked. */
export const conditions: fc.Arbitrary<Node> = condition

const names = fc
  .stringMatching(/^[a-z_ñ][a-z0-9_ñ]{0,8}(\.[a-z_][a-z0-9_]{0,5})?$/)
  .filter((name) => !KEYWORDS.has(name))
const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'is', 'null', 'true', 'false'])

/** Anything that can be written, sensible or not. */
export const trees: fc.Arbitrary<Node> = fc.oneof(
  condition,
  number,
  fc.letrec<{ tree: Node }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      names.map(field),
      fc.string({ maxLength: 20 }).map(text),
      numbers,
      fc.constant(nothing),
      fc
        .nat(100_000)
        .map((seconds): Node => ({ kind: 'literal', literal: { type: 'duration', ms: seconds * 1000 }, ...at })),
      fc.constantFrom('tol', 'k').map((name): Node => ({ kind: 'param', name, ...at })),
      fc.constant<Node>({ kind: 'field', name: 'attributes', param: 'k', ...at }),
      fc.string({ minLength: 1, maxLength: 8 }).map((rest) => field(`attributes.${rest}`)),
      fc
        .tuple(fc.constantFrom('=', '<', 'and', 'or', '+', '*', '-', '/'), tie('tree'), tie('tree'))
        .map(([operator, left, right]): Node => ({ kind: 'binary', operator, left, right, ...at })),
      fc
        .tuple(fc.constantFrom('not', 'negate'), tie('tree'))
        .map(([kind, operand]): Node => ({ kind, operand, ...at })),
      fc
        .tuple(fc.constantFrom('any', 'all', 'count', 'max'), tie('tree'))
        .map(([name, operand]): Node => ({ kind: 'aggregate', name, operand, ...at })),
      fc
        .tuple(tie('tree'), fc.array(tie('tree'), { minLength: 1, maxLength: 4 }), fc.boolean())
        .map(([operand, list, negated]): Node => ({ kind: 'in', operand, list, negated, ...at })),
      fc
        .tuple(tie('tree'), fc.boolean())
        .map(([operand, negated]): Node => ({ kind: 'is_null', operand, negated, ...at })),
    ),
  })).tree,
)
