/** From a placeholder's normaliser to SQL: which macro, with the notation that the column's vote found. */
import { literal } from '../engine/engine.ts'

/** How numbers are written in a column: by the vote, the platform or the config. `open`: nothing decides. */
export type DecimalMark = '.' | ',' | 'mixed' | 'open' | 'none'
export type DateOrder = 'dmy' | 'mdy' | 'ymd' | 'open'

export interface Notation {
  readonly decimal: DecimalMark
  readonly dates: DateOrder
  /** IANA zone of instants without offset. */
  readonly zone: string
  /** Folded source word to canonical word. */
  readonly vocabulary: Readonly<Record<string, string>>
  /** Cells have no other blank than a space. */
  readonly onlySpaces?: boolean
}

export const NORMALISERS = [
  'text',
  'key',
  'gtin',
  'money',
  'quantity',
  'integer',
  'percent',
  'bool',
  'state',
  'condition',
  'backorder',
  'currency',
  'instant',
  'date_end',
  'list',
  'kind',
] as const
export type Normaliser = (typeof NORMALISERS)[number]

export function isNormaliser(name: string): name is Normaliser {
  return NORMALISERS.some((known) => known === name)
}

/** SQL type a normaliser gives. */
export function sqlType(normaliser: Normaliser): string {
  switch (normaliser) {
    case 'money':
    case 'quantity':
    case 'percent':
      return 'DECIMAL(18,6)'
    case 'integer':
      return 'INTEGER'
    case 'bool':
      return 'BOOLEAN'
    case 'instant':
    case 'date_end':
      return 'TIMESTAMP'
    default:
      return 'VARCHAR'
  }
}

/** SQL of `text` through a normaliser. */
export function normalise(normaliser: Normaliser, text: string, notation: Notation): string {
  switch (normaliser) {
    case 'text':
      return notation.onlySpaces ? `op_spaced_text(${text})` : `op_text(${text})`
    case 'key':
      return notation.onlySpaces ? `op_spaced_key(${text})` : `op_key(${text})`
    case 'gtin':
      return `op_gtin(${text})`
    case 'money':
    case 'quantity':
      return number(text, notation.decimal)
    case 'integer':
      return `try_cast(${number(text, notation.decimal)} AS INTEGER)`
    case 'percent':
      return percent(text, notation.decimal)
    case 'bool':
      return `op_bool(${text})`
    case 'currency':
      return `op_currency(${text})`
    case 'list':
      return `op_list(${text})`
    case 'instant':
      return instant(text, notation, false)
    case 'date_end':
      return instant(text, notation, true)
    case 'state':
    case 'condition':
    case 'backorder':
    case 'kind':
      return word(text, notation.vocabulary)
  }
}

function number(text: string, mark: DecimalMark): string {
  switch (mark) {
    case '.':
    case 'none':
      return `op_number_dot(${text})`
    case ',':
      return `op_number_comma(${text})`
    case 'mixed':
    case 'open':
      return `op_number_either(${text})`
  }
}

/** A rate below 1 is a fraction: no tax or discount is meant as less than one per cent. */
function percent(text: string, mark: DecimalMark): string {
  const plain = number(`replace(${text}, '%', '')`, mark)
  return `(CASE WHEN contains(${text}, '%') THEN ${plain} WHEN ${plain} > 0 AND ${plain} < 1 THEN ${plain} * 100 ELSE ${plain} END)::DECIMAL(18,6)`
}

function instant(text: string, notation: Notation, end: boolean): string {
  const trimmed = `op_text(${text})`
  const order = notation.dates === 'open' ? 'ymd' : notation.dates
  const local = `op_${order}(${trimmed})`
  const closed = end ? `(CASE WHEN op_dated(${trimmed}) THEN ${local} + INTERVAL 1 DAY ELSE ${local} END)` : local
  return `coalesce(op_offset(${trimmed}), op_at(${closed}, ${literal(notation.zone)}))`
}

function word(text: string, vocabulary: Readonly<Record<string, string>>): string {
  const entries = Object.entries(vocabulary)
  if (entries.length === 0) return `CAST(NULL AS VARCHAR)`
  const cases = entries.map(([from, to]) => `WHEN ${literal(from)} THEN ${literal(to)}`).join(' ')
  // Most cells hold a word as the vocabulary writes it: only what that does not find is trimmed and put in lower case.
  const looked = `CASE WHEN ${text} IS NOT NULL THEN CASE lower(op_text(${text})) ${cases} END END`
  return `CASE ${text} ${cases} ELSE ${looked} END`
}
