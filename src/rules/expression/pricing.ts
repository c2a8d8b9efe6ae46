/** Functions about prices: what a text says of one, for how much it is stated, where the law asks for what. */

import { literal } from '../../engine/engine.ts'
import { readParam } from '../params.ts'
import { baseUnits, unionMembers } from '../price-data.ts'
import { arithmetic } from './arithmetic.ts'
import type { CallArgument, CallContext, FunctionParameter, FunctionSpec } from './call.ts'
import { mapOf } from './map-argument.ts'
import { once } from './once.ts'
import { measured, numberSql } from './reading.ts'
import type { SqlExpr } from './scope.ts'

type Args = readonly CallArgument[]

const text: FunctionParameter = { name: 'text', type: 'text' }
const first = (args: Args): string => args[0]?.sql ?? 'NULL'

const CURRENCY = '(?:\\p{Sc}|[A-Z]{3})?'
const BLANK = '[\\s\\x{a0}\\x{202f}]*'
const PER = '(?:/|\\b(?:per|por|pro|je|al|el|la|le)\\b)'

function amountSql(args: Args): string {
  const pattern = `^${BLANK}${CURRENCY}${BLANK}([-+]?[0-9][0-9.,]*)${BLANK}${CURRENCY}${BLANK}(?:${PER}.*)?$`
  return numberSql(`regexp_extract(${first(args)}, '${pattern}', 1)`)
}

function percentSql(args: Args): string {
  const digits = `regexp_extract(${first(args)}, '^${BLANK}[-−–]?${BLANK}([0-9][0-9.,]*)${BLANK}%?${BLANK}$', 1)`
  return numberSql(digits)
}

/** Content and unit are each read once, and the price is divided only where they measure the same thing. */
function unitPriceSql([price, content, unit, units]: Args, context: CallContext): string {
  if (price === undefined || content === undefined || unit === undefined) return 'NULL'
  const decimal = (sql: string): SqlExpr => ({ sql, type: 'decimal' })
  return measured('c', content.sql, ({ measure, kind }) => {
    const legal = legalUnitSql([{ ...content, sql: kind }, ...(units === undefined ? [] : [units])], context)
    return measured('u', countedSql(`coalesce(${unit.sql}, ${legal})`), (base) => {
      const whole = arithmetic('*', decimal(price.sql), decimal(base.measure))?.sql ?? 'NULL'
      const part = arithmetic('/', decimal(whole), decimal(measure))?.sql ?? 'NULL'
      return `CASE WHEN ${base.kind} = ${kind} THEN ${part} END`
    })
  })
}

/** @throws DiagnosticError where a value of the map is no number. */
function lookupSql(args: Args, context: CallContext): string {
  const pairs = Object.entries(mapOf(args[0], 'lookup', context)).map(([key, raw]) => {
    const number = readParam(raw, { type: 'decimal', values: null, nullable: false })
    if (number?.type === 'decimal') return `WHEN ${literal(key)} THEN ${number.value}::DECIMAL(18,6)`
    const problem = { en: `${key}: a number is needed`, es: `${key}: hace falta un número` }
    throw context.error(args[0] ?? null, problem, null)
  })
  return pairs.length === 0 ? 'NULL::DECIMAL(18,6)' : `CASE ${args[1]?.sql ?? 'NULL'} ${pairs.join(' ')} END`
}

function netSql(args: Args, context: CallContext): string {
  const field = (name: string): string => context.scope.field(name, context.inAggregate)?.sql ?? 'NULL'
  const rated: SqlExpr = { sql: `(1 + ${field('price.tax_rate')} * 0.01)::DECIMAL(18,6)`, type: 'decimal' }
  const net = arithmetic('/', { sql: first(args), type: 'decimal' }, rated)?.sql ?? 'NULL'
  return `CASE WHEN NOT ${field('price.taxed')} THEN ${first(args)} WHEN ${field('price.taxed')} THEN ${net} END`
}

/** A code of ISO 4217 in the text, or a sign that means one currency. */
function currencySql(args: Args): string {
  const value = first(args)
  return `coalesce(nullif(regexp_extract(${value}, '\\b([A-Z]{3})\\b', 1), ''), CASE WHEN contains(${value}, '€') THEN 'EUR' END)`
}

function perSql(args: Args): string {
  return `nullif(trim(regexp_extract(lower(${first(args)}), '[0-9].*?${PER}(.+)$', 1)), '')`
}

/** "kg" is one of it. */
function countedSql(text: string): string {
  const isCounted = (unit: string): string => `regexp_matches(${unit}, '^${BLANK}[0-9]')`
  return once('b', text, (unit) => `CASE WHEN ${isCounted(unit)} THEN ${unit} ELSE '1 ' || ${unit} END`)
}

/** By the market of the row; null where no law is known that says so. */
function legalUnitSql(args: Args, context: CallContext): string {
  const market = context.scope.field('market', context.inAggregate)?.sql ?? 'NULL'
  const own = Object.entries(mapOf(args[1], 'legal_unit', context)).map(([kind, unit]) => [kind, String(unit)] as const)
  const kinds = (pairs: readonly (readonly [string, string])[], kind: string): string =>
    pairs.length === 0
      ? 'NULL'
      : `CASE ${kind} ${pairs.map(([name, unit]) => `WHEN ${literal(name)} THEN ${literal(unit)}`).join(' ')} END`
  const alike = (kind: string): readonly string[] => {
    const known = unionMembers().map((code) => [code, kinds(Object.entries(baseUnits(code) ?? {}), kind)] as const)
    return [...new Set(known.map(([, sql]) => sql))].map((sql) => {
      const codes = known.filter(([, other]) => other === sql).map(([code]) => literal(code))
      return `WHEN list_contains([${codes.join(', ')}], ${market}) THEN ${sql}`
    })
  }
  return once('k', first(args), (kind) => `coalesce(${kinds(own, kind)}, CASE ${alike(kind).join(' ')} END)`)
}

export const PRICING = {
  amount: {
    strict: true,
    parameters: [text],
    returns: 'decimal',
    doc: {
      en: "The amount of a text with a currency ('12,50 €', 'EUR 12.50', '12,50 €/kg'); null where the text does not say it for sure.",
      es: 'El importe de un texto con moneda («12,50 €», «EUR 12.50», «12,50 €/kg»); nulo si el texto no lo dice con certeza.',
    },
    sql: amountSql,
  },
  base: {
    strict: true,
    parameters: [text],
    returns: 'decimal',
    doc: {
      en: "As measure(), and a unit alone is one of it: 'kg' is 1000, '100 g' is 100.",
      es: 'Como measure(), y una unidad sola cuenta como una: «kg» es 1000, «100 g» es 100.',
    },
    sql: (args) => measured('s', countedSql(first(args)), ({ measure }) => measure),
  },
  base_kind: {
    strict: true,
    parameters: [text],
    returns: 'text',
    doc: { en: 'What base() measures.', es: 'Qué mide base().' },
    sql: (args) => measured('s', countedSql(first(args)), ({ kind }) => kind),
  },
  currency_in: {
    strict: true,
    parameters: [text],
    returns: 'text',
    doc: {
      en: "The currency that a text names ('12.50 USD', '12,50 €'); null where it names none, or a sign of several.",
      es: 'La moneda que nombra un texto («12.50 USD», «12,50 €»); nula si no nombra ninguna o el signo es de varias.',
    },
    sql: currencySql,
  },
  in_union: {
    parameters: [],
    returns: 'boolean',
    doc: {
      en: "Whether the channel's market is in the European Union.",
      es: 'Si el mercado del canal está en la Unión Europea.',
    },
    sql: (_args, context) =>
      `list_contains([${unionMembers().map(literal).join(', ')}], ${context.scope.field('market', context.inAggregate)?.sql ?? 'NULL'})`,
  },
  legal_unit: {
    parameters: [
      { name: 'kind', type: 'text' },
      { name: 'units', type: 'any', constant: true, optional: true },
    ],
    returns: 'text',
    doc: {
      en: "For how much the law of the market asks unit prices of the kind ('1 kg' for mass); the map says it otherwise.",
      es: 'Para qué cantidad pide la ley del mercado los precios por unidad de medida («1 kg» para mass); el mapa lo cambia.',
    },
    sql: legalUnitSql,
  },
  lookup: {
    parameters: [
      { name: 'map', type: 'any', constant: true },
      { name: 'key', type: 'text' },
    ],
    returns: 'decimal',
    doc: {
      en: 'The number that a map parameter has for the key; null where it has none.',
      es: 'El número que un parámetro de tipo mapa tiene para la clave; nulo si no lo tiene.',
    },
    sql: lookupSql,
  },
  net: {
    parameters: [{ name: 'price', type: 'decimal' }],
    returns: 'decimal',
    doc: {
      en: "The price of the row without tax, by the row's own rate; null where nobody says whether tax is in it, or at which rate.",
      es: 'El precio de la fila sin impuestos, con su propio tipo; nulo si nadie dice si los lleva o a qué tipo.',
    },
    sql: netSql,
  },
  only_if: {
    parameters: [
      { name: 'condition', type: 'boolean' },
      { name: 'value', type: 'same' },
    ],
    returns: 'same',
    doc: {
      en: 'The value where the condition is true, else null.',
      es: 'El valor si la condición es verdadera; nulo en otro caso.',
    },
    sql: (args) => `CASE WHEN ${first(args)} THEN ${args[1]?.sql ?? 'NULL'} END`,
  },
  per: {
    strict: true,
    parameters: [text],
    returns: 'text',
    doc: {
      en: "What a unit price is stated for: 'kg' in '12,50 €/kg', '100 g' in '1.20 per 100 g'; null where it does not say.",
      es: 'Para qué se indica un precio por unidad: «kg» en «12,50 €/kg», «100 g» en «1,20 por 100 g»; nulo si no lo dice.',
    },
    sql: perSql,
  },
  percent: {
    strict: true,
    parameters: [text],
    returns: 'decimal',
    doc: {
      en: "The percentage that a text states: 20 for '20', '20 %' and '-20%'; null for anything else.",
      es: 'El porcentaje que indica un texto: 20 para «20», «20 %» y «-20%»; nulo en otro caso.',
    },
    sql: percentSql,
  },
  unit_price: {
    parameters: [
      { name: 'price', type: 'decimal' },
      { name: 'content', type: 'text' },
      { name: 'unit', type: 'text' },
      { name: 'units', type: 'any', constant: true, optional: true },
    ],
    returns: 'decimal',
    doc: {
      en: "The price of the content per unit ('750 ml', 'l'); without a unit per what legal_unit() says. Null where unit and content measure different things.",
      es: 'El precio del contenido por unidad («750 ml», «l»); sin unidad, por la que dice legal_unit(). Nulo si unidad y contenido miden cosas distintas.',
    },
    sql: unitPriceSql,
  },
} satisfies Record<string, FunctionSpec>
