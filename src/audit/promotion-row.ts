/** One promotion as channels write it, and what its cells say. */
import type { SqlRow } from '../engine/engine.ts'
import { textOf } from './sides.ts'

export interface PromotionRow extends SqlRow {
  readonly ch: number
  readonly src: number
  readonly ord: number
}

export interface Promotion {
  /** Promotion key, else the code in lower case; of a promotion without either what it is called or grants. */
  readonly key: string
  readonly rows: readonly PromotionRow[]
  /** Whether it has a key or a code. */
  readonly named: boolean
  /** Set where the promotion runs in several markets. */
  readonly market?: string
}

export function keyOf(row: PromotionRow): string | null {
  return textOf(row['promotion.key']) ?? codeOf(row)
}

export function codeOf(row: PromotionRow): string | null {
  return textOf(row['promotion.code'])?.toLowerCase() ?? null
}

/** From and to, in milliseconds; null for an open end. */
export function windowOf(row: PromotionRow): readonly [number | null, number | null] {
  return [instantOf(row, 'promotion.starts_at'), instantOf(row, 'promotion.ends_at')]
}

export function instantOf(row: PromotionRow, field: string): number | null {
  const text = textOf(row[field])
  return text === null ? null : Date.parse(text)
}

/** Neither over nor a draft, as far as its state tells. */
export function isAlive(row: PromotionRow): boolean {
  const status = textOf(row['promotion.status'])
  return status === null || status === 'active' || status === 'scheduled' || status === 'phase_out'
}

export function isRunning(row: PromotionRow, now: number): boolean {
  const [from, to] = windowOf(row)
  return isAlive(row) && (from === null || from <= now) && (to === null || now < to)
}

/** Whether two windows share an instant. */
export function overlaps(one: PromotionRow, other: PromotionRow): boolean {
  const [from, to] = windowOf(one)
  const [otherFrom, otherTo] = windowOf(other)
  return (to === null || otherFrom === null || otherFrom < to) && (otherTo === null || from === null || from < otherTo)
}
