/** `omniparity-report/1`: the shape of `--format json`. Keys are public API; see the contract, section 3. */
import type { ChannelKind, Locale, Severity } from './config.ts'
import type { SuppressionStatus } from './silence.ts'

export const REPORT_FORMAT = 'omniparity-report/1'

export type FindingStatus = 'new' | 'known' | 'worse' | 'suppressed'

/** Why a check could not be decided. */
export const UNKNOWN_REASONS = [
  'no_input',
  'no_authority',
  'tax_basis',
  'currency',
  'pack',
  'skew',
  'stale',
  'vocabulary',
  'confidence',
  'history',
] as const
export type UnknownReason = (typeof UNKNOWN_REASONS)[number]

export interface Impact {
  /** Decimal text. */
  readonly amount: string
  readonly currency: string
  readonly basis: 'measured' | 'modelled'
}

/** Where a value stands: `row` counts data records from 1, `line` is the physical line where the record begins. */
export interface SourceRef {
  readonly path: string
  readonly row: number | null
  readonly line: number | null
  readonly sheet?: string
}

export interface Side {
  readonly channel: string
  /** The channel's own id of the listing, else its SKU; null where the side is not a listing. */
  readonly listing: string | null
  readonly field: string | null
  /** Canonical text; null when the source says empty. */
  readonly value: string | null
  readonly unit: string | null
  readonly raw: string | null
  readonly source: SourceRef | null
  readonly authority: boolean
}

export interface FindingItem {
  readonly id: string
  readonly sku: string | null
  readonly gtin: string | null
  readonly title: string | null
}

/** Who keeps a finding quiet, why, and until when. */
export interface FindingSuppression {
  readonly status: SuppressionStatus
  readonly reason: string
  readonly owner: string
  /** Day. */
  readonly expires: string
}

/** An entry of the file of suppressions that does nothing. */
export interface SuppressionNote extends FindingSuppression {
  readonly rule: string | null
  readonly finding: readonly string[] | null
  readonly item: readonly string[] | null
  readonly line: number | null
}

/** What suppressions and the baseline did in this audit. */
/** A rule that a pack switches on and the configuration off. */
export interface RuleOff {
  readonly rule: string
  /** Off for some scopes alone, by an override. */
  readonly partly: boolean
  readonly path: string | null
  readonly line: number | null
}

export interface SilenceReport {
  readonly off: readonly RuleOff[]
  readonly suppressions: {
    readonly path: string
    readonly entries: number
    readonly used: number
    /** How many findings and causes each owner answers for. */
    readonly owners: Readonly<Record<string, number>>
    /** Day; null where no entry is used. */
    readonly next_expiry: string | null
    readonly unused: readonly SuppressionNote[]
    readonly expired: readonly SuppressionNote[]
  } | null
  readonly baseline: {
    readonly path: string
    readonly entries: number
    readonly known: number
    readonly worse: number
    /** Entries of which nothing was found. */
    readonly gone: number
  } | null
}

export interface Finding {
  readonly id: string
  readonly rule: string
  readonly code: string | null
  readonly severity: Severity
  readonly status: FindingStatus
  readonly market: string | null
  readonly owner: string | null
  readonly item: FindingItem | null
  readonly message: string
  readonly sides: readonly Side[]
  readonly expected: string | null
  readonly impact: Impact | null
  /** Id of the one root finding or cause that explains this one; null for a root. */
  readonly explained_by: string | null
  readonly fixable: boolean
  /** Of a suppressed finding. */
  readonly suppression?: FindingSuppression
  /** The message in the languages that the report is not in; not part of the JSON. */
  readonly translations?: Translations<string>
}

/** What the report says, in the languages that it is not in. */
export type Translations<Text> = Readonly<Partial<Record<Locale, Text>>>

export type CauseKind =
  | 'tax-basis'
  | 'decimal-shift'
  | 'currency'
  | 'pack-factor'
  | 'markup'
  | 'offset'
  | 'frozen'
  | 'swapped-columns'
  | 'time-zone'
  | 'date-order'
  | 'lost-zeros'
  | 'rounded-codes'
  | 'encoding'
  | 'truncated'
  | 'missing-slice'
  | 'vocabulary'
  | 'identity-collision'

export interface Cause {
  readonly id: string
  readonly kind: CauseKind
  /** The channel at fault first. */
  readonly channels: readonly string[]
  readonly field: string | null
  readonly rule: string
  readonly severity: Severity
  readonly status: FindingStatus
  readonly detail: Readonly<Record<string, string>>
  /** How many findings it explains. */
  readonly findings: number
  /** Of the comparable articles, the share that shows it. */
  readonly share: number
  readonly message: string
  readonly advice: string
  readonly impact: Impact | null
  /** Message and advice in the languages that the report is not in; not part of the JSON. */
  readonly translations?: Translations<{ readonly message: string; readonly advice: string }>
}

export interface Understood {
  readonly encoding: string | null
  readonly delimiter: string | null
  readonly decimal: string | null
  readonly date_order?: string
  /** Canonical field to header text. */
  readonly columns: Readonly<Record<string, string>>
  /** Canonical field to what mapped it. */
  readonly mapped_by: Readonly<Record<string, 'alias' | 'config'>>
  readonly unused: readonly string[]
  readonly assumptions: readonly string[]
  /** The assumptions in the language that the report is not in; not part of the JSON. */
  readonly translations?: readonly string[]
}

/** One file under `inputs:`, or several of one pattern. */
export interface ReportInput {
  readonly name: string
  readonly sources: readonly ReportSource[]
}

export interface ReportSource {
  readonly path: string
  readonly kind: string
  readonly rows: number
  readonly quarantined: number
  readonly sha256: string
  readonly data_as_of: string | null
  readonly understood: Understood
}

export interface ReportChannel {
  readonly id: string
  readonly kind: ChannelKind
  readonly platform: string
  readonly listings: number
  readonly linked: number
  readonly sources: readonly ReportSource[]
}

/** `checked` is the sum of the other figures. */
export interface Coverage {
  readonly rule: string
  readonly checked: number
  readonly pass: number
  readonly fail: number
  readonly not_applicable: number
  readonly unknown: Readonly<Partial<Record<UnknownReason, number>>>
}

export interface Totals {
  readonly error: number
  readonly warning: number
  readonly info: number
  readonly known: number
  readonly suppressed: number
  readonly explained: number
}

export interface AuditStamp {
  readonly id: string
  readonly as_of: string
  readonly started_at: string
  readonly finished_at: string
  readonly snapshot: string
  readonly config_sha256: string
}

/** Everything of a report but the findings, which are streamed: an audit can have millions. */
export interface ReportHead {
  readonly format: typeof REPORT_FORMAT
  readonly tool: { readonly name: 'omniparity'; readonly version: string }
  readonly audit: AuditStamp
  readonly channels: readonly ReportChannel[]
  /** Only where the configuration names inputs that could be read. */
  readonly inputs?: readonly ReportInput[]
  readonly coverage: readonly Coverage[]
  readonly totals: Totals
  readonly causes: readonly Cause[]
  /** Only where suppressions or a baseline are used. */
  readonly silences?: SilenceReport
  readonly omitted: Readonly<Record<string, number>>
}

/** A record that could not be read. `raw` is cut to 200 characters. */
export interface QuarantinedRecord {
  readonly path: string
  readonly row: number
  readonly line: number | null
  readonly raw: string
  readonly reason: string
  /** The reason in the language that the report is not in. */
  readonly translation?: string
}

/** What decides the exit status; the formats only word it. */
export interface GateResult {
  /** 1: too many new or worse findings; 3: a channel could not be read, or too much is unknown. */
  readonly status: 0 | 1 | 3
  readonly failOn: Severity | 'never'
  /** New or worse roots and causes at or above the threshold. */
  readonly newFindings: number
  readonly maxNew: number
  /** Fraction, without `no_input` and `no_authority`; null when nothing was checked. */
  readonly unknownShare: number | null
  readonly maxUnknown: number | null
  /** Channels that could not be read. */
  readonly unreadable: readonly string[]
}

/** How many findings a rule has. Each finding counts once: as explained, else by its status. */
export interface RuleTally {
  readonly rule: string
  /** The worst of the findings that are listed, else of all. */
  readonly severity: Severity
  /** New or worse roots: what a reader is shown. */
  readonly listed: number
  readonly known: number
  readonly suppressed: number
  readonly explained: number
}

/** `listed`: new or worse roots of the rule. `explained`: findings that the cause or root of this id explains. */
export type FindingQuery =
  | { readonly listed: string; readonly limit: number }
  | { readonly explained: string; readonly limit: number }

/** An audit of the project as a trend shows it. */
export interface PastAudit {
  readonly kind: 'audit' | 'import' | 'replay'
  readonly as_of: string
  readonly partial: boolean
  readonly totals: Totals | null
  /** Findings without a cause, by rule and the channel at fault; of this audit itself the formats count them. */
  readonly counts?: readonly { readonly rule: string; readonly channel: string | null; readonly findings: number }[]
}

/** A report as the formats see it. `findings` may be iterated more than once, always in the report's order. */
export interface Report {
  readonly head: ReportHead
  /** The project's name; not part of the JSON. */
  readonly project?: string
  /** The language of its messages; not part of the JSON. */
  readonly locale?: Locale
  readonly gate?: GateResult
  readonly quarantine: readonly QuarantinedRecord[]
  findings(): AsyncIterable<Finding>
  /**
   * The same findings in the same order as JSON text, for formats that write all of them without looking at any.
   *
   * Each batch is one or more findings as `findingJson` (model/report-json.ts) writes them, joined by a comma and a line
   * feed, without a comma at either end; never empty. So each line of a batch is exactly one finding.
   */
  findingsJson?(): AsyncIterable<string>
  /** One per rule that has findings, any order. Without it, formats count by reading all findings once. */
  tallies?(): Promise<readonly RuleTally[]>
  /** The audits of the project so far, this one included, the oldest first; not part of the JSON. */
  readonly audits?: readonly PastAudit[]
  /** By finding: the instant at which it was first found, of those that were found before. */
  firstSeen?(): Promise<ReadonlyMap<string, string>>
  /** The first `limit` findings that match, in the report's order; comes with `tallies`. */
  select?(query: FindingQuery): AsyncIterable<Finding>
}
