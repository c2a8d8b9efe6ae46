/** Runs the checks: one scan for the board of articles, one for single rows; only what fails leaves the engine. */
import type { Engine } from '../engine/engine.ts'
import type { Coverage } from '../model/report.ts'
import { FAIL, NOT_APPLICABLE, PASS, reasonOf, TAX_SUSPECT } from '../rules/check.ts'
import type { CompiledCheck, Plan } from './compile.ts'

/** One outcome column of a verdict table. */
export interface VerdictColumn {
  readonly check: CompiledCheck
  readonly member: string | null
  readonly column: string
}

export interface Verdicts {
  readonly groups: readonly VerdictColumn[]
  readonly rows: readonly VerdictColumn[]
}

/** Fills the tables `verdict` (item, market, outcomes) and `row_verdict` (rid, item, outcomes). */
export async function evaluate(engine: Engine, plan: Plan): Promise<Verdicts> {
  const groups = columns(plan.groups, 'g')
  const rows = columns(plan.rows, 'r')
  const aggregates = plan.aggregates.map(([alias, sql]) => `${sql} AS ${alias}`)
  const market = (await singleMarket(engine)) ? 'any_value(market)' : 'market'
  const by = market === 'market' ? 'item, market' : 'item'
  await engine.run(
    `CREATE TABLE verdict AS SELECT item, market, ${['sides', 'channels', ...groups.map(({ sql, column }) => `(${sql})::UTINYINT AS ${column}`)].join(', ')}
     FROM (SELECT item, ${market} AS market, ${['count(*) AS sides', 'bit_or(1::BIGINT << ch) AS channels', ...aggregates].join(', ')} FROM side GROUP BY ${by})`,
  )
  if (rows.length > 0) {
    await engine.run(`CREATE TABLE row_verdict AS SELECT rid, item, ch, src, ${rows.map(({ sql, column }) => `(${sql})::UTINYINT AS ${column}`).join(', ')} FROM side`)
  }
  for (const { check, column } of groups) {
    if (check.refine === null) continue
    const exact = check.refine.replace('%candidates%', `SELECT item FROM verdict WHERE ${column} >= ${FAIL}`)
    await engine.run(`UPDATE verdict SET ${column} = ${PASS} WHERE ${column} >= ${FAIL} AND (item, market) NOT IN (${exact})`)
  }
  return { groups, rows }
}

async function singleMarket(engine: Engine): Promise<boolean> {
  const [row] = await engine.rows<{ n: number }>('SELECT count(DISTINCT market) AS n FROM channel')
  return Number(row?.n ?? 0) <= 1
}

function columns(checks: readonly CompiledCheck[], prefix: string): (VerdictColumn & { sql: string })[] {
  return checks
    .flatMap((check) => check.outcomes.map((outcome) => ({ check, member: outcome.member, sql: outcome.sql })))
    .map((one, index) => ({ ...one, column: `${prefix}${index}` }))
}

/** Outcomes of one rule, added up over its columns. */
export class Tally {
  readonly #counts = new Map<number, number>()

  add(outcome: number, count: number): void {
    this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + count)
  }

  coverage(rule: string): Coverage {
    let [pass, fail, notApplicable] = [0, 0, 0]
    const unknown: Partial<Record<NonNullable<ReturnType<typeof reasonOf>>, number>> = {}
    for (const [outcome, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
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

/** Counts the outcomes of all columns of a table in one scan each way they occur together. */
export async function tally(engine: Engine, verdicts: Verdicts): Promise<Map<string, Tally>> {
  const tallies = new Map<string, Tally>()
  const put = (rule: string): Tally => {
    const known = tallies.get(rule)
    if (known !== undefined) return known
    const fresh = new Tally()
    tallies.set(rule, fresh)
    return fresh
  }
  for (const [table, list] of [['verdict', verdicts.groups] as const, ['row_verdict', verdicts.rows] as const]) {
    if (list.length === 0) continue
    const names = list.map(({ column }) => column).join(', ')
    const rows = await engine.rows(`SELECT ${names}, count(*) AS n FROM ${table} GROUP BY ${names}`)
    for (const row of rows) {
      for (const { check, column } of list) put(check.effective.rule.id).add(Number(row[column]), Number(row['n']))
    }
    for (const { check } of list) put(check.effective.rule.id)
  }
  return tallies
}
