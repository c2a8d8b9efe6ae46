/** Rules that hold a listing's price against a figure elsewhere: an agreed minimum, another currency, a zone's price list. */
import { fingerprint } from '../base/hash.ts'
import { literal } from '../engine/engine.ts'
import { FAIL, NOT_APPLICABLE, unknown, type World } from '../rules/check.ts'
import { compilePriceFigure } from '../rules/checks/price-figure.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { ReconcileRule } from '../rules/rule.ts'
import { Tally } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import type { KeyFinding, KeyOutcome } from './key-rules.ts'
import { plainParams } from './scoped.ts'
import { canonicalText, itemOf, type SideRow, sideOf, textOf } from './sides.ts'
import { authorityOf } from './world.ts'

export async function judgePriceFigures(
  effective: EffectiveRule,
  context: FindingContext,
  world: World,
): Promise<KeyOutcome> {
  const { engine } = context
  const tally = new Tally()
  const { rule } = effective
  const from = await tableOf(effective, context, world)
  if (typeof from !== 'string' || rule.kind !== 'reconcile') {
    tally.add(unknown(typeof from === 'string' ? 'no_input' : from.lacking), 1)
    return { findings: [], tally }
  }
  const { outcome, value, expected } = compilePriceFigure(rule, { rule, params: plainParams(effective), world })
  await engine.run(
    `CREATE OR REPLACE TEMP TABLE price_judged AS SELECT *, (${outcome})::UTINYINT AS outcome, (${value})::VARCHAR AS told_value,
       (${expected})::DECIMAL(18,6)::VARCHAR AS told_expected FROM (${from})`,
  )
  const counts = await engine.rows<{ outcome: number; n: number }>(
    'SELECT outcome, count(*) AS n FROM price_judged GROUP BY 1',
  )
  for (const { outcome: code, n } of counts) tally.add(Number(code), Number(n))
  if (counts.length === 0) tally.add(NOT_APPLICABLE, 0)
  const rows = await engine.rows<SideRow>(
    `SELECT * FROM price_judged WHERE outcome >= ${FAIL} ORDER BY item, market, ch, rid`,
  )
  for (const row of rows) for (const [source, ordinal] of placesOf(row)) context.places.want(source, ordinal)
  await context.places.resolve()
  const open = new Set(
    (
      await engine.rows<{ item: string }>(
        `SELECT DISTINCT item::VARCHAR AS item FROM verdict WHERE item IN (SELECT item FROM price_judged WHERE outcome >= ${FAIL})`,
      )
    ).map(({ item }) => item),
  )
  await engine.run('DROP TABLE price_judged')
  const findings = rows.flatMap((row) => findingOf(row, rule, effective, context, open.has(String(row.item))))
  return { findings, tally }
}

type Lacking = { readonly lacking: 'no_input' | 'no_authority' }

/** SQL of the rows; each kind of figure is asked for by what the rule needs. */
async function tableOf({ rule }: EffectiveRule, context: FindingContext, world: World): Promise<string | Lacking> {
  const needs = (rule as Partial<ReconcileRule>).inputs ?? []
  if (needs.some((need) => !world.speaksInput(need))) return { lacking: 'no_input' }
  if (needs.some(({ input }) => input === 'map')) return minimumSql(context, world)
  const { store, config } = context
  const owner = authorityOf(store, config, 'price', null)
  if (owner === null) return { lacking: 'no_authority' }
  if (needs.some(({ input }) => input === 'fx')) return exchangedSql(context, owner)
  return zonedSql(context, owner)
}

function now({ asOf }: FindingContext): string {
  return `TIMESTAMP ${literal(asOf.slice(0, 19).replace('T', ' '))}`
}

function minimumSql(context: FindingContext, world: World): string {
  const has = (column: string): boolean => world.speaksInput({ input: 'map', column })
  const own = (column: string, type: string): string => (has(column) ? `"${column}"` : `NULL::${type}`)
  const holds = `coalesce(${own('from', 'TIMESTAMP')} <= ${now(context)}, TRUE) AND coalesce(${own('to', 'TIMESTAMP')} > ${now(context)}, TRUE)`
  return `SELECT s.*, m.amount AS "map.amount", m.currency AS "map.currency" FROM side_all s JOIN (SELECT sku AS m_sku,
      ${own('market', 'VARCHAR')} AS m_market, max(amount) AS amount, any_value(${own('currency', 'VARCHAR')}) AS currency
    FROM input_map WHERE ${holds} GROUP BY ALL) m ON m.m_sku = s.sku AND coalesce(m.m_market, s.market) = s.market`
}

/** The price authority's regular price of each article. */
function referenceSql(owner: number): string {
  return `SELECT item AS r_item, max("price.regular") AS "reference.regular", any_value(currency) AS "reference.currency",
      any_value(taxed) AS "reference.taxed", any_value(coalesce(pack, 1))::DECIMAL(18,6) AS "reference.pack"
    FROM side_all WHERE ch = ${owner} AND public AND "price.regular" IS NOT NULL GROUP BY item
    HAVING count(DISTINCT currency) = 1 AND count(DISTINCT "price.regular") = 1`
}

function exchangedSql(context: FindingContext, owner: number): string {
  const rates = `SELECT upper("from") AS f, upper("to") AS t, arg_max(rate, date) AS rate, max(date) AS day
    FROM input_fx WHERE date <= ${now(context)} GROUP BY ALL`
  return `SELECT s.*, r.* EXCLUDE (r_item), x.rate AS "fx.rate", epoch_us(${now(context)}) - epoch_us(x.day) AS "reference.rate_age"
    FROM side_all s JOIN (${referenceSql(owner)}) r ON r.r_item = s.item
    LEFT JOIN (${rates}) x ON x.f = r."reference.currency" AND x.t = s.currency
    WHERE s.ch <> ${owner} AND s.currency <> r."reference.currency"`
}

function zonedSql({ store }: FindingContext, owner: number): string | Lacking {
  const zones = store.channels.flatMap(({ pricePolicy }, index) =>
    pricePolicy.kind === 'zone' ? [`(${index}, ${literal(pricePolicy.zone)})`] : [],
  )
  if (zones.length === 0 || !store.fields.has('price.price_list')) return { lacking: 'no_input' }
  const lists = `SELECT a.item AS l_item, lower(trim(p."price.price_list")) AS list, max(p."price.regular") AS "reference.regular",
      any_value(a.currency) AS "reference.currency", any_value(a.taxed) AS "reference.taxed"
    FROM price_list_row p JOIN side_all a ON a.rid = p.rid WHERE p.ch = ${owner} AND p."price.regular" IS NOT NULL
    GROUP BY ALL HAVING count(DISTINCT p."price.regular") = 1`
  return `SELECT s.*, l.* EXCLUDE (l_item, list) FROM side_all s JOIN (VALUES ${zones.join(', ')}) z(z_ch, zone) ON z_ch = s.ch
    JOIN (${lists}) l ON l.l_item = s.item AND l.list = lower(trim(z.zone)) WHERE s.ch <> ${owner}`
}

function placesOf(row: SideRow): readonly (readonly [number, number])[] {
  const own: (readonly [number, number])[] = [[row.src, Number(row.ord)]]
  const [source, ordinal] = [row['src:price'], row['ord:price']]
  if (source !== null && source !== undefined) own.push([Number(source), Number(ordinal)])
  return own
}

function findingOf(
  row: SideRow,
  rule: ReconcileRule,
  effective: EffectiveRule,
  context: FindingContext,
  open: boolean,
): KeyFinding[] {
  const { store, config } = context
  const { severity } = effective
  if (severity === 'off') return []
  const code = rule.codes[Number(row['outcome']) - FAIL] ?? null
  const item = itemOf([row], store, authorityOf(store, config, 'catalog', row.market))
  const channel = store.channels[row.ch]
  const keys = [item.id, channel?.id ?? '']
  const currency = textOf(row['currency'])
  const owner = authorityOf(store, config, 'price', row.market)
  const figure = (name: string): string | null =>
    canonicalText(row[name] ?? null, 'price.regular', context.minorUnits(currency ?? ''))
  const words = Object.fromEntries(
    ['value', 'expected'].map((name) => {
      const text = figure(`told_${name}`)
      return [name, text === null ? '' : [{ amount: text, currency }]]
    }),
  )
  const [field = 'price.regular'] = rule.fields
  const shown =
    field === 'price.regular' && row['on_sale'] === true && rule.fields.includes('price.sale') ? 'price.sale' : field
  return [
    {
      draft: {
        effective,
        code: code?.code ?? null,
        severity: effective.severityOrigin.by === 'config' ? severity : (code?.severity ?? severity),
        market: row.market,
        owner: owner === null ? null : (store.channels[owner]?.id ?? null),
        item,
        keys,
        sides: [sideOf(row, shown, row.ch === owner, context)],
        expected: rule.relation === 'equal' ? figure('told_expected') : null,
        fixable: false,
        words,
        explainedBy: null,
        id: fingerprint(rule.id, code?.code ?? null, row.market, ...keys),
      },
      items: open ? [String(row.item)] : [],
      places: placesOf(row),
    },
  ]
}
