/** The closed list of functions. Nothing else can be called from an expression. */

import { literal } from '../../engine/engine.ts'
import { normSql, normText, sparedSearch } from '../norm.ts'
import { currencies } from '../reference-data.ts'
import type { CallArgument, CallContext, FunctionParameter, FunctionSpec } from './call.ts'
import { ENDINGS } from './endings.ts'
import { PRICING } from './pricing.ts'
import { READING } from './reading.ts'
import { checkRegex } from './regex.ts'
import { inVocabularySql, vocabularySql, vocabularySystemSql } from './vocabulary.ts'

const text: FunctionParameter = { name: 'text', type: 'text' }

const first = (args: readonly CallArgument[]): string => args[0]?.sql ?? 'NULL'
const second = (args: readonly CallArgument[]): string => args[1]?.sql ?? 'NULL'

/** DuckDB's `least` skips NULL; here one unknown makes the result unknown. */
function strict(name: 'least' | 'greatest'): FunctionSpec['sql'] {
  return (args) => {
    const list = args.map((arg) => arg.sql)
    return `CASE WHEN ${list.map((sql) => `${sql} IS NULL`).join(' OR ')} THEN NULL ELSE ${name}(${list.join(', ')}) END`
  }
}

function constantText(arg: CallArgument | undefined): string {
  return arg?.constant && typeof arg.constant.value === 'string' ? arg.constant.value : ''
}

/** The physical column beside the field `gtin` that holds what identity made of it. */
function beside(column: 'gtin14' | 'gtin_state'): FunctionSpec['sql'] {
  return (args, context) => {
    const arg = args[0]
    const field = arg?.node.kind === 'field' ? arg.node.name : ''
    const found = /^(.*\.)?gtin$/.test(field)
      ? context.scope.field(`${field.slice(0, -'gtin'.length)}${column}`, context.inAggregate)
      : null
    if (found !== null) return found
    throw context.error(
      arg ?? null,
      { en: `${column}() needs the field gtin`, es: `${column}() necesita el campo gtin` },
      { en: `write ${column}(gtin)`, es: `escriba ${column}(gtin)` },
    )
  }
}

function instant(context: CallContext): string {
  const { asOf } = context.scope
  if (asOf !== undefined && /^[0-9T:.+\-Z ]+$/.test(asOf)) {
    const moment = new Date(asOf)
    if (!Number.isNaN(moment.getTime()))
      return `TIMESTAMP ${literal(moment.toISOString().slice(0, 23).replace('T', ' '))}`
  }
  throw context.error(
    null,
    { en: 'the instant of the audit is not known here', es: 'aquí no se conoce el instante de la auditoría' },
    null,
  )
}

function round(args: readonly CallArgument[], context: CallContext): string {
  const digits = args[1] === undefined ? '0' : constantText(args[1])
  if (!/^[0-6]$/.test(digits)) {
    throw context.error(
      args[1] ?? null,
      { en: 'round() takes 0 to 6 decimals', es: 'round() admite de 0 a 6 decimales' },
      { en: 'write round(x, 2)', es: 'escriba round(x, 2)' },
    )
  }
  return `round(CAST(${first(args)} AS DECIMAL(38,6)), ${digits})`
}

function placeholder(args: readonly CallArgument[], context: CallContext): string {
  const list = args[1]?.constant
  if (list?.type !== 'list') {
    throw context.error(
      args[1] ?? null,
      { en: 'placeholder() needs a list parameter', es: 'placeholder() necesita un parámetro de tipo lista' },
      { en: 'write placeholder(title, $placeholders)', es: 'escriba placeholder(title, $placeholders)' },
    )
  }
  const words = [...new Set(list.value.map(normText))]
  if (words.length === 0) return 'FALSE'
  // Nothing much longer than the longest word can be one of them, so most texts are never normalised.
  const longest = Math.max(...list.value.map((word) => word.length)) + 8
  const text = first(args)
  const search = `list_contains([${words.map(literal).join(', ')}], ${normSql(text)})`
  const isOneOf = /^("[^"]+"|[a-z_]+)$/.test(text) ? sparedSearch(text, words, search) : search
  return `CASE WHEN length(${text}) > ${longest} THEN FALSE ELSE ${isOneOf} END`
}

function matches(args: readonly CallArgument[], context: CallContext): string {
  const pattern = constantText(args[1])
  const problem = checkRegex(pattern)
  if (problem !== null) throw context.error(args[1] ?? null, problem, null)
  return `regexp_matches(${first(args)}, ${literal(pattern)})`
}

function minorUnits(args: readonly CallArgument[]): string {
  const known = currencies()
  const branches = [...new Set(known.values())].sort().map((units) => {
    const codes = [...known].filter(([, decimals]) => decimals === units).map(([code]) => literal(code))
    return `WHEN ${first(args)} IN (${codes.join(', ')}) THEN ${units}`
  })
  return `CASE ${branches.join(' ')} END`
}

const vocabularyParameters: readonly FunctionParameter[] = [{ name: 'name', type: 'text', constant: true }, text]

/** By name, in alphabetical order. */
export const FUNCTIONS: ReadonlyMap<string, FunctionSpec> = new Map<string, FunctionSpec>(
  Object.entries({
    ...ENDINGS,
    ...PRICING,
    ...READING,
    abs: {
      parameters: [{ name: 'number', type: 'decimal' }],
      returns: 'decimal',
      doc: { en: 'The number without its sign.', es: 'El número sin signo.' },
      sql: (args) => `abs(${first(args)})`,
    },
    age: {
      parameters: [{ name: 'instant', type: 'instant' }],
      returns: 'duration',
      doc: {
        en: 'Time from the instant to the moment of the audit; negative for the future.',
        es: 'Tiempo desde el instante hasta el momento de la auditoría; negativo si es futuro.',
      },
      sql: (args, context) => `TRY_CAST(epoch_us(${instant(context)})::HUGEINT - epoch_us(${first(args)}) AS BIGINT)`,
    },
    as_of: {
      parameters: [],
      returns: 'instant',
      doc: { en: 'The moment of the audit.', es: 'El momento de la auditoría.' },
      sql: (_args, context) => instant(context),
    },
    blank: {
      total: true,
      parameters: [text],
      returns: 'boolean',
      doc: {
        en: 'True when the text is null or has nothing but blanks.',
        es: 'Verdadero si el texto es nulo o solo tiene espacios.',
      },
      // What begins with a printing character of ASCII is not blank: nearly every text, and much cheaper to see.
      sql: (args) =>
        `coalesce(CASE WHEN ascii(${first(args)}) BETWEEN 33 AND 126 THEN FALSE ELSE NOT regexp_matches(${first(args)}, '[^\\s\\p{Z}]') END, TRUE)`,
    },
    casefold: {
      parameters: [text],
      returns: 'text',
      doc: { en: 'The text in lower case, accents kept.', es: 'El texto en minúsculas, con sus acentos.' },
      sql: (args) => `lower(nfc_normalize(${first(args)}))`,
    },
    coalesce: {
      parameters: [{ name: 'value', type: 'same' }],
      variadic: true,
      returns: 'same',
      doc: { en: 'The first argument that is not null.', es: 'El primer argumento que no es nulo.' },
      sql: (args) => `coalesce(${args.map((arg) => arg.sql).join(', ')})`,
    },
    contains: {
      parameters: [text, { name: 'part', type: 'text' }],
      returns: 'boolean',
      doc: {
        en: 'Whether the text contains the part, to the letter.',
        es: 'Si el texto contiene la parte, a la letra.',
      },
      sql: (args) => `contains(${first(args)}, ${second(args)})`,
    },
    greatest: {
      parameters: [{ name: 'value', type: 'same' }],
      variadic: true,
      returns: 'same',
      doc: {
        en: 'The largest argument; unknown when one of them is.',
        es: 'El mayor de los argumentos; desconocido si lo es alguno.',
      },
      sql: strict('greatest'),
    },
    gtin14: {
      parameters: [{ name: 'code', type: 'any' }],
      returns: 'decimal',
      doc: {
        en: 'The valid GTIN as a number of 14 digits; null for anything else.',
        es: 'El GTIN válido como número de 14 dígitos; nulo en otro caso.',
      },
      sql: beside('gtin14'),
    },
    gtin_state: {
      parameters: [{ name: 'code', type: 'any' }],
      returns: 'text',
      doc: { en: 'Why the GTIN is not valid; null when it is.', es: 'Por qué el GTIN no es válido; nulo si lo es.' },
      sql: beside('gtin_state'),
    },
    in_vocab: {
      parameters: vocabularyParameters,
      returns: 'boolean',
      doc: {
        en: 'Whether the vocabulary has the word. Attributes without a vocabulary have every word.',
        es: 'Si el vocabulario tiene la palabra. Los atributos sin vocabulario las tienen todas.',
      },
      sql: (args, context) => inVocabularySql(args, context),
    },
    is_iso4217: {
      parameters: [text],
      returns: 'boolean',
      doc: {
        en: 'Whether the text is a currency code of ISO 4217.',
        es: 'Si el texto es un código de moneda ISO 4217.',
      },
      sql: (args) => `${first(args)} IN (${[...currencies().keys()].map(literal).join(', ')})`,
    },
    least: {
      parameters: [{ name: 'value', type: 'same' }],
      variadic: true,
      returns: 'same',
      doc: {
        en: 'The smallest argument; unknown when one of them is.',
        es: 'El menor de los argumentos; desconocido si lo es alguno.',
      },
      sql: strict('least'),
    },
    length: {
      parameters: [text],
      returns: 'decimal',
      doc: { en: 'Number of characters of the text.', es: 'Número de caracteres del texto.' },
      sql: (args) => `length(${first(args)})`,
    },
    matches: {
      parameters: [text, { name: 'pattern', type: 'text', constant: true }],
      returns: 'boolean',
      doc: {
        en: 'Whether the regular expression (RE2) is found in the text.',
        es: 'Si la expresión regular (RE2) aparece en el texto.',
      },
      sql: matches,
    },
    minor_units: {
      parameters: [{ name: 'currency', type: 'text' }],
      returns: 'decimal',
      doc: {
        en: 'Number of decimals of amounts in the currency: 2 for EUR, 0 for JPY; null for an unknown code.',
        es: 'Número de decimales de los importes en la moneda: 2 para EUR, 0 para JPY; nulo si el código no existe.',
      },
      sql: minorUnits,
    },
    norm: {
      parameters: [text],
      returns: 'text',
      doc: {
        en: 'The text in lower case, without accents, blanks collapsed.',
        es: 'El texto en minúsculas, sin acentos y con los espacios reducidos a uno.',
      },
      sql: (args) => normSql(first(args)),
    },
    placeholder: {
      parameters: [text, { name: 'list', type: 'list', constant: true }],
      returns: 'boolean',
      doc: {
        en: "Whether the text is one of the words that stand for 'no value'.",
        es: 'Si el texto es una de las palabras que equivalen a «sin valor».',
      },
      sql: placeholder,
    },
    round: {
      parameters: [
        { name: 'number', type: 'decimal' },
        { name: 'digits', type: 'decimal', constant: true, optional: true },
      ],
      returns: 'decimal',
      doc: {
        en: 'The number with so many decimals (none by default), halves away from zero.',
        es: 'El número con esos decimales (ninguno por defecto), las mitades hacia fuera.',
      },
      sql: round,
    },
    starts_with: {
      parameters: [text, { name: 'start', type: 'text' }],
      returns: 'boolean',
      doc: { en: 'Whether the text begins so, to the letter.', es: 'Si el texto empieza así, a la letra.' },
      sql: (args) => `starts_with(${first(args)}, ${second(args)})`,
    },
    vocab: {
      parameters: vocabularyParameters,
      returns: 'text',
      doc: {
        en: 'The canonical word of the vocabulary (color, size, gender, material), else the normalised text.',
        es: 'La palabra canónica del vocabulario (color, size, gender, material) o, si no está, el texto normalizado.',
      },
      sql: (args, context) => vocabularySql(args, context),
    },
    vocab_system: {
      parameters: vocabularyParameters,
      returns: 'text',
      doc: {
        en: 'The system that the word belongs to (letter sizes, numeric sizes); null for words not in the vocabulary.',
        es: 'El sistema al que pertenece la palabra (tallas de letra, numéricas); nulo si no está en el vocabulario.',
      },
      sql: (args, context) => vocabularySystemSql(args, context),
    },
  } satisfies Record<string, FunctionSpec>),
)

/** Functions that read a text for what it says, and are null where it does not say it for sure. */
export const READS_TEXT: ReadonlySet<string> = new Set(
  [...FUNCTIONS].flatMap(([name, { strict: reads, returns }]) =>
    reads === true && returns !== 'boolean' ? [name] : [],
  ),
)
