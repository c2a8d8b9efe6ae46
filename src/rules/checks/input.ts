/** Checks on rows of inputs: one outcome per group of rows, or per row. */
import { ident } from '../../engine/engine.ts'
import { INPUTS } from '../../model/input.ts'
import { type CompileInput, decimalParam, FAIL, failCode, NOT_APPLICABLE, PASS, unknown } from '../check.ts'
import type { Expr } from '../expression/ast.ts'
import { compileCondition, compileExpression } from '../expression/compile.ts'
import type { Scope } from '../expression/scope.ts'
import { ruleFieldNames, ruleFieldType } from '../fields.ts'
import type { EqualRule, ImpliesRule, MatchRule, ReconcileRule, ReferenceRule, Rule } from '../rule.ts'

/** Scope of expressions over the rows of the rule's input. */
export function inputScope({ rule, params, world }: CompileInput, aggregate: boolean): Scope {
  return {
    field: (name) => {
      const type = ruleFieldType(name)
      return type === null ? null : { sql: ident(rowColumn(name, rule.on)), type }
    },
    param: (name) => params[name] ?? null,
    names: ruleFieldNames,
    aggregate,
    asOf: world.asOf,
  }
}

/** Column of a field: declared ones stand without the table's name. */
export function rowColumn(field: string, table: string): string {
  const [prefix, column = ''] = field.split('.')
  const declared = Object.values(INPUTS).find(({ row }) => row === table)
  return prefix === table && declared !== undefined && Object.hasOwn(declared.columns, column) ? column : field
}

/** SQL of a group's outcome, and of the figures that its message tells. */
interface InputOutcomeSql {
  readonly sql: string
  readonly told: readonly string[]
}

const NO_FIGURES = ['told_value', 'told_expected', 'told_rate', 'told_count']

function figures(own: Readonly<Record<string, string>>): readonly string[] {
  return NO_FIGURES.map((name) => `${own[name] ?? 'NULL::DECIMAL(18,6)'} AS ${name}`)
}

export function inputOutcome(input: CompileInput): InputOutcomeSql {
  const { rule } = input
  switch (rule.kind) {
    case 'equal':
      return { sql: equal(rule, input), told: figures({}) }
    case 'match':
      return { sql: match(rule, input), told: figures({}) }
    case 'implies':
      return { sql: implies(rule, input), told: figures(rowFigures(rule)) }
    case 'reference':
      return reference(rule, input)
    case 'reconcile':
      return reconcile(rule, input)
    default:
      throw new Error(`${rule.id}: a ${rule.kind} check does not judge rows of inputs`)
  }
}

function condition(expr: Expr, input: CompileInput): string {
  return compileCondition(expr, inputScope(input, input.rule.group !== null))
}

function unknowns(input: CompileInput): readonly string[] {
  return input.rule.unknownWhen.map(({ reason, when }) => `WHEN ${condition(when, input)} THEN ${unknown(reason)}`)
}

function excepted(input: CompileInput): readonly string[] {
  const { except } = input.rule
  return except === null ? [] : [`WHEN ${condition(except, input)} THEN ${PASS}`]
}

/** A failure has the first code whose condition holds, or the one without a condition. */
function named(input: CompileInput): string {
  const { codes } = input.rule
  const branches = codes.flatMap(({ when }, index) =>
    when === null ? [] : [`WHEN ${condition(when, input)} THEN ${FAIL + index}`],
  )
  const general = Math.max(
    0,
    codes.findIndex(({ when }) => when === null),
  )
  return branches.length === 0 ? String(FAIL + general) : `CASE ${branches.join(' ')} ELSE ${FAIL + general} END`
}

/** Codes with a condition are failures of their own. */
function ownFailures(rule: Rule, input: CompileInput): readonly string[] {
  return rule.codes.flatMap(({ code, when }) =>
    when === null ? [] : [`WHEN ${condition(when, input)} THEN ${failCode(rule, code)}`],
  )
}

function equal(rule: EqualRule, input: CompileInput): string {
  const value = compileExpression(rule.value, inputScope(input, false)).sql
  const own = ownFailures(rule, input)
  const general = rule.codes.findIndex(({ when }) => when === null)
  const alone = own.length === 0 ? NOT_APPLICABLE : PASS
  const differing = general < 0 && rule.codes.length > 0 ? PASS : FAIL + Math.max(0, general)
  return `CASE ${[
    ...unknowns(input),
    ...own,
    `WHEN count(${value}) < 2 THEN ${alone}`,
    `WHEN min(${value}) = max(${value}) THEN ${PASS}`,
    ...excepted(input),
  ].join(' ')} ELSE ${differing} END`
}

function match(rule: MatchRule, input: CompileInput): string {
  if (rule.value === null) {
    const branches = [`WHEN count(*) < 2 THEN ${NOT_APPLICABLE}`, ...unknowns(input), ...excepted(input)]
    return `CASE ${[...branches, ...ownFailures(rule, input)].join(' ')} ELSE ${PASS} END`
  }
  const value = compileExpression(rule.value, inputScope(input, false)).sql
  return `CASE ${[
    `WHEN count(*) < 2 THEN ${NOT_APPLICABLE}`,
    `WHEN min(${value}) = max(${value}) THEN ${PASS}`,
    ...unknowns(input),
    ...excepted(input),
  ].join(' ')} ELSE ${named(input)} END`
}

function implies(rule: ImpliesRule, input: CompileInput): string {
  const [given, then] = [condition(rule.condition, input), condition(rule.consequence, input)]
  return `CASE ${[
    ...unknowns(input),
    `WHEN NOT (${given}) THEN ${NOT_APPLICABLE}`,
    `WHEN ${then} THEN ${PASS}`,
    ...excepted(input),
    `WHEN (${given}) IS NULL OR (${then}) IS NULL THEN ${unknown('no_input')}`,
  ].join(' ')} ELSE ${named(input)} END`
}

/** Of a single row, `{count}` is the second of the rule's fields. */
function rowFigures({ group, fields, on }: ImpliesRule): Readonly<Record<string, string>> {
  const [, figure] = fields
  return group === null && figure !== undefined ? { told_count: ident(rowColumn(figure, on)) } : {}
}

/** The share of rows whose value holds. */
function reference(rule: ReferenceRule, input: CompileInput): InputOutcomeSql {
  const value = rule.value === null ? 'TRUE' : compileCondition(rule.value, inputScope(input, false))
  const share = `(count(*) FILTER (${value}) / count(*))`
  const branches = [...unknowns(input), `WHEN count(*) = 0 THEN ${NOT_APPLICABLE}`]
  const least = decimalParam(input, 'min_coverage', '1')
  return {
    sql: `CASE ${branches.join(' ')} WHEN ${share} >= ${least} THEN ${PASS} ELSE ${FAIL} END`,
    told: figures({
      told_rate: `${share}::DECIMAL(18,6)`,
      told_count: `count(*) FILTER ((${value}) IS NOT TRUE)`,
      told_value: 'count(*)',
    }),
  }
}

function reconcile(rule: ReconcileRule, input: CompileInput): InputOutcomeSql {
  const scope = inputScope(input, true)
  const [left, right] = [compileExpression(rule.left, scope).sql, compileExpression(rule.right, scope).sql]
  const allowed = rule.tolerance?.abs == null ? '0' : compileExpression(rule.tolerance.abs, scope).sql
  const off = {
    equal: `abs((${left}) - (${right})) > ${allowed}`,
    at_most: `(${left}) - (${right}) > ${allowed}`,
    at_least: `(${right}) - (${left}) > ${allowed}`,
  }[rule.relation]
  const general = rule.codes.findIndex(({ when }) => when === null)
  const branches = [
    ...unknowns(input),
    `WHEN (${left}) IS NULL THEN ${NOT_APPLICABLE}`,
    `WHEN (${right}) IS NULL THEN ${unknown('no_input')}`,
    ...excepted(input),
    ...ownFailures(rule, input),
    `WHEN NOT (${off}) THEN ${PASS}`,
  ]
  return {
    sql: `CASE ${branches.join(' ')} ELSE ${FAIL + Math.max(0, general)} END`,
    told: figures({ told_value: `(${left})::DECIMAL(18,6)`, told_expected: `(${right})::DECIMAL(18,6)` }),
  }
}
