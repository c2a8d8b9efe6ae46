/** Whether the articles of a running promotion cost what it promises. */
import { groupBy } from '../base/group.ts'
import { FAIL, PASS } from '../rules/check.ts'
import type { PromotedListing } from './promotion-articles.ts'
import {
  BESIDE,
  channelNames,
  type Judged,
  listed,
  NO_INPUT,
  type PromotionCase,
  paramOf,
  plain,
  wordsOf,
} from './promotion-case.ts'
import { amountText, isForBasket, isNear, micros, PRICE_KINDS, reduced } from './promotion-money.ts'
import { codeOf, isRunning, type PromotionRow } from './promotion-row.ts'
import { textOf } from './sides.ts'

interface Charged {
  readonly row: PromotionRow
  readonly listing: PromotedListing
  readonly owed: bigint
  readonly paid: bigint
  /** `other` where a sale of its own makes it cheaper still. */
  readonly state: 'applied' | 'not_applied' | 'other'
}

/**
 * Exports hardly ever say whether a promotion changes the price of the article or of the basket. It is one of articles where
 * some channel shows it in their prices; else nobody can tell.
 */
export function judgeDiscount(one: PromotionCase): readonly Judged[] {
  const rows = one.promotion.rows.filter((row) => isForArticles(one, row))
  if (rows.length === 0) return [BESIDE]
  const charged = rows.flatMap((row) => chargedIn(one, row))
  if (charged.length === 0) return [BESIDE]
  const share = Number(paramOf(one, 'applied_share') ?? 0.5)
  const byChannel = [...groupBy(charged, ({ row }) => String(row.ch)).values()]
  const isShown = byChannel.some((own) => {
    const applied = own.filter(({ state }) => state === 'applied').length
    return applied > 0 && applied / own.length >= share
  })
  if (!isShown) return [NO_INPUT]
  const wrong = charged.filter(({ state }) => state === 'not_applied')
  if (wrong.length === 0) return [plain(PASS)]
  const texts = wrong
    .map(({ listing, paid, owed }) => `${listing.name} ${amountText(paid)} → ${amountText(owed)}`)
    .sort()
  const channels = wrong.map(({ row }) => row.ch)
  return [
    {
      outcome: FAIL,
      code: null,
      rows: rows.filter(({ ch }) => channels.includes(ch)),
      fields: ['promotion.value'],
      words: { channel: channelNames(one, channels), count: String(wrong.length), list: listed(texts) },
    },
  ]
}

function isForArticles(one: PromotionCase, row: PromotionRow): boolean {
  const kind = textOf(row['promotion.kind'])
  return (
    kind !== null &&
    wordsOf(one, 'kinds').includes(kind) &&
    isRunning(row, one.now) &&
    one.context.store.channels[row.ch]?.kind !== 'erp' &&
    codeOf(row) === null &&
    !isForBasket(row) &&
    one.book.articles.itemsOf(row) !== null
  )
}

function chargedIn(one: PromotionCase, row: PromotionRow): readonly Charged[] {
  const { book, context } = one
  const tolerance = micros(String(paramOf(one, 'tol') ?? '0.01')) ?? 0n
  const rivals = rivalsOf(one, row)
  return book.articles.listedIn(row, row.ch).flatMap((listing): Charged[] => {
    const { regular, sale, onSale, open, selling, item } = listing
    if (regular === null || !open || selling === false || rivals.has(item)) return []
    const owed = reduced(row, regular, context.minorUnits(listing.currency ?? ''))
    const paid = onSale && sale !== null ? sale : regular
    if (owed === null || owed < 0n) return []
    const state = isNear(paid, owed, tolerance) ? 'applied' : paid < owed ? 'other' : 'not_applied'
    return [{ row, listing, owed, paid, state }]
  })
}

/** Articles on which another promotion of the channel works too. */
function rivalsOf({ book, now, promotion }: PromotionCase, own: PromotionRow): ReadonlySet<string> {
  const kinds: readonly string[] = PRICE_KINDS
  const rows = book.list
    .filter((other) => other !== promotion && other.key !== promotion.key)
    .flatMap((other) => other.rows)
    .filter((row) => row.ch === own.ch && isRunning(row, now) && kinds.includes(textOf(row['promotion.kind']) ?? ''))
  return new Set(rows.flatMap((row) => [...(book.articles.itemsOf(row)?.items ?? [])]))
}
