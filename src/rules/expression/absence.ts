/** What no source of a channel can say is unknown: neither null nor not null. */
import { type Node, walk } from './ast.ts'
import type { Scope } from './scope.ts'

/**
 * SQL: somebody who cannot say would have had to say something for the node to be known; null where everybody can.
 * Whoever asks `told(field)` knows about it already.
 *
 * @param every - Of the sides of a group: nobody can, instead of somebody cannot.
 */
export function lackingSql(node: Node, scope: Scope, inAggregate: boolean, every = false): string | null {
  const { lacks } = scope
  if (lacks === undefined) return null
  const nodes = [...walk(node, (inner) => inner.kind === 'call' && inner.name === 'told')]
  const found = new Set(
    nodes.flatMap((one) => (one.kind === 'field' && one.param === null ? (lacks(one.name) ?? []) : [])),
  )
  if (found.size === 0) return null
  const sql = `(${[...found].join(' OR ')})`
  if (inAggregate || !scope.aggregate) return sql
  const filter = scope.filter === undefined ? '' : ` FILTER (WHERE ${scope.filter})`
  return `coalesce(${every ? 'bool_and' : 'bool_or'}(${sql})${filter}, FALSE)`
}

export function readsField(node: Node): boolean {
  return [...walk(node)].some(({ kind }) => kind === 'field')
}
