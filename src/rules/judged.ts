/** What a rule judges, beside what chooses, exempts and guards. */
import { type FieldName, isFieldName } from '../model/field.ts'
import { type Expr, fieldsOf } from './expression/ast.ts'
import { MADE_OF } from './fields.ts'
import type { Rule } from './rule.ts'

/** What can be wrong first. */
function judgedExpressions(rule: Rule): readonly Expr[] {
  const codes = rule.codes.map(({ when }) => when)
  return [...own(rule), ...codes].filter((expr) => expr !== null)
}

function own(rule: Rule): readonly (Expr | null)[] {
  switch (rule.kind) {
    case 'implies':
      return [rule.consequence, rule.condition]
    case 'present':
      return [rule.require]
    case 'reconcile':
      return [rule.left, rule.right]
    case 'unique':
      return [rule.key]
    case 'window':
      return [rule.interval.start, rule.interval.end]
    case 'equal':
    case 'similar':
    case 'within':
    case 'format':
    case 'reference':
    case 'match':
      return [rule.value]
    case 'fresh':
    case 'drift':
    case 'sql':
    case 'history':
      return []
  }
}

/** Canonical fields that the rule judges by name, each once. */
export function judgedFields(rule: Rule): readonly FieldName[] {
  return [...new Set(judgedExpressions(rule).flatMap(fieldsOf))].filter(isFieldName)
}

/** Canonical fields that show what the rule judges. */
export function shownFields(rule: Rule): readonly FieldName[] {
  const names = judgedExpressions(rule).flatMap(fieldsOf)
  return [...new Set(names.flatMap((name) => (isFieldName(name) ? [name] : (MADE_OF[name] ?? []))))]
}
