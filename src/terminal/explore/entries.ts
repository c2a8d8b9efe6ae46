/** What the lists of the explorer show: causes and rules first, then their findings. */

import type { ExploreTexts } from '../../i18n/explore.en.ts'
import type { Severity } from '../../model/config.ts'
import type { Exploration, ExploreRow } from '../../ops/explore.ts'
import { folded } from '../../ops/explore.ts'

/** What the findings of an entry have in common. */
export type Scope = { readonly cause: string } | { readonly rule: string } | 'all'

export interface Entry {
  readonly scope: Scope
  /** Null for the line that stands for everything. */
  readonly severity: Severity | null
  readonly text: string
  readonly count: number
  readonly search: string
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

/** Everything, the causes as the report orders them, then rules with findings of their own, the gravest first. */
export function entriesOf(exploration: Exploration, texts: ExploreTexts): readonly Entry[] {
  const { rows, head, ruleTitle } = exploration
  const byRule = new Map<string, { severity: Severity; count: number }>()
  for (const { rule, severity, explainedBy } of rows) {
    if (explainedBy !== null) continue
    const before = byRule.get(rule)
    const gravest = before === undefined || RANK[severity] < RANK[before.severity] ? severity : before.severity
    byRule.set(rule, { severity: gravest, count: (before?.count ?? 0) + 1 })
  }
  const entry = (scope: Scope, severity: Severity | null, text: string, count: number): Entry => ({
    scope,
    severity,
    text,
    count,
    search: folded(`${typeof scope === 'string' ? '' : Object.values(scope).join(' ')} ${text}`),
  })
  return [
    entry('all', null, texts.all, rows.length),
    ...head.causes.map(({ id, severity, message, findings }) => entry({ cause: id }, severity, message, findings)),
    ...[...byRule]
      .sort(([a, m], [b, n]) => RANK[m.severity] - RANK[n.severity] || n.count - m.count || (a < b ? -1 : 1))
      .map(([rule, { severity, count }]) => entry({ rule }, severity, `${ruleTitle(rule)} (${rule})`, count)),
  ]
}

/** Positions of the rows that belong to a scope and have every word of the filter. */
export function rowsIn(rows: readonly ExploreRow[], scope: Scope, filter: string): readonly number[] {
  const words = wordsOf(filter)
  const found: number[] = []
  for (const [at, row] of rows.entries()) {
    if (isIn(row, scope) && words.every((word) => row.search.includes(word))) found.push(at)
  }
  return found
}

export function entriesWith(entries: readonly Entry[], filter: string): readonly Entry[] {
  const words = wordsOf(filter)
  return entries.filter(({ search }) => words.every((word) => search.includes(word)))
}

function wordsOf(filter: string): readonly string[] {
  return folded(filter)
    .split(/\s+/)
    .filter((word) => word !== '')
}

function isIn({ rule, explainedBy }: ExploreRow, scope: Scope): boolean {
  if (scope === 'all') return true
  return 'cause' in scope ? explainedBy === scope.cause : rule === scope.rule && explainedBy === null
}
