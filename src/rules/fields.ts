/** The names that expressions of rule files may use, with their types: the canonical fields and what the audit adds to them. */
import { FIELDS, type FieldName, type FieldType, fieldType, isFieldName } from '../model/field.ts'
import type { SqlType } from './expression/scope.ts'
import { INPUT_FIELDS, inputFieldType } from './input-fields.ts'
import { PRICE_FIGURE_FIELDS } from './price-figures.ts'
import { STOCK_FIELDS } from './stock-tables.ts'

const SQL_TYPES: { readonly [T in FieldType]: SqlType } = {
  text: 'text',
  key: 'text',
  gtin: 'text',
  money: 'decimal',
  quantity: 'decimal',
  integer: 'decimal',
  percent: 'decimal',
  bool: 'boolean',
  state: 'text',
  condition: 'text',
  backorder: 'text',
  currency: 'text',
  instant: 'instant',
  list: 'list',
  kind: 'text',
}

/** What the audit computes beside the canonical fields of a row. */
export const COMPUTED = {
  /** A status of active or phase_out, or none told; null when the word for it is in no vocabulary. */
  live: 'boolean',
  /** Buyable if known, else {@link live}. */
  sellable: 'boolean',
  /** Sellable, in a channel that sells: an erp is a reference. */
  selling: 'boolean',
  /** The price is everybody's: no customer group, or the public one. */
  public: 'boolean',
  /** The sale price applies at the moment of the audit. */
  on_sale: 'boolean',
  /** The price's own currency, else the channel's. */
  currency: 'text',
  /** Published price at the moment of the audit: the sale price inside its window, else the regular one. */
  'price.effective': 'decimal',
  /** Whether the price is with tax, by its row, its source or its channel; null where nobody says. */
  'price.taxed': 'boolean',
  /** Prices as the shopper compares them: gross, of one unit. */
  'comparable.regular': 'decimal',
  'comparable.effective': 'decimal',
  /** in_stock, out, backorder; null when the channel does not say. */
  availability: 'text',
  /** What the owner of the stock can promise, over the locations of the channel's pool; null without an owner. */
  'pool.available': 'decimal',
  /** The available units that the listing itself states; null where they were added up from records by location. */
  'stock.stated': 'decimal',
  gtin14: 'decimal',
  gtin_state: 'text',
  item: 'decimal',
  market: 'text',
  /** The other columns of the grain that the source declares, as one text. */
  grain: 'text',
  'link.method': 'text',
  'link.confidence': 'decimal',
  /** How many units of the article a listing is by the crosswalk; null where it does not say. */
  'link.pack': 'decimal',
  /** How many characters the field may have where the channel publishes; null without a limit. */
  'limit.listing_id': 'decimal',
  'limit.sku': 'decimal',
  'limit.title': 'decimal',
  'limit.description': 'decimal',
  'limit.brand': 'decimal',
  'limit.mpn': 'decimal',
  'limit.category': 'decimal',
  'limit.url': 'decimal',
  channel: 'text',
  'channel.kind': 'text',
  'channel.currency': 'text',
  'channel.phase': 'text',
  'channel.stock_pool': 'text',
  'channel.timezone': 'text',
  'channel.price_policy': 'text',
  /** What the channel may take on top by its price policy, as a part; null without such a policy. */
  'channel.markup_max': 'decimal',
  'channel.audience': 'text',
  'channel.owner': 'text',
} as const satisfies Record<string, SqlType>

export type ComputedName = keyof typeof COMPUTED

/** Fields that the audit computes a name from: it is absent where all of them are. */
export const MADE_OF: Readonly<Record<string, readonly FieldName[]>> = {
  'price.effective': ['price.regular', 'price.sale'],
  effective: ['price.regular', 'price.sale'],
  'comparable.regular': ['price.regular'],
  'comparable.effective': ['price.regular', 'price.sale'],
  availability: ['stock.available', 'stock.unlimited', 'buyable'],
  'stock.stated': ['stock.available'],
  gtin14: ['gtin'],
  gtin_state: ['gtin'],
}

/** Null for a name that no rule can use. */
export function ruleFieldType(name: string): SqlType | null {
  if (Object.hasOwn(COMPUTED, name)) return COMPUTED[name as ComputedName]
  return isFieldName(name)
    ? SQL_TYPES[fieldType(name)]
    : (STOCK_FIELDS.get(name) ?? PRICE_FIGURE_FIELDS.get(name) ?? inputFieldType(name))
}

export function ruleFieldNames(): readonly string[] {
  return [
    ...Object.keys(FIELDS),
    ...Object.keys(COMPUTED),
    ...INPUT_FIELDS.keys(),
    ...STOCK_FIELDS.keys(),
    ...PRICE_FIGURE_FIELDS.keys(),
  ].sort()
}
