/** A rule as the audit reads it: checked, its expressions parsed, one shape per kind of check. */
import type { Severity } from '../model/config.ts'
import type { FieldName } from '../model/field.ts'
import type { InputNeed } from '../model/input.ts'
import type { UnknownReason } from '../model/report.ts'
import type { At, Expr } from './expression/ast.ts'
import type { ParamValue } from './expression/scope.ts'
import { INPUT_TABLES } from './input-fields.ts'
import type { ParamShape } from './params.ts'
import { STOCK_TABLES } from './stock-tables.ts'

export interface Bilingual {
  readonly en: string
  readonly es: string
}

/** Tables whose rows are judged. */
export const RULE_TABLES = [
  'listing',
  'price',
  'stock',
  'promotion',
  /** One row per GTIN or SKU and channel, with how many listings carry it. */
  'gtin_key',
  'sku_key',
  /** One row per product and channel, with the variants that it lists. */
  'product',
  /** One row per category of a channel, and per article whose channels have one. */
  'category',
  /** One row per price, stock or promotion record that refers to something else. */
  'reference_row',
  /** One row per word of a coded field that no vocabulary has. */
  'vocabulary',
  /** One row per damaged cell, or column, of a source. */
  'damage',
  /** One row per file that was read, or per kind of data. */
  'source',
  /** What earlier audits saw of an article, beside what this one sees. */
  'history',
  /** Figures added up from stock: by article and place, by listing, by pool, by bundle. */
  ...STOCK_TABLES,
  /** One row per listing whose price has a figure elsewhere. */
  'price_figure',
  /** One row per record of an input. */
  ...INPUT_TABLES,
] as const
export type RuleTable = (typeof RULE_TABLES)[number]

export const RULE_KINDS = [
  'equal',
  'within',
  'present',
  'implies',
  'unique',
  'format',
  'reference',
  'window',
  'fresh',
  'drift',
  'sql',
  'reconcile',
  'history',
  'match',
  'similar',
] as const
export type RuleKind = (typeof RULE_KINDS)[number]

/** Placeholders that messages may use. */
export const PLACEHOLDERS = [
  'item',
  'sides',
  'channel',
  'value',
  'expected',
  'field',
  'count',
  'list',
  'rate',
  'code',
  'path',
  'row',
  'message',
  'since',
] as const

/** How a finding can be put into money. */
export const IMPACT_FORMULAS = [
  'abs(gap) * units30',
  'abs(expected - value) * units30',
  '(reference - value) * available',
  '(sale - regular) * units30',
  'revenue30',
  'abs(available) * cost',
] as const
export type ImpactFormula = (typeof IMPACT_FORMULAS)[number]

export interface RuleParam extends ParamShape {
  readonly default: ParamValue
  readonly doc: Bilingual
}

/** What a check with `assert` holds against: intervals, the age of data, the columns and rows of a source. */
export const ASSERTS = [
  'same',
  'active_iff_inside',
  'max_age',
  'max_skew',
  'contract',
  'volume',
  /** Of a `history` check: the earlier price that is shown, a GTIN that changes hands, how soon and by whom values are set. */
  'prior_price',
  'reused_gtin',
  'lag',
  'writers',
] as const
export const HISTORY_ASSERTS = ['prior_price', 'reused_gtin', 'lag', 'writers'] as const satisfies readonly Assert[]
export type Assert = (typeof ASSERTS)[number]

export interface Guard {
  /** Fields that have to agree on all sides, else unknown. */
  readonly same: readonly ('currency' | 'pack_quantity')[]
  readonly taxBasis: 'resolved' | null
  /** Milliseconds, or the name of the parameter. */
  readonly maxSkew: number | { readonly param: string } | null
  /** Decimal text. */
  readonly minConfidence: string | null
}

export interface RuleCode {
  readonly code: string
  /** Null takes the rule's. */
  readonly severity: Severity | null
  /** Null where the machinery of the check decides. */
  readonly when: Expr | null
  /** Of a `reconcile` rule: the code is for gaps in this direction, not a failure of its own. */
  readonly gap?: Gap
  readonly message: Bilingual
}

export interface UnknownWhen {
  readonly reason: UnknownReason
  readonly when: Expr
}

export interface RuleDocs {
  readonly what: string
  readonly why: string
  /** When the rule stays silent on purpose. */
  readonly quietWhen: string
  readonly fix: string
  readonly example: string
}

export interface Each {
  /** Name under which expressions read the member: `$k`. */
  readonly as: string
  /** The list parameter. */
  readonly param: string
}

interface RuleBase {
  /** `<family>/<rule>`: the path of the file. */
  readonly id: string
  readonly title: Bilingual
  readonly severity: Severity | 'off'
  readonly on: RuleTable
  /** Rows that take part; null for all. */
  readonly where: Expr | null
  /** What forms one group of sides; null when each row is judged alone. */
  readonly group: readonly string[] | null
  readonly each: Each | null
  readonly params: Readonly<Record<string, RuleParam>>
  readonly guard: Guard
  /** Groups or rows that are right whatever the check says. */
  readonly except: Expr | null
  /** Where one of these holds the outcome is unknown, whatever the check says. */
  readonly unknownWhen: readonly UnknownWhen[]
  /** Sides without a value do not take part. */
  readonly ignoreNull: boolean
  /** In the order of the file; the first that holds names the finding. Empty: the finding has {@link message} and no code. */
  readonly codes: readonly RuleCode[]
  /** Null when there are codes. */
  readonly message: Bilingual | null
  readonly maskedBy: readonly string[]
  readonly fix: { readonly side: 'not_authority' | 'row'; readonly field: string; readonly to: string | null } | null
  readonly impact: { readonly formula: string } | null
  /** Canonical fields whose values the sides of a finding show. */
  readonly fields: readonly string[]
  /** Without any channel that has them the rule is unknown(no_input). */
  readonly needs: readonly FieldName[]
  /** Without one of them the rule is unknown(no_input). */
  readonly inputs: readonly InputNeed[]
  readonly docs: { readonly en: RuleDocs; readonly es: RuleDocs }
  readonly sources: readonly string[]
  /** Version that brought the rule. */
  readonly since: string
  /** Ids it had before. */
  readonly formerly: readonly string[]
  readonly file: string
  /** Where the file's first key stands, for diagnostics about the whole rule. */
  readonly at: At
}

/** The same value on all sides. */
export interface EqualRule extends RuleBase {
  readonly kind: 'equal'
  readonly value: Expr
}

export type ReferenceSide = 'authority' | 'consensus'

/** A number near its reference. */
export interface WithinRule extends RuleBase {
  readonly kind: 'within'
  readonly value: Expr
  readonly reference: { readonly order: readonly ReferenceSide[]; readonly none: 'spread' | 'unknown' } | null
  readonly tolerance: { readonly abs: Expr | null; readonly pct: Expr | null } | null
  /** Whether the channel's price policy bounds the value. */
  readonly policy: 'channel.price_policy' | null
  readonly compare: Comparison
}

/**
 * What a number is held against: `policy` the price policy of the channels, `tax_rate` the legal rates, `ratio` its
 * reference by orders of magnitude, `promise` (at most) and `offer` (not much less than) what the stock's owner can promise,
 * `floor` what an article may cost at least, `discount` what a promotion promises, `buffer` what the policy of the
 * channel leaves of the owner's stock.
 */
export const COMPARISONS = ['policy', 'tax_rate', 'ratio', 'promise', 'offer', 'floor', 'discount', 'buffer'] as const
export type Comparison = (typeof COMPARISONS)[number]

/** Something that has to be there. */
export interface PresentRule extends RuleBase {
  readonly kind: 'present'
  /** Null where the machinery decides what is expected. */
  readonly require: Expr | null
}

/** If one thing holds, so does another. */
export interface ImpliesRule extends RuleBase {
  readonly kind: 'implies'
  readonly condition: Expr
  readonly consequence: Expr
  /** Articles with fewer sides are not judged. */
  readonly minSides: number
}

/** At most one row, or one item, for a key. */
export interface UniqueRule extends RuleBase {
  readonly kind: 'unique'
  readonly key: Expr
  readonly scope: readonly string[]
  /** Rows that agree on this field are no duplicates. */
  readonly allowSame: string | null
}

/** Each row has the right form: it fails with the codes whose `when` holds. */
export interface FormatRule extends RuleBase {
  readonly kind: 'format'
  readonly value: Expr | null
}

/** What a row refers to exists. */
export interface ReferenceRule extends RuleBase {
  readonly kind: 'reference'
  readonly value: Expr | null
}

/** Records that share a key are one thing: they have one `value`, or none of the codes holds. */
export interface MatchRule extends RuleBase {
  readonly kind: 'match'
  readonly value: Expr | null
}

/** What is told or shown of an article is much the same on all sides. */
export const ALIKE = ['titles', 'pictures'] as const
export interface SimilarRule extends RuleBase {
  readonly kind: 'similar'
  readonly value: Expr
  readonly alike: (typeof ALIKE)[number]
}

/** Intervals agree, or activity agrees with its interval. */
export interface WindowRule extends RuleBase {
  readonly kind: 'window'
  readonly interval: { readonly start: Expr; readonly end: Expr }
  readonly assert: 'same' | 'active_iff_inside'
}

export const RELATIONS = ['equal', 'at_most', 'at_least'] as const
export type Relation = (typeof RELATIONS)[number]

/** Where `left` lies from `right`. */
export const GAPS = ['over', 'under', 'any'] as const
export type Gap = (typeof GAPS)[number]

/** Two figures held against each other: of a row, or aggregates over the sides of a group. */
export interface ReconcileRule extends RuleBase {
  readonly kind: 'reconcile'
  /** What is stated; without it there is nothing to judge. */
  readonly left: Expr
  /** What it has to be; without it the outcome is unknown. */
  readonly right: Expr
  readonly relation: Relation
  /** The larger one counts; `pct` is a part of `right`. */
  readonly tolerance: { readonly abs: Expr | null; readonly pct: Expr | null } | null
  /** How messages write the two figures. */
  readonly unit: 'money' | null
}

/** Data are young enough, or taken at nearly the same time. */
export interface FreshRule extends RuleBase {
  readonly kind: 'fresh'
  readonly assert: 'max_age' | 'max_skew'
}

/** A source still is what it was, or what its contract says. */
export interface DriftRule extends RuleBase {
  readonly kind: 'drift'
  readonly assert: 'contract' | 'volume'
}

/** A query over the canonical tables that gives the rows that are wrong. */
export interface SqlRule extends RuleBase {
  readonly kind: 'sql'
  readonly query: { readonly text: string; readonly at: At }
}

/** What is so now agrees with what earlier audits saw. */
export interface HistoryRule extends RuleBase {
  readonly kind: 'history'
  readonly assert: (typeof HISTORY_ASSERTS)[number]
}

export type Rule =
  | EqualRule
  | SimilarRule
  | WithinRule
  | PresentRule
  | ImpliesRule
  | UniqueRule
  | FormatRule
  | ReferenceRule
  | MatchRule
  | WindowRule
  | FreshRule
  | DriftRule
  | SqlRule
  | ReconcileRule
  | HistoryRule

export function familyOf(rule: Pick<Rule, 'id'>): string {
  return rule.id.slice(0, rule.id.indexOf('/'))
}
