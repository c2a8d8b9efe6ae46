/** Which findings a plan is asked about. Nothing chosen is everything. */

import { type SideRow, textOf } from '../audit/sides.ts'
import type { Cause, Finding } from '../model/report.ts'

export interface Selection {
  readonly rules: readonly string[]
  /** Channels that may change. */
  readonly channels: readonly string[]
  /** Ids, SKUs or GTINs of articles, or a channel's own ids of listings. */
  readonly items: readonly string[]
  /** Ids or kinds of causes. */
  readonly causes: readonly string[]
  /** Ids of findings; none where that is no question. */
  readonly findings?: readonly string[]
}

function has(list: readonly string[], ...values: readonly (string | null | undefined)[]): boolean {
  return list.length === 0 || values.some((value) => value !== null && value !== undefined && list.includes(value))
}

/** A cause stands for its findings: where causes are chosen, roots are not. */
export function selectsFinding(
  { rules, items, causes, findings = [] }: Selection,
  finding: Finding,
  rows: readonly SideRow[],
): boolean {
  if (causes.length > 0 || !has(rules, finding.rule) || !has(findings, finding.id)) return false
  if (items.length === 0) return true
  const { item } = finding
  const names = rows.flatMap((row) => [textOf(row['sku']), textOf(row['listing_id']), textOf(row['gtin'])])
  return has(items, item?.id, item?.sku, item?.gtin, ...names)
}

export function selectsCause({ rules, channels, items, causes, findings = [] }: Selection, cause: Cause): boolean {
  if (items.length > 0 || findings.length > 0) return false
  return has(causes, cause.id, cause.kind) && has(rules, cause.rule) && has(channels, ...cause.channels)
}

export function selectsChannel({ channels }: Selection, channel: string): boolean {
  return has(channels, channel)
}
