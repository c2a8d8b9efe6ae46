/** A comparison as SARIF 2.1.0: every result says what became of it since the older audit. */

import type { ComparedCause, Comparison, FindingChange } from '../../model/history.ts'
import { formatTextsOf } from '../format-texts.ts'
import type { Renderer, RenderOptions } from '../reporter.ts'
import { MOST_RESULTS, sarifLog } from '../sarif/log.ts'
import { type BaselineState, causeResult, findingResult, type RuleIndex } from '../sarif/results.ts'
import { messageText } from '../sarif/rule-help.ts'
import { valuesIn } from '../values.ts'
import { anyPlaceOf, auditName, compareTextsOf, NEWS } from './subject.ts'

const STATES: Readonly<Record<FindingChange, BaselineState>> = {
  new: 'new',
  reopened: 'new',
  worse: 'updated',
  changed: 'updated',
  unchanged: 'unchanged',
  quieted: 'unchanged',
  resolved: 'absent',
}
const CAUSE_STATES: Readonly<Record<ComparedCause['change'], BaselineState>> = {
  new: 'new',
  unchanged: 'unchanged',
  resolved: 'absent',
}
/** News first: a run has an end. */
const ORDER: readonly (readonly FindingChange[])[] = [NEWS, ['resolved'], ['changed', 'unchanged', 'quieted']]

export const reporter: Renderer<Comparison> = {
  name: 'sarif',
  async *render(comparison, options) {
    yield* sarifLog(
      {
        tool: comparison.tool,
        project: comparison.project,
        category: 'history-diff/',
        rules: ruleIds(comparison),
        results: (index, isFull) => results(comparison, options, index, isFull),
        invocation: (omitted) => invocation(comparison, options, omitted),
      },
      options,
    )
  },
}

function ruleIds({ rules, causes, diff }: Comparison): readonly string[] {
  const gone = diff.resolved.map(({ rule }) => rule)
  const explained = (causes ?? []).map(({ cause }) => cause.rule)
  return [...new Set([...rules.judged, ...rules.dropped, ...gone, ...explained])].sort()
}

async function* results(
  comparison: Comparison,
  options: RenderOptions,
  index: RuleIndex,
  isFull: () => boolean,
): AsyncGenerator<Record<string, unknown> | null> {
  const { heads, causes } = comparison
  for (const { change, cause } of causes ?? []) {
    const head = change === 'resolved' ? heads.from : heads.to
    if (head !== null) yield causeResult(cause, head, options, index, CAUSE_STATES[change])
  }
  const values = valuesIn(options.locale, options.timezone)
  const anywhere = anyPlaceOf(comparison)
  for (const wanted of ORDER) {
    for await (const { change, finding } of comparison.findings(wanted))
      yield isFull() ? null : findingResult(finding, anywhere, options, index, values, STATES[change])
  }
}

function invocation(comparison: Comparison, options: RenderOptions, omitted: number): Record<string, unknown> {
  const { diff, heads, gate } = comparison
  const { locale, timezone } = options
  const texts = compareTextsOf(locale)
  const lost = (
    [
      ['from', diff.from],
      ['to', diff.to],
    ] as const
  )
    .filter(([side]) => heads[side] === null)
    .map(([, audit]) => auditName(audit, locale, timezone))
  const notes = [
    ...(lost.length > 0 ? [{ level: 'warning', text: texts.notKept(lost) }] : []),
    ...(omitted > 0 ? [{ level: 'warning', text: formatTextsOf(locale).leftOut(omitted, MOST_RESULTS) }] : []),
  ]
  return {
    executionSuccessful: true,
    ...(heads.to === null ? {} : { startTimeUtc: heads.to.audit.started_at, endTimeUtc: heads.to.audit.finished_at }),
    exitCode: gate.status,
    toolExecutionNotifications: notes.map(({ level, text }) => ({ level, message: { text: messageText(text) } })),
  }
}
