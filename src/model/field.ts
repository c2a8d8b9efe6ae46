/**
 * The canonical fields: the only names that `map`, rules and reports use.
 *
 * A physical column of the canonical tables has exactly the field's name, quoted (`"price.regular"`). Fields of the
 * form `attributes.<name>` are text and open-ended.
 */

/** How a cell becomes a value; each one is a normaliser in `ingest/normalise.ts`. */
export type FieldType =
  | 'text'
  | 'key'
  | 'gtin'
  | 'money'
  | 'quantity'
  | 'integer'
  | 'percent'
  | 'bool'
  | 'state'
  | 'condition'
  | 'backorder'
  | 'currency'
  | 'instant'
  | 'list'
  | 'kind'

export const ENTITIES = ['listing', 'price', 'stock', 'promotion', 'location'] as const
export type Entity = (typeof ENTITIES)[number]

interface Field {
  readonly type: FieldType
  /** The entity whose rows carry the field; listing rows carry the fields of `price` and `stock` too. */
  readonly entity: Entity
}

const listing = (type: FieldType): Field => ({ type, entity: 'listing' })
const price = (type: FieldType): Field => ({ type, entity: 'price' })
const stock = (type: FieldType): Field => ({ type, entity: 'stock' })
const promotion = (type: FieldType): Field => ({ type, entity: 'promotion' })
const location = (type: FieldType): Field => ({ type, entity: 'location' })

export const FIELDS = {
  listing_id: listing('key'),
  sku: listing('key'),
  gtin: listing('gtin'),
  mpn: listing('key'),
  brand: listing('text'),
  title: listing('text'),
  description: listing('text'),
  category: listing('text'),
  status: listing('state'),
  visible: listing('bool'),
  buyable: listing('bool'),
  condition: listing('condition'),
  pack_quantity: listing('integer'),
  url: listing('text'),
  image: listing('text'),
  product: listing('key'),
  updated_at: listing('instant'),
  'price.regular': price('money'),
  'price.sale': price('money'),
  'price.sale_from': price('instant'),
  'price.sale_to': price('instant'),
  'price.prior_shown': price('money'),
  'price.cost': price('money'),
  'price.currency': price('currency'),
  'price.includes_tax': price('bool'),
  'price.tax_rate': price('percent'),
  'price.price_list': price('text'),
  'price.customer_group': price('text'),
  'stock.on_hand': stock('quantity'),
  'stock.available': stock('quantity'),
  'stock.reserved': stock('quantity'),
  'stock.incoming': stock('quantity'),
  'stock.unlimited': stock('bool'),
  'stock.backorder': stock('backorder'),
  'stock.location': stock('text'),
  'stock.pickup': stock('bool'),
  'stock.counted_at': stock('instant'),
  'promotion.key': promotion('key'),
  'promotion.code': promotion('key'),
  'promotion.name': promotion('text'),
  'promotion.kind': promotion('kind'),
  'promotion.value': promotion('money'),
  'promotion.items': promotion('list'),
  'promotion.min_spend': promotion('money'),
  'promotion.starts_at': promotion('instant'),
  'promotion.ends_at': promotion('instant'),
  'promotion.channels': promotion('list'),
  'promotion.stackable': promotion('bool'),
  'promotion.status': promotion('state'),
  'location.code': location('key'),
  'location.name': location('text'),
  'location.kind': location('text'),
  'location.pickup': location('bool'),
  'location.active': location('bool'),
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof FIELDS | `attributes.${string}`

export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name) || /^attributes\..+/.test(name)
}

export function fieldType(name: FieldName): FieldType {
  return name.startsWith('attributes.') ? 'text' : FIELDS[name as keyof typeof FIELDS].type
}

/** Lifecycle states of a listing or promotion; what a source's word means is said by its vocabulary. */
export const STATES = [
  'draft',
  'scheduled',
  'active',
  'phase_out',
  'paused',
  'hidden',
  'archived',
  'discontinued',
  'deleted',
] as const
export type State = (typeof STATES)[number]

export const PROMOTION_KINDS = ['percent', 'amount', 'fixed_price', 'bogo', 'gift', 'free_shipping', 'tier'] as const
