/** Rows of the engine as the changes of `plan.json`. */
import type { Engine } from '../engine/engine.ts'
import type { ChannelConfig } from '../model/config.ts'
import type { Entity, FieldName } from '../model/field.ts'
import type { Change, Unresolved, UnresolvedReason } from '../model/plan.ts'
import { changeId } from './change-id.ts'
import { type CellRow, cells } from './change-set.ts'
import { needsOf } from './needs.ts'

export function changeOf(row: CellRow, channels: readonly ChannelConfig[]): Change {
  const { path, line, sheet, raw, location } = row
  const channel = channels[row.ch]?.id ?? ''
  // Both were written by `wants`.
  const entity = row.entity as Entity
  const field = row.field as FieldName
  const names = { listing: row.listing, sku: row.sku, external_id: row.external }
  const target = location === null ? names : { ...names, location }
  const { before, after } = row
  const needs = needsOf(row.needs)
  const place = { path: path ?? '', row: row.row, line }
  return {
    id: changeId({ action: 'update', channel, entity, target, field, before, after }),
    action: 'update',
    channel,
    entity,
    target,
    field,
    before,
    after,
    unit: row.unit,
    authority: row.authority,
    because: row.findings.split(' '),
    safety: needs.length === 0 ? 'automatic' : 'review',
    needs,
    origin: path === null ? null : sheet === null ? { ...place, raw } : { ...place, sheet, raw },
  }
}

export async function* planChanges(
  engine: Engine,
  channels: readonly ChannelConfig[],
): AsyncGenerator<readonly Change[]> {
  for await (const batch of cells(engine)) yield batch.map((row) => changeOf(row, channels))
}

/** Words a reason; `detail` is what it is about. */
export type Reason = (code: UnresolvedReason, detail: string | null) => string

interface OpenRow {
  readonly [name: string]: string | null
  readonly finding: string
  readonly channel: string | null
  readonly code: string
  readonly detail: string | null
  readonly others: string | null
}

/** Statement of all that is not planned: what was open from the start, and what no file carries. */
export function openSql(channels: readonly ChannelConfig[], locale: 'en' | 'es'): string {
  const names = `CASE ch ${channels.map(({ id }, ch) => `WHEN ${ch} THEN '${id.replaceAll("'", "''")}'`).join(' ')} END`
  return `SELECT DISTINCT finding, channel, code, detail, array_to_string(others, ' ') AS others FROM plan_open
    UNION ALL SELECT DISTINCT unnest(findings) AS finding, ${names} AS channel, 'file' AS code, r.${locale} AS detail, NULL AS others
    FROM plan_cell JOIN plan_refusal r USING (n)`
}

export async function* planUnresolved(
  engine: Engine,
  channels: readonly ChannelConfig[],
  locale: 'en' | 'es',
  reason: Reason,
): AsyncGenerator<readonly Unresolved[]> {
  const rows = engine.batches<OpenRow>(
    `SELECT * FROM (${openSql(channels, locale)}) ORDER BY finding, channel, code, detail`,
  )
  for await (const batch of rows) {
    yield batch.map(({ finding, channel, code, detail, others }) => ({
      finding,
      channel,
      // Written by `wants` and `settle`.
      code: code as UnresolvedReason,
      reason: reason(code as UnresolvedReason, detail),
      ...(others === null || others === '' ? {} : { with: others.split(' ') }),
    }))
  }
}
