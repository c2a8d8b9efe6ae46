/**
 * Workflow commands of GitHub Actions, which annotate the lines of files; the job summary is the Markdown report.
 *
 * Ten annotations of each kind a step, 50 a job (docs.github.com, "Workflow commands", 2025).
 */
import { printable } from '../../base/text.ts'
import type { Severity } from '../../model/config.ts'
import type { Cause, Finding, Report, SourceRef } from '../../model/report.ts'
import { causeText, formatTextsOf } from '../format-texts.ts'
import { gateLine } from '../gate.ts'
import { limitPerRule } from '../limit.ts'
import { placeOfCause, placeOfFinding, seenFrom } from '../place.ts'
import type { RenderOptions, Reporter } from '../reporter.ts'
import { isNews } from '../worst.ts'

const MOST = 10
/** GitHub shows 4 KB of a message. */
const LONGEST = 2000
const COMMAND: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' }

export const reporter: Reporter = {
  name: 'github',
  doc: {
    en: 'annotations of GitHub Actions for the worst, and the job summary',
    es: 'anotaciones de GitHub Actions para las peores, y el resumen del trabajo',
  },
  endsWithGate: true,
  summary: { variable: 'GITHUB_STEP_SUMMARY', format: 'markdown' },
  async *render(report, options) {
    const room: Record<Severity, number> = { error: MOST, warning: MOST, info: MOST }
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
  return command(cause.severity, placeOfCause(cause, head), options.ruleTitle(cause.rule), message, options)
}

function findingLine(finding: Finding, options: RenderOptions): string {
  const { severity, rule, message } = finding
  return command(severity, placeOfFinding(finding), `${options.ruleTitle(rule)} (${rule})`, message, options)
}

function command(
  severity: Severity,
  place: SourceRef | null,
  title: string,
  message: string,
  { folder }: RenderOptions,
): string {
  const properties = [
    ...(place === null ? [] : [`file=${property(seenFrom(folder, place.path))}`]),
    ...(place === null || place.line === null ? [] : [`line=${place.line}`]),
    `title=${property(title)}`,
  ]
  return `::${COMMAND[severity]} ${properties.join(',')}::${data(message)}\n`
}

/** As the toolkit of GitHub escapes it (actions/toolkit, packages/core/src/command.ts). */
function data(text: string): string {
  return printable(text.slice(0, LONGEST)).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
