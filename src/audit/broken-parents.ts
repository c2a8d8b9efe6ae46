/** Listings whose product is not in the export: what such a variant lacks, it lacks because of that. */
import { literal } from '../engine/engine.ts'
import type { Draft } from './draft.ts'
import type { FindingContext } from './finding.ts'

/** Articles of the variants that each of these findings is about; nothing for findings about other references. */
export async function childrenOf(
  drafts: readonly Draft[],
  { engine, store }: FindingContext,
): Promise<ReadonlyMap<Draft, readonly string[]>> {
  const children = new Map<Draft, readonly string[]>()
  if (!store.fields.has('product')) return children
  for (const draft of drafts) {
    if (draft.code !== 'parent') continue
    const ch = store.channels.findIndex(({ id }) => id === draft.owner)
    const [, own] = draft.keys
    // A folded finding names only the sort of reference.
    const keys = own === undefined ? brokenKeys(store, ch) : [own]
    if (keys.length === 0) continue
    const rows = await engine.rows<{ item: string }>(
      `SELECT DISTINCT item::VARCHAR AS item FROM side WHERE ch = ${ch} AND product IN (${keys.map(literal).join(', ')})`,
    )
    children.set(
      draft,
      rows.map(({ item }) => item),
    )
  }
  return children
}

function brokenKeys({ broken, sources }: FindingContext['store'], ch: number): readonly string[] {
  return broken
    .filter(({ parent, source }) => parent === 'parent' && sources[source]?.channel === ch)
    .flatMap(({ keys }) => keys.map(({ key }) => key))
}
