import { formatTexts as en, type FormatTexts } from '../i18n/formats.en.ts'
import { formatTexts as es } from '../i18n/formats.es.ts'
import type { Locale } from '../model/config.ts'
import type { Cause } from '../model/report.ts'

const TEXTS: Readonly<Record<Locale, FormatTexts>> = { en, es }

export function formatTextsOf(locale: Locale): FormatTexts {
  return TEXTS[locale]
}

/** A cause in one line: what it is, how much it explains, what ends it. */
export function causeText(cause: Cause, locale: Locale): string {
  const texts = formatTextsOf(locale)
  const advice = cause.advice === '' ? [] : [texts.advice(cause.advice)]
  return [cause.message, texts.explains(cause.findings), ...advice].join(' · ')
}
