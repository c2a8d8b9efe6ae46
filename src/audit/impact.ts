/** What findings and causes cost, where that can be said: on roots and causes only, unknown never zero, never netted. */
import { UNKNOWN_CURRENCY } from '../model/config.ts'
import type { Impact } from '../model/report.ts'
import type { CauseDraft } from './causes/detector.ts'
import type { Draft } from './draft.ts'
import { domainOf, type FindingContext } from './finding.ts'
import { FORMULAS, micro, SCALE, type Sold, type Stake } from './impact-formulas.ts'
import { type SideRow, textOf } from './sides.ts'
import { authorityOf } from './world.ts'

interface Sum {
  amount: bigint
  readonly currency: string
  basis: Impact['basis']
}

export class Impacts {
  readonly #context: FindingContext
  /** Row to what was sold of it. */
  readonly #sold: ReadonlyMap<string, Sold>
  /** Cause to its sum; null once amounts of several currencies came together. */
  readonly #causes = new Map<string, Sum | null>()

  private constructor(context: FindingContext, sold: ReadonlyMap<string, Sold>) {
    this.#context = context
    this.#sold = sold
  }

  /** Reads the sales of failing articles, where there are any. */
  static async read(context: FindingContext): Promise<Impacts> {
    const { engine, store } = context
    const sold = new Map<string, Sold>()
    if (!store.inputs.loaded.some(({ name }) => name === 'sales') || !store.fields.has('sku'))
      return new Impacts(context, sold)
    // A month in which more came back than went out puts nothing at stake, and takes nothing off it.
    const total = (column: string): string =>
      `CASE WHEN sum(i.${column}) < 0 THEN 0 ELSE sum(i.${column}) END::DECIMAL(18,6)::VARCHAR`
    const rows = engine.batches<{ rid: string; units: string | null; revenue: string | null }>(
      `SELECT s.rid::VARCHAR AS rid, ${total('units30')} AS units, ${total('revenue30')} AS revenue
       FROM side s JOIN input_sales i ON i.ch = s.ch AND i.sku = s.sku WHERE s.item IN (SELECT item FROM failing) GROUP BY s.rid`,
    )
    for await (const batch of rows) {
      for (const { rid, units, revenue } of batch) {
        const known = micro(units)
        if (known !== null) sold.set(rid, { units: known, revenue: micro(revenue) })
      }
    }
    return new Impacts(context, sold)
  }

  /** Sets the impact of the roots of an article, and adds to that of the causes: the most of what an article says of one. */
  weigh(drafts: readonly Draft[], rows: readonly SideRow[], causes: readonly CauseDraft[]): void {
    const byCause = new Map<CauseDraft, Sum>()
    for (const draft of drafts) {
      const { formula = '' } = draft.effective.rule.impact ?? {}
      if (!FORMULAS.has(formula)) continue
      const cause = draft.explainedBy === null ? null : causes.find(({ id }) => id === draft.explainedBy)
      // What another finding explains adds nothing to it.
      if (cause === undefined) continue
      const sum = this.#weighOne(draft, rows, formula, cause?.channels[0] ?? null)
      if (cause === null) draft.impact = sum === null ? null : this.#impact(sum)
      else if (sum !== null && (byCause.get(cause)?.amount ?? -1n) < sum.amount) byCause.set(cause, sum)
    }
    for (const [cause, sum] of byCause) this.#add(cause.id, sum)
  }

  ofCause(id: string): Impact | null {
    const sum = this.#causes.get(id) ?? null
    return sum === null ? null : this.#impact(sum)
  }

  #add(cause: string, { amount, currency, basis }: Sum): void {
    const known = this.#causes.get(cause)
    if (known === undefined) this.#causes.set(cause, { amount, currency, basis })
    else if (known !== null && known.currency !== currency) this.#causes.set(cause, null)
    else if (known !== null) {
      known.amount += amount
      if (basis === 'modelled') known.basis = basis
    }
  }

  #weighOne(draft: Draft, rows: readonly SideRow[], formula: string, fault: number | null): Sum | null {
    const entry = FORMULAS.get(formula)
    if (entry === undefined || (entry.basis === 'measured' && this.#sold.size === 0)) return null
    const { store, config } = this.#context
    // A finding about several articles is weighed where all of it is in sight, else not at all.
    const names = new Set(rows.map((row) => textOf(row['listing_id']) ?? textOf(row['sku']) ?? textOf(row['gtin'])))
    if (draft.sides.some(({ listing }) => listing !== null && !names.has(listing))) return null
    const shown = this.#stakes(
      rows.filter((row) => draft.sides.some(({ channel }) => channel === store.channels[row.ch]?.id)),
    )
    const currencies = new Set(shown.map(({ row }) => textOf(row['currency'])))
    const [currency] = currencies
    if (currencies.size !== 1 || currency === null || currency === undefined) return null
    if (currency === UNKNOWN_CURRENCY) return null
    const column = draft.code === 'effective' ? 'x_effective' : 'x_regular'
    const price = (row: SideRow): bigint | null => micro(row[column])
    const authority = authorityOf(store, config, domainOf(draft.effective.rule.id), draft.market)
    const reference = referenceOf(shown, price, authority, fault)
    const wrong = shown.filter(({ row }) => (fault === null ? price(row) !== reference : row.ch === fault))
    const amount = entry.amount({ shown, wrong, apart: apartOf(draft), reference, price })
    return amount === null ? null : { amount, currency, basis: entry.basis }
  }

  /** Each channel once: what it sold of an article is told once, however many listings it has. */
  #stakes(rows: readonly SideRow[]): readonly Stake[] {
    const seen = new Set<number>()
    return rows.flatMap((row): readonly Stake[] => {
      if (seen.has(row.ch)) return []
      seen.add(row.ch)
      return [{ row, sold: this.#sold.get(String(row.rid)) ?? null }]
    })
  }

  #impact({ amount, currency, basis }: Sum): Impact {
    return { amount: decimalText(amount, this.#context.minorUnits(currency)), currency, basis }
  }
}

/** The distance of the two figures that the message of a finding tells. */
function apartOf({ words }: Draft): bigint | null {
  const [value, expected] = (['value', 'expected'] as const).map((name) => {
    const figures = words[name]
    return Array.isArray(figures) && figures.length === 1 ? micro(figures[0]?.amount) : null
  })
  if (typeof value !== 'bigint' || typeof expected !== 'bigint') return null
  return value > expected ? value - expected : expected - value
}

/** The authority's price, else what the channels that no cause blames agree on, else what more than half say. */
function referenceOf(
  stakes: readonly Stake[],
  price: (row: SideRow) => bigint | null,
  authority: number | null,
  fault: number | null,
): bigint | null {
  const own = stakes.find(({ row }) => row.ch === authority)
  if (own !== undefined && authority !== fault) return price(own.row)
  const prices = stakes.flatMap(({ row }) => (row.ch === fault ? [] : (price(row) ?? [])))
  const counts = new Map<bigint, number>()
  for (const one of prices) counts.set(one, (counts.get(one) ?? 0) + 1)
  const most = [...counts].find(([, count]) => count * 2 > prices.length)
  if (most === undefined) return null
  // Of two that differ neither is right by number.
  return fault !== null || prices.length > 1 ? most[0] : null
}

/** Rounded half up to the currency's smallest unit. */
function decimalText(amount: bigint, decimals: number): string {
  const step = SCALE / 10n ** BigInt(decimals)
  const units = (amount + step / 2n) / step
  const digits = String(units).padStart(decimals + 1, '0')
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}
