import type { Language } from '../diagnostics/entry.ts'
import type { Texts } from '../i18n/en.ts'

/** What a command may use of the process that runs it. */
export interface Shell {
  /** Language of help and messages. */
  readonly locale: Language
  /** The language that a flag asks for, whatever command it stands with; null where none does. */
  readonly requestedLocale: Language | null
  readonly texts: Texts
  readonly cwd: string
  /** Writes the result. Resolves when the reader can take more; says nothing when the reader has gone. */
  readonly stdout: (text: string) => Promise<void>
  readonly stderr: NodeJS.WriteStream
  /** Columns of the standard output; null when it is no terminal. */
  readonly width: number | null
  /** Whether the standard output takes colours. */
  readonly colour: boolean
  /** Whether the standard error takes colours. */
  readonly errorColour: boolean
  /** Whether a person looks at the standard error while the command runs. */
  readonly isWatched: boolean
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal
  /** What is said from now on is said in another language. */
  readonly speak: (locale: Language) => void
}

/** Runs the body of a command; its result is the exit status. */
export type Run = (body: () => Promise<number>) => Promise<void>
