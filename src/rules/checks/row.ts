/** Rows judged alone: `format`, `present`, `implies`, `window` without a group. */

import { ident } from '../../engine/engine.ts'
import { type FieldName, type FieldType, fieldType, isFieldName } from '../../model/field.ts'
import {
  type CompileInput,
  conditionSql,
  FAIL,
  failCode,
  members,
  NOT_APPLICABLE,
  type Outcome,
  PASS,
  sideScope,
  unknown,
  valueSql,
  whereSql,
} from '../check.ts'
import { compileCondition } from '../expression/compile.ts'
import type { Rule } from '../rule.ts'
import { rowGap, rowTold } from './reconcile.ts'
import { speaksOf } from './speaks.ts'

type Member = { name: string; value: string } | null

/** Compiles to one CASE per member: where, unknown, except, the codes in the order of the file, pass. */
export function compileRow(input: CompileInput): readonly Outcome[] {
  const { rule } = input
  return members(input).map((member) => ({
    member: member?.value ?? null,
    sql: rowCase(input, member),
    ...(rule.kind === 'reconcile' && speaksOf(input) ? { told: rowTold(rule, input, member) } : {}),
  }))
}

function rowCase(input: CompileInput, member: { name: string; value: string } | null): string {
  const { rule } = input
  const spoken = member === null ? null : spokenField(member.value)
  const attribute = member === null ? null : attributeOf(rule, member.value)
  if (attribute !== null && !input.world.speaks(attribute)) {
    // Of several attributes that say the same thing a project has some: without any, nobody says anything.
    const others = members(input).some((one) => one !== null && input.world.speaks(`attributes.${one.value}`))
    return String(others ? NOT_APPLICABLE : unknown('no_input'))
  }
  if (!speaksOf(input) || (spoken !== null && !input.world.speaks(spoken))) return String(unknown('no_input'))
  const branches = [
    ...unclear(input, member),
    `WHEN NOT (${whereSql(input, member)}) THEN ${NOT_APPLICABLE}`,
    ...silent(input),
    ...unread(input),
  ]
  if (spoken !== null) branches.push(`WHEN NOT (${input.world.speaking(spoken)}) THEN ${NOT_APPLICABLE}`)
  if (rule.kind === 'format' && rule.value !== null) {
    branches.push(`WHEN ${valueSql(rule.value, input, member ?? undefined).sql} IS NULL THEN ${NOT_APPLICABLE}`)
  }
  for (const { reason, when } of rule.unknownWhen)
    branches.push(`WHEN ${conditionSql(when, input, false, undefined, member)} THEN ${unknown(reason)}`)
  if (rule.except !== null)
    branches.push(`WHEN ${conditionSql(rule.except, input, false, undefined, member)} THEN ${PASS}`)
  const coded = rule.codes.filter((code) => code.when !== null && code.gap === undefined)
  for (const code of coded) {
    if (code.when !== null)
      branches.push(
        `WHEN ${conditionSql(code.when, input, false, undefined, member)} THEN ${failCode(rule, code.code)}`,
      )
  }
  return `CASE ${branches.join(' ')} ELSE ${otherwise(rule, input, coded.length > 0, member)} END`
}

/** Whether a row takes part hangs on a word for its status that no vocabulary has. */
function unclear(input: CompileInput, member: Member): string[] {
  const { rule } = input
  if (rule.where === null || (rule.on !== 'listing' && rule.on !== 'price' && rule.on !== 'stock')) return []
  const where = compileCondition(
    rule.where,
    sideScope(input, { aggregate: false, ...(member === null ? {} : { member }) }),
  )
  return /\b(live|sellable|selling)\b/.test(where)
    ? [`WHEN live IS NULL AND (${where}) IS NULL THEN ${unknown('vocabulary')}`]
    : []
}

/** A channel of which no source has what the rule needs says nothing about it. */
function silent({ rule, world }: CompileInput): string[] {
  if (rule.needs.length === 0 || (rule.on !== 'listing' && rule.on !== 'price')) return []
  const telling = world.telling(rule.needs)
  return telling === 'true' ? [] : [`WHEN NOT (${telling}) THEN ${NOT_APPLICABLE}`]
}

/** A cell has something in it that could not be read: neither a value nor none. */
function unread({ rule, world }: CompileInput): string[] {
  if (rule.on !== 'listing' && rule.on !== 'price' && rule.on !== 'stock') return []
  const fields = rule.needs.filter((field) => !PLAIN.has(fieldType(field)) && world.speaks(field))
  return fields.map(
    (field) =>
      `WHEN ${ident(field)} IS NULL AND trim(coalesce(${ident(`raw:${field}`)}, '')) <> '' THEN ${unknown('vocabulary')}`,
  )
}

const PLAIN = new Set<FieldType>(['text', 'key', 'gtin', 'list'])

/** A member that names a field is judged only where the source has that field. */
function spokenField(member: string): FieldName | null {
  return isFieldName(member) ? member : null
}

/** The attribute that stands for a member in `attributes[$k]`. */
function attributeOf(rule: Rule, member: string): FieldName | null {
  return rule.fields.some((field) => field.startsWith('attributes[$')) ? `attributes.${member}` : null
}

/** What a row is that no branch has decided. */
function otherwise(rule: Rule, input: CompileInput, coded: boolean, member: Member): string {
  if (rule.kind === 'reconcile') return rowGap(rule, input, member)
  if (rule.kind === 'present')
    return coded || rule.require === null
      ? String(PASS)
      : judged(conditionSql(rule.require, input, false, undefined, member))
  if (rule.kind === 'implies') {
    const consequence = coded ? String(PASS) : judged(conditionSql(rule.consequence, input, false, undefined, member))
    return `CASE ${conditionSql(rule.condition, input, false, undefined, member)} WHEN TRUE THEN ${consequence} ELSE ${NOT_APPLICABLE} END`
  }
  return String(PASS)
}

/** The condition stands once: the engine would compute a repeated one for every row. */
function judged(condition: string): string {
  return `CASE ${condition} WHEN TRUE THEN ${PASS} WHEN FALSE THEN ${FAIL} ELSE ${unknown('no_input')} END`
}
