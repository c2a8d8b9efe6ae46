import type { Finding, Side } from '../../model/report.ts'
import { cut, cutStart, padEnd, padStart, safe, widthOf } from '../layout.ts'
import { placeOf } from '../place.ts'
import type { Page } from './page.ts'

const INDENT = 4
const GAP = 2
const NARROWEST_PLACE = 20
const WIDEST_CHANNEL = 18
const WIDEST_FIELD = 24

interface Cells {
  readonly authority: boolean
  readonly channel: string
  readonly field: string
  readonly value: string
  /** In quotes; empty where it says the same as the value. */
  readonly raw: string
  readonly place: string
}

export interface SideColumns {
  readonly channel: number
  readonly field: number
  readonly value: number
  readonly raw: number
  readonly place: number
  /** Figures stand at the right edge of their column. */
  readonly figures: boolean
  /** The place has a line of its own: the values leave it no room. */
  readonly stacked: boolean
}

function isMixed(finding: Finding): boolean {
  return new Set(finding.sides.map(({ field }) => field).filter((field) => field !== null)).size > 1
}

/** Spaces of any width and direction marks apart, as a reader compares. */
function sameToTheEye(a: string, b: string): boolean {
  return a.replace(/\s/gu, '') === b.replace(/\s/gu, '')
}

function valueText(page: Page, { value, field, unit }: Side): string {
  if (value === null) return field === null ? '—' : page.texts.rules.empty
  return page.values.value(value, field, unit)
}

function cellsOf(page: Page, side: Side, withField: boolean): Cells {
  const value = valueText(page, side)
  const differs = side.raw !== null && side.raw !== side.value && !sameToTheEye(safe(side.raw), value)
  return {
    authority: side.authority,
    channel: cut(safe(side.channel), WIDEST_CHANNEL),
    field: withField ? cut(safe(side.field ?? ''), WIDEST_FIELD) : '',
    value,
    raw: differs && side.raw !== null && side.raw.trim() !== '' ? `"${safe(side.raw)}"` : '',
    place: side.source === null ? '' : safe(placeOf(side.source)),
  }
}

/** Columns that suit all the findings of a rule, so that their values stand under each other. */
export function columnsFor(page: Page, findings: readonly Finding[]): SideColumns {
  const withField = findings.some(isMixed)
  const cells = findings.flatMap(({ sides }) => sides.map((side) => cellsOf(page, side, withField)))
  const widest = (of: (one: Cells) => string): number => Math.max(0, ...cells.map((one) => widthOf(of(one))))
  const [channel, field, value, raw] = [
    widest((one) => one.channel),
    widest((one) => one.field),
    widest((one) => one.value),
    widest((one) => one.raw),
  ]
  const columns = [channel, field, value, raw].filter((column) => column > 0)
  const left = page.width - INDENT - 2 - columns.reduce((sum, column) => sum + column + GAP, 0)
  const wanted = widest((one) => one.place)
  const values = findings.flatMap(({ sides }) => sides.map((side) => side.value)).filter((text) => text !== null)
  return {
    channel,
    field,
    value,
    raw,
    place: Math.min(left, wanted),
    figures: values.every((text) => /^-?\d+(?:\.\d+)?$/.test(text)),
    stacked: left < Math.min(wanted, NARROWEST_PLACE),
  }
}

function stackedLines(page: Page, cells: Cells, columns: SideColumns, start: string, indent: number): string {
  const room = page.width - indent
  const rest = [cells.raw, cells.place].filter((text) => text !== '')
  const under = rest.join('  ')
  const lines = widthOf(under) <= room ? [under] : [cut(cells.raw, room), cutStart(cells.place, room)]
  const value = page.chalk.bold(cut(cells.value, Math.max(8, room - (columns.field === 0 ? 0 : GAP))))
  const beneath = lines.filter((line) => line !== '').map((line) => `${' '.repeat(indent)}${page.chalk.dim(line)}\n`)
  return `${start}${value}\n${beneath.join('')}`
}

/** One side, on one line or, when it is `stacked`, on two or three. */
export function sideLines(page: Page, side: Side, columns: SideColumns): string {
  const { chalk } = page
  const cells = cellsOf(page, side, columns.field > 0)
  const pad = (text: string, width: number): string => (width === 0 ? '' : padEnd(cut(text, width), width + GAP))
  const channel = pad(cells.channel, columns.channel)
  const lead = `${' '.repeat(INDENT)}${cells.authority ? chalk.green('* ') : '  '}`
  const start = `${lead}${cells.authority ? chalk.green(channel) : channel}${chalk.dim(pad(cells.field, columns.field))}`
  const indent = INDENT + 2 + widthOf(channel) + (columns.field === 0 ? 0 : columns.field + GAP)
  if (columns.stacked) return stackedLines(page, cells, columns, start, indent)
  const text = cut(cells.value, columns.value)
  const value = columns.figures ? padStart(text, columns.value) : padEnd(text, columns.value)
  const raw = pad(cells.raw, columns.raw)
  const place = cutStart(cells.place, Math.max(0, columns.place))
  const tail = `${raw}${place}`.trimEnd()
  return tail === ''
    ? `${start}${chalk.bold(value.trimEnd())}\n`
    : `${start}${chalk.bold(value)}${' '.repeat(GAP)}${chalk.dim(tail)}\n`
}
