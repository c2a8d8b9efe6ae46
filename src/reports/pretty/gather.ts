import type { Severity } from '../../model/config.ts'
import type { Finding, Report, RuleTally } from '../../model/report.ts'

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

/** Findings of a rule that are kept from the pass that counts; longer lists are read again. */
const KEPT = 50

/** What the page shows of the findings, in bounded memory. */
export interface Gathered {
  /** Worst first. */
  readonly tallies: readonly RuleTally[]
  /** The first `limit` new or worse roots of a rule. */
  listed(rule: string, limit: number): AsyncIterable<Finding>
  /** One finding that the cause explains. */
  example(cause: string): Promise<Finding | null>
}

export function isListed(finding: Finding): boolean {
  return finding.explained_by === null && (finding.status === 'new' || finding.status === 'worse')
}

function worstFirst(tallies: Iterable<RuleTally>): readonly RuleTally[] {
  return [...tallies].sort(
    (a, b) => RANK[a.severity] - RANK[b.severity] || b.listed - a.listed || (a.rule < b.rule ? -1 : 1),
  )
}

function counted(tally: RuleTally | undefined, finding: Finding): RuleTally {
  const { rule, severity, status } = finding
  const before = tally ?? { rule, severity, listed: 0, known: 0, suppressed: 0, explained: 0 }
  if (finding.explained_by !== null) return { ...before, explained: before.explained + 1 }
  if (status === 'known' || status === 'suppressed') return { ...before, [status]: before[status] + 1 }
  const worst = before.listed === 0 || RANK[severity] < RANK[before.severity] ? severity : before.severity
  return { ...before, severity: worst, listed: before.listed + 1 }
}

async function first(findings: AsyncIterable<Finding>): Promise<Finding | null> {
  for await (const finding of findings) return finding
  return null
}

async function* take(findings: AsyncIterable<Finding>, rule: string, limit: number): AsyncGenerator<Finding> {
  let left = limit
  for await (const finding of findings) {
    if (left <= 0) return
    if (finding.rule !== rule || !isListed(finding)) continue
    left -= 1
    yield finding
  }
}

/** Asks the report where it can answer, else reads all findings once. */
export async function gather(report: Report): Promise<Gathered> {
  const select = report.select?.bind(report)
  if (report.tallies !== undefined && select !== undefined) {
    return {
      tallies: worstFirst(await report.tallies()),
      listed: (rule, limit) => select({ listed: rule, limit }),
      example: (cause) => first(select({ explained: cause, limit: 1 })),
    }
  }
  const causes = new Set(report.head.causes.map(({ id }) => id))
  const tallies = new Map<string, RuleTally>()
  const kept = new Map<string, Finding[]>()
  const examples = new Map<string, Finding>()
  for await (const finding of report.findings()) {
    const { rule, explained_by: cause } = finding
    tallies.set(rule, counted(tallies.get(rule), finding))
    if (cause !== null && causes.has(cause) && !examples.has(cause)) examples.set(cause, finding)
    if (!isListed(finding)) continue
    const list = kept.get(rule)
    if (list === undefined) kept.set(rule, [finding])
    else if (list.length < KEPT) list.push(finding)
  }
  return {
    tallies: worstFirst(tallies.values()),
    listed: async function* (rule, limit) {
      const list = kept.get(rule) ?? []
      const all = list.length >= limit || list.length === (tallies.get(rule)?.listed ?? 0)
      if (all) yield* list.slice(0, limit)
      else yield* take(report.findings(), rule, limit)
    },
    example: async (cause) => examples.get(cause) ?? null,
  }
}
