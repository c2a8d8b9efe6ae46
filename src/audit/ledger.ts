/**
 * What earlier audits saw, as tables that rules, causes and commands may read. {@link createLedgerViews} makes them; they
 * are there in every audit, empty where there is no ledger, and hold what audits before its moment observed, never what this
 * one sees itself: that stands in `side`. An audit as of the same moment does not count, so that the same run says the same twice.
 *
 * An article's name in the ledger is `item`, its channel's own key: {@link LEDGER_ITEM} over a listing. `channel` is the
 * channel's id, `ch` its position in this audit, NULL for a channel that is no longer there. Instants are TIMESTAMP in UTC.
 *
 *     ledger_price    ch, channel, item, since, until, regular, sale, effective, currency, announced, prior_shown, gone, audit, seq
 *     ledger_stock    ch, channel, item, since, until, available, on_hand, gone, audit, seq
 *     ledger_listing  ch, channel, item, since, until, state, gtin14, brand, pack, gone, audit, seq
 *
 * One row holds from `since` to before `until`, NULL for still: rows are stored where something changed. `gone`: the channel no
 * longer lists the article, and the values are NULL. Only public prices are kept; `announced` says that a reduction is shown.
 *
 *     ledger_source   ch, channel, audit, seq, path, platform, kind, as_of, since, data_as_of, rows, quarantined, sha256,
 *                     header, columns, fields, statuses, prices, stocks
 *
 * One row per source and audit. `as_of` is the moment that the source speaks of: when that is told, else the audit's; a file that
 * was not written again since an earlier audit keeps the moment of that one. `header` is a fingerprint of the header, folded;
 * `columns` its names as a JSON list; `fields` a JSON object, canonical field to {"type", "share"}: its SQL type and the share
 * of the listings of the channel's source that have it; `statuses` a JSON object, state to number of listings. `prices` and `stocks` say whether
 * the source speaks of them. `since` is set for imported history alone: it speaks of everything from then to `as_of`.
 *
 *     ledger_seen     ch, channel, as_of, prices, stocks          the moments at which a channel was observed, each once
 *     ledger_imported columns of the file of changes, of imports alone
 *     ledger_paid     k, ms, effective, announced, gone, currency, seq: see {@link createPaidViews}
 *     ledger_lost     ch, seq: of a channel the last entry whose changes are not known
 *     ledger_finding  id, seq, audit, as_of, event, rule, code, severity, status, market, owner, item, explained
 *     ledger_audit    audit, seq, kind, as_of, partial            one row per audit and import, in order
 *
 * `event` of a finding is opened, changed or resolved: what is not mentioned is as it was. The audit before this one, of a
 * channel: `SELECT max(seq) FROM ledger_source WHERE ch = …`.
 */
import { type Engine, literal } from '../engine/engine.ts'
import { BIT, filesSql, GROUP_NAMES, GROUPS, type Group, knownBefore, lostChanges, timestamp } from './ledger-files.ts'
import type { LedgerEntry } from './ledger-folder.ts'
import { createPaidViews } from './ledger-paid.ts'

/** Over a listing: its name in the ledger. */
export const LEDGER_ITEM = 'coalesce(sku, listing_id, gtin)'

/**
 * What `ledger_<group>` says of some articles. The views order all of history; where only a few articles are asked for, nearly all
 * of that is for nothing.
 *
 * @param asked - SELECT of `ch, item`.
 */
export function heldSql(group: Group, asked: string): string {
  const columns = GROUPS[group].map(([name]) => `l.${name}`)
  return `SELECT l.ch, l.item, l.since, lead(l.since) OVER (PARTITION BY l.ch, l.item ORDER BY l.since, l.seq) AS until, ${columns.join(', ')},
      l.has & ${BIT.gone} <> 0 AS gone
    FROM (SELECT * FROM ledger_change WHERE has & ${BIT[group] | BIT.gone} <> 0) l SEMI JOIN (SELECT DISTINCT * FROM (${asked})) a ON a.item = l.item AND a.ch = l.ch`
}

export interface LedgerScope {
  /** Ids in the order of the configuration. */
  readonly channels: readonly string[]
  readonly asOf: string
}

/** Creates the views of the file head over what is known before the audit. */
export async function createLedgerViews(
  engine: Engine,
  entries: readonly LedgerEntry[],
  { channels, asOf }: LedgerScope,
): Promise<void> {
  const before = knownBefore(entries, asOf)
  const rows = before.map(
    ({ id, seq, kind, as_of, partial }) =>
      `(${literal(id)}, ${seq}, ${literal(kind)}, ${timestamp(as_of)}, ${String(partial)})`,
  )
  const values = rows.length === 0 ? `(NULL, NULL, NULL, NULL::TIMESTAMP, NULL)` : rows.join(', ')
  await engine.run(
    `CREATE TABLE ledger_audit AS SELECT audit::VARCHAR AS audit, seq::INTEGER AS seq, kind::VARCHAR AS kind, as_of, partial::BOOLEAN AS partial
     FROM (VALUES ${values}) t(audit, seq, kind, as_of, partial) WHERE audit IS NOT NULL`,
  )
  const cases = channels.map((id, index) => `WHEN ${literal(id)} THEN ${index}`)
  const ch = cases.length === 0 ? 'NULL::INTEGER' : `CASE channel ${cases.join(' ')} END::INTEGER`
  await engine.run(
    `CREATE VIEW ledger_change AS SELECT ${ch} AS ch, * FROM (${filesSql('change', before)}) WHERE since <= ${timestamp(asOf)}`,
  )
  const lost = lostChanges(before).flatMap(({ seq, channels: own }) =>
    channels.flatMap((id, index) => (own === null || own.includes(id) ? [`(${index}, ${seq})`] : [])),
  )
  await engine.run(
    `CREATE TABLE ledger_lost AS SELECT ch::INTEGER AS ch, max(seq)::INTEGER AS seq FROM (VALUES ${lost.join(', ') || '(NULL, NULL)'}) t(ch, seq)
     WHERE ch IS NOT NULL GROUP BY ch`,
  )
  await createPaidViews(engine, entries, asOf)
  const brought = before.filter(({ kind }) => kind === 'import')
  await engine.run(
    `CREATE VIEW ledger_imported AS SELECT ${ch} AS ch, * FROM (${filesSql('change', brought)}) WHERE since <= ${timestamp(asOf)}`,
  )
  for (const group of GROUP_NAMES) {
    const columns = GROUPS[group].map(([name]) => name)
    await engine.run(
      `CREATE VIEW ledger_${group} AS SELECT ch, channel, item, since, lead(since) OVER (PARTITION BY channel, item ORDER BY since, seq) AS until,
         ${columns.join(', ')}, has & ${BIT.gone} <> 0 AS gone, audit, seq
       FROM ledger_change WHERE has & ${BIT[group] | BIT.gone} <> 0`,
    )
  }
  await engine.run(
    `CREATE TABLE ledger_source AS SELECT ${ch} AS ch, * REPLACE (least(as_of, ${timestamp(asOf)}) AS as_of) FROM (${filesSql('source', before)})
     WHERE as_of <= ${timestamp(asOf)} OR since < ${timestamp(asOf)}`,
  )
  await engine.run(
    `CREATE VIEW ledger_seen AS SELECT ch, channel, as_of, bool_or(prices) AS prices, bool_or(stocks) AS stocks FROM ledger_source
     WHERE since IS NULL GROUP BY ch, channel, as_of`,
  )
  await engine.run(
    `CREATE VIEW ledger_finding AS SELECT f.*, a.as_of FROM (${filesSql('finding', before)}) f JOIN ledger_audit a ON a.seq = f.seq`,
  )
}
