import { nearest } from '../../base/text.ts'
import { fail } from '../../diagnostics/diagnostic.ts'
import type { Problem } from '../../diagnostics/rules.ts'
import { literal } from '../../engine/engine.ts'
import { sparedSearch } from '../norm.ts'
import { lackingSql, readsField } from './absence.ts'
import { aggregateSql } from './aggregates.ts'
import { arithmetic } from './arithmetic.ts'
import {
  type AggregateNode,
  type BinaryNode,
  type CallNode,
  type Expr,
  type FieldNode,
  type InNode,
  type IsNullNode,
  type Node,
  type ParamNode,
  placeOf,
} from './ast.ts'
import {
  type CallArgument,
  type FunctionParameter,
  type FunctionSpec,
  parameterAt,
  placeArguments,
  wrongArity,
} from './call.ts'
import { chain } from './chain.ts'
import { literalSql, paramSql, SQL_NAMES, TYPE_WORDS, typeOf } from './constants.ts'
import { FUNCTIONS } from './functions.ts'
import type { ParamValue, Scope, SqlExpr, SqlType } from './scope.ts'

/**
 * Prints an expression as DuckDB SQL.
 *
 * Unknown values stay unknown: AND, OR and NOT are SQL's, which are Kleene's; every other operation on NULL is NULL. Nothing in the
 * result can fail on a row: overflow, division by zero and impossible instants are NULL too.
 *
 * @throws DiagnosticError `rules/expression-type`, `rules/unknown-field`, `rules/unknown-param` with the place in the file.
 */
export function compileExpression(expr: Expr, scope: Scope): SqlExpr {
  return new Compiler(expr, scope).node(expr.root)
}

/** As {@link compileExpression}, for a place where only a condition makes sense. */
export function compileCondition(expr: Expr, scope: Scope): string {
  return compileAnswer(expr, scope).sql
}

/** As {@link compileCondition}, with whether it is ever unknown. */
export function compileAnswer(expr: Expr, scope: Scope): SqlExpr {
  const compiled = compileExpression(expr, scope)
  if (compiled.type === 'boolean' || compiled.type === 'unknown') return compiled
  const { en, es } = TYPE_WORDS[compiled.type]
  const problem = {
    en: `a condition is needed here, this is ${en}`,
    es: `aquí hace falta una condición, esto es ${es}`,
  }
  throw fail('rules/expression-type', { problem, hint: null }, expr.at)
}

/** As {@link compileExpression}, for a place where only a number makes sense. */
export function compileFigure(expr: Expr, scope: Scope): SqlExpr {
  const compiled = compileExpression(expr, scope)
  if (compiled.type === 'decimal' || compiled.type === 'unknown') return compiled
  const { en, es } = TYPE_WORDS[compiled.type]
  const problem = { en: `a number is needed here, this is ${en}`, es: `aquí hace falta un número, esto es ${es}` }
  throw fail('rules/expression-type', { problem, hint: null }, expr.at)
}

class Compiler {
  readonly #expr: Expr
  readonly #scope: Scope
  #inAggregate = false

  constructor(expr: Expr, scope: Scope) {
    this.#expr = expr
    this.#scope = scope
  }

  node(node: Node): SqlExpr {
    switch (node.kind) {
      case 'literal':
        return { ...literalSql(node.literal), sure: node.literal.type !== 'null' }
      case 'field':
        return this.#field(node)
      case 'param':
        return paramSql(this.#param(node))
      case 'not': {
        const { sql, sure } = this.#typed(node.operand, 'boolean')
        return { sql: `(NOT ${sql})`, type: 'boolean', sure: sure === true }
      }
      case 'negate':
        return this.#negate(node.operand)
      case 'is_null':
        return this.#isNull(node)
      case 'binary':
        return this.#binary(node)
      case 'in':
        return this.#in(node)
      case 'call':
        return this.#call(node)
      case 'aggregate':
        return this.#aggregate(node)
    }
  }

  #field(node: FieldNode): SqlExpr {
    const name = this.#fieldName(node)
    const found = this.#scope.field(name, this.#inAggregate)
    if (found !== null) return found
    const known = this.#scope.names()
    throw fail(
      'rules/unknown-field',
      { name, nearest: nearest(name, known, 4), known },
      placeOf(this.#expr, node.offset),
    )
  }

  #fieldName(node: FieldNode): string {
    if (node.param === null) return node.name
    const rest = this.#index(node.param, node.offset)
    return node.name === 'field' ? rest : `${node.name}.${rest}`
  }

  #index(param: string, offset: number): string {
    const value = this.#param({ kind: 'param', name: param, offset })
    if ((value.type === 'text' || value.type === 'enum') && value.value !== '') return value.value
    throw this.#error(offset, {
      en: `$${param} is no text, so it names no field`,
      es: `$${param} no es un texto, así que no nombra ningún campo`,
    })
  }

  #param(node: ParamNode): ParamValue {
    const value = this.#scope.param(node.name)
    if (value !== null) return value
    const place = placeOf(this.#expr, node.offset)
    throw fail('rules/unknown-param', { rule: 'here', name: node.name, nearest: null, known: [] }, place)
  }

  #condition(node: Node): string {
    return this.#typed(node, 'boolean').sql
  }

  #typed(node: Node, type: SqlType): SqlExpr {
    const compiled = this.node(node)
    if (compiled.type === type || compiled.type === 'unknown') return compiled
    const [want, have] = [TYPE_WORDS[type], TYPE_WORDS[compiled.type]]
    throw this.#error(node.offset, {
      en: `${want.en} is needed here, this is ${have.en}`,
      es: `aquí hace falta ${want.es}, esto es ${have.es}`,
    })
  }

  #isNull({ operand, negated }: IsNullNode): SqlExpr {
    const { sql } = this.node(operand)
    const answer = `${sql} IS ${negated ? 'NOT NULL' : 'NULL'}`
    return this.#known(sql, lackingSql(operand, this.#scope, this.#inAggregate), `(${answer})`, 'boolean')
  }

  /** What is said of a null, unless it is one because nobody could say anything else. */
  #known(value: string, lacking: string | null, answer: string, type: SqlType): SqlExpr {
    if (lacking === null) return { sql: answer, type, sure: true }
    return { sql: `(CASE WHEN ${value} IS NULL AND ${lacking} THEN NULL ELSE ${answer} END)`, type }
  }

  #negate(operand: Node): SqlExpr {
    const { sql, type } = this.node(operand)
    if (type === 'decimal' || type === 'duration' || type === 'unknown') return { sql: `(-${sql})`, type }
    return this.#typed(operand, 'decimal')
  }

  #binary(node: BinaryNode): SqlExpr {
    const { operator } = node
    switch (operator) {
      case 'and':
      case 'or': {
        const joined = this.#joined(node, operator)
        const parts = joined.map(({ sql }) => sql)
        return { sql: chain(operator, parts), type: 'boolean', sure: joined.every(({ sure }) => sure) }
      }
      case '+':
      case '-':
      case '*':
      case '/': {
        const [left, right] = [this.node(node.left), this.node(node.right)]
        const result = arithmetic(operator, left, right)
        if (result !== null) return result
        throw this.#mismatch(node, left, right, `'${operator}'`)
      }
      default: {
        const [left, right] = this.#alike(node, node.left, node.right)
        const ordered = operator !== '=' && operator !== '<>'
        const type = left.type === 'unknown' ? right.type : left.type
        if (ordered && (type === 'text' || type === 'boolean' || type === 'list')) {
          throw this.#mismatch(node, left, right, `'${operator}'`)
        }
        const sure = left.sure === true && right.sure === true
        return { sql: `(${left.sql} ${operator} ${right.sql})`, type: 'boolean', sure }
      }
    }
  }

  /** The conditions that one operator joins. */
  #joined(node: Node, operator: 'and' | 'or'): readonly SqlExpr[] {
    if (node.kind !== 'binary' || node.operator !== operator) return [this.#typed(node, 'boolean')]
    return [...this.#joined(node.left, operator), ...this.#joined(node.right, operator)]
  }

  /** Two operands of one type; a text literal beside an instant is read as an ISO 8601 date. */
  #alike(at: Node, leftNode: Node, rightNode: Node): readonly [SqlExpr, SqlExpr] {
    const left = this.node(leftNode)
    const right = this.node(rightNode)
    if (left.type === right.type || left.type === 'unknown' || right.type === 'unknown') return [left, right]
    if (left.type === 'instant') return [left, this.#instant(rightNode) ?? this.#reject(at, left, right)]
    if (right.type === 'instant') return [this.#instant(leftNode) ?? this.#reject(at, left, right), right]
    return this.#reject(at, left, right)
  }

  #reject(at: Node, left: SqlExpr, right: SqlExpr): never {
    throw this.#mismatch(at, left, right, 'a comparison')
  }

  #instant(node: Node): SqlExpr | null {
    if (node.kind !== 'literal' || node.literal.type !== 'text') return null
    const { value } = node.literal
    const moment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/.test(value) ? new Date(value) : null
    if (moment === null || Number.isNaN(moment.getTime())) return null
    return { sql: `TIMESTAMP ${literal(moment.toISOString().slice(0, 19).replace('T', ' '))}`, type: 'instant' }
  }

  #in(node: InNode): SqlExpr {
    const operand = this.node(node.operand)
    const members = 'kind' in node.list ? this.#listParam(node.list, operand) : this.#members(node, node.list)
    // An empty list has no SQL form; nothing is in it, but a null operand stays unknown as everywhere.
    if (members.length === 0) {
      return {
        sql: `CASE WHEN ${this.#isThere(node.operand)} THEN ${node.negated ? 'TRUE' : 'FALSE'} END`,
        type: 'boolean',
      }
    }
    // The engine turns a long IN list into a join; a constant list is searched in place.
    const contains =
      operand.type === 'text' && members.length > 4
        ? this.#search(node.operand, members, `list_contains([${members.join(', ')}], ${operand.sql})`)
        : `${operand.sql} IN (${members.join(', ')})`
    return { sql: node.negated ? `(NOT ${contains})` : `(${contains})`, type: 'boolean' }
  }

  /** A search for a folded field among literals looks at the field's first character before it folds. */
  #search(operand: Node, members: readonly string[], search: string): string {
    if (operand.kind !== 'call' || (operand.name !== 'norm' && operand.name !== 'casefold')) return search
    const folded = operand.args[0]?.value
    const inner = folded?.kind === 'call' && folded.name === 'coalesce' ? folded.args[0]?.value : folded
    const words = members.map((member) => /^'(.+)'$/s.exec(member)?.[1] ?? null)
    if (inner?.kind !== 'field' || words.includes(null)) return search
    const column = this.node(inner).sql
    return /^("[^"]+"|[a-z_]+)$/.test(column)
      ? sparedSearch(
          column,
          words.flatMap((word) => word ?? []),
          search,
        )
      : search
  }

  /** Whether a value is there, without computing it where its null-ness is that of a part. */
  #isThere(node: Node): string {
    if (node.kind === 'call' && (node.name === 'norm' || node.name === 'casefold') && node.args[0] !== undefined)
      return this.#isThere(node.args[0].value)
    if (node.kind === 'call' && node.name === 'coalesce' && node.args.some(({ value }) => value.kind === 'literal'))
      return 'TRUE'
    return `${this.node(node).sql} IS NOT NULL`
  }

  #members(node: InNode, list: readonly Node[]): readonly string[] {
    return list.map((member) => this.#alike(member, node.operand, member)[1].sql)
  }

  #listParam(node: ParamNode, operand: SqlExpr): readonly string[] {
    const value = this.#param(node)
    const textual = operand.type === 'text' || operand.type === 'unknown'
    if (value.type === 'list' && textual) return value.value.map(literal)
    throw this.#error(node.offset, {
      en: `'in' needs a text and a list; $${node.name} is ${TYPE_WORDS[typeOf(value)].en}, the value is ${TYPE_WORDS[operand.type].en}`,
      es: `«in» necesita un texto y una lista; $${node.name} es ${TYPE_WORDS[typeOf(value)].es} y el valor es ${TYPE_WORDS[operand.type].es}`,
    })
  }

  #call(node: CallNode): SqlExpr {
    const spec = FUNCTIONS.get(node.name)
    if (spec === undefined) throw this.#error(node.offset, { en: 'unknown function', es: 'función desconocida' })
    const args = this.#arguments(node, spec)
    const same = args.find((arg, index) => parameterAt(spec, index)?.type === 'same' && arg.type !== 'unknown')
    if (spec.strict === true && spec.returns !== 'same' && /^NULL::\w+$/.test(args[0]?.sql ?? ''))
      return { sql: `CAST(NULL AS ${SQL_NAMES[spec.returns]})`, type: spec.returns }
    const result = spec.sql(args, {
      scope: this.#scope,
      inAggregate: this.#inAggregate,
      error: (arg, problem, hint) => this.#error(arg?.node.offset ?? node.offset, problem, hint),
    })
    if (typeof result !== 'string') return result
    const type = spec.returns === 'same' ? (same?.type ?? 'unknown') : spec.returns
    if (node.name === 'coalesce') return this.#coalesced(args, `(${result})`, type)
    if (spec.total !== true) return { sql: `(${result})`, type }
    return this.#known(args[0]?.sql ?? 'NULL', lackingSql(node, this.#scope, this.#inAggregate), `(${result})`, type)
  }

  /** Another field may stand in for one that is absent; a constant says only what an empty one means. */
  #coalesced(args: readonly CallArgument[], sql: string, type: SqlType): SqlExpr {
    const fields = args.slice(0, args.findLastIndex(({ node }) => readsField(node)) + 1)
    const lacking = fields.flatMap(({ node }) => lackingSql(node, this.#scope, this.#inAggregate) ?? [])
    const value = `coalesce(${fields.map((arg) => arg.sql).join(', ')})`
    const known = this.#known(value, lacking.length === 0 ? null : lacking.join(' OR '), sql, type)
    return { ...known, sure: known.sure === true && args.at(-1)?.sure === true }
  }

  #arguments(node: CallNode, spec: FunctionSpec): readonly CallArgument[] {
    const placed = placeArguments(node, spec)
    const required = spec.parameters.filter((parameter) => !parameter.optional).length
    if (placed === null || placed.length < required) {
      throw this.#error(node.offset, wrongArity(node.name, spec), null)
    }
    let same: SqlType = 'unknown'
    return placed.map((value, index) => {
      const parameter = parameterAt(spec, index)
      if (parameter === null) throw this.#error(value.offset, wrongArity(node.name, spec))
      const wanted = parameter.type === 'same' ? same : parameter.type
      const compiled = wanted === 'any' || wanted === 'unknown' ? this.node(value) : this.#typed(value, wanted)
      if (parameter.type === 'same' && same === 'unknown') same = compiled.type
      return { node: value, ...compiled, constant: this.#constant(value, parameter) }
    })
  }

  #constant(node: Node, parameter: FunctionParameter): ParamValue | null {
    if (node.kind === 'param') return this.#param(node)
    if (node.kind === 'literal') {
      const { literal: value } = node
      if (value.type === 'text' || value.type === 'decimal') return value
    }
    if (!parameter.constant) return null
    throw this.#error(node.offset, {
      en: `the argument '${parameter.name}' is a literal or a parameter`,
      es: `el argumento «${parameter.name}» es un literal o un parámetro`,
    })
  }

  #aggregate(node: AggregateNode): SqlExpr {
    if (!this.#scope.aggregate || this.#inAggregate) {
      const nested = this.#inAggregate
      throw this.#error(node.offset, {
        en: nested ? `${node.name}() stands inside another aggregate` : `${node.name}() needs a rule with 'group'`,
        es: nested ? `${node.name}() está dentro de otro agregado` : `${node.name}() necesita una regla con «group»`,
      })
    }
    this.#inAggregate = true
    const operand = this.#aggregated(node)
    const own = node.where === undefined ? undefined : this.#condition(node.where)
    this.#inAggregate = false
    const filters = [this.#scope.filter, own].filter((one) => one !== undefined)
    const filter = filters.length === 0 ? undefined : filters.join(' AND ')
    const aggregate = aggregateSql(node, operand, filter, this.#scope.authority ?? null)
    const silent = node.name === 'count' ? lackingSql(node.operand, this.#scope, false, true) : null
    // None of those who cannot say is no count.
    if (silent === null) return aggregate
    return { ...aggregate, sql: `(CASE WHEN ${silent} THEN NULL ELSE ${aggregate.sql} END)` }
  }

  #aggregated(node: AggregateNode): SqlExpr {
    switch (node.name) {
      case 'any':
      case 'all':
      case 'none':
        return this.#typed(node.operand, 'boolean')
      case 'sum':
        return this.#typed(node.operand, 'decimal')
      case 'count':
      case 'min':
      case 'max':
      case 'authority':
        return this.node(node.operand)
    }
  }

  #mismatch(node: Node, left: SqlExpr, right: SqlExpr, what: string): Error {
    const [one, other] = [TYPE_WORDS[left.type], TYPE_WORDS[right.type]]
    return this.#error(node.offset, {
      en: `${what} does not go with ${one.en} and ${other.en}`,
      es: `${what === 'a comparison' ? 'una comparación' : what} no admite ${one.es} y ${other.es}`,
    })
  }

  #error(offset: number, problem: Problem, hint: Problem | null = null): Error {
    return fail('rules/expression-type', { problem, hint }, placeOf(this.#expr, offset))
  }
}
