/** Fills a rule's message: `{item} costs {sides}`. */
import { groupBy } from '../base/group.ts'
import type { Locale } from '../model/config.ts'
import type { FindingItem, Side } from '../model/report.ts'

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

export function renderText(template: string, words: MessageWords, locale: Locale): string {
  const money = moneyFormats(locale)
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const own = words.words[name]
    if (own !== undefined) return name === 'rate' ? rateText(own, locale) : wordText(own, locale)
    switch (name) {
      case 'item':
        return words.item === null ? '' : itemText(words.item)
      case 'sides':
        return sidesText(words.told ?? words.sides, (side) => valueText(side, money, locale))
      case 'channel':
        return [...new Set(words.sides.map((side) => side.channel))].join(', ')
      case 'value':
        return words.sides[0] === undefined ? '' : valueText(words.sides[0], money, locale)
      case 'expected':
        return words.expected === null ? '' : expectedText(words, money, locale)
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
  })
}

/** Each listing once: its first value, the others behind it in brackets. */
function sidesText(sides: readonly Side[], textFor: (side: Side) => string): string {
  const groups = groupBy(sides, ({ channel, listing, source }) =>
    JSON.stringify([channel, listing, source?.row ?? null]),
  )
  return [...groups.values()]
    .flatMap((group) => {
      const [first, ...others] = group
      if (first === undefined) return []
      const behind = others.length === 0 ? '' : ` (${others.map(textFor).join(', ')})`
      return `${first.channel} ${textFor(first)}${behind}`
    })
    .join(', ')
}

function itemText(item: FindingItem): string {
  const name = item.sku ?? item.id
  if (item.title === null) return name
  const cut = [...item.title]
  return `${name} «${cut.length > TITLE ? `${cut.slice(0, TITLE - 1).join('')}…` : item.title}»`
}

type Money = (amount: string, currency: string) => string

const formats = new Map<string, Intl.NumberFormat>()

function moneyFormats(locale: Locale): Money {
  return (amount, currency) => {
    const key = `${locale} ${currency}`
    let format = formats.get(key)
    if (format === undefined) {
      try {
        format = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
      } catch {
        return `${amount} ${currency}`
      }
      formats.set(key, format)
    }
    // A decimal text keeps its digits; a number would not.
    return format.format(amount as unknown as number)
  }
}

function valueText(side: Side, money: Money, locale: Locale): string {
  if (side.value === null)
    return side.raw !== null && side.raw !== '' ? `«${side.raw}»` : locale === 'es' ? 'vacío' : 'empty'
  return side.unit === null ? side.value : money(side.value, side.unit)
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
  return locale === 'es' ? text.replace(/^(-?\d+)\.(\d+)(?=\s?%$)/, '$1,$2') : text
}

/** A figure that a check has computed; money where it has a currency. */
function figureText({ amount, currency }: Figure, locale: Locale): string {
  if (currency !== null) return moneyFormats(locale)(amount, currency)
  // A decimal text keeps its digits; a number would not.
  return plain[locale].format(amount as unknown as number)
}

function expectedText(words: MessageWords, money: Money, locale: Locale): string {
  const unit = words.sides.find((side) => side.unit !== null)?.unit ?? null
  const value = words.expected ?? ''
  if (unit === null || !/^-?\d+(\.\d+)?$/.test(value)) return value
  return valueText(
    { channel: '', listing: null, field: null, value, unit, raw: null, source: null, authority: false },
    money,
    locale,
  )
}
