/** What `omniparity explain CODE` prints. */
import { durationText } from '../base/clock.ts'
import { nearest } from '../base/text.ts'
import { type Code, catalogue, isCode } from '../diagnostics/catalogue.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { Entry } from '../diagnostics/entry.ts'
import { t } from '../i18n/texts.ts'
import type { Locale } from '../model/config.ts'
import type { ParamValue } from '../rules/expression/scope.ts'
import { loadRules } from '../rules/load.ts'
import { packNames, readPack } from '../rules/pack-files.ts'
import type { Rule } from '../rules/rule.ts'

/** @throws DiagnosticError `usage/unknown-code` when neither a rule nor a diagnostic has the code. */
export async function explain(code: string, locale: Locale): Promise<string> {
  if (isCode(code)) return explainDiagnostic(code, locale)
  const rules = await loadRules()
  const rule = rules.find(({ id, formerly }) => id === code || formerly.includes(code))
  if (rule !== undefined) return explainRule(rule, locale)
  const known = [...rules.map(({ id }) => id), ...Object.keys(catalogue)]
  const ending = known.find((id) => id.endsWith(`/${code}`))
  throw fail('usage/unknown-code', { code, nearest: ending ?? nearest(code, known, 4) })
}

function explainDiagnostic(code: Code, locale: Locale): string {
  // The entries differ only in the parameters of their texts, which are not used here.
  const { docs, status } = catalogue[code] as Entry<never>
  return `${code}\n\n${docs[locale]}\n\n${t(locale).explain.status(status ?? 2)}\n`
}

function explainRule(rule: Rule, locale: Locale): string {
  const words = t(locale).explain
  const docs = rule.docs[locale]
  const packs = packNames().filter((pack) => Object.hasOwn(readPack(pack).rules, rule.id))
  const codes = rule.codes.map(
    ({ code, severity, message }) => `  ${code} (${severity ?? rule.severity}): ${message[locale]}`,
  )
  const params = Object.entries(rule.params).map(
    ([name, { default: value, doc }]) => `  ${name} = ${paramText(value)}: ${doc[locale]}`,
  )
  const sections = [
    `${rule.id}: ${rule.title[locale]}`,
    `${words.severity}: ${rule.severity} · ${words.packs}: ${packs.length === 0 ? '-' : packs.join(', ')}`,
    section(words.what, docs.what),
    section(words.why, docs.why),
    section(words.quietWhen, docs.quietWhen),
    section(words.example, docs.example),
    section(words.fix, docs.fix),
    section(words.codes, codes.join('\n')),
    section(words.parameters, params.join('\n')),
    section(words.needs, rule.needs.join(', ')),
    section(words.sources, rule.sources.join('\n')),
  ]
  return `${sections.filter((text) => text !== null).join('\n\n')}\n`
}

function section(title: string, text: string): string | null {
  const trimmed = text.replace(/\s+$/, '')
  return trimmed === '' ? null : `${title}\n${trimmed.replace(/^(?! {2})/gm, '  ')}`
}

function paramText(param: ParamValue): string {
  switch (param.type) {
    case 'list':
      return `[${param.value.join(', ')}]`
    case 'duration':
      return durationText(param.value)
    case 'map':
      return JSON.stringify(param.value)
    case 'decimal':
    case 'integer':
    case 'text':
    case 'enum':
    case 'boolean':
    case 'null':
      return String(param.value)
  }
}
