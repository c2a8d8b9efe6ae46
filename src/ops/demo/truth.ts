/** `omniparity-faults/1`: what was planted, so that an audit of the demo can be held against it. */

/** A systemic error in place of an article. */
export interface PlantedCause {
  readonly kind: 'tax-basis' | 'decimal-shift' | 'missing-slice' | 'currency'
  readonly detail: Readonly<Record<string, string>>
}

export interface Fault {
  readonly id: string
  readonly rule: string
  /** Null where any code of the rule is right. */
  readonly code: string | null
  /** Null where the finding belongs to a file and not to a market. */
  readonly market: string | null
  /** Key of the article, by the catalog authority; null for promotions, references, words, files and causes. */
  readonly item: string | null
  /** Every key under which a finding about this fault may stand; `item` is the first. */
  readonly items: readonly string[]
  /** What a finding without an article must name: key of a promotion, unknown code, word. Null where there is none. */
  readonly subject: string | null
  /** At fault, the first foremost. */
  readonly channels: readonly string[]
  /** Rules that may fire on the same article because of this fault; a closed list. */
  readonly entails: readonly string[]
  readonly note: string
  readonly cause?: PlantedCause
}

export interface DemoTruth {
  readonly format: 'omniparity-faults/1'
  readonly seed: number
  readonly articles: number
  readonly as_of: string
  readonly faults: readonly Fault[]
}

export const SYSTEMIC = ['tax-basis', 'decimal-shift', 'missing-category', 'currency'] as const
export type Systemic = (typeof SYSTEMIC)[number]

export interface FaultPlan {
  /** Faults of single articles and promotions; true by default. */
  readonly planted?: boolean
  /** Errors of a whole channel; none by default. */
  readonly systemic?: readonly Systemic[]
}
