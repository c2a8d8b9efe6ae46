import type { Config, Locale, Severity } from '../model/config.ts'
import type { Coverage, GateResult, Report, ReportHead } from '../model/report.ts'
import { textsOf } from './texts.ts'

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']

/** Reasons that say what was not given rather than what could not be decided; they do not count against the limit. */
const NOT_GIVEN: ReadonlySet<string> = new Set(['no_input', 'no_authority'])

/** Unknown outcomes over unknown, pass and fail of all rules; null when there are none of them. */
export function unknownShare(coverage: readonly Coverage[]): number | null {
  let unknown = 0
  let decided = 0
  for (const one of coverage) {
    decided += one.pass + one.fail
    for (const [reason, count] of Object.entries(one.unknown)) unknown += NOT_GIVEN.has(reason) ? 0 : count
  }
  return unknown + decided === 0 ? null : unknown / (unknown + decided)
}

/**
 * Decides whether the audit passes.
 *
 * Relies on `totals.error`, `warning` and `info` counting new and worse roots and causes only.
 */
export function judgeGate(head: ReportHead, gate: Config['gate'], unreadable: readonly string[]): GateResult {
  const { failOn, maxNew, maxUnknown } = gate
  const counted = failOn === 'never' ? [] : SEVERITIES.filter((severity) => RANK[severity] <= RANK[failOn])
  const newFindings = counted.reduce((sum, severity) => sum + head.totals[severity], 0)
  const share = unknownShare(head.coverage)
  const blind = unreadable.length > 0 || (maxUnknown !== null && share !== null && share > maxUnknown)
  const status = blind ? 3 : failOn !== 'never' && newFindings > maxNew ? 1 : 0
  return { status, failOn, newFindings, maxNew, unknownShare: share, maxUnknown, unreadable }
}

/** A report that nobody has judged is judged as a plain audit is. */
export function judged({ gate, head }: Pick<Report, 'gate' | 'head'>): GateResult {
  return gate ?? judgeGate(head, { failOn: 'error', maxNew: 0, maxUnknown: null }, [])
}

/** The sentence about a report. */
export function gateLine(report: Pick<Report, 'gate' | 'head'>, locale: Locale): string {
  return gateSentence(judged(report), locale)
}

/** One sentence: passed or failed, and because of what. */
export function gateSentence(gate: GateResult, locale: Locale): string {
  const texts = textsOf(locale).gate
  if (gate.unreadable.length > 0) return texts.unreadable(gate.unreadable)
  if (gate.status === 3) return texts.tooMuchUnknown(gate.unknownShare ?? 0, gate.maxUnknown ?? 0)
  if (gate.unknownShare === null && gate.newFindings === 0) return texts.nothingChecked
  if (gate.failOn === 'never') return texts.never
  if (gate.status === 1) return texts.failed(gate.newFindings, gate.failOn, gate.maxNew)
  return texts.passed(gate.newFindings, gate.failOn)
}
