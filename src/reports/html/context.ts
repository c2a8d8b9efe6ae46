/** What every section of the page is made from. */

import type { PageTexts } from '../../i18n/html.en.ts'
import type { ReportTexts } from '../../i18n/report.en.ts'
import type { Locale } from '../../model/config.ts'
import type { PastAudit, Report } from '../../model/report.ts'
import type { Values } from '../values.ts'
import type { Figures } from './figures.ts'
import type { PageRule } from './payload.ts'

export interface PageContext {
  readonly locale: Locale
  readonly texts: PageTexts
  readonly reportTexts: ReportTexts
  readonly values: Values
  readonly report: Report
  readonly figures: Figures
  readonly audits: readonly PastAudit[]
  readonly rule: (id: string) => PageRule | null
}

/** The rule's name in the language of the section; its id where nobody knows a name. */
export function ruleTitle({ rule, locale }: PageContext, id: string): string {
  return rule(id)?.title[locale] ?? id
}

export function familyOf(rule: string): string {
  return rule.slice(0, Math.max(rule.indexOf('/'), 0)) || rule
}

export function findingsLink(filter: Readonly<Record<string, string>>): string {
  return `#findings?${new URLSearchParams(filter)}`
}
