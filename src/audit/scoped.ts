/**
 * Checks whose parameters, or being on, depend on the scope.
 *
 * A rule that judges rows takes for each row what holds there. A rule that judges the sides of an article together fails
 * where it fails with the parameters of any of the sides: the strictest ones decide, whichever way a parameter tightens.
 */
import { isFieldName } from '../model/field.ts'
import { type Aggregates, NOT_APPLICABLE, type Outcome, type World } from '../rules/check.ts'
import type { ParamValue } from '../rules/expression/scope.ts'
import type { EffectiveOverride, EffectiveRule } from '../rules/packs.ts'
import { type ScopeColumns, scopeSql } from '../rules/scopes.ts'

type Params = Readonly<Record<string, ParamValue>>

export interface Compiled {
  readonly outcomes: readonly Outcome[]
  readonly where: string
  readonly refine: string | null
}

/** One set of parameters, and where it holds. */
interface Variant {
  readonly params: Params
  /** Conditions of a side. */
  readonly side: readonly string[]
  /** Aggregates over all sides. */
  readonly all: readonly string[]
}

export function plainParams(effective: EffectiveRule): Params {
  return Object.fromEntries(Object.entries(effective.params).map(([name, param]) => [name, param.value]))
}

function columnsOf(world: World): ScopeColumns {
  const has = (column: string): boolean => isFieldName(column) && world.speaks(column)
  return { channels: world.channels, sources: world.sources, has }
}

/** Every set of parameters that can hold for a side, the rule's own last; an override that decides nothing splits nothing. */
function variantsOf(effective: EffectiveRule, columns: ScopeColumns): readonly Variant[] {
  const base = plainParams(effective)
  const split = (overrides: readonly EffectiveOverride[], set: Params, path: Omit<Variant, 'params'>): Variant[] => {
    const last = overrides.at(-1)
    if (last === undefined) return [{ ...path, params: { ...base, ...set } }]
    const before = overrides.slice(0, -1)
    const isIdle = Object.keys(last.params).every((name) => Object.hasOwn(set, name))
    const sql = isIdle ? 'FALSE' : scopeSql(last.when, columns)
    if (sql === 'FALSE') return split(before, set, path)
    const inside = { ...last.params, ...set }
    if (sql === 'TRUE') return split(before, inside, path)
    const key = last.allSides ? 'all' : 'side'
    return [
      ...split(before, inside, { ...path, [key]: [...path[key], sql] }),
      ...split(before, set, { ...path, [key]: [...path[key], `NOT ${sql}`] }),
    ]
  }
  return split(effective.overrides, {}, { side: [], all: [] })
}

/** SQL over a side or a group: the rule is off there; null where it never is. */
function offSql(effective: EffectiveRule, condition: (override: EffectiveOverride) => string): string | null {
  const judging = effective.overrides.filter(({ severity }) => severity !== null)
  if (!judging.some(({ severity }) => severity === 'off')) return null
  const cases = judging.map((one) => `WHEN ${condition(one)} THEN ${one.severity === 'off'}`)
  return `CASE ${cases.reverse().join(' ')} ELSE FALSE END`
}

function switched(outcomes: readonly Outcome[], off: string | null): readonly Outcome[] {
  if (off === null) return outcomes
  return outcomes.map((one) => ({ ...one, sql: `CASE WHEN ${off} THEN ${NOT_APPLICABLE} ELSE ${one.sql} END` }))
}

/** Outcomes of single rows. */
export function scopedRows(
  effective: EffectiveRule,
  world: World,
  compile: (params: Params) => readonly Outcome[],
): readonly Outcome[] {
  if (effective.overrides.length === 0) return compile(plainParams(effective))
  const columns = columnsOf(world)
  const variants = variantsOf(effective, columns)
  const compiled = variants.map(({ params }) => compile(params))
  const outcomes = membersOf(compiled).map((member) => {
    const texts = compiled.map((list) => sqlOf(list, member))
    const cases = variants.slice(0, -1).map((one, index) => `WHEN ${both(one)} THEN ${texts[index]}`)
    return { ...like(compiled, member), sql: chosen(texts) ?? `CASE ${cases.join(' ')} ELSE ${texts.at(-1)} END` }
  })
  return switched(
    outcomes,
    offSql(effective, ({ when }) => scopeSql(when, columns)),
  )
}

/** A row is its only side. */
function both({ side, all }: Variant): string {
  return [...side, ...all].join(' AND ') || 'TRUE'
}

/** Outcomes of the sides of an article together. */
export function scopedGroup(
  effective: EffectiveRule,
  world: World,
  use: Aggregates,
  compile: (params: Params, use: Aggregates) => Compiled,
): Compiled {
  if (effective.overrides.length === 0) return compile(plainParams(effective), use)
  const columns = columnsOf(world)
  const variants = variantsOf(effective, columns)
  const compiled = variants.map(({ params }) => compile(params, use))
  const own = compiled.at(-1)?.where ?? 'TRUE'
  // A channel that lacks the article has no row to ask, so all rows speak.
  const filter = effective.rule.kind === 'present' || own === 'TRUE' ? '' : ` FILTER (WHERE ${own})`
  const any = (sql: string): string => `coalesce(${use.use(`bool_or(${sql})${filter}`)}, FALSE)`
  const every = (sql: string): string => `coalesce(${use.use(`bool_and(${sql})${filter}`)}, FALSE)`
  const allOf = (sql: string): string => (sql.startsWith('NOT ') ? `NOT ${every(sql.slice(4))}` : every(sql))
  const holds = ({ side, all }: Variant): string =>
    [...(side.length === 0 ? [] : [any(side.join(' AND '))]), ...all.map(allOf)].join(' AND ') || 'TRUE'
  const scoped = variants.slice(0, -1)
  const all = compiled.map((one) => one.outcomes)
  const outcomes = membersOf(all).map((member) => {
    const texts = compiled.map((one) => sqlOf(one.outcomes, member))
    return { ...like(all, member), sql: chosen(texts) ?? strictest(variants, texts, holds) }
  })
  const off = offSql(effective, ({ when, allSides }) => {
    const sql = scopeSql(when, columns)
    if (sql === 'TRUE' || sql === 'FALSE') return sql
    return allSides ? every(sql) : any(sql)
  })
  const inside = (index: number): string => variants[index]?.side.join(' AND ') || 'TRUE'
  const wheres = compiled.map(({ where }) => where)
  const refined = compiled.flatMap(({ refine }, index) => (refine === null ? [] : [{ refine, inside: inside(index) }]))
  return {
    outcomes: switched(outcomes, off),
    where: chosen(wheres) ?? `(${wheres.map((where, index) => `(${inside(index)} AND ${where})`).join(' OR ')})`,
    refine:
      scoped.length === 0 || refined.length === 0
        ? (refined[0]?.refine ?? null)
        : refined
            .map((one) => `SELECT * FROM (${one.refine}) x WHERE item IN (SELECT item FROM side WHERE ${one.inside})`)
            .join(' UNION '),
  }
}

/** The worst outcome with the parameters of any side; with the rule's own where no scope has a side. */
function strictest(
  variants: readonly Variant[],
  texts: readonly string[],
  holds: (variant: Variant) => string,
): string {
  const scoped = variants.slice(0, -1).map(holds)
  const last = variants.at(-1)
  const own = `(${last === undefined ? 'TRUE' : holds(last)} OR NOT (${scoped.join(' OR ')}))`
  const parts = [...scoped, own].map((condition, index) => `CASE WHEN ${condition} THEN ${texts[index]} ELSE 0 END`)
  return `greatest(${parts.join(', ')})`
}

function membersOf(compiled: readonly (readonly Outcome[])[]): readonly (string | null)[] {
  return [...new Set(compiled.flatMap((list) => list.map(({ member }) => member)))]
}

/** What else there is to an outcome: the rule's own parameters word it. */
function like(compiled: readonly (readonly Outcome[])[], member: string | null): Omit<Outcome, 'sql'> {
  const found = compiled.toReversed().flatMap((list) => list.filter((one) => one.member === member))
  return found[0] ?? { member }
}

function sqlOf(outcomes: readonly Outcome[], member: string | null): string {
  return outcomes.find((one) => one.member === member)?.sql ?? String(NOT_APPLICABLE)
}

/** The one text that all are; null where they differ. */
function chosen(texts: readonly string[]): string | null {
  const [first = null] = texts
  return texts.every((text) => text === first) ? first : null
}
