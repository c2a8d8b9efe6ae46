/** A comparison as lines: for grep, and as annotations of a workflow. */
import { Chalk } from 'chalk'
import { printable } from '../../base/text.ts'
import type { Severity } from '../../model/config.ts'
import type { Comparison } from '../../model/history.ts'
import { formatTextsOf } from '../format-texts.ts'
import { MOST_ANNOTATIONS, workflowCommand } from '../github/command.ts'
import { severityColour } from '../paint.ts'
import { placeOf, placeOfFinding } from '../place.ts'
import type { Renderer } from '../reporter.ts'
import { compareTextsOf, diffSentence, itemOf, NEWS } from './subject.ts'

/** Lines per piece of text. */
const BATCH = 500

/** `grep ^new` finds what is new: words are those of the JSON, in any language. */
export const concise: Renderer<Comparison> = {
  name: 'concise',
  isForPeople: true,
  async *render(comparison, { colour }) {
    const chalk = new Chalk({ level: colour ? 1 : 0 })
    let text = ''
    let lines = 0
    for await (const one of comparison.findings([...NEWS, 'changed', 'quieted', 'resolved'])) {
      const { change, finding, seen } = one
      const severity = severityColour(chalk, finding.severity)(finding.severity)
      const was = seen.was === null || seen.was === finding.severity ? '' : ` (was ${seen.was})`
      const place = placeOfFinding(finding)
      const where = place === null ? '' : ` ${chalk.dim(`[${printable(placeOf(place))}]`)}`
      const about = printable(`${itemOf(finding) ?? '-'} ${finding.market ?? '-'}: ${finding.message}`)
      text += `${change} ${severity} ${chalk.bold(printable(finding.rule))} ${about}${was}${where}\n`
      lines++
      if (lines % BATCH !== 0) continue
      yield text
      text = ''
    }
    yield text
  },
}

/** Annotates what is new, open again or worse, where it stands now. */
export const github: Renderer<Comparison> = {
  name: 'github',
  endsWithGate: true,
  summary: { variable: 'GITHUB_STEP_SUMMARY', format: 'markdown' },
  async *render(comparison, options) {
    const { locale } = options
    const { changes, was } = compareTextsOf(locale)
    const { diff, gate } = comparison
    const news = [...diff.new, ...diff.reopened, ...diff.worse]
    // No more than there is: then nothing is read for what cannot come.
    const roomOf = (severity: Severity): number =>
      Math.min(MOST_ANNOTATIONS, news.filter((one) => one.severity === severity).length)
    const room: Record<Severity, number> = { error: roomOf('error'), warning: roomOf('warning'), info: roomOf('info') }
    let left = news.length
    for await (const { change, finding, seen } of news.length === 0 ? [] : comparison.findings(NEWS)) {
      if (room[finding.severity] <= 0) continue
      room[finding.severity]--
      left--
      const title = `${options.ruleTitle(finding.rule)} (${finding.rule})`
      const before = seen.was === null || seen.was === finding.severity ? '' : `, ${was(seen.was)}`
      const message = `${changes[change]}${before}: ${finding.message}`
      yield workflowCommand(finding.severity, placeOfFinding(finding), title, message, options)
      if (Object.values(room).every((n) => n === 0)) break
    }
    if (left > 0) yield `${formatTextsOf(locale).github.more(left)}\n`
    yield `${printable(counted(comparison, locale))}\n${printable(diffSentence(gate, locale))}\n`
  },
}

function counted({ diff }: Comparison, locale: 'en' | 'es'): string {
  const { unchanged, new: fresh, reopened, worse, resolved } = diff
  return compareTextsOf(locale).counts({
    new: fresh.length,
    reopened: reopened.length,
    worse: worse.length,
    resolved: resolved.length,
    unchanged,
  })
}
