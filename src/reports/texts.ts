import { reportTexts as en, type ReportTexts } from '../i18n/report.en.ts'
import { reportTexts as es } from '../i18n/report.es.ts'
import type { Locale } from '../model/config.ts'

const TEXTS: Readonly<Record<Locale, ReportTexts>> = { en, es }

export function textsOf(locale: Locale): ReportTexts {
  return TEXTS[locale]
}
