import { printable } from '../base/text.ts'
import type { Language } from '../diagnostics/entry.ts'
import type { Texts } from '../i18n/en.ts'
import type { Progress, ProgressEvent } from '../model/audit-run.ts'
import type { LiveProgress } from './progress.tsx'

export interface ProgressView {
  readonly progress: Progress
  /** Prints a note, without disturbing what is drawn. */
  readonly warn: (text: string) => void
  /** Prints what has gone wrong, in quiet runs too. */
  readonly error: (text: string) => void
  /** Takes the view away. Safe to call twice. */
  readonly close: () => void
}

export interface ProgressOptions {
  /** `live` is drawn anew, `lines` is one line a stage, `silent` prints nothing but errors. */
  readonly mode: 'live' | 'lines' | 'silent'
  readonly verbose: boolean
  readonly texts: Texts
  readonly locale: Language
  readonly stderr: NodeJS.WriteStream
}

/** The line of one event: `reading tienda/a.csv, 3 of 5`. */
export function progressLine(
  { stage, source, done, total, note }: ProgressEvent,
  texts: Texts,
  locale: Language,
): string {
  const number = new Intl.NumberFormat(locale)
  const parts = [
    source === undefined ? texts.progress[stage] : `${texts.progress[stage]} ${printable(source)}`,
    done === undefined
      ? null
      : `${number.format(done)}${typeof total === 'number' ? ` / ${number.format(total)}` : ''}`,
    note === undefined ? null : printable(note),
  ]
  return parts.filter((part) => part !== null).join(', ')
}

function openLines({ texts, locale, stderr, verbose }: ProgressOptions): ProgressView {
  let last: ProgressEvent['stage'] | null = null
  const write = (text: string): void => void stderr.write(endedLine(text))
  return {
    progress(event) {
      if (event.stage === last && !verbose) return
      last = event.stage
      stderr.write(`${verbose ? progressLine(event, texts, locale) : texts.progress[event.stage]}\n`)
    },
    warn: write,
    error: write,
    close() {},
  }
}

function endedLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

function openLive({ texts, locale, stderr }: ProgressOptions): ProgressView {
  let isClosed = false
  let live: LiveProgress | null = null
  let line = ''
  // The drawing library takes a third of a second to load; the work does not wait for it.
  void import('./progress.tsx').then(({ drawProgress }) => {
    if (!isClosed) live = drawProgress(stderr, line)
  })
  const close = (): void => {
    isClosed = true
    live?.close()
    live = null
  }
  const print = (text: string): void => {
    if (live === null) stderr.write(endedLine(text))
    else live.note(text)
  }
  return {
    progress(event) {
      line = progressLine(event, texts, locale)
      live?.show(line)
    },
    warn: print,
    error: print,
    close,
  }
}

export function openProgress(options: ProgressOptions): ProgressView {
  switch (options.mode) {
    case 'live':
      return openLive(options)
    case 'lines':
      return openLines(options)
    case 'silent':
      return { progress() {}, warn() {}, error: (text) => void options.stderr.write(endedLine(text)), close() {} }
  }
}
