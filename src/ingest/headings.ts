/** The header again among the records: what is left where several exports were put one below the other. */
import { type Engine, ident, literal } from '../engine/engine.ts'
import type { Projection } from './project.ts'

export interface Headings {
  readonly rows: number
  /** Of the first, from 0. */
  readonly firstOrdinal: number
}

/**
 * Takes records that repeat the header out of a table: their filled cells say what stands above them, two at least.
 *
 * @param direct whether the table has every record of the file, and says of each whether it belongs.
 * @returns null where there are none.
 */
export async function leaveHeadings(
  engine: Engine,
  table: string,
  { fields, where }: Projection,
  direct: boolean,
): Promise<Headings | null> {
  if (direct && where === null) return null
  const written = fields.filter(({ header, type, raw }) => header !== null && (raw || type === 'VARCHAR'))
  const sure = written.filter(({ conditional }) => !conditional)
  // A list of few columns has hardly one that is read whatever else is there.
  const plain = sure.length < 2 ? written.filter(({ conditional, coded }) => !(conditional && coded)) : sure
  if (plain.length < 2) return null
  const same = plain.map(({ field, header, raw }) => {
    const text = ident(raw ? `raw:${field}` : field)
    return { text, is: `lower(trim(${text})) = ${literal((header ?? '').trim().toLowerCase())}` }
  })
  const found = `(${same.map(({ is }) => `coalesce((${is})::INTEGER, 0)`).join(' + ')}) >= 2
    AND ${same.map(({ text, is }) => `(${text} IS NULL OR ${is})`).join(' AND ')}`
  const ordinal = direct ? 'rowid' : 'ord'
  const [counted] = await engine.rows<{ n: number; first: number | null }>(
    `SELECT count(*) AS n, min(${ordinal}) AS first FROM ${table} WHERE ${found}`,
  )
  const rows = Number(counted?.n ?? 0)
  if (rows === 0) return null
  const raws = fields.filter(({ raw }) => raw).map(({ field }) => `${ident(`raw:${field}`)} = NULL`)
  await engine.run(
    direct
      ? `UPDATE ${table} SET ${['_in = false', ...raws].join(', ')} WHERE ${found}`
      : `DELETE FROM ${table} WHERE ${found}`,
  )
  return { rows, firstOrdinal: Number(counted?.first ?? 0) }
}
