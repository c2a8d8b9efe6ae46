/** Runs the checks: one scan for the board of articles, one for single rows; only what fails leaves the engine. */
import { type Engine, literal } from '../engine/engine.ts'
import type { Coverage } from '../model/report.ts'
import { FAIL, NOT_APPLICABLE, PASS, reasonOf, TAX_SUSPECT } from '../rules/check.ts'
import type { CompiledCheck, Plan } from './compile.ts'
import { AggregateSet, PRESENT, wideName } from './pivot.ts'

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

/** More channels than this make the wide row too wide to be worth it. */
const MAX_WIDE = 12

/** Fills the tables `verdict` (item, market, sides, channels, outcomes) and `row_verdict` (rid, item, ch, src, outcomes). */
export async function evaluate(engine: Engine, plan: Plan, channels: number): Promise<Verdicts> {
  const groups = columns(plan.groups, 'g')
  const rows = columns(plan.rows, 'r')
  const outcomes = [
    'item',
    'market',
    'sides',
    'channels',
    ...groups.map(({ sql, column }) => `(${sql})::UTINYINT AS ${column}`),
  ]
  const markets = await engine.rows<{ market: string }>('SELECT DISTINCT market FROM channel')
  const [market] = markets
  const single = markets.length === 1 && market !== undefined ? literal(market.market) : null
  await engine.run(
    `CREATE TABLE several AS SELECT DISTINCT item FROM (SELECT item FROM linked WHERE rid IN (SELECT xrid FROM link_exception) GROUP BY item, ch HAVING count(*) > 1)`,
  )
  const aggregates = new AggregateSet(plan.aggregates)
  const board =
    single !== null && channels <= MAX_WIDE
      ? wideBoard(aggregates, channels, single)
      : grouped(aggregates, single, null)
  await engine.run(`CREATE TABLE verdict AS SELECT ${outcomes.join(', ')} FROM (${board})`)
  if (single !== null && channels <= MAX_WIDE) {
    await engine.run(
      `INSERT INTO verdict SELECT ${outcomes.join(', ')} FROM (${grouped(aggregates, single, 'item IN (SELECT item FROM several)')})`,
    )
  }
  if (rows.length > 0) {
    await engine.run(
      `CREATE TABLE row_verdict AS SELECT rid, item, ch, src, ${rows.map(({ sql, column }) => `(${sql})::UTINYINT AS ${column}`).join(', ')} FROM side`,
    )
  }
  for (const { check, column } of groups) {
    if (check.refine === null) continue
    const exact = check.refine.replace('%candidates%', `SELECT item FROM verdict WHERE ${column} >= ${FAIL}`)
    await engine.run(
      `UPDATE verdict SET ${column} = ${PASS} WHERE ${column} >= ${FAIL} AND (item, market) NOT IN (${exact})`,
    )
  }
  return { groups, rows }
}

/** One row per article by grouping its sides: right whatever the number of listings per channel. */
function grouped(aggregates: AggregateSet, single: string | null, where: string | null): string {
  const prepared = aggregates.prepared().map(([name, sql]) => `(${sql}) AS ${name}`)
  const sides = `SELECT ${['item', 'market', 'ch', 'rid', ...prepared].join(', ')} FROM side${where === null ? '' : ` WHERE ${where}`}`
  const head = [`item`, `${single ?? 'market'} AS market`, 'count(*) AS sides', 'bit_or(1::BIGINT << ch) AS channels']
  const by = single === null ? 'item, market' : 'item'
  return `SELECT ${[...head, ...aggregates.grouped()].join(', ')} FROM (${sides}) GROUP BY ${by}`
}

/** One row per article with at most one listing per channel, every channel's values side by side. */
function wideBoard(aggregates: AggregateSet, channels: number, market: string): string {
  const own = Array.from({ length: channels }, (_, channel) => {
    const select = [[PRESENT, PRESENT] as const, ...aggregates.prepared()].map(
      ([name, sql]) => `(${sql}) AS ${wideName(channel, name)}`,
    )
    return `(SELECT item AS i${channel}, ${select.join(', ')} FROM side WHERE ch = ${channel} AND item NOT IN (SELECT item FROM several))`
  })
  const joined = own.reduce((left, right, channel) => {
    if (channel === 0) return right
    const item =
      channel === 1 ? 'i0' : `coalesce(${Array.from({ length: channel }, (_, index) => `i${index}`).join(', ')})`
    return `${left} FULL JOIN ${right} ON ${item} = i${channel}`
  })
  const present = Array.from({ length: channels }, (_, channel) => `(i${channel} IS NOT NULL)::INTEGER`)
  const head = [
    `coalesce(${Array.from({ length: channels }, (_, channel) => `i${channel}`).join(', ')}) AS item`,
    `${market} AS market`,
    `${present.join(' + ')} AS sides`,
    `(${present.map((one, channel) => `(${one}::BIGINT << ${channel})`).join(' | ')}) AS channels`,
  ]
  return `SELECT ${[...head, ...aggregates.wide(channels)].join(', ')} FROM ${joined}`
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
