import { isFieldName } from '../../model/field.ts'
import type { CompileInput } from '../check.ts'
import { fieldsOf } from '../expression/ast.ts'

/** Whether some channel can speak of what the rule needs. */
export function speaksOf(input: CompileInput): boolean {
  const needs = input.rule.needs
  if (needs.length > 0) return needs.some((field) => input.world.speaks(field))
  const stated = 'left' in input.rule ? input.rule.left : 'value' in input.rule ? input.rule.value : null
  const value = stated === null ? [] : fieldsOf(stated)
  const fields = value.filter((name) => isFieldName(name))
  return fields.length === 0 || fields.some((name) => input.world.speaks(name))
}
