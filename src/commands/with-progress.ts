import type { RunIo } from '../model/audit-run.ts'
import { openProgress } from '../terminal/open-progress.ts'
import type { CommonFlags } from './options.ts'
import type { Shell } from './shell.ts'

/** Runs an operation with progress on the standard error, and takes the progress away before the status is known. */
export async function withProgress(
  shell: Shell,
  { quiet = false, verbose = false }: CommonFlags,
  operation: (io: RunIo) => Promise<number>,
): Promise<number> {
  const { stdout, stderr, width, colour, errorColour, signal } = shell
  const watched = shell.isWatched ? 'live' : 'lines'
  const view = openProgress({ mode: quiet ? 'silent' : watched, verbose, stderr, locale: shell.locale })
  try {
    // The live view is drawn over by what is printed while it stands, on the same terminal.
    const print = async (text: string): Promise<void> => {
      view.close()
      await stdout(text)
    }
    return await operation({
      stdout: print,
      progress: view.progress,
      warn: view.warn,
      note: view.warn,
      error: view.error,
      width,
      colour,
      errorColour,
      signal,
      speak: (locale) => {
        view.speak(locale)
        shell.speak(locale)
      },
    })
  } finally {
    view.close()
  }
}
