import { formatTexts as en, type FormatTexts } from '../i18n/formats.en.ts'
import { formatTexts as es } from '../i18n/formats.es.ts'
import type { Locale } from '../model/config.ts'

const TEXTS: Readonly<Record<Locale, FormatTexts>> = { en, es }

export function formatTextsOf(locale: Locale): FormatTexts {
  return TEXTS[locale]
}
