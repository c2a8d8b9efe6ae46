/** The days of the demo as each channel writes them; the shop lives in Madrid. */
import type { Day } from './world.ts'

export const ZONE = 'Europe/Madrid'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const local = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, dateStyle: 'short' })
const offset = new Intl.DateTimeFormat('en-US', { timeZone: ZONE, timeZoneName: 'longOffset' })

export interface Calendar {
  /** `22/11/2026` */
  readonly spanish: (day: Day) => string
  /** `2026-11-22` */
  readonly date: (day: Day) => string
  /** `2026-11-22 0:00:00`, the way the shop's exporter does not pad hours. */
  readonly start: (day: Day) => string
  /** `2026-11-22 23:59:59` */
  readonly end: (day: Day) => string
  /** Midnight with offset: `2026-11-22T00:00:00+01:00`. */
  readonly midnight: (day: Day) => string
}

export function calendarAt(asOf: Date): Calendar {
  const today = Date.parse(`${local.format(asOf)}T00:00:00Z`)
  const cache = new Map<Day, string>()
  const iso = (day: Day): string => {
    const known = cache.get(day) ?? new Date(today + day * DAY_MS).toISOString().slice(0, 10)
    cache.set(day, known)
    return known
  }
  return {
    spanish: (day) => iso(day).split('-').reverse().join('/'),
    date: iso,
    start: (day) => `${iso(day)} 0:00:00`,
    end: (day) => `${iso(day)} 23:59:59`,
    midnight: (day) => `${iso(day)}T00:00:00${offsetAt(today + day * DAY_MS)}`,
  }
}

/** Offset at local midnight; the zone changes it at one o'clock UTC, so two hours earlier is still the same night. */
function offsetAt(midnightUtc: number): string {
  const name = offset.formatToParts(new Date(midnightUtc - 2 * HOUR_MS)).find(({ type }) => type === 'timeZoneName')
  return name?.value.replace('GMT', '') ?? 'Z'
}
