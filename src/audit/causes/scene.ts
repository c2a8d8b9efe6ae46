/** What detectors may ask: which rules have findings, and tables that several of them read, made when first asked for. */
import type { Engine } from '../../engine/engine.ts'
import type { Store } from '../../ingest/tables.ts'
import type { Config } from '../../model/config.ts'
import type { Domain, World } from '../../rules/check.ts'
import type { EffectiveRule } from '../../rules/packs.ts'
import { MAX_WIDE } from '../boards.ts'
import type { Draft } from '../draft.ts'
import type { VerdictColumn, Verdicts } from '../evaluate.ts'
import type { Failures } from '../failing.ts'
import type { FindingContext } from '../finding.ts'
import { perChannel } from '../side-view.ts'
import { authorityOf } from '../world.ts'
import { MIN_SHARE } from './thresholds.ts'

export interface SceneInput {
  readonly verdicts: Verdicts
  readonly failures: Failures
  readonly world: World
  readonly context: FindingContext
  readonly rules: readonly EffectiveRule[]
  /** Articles that all channels list alike. */
  readonly agreed: number
  /** Findings that were not made by scanning articles. */
  readonly drafts: readonly Draft[]
}

export class Scene {
  readonly engine: Engine
  readonly store: Store
  readonly config: Config
  readonly world: World
  readonly verdicts: Verdicts
  readonly context: FindingContext
  readonly agreed: number
  readonly drafts: readonly Draft[]
  readonly #rules: readonly EffectiveRule[]
  /** Channels that a cause about prices already names. */
  readonly #blamed = new Set<number>()
  /** Parts of the range that a cause says a channel lacks: SQL conditions over its master's `side`, as `s`. */
  readonly slices: { readonly channel: number; readonly condition: string }[] = []
  readonly #failures: Failures
  /** Rule to the findings that were not made by scanning articles. */
  readonly #beside = new Map<string, Set<string>>()
  #pairs: Promise<PairCounts> | null = null
  #agreedPriced: Promise<number> | null = null
  readonly #few = new Set<string>()

  constructor({ verdicts, failures, world, context, rules, agreed, drafts }: SceneInput) {
    this.engine = context.engine
    this.store = context.store
    this.config = context.config
    this.world = world
    this.verdicts = verdicts
    this.#failures = failures
    this.context = context
    this.agreed = agreed
    this.drafts = drafts
    this.#rules = rules
    for (const { effective, id } of drafts) {
      const own = this.#beside.get(effective.rule.id) ?? new Set<string>()
      this.#beside.set(effective.rule.id, own.add(id))
    }
  }

  rule(id: string): EffectiveRule | null {
    return this.#rules.find(({ rule, severity }) => rule.id === id && severity !== 'off') ?? null
  }

  numberParam(rule: string, name: string, fallback: number): number {
    const value = this.rule(rule)?.params[name]?.value
    return value?.type === 'integer' || value?.type === 'decimal' ? Number(value.value) : fallback
  }

  /** Columns of outcomes of a rule, with the table that they stand in. */
  columns(rule: string): readonly (VerdictColumn & { readonly table: 'verdict' | 'row_verdict' })[] {
    const own = ({ check }: VerdictColumn): boolean => check.effective.rule.id === rule
    return [
      ...this.verdicts.groups.filter(own).map((one) => ({ ...one, table: 'verdict' as const })),
      ...this.verdicts.rows.filter(own).map((one) => ({ ...one, table: 'row_verdict' as const })),
    ]
  }

  /** How many findings a rule has, suspected ones included. */
  failing(rule: string): number {
    const own = this.#beside.get(rule)?.size ?? 0
    return this.columns(rule).reduce((sum, { column }) => sum + (this.#failures.counts.get(column) ?? 0), own)
  }

  authority(domain: Domain): number | null {
    return authorityOf(this.store, this.config, domain, null)
  }

  channelId(index: number): string {
    return this.store.channels[index]?.id ?? ''
  }

  /** Smallest amount of a channel's currency. */
  unit(channel: number): number {
    return 10 ** -this.context.minorUnits(this.store.channels[channel]?.currency ?? '')
  }

  blame(channel: number): void {
    this.#blamed.add(channel)
  }

  isBlamed(channel: number): boolean {
    return this.#blamed.has(channel)
  }

  /**
   * Fills `cause_pair` (item, a, b, x, y, unit): the prices of two channels of a market, `a` before `b`, for every open
   * article that both price in the same currency, or one of them in none that it states. With many channels each is compared with one only.
   */
  pairs(): Promise<PairCounts> {
    this.#pairs ??= this.#makePairs()
    return this.#pairs
  }

  async #makePairs(): Promise<PairCounts> {
    const { engine, store } = this
    await engine.run(
      `CREATE TABLE cause_price AS SELECT item, market, ch, min(currency) AS currency, min(x_regular) AS x FROM side
       WHERE x_regular > 0 GROUP BY item, market, ch HAVING min(x_regular) = max(x_regular)`,
    )
    const unit = perChannel(store.channels, (_, index) => `${this.unit(index)}::DOUBLE`).replaceAll(
      'CASE ch',
      'CASE a.ch',
    )
    const hub = await this.#hub()
    await engine.run(
      `CREATE TABLE cause_pair AS SELECT a.item AS item, a.ch AS a, b.ch AS b, a.x::DOUBLE AS x, b.x::DOUBLE AS y, ${unit} AS unit
       FROM cause_price a JOIN cause_price b ON a.item = b.item AND a.market = b.market AND a.ch < b.ch AND coalesce(a.currency = b.currency, TRUE)${
         hub === null ? '' : ` AND (a.ch = ${hub} OR b.ch = ${hub})`
       }`,
    )
    const rows = await engine.rows<PairCount>('SELECT a, b, count(*) AS n FROM cause_pair GROUP BY a, b ORDER BY a, b')
    return rows.map(({ a, b, n }) => ({ a: Number(a), b: Number(b), n: Number(n) }))
  }

  /** The channel that the others are compared with, where there are too many for all pairs. */
  async #hub(): Promise<number | null> {
    if (this.store.channels.length <= MAX_WIDE) return null
    const authority = this.authority('price')
    if (authority !== null) return authority
    const [most] = await this.engine.rows<{ ch: number }>(
      'SELECT ch, count(*) AS n FROM cause_price GROUP BY ch ORDER BY n DESC, ch LIMIT 1',
    )
    return Number(most?.ch ?? 0)
  }

  /** Of all articles that two channels price, those that say the same of the pair; less than `least` of the open ones is 0. */
  async pairShare(a: number, b: number, n: number, least = MIN_SHARE): Promise<number> {
    const open = (await this.pairs()).find((pair) => pair.a === Math.min(a, b) && pair.b === Math.max(a, b))?.n ?? 0
    if (open === 0 || n / open < least) return 0
    return n / (open + (await this.agreedPriced()))
  }

  /** Articles with a price among those that all channels list alike. */
  agreedPriced(): Promise<number> {
    this.#agreedPriced ??= this.#countAgreedPriced()
    return this.#agreedPriced
  }

  async #countAgreedPriced(): Promise<number> {
    return this.agreed === 0 ? 0 : this.countAgreed('x_regular > 0')
  }

  /**
   * A table (item, src, ord, sku) of some listings of a channel, of articles that all channels list alike and that a check of
   * `column` is about: about one record in `step`.
   */
  async fewAgreed(column: string, channel: number, step: number): Promise<string> {
    // A power of two, so that channels that lack about as much share a table.
    const every = 2 ** Math.min(8, Math.max(4, Math.floor(Math.log2(Math.max(1, step)))))
    const name = `cause_few_${column}_${channel}_${every}`
    if (this.#few.has(name)) return name
    this.#few.add(name)
    // The engine has to know that they are few: else it makes a hash table of all that agree.
    await this.engine.run(
      `CREATE OR REPLACE TEMP TABLE cause_few AS SELECT item, src, ord, sku FROM side_all WHERE ch = ${channel} AND ord % ${every} = 0 AND sku IS NOT NULL`,
    )
    await this.engine.run(
      `CREATE OR REPLACE TEMP TABLE ${name} AS SELECT f.* FROM agreed a JOIN cause_few f ON f.item = a.item WHERE a.${column} <> 0`,
    )
    return name
  }

  /** Articles among those that all channels list alike whose listing is such; 0 without asking where there are none. */
  async countAgreed(condition: string): Promise<number> {
    if (this.agreed === 0) return 0
    const [row] = await this.engine.rows<{ n: number }>(
      `SELECT count(DISTINCT item) AS n FROM side_all WHERE item IN (SELECT item FROM agreed) AND (${condition})`,
    )
    return Number(row?.n ?? 0)
  }
}

export interface PairCount {
  readonly [key: string]: string | number | boolean | null
  readonly a: number
  readonly b: number
  readonly n: number
}

export type PairCounts = readonly PairCount[]
