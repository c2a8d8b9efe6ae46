/** The records of a source that a file which corrects it needs, group by group, with what changes in them. */
import { type Engine, ident, literal, type SqlRow, type SqlValue } from '../engine/engine.ts'
import type { Source } from '../ingest/tables.ts'
import type { Entity, FieldName } from '../model/field.ts'
import type { FixChange, FixFormat, SourceRecord } from '../platforms/fix.ts'

/** A change with its number in `plan_cell` and what has to be agreed to. */
export interface NumberedChange {
  readonly n: number
  readonly needs: readonly string[]
  readonly change: FixChange
}

export interface RecordWithChanges {
  readonly record: SourceRecord
  readonly changes: readonly NumberedChange[]
}

export interface BoundSource {
  readonly source: Source
  /** Logical column to its position. */
  readonly columns: ReadonlyMap<string, number>
  /** Table with the raw records in the order of the file. */
  readonly table: string
}

/** Puts the raw records of a source where they can be asked for by their position. */
export async function keepRecords(engine: Engine, source: Source, table: string): Promise<void> {
  await engine.createInOrder(table, `SELECT * FROM ${source.file.relation}`)
  const [counted] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)
  const expected = source.file.records - source.file.quarantined.length
  if (Number(counted?.n ?? 0) !== expected) {
    throw new Error(`${source.file.path} had ${expected} records and now has ${counted?.n ?? 0}`)
  }
}

/** @param fields - Those of the changes that the format carries. */
export async function* recordGroups(
  engine: Engine,
  { source, columns, table }: BoundSource,
  format: FixFormat,
  fields: readonly FieldName[],
): AsyncGenerator<readonly RecordWithChanges[]> {
  if (fields.length === 0) return
  const header = source.file.columns
  const names = header.map((_, position) => `c${position}`)
  const by = format.group === undefined ? undefined : columns.get(format.group.by)
  const group =
    by === undefined ? 'rowid' : `coalesce(last_value(c${by} IGNORE NULLS) OVER (ORDER BY rowid), 'row ' || rowid)`
  const whole =
    format.records === 'all' ? 'TRUE' : `g.grp IN (SELECT DISTINCT w.grp FROM grouped w JOIN wanted c ON c.ord = w.ord)`
  const isWhole = format.records === 'all' || format.group?.whole === true
  const first = by === undefined ? 'g.ord' : 'min(g.ord) OVER (PARTITION BY g.grp)'
  const sql = `WITH wanted AS (
      SELECT n, ord, entity, field, "before", "after", unit, location, needs FROM plan_cell
      WHERE src = ${source.index} AND field IN (${fields.map(literal).join(', ')}) AND n NOT IN (SELECT n FROM plan_refusal)),
    grouped AS (SELECT rowid AS ord, ${group} AS grp, ${names.join(', ')} FROM ${table})
    SELECT g.ord AS ord, ${first} AS first, ${names.map((name) => `g.${name}`).join(', ')},
      c.n AS n, c.entity AS entity, c.field AS field, c."before" AS was, c."after" AS becomes, c.unit AS unit, c.location AS location, c.needs AS needs
    FROM grouped g ${isWhole ? 'LEFT' : 'INNER'} JOIN wanted c ON c.ord = g.ord ${isWhole ? `WHERE ${whole}` : ''}
    ORDER BY first, g.ord, c.n`
  const make = recordMaker(source, columns)
  let open: {
    readonly first: string
    readonly records: (RecordWithChanges & { readonly ord: string; readonly changes: NumberedChange[] })[]
  } | null = null
  for await (const batch of engine.batches<SqlRow>(sql)) {
    for (const row of batch) {
      const key = String(row['first'])
      if (open !== null && open.first !== key) {
        yield open.records
        open = null
      }
      open ??= { first: key, records: [] }
      const ord = String(row['ord'])
      let last = open.records.at(-1)
      if (last?.ord !== ord) {
        last = { ord, record: make(names.map((name) => text(row[name]))), changes: [] }
        open.records.push(last)
      }
      const change = changeOf(row)
      if (change !== null) last.changes.push(change)
    }
  }
  if (open !== null) yield open.records
}

function text(value: SqlValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}

function changeOf(row: SqlRow): NumberedChange | null {
  const number = row['n']
  if (number === null || number === undefined) return null
  return {
    n: Number(number),
    needs: (text(row['needs']) ?? '').split(' ').filter((need) => need !== ''),
    change: {
      action: 'update',
      // Both were written by `wants`.
      entity: row['entity'] as Entity,
      field: row['field'] as FieldName,
      before: text(row['was']),
      after: text(row['becomes']),
      unit: text(row['unit']),
      location: text(row['location']),
    },
  }
}

function recordMaker(
  { kind, file }: Source,
  columns: ReadonlyMap<string, number>,
): (cells: readonly (string | null)[]) => SourceRecord {
  const header = file.columns
  return (cells) => ({
    kind,
    header,
    cells,
    cell(column) {
      const position = columns.get(column)
      return position === undefined ? undefined : (cells[position] ?? null)
    },
    headerOf(column) {
      const position = columns.get(column)
      return position === undefined ? undefined : header[position]
    },
  })
}

/** The words that the channel's file has for a coded field, and what they mean. */
export async function wordsIn(
  engine: Engine,
  source: Source,
  field: FieldName,
): Promise<readonly { word: string; value: string }[]> {
  const raw = ident(`raw:${field}`)
  const rows = await engine.rows<{ word: string; value: string }>(
    `SELECT trim(${raw}) AS word, ${ident(field)}::VARCHAR AS value, count(*) AS n FROM listing_all
     WHERE src = ${source.index} AND ${raw} IS NOT NULL AND ${ident(field)} IS NOT NULL GROUP BY 1, 2 ORDER BY n DESC, 1 LIMIT 200`,
  )
  return rows.map(({ word, value }) => ({ word, value }))
}
