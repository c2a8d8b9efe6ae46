/**
 * What earlier audits saw, for cases of rules that look back:
 *
 *     history:
 *       seen: {web: [2026-10-01T08:00:00Z, 2026-11-21T08:00:00Z]}   # from, to: observed once a day; or a list of such pairs
 *       every: 24h                                                   # how often, where not daily
 *       rows:                                                        # what was found changed, by the day (at 8:00) or the instant
 *         - {at: 2026-10-01, channel: web, sku: LAMP, price.regular: 100, price.sale: 80}
 *         - {at: 2026-10-09, channel: web, sku: LAMP, gone: true}
 *
 *       sources:                                                     # files that earlier audits read, an audit for each moment
 *         - {at: 2026-11-21, channel: web, kind: products, rows: 120, columns: [SKU, PVP], fields: {sku: 1, price.regular: 0.9}}
 *         - {at: 2026-11-22, channel: web, kind: products, rows: 20, found: feed/volume-drop}   # and what it found about them
 *
 * A row tells the groups of fields that it names: prices, stock, or what the listing is (gtin, brand, pack_quantity, status).
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { BIT, FINDING_COLUMNS, filesSql, GROUP_NAMES, GROUPS, SOURCE_COLUMNS } from '../../audit/ledger-files.ts'
import { FILES, type LedgerEntry, LedgerFolder } from '../../audit/ledger-folder.ts'
import { parseDuration } from '../../base/clock.ts'
import { type Engine, literal } from '../../engine/engine.ts'

const Pair = z.tuple([z.string(), z.string()])
export const History = z.strictObject({
  seen: z.record(z.string(), z.union([Pair.transform((pair) => [pair]), z.array(Pair)])).default({}),
  every: z.string().default('24h'),
  rows: z.array(z.record(z.string(), z.string())).default([]),
  sources: z
    .array(
      z.strictObject({
        at: z.string(),
        channel: z.string(),
        kind: z.string(),
        rows: z.coerce.number(),
        columns: z.array(z.string()).default([]),
        fields: z.record(z.string(), z.coerce.number()).default({}),
        found: z.string().nullable().default(null),
      }),
    )
    .default([]),
})
export type History = z.output<typeof History>

/** Field of a row to the column of the ledger. */
const COLUMNS: Readonly<Record<string, string>> = {
  'price.regular': 'regular',
  'price.sale': 'sale',
  'price.prior_shown': 'prior_shown',
  'price.currency': 'currency',
  'stock.available': 'available',
  'stock.on_hand': 'on_hand',
  status: 'state',
  gtin: 'gtin14',
  brand: 'brand',
  pack_quantity: 'pack',
}

/** Writes the ledger of a case. */
export async function writeHistory(engine: Engine, dir: string, history: History): Promise<readonly LedgerEntry[]> {
  const folder = new LedgerFolder(join(dir, '.omniparity'))
  await folder.prepare()
  const moments = [...new Set(history.sources.map(({ at }) => at))].sort()
  for (const at of moments) await writeAudit(engine, folder, { ...history, seen: {}, rows: [] }, at)
  await writeAudit(engine, folder, history, null)
  return folder.entries()
}

/** @param at - The moment whose sources are written; null: everything else. */
async function writeAudit(engine: Engine, folder: LedgerFolder, history: History, at: string | null): Promise<void> {
  const sources = history.sources.filter((one) => one.at === at)
  if (at === null && Object.keys(history.seen).length === 0 && history.rows.length === 0) return
  const own = await folder.begin()
  const id = randomUUID()
  const copy = (kind: keyof typeof FILES, rows: readonly string[]): Promise<void> => {
    const select = rows.length === 0 ? `SELECT * EXCLUDE (seq) FROM (${filesSql(kind, [])})` : unionOf(rows)
    return engine.run(`COPY (${select}) TO ${literal(join(own, FILES[kind]))} (FORMAT parquet)`)
  }
  const moments = Object.entries(history.seen).flatMap(([channel, pairs]) =>
    pairs.flatMap(([from, to]) => momentsOf(from, to, history.every).map((at) => [channel, at] as const)),
  )
  const rows = [
    ...moments.map(([channel, moment]) => sourceRow(id, channel, moment)),
    ...sources.map((one) => fileRow(id, one)),
  ]
  await copy('source', rows)
  const found = sources.flatMap((one) => (one.found === null ? [] : [findingRow(id, one.channel, one.found)]))
  await copy('finding', found)
  await copy(
    'change',
    history.rows.map((row) => changeRow(id, row)),
  )
  const latest = [...moments.map(([, moment]) => moment), ...history.rows.map((row) => instantOf(row['at']))]
    .sort()
    .at(-1)
  const asOf = at === null ? (latest ?? '') : instantOf(at)
  await folder.commit(own, {
    id,
    kind: 'audit',
    as_of: asOf,
    started_at: asOf,
    finished_at: asOf,
    snapshot: null,
    config_sha256: null,
    rules: [],
    channels: Object.keys(history.seen),
    partial: false,
    totals: null,
    counts: [],
    opened: 0,
    resolved: 0,
  })
}

function momentsOf(from: string, to: string, every: string): readonly string[] {
  const [start, end, step] = [
    Date.parse(instantOf(from)),
    Date.parse(instantOf(to)),
    parseDuration(every) ?? 86_400_000,
  ]
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) =>
    new Date(start + index * step).toISOString().replace('.000Z', 'Z'),
  )
}

function instantOf(text = ''): string {
  return text.length === 10 ? `${text}T08:00:00Z` : text
}

function sqlTime(text: string | undefined): string {
  return `TIMESTAMP ${literal(instantOf(text).replace('T', ' ').replace('Z', ''))}`
}

function sourceRow(audit: string, channel: string, at: string): string {
  const values: Readonly<Record<string, string>> = {
    audit: literal(audit),
    channel: literal(channel),
    path: literal(`${channel}.csv`),
    as_of: sqlTime(at),
    prices: 'TRUE',
    stocks: 'TRUE',
  }
  return `SELECT ${SOURCE_COLUMNS.map(([name, type]) => `${values[name] ?? 'NULL'}::${type} AS "${name}"`).join(', ')}`
}

function fileRow(audit: string, source: History['sources'][number]): string {
  const fields = Object.entries(source.fields).map(([name, share]) => [name, { type: 'VARCHAR', share }] as const)
  const values: Readonly<Record<string, string>> = {
    audit: literal(audit),
    channel: literal(source.channel),
    path: literal(`${source.channel}.csv`),
    kind: literal(source.kind),
    as_of: sqlTime(source.at),
    rows: String(source.rows),
    columns: literal(JSON.stringify(source.columns)),
    fields: literal(JSON.stringify(Object.fromEntries(fields))),
  }
  return `SELECT ${SOURCE_COLUMNS.map(([name, type]) => `${values[name] ?? 'NULL'}::${type} AS "${name}"`).join(', ')}`
}

function findingRow(audit: string, channel: string, rule: string): string {
  const values: Readonly<Record<string, string>> = {
    audit: literal(audit),
    event: literal('opened'),
    id: literal(`${rule} ${channel}`),
    rule: literal(rule),
    owner: literal(channel),
  }
  return `SELECT ${FINDING_COLUMNS.map(([name, type]) => `${values[name] ?? 'NULL'}::${type} AS "${name}"`).join(', ')}`
}

function changeRow(audit: string, row: Readonly<Record<string, string>>): string {
  const told = new Map(
    Object.entries(row).flatMap(([field, text]) => {
      const column = COLUMNS[field]
      return column === undefined || text === 'null' ? [] : [[column, text] as const]
    }),
  )
  const paid = told.get('sale') ?? told.get('regular')
  if (paid !== undefined) {
    const isReduced = Number(told.get('sale') ?? paid) < Number(told.get('regular') ?? paid)
    told
      .set('effective', paid)
      .set('announced', String(isReduced || Number(told.get('prior_shown') ?? 0) > Number(paid)))
    told.set('currency', told.get('currency') ?? 'EUR')
  }
  const groups = GROUP_NAMES.filter((group) => GROUPS[group].some(([name]) => told.has(name)))
  const has = row['gone'] === 'true' ? BIT.gone : groups.reduce((sum, group) => sum + BIT[group], 0)
  const values = GROUP_NAMES.flatMap((group) =>
    GROUPS[group].map(([name, type]) => `${literal(told.get(name) ?? null)}::${type} AS ${name}`),
  )
  const head = [`${literal(audit)} AS audit`, `${literal(row['channel'] ?? '')} AS channel`]
  const item = literal(row['sku'] ?? row['listing_id'] ?? row['gtin'] ?? '')
  return `SELECT ${[...head, `${item} AS item`, `${sqlTime(row['at'])} AS since`, `${has}::UTINYINT AS has`, ...values].join(', ')}`
}

function unionOf(selects: readonly string[]): string {
  return selects.join(' UNION ALL ')
}
