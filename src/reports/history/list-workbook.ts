/** The audits so far as a workbook: summary, audits with what changed, series to pivot, rules. */
import type { HistoryView } from '../../model/history.ts'
import type { Renderer } from '../reporter.ts'
import { Book } from '../xlsx/book.ts'
import type { Numbered } from '../xlsx/findings.ts'
import { workbookZip } from '../xlsx/workbook.ts'
import { auditRows, isWhole } from './list-figures.ts'
import { columnsOf, difference, FIGURES, factSheet, figure } from './sheets.ts'
import { compareTextsOf } from './subject.ts'

export const reporter: Renderer<HistoryView> = {
  name: 'xlsx',
  isBinary: true,
  async *render(view, options) {
    const book = new Book(options)
    const sheets = [
      await summary(book, view),
      await audits(book, view),
      await series(book, view),
      await rules(book, view),
    ]
    const created = view.history.audits.at(-1)?.as_of ?? '1980-01-01T00:00:00Z'
    yield* workbookZip({ title: view.project, created, styles: book.styles, sheets })
  },
}

async function summary(book: Book, { project, history }: HistoryView): Promise<Numbered> {
  const texts = compareTextsOf(book.options.locale)
  const { sheets, newer, older } = texts.workbook
  const { columns } = texts.page
  const made = factSheet(book, sheets.summary, [34, 22, 22, 12])
  const { sheet } = made
  const whole = history.audits.filter(isWhole)
  const [before = null, last = null] = whole.length < 2 ? [null, whole[0]] : whole.slice(-2)
  await sheet.add([book.text(project, 'title')])
  await sheet.add([])
  await sheet.add([
    book.text(columns.figure, 'header'),
    ...[older, newer, columns.delta].map((text) => book.text(text, 'header')),
  ])
  const moment = (one: typeof last) => (one === null ? null : book.text(book.values.instant(one.as_of)))
  await sheet.add([book.text(columns.moment), moment(before), moment(last)])
  for (const name of FIGURES) {
    const [was, is] = [before, last].map((one) => (one === null ? null : figure(one, name)))
    await sheet.add([
      book.text(columns[name]),
      book.count(was ?? null),
      book.count(is ?? null),
      difference(book, is ?? null, was ?? null),
    ])
  }
  await sheet.add([])
  await sheet.add([book.text(texts.page.audits), book.count(history.audits.length)])
  return made
}

async function audits(book: Book, view: HistoryView): Promise<Numbered> {
  const texts = compareTextsOf(book.options.locale)
  const { columns, workbook } = { columns: texts.page.columns, workbook: texts.workbook }
  const made = book.sheet(
    workbook.sheets.audits,
    columnsOf([
      [columns.number, 8],
      [columns.moment, 18],
      [workbook.columns.kind, 24],
      ...FIGURES.flatMap((name) => [
        [columns[name], 12] as const,
        [workbook.columns.delta(columns[name]), 12] as const,
      ]),
      [columns.opened, 10],
      [columns.resolved, 10],
      [workbook.columns.partial, 20],
      [workbook.columns.auditId, 38],
    ]),
  )
  const { rules: words } = book.words
  for (const { audit, before } of auditRows(view)) {
    const isAudit = audit.kind === 'audit'
    await made.sheet.add([
      book.count(audit.number),
      book.text(book.values.instant(audit.as_of)),
      book.text(workbook.kinds[audit.kind]),
      ...FIGURES.flatMap((name) => {
        const [is, was] = [figure(audit, name), before === null ? null : figure(before, name)]
        return [book.count(is), difference(book, is, was)]
      }),
      book.count(isAudit ? audit.opened : null),
      book.count(isAudit ? audit.resolved : null),
      book.text(isAudit ? (audit.partial ? words.yes : words.no) : null),
      book.text(audit.id),
    ])
  }
  return made
}

/** One row for each audit, rule, severity and channel that it found something of. */
async function series(book: Book, { history, series: all }: HistoryView): Promise<Numbered> {
  const texts = compareTextsOf(book.options.locale)
  const { columns, workbook } = { columns: texts.page.columns, workbook: texts.workbook }
  const made = book.sheet(
    workbook.sheets.series,
    columnsOf([
      [columns.number, 8],
      [columns.moment, 18],
      [workbook.columns.domain, 16],
      [columns.rule, 36],
      [workbook.columns.severity, 12],
      [workbook.columns.owner, 20],
      [workbook.columns.findings, 12],
    ]),
  )
  for (const [at, audit] of history.audits.entries()) {
    const moment = book.values.instant(audit.as_of)
    for (const { rule, severity, channel, findings } of all[at]?.counts ?? []) {
      const family = rule.split('/')[0] ?? ''
      await made.sheet.add([
        book.count(audit.number),
        book.text(moment),
        book.text(book.texts.families[family] ?? family),
        book.text(rule),
        severity === 'error' || severity === 'warning' || severity === 'info'
          ? book.severity(severity)
          : book.text(severity),
        book.text(channel),
        book.count(findings),
      ])
    }
  }
  return made
}

async function rules(book: Book, { history }: HistoryView): Promise<Numbered> {
  const texts = compareTextsOf(book.options.locale)
  const { columns, workbook } = { columns: texts.page.columns, workbook: texts.workbook }
  const made = book.sheet(
    workbook.sheets.rules,
    columnsOf([
      [columns.rule, 36],
      [book.texts.columns.title, 50],
      [columns.open, 12],
      [columns.oldest, 18],
      [columns.resolved, 12],
      [workbook.columns.medianHours, 18],
    ]),
  )
  for (const { rule, open, oldest, resolved, hours_to_resolve: hours } of history.rules) {
    await made.sheet.add([
      book.text(rule),
      book.text(book.options.ruleTitle(rule)),
      book.count(open),
      book.text(oldest === null ? null : book.values.instant(oldest)),
      book.count(resolved),
      hours === null ? null : book.number(String(hours), null),
    ])
  }
  return made
}
