/** What `omniparity rules` prints: what each rule does in this project, and whether the project has what it needs. */
import { instantText, now } from '../base/clock.ts'
import { t } from '../i18n/texts.ts'
import type { Store } from '../ingest/tables.ts'
import type { Locale, Severity } from '../model/config.ts'
import { inputOf } from '../model/input.ts'
import { packNames, readPack } from '../rules/pack-files.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import { familyOf, type Rule } from '../rules/rule.ts'
import { projectConfig, projectRules, withSources } from './project.ts'

export interface ListRulesRequest {
  /** Null: the nearest configuration; without one the recommended rules. */
  readonly configFile: string | null
  readonly cwd: string
  readonly locale: Locale
  readonly format: 'pretty' | 'json'
  readonly signal: AbortSignal
}

interface Need {
  readonly name: string
  readonly isField: boolean
  /** Null where there is no project to ask. */
  readonly available: boolean | null
  /** What would bring it. */
  readonly remedy: string
}

interface Line {
  readonly rule: Rule
  readonly severity: Severity | 'off'
  /** Packs of this project that have it, and all that do. */
  readonly packs: readonly string[]
  readonly inPacks: readonly string[]
  readonly locked: boolean
  /** Overrides that make a difference somewhere. */
  readonly overrides: number
  readonly needs: readonly Need[]
}

/**
 * The rules with the severity they have in this project, and what decides whether they can be evaluated.
 *
 * @throws DiagnosticError for a configuration or rule file that is wrong.
 */
export async function listRules({ configFile, cwd, locale, format, signal }: ListRulesRequest): Promise<string> {
  const config = await projectConfig(configFile, cwd)
  const rules = await projectRules(config)
  const has =
    config === null
      ? () => null
      : await withSources(config, instantText(now()), signal, async (store) => availability(store))
  const packs = packNames().map(readPack)
  const lines = rules.map((effective): Line => {
    const { rule, severity, locked, overrides } = effective
    const names = [rule.id, ...rule.formerly]
    return {
      rule,
      severity,
      packs: effective.packs,
      inPacks: packs.filter((pack) => names.some((name) => Object.hasOwn(pack.rules, name))).map(({ id }) => id),
      locked: locked !== null,
      overrides: overrides.length,
      needs: needsOf(effective, has, locale),
    }
  })
  return format === 'json' ? json(lines, locale) : pretty(lines, locale)
}

type Has = (need: string) => boolean | null

/** What is there once the sources are read; kept apart from them, for they are closed by then. */
function availability({ sources, speaks, inputs }: Store): Has {
  const fields = new Set<string>(sources.flatMap(({ fields: own }) => [...own]))
  for (const [field, by] of speaks) if (by.size > 0) fields.add(field)
  const columns = new Set(
    inputs.loaded.flatMap(({ name, columns: own }) => [
      `input.${name}`,
      ...[...own].map((one) => `input.${name}.${one}`),
    ]),
  )
  return (need) => fields.has(need) || columns.has(need)
}

function needsOf({ rule }: EffectiveRule, has: Has, locale: Locale): readonly Need[] {
  const words = t(locale).rules
  const fields = rule.needs.map(
    (field): Need => ({ name: field, isField: true, available: has(field), remedy: words.mapField(field) }),
  )
  const inputs = rule.inputs.map(({ input, column }): Need => {
    const name = column === null ? `input.${input}` : `input.${input}.${column}`
    const required = Object.entries(inputOf(input).columns).flatMap(([one, { required: is }]) => (is ? [one] : []))
    const columns = [...new Set([...required, ...(column === null ? [] : [column])])]
    return { name, isField: false, available: has(name), remedy: words.addInput(input, columns.join(', ')) }
  })
  return [...fields, ...inputs]
}

/** False where something is missing; null where nobody can tell. */
function isReady(line: Line): boolean | null {
  if (line.needs.some(({ available }) => available === null)) return null
  return missingIn(line).length === 0
}

/** Every input has to be there; of several fields one is enough, unless their history is asked for. */
function missingIn({ needs, rule }: Line): readonly Need[] {
  const missing = needs.filter(({ available }) => available === false)
  const isTold = rule.kind !== 'history' && needs.some(({ isField, available }) => isField && available === true)
  return missing.filter(({ isField }) => !isField || !isTold)
}

function json(lines: readonly Line[], locale: Locale): string {
  const entries = lines.map((line) =>
    JSON.stringify({
      rule: line.rule.id,
      title: line.rule.title[locale],
      kind: line.rule.kind,
      severity: line.severity,
      packs: line.packs,
      in_packs: line.inPacks,
      locked: line.locked,
      overrides: line.overrides,
      available: isReady(line),
      needs: line.needs.map(({ name, available, remedy }) => ({ name, available, remedy: available ? null : remedy })),
    }),
  )
  return `[\n${entries.join(',\n')}\n]\n`
}

function pretty(lines: readonly Line[], locale: Locale): string {
  const width = Math.max(0, ...lines.map(({ rule }) => rule.id.length))
  const words = t(locale).rules
  const families = [...new Set(lines.map(({ rule }) => familyOf(rule)))]
  const blocks = families.map((family) => {
    const members = lines.filter(({ rule }) => familyOf(rule) === family)
    return [family, ...members.flatMap((member) => prettyLines(member, width, locale))].join('\n')
  })
  const on = lines.filter(({ severity }) => severity !== 'off')
  const lacking = on.filter((line) => isReady(line) === false)
  return `${blocks.join('\n\n')}\n\n${words.summary(lines.length, on.length, lacking.length)}\n`
}

function prettyLines(line: Line, width: number, locale: Locale): readonly string[] {
  const { rule, severity, packs, inPacks, needs } = line
  const words = t(locale).rules
  const marks = [
    ...(packs.length === 0 ? [] : [packs.join(', ')]),
    ...(line.locked ? [words.locked] : []),
    ...(line.overrides === 0 ? [] : [words.overrides(line.overrides)]),
  ]
  const indent = ' '.repeat(11)
  const head = `  ${severity.padEnd(8)} ${rule.id.padEnd(width)}  ${rule.title[locale]}${marks.length === 0 ? '' : ` [${marks.join(' · ')}]`}`
  const told = needs.map(({ name, available }) => (available === null ? name : `${name} ${available ? '✓' : '✗'}`))
  const missing = missingIn(line)
  return [
    head,
    ...(told.length === 0 ? [] : [`${indent}${words.needs} ${told.join(', ')}`]),
    ...missing.map(({ remedy }) => `${indent}→ ${remedy}`),
    ...(severity === 'off'
      ? [
          `${indent}→ ${words.switchOn(rule.id, rule.severity === 'off' ? 'warning' : rule.severity, inPacks.join(' | '))}`,
        ]
      : []),
  ]
}
