/** Sale prices of 0 by which a till says that there is no offer. */
import { type Engine, ident } from '../engine/engine.ts'
import type { FieldName } from '../model/field.ts'
import type { ProjectedField } from './project.ts'

export interface ZeroOffers {
  readonly header: string
  readonly rows: number
}

/** Of the records without an offer, those with a 0 are this many times fewer at most where 0 is how the file says it. */
const BLANKS_PER_ZERO = 10

/**
 * Takes sale prices of 0 beside a regular price for none where the file says it so: it has no other way, or it does it more
 * than once. A single 0 among empty cells is a price, and so is one with days of its own.
 *
 * @returns null where there are none.
 */
export async function leaveZeroOffers(
  engine: Engine,
  table: string,
  fields: readonly ProjectedField[],
  filter: string | null,
): Promise<ZeroOffers | null> {
  const has = (name: FieldName): boolean => fields.some(({ field }) => field === name)
  const header = fields.find(({ field, raw }) => field === 'price.sale' && raw)?.header ?? null
  if (header === null || !has('price.regular')) return null
  const [sale, text] = [ident('price.sale'), ident('raw:price.sale')]
  const days = (['price.sale_from', 'price.sale_to'] as const).filter(has).map((name) => `${ident(name)} IS NULL`)
  const priced = `${ident('price.regular')} > 0${filter === null ? '' : ` AND ${filter}`}`
  const zero = [`${sale} = 0`, priced, ...days].join(' AND ')
  const count = async (condition: string): Promise<number> => {
    const [counted] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE ${condition}`)
    return Number(counted?.n ?? 0)
  }
  // Texts are looked at where there is a 0 at all.
  const rows = await count(zero)
  if (rows === 0) return null
  const blanks = await count(`trim(coalesce(${text}, '')) = '' AND ${priced}`)
  const isHabit = blanks === 0 ? rows > 0 : rows > 1 && rows * BLANKS_PER_ZERO >= blanks
  if (!isHabit) return null
  await engine.run(`UPDATE ${table} SET ${sale} = NULL, ${text} = NULL WHERE ${zero}`)
  return { header, rows }
}
