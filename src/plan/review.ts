/** What a person is asked about a plan before it is written, whatever asks. */
import type { PlanTexts } from '../i18n/plan.en.ts'
import type { ChangeNeed } from '../model/plan.ts'
import type { Decision } from './change-set.ts'

export interface ReviewedChange {
  readonly n: number
  readonly channel: string
  readonly field: string
  readonly article: string
  readonly before: string | null
  readonly after: string
  readonly unit: string | null
  readonly authority: string
  readonly rules: readonly string[]
  readonly needs: readonly ChangeNeed[]
  readonly place: string
}

/** Whether a text can stand in the place of `after`. */
export type IsValue = (change: ReviewedChange, text: string) => boolean

/** @returns What is not simply accepted. */
export type Review = (
  changes: readonly ReviewedChange[],
  isValue: IsValue,
  texts: PlanTexts,
  signal: AbortSignal,
) => Promise<readonly Decision[]>
