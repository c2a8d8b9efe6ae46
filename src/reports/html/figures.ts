/** What the overview of the page counts, in one pass over the findings. */
import type { Finding, Report } from '../../model/report.ts'

/** Findings that a person sees without scrolling for the print. */
const WORST = 40
const EVIDENCE = 3

export interface Stake {
  readonly currency: string
  /** Decimal text. */
  readonly amount: string
  readonly basis: 'measured' | 'modelled'
}

export interface Figures {
  readonly findings: number
  /** Of them, those that the page lists. */
  readonly allowed: number
  /** Of those that are kept in the page. */
  readonly worst: readonly Finding[]
  /** Rule to channel to findings. */
  readonly heat: ReadonlyMap<string, ReadonlyMap<string, number>>
  /** New and open findings without a cause, by rule and the channel at fault. */
  readonly roots: readonly { readonly rule: string; readonly channel: string | null; readonly findings: number }[]
  /** Findings by rule. */
  readonly byRule: ReadonlyMap<string, number>
  /** Channel to the articles about which something is found that does not hold there. */
  readonly touched: ReadonlyMap<string, number>
  /** Cause to some of the findings that it explains. */
  readonly evidence: ReadonlyMap<string, readonly Finding[]>
  readonly stakes: readonly Stake[]
}

/** @param allows - Whether the page lists a finding; asked once for each, in order. */
export async function figuresOf(report: Report, allows: (finding: Finding) => boolean): Promise<Figures> {
  const causes = new Set(report.head.causes.map(({ id }) => id))
  const heat = new Map<string, Map<string, number>>()
  const byRule = new Map<string, number>()
  const roots = new Map<string, { rule: string; channel: string | null; findings: number }>()
  const touched = new Map<string, Set<number>>()
  const articles = new Map<string, number>()
  const evidence = new Map<string, Finding[]>()
  const stakes = new Stakes()
  const worst: Finding[] = []
  let findings = 0
  let allowed = 0
  for await (const finding of report.findings()) {
    findings++
    if (allows(finding)) allowed++
    const { rule, item, sides, explained_by: cause } = finding
    byRule.set(rule, (byRule.get(rule) ?? 0) + 1)
    const channels = new Set(sides.filter(({ authority }) => !authority).map(({ channel }) => channel))
    for (const channel of channels) {
      const row = heat.get(rule) ?? new Map<string, number>()
      heat.set(rule, row.set(channel, (row.get(channel) ?? 0) + 1))
      if (item === null || finding.severity === 'info') continue
      const article = articles.get(item.id) ?? articles.size
      articles.set(item.id, article)
      touched.set(channel, (touched.get(channel) ?? new Set<number>()).add(article))
    }
    if (cause !== null && causes.has(cause)) {
      const kept = evidence.get(cause) ?? []
      if (kept.length < EVIDENCE) evidence.set(cause, [...kept, finding])
    }
    if (cause === null && (finding.status === 'new' || finding.status === 'worse')) {
      const key = JSON.stringify([rule, finding.owner])
      const root = roots.get(key) ?? { rule, channel: finding.owner, findings: 0 }
      root.findings++
      roots.set(key, root)
    }
    if (cause === null && finding.status !== 'suppressed') {
      if (finding.impact !== null) stakes.add(finding.impact)
      if (worst.length < WORST) worst.push(finding)
    }
  }
  for (const { impact, status } of report.head.causes) {
    if (impact !== null && status !== 'suppressed') stakes.add(impact)
  }
  return {
    findings,
    allowed,
    worst,
    heat,
    roots: [...roots.values()],
    byRule,
    touched: new Map([...touched].map(([channel, items]) => [channel, items.size])),
    evidence,
    stakes: stakes.all(),
  }
}

/** Sums of money as integers of a millionth: exact, as the amounts are. */
class Stakes {
  readonly #sums = new Map<string, { readonly stake: Omit<Stake, 'amount'>; readonly sum: bigint }>()

  add({ amount, currency, basis }: Stake): void {
    const key = `${currency} ${basis}`
    const sum = (this.#sums.get(key)?.sum ?? 0n) + millionths(amount)
    this.#sums.set(key, { stake: { currency, basis }, sum })
  }

  all(): readonly Stake[] {
    return [...this.#sums.values()]
      .sort((a, b) => (a.sum > b.sum ? -1 : 1))
      .map(({ stake, sum }) => ({
        ...stake,
        amount: `${sum / 1_000_000n}.${String(sum % 1_000_000n).padStart(6, '0')}`,
      }))
  }
}

function millionths(amount: string): bigint {
  const [, sign = '', whole = '0', decimals = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? []
  const value = BigInt(whole) * 1_000_000n + BigInt(decimals.padEnd(6, '0').slice(0, 6))
  return sign === '-' ? -value : value
}
