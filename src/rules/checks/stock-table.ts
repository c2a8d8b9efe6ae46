/** Checks on figures that were added up from stock: each row has the first code whose condition surely holds. */
import { ident } from '../../engine/engine.ts'
import { type CompileInput, FAIL, failCode, NOT_APPLICABLE, PASS, unknown } from '../check.ts'
import { compileCondition, compileExpression } from '../expression/compile.ts'
import type { Scope } from '../expression/scope.ts'
import { ruleFieldNames, ruleFieldType } from '../fields.ts'

function stockTableScope({ params, world }: CompileInput): Scope {
  return {
    field: (name) => {
      const type = ruleFieldType(name)
      return type === null ? null : { sql: ident(name), type }
    },
    param: (name) => params[name] ?? null,
    names: ruleFieldNames,
    aggregate: false,
    asOf: world.asOf,
  }
}

export function compileStockTable(input: CompileInput): string {
  const { rule } = input
  const scope = stockTableScope(input)
  const holds = (expr: Parameters<typeof compileCondition>[0]): string => compileCondition(expr, scope)
  const branches: string[] = []
  if (rule.where !== null) branches.push(`WHEN (${holds(rule.where)}) IS NOT TRUE THEN ${NOT_APPLICABLE}`)
  if (rule.except !== null) branches.push(`WHEN ${holds(rule.except)} THEN ${PASS}`)
  for (const { code, when } of rule.codes) {
    if (when !== null) branches.push(`WHEN ${holds(when)} THEN ${failCode(rule, code)}`)
  }
  for (const { reason, when } of rule.unknownWhen) branches.push(`WHEN ${holds(when)} THEN ${unknown(reason)}`)
  branches.push(...judged(input, scope))
  return branches.length === 0 ? String(PASS) : `CASE ${branches.join(' ')} ELSE ${PASS} END`
}

/** What the kind itself asks for, beside the codes. */
function judged({ rule }: CompileInput, scope: Scope): readonly string[] {
  const general = rule.codes.findIndex(({ when }) => when === null)
  const fault = FAIL + Math.max(0, general)
  if (rule.kind === 'reconcile') {
    const [left, right] = [rule.left, rule.right].map((expr) => compileExpression(expr, scope).sql)
    return [
      `WHEN ${left} IS NULL THEN ${NOT_APPLICABLE}`,
      `WHEN ${right} IS NULL THEN ${unknown('no_input')}`,
      `WHEN ${left} > ${right} THEN ${fault}`,
    ]
  }
  if (rule.kind === 'implies' && !rule.codes.some(({ when }) => when !== null)) {
    const [given, then] = [rule.condition, rule.consequence].map((expr) => `(${compileCondition(expr, scope)})`)
    return [
      `WHEN NOT ${given} THEN ${NOT_APPLICABLE}`,
      `WHEN ${then} THEN ${PASS}`,
      `WHEN ${given} IS NULL OR ${then} IS NULL THEN ${unknown('no_input')}`,
      `WHEN TRUE THEN ${fault}`,
    ]
  }
  return []
}
