/** The sheets that the head of a report fills: summary, causes, coverage, glossary. */
import type { Cause, Coverage, Report, UnknownReason } from '../../model/report.ts'
import { UNKNOWN_REASONS } from '../../model/report.ts'
import { gateLine } from '../gate.ts'
import type { Book } from './book.ts'
import type { Numbered } from './findings.ts'
import type { Cell } from './sheet.ts'

export async function summarySheet(book: Book, report: Report, leftOut: readonly Numbered[]): Promise<Numbered> {
  const { head } = report
  const { summary, columns, sheets } = book.texts
  const widths = [40, 22, 14, 12, 12, 12, 12]
  const made = book.sheet(
    sheets.summary,
    widths.map((width) => ({ title: '', width })),
    false,
  )
  const { sheet } = made
  const unknown = head.coverage.reduce((sum, one) => sum + unknownOf(one), 0)
  const facts: readonly (readonly [string, Cell])[] = [
    [summary.asOf, book.text(book.values.instant(head.audit.as_of))],
    [summary.audit, book.text(head.audit.id)],
    [summary.result, book.text(gateLine(report, book.options.locale))],
    [summary.errors, book.count(head.totals.error)],
    [summary.warnings, book.count(head.totals.warning)],
    [summary.info, book.count(head.totals.info)],
    [summary.known, book.count(head.totals.known)],
    [summary.suppressed, book.count(head.totals.suppressed)],
    [summary.explained, book.count(head.totals.explained)],
    [summary.unknown, book.count(unknown)],
  ]
  await sheet.add([book.text(report.project ?? book.words.header.title, 'title')])
  await sheet.add([])
  for (const [name, cell] of facts) await sheet.add([book.text(name), cell])
  for (const { sheet: full } of leftOut) await sheet.add([book.text(summary.leftOut(full.name, full.leftOut))])
  await sheet.add([])
  const titles = [
    columns.channel,
    columns.kind,
    columns.platform,
    columns.listings,
    columns.linked,
    columns.rows,
    columns.unreadable,
  ]
  await sheet.add(titles.map((title) => book.text(title, 'header')))
  for (const { id, kind, platform, listings, linked, sources } of head.channels) {
    const records = sources.reduce((sum, { rows }) => sum + rows, 0)
    const bad = sources.reduce((sum, { quarantined }) => sum + quarantined, 0)
    const words = [book.text(id), book.text(book.words.channelKind[kind]), book.text(platform)]
    await sheet.add([...words, ...[listings, linked, records, bad].map((count) => book.count(count))])
  }
  await sheet.add([])
  await sheet.add(
    [columns.file, columns.dataOf, columns.rows, columns.unreadable].map((title) => book.text(title, 'header')),
  )
  for (const { path, data_as_of: at, rows, quarantined } of head.channels.flatMap(({ sources }) => sources)) {
    const moment = at === null ? null : book.values.instant(at)
    await sheet.add([book.text(path), book.text(moment), book.count(rows), book.count(quarantined)])
  }
  return made
}

function unknownOf({ unknown }: Coverage): number {
  return Object.values(unknown).reduce((sum, count) => sum + count, 0)
}

export async function causesSheet(book: Book, { head }: Report): Promise<Numbered> {
  const { columns, sheets } = book.texts
  const made = book.sheet(sheets.causes, [
    { title: columns.severity, width: 10 },
    { title: columns.status, width: 12 },
    { title: columns.kind, width: 18 },
    { title: columns.channels, width: 20 },
    { title: columns.field, width: 18 },
    { title: columns.message, width: 60 },
    { title: columns.advice, width: 60 },
    { title: columns.findings, width: 12 },
    { title: columns.share, width: 12 },
    { title: columns.impact, width: 14 },
    { title: columns.basis, width: 12 },
    { title: columns.rule, width: 32 },
    { title: columns.id, width: 22 },
  ])
  for (const cause of head.causes) {
    await made.sheet.add([
      book.severity(cause.severity),
      book.text(book.words.status[cause.status]),
      ...causeCells(book, cause),
      book.share(cause.share),
      book.impact(cause.impact),
      book.text(cause.impact === null ? null : book.texts.basis[cause.impact.basis]),
      book.text(cause.rule),
      book.text(cause.id),
    ])
  }
  return made
}

/** What a cause is: its kind, channels, field, message, advice and how many findings it explains. */
export function causeCells(
  book: Book,
  cause: Pick<Cause, 'kind' | 'channels' | 'field' | 'message' | 'advice' | 'findings'>,
): readonly Cell[] {
  return [
    book.text(cause.kind),
    book.text(cause.channels.join(', ')),
    book.text(cause.field),
    book.text(cause.message, 'wrapped'),
    book.text(cause.advice, 'wrapped'),
    book.count(cause.findings),
  ]
}

export async function coverageSheet(book: Book, { head }: Report): Promise<Numbered> {
  const { columns, sheets } = book.texts
  const reasons: readonly UnknownReason[] = UNKNOWN_REASONS.filter((reason) =>
    head.coverage.some(({ unknown }) => (unknown[reason] ?? 0) > 0),
  )
  const counts = [columns.checked, columns.pass, columns.fail, columns.notApplicable, columns.unknown]
  const made = book.sheet(sheets.coverage, [
    { title: columns.rule, width: 34 },
    { title: columns.title, width: 50 },
    ...counts.map((title) => ({ title, width: 12 })),
    ...reasons.map((reason) => ({ title: book.words.reasons[reason].title, width: 16 })),
  ])
  for (const one of head.coverage) {
    const figures = [one.checked, one.pass, one.fail, one.not_applicable, unknownOf(one)]
    await made.sheet.add([
      book.text(one.rule),
      book.text(book.options.ruleTitle(one.rule)),
      ...[...figures, ...reasons.map((reason) => one.unknown[reason] ?? 0)].map((count) => book.count(count)),
    ])
  }
  return made
}

export async function glossarySheet(book: Book, { head }: Report): Promise<Numbered> {
  const { columns, sheets, glossary } = book.texts
  const made = book.sheet(sheets.glossary, [
    { title: columns.word, width: 34 },
    { title: columns.meaning, width: 110 },
  ])
  const met = new Set(head.coverage.flatMap(({ unknown }) => Object.keys(unknown)))
  const reasons = UNKNOWN_REASONS.filter((reason) => met.has(reason)).map((reason) => {
    const { title, hint } = book.words.reasons[reason]
    return [title, hint] as const
  })
  const rules = head.coverage.filter(({ fail }) => fail > 0).map(({ rule }) => [rule, meaningOf(book, rule)] as const)
  for (const [word, meaning] of [...glossary, ...reasons, ...rules])
    await made.sheet.add([book.text(word), book.text(meaning, 'wrapped')])
  return made
}

function meaningOf({ options }: Book, rule: string): string {
  const docs = options.ruleText?.(rule)?.docs[options.locale]
  return docs === undefined ? options.ruleTitle(rule) : `${options.ruleTitle(rule)}. ${docs.what} ${docs.why}`
}
