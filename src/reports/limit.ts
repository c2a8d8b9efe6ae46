import type { Finding, ReportHead } from '../model/report.ts'

/** Counts findings by rule and says which are within the limit of their rule. */
export interface RuleLimit {
  allows(finding: Finding): boolean
  /** What was left out, by rule: rules with failures are there with 0 too. */
  omitted(): Readonly<Record<string, number>>
}

/** @param most - Per rule; null for no limit. */
export function limitPerRule(head: ReportHead, most: number | null): RuleLimit {
  const seen = new Map<string, number>()
  const omitted = new Map<string, number>()
  for (const { rule, fail } of head.coverage) if (fail > 0) omitted.set(rule, 0)
  for (const [rule, count] of Object.entries(head.omitted)) omitted.set(rule, count)
  return {
    allows: ({ rule }) => {
      const count = (seen.get(rule) ?? 0) + 1
      seen.set(rule, count)
      if (most === null || count <= most) return true
      omitted.set(rule, (omitted.get(rule) ?? 0) + 1)
      return false
    },
    omitted: () => Object.fromEntries(omitted),
  }
}
