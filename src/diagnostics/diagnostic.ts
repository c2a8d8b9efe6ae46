import { type Code, catalogue, type ParamsOf } from './catalogue.ts'
import type { Entry, FailureStatus, Language, Text } from './entry.ts'

/** Where the user has to look: a file, or a channel when the cause is remote. */
export type Where =
  | { readonly file: string; readonly line?: number; readonly column?: number }
  | { readonly channel: string }

/** Something the user has to know: a wrong config, unreadable input. A wrong price is not a diagnostic; that is a finding. */
export interface Diagnostic {
  /** Stable and documented: `explain config/unknown-key` prints more. */
  readonly code: Code
  /** What is wrong, in English: one line, lower case, no full stop, true alone. */
  readonly message: string
  /** What to do next, in English; a command the reader can paste when there is one. */
  readonly help: string | null
  readonly texts: { readonly [L in Language]: Text }
  readonly where: Where | null
  /** Exit status the run ends with because of it. */
  readonly status: FailureStatus
}

/** Carries diagnostics up to `cli.ts`, which prints them all and exits with the status that goes first. */
export class DiagnosticError extends Error {
  override readonly name = 'DiagnosticError'
  /** The first of {@link diagnostics}. */
  readonly diagnostic: Diagnostic
  /** At least one, in the order in which they are printed. */
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostic: Diagnostic, cause?: unknown, others: readonly Diagnostic[] = []) {
    super(`${diagnostic.code}: ${diagnostic.message}`, { cause })
    this.diagnostic = diagnostic
    this.diagnostics = [diagnostic, ...others]
  }

  /** The status that goes first when several apply: 130, 2, 3, 4. */
  get status(): FailureStatus {
    const present = new Set(this.diagnostics.map((diagnostic) => diagnostic.status))
    return ([130, 2, 3, 4] as const).find((status) => present.has(status)) ?? 2
  }
}

/** Words one catalogue entry, for diagnostics that do not end the run or come several at once. */
export function diagnose<C extends Code>(code: C, params: ParamsOf<C>, where: Where | null = null): Diagnostic {
  // Each entry takes its own parameter type, so the union of all entries is callable only with `never`.
  const { en, es, status } = catalogue[code] as Entry<unknown>
  const texts = { en: en(params), es: es(params) }
  return { code, ...texts.en, texts, where, status: status ?? 2 }
}

/** Builds the error for one catalogue entry. It does not throw: callers write `throw fail(…)`, so that control flow stays visible. */
export function fail<C extends Code>(
  code: C,
  params: ParamsOf<C>,
  where: Where | null = null,
  cause?: unknown,
): DiagnosticError {
  return new DiagnosticError(diagnose(code, params, where), cause)
}

/** Builds the error for several diagnostics at once, e.g. all that is wrong with a file; null for none. */
export function failAll(diagnostics: readonly Diagnostic[]): DiagnosticError | null {
  const [first, ...others] = diagnostics
  return first === undefined ? null : new DiagnosticError(first, undefined, others)
}
