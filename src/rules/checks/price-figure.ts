/** A price of a listing against a figure that stands elsewhere. */
import { ident } from '../../engine/engine.ts'
import { type CompileInput, NOT_APPLICABLE, PASS, sideScope, unknown } from '../check.ts'
import { compileCondition, compileExpression } from '../expression/compile.ts'
import type { Scope } from '../expression/scope.ts'
import { ruleFieldType } from '../fields.ts'
import { PRICE_FIGURE_FIELDS, PRICE_FIGURE_INPUTS } from '../price-figures.ts'
import type { ReconcileRule } from '../rule.ts'
import { gapCase } from './reconcile.ts'

export interface PriceFigure {
  /** SQL of the outcome and of the two figures, over the rows of the table. */
  readonly outcome: string
  readonly value: string
  readonly expected: string
}

export function compilePriceFigure(rule: ReconcileRule, input: CompileInput): PriceFigure {
  const own = sideScope(input, { aggregate: false })
  const scope: Scope = {
    ...own,
    field: (name, inAggregate) => {
      const type = PRICE_FIGURE_INPUTS.has(name) ? ruleFieldType(name) : PRICE_FIGURE_FIELDS.get(name)
      return type === undefined || type === null ? own.field(name, inAggregate) : { sql: ident(name), type }
    },
  }
  const figure = (expr: Parameters<typeof compileExpression>[0]): string => compileExpression(expr, scope).sql
  const { abs = null, pct = null } = rule.tolerance ?? {}
  const [left, right] = [figure(rule.left), figure(rule.right)]
  const branches: string[] = []
  if (rule.where !== null)
    branches.push(`WHEN (${compileCondition(rule.where, scope)}) IS NOT TRUE THEN ${NOT_APPLICABLE}`)
  for (const { reason, when } of rule.unknownWhen) {
    branches.push(`WHEN ${compileCondition(when, scope)} THEN ${unknown(reason)}`)
  }
  if (rule.except !== null) branches.push(`WHEN ${compileCondition(rule.except, scope)} THEN ${PASS}`)
  const gap = gapCase(rule, {
    left,
    right,
    abs: abs === null ? null : figure(abs),
    pct: pct === null ? null : figure(pct),
    lacking: 'no_input',
    condition: figure,
  })
  return { outcome: `CASE ${branches.join(' ')} ELSE ${gap} END`, value: left, expected: right }
}
