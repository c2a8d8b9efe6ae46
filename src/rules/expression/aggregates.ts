import { toDecimal } from './arithmetic.ts'
import type { AggregateNode } from './ast.ts'
import type { SqlExpr } from './scope.ts'

/**
 * An aggregate over the sides of a group.
 *
 * @param filter - Which rows are sides; without it all rows of the group.
 * @param authority - Which row is the authority's; null where none is declared.
 */
export function aggregateSql(
  node: AggregateNode,
  operand: SqlExpr,
  filter: string | undefined,
  authority: string | null,
): SqlExpr {
  const { sql, type } = operand
  const where = filter === undefined ? '' : ` FILTER (WHERE ${filter})`
  const unknown = `coalesce(bool_or(${sql} IS NULL)${where}, FALSE)`
  switch (node.name) {
    // bool_or skips NULL, so an unknown side has to be looked for: it matters unless another side decides.
    case 'any':
      return {
        sql: `(CASE WHEN bool_or(${sql})${where} THEN TRUE WHEN NOT ${unknown} THEN FALSE END)`,
        type: 'boolean',
      }
    case 'none':
      return {
        sql: `(CASE WHEN bool_or(${sql})${where} THEN FALSE WHEN NOT ${unknown} THEN TRUE END)`,
        type: 'boolean',
      }
    case 'all':
      return {
        sql: `(CASE WHEN NOT bool_and(${sql})${where} THEN FALSE WHEN NOT ${unknown} THEN TRUE END)`,
        type: 'boolean',
      }
    case 'count': {
      const counted = type === 'boolean' ? `CASE WHEN ${sql} THEN 1 END` : sql
      return { sql: `count(${counted})${where}`, type: 'decimal' }
    }
    case 'sum':
      return { sql: toDecimal(`sum(${sql})${where}`), type: 'decimal' }
    // The one who is right is heard, whatever the rule's `where` says of the others.
    case 'authority':
      return { sql: authority === null ? 'NULL' : `max(${sql}) FILTER (WHERE ${authority})`, type }
    case 'min':
    case 'max':
      return { sql: `${node.name}(${sql})${where}`, type }
  }
}
