/** Rules about the articles of promotions: which they are, whether there are any left, where else they are sold. */
import { groupBy } from '../base/group.ts'
import { FAIL, PASS } from '../rules/check.ts'
import type { PromotedListing, PromotionArticles } from './promotion-articles.ts'
import {
  BESIDE,
  channelNames,
  declaredIn,
  isSpoken,
  type Judged,
  listed,
  masterOf,
  NO_INPUT,
  type PromotionCase,
  paramOf,
  plain,
  UNREAD,
  wordsOf,
} from './promotion-case.ts'
import { isSameCut } from './promotion-money.ts'
import { isAlive, isRunning, type PromotionRow, windowOf } from './promotion-row.ts'

/** The same articles in every channel, as far as both list them. */
export function judgeItems(one: PromotionCase): readonly Judged[] {
  const { articles } = one.book
  const rows = one.promotion.rows.filter((row) => isAlive(row) && articles.itemsOf(row) !== null)
  const byChannel = groupBy(rows, ({ ch }) => String(ch))
  if (byChannel.size < 2) return [BESIDE]
  const sets = new Map([...byChannel].map(([ch, own]) => [Number(ch), itemsOf(own, articles)]))
  if ([...sets.values()].some(({ size }) => size === 0)) return [UNREAD]
  const master = masterOf(one, rows)
  const right = master === undefined ? undefined : sets.get(master.ch)
  if (master === undefined || right === undefined) return [BESIDE]
  const least = Number(paramOf(one, 'min_diff') ?? 1)
  const wrong = [...sets].flatMap(([ch, own]) => {
    const odd = [...new Set([...own, ...right])].filter(
      (item) => own.has(item) !== right.has(item) && articles.isShared(item, ch, master.ch),
    )
    return ch !== master.ch && odd.length >= least ? [{ ch, odd }] : []
  })
  if (wrong.length === 0) return [plain(PASS)]
  const names = [...new Set(wrong.flatMap(({ odd }) => odd))].map((item) => articles.nameOf(item)).sort()
  const shown = rows.filter((row) => row.ch === master.ch || wrong.some(({ ch }) => ch === row.ch))
  const words = {
    count: String(names.length),
    list: listed(names),
    channel: channelNames(
      one,
      wrong.map(({ ch }) => ch),
    ),
  }
  return [{ outcome: FAIL, code: null, rows: shown, fields: ['promotion.items'], reference: master, words }]
}

/** Exports with a record per article say a promotion many times. */
function itemsOf(rows: readonly PromotionRow[], articles: PromotionArticles): ReadonlySet<string> {
  return new Set(rows.flatMap((row) => [...(articles.itemsOf(row)?.items ?? [])]))
}

/** Most of a running promotion's articles can be had in the channel that runs it. */
export function judgeStock(one: PromotionCase): readonly Judged[] {
  const { context, now, promotion } = one
  const running = promotion.rows.filter((row) => isRunning(row, now) && context.store.channels[row.ch]?.kind !== 'erp')
  if (running.length === 0) return [BESIDE]
  return [...groupBy(running, ({ ch }) => String(ch)).values()].map((rows) => stockIn(one, rows))
}

function stockIn(one: PromotionCase, rows: readonly PromotionRow[]): Judged {
  const { articles } = one.book
  const [row] = rows
  if (row === undefined || rows.every((own) => articles.itemsOf(own) === null)) return BESIDE
  const listings = [...itemsOf(rows, articles)].map((item) =>
    articles.listings(item).filter((listing) => listing.ch === row.ch && isOffered(listing)),
  )
  const sold = listings.filter(({ length }) => length > 0)
  if (sold.length === 0) return rows.some((own) => (articles.itemsOf(own)?.strangers ?? 0) > 0) ? UNREAD : BESIDE
  const isThere = (own: (typeof sold)[number]): boolean =>
    own.some(({ availability }) => ORDERABLE.has(availability ?? ''))
  const there = sold.filter(isThere).length
  const gone = sold.filter((own) => own.every(({ availability }) => availability === 'out'))
  const least = Number(paramOf(one, 'min_share') ?? 0.8)
  if (there / sold.length >= least) return enoughFor(one, row, sold)
  if ((sold.length - gone.length) / sold.length >= least) return NO_INPUT
  const names = gone.map((own) => own[0]?.name ?? '').sort()
  const words = {
    channel: channelNames(one, [row.ch]),
    count: String(gone.length),
    expected: String(sold.length),
    list: listed(names),
  }
  return { outcome: FAIL, code: 'sold_out', rows: [row], fields: ['promotion.name'], words }
}

/** What is sold out cannot be bought, and is announced all the same. */
function isOffered({ selling, live, availability }: PromotedListing): boolean {
  return selling !== false || (live !== false && availability === 'out')
}

const DAY = 86_400_000
/** Sales of an input are those of so many days. */
const MONTH_DAYS = 30

/** Whether what is there lasts until the promotion ends, where sales are known and an end is set. */
function enoughFor(one: PromotionCase, row: PromotionRow, articles: readonly (readonly PromotedListing[])[]): Judged {
  const [, to] = windowOf(row)
  const days = to === null ? 0 : (to - one.now) / DAY
  const pace = (days / MONTH_DAYS) * Number(paramOf(one, 'uplift') ?? 2)
  const short = articles.filter((own) => {
    const counted = own.filter(
      ({ availability, units, sold }) => availability === 'in_stock' && units !== null && sold !== null,
    )
    const total = (pick: (listing: PromotedListing) => bigint | null): number =>
      counted.reduce((sum, listing) => sum + Number(pick(listing) ?? 0n), 0)
    return (
      counted.length > 0 &&
      counted.length === own.length &&
      total(({ units }) => units) < total(({ sold }) => sold) * pace
    )
  })
  if (short.length === 0) return plain(PASS)
  const names = short.map((own) => own[0]?.name ?? '').sort()
  const count = { count: String(short.length), expected: String(articles.length) }
  const words = { channel: channelNames(one, [row.ch]), ...count, list: listed(names) }
  return { outcome: FAIL, code: 'short', rows: [row], fields: ['promotion.name'], words }
}

const ORDERABLE: ReadonlySet<string> = new Set(['in_stock', 'backorder'])

/** A promotion that runs in one channel says that it is only for that one. */
export function judgeExclusivity(one: PromotionCase): readonly Judged[] {
  const { context, now, promotion } = one
  const { channels } = context.store
  const isShop = (ch: number): boolean => channels[ch]?.kind !== 'erp'
  const running = promotion.rows.filter((row) => isRunning(row, now))
  const present = new Set(running.map(({ ch }) => ch).filter(isShop))
  const [only] = present
  if (only === undefined) return [BESIDE]
  if (present.size > 1 || wordsOf(one, 'allow_channels').includes(channels[only]?.id ?? '')) return [plain(PASS)]
  const said = promotion.rows.map((row) => declaredIn(one, row)).find((list) => list !== null) ?? null
  // A promotion that names more channels is missing from them; that is another rule's business.
  if (said !== null) return [said.length === 1 ? plain(PASS) : BESIDE]
  const market = channels[only]?.market
  const mates = context.promotionChannels.filter((ch) => ch !== only && isShop(ch) && channels[ch]?.market === market)
  if (mates.length === 0 || !running.some((row) => isSpoken(one, row, 'promotion.channels'))) return [NO_INPUT]
  const own = running.filter(({ ch }) => ch === only)
  const others = mates.filter((ch) => isSoldIn(one, own, ch) && !own.some((row) => isCutIn(one, row, ch)))
  if (others.length === 0) return [BESIDE]
  const words = { channel: channelNames(one, [only]), list: channelNames(one, others) }
  return [{ outcome: FAIL, code: null, rows: own, fields: ['promotion.channels'], words }]
}

/** Whether the channel sells any of the promotion's articles; all of them where it lists none. */
function isSoldIn({ book }: PromotionCase, rows: readonly PromotionRow[], channel: number): boolean {
  if (rows.some((row) => book.articles.itemsOf(row) === null)) return true
  return [...itemsOf(rows, book.articles)].some((item) =>
    book.articles.listings(item).some(({ ch, selling }) => ch === channel && selling === true),
  )
}

/** Part of the articles that has to be reduced for a price cut to be the promotion. */
const CUT_SHARE = 0.8

/** Whether a channel without the promotion sells its articles at a sale price of the same size, over the same days. */
export function isCutIn({ book, context }: PromotionCase, row: PromotionRow, channel: number): boolean {
  const own = book.articles.listedIn(row, channel).filter(({ selling }) => selling !== false)
  if (own.length === 0) return false
  const cut = own.filter((listing) => isSameCut(row, listing, context.minorUnits(listing.currency ?? '')))
  return cut.length / own.length >= CUT_SHARE
}
