/** Findings of an audit: in memory while they are few, in the engine from the point where they could outgrow memory. */
import { type Engine, literal, type SqlRow, type SqlValue } from '../engine/engine.ts'
import type { Severity } from '../model/config.ts'
import type { Finding, FindingQuery, RuleTally, Totals } from '../model/report.ts'
import { findingJson } from '../model/report-json.ts'
import type { FindingMark } from './ledger-record.ts'

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']
const ORDER =
  'severity, impact::DECIMAL(38,4) DESC NULLS LAST, rule, market NULLS FIRST, item NULLS FIRST, code NULLS FIRST, id'
const BATCH = 2000
/** Characters of JSON that are kept in memory. */
const MOST_KEPT = 64_000_000

/** A finding as it waits to be reported. */
interface Entry {
  readonly severity: number
  readonly impact: string | null
  readonly rule: string
  readonly market: string | null
  readonly item: string | null
  readonly code: string | null
  readonly id: string
  readonly status: string
  readonly explainedBy: string | null
  readonly owner: string | null
  readonly json: string
  /** JSON of the finding's translations; empty for none. */
  readonly translations: string
}

/** A finding as it is kept with its audit. */
export interface FindingLine {
  /** As `findingJson` writes it, with `translations` as the last key where there are any. */
  readonly json: string
  readonly rule: string
  readonly explainedBy: string | null
  /** A root that is new or worse. */
  readonly isListed: boolean
}

/** What reports ask of findings, wherever they are. */
interface Findings {
  json(): AsyncGenerator<string>
  lines(): AsyncGenerator<readonly FindingLine[]>
  select(query: FindingQuery): AsyncGenerator<string>
  marks(): AsyncGenerator<readonly FindingMark[]>
  /** One entry for each way in which rule, severity, status and being explained occur together. */
  counts(): Promise<readonly Count[]>
}

interface Count {
  readonly rule: string
  readonly severity: number
  readonly status: string
  readonly explained: boolean
  readonly n: number
}

export class FindingStore {
  readonly #stored: StoredFindings
  #waiting: Entry[] = []
  #size = 0
  #isStored = false

  private constructor(stored: StoredFindings) {
    this.#stored = stored
  }

  /** The table is there from the start: while rows of articles are read nothing else may be asked of the engine. */
  static async create(engine: Engine): Promise<FindingStore> {
    return new FindingStore(await StoredFindings.create(engine))
  }

  /** @returns What to wait for before the next one; null mostly. */
  add(finding: Finding): Promise<void> | null {
    const json = findingJson(finding)
    const translations = finding.translations === undefined ? '' : JSON.stringify(finding.translations)
    this.#waiting.push({
      severity: RANK[finding.severity],
      impact: finding.impact?.amount ?? null,
      rule: finding.rule,
      market: finding.market,
      item: finding.item?.id ?? null,
      code: finding.code,
      id: finding.id,
      status: finding.status,
      explainedBy: finding.explained_by,
      owner: finding.owner,
      json,
      translations,
    })
    this.#size += json.length + translations.length
    const isFull = this.#size > MOST_KEPT || (this.#isStored && this.#waiting.length >= BATCH)
    return isFull ? this.#store() : null
  }

  /** Says that there are no more. */
  async finish(): Promise<void> {
    if (this.#isStored) await this.#store()
    else this.#waiting.sort(inOrder)
  }

  async #store(): Promise<void> {
    this.#isStored = true
    await this.#stored.append(this.#waiting)
    this.#waiting = []
    this.#size = 0
  }

  get #findings(): Findings {
    return this.#isStored ? this.#stored : new KeptFindings(this.#waiting)
  }

  json(): AsyncGenerator<string> {
    return this.#findings.json()
  }

  /** The findings in their order, with their translations. */
  lines(): AsyncGenerator<readonly FindingLine[]> {
    return this.#findings.lines()
  }

  async *all(): AsyncGenerator<Finding> {
    // What is kept was written by `add`.
    for await (const batch of this.#findings.lines()) for (const { json } of batch) yield JSON.parse(json) as Finding
  }

  async *select(query: FindingQuery): AsyncGenerator<Finding> {
    for await (const json of this.#findings.select(query)) yield JSON.parse(json) as Finding
  }

  /** What the ledger keeps of each. */
  marks(): AsyncGenerator<readonly FindingMark[]> {
    return this.#findings.marks()
  }

  async tallies(): Promise<readonly RuleTally[]> {
    const byRule = new Map<string, Count[]>()
    for (const count of await this.#findings.counts())
      byRule.set(count.rule, [...(byRule.get(count.rule) ?? []), count])
    return [...byRule]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([rule, counts]) => {
        const listed = counts.filter(isListed)
        const gravest = Math.min(...(listed.length === 0 ? counts : listed).map(({ severity }) => severity))
        return { rule, severity: SEVERITIES[gravest] ?? 'info', listed: sum(listed), ...beside(counts) }
      })
  }

  /** Roots by severity; causes are added by the caller. */
  async totals(): Promise<Totals> {
    const counts = await this.#findings.counts()
    const of = (name: Severity): number => sum(counts.filter((one) => isListed(one) && one.severity === RANK[name]))
    return { error: of('error'), warning: of('warning'), info: of('info'), ...beside(counts) }
  }
}

function isListed({ explained, status }: Count): boolean {
  return !explained && (status === 'new' || status === 'worse')
}

/** Counts of what is not listed. */
function beside(counts: readonly Count[]): Pick<Totals, 'known' | 'suppressed' | 'explained'> {
  const of = (status: string): number => sum(counts.filter((one) => !one.explained && one.status === status))
  return { known: of('known'), suppressed: of('suppressed'), explained: sum(counts.filter((one) => one.explained)) }
}

function sum(counts: readonly Count[]): number {
  return counts.reduce((total, { n }) => total + n, 0)
}

function isIn(entry: Entry, query: FindingQuery): boolean {
  if (!('listed' in query)) return entry.explainedBy === query.explained
  return entry.rule === query.listed && isRootNews(entry)
}

function isRootNews({ explainedBy, status }: Pick<Entry, 'explainedBy' | 'status'>): boolean {
  return explainedBy === null && (status === 'new' || status === 'worse')
}

type Told = Pick<Entry, 'json' | 'translations' | 'rule' | 'explainedBy' | 'status'>

function lineOf(one: Told): FindingLine {
  const { rule, explainedBy } = one
  return { json: lineJson(one), rule, explainedBy, isListed: isRootNews(one) }
}

function lineJson({ json, translations }: Pick<Entry, 'json' | 'translations'>): string {
  return translations === '' ? json : `${json.slice(0, -1)},"translations":${translations}}`
}

/** The order of the reports, as `ORDER` says it to the engine. */
function inOrder(a: Entry, b: Entry): number {
  return (
    a.severity - b.severity ||
    Number(b.impact ?? -1) - Number(a.impact ?? -1) ||
    compare(a.rule, b.rule) ||
    compare(a.market, b.market) ||
    compare(a.item, b.item) ||
    compare(a.code, b.code) ||
    compare(a.id, b.id)
  )
}

function compare(a: string | null, b: string | null): number {
  if (a === b) return 0
  if (a === null) return -1
  return b === null || a > b ? 1 : -1
}

class KeptFindings implements Findings {
  readonly #entries: readonly Entry[]

  constructor(entries: readonly Entry[]) {
    this.#entries = entries
  }

  async *json(): AsyncGenerator<string> {
    for (let at = 0; at < this.#entries.length; at += BATCH) {
      yield this.#entries
        .slice(at, at + BATCH)
        .map(({ json }) => json)
        .join(',\n')
    }
  }

  async *lines(): AsyncGenerator<readonly FindingLine[]> {
    for (let at = 0; at < this.#entries.length; at += BATCH) yield this.#entries.slice(at, at + BATCH).map(lineOf)
  }

  async *select(query: FindingQuery): AsyncGenerator<string> {
    let left = query.limit
    for (const entry of this.#entries) {
      if (left <= 0) return
      if (!isIn(entry, query)) continue
      left--
      yield lineJson(entry)
    }
  }

  async *marks(): AsyncGenerator<readonly FindingMark[]> {
    for (let at = 0; at < this.#entries.length; at += BATCH) {
      yield this.#entries.slice(at, at + BATCH).map((one) => {
        const { id, rule, code, severity, status, market, owner, item, explainedBy } = one
        return [id, rule, code, SEVERITIES[severity] ?? 'info', status, market, owner, item, explainedBy !== null]
      })
    }
  }

  async counts(): Promise<readonly Count[]> {
    const counts = new Map<string, Count>()
    for (const { rule, severity, status, explainedBy } of this.#entries) {
      const explained = explainedBy !== null
      const key = `${rule} ${severity} ${status} ${explained}`
      counts.set(key, { rule, severity, status, explained, n: (counts.get(key)?.n ?? 0) + 1 })
    }
    return [...counts.values()]
  }
}

class StoredFindings implements Findings {
  readonly #engine: Engine

  private constructor(engine: Engine) {
    this.#engine = engine
  }

  static async create(engine: Engine): Promise<StoredFindings> {
    await engine.run(
      'CREATE TABLE finding (severity INTEGER, impact VARCHAR, rule VARCHAR, market VARCHAR, item VARCHAR, code VARCHAR, id VARCHAR, status VARCHAR, explained_by VARCHAR, owner VARCHAR, json VARCHAR, translations VARCHAR)',
    )
    return new StoredFindings(engine)
  }

  async append(entries: readonly Entry[]): Promise<void> {
    await this.#engine.append(
      'finding',
      (async function* () {
        for (let at = 0; at < entries.length; at += BATCH) yield entries.slice(at, at + BATCH).map(cells)
      })(),
    )
  }

  async *json(): AsyncGenerator<string> {
    for await (const batch of this.#engine.batches<{ json: string }>(`SELECT json FROM finding ORDER BY ${ORDER}`)) {
      yield batch.map(({ json }) => json).join(',\n')
    }
  }

  async *lines(): AsyncGenerator<readonly FindingLine[]> {
    const rows = this.#engine.batches<Told & SqlRow>(
      `SELECT json, translations, rule, explained_by AS "explainedBy", status FROM finding ORDER BY ${ORDER}`,
    )
    for await (const batch of rows) yield batch.map(lineOf)
  }

  async *select(query: FindingQuery): AsyncGenerator<string> {
    const where =
      'listed' in query
        ? `rule = ${literal(query.listed)} AND explained_by IS NULL AND status IN ('new', 'worse')`
        : `explained_by = ${literal(query.explained)}`
    const sql = `SELECT json, translations FROM finding WHERE ${where} ORDER BY ${ORDER} LIMIT ${query.limit}`
    const rows = this.#engine.batches<{ json: string; translations: string }>(sql)
    for await (const batch of rows) for (const one of batch) yield lineJson(one)
  }

  async *marks(): AsyncGenerator<readonly FindingMark[]> {
    const names = 'id, rule, code, severity, status, market, owner, item'
    const rows = this.#engine.batches<Omit<Entry, 'json' | 'impact' | 'translations'> & SqlRow>(
      `SELECT ${names}, explained_by AS "explainedBy" FROM finding`,
    )
    for await (const batch of rows) {
      yield batch.map((one) => {
        const { id, rule, code, severity, status, market, owner, item, explainedBy } = one
        return [id, rule, code, SEVERITIES[severity] ?? 'info', status, market, owner, item, explainedBy !== null]
      })
    }
  }

  async counts(): Promise<readonly Count[]> {
    return this.#engine.rows<{ rule: string; severity: number; status: string; explained: boolean; n: number }>(
      'SELECT rule, severity, status, explained_by IS NOT NULL AS explained, count(*) AS n FROM finding GROUP BY ALL',
    )
  }
}

function cells(one: Entry): SqlValue[] {
  return [
    one.severity,
    one.impact,
    one.rule,
    one.market,
    one.item,
    one.code,
    one.id,
    one.status,
    one.explainedBy,
    one.owner,
    one.json,
    one.translations,
  ]
}
