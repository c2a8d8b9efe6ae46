import type { FormatTexts } from '../../i18n/formats.en.ts'
import type { ReportTexts } from '../../i18n/report.en.ts'
import type { Severity } from '../../model/config.ts'
import type { Cause, Finding, Report, RuleTally, UnknownReason } from '../../model/report.ts'
import { gateLine, judged } from '../gate.ts'
import { placeOf, placeOfFinding } from '../place.ts'
import type { Gathered } from '../pretty/gather.ts'
import type { RenderOptions } from '../reporter.ts'
import { unlinkedChannels } from '../unlinked.ts'
import type { Values } from '../values.ts'
import { codeSpan, inertHtml, inertMarkdown } from './inert.ts'

export interface MarkdownPage {
  readonly options: RenderOptions
  readonly texts: FormatTexts
  readonly report: ReportTexts
  readonly values: Values
}

const MARK: Readonly<Record<Severity, string>> = { error: '🔴', warning: '🟠', info: '🔵' }
/** Findings of a rule where no limit is asked for. */
const ROWS = 10
/** Of a message or a value: a comment is no place for a whole description. */
const LONGEST = 300

function brief(text: string): string {
  return inertMarkdown(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`
}

function table(head: readonly string[], rows: readonly string[]): string {
  return `${row(head)}${row(head.map(() => '---'))}${rows.join('')}`
}

export function headLines({ options, texts, values }: MarkdownPage, report: Report): string {
  const { head } = report
  const { severity, counts, stamp } = texts.markdown
  const columns = [
    ...(['error', 'warning', 'info'] as const).map((one) => [severity[one], head.totals[one]] as const),
    ...(['known', 'suppressed', 'explained'] as const).map((one) => [counts[one], head.totals[one]] as const),
  ]
  const name = report.project === undefined ? '' : `${inertMarkdown(report.project)}: `
  const mark = judged(report).status === 0 ? '✅' : '❌'
  const figures = table(
    columns.map(([word]) => word),
    [row(columns.map(([, count]) => texts.number(count)))],
  )
  const stamped = stamp(head.tool.version, codeSpan(head.audit.id), values.instant(head.audit.as_of))
  return `## ${mark} ${name}${brief(gateLine(report, options.locale))}\n\n${figures}\n${stamped}\n`
}

/** Causes that nobody has suppressed, as many as the room takes. */
export function causeLines(
  page: MarkdownPage,
  { head }: Report,
  room: number,
): { readonly text: string; readonly leftOut: number } {
  const causes = head.causes.filter(({ status }) => status !== 'suppressed')
  if (causes.length === 0) return { text: '', leftOut: 0 }
  let text = `\n### ${page.texts.markdown.causes}\n\n`
  let shown = 0
  for (const cause of causes) {
    const item = causeItem(page, cause)
    if (text.length + item.length > room) break
    text += item
    shown++
  }
  return { text, leftOut: causes.length - shown }
}

function causeItem({ texts, report, values }: MarkdownPage, cause: Cause): string {
  const { impact } = cause
  const facts = [
    texts.explains(cause.findings),
    ...(impact === null ? [] : [report.rules.impact(values.money(impact.amount, impact.currency), impact.basis)]),
    ...(cause.status === 'new' ? [] : [report.status[cause.status]]),
  ]
  const advice = cause.advice === '' ? '' : `  ${texts.advice(brief(cause.advice))}\n`
  return `- ${MARK[cause.severity]} **${brief(cause.message)}** (${facts.map(inertMarkdown).join(' · ')})\n${advice}`
}

/** The tables of the rules, the worst rule first. */
export async function findingTables(
  page: MarkdownPage,
  gathered: Gathered,
  room: number,
  most: number | null,
): Promise<{ readonly text: string; readonly rows: number; readonly rules: number }> {
  const { markdown } = page.texts
  const tallies = gathered.tallies.filter(({ listed }) => listed > 0)
  let text = `\n### ${markdown.findings}\n\n${tallies.length === 0 ? `${markdown.noFindings}\n` : ''}`
  let [rows, rules] = [0, 0]
  for (const tally of tallies) {
    const left = room - text.length
    const section = left < LONGEST ? null : await ruleTable(page, tally, gathered, left, most ?? ROWS)
    if (section === null) {
      rules++
      rows += tally.listed
      continue
    }
    text += section.text
    rows += tally.listed - section.rows
  }
  return { text, rows, rules }
}

async function ruleTable(
  page: MarkdownPage,
  { rule, severity, listed }: RuleTally,
  gathered: Gathered,
  room: number,
  most: number,
): Promise<{ readonly text: string; readonly rows: number } | null> {
  const { columns, more } = page.texts.markdown
  const title = `${MARK[severity]} ${inertHtml(page.options.ruleTitle(rule))} · <code>${inertHtml(rule)}</code>: ${page.texts.number(listed)}`
  const open = `<details><summary>${title}</summary>\n\n`
  const head = table([columns.item, columns.what, columns.expected, columns.where], [])
  const close = `\n</details>\n\n`
  let text = open + head
  let rows = 0
  for await (const finding of gathered.listed(rule, most)) {
    const line = findingRow(page, finding)
    if (text.length + line.length + close.length + 40 > room) break
    text += line
    rows++
  }
  if (rows === 0) return null
  return { text: `${text}${rows < listed ? `\n${more(listed - rows)}\n` : ''}${close}`, rows }
}

function findingRow({ values }: MarkdownPage, finding: Finding): string {
  const { item, expected, sides } = finding
  const place = placeOfFinding(finding)
  const [first] = sides
  const unit = sides.find((side) => side.unit !== null)?.unit ?? null
  const name = item === null ? '' : codeSpan((item.sku ?? item.id).slice(0, LONGEST))
  const wanted = expected === null ? '' : brief(values.value(expected, first?.field ?? null, unit))
  return row([name, brief(finding.message), wanted, place === null ? '' : codeSpan(placeOf(place).slice(-LONGEST))])
}

export function unknownLines({ texts, report }: MarkdownPage, { head, quarantine }: Report): string {
  const { unknown, unknownColumns, quarantined } = texts.markdown
  const counts = new Map<UnknownReason, number>()
  for (const one of head.coverage) {
    for (const [reason, count] of Object.entries(one.unknown) as [UnknownReason, number][])
      counts.set(reason, (counts.get(reason) ?? 0) + count)
  }
  const rows = [...counts]
    .filter(([, count]) => count > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, count]) =>
      row([inertMarkdown(report.reasons[reason].title), texts.number(count), brief(report.reasons[reason].hint)]),
    )
  const records = quarantine.length === 0 ? '' : `\n${quarantined(quarantine.length)}\n`
  const channels = unlinkedChannels(head)
  const unlinked =
    channels.length === 0 ? '' : `**${inertMarkdown(report.coverage.unlinked(channels.join(', ')))}**\n\n`
  if (rows.length === 0 && records === '' && unlinked === '') return ''
  const { reason, checks, hint } = unknownColumns
  return `\n### ${unknown}\n\n${unlinked}${rows.length === 0 ? '' : table([reason, checks, hint], rows)}${records}`
}
