/** Fetches what leaves the engine: every side of the articles that failed somewhere. */
import { type Engine, ident, type SqlValue } from '../engine/engine.ts'
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
  // What tells a shifted window.
  'price.sale_from',
  'price.sale_to',
]

/** Columns of outcomes with failures, and how many each has. */
export interface Failures extends Verdicts {
  readonly all: Verdicts
  /** Of every column, by its name: failed and tax-suspect outcomes. */
  readonly counts: ReadonlyMap<string, number>
}

/** Creates `failing`: every article with a failed or tax-suspect outcome in the group or row verdicts, or an attached draft. */
export async function collectFailing(
  engine: Engine,
  verdicts: Verdicts,
  attached: Iterable<string>,
): Promise<Failures> {
  const counts = new Map<string, number>()
  const failed = async (table: string, columns: readonly VerdictColumn[]): Promise<readonly VerdictColumn[]> => {
    if (columns.length === 0) return []
    const bad = columns.map(({ column }) => `count(*) FILTER (${column} >= ${TAX_SUSPECT}) AS ${column}`)
    const [row] = await engine.rows(`SELECT ${bad.join(', ')} FROM ${table}`)
    for (const { column } of columns) counts.set(column, Number(row?.[column] ?? 0))
    return columns.filter(({ column }) => counts.get(column) !== 0)
  }
  const failures = {
    groups: await failed('verdict', verdicts.groups),
    rows: await failed('row_verdict', verdicts.rows),
    all: verdicts,
    counts,
  }
  const isBad = (columns: readonly VerdictColumn[]): string =>
    columns.map(({ column }) => `${column} >= ${TAX_SUSPECT}`).join(' OR ')
  const parts: string[] = []
  if (failures.groups.length > 0) parts.push(`SELECT item FROM verdict WHERE ${isBad(failures.groups)}`)
  if (failures.rows.length > 0) parts.push(`SELECT item FROM row_verdict WHERE ${isBad(failures.rows)}`)
  const items = [...attached]
  if (items.length > 0)
    parts.push(`SELECT * FROM (VALUES ${items.map((item) => `(${item}::BIGINT)`).join(', ')}) t(item)`)
  await engine.run(
    `CREATE TABLE failing AS ${parts.length === 0 ? 'SELECT 0::BIGINT AS item WHERE false' : `SELECT DISTINCT item FROM (${parts.join(' UNION ALL ')})`}`,
  )
  return failures
}

/** All sides of failing articles with the outcomes, article by article, some at once: waiting for each takes longer. */
export async function* failingArticles(
  failures: Failures,
  context: FindingContext,
): AsyncGenerator<readonly (readonly SideRow[])[]> {
  let current: SideRow[] = []
  let item: SideRow['item'] | null = null
  for await (const batch of context.engine.views<SideRow>(sidesQuery(failures, context))) {
    const articles: SideRow[][] = []
    for (const row of batch) {
      const own = row.item
      if (current.length > 0 && (own !== item || row.market !== current[0]?.market)) {
        articles.push(current)
        current = []
      }
      item = own
      current.push(row)
    }
    yield articles
  }
  if (current.length > 0) yield [current]
}

function sidesQuery({ groups, rows, all }: Failures, { store, sink }: FindingContext): string {
  // A field that no source has would only cost a column of nothing.
  const isThere = (field: string): boolean =>
    !(field in FIELDS || field.startsWith('attributes.')) || store.fields.has(field as FieldName)
  const fields = new Set<string>([...ALWAYS, ...(sink?.columns ?? [])].filter(isThere))
  for (const { check } of [...all.groups, ...all.rows]) {
    for (const field of shownFields(check.effective).filter(isThere)) {
      fields.add(field)
      if (field in FIELDS && fieldType(field as FieldName) !== 'text' && fieldType(field as FieldName) !== 'key')
        fields.add(`raw:${field}`)
    }
  }
  for (const { check } of all.groups) {
    const { rule } = check.effective
    if (rule.kind !== 'unique') continue
    for (const name of rule.scope) if (name.startsWith('attributes.') && isThere(name)) fields.add(name)
  }
  // Decimals arrive as text anyway, and the engine prints them faster; of the confidence only 1 matters.
  const columns = [...fields].map((field) => {
    const type = field === 'link_confidence' ? 'DOUBLE' : isDecimal(field) ? 'VARCHAR' : null
    return type === null ? `s.${ident(field)}` : `s.${ident(field)}::${type} AS ${ident(field)}`
  })
  const unique = new Map<string, string>()
  for (const { check } of groups) unique.set(check.effective.rule.id, check.where)
  const marks = [...unique].map(([, where], index) => `(coalesce(${where}, FALSE)::BIGINT << ${index})`)
  const sided = groups.flatMap(({ outcome: { told }, column }) =>
    told?.failing === undefined
      ? []
      : TOLD.map((name) => `CASE WHEN ${told.failing} THEN (${told[name]})::VARCHAR END AS ${toldName(column, name)}`),
  )
  const added = [`${marks.length === 0 ? '0' : marks.join(' | ')} AS marks`, ...sided]
  const inner = `SELECT *, ${added.join(', ')} FROM side WHERE item IN (SELECT item FROM failing)`
  const outcomes = [`${packed('v', groups)} AS group_outcomes`, `${packed('r', rows)} AS row_outcomes`]
  const told = [...groups, ...rows].flatMap(({ outcome, column }) =>
    outcome.told === undefined ? [] : TOLD.map((name) => toldName(column, name)),
  )
  return `SELECT ${['s.item', 's.market', 's.ch', 's.src', 's.ord', 's.rid', 's.marks', ...columns, ...outcomes, ...told].join(', ')}
    FROM (${inner}) s JOIN verdict v ON v.item = s.item AND v.market = s.market
    ${rows.length === 0 ? '' : 'JOIN row_verdict r ON r.rid = s.rid'} ORDER BY s.item, s.market, s.ch, s.rid`
}

const DECIMALS: ReadonlySet<string> = new Set(['x_regular', 'x_effective', 'conversions', 'pool_available'])

function isDecimal(field: string): boolean {
  return DECIMALS.has(field) || (isFieldName(field) && ['money', 'quantity', 'percent'].includes(fieldType(field)))
}

/** The outcomes that matter as one text, `g3=101 g7=50 `: a column each would cost more than all the rest of the row. */
function packed(table: string, columns: readonly VerdictColumn[]): string {
  if (columns.length === 0) return `''`
  return columns
    .map(
      ({ column }) =>
        `CASE WHEN ${table}.${column} >= ${TAX_SUSPECT} THEN '${column}=' || ${table}.${column} || ' ' ELSE '' END`,
    )
    .join(' || ')
}

/** A failed or tax-suspect outcome. */
export interface Failed {
  readonly column: VerdictColumn
  readonly outcome: number
}

/** Texts that are remembered. */
const MOST_TEXTS = 10_000

/** Reads packed outcomes: few texts make up all rows. */
export class Outcomes {
  readonly #columns: ReadonlyMap<string, VerdictColumn>
  readonly #read = new Map<string, readonly Failed[]>()

  constructor({ groups, rows }: Verdicts) {
    this.#columns = new Map([...groups, ...rows].map((one) => [one.column, one]))
  }

  /** Those of an article, in the order of the checks. */
  ofArticle(row: SideRow | undefined): readonly Failed[] {
    return this.#of(row?.['group_outcomes'])
  }

  /** Those of a listing by itself, in the order of the checks. */
  ofListing(row: SideRow): readonly Failed[] {
    return this.#of(row['row_outcomes'])
  }

  #of(value: SqlValue | undefined): readonly Failed[] {
    if (typeof value !== 'string' || value === '') return []
    const known = this.#read.get(value)
    if (known !== undefined) return known
    const failed = value
      .trim()
      .split(' ')
      .flatMap((one): readonly Failed[] => {
        const [name = '', outcome] = one.split('=')
        const column = this.#columns.get(name)
        return column === undefined ? [] : [{ column, outcome: Number(outcome) }]
      })
    if (this.#read.size >= MOST_TEXTS) this.#read.clear()
    this.#read.set(value, failed)
    return failed
  }
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
