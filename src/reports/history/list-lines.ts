/** The audits so far as lines: for grep, and for the log and the summary of a workflow. */
import { printable } from '../../base/text.ts'
import type { HistoryAudit, HistoryRule, HistoryTrend, HistoryView } from '../../model/history.ts'
import type { Renderer } from '../reporter.ts'
import { auditName, compareTextsOf } from './subject.ts'

/** What was not judged: no figure. */
const NOTHING = '-'

/** Words that are not of the reader's language: scripts look for them. */
export const concise: Renderer<HistoryView> = {
  name: 'concise',
  isForPeople: true,
  async *render({ history }) {
    yield history.audits.map((one) => `${printable(auditLine(one))}\n`).join('')
    yield history.trend.map((one) => `${printable(trendLine(one))}\n`).join('')
    yield history.rules.map((one) => `${printable(ruleLine(one))}\n`).join('')
  },
}

function auditLine({ number, id, kind, as_of: at, partial, totals, opened, resolved }: HistoryAudit): string {
  const words = [...(partial && kind === 'audit' ? ['partial'] : []), id]
  const figures = Object.entries({ ...totals, opened, resolved }).map(([name, value]) => `${name}=${value}`)
  return [kind, number, at, ...figures, ...words].join(' ')
}

function trendLine({ rule, channel, findings }: HistoryTrend): string {
  return `trend ${rule} ${channel ?? NOTHING} ${findings.map((count) => count ?? NOTHING).join(' ')}`
}

function ruleLine({ rule, open, resolved, oldest, hours_to_resolve: hours }: HistoryRule): string {
  return `rule ${rule} open=${open} resolved=${resolved} oldest=${oldest ?? NOTHING} hours=${hours ?? NOTHING}`
}

/** A list has no lines of files to annotate: one notice about the last audit, and the tables as the job summary. */
export const github: Renderer<HistoryView> = {
  name: 'github',
  summary: { variable: 'GITHUB_STEP_SUMMARY', format: 'markdown' },
  async *render({ history }, { locale, timezone }) {
    const last = history.audits.findLast(({ kind }) => kind === 'audit')
    if (last === undefined || last.totals === null) return
    const texts = compareTextsOf(locale)
    const name = auditName(last, locale, timezone)
    yield `::notice title=omniparity::${texts.latest(name, last.totals, last.opened, last.resolved)}\n`
  },
}
