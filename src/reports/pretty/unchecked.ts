import type { Coverage, QuarantinedRecord, ReportHead, UnknownReason } from '../../model/report.ts'
import { cut, cutStart, flow, padStart, safe, widthOf, wrap } from '../layout.ts'
import { unlinkedChannels } from '../unlinked.ts'
import { block, heading, labelled, type Page } from './page.ts'

const MOST_RECORDS = 5

interface Reason {
  readonly reason: UnknownReason
  readonly total: number
  readonly rules: readonly (readonly [string, number])[]
}

/** Most checks first. */
function byReason(coverage: readonly Coverage[]): readonly Reason[] {
  const found = new Map<UnknownReason, [string, number][]>()
  for (const { rule, unknown } of coverage) {
    for (const [reason, count] of Object.entries(unknown) as [UnknownReason, number][]) {
      if (count > 0) found.set(reason, [...(found.get(reason) ?? []), [rule, count]])
    }
  }
  return [...found]
    .map(([reason, rules]) => ({
      reason,
      total: rules.reduce((sum, [, count]) => sum + count, 0),
      rules: rules.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
    }))
    .sort((a, b) => b.total - a.total || (a.reason < b.reason ? -1 : 1))
}

function reasonBlock(page: Page, reason: Reason, figures: number): string {
  const { chalk, width, texts } = page
  const text = texts.reasons[reason.reason]
  const indent = figures + 4
  const room = width - indent
  const rules = reason.rules.map(([rule, count]) => `${safe(rule)} ${texts.number(count)}`)
  const total = padStart(texts.number(reason.total), figures)
  return [
    `\n  ${chalk.yellow.bold(total)}  ${chalk.bold(text.title)}\n`,
    block(
      flow(rules, ' · ', room).map((line) => chalk.dim(line)),
      indent,
    ),
    labelled(
      chalk.green('→'),
      wrap(text.hint, room - 2).map((line) => chalk.green(line)),
      indent,
      2,
    ),
  ].join('')
}

export function uncheckedBlock(page: Page, head: Pick<ReportHead, 'channels' | 'coverage'>): string {
  const { coverage } = head
  const { chalk, width } = page
  const texts = page.texts.coverage
  const reasons = byReason(coverage)
  const total = reasons.reduce((sum, reason) => sum + reason.total, 0)
  const figures = Math.max(0, ...reasons.map((reason) => widthOf(page.texts.number(reason.total))))
  const unknownOf = (one: Coverage): number => Object.values(one.unknown).reduce((sum, count) => sum + count, 0)
  const empty = coverage.filter((one) => one.checked - one.not_applicable === 0).map(({ rule }) => safe(rule))
  const nothing = empty.length === coverage.length
  const clean = coverage.filter((one) => one.pass > 0 && one.fail === 0 && unknownOf(one) === 0)
  const unlinked = unlinkedChannels(head).map(safe)
  return [
    heading(page, texts.heading),
    unlinked.length === 0
      ? ''
      : `${block(
          wrap(texts.unlinked(unlinked.join(', ')), width).map((line) => chalk.yellow.bold(line)),
          0,
        )}\n`,
    block(wrap(total > 0 ? texts.lead(total) : nothing ? texts.nothing : texts.all, width), 0),
    ...reasons.map((reason) => reasonBlock(page, reason, figures)),
    empty.length === 0 ? '' : `\n${block(wrap(texts.empty(empty.length), width), 0)}`,
    block(
      flow(empty, ' · ', width - 2).map((line) => chalk.dim(line)),
      2,
    ),
    clean.length === 0 ? '' : `\n${block(wrap(texts.clean(clean.length), width), 0)}`,
  ].join('')
}

function recordBlock(page: Page, { path, row, line, raw, reason }: QuarantinedRecord): string {
  const { chalk, width, texts } = page
  const record = texts.quarantine.record(row)
  const place = cutStart(safe(line === null ? path : `${path}:${line}`), width - widthOf(record) - 4)
  const text = raw === '' ? '' : block([chalk.dim(cut(`"${safe(raw)}"`, width - 4))], 4)
  return `\n  ${chalk.bold(place)}  ${record}\n${block(wrap(safe(reason), width - 4), 4)}${text}`
}

export function quarantineBlock(page: Page, head: ReportHead, records: readonly QuarantinedRecord[]): string {
  const { texts, width } = page
  const inSources = head.channels.flatMap(({ sources }) => sources).reduce((sum, one) => sum + one.quarantined, 0)
  const total = Math.max(inSources, records.length)
  if (total === 0) return ''
  const shown = records.slice(0, MOST_RECORDS)
  const more = total - shown.length
  return [
    heading(page, texts.quarantine.heading),
    block(wrap(texts.quarantine.lead(total), width), 0),
    ...shown.map((record) => recordBlock(page, record)),
    more > 0 ? `\n  ${texts.quarantine.more(more)}\n` : '',
  ].join('')
}
