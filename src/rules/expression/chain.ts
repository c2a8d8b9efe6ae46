/** Conditions in a row: the engine computes all of them for every row, unless it is told when one of them settles it. */

/** Reading a text for what it means; looking at one for a few words costs less than telling. */
const COSTLY = /regexp_|lambda /
const SHORT = 400
/** The cheap ones are asked twice. */
const MOST_TWICE = 600

const isCostly = (sql: string): boolean => sql.length > SHORT && COSTLY.test(sql)

/** SQL of conditions joined by AND or OR, in three-valued logic. The costly ones are computed where the others leave it open. */
export function chain(operator: 'and' | 'or', conditions: readonly string[]): string {
  const join = (list: readonly string[]): string => list.join(operator === 'and' ? ' AND ' : ' OR ')
  const cheap = conditions.filter((sql) => !isCostly(sql))
  const costly = conditions.filter(isCostly)
  if (cheap.length === 0 || costly.length === 0 || join(cheap).length > MOST_TWICE) return `(${join(conditions)})`
  const settled = operator === 'and' ? 'FALSE' : 'TRUE'
  return `(CASE WHEN (${join(cheap)}) IS ${settled} THEN ${settled} ELSE ${join([...cheap, ...costly])} END)`
}
