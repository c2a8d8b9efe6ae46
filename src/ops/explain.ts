/** What `omniparity explain CODE` prints. */
import { nearest } from '../base/text.ts'
import { type Code, catalogue, isCode } from '../diagnostics/catalogue.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { Entry } from '../diagnostics/entry.ts'
import { t } from '../i18n/texts.ts'
import type { Locale } from '../model/config.ts'
import { inputNeedText } from '../model/input.ts'
import { loadRules } from '../rules/load.ts'
import { packNames, readPack } from '../rules/pack-files.ts'
import { paramText } from '../rules/params.ts'
import { referenceOf } from '../rules/references.ts'
import type { Rule } from '../rules/rule.ts'
import { explainLanguage } from './explain-language.ts'
import { projectConfig, projectRules } from './project.ts'

/** Where own rules may be. */
interface Project {
  readonly configFile: string | null
  readonly cwd: string
  /** Of the terminal, for what an audit has found. */
  readonly width?: number | null
  readonly colour?: boolean
}

/** @throws DiagnosticError `usage/unknown-code` when neither a rule nor a diagnostic has the code. */
export async function explain(code: string, locale: Locale, project: Project | null = null): Promise<string> {
  if (isCode(code)) return explainDiagnostic(code, locale)
  if (code === 'language') return explainLanguage(locale)
  const rules = await rulesWith(code, project)
  const rule = rules.find(({ id, formerly }) => id === code || formerly.includes(code))
  if (rule !== undefined) return explainRule(rule, locale)
  const found = project === null ? null : await ofLatestAudit(code, locale, project, rules)
  if (found !== null) return found
  const known = ['language', ...rules.map(({ id }) => id), ...Object.keys(catalogue)]
  const ending = known.find((id) => id.endsWith(`/${code}`))
  throw fail('usage/unknown-code', { code, nearest: ending ?? nearest(code, known, 4) })
}

/** A finding or a cause with the rule behind it. */
async function ofLatestAudit(
  id: string,
  locale: Locale,
  { configFile, cwd, width = null, colour = false }: Project,
  rules: readonly Rule[],
): Promise<string | null> {
  const { explainStored } = await import('./explain-stored.ts')
  const found = await explainStored({ id, configFile, cwd, locale, rules, width, colour })
  if (found === null) return null
  const rule = rules.find((one) => one.id === found.rule)
  return rule === undefined ? found.text : `${found.text}\n${explainRule(rule, locale)}`
}

/** The rules of the package; those of the project too where only it can have the one that is asked for. */
async function rulesWith(code: string, project: Project | null): Promise<readonly Rule[]> {
  const rules = await loadRules()
  if (project === null || rules.some(({ id, formerly }) => id === code || formerly.includes(code))) return rules
  const config = await projectConfig(project.configFile, project.cwd)
  return config === null ? rules : (await projectRules(config)).map(({ rule }) => rule)
}

/** What a source says, and where; a key of the project's own is left as it is. */
function sourceText(key: string, locale: Locale): string {
  const found = referenceOf(key)
  if (found === null) return key
  const { kind, title, where, read } = found
  const words = t(locale).explain.sourceKinds
  return [`${key}: ${title}`, ...(where === null ? [] : [where]), `${words[kind]}, ${read}`].join(' · ')
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
    section(words.needs, [...rule.needs, ...rule.inputs.map(inputNeedText)].join(', ')),
    section(words.sources, rule.sources.map((key) => sourceText(key, locale)).join('\n')),
  ]
  return `${sections.filter((text) => text !== null).join('\n\n')}\n`
}

function section(title: string, text: string): string | null {
  const trimmed = text.replace(/\s+$/, '')
  return trimmed === '' ? null : `${title}\n${trimmed.replace(/^(?! {2})/gm, '  ')}`
}
