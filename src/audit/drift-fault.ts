import type { Source } from '../ingest/tables.ts'

/** One thing that is wrong with a kind of file. */
export interface Fault {
  readonly code: string
  /** Column or field that it is about; empty for the whole. */
  readonly about: string
  /** Files, and what each says. */
  readonly sides: readonly (readonly [Source, value: string | null])[]
  readonly words: Readonly<Record<string, string>>
}

export function percentText(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
