/** What the formats of a comparison share. */
import { type CompareTexts, compareTexts as en } from '../../i18n/compare.en.ts'
import { compareTexts as es } from '../../i18n/compare.es.ts'
import type { Locale } from '../../model/config.ts'
import type { Comparison, DiffGate, FindingChange, HistoryAudit } from '../../model/history.ts'
import type { Finding, SourceRef } from '../../model/report.ts'
import { anyPlace } from '../place.ts'
import { valuesIn } from '../values.ts'

const TEXTS: Readonly<Record<Locale, CompareTexts>> = { en, es }

export function compareTextsOf(locale: Locale): CompareTexts {
  return TEXTS[locale]
}

/** What somebody should look at; the exit status counts these. */
export const NEWS: readonly FindingChange[] = ['new', 'reopened', 'worse']

/** Where something stands of which nobody knows a place. */
export function anyPlaceOf({ heads }: Comparison): SourceRef {
  const head = heads.to ?? heads.from
  return head === null ? { path: 'omniparity.yaml', row: null, line: 1 } : anyPlace(head)
}

/** One sentence: passed or failed, and because of what. */
export function diffSentence({ failOn, news, status }: DiffGate, locale: Locale): string {
  const { gate } = compareTextsOf(locale)
  if (failOn === 'never') return gate.never
  return status === 1 ? gate.failed(news, failOn) : gate.passed(failOn)
}

/** `audit 12 (2026-11-22 09:00)`. */
export function auditName({ number, as_of: at }: HistoryAudit, locale: Locale, timezone: string): string {
  return compareTextsOf(locale).audit(number, valuesIn(locale, timezone).instant(at))
}

export function itemOf({ item }: Finding): string | null {
  return item?.sku ?? item?.id ?? null
}
