/** How changes of a channel are cells of its database. */
import type { ChannelConfig, SourceConfig } from '../model/config.ts'
import type { Entity, FieldName } from '../model/field.ts'
import type { ChangeAction, ChangeTarget } from '../model/plan.ts'
import { isSame } from './compare.ts'
import type { Cell, Database, GuardedWrite, WriteColumn } from './database.ts'
import { canonicalOf, cellOf, type FieldContext } from './field-cells.ts'
import { isRefused, type Texts, type WriteTarget, writeTargets } from './write-targets.ts'

/** What a cell map needs of a change, of a plan or of a journal. */
export interface CellChange {
  readonly action: ChangeAction
  readonly entity: Entity
  readonly target: ChangeTarget
  readonly field: FieldName
  readonly before: string | null
  readonly after: string | null
}

export interface MappedCell {
  readonly target: WriteTarget
  readonly column: WriteColumn
  readonly write: Omit<GuardedWrite, 'id'>
}

interface Place {
  readonly target: WriteTarget
  readonly column: WriteColumn
  readonly context: FieldContext
}

export class DatabaseCells {
  readonly #places: ReadonlyMap<FieldName, Place>
  /** Why the first query says nothing of where its values are; null where all do. */
  readonly #refusal: Texts | null

  private constructor(places: ReadonlyMap<FieldName, Place>, refusal: Texts | null) {
    this.#places = places
    this.#refusal = refusal
  }

  /** Looks up tables and columns; of a field in two queries the first is meant, as when it is read. */
  static async of(
    channel: ChannelConfig,
    database: Database,
    sources: readonly SourceConfig[],
  ): Promise<DatabaseCells> {
    const places = new Map<FieldName, Place>()
    const refusals: Texts[] = []
    for (const source of sources) {
      for (const target of (await writeTargets(source, database)).values()) {
        if (isRefused(target)) {
          refusals.push(target)
          continue
        }
        for (const [field, column] of target.columns) {
          if (places.has(field) || target.key.some(([key]) => key === field)) continue
          places.set(field, { target, column, context: contextOf(field, source, channel) })
        }
      }
    }
    return new DatabaseCells(places, refusals[0] ?? null)
  }

  /** The guarded cell of a change, or why it has none. */
  cellOf(change: CellChange): MappedCell | Texts {
    if (change.action !== 'update') {
      return {
        en: `rows are neither added nor removed in a database`,
        es: `en una base de datos no se añaden ni quitan filas`,
      }
    }
    const place = this.#places.get(change.field)
    if (place === undefined) return this.#refusal ?? notWritten(change.field)
    const key: { column: string; value: string }[] = []
    for (const [field, column] of place.target.key) {
      const value = keyValue(field, change.target)
      if (value === null) {
        return {
          en: `the row cannot be named: the plan does not say its ${field}`,
          es: `no se puede identificar la fila: el plan no dice su ${field}`,
        }
      }
      key.push({ column: column.name, value })
    }
    const before = cellOf(change.field, change.before, place.column, place.context)
    const after = cellOf(change.field, change.after, place.column, place.context)
    if (isTexts(before)) return before
    if (isTexts(after)) return after
    const { table } = place.target
    return { ...place, write: { table, key, column: place.column.name, before, after } }
  }

  /** What stands in the column, in the canonical text of the field. */
  textOf(change: CellChange, cell: Cell): string | null {
    const place = this.#places.get(change.field)
    if (place === undefined) return cell === null ? null : String(cell)
    const { column, context } = place
    const known = [change.before, change.after]
    return canonicalOf(change.field, cell, column, context, known, (a, b) => isSame(column.kind, a, b))
  }
}

const isTexts = (value: Cell | Texts): value is Texts => typeof value === 'object' && value !== null

function notWritten(field: FieldName): Texts {
  return {
    en: `no query says which column holds ${field}: name it with 'write:'`,
    es: `ninguna consulta dice qué columna guarda ${field}: indíquela con «write:»`,
  }
}

function keyValue(field: FieldName, target: ChangeTarget): string | null {
  switch (field) {
    case 'listing_id':
      return target.external_id ?? target.listing
    case 'sku':
      return target.sku
    case 'gtin':
      // The listing is called by its code where it has no other name.
      return target.sku === null && target.external_id === null ? target.listing : null
    case 'stock.location':
      return target.location ?? null
    default:
      return null
  }
}

function contextOf(field: FieldName, source: SourceConfig, channel: ChannelConfig): FieldContext {
  const own = source.map[field]?.vocabulary ?? {}
  const words = field === 'status' ? { ...own, ...channel.statusMap } : own
  return { timezone: channel.timezone, words }
}
