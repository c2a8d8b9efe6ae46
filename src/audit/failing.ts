/** Fetches what leaves the engine: every side of the articles that failed somewhere. */
import { type Engine, ident } from '../engine/engine.ts'
import { FIELDS, type FieldName, fieldType, isFieldName } from '../model/field.ts'
import { TAX_SUSPECT } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import { TOLD, toldName, type VerdictColumn, type Verdicts } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import type { SideRow } from './sides.ts'

/** Identity of a listing and what sides always show, whatever the rules ask for. */
const ALWAYS = [
  'listing_id',
  'sku',
  'gtin',
  'gtin14',
  'title',
  'brand',
  'category',
  'condition',
  'pack_quantity',
  'status',
  'currency',
  'taxed',
  'on_sale',
  'live',
  'link_confidence',
  'link_method',
  'crosswalk_item',
  'x_regular',
  'x_effective',
  'conversions',
  'pool_available',
  // What an impact is made of.
  'stock.available',
  'price.cost',
  'src:price',
  'ord:price',
  'src:stock',
  'ord:stock',
]

/** Creates `failing`: every article with a failed or tax-suspect outcome in the group or row verdicts, or an attached draft. */
export async function collectFailing(engine: Engine, verdicts: Verdicts, attached: Iterable<string>): Promise<void> {
  const bad = ({ column }: VerdictColumn): string => `${column} >= ${TAX_SUSPECT}`
  const parts: string[] = []
  if (verdicts.groups.length > 0) parts.push(`SELECT item FROM verdict WHERE ${verdicts.groups.map(bad).join(' OR ')}`)
  if (verdicts.rows.length > 0) parts.push(`SELECT item FROM row_verdict WHERE ${verdicts.rows.map(bad).join(' OR ')}`)
  const items = [...attached]
  if (items.length > 0)
    parts.push(`SELECT * FROM (VALUES ${items.map((item) => `(${item}::BIGINT)`).join(', ')}) t(item)`)
  await engine.run(
    `CREATE TABLE failing AS ${parts.length === 0 ? 'SELECT 0::BIGINT AS item WHERE false' : `SELECT DISTINCT item FROM (${parts.join(' UNION ALL ')})`}`,
  )
}

/** All sides of failing articles with the outcomes, article by article. */
export async function* failingArticles(
  verdicts: Verdicts,
  context: FindingContext,
): AsyncGenerator<readonly SideRow[]> {
  let current: SideRow[] = []
  for await (const batch of context.engine.batches<SideRow>(sidesQuery(verdicts, context))) {
    for (const row of batch) {
      const last = current[0]
      if (last !== undefined && (last.item !== row.item || last.market !== row.market)) {
        yield current
        current = []
      }
      current.push(row)
    }
  }
  if (current.length > 0) yield current
}

function sidesQuery(verdicts: Verdicts, { store, sink }: FindingContext): string {
  // A field that no source has would only cost a column of nothing.
  const isThere = (field: string): boolean =>
    !(field in FIELDS || field.startsWith('attributes.')) || store.fields.has(field as FieldName)
  const fields = new Set<string>([...ALWAYS, ...(sink?.columns ?? [])].filter(isThere))
  for (const { check } of [...verdicts.groups, ...verdicts.rows]) {
    for (const field of shownFields(check.effective).filter(isThere)) {
      fields.add(field)
      if (field in FIELDS && fieldType(field as FieldName) !== 'text' && fieldType(field as FieldName) !== 'key')
        fields.add(`raw:${field}`)
    }
  }
  // Decimals arrive as text anyway, and the engine prints them faster.
  const columns = [...fields].map((field) =>
    isDecimal(field) ? `s.${ident(field)}::VARCHAR AS ${ident(field)}` : `s.${ident(field)}`,
  )
  const unique = new Map<string, string>()
  for (const { check } of verdicts.groups) unique.set(check.effective.rule.id, check.where)
  const marks = [...unique].map(([, where], index) => `(coalesce(${where}, FALSE)::BIGINT << ${index})`)
  const sided = [...verdicts.groups].flatMap(({ outcome: { told }, column }) =>
    told?.failing === undefined
      ? []
      : TOLD.map((name) => `CASE WHEN ${told.failing} THEN (${told[name]})::VARCHAR END AS ${toldName(column, name)}`),
  )
  const added = [`${marks.length === 0 ? '0' : marks.join(' | ')} AS marks`, ...sided]
  const inner = `SELECT *, ${added.join(', ')} FROM side WHERE item IN (SELECT item FROM failing)`
  const rows = verdicts.rows.length === 0 ? `''` : packed('r', verdicts.rows)
  const outcomes = [
    `${verdicts.groups.length === 0 ? `''` : packed('v', verdicts.groups)} AS group_outcomes`,
    `${rows} AS row_outcomes`,
  ]
  const told = [...verdicts.groups, ...verdicts.rows].flatMap(({ outcome, column }) =>
    outcome.told === undefined ? [] : TOLD.map((name) => toldName(column, name)),
  )
  return `SELECT ${['s.item', 's.market', 's.ch', 's.src', 's.ord', 's.rid', 's.marks', ...columns, ...outcomes, ...told].join(', ')}
    FROM (${inner}) s JOIN verdict v ON v.item = s.item AND v.market = s.market
    ${verdicts.rows.length === 0 ? '' : 'JOIN row_verdict r ON r.rid = s.rid'} ORDER BY s.item, s.market, s.ch, s.rid`
}

const DECIMALS: ReadonlySet<string> = new Set([
  'link_confidence',
  'x_regular',
  'x_effective',
  'conversions',
  'pool_available',
])

function isDecimal(field: string): boolean {
  return DECIMALS.has(field) || (isFieldName(field) && ['money', 'quantity', 'percent'].includes(fieldType(field)))
}

/** The outcomes that matter as one text, `g3=101 g7=50 `: a column each would cost more than all the rest of the row. */
function packed(table: string, columns: readonly VerdictColumn[]): string {
  return columns
    .map(
      ({ column }) =>
        `CASE WHEN ${table}.${column} >= ${TAX_SUSPECT} THEN '${column}=' || ${table}.${column} || ' ' ELSE '' END`,
    )
    .join(' || ')
}

/** Outcome of a column in a packed text; 0 for those that do not matter. */
export function outcomeIn(row: SideRow, { column }: VerdictColumn): number {
  const text = String(row[column.startsWith('g') ? 'group_outcomes' : 'row_outcomes'] ?? '')
  if (text === '') return 0
  const at = ` ${text}`.indexOf(` ${column}=`)
  return at < 0 ? 0 : Number.parseInt(text.slice(at + column.length + 1), 10)
}

/** Fields whose values the sides show. */
function shownFields(effective: EffectiveRule): readonly string[] {
  const { each } = effective.rule
  if (each === null) return fieldsFor(effective, null)
  const lists = [effective.params[each.param]?.value, ...effective.overrides.map(({ params }) => params[each.param])]
  const members = lists.flatMap((list) => (list?.type === 'list' ? list.value : []))
  return [...new Set(members.flatMap((member) => fieldsFor(effective, member)))]
}

/** A member of an iteration names the field itself, or stands in the place of the name in `attributes[$k]`. */
export function fieldsFor(effective: EffectiveRule, member: string | null): readonly string[] {
  if (member !== null && isFieldName(member)) return [member]
  const fields = effective.rule.fields.map((field) =>
    member === null ? field : field.replace(/\[\$\w+\]/, `.${member}`),
  )
  return fields.length === 0 ? [member === null ? 'title' : `attributes.${member}`] : fields
}
