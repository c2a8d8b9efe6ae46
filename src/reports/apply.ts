/** What `omniparity apply` prints for people. */
import type { ApplyTexts } from '../i18n/apply.en.ts'
import { t } from '../i18n/texts.ts'
import {
  type AppearedFinding,
  CHANGE_OUTCOMES,
  type ChangeResult,
  type RunChannel,
  type RunReport,
} from '../model/run.ts'
import { padStart, safe, widthOf } from './layout.ts'
import { block, heading, type Page } from './pretty/page.ts'

/** Changes listed. */
const LISTED = 20

export function runPage(page: Page, report: RunReport): string {
  const texts = t(page.locale).apply
  const title = report.dry_run ? texts.title.dry : `${texts.title.run} ${report.run ?? ''}`
  const parts = [heading(page, title), block([statusLine(page, texts, report)], 2)]
  for (const channel of report.channels) parts.push('\n', block(channelLines(page, texts, channel, report.dry_run), 2))
  if (report.listed.length > 0) {
    const shown = report.listed.slice(0, LISTED)
    const omitted = report.omitted + report.listed.length - shown.length
    const lines = shown.flatMap((result) => resultLines(page, texts, result))
    parts.push(heading(page, texts.listed), block(lines, 2))
    if (omitted > 0) parts.push(block([page.chalk.dim(texts.more(omitted))], 2))
  }
  if (report.audit !== null) {
    const { gone, remaining, unknown, appeared } = report.audit
    const lines = [
      gone + remaining.length + unknown.length + appeared.length === 0 ? texts.quiet : texts.gone(gone),
      ...(remaining.length === 0
        ? []
        : [page.chalk.yellow(texts.remaining(remaining.length)), ...ids(page, remaining)]),
      ...(unknown.length === 0 ? [] : [page.chalk.yellow(texts.unknown(unknown.length)), ...ids(page, unknown)]),
      ...(appeared.length === 0
        ? []
        : [page.chalk.yellow(texts.appeared(appeared.length)), ...newLines(page, appeared)]),
    ]
    parts.push(heading(page, texts.audit), block(lines, 2))
  }
  if (report.run !== null && report.channels.some(({ counts }) => counts.written + counts.altered > 0))
    parts.push('\n', block([page.chalk.dim(texts.undo(report.run))], 2))
  return parts.join('')
}

function statusLine({ chalk }: Page, texts: ApplyTexts, { status, stopped, dry_run: isDry }: RunReport): string {
  const reason =
    stopped === null ? '' : `: ${texts.stop[stopped.reason]}${stopped.text === null ? '' : ` (${safe(stopped.text)})`}`
  const line = `${isDry ? texts.dry[status === 'complete' ? 'whole' : 'partial'] : texts.status[status]}${reason}`
  return status === 'complete' ? chalk.green(line) : chalk.yellow.bold(line)
}

function channelLines(
  { texts: words, chalk }: Page,
  texts: ApplyTexts,
  channel: RunChannel,
  isDry: boolean,
): readonly string[] {
  const rows = CHANGE_OUTCOMES.filter((outcome) => channel.counts[outcome] > 0).map((outcome) => [
    words.number(channel.counts[outcome]),
    (isDry && outcome === 'written' ? texts.wouldWrite : texts.outcome[outcome])(channel.counts[outcome]),
  ])
  if (channel.left > 0) rows.push([words.number(channel.left), texts.left])
  const width = Math.max(0, ...rows.map(([count = '']) => widthOf(count)))
  return [
    chalk.bold(safe(channel.id)),
    ...rows.map(([count = '', text = '']) => `  ${padStart(count, width)}  ${text}`),
  ]
}

function resultLines({ chalk }: Page, texts: ApplyTexts, result: ChangeResult): readonly string[] {
  const { change, outcome, value, reason } = result
  const { target, channel, field } = change
  const name = [target.sku, target.listing, target.external_id].find((one) => one !== null) ?? '?'
  const place = target.location === undefined ? '' : ` @ ${safe(target.location)}`
  const shown = (text: string | null): string => (text === null ? texts.nothing : safe(text))
  const facts = [
    `${texts.was} ${shown(change.before)}`,
    `${texts.wanted} ${shown(change.after)}`,
    ...(value === undefined ? [] : [`${texts.is} ${shown(value)}`]),
    ...(reason === undefined ? [] : [safe(reason)]),
  ]
  return [
    `${chalk.bold(safe(name))}${place}  ${safe(channel)}  ${field}  ${chalk.yellow(texts.outcome[outcome](1))}`,
    chalk.dim(`  ${facts.join(' · ')}`),
  ]
}

function ids({ chalk }: Page, all: readonly string[]): readonly string[] {
  const shown = all.slice(0, LISTED)
  return [chalk.dim(`  ${shown.join(', ')}${all.length > shown.length ? ', …' : ''}`)]
}

function newLines({ chalk, texts }: Page, all: readonly AppearedFinding[]): readonly string[] {
  const shown = all.slice(0, LISTED)
  return shown.map(({ finding, rule, severity }) => chalk.dim(`  ${texts.severity[severity]}  ${rule}  ${finding}`))
}
