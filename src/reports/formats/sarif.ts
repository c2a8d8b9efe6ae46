/** SARIF 2.1.0 (OASIS, 27 March 2020), as code scanning of GitHub reads it: docs.github.com, "SARIF support", 2025. */
import type { Locale } from '../../model/config.ts'
import type { Report } from '../../model/report.ts'
import { formatTextsOf } from '../format-texts.ts'
import { limitPerRule } from '../limit.ts'
import { anyPlace } from '../place.ts'
import type { RenderOptions, Reporter } from '../reporter.ts'
import { MOST_RESULTS, sarifLog } from '../sarif/log.ts'
import { causeResult, findingResult, type RuleIndex } from '../sarif/results.ts'
import { messageText } from '../sarif/rule-help.ts'
import { valuesIn } from '../values.ts'
import { rootsWorstFirst } from '../worst.ts'

export const reporter: Reporter = {
  name: 'sarif',
  doc: {
    en: 'SARIF 2.1.0, for code scanning: roots and causes at their lines, the worst 25,000',
    es: 'SARIF 2.1.0, para el análisis de código: raíces y causas en su línea, las 25.000 peores',
  },
  async *render(report, options) {
    yield* sarifLog(
      {
        tool: report.head.tool,
        project: report.project ?? '',
        category: '',
        rules: ruleIds(report),
        results: (index, isFull) => results(report, options, index, isFull),
        invocation: (omitted) => invocation(report, options.locale, omitted),
      },
      options,
    )
  },
}

async function* results(
  report: Report,
  options: RenderOptions,
  index: RuleIndex,
  isFull: () => boolean,
): AsyncGenerator<Record<string, unknown> | null> {
  const { head } = report
  const limit = limitPerRule(head, options.maxFindings)
  const values = valuesIn(options.locale, options.timezone)
  const anywhere = anyPlace(head)
  for (const cause of head.causes) yield causeResult(cause, head, options, index)
  for await (const finding of rootsWorstFirst(report))
    yield !isFull() && limit.allows(finding) ? findingResult(finding, anywhere, options, index, values) : null
}

/** Rules that were judged, and those of causes. */
function ruleIds({ head }: Report): readonly string[] {
  return [...new Set([...head.coverage.map(({ rule }) => rule), ...head.causes.map(({ rule }) => rule)])].sort()
}

function invocation({ head, gate }: Report, locale: Locale, omitted: number): Record<string, unknown> {
  const texts = formatTextsOf(locale)
  const { explained } = head.totals
  const off = (head.silences?.off ?? []).flatMap(({ rule, partly }) => (partly ? [] : [rule]))
  const notes = [
    ...(gate?.unreadable ?? []).map((channel) => ({ level: 'error', text: texts.unreadable(channel) })),
    ...(omitted > 0 ? [{ level: 'warning', text: texts.leftOut(omitted, MOST_RESULTS) }] : []),
    ...(explained > 0 ? [{ level: 'note', text: texts.explainedBy(explained) }] : []),
  ]
  return {
    executionSuccessful: (gate?.unreadable ?? []).length === 0,
    startTimeUtc: head.audit.started_at,
    endTimeUtc: head.audit.finished_at,
    ...(gate === undefined ? {} : { exitCode: gate.status }),
    ...(off.length === 0
      ? {}
      : { ruleConfigurationOverrides: off.map((id) => ({ descriptor: { id }, configuration: { enabled: false } })) }),
    toolExecutionNotifications: notes.map(({ level, text }) => ({ level, message: { text: messageText(text) } })),
  }
}
