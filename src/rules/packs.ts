/** From packs, configuration and flags to what each rule does in this audit, and who said so. */
import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { meant } from '../config/check.ts'
import { type Path, parseConfigDocument } from '../config/document.ts'
import { type Diagnostic, diagnose, failAll, type Where } from '../diagnostics/diagnostic.ts'
import type { Config, RuleOverride, RuleSetting, Severity } from '../model/config.ts'
import type { ParamValue } from './expression/scope.ts'
import { acceptedParam, readParam } from './params.ts'
import { RULES_ROOT } from './reference-data.ts'
import type { Rule } from './rule.ts'

/** Always loaded, before anything that `extends` names. */
const CORE = 'core'

export type Origin =
  | { readonly by: 'rule'; readonly where: Where | null }
  | { readonly by: 'pack'; readonly pack: string; readonly where: Where | null }
  | { readonly by: 'config'; readonly where: Where | null }
  | { readonly by: 'flag'; readonly flag: '--only' | '--skip' | '--all-rules' }

export interface EffectiveParam {
  readonly value: ParamValue
  readonly origin: Origin
}

export interface EffectiveRule {
  readonly rule: Rule
  /** `off` for rules that no pack or setting switched on. */
  readonly severity: Severity | 'off'
  readonly severityOrigin: Origin
  readonly params: Readonly<Record<string, EffectiveParam>>
  /** Packs of this run that name the rule, in order. */
  readonly packs: readonly string[]
  /** In order; the last one whose conditions hold for a finding wins, severity and each parameter on their own. */
  readonly overrides: readonly EffectiveOverride[]
}

export interface EffectiveOverride {
  readonly when: RuleOverride['when']
  readonly severity: Severity | 'off' | null
  readonly params: Readonly<Record<string, ParamValue>>
  readonly where: Where | null
}

export interface Selection {
  readonly extends: readonly string[]
  readonly settings: Config['rules']
  readonly overrides: Config['overrides']
  /** Rule ids or families (`price`, `price/*`); empty selects everything. */
  readonly only: readonly string[]
  readonly skip: readonly string[]
  /** Every rule, at the severity of its file where nothing else is said. */
  readonly allRules: boolean
}

const severity = z.union([z.enum(['error', 'warning', 'info', 'off']), z.literal(false)], {
  error: 'error | warning | info | off',
})
const PackFile = z.strictObject({
  pack: z.string(),
  doc: z.strictObject({ en: z.string(), es: z.string() }),
  extends: z.array(z.string()).default([]),
  /** `default` takes the severity of the rule's own file. */
  rules: z.record(
    z.string(),
    z.union([
      severity,
      z.literal('default'),
      z.strictObject({ severity: severity.optional(), params: z.record(z.string(), z.unknown()).optional() }),
    ]),
  ),
})
type PackEntry = z.infer<typeof PackFile>['rules'][string]

export interface Pack {
  readonly id: string
  readonly doc: { readonly en: string; readonly es: string }
  readonly extends: readonly string[]
  readonly rules: Readonly<Record<string, { readonly entry: PackEntry; readonly where: Where }>>
}

/** Ids of the packs of this version, sorted. */
export function packNames(): readonly string[] {
  return readdirSync(`${RULES_ROOT}packs`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => name.slice(0, -'.yaml'.length).replaceAll('\\', '/'))
    .sort()
}

/** @throws DiagnosticError `config/unknown-pack`. */
export function readPack(id: string): Pack {
  const known = packNames()
  if (!known.includes(id)) {
    const error = failAll([diagnose('config/unknown-pack', { pack: id, nearest: meant(id, known), known })])
    if (error !== null) throw error
  }
  const file = `rules/packs/${id}.yaml`
  const document = parseConfigDocument(file, readFileSync(`${RULES_ROOT}packs/${id}.yaml`, 'utf8'))
  const raw = PackFile.parse(document.data)
  const at = (path: Path, key: string): Where => document.keyPlace(path, key)
  const rules = Object.entries(raw.rules).map(([rule, entry]) => [rule, { entry, where: at(['rules'], rule) }] as const)
  return { id, doc: raw.doc, extends: raw.extends, rules: Object.fromEntries(rules) }
}

/**
 * Packs in the order in which they apply: what a pack extends before the pack itself, each once.
 *
 * @throws DiagnosticError `config/unknown-pack`, `rules/pack-cycle`.
 */
export function resolvePacks(names: readonly string[]): readonly Pack[] {
  const order = new Map<string, Pack>()
  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) {
      const error = failAll([diagnose('rules/pack-cycle', { path: [...path, id] })])
      if (error !== null) throw error
    }
    if (order.has(id)) return
    const pack = readPack(id)
    for (const parent of pack.extends) visit(parent, [...path, id])
    order.set(id, pack)
  }
  for (const name of [CORE, ...names]) visit(name, [])
  return [...order.values()]
}

/**
 * What every rule does, sorted by id. Rules that are off are listed too.
 *
 * @throws DiagnosticError with every unknown pack, rule and parameter, and every value of a wrong type.
 */
export function effectiveRules(rules: readonly Rule[], selection: Selection): readonly EffectiveRule[] {
  const problems: Diagnostic[] = []
  const packs = resolvePacks(selection.extends)
  const byName = new Map(rules.flatMap((rule) => [rule.id, ...rule.formerly].map((id) => [id, rule] as const)))
  checkNames(selection, byName, problems)
  const effective = rules.map((rule) => new Merge(rule, problems).whole(packs, selection))
  const error = failAll(problems)
  if (error !== null) throw error
  return effective
}

function checkNames(selection: Selection, known: ReadonlyMap<string, Rule>, problems: Diagnostic[]): void {
  const unknown = (id: string, where: Where | null): void => {
    problems.push(diagnose('config/unknown-rule', { rule: id, nearest: meant(id, known.keys()) }, where))
  }
  const settings = [selection.settings, ...selection.overrides.map((override) => override.rules)]
  for (const [id, { where }] of settings.flatMap((group) => Object.entries(group))) {
    if (!known.has(id)) unknown(id, where)
  }
  for (const pattern of [...selection.only, ...selection.skip]) {
    if (![...known.keys()].some((id) => selects(pattern, id))) unknown(pattern, null)
  }
}

/** `price/outlier`, `price` and `price/*` select `price/outlier`. */
function selects(pattern: string, id: string): boolean {
  return pattern === id || id.startsWith(`${pattern.replace(/\/?\*?$/, '')}/`)
}

function settingOf(settings: Readonly<Record<string, RuleSetting>>, rule: Rule): RuleSetting | null {
  const name = [rule.id, ...rule.formerly].find((id) => Object.hasOwn(settings, id))
  return name === undefined ? null : (settings[name] ?? null)
}

class Merge {
  readonly #rule: Rule
  readonly #problems: Diagnostic[]
  readonly #packs: string[] = []
  readonly #params: Record<string, EffectiveParam>
  #severity: Severity | 'off' = 'off'
  #origin: Origin

  constructor(rule: Rule, problems: Diagnostic[]) {
    this.#rule = rule
    this.#problems = problems
    const origin: Origin = { by: 'rule', where: rule.at }
    this.#origin = origin
    this.#params = Object.fromEntries(
      Object.entries(rule.params).map(([name, param]) => [name, { value: param.default, origin }]),
    )
  }

  whole(packs: readonly Pack[], selection: Selection): EffectiveRule {
    for (const pack of packs) this.#pack(pack)
    const setting = settingOf(selection.settings, this.#rule)
    if (selection.allRules && this.#packs.length === 0) {
      this.#say(this.#rule.severity, { by: 'flag', flag: '--all-rules' })
    }
    if (setting !== null) this.#setting(setting)
    this.#flags(selection)
    return {
      rule: this.#rule,
      severity: this.#severity,
      severityOrigin: this.#origin,
      params: this.#params,
      packs: this.#packs,
      overrides: selection.overrides.flatMap((override) => this.#override(override)),
    }
  }

  #say(value: Severity | 'off' | false, origin: Origin): void {
    this.#severity = value === false ? 'off' : value
    this.#origin = origin
  }

  #pack(pack: Pack): void {
    const found = [this.#rule.id, ...this.#rule.formerly]
      .map((id) => (Object.hasOwn(pack.rules, id) ? pack.rules[id] : undefined))
      .find((entry) => entry !== undefined)
    if (found === undefined) return
    const { entry, where } = found
    const origin: Origin = { by: 'pack', pack: pack.id, where }
    this.#packs.push(pack.id)
    if (typeof entry === 'object') {
      this.#say(entry.severity ?? (this.#severity === 'off' ? this.#rule.severity : this.#severity), origin)
      this.#merge(entry.params ?? {}, origin)
      return
    }
    this.#say(entry === 'default' ? this.#rule.severity : entry, origin)
  }

  #setting(setting: RuleSetting): void {
    const origin: Origin = { by: 'config', where: setting.where }
    // Parameters for a rule that no pack has switch it on: nobody tunes a rule to keep it off.
    if (setting.severity !== undefined) this.#say(setting.severity, origin)
    else if (this.#severity === 'off' && this.#packs.length === 0) this.#say(this.#rule.severity, origin)
    this.#merge(setting.params ?? {}, origin)
  }

  #flags({ only, skip }: Selection): void {
    const { id } = this.#rule
    if (only.length > 0 && !only.some((pattern) => selects(pattern, id)))
      this.#say('off', { by: 'flag', flag: '--only' })
    // A rule that is asked for by its own name runs, whatever the packs say.
    if (only.includes(id) && this.#severity === 'off') this.#say(this.#rule.severity, { by: 'flag', flag: '--only' })
    if (skip.some((pattern) => selects(pattern, id))) this.#say('off', { by: 'flag', flag: '--skip' })
  }

  #merge(params: Readonly<Record<string, unknown>>, origin: Origin): void {
    const where = origin.by === 'flag' ? null : origin.where
    for (const [name, value] of this.#read(params, where)) this.#params[name] = { value, origin }
  }

  #override({ when, rules }: RuleOverride): readonly EffectiveOverride[] {
    const setting = settingOf(rules, this.#rule)
    if (setting === null) return []
    const params = Object.fromEntries(this.#read(setting.params ?? {}, setting.where))
    return [{ when, severity: setting.severity ?? null, params, where: setting.where }]
  }

  /** `+name` appends to the list, or adds to the mapping, that holds so far. */
  #read(params: Readonly<Record<string, unknown>>, where: Where | null): readonly (readonly [string, ParamValue])[] {
    return Object.entries(params).flatMap(([key, written]) => {
      const name = key.startsWith('+') ? key.slice(1) : key
      const shape = Object.hasOwn(this.#rule.params, name) ? this.#rule.params[name] : undefined
      if (shape === undefined) {
        const known = Object.keys(this.#rule.params)
        const complaint = { rule: this.#rule.id, name, nearest: meant(name, known), known }
        this.#problems.push(diagnose('rules/unknown-param', complaint, where))
        return []
      }
      const value = readParam(written, shape)
      if (value === null) {
        const complaint = {
          key: `${this.#rule.id}: ${name}`,
          expected: acceptedParam(shape),
          found: describeValue(written),
        }
        this.#problems.push(diagnose('rules/bad-value', complaint, where))
        return []
      }
      return [[name, combine(this.#params[name]?.value, value, key.startsWith('+'))] as const]
    })
  }
}

/** Maps merge, lists are replaced unless `+` appends. */
function combine(before: ParamValue | undefined, value: ParamValue, appends: boolean): ParamValue {
  if (value.type === 'list' && before?.type === 'list' && appends) {
    return { type: 'list', value: [...new Set([...before.value, ...value.value])] }
  }
  if (value.type === 'map' && before?.type === 'map') {
    return { type: 'map', value: deepMerge(before.value, value.value) }
  }
  return value
}

type Block = Readonly<Record<string, unknown>>

function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function deepMerge(before: Block, after: Block): Block {
  const merged: Record<string, unknown> = { ...before }
  for (const [key, value] of Object.entries(after)) {
    const old = merged[key]
    merged[key] = isBlock(old) && isBlock(value) ? deepMerge(old, value) : value
  }
  return merged
}

function describeValue(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 60)
}
