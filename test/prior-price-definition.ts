/** The lowest price before a reduction as the law words it, one article after the other: what the engine's way has to agree with. */

export const HOUR = 3_600_000

export interface Shown {
  readonly regular: number
  readonly sale: number | null
  /** The earlier price that is shown where there is no sale price. */
  readonly before: number | null
}

/** What is known of an article at a moment; null where the channel does not list it. */
export interface Seen {
  readonly at: number
  readonly shown: Shown | null
}

export interface Law {
  readonly progressiveMs: number
  readonly exemptsFirstSale: boolean
}

export interface Known {
  /** The article as it was, oldest first, the last one as it is now. */
  readonly seen: readonly Seen[]
  /** When the channel was audited, the last one now. */
  readonly audits: readonly number[]
  /** From when to when an import tells its prices. */
  readonly imported: readonly [from: number, until: number] | null
}

export interface Terms {
  readonly law: Law
  readonly window: number
  readonly maxGap: number
  /** The channel has a place for the earlier price. */
  readonly tellsBefore: boolean
}

export interface Judged {
  readonly outcome: 'fake' | 'missing' | 'too_high' | 'pass' | 'history' | 'not_applicable'
  readonly prior: number | null
}

interface Step {
  readonly from: number
  readonly until: number
  readonly price: number
  readonly announced: boolean
  readonly gone: boolean
}

export function paid({ regular, sale }: Shown): number {
  return sale ?? regular
}

function isAnnounced(shown: Shown): boolean {
  return (shown.sale !== null && shown.sale < shown.regular) || (shown.before !== null && shown.before > paid(shown))
}

function stepsOf(seen: readonly Seen[]): readonly Step[] {
  const steps: Step[] = []
  for (const { at, shown } of seen) {
    const last = steps.at(-1)
    const next = {
      from: at,
      until: Number.POSITIVE_INFINITY,
      price: shown === null ? Number.NaN : paid(shown),
      announced: shown !== null && isAnnounced(shown),
      gone: shown === null,
    }
    if (last === undefined && next.gone) continue
    const isSame =
      last !== undefined &&
      last.gone === next.gone &&
      (next.gone || (last.price === next.price && last.announced === next.announced))
    if (isSame) continue
    if (last !== undefined) steps[steps.length - 1] = { ...last, until: at }
    steps.push(next)
  }
  return steps
}

/**
 * A step of a reduction that only goes further down belongs to the one before, where the law says so and for as long. While the
 * article is not listed nothing ends: it comes back as it was, or as something else.
 */
function startOf(all: readonly Step[], now: number, { progressiveMs }: Law): number {
  const steps = all
    .filter(({ gone }) => !gone)
    .filter(({ price, announced }, at, listed) => {
      const before = listed[at - 1]
      return before === undefined || before.price !== price || before.announced !== announced
    })
  let first = steps.length - 1
  for (; first > 0; first--) {
    const [before, step] = [steps[first - 1], steps[first]]
    if (before === undefined || step === undefined) break
    if (!before.announced || !(before.price > step.price)) break
  }
  const start = steps[first]?.from ?? now
  return now - start <= progressiveMs ? start : (steps.at(-1)?.from ?? now)
}

/** Whether the prices of an article are known at every moment from `from` on. */
function isWhole({ audits, imported }: Known, steps: readonly Step[], from: number, maxGap: number): boolean {
  let begin = audits.length - 1
  while (begin > 0 && (audits[begin] ?? 0) - (audits[begin - 1] ?? 0) <= maxGap) begin--
  const start = audits[begin] ?? Number.POSITIVE_INFINITY
  if (start <= from) return true
  const firstSeen = Math.min(...steps.filter(({ gone }) => !gone).map((step) => step.from))
  // A new article has no earlier price, where the channel was looked at before it came.
  if (firstSeen > from && start < firstSeen) return true
  return imported !== null && imported[0] <= from && start <= imported[1] + maxGap
}

/**
 * @param own - The channel that announces the reduction.
 * @param mates - The trader's other channels, where their prices count.
 * @returns Null where no reduction is announced.
 */
export function judgeReduction(own: Known, mates: readonly Known[], terms: Terms): Judged | null {
  const { law, window, maxGap, tellsBefore } = terms
  const now = own.seen.at(-1)
  if (now === undefined || now.shown === null || !isAnnounced(now.shown)) return null
  const started = startOf(stepsOf(own.seen), now.at, law)
  const all = [own, ...mates].map((known) => ({ known, steps: stepsOf(known.seen) }))
  const prices = all.flatMap(({ steps }) =>
    steps
      .filter(({ from, until, gone }) => !gone && from < started && until > started - window)
      .map(({ price }) => price),
  )
  const prior = prices.length === 0 ? null : Math.min(...prices)
  const struck = now.shown.regular > paid(now.shown) ? now.shown.regular : null
  const told = tellsBefore ? (now.shown.before ?? struck) : now.shown.regular
  if (prior !== null && paid(now.shown) >= prior) return { outcome: 'fake', prior }
  if (told === null) return { outcome: 'missing', prior }
  if (prior !== null && told > prior) return { outcome: 'too_high', prior }
  if (!all.every(({ known, steps }) => isWhole(known, steps, started - window, maxGap)))
    return { outcome: 'history', prior }
  if (prior === null) return { outcome: law.exemptsFirstSale ? 'not_applicable' : 'history', prior }
  return { outcome: 'pass', prior }
}
