/** `omniparity rules test`: the cases of a project's own rules, run as those of the package are. */
import { readdir } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { meant } from '../config/check.ts'
import { findConfig, loadConfig } from '../config/load.ts'
import { type Diagnostic, DiagnosticError, diagnose, failAll } from '../diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../diagnostics/render.ts'
import { t } from '../i18n/texts.ts'
import type { Locale } from '../model/config.ts'
import { loadPlatform } from '../platforms/registry.ts'
import { loadRules } from '../rules/load.ts'
import { packNames } from '../rules/pack-files.ts'
import { RULES_ROOT } from '../rules/package-files.ts'
import type { Rule } from '../rules/rule.ts'
import { allChanges, RuleBench, type Trial } from './rule-tests/bench.ts'
import { compared } from './rule-tests/compare.ts'
import { type RuleCase, type RuleFixture, readFixture } from './rule-tests/fixture.ts'
import { formProblems, spanishProblems, tryAll } from './rule-tests/trials.ts'

export interface TestRulesRequest {
  /** Folder with the rules; null: the `rules_dir` of the configuration, else `rules`. */
  readonly dir: string | null
  readonly configFile: string | null
  readonly cwd: string
  readonly locale: Locale
}

interface Line {
  readonly name: string
  /** What is wrong, in lines; empty where it passes. */
  readonly problems: readonly string[]
}

/**
 * Cases of `<family>/<rule>` stand in `fixtures/<family>/<rule>/{valid,invalid}.yaml` of the folder.
 *
 * @param print - Takes the result of one rule after the other.
 * @returns Whether everything passed.
 * @throws DiagnosticError for rule files and fixtures that are wrong.
 */
export async function testRules(request: TestRulesRequest, print: (text: string) => Promise<void>): Promise<boolean> {
  const { locale, cwd } = request
  const dir = await folderOf(request)
  const all = await loadRules([RULES_ROOT, dir])
  const own = all.filter(({ file }) => isAbsolute(file) && file.startsWith(`${dir}${sep}`))
  if (own.length === 0) throw new DiagnosticError(diagnose('rules/none-found', { folder: relative(cwd, dir) || '.' }))
  const fixtures = own.map((rule) => [rule, readFixture(rule.id, resolve(dir, 'fixtures'))] as const)
  const stray = failAll(await strayCases(resolve(dir, 'fixtures'), new Set(own.map(({ id }) => id))))
  if (stray !== null) throw stray
  const bench = await RuleBench.open(all)
  let [passed, failed] = [0, 0]
  try {
    for (const [rule, fixture] of fixtures) {
      const lines = fixture === null ? [missing(rule, dir, request)] : await linesOf(bench, rule, fixture, locale)
      const bad = lines.filter(({ problems }) => problems.length > 0).length
      failed += bad
      passed += lines.length - bad
      await print(blockOf(rule, lines, locale))
    }
  } finally {
    await bench.close()
  }
  await print(`${t(locale).ruleTest.summary(passed, failed)}\n`)
  return failed === 0
}

/** Files that look like cases and would never run. */
async function strayCases(root: string, rules: ReadonlySet<string>): Promise<readonly Diagnostic[]> {
  const files = await readdir(root, { recursive: true }).catch(() => [])
  return files
    .map((file) => file.split(sep).join('/'))
    .filter((file) => /\.ya?ml$/i.test(file))
    .sort()
    .flatMap((file) => {
      const [, rule = '', name] = /^([^/]+\/[^/]+)\/([^/]+)$/.exec(file) ?? []
      const isKnown = rules.has(rule)
      if (isKnown && (name === 'valid.yaml' || name === 'invalid.yaml')) return []
      return [diagnose('rules/stray-cases', { file, nearest: isKnown ? null : meant(rule, rules) })]
    })
}

async function folderOf({ dir, configFile, cwd }: TestRulesRequest): Promise<string> {
  if (dir !== null) return resolve(cwd, dir)
  if (configFile === null && (await findConfig(cwd)) === null) return resolve(cwd, 'rules')
  const config = await loadConfig({ file: configFile, cwd, platform: loadPlatform, packs: packNames })
  return resolve(config.dir, config.rulesDir ?? 'rules')
}

function missing(rule: Rule, dir: string, { cwd, locale }: TestRulesRequest): Line {
  const { noFixture, form } = t(locale).ruleTest
  return { name: form, problems: [noFixture(relative(cwd, resolve(dir, 'fixtures', rule.id)))] }
}

async function linesOf(bench: RuleBench, rule: Rule, fixture: RuleFixture, locale: Locale): Promise<readonly Line[]> {
  const words = t(locale).ruleTest
  const form = formProblems(rule, fixture).map(({ kind, names }) => `${words.forms[kind]}: ${names.join(', ')}`)
  const changes = allChanges(rule)
  const { trials, unnoticed } = await tryAll(bench, rule, fixture, changes)
  return [
    { name: words.form, problems: form },
    ...[...trials].map(([one, trial]) => ({ name: one.name, problems: caseProblems(rule, one, trial, locale) })),
    ...changes.map((change) => ({
      name: words.notices(change.label),
      problems: unnoticed.has(change) ? [words.unnoticed] : [],
    })),
  ]
}

function caseProblems(rule: Rule, one: RuleCase, trial: Trial | Error, locale: Locale): readonly string[] {
  const { expected, found, spanish } = t(locale).ruleTest
  if (trial instanceof DiagnosticError)
    return trial.diagnostics.map((one) => renderDiagnostic(one, { locale, colour: false }))
  if (trial instanceof Error) return [trial.message]
  const { want, have } = compared(rule, one, trial)
  const [left, right] = [factsOf(want), factsOf(have)]
  return [
    ...left.filter((fact) => !right.includes(fact)).map((fact) => `${expected} ${fact}`),
    ...right.filter((fact) => !left.includes(fact)).map((fact) => `${found} ${fact}`),
    ...spanishProblems(one, trial).map((message) => `${spanish} ${message}`),
  ]
}

/** What a case says, in lines of their own: each finding, each cause, the reasons of unknown. */
function factsOf(value: unknown): readonly string[] {
  return Object.entries(value ?? {}).flatMap(([key, facts]) =>
    Array.isArray(facts) && key !== 'unknown'
      ? facts.map((fact: unknown) => `${key}: ${sorted(fact)}`)
      : [`${key}: ${sorted(facts)}`],
  )
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

function blockOf(rule: Rule, lines: readonly Line[], locale: Locale): string {
  const { pass, fail } = t(locale).ruleTest
  const width = Math.max(pass.length, fail.length)
  const indent = ' '.repeat(width + 4)
  const shown = lines.map(({ name, problems }) => {
    const details = problems.flatMap((problem) => problem.split('\n')).map((text) => `\n${indent}${text}`)
    return `  ${(problems.length === 0 ? pass : fail).padEnd(width)}  ${name}${details.join('')}`
  })
  return `${[rule.id, ...shown].join('\n')}\n\n`
}
