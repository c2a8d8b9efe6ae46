/** Rules that are queries: run over copies of the canonical tables, in a store that can reach nothing else. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
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
  const hits = await hitsOf(effective, context)
  if (hits === null) {
    tally.add(unknown('no_input'), 1)
    return { findings: [], tally }
  }
  const rows = await listingsOf(hits, effective.rule.fields.find(isFieldName), context)
  for (const { src, ord } of rows) context.places.want(src, ord)
  await context.places.resolve()
  const findings = [...groupBy(hits, ({ key }) => key).values()].flatMap((own) =>
    draftOf(own, rows, effective, context),
  )
  const [all] = await context.engine.rows<{ n: number }>('SELECT count(*) AS n FROM listing_all')
  tally.add(FAIL, findings.length)
  tally.add(PASS, Math.max(0, Number(all?.n ?? 0) - hits.length))
  return { findings, tally }
}

/** Null where no channel has what the query asks for: nobody knows what it would say. */
async function hitsOf(effective: SqlEffective, context: FindingContext): Promise<readonly Hit[] | null> {
  const { rule, params } = effective
  const folder = await mkdtemp(join(tmpdir(), 'omniparity-query-'))
  try {
    return await withSandbox(MEMORY, async (sandbox) => {
      const parts = await partsOf(sandbox, rule)
      const asked = [...new Set([...parts.tables.values()].flat())].filter((name) => isFieldName(name))
      if (!isTold(rule.needs.length > 0 ? rule.needs : asked, rule.needs.length > 0, context)) return null
      for (const [table, names] of parts.tables) {
        const columns = columnsOf(table, names)
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
      return found.flatMap((row): Hit[] => {
        const cell = (name: string): string | null => textOf(row[name])
        const key = cell('key')
        return key === null ? [] : [{ key, side: cell('side'), value: cell('value'), message: cell('message') }]
      })
    }).catch((error: unknown) => Promise.reject(queryError(rule, error)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What is said to be needed has to be there in one of the forms; of what is only asked for, every field. */
function isTold(fields: readonly FieldName[], any: boolean, { store }: FindingContext): boolean {
  const speaks = (field: FieldName): boolean =>
    (store.speaks.get(field)?.size ?? 0) > 0 || store.sources.some((source) => source.fields.has(field))
  return fields.length === 0 || (any ? fields.some(speaks) : fields.every(speaks))
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

function draftOf(
  hits: readonly Hit[],
  rows: readonly Listing[],
  effective: SqlEffective,
  context: FindingContext,
): SqlOutcome['findings'] {
  const { store, config } = context
  const { rule } = effective
  const [first] = hits
  const severity = baseSeverity(effective, null)
  if (first === undefined || severity === 'off') return []
  const own = rows.filter(({ key, ch }) => {
    const channel = store.channels[ch]?.id
    return key === first.key && hits.some(({ side }) => side === null || side === channel)
  })
  const market = own[0]?.market ?? null
  const authority = authorityOf(store, config, domainOf(rule.id), market)
  const article = rows.filter((row) => row.item === own[0]?.item)
  const item = own.length === 0 ? null : itemOf(article, store, authorityOf(store, config, 'catalog', market))
  const sides = hits.flatMap((hit) => sidesOf(hit, own, rule, authority, context))
  const messages = [...new Set(hits.flatMap(({ message }) => message ?? []))]
  const open = own.find((row) => row.open)
  const draft: Draft = {
    effective,
    code: null,
    severity,
    market,
    owner: authority === null ? null : (store.channels[authority]?.id ?? null),
    item,
    keys: [item?.id ?? first.key],
    sides,
    expected: null,
    fixable: false,
    words: {
      ...(item === null ? { item: first.key } : {}),
      message: messages.join('; '),
      count: String(hits.length),
    },
    explainedBy: null,
    id: fingerprint(rule.id, null, market, item?.id ?? first.key),
  }
  return [{ draft, item: open === undefined ? null : String(open.item) }]
}

function sidesOf(
  hit: Hit,
  rows: readonly Listing[],
  rule: SqlRule,
  authority: number | null,
  context: FindingContext,
): readonly Side[] {
  const field = rule.fields[0] ?? null
  const named = rows.filter(({ ch }) => hit.side === null || context.store.channels[ch]?.id === hit.side)
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
  const side = { channel: hit.side ?? '', listing: null, field, value: null, unit: null, raw: null, source: null }
  return [told({ ...side, authority: false }, null)]
}
