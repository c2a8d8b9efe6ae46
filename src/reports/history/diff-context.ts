/** What every section of the page of a comparison is made from. */
import type { CompareTexts } from '../../i18n/compare.en.ts'
import type { PageTexts } from '../../i18n/html.en.ts'
import type { Locale } from '../../model/config.ts'
import type { Comparison, HistoryAudit } from '../../model/history.ts'
import type { Values } from '../values.ts'
import type { DiffFigures } from './diff-figures.ts'

export interface DiffContext {
  readonly locale: Locale
  readonly comparison: Comparison
  readonly figures: DiffFigures
  readonly texts: CompareTexts
  readonly pageTexts: PageTexts
  readonly values: Values
  readonly ruleTitle: (rule: string) => string
  readonly nameOf: (audit: HistoryAudit) => string
}
