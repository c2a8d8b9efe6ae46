import { printable } from '../base/text.ts'
import type { Language } from '../diagnostics/entry.ts'
import type { Texts } from '../i18n/en.ts'
import { t } from '../i18n/texts.ts'
import type { Progress, ProgressEvent } from '../model/audit-run.ts'
import type { LiveProgress } from './progress.tsx'

export interface ProgressView {
  readonly progress: Progress
  /** Prints a note, without disturbing what is drawn. */
  readonly warn: (text: string) => void
  /** The language of what follows. */
  readonly speak: (locale: Language) => void
  /** Prints what has gone wrong, in quiet runs too. */
  readonly error: (text: string) => void
  /** Takes the view away. Safe to call twice. */
  readonly close: () => void
}

export interface ProgressOptions {
  /** `live` is drawn anew, `lines` is one line a stage, `silent` prints nothing but errors. */
  readonly mode: 'live' | 'lines' | 'silent'
  readonly verbose: boolean
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

/** How fast the reading goes, and how long it still takes at that rate. */
class Meter {
  readonly #began = performance.now()
  #records = 0

  /** Added to the line of an event; empty while it could only be guessed. */
  text({ stage, done, bytes }: ProgressEvent, texts: Texts, locale: Language): string {
    if (stage !== 'read' || done === undefined) return ''
    this.#records += done
    const seconds = (performance.now() - this.#began) / 1000
    if (seconds < LEAST_SECONDS) return ''
    const rate = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 }).format(this.#records / seconds)
    const parts = [texts.progressRate(rate)]
    if (bytes !== undefined && bytes.done > 0 && bytes.done < bytes.total) {
      const left = Math.ceil((seconds * (bytes.total - bytes.done)) / bytes.done)
      parts.push(texts.progressLeft(new Intl.NumberFormat(locale).format(left)))
    }
    return `, ${parts.join(', ')}`
  }
}

/** A rate over less than this is none. */
const LEAST_SECONDS = 0.5

/** Says of a stage how long it took, once the next begins. */
class StageClock {
  #stage: ProgressEvent['stage'] | null = null
  #began = performance.now()

  /** @returns The line of the stage that has ended; null where none has. */
  enter(stage: ProgressEvent['stage'] | null, texts: Texts, locale: Language): string | null {
    if (stage === this.#stage) return null
    const ended = this.#stage
    const seconds = (performance.now() - this.#began) / 1000
    this.#stage = stage
    this.#began = performance.now()
    if (ended === null) return null
    const shown = new Intl.NumberFormat(locale, { maximumFractionDigits: 2, minimumFractionDigits: 2 }).format(seconds)
    return `${texts.progress[ended]}: ${shown} s\n`
  }
}

function openLines({ locale: first, stderr, verbose }: ProgressOptions): ProgressView {
  let locale = first
  let last: ProgressEvent['stage'] | null = null
  const clock = new StageClock()
  const tell = (stage: ProgressEvent['stage'] | null): void => {
    const line = verbose ? clock.enter(stage, t(locale), locale) : null
    if (line !== null) stderr.write(line)
  }
  const write = (text: string): void => void stderr.write(endedLine(text))
  return {
    progress(event) {
      if (event.stage === last && !verbose) return
      tell(event.stage)
      last = event.stage
      stderr.write(`${verbose ? progressLine(event, t(locale), locale) : t(locale).progress[event.stage]}\n`)
    },
    warn: write,
    error: write,
    speak(next) {
      locale = next
    },
    close: () => tell(null),
  }
}

function endedLine(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

function openLive({ locale: first, stderr, verbose }: ProgressOptions): ProgressView {
  let locale = first
  let isClosed = false
  const meter = new Meter()
  const clock = new StageClock()
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
      const ended = verbose ? clock.enter(event.stage, t(locale), locale) : null
      if (ended !== null) print(ended)
      line = progressLine(event, t(locale), locale) + meter.text(event, t(locale), locale)
      live?.show(line)
    },
    warn: print,
    error: print,
    speak(next) {
      locale = next
    },
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
      return {
        progress() {},
        warn() {},
        speak() {},
        error: (text) => void options.stderr.write(endedLine(text)),
        close() {},
      }
  }
}
