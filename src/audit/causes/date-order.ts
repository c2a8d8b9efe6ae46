/** A channel whose dates have day and month in each other's place. */
import type { Draft } from '../draft.ts'
import type { Detector, Found } from './detector.ts'
import { type Blamed, blamed, othersOf, type PairVote } from './price-relation.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, roundShare } from './thresholds.ts'
import { instantsOf, localTime, MIN_SALES, type Window, type WindowPair, windowPairs } from './windows.ts'

const RULES = ['promotion/window-differs', 'promotion/applied-outside-window', 'price/differs-across-channels'] as const
/** Of the promotions that begin up to the 12th; one has its date swapped by chance in three hundred. */
const MIN_SWAPPED = 4
/** The last moment of a window's last day. */
const JUST_BEFORE = 1000

interface OrderVote extends PairVote {
  readonly kind: WindowPair['kind']
}

export const dateOrder: Detector = {
  kind: 'date-order',
  rules: RULES,
  least: MIN_SWAPPED,
  isPossible: ({ store }) => store.hasPromotions || store.fields.has('price.sale_from'),
  find,
  texts: {
    en: ({ fault, rest }) => ({
      message: `${fault} has day and month of its dates in each other's place, compared with ${rest}`,
      advice: `export the dates of ${fault} as year-month-day; day/month and month/day cannot be told apart up to the 12th`,
    }),
    es: ({ fault, rest }) => ({
      message: `${fault} tiene cambiados el día y el mes de sus fechas, frente a ${rest}`,
      advice: `exporte las fechas de ${fault} como año-mes-día; hasta el día 12 no se distingue día/mes de mes/día`,
    }),
  },
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const found: Found[] = []
  const votes = (await windowPairs(scene)).flatMap((pair) => {
    const vote = orderOf(scene, pair)
    return vote === null ? [] : [vote]
  })
  for (const kind of ['promotion', 'sale'] as const) {
    const own = votes.filter((vote) => vote.kind === kind)
    const authority = scene.authority(kind === 'promotion' ? 'promotion' : 'price')
    for (const one of blamed(own, authority, ({ b }) => b)) {
      if (!found.some(({ channels }) => channels[0] === one.fault)) found.push(causeOf(scene, one, kind))
    }
  }
  return found
}

function orderOf(scene: Scene, { kind, a, b, pairs, agreed }: WindowPair): OrderVote | null {
  const zones = [a, b].map((ch) => scene.store.channels[ch]?.timezone ?? 'UTC')
  let n = 0
  let total = 0
  for (const [one, other] of pairs) {
    // Where the beginning looks the same either way, the end may tell.
    const verdict = startSwapped(one, other, zones) ?? endSwapped(one, other, zones)
    if (verdict === null) continue
    total++
    if (verdict) n++
  }
  const share = n / Math.max(1, total * (1 + agreed))
  const least = kind === 'promotion' ? MIN_SWAPPED : MIN_SALES
  return n < least || share < MIN_SHARE ? null : { a, b, n, share, kind }
}

function startSwapped(one: Window, other: Window, zones: readonly string[]): boolean | null {
  return one.start === null || other.start === null ? null : isSwapped(one.start, other.start, zones)
}

/** The end is written as the last day, or as the day after it. */
function endSwapped(one: Window, other: Window, zones: readonly string[]): boolean | null {
  const [first, second] = [one.end, other.end]
  if (first === null || second === null) return null
  const verdicts = [0, JUST_BEFORE].map((back) => isSwapped(first - back, second - back, zones))
  return verdicts.includes(true) ? true : verdicts.includes(null) ? null : false
}

/** Null where day and month are the same number, or one of them cannot be a month. */
function isSwapped(first: number, second: number, zones: readonly string[]): boolean | null {
  const one = localTime(first, zones[0] ?? 'UTC')
  const other = localTime(second, zones[1] ?? 'UTC')
  if (one.day === one.month || one.day > 12 || other.day > 12) return null
  return one.year === other.year && one.day === other.month && one.month === other.day
}

function causeOf(scene: Scene, one: Blamed<OrderVote>, kind: WindowPair['kind']): Found {
  const name = scene.channelId(one.fault)
  const zone = scene.store.channels[one.fault]?.timezone ?? 'UTC'
  return {
    channels: [one.fault, ...othersOf(one)],
    field: kind === 'sale' ? 'price.sale_from' : 'promotion.starts_at',
    detail: {},
    share: roundShare(Math.max(...one.votes.map(({ share }) => share))),
    explains: (draft, rows) => {
      const { id } = draft.effective.rule
      if (!RULES.some((rule) => rule === id)) return false
      if (id === 'promotion/applied-outside-window') return draft.sides.some(({ channel }) => channel === name)
      if (rows.length === 0) return hasSwapped(draft, name, zone)
      return kind === 'sale' && draft.code === 'effective' && draft.sides.some(({ channel }) => channel === name)
    },
  }
}

/** One end of the window has day and month in each other's place; the other may look the same either way. */
function hasSwapped({ sides }: Draft, fault: string, zone: string): boolean {
  const instants = instantsOf(sides)
  const own = instants.get(fault)
  if (own === undefined) return false
  return [...instants].some(
    ([channel, times]) =>
      channel !== fault &&
      [...times].some(([field, at]) => {
        const mine = own.get(field)
        const back = field.endsWith('ends_at') ? JUST_BEFORE : 0
        return mine !== undefined && isSwapped(mine - back, at - back, [zone, zone]) === true
      }),
  )
}
