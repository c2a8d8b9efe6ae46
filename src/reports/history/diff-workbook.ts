/** Two audits side by side as a workbook: what is new, gone and changed, with the values of every channel before and after. */
import type { ComparedFinding, Comparison, FindingChange } from '../../model/history.ts'
import type { Side } from '../../model/report.ts'
import { placeOfFinding } from '../place.ts'
import type { Renderer } from '../reporter.ts'
import { Book } from '../xlsx/book.ts'
import type { Numbered } from '../xlsx/findings.ts'
import { causeCells } from '../xlsx/overview.ts'
import type { Cell } from '../xlsx/sheet.ts'
import { workbookZip } from '../xlsx/workbook.ts'
import { columnsOf, difference, FIGURES, factSheet, figure, type Titled } from './sheets.ts'
import { auditName, compareTextsOf, diffSentence, itemOf } from './subject.ts'

/** More channels than this make a sheet that nobody reads. */
const MOST_CHANNELS = 12
const SHEETS = {
  new: ['new', 'reopened'],
  gone: ['resolved', 'quieted'],
  changed: ['worse', 'changed'],
} as const satisfies Record<string, readonly FindingChange[]>
type SheetName = keyof typeof SHEETS
const COUNTED: readonly FindingChange[] = ['new', 'reopened', 'worse', 'changed', 'quieted', 'resolved']

export const reporter: Renderer<Comparison> = {
  name: 'xlsx',
  isBinary: true,
  async *render(comparison, options) {
    const book = new Book(options)
    const sheets = new ChangeSheets(book, comparison)
    const counts = new Map<FindingChange, number>()
    for await (const one of comparison.findings(COUNTED)) {
      counts.set(one.change, (counts.get(one.change) ?? 0) + 1)
      await sheets.add(one)
    }
    const filled = [await summary(book, comparison, counts, sheets), ...sheets.all, ...(await causes(book, comparison))]
    const created = comparison.diff.to.as_of
    yield* workbookZip({ title: comparison.project, created, styles: book.styles, sheets: filled })
  },
}

class ChangeSheets {
  readonly #book: Book
  readonly #channels: readonly string[]
  readonly #sheets: Readonly<Record<SheetName, Numbered>>

  constructor(book: Book, comparison: Comparison) {
    this.#book = book
    const { heads } = comparison
    const named = [heads.to, heads.from].flatMap((head) => head?.channels.map(({ id }) => id) ?? [])
    this.#channels = [...new Set(named)].slice(0, MOST_CHANNELS)
    this.#sheets = { new: this.#sheet('new'), gone: this.#sheet('gone'), changed: this.#sheet('changed') }
  }

  get all(): readonly Numbered[] {
    return [this.#sheets.new, this.#sheets.gone, this.#sheets.changed]
  }

  async add(one: ComparedFinding): Promise<void> {
    const names: readonly SheetName[] = ['new', 'gone', 'changed']
    const name = names.find((sheet) => (SHEETS[sheet] as readonly FindingChange[]).includes(one.change))
    if (name !== undefined) await this.#sheets[name].sheet.add(this.#row(name, one))
  }

  #sheet(name: SheetName): Numbered {
    const { texts, options } = this.#book
    const { workbook } = compareTextsOf(options.locale)
    const { columns } = workbook
    const own = texts.columns
    const values = this.#channels.flatMap((channel): readonly Titled[] => {
      const [before, after] = [[columns.before(channel), 15] as const, [columns.after(channel), 15] as const]
      return name === 'new' ? [after] : name === 'gone' ? [before] : [before, after]
    })
    return this.#book.sheet(
      workbook.sheets[name],
      columnsOf([
        [columns.change, 16],
        [columns.severity, 10],
        ...(name === 'changed' ? [[columns.was, 12] as const] : []),
        [own.rule, 32],
        [own.sku, 20],
        [own.gtin, 16],
        [own.title, 36],
        [own.market, 8],
        [columns.owner, 14],
        [own.message, 70],
        ...values,
        [own.expected, 14],
        [own.impact, 12],
        [columns.firstSeen, 18],
        [columns.openedAt, 18],
        ...(name === 'gone' ? [[columns.resolvedAt, 18] as const, [columns.hours, 12] as const] : []),
        [own.file, 28],
        [own.row, 9],
        [own.line, 9],
        [own.id, 22],
      ]),
    )
  }

  #row(name: SheetName, { change, finding, seen, before }: ComparedFinding): readonly Cell[] {
    const book = this.#book
    const { changes } = compareTextsOf(book.options.locale)
    const { instant } = book.values
    const { item, impact } = finding
    const place = placeOfFinding(finding)
    const cellOf = (sides: readonly Side[] | null, channel: string): Cell => {
      const side = sides?.find((one) => one.channel === channel)
      return side === undefined ? null : book.value(side.value, side.field, side.unit)
    }
    const unit = finding.sides.find((side) => side.unit !== null)?.unit ?? null
    const expected = finding.expected
    const sheet = place?.sheet
    return [
      book.text(changes[change]),
      book.severity(finding.severity),
      ...(name === 'changed' ? [seen.was === null ? null : book.severity(seen.was)] : []),
      book.text(finding.rule),
      book.text(itemOf(finding)),
      book.text(item?.gtin),
      book.text(item?.title),
      book.text(finding.market),
      book.text(finding.owner),
      book.text(finding.message),
      ...this.#channels.flatMap((channel) => {
        // What is gone has the values that it had.
        const was = cellOf(name === 'gone' ? (before ?? finding.sides) : before, channel)
        const is = cellOf(finding.sides, channel)
        return name === 'new' ? [is] : name === 'gone' ? [was] : [was, is]
      }),
      expected === null ? null : book.value(expected, finding.sides[0]?.field ?? null, unit),
      book.impact(impact),
      book.text(instant(seen.first_seen)),
      book.text(instant(seen.opened_at)),
      ...(name === 'gone'
        ? [
            book.text(seen.resolved_at === null ? null : instant(seen.resolved_at)),
            seen.hours_to_resolve === null ? null : book.number(String(seen.hours_to_resolve), null),
          ]
        : []),
      book.text(place === null ? null : sheet === undefined ? place.path : `${place.path}!${sheet}`),
      book.count(place?.row ?? null),
      book.count(place?.line ?? null),
      book.text(finding.id),
    ]
  }
}

async function summary(
  book: Book,
  comparison: Comparison,
  counts: ReadonlyMap<FindingChange, number>,
  sheets: ChangeSheets,
): Promise<Numbered> {
  const { locale, timezone } = book.options
  const texts = compareTextsOf(locale)
  const { columns } = texts.page
  const { diff, heads } = comparison
  const { from, to } = diff
  const made = factSheet(book, texts.workbook.sheets.summary, [40, 30, 30, 12])
  const { sheet } = made
  const name = (audit: typeof from): string => auditName(audit, locale, timezone)
  await sheet.add([book.text(comparison.project, 'title')])
  await sheet.add([book.text(diffSentence(comparison.gate, locale))])
  const lost = [...(heads.from === null ? [name(from)] : []), ...(heads.to === null ? [name(to)] : [])]
  if (lost.length > 0) await sheet.add([book.text(texts.notKept(lost))])
  await sheet.add([])
  await sheet.add([columns.figure, name(from), name(to), columns.delta].map((text) => book.text(text, 'header')))
  for (const one of FIGURES) {
    const [was, is] = [figure(from, one), figure(to, one)]
    await sheet.add([book.text(columns[one]), book.count(was), book.count(is), difference(book, is, was)])
  }
  await sheet.add([book.text(texts.workbook.columns.auditId), book.text(from.id), book.text(to.id)])
  await sheet.add([])
  for (const change of [...COUNTED, 'unchanged'] as const) {
    const moved = counts.get('changed') ?? 0
    const count = change === 'unchanged' ? diff.unchanged - moved : (counts.get(change) ?? 0)
    await sheet.add([book.text(texts.groups[change]), book.count(count)])
  }
  for (const { sheet: full } of sheets.all)
    if (full.leftOut > 0) await sheet.add([book.text(book.texts.summary.leftOut(full.name, full.leftOut))])
  return made
}

async function causes(book: Book, comparison: Comparison): Promise<readonly Numbered[]> {
  if (comparison.causes === null || comparison.causes.length === 0) return []
  const texts = compareTextsOf(book.options.locale)
  const { columns } = book.texts
  const made = book.sheet(
    texts.workbook.sheets.causes,
    columnsOf([
      [texts.workbook.columns.change, 16],
      [columns.severity, 10],
      [columns.kind, 18],
      [columns.channels, 20],
      [columns.field, 18],
      [columns.message, 60],
      [columns.advice, 60],
      [columns.findings, 12],
      [columns.rule, 32],
      [columns.id, 22],
    ]),
  )
  for (const { change, cause } of comparison.causes) {
    await made.sheet.add([
      book.text(texts.page.causeChanges[change]),
      book.severity(cause.severity),
      ...causeCells(book, cause),
      book.text(cause.rule),
      book.text(cause.id),
    ])
  }
  return [made]
}
