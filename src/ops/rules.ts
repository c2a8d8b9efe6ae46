/** What `omniparity rules` prints. */
import { join } from 'node:path'
import { findConfig, loadConfig } from '../config/load.ts'
import { t } from '../i18n/texts.ts'
import type { Config, Locale } from '../model/config.ts'
import { loadPlatform } from '../platforms/registry.ts'
import { loadRules } from '../rules/load.ts'
import { packNames } from '../rules/pack-files.ts'
import { type EffectiveRule, effectiveRules } from '../rules/packs.ts'
import { RULES_ROOT } from '../rules/reference-data.ts'
import { familyOf } from '../rules/rule.ts'

export interface ListRulesRequest {
  /** Null: the nearest configuration; without one the recommended rules. */
  readonly configFile: string | null
  readonly cwd: string
  readonly locale: Locale
}

/**
 * The rules with the severity they have in this project, and the fields that decide whether they can be evaluated.
 *
 * @throws DiagnosticError for a configuration or rule file that is wrong.
 */
export async function listRules({ configFile, cwd, locale }: ListRulesRequest): Promise<string> {
  const config = await projectConfig(configFile, cwd)
  const dirs = config?.rulesDir === undefined || config.rulesDir === null ? [] : [join(config.dir, config.rulesDir)]
  const rules = effectiveRules(await loadRules([RULES_ROOT, ...dirs]), {
    extends: config?.extends ?? ['recommended'],
    settings: config?.rules ?? {},
    overrides: config?.overrides ?? [],
    only: [],
    skip: [],
    allRules: false,
  })
  const width = Math.max(0, ...rules.map(({ rule }) => rule.id.length))
  const families = [...new Set(rules.map(({ rule }) => familyOf(rule)))]
  const blocks = families.map((family) => {
    const members = rules.filter(({ rule }) => familyOf(rule) === family)
    return [family, ...members.map((member) => ruleLines(member, width, locale))].join('\n')
  })
  return `${blocks.join('\n\n')}\n`
}

async function projectConfig(file: string | null, cwd: string): Promise<Config | null> {
  if (file === null && (await findConfig(cwd)) === null) return null
  return loadConfig({ file, cwd, platform: loadPlatform, packs: packNames })
}

function ruleLines({ rule, severity, packs }: EffectiveRule, width: number, locale: Locale): string {
  const words = t(locale).explain
  const needs =
    rule.needs.length === 0 ? '' : `\n  ${' '.repeat(9)}${words.needs.toLowerCase()} ${rule.needs.join(', ')}`
  const from = packs.length === 0 ? '' : ` [${packs.join(', ')}]`
  return `  ${severity.padEnd(8)} ${rule.id.padEnd(width)}  ${rule.title[locale]}${from}${needs}`
}
