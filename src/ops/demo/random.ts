/**
 * Seeded randomness: mulberry32, a 32-bit generator with a period of 2^32, seeded with the FNV-1a hash of seed and purpose.
 *
 * Each purpose draws from a stream of its own, so that one more planted fault does not change the articles.
 */
export interface Random {
  /** From 0 up to, but not including, `below`. */
  readonly int: (below: number) => number
  readonly chance: (probability: number) => boolean
  /** @throws RangeError when the list is empty. */
  readonly pick: <T>(list: readonly T[]) => T
  readonly shuffle: <T>(list: readonly T[]) => T[]
}

function hash(text: string): number {
  let state = 0x811c9dc5
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193)
  return state >>> 0
}

export function random(seed: number, purpose: string): Random {
  let state = hash(`${seed}:${purpose}`)
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (below: number): number => Math.floor(next() * below)
  const pick = <T>(list: readonly T[]): T => {
    if (list.length === 0) throw new RangeError('nothing to pick from')
    return list[int(list.length)] as T
  }
  const shuffle = <T>(list: readonly T[]): T[] => {
    const mixed = [...list]
    for (let last = mixed.length - 1; last > 0; last--) {
      const other = int(last + 1)
      const kept = mixed[last] as T
      mixed[last] = mixed[other] as T
      mixed[other] = kept
    }
    return mixed
  }
  return { int, chance: (probability) => next() < probability, pick, shuffle }
}
