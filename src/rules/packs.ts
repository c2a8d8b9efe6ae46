/** From packs, configuration and flags to what each rule does in this audit, and who said so. */
import { isAbsolute } from 'node:path'
import { meant } from '../config/check.ts'
import { type Diagnostic, diagnose, failAll, type Where } from '../diagnostics/diagnostic.ts'
import type { Config, PackUse, RuleOverride, RuleSetting, Severity } from '../model/config.ts'
import type { ParamValue } from './expression/scope.ts'
import { resolvePacks, type UsedPack } from './pack-files.ts'
import { acceptedParam, readParam } from './params.ts'
import type { Rule } from './rule.ts'
import { globMatches } from './scopes.ts'

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
  /** Set for a rule that can be raised, but not lowered, suppressed or put into a baseline: who says so. */
  readonly locked: { readonly pack: string; readonly where: Where } | null
}

export interface EffectiveOverride {
  readonly when: RuleOverride['when']
  readonly allSides: boolean
  readonly severity: Severity | 'off' | null
  readonly params: Readonly<Record<string, ParamValue>>
  readonly where: Where | null
  readonly origin: Origin
}

export interface Selection {
  readonly extends: readonly PackUse[]
  readonly settings: Config['rules']
  readonly overrides: Config['overrides']
  /** Rule ids or families (`price`, `price/*`); empty selects everything. */
  readonly only: readonly string[]
  readonly skip: readonly string[]
  /** Every rule, at the severity of its file where nothing else is said. */
  readonly allRules: boolean
  /** Markets of the channels: a pack of other countries says nothing. Without them every pack applies. */
  readonly markets?: readonly string[]
}

/**
 * What every rule does, sorted by id. Rules that are off are listed too.
 *
 * @param notes - Gets what the reader should know although nothing is wrong: old ids of rules, flags that locks overrule.
 * @throws DiagnosticError with every unknown pack, rule and parameter, every value of a wrong type, every lowered lock.
 */
export function effectiveRules(
  rules: readonly Rule[],
  selection: Selection,
  notes: Diagnostic[] = [],
): readonly EffectiveRule[] {
  const problems: Diagnostic[] = []
  const packs = resolvePacks(selection.extends)
  const byName = new Map(rules.flatMap((rule) => [rule.id, ...rule.formerly].map((id) => [id, rule] as const)))
  checkNames(selection, byName, problems, notes)
  const { markets } = selection
  for (const pack of packs.filter(({ id }) => selection.extends.includes(id))) {
    if (markets === undefined || pack.markets === null || pack.markets.some((one) => markets.includes(one))) continue
    notes.push(diagnose('rules/pack-elsewhere', { pack: pack.id, markets: pack.markets }))
  }
  const effective = rules.map((rule) => new Merge(rule, problems, notes).whole(packs, selection))
  for (const one of effective) refuseScopedParams(one, problems)
  noteOwnOff(effective, notes)
  const error = failAll(problems)
  if (error !== null) throw error
  return effective
}

/** Where nothing is judged side by side, no side has parameters of its own; sources have an age each. */
function refuseScopedParams({ rule, severity, overrides }: EffectiveRule, problems: Diagnostic[]): void {
  const isOfSides = ['listing', 'price', 'stock'].includes(rule.on) && rule.kind !== 'sql'
  if (severity === 'off' || isOfSides || (rule.kind === 'fresh' && rule.assert === 'max_age')) return
  const scoped = overrides.filter(({ params }) => Object.keys(params).length > 0)
  const names = [...new Set(scoped.flatMap(({ params }) => Object.keys(params)))]
  const [first] = scoped
  if (first !== undefined) problems.push(diagnose('rules/param-scope', { rule: rule.id, names }, first.where))
}

/** Rules of the project that nothing switched on: in no pack, they would stay silent without a word. */
function noteOwnOff(rules: readonly EffectiveRule[], notes: Diagnostic[]): void {
  const off = rules.filter(
    ({ rule, severity, severityOrigin }) =>
      severity === 'off' && severityOrigin.by === 'rule' && rule.severity !== 'off' && isAbsolute(rule.file),
  )
  const [first] = off
  if (first === undefined) return
  const params = { rules: off.map(({ rule }) => rule.id), severity: first.rule.severity }
  notes.push(diagnose('rules/own-off', params))
}

function checkNames(
  selection: Selection,
  known: ReadonlyMap<string, Rule>,
  problems: Diagnostic[],
  notes: Diagnostic[],
): void {
  const check = (id: string, where: Where | null): void => {
    const rule = known.get(id)
    if (rule === undefined) {
      problems.push(diagnose('config/unknown-rule', { rule: id, nearest: meant(id, known.keys()) }, where))
    } else if (rule.id !== id) notes.push(diagnose('rules/renamed', { formerly: id, rule: rule.id }, where))
  }
  const isPattern = (id: string): boolean => id.includes('*') && [...known.keys()].some((one) => globMatches(id, one))
  for (const [id, { where }] of Object.entries(selection.settings)) {
    const now = known.get(id)?.id ?? id
    if (now !== id && Object.hasOwn(selection.settings, now)) {
      problems.push(diagnose('rules/set-twice', { formerly: id, rule: now }, where))
    } else check(id, where)
  }
  for (const [id, { where }] of selection.overrides.flatMap((override) => Object.entries(override.rules))) {
    if (!isPattern(id)) check(id, where)
  }
  for (const { when, rules } of selection.overrides) {
    const [setting] = Object.values(rules)
    for (const pattern of when['rule'] ?? []) {
      if (!known.has(pattern) && !isPattern(pattern)) check(pattern, setting?.where ?? null)
    }
  }
  for (const pattern of [...selection.only, ...selection.skip]) {
    const isFamily = [...known.keys()].some((id) => id !== pattern && selects(pattern, id))
    if (!isFamily) check(pattern, null)
  }
}

/** `price/outlier`, `price` and `price/*` select `price/outlier`. */
function selects(pattern: string, id: string): boolean {
  return pattern === id || id.startsWith(`${pattern.replace(/\/?\*?$/, '')}/`)
}

/** Of a mapping by rule the entry of one rule, under its id or one it had before. */
function entryOf<T>(entries: Readonly<Record<string, T>>, rule: Rule): T | null {
  const name = [rule.id, ...rule.formerly].find((id) => Object.hasOwn(entries, id))
  return name === undefined ? null : (entries[name] ?? null)
}

const RANK: Readonly<Record<Severity | 'off', number>> = { error: 3, warning: 2, info: 1, off: 0 }

class Merge {
  readonly #rule: Rule
  readonly #problems: Diagnostic[]
  readonly #notes: Diagnostic[]
  readonly #packs: string[] = []
  readonly #params: Record<string, EffectiveParam>
  /** What packs of some of the markets say, and the configuration has not overruled. */
  #local: EffectiveOverride[] = []
  #locked: EffectiveRule['locked'] = null
  #floor: Severity | 'off' = 'off'
  #severity: Severity | 'off' = 'off'
  #origin: Origin

  constructor(rule: Rule, problems: Diagnostic[], notes: Diagnostic[]) {
    this.#rule = rule
    this.#problems = problems
    this.#notes = notes
    const origin: Origin = { by: 'rule', where: rule.at }
    this.#origin = origin
    this.#params = Object.fromEntries(
      Object.entries(rule.params).map(([name, param]) => [name, { value: param.default, origin }]),
    )
  }

  whole(packs: readonly UsedPack[], selection: Selection): EffectiveRule {
    for (const pack of packs) this.#pack(pack, selection.markets ?? null)
    this.#lock(packs)
    const setting = entryOf(selection.settings, this.#rule)
    if (selection.allRules && this.#packs.length === 0) {
      this.#say(this.#rule.severity, { by: 'flag', flag: '--all-rules' })
    }
    if (setting !== null) this.#setting(setting)
    this.#flags(selection)
    const overrides = [...this.#local, ...selection.overrides.flatMap((override) => this.#override(override))]
    const { severity, origin, scoped } = this.#switchedOn(overrides)
    return {
      rule: this.#rule,
      severity,
      severityOrigin: origin,
      params: this.#params,
      packs: this.#packs,
      overrides: scoped,
      locked: this.#locked,
    }
  }

  /** A rule that is off but for some scopes runs everywhere, and its first override says off for all. */
  #switchedOn(overrides: readonly EffectiveOverride[]): {
    readonly severity: Severity | 'off'
    readonly origin: Origin
    readonly scoped: readonly EffectiveOverride[]
  } {
    const [severity, origin] = [this.#severity, this.#origin]
    if (severity !== 'off') return { severity, origin, scoped: overrides }
    // A flag that leaves the rule out leaves it out of every scope.
    if (origin.by === 'flag') return { severity, origin, scoped: [] }
    const [gravest] = overrides
      .flatMap((one) => (one.severity === null || one.severity === 'off' ? [] : [{ ...one, severity: one.severity }]))
      .sort((a, b) => RANK[b.severity] - RANK[a.severity])
    if (gravest === undefined) return { severity, origin, scoped: overrides }
    const where = origin.where
    const off = { when: {}, allSides: false, severity: 'off' as const, params: {}, where, origin }
    return { severity: gravest.severity, origin: gravest.origin, scoped: [off, ...overrides] }
  }

  #say(value: Severity | 'off' | false, origin: Origin): void {
    this.#severity = value === false ? 'off' : value
    this.#origin = origin
  }

  #pack(pack: UsedPack, markets: readonly string[] | null): void {
    const found = entryOf(pack.rules, this.#rule)
    if (found === null) return
    const own = pack.markets === null || markets === null ? null : markets.filter((one) => pack.markets?.includes(one))
    // Nobody is told the law of a country in which nothing is sold.
    if (own !== null && own.length === 0) return
    const { entry, where } = found
    const origin: Origin = { by: 'pack', pack: pack.id, where }
    if (pack.use !== 'off') this.#packs.push(pack.id)
    const written = typeof entry === 'object' ? entry.severity : entry
    const params = typeof entry === 'object' ? (entry.params ?? {}) : {}
    const before = this.#severity === 'off' ? this.#rule.severity : this.#severity
    // Being in one more pack makes a rule no less grave.
    const graver = RANK[before] > RANK[this.#rule.severity] ? before : this.#rule.severity
    const stated = written === 'default' ? graver : written === false ? 'off' : (written ?? before)
    const whole = pack.use === 'all' && stated === 'off' ? before : stated
    const severity = pack.use === 'off' ? null : whole
    if (own !== null && own.length < new Set(markets).size) {
      const values = Object.fromEntries(this.#read(params, where))
      this.#local.push({ when: { market: own }, allSides: false, severity, params: values, where, origin })
      return
    }
    if (severity !== null) this.#say(severity, origin)
    this.#merge(params, origin)
  }

  #lock(packs: readonly UsedPack[]): void {
    const names = [this.#rule.id, ...this.#rule.formerly]
    const found = packs.flatMap((pack) => pack.locked.map((lock) => ({ ...lock, pack: pack.id })))
    const lock = found.find(({ rule }) => names.includes(rule))
    if (lock === undefined) return
    this.#locked = { pack: lock.pack, where: lock.where }
    if (RANK[this.#severity] < RANK[this.#rule.severity]) {
      this.#say(this.#rule.severity, { by: 'pack', pack: lock.pack, where: lock.where })
    }
    this.#floor = this.#severity
  }

  /** Says so where a locked rule is to be lowered. */
  #refusesLowering(severity: Severity | 'off', where: Where | null, complaints = this.#problems): boolean {
    if (this.#locked === null || RANK[severity] >= RANK[this.#floor]) return false
    const { pack } = this.#locked
    complaints.push(diagnose('rules/locked', { rule: this.#rule.id, pack, least: this.#floor }, where))
    return true
  }

  #setting(setting: RuleSetting): void {
    const origin: Origin = { by: 'config', where: setting.where }
    // Parameters for a rule that no pack has switch it on: nobody tunes a rule to keep it off.
    if (setting.severity !== undefined) {
      if (this.#refusesLowering(setting.severity, setting.where)) return
      this.#say(setting.severity, origin)
      this.#local = this.#local.map((one) => ({ ...one, severity: null }))
    } else if (this.#severity === 'off' && this.#packs.length === 0) this.#say(this.#rule.severity, origin)
    this.#merge(setting.params ?? {}, origin, setting.paramPlaces)
    const names = new Set(Object.keys(setting.params ?? {}).map((key) => key.replace(/^\+/, '')))
    const others = (params: EffectiveOverride['params']): EffectiveOverride['params'] =>
      Object.fromEntries(Object.entries(params).filter(([name]) => !names.has(name)))
    this.#local = this.#local.map((one) => ({ ...one, params: others(one.params) }))
  }

  get #isOnSomewhere(): boolean {
    return this.#severity !== 'off' || this.#local.some(({ severity }) => severity !== null && severity !== 'off')
  }

  #flags({ only, skip }: Selection): void {
    const { id, formerly } = this.#rule
    const names = [id, ...formerly]
    const isSelected = (pattern: string): boolean => selects(pattern, id) || formerly.includes(pattern)
    if (only.length > 0 && !only.some(isSelected)) this.#say('off', { by: 'flag', flag: '--only' })
    // A rule that is asked for by its own name runs, whatever the packs say.
    if (only.some((pattern) => names.includes(pattern)) && !this.#isOnSomewhere) {
      const own = this.#rule.severity
      this.#say(own === 'off' ? 'warning' : own, { by: 'flag', flag: '--only' })
    }
    if (!skip.some(isSelected)) return
    if (this.#locked === null || this.#severity === 'off') this.#say('off', { by: 'flag', flag: '--skip' })
    else this.#notes.push(diagnose('rules/locked', { rule: id, pack: this.#locked.pack, least: this.#floor }))
  }

  #merge(params: Readonly<Record<string, unknown>>, origin: Origin, places: RuleSetting['paramPlaces'] = {}): void {
    const where = origin.by === 'flag' ? null : origin.where
    for (const [name, value] of this.#read(params, where, places)) {
      const own = places[name] ?? places[`+${name}`] ?? where
      this.#params[name] = { value, origin: origin.by === 'flag' ? origin : { ...origin, where: own } }
    }
  }

  #override({ when: { rule: patterns, ...when }, allSides = false, rules }: RuleOverride): EffectiveOverride[] {
    const names = [this.#rule.id, ...this.#rule.formerly]
    const named = (pattern: string): boolean => names.some((name) => pattern === name || globMatches(pattern, name))
    if (patterns !== undefined && !patterns.some(named)) return []
    return Object.entries(rules).flatMap(([pattern, setting]) => {
      if (!named(pattern)) return []
      // Whoever says that all prices are only worth a note does not ask for more rules.
      if (pattern.includes('*') && !this.#isOnSomewhere) return []
      const { where, severity = null } = setting
      // A pattern means the rules that it may mean.
      const complaints = pattern.includes('*') ? this.#notes : this.#problems
      if (severity !== null && this.#refusesLowering(severity, where, complaints)) return []
      const written = Object.entries(setting.params ?? {})
      // A pattern tunes the rules that have the parameter.
      const own = pattern.includes('*')
        ? written.filter(([name]) => Object.hasOwn(this.#params, name.replace(/^\+/, '')))
        : written
      const params = Object.fromEntries(this.#read(Object.fromEntries(own), where, setting.paramPlaces))
      return [{ when, allSides, severity, params, where, origin: { by: 'config' as const, where } }]
    })
  }

  /** `+name` appends to the list, or adds to the mapping, that holds so far. */
  #read(
    params: Readonly<Record<string, unknown>>,
    whole: Where | null,
    places: RuleSetting['paramPlaces'] = {},
  ): readonly (readonly [string, ParamValue])[] {
    return Object.entries(params).flatMap(([key, written]) => {
      const where = places[key] ?? whole
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
