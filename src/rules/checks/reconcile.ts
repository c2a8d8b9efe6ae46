/** Two figures held against each other: of a row, or aggregates over the sides of a group. */
import type { UnknownReason } from '../../model/report.ts'
import {
  type Aggregates,
  type CompileInput,
  domainOf,
  FAIL,
  failCode,
  type Member,
  members,
  NOT_APPLICABLE,
  type Outcome,
  PASS,
  sideScope,
  type Told,
  unknown,
  whereSql,
} from '../check.ts'
import { arithmetic } from '../expression/arithmetic.ts'
import { aggregatesOf, type Expr } from '../expression/ast.ts'
import { compileExpression } from '../expression/compile.ts'
import { once } from '../expression/once.ts'
import type { SqlExpr } from '../expression/scope.ts'
import type { Gap, ReconcileRule, Rule, RuleCode } from '../rule.ts'
import { lifted } from './lift.ts'
import { guards } from './price.ts'
import { skewGuard } from './skew.ts'
import { speaksOf } from './speaks.ts'

/** The figures as SQL, and how a condition beside them is printed. */
interface Figures {
  readonly left: string
  readonly right: string
  readonly abs: string | null
  readonly pct: string | null
  /** Why there is no right figure, where there is none. */
  readonly lacking: UnknownReason
  condition(expr: Expr): string
}

/** One outcome per group; where the channel is part of the group, one per channel. */
export function compileReconcile(rule: ReconcileRule, input: CompileInput, use: Aggregates): readonly Outcome[] {
  if (!speaksOf(input)) return [{ member: null, sql: String(unknown('no_input')) }]
  const where = whereSql(input)
  if (rule.group?.includes('channel') !== true) {
    return members(input).map((member) => judged(rule, input, use, where, member, member?.value ?? null))
  }
  return input.world.channels.map(({ id }, index) => judged(rule, input, use, `(${where}) AND ch = ${index}`, null, id))
}

function judged(
  rule: ReconcileRule,
  input: CompileInput,
  use: Aggregates,
  filter: string,
  member: Member,
  name: string | null,
): Outcome {
  const count = use.use(`count(*) FILTER (WHERE ${filter})`)
  const empty = `WHEN ${count} = 0 THEN ${NOT_APPLICABLE}`
  if ([rule.left, rule.right].every((expr) => aggregatesOf(expr).size === 0)) {
    return eachSide(rule, input, use, { filter, member, name, empty })
  }
  const figure = (expr: Expr | null): string | null => {
    if (expr === null) return null
    const scope = sideScope(input, { aggregate: true, judged: true, filter, ...(member === null ? {} : { member }) })
    return use.use(compileExpression(expr, scope).sql)
  }
  const figures: Figures = {
    left: figure(rule.left) ?? 'NULL',
    right: figure(rule.right) ?? 'NULL',
    abs: figure(rule.tolerance?.abs ?? null),
    pct: figure(rule.tolerance?.pct ?? null),
    condition: (expr) => lifted(expr, input, use, filter, member),
    lacking: lackingFor(rule, input),
  }
  const branches = [empty]
  for (const { reason, when } of rule.unknownWhen) {
    branches.push(`WHEN ${figures.condition(when)} THEN ${unknown(reason)}`)
  }
  branches.push(...guarded(rule, input, use, filter))
  if (rule.except !== null) branches.push(`WHEN ${figures.condition(rule.except)} THEN ${PASS}`)
  for (const code of rule.codes) {
    if (code.when === null || code.gap !== undefined) continue
    branches.push(`WHEN ${lifted(code.when, input, use, filter, member, true)} THEN ${failCode(rule, code.code)}`)
  }
  const sql = `CASE ${branches.join(' ')} ELSE ${gapCase(rule, figures)} END`
  return { member: name, sql, told: { value: figures.left, expected: figures.right } }
}

interface Sides {
  readonly filter: string
  readonly member: Member
  readonly name: string | null
  /** Branch for a group in which nobody takes part. */
  readonly empty: string
}

/** Figures without an aggregate are those of each side: the group fails where one does, whatever else is unknown. */
function eachSide(
  rule: ReconcileRule,
  input: CompileInput,
  use: Aggregates,
  { filter, member, name, empty }: Sides,
): Outcome {
  const own = rowFigures(rule, input, member)
  const side = gapCase(rule, own)
  const worst = use.use(`max(${side}) FILTER (WHERE ${filter})`)
  const condition = (expr: Expr): string => lifted(expr, input, use, filter, member)
  const branches = [empty, ...guarded(rule, input, use, filter)]
  if (rule.except !== null) branches.push(`WHEN ${condition(rule.except)} THEN ${PASS}`)
  for (const code of rule.codes) {
    if (code.when === null || code.gap !== undefined) continue
    branches.push(`WHEN ${lifted(code.when, input, use, filter, member, true)} THEN ${failCode(rule, code.code)}`)
  }
  branches.push(`WHEN ${worst} >= ${FAIL} THEN ${worst}`)
  for (const { reason, when } of rule.unknownWhen) branches.push(`WHEN ${condition(when)} THEN ${unknown(reason)}`)
  return {
    member: name,
    sql: `CASE ${branches.join(' ')} ELSE coalesce(${worst}, ${NOT_APPLICABLE}) END`,
    told: { value: own.left, expected: own.right, failing: `(${filter}) AND (${side}) >= ${FAIL}` },
  }
}

/** What must hold before the figures of several sides can be compared at all. */
export function guarded(rule: Rule, input: CompileInput, use: Aggregates, filter: string): readonly string[] {
  const { same, taxBasis, minConfidence } = rule.guard
  const branches: string[] = []
  if (minConfidence !== null) {
    const weakest = use.use(`min(link_confidence) FILTER (WHERE ${filter})`)
    branches.push(`WHEN ${weakest} < ${minConfidence} THEN ${unknown('confidence')}`)
  }
  if (same.includes('currency')) {
    const [currency, pack] = guards(input, use, filter)
    branches.push(...[currency, same.includes('pack_quantity') ? pack : undefined].filter((one) => one !== undefined))
  }
  if (taxBasis !== null) {
    const open = use.use(`coalesce(bool_or(taxed IS NULL) FILTER (WHERE ${filter} AND x_regular IS NOT NULL), FALSE)`)
    branches.push(`WHEN ${open} THEN ${unknown('tax_basis')}`)
  }
  return [...branches, ...skewGuard(input, use, filter, rule.on === 'stock' ? 'stock' : 'price')]
}

/** The same for a row: SQL of what is left when the row's other branches have not decided. */
export function rowGap(rule: ReconcileRule, input: CompileInput, member: Member): string {
  return gapCase(rule, rowFigures(rule, input, member))
}

/** What the message of a failing row says of it. */
export function rowTold(rule: ReconcileRule, input: CompileInput, member: Member): Told {
  const { left, right } = rowFigures(rule, input, member)
  return { value: left, expected: right }
}

function rowFigures(rule: ReconcileRule, input: CompileInput, member: Member): Figures {
  const scope = sideScope(input, { aggregate: false, judged: true, ...(member === null ? {} : { member }) })
  const figure = (expr: Expr): string => compileExpression(expr, scope).sql
  const { abs = null, pct = null } = rule.tolerance ?? {}
  return {
    left: figure(rule.left),
    right: figure(rule.right),
    abs: abs === null ? null : figure(abs),
    pct: pct === null ? null : figure(pct),
    condition: figure,
    lacking: 'no_input',
  }
}

export function gapCase(rule: ReconcileRule, figures: Figures): string {
  return once('l', figures.left, (left) =>
    once('r', figures.right, (right) => judge(rule, { ...figures, left, right })),
  )
}

function judge(rule: ReconcileRule, figures: Figures): string {
  const { left, right } = figures
  const branches = [
    `WHEN ${left} IS NULL THEN ${NOT_APPLICABLE}`,
    `WHEN ${right} IS NULL THEN ${unknown(figures.lacking)}`,
    `WHEN NOT (${isOff(rule, figures)}) THEN ${PASS}`,
  ]
  const named = rule.codes.filter(({ gap }) => gap !== undefined)
  for (const code of named) branches.push(`WHEN ${fits(code, figures)} THEN ${failCode(rule, code.code)}`)
  const general = rule.codes.find(({ when, gap }) => when === null && gap === undefined)
  // A rule with a message of its own beside its codes has something to say of every other gap.
  const unnamed = rule.codes.length === 0 || rule.message !== null ? FAIL + rule.codes.length : PASS
  const otherwise = general === undefined ? unnamed : failCode(rule, general.code)
  return `CASE ${branches.join(' ')} ELSE ${otherwise} END`
}

function isOff(rule: ReconcileRule, { left, right, abs, pct }: Figures): string {
  const decimal = (sql: string): SqlExpr => ({ sql, type: 'decimal' })
  const allowed = [
    ...(abs === null ? [] : [`coalesce(${abs}, 0)`]),
    ...(pct === null ? [] : [`coalesce(${arithmetic('*', decimal(pct), decimal(`abs(${right})`))?.sql}, 0)`]),
  ]
  const most = allowed.length === 0 ? '0' : allowed.length === 1 ? allowed[0] : `greatest(${allowed.join(', ')})`
  switch (rule.relation) {
    case 'equal':
      return `abs(${left} - ${right}) > ${most}`
    case 'at_most':
      return `${left} - ${right} > ${most}`
    case 'at_least':
      return `${right} - ${left} > ${most}`
  }
}

const SIGNS: { readonly [G in Gap]: string } = { over: '>', under: '<', any: '<>' }

function fits({ when, gap = 'any' }: RuleCode, { left, right, condition }: Figures): string {
  const side = `${left} ${SIGNS[gap]} ${right}`
  return when === null ? side : `(${side} AND ${condition(when)})`
}

function lackingFor(rule: ReconcileRule, { world }: CompileInput): UnknownReason {
  return asksAuthority(rule) && world.authority(domainOf(rule)) === null ? 'no_authority' : 'no_input'
}

/** Whether one of the expressions asks for the value of the one who is right. */
export function asksAuthority({ left, right }: ReconcileRule): boolean {
  return [left, right].some((expr) => aggregatesOf(expr).has('authority'))
}
