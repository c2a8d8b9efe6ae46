import type { Locale } from '../model/config.ts'
import type { Rule } from '../rules/rule.ts'
import type { RenderTexts } from './render.ts'

/** What rules say of themselves, for reports. */
export function ruleTexts(
  rules: readonly Rule[],
  locale: Locale,
): Required<Pick<RenderTexts, 'ruleTitle' | 'ruleText'>> {
  const byId = new Map(rules.map((rule) => [rule.id, rule]))
  return {
    ruleTitle: (id) => byId.get(id)?.title[locale] ?? id,
    ruleText: (id) => {
      const rule = byId.get(id)
      if (rule === undefined) return null
      const { title, severity, docs } = rule
      return { title, severity, docs }
    },
  }
}
