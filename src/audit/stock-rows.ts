/** Rules that judge each stock record for itself: a shop that is below zero hides in the sum over all shops. */
import { fingerprint } from '../base/hash.ts'
import { ident } from '../engine/engine.ts'
import { FAIL, type World } from '../rules/check.ts'
import { compileRow } from '../rules/checks/row.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Draft } from './draft.ts'
import { Tally } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import { scopedRows } from './scoped.ts'
import { itemOf, type SideRow, sideOf } from './sides.ts'
import { authorityOf } from './world.ts'

export interface StockOutcome {
  readonly findings: readonly { readonly draft: Draft; readonly item: string }[]
  readonly places: readonly { readonly src: number; readonly ord: number }[]
  readonly tally: Tally
}

const COLUMNS = [
  'stock.on_hand',
  'stock.available',
  'stock.reserved',
  'stock.incoming',
  'stock.location',
  'stock.backorder',
  'stock.unlimited',
] as const

export async function judgeStockRows(
  effective: EffectiveRule,
  context: FindingContext,
  world: World,
): Promise<StockOutcome> {
  const { engine, store } = context
  const { rule } = effective
  const [outcome] = scopedRows(effective, world, (params) => compileRow({ rule, params, world }))
  const tally = new Tally()
  if (outcome === undefined || !store.hasStockRows) return { findings: [], places: [], tally }
  const source = await rowsOf(context)
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE stock_verdict AS SELECT *, (${outcome.sql})::UTINYINT AS outcome FROM (${source})`,
  )
  for (const { outcome: value, n } of await engine.rows<{ outcome: number; n: number }>(
    'SELECT outcome, count(*) AS n FROM stock_verdict GROUP BY 1',
  ))
    tally.add(value, Number(n))
  const rows = await engine.rows<SideRow & { outcome: number }>(
    `SELECT * FROM stock_verdict WHERE outcome >= ${FAIL} ORDER BY item, ch, src, ord`,
  )
  const findings = rows.flatMap((row) => {
    const draft = draftOf(row, effective, row.outcome - FAIL, context)
    return draft === null ? [] : [{ draft, item: String(row.item) }]
  })
  return { findings: unify(findings), places: rows.map(({ src, ord }) => ({ src, ord })), tally }
}

/** One finding per article and code, with a side for every record. */
function unify(findings: readonly { draft: Draft; item: string }[]): { draft: Draft; item: string }[] {
  const byId = new Map<string, { draft: Draft; item: string }>()
  for (const one of findings) {
    const known = byId.get(one.draft.id)
    byId.set(
      one.draft.id,
      known === undefined
        ? one
        : { ...known, draft: { ...known.draft, sides: [...known.draft.sides, ...one.draft.sides] } },
    )
  }
  return [...byId.values()]
}

/** Stock records of files of their own, with the listing they belong to. */
async function rowsOf({ engine }: FindingContext): Promise<string> {
  const identity =
    'l.item, l.market, l.listing_id, l.sku, l.gtin, l.gtin14, l.title, l.brand, l.category, l.currency, l.crosswalk_item, l.live'
  const columns = new Set(
    (await engine.rows<{ column_name: string }>('DESCRIBE stock')).map(({ column_name }) => column_name),
  )
  const stock = [...COLUMNS, ...COLUMNS.map((column) => `raw:${column}`)].map((column) =>
    columns.has(column) ? `s.${ident(column)}` : `NULL AS ${ident(column)}`,
  )
  return `SELECT ${identity}, s.ch, s.src, s.ord, l.rid, ${stock.join(', ')} FROM stock s JOIN side_all l ON l.rid = s.rid`
}

function draftOf(row: SideRow, effective: EffectiveRule, position: number, context: FindingContext): Draft | null {
  const { rule, severity } = effective
  if (severity === 'off') return null
  const { store, config } = context
  const code = rule.codes[position] ?? null
  const item = itemOf([row], store, authorityOf(store, config, 'catalog', row.market))
  const fields = rule.fields.filter((field) => row[field] !== null && row[field] !== undefined)
  return {
    effective,
    code: code?.code ?? null,
    severity: effective.severityOrigin.by === 'config' ? severity : (code?.severity ?? severity),
    market: row.market,
    owner: store.channels[row.ch]?.id ?? null,
    item,
    keys: [item.id],
    sides: fields.map((field) => sideOf(row, field, false, context)),
    expected: null,
    fixable: false,
    words: {},
    explainedBy: null,
    id: fingerprint(rule.id, code?.code ?? null, row.market, store.channels[row.ch]?.id ?? '', item.id),
  }
}
