import { type Code, catalogue, type Wording } from './catalogue.ts'

/** Where the user has to look: a file, or a channel when the cause is remote. */
export type Where =
  | { readonly file: string; readonly line?: number; readonly column?: number }
  | { readonly channel: string }

/** Something the user has to know: a wrong config, unreadable input. A wrong price is not a diagnostic; that is a finding. */
export interface Diagnostic {
  /** Stable and documented: `explain config/unknown-key` prints more. */
  readonly code: Code
  /** What is wrong, one line, lower case, no full stop, true alone. */
  readonly message: string
  /** What to do next; a command the reader can paste when there is one. */
  readonly help: string | null
  readonly where: Where | null
  /** Exit status the run ends with because of it. */
  readonly status: 2 | 3 | 4 | 130
}

/** Carries a {@link Diagnostic} up to `cli.ts`, which prints it and exits with its status. */
export class DiagnosticError extends Error {
  override readonly name = 'DiagnosticError'
  readonly diagnostic: Diagnostic

  constructor(diagnostic: Diagnostic, cause?: unknown) {
    super(`${diagnostic.code}: ${diagnostic.message}`, { cause })
    this.diagnostic = diagnostic
  }
}

/** Builds the error for one catalogue entry. It does not throw: callers write `throw fail(…)`, so that control flow stays visible. */
export function fail<C extends Code>(
  code: C,
  params: Parameters<(typeof catalogue)[C]>[0],
  where: Where | null = null,
  cause?: unknown,
): DiagnosticError {
  // Each entry takes its own parameter type, so the union of all entries is callable only with `never`.
  const word = catalogue[code] as (params: unknown) => Wording
  const { status, ...texts } = { status: 2 as const, ...word(params) }
  return new DiagnosticError({ code, ...texts, where, status }, cause)
}
