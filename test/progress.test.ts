import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { ProgressEvent } from '../src/model/audit-run.ts'
import { openProgress, type ProgressOptions } from '../src/terminal/open-progress.ts'

const events: readonly ProgressEvent[] = [
  { stage: 'read', source: 'shop.csv', done: 1000, total: 3000 },
  { stage: 'read', source: 'web\u001b[31m.csv', done: 3000, total: null },
  { stage: 'check' },
  { stage: 'report', note: 'html' },
]

function printed(mode: ProgressOptions['mode'], verbose: boolean): string {
  const stream = new PassThrough()
  // What is used of the stream is its `write`.
  const stderr = stream as unknown as NodeJS.WriteStream
  const view = openProgress({ mode, verbose, locale: 'en', stderr })
  for (const event of events) view.progress(event)
  view.warn('a note')
  view.close()
  view.close()
  return String(stream.read() ?? '')
}

describe('progress', () => {
  it('goes on in the language of the configuration once that is known', () => {
    const stream = new PassThrough()
    const view = openProgress({
      mode: 'lines',
      verbose: false,
      locale: 'en',
      stderr: stream as unknown as NodeJS.WriteStream,
    })
    view.progress({ stage: 'read' })
    view.speak('es')
    view.progress({ stage: 'check' })
    expect(String(stream.read())).toBe('reading\ncomprobando\n')
  })

  it('is one line a stage without a terminal', () => {
    expect(printed('lines', false)).toBe('reading\nchecking\nreporting\na note\n')
  })

  it('names each source when asked for more', () => {
    expect(printed('lines', true).replaceAll(/\d+\.\d\d s/g, '… s')).toBe(
      'reading shop.csv, 1,000 / 3,000\nreading web\\u{1b}[31m.csv, 3,000\nreading: … s\nchecking\nchecking: … s\nreporting, html\na note\nreporting: … s\n',
    )
  })

  it('is silent when asked for quiet', () => {
    expect(printed('silent', false)).toBe('')
  })
})
