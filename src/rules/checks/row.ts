/** Rows judged alone: `format`, `present`, `implies`, `window` without a group. */
import type { ImpliesRule, PresentRule, Rule } from '../rule.ts'
import { type CompileInput, conditionSql, FAIL, failCode, members, NOT_APPLICABLE, type Outcome, PASS, unknown, valueSql, whereSql } from '../check.ts'
import { fieldsOf } from '../expression/ast.ts'
import { type FieldName, isFieldName } from '../../model/field.ts'

type Member = { name: string; value: string } | null

/** Compiles to one CASE per member: where, unknown, except, the codes in the order of the file, pass. */
export function compileRow(input: CompileInput): readonly Outcome[] {
  return members(input).map((member) => ({ member: member?.value ?? null, sql: rowCase(input, member) }))
}

function rowCase(input: CompileInput, member: { name: string; value: string } | null): string {
  const { rule } = input
  const spoken = member === null ? null : spokenField(member.value)
  if (!speaksOf(input) || (spoken !== null && !input.world.speaks(spoken))) return String(unknown('no_input'))
  const branches = [`WHEN NOT (${whereSql(input)}) THEN ${NOT_APPLICABLE}`]
  if (spoken !== null) branches.push(`WHEN NOT (${input.world.speaking(spoken)}) THEN ${NOT_APPLICABLE}`)
  if (rule.kind === 'format' && rule.value !== null) {
    branches.push(`WHEN ${valueSql(rule.value, input, member ?? undefined).sql} IS NULL THEN ${NOT_APPLICABLE}`)
  }
  for (const { reason, when } of rule.unknownWhen) branches.push(`WHEN ${conditionSql(when, input, false)} THEN ${unknown(reason)}`)
  if (rule.except !== null) branches.push(`WHEN ${conditionSql(rule.except, input, false)} THEN ${PASS}`)
  const coded = rule.codes.filter((code) => code.when !== null)
  for (const code of coded) {
    if (code.when !== null) branches.push(`WHEN ${conditionSql(code.when, input, false)} THEN ${failCode(rule, code.code)}`)
  }
  branches.push(...kindBranches(rule, input, coded.length > 0, member))
  return `CASE ${branches.join(' ')} ELSE ${PASS} END`
}

/** A member that names a field is judged only where the source has that field. */
function spokenField(member: string): FieldName | null {
  return isFieldName(member) ? member : null
}

function kindBranches(rule: Rule, input: CompileInput, coded: boolean, member: Member): string[] {
  if (rule.kind === 'present') return presentBranches(rule, input, coded, member)
  if (rule.kind === 'implies') return impliesBranches(rule, input, coded)
  return []
}

function presentBranches(rule: PresentRule, input: CompileInput, coded: boolean, member: Member): string[] {
  if (rule.require === null || coded) return []
  const require = conditionSql(rule.require, input, false, undefined, member)
  return [`WHEN (${require}) IS NULL THEN ${unknown('no_input')}`, `WHEN NOT (${require}) THEN ${FAIL}`]
}

function impliesBranches(rule: ImpliesRule, input: CompileInput, coded: boolean): string[] {
  const condition = conditionSql(rule.condition, input, false)
  const branches = [`WHEN (${condition}) IS NULL THEN ${NOT_APPLICABLE}`, `WHEN NOT (${condition}) THEN ${NOT_APPLICABLE}`]
  if (coded) return branches
  const then = conditionSql(rule.consequence, input, false)
  return [...branches, `WHEN (${then}) IS NULL THEN ${unknown('no_input')}`, `WHEN NOT (${then}) THEN ${FAIL}`]
}

/** Whether some channel can speak of what the rule needs. */
export function speaksOf(input: CompileInput): boolean {
  const needs = input.rule.needs
  if (needs.length > 0) return needs.some((field) => input.world.speaks(field))
  const value = 'value' in input.rule && input.rule.value !== null ? fieldsOf(input.rule.value) : []
  const fields = value.filter((name) => isFieldName(name))
  return fields.length === 0 || fields.some((name) => input.world.speaks(name))
}
