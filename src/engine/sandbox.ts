/** A second store for statements that others wrote: it holds copies of some columns, and can reach nothing else. */
import type { SqlRow } from './engine.ts'

/** The value of a `$name`; decimals are text. */
export type SandboxValue =
  | { readonly type: 'decimal' | 'integer'; readonly value: string }
  | { readonly type: 'text' | 'enum'; readonly value: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  /** Milliseconds. */
  | { readonly type: 'duration'; readonly value: number }
  | { readonly type: 'list'; readonly value: readonly string[] }
  | { readonly type: 'null' }

export interface SandboxLimits {
  readonly milliseconds: number
  readonly rows: number
}

export interface SandboxColumn {
  readonly name: string
  readonly type: string
}

/** Why a statement failed: `time` and `size` are limits, `statement` is what stands in it. */
export class SandboxError extends Error {
  readonly reason: 'time' | 'memory' | 'size' | 'statement'
  /** Byte of the statement at which it fails, from 0. */
  readonly offset: number | null

  constructor(reason: SandboxError['reason'], message: string, offset: number | null = null) {
    super(message)
    this.reason = reason
    this.offset = offset
  }
}

export interface Sandbox {
  /** Creates a table, empty or with the rows of a Parquet file of the same columns. */
  table(name: string, columns: readonly SandboxColumn[], parquet: string | null): Promise<void>
  run(sql: string): Promise<void>
  /** From here on no file, network, extension or setting can be reached. */
  lock(): Promise<void>
  /** The engine's own tree of a statement. @throws SandboxError for anything that is no SELECT. */
  tree(sql: string): Promise<unknown>
  /** Names of the columns that a SELECT gives, without running it. @throws SandboxError when it is wrong. */
  columns(sql: string, values: Readonly<Record<string, SandboxValue>>, milliseconds: number): Promise<readonly string[]>
  /** Rows of a SELECT, the columns of those names as text. @throws SandboxError when it is wrong, or reaches a limit. */
  rows(
    sql: string,
    columns: readonly string[],
    values: Readonly<Record<string, SandboxValue>>,
    limits: SandboxLimits,
  ): Promise<readonly SqlRow[]>
  close(): Promise<void>
}
