/** The names that rules on the rows of inputs may use: their columns, and what the audit computes beside them. */
import { INPUT_NAMES, type InputName, type InputType, inputOf } from '../model/input.ts'
import type { SqlType } from './expression/scope.ts'

/** Tables of rules that are inputs. */
export const INPUT_TABLES = ['policy', 'location', 'order', 'customer', 'consent'] as const
type InputTable = (typeof INPUT_TABLES)[number]

export function isInputTable(name: string): name is InputTable {
  return INPUT_TABLES.some((table) => table === name)
}

/** The input without which a table has no rows; null for tables of what channels list. */
export function inputBehind(table: string): InputName | null {
  if (table === 'category') return 'categories'
  return isInputTable(table) ? (INPUT_NAMES.find((name) => inputOf(name).row === table) ?? null) : null
}

const SQL_TYPES: { readonly [T in InputType]: SqlType } = {
  text: 'text',
  key: 'text',
  decimal: 'decimal',
  integer: 'decimal',
  boolean: 'boolean',
  instant: 'instant',
  until: 'instant',
  list: 'list',
  channel: 'text',
  hash: 'text',
}

const COMPUTED: Readonly<Record<string, SqlType>> = {
  /** Own stores in the market of the row. */
  'market.stores': 'decimal',
  'market.eu': 'boolean',
  /** The value read as yes or no, as a number, and as one text for comparing. */
  'policy.yes': 'boolean',
  'policy.number': 'decimal',
  'policy.reading': 'text',
  /** {@link policy.reading} of the retailer's own channels; null for marketplaces and for the company as a whole. */
  'policy.own': 'text',
  /** The row is the company's promise for all of its channels. */
  'policy.company': 'boolean',
  /** Kind of the channel that the scope names. */
  'policy.scope_kind': 'text',
  /** Whether the store that the scope names is open, by the input `stores`. */
  'policy.scope_open': 'boolean',
  /** What the channel's `limits` say about the service. */
  'policy.minimum': 'decimal',
  /** Articles that the store lacks and a web shop or app has; null where stock is not known. */
  'policy.lacking': 'decimal',
  /** Whether the configuration knows the code; null where it declares no locations. */
  'location.mapped': 'boolean',
  /** Opening hours of the days that count, as one text. */
  'location.schedule': 'text',
  /** The last nine digits of the telephone. */
  'location.digits': 'text',
  /** Metres north of the equator and east of Greenwich. */
  'location.north': 'decimal',
  'location.east': 'decimal',
  /** Channel from which the order is looked for; `*` for the shared index. */
  'order.viewer': 'text',
  'order.found': 'boolean',
  /** The customer of the order has a master id, and the master history has the order. */
  'order.linked': 'boolean',
  'order.recorded': 'boolean',
  /** Person by shared keys, and by strong keys alone: a name for the records that belong together. */
  'customer.person': 'text',
  'customer.identity': 'text',
  /** Records that share a strong key have several identities. */
  'customer.split': 'boolean',
  /** A strong key of the record joins visibly different persons. */
  'customer.collides': 'boolean',
  /** With `group: [customer.key]` there is a row for each strong key of a record. */
  'customer.key': 'text',
  'customer.linked': 'text',
  'consent.linked': 'text',
}

/** Every name with its type. */
export const INPUT_FIELDS: ReadonlyMap<string, SqlType> = new Map([
  ...INPUT_NAMES.flatMap((name) => {
    const { row, columns } = inputOf(name)
    return Object.entries(columns).map(([column, { type }]) => [`${row}.${column}`, SQL_TYPES[type]] as const)
  }),
  ...Object.entries(COMPUTED),
])

export function inputFieldType(name: string): SqlType | null {
  return INPUT_FIELDS.get(name) ?? null
}
