import { nearest } from '../../base/text.ts'
import { fail } from '../../diagnostics/diagnostic.ts'
import type { Problem } from '../../diagnostics/rules.ts'
import {
  AGGREGATES,
  type AggregateName,
  type Argument,
  type At,
  type BinaryNode,
  type Expr,
  type FieldNode,
  type Node,
  placeOf,
} from './ast.ts'
import { FUNCTIONS } from './functions.ts'
import { syntax, type Token, tokenise } from './lexer.ts'

/** Binding powers: what binds tighter has the larger number. */
const POWER: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  '=': 4,
  '<>': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  in: 4,
  not: 4,
  is: 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
}
const NOT_POWER = 3
const COMPARISON_POWER = 4
const NEGATE_POWER = 7
const MAX_DEPTH = 100

const TOO_DEEP = {
  en: `the expression is nested deeper than ${MAX_DEPTH} levels`,
  es: `la expresión tiene más de ${MAX_DEPTH} niveles de anidamiento`,
}
const ONE_COMPARISON = { en: "join comparisons with 'and'", es: 'una las comparaciones con «and»' }
const LIST_FORM = { en: "write in ('a', 'b') or in $list", es: "escriba in ('a', 'b') o in $lista" }
const BAD_INDEX = {
  en: 'the brackets hold neither a parameter nor a text',
  es: 'los corchetes no contienen ni un parámetro ni un texto',
}
const INDEX_FORM = {
  en: "write attributes[$k] or attributes['size']",
  es: "escriba attributes[$k] o attributes['talla']",
}

/**
 * Parses one expression of a rule file.
 *
 * @param at - Place of the first character of `text` in the file.
 * @throws DiagnosticError `rules/expression-syntax`, `rules/unknown-function`.
 */
export function parseExpression(text: string, at: At): Expr {
  const parser = new Parser(text, at)
  return { root: parser.whole(), text, at }
}

class Parser {
  readonly #source: { readonly text: string; readonly at: At }
  readonly #tokens: readonly Token[]
  #position = 0
  #depth = 0

  constructor(text: string, at: At) {
    this.#source = { text, at }
    this.#tokens = tokenise(this.#source)
  }

  whole(): Node {
    if (this.#peek().kind === 'end')
      throw this.#error(this.#peek(), { en: 'the expression is empty', es: 'la expresión está vacía' })
    const node = this.#expression(0)
    const rest = this.#peek()
    if (rest.kind !== 'end') throw this.#error(rest, unexpected(rest), hintAfterOperand(rest))
    return node
  }

  #expression(floor: number): Node {
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) {
      throw this.#error(this.#peek(), TOO_DEEP)
    }
    let left = this.#prefix()
    for (;;) {
      const operator = this.#peek()
      const power = operator.kind === 'symbol' || operator.kind === 'keyword' ? POWER[operator.value] : undefined
      if (power === undefined || power <= floor) break
      left = this.#infix(left, operator, power)
    }
    this.#depth -= 1
    return left
  }

  #infix(left: Node, operator: Token, power: number): Node {
    this.#next()
    const { offset } = operator
    if (power === COMPARISON_POWER) {
      const node = this.#comparison(left, operator)
      const following = this.#peek()
      if (
        (following.kind === 'symbol' || following.kind === 'keyword') &&
        POWER[following.value] === COMPARISON_POWER
      ) {
        throw this.#error(following, unexpected(following), ONE_COMPARISON)
      }
      return node
    }
    const right = this.#expression(power)
    return { kind: 'binary', operator: operator.value as BinaryNode['operator'], left, right, offset }
  }

  #comparison(left: Node, operator: Token): Node {
    const { offset, value } = operator
    if (value === 'is') {
      const negated = this.#take('keyword', 'not')
      this.#expect('keyword', 'null', {
        en: "'is' is followed by 'null' or 'not null'",
        es: 'tras «is» va «null» o «not null»',
      })
      return { kind: 'is_null', operand: left, negated, offset }
    }
    if (value === 'not') {
      this.#expect('keyword', 'in', {
        en: "after a value, 'not' is followed by 'in'",
        es: 'tras un valor, a «not» le sigue «in»',
      })
      return this.#membership(left, true, offset)
    }
    if (value === 'in') return this.#membership(left, false, offset)
    const right = this.#expression(COMPARISON_POWER)
    return { kind: 'binary', operator: value as BinaryNode['operator'], left, right, offset }
  }

  #membership(operand: Node, negated: boolean, offset: number): Node {
    const first = this.#next()
    if (first.kind === 'param') {
      return { kind: 'in', operand, negated, list: { kind: 'param', name: first.value, offset: first.offset }, offset }
    }
    if (first.kind !== 'symbol' || first.value !== '(') {
      throw this.#error(first, { en: "'in' needs a list", es: '«in» necesita una lista' }, LIST_FORM)
    }
    const list: Node[] = [this.#expression(0)]
    while (this.#take('symbol', ',')) list.push(this.#expression(0))
    this.#expect('symbol', ')', { en: 'the list is closed with )', es: 'la lista se cierra con )' })
    return { kind: 'in', operand, negated, list, offset }
  }

  #prefix(): Node {
    const token = this.#next()
    const { offset } = token
    switch (token.kind) {
      case 'text':
        return { kind: 'literal', literal: { type: 'text', value: token.value }, offset }
      case 'decimal':
        return { kind: 'literal', literal: { type: 'decimal', value: token.value }, offset }
      case 'duration':
        return { kind: 'literal', literal: { type: 'duration', ms: Number(token.value) }, offset }
      case 'param':
        return { kind: 'param', name: token.value, offset }
      case 'name':
        return this.#name(token)
      case 'keyword':
        return this.#keyword(token)
      case 'symbol':
        return this.#symbol(token)
      case 'end':
        throw this.#error(token, {
          en: 'the expression ends where a value is expected',
          es: 'la expresión acaba donde se espera un valor',
        })
    }
  }

  #keyword(token: Token): Node {
    const { offset, value } = token
    if (value === 'true' || value === 'false') {
      return { kind: 'literal', literal: { type: 'boolean', value: value === 'true' }, offset }
    }
    if (value === 'null') return { kind: 'literal', literal: { type: 'null' }, offset }
    if (value === 'not') return { kind: 'not', operand: this.#expression(NOT_POWER), offset }
    throw this.#error(token, valueBefore(token))
  }

  #symbol(token: Token): Node {
    if (token.value === '-') {
      return { kind: 'negate', operand: this.#expression(NEGATE_POWER), offset: token.offset }
    }
    if (token.value === '(') {
      const inner = this.#expression(0)
      this.#expect('symbol', ')', { en: 'the parenthesis is closed with )', es: 'el paréntesis se cierra con )' })
      return inner
    }
    throw this.#error(token, valueBefore(token))
  }

  #name(token: Token): Node {
    if (this.#take('symbol', '(')) return this.#call(token)
    if (this.#take('symbol', '[')) return this.#indexed(token)
    return { kind: 'field', name: token.value, param: null, offset: token.offset }
  }

  /** `attributes['Talla EU']` is the field of that name; `attributes[$k]` is decided when the rule is compiled. */
  #indexed(token: Token): FieldNode {
    const index = this.#next()
    if (index.kind !== 'param' && index.kind !== 'text') {
      throw this.#error(index, BAD_INDEX, INDEX_FORM)
    }
    this.#expect('symbol', ']', { en: 'the bracket is closed with ]', es: 'el corchete se cierra con ]' })
    return index.kind === 'param'
      ? { kind: 'field', name: token.value, param: index.value, offset: token.offset }
      : { kind: 'field', name: `${token.value}.${index.value}`, param: null, offset: token.offset }
  }

  #call(token: Token): Node {
    const { offset, value: name } = token
    if (isAggregate(name)) {
      const operand = this.#expression(0)
      const where = this.#take('name', 'where') ? this.#expression(0) : null
      this.#expect('symbol', ')', { en: `${name}() takes one expression`, es: `${name}() lleva una expresión` })
      return { kind: 'aggregate', name, operand, ...(where === null ? {} : { where }), offset }
    }
    const spec = FUNCTIONS.get(name)
    if (spec === undefined) {
      const known = [...FUNCTIONS.keys(), ...AGGREGATES]
      throw fail(
        'rules/unknown-function',
        { name, nearest: nearest(name, known, 3), known },
        placeOf(this.#source, offset),
      )
    }
    const names = new Set(spec.parameters.map((parameter) => parameter.name))
    const args: Argument[] = []
    while (!this.#take('symbol', ')')) {
      if (args.length > 0) {
        this.#expect('symbol', ',', {
          en: `the arguments of ${name}() are separated by commas`,
          es: `los argumentos de ${name}() se separan con comas`,
        })
      }
      args.push(this.#argument(names))
    }
    return { kind: 'call', name, args, offset }
  }

  /** `name=value` only where the function has a parameter of that name: `contains(title = 'x')` stays a comparison. */
  #argument(names: ReadonlySet<string>): Argument {
    const first = this.#peek()
    const second = this.#tokens[this.#position + 1]
    if (first.kind === 'name' && names.has(first.value) && second?.kind === 'symbol' && second.value === '=') {
      this.#position += 2
      return { name: first.value, value: this.#expression(0) }
    }
    return { name: null, value: this.#expression(0) }
  }

  #peek(): Token {
    // The list always ends in an `end` token, which is never passed.
    return this.#tokens[this.#position] as Token
  }

  #next(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#position += 1
    return token
  }

  #take(kind: Token['kind'], value: string): boolean {
    const token = this.#peek()
    if (token.kind !== kind || token.value !== value) return false
    this.#position += 1
    return true
  }

  #expect(kind: Token['kind'], value: string, hint: Problem): void {
    const token = this.#peek()
    if (this.#take(kind, value)) return
    const ends = token.kind === 'end'
    const en = `${ends ? 'the expression ends' : `'${token.written}' stands`} where '${value}' is expected`
    const es = `${ends ? 'la expresión acaba' : `hay «${token.written}»`} donde se espera «${value}»`
    throw this.#error(token, { en, es }, hint)
  }

  #error(token: Token, problem: Problem, hint: Problem | null = null): Error {
    return syntax(this.#source, token.offset, problem, hint)
  }
}

function isAggregate(name: string): name is AggregateName {
  return (AGGREGATES as readonly string[]).includes(name)
}

function unexpected(token: Token): Problem {
  return { en: `'${token.written}' is not expected here`, es: `aquí no se espera «${token.written}»` }
}

function valueBefore(token: Token): Problem {
  return { en: `a value is expected before '${token.written}'`, es: `se espera un valor antes de «${token.written}»` }
}

function hintAfterOperand(token: Token): Problem | null {
  if (token.kind !== 'name' && token.kind !== 'text' && token.kind !== 'decimal') return null
  return {
    en: "an operator such as 'and', '=' or '+' is missing before it",
    es: 'antes falta un operador, como «and», «=» o «+»',
  }
}
