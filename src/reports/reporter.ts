import type { Locale } from '../model/config.ts'
import type { Report } from '../model/report.ts'

export interface RenderOptions {
  /** Columns of the terminal; null when the output is none. */
  readonly width: number | null
  readonly colour: boolean
  readonly locale: Locale
  /** Findings listed per rule; null for the format's own limit. */
  readonly maxFindings: number | null
  readonly ruleTitle: (rule: string) => string
  /** IANA name; instants are shown in this zone. */
  readonly timezone: string
}

/** One format: a file in formats/ that exports it as `reporter`. */
export interface Reporter {
  readonly name: string
  readonly doc: { readonly en: string; readonly es: string }
  /** The text in pieces, in order; findings are streamed, so the pieces must be written as they come. */
  render(report: Report, options: RenderOptions): AsyncIterable<string>
}
