/** Instants as clocks of a zone show them. */

/** `2026-11-22T08:00:00Z` in Madrid is `2026-11-22T09:00:00`; null for what is no instant. */
export function localTime(instant: string, zone: string): string | null {
  const date = new Date(/Z$|[+-]\d{2}:\d{2}$/.test(instant) ? instant : `${instant}Z`)
  if (Number.isNaN(date.getTime())) return null
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const parts = Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value]))
  return `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}:${parts['second']}`
}

/**
 * The day of an instant that is a midnight of the zone.
 *
 * @param isEnd - The instant is the midnight behind the day.
 * @returns Null where the clock shows any other time: a day cannot say it.
 */
export function localDay(instant: string, zone: string, isEnd: boolean): string | null {
  const [day = '', time] = localTime(instant, zone)?.split('T') ?? []
  if (time !== '00:00:00') return null
  if (!isEnd) return day
  const before = new Date(`${day}T00:00:00Z`)
  before.setUTCDate(before.getUTCDate() - 1)
  return before.toISOString().slice(0, 10)
}
