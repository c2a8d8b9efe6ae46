/** A comparison as JUnit XML: a rule is a test case, which fails where something of it is new, open again or worse. */
import type { Severity } from '../../model/config.ts'
import type { Comparison } from '../../model/history.ts'
import type { Coverage } from '../../model/report.ts'
import { formatTextsOf } from '../format-texts.ts'
import { findingLine, unknownCases } from '../formats/junit.ts'
import { type Case, junitXml, type Suite, XML_HEAD } from '../junit/xml.ts'
import type { Renderer, RenderOptions } from '../reporter.ts'
import { compareTextsOf, NEWS } from './subject.ts'

/** Findings written out per rule where no limit is asked for. */
const LISTED = 50
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

interface RuleNews {
  readonly lines: string[]
  worst: Severity
  count: number
}

export const reporter: Renderer<Comparison> = {
  name: 'junit',
  async *render(comparison, options) {
    yield XML_HEAD
    const news = await newsByRule(comparison, options)
    const { judged, dropped } = comparison.rules
    const coverage = new Map(comparison.heads.to?.coverage.map((one) => [one.rule, one]))
    const suites = new Map<string, Case[]>()
    for (const rule of [...new Set([...judged, ...news.keys(), ...dropped])].sort()) {
      const family = rule.split('/')[0] ?? ''
      const isDropped = dropped.includes(rule) && !news.has(rule)
      const cases = isDropped ? [droppedCase(rule, options)] : ruleCases(rule, news, coverage, comparison, options)
      suites.set(family, [...(suites.get(family) ?? []), ...cases])
    }
    const all = [...suites].map(([name, cases]): Suite => ({ name, cases }))
    yield* junitXml(compareTextsOf(options.locale).junit.suite, all, comparison.diff.to.as_of)
  },
}

async function newsByRule(
  comparison: Comparison,
  { locale, maxFindings }: RenderOptions,
): Promise<ReadonlyMap<string, RuleNews>> {
  const most = maxFindings ?? LISTED
  const found = new Map<string, RuleNews>()
  const { changes } = compareTextsOf(locale)
  for await (const { change, finding } of comparison.findings(NEWS)) {
    const own = found.get(finding.rule) ?? { lines: [], worst: finding.severity, count: 0 }
    if (own.count < most) own.lines.push(`${changes[change]}: ${findingLine(finding)}`)
    if (RANK[finding.severity] < RANK[own.worst]) own.worst = finding.severity
    own.count++
    found.set(finding.rule, own)
  }
  return found
}

/** What could not be decided is skipped, so that nothing unknown looks passed. */
function ruleCases(
  rule: string,
  news: ReadonlyMap<string, RuleNews>,
  coverage: ReadonlyMap<string, Coverage>,
  { gate }: Comparison,
  options: RenderOptions,
): readonly Case[] {
  const texts = compareTextsOf(options.locale).junit
  const common = formatTextsOf(options.locale).junit
  const own = news.get(rule)
  const covered = coverage.get(rule)
  const unknown = covered === undefined ? [] : unknownCases(covered, options)
  const title = options.ruleTitle(rule)
  if (own === undefined) {
    const isIdle = covered !== undefined && covered.pass + covered.fail === 0
    const kind = isIdle ? 'skipped' : 'passed'
    return [{ name: rule, title: isIdle ? common.nothing : title, body: '', kind }, ...unknown]
  }
  const rest = own.count - own.lines.length
  const body = [...own.lines, ...(rest > 0 ? [common.more(rest)] : [])].join('\n')
  const threshold = gate.failOn === 'never' ? 'error' : gate.failOn
  const kind = RANK[own.worst] <= RANK[threshold] ? 'failed' : 'passed'
  return [{ name: rule, title: texts.news(title, own.count), body, kind }, ...unknown]
}

function droppedCase(rule: string, { locale }: RenderOptions): Case {
  return { name: rule, title: compareTextsOf(locale).junit.dropped, body: '', kind: 'skipped' }
}
