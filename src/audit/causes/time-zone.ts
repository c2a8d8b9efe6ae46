/** A channel whose windows of promotions and sale prices are all off by the hours of a time zone. */
import type { Draft } from '../draft.ts'
import type { SideRow } from '../sides.ts'
import type { Detector, Found } from './detector.ts'
import { type Blamed, blamed, othersOf, type PairVote } from './price-relation.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, roundShare } from './thresholds.ts'
import {
  instantOf,
  instantsOf,
  localTime,
  MIN_PROMOTIONS,
  MIN_SALES,
  type Window,
  type WindowPair,
  windowPairs,
} from './windows.ts'

const HOUR = 3_600_000
const QUARTER = HOUR / 4
/** No two zones are further apart than this. */
const MOST_HOURS = 26
const DAY = 24 * HOUR

const RULES = ['promotion/window-differs', 'promotion/applied-outside-window', 'price/differs-across-channels'] as const

interface ShiftVote extends PairVote {
  /** Milliseconds that the second channel is later. */
  readonly shift: number
  readonly pair: WindowPair
}

export const timeZone: Detector = {
  kind: 'time-zone',
  rules: RULES,
  least: MIN_PROMOTIONS,
  isPossible: ({ store }) => store.hasPromotions || store.fields.has('price.sale_from'),
  find,
  texts: {
    en: ({ fault, rest, detail: { hours = '' } }) => ({
      message: `the times of ${fault} are ${hours.replace('-', '')} h ${hours.startsWith('-') ? 'before' : 'after'} those of ${rest}, window for window`,
      advice: `set timezone: on ${fault}, or export its times with their offset; do not correct windows one by one`,
    }),
    es: ({ fault, rest, detail: { hours = '' } }) => ({
      message: `las horas de ${fault} son ${hours.replace('-', '').replace('.', ',')} h ${hours.startsWith('-') ? 'anteriores' : 'posteriores'} a las de ${rest}, en todas las vigencias`,
      advice: `indique timezone: en ${fault}, o exporte sus horas con el huso; no corrija las vigencias una a una`,
    }),
  },
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const votes = (await windowPairs(scene)).flatMap((pair) => {
    const vote = shiftOf(pair)
    return vote === null ? [] : [vote]
  })
  const found: Found[] = []
  for (const kind of ['promotion', 'sale'] as const) {
    const own = votes.filter(({ pair }) => pair.kind === kind)
    const authority = scene.authority(kind === 'promotion' ? 'promotion' : 'price')
    for (const one of blamed(own, authority, (vote) => lessAtMidnight(scene, vote))) {
      const known = found.find(({ channels }) => channels[0] === one.fault)
      if (known === undefined) found.push(causeOf(scene, one))
    }
  }
  return found
}

function shiftOf({ kind, a, b, pairs, agreed }: WindowPair): ShiftVote | null {
  const shifts = new Map<number, number>()
  for (const pair of pairs) {
    const shift = shiftBetween(...pair)
    if (shift !== null) shifts.set(shift, (shifts.get(shift) ?? 0) + 1)
  }
  const [most] = [...shifts].sort((x, y) => y[1] - x[1] || Math.abs(x[0]) - Math.abs(y[0]))
  if (most === undefined) return null
  const [shift, n] = most
  // In summer a zone is an hour further off: the part of the year that fewer windows are in counts as well.
  const season = [shift - HOUR, shift + HOUR].map((other) => (other === 0 ? 0 : (shifts.get(other) ?? 0)))
  const all = n + Math.max(...season)
  const share = all / (pairs.length * (1 + agreed))
  const least = kind === 'promotion' ? MIN_PROMOTIONS : MIN_SALES
  return all < least || share < MIN_SHARE ? null : { a, b, n: all, share, shift, pair: { kind, a, b, pairs, agreed } }
}

/** By how much the second window is later, where both ends say the same and it can be a zone's offset. */
function shiftBetween(one: Window, other: Window): number | null {
  const gaps = [gap(one.start, other.start), gap(one.end, other.end)].filter((value) => value !== null)
  const [first] = gaps
  if (first === undefined || first % QUARTER !== 0 || Math.abs(first) > MOST_HOURS * HOUR) return null
  // A whole day later is another date.
  if (first % DAY === 0) return null
  return gaps.every((value) => Math.abs(value - first) <= HOUR) ? first : null
}

function gap(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : b - a
}

/** People begin things at midnight: the channel with fewer windows that do is the one that is off. */
function lessAtMidnight(scene: Scene, { a, b, pair }: ShiftVote): number {
  const [first, second] = [0, 1].map((position) => {
    const zone = scene.store.channels[position === 0 ? a : b]?.timezone ?? 'UTC'
    return pair.pairs.filter((windows) => {
      const start = windows[position]?.start ?? null
      return start !== null && localTime(start, zone).minutes === 0
    }).length
  })
  return (first ?? 0) < (second ?? 0) ? a : b
}

function causeOf(scene: Scene, one: Blamed<ShiftVote>): Found {
  const [vote] = one.votes
  const shift = vote === undefined ? 0 : vote.b === one.fault ? vote.shift : -vote.shift
  const name = scene.channelId(one.fault)
  return {
    channels: [one.fault, ...othersOf(one)],
    field: vote?.pair.kind === 'sale' ? 'price.sale_from' : 'promotion.starts_at',
    detail: { hours: String(shift / HOUR) },
    share: roundShare(Math.max(...one.votes.map(({ share }) => share))),
    explains: (draft, rows) => {
      if (!RULES.some((rule) => rule === draft.effective.rule.id)) return false
      if (draft.effective.rule.id === 'promotion/applied-outside-window')
        return draft.sides.some(({ channel }) => channel === name)
      return rows.length === 0
        ? isShifted(draft, name, shift)
        : isPaidShifted(draft, rows, one.fault, shift, Date.parse(scene.world.asOf))
    },
  }
}

/** The windows that the finding shows are apart by the shift. */
function isShifted({ sides }: Draft, fault: string, shift: number): boolean {
  const instants = instantsOf(sides)
  const own = instants.get(fault)
  if (own === undefined || instants.size < 2) return false
  return [...instants].every(([channel, times]) =>
    channel === fault
      ? true
      : [...times].every(([field, at]) => Math.abs((own.get(field) ?? Number.NaN) - at - shift) <= HOUR),
  )
}

/** What is paid differs, because the window of a sale price begins or ends at another time. */
function isPaidShifted(draft: Draft, rows: readonly SideRow[], fault: number, shift: number, now: number): boolean {
  if (draft.code !== 'effective') return false
  return (['price.sale_from', 'price.sale_to'] as const).some((bound) => {
    const instants = (which: (ch: number) => boolean): readonly number[] =>
      rows.flatMap((row) => (which(row.ch) ? (instantOf(row[bound]) ?? []) : []))
    const own = instants((ch) => ch === fault)
    const others = instants((ch) => ch !== fault)
    return (
      own.length > 0 &&
      others.length > 0 &&
      // Now is between the two: else both channels are inside, or both outside, and something else is wrong.
      own.every((at) => others.every((other) => at <= now !== other <= now && Math.abs(at - other - shift) <= HOUR))
    )
  })
}
