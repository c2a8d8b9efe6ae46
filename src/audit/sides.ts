/** Rows of failing articles as they leave the engine, and the sides that findings show of them. */
import type { SqlRow, SqlValue } from '../engine/engine.ts'
import type { Store } from '../ingest/tables.ts'
import { UNKNOWN_CURRENCY } from '../model/config.ts'
import { type FieldType, fieldType, isFieldName } from '../model/field.ts'
import type { FindingItem, Side, SourceRef } from '../model/report.ts'
import type { TableFile } from '../model/table-file.ts'

/** One listing of a failing article. */
export interface SideRow extends SqlRow {
  readonly item: number | string
  readonly market: string
  readonly ch: number
  readonly src: number
  readonly ord: number
  readonly rid: number | string
}

/** Record numbers and lines that a report needs; lines are looked up when all are known. */
export class Places {
  readonly #store: Store
  readonly #wanted = new Map<number, Set<number>>()
  #lines = new Map<number, ReadonlyMap<number, number>>()

  constructor(store: Store) {
    this.#store = store
  }

  want(source: number, ordinal: number): void {
    const record = this.#file(source)?.record(ordinal)
    if (record === undefined) return
    const set = this.#wanted.get(source) ?? new Set<number>()
    this.#wanted.set(source, set.add(record))
  }

  /** Looks up the lines of everything wanted so far. */
  async resolve(): Promise<void> {
    for (const [index, records] of this.#wanted) {
      const file = this.#file(index)
      if (file === undefined) continue
      const lines = await file.lines([...records])
      this.#lines.set(index, new Map([...(this.#lines.get(index) ?? []), ...lines]))
    }
    this.#wanted.clear()
  }

  ref(source: number, ordinal: number): SourceRef | null {
    const file = this.#file(source)
    if (file === undefined) return null
    const row = file.record(ordinal)
    const line = this.#lines.get(source)?.get(row) ?? null
    return file.sheet === null ? { path: file.path, row, line } : { path: file.path, row, line, sheet: file.sheet }
  }

  /** Files of inputs are numbered on from those of the channels. */
  #file(source: number): TableFile | undefined {
    const { sources, inputs } = this.#store
    if (source < sources.length) return sources[source]?.file
    return inputs.loaded.flatMap(({ files }) => files)[source - sources.length]
  }
}

/** Canonical text of a value: decimals without trailing zeros but with the currency's, instants as ISO 8601. */
export function canonicalText(value: SqlValue, field: string, minorUnits: number): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return String(value)
  const text = String(value)
  const { isText, isMoney: isAmount } = columnsOf(field)
  if (isText || !/^-?\d+\.\d+$/.test(text)) return text
  const dot = text.indexOf('.')
  const least = dot + 1 + (isAmount ? minorUnits : 0)
  let end = text.length
  while (end > least && text.charCodeAt(end - 1) === ZERO) end--
  const trimmed = text.slice(dot + 1, end).padEnd(least - dot - 1, '0')
  return trimmed === '' ? text.slice(0, dot) : `${text.slice(0, dot)}.${trimmed}`
}

const ZERO = '0'.charCodeAt(0)

const NUMBERS: ReadonlySet<FieldType> = new Set(['money', 'quantity', 'integer', 'percent'])

const MONEY = new Set(['price.regular', 'price.sale', 'price.prior_shown', 'price.cost', 'promotion.min_spend'])

export function isMoney(field: string): boolean {
  return MONEY.has(field)
}

export interface SideContext {
  readonly store: Store
  readonly places: Places
  readonly minorUnits: (currency: string) => number
}

interface FieldColumns {
  /** "4.00" is a number only where the field holds numbers: a version, a size and a code keep their zeros. */
  readonly isText: boolean
  readonly isMoney: boolean
  readonly isNumber: boolean
  readonly raw: string
  readonly src: string
  readonly ord: string
}

/** A name that is put together is looked up slowly: the fields are few, the sides many. */
const known = new Map<string, FieldColumns>()

/** Columns beside that of a field. */
export function columnsOf(field: string): FieldColumns {
  const columns = known.get(field)
  if (columns !== undefined) return columns
  const entity = field.split('.')[0] ?? ''
  const isNumber = isFieldName(field) && NUMBERS.has(fieldType(field))
  const own = {
    isText: isFieldName(field) && !isNumber,
    isMoney: isMoney(field),
    isNumber,
    raw: `raw:${field}`,
    src: `src:${entity}`,
    ord: `ord:${entity}`,
  }
  known.set(field, own)
  return own
}

/** The side of a listing for one field. */
export function sideOf(row: SideRow, field: string, authority: boolean, context: SideContext): Side {
  const channel = context.store.channels[row.ch]
  const currency = textOf(row['currency']) ?? channel?.currency ?? ''
  const columns = columnsOf(field)
  const source = numberOf(row[columns.src]) ?? row.src
  const ordinal = numberOf(row[columns.ord]) ?? row.ord
  const own = row[field] ?? null
  const value = canonicalText(own, field, context.minorUnits(currency))
  const text = row[columns.raw]
  // A number beside which no text stands is a sum: no cell of the file says it.
  const raw = text === null && columns.isNumber ? null : (textOf(text) ?? (typeof own === 'string' ? own : value))
  return {
    channel: channel?.id ?? '',
    listing: textOf(row['listing_id']) ?? textOf(row['sku']) ?? textOf(row['gtin']),
    field,
    value,
    unit: columns.isMoney && value !== null && currency !== UNKNOWN_CURRENCY ? currency : null,
    raw,
    source: context.places.ref(source, ordinal),
    authority,
  }
}

/** Stable name of an article: crosswalk id, catalog authority's SKU, GTIN-14, first channel and listing in config order. */
export function itemOf(rows: readonly SideRow[], store: Store, catalog: number | null): FindingItem {
  const ordered = rows.length === 1 ? rows : [...rows].sort((a, b) => a.ch - b.ch || compare(nameOf(a), nameOf(b)))
  const master = ordered.find((row) => row.ch === catalog)
  const first = master ?? ordered[0]
  const gtin = numberOf(firstOf(ordered, 'gtin14'))
  const gtin14 = gtin === null ? null : String(gtin).padStart(14, '0')
  const crosswalk = textOf(firstOf(ordered, 'crosswalk_item'))
  const masterSku = master === undefined ? null : textOf(master['sku'])
  const id =
    crosswalk ??
    masterSku ??
    gtin14 ??
    `${store.channels[first?.ch ?? 0]?.id}:${first === undefined ? '' : nameOf(first)}`
  return {
    id,
    sku: masterSku ?? textOf(firstOf(ordered, 'sku')),
    gtin: gtin14,
    title: oneLine(textOf(master?.['title'] ?? null) ?? textOf(firstOf(ordered, 'title'))),
  }
}

/** The first value that is there. */
function firstOf(rows: readonly SideRow[], name: string): SqlValue {
  for (const row of rows) {
    const value = row[name]
    if (value !== null && value !== undefined) return value
  }
  return null
}

function nameOf(row: SideRow): string {
  return (
    textOf(row['listing_id']) ?? textOf(row['sku']) ?? textOf(row['gtin']) ?? textOf(row['title']) ?? String(row.rid)
  )
}

/** An article's name stands inside sentences, whatever line breaks its cell has. */
function oneLine(title: string | null): string | null {
  return title === null ? null : title.replaceAll(/\s*[\r\n]+\s*/g, ' ')
}

export function textOf(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}

export function numberOf(value: SqlValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
