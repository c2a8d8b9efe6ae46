/** Code Quality report of GitLab (docs.gitlab.com, "Code Quality report format", 2025): a subset of Code Climate's. */
import { printable } from '../../base/text.ts'
import type { Severity } from '../../model/config.ts'
import type { Cause, Finding, Report, SourceRef } from '../../model/report.ts'
import { jsonMembers } from '../batches.ts'
import { causeText } from '../format-texts.ts'
import { limitPerRule } from '../limit.ts'
import { anyPlace, placeOfCause, placeOfFinding, seenFrom } from '../place.ts'
import type { RenderOptions, Reporter } from '../reporter.ts'
import { isRoot } from '../worst.ts'

const SEVERITY: Readonly<Record<Severity, 'critical' | 'minor' | 'info'>> = {
  error: 'critical',
  warning: 'minor',
  info: 'info',
}
const LONGEST = 2000

/** What is known stays in: GitLab compares the report with that of the target branch itself. */
export const reporter: Reporter = {
  name: 'gitlab',
  doc: { en: 'code quality report of GitLab', es: 'informe de calidad del código de GitLab' },
  async *render(report, options) {
    yield '['
    yield* jsonMembers(issuesOf(report, options))
    yield '\n]\n'
  },
}

async function* issuesOf(report: Report, options: RenderOptions): AsyncGenerator<string> {
  const limit = limitPerRule(report.head, options.maxFindings)
  for (const cause of report.head.causes) {
    if (cause.status !== 'suppressed') yield causeEntry(cause, report, options)
  }
  for await (const finding of report.findings()) {
    if (!isRoot(finding) || finding.status === 'suppressed' || !limit.allows(finding)) continue
    yield qualityIssue(finding, finding.message, placeOfFinding(finding) ?? anyPlace(report.head), options)
  }
}

function causeEntry(cause: Cause, report: Report, options: RenderOptions): string {
  return qualityIssue(
    cause,
    causeText(cause, options.locale),
    placeOfCause(cause, report.head) ?? anyPlace(report.head),
    options,
  )
}

/** What is known of one finding or cause as the widget takes it. */
export function qualityIssue(
  { id, rule, severity }: Pick<Finding, 'id' | 'rule' | 'severity'>,
  message: string,
  { path, line }: SourceRef,
  { folder }: RenderOptions,
): string {
  return JSON.stringify({
    description: printable(message.slice(0, LONGEST)),
    check_name: rule,
    fingerprint: id,
    severity: SEVERITY[severity],
    location: { path: printable(seenFrom(folder, path)), lines: { begin: line ?? 1 } },
  })
}
