/** Rules on figures that were added up from stock. What fails shows the listings or records that it was added up from. */
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import { ident } from '../engine/engine.ts'
import { FAIL, NOT_APPLICABLE, unknown, type World } from '../rules/check.ts'
import { compileStockTable } from '../rules/checks/stock-table.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import { isStockTable, STOCK_FIELDS, type StockTable } from '../rules/stock-tables.ts'
import type { Agreed } from './agreed.ts'
import type { Draft } from './draft.ts'
import { Tally } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import { plainParams } from './scoped.ts'
import { canonicalText, itemOf, type SideRow, sideOf, textOf } from './sides.ts'
import { StockTables } from './stock-tables.ts'
import { authorityOf } from './world.ts'

interface StockTableOutcome {
  /** With the article they belong to; null where nothing else is known of it and they stand alone. */
  readonly findings: readonly { readonly draft: Draft; readonly item: string | null }[]
  readonly tally: Tally
}

interface Failing extends SideRow {
  readonly place: string | null
  readonly outcome: number
}

export async function judgeStockTable(
  effective: EffectiveRule,
  context: FindingContext,
  world: World,
  agreed: Agreed,
): Promise<StockTableOutcome> {
  const { engine } = context
  const { rule } = effective
  const tally = new Tally()
  const params = plainParams(effective)
  const isTold = rule.needs.length === 0 || rule.needs.some((field) => world.speaks(field))
  const tables = new StockTables(context, world)
  const from = isTold && isStockTable(rule.on) ? await tables.of(rule.on, params) : null
  if (from === null || !isStockTable(rule.on)) {
    tally.add(unknown('no_input'), 1)
    return { findings: [], tally }
  }
  const alike = tables.isOfListings(rule.on) ? await agreed.represent(from) : null
  const rows = alike === null ? from : from.replaceAll('side_all', alike.sides)
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE stock_judged AS SELECT *, (${compileStockTable({ rule, params, world })})::UTINYINT AS outcome FROM (${rows})`,
  )
  const counts = await engine.rows<{ outcome: number; n: number }>(
    alike === null
      ? 'SELECT outcome, count(*) AS n FROM stock_judged GROUP BY 1'
      : `SELECT outcome, sum(weight)::BIGINT AS n FROM ${alike.weigh('stock_judged')} GROUP BY 1`,
  )
  await alike?.expand('stock_judged', `outcome >= ${FAIL}`)
  await alike?.close()
  for (const { outcome, n } of counts) tally.add(Number(outcome), Number(n))
  if (counts.length === 0) tally.add(NOT_APPLICABLE, 0)
  const failing = await engine.rows<Failing>(
    `SELECT item, market, place, outcome, ${[...STOCK_FIELDS.keys()].map(shownColumn(await namesOf(context))).join(', ')}
     FROM stock_judged WHERE outcome >= ${FAIL} ORDER BY item, market, place`,
  )
  const findings = failing.length === 0 ? [] : await draftsOf(failing, rule.on, effective, context)
  await engine.run('DROP TABLE stock_judged')
  return { findings, tally }
}

async function namesOf({ engine }: FindingContext): Promise<ReadonlySet<string>> {
  const rows = await engine.rows<{ column_name: string }>('DESCRIBE stock_judged')
  return new Set(rows.map(({ column_name }) => column_name))
}

function shownColumn(known: ReadonlySet<string>): (name: string) => string {
  return (name) => (known.has(name) ? `${ident(name)}::VARCHAR AS ${ident(name)}` : `NULL AS ${ident(name)}`)
}

async function draftsOf(
  failing: readonly Failing[],
  table: StockTable,
  effective: EffectiveRule,
  context: FindingContext,
): Promise<StockTableOutcome['findings']> {
  const { engine, places } = context
  const listings = await engine.rows<SideRow>(
    `SELECT * FROM side_all WHERE item IN (SELECT item FROM stock_judged WHERE outcome >= ${FAIL}) ORDER BY item, ch, rid`,
  )
  const records = table === 'stock_place' ? await recordsOf(context) : []
  for (const { src, ord } of [...listings, ...records]) places.want(src, Number(ord))
  for (const row of listings) {
    const [source, ordinal] = [row['src:stock'], row['ord:stock']]
    if (source !== null && source !== undefined) places.want(Number(source), Number(ordinal))
  }
  await places.resolve()
  const open = new Set(
    (
      await engine.rows<{ item: string }>(
        `SELECT DISTINCT item::VARCHAR AS item FROM verdict WHERE item IN (SELECT item FROM stock_judged WHERE outcome >= ${FAIL})`,
      )
    ).map(({ item }) => item),
  )
  const byItem = groupBy(listings, ({ item }) => String(item))
  const byPlace = groupBy(records, (row) => `${row.item} ${textOf(row['stock.location'])}`)
  return failing.flatMap((one) => {
    const own = byItem.get(String(one.item)) ?? []
    const shown =
      table === 'stock_place'
        ? (byPlace.get(`${one.item} ${one.place}`) ?? [])
        : own.filter(({ ch }) => table !== 'stock_figure' || String(ch) === one.place)
    const draft = draftOf(one, own, shown, effective, context)
    return draft === null ? [] : [{ draft, item: open.has(String(one.item)) ? String(one.item) : null }]
  })
}

/** Stock records of the places that fail, with the names of their listings. */
async function recordsOf({ engine }: FindingContext): Promise<readonly SideRow[]> {
  return engine.rows<SideRow>(
    `SELECT s.* EXCLUDE (rid), l.item, l.market, l.rid, l.listing_id, l.sku, l.gtin, l.gtin14, l.title, l.currency, l.crosswalk_item
     FROM stock s JOIN side_all l ON l.rid = s.rid
     WHERE EXISTS (SELECT 1 FROM stock_judged j WHERE j.outcome >= ${FAIL} AND j.item = l.item AND j.place = s."stock.location") ORDER BY s.ch, s.src, s.ord`,
  )
}

function draftOf(
  one: Failing,
  rows: readonly SideRow[],
  shown: readonly SideRow[],
  effective: EffectiveRule,
  context: FindingContext,
): Draft | null {
  const { rule, severity } = effective
  if (severity === 'off') return null
  const { store, config } = context
  const code = rule.codes[one.outcome - FAIL] ?? null
  const item = itemOf(rows, store, authorityOf(store, config, 'catalog', one.market))
  const authority = authorityOf(store, config, 'stock', one.market)
  const channel = rule.on === 'stock_figure' ? (store.channels[Number(one.place)]?.id ?? '') : null
  const place = channel ?? one.place
  const told = shown.filter((row) => rule.fields.some((field) => textOf(row[field]) !== null))
  const [value, expected] = FIGURES[rule.on] ?? []
  return {
    effective,
    code: code?.code ?? null,
    severity: effective.severityOrigin.by === 'config' ? severity : (code?.severity ?? severity),
    market: one.market,
    owner: channel ?? (authority === null ? null : (store.channels[authority]?.id ?? null)),
    item,
    keys: place === null ? [item.id] : [item.id, place],
    sides: told.flatMap((row) =>
      rule.fields
        .filter((field) => textOf(row[field]) !== null)
        .map((field) => sideOf(row, field, row.ch === authority, context)),
    ),
    expected: null,
    fixable: false,
    words: {
      field: place ?? '',
      channel: channel ?? [...new Set(told.map(({ ch }) => store.channels[ch]?.id ?? ''))].join(', '),
      value: figureText(one, value),
      expected: figureText(one, expected),
    },
    explainedBy: null,
    id: fingerprint(rule.id, code?.code ?? null, one.market, ...(place === null ? [item.id] : [item.id, place])),
  }
}

/** What `{value}` and `{expected}` say of a table's rows. */
const FIGURES: Readonly<Record<string, readonly [value: string, expected: string]>> = {
  stock_place: ['place.available', 'place.age'],
  stock_figure: ['figure.age', 'figure.counted'],
  stock_pool: ['pool.exposure', 'pool.units'],
  stock_bundle: ['bundle.published', 'bundle.possible'],
}

const HOUR_MICROS = 3_600_000_000

/** Durations in whole hours or days. */
function figureText(one: Failing, name: string | undefined): string {
  const value = textOf(one[name ?? ''])
  if (value === null || name === undefined) return ''
  if (STOCK_FIELDS.get(name) !== 'duration') return canonicalText(value, name, 0) ?? ''
  const hours = Math.floor(Number(value) / HOUR_MICROS)
  return hours < 72 ? `${hours} h` : `${Math.floor(hours / 24)} d`
}
