import { ENTITIES, type Entity, FIELDS, type FieldName } from '../../model/field.ts'
import { definePlatform, type FileKind, type Output } from '../platform.ts'
import { productWords, promotionWords } from '../vocabulary.ts'

/** Fields that say which article a price or a stock figure is of. */
const IDENTITY = ['listing_id', 'sku', 'gtin', 'mpn', 'url'] as const

const KEYS = ["'id:' || {listing_id:key}", "'sku:' || {sku:key}", "'gtin:' || {gtin:gtin}", "'url:' || {url:text}"]

const GRAIN: Readonly<Record<Entity, FileKind['grain']>> = {
  listing: ['listing_id', 'sku', 'gtin', 'price.price_list', 'stock.location'],
  price: ['listing_id', 'sku', 'gtin', 'price.price_list', 'price.customer_group'],
  stock: ['listing_id', 'sku', 'gtin', 'stock.location'],
  promotion: ['promotion.key', 'promotion.code', 'promotion.name', 'promotion.items'],
  location: ['location.code', 'location.name'],
}

function fieldsOf(entities: readonly Entity[]): readonly FieldName[] {
  // Keys of FIELDS are field names; Object.entries widens them.
  const all = Object.entries(FIELDS) as [FieldName, (typeof FIELDS)[keyof typeof FIELDS]][]
  return all.filter(([, field]) => entities.includes(field.entity)).map(([name]) => name)
}

/** A day at which something ends is its whole day. */
const ENDS: ReadonlySet<string> = new Set(['price.sale_to', 'promotion.ends_at'])

function reading(fields: readonly FieldName[]): Output['fields'] {
  return Object.fromEntries(
    fields.map((name) => {
      const { type } = FIELDS[name as keyof typeof FIELDS]
      return [name, `${name}:${ENDS.has(name) ? 'date_end' : type}`]
    }),
  )
}

/** The canonical name, with a point or `_`; of promotions and locations its last part too. */
function columnsOf(fields: readonly FieldName[]): FileKind['columns'] {
  return Object.fromEntries(
    fields.map((name) => {
      const short = /^(?:promotion|location)\.(.+)$/.exec(name)?.[1]
      return [name, short === undefined ? [name] : [name, short]]
    }),
  )
}

const anyOf = (names: readonly string[]): string =>
  `coalesce(${names.map((name) => `{${name}}`).join(', ')}) IS NOT NULL`

function kindOf(entity: Entity): FileKind {
  const own = fieldsOf(entity === 'listing' ? ['listing', 'price', 'stock'] : [entity])
  const isPart = entity === 'price' || entity === 'stock'
  const grain = GRAIN[entity]
  const output: Output = {
    entity,
    rows: anyOf(isPart || entity === 'listing' ? [...IDENTITY, ...(entity === 'listing' ? ['title'] : [])] : grain),
    fields: reading(own),
    ...(isPart || entity === 'listing' ? { keys: KEYS } : {}),
  }
  // A stock list alone still says which articles there are.
  const articles: Output = {
    entity: 'listing',
    fallback: true,
    rows: `${anyOf(IDENTITY)} AND {first_of_article} = 1`,
    keys: KEYS,
    fields: reading(IDENTITY),
  }
  return {
    name: entity,
    columns: columnsOf(isPart ? [...IDENTITY, ...own] : own),
    ...(entity === 'listing' ? { open: { 'attributes.': /^attributes[._](.+)$/i } } : {}),
    requires: [],
    ...(isPart
      ? {
          derive: [
            [
              'first_of_article',
              'row_number() OVER (PARTITION BY coalesce({listing_id}, {sku}, {gtin}) ORDER BY {_row})',
            ],
          ],
        }
      : {}),
    outputs: isPart ? [output, articles] : [output],
    vocabulary: entity === 'promotion' ? promotionWords : productWords,
    grain,
  }
}

export const platform = definePlatform({
  title: 'SQL',
  files: ENTITIES.map(kindOf),
  includesTax: null,
  channelKind: 'erp',
  queried: true,
  precedence: 10,
})
