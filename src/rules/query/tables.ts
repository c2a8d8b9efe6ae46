/** The tables that queries of rules may read, with their columns and types. */
import type { SandboxColumn } from '../../engine/sandbox.ts'
import { FIELDS, type FieldType, fieldType } from '../../model/field.ts'

const SQL: { readonly [T in FieldType]: string } = {
  text: 'VARCHAR',
  key: 'VARCHAR',
  gtin: 'VARCHAR',
  money: 'DECIMAL(18,6)',
  quantity: 'DECIMAL(18,6)',
  integer: 'INTEGER',
  percent: 'DECIMAL(18,6)',
  bool: 'BOOLEAN',
  state: 'VARCHAR',
  condition: 'VARCHAR',
  backorder: 'VARCHAR',
  currency: 'VARCHAR',
  instant: 'TIMESTAMP',
  list: 'VARCHAR[]',
  kind: 'VARCHAR',
}

const FIELD_NAMES = Object.keys(FIELDS) as (keyof typeof FIELDS)[]

function fields(...entities: readonly string[]): readonly SandboxColumn[] {
  return FIELD_NAMES.filter((name) => entities.includes(FIELDS[name].entity)).map((name) => ({
    name,
    type: SQL[fieldType(name)],
  }))
}

/** Where a row belongs: the channel's id, its market, and a number that linked listings share. */
const ARTICLE: readonly SandboxColumn[] = [
  { name: 'channel', type: 'VARCHAR' },
  { name: 'market', type: 'VARCHAR' },
  { name: 'item', type: 'BIGINT' },
]

const KEYS: readonly SandboxColumn[] = ['listing_id', 'sku', 'gtin'].map((name) => ({ name, type: 'VARCHAR' }))
const CURRENCY: SandboxColumn = { name: 'currency', type: 'VARCHAR' }

export const QUERY_TABLES: Readonly<Record<string, readonly SandboxColumn[]>> = {
  /** One row per listing; of several prices or locations, what the channel shows. */
  listing: [
    ...ARTICLE,
    ...fields('listing', 'price', 'stock'),
    CURRENCY,
    { name: 'price.effective', type: 'DECIMAL(18,6)' },
    { name: 'on_sale', type: 'BOOLEAN' },
    { name: 'live', type: 'BOOLEAN' },
    { name: 'sellable', type: 'BOOLEAN' },
    { name: 'selling', type: 'BOOLEAN' },
    { name: 'availability', type: 'VARCHAR' },
    { name: 'gtin_state', type: 'VARCHAR' },
  ],
  /** One row per price: several where a channel has price lists or customer groups. */
  price: [...ARTICLE, ...KEYS, CURRENCY, ...fields('price')],
  /** One row per stock figure: several where a channel counts by location. */
  stock: [...ARTICLE, ...KEYS, ...fields('stock')],
  promotion: [{ name: 'channel', type: 'VARCHAR' }, ...fields('promotion')],
  channel: ['id', 'kind', 'owner', 'audience', 'market', 'currency', 'timezone', 'stock_pool', 'phase'].map((name) => ({
    name,
    type: 'VARCHAR',
  })),
}

/** Columns of the rows that a query gives back; the first one it has to have. */
export const RESULT_COLUMNS = ['key', 'side', 'value', 'message'] as const
