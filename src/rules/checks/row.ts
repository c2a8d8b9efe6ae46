/** Rows judged alone: `format`, `present`, `implies`, `window` without a group. */

import { type FieldName, isFieldName } from '../../model/field.ts'
import {
  type CompileInput,
  conditionSql,
  failCode,
  judgedSql,
  type Member,
  members,
  NOT_APPLICABLE,
  type Outcome,
  PASS,
  sideScope,
  unknown,
  unnamed,
  valueSql,
  whereSql,
} from '../check.ts'
import { lackingSql } from '../expression/absence.ts'
import type { Expr } from '../expression/ast.ts'
import { chain } from '../expression/chain.ts'
import { compileCondition } from '../expression/compile.ts'
import { judgedFields } from '../judged.ts'
import type { ImpliesRule, Rule } from '../rule.ts'
import { rowGap, rowTold } from './reconcile.ts'
import { speaksOf } from './speaks.ts'
import { unreadSql } from './unread.ts'

/** Compiles to one CASE per member: where, unknown, except, the codes in the order of the file, pass. */
export function compileRow(input: CompileInput): readonly Outcome[] {
  const { rule } = input
  return members(input).map((member) => ({
    member: member?.value ?? null,
    sql: rowCase(input, member),
    ...(rule.kind === 'reconcile' && speaksOf(input) ? { told: rowTold(rule, input, member) } : {}),
  }))
}

function rowCase(input: CompileInput, member: Member): string {
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
  if (rule.kind === 'format' && rule.value !== null) branches.push(...empty(rule.value, input, member))
  for (const { reason, when } of rule.unknownWhen)
    branches.push(`WHEN ${conditionSql(when, input, member)} THEN ${unknown(reason)}`)
  if (rule.except !== null) branches.push(`WHEN ${conditionSql(rule.except, input, member)} THEN ${PASS}`)
  return cased(branches, verdict(rule, input, member))
}

/** Branches in order, and what is left when none of them decides. */
interface Cases {
  readonly branches: readonly string[]
  readonly otherwise: string
}

function cased(before: readonly string[], { branches, otherwise }: Cases): string {
  const all = [...before, ...branches]
  return all.length === 0 ? otherwise : `CASE ${all.join(' ')} ELSE ${otherwise} END`
}

/** A form that there is nothing of; nobody knows whether there is where no source of the channel has the field. */
function empty(value: Expr, input: CompileInput, member: Member): string[] {
  const sql = `${valueSql(value, input, member ?? undefined).sql} IS NULL`
  const lacking = lackingSql(value.root, sideScope(input, { aggregate: false, judged: true }), false)
  const silent = lacking === null ? [] : [`WHEN ${sql} AND ${lacking} THEN ${unknown('no_input')}`]
  return [...silent, `WHEN ${sql} THEN ${NOT_APPLICABLE}`]
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
  const cells = needed(rule).flatMap((field) => (world.speaks(field) ? (unreadSql(field) ?? []) : []))
  return cells.map((cell) => `WHEN ${cell} THEN ${unknown('vocabulary')}`)
}

/** What a rule declares to need, else the fields that it judges. */
function needed(rule: Rule): readonly FieldName[] {
  return rule.needs.length > 0 ? rule.needs : judgedFields(rule)
}

/** A member that names a field is judged only where the source has that field. */
function spokenField(member: string): FieldName | null {
  return isFieldName(member) ? member : null
}

/** The attribute that stands for a member in `attributes[$k]`. */
function attributeOf(rule: Rule, member: string): FieldName | null {
  return rule.fields.some((field) => field.startsWith('attributes[$')) ? `attributes.${member}` : null
}

/** What the kind says of a row. */
function verdict(rule: Rule, input: CompileInput, member: Member): Cases {
  const codes = rule.codes.flatMap(({ code, when, gap }) =>
    when === null || gap !== undefined ? [] : [{ code, ...judgedSql(when, input, member) }],
  )
  const named = codes.map(({ code, sql }) => `WHEN ${sql} THEN ${failCode(rule, code)}`)
  if (rule.kind === 'reconcile') return { branches: named, otherwise: rowGap(rule, input, member) }
  if (rule.kind === 'implies') return implied(rule, input, member, named)
  if (rule.kind === 'present' && rule.require !== null) {
    const { sql } = judgedSql(rule.require, input, member)
    if (named.length === 0) return { branches: [], otherwise: judged(sql, unnamed(rule)) }
    return { branches: [`WHEN ${sql} THEN ${PASS}`, ...named], otherwise: judged(sql, unnamed(rule)) }
  }
  // One code may hold of which nobody knows whether it does.
  const open = codes.flatMap(({ sql, sure }) => (sure === true ? [] : [sql]))
  const unsure = open.length === 0 ? [] : [`WHEN ${chain('or', open)} IS NULL THEN ${unknown('no_input')}`]
  return { branches: [...named, ...unsure], otherwise: String(PASS) }
}

/** Codes name a consequence that does not hold. */
function implied(rule: ImpliesRule, input: CompileInput, member: Member, named: readonly string[]): Cases {
  const [given, then] = [judgedSql(rule.condition, input, member), judgedSql(rule.consequence, input, member).sql]
  const open = given.sure === true ? [] : [`WHEN (${given.sql}) IS NULL THEN ${unknown('no_input')}`]
  if (named.length > 0) {
    const branches = [`WHEN NOT ${given.sql} THEN ${NOT_APPLICABLE}`, `WHEN ${then} THEN ${PASS}`, ...open, ...named]
    return { branches, otherwise: judged(then, unnamed(rule)) }
  }
  const doubtful = open.length === 0 ? NOT_APPLICABLE : `CASE WHEN ${then} THEN ${PASS} ELSE ${unknown('no_input')} END`
  const cases = `WHEN TRUE THEN ${judged(then, unnamed(rule))} WHEN FALSE THEN ${NOT_APPLICABLE}`
  return { branches: [], otherwise: `CASE ${given.sql} ${cases} ELSE ${doubtful} END` }
}

/** The condition stands once: the engine would compute a repeated one for every row. */
function judged(condition: string, failure: number): string {
  return `CASE ${condition} WHEN TRUE THEN ${PASS} WHEN FALSE THEN ${failure} ELSE ${unknown('no_input')} END`
}
