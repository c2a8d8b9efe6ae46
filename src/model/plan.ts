/** `omniparity-plan/1`: what is to be changed where, from what to what, and why. Keys are public API; see the contract, section 4. */
import type { Entity, FieldName } from './field.ts'

export const PLAN_FORMAT = 'omniparity-plan/1'

export type ChangeAction = 'update' | 'create' | 'delete'

/** What a person has to agree to beyond the review of the plan; each is a flag of `plan` and `apply`. */
export const CHANGE_NEEDS = [
  'large_price_change',
  'many_rows',
  'large_sum',
  'stock_to_zero',
  'price_to_zero',
  'status_to_inactive',
] as const
export type ChangeNeed = (typeof CHANGE_NEEDS)[number]

export interface ChangeTarget {
  /** The channel's own id of the listing, else its SKU. */
  readonly listing: string | null
  readonly sku: string | null
  readonly external_id: string | null
  /** Only of stock by location. */
  readonly location?: string
}

/** Where the value stood that is to change; null for what did not come from a file. */
export interface ChangeOrigin {
  readonly path: string
  readonly row: number | null
  readonly line: number | null
  readonly sheet?: string
  /** Raw text of the cell. */
  readonly raw: string | null
}

/** One cell of one channel. */
export interface Change {
  /** Hash of channel, target, field, before and after. */
  readonly id: string
  readonly action: ChangeAction
  readonly channel: string
  readonly entity: Entity
  readonly target: ChangeTarget
  readonly field: FieldName
  /** Canonical text in the channel's own terms (its tax basis, its currency, its pack); null where the channel says empty. */
  readonly before: string | null
  readonly after: string | null
  readonly unit: string | null
  /** Channel that is right about the field, or the declared strategy. */
  readonly authority: string
  /** Ids of the findings that the change ends. */
  readonly because: readonly string[]
  /** `automatic`: inside all limits; `review`: it needs what `needs` lists. */
  readonly safety: 'automatic' | 'review'
  readonly needs: readonly ChangeNeed[]
  readonly origin: ChangeOrigin | null
}

/** What a person does once instead of many changes. */
export interface PlanAction {
  readonly cause: string
  readonly channel: string
  readonly text: string
}

/** Why nothing is planned for a finding. Public: scripts may count by them. */
export const UNRESOLVED_REASONS = [
  'no_fix',
  'no_authority',
  'no_value',
  'manual',
  'tie',
  'conflict',
  'confidence',
  'tax_basis',
  'tax_rate',
  'currency',
  'pack',
  'price_policy',
  'sale',
  'stale',
  'unreadable',
  'ambiguous',
  'location',
  'absent',
  'already',
  'rejected',
  'file',
  'formula',
] as const
export type UnresolvedReason = (typeof UNRESOLVED_REASONS)[number]

export interface Unresolved {
  readonly finding: string
  /** Channel that stays as it is; null where the finding as a whole is meant. */
  readonly channel: string | null
  readonly code: UnresolvedReason
  /** One sentence in the language of the run. */
  readonly reason: string
  /** Of a conflict: the other findings that want another value for the same cell. */
  readonly with?: readonly string[]
}

/** What a change may do without a flag. Fractions and amounts as decimal text. */
export interface PlanLimits {
  /** Share by which a price may move. */
  readonly price_change: string
  /** Share of a channel's listings that may change. */
  readonly rows: string
  /** Sum of all price moves of the run, in each currency; null without a limit. */
  readonly sum: string | null
}

/** What a plan knows of a channel. */
export interface PlanBasis {
  readonly snapshot: string
  readonly sha256: string
  /** Hash of which database it is; of a channel that is one. */
  readonly database?: string
}

/** What stands before the changes of a plan; they and what is unresolved are streamed: a plan can have a million. */
export interface PlanHead {
  readonly format: typeof PLAN_FORMAT
  /** Instant, UTC ISO 8601. */
  readonly created_at: string
  readonly expires_at: string
  readonly audit: string
  /** Moment that the audit was about. */
  readonly as_of: string
  readonly config_sha256: string
  /** Hash of what the configuration says under `authority`. */
  readonly authority_sha256: string
  /** Run that the plan takes back; only of a plan that `undo` has made. */
  readonly undoes?: string
  /** By channel that the plan touches or takes values from. `sha256` is that of the channel's files together. */
  readonly basis: Readonly<Record<string, PlanBasis>>
  readonly limits: PlanLimits
  /** What was agreed to by flags. A change that needs anything else stands in no file and is not applied. */
  readonly allowed: readonly ChangeNeed[]
}
