/** Languages of everything a person reads. */
export type Language = 'en' | 'es'

export interface Text {
  /** What is wrong: one line, lower case, no full stop, the values in it, true alone. */
  readonly message: string
  /** What to do next; a command the reader can paste when there is one. */
  readonly help: string | null
}

export type FailureStatus = 2 | 3 | 4 | 130

/** One diagnostic in both languages, with what `explain` adds to it. */
export interface Entry<P> {
  /** Exit status of a run that ends because of it; 2 by default. */
  readonly status?: FailureStatus
  readonly en: (params: P) => Text
  readonly es: (params: P) => Text
  readonly docs: { readonly [L in Language]: string }
}

/** Returns `value` unchanged; takes the parameters from the English text, so that the Spanish one has the same. */
export function entry<P>(value: Entry<P>): Entry<P> {
  return value
}
