/** Hangs findings under what explains them, and says what the causes are in a report. */
import { type Config, OTHER_LOCALE, type Severity } from '../model/config.ts'
import type { Cause, Totals } from '../model/report.ts'
import type { CauseDraft } from './causes/detector.ts'
import { causeTexts, hangUnder } from './causes.ts'
import type { Draft } from './draft.ts'
import type { Impacts } from './impact.ts'
import type { SideRow } from './sides.ts'

/** A root that a cause explains hangs under it, and with it everything that hung under the root. */
export function explainByCause(
  draft: Draft,
  drafts: readonly Draft[],
  rows: readonly SideRow[],
  causes: readonly CauseDraft[],
): void {
  if (draft.explainedBy !== null && causes.some((cause) => cause.id === draft.explainedBy)) return
  const cause = causes.find((one) => one.explains(draft, rows))
  if (cause === undefined) return
  if (draft.explainedBy === null) {
    for (const other of drafts) {
      if (other.explainedBy !== draft.id) continue
      other.explainedBy = cause.id
      hangUnder(cause, other.severity)
    }
  }
  draft.explainedBy = cause.id
  hangUnder(cause, draft.severity)
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

/** The causes that explain anything, worst first. */
export function toCauses(drafts: readonly CauseDraft[], config: Config, impacts: Impacts): readonly Cause[] {
  const causes = drafts.flatMap((cause): readonly Cause[] => {
    const severity = cause.severity ?? cause.alone
    return severity === null ? [] : [toCause(cause, severity, config, impacts)]
  })
  return [...causes].sort(
    (a, b) =>
      RANK[a.severity] - RANK[b.severity] ||
      Number(b.impact?.amount ?? -1) - Number(a.impact?.amount ?? -1) ||
      compare(a.rule, b.rule) ||
      b.findings - a.findings ||
      compare(a.id, b.id),
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function toCause(cause: CauseDraft, severity: Severity, config: Config, impacts: Impacts): Cause {
  const other = OTHER_LOCALE[config.locale]
  return {
    id: cause.id,
    kind: cause.kind,
    channels: cause.channels.map((index) => config.channels[index]?.id ?? ''),
    field: cause.field,
    rule: cause.rule,
    severity,
    status: 'new',
    detail: cause.detail,
    findings: cause.findings,
    share: cause.share,
    ...causeTexts(cause, config, config.locale),
    impact: impacts.ofCause(cause.id),
    translations: { [other]: causeTexts(cause, config, other) },
  }
}

export function addCauses(totals: Totals, causes: readonly Cause[]): Totals {
  const added = { ...totals }
  for (const { status, severity } of causes) {
    added[status === 'known' || status === 'suppressed' ? status : severity] += 1
  }
  return added
}
