/** What an audit is asked to do, and what it may say while it runs. */
import type { Locale, Severity } from './config.ts'

/** `file` null: the standard output. */
export interface RequestedFormat {
  readonly name: string
  readonly file: string | null
}

export interface AuditRequest {
  /** Files named on the command line, each a channel of its own; empty when the configuration says what to read. */
  readonly files: readonly string[]
  readonly configFile: string | null
  readonly cwd: string
  readonly stateDir: string | null
  /** ISO 8601, UTC; null for now. */
  readonly asOf: string | null
  readonly locale: Locale | null
  /** Of the user's environment: the language of the report where neither a flag nor a configuration says one. */
  readonly userLocale: Locale
  /** Empty: what suits the standard output. */
  readonly formats: readonly RequestedFormat[]
  readonly output: string | null
  /** Null: what the configuration says. */
  readonly failOn: Severity | 'never' | null
  /** Fraction: 2 % is 0.02. Null: what the configuration says. */
  readonly maxUnknown: number | null
  readonly only: readonly string[]
  readonly skip: readonly string[]
  readonly allRules: boolean
  /** File of known debt; null for the one beside the configuration. */
  readonly baseline: string | null
  readonly channels: readonly string[]
  /** Findings listed per rule; null for the format's own limit. */
  readonly maxFindings: number | null
  /** As the engine reads it: `4GB`. */
  readonly memoryLimit: string | null
  readonly threads: number | null
  readonly quiet: boolean
  readonly verbose: boolean
}

export interface ProgressEvent {
  readonly stage: 'read' | 'link' | 'check' | 'report' | 'plan' | 'apply'
  readonly source?: string
  readonly done?: number
  /** Null while it is not known. */
  readonly total?: number | null
  readonly note?: string
  /** Of all files together, where their sizes are known: how far the reading is. */
  readonly bytes?: { readonly done: number; readonly total: number }
}

export type Progress = (event: ProgressEvent) => void

/** What an operation may use of the outside: the result, progress, warnings, and the wish to stop. */
export interface RunIo {
  /** Resolves when the reader can take more. */
  readonly stdout: (text: string) => Promise<void> | void
  readonly progress: Progress
  /** One rendered warning, for people. */
  readonly warn: (text: string) => void
  /** What a run says of itself that is no warning, for people; nobody listens without it. */
  readonly note?: (text: string) => void
  /** One rendered diagnostic of what could not be done, in quiet runs too. */
  readonly error: (text: string) => void
  /** Columns of the terminal; null when the standard output is none. */
  readonly width: number | null
  readonly colour: boolean
  /** Whether warnings may have colours. */
  readonly errorColour: boolean
  readonly signal: AbortSignal
  /** Told the language as soon as the configuration has said it. */
  readonly speak?: (locale: Locale) => void
}

/** @returns The exit status. */
export type RunAudit = (request: AuditRequest, io: RunIo) => Promise<number>

export interface DemoRequest {
  /** Folder to write to; null for the default. */
  readonly dir: string | null
  readonly seed: number | null
  readonly articles: number | null
  /** How the written retailer is audited; its files and configuration are those of the demo. */
  readonly audit: Omit<AuditRequest, 'files' | 'configFile'>
}

/** @returns The exit status. */
export type RunDemo = (request: DemoRequest, io: RunIo) => Promise<number>
