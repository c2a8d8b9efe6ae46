/** What a fault of a whole source explains: articles that its lost records leave missing, fields that its columns leave empty. */

import type { Severity } from '../model/config.ts'
import { isFieldName } from '../model/field.ts'
import type { CauseDraft } from './causes/detector.ts'
import { hangUnder } from './causes.ts'
import type { Draft } from './draft.ts'
import type { FindingContext } from './finding.ts'
import type { Silences } from './silences.ts'
import { domainsOf } from './source-facts.ts'
import { authorityOf } from './world.ts'

export interface SourceMask {
  readonly rule: string
  readonly severity: Severity
  /** Finding or cause under which what it explains hangs. */
  readonly root: string
  /** Cause that explains the fault of the source, and with it what the fault explains. */
  readonly cause: CauseDraft | null
  explains(draft: Draft): boolean
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

/** Faults that leave records, or the values of a column, away. */
const LOSING: Readonly<Record<string, ReadonlySet<string | null>>> = {
  'feed/volume-drop': new Set(['drop', 'page']),
  'feed/schema-drift': new Set(['missing_column', 'unreadable', 'unread', 'emptier']),
}

const KEYS: ReadonlySet<string> = new Set(['listing_id', 'sku', 'gtin', 'mpn'])

/** What sources have lost, by what was found about them. */
export interface Losses {
  /** Channels whose records, or their keys, are lost. */
  readonly channels: ReadonlySet<number>
  readonly fields: readonly { readonly channel: number; readonly field: string }[]
}

export function lossesOf(free: readonly Draft[], context: FindingContext): Losses {
  const channels = new Set<number>()
  const fields: { readonly channel: number; readonly field: string }[] = []
  for (const draft of free) {
    const { rule } = draft.effective
    if (LOSING[rule.id]?.has(draft.code) !== true) continue
    const channel = channelOf(draft, context)
    if (channel === -1) continue
    const field = rule.id === 'feed/volume-drop' ? 'sku' : fieldOf(draft, channel, context)
    if (field === null) continue
    if (KEYS.has(field)) channels.add(channel)
    else fields.push({ channel, field })
  }
  return { channels, fields }
}

/** @param free - Findings about no article, with their masks set. */
export function sourceMasks(
  free: readonly Draft[],
  context: FindingContext,
  causes: readonly CauseDraft[],
  silences: Silences | null,
): readonly SourceMask[] {
  return free.flatMap((draft): readonly SourceMask[] => {
    const { rule } = draft.effective
    if (LOSING[rule.id]?.has(draft.code) !== true || silences?.isDenied(draft, []) === true) return []
    const explains = rule.id === 'feed/volume-drop' ? lostRecords(draft, context) : lostColumn(draft, context)
    if (explains === null) return []
    const cause = causes.find((one) => one.explains(draft, [])) ?? null
    const root = cause?.id ?? draft.explainedBy ?? draft.id
    return [{ rule: rule.id, severity: draft.severity, root, cause, explains }]
  })
}

/**
 * A root of an article that a fault of a source explains hangs under it, with what hung under the root. A milder fault
 * explains nothing graver: an error would be hidden by it.
 */
export function explainBySource(draft: Draft, drafts: readonly Draft[], masks: readonly SourceMask[]): void {
  if (draft.explainedBy !== null) return
  const mask = masks.find(
    (one) =>
      one.root !== draft.id &&
      draft.effective.rule.maskedBy.includes(one.rule) &&
      RANK[one.severity] <= RANK[draft.severity] &&
      one.explains(draft),
  )
  if (mask === undefined) return
  const hung = [draft, ...drafts.filter(({ explainedBy }) => explainedBy === draft.id)]
  for (const one of hung) {
    one.explainedBy = mask.root
    if (mask.cause !== null) hangUnder(mask.cause, one.severity)
  }
}

function lostRecords(draft: Draft, context: FindingContext): SourceMask['explains'] | null {
  const channel = channelOf(draft, context)
  const own = sourcesOf(draft, channel, context)
  return own.some((source) => domainsOf(source).includes('catalog')) ? lostListings(channel, context) : null
}

/** Where listings of a channel are lost, articles seem to be missing in it; in the catalog, listings seem to be orphans. */
function lostListings(channel: number, { store, config }: FindingContext): SourceMask['explains'] {
  const id = store.channels[channel]?.id
  return (draft) => {
    if (draft.effective.rule.kind === 'reference' && draft.item !== null) {
      return authorityOf(store, config, 'catalog', draft.market) === channel
    }
    if (draft.item === null) return draft.owner === id
    const lacking = new Set(draft.sides.flatMap((side) => (side.source === null ? [side.channel] : [])))
    return lacking.size === 1 && id !== undefined && lacking.has(id)
  }
}

function lostColumn(draft: Draft, context: FindingContext): SourceMask['explains'] | null {
  const channel = channelOf(draft, context)
  const field = fieldOf(draft, channel, context)
  if (field === null) return null
  if (KEYS.has(field)) return lostListings(channel, context)
  const id = context.store.channels[channel]?.id
  return ({ item, sides }) =>
    item !== null && sides.some((side) => side.channel === id && side.field === field && side.value === null)
}

function channelOf({ keys }: Draft, { store }: FindingContext): number {
  return store.channels.findIndex(({ id }) => id === keys[0])
}

function sourcesOf({ keys }: Draft, channel: number, { store }: FindingContext): FindingContext['store']['sources'] {
  return store.sources.filter((source) => source.channel === channel && source.kind === keys[1])
}

/** A contract names a column, the ledger a field. */
function fieldOf(draft: Draft, channel: number, context: FindingContext): string | null {
  const about = draft.keys[2]
  if (about === undefined) return null
  const columns = sourcesOf(draft, channel, context).flatMap(({ understood }) => Object.entries(understood.columns))
  return columns.find(([, header]) => header === about)?.[0] ?? (isFieldName(about) ? about : null)
}
