/** How much of the memory that a run may take is the engine's. */

/** Part of the memory that the engine may count for itself: it does not count all it takes, and this program needs some too. */
const ENGINE_SHARE = 0.6

/** `"2GB"` is `"1228MB"`. */
export function engineShare(limit: string): string {
  const match = limit.match(/^(\d+(?:\.\d+)?)\s*([KMGT]?)i?B$/i)
  if (match === null) return limit
  const exponent = ' KMGT'.indexOf((match[2] ?? '').toUpperCase() || ' ')
  const bytes = Number(match[1]) * 1024 ** exponent
  return `${Math.max(64, Math.floor((bytes * ENGINE_SHARE) / 1024 ** 2))}MiB`
}
