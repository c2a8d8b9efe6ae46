/** Annotations of GitHub Actions; the job summary is the Markdown report. */
import { printable } from '../../base/text.ts'
import type { Severity } from '../../model/config.ts'
import type { Cause, Finding, Report } from '../../model/report.ts'
import { causeText, formatTextsOf } from '../format-texts.ts'
import { gateLine } from '../gate.ts'
import { MOST_ANNOTATIONS, workflowCommand } from '../github/command.ts'
import { limitPerRule } from '../limit.ts'
import { placeOfCause, placeOfFinding } from '../place.ts'
import type { RenderOptions, Reporter } from '../reporter.ts'
import { isNews } from '../worst.ts'

export const reporter: Reporter = {
  name: 'github',
  doc: {
    en: 'annotations of GitHub Actions for the worst, and the job summary',
    es: 'anotaciones de GitHub Actions para las peores, y el resumen del trabajo',
  },
  endsWithGate: true,
  summary: { variable: 'GITHUB_STEP_SUMMARY', format: 'markdown' },
  async *render(report, options) {
    const room: Record<Severity, number> = {
      error: MOST_ANNOTATIONS,
      warning: MOST_ANNOTATIONS,
      info: MOST_ANNOTATIONS,
    }
    let omitted = 0
    const isShown = (severity: Severity): boolean => {
      if (room[severity] > 0) return room[severity]-- > 0
      omitted++
      return false
    }
    for (const cause of report.head.causes) {
      if (cause.status === 'new' || cause.status === 'worse') {
        if (isShown(cause.severity)) yield causeLine(cause, report, options)
      }
    }
    const limit = limitPerRule(report.head, options.maxFindings)
    for await (const finding of report.findings()) {
      if (isNews(finding) && limit.allows(finding) && isShown(finding.severity)) yield findingLine(finding, options)
    }
    if (omitted > 0) yield `${formatTextsOf(options.locale).github.more(omitted)}\n`
    yield `${printable(gateLine(report, options.locale))}\n`
  },
}

function causeLine(cause: Cause, { head }: Report, options: RenderOptions): string {
  const message = causeText(cause, options.locale)
  return workflowCommand(cause.severity, placeOfCause(cause, head), options.ruleTitle(cause.rule), message, options)
}

function findingLine(finding: Finding, options: RenderOptions): string {
  const { severity, rule, message } = finding
  return workflowCommand(severity, placeOfFinding(finding), `${options.ruleTitle(rule)} (${rule})`, message, options)
}
