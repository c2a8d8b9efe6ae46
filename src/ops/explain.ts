/** What `omniparity explain CODE` prints. */
import { nearest } from '../base/text.ts'
import { type Code, catalogue, isCode } from '../diagnostics/catalogue.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { Entry } from '../diagnostics/entry.ts'
import { t } from '../i18n/texts.ts'
import type { Locale } from '../model/config.ts'

/** @throws DiagnosticError `usage/unknown-code` when neither a rule nor a diagnostic has the code. */
export async function explain(code: string, locale: Locale): Promise<string> {
  if (isCode(code)) return explainDiagnostic(code, locale)
  throw fail('usage/unknown-code', { code, nearest: nearest(code, Object.keys(catalogue), 5) })
}

function explainDiagnostic(code: Code, locale: Locale): string {
  // The entries differ only in the parameters of their texts, which are not used here.
  const { docs, status } = catalogue[code] as Entry<never>
  return `${code}\n\n${docs[locale]}\n\n${t(locale).explain.status(status ?? 2)}\n`
}
