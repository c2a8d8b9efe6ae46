/** Reads the folders of rule files. */
import { meant } from '../config/check.ts'
import { describe, type Path, parseConfigDocument, pathText } from '../config/document.ts'
import { type Diagnostic, diagnose, failAll } from '../diagnostics/diagnostic.ts'
import { buildRule } from './build.ts'
import { lockedRules } from './pack-files.ts'
import { builtFiles, RULES_ROOT } from './package-files.ts'
import { RULE_KINDS, type Rule, type RuleKind } from './rule.ts'
import { listRuleFiles, readRuleText } from './rule-folder.ts'
import { KIND_KEYS, keysOf, RuleFile } from './schema.ts'

/**
 * Reads every `<family>/<rule>.yaml` below the folders.
 *
 * @param dirs - Folders in order; a rule of a later folder replaces one with the same id, unless a pack locks that. None: the rules
 *   of the package.
 * @param notes - Gets a folder that holds no rule.
 * @returns Sorted by id.
 * @throws DiagnosticError with everything that is wrong in any file: `rules/*`, `config/syntax`, `config/unknown-rule`.
 */
export async function loadRules(
  dirs: readonly string[] = [RULES_ROOT],
  notes: Diagnostic[] = [],
): Promise<readonly Rule[]> {
  const problems: Diagnostic[] = []
  const rules = new Map<string, Rule>()
  for (const dir of dirs) {
    // The build wrote what this function gave it.
    const built = dir === RULES_ROOT ? (builtFiles()?.rules as readonly Rule[] | undefined) : undefined
    for (const rule of built ?? []) rules.set(rule.id, rule)
    if (built !== undefined) continue
    const files = await listRuleFiles(dir, problems)
    if (files.length === 0 && problems.length === 0) notes.push(diagnose('rules/none-found', { folder: dir }))
    for (const { id, path, file } of files) {
      const text = await readRuleText(path, file, problems)
      const rule = text === null ? null : parseRule(id, file, text, problems)
      if (rule === null) continue
      if (dir !== RULES_ROOT) checkLock(rule, problems)
      rules.set(id, rule)
    }
  }
  const queries = [...rules.values()].filter((rule) => rule.kind === 'sql')
  // The engine takes longer to load than all rules to read.
  if (queries.length > 0) await (await import('./query/check.ts')).checkQueries(queries, problems)
  // A file that could not be read would make every rule that names it look wrong too.
  if (problems.length === 0) {
    checkMasks(rules, problems)
    checkFormer(rules, problems)
  }
  const error = failAll(problems)
  if (error !== null) throw error
  return [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** One rule file; what is wrong with it is added to `problems`, and the result is null then. */
export function parseRule(id: string, file: string, text: string, problems: Diagnostic[]): Rule | null {
  const document = parseConfigDocument(file, text)
  if (document.problems.length > 0) {
    problems.push(...document.problems)
    return null
  }
  if (typeof document.data !== 'object' || document.data === null || Array.isArray(document.data)) {
    const found = document.data === null || document.data === undefined ? 'empty' : 'other'
    problems.push(diagnose('rules/not-a-rule', { found }, found === 'empty' ? { file } : document.place([])))
    return null
  }
  const result = RuleFile.safeParse(document.data)
  const kind = kindOf(document.data)
  const unknown = kind === null ? [] : foreignKeys(document.data, kind)
  const known = kind === null ? Object.keys(RuleFile.shape) : keysOf(kind)
  for (const key of unknown) {
    const params = { name: key, nearest: meant(key, known), known }
    problems.push(diagnose('rules/unknown-key', params, document.keyPlace([], key)))
  }
  for (const issue of result.error?.issues ?? []) {
    for (const problem of wording(issue, document, unknown)) problems.push(problem)
  }
  if (!result.success || unknown.length > 0) return null
  const missing = KIND_KEYS[result.data.kind].needs.filter((key) => result.data[key] === undefined)
  for (const key of missing) {
    const why = { en: `rules of kind ${kind} need it`, es: `las reglas de tipo ${kind} la necesitan` }
    problems.push(diagnose('rules/missing-key', { key, why }, document.keyPlace([], 'kind')))
  }
  return missing.length > 0 ? null : buildRule(result.data, { id, file, text, document }, problems)
}

function kindOf(data: unknown): RuleKind | null {
  const kind = typeof data === 'object' && data !== null && 'kind' in data ? data.kind : null
  return RULE_KINDS.find((known) => known === kind) ?? null
}

function foreignKeys(data: unknown, kind: RuleKind): readonly string[] {
  const known: readonly string[] = keysOf(kind)
  return Object.keys(data as object).filter((key) => !known.includes(key))
}

type Issue = NonNullable<ReturnType<typeof RuleFile.safeParse>['error']>['issues'][number]

function wording(
  issue: Issue,
  document: ReturnType<typeof parseConfigDocument>,
  reported: readonly string[],
): readonly Diagnostic[] {
  const path: Path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.filter((key) => path.length > 0 || !reported.includes(key))
    return names.map((name) => {
      const known = issue.message.startsWith('{') ? issue.message.slice(1, -1).split(/[,|]\s*/) : []
      return diagnose('rules/unknown-key', { name, nearest: meant(name, known), known }, document.keyPlace(path, name))
    })
  }
  const value = valueAt(document.data, path)
  if (value === undefined) {
    const why = { en: `expected: ${issue.message}`, es: `se espera: ${issue.message}` }
    return [diagnose('rules/missing-key', { key: pathText(path), why }, document.place(path))]
  }
  const found = describe(value).text || describe(value).kind
  return [diagnose('rules/bad-value', { key: pathText(path), expected: issue.message, found }, document.place(path))]
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    return (value as Readonly<Record<string | number, unknown>>)[part]
  }, data)
}

function checkMasks(rules: ReadonlyMap<string, Rule>, problems: Diagnostic[]): void {
  for (const rule of rules.values()) {
    for (const id of rule.maskedBy) {
      if (rules.has(id)) continue
      const params = { rule: id, nearest: meant(id, rules.keys()) }
      problems.push(diagnose('config/unknown-rule', params, rule.at))
    }
  }
}

/** What cannot be switched off cannot be replaced by something that finds nothing either. */
function checkLock(rule: Rule, problems: Diagnostic[]): void {
  const lock = lockedRules().get(rule.id)
  if (lock !== undefined) problems.push(diagnose('rules/locked-file', { rule: rule.id, pack: lock }, rule.at))
}

/** An id that two rules answer to would reach one of them only. */
function checkFormer(rules: ReadonlyMap<string, Rule>, problems: Diagnostic[]): void {
  const claimed = new Map<string, string>()
  for (const rule of rules.values()) {
    for (const id of rule.formerly) {
      const other = rules.has(id) ? id : (claimed.get(id) ?? null)
      if (other !== null) problems.push(diagnose('rules/former-id-taken', { rule: rule.id, id, other }, rule.at))
      claimed.set(id, rule.id)
    }
  }
}
