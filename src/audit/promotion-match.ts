/**
 * Which records of channels are the same promotion: those with one key, else with one code, else where the key of one channel is
 * the code of another, else with the same terms. A match by terms is as sure as 0.8: it is compared and reported, and nothing is ever fixed by it. Where two channels name some
 * promotion alike, other names are other promotions, whatever their terms.
 */
import { groupBy } from '../base/group.ts'
import type { PromotionArticles } from './promotion-articles.ts'
import { codeOf, instantOf, isAlive, keyOf, type Promotion, type PromotionRow, windowOf } from './promotion-row.ts'
import { canonicalText, textOf } from './sides.ts'

/** Windows and lists of articles have to be alike to this extent. */
const ALIKE = 0.8

/** Gifts say what they are by their kind alone. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set(['bogo', 'gift', 'free_shipping'])

/** More promotions than this of one benefit have nothing of their own in their terms. */
const MOST_ALIKE = 200

export function matchPromotions(
  rows: readonly PromotionRow[],
  articles: PromotionArticles,
  authority: number | null,
): readonly Promotion[] {
  const groups = [...groupBy(rows, (row) => keyOf(row) ?? `\u0000${termsKey(row)}`).values()]
  const byCode = unite(groups, groupBy(groups, sharedCode))
  const matched = byTerms(byKeyAsCode(byCode), articles)
  return matched
    .map((group) => promotionOf(group, authority))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

type Group = readonly PromotionRow[]

function promotionOf(group: Group, authority: number | null): Promotion {
  const ordered = [...group].sort((a, b) => a.ch - b.ch || a.src - b.src || a.ord - b.ord)
  const namer =
    ordered.find((row) => row.ch === authority && keyOf(row) !== null) ?? ordered.find((row) => keyOf(row) !== null)
  const key = (namer === undefined ? null : keyOf(namer)) ?? termsKey(ordered[0])
  return { key, rows: ordered, named: namer !== undefined }
}

/** What a promotion without key and code is called in reports. */
function termsKey(row: PromotionRow | undefined): string {
  const words = ['name', 'kind', 'value', 'starts_at', 'ends_at'].map((name) => {
    const field = `promotion.${name}`
    return canonicalText(row?.[field] ?? null, field, 0)
  })
  return words.filter((word) => word !== null).join(' ')
}

function sharedCode(group: Group): string {
  const codes = new Set(group.flatMap((row) => codeOf(row) ?? []))
  const [code] = codes
  return codes.size === 1 && code !== undefined ? code : ''
}

/** What one channel calls its key another calls its code: the same text, where the two share no name otherwise. */
function byKeyAsCode(groups: readonly Group[]): readonly Group[] {
  const shared = sharedNames(groups)
  const buckets = [...groupBy(groups, soleName)].filter(
    ([, bucket]) => !bucket.some((one, index) => bucket.slice(index + 1).some((other) => areTold(one, other, shared))),
  )
  return unite(groups, new Map(buckets))
}

/** The code as it is written, else the key; empty where there are several. */
function soleName(group: Group): string {
  const texts = (field: string): ReadonlySet<string> => new Set(group.flatMap((row) => textOf(row[field]) ?? []))
  const codes = texts('promotion.code')
  const [name, ...others] = codes.size > 0 ? codes : texts('promotion.key')
  return name === undefined || others.length > 0 ? '' : name
}

/** Joins groups of one bucket where each is of other channels: two of one channel are two promotions. */
function unite(groups: readonly Group[], buckets: ReadonlyMap<string, readonly Group[]>): readonly Group[] {
  const united = new Map<Group, Group>()
  for (const [key, bucket] of buckets) {
    if (key === '' || bucket.length < 2 || !areApart(bucket)) continue
    const whole = bucket.flat()
    for (const group of bucket) united.set(group, whole)
  }
  return [...new Set(groups.map((group) => united.get(group) ?? group))]
}

function areApart(groups: readonly Group[]): boolean {
  const channels = groups.flatMap((group) => [...new Set(group.map(({ ch }) => ch))])
  return new Set(channels).size === channels.length
}

function byTerms(groups: readonly Group[], articles: PromotionArticles): readonly Group[] {
  const shared = sharedNames(groups)
  const alive = groups.filter((group) => group.some(isAlive))
  const kin = new Map<Group, Set<Group>>()
  for (const bucket of groupBy(alive, benefitOf).values()) {
    if (benefitOf(bucket[0] ?? []) === '' || bucket.length > MOST_ALIKE) continue
    for (const [index, one] of bucket.entries()) {
      for (const other of bucket.slice(index + 1)) {
        if (!areApart([one, other]) || areTold(one, other, shared) || !areAlike(one, other, articles)) continue
        kin.set(one, (kin.get(one) ?? new Set<Group>()).add(other))
        kin.set(other, (kin.get(other) ?? new Set<Group>()).add(one))
      }
    }
  }
  const clusters = [...kin].map(([one, others]) => [one, ...others])
  // Only where everyone agrees on who belongs together: two candidates in one channel are none.
  const sure = clusters.filter(
    (cluster) =>
      areApart(cluster) &&
      cluster.every(
        (one) =>
          kin.get(one)?.size === cluster.length - 1 &&
          cluster.every((other) => one === other || kin.get(one)?.has(other)),
      ),
  )
  return unite(groups, new Map(sure.map((cluster, index) => [String(index + 1), cluster])))
}

/** Kind and value, in one text; empty where the promotion does not say what it grants. */
function benefitOf(group: Group): string {
  const row = group.find(isAlive)
  const kind = textOf(row?.['promotion.kind'])
  const value = canonicalText(row?.['promotion.value'] ?? null, 'promotion.value', 0)
  if (kind === null || (value === null && !WITHOUT_VALUE.has(kind))) return ''
  return `${kind} ${value ?? ''}`
}

/** Pairs of channels that name some promotion alike. */
function sharedNames(groups: readonly Group[]): ReadonlySet<string> {
  const pairs = new Set<string>()
  for (const group of groups) {
    const channels = [...new Set(group.map(({ ch }) => ch))]
    for (const one of channels) for (const other of channels) if (one !== other) pairs.add(`${one} ${other}`)
  }
  return pairs
}

/** Whether the channels name promotions alike, so that other names are other promotions. */
function areTold(one: Group, other: Group, shared: ReadonlySet<string>): boolean {
  const isNamed = (group: Group): boolean => group.some((row) => keyOf(row) !== null)
  return isNamed(one) && isNamed(other) && one.some(({ ch }) => other.some((row) => shared.has(`${ch} ${row.ch}`)))
}

function areAlike(one: Group, other: Group, articles: PromotionArticles): boolean {
  const [a, b] = [one.find(isAlive), other.find(isAlive)]
  if (a === undefined || b === undefined) return false
  const windows = windowLikeness(a, b)
  const items = itemLikeness(a, b, articles)
  // What neither says tells nothing; what only one says tells them apart.
  const told = [windows, items].filter((likeness) => likeness !== null)
  return told.length > 0 && told.every((likeness) => likeness >= ALIKE)
}

/** Shared part of both windows together; null where neither has one. */
function windowLikeness(a: PromotionRow, b: PromotionRow): number | null {
  const [[from, to], [otherFrom, otherTo]] = [windowOf(a), windowOf(b)]
  if (from === null && to === null && otherFrom === null && otherTo === null) return null
  // An open end is only like an open end.
  if ((from === null) !== (otherFrom === null) || (to === null) !== (otherTo === null)) return 0
  if (from === null || otherFrom === null || to === null || otherTo === null) return isNearBy(a, b) ? 1 : 0
  const shared = Math.min(to, otherTo) - Math.max(from, otherFrom)
  return shared <= 0 ? 0 : shared / (Math.max(to, otherTo) - Math.min(from, otherFrom))
}

const DAY = 86_400_000

function isNearBy(a: PromotionRow, b: PromotionRow): boolean {
  return ['promotion.starts_at', 'promotion.ends_at'].every((field) => {
    const [one, other] = [instantOf(a, field), instantOf(b, field)]
    return one === null || other === null || Math.abs(one - other) <= DAY
  })
}

function itemLikeness(a: PromotionRow, b: PromotionRow, articles: PromotionArticles): number | null {
  const [one, other] = [articles.itemsOf(a), articles.itemsOf(b)]
  if (one === null && other === null) return null
  if (one === null || other === null || one.items.size === 0 || other.items.size === 0) return 0
  // What a channel does not list it cannot promote.
  const both = [...new Set([...one.items, ...other.items])].filter((item) => articles.isShared(item, a.ch, b.ch))
  const shared = both.filter((item) => one.items.has(item) && other.items.has(item))
  return both.length === 0 ? 0 : shared.length / both.length
}
