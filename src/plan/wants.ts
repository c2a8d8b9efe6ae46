/** From findings to what each of them wants: a value for a cell of a channel, or the reason why nothing is planned. */
import type { Draft, FindingSink } from '../audit/draft.ts'
import { domainOf } from '../audit/finding.ts'
import { canonicalText, isMoney, numberOf, type Places, type SideRow, textOf } from '../audit/sides.ts'
import { compareFractions, type Fraction, fraction, minus, plus, size, times } from '../base/decimal.ts'
import type { SqlValue } from '../engine/engine.ts'
import type { Store } from '../ingest/tables.ts'
import type { Config } from '../model/config.ts'
import { type Entity, FIELDS, type FieldName, fieldType, isFieldName } from '../model/field.ts'
import type { UnresolvedReason } from '../model/plan.ts'
import type { Finding } from '../model/report.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import { currencies } from '../rules/reference-data.ts'
import { sameWord } from './same-word.ts'
import { type Selection, selectsChannel, selectsFinding } from './selection.ts'
import { stockPolicies } from './stock-policy.ts'
import { type Field, type Survivor, subjectOf, survivor } from './survivor.ts'
import { type Converted, priceFor, type StockPolicy, unitsFor } from './terms.ts'

/** One finding's wish for one cell. */
export interface Want {
  readonly finding: string
  readonly rule: string
  readonly item: string | null
  readonly title: string | null
  readonly ch: number
  readonly owner: number
  /** Source that has the value that is right. */
  readonly owner_src: number
  readonly rid: string
  readonly src: number
  readonly ord: number
  readonly entity: Entity
  readonly field: FieldName
  readonly before: string | null
  readonly after: string
  readonly unit: string | null
  readonly authority: string
  readonly path: string | null
  readonly row: number | null
  readonly line: number | null
  readonly sheet: string | null
  readonly raw: string | null
  readonly listing: string | null
  readonly sku: string | null
  readonly external: string | null
}

/** Columns of `plan_open`, in this order. `detail` is what the reason is about: a subject of `authority`, a field. */
export interface Open {
  readonly finding: string
  readonly channel: string | null
  readonly code: UnresolvedReason
  readonly detail: string | null
}

export interface WantsOptions {
  readonly store: Store
  readonly config: Config
  readonly asOf: string
  readonly rules: readonly EffectiveRule[]
  readonly selection: Selection
  readonly want: (want: Want) => Promise<void> | void
  readonly open: (open: Open) => Promise<void> | void
}

/** Listens to an audit. Nothing leaves it for findings that are explained, suppressed or not chosen. */
export class Wants implements FindingSink {
  readonly columns = [
    'pack',
    'public',
    'price.tax_rate',
    'price.sale',
    'stock.unlimited',
    'stock.available',
    'updated_at',
    'status',
    'raw:stock.available',
  ]
  readonly #options: WantsOptions
  readonly #policies: readonly StockPolicy[]
  /** Files whose data are too old, by their paths; a channel by its id where no file is named. */
  readonly stale = { files: new Set<string>(), channels: new Set<string>() }

  constructor(options: WantsOptions) {
    this.#options = options
    this.#policies = stockPolicies(options.rules, options.store.channels)
  }

  async add(draft: Draft, rows: readonly SideRow[], finding: Finding, places: Places): Promise<void> {
    const { rule } = draft.effective
    if (finding.status !== 'suppressed' && rule.kind === 'fresh' && rule.assert === 'max_age') {
      for (const { channel, source } of finding.sides) {
        if (source === null) this.stale.channels.add(channel)
        else this.stale.files.add(source.path)
      }
    }
    if (finding.status === 'suppressed' || finding.explained_by !== null) return
    if (!selectsFinding(this.#options.selection, finding, rows)) return
    const refused = this.#refusal(draft, rows)
    if (refused !== null) return this.#open(finding, null, refused.code, refused.detail)
    const field = fieldOf(draft)
    if (field === null) return this.#open(finding, null, 'no_fix', null)
    await this.#plan(draft, rows, finding, field, places)
  }

  /** Why nothing is planned for the finding whatever its values are. */
  #refusal(draft: Draft, rows: readonly SideRow[]): Pick<Open, 'code' | 'detail'> | null {
    const { rule } = draft.effective
    if (rule.fix === null || rule.fix.to === null) return { code: 'no_fix', detail: null }
    if (rows.length === 0 || draft.targets === undefined) {
      return domainOf(rule.id) === 'promotion'
        ? { code: 'file', detail: 'promotion' }
        : { code: 'no_fix', detail: null }
    }
    // What is paid differs while the regular prices agree: writing the regular price would not heal it.
    if (domainOf(rule.id) === 'price' && draft.code === 'effective') return { code: 'no_fix', detail: 'effective' }
    if (rows.some((row) => Number(row['link_confidence']) !== 1)) return { code: 'confidence', detail: null }
    return null
  }

  async #plan(
    draft: Draft,
    rows: readonly SideRow[],
    finding: Finding,
    field: FieldName,
    places: Places,
  ): Promise<void> {
    const { store, config } = this.#options
    const right = survivor(rows, comparable(field), {
      channels: store.channels,
      sources: store.sources,
      authority: config.authority,
    })
    if ('refused' in right) return this.#open(finding, null, right.refused, detailOf(right, field))
    const targets = draft.targets ?? []
    // Where the one who is right has the faulty value itself, nobody knows the right one.
    if (isOwnFault(draft, rows) && targets.includes(right.row)) return this.#open(finding, null, 'no_value', field)
    const others = targets.filter((row) => row.ch !== right.row.ch && this.#isChosen(row))
    if (others.length === 0 && targets.some((row) => row.ch !== right.row.ch)) return
    let planned = 0
    let refused = 0
    for (const row of others) {
      const outcome = this.#convert(right.row, row, field)
      const channel = store.channels[row.ch]?.id ?? null
      if ('refused' in outcome) {
        refused++
        await this.#open(finding, channel, outcome.refused, field)
        continue
      }
      const before = canonicalText(row[field] ?? null, field, digitsOf(row))
      if (before === outcome.value || !isMeant(draft, rows, row, field, outcome.value)) continue
      if (field === 'price.regular' && isTolerated(draft.effective, right.row, row)) continue
      const place = this.#place(row, field, places)
      if (place === null) {
        refused++
        await this.#open(finding, channel, 'absent', field)
        continue
      }
      planned++
      await this.#options.want({ ...this.#want(finding, row, field, right), ...place, before, after: outcome.value })
    }
    if (planned + refused === 0) await this.#open(finding, null, 'already', field)
  }

  #isChosen(row: SideRow): boolean {
    return selectsChannel(this.#options.selection, this.#options.store.channels[row.ch]?.id ?? '')
  }

  #convert(from: SideRow, to: SideRow, field: FieldName): Converted {
    const { store, asOf } = this.#options
    const [own, other] = [store.channels[from.ch], store.channels[to.ch]]
    if (own === undefined || other === undefined) return { refused: 'no_value' }
    const value = textOf(from[field])
    if (field === 'price.regular') {
      if (value === null) return { refused: 'no_value' }
      const price = priceFor({ row: from, channel: own }, { row: to, channel: other }, value, asOf.slice(0, 10))
      const sale = textOf(to['price.sale'])
      const isBelow = 'refused' in price || sale === null || Number(sale) < Number(price.value)
      return isBelow ? price : { refused: 'sale' }
    }
    if (field === 'stock.available') {
      if (textOf(to['stock.available']) === null) return { refused: 'absent' }
      const pools = new Set(store.channels.flatMap(({ stockPool }) => stockPool ?? []))
      const pool = own.stockPool ?? (pools.size === 1 ? [...pools][0] : null)
      if (pool === null || other.stockPool !== pool) return { refused: 'no_value' }
      return unitsFor(from, to, this.#policies[to.ch] ?? { buffer: '0', cap: null })
    }
    // Other amounts and figures would have to be converted too, and no rule asks for them.
    if (['money', 'quantity', 'percent'].includes(fieldType(field))) return { refused: 'no_value' }
    if (field === 'gtin') return gtinOf(from)
    const text = canonicalText(from[field] ?? null, field, 0)
    return text === null || text.trim() === '' ? { refused: 'no_value' } : { value: text }
  }

  /** Where the cell stands; null where the record has no such column. */
  #place(
    row: SideRow,
    field: FieldName,
    places: Places,
  ): Pick<Want, 'src' | 'ord' | 'path' | 'row' | 'line' | 'sheet'> | null {
    const entity = entityOf(field)
    const src = numberOf(row[`src:${entity}`]) ?? row.src
    const ord = numberOf(row[`ord:${entity}`]) ?? row.ord
    if (this.#options.store.sources[src]?.fields.has(field) !== true && entity !== 'stock') return null
    const ref = places.ref(src, ord)
    return {
      src,
      ord,
      path: ref?.path ?? null,
      row: ref?.row ?? null,
      line: ref?.line ?? null,
      sheet: ref?.sheet ?? null,
    }
  }

  #want(finding: Finding, row: SideRow, field: FieldName, right: { readonly row: SideRow; readonly by: string }) {
    const raw = textOf(row[`raw:${field}`]) ?? (typeof row[field] === 'string' ? textOf(row[field]) : null)
    const external = textOf(row['listing_id'])
    return {
      finding: finding.id,
      rule: finding.rule,
      item: finding.item?.id ?? null,
      title: finding.item?.title ?? null,
      ch: row.ch,
      owner: right.row.ch,
      owner_src: numberOf(right.row[`src:${entityOf(field)}`]) ?? right.row.src,
      rid: String(row.rid),
      entity: entityOf(field),
      field,
      unit: isMoney(field) ? textOf(row['currency']) : null,
      authority: right.by,
      raw,
      listing: external ?? textOf(row['sku']) ?? textOf(row['gtin']),
      sku: textOf(row['sku']),
      external,
    }
  }

  async #open(finding: Finding, channel: string | null, code: UnresolvedReason, detail: string | null): Promise<void> {
    await this.#options.open({ finding: finding.id, channel, code, detail })
  }
}

/** The field that the rule says is to be written. */
function fieldOf({ effective: { rule }, member }: Draft): FieldName | null {
  const name = rule.fix?.field ?? ''
  const field = !name.includes('[$') ? name : isFieldName(member ?? '') ? (member ?? '') : `attributes.${member ?? ''}`
  return isFieldName(field) ? field : null
}

export function entityOf(field: FieldName): Entity {
  return field in FIELDS ? FIELDS[field as keyof typeof FIELDS].entity : 'listing'
}

/** How sides are compared where a strategy chooses among them. */
function comparable(name: FieldName): Field {
  const type = fieldType(name)
  if (name === 'price.regular') {
    // Without a rate a net price has no gross one, and still is what the owner says.
    const value = (row: SideRow): string | null =>
      row['public'] === false
        ? null
        : (textOf(row['x_regular']) ?? (textOf(row[name]) === null ? null : `net ${textOf(row[name])}`))
    return { name, numeric: true, value, isNothing: (text) => /^(net )?-?0*(\.0*)?$/.test(text) }
  }
  if (name === 'stock.available') {
    return {
      name,
      numeric: true,
      value: (row) => textOf(row['pool_available']) ?? textOf(row[name]),
      isNothing: () => false,
    }
  }
  const numeric = ['money', 'quantity', 'percent', 'integer'].includes(type)
  return { name, numeric, value: (row) => textOf(row[name]), isNothing: (text) => text.trim() === '' }
}

function detailOf(right: Extract<Survivor, { readonly refused: string }>, field: FieldName): string {
  return right.refused === 'no_authority' || right.refused === 'manual' ? subjectOf(field) : field
}

/** Judges each listing by itself, so that the listings are the faulty ones alone. */
function isOwnFault({ effective: { rule }, targets }: Draft, rows: readonly SideRow[]): boolean {
  return (rule.kind === 'format' || rule.kind === 'present') && targets !== rows
}

/** Whether the finding is about this listing: of the sides of a contradiction some may be right already. */
function isMeant(
  { effective: { rule }, targets }: Draft,
  rows: readonly SideRow[],
  row: SideRow,
  field: FieldName,
  after: string,
): boolean {
  const before = textOf(row[field])
  if (rule.kind === 'present' && targets === rows) return before === null || (isMoney(field) && Number(before) === 0)
  if (rule.kind === 'within' && rule.compare === 'promise') return Number(before) > Number(after)
  if (rule.kind === 'within' && rule.compare === 'offer') return Number(before) < Number(after)
  if (rule.kind === 'equal' && field === 'stock.available') return Number(before) > 0 !== Number(after) > 0
  if (field === 'status') return isLive(before) !== isLive(after)
  if (rule.kind === 'equal' && before !== null && fieldType(field) === 'text') return !sameWord(before, after)
  return true
}

/** Sides that were converted may differ by what rounding does, and all by what the rule tolerates. */
function isTolerated({ params }: EffectiveRule, right: SideRow, row: SideRow): boolean {
  const [own, other] = [textOf(right['x_regular']), textOf(row['x_regular'])].map((text) => fraction(text ?? ''))
  if (own === null || own === undefined || other === null || other === undefined) return false
  const allowed = params['abs_tol']?.value
  const tolerances = [textOf(right['conversions']), textOf(row['conversions'])]
  const share = params['pct_tol']?.value
  if (allowed?.type === 'decimal') tolerances.push(String(allowed.value))
  const sum = tolerances.reduce((total, text) => plus(total, fraction(text ?? '') ?? ZERO), ZERO)
  const part = times(size(own), share?.type === 'decimal' ? (fraction(String(share.value)) ?? ZERO) : ZERO)
  const gap = size(minus(own, other))
  return compareFractions(gap, sum) <= 0 || compareFractions(gap, part) <= 0
}

const ZERO: Fraction = { top: 0n, bottom: 1n }

function isLive(status: string | null): boolean {
  return status === 'active' || status === 'phase_out'
}

/** Only a code that is sound and written in full. */
function gtinOf(row: SideRow): Converted {
  const text = textOf(row['gtin'])?.trim() ?? ''
  const whole = /^(\d{8}|\d{12,14})$/.test(text) && textOf(row['gtin14']) !== null
  return whole ? { value: text } : { refused: 'no_value' }
}

function digitsOf(row: SideRow): number {
  return currencies().get(textOf(row['currency']) ?? '') ?? 2
}

/** A row of `plan_wish`. What only people read of it stands in one text: each column costs as much as all of them. */
export function wantCells(want: Want): SqlValue[] {
  const { finding, rule, ch, owner, owner_src, rid, src, ord, entity, field, before, after, unit, authority } = want
  const { item, title, path, row, line, sheet, raw, listing, sku, external } = want
  const about: About = [item, title, path, row, line, sheet, raw, listing, sku, external]
  return [
    ...[finding, rule, ch, owner, owner_src, rid, src, ord, entity, field, before, after, unit, authority],
    JSON.stringify(about),
  ]
}

/** Item, title, path, row, line, sheet, raw text, listing, SKU, the channel's own id. */
export type About = readonly [
  string | null,
  string | null,
  string | null,
  number | null,
  number | null,
  string | null,
  string | null,
  string | null,
  string | null,
  string | null,
]
