/** What an expression may name, and what it compiles to. */

/** Instants are TIMESTAMP in UTC; durations are BIGINT microseconds; decimals DECIMAL(18,6) or integers. */
export type SqlType = 'text' | 'decimal' | 'boolean' | 'instant' | 'duration' | 'list' | 'unknown'

export interface SqlExpr {
  /** Self-contained: safe to stand as an operand. */
  readonly sql: string
  readonly type: SqlType
  /** It is never NULL. */
  readonly sure?: boolean
}

/** The value of a parameter after packs and configuration. */
export type ParamValue =
  /** Decimal text. */
  | { readonly type: 'decimal' | 'integer'; readonly value: string }
  | { readonly type: 'text' | 'enum'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  /** Milliseconds. */
  | { readonly type: 'duration'; readonly value: number }
  | { readonly type: 'list'; readonly value: readonly string[] }
  | { readonly type: 'map'; readonly value: Readonly<Record<string, unknown>> }
  /** Not set, where the rule's default is null: every comparison with it is unknown. */
  | { readonly type: 'null'; readonly value: null }

export interface Scope {
  /**
   * SQL of a field; null when the name is unknown here.
   *
   * @param inAggregate - Whether the field stands inside `any(…)` and the like: a field of a side, not of the group.
   */
  field(name: string, inAggregate: boolean): SqlExpr | null
  param(name: string): ParamValue | null
  /** SQL: whether the source of the row has the field at all; without it every source is taken to have every field. */
  told?(name: string): string
  /** SQL over a row: no source of its channel has the field; null where each channel has one. Without it what is absent is null. */
  lacks?(name: string): string | null
  /** Names that {@link field} knows, for the nearest-name hint. */
  names(): readonly string[]
  /** Whether aggregates over the sides of a group are allowed. */
  readonly aggregate: boolean
  /** Predicate over sides: aggregates see only the rows for which it is true. */
  readonly filter?: string
  /** Predicate over sides: the side of the one who is right. */
  readonly authority?: string | null
  /** ISO 8601 instant for `as_of()` and `age()`; without it they are refused. */
  readonly asOf?: string
}
