/**
 * Fix files of platforms that find a record by its key and take one cell for one field: the key's columns as they stand,
 * and the columns that change. A platform says which, and what is peculiar to it.
 */
import type { FieldName } from '../model/field.ts'
import type { FixChange, FixContext, FixGroup, FixRecord, FixRefusal, SourceRecord, TableFix } from './fix.ts'
import { decimalMark, fitsEncoding, isUnwritable, readDecimal, sameDecimal } from './fix-values.ts'

/** Where a change is written, for those who write or refuse it. */
export interface CellPlace {
  readonly change: FixChange
  readonly record: SourceRecord
  /** What stands there; null for an empty cell, undefined where the file lacks the column. */
  readonly raw: string | null | undefined
  readonly context: FixContext
}

export interface CellRule {
  /** Logical column; of several the first that the file has. */
  readonly column: string | readonly string[]
  /** The cell for a value that is not null; null where it cannot be written. */
  write(value: string, place: CellPlace): string | null
  /** The cell holds a number: what stands in it has to be what the change says it is. */
  readonly number?: true
  /** An empty cell empties the field. Without it a change to nothing is refused. */
  readonly empties?: true
  /** What empties the field where an empty cell keeps it. */
  readonly cleared?: string
  /**
   * The field belongs to the whole group. `each`: every record repeats it, and all have to change alike. `first`: it
   * stands on the first record alone, so that only groups of one record can change it.
   */
  readonly shared?: 'each' | 'first'
  refuse?(place: CellPlace): FixRefusal | null
}

interface PlaceColumns {
  readonly field: FieldName
  /** Header of the column that sets the stock of a location; null where the file has none, or several. */
  header(location: string, record: SourceRecord): string | null
  write(value: string, place: CellPlace): string | null
  /** Whether the column's own cell is the value that changes. */
  readonly number?: true
}

type Passed =
  | 'name'
  | 'extension'
  | 'kinds'
  | 'group'
  | 'records'
  | 'also'
  | 'literal'
  | 'advice'
  | 'encoding'
  | 'delimiter'
  | 'lineEnd'

export interface KeyedTable extends Pick<TableFix, Passed> {
  /** Logical columns that every record carries as they stand. */
  readonly identity: readonly string[]
  /** Those without which the platform takes the record for another or a new one. */
  readonly required: readonly string[]
  /** Fixed header texts; by default columns are spelt as in the source. */
  readonly headers?: Readonly<Record<string, string>>
  readonly cells: Readonly<Partial<Record<FieldName, CellRule>>>
  readonly places?: PlaceColumns
  /** Cells of a changed column in records whose own value stays. */
  readonly untouched: 'repeated' | 'blank'
  /** What the source leaves empty is empty again once the file that restores it has a blank cell there. */
  readonly blankRestores?: true
  /** Every column of the source is written, but those with such headers are blank unless they change. */
  readonly whole?: { readonly cleared: RegExp | null }
  /** What is required stands on the first record of a group and is carried down to the others. */
  readonly carriedDown?: true
  /** Records of a group that do not change are only looked at, never written. */
  readonly changedOnly?: true
  refuse?(record: FixRecord, context: FixContext, group: FixGroup): FixRefusal | null
}

/** A refusal in both languages. */
export function refusal(en: string, es: string, ...fields: readonly FieldName[]): FixRefusal {
  return fields.length === 0 ? { en, es } : { en, es, fields }
}

/** Text as it stands in the plan; as it stood in the file when that is to be restored. */
export function textCell(value: string, { raw, context }: CellPlace): string | null {
  return context.direction === 'undo' ? (raw ?? null) : value
}

function columnOf(rule: CellRule, record: SourceRecord): string | null {
  const columns = typeof rule.column === 'string' ? [rule.column] : rule.column
  return columns.find((column) => record.headerOf(column) !== undefined) ?? null
}

interface Target {
  readonly header: string
  readonly raw: string | null | undefined
  readonly rule: Pick<CellRule, 'write' | 'number' | 'empties' | 'cleared' | 'shared' | 'refuse'>
}

interface Layout {
  /** Header of the source that it was made for. */
  readonly source: readonly string[]
  readonly positions: readonly number[]
}

/** Writes and refuses for one declaration. */
class KeyedWriter {
  readonly #table: KeyedTable
  /** By the header of the file that is written: the same for all records of a source. */
  readonly #layouts = new WeakMap<readonly string[], Layout>()

  constructor(table: KeyedTable) {
    this.#table = table
  }

  #nameOf(column: string, record: SourceRecord): string | undefined {
    return this.#table.headers?.[column] ?? record.headerOf(column)
  }

  #target(change: FixChange, record: SourceRecord): Target | null {
    const { cells, places } = this.#table
    if (places !== undefined && places.field === change.field && change.location !== null) {
      const header = places.header(change.location, record)
      if (header === null) return null
      return { header, raw: record.cells[record.header.indexOf(header)], rule: places }
    }
    const rule = cells[change.field]
    const fallback = rule === undefined ? null : typeof rule.column === 'string' ? rule.column : rule.column[0]
    const column = rule === undefined ? null : (columnOf(rule, record) ?? fallback ?? null)
    if (rule === undefined || column === null) return null
    const header = this.#nameOf(column, record)
    return header === undefined ? null : { header, raw: record.cell(column), rule }
  }

  header(fields: ReadonlySet<FieldName>, sample: SourceRecord, locations: ReadonlySet<string>): readonly string[] {
    const { identity, cells, places, whole } = this.#table
    if (whole !== undefined) return sample.header
    const names = identity.map((column) => this.#nameOf(column, sample))
    for (const [field, rule] of Object.entries(cells)) {
      if (!fields.has(field as FieldName) || rule === undefined) continue
      const column = columnOf(rule, sample) ?? (typeof rule.column === 'string' ? rule.column : rule.column[0])
      if (column !== undefined) names.push(this.#nameOf(column, sample))
    }
    if (places !== undefined && fields.has(places.field)) {
      for (const location of locations) names.push(places.header(location, sample) ?? undefined)
    }
    return [...new Set(names.filter((name) => name !== undefined))]
  }

  #changed(
    record: SourceRecord,
    changes: readonly FixChange[],
    context: FixContext,
  ): ReadonlyMap<string, string | null> {
    const cells = new Map<string, string | null>()
    for (const change of changes) {
      const target = this.#target(change, record)
      if (target === null) continue
      const { header, raw, rule } = target
      const empty = rule.cleared ?? null
      cells.set(header, change.after === null ? empty : rule.write(change.after, { change, record, raw, context }))
    }
    return cells
  }

  /** For each column of a file, where its cell stands in a record that does not change it; -1 for a blank cell. */
  #layout(header: readonly string[], source: SourceRecord): readonly number[] {
    const known = this.#layouts.get(header)
    if (known?.source === source.header) return known.positions
    const { identity, whole, untouched, headers } = this.#table
    const kept = new Set(identity.map((column) => this.#nameOf(column, source)))
    const byName = new Map(Object.entries(headers ?? {}).map(([column, name]) => [name, source.headerOf(column)]))
    const positions = header.map((name, position) => {
      if (whole !== undefined) return whole.cleared?.test(name) ? -1 : position
      if (untouched === 'blank' && !kept.has(name)) return -1
      return source.header.indexOf(byName.has(name) ? (byName.get(name) ?? '') : name)
    })
    this.#layouts.set(header, { source: source.header, positions })
    return positions
  }

  row({ record, changes }: FixRecord, header: readonly string[], context: FixContext): readonly (string | null)[] {
    const changed = this.#changed(record, changes, context)
    const layout = this.#layout(header, record)
    return header.map((name, position) => {
      const cell = changed.get(name)
      return cell === undefined ? (record.cells[layout[position] ?? -1] ?? null) : cell
    })
  }

  #refuseChange(change: FixChange, record: FixRecord, context: FixContext, group: FixGroup): FixRefusal | null {
    const { field, location } = change
    const same = record.changes.filter((other) => other.field === field && other.location === location)
    if (change.action !== 'update' || same.length > 1) {
      return refusal('The file sets one cell for this field, once.', 'El fichero fija una sola celda, una vez.', field)
    }
    const target = this.#target(change, record.record)
    if (target === null) {
      return refusal(
        `The file has no column that sets ${field} here.`,
        `El fichero no tiene ninguna columna que fije aquí ${field}.`,
        field,
      )
    }
    const place = { change, record: record.record, raw: target.raw, context }
    return (
      target.rule.refuse?.(place) ??
      refuseShared(change, target, group) ??
      refuseValue(place, target, this.#table.blankRestores === true) ??
      refuseText(place, this.#table.encoding)
    )
  }

  #refuseKey(record: SourceRecord): FixRefusal | null {
    for (const column of this.#table.required) {
      if ((record.cell(column) ?? '').trim() !== '') continue
      const name = record.headerOf(column) ?? this.#table.headers?.[column] ?? column
      return refusal(
        `Without ${name} the import takes the record for a new one.`,
        `Sin ${name}, la importación daría el registro por nuevo.`,
      )
    }
    if (!this.#table.identity.some((column) => isUnwritable(record.cell(column) ?? ''))) return null
    return refusal('Its key holds control characters.', 'Su clave contiene caracteres de control.')
  }

  refuse(record: FixRecord, context: FixContext, group: FixGroup): FixRefusal | null {
    const { changedOnly, carriedDown } = this.#table
    const written = changedOnly === true ? [record] : group
    for (const one of carriedDown === true ? written.slice(0, 1) : written) {
      const refused = this.#refuseKey(one.record)
      if (refused !== null) return refused
    }
    for (const change of record.changes) {
      const refused = this.#refuseChange(change, record, context, group)
      if (refused !== null) return refused
    }
    return this.#table.refuse?.(record, context, group) ?? null
  }
}

function refuseShared(change: FixChange, { rule }: Target, group: FixGroup): FixRefusal | null {
  const { field, after } = change
  if (rule.shared === undefined || group.length === 1) return null
  const alike = (record: FixRecord): boolean =>
    record.changes.some((other) => other.field === field && other.after === after)
  if (rule.shared === 'each' && group.every(alike)) return null
  return refusal(
    `${field} belongs to the whole product, and not all of its variants change alike.`,
    `${field} es de todo el producto, y no todas sus variantes cambian igual.`,
    field,
  )
}

function refuseValue(place: CellPlace, { rule }: Target, blankRestores: boolean): FixRefusal | null {
  const { change, raw, context } = place
  const { field, after } = change
  const current = context.direction === 'undo' ? after : change.before
  if (rule.number === true && raw !== undefined && !holds(raw, current, place)) {
    return refusal(
      `The cell does not hold ${current ?? 'nothing'}: the value comes from elsewhere.`,
      `La celda no contiene ${current ?? 'nada'}: el valor viene de otra parte.`,
      field,
    )
  }
  if (after === null) {
    const restored = blankRestores && context.direction === 'undo' && (raw ?? null) === null
    if (rule.empties === true || rule.cleared !== undefined || restored) return null
    return refusal(
      `An empty cell does not surely empty ${field}: do it on the platform.`,
      `No es seguro que una celda vacía borre ${field}: hágalo en la plataforma.`,
      field,
    )
  }
  if (rule.write(after, place) !== null) return null
  return refusal(`The platform has no way to write ${after}.`, `La plataforma no puede escribir ${after}.`, field)
}

/** Whether the cell says what the change says stands there; true where that cannot be read. */
function holds(raw: string | null, value: string | null, { context }: CellPlace): boolean {
  if (raw === null || value === null) return raw !== null || value === null
  const mark = decimalMark(raw, context.understood)
  const read = mark === null ? null : readDecimal(raw, mark)
  return read === null || sameDecimal(read, value)
}

function refuseText({ change, context }: CellPlace, encoding: TableFix['encoding']): FixRefusal | null {
  const { after, field } = change
  if (after === null || context.direction === 'undo') return null
  if (isUnwritable(after)) {
    return refusal('The new text holds control characters.', 'El texto nuevo contiene caracteres de control.', field)
  }
  const used = encoding === 'source' ? context.understood.encoding : encoding
  if (fitsEncoding(after, used)) return null
  return refusal(
    `The new text has characters that ${used ?? ''} lacks.`,
    `El texto nuevo tiene caracteres que no existen en ${used ?? ''}.`,
    field,
  )
}

/** What only stands against the undo has to say so: the change itself could be made. */
export function turned(why: FixRefusal | null, { direction }: FixContext): FixRefusal | null {
  if (why === null || direction === 'fix') return why
  return { ...why, en: `It could not be taken back: ${why.en}`, es: `No se podría deshacer: ${why.es}` }
}

/** The fix file of a declaration. */
export function keyedTable(table: KeyedTable): TableFix {
  const writer = new KeyedWriter(table)
  const named = Object.keys(table.cells) as FieldName[]
  const { name, extension, kinds, group, records, also, literal, advice, encoding, delimiter, lineEnd } = table
  return {
    shape: 'table',
    name,
    extension,
    kinds,
    ...(group === undefined ? {} : { group }),
    ...(records === undefined ? {} : { records }),
    ...(also === undefined ? {} : { also }),
    ...(literal === undefined ? {} : { literal }),
    advice,
    encoding,
    delimiter,
    lineEnd,
    fields: table.places === undefined ? named : [...new Set([...named, table.places.field])],
    header: (fields, sample, _context, locations) => writer.header(fields, sample, locations),
    rows: (records, header, context) =>
      records
        .filter(({ changes }) => table.changedOnly !== true || changes.length > 0)
        .map((record) => writer.row(record, header, context)),
    refuse: (record, context, records) => turned(writer.refuse(record, context, records), context),
  }
}
