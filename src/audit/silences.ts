/** What keeps findings quiet that are found: suppressions and the baseline. Rules that are off never get here. */
import { type Diagnostic, diagnose } from '../diagnostics/diagnostic.ts'
import type { Severity } from '../model/config.ts'
import type { Cause, RuleOff, SilenceReport, SuppressionNote } from '../model/report.ts'
import type { Baseline, KnownFinding, Suppression } from '../model/silence.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import { globMatches, isInScope } from '../rules/scopes.ts'
import type { Draft, Judgement } from './draft.ts'
import { setMasks } from './finding.ts'
import { gapOf, judgedSides, millionths } from './gap.ts'
import { type SideRow, textOf } from './sides.ts'

export interface SilenceOptions {
  readonly suppressions: { readonly file: string; readonly entries: readonly Suppression[] } | null
  readonly baseline: { readonly file: string; readonly content: Baseline } | null
  /** Day of the audit where the project is. */
  readonly today: string
  readonly rules: readonly EffectiveRule[]
  /** Keeps how bad everything is, for a new baseline. */
  readonly collects: boolean
}

const FRESH: Judgement = { status: 'new', suppression: null }
const RANK: Readonly<Record<Severity, number>> = { error: 3, warning: 2, info: 1 }

export class Silences {
  readonly #options: SilenceOptions
  readonly #locked: ReadonlySet<string>
  readonly #byId = new Map<string, Suppression[]>()
  readonly #byRule = new Map<string, Suppression[]>()
  /** Rules by their ids and those they had before. */
  readonly #ids: ReadonlyMap<string, string>
  /** How many findings and causes each entry keeps quiet. */
  readonly #used = new Map<Suppression, number>()
  /** Entries that a locked rule has made useless. */
  readonly #powerless = new Map<Suppression, string>()
  readonly #counts = { known: 0, worse: 0 }
  #beyond = 0
  /** Entries of the baseline that a suppression keeps quiet beside it. */
  readonly #hushed = new Set<string>()
  readonly #worst = new Map<string, Map<string, KnownFinding>>()

  constructor(options: SilenceOptions) {
    this.#options = options
    this.#locked = new Set(options.rules.filter(({ locked }) => locked !== null).map(({ rule }) => rule.id))
    this.#ids = new Map(options.rules.flatMap(({ rule }) => [rule.id, ...rule.formerly].map((id) => [id, rule.id])))
    for (const entry of options.suppressions?.entries ?? []) {
      if (this.#isExpired(entry)) continue
      for (const id of entry.findings ?? []) push(this.#byId, id, entry)
      if (entry.rule !== null && entry.findings === null) push(this.#byRule, this.#ruleOf(entry) ?? entry.rule, entry)
    }
  }

  /** What was found and may be taken into a baseline, by rule and id. */
  get worst(): ReadonlyMap<string, ReadonlyMap<string, KnownFinding>> {
    return this.#worst
  }

  /** Findings of locked rules, which no baseline takes in. */
  get beyond(): number {
    return this.#beyond
  }

  /** Entries of the baseline that are still there, and suppressed. */
  get hushed(): ReadonlySet<string> {
    return this.#hushed
  }

  judge(draft: Draft, rows: readonly SideRow[]): Judgement {
    const { id: rule } = draft.effective.rule
    const suppression = this.#suppressionOf(draft, rows)
    if (suppression !== null && this.#silences(suppression, rule)) return this.#suppressed(rule, draft.id, suppression)
    const isAsked = this.#options.baseline !== null || this.#options.collects
    return isAsked ? this.#known(rule, draft.id, draft.severity, gapOf(draft)) : FRESH
  }

  /** A cause is worse when it explains more. */
  judgeCause(cause: Pick<Cause, 'id' | 'rule' | 'severity' | 'findings' | 'channels'>): Judgement {
    const { id, rule, severity, findings } = cause
    const suppression = this.#byId.get(id)?.find((entry) => this.#coversCause(entry, cause))
    if (suppression !== undefined && this.#silences(suppression, rule)) return this.#suppressed(rule, id, suppression)
    return this.#known(rule, id, severity, String(findings))
  }

  /** Somebody has said that the cause is none, so that what it would explain stands for itself. */
  denies(cause: Pick<Cause, 'id' | 'rule' | 'channels'>): boolean {
    const found = this.#byId
      .get(cause.id)
      ?.find((entry) => entry.status === 'false-positive' && this.#coversCause(entry, cause))
    return found !== undefined && this.#silences(found, cause.rule)
  }

  /** Somebody has said that the finding is none. */
  isDenied(draft: Draft, rows: readonly SideRow[]): boolean {
    const found = this.#suppressionOf(draft, rows)
    return found?.status === 'false-positive' && !this.#locked.has(draft.effective.rule.id)
  }

  /** What is no contradiction explains nothing. */
  unmask(drafts: readonly Draft[], rows: readonly SideRow[]): void {
    if (this.#byId.size + this.#byRule.size === 0) return
    const denied = drafts.filter((draft) => this.isDenied(draft, rows))
    if (!drafts.some(({ explainedBy }) => denied.some(({ id }) => id === explainedBy))) return
    const others = drafts.filter((draft) => !denied.includes(draft))
    for (const draft of others) draft.explainedBy = null
    setMasks(others)
  }

  /** Null where the entry names none. */
  #ruleOf({ rule }: Suppression): string | null {
    return rule === null ? null : (this.#ids.get(rule) ?? rule)
  }

  #coversCause(entry: Suppression, { rule, channels }: Pick<Cause, 'rule' | 'channels'>): boolean {
    const { code, market, item, brand, category, mostGap, values } = entry
    // What asks for one article's values says nothing of many.
    if ([code, market, item, brand, category, mostGap, values].some((asked) => asked !== null)) return false
    if ((this.#ruleOf(entry) ?? rule) !== rule) return false
    return entry.channel === null || channels.every((channel) => entry.channel?.includes(channel))
  }

  #isExpired({ expires }: Suppression): boolean {
    return expires < this.#options.today
  }

  #silences(suppression: Suppression, rule: string): boolean {
    if (this.#locked.has(rule)) {
      this.#powerless.set(suppression, rule)
      return false
    }
    this.#used.set(suppression, (this.#used.get(suppression) ?? 0) + 1)
    return true
  }

  #suppressed(rule: string, id: string, suppression: Suppression): Judgement {
    if (this.#options.baseline?.content.findings[rule]?.[id] !== undefined) this.#hushed.add(id)
    return { status: 'suppressed', suppression }
  }

  #suppressionOf(draft: Draft, rows: readonly SideRow[]): Suppression | null {
    if (this.#byId.size + this.#byRule.size === 0) return null
    const named = this.#byId.get(draft.id) ?? []
    const described = this.#byRule.get(draft.effective.rule.id) ?? []
    const { id } = draft.effective.rule
    const isAbout = (entry: Suppression): boolean => (this.#ruleOf(entry) ?? id) === id && covers(entry, draft, rows)
    return [...named, ...described].find(isAbout) ?? null
  }

  #known(rule: string, id: string, severity: Severity, gap: string | null): Judgement {
    if (this.#locked.has(rule)) {
      this.#beyond++
      return FRESH
    }
    if (this.#options.collects) {
      const own = this.#worst.get(rule) ?? new Map<string, KnownFinding>()
      this.#worst.set(rule, own.set(id, { severity, gap }))
    }
    const before = this.#options.baseline?.content.findings[rule]?.[id]
    if (before === undefined) return FRESH
    const status = isWorse({ severity, gap }, before) ? 'worse' : 'known'
    this.#counts[status]++
    return { status, suppression: null }
  }

  /** Null where nothing is kept quiet in any way. */
  report(): SilenceReport | null {
    const { suppressions, baseline, rules } = this.#options
    const off = rules.flatMap((rule) => offByConfig(rule) ?? [])
    if (suppressions === null && baseline === null && off.length === 0) return null
    const entries = suppressions?.entries ?? []
    const debt = Object.values(baseline?.content.findings ?? {}).reduce((sum, ids) => sum + Object.keys(ids).length, 0)
    const { known, worse } = this.#counts
    return {
      off,
      suppressions:
        suppressions === null
          ? null
          : {
              path: suppressions.file,
              entries: entries.length,
              used: this.#used.size,
              owners: this.#owners(),
              next_expiry: [...this.#used.keys()].map(({ expires }) => expires).sort()[0] ?? null,
              unused: this.#unused().map(noteOf),
              expired: entries.filter((entry) => this.#isExpired(entry)).map(noteOf),
            },
      baseline:
        baseline === null
          ? null
          : { path: baseline.file, entries: debt, known, worse, gone: debt - known - worse - this.#hushed.size },
    }
  }

  #owners(): Readonly<Record<string, number>> {
    const owners = new Map<string, number>()
    for (const [{ owner }, count] of this.#used) owners.set(owner, (owners.get(owner) ?? 0) + count)
    return Object.fromEntries(owners)
  }

  #unused(): readonly Suppression[] {
    const entries = this.#options.suppressions?.entries ?? []
    return entries.filter((entry) => !this.#isExpired(entry) && !this.#used.has(entry) && !this.#powerless.has(entry))
  }

  /**
   * Entries that do nothing.
   *
   * @param isWhole - Whether everything was audited: else an entry that covers nothing may cover what was left out.
   */
  diagnostics(isWhole: boolean): readonly Diagnostic[] {
    const entries = this.#options.suppressions?.entries ?? []
    const about = (entry: Suppression): string => entry.rule ?? (entry.findings ?? []).join(', ')
    return [
      ...entries
        .filter((entry) => this.#isExpired(entry))
        .map((entry) => diagnose('silence/expired', { ...entry, rule: about(entry) }, entry.where)),
      ...(isWhole ? this.#unused() : []).map((entry) =>
        diagnose('silence/unused', { ...entry, rule: about(entry) }, entry.where),
      ),
      ...[...this.#powerless].map(([entry, rule]) => diagnose('silence/locked', { rule }, entry.where)),
    ]
  }
}

function offByConfig({ rule, packs, severity, severityOrigin, overrides }: EffectiveRule): RuleOff | null {
  const part = overrides.find((one) => one.severity === 'off' && one.origin.by === 'config')
  const origin = severity === 'off' ? severityOrigin : part?.origin
  if (packs.length === 0 || origin?.by !== 'config') return null
  const where = origin.where !== null && 'file' in origin.where ? origin.where : null
  return { rule: rule.id, partly: severity !== 'off', path: where?.file ?? null, line: where?.line ?? null }
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  map.set(key, [...(map.get(key) ?? []), value])
}

/** A fifth more, or a graver severity. */
export function isWorse(now: KnownFinding, before: KnownFinding): boolean {
  if (RANK[now.severity] > RANK[before.severity]) return true
  const [gap, old] = [millionths(now.gap ?? ''), millionths(before.gap ?? '')]
  return gap !== null && old !== null && gap * 5n > old * 6n
}

function noteOf(entry: Suppression): SuppressionNote {
  const { rule, findings, item, status, reason, owner, expires, where } = entry
  return { rule, finding: findings, item, status, reason, owner, expires, line: where?.line ?? null }
}

function covers(entry: Suppression, draft: Draft, rows: readonly SideRow[]): boolean {
  const { code, market, item, brand, category, channel } = entry
  if (code !== null && draft.code !== code) return false
  if (market !== null && !market.includes(draft.market ?? '')) return false
  if (item !== null && !namesOf(draft).some((name) => item.some((pattern) => globMatches(pattern, name)))) return false
  const inScope = (key: 'brand' | 'category', patterns: readonly string[]): boolean =>
    rows.some((row) => isInScope({ [key]: patterns }, { [key]: textOf(row[key]) }))
  if (brand !== null && !inScope('brand', brand)) return false
  if (category !== null && !inScope('category', category)) return false
  if (channel !== null && !deviating(draft).every((one) => channel.includes(one))) return false
  return isStill(entry, draft)
}

/** What people call the article, or what the finding is about where it is none. */
function namesOf({ item, keys }: Draft): readonly string[] {
  const names = [item?.id, item?.sku, item?.gtin, ...(item === null ? keys : [])]
  const known = names.filter((name) => name !== null && name !== undefined)
  return known.flatMap((name) => (/^0+\d{8,}$/.test(name) ? [name, name.replace(/^0+/, '')] : [name]))
}

/** Channels whose value is not the expected one; where nobody knows that, all but the authority. */
function deviating(draft: Draft): readonly string[] {
  const sides = judgedSides(draft).filter(({ authority }) => !authority)
  const { expected } = draft
  const off = sides.filter(({ value }) => expected === null || !isSame(value, expected))
  return (off.length === 0 ? sides : off).map(({ channel }) => channel)
}

/** Whether the values are still those that were accepted. */
function isStill({ mostGap, values }: Suppression, draft: Draft): boolean {
  if (mostGap !== null) {
    const [gap, most] = [millionths(gapOf(draft) ?? ''), millionths(mostGap)]
    // A gap that nobody knows may be any.
    if (gap === null || most === null || gap > most) return false
  }
  const sides = judgedSides(draft)
  return Object.entries(values ?? {}).every(([channel, value]) =>
    sides.some((side) => side.channel === channel && isSame(side.value, value)),
  )
}

function isSame(a: string | null, b: string): boolean {
  if (a === null) return false
  const [one, other] = [millionths(a), millionths(b)]
  return one === null || other === null ? a === b : one === other
}
