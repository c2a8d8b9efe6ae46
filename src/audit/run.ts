/** Checks what was pulled: from linked listings to findings with their causes. */

import { groupBy } from '../base/group.ts'
import type { Engine } from '../engine/engine.ts'
import { link } from '../identity/link.ts'
import { createLostKeys } from '../ingest/lost-keys.ts'
import type { Store } from '../ingest/tables.ts'
import type { Progress } from '../model/audit-run.ts'
import type { Config } from '../model/config.ts'
import type { Cause, Coverage, ReportChannel, Totals } from '../model/report.ts'
import { nameOf } from '../model/table-file.ts'
import { FAIL, PASS, TAX_SUSPECT, unknown, type World } from '../rules/check.ts'
import { isInputTable } from '../rules/input-fields.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import { currencies } from '../rules/reference-data.ts'
import { isStockTable } from '../rules/stock-tables.ts'
import { type Agreed, settleAgreed } from './agreed.ts'
import { readAssortments } from './assortment.ts'
import { childrenOf } from './broken-parents.ts'
import { Caps } from './caps.ts'
import type { CauseDraft } from './causes/detector.ts'
import { findCauses, isForeignGap, TAX_RULE } from './causes.ts'
import { compilePlan } from './compile.ts'
import type { Draft, FindingSink } from './draft.ts'
import { evaluate, Tally, tally, type VerdictColumn } from './evaluate.ts'
import { addCauses, explainByCause, toCauses } from './explained.ts'
import { judgeFacts, wantFactPlaces } from './fact-rules.ts'
import { collectFailing, type Failures, failingArticles, Outcomes } from './failing.ts'
import { type FindingContext, setMasks, toFinding } from './finding.ts'
import { FindingStore } from './finding-store.ts'
import { ArticleFindings } from './findings.ts'
import { createHistoryNow, isHistory, judgeHistory } from './history-rules.ts'
import { Impacts } from './impact.ts'
import { InputRows } from './input-rows.ts'
import { judgeInputs } from './input-rules.ts'
import { isKeyed, judgeKeyed } from './keyed.ts'
import { createLedgerViews } from './ledger.ts'
import type { LedgerEntry } from './ledger-folder.ts'
import { brokenPromotionItems, judgePromotions, readPromotions } from './promotion-rules.ts'
import { settleSeverity } from './severity.ts'
import { createSideViews, sideLayers } from './side-view.ts'
import { Places, type SideRow } from './sides.ts'
import type { Silences } from './silences.ts'
import { explainBySource, sourceMasks } from './source-masks.ts'
import { judgeSources } from './source-rules.ts'
import { isQuery, judgeQuery } from './sql-rules.ts'
import { judgeStockRows } from './stock-rows.ts'
import { judgeStockTable } from './stock-table-rules.ts'
import { unsureOf } from './unsure.ts'
import { worldOf } from './world.ts'

export interface Checked {
  readonly findings: FindingStore
  readonly causes: readonly Cause[]
  readonly coverage: readonly Coverage[]
  readonly totals: Totals
  readonly channels: readonly ReportChannel[]
  /** Of findings that were not found again, by rule, those that are unknown now. */
  readonly unsure: (ids: ReadonlyMap<string, ReadonlySet<string>>) => Promise<ReadonlySet<string>>
}

export interface CheckOptions {
  readonly engine: Engine
  readonly store: Store
  readonly config: Config
  readonly rules: readonly EffectiveRule[]
  readonly asOf: string
  readonly progress: Progress
  readonly signal: AbortSignal
  /** What earlier audits saw, oldest first; nothing without a ledger. */
  readonly history?: readonly LedgerEntry[]
  readonly silences?: Silences
  readonly sink?: FindingSink | undefined
  /** Called when articles are linked: from then on the engine is not always busy, and may do something else beside. */
  readonly settled?: () => void
}

/** Drafts that are not found by scanning articles, and the articles they touch. */
interface Beside {
  readonly attached: Map<string, Draft[]>
  readonly free: Draft[]
  readonly tallies: Map<string, Tally>
}

export async function check(options: CheckOptions): Promise<Checked> {
  const { engine, store, config, asOf, progress } = options
  const minorUnits = (currency: string): number => currencies().get(currency) ?? 2
  const world = worldOf(store, config, asOf)
  const assortments = await readAssortments(engine, config)
  await createLostKeys(engine, store.lost)
  const active = options.rules.filter(({ severity }) => severity !== 'off')
  const plan = compilePlan(active, world)
  await createLedgerViews(engine, options.history ?? [], { channels: store.channels.map(({ id }) => id), asOf })
  const layers = sideLayers(store, asOf, minorUnits)
  progress({ stage: 'link' })
  const agreed = await settleAgreed(engine, store, config, plan, layers)
  options.signal.throwIfAborted()
  await link(engine, store, config)
  await createSideViews(engine, store, layers)
  options.settled?.()
  progress({ stage: 'check' })
  options.signal.throwIfAborted()
  const verdicts = await evaluate(engine, plan, store.channels.length)
  options.signal.throwIfAborted()
  const places = new Places(store)
  const beside: Beside = { attached: new Map(), free: [], tallies: new Map() }
  const promotionChannels = [
    ...new Set(
      store.sources
        .filter(({ fields }) => [...fields].some((field) => field.startsWith('promotion.')))
        .map(({ channel }) => channel),
    ),
  ]
  const context: FindingContext = {
    engine,
    store,
    config,
    places,
    minorUnits,
    attached: beside.attached,
    asOf,
    assortments,
    promotionChannels,
    brokenPromotions: store.hasPromotions ? await brokenPromotionItems(engine, store.lost) : [],
    taxRates: world.taxRates,
    active,
    sink: options.sink,
  }
  const tallies = await tally(engine, verdicts, agreed.tallies)
  await judgeBeside(plan.others, plan.stockRows, context, world, beside, agreed)
  const failures = await collectFailing(engine, verdicts, beside.attached.keys())
  await wantFailing(engine, context)
  await places.resolve()
  const drafts = [...beside.free, ...[...beside.attached.values()].flat()]
  const { silences = null } = options
  const found = await findCauses({ verdicts, failures, world, context, rules: active, agreed: agreed.articles, drafts })
  const causes = found.filter(({ id, rule, channels }) => {
    const names = channels.map((index) => config.channels[index]?.id ?? '')
    return silences?.denies({ id, rule, channels: names }) !== true
  })
  const findings = await FindingStore.create(engine)
  const impacts = await Impacts.read(context)
  const { signal } = options
  await writeFindings({ failures, context, world, causes, beside, findings, tallies, impacts, silences, signal })
  for (const [rule, one] of beside.tallies) tallies.set(rule, tallies.get(rule)?.plus(one) ?? one)
  for (const { rule } of active) {
    const own = tallies.get(rule.id) ?? emptyTally()
    // What a channel that could not be read would have said, each rule lacks.
    if (store.failed.size > 0) own.add(unknown('no_input'), store.failed.size)
    tallies.set(rule.id, own)
  }
  const coverage = [...tallies].map(([rule, one]) => one.coverage(rule)).sort((a, b) => (a.rule < b.rule ? -1 : 1))
  const done = toCauses(causes, config, impacts).map((cause) => ({
    ...cause,
    status: silences?.judgeCause(cause).status ?? 'new',
  }))
  return {
    findings,
    causes: done,
    coverage,
    totals: addCauses(await findings.totals(), done),
    channels: await channelsOf(options, agreed),
    unsure: (ids) => unsureOf(ids, { verdicts, tallies, context, world, free: beside.free }),
  }
}

function emptyTally(): Tally {
  const none = new Tally()
  none.add(unknown('no_input'), 1)
  return none
}

async function judgeBeside(
  others: readonly EffectiveRule[],
  stockRows: readonly EffectiveRule[],
  context: FindingContext,
  world: ReturnType<typeof worldOf>,
  beside: Beside,
  agreed: Agreed,
): Promise<void> {
  const inputs = new InputRows(context)
  const promotions = await readPromotions(context, others)
  for (const { rows } of promotions.list) for (const row of rows) context.places.want(row.src, row.ord)
  for (const { src, ord } of promotions.looseDates) context.places.want(src, ord)
  for (const effective of others) wantFactPlaces(effective, context)
  for (const effective of stockRows) {
    const outcome = await judgeStockRows(effective, context, world)
    for (const { src, ord } of outcome.places) context.places.want(src, ord)
  }
  for (const effective of others.filter(isKeyed)) {
    const outcome = await judgeKeyed(effective, context, world, agreed)
    beside.tallies.set(effective.rule.id, outcome.tally)
    for (const { draft, items, places } of outcome.findings) {
      for (const [source, ordinal] of places) context.places.want(source, ordinal)
      attach(beside, draft, items)
      if (items.length === 0 && settleSeverity(draft, [], context.store)) beside.free.push(draft)
    }
  }
  for (const effective of others.filter(isQuery)) {
    const outcome = await judgeQuery(effective, context)
    beside.tallies.set(effective.rule.id, outcome.tally)
    for (const { draft, item } of outcome.findings) {
      if (item !== null) attach(beside, draft, [item])
      else if (settleSeverity(draft, [], context.store)) beside.free.push(draft)
    }
  }
  const looking = others.filter(isHistory)
  if (looking.length > 0) await createHistoryNow(context)
  for (const effective of looking) {
    const outcome = await judgeHistory(effective, context, world)
    beside.tallies.set(effective.rule.id, outcome.tally)
    for (const [source, ordinal] of outcome.places) context.places.want(source, ordinal)
    for (const { draft, item } of outcome.findings) {
      if (item === null) beside.free.push(draft)
      else attach(beside, draft, [item])
    }
  }
  for (const effective of others.filter(({ rule }) => isStockTable(rule.on))) {
    const outcome = await judgeStockTable(effective, context, world, agreed)
    beside.tallies.set(effective.rule.id, outcome.tally)
    for (const { draft, item } of outcome.findings) {
      if (item !== null) attach(beside, draft, [item])
      else if (settleSeverity(draft, [], context.store)) beside.free.push(draft)
    }
  }
  // Sides of these hold their places, so the lines have to be known first.
  await context.places.resolve()
  for (const effective of stockRows) {
    const outcome = await judgeStockRows(effective, context, world)
    beside.tallies.set(effective.rule.id, outcome.tally)
    for (const { draft, item } of outcome.findings) attach(beside, draft, [item])
  }
  for (const effective of others) {
    const { on } = effective.rule
    if (isKeyed(effective) || on === 'history' || isQuery(effective) || isStockTable(on)) continue
    const outcome =
      on === 'source'
        ? await judgeSources(effective, context)
        : isInputTable(on)
          ? await judgeInputs(effective, inputs, context, world)
          : on === 'promotion'
            ? judgePromotions(effective, promotions, context)
            : judgeFacts(effective, context)
    beside.tallies.set(effective.rule.id, outcome.tally)
    const drafts = outcome.drafts.filter((draft) => settleSeverity(draft, [], context.store))
    const children = on === 'reference_row' ? await childrenOf(drafts, context) : null
    for (const draft of drafts) {
      const items = children?.get(draft) ?? []
      if (items.length === 0) beside.free.push(draft)
      else attach(beside, draft, items)
    }
  }
  // Findings without an article explain each other when they are about the same thing.
  for (const group of groupBy(beside.free, ({ keys }) => keys[0] ?? '').values()) setMasks(group)
}

function attach(beside: Beside, draft: Draft, items: readonly string[]): void {
  for (const item of items) beside.attached.set(item, [...(beside.attached.get(item) ?? []), draft])
}

async function wantFailing(engine: Engine, context: FindingContext): Promise<void> {
  const rows = engine.views<SideRow>(
    `SELECT src, ord, "src:price", "ord:price", "src:stock", "ord:stock" FROM side WHERE item IN (SELECT item FROM failing)`,
  )
  for await (const batch of rows) {
    for (const row of batch) {
      context.places.want(row.src, row.ord)
      for (const entity of ['price', 'stock']) {
        const source = row[`src:${entity}`]
        const ordinal = row[`ord:${entity}`]
        if (typeof source === 'number' && typeof ordinal === 'number') context.places.want(source, ordinal)
      }
    }
  }
}

interface WriteOptions {
  readonly failures: Failures
  readonly context: FindingContext
  readonly world: World
  readonly causes: readonly CauseDraft[]
  readonly beside: Beside
  readonly findings: FindingStore
  readonly tallies: Map<string, Tally>
  readonly impacts: Impacts
  readonly silences: Silences | null
  readonly signal: AbortSignal
}

async function writeFindings({
  failures,
  context,
  world,
  causes,
  beside,
  findings,
  tallies,
  impacts,
  silences,
  signal,
}: WriteOptions): Promise<void> {
  const outcomes = new Outcomes(failures)
  const articles = new ArticleFindings(failures, outcomes, context)
  const caps = new Caps(context)
  for (const draft of beside.free) caps.settle(draft)
  const masks = sourceMasks(beside.free, context, causes, silences)
  const taxCauses = causes.filter((cause) => cause.kind === 'tax-basis')
  const written = new Set<string>()
  const met = new Set<string>()
  const { sink } = context
  const add = (draft: Draft, rows: readonly SideRow[]): Promise<void> | null => {
    const finding = toFinding(draft, context.config, silences?.judge(draft, rows))
    const stored = findings.add(finding)
    if (sink === undefined) return stored
    return Promise.resolve(stored).then(() => sink.add(draft, rows, finding, context.places))
  }
  for await (const batch of failingArticles(failures, context)) {
    signal.throwIfAborted()
    for (const rows of batch) {
      const first = rows[0]
      const isAttached = beside.attached.has(String(first?.item))
      if (isAttached) met.add(String(first?.item))
      const suspects = outcomes.ofArticle(first).flatMap((one) => (one.outcome === TAX_SUSPECT ? [one.column] : []))
      const net = suspects.length > 0 && taxCauses.some((cause) => cause.explains(probe(suspects[0]), rows))
      const foreign = !net && suspects.length > 0 && isForeignGap(rows, world)
      for (const { check } of suspects) {
        if (!net && !foreign) continue
        const { id } = check.effective.rule
        tallies.get(id)?.add(TAX_SUSPECT, -1)
        tallies.get(id)?.add(net || id !== TAX_RULE ? FAIL : PASS, 1)
      }
      const drafts = articles.of(rows, (rule) => net || (foreign && rule !== TAX_RULE))
      for (const draft of drafts) caps.settle(draft)
      silences?.unmask(drafts, rows)
      for (const draft of drafts) explainByCause(draft, drafts, rows, causes)
      for (const draft of drafts) explainBySource(draft, drafts, masks)
      impacts.weigh(drafts, rows, causes)
      for (const draft of drafts) {
        if (written.has(draft.id)) continue
        if (isAttached) written.add(draft.id)
        // Waiting for nothing takes longer than most of what is done here.
        const stored = add(draft, rows)
        if (stored !== null) await stored
      }
    }
  }
  // Where all channels list an article alike, nothing else is wrong with it, and it is not among those that failed.
  const alone = [...beside.attached].flatMap(([item, drafts]) => (met.has(item) ? [] : drafts))
  const left = [...new Set(alone.filter(({ id }) => !written.has(id)))]
  for (const draft of left) caps.settle(draft)
  beside.free.push(...left)
  silences?.unmask(beside.free, [])
  for (const draft of beside.free) explainByCause(draft, beside.free, [], causes)
  for (const draft of beside.free) explainBySource(draft, beside.free, masks)
  for (const draft of beside.free) await add(draft, [])
  await findings.finish()
}

function probe(column: VerdictColumn | undefined): Draft {
  // A cause looks only at the rule of the draft and at the rows.
  return { effective: column?.check.effective } as Draft
}

async function channelsOf({ engine, store }: CheckOptions, agreed: Agreed): Promise<readonly ReportChannel[]> {
  // An article of several markets has a verdict in each.
  const isOne = new Set(store.channels.map(({ market }) => market)).size === 1
  const articles = isOne ? 'verdict' : '(SELECT item, bit_or(channels) AS channels FROM verdict GROUP BY item)'
  const rows = await engine.rows<{ ch: number; listings: number; linked: number }>(
    `SELECT s.ch AS ch, count(*) AS listings, count(*) FILTER (bit_count(v.channels) > 1) AS linked FROM linked s JOIN ${articles} v ON v.item = s.item GROUP BY 1`,
  )
  return store.channels.map((channel, index) => {
    const counts = rows.find((row) => row.ch === index)
    const sources = store.sources.filter((source) => source.channel === index)
    return {
      id: channel.id,
      kind: channel.kind,
      platform: sources[0]?.platform ?? channel.sources[0]?.platform ?? '',
      listings: (counts?.listings ?? 0) + (agreed.channels.includes(index) ? agreed.articles : 0),
      linked: (counts?.linked ?? 0) + (agreed.channels.includes(index) ? agreed.articles : 0),
      sources: sources.map((source) => ({
        path: nameOf(source.file),
        kind: source.kind,
        rows: source.file.records,
        quarantined: source.file.quarantined.length,
        sha256: source.file.sha256,
        data_as_of: source.dataAsOf,
        understood: source.understood,
      })),
    }
  })
}
