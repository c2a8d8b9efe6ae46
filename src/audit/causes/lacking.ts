/** Which channels lack articles that they should list, and whether that many in one place can be chance. */
import { FAIL } from '../../rules/check.ts'
import type { Draft } from '../draft.ts'
import type { SideRow } from '../sides.ts'
import type { Scene } from './scene.ts'

export const MISSING_RULE = 'catalog/missing-in-channel'

/** By chance such a slice is missing once in a million audits. */
const CHANCE = Math.log(1e-6)

/** A channel that lacks something. */
export interface Lack {
  readonly channel: number
  /** Articles expected of it, those that all channels list included. */
  readonly expected: number
  readonly missing: number
}

export interface Lacks {
  /** Outcome column of the rule in `verdict`. */
  readonly column: string
  readonly channels: readonly Lack[]
}

/** What parts of the range may be lacking of, and by which rule. */
export interface Lacking {
  readonly channels: readonly Lack[]
  /** SQL over `verdict`: the article is one that is expected. */
  readonly expected: string
  /** SQL over `side`, as `s`: the listing says what the article is; null where any may. */
  readonly told: string | null
  /** SQL over `verdict`: the channel lacks the article. */
  missing(channel: number): string
  isMissing(draft: Draft, rows: readonly SideRow[], channel: number): boolean
}

export async function lacksOf(scene: Scene): Promise<Lacks | null> {
  const column = scene.columns(MISSING_RULE).find(({ table }) => table === 'verdict')?.column
  if (column === undefined) return null
  const selling = scene.store.channels.flatMap((channel, index) =>
    channel.assortment?.kind === 'full' && channel.kind !== 'erp' ? [index] : [],
  )
  if (selling.length === 0) return null
  const counts = selling.map((index) => {
    const market = scene.store.channels[index]?.market ?? ''
    const own = `market = '${market.replaceAll("'", "''")}'`
    return `count(*) FILTER (${own} AND ${column} <> 0) AS e${index}, count(*) FILTER (${own} AND ${missingIn(column, index)}) AS m${index}`
  })
  const [row] = await scene.engine.rows(`SELECT ${counts.join(', ')} FROM verdict`)
  const channels = selling.map((channel) => ({
    channel,
    expected: Number(row?.[`e${channel}`] ?? 0) + scene.agreed,
    missing: Number(row?.[`m${channel}`] ?? 0),
  }))
  return { column, channels: channels.filter(({ missing }) => missing > 0) }
}

/** SQL over `verdict`: the article is missing in a channel. */
export function missingIn(column: string, channel: number): string {
  return `(${column} >= ${FAIL} AND ((channels >> ${channel}) & 1) = 0)`
}

/**
 * Whether a slice is missing for a reason of its own.
 *
 * @param rest - Part of the articles outside the slice that is missing too.
 * @param tries - How many slices were looked at.
 */
export function isNoChance(missing: number, expected: number, rest: number, tries: number): boolean {
  if (rest >= 1) return false
  if (rest <= 0) return true
  // The tail of a binomial distribution, bounded by the number of ways to choose what is there.
  let ways = 0
  for (let index = 0; index < expected - missing; index++) ways += Math.log((expected - index) / (index + 1))
  return missing * Math.log(rest) + ways + Math.log(Math.max(1, tries)) < CHANCE
}

/** The finding is about an article that the channel lacks. */
export function isMissing(draft: Draft, rows: readonly SideRow[], channel: number): boolean {
  return draft.effective.rule.id === MISSING_RULE && rows.length > 0 && !rows.some((row) => row.ch === channel)
}

/** The channel that says what there is: the authority of the catalog, else whoever lists most. */
export async function referenceOf(scene: Scene, without: number): Promise<number | null> {
  const authority = scene.authority('catalog')
  if (authority !== null) return authority === without ? null : authority
  const market = scene.store.channels[without]?.market
  const rows = await scene.engine.rows<{ ch: number }>(
    'SELECT ch, count(*) AS n FROM side GROUP BY ch ORDER BY n DESC, ch',
  )
  const most = rows.find(({ ch }) => ch !== without && scene.store.channels[ch]?.market === market)
  return most === undefined ? null : Number(most.ch)
}
