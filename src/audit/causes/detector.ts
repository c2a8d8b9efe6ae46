/** What a detector is: one kind of cause, what it needs, how it is found, what it explains, what is said of it. */
import type { Locale, Severity } from '../../model/config.ts'
import type { CauseKind } from '../../model/report.ts'
import type { Draft } from '../draft.ts'
import type { SideRow } from '../sides.ts'
import type { Scene } from './scene.ts'

/** Something that explains many findings. */
export interface Found {
  /** Positions of channels, the one at fault first. */
  readonly channels: readonly number[]
  readonly field: string | null
  readonly detail: Readonly<Record<string, string>>
  /** Of what could show it, the part that does. */
  readonly share: number
  /** Rule that the cause is reported under, where it is not the detector's first. */
  readonly rule?: string
  /** Worth saying although no rule has a finding about it: no rule may, where each case by itself is acceptable. */
  readonly stands?: boolean
  /** Files or columns that the texts name. */
  readonly names?: readonly string[]
  /** Whether a finding is one of its consequences; no rows for one that is about no article. */
  explains(draft: Draft, rows: readonly SideRow[]): boolean
}

/** A cause while findings are being hung under it. */
export interface CauseDraft extends Found {
  readonly id: string
  /** What the id is made of; files that bring the same articles differ in nothing else than their names. */
  readonly key: string
  readonly kind: CauseKind
  readonly rule: string
  readonly texts: CauseTexts
  findings: number
  /** That of the worst finding so far; null before the first. */
  severity: Severity | null
  /** Severity where it stands without findings; null where it does not. */
  readonly alone: Severity | null
}

/** Words of a cause's texts. */
export interface CauseWords {
  /** The channel at fault. */
  readonly fault: string
  /** The other channels, separated by commas. */
  readonly rest: string
  readonly detail: Readonly<Record<string, string>>
  readonly names: readonly string[]
}

export interface CauseText {
  readonly message: string
  /** The one action that ends it. */
  readonly advice: string
}

export type CauseTexts = Readonly<Record<Locale, (words: CauseWords) => CauseText>>

export interface Detector {
  readonly kind: CauseKind
  /** Rules that it explains foremost: where none of them has findings enough, nothing is looked for. */
  readonly rules: readonly string[]
  /** Findings of one of these rules from which on it is worth looking; by default {@link MIN_SUPPORT}. */
  readonly least?: number
  /** What stands in the way of looking: an input that is not there. */
  isPossible?(scene: Scene): boolean
  find(scene: Scene): Promise<readonly Found[]>
  readonly texts: CauseTexts
}
