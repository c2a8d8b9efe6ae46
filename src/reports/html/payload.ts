/** What the page carries beside its static part: what the script in it reads. */
import type { Locale, Severity } from '../../model/config.ts'
import type { FindingChange } from '../../model/history.ts'

export type Both = Readonly<Record<Locale, string>>

export interface PageRule {
  readonly title: Both
  readonly why: Both
  readonly fix: Both
}

export interface PageCause {
  readonly id: string
  readonly message: Both
}

/** Plain JSON in the page. */
export interface PageMeta {
  readonly locale: Locale
  readonly timezone: string
  readonly rules: Readonly<Record<string, PageRule>>
  readonly causes: readonly PageCause[]
  readonly channels: readonly string[]
  /** Findings in the page. */
  readonly findings: number
  /** Findings that are not. */
  readonly omitted: number
  /** In a comparison of two audits: what its findings can have become. */
  readonly changes?: readonly FindingChange[]
}

/**
 * Findings as the page carries them: base64 of gzip of lines, each the JSON of a chunk. Texts that repeat are numbers: places in
 * `texts`, which grows from chunk to chunk.
 */
export interface Chunk {
  /** Texts that are new since the chunk before. */
  readonly t: readonly string[]
  readonly f: readonly PackedFinding[]
}

/** -1 stands for null where a text's place is expected. */
export type PackedSide = readonly [
  channel: number,
  listing: number,
  field: number,
  value: string | null,
  unit: number,
  /** 0: the same as the value. */
  raw: string | null | 0,
  path: number,
  sheet: number,
  row: number | null,
  line: number | null,
  authority: 0 | 1,
]

/** Of a comparison: what became of the finding, and what it was before. */
export type PackedChange = readonly [
  change: FindingChange,
  /** Null where it was not open, or nobody knows; 0: the same as now. */
  before: readonly PackedSide[] | null | 0,
  /** -1: it was not open. */
  was: number,
  openedAt: string,
  resolvedAt: string | null,
]

export type PackedFinding = readonly [
  id: string,
  rule: number,
  code: number,
  severity: number,
  status: number,
  market: number,
  owner: number,
  /** id, sku, gtin, title */
  item: readonly [string, string | null, string | null, string | null] | null,
  en: string,
  /** 0: the same as English. */
  es: string | 0,
  expected: string | null,
  /** amount, currency, 1 for measured */
  impact: readonly [string, string, 0 | 1] | null,
  explainedBy: string | null,
  fixable: 0 | 1,
  sides: readonly PackedSide[],
  /** owner, expires, reason */
  suppression: readonly [string, string, string] | null,
  firstSeen: string | null,
  compared: PackedChange | null,
]

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info']
export const STATUSES = ['new', 'worse', 'known', 'suppressed'] as const
