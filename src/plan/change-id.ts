import { sha256 } from '../base/hash.ts'
import type { Change } from '../model/plan.ts'

/** The id of a change: the same for the same channel, target, field, before and after, whatever asked for it. */
export function changeId(
  change: Pick<Change, 'action' | 'channel' | 'entity' | 'target' | 'field' | 'before' | 'after'>,
): string {
  const { action, channel, entity, target, field, before, after } = change
  const { listing, sku, external_id: external, location = null } = target
  // Not joined by a separator: an empty text and null are different, and a name may hold anything.
  return sha256(
    JSON.stringify([action, channel, entity, listing, sku, external, location, field, before, after]),
  ).slice(0, 20)
}
