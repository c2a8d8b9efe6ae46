/** Runs the checks: one scan for the board of articles, one for single rows; only what fails leaves the engine. */
import { type Engine, ident, literal } from '../engine/engine.ts'
import type { Coverage } from '../model/report.ts'
import { FAIL, NOT_APPLICABLE, type Outcome, PASS, reasonOf, TAX_SUSPECT } from '../rules/check.ts'
import { Boards } from './boards.ts'
import type { CompiledCheck, Plan } from './compile.ts'
import { AggregateSet } from './pivot.ts'

/** One outcome column of a verdict table. */
export interface VerdictColumn {
  readonly check: CompiledCheck
  readonly outcome: Outcome
  readonly member: string | null
  readonly column: string
}

type JudgedColumn = VerdictColumn & { readonly sql: string }

export interface Verdicts {
  readonly groups: readonly VerdictColumn[]
  readonly rows: readonly VerdictColumn[]
}

/** Fills the tables `verdict` (item, market, sides, channels, outcomes) and `row_verdict` (rid, item, ch, src, outcomes). */
export async function evaluate(engine: Engine, plan: Plan, channels: number): Promise<Verdicts> {
  const groups = outcomeColumns(plan.groups, 'g')
  const rows = outcomeColumns(plan.rows, 'r')
  const outcomes = [
    'item',
    'market',
    'sides',
    'channels',
    ...groups.map(({ sql, column }) => `(${sql})::UTINYINT AS ${column}`),
    ...groups.flatMap(toldColumns),
  ]
  const markets = await engine.rows<{ market: string }>('SELECT DISTINCT market FROM channel')
  const [market] = markets
  const single = markets.length === 1 && market !== undefined ? literal(market.market) : null
  const judged = [...rows.map(({ sql, column }) => `(${sql})::UTINYINT AS ${column}`), ...rows.flatMap(toldColumns)]
  const rowVerdict =
    rows.length > 0 ? [`CREATE TABLE row_verdict AS SELECT rid, item, ch, src, ${judged.join(', ')} FROM side`] : []
  const judge = (board: string): string => `SELECT ${outcomes.join(', ')} FROM (${board})`
  await new Boards(engine, new AggregateSet(plan.aggregates), channels, single).judge(judge, rowVerdict)
  for (const column of groups) await judgeAgain(engine, column)
  return { groups, rows }
}

/** Judges exactly what the scan only suspects: what the check does not select passes, or has the outcome that it selects. */
async function judgeAgain(engine: Engine, { check, column }: JudgedColumn): Promise<void> {
  if (check.refine === null) return
  const exact = check.refine.replaceAll('%candidates%', `SELECT item FROM verdict WHERE ${column} >= ${FAIL}`)
  if (check.effective.rule.kind === 'similar') {
    await engine.run(`CREATE OR REPLACE TEMP TABLE refined AS ${exact}`)
    await engine.run(
      `UPDATE verdict SET ${column} = r.outcome FROM (SELECT item, market, min(outcome) AS outcome FROM refined GROUP BY item, market) r
       WHERE verdict.item = r.item AND verdict.market = r.market AND ${column} >= ${FAIL}`,
    )
    return
  }
  await engine.run(
    `UPDATE verdict SET ${column} = ${PASS} WHERE ${column} >= ${FAIL} AND (item, market) NOT IN (${exact})`,
  )
}

/** The figures behind a failure, as text, for its message. */
function toldColumns({ outcome: { told, sql }, column }: JudgedColumn): readonly string[] {
  // What each side tells of itself is asked of the failing ones alone.
  if (told === undefined || told.failing !== undefined) return []
  return TOLD.map(
    (name) => `CASE WHEN (${sql}) >= ${FAIL} THEN (${told[name]})::VARCHAR END AS ${toldName(column, name)}`,
  )
}

/** Placeholders whose figures a check may bring along. */
export const TOLD = ['value', 'expected'] as const

export function toldName(column: string, name: (typeof TOLD)[number]): string {
  return `${column}_${name}`
}

/** Every outcome of the checks as a column of a verdict table. */
export function outcomeColumns(checks: readonly CompiledCheck[], prefix: 'g' | 'r'): readonly JudgedColumn[] {
  return checks
    .flatMap((check) => check.outcomes.map((outcome) => ({ check, outcome, member: outcome.member, sql: outcome.sql })))
    .map((one, index) => ({ ...one, column: `${prefix}${index}` }))
}

/** Outcomes of one rule, added up over its columns. */
export class Tally {
  readonly #counts = new Map<number, number>()

  add(outcome: number, count: number): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + count)
  }

  /** Adds the counts of another one. */
  plus(other: Tally): Tally {
    for (const [outcome, count] of other.#counts) this.add(outcome, count)
    return this
  }

  coverage(rule: string): Coverage {
    let [pass, fail, notApplicable] = [0, 0, 0]
    const unknown: Partial<Record<NonNullable<ReturnType<typeof reasonOf>>, number>> = {}
    for (const [outcome, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      if (count === 0) continue
      const reason = reasonOf(outcome)
      if (outcome === PASS) pass += count
      else if (outcome >= FAIL) fail += count
      else if (outcome === NOT_APPLICABLE) notApplicable += count
      else if (reason !== null) unknown[reason] = (unknown[reason] ?? 0) + count
      else if (outcome === TAX_SUSPECT) unknown.tax_basis = (unknown.tax_basis ?? 0) + count
    }
    const checked = pass + fail + notApplicable + Object.values(unknown).reduce((sum, count) => sum + count, 0)
    return { rule, checked, pass, fail, not_applicable: notApplicable, unknown }
  }
}

/** Outcomes by rule. */
export type Tallies = Map<string, Tally>

/** A column of outcomes that each count for one or several listings. */
export interface CountedColumn {
  readonly check: CompiledCheck
  readonly name: string
  readonly times: number
}

/** Counts the outcomes of a relation in one scan, each way they occur together; a row may stand for several. */
export async function countOutcomes(
  engine: Engine,
  relation: string,
  columns: readonly CountedColumn[],
  weight = 'count(*)',
): Promise<Tallies> {
  const tallies: Tallies = new Map()
  if (columns.length === 0) return tallies
  const names = columns.map(({ name }) => ident(name)).join(', ')
  const rows = await engine.rows(`SELECT ${names}, ${weight}::BIGINT AS n FROM ${relation} GROUP BY ${names}`)
  for (const { check, name, times } of columns) {
    const { id } = check.effective.rule
    const own = tallies.get(id) ?? new Tally()
    for (const row of rows) own.add(Number(row[name]), Number(row['n']) * times)
    tallies.set(id, own)
  }
  return tallies
}

/** Adds outcomes to those that were counted before. */
export function addTallies(tallies: Tallies, more: Tallies): void {
  for (const [rule, own] of more) tallies.set(rule, tallies.get(rule)?.plus(own) ?? own)
}

/** Counts the outcomes of the board and of single rows, and adds those that were counted before. */
export async function tally(engine: Engine, verdicts: Verdicts, before: Tallies): Promise<Tallies> {
  const tallies: Tallies = new Map(before)
  for (const [table, list] of [['verdict', verdicts.groups] as const, ['row_verdict', verdicts.rows] as const]) {
    const counted = await countOutcomes(
      engine,
      table,
      list.map(({ check, column }) => ({ check, name: column, times: 1 })),
    )
    addTallies(tallies, counted)
  }
  return tallies
}
