/** Instants and durations. The only place that asks what time it is. */

/** The present moment. Everything below the commands gets it as a value. */
export function now(): Date {
  return new Date()
}

const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/

/**
 * Reads an ISO 8601 instant with seconds optional and an offset or `Z`.
 *
 * @returns Null for anything else: a local time is no instant, and the 30th of February is no day.
 */
export function parseInstant(text: string): Date | null {
  const day = INSTANT.exec(text)?.[1]
  if (day === undefined) return null
  const instant = new Date(text)
  const midnight = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(instant.getTime()) || Number.isNaN(midnight.getTime())) return null
  return midnight.toISOString().startsWith(day) ? instant : null
}

/** ISO 8601 in UTC, to the second: `2026-11-22T08:00:00Z`. */
export function instantText(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`
}

/** The calendar day on which an instant falls in a time zone: `2026-11-22`. */
export function dayIn(instant: Date, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(instant)
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of `90s`, `15m`, `24h` or `7d`; null for anything else. */
export function parseDuration(text: string): number | null {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const unitMs = unit === undefined ? undefined : UNIT_MS[unit]
  return amount === undefined || unitMs === undefined ? null : Number(amount) * unitMs
}

/** Whether the runtime knows the IANA time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}

/** A duration as it is written: `900000` is `15m`. */
export function durationText(ms: number): string {
  const unit = (['d', 'h', 'm'] as const).find((each) => ms > 0 && ms % (UNIT_MS[each] ?? 1) === 0) ?? 's'
  return `${ms / (UNIT_MS[unit] ?? 1)}${unit}`
}
