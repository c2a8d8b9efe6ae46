/** One finding as lines of text: the channels side by side where they fit, one below the other where they do not. */
import type { ExploreTexts } from '../../i18n/explore.en.ts'
import type { Finding, Side } from '../../model/report.ts'
import { cut, safe, widthOf, wrap } from '../../reports/layout.ts'
import type { Values } from '../../reports/values.ts'

/** A piece of a line; `differs` stands out. */
export interface Piece {
  readonly text: string
  readonly look: 'plain' | 'bold' | 'dim' | 'differs'
}
export type Line = readonly Piece[]

const LEAST_COLUMN = 16

const plain = (text: string): Line => [{ text, look: 'plain' }]
const dim = (text: string): Line => [{ text, look: 'dim' }]

export function detailLines(
  finding: Finding,
  width: number,
  texts: ExploreTexts,
  values: Values,
  ruleTitle: (rule: string) => string,
  explains: string | null,
): readonly Line[] {
  const { item, expected, sides } = finding
  const about =
    item === null ? texts.noItem : [item.sku, item.gtin, item.title].filter((part) => part !== null).join(' · ')
  const unit = sides[0]?.unit ?? null
  return [
    ...wrap(safe(finding.message), width).map((line): Line => [{ text: line, look: 'bold' }]),
    ...wrap(safe(about), width).map(plain),
    [],
    ...sidesLines(finding, width, texts, values),
    [],
    ...(expected === null ? [] : [plain(texts.expected(values.value(expected, sides[0]?.field ?? null, unit)))]),
    ...(explains === null ? [] : wrap(texts.explainedBy(safe(explains)), width).map(plain)),
    ...(explains === null ? [plain(finding.fixable ? texts.fixable : texts.notFixable)] : []),
    ...wrap(`${texts.rule}: ${ruleTitle(finding.rule)} (${finding.rule})`, width).map(dim),
    dim(finding.id),
  ]
}

function sidesLines(finding: Finding, width: number, texts: ExploreTexts, values: Values): readonly Line[] {
  const columns = listingsOf(finding.sides)
  const fields = [...new Set(finding.sides.map(({ field }) => field ?? ''))]
  const label = Math.min(20, Math.max(...fields.map(widthOf), 6)) + 1
  const room = Math.floor((width - label) / Math.max(columns.length, 1))
  return room >= LEAST_COLUMN && columns.length > 1
    ? sideBySide(columns, fields, label, room, texts, values)
    : stacked(finding.sides, width, texts, values)
}

interface Column {
  readonly channel: string
  readonly listing: string | null
  readonly sides: readonly Side[]
}

/** The sides by listing: a channel with two listings has two columns. */
function listingsOf(sides: readonly Side[]): readonly Column[] {
  const columns = new Map<string, Side[]>()
  for (const side of sides) {
    const key = JSON.stringify([side.channel, side.listing])
    const column = columns.get(key)
    if (column === undefined) columns.set(key, [side])
    else column.push(side)
  }
  return [...columns.values()].flatMap((own) => {
    const [first] = own
    return first === undefined ? [] : [{ channel: first.channel, listing: first.listing, sides: own }]
  })
}

function sideBySide(
  columns: readonly Column[],
  fields: readonly string[],
  label: number,
  room: number,
  texts: ExploreTexts,
  values: Values,
): readonly Line[] {
  const row = (name: string, cells: readonly Piece[]): Line => [
    { text: padded(name, label), look: 'dim' },
    ...cells.map(({ text, look }) => ({ text: padded(text, room), look })),
  ]
  const head = columns.map(({ channel, sides }): Piece => {
    const isTrusted = sides.some(({ authority }) => authority)
    return { text: isTrusted ? `${safe(channel)} *` : safe(channel), look: 'bold' }
  })
  return [
    row('', head),
    row(
      '',
      columns.map(({ listing }): Piece => ({ text: safe(listing ?? ''), look: 'dim' })),
    ),
    ...fields.flatMap((field) => {
      const cells = columns.map(({ sides }) => sides.find((side) => (side.field ?? '') === field))
      const right = cells.find((side) => side?.authority)?.value ?? cells.find((side) => side !== undefined)?.value
      return [
        row(
          field,
          cells.map((side): Piece => {
            if (side === undefined) return { text: '–', look: 'dim' }
            return { text: valueText(side, texts, values), look: side.value === right ? 'plain' : 'differs' }
          }),
        ),
        row(
          '',
          cells.map((side): Piece => ({ text: rawText(side), look: 'dim' })),
        ),
      ]
    }),
    row(
      '',
      columns.map(({ sides }): Piece => ({ text: safe(sides[0]?.source?.path ?? ''), look: 'dim' })),
    ),
    row(
      '',
      columns.map(({ sides }): Piece => ({ text: placeText(sides[0], texts), look: 'dim' })),
    ),
    ...(columns.some(({ sides }) => sides.some(({ authority }) => authority)) ? [dim(`* ${texts.trusted}`)] : []),
  ]
}

function stacked(sides: readonly Side[], width: number, texts: ExploreTexts, values: Values): readonly Line[] {
  return sides.flatMap((side): readonly Line[] => {
    const name = [safe(side.channel), safe(side.listing ?? ''), side.authority ? `(${texts.trusted})` : '']
    const value =
      side.field === null && side.value === null ? '' : `${side.field ?? ''} ${valueText(side, texts, values)}`
    const place = [safe(side.source?.path ?? ''), placeText(side, texts), rawText(side)].filter((part) => part !== '')
    return [
      [
        {
          text: cut(name.filter((part) => part !== '').join(' '), Math.max(width - widthOf(value) - 2, 10)),
          look: 'bold',
        },
        { text: `  ${cut(value, Math.max(width - 12, 10))}`, look: 'plain' },
      ],
      ...wrap(place.join(' · '), width - 2).map((line) => dim(`  ${line}`)),
    ]
  })
}

function valueText(side: Side, texts: ExploreTexts, values: Values): string {
  return side.value === null ? texts.empty : values.value(side.value, side.field, side.unit)
}

function rawText(side: Side | undefined): string {
  return side === undefined || side.raw === null || side.raw === side.value ? '' : `«${safe(side.raw)}»`
}

function placeText(side: Side | undefined, texts: ExploreTexts): string {
  const { row = null, line = null } = side?.source ?? {}
  return [row === null ? '' : texts.row(row), line === null ? '' : texts.line(line)]
    .filter((part) => part !== '')
    .join(', ')
}

function padded(text: string, width: number): string {
  const shown = cut(text, width - 1)
  return shown + ' '.repeat(Math.max(0, width - widthOf(shown)))
}
