/** Two audits of the ledger side by side, with what their reports say where those are kept. */
import type { LedgerEntry } from '../audit/ledger-folder.ts'
import { readUnchanged } from '../audit/ledger-history.ts'
import type { Engine } from '../engine/engine.ts'
import type { Locale, Severity } from '../model/config.ts'
import {
  type ComparedCause,
  type ComparedFinding,
  type Comparison,
  FINDING_CHANGES,
  type FindingChange,
  type HistoryDiff,
  type HistoryFinding,
} from '../model/history.ts'
import type { Finding, Report, Side } from '../model/report.ts'
import type { RuleText } from '../reports/reporter.ts'
import { inLanguage } from '../reports/translate.ts'
import { openStoredReport, storedReports } from './stored-report.ts'

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

export interface ComparisonRequest {
  readonly engine: Engine
  readonly state: string
  readonly from: LedgerEntry
  readonly to: LedgerEntry
  readonly diff: HistoryDiff
  readonly tool: Comparison['tool']
  readonly project: string
  readonly locale: Locale
  readonly failOn: Severity | 'never'
  readonly ruleText: (rule: string) => RuleText | null
}

/** The reports are opened, and read when somebody asks. */
export async function compareAudits(request: ComparisonRequest): Promise<Comparison> {
  const { state, from, to, diff, failOn, locale, project, tool } = request
  const kept = new Set(await storedReports(state))
  const open = async ({ id }: LedgerEntry): Promise<Report | null> =>
    kept.has(id) ? inLanguage(await openStoredReport(state, id), locale) : null
  const reports = { from: await open(from), to: await open(to) }
  const heads = { from: reports.from?.head ?? null, to: reports.to?.head ?? null }
  const news = [...diff.new, ...diff.reopened, ...diff.worse]
  const counted = failOn === 'never' ? 0 : news.filter(({ severity }) => RANK[severity] <= RANK[failOn]).length
  const judged = new Set(to.rules)
  const reader = new ComparisonReader(request, reports)
  return {
    tool,
    project,
    locale,
    diff,
    gate: { status: counted > 0 ? 1 : 0, failOn, news: counted },
    heads,
    rules: { judged: [...judged].sort(), dropped: from.rules.filter((rule) => !judged.has(rule)).sort() },
    causes: comparedCauses(reports),
    findings: (wanted) => reader.findings(new Set(wanted)),
  }
}

interface Reports {
  readonly from: Report | null
  readonly to: Report | null
}

function comparedCauses({ from, to }: Reports): readonly ComparedCause[] | null {
  if (from === null || to === null) return null
  const before = new Set(from.head.causes.map(({ id }) => id))
  const after = new Set(to.head.causes.map(({ id }) => id))
  return [
    ...to.head.causes.map((cause) => ({ change: before.has(cause.id) ? 'unchanged' : 'new', cause }) as const),
    ...from.head.causes.filter(({ id }) => !after.has(id)).map((cause) => ({ change: 'resolved', cause }) as const),
  ]
}

class ComparisonReader {
  readonly #request: ComparisonRequest
  readonly #reports: Reports
  #before: Promise<ReadonlyMap<string, string>> | null = null
  #unchanged: Promise<readonly HistoryFinding[]> | null = null

  constructor(request: ComparisonRequest, reports: Reports) {
    this.#request = request
    this.#reports = reports
  }

  async *findings(wanted: ReadonlySet<FindingChange>): AsyncGenerator<ComparedFinding> {
    const listed = await this.#listed(wanted)
    if (listed.size === 0) return
    const told = new Set<string>()
    const { from, to } = this.#reports
    const asked = (without: readonly FindingChange[]): boolean =>
      [...wanted].some((change) => !without.includes(change))
    const before =
      asked(['new', 'reopened', 'resolved']) && from !== null
        ? await this.#sidesBefore(from)
        : new Map<string, string>()
    for await (const finding of (asked(['resolved']) && to?.findings()) || []) {
      const one = listed.get(finding.id)
      if (one === undefined || one.change === 'resolved') continue
      told.add(finding.id)
      const compared = compare(finding, one, before.get(finding.id))
      if (wanted.has(compared.change)) yield compared
    }
    for await (const finding of (wanted.has('resolved') && from?.findings()) || []) {
      const one = listed.get(finding.id)
      if (one?.change !== 'resolved') continue
      told.add(finding.id)
      yield { ...one, finding, before: finding.sides }
    }
    // What the reports do not have, because they are gone or of a part of the channels, the ledger names at least.
    for (const [id, one] of listed) {
      if (told.has(id) || !wanted.has(one.change)) continue
      yield { ...one, finding: this.#named(one.seen), before: parsed(before.get(id)) }
    }
  }

  /** By id; those that may be `changed` are still `unchanged`. */
  async #listed(wanted: ReadonlySet<FindingChange>): Promise<ReadonlyMap<string, Listed>> {
    const { diff } = this.#request
    const found = new Map<string, Listed>()
    for (const change of FINDING_CHANGES) {
      if (change === 'changed' || change === 'unchanged') continue
      if (wanted.has(change)) for (const seen of diff[change]) found.set(seen.id, { change, seen })
    }
    if (wanted.has('changed') || wanted.has('unchanged')) {
      for (const seen of await this.#inBoth()) found.set(seen.id, { change: 'unchanged', seen })
    }
    return found
  }

  #inBoth(): Promise<readonly HistoryFinding[]> {
    this.#unchanged ??= readUnchanged(this.#request.engine)
    return this.#unchanged
  }

  /** By id, of what is open in both: JSON text, for objects would take several times the memory. */
  #sidesBefore(from: Report): Promise<ReadonlyMap<string, string>> {
    this.#before ??= this.#readBefore(from)
    return this.#before
  }

  async #readBefore(from: Report): Promise<ReadonlyMap<string, string>> {
    const { diff } = this.#request
    const both = new Set([...diff.worse, ...diff.quieted, ...(await this.#inBoth())].map(({ id }) => id))
    const sides = new Map<string, string>()
    for await (const { id, sides: own } of from.findings()) if (both.has(id)) sides.set(id, JSON.stringify(own))
    return sides
  }

  /** What the ledger alone can say. */
  #named({ id, rule, code, severity, market, owner, item }: HistoryFinding): Finding {
    const { ruleText, locale } = this.#request
    const title = ruleText(rule)?.title
    const message = (language: Locale): string => {
      const name = title?.[language] ?? rule
      return item === null ? name : `${item}: ${name}`
    }
    const other = locale === 'en' ? 'es' : 'en'
    return {
      id,
      rule,
      code,
      severity,
      status: 'new',
      market,
      owner,
      item: item === null ? null : { id: item, sku: item, gtin: null, title: null },
      message: message(locale),
      sides: [],
      expected: null,
      impact: null,
      explained_by: null,
      fixable: false,
      translations: { [other]: message(other) },
    }
  }
}

interface Listed {
  readonly change: Exclude<FindingChange, 'changed'>
  readonly seen: HistoryFinding
}

function compare(finding: Finding, { change, seen }: Listed, text: string | undefined): ComparedFinding {
  // Most are as they were, to the byte.
  const same = text !== undefined && text === JSON.stringify(finding.sides)
  const before = text === undefined ? null : same ? finding.sides : parsed(text)
  const moved = change === 'unchanged' && before !== null && !same && valuesOf(before) !== valuesOf(finding.sides)
  return { change: moved ? 'changed' : change, seen, finding, before }
}

function parsed(text: string | undefined): readonly Side[] | null {
  return text === undefined ? null : (JSON.parse(text) as readonly Side[])
}

/** What is said, wherever it stands: lines of a file move without anybody changing anything. */
function valuesOf(sides: readonly Side[]): string {
  return JSON.stringify(
    sides.map(({ channel, listing, field, value, unit }) => [channel, listing, field, value, unit]).sort(),
  )
}
