/**
 * The small files that not every project has: sales, policies, hashed customers, orders, exchange rates.
 *
 * A rule asks for one with `needs: [input.policy]`, or for a column of it with `needs: [input.customers.tier]`, and is
 * unknown(no_input) without. A loaded input is the SQL table `input_<name>` with the columns declared here, `ch` (position
 * of the row's channel), `src` and `ord` (where the row stands).
 */
import { CATALOG_INPUTS } from './input-catalog.ts'
import { CUSTOMER_INPUTS } from './input-customer.ts'
import { SERVICE_INPUTS } from './input-service.ts'
import { TRADE_INPUTS } from './input-trade.ts'

/**
 * How a cell becomes a value: `until` is an instant of which a date alone means the end of that day, `channel` the id of a
 * configured channel, `hash` a keyed hash.
 */
export type InputType =
  | 'text'
  | 'key'
  | 'decimal'
  | 'integer'
  | 'boolean'
  | 'instant'
  | 'until'
  | 'list'
  | 'channel'
  | 'hash'

interface Doc {
  readonly en: string
  readonly es: string
}

export interface InputColumn {
  readonly type: InputType
  /** Without the column the file is refused, and with an empty cell in it too. */
  readonly required?: true
  /** Header texts that mean the column, beside its own name. */
  readonly headers: readonly string[]
  /** Words that rules read, and their other spellings; other words stay as they are. */
  readonly words?: Readonly<Record<string, readonly string[]>>
  /** Words that are none of {@link words} are probably misspelt: the report says so. */
  readonly closed?: true
  readonly doc: Doc
}

interface InputDeclaration {
  /** What one row is called in rules: `customer` in `customer.tier`. */
  readonly row: string
  /** About persons: clear e-mail addresses and telephone numbers are refused. */
  readonly personal?: true
  readonly doc: Doc
  readonly columns: Readonly<Record<string, InputColumn>>
}

export const INPUTS = {
  ...TRADE_INPUTS,
  ...CATALOG_INPUTS,
  ...SERVICE_INPUTS,
  ...CUSTOMER_INPUTS,
} as const satisfies Record<string, InputDeclaration>

export type InputName = keyof typeof INPUTS
// The object has exactly these keys.
export const INPUT_NAMES = Object.keys(INPUTS) as readonly InputName[]

function isInputName(name: string): name is InputName {
  return Object.hasOwn(INPUTS, name)
}

export function inputOf(name: InputName): InputDeclaration {
  return INPUTS[name]
}

/** What a rule's `needs` asks of an input: all of it, or one column. */
export interface InputNeed {
  readonly input: InputName
  readonly column: string | null
}

/** @returns Null for text that names no input or no column of it. */
export function inputNeed(text: string): InputNeed | null {
  const [prefix, input = '', column = null, ...rest] = text.split('.')
  if (prefix !== 'input' || rest.length > 0 || !isInputName(input)) return null
  return column === null || Object.hasOwn(inputOf(input).columns, column) ? { input, column } : null
}

/** Everything that {@link inputNeed} accepts. */
export function inputNeeds(): readonly string[] {
  return INPUT_NAMES.flatMap((name) => [
    `input.${name}`,
    ...Object.keys(inputOf(name).columns).map((column) => `input.${name}.${column}`),
  ])
}

/** A need as rules write it: `input.customers.tier`. */
export function inputNeedText({ input, column }: InputNeed): string {
  return column === null ? `input.${input}` : `input.${input}.${column}`
}
