import { mayBeLost } from '../ingest/lost-keys.ts'
import type { FindingContext } from './finding.ts'
import { type SideRow, textOf } from './sides.ts'

/** Channels that were to list an article and do not, as far as they could be read. */
export function missingChannels(
  rows: readonly SideRow[],
  { store, assortments }: Pick<FindingContext, 'store' | 'assortments'>,
): readonly number[] {
  const live = new Set(rows.filter((row) => row['live'] !== false).map((row) => row.ch))
  const keys = rows.map((row) => [textOf(row['sku']), textOf(row['gtin'])])
  const market = rows[0]?.market
  return store.channels.flatMap(({ id, assortment, kind, market: own }, index) => {
    const range = assortments.get(index)
    const isInRange = assortment?.kind === 'full' || keys.flat().some((key) => range?.has(key ?? '') === true)
    const isRead = !store.failed.has(id) && !mayBeLost(store.lost.get(index)?.listing, keys.flat())
    return isInRange && isRead && kind !== 'erp' && own === market && !live.has(index) ? [index] : []
  })
}
