/** Turns the sides of a failing article into drafts: which sides, how severe, what is expected. */
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import type { Store } from '../ingest/tables.ts'
import type { FindingItem, Side } from '../model/report.ts'
import { type Domain, FAIL, TAX_SUSPECT } from '../rules/check.ts'
import { fieldsOf } from '../rules/expression/ast.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Rule } from '../rules/rule.ts'
import type { Draft } from './draft.ts'
import { TOLD, toldName, type VerdictColumn, type Verdicts } from './evaluate.ts'
import { fieldsFor, type Outcomes } from './failing.ts'
import { domainOf, type FindingContext, setMasks } from './finding.ts'
import type { Figure, Word } from './messages.ts'
import { missingChannels } from './missing-channels.ts'
import { outlierIn } from './outlier.ts'
import { isFitting, scopeOfRow, settleSeverity, severityOf } from './severity.ts'
import { canonicalText, columnsOf, isMoney, itemOf, type SideRow, sideOf, textOf } from './sides.ts'
import { authorityOf } from './world.ts'

/** What the findings of one column of outcomes have in common. */
interface Facts {
  readonly column: VerdictColumn
  /** Position of the bit that says which sides take part. */
  readonly flag: number
  readonly domain: Domain
  /** The pool or channel that a finding is about, where each is judged by itself. */
  readonly pool: string | null
  readonly byPool: boolean
  /** Fields that sides show, and each of them once. */
  readonly chosen: readonly string[]
  readonly distinct: readonly string[]
  /** Fields of which one has to be there for a side to take part; null where none has to. */
  readonly telling: readonly string[] | null
  readonly judgesPaid: boolean
  readonly told: Readonly<Record<(typeof TOLD)[number], string>>
}

/** What the findings of one article have in common. */
interface Article {
  readonly rows: readonly SideRow[]
  readonly market: string | null
  /** Position of the channel that knows the range. */
  readonly catalog: number | null
  readonly item: FindingItem
  readonly isSure: boolean
}

/** Builds the drafts of one article, masks set. */
export class ArticleFindings {
  readonly #context: FindingContext
  readonly #outcomes: Outcomes
  readonly #facts: ReadonlyMap<VerdictColumn, Facts>

  constructor(verdicts: Verdicts, outcomes: Outcomes, context: FindingContext) {
    this.#context = context
    this.#outcomes = outcomes
    const ids = [...new Set(verdicts.groups.map(({ check }) => check.effective.rule.id))]
    this.#facts = new Map(
      [...verdicts.groups, ...verdicts.rows].map((column) => [
        column,
        factsOf(column, ids.indexOf(column.check.effective.rule.id)),
      ]),
    )
  }

  /** @param suspect - Whether a gap that equals a tax rate counts as a finding for this article. */
  of(rows: readonly SideRow[], suspect: (rule: string) => boolean): readonly Draft[] {
    const first = rows[0]
    if (first === undefined) return []
    const { store, config } = this.#context
    const catalog = authorityOf(store, config, 'catalog', first.market)
    const item = itemOf(rows, store, catalog)
    const isSure = rows.every((row) => Number(row['link_confidence']) === 1)
    const article: Article = { rows, market: first.market, catalog, item, isSure }
    const drafts: Draft[] = []
    for (const { column, outcome } of this.#outcomes.ofArticle(first)) {
      const isSuspect = outcome === TAX_SUSPECT && suspect(column.check.effective.rule.id)
      if (outcome < FAIL && !isSuspect) continue
      const facts = this.#facts.get(column)
      if (facts !== undefined) push(drafts, this.#group(article, facts, Math.max(0, outcome - FAIL)))
    }
    this.#rows(article, drafts)
    const attached = this.#context.attached.get(String(first.item)) ?? []
    for (const draft of attached) if (settleSeverity(draft, rows, this.#context.store)) drafts.push(draft)
    setMasks(drafts)
    return drafts
  }

  #group(article: Article, facts: Facts, position: number): Draft | null {
    const { rows } = article
    const { column, flag, pool, byPool, telling } = facts
    const { rule } = column.check.effective
    const hasValue = (row: SideRow): boolean =>
      telling === null || telling.some((field) => row[field] !== null && row[field] !== undefined)
    const isMate = (row: SideRow): boolean => {
      if (pool === null) return true
      const channel = this.#context.store.channels[row.ch]
      return byPool ? channel?.stockPool === pool : channel?.id === pool
    }
    const mates = rows.filter((row) => isMarked(row, flag) && hasValue(row) && isMate(row))
    const taking = failsBySide(column, position) ? mates.filter((row) => textOf(row[facts.told.value]) !== null) : mates
    const whole = rule.kind === 'present' || taking.length === 0
    const shown = whole
      ? rows
      : rule.kind === 'unique'
        ? repeated(taking, column.check.effective, this.#context.store)
        : rule.kind === 'reference'
          ? // Listings of an article that the catalog should know, without the catalog's own.
            taking.filter(
              (row) => row.ch !== authorityOf(this.#context.store, this.#context.config, 'catalog', row.market),
            )
          : taking
    return this.#draft(article, shown, facts, position)
  }

  #rows(article: Article, drafts: Draft[]): void {
    const failing = new Map<VerdictColumn, Map<number, SideRow[]>>()
    for (const row of article.rows) {
      for (const { column, outcome } of this.#outcomes.ofListing(row)) {
        if (outcome < FAIL) continue
        const byCode = failing.get(column) ?? new Map<number, SideRow[]>()
        failing.set(column, byCode.set(outcome - FAIL, [...(byCode.get(outcome - FAIL) ?? []), row]))
      }
    }
    if (failing.size === 0) return
    for (const [column, facts] of this.#facts) {
      for (const [position, rows] of failing.get(column) ?? [])
        push(drafts, this.#draft(article, rows, facts, position))
    }
  }

  #draft(article: Article, shown: readonly SideRow[], facts: Facts, position: number): Draft | null {
    const { store, config } = this.#context
    const { rows, market, item } = article
    const { column, domain, pool } = facts
    const { member } = column
    const { effective } = column.check
    const { rule } = effective
    const authority = authorityOf(store, config, domain, market)
    const off = rule.kind === 'within' && rule.compare === 'ratio' ? outlierIn(shown, authority) : null
    const code = rule.codes.find((one) => one.code === off?.code) ?? rule.codes[position] ?? null
    const missing = rule.kind === 'present' && rule.group !== null ? missingChannels(rows, this.#context) : []
    const severity = severityOf(effective, code, shown, store, missing)
    if (severity === 'off') return null
    const sides = shown.flatMap((row) => this.#sides(row, facts, code?.code ?? null, row.ch === authority))
    for (const index of missing) sides.push(this.#absent(index, sidesField(effective), authority))
    const name = (pool === null ? member : null) ?? code?.code ?? null
    const keys = pool === null ? [item.id] : [item.id, pool]
    const field = rule.fix === null || rule.fix.field.includes('$') ? (sides[0]?.field ?? null) : rule.fix.field
    // A difference of what is paid is the business of a promotion: writing the regular price would not heal it.
    const isPaid = code?.code === 'effective'
    // Where the one who is right has the faulty value itself, nobody knows the right one.
    const lost = isOwnFault(rule) && shown !== rows && shown.some((row) => row.ch === authority)
    const expected = lost
      ? null
      : rule.fix === null
        ? (owedFigure(facts, shown, this.#context) ?? this.#owed(effective, shown))
        : expectedValue(sides, isPaid ? null : field)
    const declared = domain !== 'price' || shown.every((row) => row['taxed'] !== null)
    const hasAuthority = authority !== null && sides.some((side) => side.authority && side.value !== null)
    const words = this.#words(article, shown, facts, missing)
    this.#addFigures(words, facts, shown)
    if (off !== null) words['channel'] = off.channels.map((ch) => store.channels[ch]?.id ?? '').join(', ')
    return {
      effective,
      code: name,
      severity,
      market,
      owner: authority === null ? null : (store.channels[authority]?.id ?? null),
      item,
      keys,
      sides,
      expected,
      fixable: rule.fix !== null && hasAuthority && article.isSure && declared && expected !== null && !isPaid,
      words,
      explainedBy: null,
      id: fingerprint(rule.id, name, market, ...keys),
      targets: shown,
      member,
    }
  }

  #sides(row: SideRow, { chosen, distinct, judgesPaid }: Facts, code: string | null, authority: boolean): Side[] {
    const isPaid = row['on_sale'] === true && (code === 'effective' || judgesPaid)
    const fields = isPaid
      ? [...new Set(chosen.map((field) => (field === 'price.regular' ? 'price.sale' : field)))]
      : distinct
    const shown =
      chosen.length === 1
        ? fields
        : fields.filter((field) => (row[field] ?? null) !== null || textOf(row[columnsOf(field).raw]) !== null)
    // A value that is not there is what some rules are about.
    return (shown.length === 0 ? chosen.slice(0, 1) : shown).map((field) =>
      sideOf(row, field, authority, this.#context),
    )
  }

  /** A channel that should list the article and does not, as a side without a listing. */
  #absent(index: number, field: string, authority: number | null): Side {
    return {
      channel: this.#context.store.channels[index]?.id ?? '',
      listing: null,
      field,
      value: null,
      unit: null,
      raw: null,
      source: null,
      authority: index === authority,
    }
  }

  #words(
    { rows, catalog }: Article,
    shown: readonly SideRow[],
    { column: { member, check } }: Facts,
    absent: readonly number[],
  ): Record<string, Word> {
    const { channels } = this.#context.store
    const { rule } = check.effective
    const words: Record<string, Word> = member === null ? {} : { field: member }
    if (rule.kind === 'unique') {
      words['count'] = String(shown.length)
      const own = [...groupBy(shown, ({ ch }) => channels[ch]?.id ?? '')]
      // It is a repetition in each of them, and none between them.
      if (own.length > 1) words['channel'] = own.map(([id, of]) => `${id} (${of.length})`).join(', ')
    }
    if (rule.kind === 'reference') words['expected'] = channels[catalog ?? -1]?.id ?? ''
    if (absent.length > 0) {
      const listing = rows.filter((row) => row['live'] !== false).map((row) => channels[row.ch]?.id ?? '')
      words['channel'] = [...new Set(listing)].join(', ')
      words['list'] = absent.map((index) => channels[index]?.id ?? '').join(', ')
    }
    const rate = rule.kind === 'within' && rule.compare === 'tax_rate' ? this.#taxRate(rows) : null
    if (rate !== null) words['rate'] = rate
    return words
  }

  /** Adds the figures that a check has held against each other. */
  #addFigures(words: Record<string, Word>, { column, told }: Facts, shown: readonly SideRow[]): void {
    const { rule } = column.check.effective
    if (column.outcome.told === undefined || rule.kind !== 'reconcile') return
    for (const name of TOLD) {
      const figures = shown.flatMap((row): readonly Figure[] => {
        const amount = plainFigure(textOf(row[told[name]]))
        return amount === null ? [] : [{ amount, currency: rule.unit === null ? null : textOf(row['currency']) }]
      })
      if (figures.length > 0) words[name] = figures
    }
  }

  /** What a value should be where no side is right about it: the currency of the channel. */
  #owed(effective: EffectiveRule, shown: readonly SideRow[]): string | null {
    if (effective.rule.kind !== 'format' || sidesField(effective) !== 'price.currency') return null
    const currencies = new Set(shown.flatMap((row) => this.#context.store.channels[row.ch]?.currency ?? []))
    return [...currencies].join(', ')
  }

  /** The rate by which the highest price is the lowest plus tax, for the message. */
  #taxRate(rows: readonly SideRow[]): string | null {
    const prices = rows.flatMap((row) =>
      row['x_regular'] === null || row['x_regular'] === undefined ? [] : [Number(row['x_regular'])],
    )
    const [low, high] = [Math.min(...prices), Math.max(...prices)]
    const rate = this.#context.taxRates.find(
      (one) => Math.abs(high - Math.round(low * (100 + Number(one))) / 100) < 0.0105,
    )
    return rate === undefined ? null : `${Number(rate)} %`
  }
}

function push(drafts: Draft[], draft: Draft | null): void {
  if (draft !== null) drafts.push(draft)
}

function factsOf(column: VerdictColumn, flag: number): Facts {
  const { member } = column
  const { effective } = column.check
  const { rule } = effective
  const chosen = fieldsFor(effective, member)
  // Whether an article is available may stand in any of the fields.
  const telling = byPool(effective) ? rule.fields : chosen.slice(0, 1)
  return {
    column,
    flag,
    domain: domainOf(rule.id),
    pool: poolOf(effective, member),
    byPool: byPool(effective),
    chosen,
    distinct: [...new Set(chosen)],
    telling: rule.ignoreNull ? telling : null,
    judgesPaid: judgesPaid(rule),
    told: { value: toldName(column.column, 'value'), expected: toldName(column.column, 'expected') },
  }
}

/** Whether a side takes part in a check. */
function isMarked(row: SideRow, flag: number): boolean {
  const marks = row['marks'] ?? 0
  if (typeof marks === 'number') return Math.floor(marks / 2 ** flag) % 2 === 1
  return ((BigInt(marks) >> BigInt(flag)) & 1n) === 1n
}

/** Of the listings of an article those that a channel has more of than it may. */
function repeated(rows: readonly SideRow[], effective: EffectiveRule, store: Store): readonly SideRow[] {
  const { rule } = effective
  const scopes = rows.map((row) => scopeOfRow(row, store))
  const set = effective.overrides.filter((one) => isFitting(one, scopes)).map(({ params }) => params['max_per_key'])
  const limit = set.findLast((value) => value !== undefined) ?? effective.params['max_per_key']?.value
  const most = limit?.type === 'integer' ? Number(limit.value) : 1
  const attributes = rule.kind === 'unique' ? rule.scope.filter((name) => name.startsWith('attributes.')) : []
  const groups = groupBy(rows, (row) =>
    JSON.stringify([
      row.ch,
      row['condition'] ?? 'new',
      row['pack_quantity'] ?? 1,
      ...attributes.map((name) => row[name] ?? null),
    ]),
  )
  return [...groups.values()].filter((group) => group.length > most).flat()
}

/** Whether the finding is about the sides whose own figures do not meet, not about all of them together. */
function failsBySide({ outcome, check: { effective } }: VerdictColumn, position: number): boolean {
  const code = effective.rule.codes[position]
  return outcome.told?.failing !== undefined && (code === undefined || code.when === null || code.gap !== undefined)
}

/** The one figure that was to be met. */
function owedFigure(
  { column: { outcome, check }, told }: Facts,
  shown: readonly SideRow[],
  { minorUnits }: FindingContext,
): string | null {
  const { rule } = check.effective
  if (outcome.told === undefined || rule.kind !== 'reconcile' || rule.relation !== 'equal') return null
  const digits = rule.unit === 'money' ? minorUnits(textOf(shown[0]?.['currency']) ?? '') : 0
  const figures = new Set(shown.map((row) => canonicalText(row[told.expected] ?? null, 'price.regular', digits)))
  const [figure = null] = figures
  return figures.size === 1 ? figure : null
}

/** Decimal text without the zeros that it ends in. */
function plainFigure(text: string | null): string | null {
  return text?.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function sidesField(effective: EffectiveRule): string {
  return effective.rule.fields[0] ?? 'title'
}

function byPool({ rule }: EffectiveRule): boolean {
  return rule.group?.includes('channel.stock_pool') === true
}

/** The pool that a finding is about, where there are several, or the channel, where each is judged by itself. */
function poolOf(effective: EffectiveRule, member: string | null): string | null {
  return byPool(effective) || effective.rule.group?.includes('channel') === true ? member : null
}

/** Whether a rule is about what is paid at the moment of the audit. */
function judgesPaid(rule: Rule): boolean {
  const judged =
    rule.kind === 'reconcile'
      ? [rule.left, rule.right]
      : rule.kind === 'present' && rule.require !== null
        ? [rule.require]
        : []
  const read = judged.flatMap(fieldsOf)
  // A rule that holds one price against the other shows both.
  return read.some((name) => name.endsWith('.effective')) && !read.includes('price.regular')
}

/** Judges each listing by itself, so that the sides are the faulty ones alone. */
function isOwnFault({ kind }: EffectiveRule['rule']): boolean {
  return kind === 'format' || kind === 'present'
}

/** The authority's value, else what more than half of the sides say. */
function expectedValue(sides: readonly Side[], field: string | null): string | null {
  const own = sides.filter((side) => side.field === field || field === null)
  const authority = own.find((side) => side.authority && side.value !== null)
  // A master without a price says 0, and nobody wants that as the price to sell at.
  if (authority !== undefined)
    return isMoney(authority.field ?? '') && Number(authority.value) === 0 ? null : authority.value
  const counts = new Map<string, number>()
  for (const side of own) if (side.value !== null) counts.set(side.value, (counts.get(side.value) ?? 0) + 1)
  const valued = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const most = [...counts].find(([, count]) => count * 2 > valued)
  return most === undefined || counts.size < 2 ? null : most[0]
}
