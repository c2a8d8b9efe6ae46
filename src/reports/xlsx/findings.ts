/** The sheets that findings fill: one a rule family, and a work list a channel. */
import type { Cause, Finding, Report, Side } from '../../model/report.ts'
import { placeOfCause, placeOfFinding } from '../place.ts'
import type { Book } from './book.ts'
import type { Cell, Column, Sheet } from './sheet.ts'

/** More channels than this make a sheet that nobody reads. */
const MOST_CHANNELS = 12

export interface Numbered {
  readonly sheet: Sheet
  readonly number: number
}

export class FindingSheets {
  readonly #book: Book
  readonly #channels: readonly string[]
  readonly #families = new Map<string, Numbered>()
  readonly #work = new Map<string, Numbered>()

  constructor(book: Book, report: Report) {
    this.#book = book
    this.#channels = report.head.channels.map(({ id }) => id).slice(0, MOST_CHANNELS)
  }

  /** In the order of the configuration. */
  get work(): readonly Numbered[] {
    const known = this.#channels.flatMap((id) => this.#work.get(id) ?? [])
    return [...known, ...[...this.#work.values()].filter((one) => !known.includes(one))]
  }

  get families(): readonly Numbered[] {
    return [...this.#families].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sheet]) => sheet)
  }

  /** One action ends many findings, so it stands above them. */
  async addCause(cause: Cause, report: Report): Promise<void> {
    const [channel] = cause.channels
    if (cause.status === 'suppressed' || channel === undefined) return
    const book = this.#book
    const place = placeOfCause(cause, report.head)
    await this.#workSheet(channel).sheet.add([
      book.severity(cause.severity),
      book.text(book.words.status[cause.status]),
      book.text(book.texts.cause),
      null,
      null,
      null,
      book.text(cause.field),
      null,
      book.text(cause.advice, 'wrapped'),
      book.text(cause.message, 'wrapped'),
      book.impact(cause.impact),
      book.text(place?.path),
      null,
      null,
      book.text(cause.rule),
      null,
      book.text(cause.id),
    ])
  }

  async add(finding: Finding): Promise<void> {
    await this.#familySheet(finding.rule.split('/')[0] ?? '').sheet.add(this.#familyRow(finding))
    if (finding.explained_by !== null || finding.status === 'suppressed') return
    for (const side of toChange(finding)) await this.#workSheet(side.channel).sheet.add(this.#workRow(finding, side))
  }

  #familyRow(finding: Finding): readonly Cell[] {
    const book = this.#book
    const { item, sides, impact } = finding
    const place = placeOfFinding(finding)
    return [
      book.severity(finding.severity),
      book.text(book.words.status[finding.status]),
      book.text(finding.rule),
      book.text(item?.sku ?? item?.id),
      book.text(item?.gtin),
      book.text(item?.title),
      book.text(finding.market),
      book.text(finding.message),
      this.#expected(finding),
      book.impact(impact),
      book.text(impact === null ? null : book.texts.basis[impact.basis]),
      ...this.#channels.map((channel) => {
        const side = sides.find((one) => one.channel === channel)
        return side === undefined ? null : book.value(side.value, side.field, side.unit)
      }),
      book.text(place === null ? null : pathOf(place)),
      book.count(place?.row ?? null),
      book.count(place?.line ?? null),
      book.text(finding.explained_by),
      book.text(finding.id),
    ]
  }

  #workRow(finding: Finding, side: Side): readonly Cell[] {
    const book = this.#book
    const { item } = finding
    return [
      book.severity(finding.severity),
      book.text(book.words.status[finding.status]),
      book.text(item?.sku ?? item?.id),
      book.text(item?.gtin),
      book.text(item?.title),
      book.text(side.listing),
      book.text(side.field),
      book.value(side.value, side.field, side.unit),
      finding.expected === null ? book.text(book.texts.decide) : this.#expected(finding),
      book.text(finding.message),
      book.impact(finding.impact),
      book.text(side.source === null ? null : pathOf(side.source)),
      book.count(side.source?.row ?? null),
      book.count(side.source?.line ?? null),
      book.text(finding.rule),
      book.text(finding.fixable ? book.words.rules.yes : book.words.rules.no),
      book.text(finding.id),
    ]
  }

  #expected({ expected, sides }: Finding): Cell {
    if (expected === null) return null
    const unit = sides.find((side) => side.unit !== null)?.unit ?? null
    return this.#book.value(expected, sides[0]?.field ?? null, unit)
  }

  #familySheet(family: string): Numbered {
    const known = this.#families.get(family)
    if (known !== undefined) return known
    const { columns, families } = this.#book.texts
    const made = this.#book.sheet(families[family] ?? family, [
      { title: columns.severity, width: 10 },
      { title: columns.status, width: 10 },
      { title: columns.rule, width: 32 },
      { title: columns.sku, width: 20 },
      { title: columns.gtin, width: 16 },
      { title: columns.title, width: 36 },
      { title: columns.market, width: 8 },
      { title: columns.message, width: 70 },
      { title: columns.expected, width: 14 },
      { title: columns.impact, width: 12 },
      { title: columns.basis, width: 11 },
      ...this.#channels.map((title): Column => ({ title, width: 14 })),
      { title: columns.file, width: 28 },
      { title: columns.row, width: 9 },
      { title: columns.line, width: 9 },
      { title: columns.explainedBy, width: 22 },
      { title: columns.id, width: 22 },
    ])
    this.#families.set(family, made)
    return made
  }

  #workSheet(channel: string): Numbered {
    const known = this.#work.get(channel)
    if (known !== undefined) return known
    const { columns, sheets } = this.#book.texts
    const made = this.#book.sheet(sheets.work(channel), [
      { title: columns.severity, width: 10 },
      { title: columns.status, width: 10 },
      { title: columns.sku, width: 20 },
      { title: columns.gtin, width: 16 },
      { title: columns.title, width: 36 },
      { title: columns.listing, width: 20 },
      { title: columns.field, width: 18 },
      { title: columns.from, width: 16 },
      { title: columns.to, width: 30 },
      { title: columns.why, width: 70 },
      { title: columns.impact, width: 12 },
      { title: columns.file, width: 28 },
      { title: columns.row, width: 9 },
      { title: columns.line, width: 9 },
      { title: columns.rule, width: 32 },
      { title: columns.fixable, width: 10 },
      { title: columns.id, width: 22 },
    ])
    this.#work.set(channel, made)
    return made
  }
}

function pathOf({ path, sheet }: { readonly path: string; readonly sheet?: string }): string {
  return sheet === undefined ? path : `${path}!${sheet}`
}

/** The sides that somebody has to touch: of each listing the first that is not as it should be, never the authority's. */
function toChange({ sides, expected }: Finding): readonly Side[] {
  const seen = new Set<string>()
  return sides.filter((side) => {
    const key = JSON.stringify([side.channel, side.listing])
    if (side.authority || (expected !== null && side.value === expected) || seen.has(key)) return false
    seen.add(key)
    return true
  })
}
