/** What differences between promotions mean: the same gift in other words, the same window in another zone. */
import type { SqlRow } from '../engine/engine.ts'
import { textOf } from './sides.ts'

/** What a free unit comes to in per cent where a channel does not say of how many: of two, of three. */
const FREE_UNIT = [50, 33.33]

/** Whether some channels say "buy two, get one" and the others the same as a percentage, because they cannot say it otherwise. */
export function saySameGift(rows: readonly SqlRow[]): boolean {
  const percents = rows.filter((row) => textOf(row['promotion.kind']) === 'percent')
  const gifts = rows.filter((row) => textOf(row['promotion.kind']) === 'bogo')
  if (percents.length === 0 || gifts.length === 0 || percents.length + gifts.length < rows.length) return false
  const values = new Set(percents.map((row) => Number(row['promotion.value'])))
  const [value = Number.NaN] = values
  return values.size === 1 && gifts.every((row) => sharesOf(row).some((share) => Math.abs(share - value) < 0.5))
}

/** `3x2`, three for the price of two, is a third off. */
function sharesOf(row: SqlRow): readonly number[] {
  const words = ['raw:promotion.kind', 'raw:promotion.value'].map((column) => textOf(row[column]) ?? '').join(' ')
  const [, taken, paid] = /(\d+)\s*[x×]\s*(\d+)/i.exec(words) ?? []
  if (taken === undefined || paid === undefined) return FREE_UNIT
  return [100 - (100 * Number(paid)) / Number(taken)]
}

interface WindowGap {
  readonly field: string
  /** Milliseconds. */
  readonly gap: number
  /** The earlier instant. */
  readonly at: number
}

const HOUR = 3_600_000
const MINUTE = 60_000

/** What a gap looks like: the offset of a zone is a time read in another one, a day at the end is a last day read as exclusive. */
export function windowCode(gaps: readonly WindowGap[], zones: readonly string[]): string {
  if (gaps.every(({ gap, at }) => gap > 0 && zoneGaps(at, zones).has(gap))) return 'utc_offset'
  if (gaps.every(({ field, gap }) => field === 'promotion.ends_at' && Math.abs(gap - 24 * HOUR) <= MINUTE))
    return 'off_by_one_day'
  return 'differs'
}

/** By how much an instant is off when a channel's local time is read as UTC or as the time of another channel. */
function zoneGaps(at: number, zones: readonly string[]): ReadonlySet<number> {
  const offsets = [0, ...zones.map((zone) => offsetOf(zone, at))]
  return new Set(offsets.flatMap((one) => offsets.map((other) => Math.abs(one - other))))
}

export function offsetOf(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(at)
  const [, sign = '+', hours = '0', minutes = '0'] =
    /GMT([+-])(\d\d):(\d\d)/.exec(parts.find(({ type }) => type === 'timeZoneName')?.value ?? '') ?? []
  return (Number(hours) * HOUR + Number(minutes) * MINUTE) * (sign === '-' ? -1 : 1)
}
