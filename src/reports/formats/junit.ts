/** JUnit XML: a rule is a test case. */
import { printable } from '../../base/text.ts'
import type { Severity } from '../../model/config.ts'
import type { Cause, Coverage, Finding, Report, RuleTally, UnknownReason } from '../../model/report.ts'
import { causeText, formatTextsOf } from '../format-texts.ts'
import { type Case, junitXml, type Suite, XML_HEAD } from '../junit/xml.ts'
import { placeOf, placeOfFinding } from '../place.ts'
import { type Gathered, gather } from '../pretty/gather.ts'
import type { RenderOptions, Reporter } from '../reporter.ts'
import { textsOf } from '../texts.ts'

/** Findings written out per rule where no limit is asked for. */
const LISTED = 50
const LONGEST = 2000
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

/** Below the threshold of the gate a finding is told, and fails nothing; without a threshold errors fail. */
export const reporter: Reporter = {
  name: 'junit',
  doc: {
    en: 'JUnit XML: rules as test cases, what could not be decided as skipped',
    es: 'JUnit XML: las reglas como casos de prueba, lo que no se ha podido decidir como omitido',
  },
  async *render(report, options) {
    yield XML_HEAD
    const suites = await suitesOf(report, await gather(report), options)
    yield* junitXml(formatTextsOf(options.locale).junit.suite, suites, report.head.audit.as_of)
  },
}

async function suitesOf(report: Report, gathered: Gathered, options: RenderOptions): Promise<readonly Suite[]> {
  const { head } = report
  const suites = new Map<string, Case[]>()
  const tallies = new Map(gathered.tallies.map((tally) => [tally.rule, tally]))
  for (const one of head.coverage) {
    const family = one.rule.split('/')[0] ?? ''
    const cases = [
      await ruleCase(one, tallies.get(one.rule), gathered, isFailing(report), options),
      ...unknownCases(one, options),
    ]
    suites.set(family, [...(suites.get(family) ?? []), ...cases])
  }
  const causes = head.causes.map((cause) => causeCase(cause, isFailing(report), options))
  const own = { name: formatTextsOf(options.locale).causes, cases: causes }
  return [...(causes.length === 0 ? [] : [own]), ...[...suites].map(([name, cases]) => ({ name, cases }))]
}

type IsFailing = (severity: Severity) => boolean

function isFailing({ gate }: Report): IsFailing {
  const threshold = gate === undefined || gate.failOn === 'never' ? 'error' : gate.failOn
  return (severity) => RANK[severity] <= RANK[threshold]
}

async function ruleCase(
  coverage: Coverage,
  tally: RuleTally | undefined,
  gathered: Gathered,
  fails: IsFailing,
  options: RenderOptions,
): Promise<Case> {
  const { rule, pass, fail } = coverage
  const texts = formatTextsOf(options.locale).junit
  const ruleTitle = options.ruleTitle(rule)
  if (tally === undefined || tally.listed === 0) {
    const isIdle = pass + fail === 0
    return { name: rule, title: isIdle ? texts.nothing : ruleTitle, body: '', kind: isIdle ? 'skipped' : 'passed' }
  }
  const lines: string[] = []
  for await (const finding of gathered.listed(rule, options.maxFindings ?? LISTED)) lines.push(findingLine(finding))
  if (tally.listed > lines.length) lines.push(texts.more(tally.listed - lines.length))
  const title = `${ruleTitle}: ${texts.findings(tally.listed)}`
  return { name: rule, title, body: lines.join('\n'), kind: fails(tally.severity) ? 'failed' : 'passed' }
}

/** A rule of which something could not be decided has a case of its own for each reason, so that nothing unknown looks passed. */
export function unknownCases({ rule, unknown }: Coverage, { locale }: RenderOptions): readonly Case[] {
  const texts = formatTextsOf(locale).junit
  const reasons = textsOf(locale).reasons
  return (Object.entries(unknown) as [UnknownReason, number][])
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => {
      const { title, hint } = reasons[reason]
      return {
        name: `${rule} [${reason}]`,
        title: `${texts.unknown(count, title)} · ${hint}`,
        body: '',
        kind: 'skipped',
      }
    })
}

function causeCase(cause: Cause, fails: IsFailing, { locale }: RenderOptions): Case {
  const isNew = cause.status === 'new' || cause.status === 'worse'
  const kind = isNew && fails(cause.severity) ? 'failed' : 'passed'
  return { name: `${cause.kind} ${cause.id}`, title: cause.message, body: causeText(cause, locale), kind }
}

export function findingLine(finding: Finding): string {
  const place = placeOfFinding(finding)
  const where = place === null ? '' : ` [${placeOf(place)}]`
  const item = finding.item?.sku ?? finding.item?.id ?? '-'
  return printable(`${finding.severity} ${item}: ${finding.message.slice(0, LONGEST)}${where}`)
}
