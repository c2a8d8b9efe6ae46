/** From which number and part on something explains many findings. */

/** Fewer cases are single errors, whatever their share: the number of pairs from which on a tax basis is voted on, too. */
export const MIN_SUPPORT = 20
/** A fifth may be single errors and special terms; with less than this, two things may be going on. */
export const MIN_SHARE = 0.8
/** A slice is missing as a whole: what is left of it are articles that came later. */
export const WHOLE = 0.95

export function roundShare(share: number): number {
  return Math.round(Math.min(1, share) * 10_000) / 10_000
}
