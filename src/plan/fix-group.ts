/** What of a group of records a file can carry, in both directions. */
import type { FixChange, FixContext, FixFormat, FixGroup, FixRefusal } from '../platforms/fix.ts'
import type { Encoder } from './encode.ts'
import type { NumberedChange, RecordWithChanges } from './fix-records.ts'
import { forbiddenCell } from './formula.ts'

export interface Directions {
  readonly fix: FixContext
  readonly undo: FixContext
}

/** A change that the file cannot carry. */
export interface Refused {
  readonly n: number
  readonly why: FixRefusal
}

export interface Carried {
  readonly records: readonly RecordWithChanges[]
  readonly refused: readonly Refused[]
}

export function toFix(records: readonly RecordWithChanges[]): FixGroup {
  return records.map(({ record, changes }) => ({ record, parent: null, changes: changes.map(({ change }) => change) }))
}

export function toUndo(records: readonly RecordWithChanges[]): FixGroup {
  return records.map(({ record, changes }) => ({
    record,
    parent: null,
    changes: changes.map(({ change }) => inverse(change)),
  }))
}

function inverse(change: FixChange): FixChange {
  return { ...change, before: change.after, after: change.before }
}

/** Takes changes out until the format refuses nothing: without one of them the rest may do, or no longer do. */
export function carried(records: readonly RecordWithChanges[], format: FixFormat, { fix, undo }: Directions): Carried {
  const refused: Refused[] = []
  let left = records
  for (;;) {
    const sides = [
      [toFix(left), fix],
      [toUndo(left), undo],
    ] as const
    const round = left.flatMap((one, index): readonly Refused[] => {
      if (one.changes.length === 0) return []
      for (const [group, context] of sides) {
        const record = group[index]
        const why = record === undefined ? null : format.refuse(record, context, group)
        if (why !== null) return affected(one.changes, why).map(({ n }) => ({ n, why }))
      }
      return []
    })
    if (round.length === 0) return { records: left, refused }
    refused.push(...round)
    const gone = new Set(round.map(({ n }) => n))
    left = left.map((one) => ({ ...one, changes: one.changes.filter(({ n }) => !gone.has(n)) }))
  }
}

function affected(changes: readonly NumberedChange[], { fields }: FixRefusal): readonly NumberedChange[] {
  const named = fields === undefined ? [] : changes.filter(({ change }) => fields.includes(change.field))
  return named.length === 0 ? changes : named
}

/** Why these rows must not stand in a file; null when they may. */
export function unwritable(
  rows: readonly (readonly (string | null)[])[],
  records: readonly RecordWithChanges[],
  format: FixFormat,
  encoder: Encoder,
): FixRefusal | null {
  for (const cells of rows) {
    const risky = cells.some((cell) => cell !== null && /^[=+\-@\t\r]/.test(cell))
    if (risky) {
      const texts = new Set(records.flatMap(({ record }) => record.cells.filter((cell) => cell !== null)))
      const cell = forbiddenCell(cells, texts, format.literal === true)
      if (cell !== null) return formulaRefusal(cell)
    }
    // One look at all of them: a look at each would cost more than writing them.
    if (encoder.holds(cells.join(' '))) continue
    const lost = cells.find((cell) => cell !== null && !encoder.holds(cell))
    if (lost !== undefined && lost !== null) return encodingRefusal(lost)
  }
  return null
}

function formulaRefusal(cell: string): FixRefusal {
  const shown = cell.slice(0, 40)
  return {
    en: `the record has the text “${shown}”, which a spreadsheet would take for a formula`,
    es: `el registro contiene el texto «${shown}», que una hoja de cálculo tomaría por una fórmula`,
  }
}

function encodingRefusal(cell: string): FixRefusal {
  const shown = cell.slice(0, 40)
  return {
    en: `the file's encoding has no characters for “${shown}”`,
    es: `la codificación del fichero no tiene caracteres para «${shown}»`,
  }
}
