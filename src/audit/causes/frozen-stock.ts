/** A channel whose stock stands still: its figures are those that the stock's owner had at an earlier audit. */
import { literal } from '../../engine/engine.ts'
import { heldSql, LEDGER_ITEM } from '../ledger.ts'
import { BIT } from '../ledger-files.ts'
import type { Detector, Found } from './detector.ts'
import { frozenDay, isLate, sameTimeSql } from './frozen.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT, roundShare } from './thresholds.ts'

const RULES: readonly string[] = [
  'stock/published-exceeds-available',
  'stock/hidden-stock',
  'stock/availability-contradiction',
  'stock/buffer-not-applied',
]

/** A channel that stands still may have figures corrected by hand, a tenth as many as it missed. */
const MOST_MOVED = 0.1
/** Once late is a delay: a channel that stands still was seen twice since without having moved. */
const LEAST_SEEN = 2
/** Earlier audits that are looked at, the latest first. */
const MOMENTS = 400

const APART = 'cause_stock_apart'

export const frozenStock: Detector = {
  kind: 'frozen',
  rules: RULES,
  isPossible: (scene) => scene.authority('stock') !== null && scene.store.fields.has('stock.available'),
  find,
  texts: {
    en: ({ fault, rest, detail }) => ({
      message: `the stock of ${fault} stands still: its figures are those that ${rest} had on ${frozenDay(detail['since'])}`,
      advice: `see why ${fault} receives no stock updates since then (job, token, queue), and start its update again; do not correct figures one by one`,
    }),
    es: ({ fault, rest, detail }) => ({
      message: `las existencias de ${fault} están paradas: son las que ${rest} tenía el ${frozenDay(detail['since'])}`,
      advice: `averigüe por qué ${fault} no recibe existencias desde entonces (tarea, credencial, cola) y reactive su actualización; no corrija las cifras una a una`,
    }),
  },
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const { engine } = scene
  const owner = scene.authority('stock')
  const [audits] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM ledger_audit')
  if (owner === null || Number(audits?.n ?? 0) === 0) return []
  // Of an article listed more than once, packs among them, no single figure has to be the owner's: it has no vote.
  await engine.run(
    `CREATE TABLE ${APART} AS WITH now AS (SELECT item, ch, "stock.available" AS units, ${LEDGER_ITEM} AS name, count(*) OVER (PARTITION BY item, ch) = 1 AS single
       FROM side WHERE "stock.available" IS NOT NULL AND "stock.unlimited" IS NOT TRUE)
     SELECT a.item AS item, a.ch AS fault, a.units AS units, b.name AS name, a.single AS single FROM now a
     JOIN now b ON b.item = a.item AND b.ch = ${owner} AND b.single WHERE a.ch <> ${owner} AND a.units <> b.units`,
  )
  const moments = `SELECT as_of AS seen, max(audit) AS audit FROM ledger_source WHERE ch = ${owner} AND stocks GROUP BY as_of ORDER BY seen DESC LIMIT ${MOMENTS}`
  const rows = await engine.rows<{ fault: number; seen: string; audit: string; fits: number; differ: number }>(
    `WITH held AS (SELECT * FROM (${heldUnits(owner)}) WHERE single),
       fit AS (SELECT h.fault, m.seen, m.audit, count(DISTINCT h.item) AS fits FROM held h
         JOIN (${moments}) m ON h.since <= m.seen AND h.until > m.seen GROUP BY ALL)
     SELECT fault, seen::VARCHAR AS seen, audit, fits, (SELECT count(*) FROM ${APART} a WHERE a.fault = fit.fault AND a.single) AS differ FROM fit
     QUALIFY row_number() OVER (PARTITION BY fault ORDER BY fits DESC, seen DESC) = 1 ORDER BY fault`,
  )
  const found: Found[] = []
  for (const { fault, seen, audit, fits, differ } of rows) {
    if (Number(fits) < MIN_SUPPORT || Number(fits) < Number(differ) * MIN_SHARE) continue
    if (!(await standsStill(scene, Number(fault), { seen, audit, fits: Number(fits) }))) continue
    found.push(await causeOf(scene, Number(fault), owner, { seen, audit, share: Number(fits) / Number(differ) }))
  }
  return found
}

/** SELECT of when the owner had the figure that a channel shows now. */
function heldUnits(owner: number): string {
  return `SELECT a.item, a.fault, a.single, l.since, coalesce(l.until, TIMESTAMP '9999-01-01') AS until FROM ${APART} a
    JOIN (${heldSql('stock', `SELECT ${owner} AS ch, name AS item FROM ${APART}`)}) l ON l.item = a.name AND l.available = a.units AND NOT l.gone`
}

/** Whether earlier audits since then have seen the channel, and hardly a figure of it move. */
async function standsStill(
  { engine }: Scene,
  fault: number,
  { seen, audit, fits }: { readonly seen: string; readonly audit: string; readonly fits: number },
): Promise<boolean> {
  const then = sameTimeSql(fault, literal(audit), `TIMESTAMP '${seen}'`)
  const [row] = await engine.rows<{ moved: number; looked: number }>(
    `SELECT (SELECT count(DISTINCT item) FROM ledger_change WHERE since > ${then} AND has & ${BIT.stock} <> 0 AND ch = ${fault}) AS moved,
       (SELECT count(*) FROM ledger_seen WHERE ch = ${fault} AND stocks AND as_of > ${then}) AS looked`,
  )
  return Number(row?.moved ?? 0) <= fits * MOST_MOVED && Number(row?.looked ?? 0) >= LEAST_SEEN
}

async function causeOf(
  scene: Scene,
  fault: number,
  owner: number,
  { seen, audit, share }: { readonly seen: string; readonly audit: string; readonly share: number },
): Promise<Found> {
  const rows = await scene.engine.rows<{ item: string }>(
    `SELECT item::VARCHAR AS item FROM ${APART} WHERE fault = ${fault} AND single
     UNION SELECT item::VARCHAR FROM (${heldUnits(owner)}) WHERE fault = ${fault} AND since <= TIMESTAMP '${seen}' AND until > TIMESTAMP '${seen}'`,
  )
  const items = new Set(rows.map(({ item }) => item))
  const name = scene.channelId(fault)
  return {
    channels: [fault, owner],
    field: 'stock.available',
    detail: { since: `${seen.slice(0, 19).replace(' ', 'T')}Z`, snapshot: audit },
    share: roundShare(share),
    explains: (draft, sides) =>
      items.has(String(sides[0]?.item ?? '')) &&
      (isLate(draft, 'stock', name) ||
        (RULES.includes(draft.effective.rule.id) && draft.sides.some(({ channel }) => channel === name))),
  }
}
