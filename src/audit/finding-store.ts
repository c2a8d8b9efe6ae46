/** Findings of an audit, kept in the engine as JSON: there can be more of them than memory. */
import { type Engine, literal, type SqlValue } from '../engine/engine.ts'
import type { Severity } from '../model/config.ts'
import type { Finding, FindingQuery, RuleTally, Totals } from '../model/report.ts'
import { findingJson } from '../model/report-json.ts'

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']
const ORDER = 'severity, impact DESC NULLS LAST, rule, market NULLS FIRST, item NULLS FIRST, code NULLS FIRST, id'
const BATCH = 2000

export class FindingStore {
  readonly #engine: Engine
  #waiting: SqlValue[][] = []

  private constructor(engine: Engine) {
    this.#engine = engine
  }

  static async create(engine: Engine): Promise<FindingStore> {
    await engine.run(
      'CREATE TABLE finding (severity INTEGER, impact VARCHAR, rule VARCHAR, market VARCHAR, item VARCHAR, code VARCHAR, id VARCHAR, status VARCHAR, explained_by VARCHAR, json VARCHAR)',
    )
    return new FindingStore(engine)
  }

  async add(finding: Finding): Promise<void> {
    this.#waiting.push([
      RANK[finding.severity],
      finding.impact?.amount ?? null,
      finding.rule,
      finding.market,
      finding.item?.id ?? null,
      finding.code,
      finding.id,
      finding.status,
      finding.explained_by,
      findingJson(finding),
    ])
    if (this.#waiting.length >= BATCH) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return
    const rows = this.#waiting
    this.#waiting = []
    await this.#engine.append(
      'finding',
      (async function* () {
        yield rows
      })(),
    )
  }

  async *json(): AsyncGenerator<string> {
    for await (const batch of this.#engine.batches<{ json: string }>(`SELECT json FROM finding ORDER BY ${ORDER}`)) {
      yield batch.map(({ json }) => json).join(',\n')
    }
  }

  async *all(): AsyncGenerator<Finding> {
    yield* this.#parse(`SELECT json FROM finding ORDER BY ${ORDER}`)
  }

  async *select(query: FindingQuery): AsyncGenerator<Finding> {
    const where =
      'listed' in query
        ? `rule = ${literal(query.listed)} AND explained_by IS NULL AND status IN ('new', 'worse')`
        : `explained_by = ${literal(query.explained)}`
    yield* this.#parse(`SELECT json FROM finding WHERE ${where} ORDER BY ${ORDER} LIMIT ${query.limit}`)
  }

  async *#parse(sql: string): AsyncGenerator<Finding> {
    for await (const batch of this.#engine.batches<{ json: string }>(sql)) {
      // What stands in the table was written by `add`.
      for (const { json } of batch) yield JSON.parse(json) as Finding
    }
  }

  async tallies(): Promise<readonly RuleTally[]> {
    const rows = await this.#engine.rows<{
      rule: string
      listed_severity: number | null
      severity: number
      listed: number
      known: number
      suppressed: number
      explained: number
    }>(
      `SELECT rule, min(severity) FILTER (explained_by IS NULL AND status IN ('new', 'worse')) AS listed_severity, min(severity) AS severity,
         count(*) FILTER (explained_by IS NULL AND status IN ('new', 'worse')) AS listed,
         count(*) FILTER (explained_by IS NULL AND status = 'known') AS known,
         count(*) FILTER (explained_by IS NULL AND status = 'suppressed') AS suppressed,
         count(*) FILTER (explained_by IS NOT NULL) AS explained FROM finding GROUP BY rule ORDER BY rule`,
    )
    return rows.map(({ rule, listed_severity, severity, listed, known, suppressed, explained }) => ({
      rule,
      severity: SEVERITIES[listed_severity ?? severity] ?? 'info',
      listed,
      known,
      suppressed,
      explained,
    }))
  }

  /** Roots by severity; causes are added by the caller. */
  async totals(): Promise<Totals> {
    const [row] = await this.#engine.rows(
      `SELECT ${SEVERITIES.map((name, rank) => `count(*) FILTER (severity = ${rank} AND explained_by IS NULL AND status IN ('new', 'worse')) AS ${name}`).join(', ')},
         count(*) FILTER (explained_by IS NULL AND status = 'known') AS known,
         count(*) FILTER (explained_by IS NULL AND status = 'suppressed') AS suppressed,
         count(*) FILTER (explained_by IS NOT NULL) AS explained FROM finding`,
    )
    const number = (name: string): number => Number(row?.[name] ?? 0)
    return {
      error: number('error'),
      warning: number('warning'),
      info: number('info'),
      known: number('known'),
      suppressed: number('suppressed'),
      explained: number('explained'),
    }
  }
}
