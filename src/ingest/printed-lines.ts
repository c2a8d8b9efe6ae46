/** Lines of a printed list between its records: headings of families, subtotals, numbers of pages. */
import type { Engine } from '../engine/engine.ts'
import type { FieldName } from '../model/field.ts'
import type { TableFile } from '../model/table-file.ts'
import type { Projection } from './project.ts'

export interface PrintedLines {
  readonly rows: number
  /** Of the first, from 0. */
  readonly firstOrdinal: number
  readonly example: string
}

const KEYS: readonly FieldName[] = ['sku', 'listing_id', 'gtin', 'mpn']
const NAMES: readonly FieldName[] = [...KEYS, 'title']
const TOTAL = '^(sub)?total(es|s)?( |:|$)|^sumas?( |:|$)'
const HEADING =
  '^(sub)?(familia|categoría|categoria|sección|seccion|departamento|grupo|página|pagina|pág[.]?|pag[.]?|hoja|family|category|section|department|group|page) ?[:0-9]|^(sub)?(familia|categoría|categoria|sección|seccion|departamento|grupo|family|category|section|department|group) '

/**
 * SQL that numbers such lines in a file whose first column tells its articles: 1 for a total without any other name or code,
 * 2 for a heading alone in its record, 3 for other words alone in it. Null where the sample has none of them.
 */
export function printedLine({ columns, sample }: TableFile, { fields }: Projection): string | null {
  const reads = (names: readonly FieldName[]): ReadonlySet<number> =>
    new Set(fields.filter(({ field }) => names.includes(field)).flatMap(({ reads: positions }) => positions))
  if (columns.length < 3 || !reads(KEYS).has(0)) return null
  const naming = [...reads(NAMES)].filter((position) => position > 0)
  const others = columns.map((_, position) => position).slice(1)
  const isEmpty = (record: readonly (string | null)[], positions: readonly number[]): boolean =>
    positions.every((position) => (record[position] ?? '').trim() === '')
  const totals = naming.length > 0
  const isLikely = sample.some((record) => {
    const first = (record[0] ?? '').trim()
    return first !== '' && (isEmpty(record, others) || (totals && isEmpty(record, naming)))
  })
  if (!isLikely) return null
  const empty = (positions: readonly number[]): string =>
    positions.map((position) => `coalesce(op_text(c${position}), '') = ''`).join(' AND ')
  const first = 'lower(op_text(c0))'
  const total = totals ? `WHEN regexp_matches(${first}, '${TOTAL}') AND ${empty(naming)} THEN 1` : ''
  return `CASE ${total} WHEN ${empty(others)} THEN
    CASE WHEN regexp_matches(${first}, '${HEADING}') THEN 2 WHEN regexp_matches(${first}, '[^ ] +[^ ]') THEN 3 END END`
}

/**
 * Takes such lines out of a table. Words alone in a record are a heading only where no code of the file has a blank in it.
 *
 * @param direct - Whether the table has every record of the file, and says of each whether it belongs.
 * @returns null where there are none.
 */
export async function leavePrintedLines(
  engine: Engine,
  table: string,
  { fields }: Projection,
  direct: boolean,
): Promise<PrintedLines | null> {
  const key = KEYS.find((name) => fields.some(({ field, reads }) => field === name && reads.includes(0))) ?? 'sku'
  const ordinal = direct ? 'rowid' : 'ord'
  const [spaced] = await engine.rows<{ n: number }>(
    `SELECT count(*) AS n FROM ${table} WHERE _printed IS NULL AND contains("${key}", ' ')`,
  )
  const found = Number(spaced?.n ?? 0) === 0 ? '_printed IS NOT NULL' : '_printed < 3'
  const [counted] = await engine.rows<{ n: number; first: number | null; text: string | null }>(
    `SELECT count(*) AS n, min(${ordinal}) AS first, arg_min("${key}", ${ordinal}) AS text FROM ${table} WHERE ${found}`,
  )
  const rows = Number(counted?.n ?? 0)
  if (rows === 0) return null
  const raws = fields.filter(({ raw }) => raw).map(({ field }) => `"raw:${field}" = NULL`)
  await engine.run(
    direct
      ? `UPDATE ${table} SET ${['_in = false', ...raws].join(', ')} WHERE ${found}`
      : `DELETE FROM ${table} WHERE ${found}`,
  )
  return { rows, firstOrdinal: Number(counted?.first ?? 0), example: counted?.text ?? '' }
}
