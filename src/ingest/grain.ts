/** A product file whose records are finer than an article: one per location. */
import { type Engine, ident } from '../engine/engine.ts'
import type { FieldName } from '../model/field.ts'
import type { Output } from '../platforms/platform.ts'
import type { Assumptions } from './assumptions.ts'
import type { Projection } from './project.ts'
import type { Arm } from './tables.ts'

export const IDENTIFIERS: readonly FieldName[] = ['sku', 'listing_id', 'gtin']

/** The field that names the article where the declared grain has a location in it; null where it has none. */
export function grainArticle(
  output: Output,
  projection: Projection,
  grain: readonly string[] | null,
): FieldName | null {
  if (output.entity !== 'listing' || output.role !== undefined || !grain?.includes('stock.location')) return null
  const has = (name: FieldName): boolean => projection.fields.some(({ field }) => field === name)
  return has('stock.location') ? (IDENTIFIERS.find((name) => grain.includes(name) && has(name)) ?? null) : null
}

/**
 * Makes one listing of the records of an article; they are its stock records too.
 *
 * What the records say differently is taken from the first, and said so.
 */
export async function splitByGrain(
  engine: Engine,
  arm: Arm,
  article: FieldName,
  assumptions: Assumptions,
): Promise<readonly Arm[]> {
  const table = `${arm.table}_articles`
  const key = `coalesce(${ident(article)}, ord::VARCHAR)`
  await engine.run(
    `CREATE TABLE ${table} AS SELECT * FROM ${arm.table} QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY ord) = 1`,
  )
  for (const field of ['price.regular', 'price.sale', 'status'].filter((name) => arm.columns.has(name))) {
    const [row] = await engine.rows<{ n: number }>(
      `SELECT count(*) AS n FROM (SELECT ${key} FROM ${arm.table} GROUP BY 1 HAVING min(${ident(field)}) <> max(${ident(field)}))`,
    )
    if (Number(row?.n ?? 0) > 0) assumptions.add({ kind: 'grain', field, articles: Number(row?.n) })
  }
  const isStock = (name: string): boolean => name.replace('raw:', '').startsWith('stock.')
  const identifies = (name: string): boolean => IDENTIFIERS.some((field) => field === name) || name === 'gtin14'
  const listing = new Map([...arm.columns].filter(([name]) => !isStock(name)))
  const stock = new Map([...arm.columns].filter(([name]) => isStock(name) || identifies(name)))
  return [
    { ...arm, table, columns: listing, fields: arm.fields.filter((field) => !isStock(field)) },
    { ...arm, entity: 'stock', columns: stock, fields: arm.fields.filter(isStock) },
  ]
}

/**
 * How many records of a file share an id with another one, where the id is all that names them. No rule judges it: the id
 * of an export may be that of an article, of a price of it, or of a day.
 */
export async function repeatedIds(
  engine: Engine,
  arm: Arm,
): Promise<{ readonly records: number; readonly ids: number } | null> {
  const isOnly = arm.columns.has('listing_id') && !arm.columns.has('sku') && !arm.columns.has('gtin')
  if (!isOnly || arm.entity !== 'listing' || arm.role !== 'listing' || arm.fallback) return null
  const [row] = await engine.rows<{ records: number; ids: number }>(
    `SELECT count(listing_id) AS records, count(DISTINCT listing_id) AS ids FROM ${arm.table}${arm.filter === null ? '' : ` WHERE ${arm.filter}`}`,
  )
  const [records, ids] = [Number(row?.records ?? 0), Number(row?.ids ?? 0)]
  return records > ids ? { records, ids } : null
}
