/** A product file that repeats an article for each of its prices: one record per currency, price list or language. */
import { foldHeader } from '../base/text.ts'
import { type Engine, ident, literal } from '../engine/engine.ts'
import { type ChannelConfig, UNKNOWN_CURRENCY } from '../model/config.ts'
import type { FieldName } from '../model/field.ts'
import type { Assumptions } from './assumptions.ts'
import { IDENTIFIERS } from './grain.ts'
import type { Arm } from './tables.ts'

/** Beside the canonical fields, which have none for it. */
export const LANGUAGE = 'dim:language'

const DIMENSIONS = ['price.currency', 'price.price_list', 'price.customer_group', LANGUAGE]

const LANGUAGES: ReadonlySet<string> = new Set(
  ['language', 'language code', 'lang', 'locale', 'locale code', 'idioma', 'código idioma'].map(foldHeader),
)

/** Price lists and groups whose price is everybody's, in the order in which they are taken. */
const EVERYBODY = "('', 'public', 'público', 'default', 'retail', 'pvp', 'base', 'general', 'all groups', 'todos')"

/** Position of the column that says in which language a record is; -1 without one. */
export function languageColumn(header: readonly string[]): number {
  return header.findIndex((text) => LANGUAGES.has(foldHeader(text)))
}

interface Repeated {
  readonly arm: Arm
  readonly article: FieldName
  readonly channel: ChannelConfig
  readonly dimensions: readonly string[]
  /** The configuration says what a record is; nothing has to bear it out. */
  readonly declared: boolean
}

/**
 * Makes one listing of the records that say one article's prices, and keeps every record as a price row beside it. The
 * listing has the price in the channel's own currency (without one, in the currency of most records), of the list and
 * the group that are everybody's, and says which record it is from. Two records that are alike in all of this are two
 * listings, and a repeated key.
 *
 * @param declared the fields that tell an article's records apart; null looks for them. Records of one key are prices
 * of one article when no other identifier and no title contradicts.
 * @returns null when the file repeats no article so.
 */
export async function splitByPrice(
  engine: Engine,
  arm: Arm,
  channel: ChannelConfig,
  declared: readonly string[] | null,
  assumptions: Assumptions,
): Promise<readonly Arm[] | null> {
  const article = IDENTIFIERS.find((name) => arm.columns.has(name) && (declared?.includes(name) ?? true))
  if (article === undefined || (declared === null && arm.columns.has('stock.location'))) return null
  const offered = (declared ?? DIMENSIONS).filter((name) => name !== article && arm.columns.has(name))
  const dimensions = declared === null ? await varying(engine, arm, offered) : offered
  if (dimensions.length === 0) return null
  const repeated = { arm, article, channel, dimensions, declared: declared !== null }
  const names = `${arm.table}_repeated`
  const own = await ownCurrency(engine, repeated)
  await engine.run(`CREATE TABLE ${names} AS ${repeatedKeys(repeated, own)}`)
  const [found] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${names}`)
  const articles = Number(found?.n ?? 0)
  if (articles === 0) {
    await engine.run(`DROP TABLE ${names}`)
    return null
  }
  const prices = `${arm.table}_prices`
  await engine.run(`CREATE TABLE ${prices} AS SELECT * FROM (${rowsOf(arm)})`)
  const listings = `${arm.table}_articles`
  await engine.run(`CREATE TABLE ${listings} AS ${articleRows(repeated, names, own)}`)
  await engine.run(`DROP TABLE ${names}`)
  assumptions.add({ kind: 'prices', by: dimensions.map(short), articles, currency: own })
  return [listingArm(arm, listings), priceArm(arm, prices)]
}

function short(name: string): string {
  return name.replace(/^.*[.:]/, '')
}

async function varying(engine: Engine, arm: Arm, names: readonly string[]): Promise<readonly string[]> {
  if (names.length === 0) return []
  const tests = names.map(
    (name, index) => `(min(${ident(name)}) IS DISTINCT FROM max(${ident(name)})
      OR count(${ident(name)}) BETWEEN 1 AND count(*) - 1) AS v${index}`,
  )
  const [row] = await engine.rows<Record<string, boolean>>(`SELECT ${tests.join(', ')} FROM ${rowsOf(arm)}`)
  return names.filter((_, index) => row?.[`v${index}`] === true)
}

/** The arm's rows with their ordinals, whatever the table calls them. */
function rowsOf(arm: Arm): string {
  const select = arm.ordinal === 'ord' ? '*' : `${arm.ordinal}::BIGINT AS ord, *`
  return `(SELECT ${select} FROM ${arm.table}${arm.filter === null ? '' : ` WHERE ${arm.filter}`})`
}

async function ownCurrency(engine: Engine, { arm, channel, dimensions }: Repeated): Promise<string | null> {
  if (!dimensions.includes('price.currency')) return null
  if (channel.currency !== UNKNOWN_CURRENCY) return channel.currency
  const [most] = await engine.rows<{ currency: string }>(
    `SELECT "price.currency" AS currency FROM ${rowsOf(arm)} WHERE "price.currency" IS NOT NULL
     GROUP BY 1 ORDER BY count(*) DESC, min(ord) LIMIT 1`,
  )
  return most?.currency ?? null
}

/** What tells the records of one article apart, as one text; a price without a currency is in the channel's own. */
function tuple({ dimensions }: Repeated, own: string | null): string {
  const parts = dimensions.map((name) => {
    const empty = name === 'price.currency' && own !== null ? own : ''
    return `coalesce(lower(trim(${ident(name)}::VARCHAR)), ${literal(empty.toLowerCase())})`
  })
  return `concat_ws(chr(31), ${parts.join(', ')})`
}

function repeatedKeys(repeated: Repeated, own: string | null): string {
  const { arm, article, declared, dimensions } = repeated
  const others = IDENTIFIERS.filter((name) => name !== article && arm.columns.has(name))
  const same = others.map((name) => ` AND count(DISTINCT ${ident(name)}) <= 1`)
  if (arm.columns.has('title') && !dimensions.includes(LANGUAGE)) same.push(' AND count(DISTINCT title) <= 1')
  return `SELECT ${ident(article)} AS key FROM ${rowsOf(arm)} WHERE ${ident(article)} IS NOT NULL GROUP BY 1
    HAVING count(*) > 1 AND count(DISTINCT ${tuple(repeated, own)}) > 1${declared ? '' : same.join('')}`
}

/**
 * Where several records make a listing, each part of it is that of one record: the name of the first that has one, the
 * price of the channel's own, the stock of the first that says any.
 */
function articleRows(repeated: Repeated, names: string, own: string | null): string {
  const { arm, article } = repeated
  const of = (entity: string): string[] =>
    [...arm.columns.keys()].filter((name) => name.replace('raw:', '').startsWith(`${entity}.`))
  const stock = of('stock').filter((name) => !name.startsWith('raw:'))
  const says = stock.length === 0 ? 'TRUE' : stock.map((name) => `${ident(name)} IS NOT NULL`).join(' OR ')
  const named = arm.columns.has('title') ? 'title IS NULL, ' : ''
  const slots = `SELECT *, ${ident(article)} IN (SELECT key FROM ${names}) AS _of_several,
    row_number() OVER (PARTITION BY ${ident(article)}, ${tuple(repeated, own)} ORDER BY ord) AS _slot FROM ${rowsOf(arm)}`
  const window = `PARTITION BY ${ident(article)}, _slot ORDER BY`
  const places = `SELECT *, first_value(ord) OVER (${window} ${named}ord) AS _base,
    first_value(ord) OVER (${window} ${preference(repeated, own)}ord) AS _price,
    first_value(ord) OVER (${window} NOT (${says}), ord) AS _stock FROM (${slots})`
  const parts = (['price', 'stock'] as const).map((entity) => ({ entity, columns: of(entity) }))
  const kept = parts.flatMap(({ columns }) => columns).map(ident)
  const technical = ['_of_several', '_slot', '_base', '_price', '_stock']
  const picked = parts.flatMap(({ entity, columns }) => [
    ...columns.map((name) => `${entity[0]}.${ident(name)}`),
    `CASE WHEN ${entity[0]}.ord <> b.ord THEN ${arm.source} END::INTEGER AS "src:${entity}"`,
    `CASE WHEN ${entity[0]}.ord <> b.ord THEN ${entity[0]}.ord END::BIGINT AS "ord:${entity}"`,
  ])
  return `WITH row AS (${places})
    SELECT b.* EXCLUDE (${[...kept, ...technical].join(', ')}), ${picked.join(', ')} FROM row b
    JOIN row p ON p.ord = CASE WHEN b._of_several THEN b._price ELSE b.ord END
    JOIN row s ON s.ord = CASE WHEN b._of_several THEN b._stock ELSE b.ord END
    WHERE NOT coalesce(b._of_several, false) OR b.ord = b._base`
}

/** Which of an article's prices is the channel's: sort keys, each with a comma. */
function preference({ channel, dimensions }: Repeated, own: string | null): string {
  const zone = channel.pricePolicy.kind === 'zone' ? channel.pricePolicy.zone : null
  const keys = dimensions.flatMap((name) => {
    const text = `lower(trim(coalesce(${ident(name)}::VARCHAR, '')))`
    if (name === 'price.currency') return own === null ? [] : [`${text} NOT IN ('', ${literal(own.toLowerCase())})`]
    if (name === 'price.price_list' && zone !== null) return [`${text} <> ${literal(zone.toLowerCase())}`]
    if (name === 'price.price_list' || name === 'price.customer_group')
      return [`${text} <> ''`, `${text} NOT IN ${EVERYBODY}`]
    return []
  })
  return keys.map((key) => `${key}, `).join('')
}

function listingArm(arm: Arm, table: string): Arm {
  const columns = new Map(arm.columns)
  for (const entity of ['price', 'stock']) {
    columns.set(`src:${entity}`, 'INTEGER')
    columns.set(`ord:${entity}`, 'BIGINT')
  }
  return { ...arm, table, ordinal: 'ord', filter: null, columns }
}

function priceArm(arm: Arm, table: string): Arm {
  const isPrice = (name: string): boolean => name.replace('raw:', '').startsWith('price.')
  const identifies = (name: string): boolean => IDENTIFIERS.some((field) => field === name) || name === 'gtin14'
  const columns = new Map([...arm.columns].filter(([name]) => isPrice(name) || identifies(name)))
  return { ...arm, entity: 'price', table, ordinal: 'ord', filter: null, columns, fields: arm.fields.filter(isPrice) }
}
