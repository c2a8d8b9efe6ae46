/** Cells that say something which nobody could read. */
import { ident } from '../../engine/engine.ts'
import { type FieldName, type FieldType, fieldType, isFieldName } from '../../model/field.ts'
import type { World } from '../check.ts'
import { type Expr, fieldsOf, walk } from '../expression/ast.ts'
import { READS_TEXT } from '../expression/functions.ts'

/** Their values are their texts. */
const PLAIN = new Set<FieldType>(['text', 'key', 'gtin', 'list'])

/** What the audit makes of a word for the status. */
const BY_STATUS: ReadonlySet<string> = new Set(['live', 'sellable', 'selling', 'status'])

/** SQL over a row: the field has a text and no value; null where a field is its text. */
export function unreadSql(field: FieldName): string | null {
  if (PLAIN.has(fieldType(field))) return null
  return `${ident(field)} IS NULL AND trim(coalesce(${ident(`raw:${field}`)}, '')) <> ''`
}

/** SQL over a side: something in it that the expressions ask for could not be read; null where nothing can be so. */
export function unreadSide(expressions: readonly Expr[], world: World): string | null {
  const names = expressions.flatMap(fieldsOf)
  const cells = names.filter((name) => isFieldName(name)).filter((name) => world.speaks(name))
  const conditions = new Set(cells.flatMap((name) => unreadSql(name) ?? []))
  if (names.some((name) => BY_STATUS.has(name))) conditions.add('live IS NULL')
  // A text without a number, a date or an amount in it that the functions are sure of.
  for (const name of expressions.flatMap(textsRead))
    if (world.speaks(name)) conditions.add(`${ident(name)} IS NOT NULL`)
  return conditions.size === 0 ? null : [...conditions].map((sql) => `(${sql})`).join(' OR ')
}

function textsRead(expr: Expr): readonly FieldName[] {
  const calls = [...walk(expr.root)].filter((node) => node.kind === 'call' && READS_TEXT.has(node.name))
  const inside = calls.flatMap((call) => [...walk(call)])
  return inside.flatMap((node) =>
    node.kind === 'field' && node.param === null && isFieldName(node.name) ? [node.name] : [],
  )
}
