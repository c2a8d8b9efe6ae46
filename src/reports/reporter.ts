import type { Locale, Severity } from '../model/config.ts'
import type { Report } from '../model/report.ts'
import type { Bilingual, RuleDocs } from '../rules/rule.ts'

/** What a rule says of itself, in both languages. */
export interface RuleText {
  readonly title: Bilingual
  readonly severity: Severity | 'off'
  readonly docs: Readonly<Record<Locale, RuleDocs>>
}

export interface RenderOptions {
  /** Columns of the terminal; null when the output is none. */
  readonly width: number | null
  readonly colour: boolean
  readonly locale: Locale
  /** Findings listed per rule; null for the format's own limit. */
  readonly maxFindings: number | null
  readonly ruleTitle: (rule: string) => string
  /** Null for a rule that is no longer there. */
  readonly ruleText?: (rule: string) => RuleText | null
  /** The folder of the project as it is seen from where the tool runs, with forward slashes; empty or absent for the same. */
  readonly folder?: string
  /** Text of a file that the build puts beside the code. */
  readonly asset?: (name: string) => Promise<string>
  /** IANA name; instants are shown in this zone. */
  readonly timezone: string
}

/** One format of one kind of thing. */
export interface Renderer<Subject> {
  readonly name: string
  /** Its pieces are bytes: it goes to files only. */
  readonly isBinary?: boolean
  /** What people read in a terminal or a log. */
  readonly isForPeople?: boolean
  /** Its last line is the sentence about the gate. */
  readonly endsWithGate?: boolean
  /** Where this environment variable names a file, the report in that other format is appended to it. */
  readonly summary?: { readonly variable: string; readonly format: string }
  /** The text in pieces, in order; findings are streamed, so the pieces must be written as they come. */
  render(subject: Subject, options: RenderOptions): AsyncIterable<string | Uint8Array>
}

/** One format of reports: a file in formats/ that exports it as `reporter`. */
export interface Reporter extends Renderer<Report> {
  readonly doc: { readonly en: string; readonly es: string }
}

/** The formats that one kind of thing has. */
export interface Formats<Subject> {
  /** Sorted. */
  readonly names: readonly string[]
  /** @returns Null when there is no such format. */
  readonly load: (name: string) => Promise<Renderer<Subject> | null>
}
