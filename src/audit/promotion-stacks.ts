/** Promotions that work together: whether channels agree that they may, and what the worst of it comes to. */
import { groupBy } from '../base/group.ts'
import { FAIL, PASS, unknown } from '../rules/check.ts'
import type { PromotedListing } from './promotion-articles.ts'
import {
  BESIDE,
  channelNames,
  isUnread,
  type Judged,
  listed,
  masterOf,
  NO_INPUT,
  type PromotionCase,
  paramOf,
  plain,
  UNREAD,
} from './promotion-case.ts'
import { amountText, divided, isSameCut, micros } from './promotion-money.ts'
import { codeOf, isAlive, isRunning, overlaps, type Promotion, type PromotionRow } from './promotion-row.ts'
import { textOf } from './sides.ts'

const STACKABLE = 'promotion.stackable'

/** Whether it may be combined is the same everywhere, where there is something to combine it with. */
export function judgeStacking(one: PromotionCase): readonly Judged[] {
  const alive = one.promotion.rows.filter(isAlive)
  if (alive.some((row) => isUnread(row, [STACKABLE]))) return [UNREAD]
  const rows = alive.filter((row) => row[STACKABLE] !== null)
  if (new Set(rows.map(({ ch }) => ch)).size < 2) return [BESIDE]
  if (new Set(rows.map((row) => row[STACKABLE])).size < 2) return [plain(PASS)]
  const mates = matesOf(one, rows, (row, mate) => overlaps(row, mate))
  if (mates.length === 0 && paramOf(one, 'only_overlapping') === true) return [BESIDE]
  const words = {
    list: listed(mates.map(({ key }) => key)),
    channel: channelNames(
      one,
      rows.map(({ ch }) => ch),
    ),
  }
  return [{ outcome: FAIL, code: null, rows, fields: [STACKABLE], reference: masterOf(one, rows), words }]
}

/** Other live promotions on the same articles of one of the channels. */
function matesOf(
  { book, promotion }: PromotionCase,
  rows: readonly PromotionRow[],
  meets: (row: PromotionRow, mate: PromotionRow) => boolean,
): readonly Promotion[] {
  return book.list.filter(
    (other) =>
      other.key !== promotion.key &&
      rows.some((row) =>
        other.rows.some(
          (mate) => mate.ch === row.ch && isAlive(mate) && meets(row, mate) && shareItems(book, row, mate),
        ),
      ),
  )
}

/** A promotion that lists nothing is on everything. */
function shareItems({ articles }: PromotionCase['book'], one: PromotionRow, other: PromotionRow): boolean {
  const [a, b] = [articles.itemsOf(one), articles.itemsOf(other)]
  return a === null || b === null || [...a.items].some((item) => b.items.has(item))
}

/** More ways to combine the promotions of a channel than these are not tried. */
const MOST_COMBINATIONS = 64

interface Combination {
  readonly promotions: readonly Promotion[]
  readonly rows: readonly PromotionRow[]
}

interface Verdict {
  readonly code: 'below_zero' | 'below_cost' | 'tax_basis' | 'no_cost' | null
  readonly listing: PromotedListing
  readonly price: bigint
}

/** What a combination does wrong, in all channels that have it. */
interface Fault extends Combination {
  readonly code: string
  readonly verdicts: readonly Verdict[]
}

/** Nothing that may be combined takes an article below zero or below what it cost. Combinations are judged under their first promotion. */
export function judgeFloor(one: PromotionCase): readonly Judged[] {
  const running = one.promotion.rows.filter((row) => isPublic(one, row))
  if (running.length === 0) return [BESIDE]
  const wrong = new Map<string, Fault>()
  const verdicts: Verdict[] = []
  let isOpen = false
  for (const row of running) {
    const { combinations, unsaid } = combinationsOf(one, row)
    isOpen ||= unsaid
    for (const combination of combinations) {
      const found = verdictsOf(one, combination)
      verdicts.push(...found)
      const failing = found.filter(({ code, listing }) => isFault(code) && !failsWithLess(one, combination, listing))
      for (const [code, own] of groupBy(failing, ({ code }) => code ?? '')) {
        const key = [code, ...combination.promotions.map((promotion) => promotion.key)].join('\0')
        const { rows, verdicts: found } = wrong.get(key) ?? { rows: [], verdicts: [] }
        wrong.set(key, {
          ...combination,
          code,
          rows: [...rows, ...combination.rows],
          verdicts: [...found, ...own],
        })
      }
    }
  }
  if (wrong.size > 0) return [...wrong.values()].map((fault) => faultOf(one, fault))
  if (verdicts.some(({ code }) => code === 'tax_basis')) return [plain(unknown('tax_basis'))]
  return [isOpen || verdicts.length === 0 || verdicts.some(({ code }) => code === 'no_cost') ? NO_INPUT : plain(PASS)]
}

function isFault(code: Verdict['code']): boolean {
  return code === 'below_zero' || code === 'below_cost'
}

function isPublic(one: PromotionCase, row: PromotionRow): boolean {
  const isCounted = codeOf(row) === null || paramOf(one, 'include_codes') === true
  return isCounted && isRunning(row, one.now) && one.context.store.channels[row.ch]?.kind !== 'erp'
}

/** The promotion alone, and with those behind it in the list that may be combined with it. */
function combinationsOf(
  one: PromotionCase,
  row: PromotionRow,
): { readonly combinations: readonly Combination[]; readonly unsaid: boolean } {
  const { book, promotion } = one
  const later = book.list.slice(book.list.findIndex(({ key }) => key === promotion.key) + 1)
  const mates = later.flatMap((other) => {
    const mate = other.rows.find((own) => own.ch === row.ch && isPublic(one, own) && shareItems(book, row, own))
    return mate === undefined ? [] : [{ promotion: other, row: mate }]
  })
  const unsaid =
    mates.some((mate) => row[STACKABLE] !== false && mate.row[STACKABLE] !== false) &&
    [row, ...mates.map((mate) => mate.row)].some((own) => own[STACKABLE] === null)
  const depth = Number(paramOf(one, 'depth') ?? 3)
  let combinations: Combination[] = [{ promotions: [promotion], rows: [row] }]
  for (const mate of row[STACKABLE] === true ? mates.filter((own) => own.row[STACKABLE] === true) : []) {
    const grown = combinations
      .filter(({ rows }) => rows.length < depth && rows.every((own) => shareItems(book, own, mate.row)))
      .map(({ promotions, rows }) => ({ promotions: [...promotions, mate.promotion], rows: [...rows, mate.row] }))
    combinations = [...combinations, ...grown].slice(0, MOST_COMBINATIONS)
  }
  return { combinations: combinations.filter(({ rows }) => rows.length <= depth), unsaid }
}

function verdictsOf(one: PromotionCase, { rows }: Combination): readonly Verdict[] {
  const { articles } = one.book
  const [first] = rows
  const lists = rows.flatMap((row) => articles.itemsOf(row) ?? [])
  const [shortest] = [...lists].sort((a, b) => a.items.size - b.items.size)
  if (first === undefined || shortest === undefined) return []
  const items = [...shortest.items].filter((item) => lists.every((list) => list.items.has(item)))
  return items.flatMap((item) =>
    articles
      .listings(item)
      .filter(({ ch, open, selling, regular }) => ch === first.ch && open && selling !== false && regular !== null)
      .map((listing) => verdictOn(one, rows, listing)),
  )
}

function verdictOn(one: PromotionCase, rows: readonly PromotionRow[], listing: PromotedListing): Verdict {
  const price = worstPrice(one, rows, listing)
  const verdict = (code: Verdict['code']): Verdict => ({ code, listing, price })
  if (price < 0n) return verdict('below_zero')
  if (listing.cost === null) return verdict('no_cost')
  const floor = micros(String(paramOf(one, 'floor') ?? '0')) ?? 0n
  const least = divided(listing.cost * (MILLION + floor), MILLION)
  const netAt = (rate: bigint): bigint => divided(price * 100n * MILLION, 100n * MILLION + rate)
  if (listing.taxed === false) return verdict(price < least ? 'below_cost' : null)
  if (listing.taxed === true && listing.taxRate !== null)
    return verdict(netAt(listing.taxRate) < least ? 'below_cost' : null)
  // Below cost with tax is below cost without; above it at the highest rate there is, it is so at any.
  if (price < least) return verdict('below_cost')
  const highest = highestOf(one.context.taxRates.map((rate) => micros(rate) ?? 0n))
  return verdict(highest > 0n && netAt(highest) >= least ? null : 'tax_basis')
}

const MILLION = 1_000_000n

function highestOf(values: readonly bigint[]): bigint {
  return [0n, ...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).at(-1) ?? 0n
}

/** Price of a unit in the smallest basket that gets all of them, reductions in the order that is worst for the shop. */
function worstPrice({ context }: PromotionCase, rows: readonly PromotionRow[], listing: PromotedListing): bigint {
  const decimals = context.minorUnits(listing.currency ?? '')
  const isSale = listing.onSale && listing.sale !== null && !rows.some((row) => isSameCut(row, listing, decimals))
  const price = (isSale ? listing.sale : listing.regular) ?? 0n
  const units = highestOf(rows.map((row) => unitsFor(row, price)))
  let total = price * units
  for (const kind of ['fixed_price', 'bogo', 'percent', 'amount']) {
    for (const row of rows) if (textOf(row['promotion.kind']) === kind) total = after(row, kind, total, units)
  }
  return total < 0n ? -divided(-total, units) : divided(total, units)
}

function after(row: PromotionRow, kind: string, total: bigint, units: bigint): bigint {
  const value = micros(textOf(row['promotion.value']))
  if (kind === 'bogo') return divided(total, 2n)
  if (value === null) return total
  if (kind === 'percent') return divided(total * (100n * MILLION - value), 100n * MILLION)
  if (kind === 'amount') return total - value
  return value * units < total ? value * units : total
}

/** Units that it takes to spend the minimum; two for one asks for two. */
function unitsFor(row: PromotionRow, price: bigint): bigint {
  if (textOf(row['promotion.kind']) === 'bogo') return 2n
  const least = micros(textOf(row['promotion.min_spend'])) ?? 0n
  return least <= 0n || price <= 0n ? 1n : (least + price - 1n) / price
}

/** Whether some of the promotions do it without the others: then these are not to blame. */
function failsWithLess(one: PromotionCase, { rows }: Combination, listing: PromotedListing): boolean {
  return (
    rows.length > 1 &&
    rows.some((left) => {
      const less = rows.filter((row) => row !== left)
      return isFault(verdictOn(one, less, listing).code) || failsWithLess(one, { promotions: [], rows: less }, listing)
    })
  )
}

function faultOf(one: PromotionCase, { promotions, rows, code, verdicts }: Fault): Judged {
  const worst = [...verdicts].sort((a, b) => (a.price < b.price ? -1 : a.price > b.price ? 1 : 0))
  const texts = [...new Set(worst.map(({ listing, price }) => `${listing.name} ${amountText(price)}`))]
  return {
    outcome: FAIL,
    code,
    rows,
    fields: ['promotion.value'],
    others: promotions.slice(1),
    words: {
      channel: channelNames(
        one,
        rows.map(({ ch }) => ch),
      ),
      count: String(new Set(verdicts.map(({ listing }) => listing.item)).size),
      list: listed(texts),
    },
  }
}
