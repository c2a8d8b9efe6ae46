/** A channel that stands still: its prices are those that another one had at an earlier audit, and it has changed none since. */

import type { Draft } from '../draft.ts'
import { heldSql, LEDGER_ITEM } from '../ledger.ts'
import { BIT } from '../ledger-files.ts'
import type { Detector, Found } from './detector.ts'
import { blamed, explainsPrices, type PairVote } from './price-relation.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT, roundShare } from './thresholds.ts'

/** A channel that stands still may have prices corrected by hand, a tenth as many as it missed. */
const MOST_MOVED = 0.1
/** The first change that was missed is taken from this part of the articles on: fewer are single prices kept on purpose. */
const FIRST_MISSED = 0.05

const LAG_RULE = 'feed/propagation-lag'

interface FrozenVote extends PairVote {
  readonly fault: number
  readonly since: string
  readonly audit: string
}

export const frozen: Detector = {
  kind: 'frozen',
  rules: ['price/differs-across-channels', 'price/outlier'],
  find,
  texts: {
    en: ({ fault, rest, detail }) => ({
      message: `the prices of ${fault} stand still: they are those that ${rest} had on ${frozenDay(detail['since'])}`,
      advice: `see why ${fault} receives no updates since then (job, token, full disk), and start its update again; do not correct prices one by one`,
    }),
    es: ({ fault, rest, detail }) => ({
      message: `los precios de ${fault} están parados: son los que ${rest} tenía el ${frozenDay(detail['since'])}`,
      advice: `averigüe por qué ${fault} no recibe actualizaciones desde entonces (tarea, credencial, disco) y reactívelas; no corrija los precios uno a uno`,
    }),
  },
}

/**
 * SQL of the moment at which the same audit saw another channel: the files of one audit are hardly of the same minute, and
 * what it saw a little later is what there was then.
 */
export function sameTimeSql(channel: number, audit: string, seen: string): string {
  return `(SELECT coalesce(max(o.as_of), ${seen}) FROM ledger_source o WHERE o.ch = ${channel} AND o.audit = ${audit}
    AND o.as_of >= ${seen} AND o.as_of < ${seen} + INTERVAL 12 HOUR)`
}

/** A channel that stands still is late with everything. */
export function isLate({ effective, code, sides }: Draft, what: 'price' | 'stock', fault: string): boolean {
  return effective.rule.id === LAG_RULE && code === what && sides.some(({ channel }) => channel === fault)
}

/** The moment as people read it. */
export function frozenDay(since = ''): string {
  return since.slice(0, 16).replace('T', ' ')
}

async function find(scene: Scene): Promise<readonly Found[]> {
  const { engine } = scene
  const [audits] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM ledger_audit')
  if (Number(audits?.n ?? 0) === 0) return []
  await scene.pairs()
  // Of packs the price of one counts; what the ledger says of the other has to be that, too.
  // What each side of a pair that differs was, in the words of the ledger, and until when the other had the price of this one.
  await engine.run(
    `CREATE TABLE cause_frozen AS WITH now AS (
       SELECT item, ch, min(x_regular)::DECIMAL(18,6) AS price, min(${LEDGER_ITEM}) AS name, bool_and(x_regular = "price.regular") AS plain FROM side
       WHERE x_regular > 0 GROUP BY item, ch HAVING min(x_regular) = max(x_regular)),
     apart AS (SELECT a.item AS item, a.ch AS fault, b.ch AS other, a.price AS price, b.name AS name FROM now a JOIN now b ON a.item = b.item AND a.ch <> b.ch AND b.plain AND a.price <> b.price
       JOIN cause_pair p ON p.item = a.item AND p.a = least(a.ch, b.ch) AND p.b = greatest(a.ch, b.ch)),
     past AS (${heldSql('price', 'SELECT other AS ch, name AS item FROM apart')})
     SELECT apart.item AS item, fault, other, max(l.since) AS held, max(coalesce(l.until, TIMESTAMP '9999-01-01')) AS until FROM apart
     JOIN past l ON l.ch = other AND l.item = name AND l.regular = apart.price GROUP BY apart.item, fault, other`,
  )
  const rows = await engine.rows<{ fault: number; other: number; n: number; missed: string }>(
    `SELECT fault, other, count(*) AS n, quantile_disc(until, ${FIRST_MISSED})::VARCHAR AS missed FROM cause_frozen
     GROUP BY fault, other HAVING n >= ${MIN_SUPPORT} ORDER BY fault, other`,
  )
  const votes: FrozenVote[] = []
  for (const row of rows) votes.push(...(await frozenSince(scene, row)))
  const faults = blamed(await strongDifferences(scene, votes), scene.authority('price'), ({ fault }) => fault)
  const found: Found[] = []
  for (const { fault, votes: all } of faults) {
    const own = all.filter((vote) => vote.fault === fault)
    if (own[0] !== undefined) found.push(await causeOf(scene, fault, own[0], own))
  }
  return found
}

/** The last audit at which the channel was where the other one was, if it has not moved since. */
async function frozenSince(
  { engine }: Scene,
  { fault, other, n, missed }: { fault: number; other: number; n: number; missed: string },
): Promise<readonly FrozenVote[]> {
  const before = `SELECT max_by(audit, as_of) AS audit, max(as_of) AS seen FROM ledger_source WHERE ch = ${other} AND prices AND as_of < TIMESTAMP '${missed}'`
  const [last] = await engine.rows<{ audit: string | null; at: string | null; fits: number; moved: number }>(
    `SELECT audit, seen::VARCHAR AS at,
       (SELECT count(*) FROM cause_frozen WHERE fault = ${fault} AND other = ${other} AND held <= seen AND until > seen) AS fits,
       (SELECT count(*) FROM ledger_change WHERE since > ${sameTimeSql(fault, 'before.audit', 'before.seen')} AND has & ${BIT.price} <> 0 AND ch = ${fault}) AS moved FROM (${before}) before`,
  )
  if (last === undefined || last.at === null || last.audit === null) return []
  const fits = Number(last.fits)
  if (fits < MIN_SUPPORT || fits < Number(n) * MIN_SHARE || Number(last.moved) > fits * MOST_MOVED) return []
  const since = `${last.at.slice(0, 19).replace(' ', 'T')}Z`
  return [{ a: Math.min(fault, other), b: Math.max(fault, other), n: fits, share: 0, fault, since, audit: last.audit }]
}

/** Of the articles that two channels price differently, nearly all were alike then. */
async function strongDifferences(scene: Scene, votes: readonly FrozenVote[]): Promise<readonly FrozenVote[]> {
  const strong: FrozenVote[] = []
  for (const vote of votes) {
    if (scene.isBlamed(vote.a) || scene.isBlamed(vote.b)) continue
    const [row] = await scene.engine.rows<{ n: number }>(
      `SELECT count(*) AS n FROM cause_pair WHERE a = ${vote.a} AND b = ${vote.b} AND x <> y`,
    )
    const share = vote.n / Math.max(1, Number(row?.n ?? 0))
    if (share >= MIN_SHARE) strong.push({ ...vote, share })
  }
  return strong
}

async function causeOf(scene: Scene, fault: number, vote: FrozenVote, own: readonly FrozenVote[]): Promise<Found> {
  const others = own.map(({ a, b }) => (a === fault ? b : a)).sort((a, b) => a - b)
  const rows = await scene.engine.rows<{ item: string }>(
    `SELECT DISTINCT item::VARCHAR AS item FROM cause_frozen WHERE fault = ${fault} AND other IN (${others.join(', ')})`,
  )
  const items = new Set(rows.map(({ item }) => item))
  scene.blame(fault)
  const isAbout = explainsPrices(scene, fault, () => true)
  return {
    channels: [fault, ...others],
    field: 'price.regular',
    detail: { since: vote.since, snapshot: vote.audit },
    share: roundShare(vote.share),
    explains: (draft, sides) =>
      items.has(String(sides[0]?.item ?? '')) &&
      (isLate(draft, 'price', scene.channelId(fault)) || isAbout(draft, sides)),
  }
}
