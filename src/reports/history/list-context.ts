/** What every section of the page of audits is made from. */
import type { CompareTexts } from '../../i18n/compare.en.ts'
import type { HistoryTexts } from '../../i18n/history.en.ts'
import type { PageTexts } from '../../i18n/html.en.ts'
import type { Locale } from '../../model/config.ts'
import type { HistoryView } from '../../model/history.ts'

export interface ListContext {
  readonly locale: Locale
  readonly view: HistoryView
  readonly texts: CompareTexts
  readonly pageTexts: PageTexts
  readonly historyTexts: HistoryTexts
  readonly instant: (iso: string) => string
  readonly ruleTitle: (rule: string) => string
}
