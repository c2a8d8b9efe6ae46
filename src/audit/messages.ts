/** Fills a rule's message: `{item} costs {sides}`. */
import { groupBy } from '../base/group.ts'
import type { Locale } from '../model/config.ts'
import type { FindingItem, Side } from '../model/report.ts'
import { isMoney } from './sides.ts'

/** A word of a message: as it stands, or figures that each language writes in its own way. */
export type Word = string | readonly Figure[]

export interface Figure {
  /** Decimal text. */
  readonly amount: string
  readonly currency: string | null
}

export interface MessageWords {
  readonly item: FindingItem | null
  readonly sides: readonly Side[]
  /** The sides that `{sides}` spells out; all without it. */
  readonly told?: readonly Side[]
  readonly expected: string | null
  readonly code: string | null
  readonly words: Readonly<Record<string, Word>>
}

const TITLE = 60
/** Sides that are compared each with each. */
const MOST_COMPARED = 8

export function renderText(template: string, words: MessageWords, locale: Locale): string {
  let text = ''
  for (const { name, whole } of partsOf(template)) text += name === null ? whole : wordFor(name, whole, words, locale)
  return text
}

/** A piece of a template: words as they stand, or the name of what stands in their place. */
interface Part {
  readonly whole: string
  readonly name: string | null
}

/** Templates are those of the rules. */
const templates = new Map<string, readonly Part[]>()

function partsOf(template: string): readonly Part[] {
  const read = templates.get(template)
  if (read !== undefined) return read
  // Every second piece is the name in the braces.
  const parts = template
    .split(/\{(\w+)\}/)
    .map((piece, index) => (index % 2 === 0 ? { whole: piece, name: null } : { whole: `{${piece}}`, name: piece }))
  templates.set(template, parts)
  return parts
}

/** Words that may be a share; in others it is a text of somebody. */
const SHARES: ReadonlySet<string> = new Set(['rate', 'value', 'expected'])

function wordFor(name: string, whole: string, words: MessageWords, locale: Locale): string {
  const own = words.words[name]
  if (own !== undefined) return SHARES.has(name) ? rateText(own, locale) : wordText(own, locale)
  switch (name) {
    case 'item':
      return words.item === null ? '' : itemText(words.item)
    case 'sides':
      return sidesText(words.told ?? words.sides, locale)
    case 'channel':
      return [...new Set(words.sides.map((side) => side.channel))].join(', ')
    case 'value':
      return words.sides[0] === undefined ? '' : valueText(words.sides[0], locale)
    case 'expected':
      return words.expected === null ? '' : expectedText(words, locale)
    case 'field':
      return words.sides[0]?.field ?? ''
    case 'count':
      return String(words.sides.length)
    case 'list':
      return [...new Set(words.sides.map((side) => side.listing ?? ''))].join(', ')
    case 'code':
      return words.code ?? ''
    case 'path':
      return words.sides[0]?.source?.path ?? ''
    case 'row':
      return String(words.sides[0]?.source?.row ?? '')
    default:
      return whole
  }
}

/** Each listing once: its first value, the others behind it in brackets. */
function sidesText(sides: readonly Side[], locale: Locale): string {
  if (areSingle(sides)) return sides.map((side) => `${side.channel} ${valueText(side, locale)}`).join(', ')
  const groups = groupBy(sides, ({ channel, listing, source }) =>
    JSON.stringify([channel, listing, source?.row ?? null]),
  )
  return [...groups.values()]
    .flatMap((group) => {
      const [first, ...others] = group
      if (first === undefined) return []
      const behind = others.length === 0 ? '' : ` (${others.map((side) => valueText(side, locale)).join(', ')})`
      return `${first.channel} ${valueText(first, locale)}${behind}`
    })
    .join(', ')
}

/** Whether each listing has one side, asked of few: most findings are such. */
function areSingle(sides: readonly Side[]): boolean {
  if (sides.length > MOST_COMPARED) return false
  for (let at = 1; at < sides.length; at++) {
    const own = sides[at]
    for (let before = 0; before < at; before++) {
      const other = sides[before]
      if (own?.channel !== other?.channel || own?.listing !== other?.listing) continue
      if ((own?.source?.row ?? null) === (other?.source?.row ?? null)) return false
    }
  }
  return true
}

function itemText(item: FindingItem): string {
  const name = item.sku ?? item.id
  const { title } = item
  if (title === null) return name
  // Characters are never more than the units that a text is counted in.
  const cut = title.length <= TITLE ? [] : [...title]
  return `${name} «${cut.length > TITLE ? `${cut.slice(0, TITLE - 1).join('')}…` : title}»`
}

/** Amounts of a currency as they were written before: prices repeat, and formatting is slow. */
interface Written {
  readonly format: Intl.NumberFormat
  readonly texts: Map<string, string>
}

/** Amounts of a currency that are remembered. */
const MOST_WRITTEN = 10_000

const written: Readonly<Record<Locale, Map<string, Written | null>>> = { en: new Map(), es: new Map() }

function moneyText(amount: string, currency: string, locale: Locale): string {
  let own = written[locale].get(currency)
  if (own === undefined) {
    own = newWritten(currency, locale)
    written[locale].set(currency, own)
  }
  if (own === null) return `${amount} ${currency}`
  const known = own.texts.get(amount)
  if (known !== undefined) return known
  if (own.texts.size >= MOST_WRITTEN) own.texts.clear()
  // A decimal text keeps its digits; a number would not.
  const text = own.format.format(amount as unknown as number)
  own.texts.set(amount, text)
  return text
}

/** Null for what is no currency. */
function newWritten(currency: string, locale: Locale): Written | null {
  try {
    const format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'symbol' })
    return { format, texts: new Map() }
  } catch {
    return null
  }
}

/** A gap of prices with its sign. */
export function gapText(amount: string, currency: string | null, locale: Locale): string {
  const [sign, size] = amount.startsWith('-') ? ['−', amount.slice(1)] : ['+', amount]
  return `${sign}${currency === null ? amounts[locale].format(size as unknown as number) : moneyText(size, currency, locale)}`
}

/** A change in per cent with its sign, as '8%' or '-11.57%'. */
export function changeText(percent: string, locale: Locale): string {
  const [sign, size] = percent.startsWith('-') ? ['−', percent.slice(1)] : ['+', percent]
  return `${sign}${rateText(size, locale)}`
}

function valueText(side: Side, locale: Locale): string {
  if (side.value === null)
    return side.raw !== null && side.raw !== '' ? `«${side.raw}»` : locale === 'es' ? 'vacío' : 'empty'
  if (side.unit !== null) return moneyText(side.value, side.unit, locale)
  if (isAmount(side.value, side.field)) return amounts[locale].format(side.value as unknown as number)
  return isMeasure(side.value, side.field) ? decimalText(side.value, locale) : side.value
}

/** A price whose currency nobody says. */
function isAmount(text: string, field: string | null): boolean {
  return field !== null && isMoney(field) && /^-?\d+(\.\d+)?$/.test(text)
}

// A decimal text keeps its digits; a number would not.
const amounts: Readonly<Record<Locale, Intl.NumberFormat>> = {
  en: new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 6 }),
  es: new Intl.NumberFormat('es', { minimumFractionDigits: 2, maximumFractionDigits: 6 }),
}

/** A share, or a quantity; a size or a version keeps its point. */
function isMeasure(text: string, field: string | null): boolean {
  return text.endsWith(' %') || field?.startsWith('stock.') === true
}

/** A figure that stands alone, with its digits. */
function decimalText(text: string, locale: Locale): string {
  return locale === 'es' ? text.replace(/^(-?\d+)\.(\d+)(?=(\s?%)?$)/, '$1,$2') : text
}

const plain: Readonly<Record<Locale, Intl.NumberFormat>> = {
  en: new Intl.NumberFormat('en', { maximumFractionDigits: 6, useGrouping: false }),
  es: new Intl.NumberFormat('es', { maximumFractionDigits: 6, useGrouping: false }),
}

function wordText(word: Word, locale: Locale): string {
  if (typeof word === 'string') return word
  return [...new Set(word.map((figure) => figureText(figure, locale)))].join(', ')
}

/** A share that a check has worded with a decimal point. */
function rateText(word: Word, locale: Locale): string {
  const text = wordText(word, locale)
  if (!text.endsWith('%')) return text
  const written = decimalText(text, locale)
  return locale === 'es' ? written.replace(/(\d)%$/, '$1 %') : written
}

/** A figure that a check has computed; money where it has a currency. */
function figureText({ amount, currency }: Figure, locale: Locale): string {
  if (currency !== null) return moneyText(amount, currency, locale)
  // A decimal text keeps its digits; a number would not.
  return plain[locale].format(amount as unknown as number)
}

function expectedText(words: MessageWords, locale: Locale): string {
  const unit = words.sides.find((side) => side.unit !== null)?.unit ?? null
  const value = words.expected ?? ''
  const field = words.sides[0]?.field ?? null
  if (unit === null && isAmount(value, field)) return amounts[locale].format(value as unknown as number)
  if (unit === null || !/^-?\d+(\.\d+)?$/.test(value))
    return isMeasure(value, field) ? decimalText(value, locale) : value
  return moneyText(value, unit, locale)
}
