/** Rules that are queries: run over copies of the canonical tables, in a store that can reach nothing else. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import { meant } from '../config/check.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { type Engine, ident, literal, type SqlValue } from '../engine/engine.ts'
import type { SandboxColumn } from '../engine/sandbox.ts'
import { type FieldName, type FieldType, fieldType, isFieldName } from '../model/field.ts'
import type { Side } from '../model/report.ts'
import { FAIL, PASS, unknown } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import { addMacros, columnsOf, partsOf, queryError, queryText, valuesOf, withSandbox } from '../rules/query/check.ts'
import { RESULT_COLUMNS } from '../rules/query/tables.ts'
import type { SqlRule } from '../rules/rule.ts'
import type { Draft } from './draft.ts'
import { Tally } from './evaluate.ts'
import { domainOf, type FindingContext } from './finding.ts'
import { perChannel } from './side-view.ts'
import { canonicalText, isMoney, itemOf, type SideRow, sideOf, textOf } from './sides.ts'
import { baseSeverity } from './source-scope.ts'
import { authorityOf } from './world.ts'

const LIMITS = { milliseconds: 10_000, rows: 100_000 }
const MEMORY = '512MB'

type SqlEffective = EffectiveRule & { readonly rule: SqlRule }

export function isQuery(effective: EffectiveRule): effective is SqlEffective {
  return effective.rule.kind === 'sql'
}

export interface SqlOutcome {
  /** The open article that a finding is about; null where it is about none. */
  readonly findings: readonly { readonly draft: Draft; readonly item: string | null }[]
  readonly tally: Tally
}

/** What a query gives: which listing is wrong, on which side, what it says, and why. */
interface Hit {
  readonly key: string
  readonly side: string | null
  readonly value: string | null
  readonly message: string | null
}

/** @throws DiagnosticError `rules/bad-query` for a query that is wrong or reaches a limit. */
export async function judgeQuery(effective: SqlEffective, context: FindingContext): Promise<SqlOutcome> {
  const tally = new Tally()
  const answer = await answerOf(effective, context)
  if (answer === null) {
    tally.add(unknown('no_input'), 1)
    return { findings: [], tally }
  }
  checkSides(answer.hits, effective.rule, context)
  const rows = await listingsOf(answer.hits, effective.rule.fields.find(isFieldName), context)
  for (const { src, ord } of rows) context.places.want(src, ord)
  await context.places.resolve()
  const articles = groupBy(rows, ({ item }) => String(item))
  const faults = faultsOf(answer.hits, rows, context)
  const findings = faults.flatMap((fault) => draftOf(fault, articles.get(fault.item ?? '') ?? [], effective, context))
  tally.add(FAIL, findings.length)
  const { isOfArticles, count } = await unitsOf(answer.tables, context)
  const failing = isOfArticles ? faults.filter(({ item }) => item !== null) : faults
  // Whatever a row without a key is about does not pass, and nobody knows what it is.
  tally.add(PASS, Math.max(0, count - failing.length - answer.nameless))
  tally.add(unknown('no_input'), answer.nameless)
  return { findings, tally }
}

interface Answer {
  readonly hits: readonly Hit[]
  /** Rows without a key. */
  readonly nameless: number
  /** What the query reads. */
  readonly tables: readonly string[]
}

/** Null where no channel has what the query asks for: nobody knows what it would say. */
async function answerOf(effective: SqlEffective, context: FindingContext): Promise<Answer | null> {
  const { rule, params } = effective
  const folder = await mkdtemp(join(tmpdir(), 'omniparity-query-'))
  try {
    return await withSandbox(MEMORY, async (sandbox) => {
      const parts = await partsOf(sandbox, rule)
      const asked = parts.asked.filter(isFieldName)
      if (!isTold(rule.needs.length > 0 ? rule.needs : asked, rule.needs.length > 0, context)) return null
      const isThere = (name: string): boolean =>
        !isFieldName(name) || parts.asked.includes(name) || speaksOf(name, context)
      for (const [table, names] of parts.tables) {
        const columns = columnsOf(table, names.filter(isThere))
        const file = join(folder, `${table}.parquet`)
        await copyTable(table, columns, file, context)
        await sandbox.table(table, columns, file)
      }
      await addMacros(sandbox, context.asOf)
      await sandbox.lock()
      const values = valuesOf(
        parts,
        Object.fromEntries(Object.entries(params).map(([name, { value }]) => [name, value])),
      )
      const text = queryText(rule)
      const given = await sandbox.columns(text, values, LIMITS.milliseconds)
      const found = await sandbox.rows(
        text,
        RESULT_COLUMNS.filter((name) => given.includes(name)),
        values,
        LIMITS,
      )
      const hits = found.flatMap((row): Hit[] => {
        const cell = (name: string): string | null => textOf(row[name])
        const key = cell('key')
        return key === null ? [] : [{ key, side: cell('side'), value: cell('value'), message: cell('message') }]
      })
      return { hits, nameless: found.length - hits.length, tables: [...parts.tables.keys()] }
    }).catch((error: unknown) => Promise.reject(queryError(rule, error)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What is said to be needed has to be there in one of the forms; of what is only asked for, every field. */
function isTold(fields: readonly FieldName[], any: boolean, context: FindingContext): boolean {
  const speaks = (field: FieldName): boolean => speaksOf(field, context)
  return fields.length === 0 || (any ? fields.some(speaks) : fields.every(speaks))
}

function speaksOf(field: FieldName, { store }: FindingContext): boolean {
  return (store.speaks.get(field)?.size ?? 0) > 0 || store.sources.some((source) => source.fields.has(field))
}

function checkSides(hits: readonly Hit[], rule: SqlRule, { store }: FindingContext): void {
  const known = store.channels.map(({ id }) => id)
  const foreign = hits.find(({ side }) => side !== null && !known.includes(side))?.side ?? null
  if (foreign === null) return
  const near = meant(foreign, known)
  const list = known.join(', ')
  throw fail(
    'rules/bad-query',
    {
      problem: {
        en: `the query gives the side '${foreign}', which is no channel`,
        es: `la consulta da el lado «${foreign}», que no es ningún canal`,
      },
      hint:
        near === null
          ? { en: `channels: ${list}`, es: `canales: ${list}` }
          : { en: `did you mean '${near}'?`, es: `¿quería decir «${near}»?` },
    },
    rule.query.at,
  )
}

interface Units {
  readonly isOfArticles: boolean
  readonly count: number
}

/** Of a query that reads articles every article in each of its markets; else every promotion, or channel. */
async function unitsOf(tables: readonly string[], { engine, store }: FindingContext): Promise<Units> {
  const isOfArticles = tables.length === 0 || tables.some((table) => table !== 'promotion' && table !== 'channel')
  if (!isOfArticles && !tables.includes('promotion')) return { isOfArticles, count: store.channels.length }
  const counted = isOfArticles ? '(SELECT DISTINCT item, market FROM side_all)' : 'promotion'
  const [all] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${counted}`)
  return { isOfArticles, count: Number(all?.n ?? 0) }
}

async function copyTable(
  table: string,
  columns: readonly SandboxColumn[],
  file: string,
  context: FindingContext,
): Promise<void> {
  const { engine } = context
  const parts = await tableParts(table, context)
  const selects: string[] = []
  for (const { from, computed } of parts) {
    const known = await columnsIn(engine, from)
    const items = columns.map(({ name, type }) => {
      const own = computed[name] ?? (known.has(name) ? ident(name) : 'NULL')
      // A list stands in its column as one text.
      const value = type === 'VARCHAR[]' ? `string_split(${own}, ',')` : own
      return `CAST(${value} AS ${type}) AS ${ident(name)}`
    })
    selects.push(`SELECT ${items.join(', ')} FROM ${from}`)
  }
  const all = selects.length === 0 ? emptySql(columns) : selects.join(' UNION ALL ')
  await engine.run(`COPY (${all}) TO ${literal(file)} (FORMAT parquet)`)
}

function emptySql(columns: readonly SandboxColumn[]): string {
  return `SELECT ${columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${ident(name)}`).join(', ')} WHERE FALSE`
}

interface TablePart {
  readonly from: string
  readonly computed: Readonly<Record<string, string>>
}

/** What a table of queries is made of; where a channel has files of prices or stock, their rows stand for its listings'. */
async function tableParts(table: string, context: FindingContext): Promise<readonly TablePart[]> {
  const { store, engine } = context
  const computed = { channel: perChannel(store.channels, ({ id }) => literal(id)) }
  switch (table) {
    case 'listing':
      return [{ from: 'side_all', computed }]
    case 'promotion':
      return [{ from: 'promotion', computed }]
    case 'channel':
      return [{ from: `(${channelValues(context)})`, computed: {} }]
    default: {
      const own = `(SELECT * FROM side_all WHERE ${ident(`src:${table}`)} IS NULL)`
      const view = table === 'price' ? 'price_list_row' : table
      if (!(await isThere(engine, view))) return [{ from: own, computed }]
      const rows = `(SELECT s.*, l.item, l.market, l.listing_id, l.sku, l.gtin, l.currency FROM (SELECT ch, rid, COLUMNS('^${table}\\.') FROM ${view}) s
        JOIN (SELECT rid, item, market, listing_id, sku, gtin, currency FROM side_all) l ON l.rid = s.rid)`
      return [
        { from: own, computed },
        { from: rows, computed },
      ]
    }
  }
}

function channelValues({ store }: FindingContext): string {
  const rows = store.channels.map((one) =>
    [one.id, one.kind, one.owner, one.audience, one.market, one.currency, one.timezone, one.stockPool, one.phase].map(
      literal,
    ),
  )
  const names = 'id, kind, owner, audience, market, currency, timezone, stock_pool, phase'
  return `SELECT * FROM (VALUES ${rows.map((row) => `(${row.join(', ')})`).join(', ')}) t(${names})`
}

async function columnsIn(engine: Engine, from: string): Promise<ReadonlySet<string>> {
  const rows = await engine.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM ${from}`)
  return new Set(rows.map(({ column_name }) => column_name))
}

async function isThere(engine: Engine, name: string): Promise<boolean> {
  const [row] = await engine.rows<{ n: number }>(
    `SELECT count(*) AS n FROM duckdb_views() WHERE view_name = ${literal(name)} AND schema_name = current_schema()`,
  )
  return Number(row?.n ?? 0) > 0
}

type Listing = SideRow & { readonly key: string | null; readonly open: boolean }

const AS_WRITTEN: ReadonlySet<FieldType> = new Set(['text', 'key', 'gtin', 'currency', 'list'])

/** The listings that the keys name by SKU, the channel's own id, or GTIN, and all others of their articles. */
async function listingsOf(
  hits: readonly Hit[],
  field: FieldName | undefined,
  { engine, store }: FindingContext,
): Promise<readonly Listing[]> {
  if (hits.length === 0) return []
  const keys = [...new Set(hits.map(({ key }) => key))].map((key): readonly SqlValue[] => [key])
  await engine.run('CREATE OR REPLACE TEMP TABLE query_key (k VARCHAR)')
  for (let start = 0; start < keys.length; start += CHUNK) {
    const values = keys.slice(start, start + CHUNK).map((row) => `(${row.map(literal).join(', ')})`)
    await engine.run(`INSERT INTO query_key VALUES ${values.join(', ')}`)
  }
  const shown = [...store.fields.keys()].map((name) => `l.${ident(name)}`)
  if (field !== undefined && store.fields.has(field) && !AS_WRITTEN.has(fieldType(field))) {
    shown.push(`l.${ident(`raw:${field}`)}`)
  }
  const columns = ['item', 'market', 'ch', 'src', 'ord', 'rid', 'gtin14', 'currency', 'crosswalk_item'].map(
    (name) => `l.${name}`,
  )
  const parts = ['listing_id', 'sku', 'gtin'].map((name) => `SELECT k, rid FROM query_key JOIN side_all ON ${name} = k`)
  return engine.rows<Listing>(
    `WITH named AS (${parts.join(' UNION ')})
     SELECT n.k AS key, ${[...new Set([...columns, ...shown])].join(', ')}, l.rid IN (SELECT rid FROM side) AS open
     FROM side_all l LEFT JOIN named n ON n.rid = l.rid
     WHERE l.item IN (SELECT item FROM side_all WHERE rid IN (SELECT rid FROM named)) ORDER BY l.item, l.ch, l.rid, 1`,
  )
}

const CHUNK = 1000

/** What is wrong with one article in one market, or with something that no listing is. */
interface Fault {
  readonly key: string
  readonly item: string | null
  readonly market: string | null
  readonly told: { readonly hit: Hit; readonly own: readonly Listing[] }[]
}

function faultsOf(hits: readonly Hit[], rows: readonly Listing[], { store }: FindingContext): readonly Fault[] {
  const named = groupBy(
    rows.filter(({ key }) => key !== null),
    ({ key }) => key ?? '',
  )
  const faults = new Map<string, Fault>()
  const add = (hit: Hit, item: string | null, market: string | null, own: readonly Listing[]): void => {
    const id = JSON.stringify(item === null ? [hit.key] : [item, market])
    const fault = faults.get(id) ?? { key: hit.key, item, market, told: [] }
    faults.set(id, fault)
    fault.told.push({ hit, own })
  }
  for (const hit of hits) {
    const every = named.get(hit.key) ?? []
    const own = every.filter(({ ch }) => hit.side === null || store.channels[ch]?.id === hit.side)
    const market = store.channels.find(({ id }) => id === hit.side)?.market ?? null
    if (own.length > 0) {
      for (const part of groupBy(own, (row) => JSON.stringify([String(row.item), row.market])).values()) {
        const [first] = part
        if (first !== undefined) add(hit, String(first.item), first.market, part)
      }
      // The article is known, and the channel that it is about does not list it.
    } else if (every.length > 0)
      for (const item of new Set(every.map((row) => String(row.item)))) add(hit, item, market, [])
    else add(hit, null, market, [])
  }
  return [...faults.values()]
}

/** @param article - Every listing of the article. */
function draftOf(
  { key, market, told }: Fault,
  article: readonly Listing[],
  effective: SqlEffective,
  context: FindingContext,
): SqlOutcome['findings'] {
  const { store, config } = context
  const { rule } = effective
  const severity = baseSeverity(effective, null)
  if (severity === 'off') return []
  const authority = authorityOf(store, config, domainOf(rule.id), market)
  const item = article.length === 0 ? null : itemOf(article, store, authorityOf(store, config, 'catalog', market))
  const sides = told.flatMap(({ hit, own }) => sidesOf(hit, own, rule, authority, context))
  const messages = [...new Set(told.flatMap(({ hit }) => hit.message ?? []))]
  const open = article.find((row) => row.open)
  const draft: Draft = {
    effective,
    code: null,
    severity,
    market,
    owner: authority === null ? null : (store.channels[authority]?.id ?? null),
    item,
    keys: [item?.id ?? key],
    sides: [...new Map(sides.map((side) => [JSON.stringify(side), side])).values()],
    expected: null,
    fixable: false,
    words: {
      ...(item === null ? { item: key } : {}),
      // What nothing shows can still be told.
      ...(sides.length === 0 ? { value: told.flatMap(({ hit }) => hit.value ?? []).join(', ') } : {}),
      message: messages.join('; '),
      count: String(told.length),
    },
    explainedBy: null,
    id: fingerprint(rule.id, null, market, item?.id ?? key),
  }
  return [{ draft, item: open === undefined ? null : String(open.item) }]
}

function sidesOf(
  hit: Hit,
  named: readonly Listing[],
  rule: SqlRule,
  authority: number | null,
  context: FindingContext,
): readonly Side[] {
  const field = rule.fields[0] ?? null
  const told = (side: Side, currency: string | null): Side => {
    if (hit.value === null) return side
    const value = canonicalText(hit.value, field ?? '', currency === null ? 2 : context.minorUnits(currency))
    return { ...side, value, unit: isMoney(field ?? '') ? currency : null }
  }
  if (named.length > 0) {
    return named.map((row) => {
      const side = sideOf(row, field ?? 'sku', row.ch === authority, context)
      return { ...told(side, textOf(row['currency'])), field }
    })
  }
  if (hit.side === null) return []
  const side = { channel: hit.side, listing: null, field, value: null, unit: null, raw: null, source: null }
  return [told({ ...side, authority: false }, null)]
}
