/** One relation between the prices of two channels that nearly all their articles show, and who is to blame for it. */
import { groupBy } from '../../base/group.ts'
import type { Draft } from '../draft.ts'
import type { SideRow } from '../sides.ts'
import type { Scene } from './scene.ts'
import { MIN_SHARE, MIN_SUPPORT } from './thresholds.ts'

/** Rules that compare the prices of channels: a channel whose prices are all wrong in one way makes them fail. */
const PRICE_RULES: ReadonlySet<string> = new Set([
  'price/tax-basis-mismatch',
  'price/differs-across-channels',
  'price/outlier',
  'price/marketplace-above-own',
  'price/wrong-price-list',
  'price/fx-drift',
  'price/unit-price-wrong',
  'price/multipack-dearer-per-unit',
  'price/shelf-pos-mismatch',
  'price/tax-excluded-display',
  'price/omnibus-discount-base',
])

/** Rules on the price of one channel alone: it is wrong like all of them, also where no other channel has the article. */
const OWN_RULES: ReadonlySet<string> = new Set(['price/off-ending', 'price/below-map', 'price/below-margin-floor'])

/** Articles with different prices that a relation has to hold for: a few price points fit anything. */
export const MIN_POINTS = 5

export interface PairVote {
  /** Positions of the channels, the first one first. */
  readonly a: number
  readonly b: number
  /** Articles that show it. */
  readonly n: number
  readonly share: number
}

/** The votes that are strong enough, of channels that no other cause names yet. */
export async function strongPairs<Vote extends { a: number; b: number; n: number }>(
  scene: Scene,
  votes: readonly Vote[],
  least = MIN_SUPPORT,
): Promise<readonly (Vote & PairVote)[]> {
  const strong: (Vote & PairVote)[] = []
  for (const vote of votes) {
    if (Number(vote.n) < least || scene.isBlamed(vote.a) || scene.isBlamed(vote.b)) continue
    const share = await scene.pairShare(vote.a, vote.b, Number(vote.n))
    if (share >= MIN_SHARE) strong.push({ ...vote, n: Number(vote.n), share })
  }
  return strong
}

export interface Blamed<Vote> {
  readonly fault: number
  readonly votes: readonly Vote[]
}

/**
 * Whose prices are wrong: never the authority's, else the channel that differs from most others, else what the pair
 * itself looks like.
 */
export function blamed<Vote extends PairVote>(
  votes: readonly Vote[],
  authority: number | null,
  tie: (vote: Vote) => number,
): readonly Blamed<Vote>[] {
  let left = [...votes]
  const found: Blamed<Vote>[] = []
  while (left.length > 0) {
    const fault = worst(left, authority, tie)
    const own = left.filter(({ a, b }) => a === fault || b === fault)
    found.push({ fault, votes: own })
    left = left.filter(({ a, b }) => a !== fault && b !== fault)
  }
  return found
}

function worst<Vote extends PairVote>(
  votes: readonly Vote[],
  authority: number | null,
  tie: (vote: Vote) => number,
): number {
  const against = votes.find(({ a, b }) => a === authority || b === authority)
  if (against !== undefined) return against.a === authority ? against.b : against.a
  const named = groupBy(
    votes.flatMap(({ a, b }) => [a, b]),
    String,
  )
  const most = Math.max(...[...named.values()].map(({ length }) => length))
  const candidates = [...named.values()].flatMap((group) => (group.length === most ? group.slice(0, 1) : []))
  const [first] = votes
  if (candidates.length === 1 || first === undefined) return candidates[0] ?? 0
  const chosen = tie(first)
  return candidates.includes(chosen) ? chosen : (candidates[0] ?? chosen)
}

/** The other channels of a fault's pairs, in order. */
export function othersOf({ fault, votes }: Blamed<PairVote>): readonly number[] {
  return votes.map(({ a, b }) => (a === fault ? b : a)).sort((a, b) => a - b)
}

/** Of how many units a listing's price is the sum. */
function unitsIn(row: SideRow): number {
  return Math.max(1, Math.round(Number(row['price.regular'] ?? 0) / Number(row['x_regular'])) || 1)
}

/**
 * Whether a finding about prices shows the relation: between the channel at fault and every channel that is not. Prices
 * are those of one unit; `units` says how many of them the listing of the channel at fault has.
 */
export function explainsPrices(
  scene: Scene,
  fault: number,
  holds: (own: number, other: number, units: number) => boolean,
): (draft: Draft, rows: readonly SideRow[]) => boolean {
  const name = scene.channelId(fault)
  return (draft, rows) => {
    const { id } = draft.effective.rule
    if (!PRICE_RULES.has(id) && !OWN_RULES.has(id)) return false
    // The probe that asks about an article before its findings are made has no sides.
    if (draft.sides !== undefined && !draft.sides.some(({ channel }) => channel === name)) return false
    const own = rows.filter((row) => row.ch === fault && pricesOf([row], () => true).length > 0)
    const others = pricesOf(rows, (ch) => ch !== fault && !scene.isBlamed(ch))
    if (others.length === 0 && OWN_RULES.has(id)) return draft.sides.every(({ channel }) => channel === name)
    return (
      own.length > 0 &&
      others.length > 0 &&
      own.every((row) => others.every((other) => holds(Number(row['x_regular']), other, unitsIn(row))))
    )
  }
}

/** Only for telling what explains a finding; amounts that are reported never pass through a float. */
export function pricesOf(rows: readonly SideRow[], which: (channel: number) => boolean): number[] {
  return rows.flatMap((row) =>
    which(row.ch) && row['x_regular'] !== null && row['x_regular'] !== undefined ? [Number(row['x_regular'])] : [],
  )
}
