/** Turns the sides of a failing article into drafts: which sides, how severe, what is expected. */
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import type { Store } from '../ingest/tables.ts'
import type { Side } from '../model/report.ts'
import { FAIL, TAX_SUSPECT } from '../rules/check.ts'
import { fieldsOf } from '../rules/expression/ast.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Rule } from '../rules/rule.ts'
import type { Draft } from './draft.ts'
import { TOLD, toldName, type VerdictColumn, type Verdicts } from './evaluate.ts'
import { fieldsFor, outcomeIn } from './failing.ts'
import { domainOf, type FindingContext, setMasks } from './finding.ts'
import type { Figure, Word } from './messages.ts'
import { outlierIn } from './outlier.ts'
import { isFitting, scopeOfRow, settleSeverity, severityOf } from './severity.ts'
import { canonicalText, isMoney, itemOf, type SideRow, sideOf, textOf } from './sides.ts'
import { authorityOf } from './world.ts'

/** Builds the drafts of one article, masks set. */
export class ArticleFindings {
  readonly #verdicts: Verdicts
  readonly #context: FindingContext
  /** Rule to the bit that says which sides take part. */
  readonly #flags: ReadonlyMap<string, bigint>

  constructor(verdicts: Verdicts, context: FindingContext) {
    this.#verdicts = verdicts
    this.#context = context
    const ids = [...new Set(verdicts.groups.map(({ check }) => check.effective.rule.id))]
    this.#flags = new Map(ids.map((id, index) => [id, 1n << BigInt(index)]))
  }

  /** @param suspect - Whether a gap that equals a tax rate counts as a finding for this article. */
  of(rows: readonly SideRow[], suspect: (rule: string) => boolean): readonly Draft[] {
    const first = rows[0]
    if (first === undefined) return []
    const drafts: Draft[] = []
    for (const column of this.#verdicts.groups) {
      const outcome = outcomeIn(first, column)
      if (outcome >= FAIL) drafts.push(...this.#group(rows, column, outcome - FAIL))
      else if (outcome === TAX_SUSPECT && suspect(column.check.effective.rule.id))
        drafts.push(...this.#group(rows, column, 0))
    }
    for (const column of this.#verdicts.rows) drafts.push(...this.#rows(rows, column))
    const attached = this.#context.attached.get(String(first.item)) ?? []
    drafts.push(...attached.filter((draft) => settleSeverity(draft, rows, this.#context.store)))
    setMasks(drafts)
    return drafts
  }

  #group(rows: readonly SideRow[], column: VerdictColumn, position: number): Draft[] {
    const { effective } = column.check
    const flag = this.#flags.get(effective.rule.id) ?? 0n
    const pool = poolOf(effective, column.member)
    const [judged = ''] = fieldsFor(effective, column.member)
    // Whether an article is available may stand in any of the fields.
    const telling = byPool(effective) ? effective.rule.fields : [judged]
    const hasValue = (row: SideRow): boolean =>
      !effective.rule.ignoreNull || telling.some((field) => row[field] !== null && row[field] !== undefined)
    const isMate = (row: SideRow): boolean => {
      const channel = this.#context.store.channels[row.ch]
      return pool === null || (byPool(effective) ? channel?.stockPool === pool : channel?.id === pool)
    }
    const mates = rows.filter((row) => (BigInt(row['marks'] ?? 0) & flag) !== 0n && hasValue(row) && isMate(row))
    const taking = failsBySide(column, position)
      ? mates.filter((row) => textOf(row[toldName(column.column, 'value')]) !== null)
      : mates
    const { kind } = effective.rule
    const whole = kind === 'present' || taking.length === 0
    const shown = whole
      ? rows
      : kind === 'unique'
        ? repeated(taking, effective, this.#context.store)
        : kind === 'reference'
          ? this.#referring(taking)
          : taking
    return this.#draft(rows, shown, column, position)
  }

  /** Listings of an article that the catalog should know, without the catalog's own. */
  #referring(rows: readonly SideRow[]): readonly SideRow[] {
    const { store, config } = this.#context
    return rows.filter((row) => row.ch !== authorityOf(store, config, 'catalog', row.market))
  }

  #rows(rows: readonly SideRow[], column: VerdictColumn): Draft[] {
    const byCode = new Map<number, SideRow[]>()
    for (const row of rows) {
      const outcome = outcomeIn(row, column)
      if (outcome < FAIL) continue
      byCode.set(outcome - FAIL, [...(byCode.get(outcome - FAIL) ?? []), row])
    }
    return [...byCode].flatMap(([position, failing]) => this.#draft(rows, failing, column, position))
  }

  #draft(rows: readonly SideRow[], shown: readonly SideRow[], column: VerdictColumn, position: number): Draft[] {
    const { store, config } = this.#context
    const { member } = column
    const { effective } = column.check
    const { rule } = effective
    const market = rows[0]?.market ?? null
    const item = itemOf(rows, store, authorityOf(store, config, 'catalog', market))
    const domain = domainOf(rule.id)
    const authority = authorityOf(store, config, domain, market)
    const off = rule.kind === 'within' && rule.compare === 'ratio' ? outlierIn(shown, authority) : null
    const code = rule.codes.find((one) => one.code === off?.code) ?? rule.codes[position] ?? null
    const present = shown.flatMap((row) =>
      this.#sides(row, effective, code?.code ?? null, member, row.ch === authority),
    )
    const sides = [...present, ...this.#absent(rows, effective, sidesField(effective), authority)]
    const severity = severityOf(effective, code, shown, store, this.#missingChannels(rows, effective))
    if (severity === 'off') return []
    const pool = poolOf(effective, member)
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
        ? (owedFigure(column, shown, this.#context) ?? this.#owed(effective, shown))
        : expectedValue(sides, isPaid ? null : field)
    const sure = rows.every((row) => Number(row['link_confidence']) === 1)
    const declared = domain !== 'price' || shown.every((row) => row['taxed'] !== null)
    const hasAuthority = authority !== null && sides.some((side) => side.authority && side.value !== null)
    return [
      {
        effective,
        code: name,
        severity,
        market,
        owner: authority === null ? null : (store.channels[authority]?.id ?? null),
        item,
        keys,
        sides,
        expected,
        fixable: rule.fix !== null && hasAuthority && sure && declared && expected !== null && !isPaid,
        words: {
          ...this.#words(rows, shown, effective, member),
          ...this.#figures(column, shown),
          ...(off === null ? {} : { channel: off.channels.map((ch) => store.channels[ch]?.id ?? '').join(', ') }),
        },
        explainedBy: null,
        id: fingerprint(rule.id, name, market, ...keys),
        targets: shown,
        member,
      },
    ]
  }

  #sides(
    row: SideRow,
    effective: EffectiveRule,
    code: string | null,
    member: string | null,
    authority: boolean,
  ): Side[] {
    const chosen = fieldsFor(effective, member)
    const isPaid = row['on_sale'] === true && (code === 'effective' || judgesPaid(effective.rule))
    const judged = chosen.map((field) => (field === 'price.regular' && isPaid ? 'price.sale' : field))
    const shown = [...new Set(judged)].filter(
      (field) =>
        chosen.length === 1 ||
        (row[field] !== null && row[field] !== undefined) ||
        textOf(row[`raw:${field}`]) !== null,
    )
    // A value that is not there is what some rules are about.
    return (shown.length === 0 ? chosen.slice(0, 1) : shown).map((field) =>
      sideOf(row, field, authority, this.#context),
    )
  }

  /** Channels that should list the article and do not, as sides without a listing. */
  #absent(rows: readonly SideRow[], effective: EffectiveRule, field: string, authority: number | null): Side[] {
    return this.#missingChannels(rows, effective).map((index) => ({
      channel: this.#context.store.channels[index]?.id ?? '',
      listing: null,
      field,
      value: null,
      unit: null,
      raw: null,
      source: null,
      authority: index === authority,
    }))
  }

  #missingChannels(rows: readonly SideRow[], effective: EffectiveRule): readonly number[] {
    if (effective.rule.kind !== 'present' || effective.rule.group === null) return []
    const live = new Set(rows.filter((row) => row['live'] !== false).map((row) => row.ch))
    const market = rows[0]?.market
    return this.#context.store.channels.flatMap((channel, index) => {
      const range = this.#context.assortments.get(index)
      const inRange =
        channel.assortment?.kind === 'full' || (range !== undefined && rows.some((row) => isIn(range, row)))
      const isExpected = inRange && channel.kind !== 'erp' && channel.market === market
      return isExpected && !live.has(index) ? [index] : []
    })
  }

  #words(
    rows: readonly SideRow[],
    shown: readonly SideRow[],
    effective: EffectiveRule,
    member: string | null,
  ): Record<string, string> {
    const words: Record<string, string> = member === null ? {} : { field: member }
    const { kind } = effective.rule
    if (kind === 'unique') words['count'] = String(shown.length)
    if (kind === 'reference') {
      const { store, config } = this.#context
      const catalog = authorityOf(store, config, 'catalog', rows[0]?.market ?? null)
      words['expected'] = store.channels[catalog ?? -1]?.id ?? ''
    }
    const missing = this.#missingChannels(rows, effective).map((index) => this.#context.store.channels[index]?.id ?? '')
    if (missing.length > 0) {
      const listing = rows
        .filter((row) => row['live'] !== false)
        .map((row) => this.#context.store.channels[row.ch]?.id ?? '')
      words['channel'] = [...new Set(listing)].join(', ')
      words['list'] = missing.join(', ')
    }
    const rate = effective.rule.kind === 'within' && effective.rule.compare === 'tax_rate' ? this.#taxRate(rows) : null
    if (rate !== null) words['rate'] = rate
    return words
  }

  /** The figures that a check has held against each other. */
  #figures(column: VerdictColumn, shown: readonly SideRow[]): Record<string, Word> {
    const { rule } = column.check.effective
    if (column.outcome.told === undefined || rule.kind !== 'reconcile') return {}
    return Object.fromEntries(
      TOLD.flatMap((name) => {
        const figures = shown.flatMap((row): readonly Figure[] => {
          const amount = plainFigure(textOf(row[toldName(column.column, name)]))
          return amount === null ? [] : [{ amount, currency: rule.unit === null ? null : textOf(row['currency']) }]
        })
        return figures.length === 0 ? [] : [[name, figures] as const]
      }),
    )
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

/** Of the listings of an article those that a channel has more of than it may. */
function repeated(rows: readonly SideRow[], effective: EffectiveRule, store: Store): readonly SideRow[] {
  const scopes = rows.map((row) => scopeOfRow(row, store))
  const set = effective.overrides.filter((one) => isFitting(one, scopes)).map(({ params }) => params['max_per_key'])
  const limit = set.findLast((value) => value !== undefined) ?? effective.params['max_per_key']?.value
  const most = limit?.type === 'integer' ? Number(limit.value) : 1
  const groups = groupBy(rows, (row) => JSON.stringify([row.ch, row['condition'] ?? 'new', row['pack_quantity'] ?? 1]))
  return [...groups.values()].filter((group) => group.length > most).flat()
}

/** Whether the finding is about the sides whose own figures do not meet, not about all of them together. */
function failsBySide({ outcome, check: { effective } }: VerdictColumn, position: number): boolean {
  const code = effective.rule.codes[position]
  return outcome.told?.failing !== undefined && (code === undefined || code.when === null || code.gap !== undefined)
}

/** The one figure that was to be met. */
function owedFigure(
  { outcome, column, check: { effective } }: VerdictColumn,
  shown: readonly SideRow[],
  { minorUnits }: FindingContext,
): string | null {
  const { rule } = effective
  if (outcome.told === undefined || rule.kind !== 'reconcile' || rule.relation !== 'equal') return null
  const digits = rule.unit === 'money' ? minorUnits(textOf(shown[0]?.['currency']) ?? '') : 0
  const figures = new Set(
    shown.map((row) => canonicalText(row[toldName(column, 'expected')] ?? null, 'price.regular', digits)),
  )
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

function isIn(range: ReadonlySet<string>, row: SideRow): boolean {
  return ['sku', 'gtin'].some((name) => range.has(textOf(row[name]) ?? ''))
}
