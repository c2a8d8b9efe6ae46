/** What the page and the workbook of a comparison count, in one pass over what changed. */
import type { ComparedFinding, Comparison, FindingChange } from '../../model/history.ts'
import type { Finding } from '../../model/report.ts'

/** What the page lists: what is as before is counted. */
export const LISTED: readonly FindingChange[] = ['new', 'reopened', 'worse', 'changed', 'quieted', 'resolved']

/** In print, and without a script. */
const GRAVEST = 40

export type ChangeCounts = Readonly<Record<FindingChange, number>>

export interface DiffFigures {
  /** `unchanged` without those that say other values, where that is known. */
  readonly counts: ChangeCounts
  readonly byRule: ReadonlyMap<string, ChangeCounts>
  /** By each channel that has to change; null: none of them is known. */
  readonly byChannel: ReadonlyMap<string | null, ChangeCounts>
  /** Channels that are named by what changed. */
  readonly channels: readonly string[]
  readonly gravest: readonly ComparedFinding[]
  /** How many are listed. */
  readonly listed: number
}

const NONE: ChangeCounts = { new: 0, reopened: 0, worse: 0, changed: 0, unchanged: 0, quieted: 0, resolved: 0 }

export async function diffFigures(comparison: Comparison): Promise<DiffFigures> {
  const counts: Record<FindingChange, number> = { ...NONE }
  const byRule = new Map<string, Record<FindingChange, number>>()
  const byChannel = new Map<string | null, Record<FindingChange, number>>()
  const { heads } = comparison
  const channels = new Set((heads.to ?? heads.from)?.channels.map(({ id }) => id))
  const news: ComparedFinding[] = []
  const others: ComparedFinding[] = []
  let listed = 0
  for await (const one of comparison.findings(LISTED)) {
    const { change, finding } = one
    listed++
    counts[change]++
    counted(byRule, finding.rule)[change]++
    for (const channel of channelsToChange(finding)) counted(byChannel, channel)[change]++
    for (const { channel } of finding.sides) channels.add(channel)
    const isNews = change === 'new' || change === 'reopened' || change === 'worse'
    const kept = isNews ? news : others
    if (kept.length < GRAVEST) kept.push(one)
  }
  counts.unchanged = comparison.diff.unchanged - counts.changed
  return {
    counts,
    byRule,
    byChannel,
    channels: [...channels],
    gravest: [...news, ...others].slice(0, GRAVEST),
    listed,
  }
}

/** The channels that do not say what is right; where no side is known, the one that answers for the data. */
function channelsToChange({ sides, expected, owner }: Finding): ReadonlySet<string | null> {
  const wrong = sides.filter(({ authority, value }) => !authority && (expected === null || value !== expected))
  return new Set(wrong.length === 0 ? [owner] : wrong.map(({ channel }) => channel))
}

function counted<Key>(map: Map<Key, Record<FindingChange, number>>, key: Key): Record<FindingChange, number> {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = { ...NONE }
  map.set(key, made)
  return made
}

/** What came and what went. */
export function balanceOf({ new: fresh, reopened, worse, resolved }: ChangeCounts): {
  readonly came: number
  readonly went: number
} {
  return { came: fresh + reopened + worse, went: resolved }
}
