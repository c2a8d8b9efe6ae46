/**
 * Columns that a file has and never fills. Every article has a title and a price, and hardly a shop has no picture at all:
 * where no record has one, the export does not say it. Few records prove nothing, and no sale is as good as any.
 */
import { type Engine, ident } from '../engine/engine.ts'
import type { FieldName } from '../model/field.ts'
import type { TableFile } from '../model/table-file.ts'
import type { ProjectedField } from './project.ts'
import type { Arm } from './tables.ts'

const LEAST_RECORDS = 20
const FILLED: ReadonlySet<FieldName> = new Set(['title', 'brand', 'category', 'image', 'price.regular'])

/** Fields that the columns of the file would feed and no record does, with the header. */
export async function emptyFields(
  engine: Engine,
  { records, sample }: Pick<TableFile, 'records' | 'sample'>,
  arms: readonly Arm[],
  fields: readonly ProjectedField[],
): Promise<ReadonlyMap<FieldName, string>> {
  const empty = new Map<FieldName, string>()
  if (records < LEAST_RECORDS) return empty
  const isFilled = ({ reads }: ProjectedField): boolean =>
    sample.some((record) => reads.some((position) => (record[position] ?? '') !== ''))
  for (const one of fields) {
    const { field, header } = one
    if (header === null || !FILLED.has(field) || fields.some((other) => other.field === field && isFilled(other)))
      continue
    const tables = [...new Set(arms.filter(({ columns }) => columns.has(field)).map(({ table }) => table))]
    const counts = tables.map((table) => `(SELECT count(${ident(field)}) FROM ${table})`)
    const [row] = await engine.rows<{ n: number }>(`SELECT ${['0', ...counts].join(' + ')} AS n`)
    if (Number(row?.n ?? 0) === 0) empty.set(field, header)
  }
  return empty
}
