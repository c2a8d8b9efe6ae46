import type { SilenceReport } from '../../model/report.ts'
import { flow, safe, wrap } from '../layout.ts'
import { block, heading, type Page } from './page.ts'

/** What the configuration, suppressions and the baseline keep out of the lists, who answers for it, and what they no longer do. */
export function silencesBlock(page: Page, { off, suppressions, baseline }: SilenceReport): string {
  const { chalk, width } = page
  const texts = page.texts.silences
  const blocks: string[] = []
  const add = (parts: readonly string[], warnings: readonly string[]): void => {
    blocks.push(
      block(flow(parts, ' · ', width), 0),
      block(
        warnings.flatMap((text) => wrap(text, width - 2)).map((line) => chalk.yellow(line)),
        2,
      ),
    )
  }
  const names = (partly: boolean): string =>
    off
      .filter((one) => one.partly === partly)
      .map(({ rule }) => safe(rule))
      .join(', ')
  const [everywhere, somewhere] = [names(false), names(true)]
  if (everywhere !== '') add([texts.off(everywhere)], [])
  if (somewhere !== '') add([texts.offPartly(somewhere)], [])
  if (suppressions !== null) {
    const { path, entries, used, owners, next_expiry: next, unused, expired } = suppressions
    const answering = Object.entries(owners).map(
      ([owner, findings]) => `${safe(owner)} (${page.texts.number(findings)})`,
    )
    const findings = Object.values(owners).reduce((sum, one) => sum + one, 0)
    add(
      [
        texts.suppressed(safe(path), findings, used, entries),
        ...(answering.length === 0 ? [] : [texts.owners(answering.join(', '))]),
        ...(next === null ? [] : [texts.next(next)]),
      ],
      [
        ...(expired.length === 0 ? [] : [texts.expired(expired.length)]),
        ...(unused.length === 0 ? [] : [texts.unused(unused.length)]),
      ],
    )
  }
  if (baseline !== null) {
    const { path, known, worse, gone } = baseline
    add([texts.baseline(safe(path), known, worse)], gone === 0 ? [] : [texts.gone(gone)])
  }
  return `${heading(page, texts.heading)}${blocks.join('')}`
}
