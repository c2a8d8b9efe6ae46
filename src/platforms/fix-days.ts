/** Instants as files write them that know days only. Pure, and of no platform. */
import { offsetTime } from './fix-values.ts'

/**
 * The day that begins at the instant: `2026-11-01`.
 *
 * @param instant - UTC, ISO 8601.
 * @param timezone - IANA zone of the shop.
 * @returns Null where no day begins there: a file of days cannot hold it.
 */
export function startDay(instant: string, timezone: string): string | null {
  const local = offsetTime(instant, timezone, true)
  // Without seconds, the text is `2026-11-01T00:00+01:00`.
  return local?.slice(10, 16) === 'T00:00' && /^[+-]/.test(local.slice(16)) ? local.slice(0, 10) : null
}

/** The last whole day before the instant: `2026-11-30` for the midnight that begins December. */
export function lastDay(instant: string, timezone: string): string | null {
  const next = startDay(instant, timezone)
  return next === null ? null : new Date(Date.parse(`${next}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)
}
