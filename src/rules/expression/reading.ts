/**
 * Functions that read texts as something else: numbers, instants, contents with a unit, names, words in a text. What a text
 * does not say for sure is null.
 */
import { literal } from '../../engine/engine.ts'
import { normText } from '../norm.ts'
import { gs1Ranges, units } from '../reference-data.ts'
import type { CallArgument, CallContext, FunctionParameter, FunctionSpec } from './call.ts'
import { once } from './once.ts'

type Args = readonly CallArgument[]

const text: FunctionParameter = { name: 'text', type: 'text' }

const first = (args: Args): string => args[0]?.sql ?? 'NULL'

/** SQL of the number that a text is. One mark with three digits behind it can be either; everything else says itself what its mark is. */
export function numberSql(text: string): string {
  return once('n', text, readNumber)
}

function readNumber(sql: string): string {
  const plain = (group: string, point: string): string =>
    `regexp_full_match(${sql}, '[-+]?(?:[1-9]\\d{0,2}(?:${group}\\d{3})+|\\d+)(?:${point}\\d+)?')`
  return `CASE WHEN regexp_full_match(${sql}, '[-+]?\\d+') THEN TRY_CAST(${sql} AS DECIMAL(18,6))
    WHEN regexp_full_match(${sql}, '[-+]?[1-9]\\d{0,2}[.,]\\d{3}') THEN NULL
    WHEN ${plain(',', '\\.')} THEN TRY_CAST(replace(${sql}, ',', '') AS DECIMAL(18,6))
    WHEN ${plain('\\.', ',')} THEN TRY_CAST(replace(replace(${sql}, '.', ''), ',', '.') AS DECIMAL(18,6)) END`
}

function trimmed(sql: string): string {
  return `trim(${sql}, ${BLANKS})`
}

const OFFSET = '\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d+)?)?(?:Z|[+-]\\d{2}:\\d{2})'
const DATE = '(?:\\d{4}[-/]\\d{2}[-/]\\d{2}|\\d{1,2}[-/.]\\d{1,2}[-/.]\\d{4})'
const CLOCK = '(?:[T ]\\d{2}:\\d{2}(?::\\d{2})?)'

/** @param isEnd - Whether a date alone is the end of that day. */
function instantSql(args: Args, context: CallContext, isEnd: boolean): string {
  const value = trimmed(first(args))
  const zone = context.scope.field('channel.timezone', context.inAggregate)?.sql ?? 'NULL'
  const local = localSql(value)
  const day = isEnd ? `${local} + INTERVAL 1 DAY` : local
  const utc = (sql: string): string => `timezone('UTC', timezone(${zone}, ${sql}))`
  const withSeconds = `regexp_replace(${value}, '([T ]\\d{2}:\\d{2})(Z|[+-])', '\\1:00\\2')`
  return `CASE WHEN regexp_full_match(${value}, '${OFFSET}') THEN timezone('UTC', TRY_CAST(${withSeconds} AS TIMESTAMPTZ))
    WHEN regexp_full_match(${value}, '${DATE}') THEN ${utc(day)}
    WHEN regexp_full_match(${value}, '${DATE}${CLOCK}') THEN ${utc(local)} END`
}

/** A clock time of no zone. Day and month that could be either way round are no date. */
function localSql(value: string): string {
  const even = `regexp_replace(replace(${value}, 'T', ' '), '[-.]', '/', 'g')`
  const read = (date: string): string => `try_strptime(${even}, ['${date}', '${date} %H:%M', '${date} %H:%M:%S'])`
  const [dmy, mdy] = [read('%d/%m/%Y'), read('%m/%d/%Y')]
  return `coalesce(${read('%Y/%m/%d')}, CASE WHEN ${dmy} <> ${mdy} THEN NULL ELSE coalesce(${dmy}, ${mdy}) END)`
}

/** What is blank, for `trim`. */
const BLANKS = literal(' \t\n\f\r\u00a0\u202f')

/** What is made of a text with a unit: SQL of its amount in base units, and of what the unit measures. */
export interface Content {
  readonly measure: string
  readonly kind: string
}

/**
 * SQL of something that is made of a text like "1,5 l", which is read once for all of it. Patterns have no groups: those
 * make them ten times as slow.
 *
 * @param name - As in {@link once}.
 */
export function measured(name: string, text: string, body: (content: Content) => string): string {
  const known = [...units()]
  const pick = (values: readonly string[], at: string): string => `[${values.map(literal).join(', ')}][${at}]`
  const words = known.map(([word]) => literal(word)).join(', ')
  const read = once('m', `trim(lower(${text}), ${BLANKS})`, (whole) => {
    const amount = `regexp_extract(${whole}, '^[0-9][0-9.,]*')`
    const unit = `regexp_replace(ltrim(substr(${whole}, length(${amount}) + 1), ${BLANKS}), '[.]$', '')`
    return `{'n': ${numberSql(amount)}, 'u': nullif(list_position([${words}], ${unit}), 0)}`
  })
  return once(name, read, (found) => {
    // As texts: a cast of each of them would cost more than all the rest of the statement.
    const factors = known.map(([, { factor }]) => factor)
    const kinds = known.map(([, { kind }]) => kind)
    return body({
      measure: `TRY_CAST(round(${found}.n * CAST(${pick(factors, `${found}.u`)} AS DECIMAL(18,6)), 6) AS DECIMAL(18,6))`,
      kind: `CASE WHEN ${found}.n IS NOT NULL THEN ${pick(kinds, `${found}.u`)} END`,
    })
  })
}

function measureSql(args: Args): string {
  return measured('s', first(args), ({ measure }) => measure)
}

function measureKindSql(args: Args): string {
  return measured('s', first(args), ({ kind }) => kind)
}

function mentionsSql(args: Args, context: CallContext): string {
  const list = args[1]?.constant
  if (list?.type !== 'list') {
    throw context.error(
      args[1] ?? null,
      { en: 'mentions() needs a list parameter', es: 'mentions() necesita un parámetro de tipo lista' },
      { en: 'write mentions(title, $words)', es: 'escriba mentions(title, $words)' },
    )
  }
  const words = [...new Set(list.value.map(normText))].filter((word) => word !== '')
  if (words.length === 0) return `CASE WHEN ${first(args)} IS NOT NULL THEN FALSE END`
  // Normalising the text would cost several times as much as a pattern that takes every accent.
  const any = words.map((word) => [...word].map(letterPattern).join('')).join('|')
  const pattern = `(?i)(?:^|[^\\p{L}\\p{N}])(?:${any})(?:[^\\p{L}\\p{N}]|$)`
  return `regexp_matches(${first(args)}, ${literal(pattern)})`
}

const ACCENTED: Readonly<Record<string, string>> = {
  a: 'àáâãäå',
  c: 'ç',
  e: 'èéêë',
  i: 'ìíîï',
  n: 'ñ',
  o: 'òóôõö',
  u: 'ùúûü',
  y: 'ýÿ',
}

/** Matches a letter with every accent, written as one character or as two. */
function letterPattern(letter: string): string {
  const accented = ACCENTED[letter]
  if (accented !== undefined) return `[${letter}${accented}][\\x{300}-\\x{327}]?`
  if (letter === ' ') return '[\\s\\x{a0}\\x{202f}]+'
  return /[\p{L}\p{N}]/u.test(letter) ? letter : `\\${letter}`
}

function nameKey(name: string): string {
  return normText(name).replace(/[^\p{L}\p{N}]+/gu, '')
}

function nameKeySql(args: Args, context: CallContext): string {
  const name = first(args)
  const [aliases, none] = [args[1]?.constant ?? null, args[2]?.constant ?? null]
  if ((args[1] !== undefined && aliases?.type !== 'map') || (args[2] !== undefined && none?.type !== 'list')) {
    throw context.error(
      args[1] ?? null,
      { en: 'name_key() needs a map and a list parameter', es: 'name_key() necesita un parámetro mapa y otro lista' },
      { en: 'write name_key(brand, $aliases, $no_brand)', es: 'escriba name_key(brand, $aliases, $no_brand)' },
    )
  }
  // Most names are one plain word, which needs nothing taken out of it.
  const key = `CASE WHEN regexp_full_match(${name}, '[A-Za-z0-9]+') THEN lower(${name})
    ELSE nullif(lower(strip_accents(regexp_replace(${name}, '[^\\p{L}\\p{N}\\p{M}]+', '', 'g'))), '') END`
  const pairs = [
    ...(none?.type === 'list' ? none.value.map((word) => [nameKey(word), null] as const) : []),
    ...(aliases?.type === 'map' ? aliasPairs(aliases.value) : []),
  ].filter(([word]) => word !== '')
  if (pairs.length === 0) return key
  const known = `[${pairs.map(([other]) => literal(other)).join(', ')}]`
  const names = `[${pairs.map(([, own]) => (own === null ? 'NULL' : literal(own))).join(', ')}]`
  return `CASE WHEN list_contains(${known}, ${key}) THEN ${names}[list_position(${known}, ${key})] ELSE ${key} END`
}

function aliasPairs(map: Readonly<Record<string, unknown>>): (readonly [string, string])[] {
  return Object.entries(map).flatMap(([name, others]) =>
    (Array.isArray(others) ? others : [others]).map((other) => [nameKey(String(other)), nameKey(name)] as const),
  )
}

/** The field's name; of `attributes[$k]` with the parameter in its place. */
function fieldOf(arg: CallArgument | undefined, context: CallContext): string | null {
  if (arg?.node.kind !== 'field') return null
  const { name, param } = arg.node
  if (param === null) return name
  const value = context.scope.param(param)?.value
  return typeof value !== 'string' ? null : name === 'field' ? value : `${name}.${value}`
}

function toldSql(args: Args, context: CallContext): string {
  const name = fieldOf(args[0], context)
  if (name !== null) return context.scope.told?.(name) ?? 'TRUE'
  throw context.error(
    args[0] ?? null,
    { en: 'told() needs a field', es: 'told() necesita un campo' },
    { en: 'write told(mpn)', es: 'escriba told(mpn)' },
  )
}

function gtinRangeSql(args: Args, context: CallContext): string {
  const field = fieldOf(args[0], context) ?? ''
  const found = /^(.*\.)?gtin$/.test(field) ? context.scope.field(`${field}14`, context.inAggregate) : null
  if (found === null) {
    throw context.error(
      args[0] ?? null,
      { en: 'gtin_range() needs the field gtin', es: 'gtin_range() necesita el campo gtin' },
      { en: 'write gtin_range(gtin)', es: 'escriba gtin_range(gtin)' },
    )
  }
  const { gtin8, gtin13 } = gs1Ranges()
  const cases = (prefix: string, ranges: typeof gtin8): string =>
    `CASE ${ranges.map(({ from, to, use }) => `WHEN ${prefix} BETWEEN ${from} AND ${to} THEN ${literal(use)}`).join(' ')} END`
  const code = `(${found.sql})`
  const free = widestGap(gtin13)
  return `CASE WHEN ${code} BETWEEN ${free.from} * ${PREFIX} AND ${free.to} * ${PREFIX} - 1 THEN NULL
    WHEN ${code} < 100000000 THEN ${cases(`${code} // 100000`, gtin8)}
    ELSE ${cases(`(${code} % (1000 * ${PREFIX})) // ${PREFIX}`, gtin13)} END`
}

/** One prefix of three digits has so many GTIN-13. */
const PREFIX = '10000000000'

/** The widest run of prefixes that no range has, the end not included: most codes of articles are there and need no division. */
function widestGap(ranges: readonly { readonly from: number; readonly to: number }[]): { from: number; to: number } {
  let [widest, next] = [{ from: 0, to: 0 }, 100]
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    if (from - next > widest.to - widest.from) widest = { from: next, to: from }
    next = Math.max(next, to + 1)
  }
  return widest
}

export const READING = {
  gtin_range: {
    parameters: [{ name: 'code', type: 'any' }],
    returns: 'text',
    doc: {
      en: 'The use that GS1 keeps the range of a valid GTIN for (internal, coupon, refund, demo); null for the codes of articles.',
      es: 'El uso al que GS1 reserva el rango de un GTIN válido (internal, coupon, refund, demo); nulo en los códigos de artículos.',
    },
    sql: gtinRangeSql,
  },
  instant: {
    strict: true,
    parameters: [text],
    returns: 'instant',
    doc: {
      en: "The instant that the text says, in the channel's zone where it names none; null where day and month could be swapped.",
      es: 'El instante que dice el texto, en la zona del canal si no indica otra; nulo si día y mes pueden estar cambiados.',
    },
    sql: (args, context) => instantSql(args, context, false),
  },
  instant_end: {
    strict: true,
    parameters: [text],
    returns: 'instant',
    doc: {
      en: 'As instant(), but a date alone is the end of that day.',
      es: 'Como instant(), pero una fecha sola es el final de ese día.',
    },
    sql: (args, context) => instantSql(args, context, true),
  },
  measure: {
    strict: true,
    parameters: [text],
    returns: 'decimal',
    doc: {
      en: "The amount of a text with a unit ('1,5 l'), in g, ml, mm, m² or units; null where the text does not say it for sure.",
      es: 'La cantidad de un texto con unidad («1,5 l»), en g, ml, mm, m² o unidades; nula si el texto no lo dice con certeza.',
    },
    sql: measureSql,
  },
  measure_kind: {
    strict: true,
    parameters: [text],
    returns: 'text',
    doc: {
      en: 'What measure() measures: mass, volume, length, area or count.',
      es: 'Qué mide measure(): mass, volume, length, area o count.',
    },
    sql: measureKindSql,
  },
  mentions: {
    strict: true,
    parameters: [text, { name: 'list', type: 'list', constant: true }],
    returns: 'boolean',
    doc: {
      en: 'Whether one of the words stands in the text as a whole word, whatever its case and accents.',
      es: 'Si alguna de las palabras aparece entera en el texto, sin distinguir mayúsculas ni acentos.',
    },
    sql: mentionsSql,
  },
  name_key: {
    strict: true,
    parameters: [
      text,
      { name: 'aliases', type: 'any', constant: true, optional: true },
      { name: 'none', type: 'list', constant: true, optional: true },
    ],
    returns: 'text',
    doc: {
      en: 'The letters and digits of a name, without case and accents; a name that the map lists under another becomes that one, one of the list is null.',
      es: 'Las letras y cifras de un nombre, sin mayúsculas ni acentos; un nombre que el mapa pone bajo otro pasa a ser ese; uno de la lista es nulo.',
    },
    sql: nameKeySql,
  },
  number: {
    strict: true,
    parameters: [text],
    returns: 'decimal',
    doc: {
      en: "The number that the text is; null for anything else, and for '1.500', which can be read in two ways.",
      es: 'El número que es el texto; nulo en otro caso, y también para «1.500», que se puede leer de dos maneras.',
    },
    sql: (args) => numberSql(trimmed(first(args))),
  },
  told: {
    total: true,
    parameters: [{ name: 'field', type: 'any' }],
    returns: 'boolean',
    doc: {
      en: 'Whether the source has the field at all, filled or not.',
      es: 'Si la fuente tiene el campo, esté relleno o no.',
    },
    sql: toldSql,
  },
} satisfies Record<string, FunctionSpec>
