/** How prices end, by currency: house style of the package, what a shop declares, and whether a channel has such a habit. */

import { literal } from '../../engine/engine.ts'
import { type EndingBand, priceEndings, statedEndings } from '../price-data.ts'
import type { CallArgument, CallContext, FunctionSpec } from './call.ts'
import { mapOf } from './map-argument.ts'

type Args = readonly CallArgument[]

/** @throws DiagnosticError where the endings of a currency are not written as endings. */
function stated(arg: CallArgument | undefined, name: string, context: CallContext): Map<string, readonly EndingBand[]> {
  const own = new Map<string, readonly EndingBand[]>()
  for (const [code, raw] of Object.entries(mapOf(arg, name, context))) {
    const bands = statedEndings(raw)
    if (bands === null) {
      throw context.error(
        arg ?? null,
        {
          en: `${code}: endings are written ['.99', '.00']`,
          es: `${code}: las terminaciones se escriben ['.99', '.00']`,
        },
        { en: "by price: {'0': ['.99'], '100': ['.00']}", es: "por precio: {'0': ['.99'], '100': ['.00']}" },
      )
    }
    own.set(code, bands)
  }
  return own
}

function endsWellSql(args: Args, context: CallContext): string {
  const currency = context.scope.field('currency', context.inAggregate)?.sql ?? 'NULL'
  const known = new Map([...priceEndings(), ...stated(args[1], 'ends_well', context)])
  const price = args[0]?.sql ?? 'NULL'
  const cases = [...known].map(([code, bands]) => `WHEN ${literal(code)} THEN ${bandsSql(price, bands)}`)
  return `CASE ${currency} ${cases.join(' ')} END`
}

/** Counted over everything that the channel lists, once for each currency; columns are qualified, being not the row's own. */
function endingHabitSql([endings, share, prices]: Args, context: CallContext): string {
  const own = stated(endings, 'ending_habit', context)
  const currency = context.scope.field('currency', context.inAggregate)?.sql ?? 'NULL'
  const declared = (context.scope.field('channel.currency', true)?.sql ?? 'NULL').replaceAll(/\bch\b/g, 'l.ch')
  const cases = [...priceEndings()].flatMap(([code, bands]) => {
    if (own.has(code)) return []
    const counted = `SELECT l.ch, count(*) AS n, count(*) FILTER (${bandsSql('l."price.regular"', bands)}) AS well
      FROM listing_all l WHERE l."price.regular" > 0 AND coalesce(l."price.currency", ${declared}) = ${literal(code)} GROUP BY l.ch`
    const habits = `SELECT map_from_entries(list(struct_pack(k := h.ch, v := h.well >= h.n * ${share?.sql ?? 'NULL'})))
      FROM (${counted}) h WHERE h.n >= ${prices?.sql ?? 'NULL'}`
    return [`WHEN ${literal(code)} THEN map_extract_value((${habits}), ch)`]
  })
  const known = [...own.keys()].map((code) => `WHEN ${literal(code)} THEN TRUE`)
  return `(CASE ${currency} ${[...known, ...cases].join(' ')} END)`
}

function bandsSql(price: string, bands: readonly EndingBand[]): string {
  const downwards = bands.toSorted((a, b) => Number(b.from) - Number(a.from))
  const cases = downwards.map(({ from, ends }) => `WHEN ${price} >= ${from} THEN ${endsSql(price, ends)}`)
  return `CASE ${cases.join(' ')} END`
}

function endsSql(price: string, ends: readonly string[]): string {
  return `(${ends
    .map((end) => {
      const whole = end.split('.')[0] ?? ''
      return `${price} % ${10 ** whole.length} = ${end.startsWith('.') ? `0${end}` : end}`
    })
    .join(' OR ')})`
}

export const ENDINGS = {
  ending_habit: {
    parameters: [
      { name: 'endings', type: 'any', constant: true },
      { name: 'share', type: 'decimal', constant: true },
      { name: 'prices', type: 'decimal', constant: true },
    ],
    returns: 'boolean',
    doc: {
      en: 'Whether prices of the channel have endings to keep to: true where the map states them for the currency, or where at least the share of its regular prices ends as prices of the currency do; null for fewer prices than these, or a currency of which no endings are known.',
      es: 'Si los precios del canal tienen terminaciones que respetar: verdadero si el mapa las indica para la moneda o si al menos esa parte de sus precios habituales termina como los de la moneda; nulo con menos precios que estos o en una moneda sin terminaciones conocidas.',
    },
    sql: endingHabitSql,
  },
  ends_well: {
    parameters: [
      { name: 'price', type: 'decimal' },
      { name: 'endings', type: 'any', constant: true, optional: true },
    ],
    returns: 'boolean',
    doc: {
      en: 'Whether the price ends as prices of its currency do; null for a currency of which no endings are known.',
      es: 'Si el precio termina como los de su moneda; nulo para una moneda de la que no se conocen terminaciones.',
    },
    sql: endsWellSql,
  },
} satisfies Record<string, FunctionSpec>
