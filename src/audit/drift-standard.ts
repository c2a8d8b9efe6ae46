/** What a source looked like in earlier audits that were right about it: what later ones are held against. */
import { literal } from '../engine/engine.ts'
import type { FindingContext } from './finding.ts'

/** One kind of file of a channel in one audit. */
export interface Earlier {
  readonly seq: number
  readonly asOf: string
  readonly rows: number
  /** Headers of its files. */
  readonly columns: readonly string[]
  /** Canonical field to the share of listings that had it. */
  readonly fields: ReadonlyMap<string, number>
}

interface Row {
  readonly [column: string]: string | number | null
  readonly seq: number
  readonly as_of: string
  readonly records: number
  readonly columns: string | null
  readonly fields: string | null
}

/**
 * Earlier audits of a kind of file, the last one first. Audits that found it wrong, and those before `after`, set no standard.
 *
 * @param after - ISO 8601; null takes all.
 */
export async function earlierOf(
  rule: string,
  channel: number,
  kind: string,
  after: string | null,
  { engine }: Pick<FindingContext, 'engine'>,
): Promise<readonly Earlier[]> {
  const owner = `(SELECT min(channel) FROM ledger_source WHERE ch = ${channel})`
  const wrong = `SELECT f.seq AS since, (SELECT min(r.seq) FROM ledger_finding r WHERE r.id = f.id AND r.event = 'resolved' AND r.seq > f.seq) AS until
    FROM ledger_finding f WHERE f.event <> 'resolved' AND f.rule = ${literal(rule)} AND f.owner = ${owner}`
  const rows = await engine.rows<Row>(
    `SELECT s.seq, max(a.as_of) AS as_of, sum(s.rows)::BIGINT AS records,
       '[' || string_agg(s.columns, ',') || ']' AS columns, '[' || string_agg(s.fields, ',') || ']' AS fields
     FROM ledger_source s JOIN ledger_audit a ON a.seq = s.seq
     WHERE s.ch = ${channel} AND s.kind = ${literal(kind)} AND a.kind = 'audit'
       AND NOT EXISTS (SELECT 1 FROM (${wrong}) w WHERE s.seq >= w.since AND (w.until IS NULL OR s.seq < w.until))
     GROUP BY s.seq ORDER BY s.seq DESC LIMIT 100`,
  )
  const found = rows.map((row): Earlier => {
    const fields: readonly Readonly<Record<string, { readonly share: number }>>[] = JSON.parse(row.fields ?? '[]')
    const columns: readonly (readonly string[])[] = JSON.parse(row.columns ?? '[]')
    return {
      seq: Number(row.seq),
      asOf: row.as_of,
      rows: Number(row.records),
      columns: columns.flat(),
      fields: new Map(fields.flatMap((one) => Object.entries(one).map(([name, { share }]) => [name, share] as const))),
    }
  })
  return found.filter(({ asOf }) => after === null || Date.parse(asOf) >= Date.parse(after))
}
