/** What explains many findings at once: looked for among the failing articles, before findings are written. */
import { fingerprint } from '../base/hash.ts'
import type { Engine } from '../engine/engine.ts'
import { UNKNOWN_CURRENCY } from '../model/config.ts'
import { FAIL, TAX_SUSPECT, type World } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { CauseDraft } from './cause.ts'
import { repeatedFiles } from './cause-files.ts'
import type { Draft } from './draft.ts'
import type { VerdictColumn, Verdicts } from './evaluate.ts'
import type { FindingContext } from './finding.ts'
import { type SideRow, textOf } from './sides.ts'
import { authorityOf } from './world.ts'

/** Fewer cases are single errors, whatever their share. */
const MIN_SUPPORT = 20
const MIN_SHARE = 0.8

export const TAX_RULE = 'price/tax-basis-mismatch'

export async function findCauses(
  engine: Engine,
  verdicts: Verdicts,
  world: World,
  context: FindingContext,
  rules: readonly EffectiveRule[],
  agreed: number,
): Promise<readonly CauseDraft[]> {
  const found: CauseDraft[] = []
  found.push(...(await taxBasis(engine, verdicts, world)))
  found.push(...(await decimalShift(engine, verdicts, context)))
  found.push(...(await wrongCurrency(engine, verdicts, context)))
  found.push(...(await missingSlice(engine, verdicts, context, agreed)))
  found.push(...(await repeatedFiles(context, rules)))
  return found
}

function columnOf(verdicts: Verdicts, rule: string): VerdictColumn | null {
  return [...verdicts.groups, ...verdicts.rows].find(({ check }) => check.effective.rule.id === rule) ?? null
}

function numberParam({ check }: VerdictColumn, name: string, fallback: number): number {
  const value = check.effective.params[name]?.value
  return value?.type === 'integer' || value?.type === 'decimal' ? Number(value.value) : fallback
}

async function countFailing(engine: Engine, table: string, column: string, from: number): Promise<number> {
  const [row] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table} WHERE ${column} >= ${from}`)
  return Number(row?.n ?? 0)
}

interface PairRow {
  readonly [key: string]: string | number | boolean | null
  readonly low: number
  readonly high: number
  readonly rate: string
  readonly n: number
}

/** A channel whose prices are those of another without the tax: by vote over all articles both price. */
async function taxBasis(engine: Engine, verdicts: Verdicts, world: World): Promise<readonly CauseDraft[]> {
  const column = columnOf(verdicts, 'price/tax-basis-mismatch')
  if (column === null || world.taxRates.length === 0) return []
  const support = numberParam(column, 'min_support', MIN_SUPPORT)
  const least = numberParam(column, 'min_share', MIN_SHARE)
  if ((await countFailing(engine, 'verdict', column.column, TAX_SUSPECT)) < support) return []
  const rates = world.taxRates.map((rate) => `(${rate}::DECIMAL(9,6))`).join(', ')
  const likely = world.likelyTaxRates.map((rate) => `${rate}::DECIMAL(9,6)`).join(', ')
  const priced = `SELECT item, market, ch, min(x_regular) AS x FROM side_all WHERE x_regular > 0 GROUP BY item, market, ch HAVING min(x_regular) = max(x_regular)`
  const votes = await engine.rows<PairRow>(
    `WITH p AS (${priced}), hit AS (
       SELECT a.ch AS low, b.ch AS high, a.item, arg_min(r.rate, (abs(b.x * 100 - round(a.x * (100 + r.rate::DECIMAL(9,4)), 0)), r.rate NOT IN (${likely}), r.rate)) AS rate FROM p a JOIN p b ON a.item = b.item AND a.market = b.market AND a.ch <> b.ch AND a.x < b.x
       JOIN (VALUES ${rates}) r(rate) ON abs(b.x * 100 - round(a.x * (100 + r.rate::DECIMAL(9,4)), 0)) <= 1 GROUP BY 1, 2, 3)
     SELECT low, high, rate::VARCHAR AS rate, count(*) AS n FROM hit GROUP BY 1, 2, 3 ORDER BY 1, 2, 4 DESC, 3`,
  )
  const totals = await engine.rows<{ a: number; b: number; n: number }>(
    `WITH p AS (${priced}) SELECT a.ch AS a, b.ch AS b, count(*) AS n FROM p a JOIN p b ON a.item = b.item AND a.market = b.market AND a.ch < b.ch GROUP BY 1, 2`,
  )
  const totalOf = (a: number, b: number): number =>
    Number(totals.find((row) => (row.a === a && row.b === b) || (row.a === b && row.b === a))?.n ?? 0)
  const pairs = new Map<string, { low: number; high: number; n: number; best: PairRow; share: number }>()
  for (const vote of votes) {
    const key = `${vote.low} ${vote.high}`
    const known = pairs.get(key)
    // The rates of one country add up; of any other country, one alone has to be strong enough.
    const adds =
      known !== undefined &&
      [vote, known.best].every(({ rate }) => world.likelyTaxRates.some((one) => Number(one) === Number(rate)))
    const n = known === undefined ? Number(vote.n) : known.n + (adds ? Number(vote.n) : 0)
    pairs.set(key, {
      low: vote.low,
      high: vote.high,
      n,
      best: known?.best ?? vote,
      share: n / Math.max(1, totalOf(vote.low, vote.high)),
    })
  }
  const strong = [...pairs.values()].filter((pair) => pair.n >= support && pair.share >= least)
  const byFault = new Map<number, typeof strong>()
  for (const pair of strong) byFault.set(pair.low, [...(byFault.get(pair.low) ?? []), pair])
  return [...byFault].map(([fault, own]) => {
    const best = [...own].sort((a, b) => b.n - a.n)[0]
    const rate = `${Number(best?.best.rate ?? 0)}%`
    const channels = [fault, ...own.map((pair) => pair.high)]
    return {
      id: fingerprint('tax-basis', rate, ...channels.map((index) => world.channels[index]?.id ?? '')),
      kind: 'tax-basis' as const,
      rule: 'price/tax-basis-mismatch',
      channels,
      field: 'price.regular',
      detail: { rate },
      share: round(best?.share ?? 0),
      explains: (draft, rows) => PRICE_RULES.has(draft.effective.rule.id) && isNet(rows, fault, world.taxRates),
      findings: 0,
      severity: column.check.effective.severity === 'off' ? 'error' : column.check.effective.severity,
    }
  })
}

const PRICE_RULES = new Set(['price/tax-basis-mismatch', 'price/differs-across-channels', 'price/outlier'])

/** All other channels of the article ask the channel's price plus one tax rate. */
function isNet(rows: readonly SideRow[], fault: number, rates: readonly string[]): boolean {
  const own = prices(rows, (row) => row.ch === fault)
  const others = prices(rows, (row) => row.ch !== fault)
  if (own.length === 0 || others.length === 0) return false
  return own.every((net) =>
    rates.some((rate) =>
      others.every((gross) => Math.abs(gross - Math.round(net * (100 + Number(rate))) / 100) < 0.0105),
    ),
  )
}

function prices(rows: readonly SideRow[], which: (row: SideRow) => boolean): number[] {
  // Only for telling what explains a finding; amounts that are reported never pass through a float.
  return rows.flatMap((row) =>
    which(row) && row['x_regular'] !== null && row['x_regular'] !== undefined ? [Number(row['x_regular'])] : [],
  )
}

/** A channel whose prices are all ten, a hundred, a thousand times the others'. */
async function decimalShift(
  engine: Engine,
  verdicts: Verdicts,
  context: FindingContext,
): Promise<readonly CauseDraft[]> {
  const column = columnOf(verdicts, 'price/outlier')
  if (column === null || (await countFailing(engine, 'verdict', column.column, FAIL)) < MIN_SUPPORT) return []
  const priced = `SELECT item, market, ch, min(x_regular) AS x FROM side_all WHERE x_regular > 0 GROUP BY item, market, ch`
  const votes = await engine.rows<{ a: number; b: number; power: number; n: number; total: number }>(
    `WITH p AS (${priced}), q AS (SELECT a.ch AS a, b.ch AS b, b.x / a.x AS ratio FROM p a JOIN p b ON a.item = b.item AND a.market = b.market AND a.ch < b.ch)
     SELECT a, b, round(log10(ratio))::INTEGER AS power, count(*) FILTER (abs(ratio / pow(10, round(log10(ratio))) - 1) < 0.05) AS n,
       sum(count(*)) OVER (PARTITION BY a, b)::BIGINT AS total FROM q GROUP BY 1, 2, 3`,
  )
  const strong = votes.filter(
    ({ power, n, total }) => power !== 0 && Number(n) >= MIN_SUPPORT && Number(n) / Number(total) >= MIN_SHARE,
  )
  const authority = authorityOf(context.store, context.config, 'price', null)
  const named = new Map<number, number>()
  for (const { a, b } of strong) for (const index of [a, b]) named.set(index, (named.get(index) ?? 0) + 1)
  const faultOf = ({ a, b }: { a: number; b: number }): number => {
    if (a === authority) return b
    if (b === authority) return a
    return (named.get(a) ?? 0) > (named.get(b) ?? 0) ? a : b
  }
  const byFault = new Map<number, { factor: string; others: number[]; share: number }>()
  for (const vote of strong) {
    const fault = faultOf(vote)
    const power = fault === vote.b ? vote.power : -vote.power
    const known = byFault.get(fault)
    const others = [...(known?.others ?? []), fault === vote.b ? vote.a : vote.b]
    byFault.set(fault, { factor: factorText(power), others, share: Number(vote.n) / Number(vote.total) })
  }
  return [...byFault].map(([fault, { factor, others, share }]) => ({
    id: fingerprint('decimal-shift', factor, context.store.channels[fault]?.id ?? ''),
    kind: 'decimal-shift' as const,
    rule: 'price/outlier',
    channels: [fault, ...others],
    field: 'price.regular',
    detail: { factor },
    share: round(share),
    explains: (draft, rows) => PRICE_RULES.has(draft.effective.rule.id) && isShifted(rows, fault, Number(factor)),
    findings: 0,
    severity: column.check.effective.severity === 'off' ? 'error' : column.check.effective.severity,
  }))
}

function factorText(power: number): string {
  return power >= 0 ? String(10 ** power) : `0.${'0'.repeat(-power - 1)}1`
}

function isShifted(rows: readonly SideRow[], fault: number, factor: number): boolean {
  const own = prices(rows, (row) => row.ch === fault)
  const others = prices(rows, (row) => row.ch !== fault)
  return (
    own.length > 0 &&
    others.length > 0 &&
    own.every((price) => others.every((other) => Math.abs(price / other / factor - 1) < 0.05))
  )
}

/** A channel that labels nearly all its prices with another currency than its market's. */
async function wrongCurrency(
  engine: Engine,
  verdicts: Verdicts,
  context: FindingContext,
): Promise<readonly CauseDraft[]> {
  const column = columnOf(verdicts, 'price/currency-mismatch')
  if (column === null || (await countFailing(engine, 'row_verdict', column.column, FAIL)) < MIN_SUPPORT) return []
  const rows = await engine.rows<{ ch: number; currency: string; n: number; total: number }>(
    `SELECT ch, currency, count(*) AS n, sum(count(*)) OVER (PARTITION BY ch)::BIGINT AS total FROM side_all WHERE "price.regular" IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2`,
  )
  return rows.flatMap(({ ch, currency, n, total }) => {
    const channel = context.store.channels[ch]
    if (
      channel === undefined ||
      channel.currency === UNKNOWN_CURRENCY ||
      currency === channel.currency ||
      Number(n) < MIN_SUPPORT ||
      Number(n) / Number(total) < MIN_SHARE
    )
      return []
    const others = context.store.channels.flatMap((_, index) => (index === ch ? [] : [index]))
    return [
      {
        id: fingerprint('currency', currency, channel.id),
        kind: 'currency' as const,
        rule: 'price/currency-mismatch',
        channels: [ch, ...others],
        field: 'price.currency',
        detail: { from: currency, to: channel.currency },
        share: round(Number(n) / Number(total)),
        explains: (draft: Draft, own: readonly SideRow[]) =>
          (draft.effective.rule.id === 'price/currency-mismatch' || PRICE_RULES.has(draft.effective.rule.id)) &&
          own.some((row) => row.ch === ch && textOf(row['currency']) === currency),
        findings: 0,
        severity: column.check.effective.severity === 'off' ? ('error' as const) : column.check.effective.severity,
      },
    ]
  })
}

/** A whole category or brand that a channel lacks. */
async function missingSlice(
  engine: Engine,
  verdicts: Verdicts,
  context: FindingContext,
  agreed: number,
): Promise<readonly CauseDraft[]> {
  const column = columnOf(verdicts, 'catalog/missing-in-channel')
  if (column === null || (await countFailing(engine, 'verdict', column.column, FAIL)) < MIN_SUPPORT) return []
  const authority = authorityOf(context.store, context.config, 'catalog', null)
  const found: CauseDraft[] = []
  const channels = context.store.channels.flatMap((channel, index) =>
    channel.assortment?.kind === 'full' && channel.kind !== 'erp' ? [index] : [],
  )
  for (const by of ['category', 'brand'] as const) {
    if (!context.store.fields.has(by)) continue
    const master = authority === null ? 'TRUE' : `ch = ${authority}`
    const lacking = channels.map(
      (index) => `count(DISTINCT s.item) FILTER (((v.channels >> ${index}) & 1) = 0) AS m${index}`,
    )
    const missing = await engine.rows(
      `SELECT s.${by} AS value, ${lacking.join(', ')} FROM side s JOIN (SELECT item, channels FROM verdict WHERE ${column.column} >= ${FAIL}) v ON v.item = s.item
       WHERE s.${by} IS NOT NULL AND ${master} GROUP BY 1 HAVING count(DISTINCT s.item) >= ${MIN_SUPPORT} ORDER BY 1`,
    )
    if (missing.length === 0) continue
    const expected = (sides: string, verdict: string) =>
      engine.rows<{ value: string; n: number }>(
        `SELECT s.${by} AS value, count(DISTINCT s.item) AS n FROM ${sides} s JOIN (SELECT item FROM ${verdict} WHERE ${column.column} <> 0) v ON v.item = s.item
         WHERE s.${by} IS NOT NULL AND ${master} GROUP BY 1`,
      )
    const totals = new Map<string, number>()
    const add = (rows: readonly { value: string; n: number }[]): void => {
      for (const { value, n } of rows) totals.set(value, (totals.get(value) ?? 0) + Number(n))
    }
    const lacks = missing.flatMap((row) =>
      channels.map((channel) => ({ value: String(row['value']), channel, count: Number(row[`m${channel}`]) })),
    )
    const shareOf = ({ value, count }: (typeof lacks)[number]): number =>
      Math.min(1, count / Math.max(1, totals.get(value) ?? count))
    const isWhole = (one: (typeof lacks)[number]): boolean => one.count >= MIN_SUPPORT && shareOf(one) >= 0.95
    add(await expected('side', 'verdict'))
    // Articles that no check fails on only lower the share: they are counted where it is high enough without them.
    if (agreed > 0 && lacks.some(isWhole)) add(await expected('side_all', 'agreed'))
    for (const one of lacks.filter(isWhole)) {
      if (found.some((cause) => cause.channels[0] === one.channel && cause.detail['by'] === 'category')) continue
      found.push(slice(by, one.value, one.channel, shareOf(one), column, context, authority))
    }
  }
  return found
}

function slice(
  by: 'category' | 'brand',
  value: string,
  channel: number,
  share: number,
  column: VerdictColumn,
  context: FindingContext,
  authority: number | null,
): CauseDraft {
  const others =
    authority === null || authority === channel
      ? context.store.channels.flatMap((_, index) => (index === channel ? [] : [index]))
      : [authority]
  return {
    id: fingerprint('missing-slice', by, value, context.store.channels[channel]?.id ?? ''),
    kind: 'missing-slice',
    rule: 'catalog/missing-in-channel',
    channels: [channel, ...others],
    field: null,
    detail: { by, value },
    share: round(share),
    explains: (draft, rows) =>
      draft.effective.rule.id === 'catalog/missing-in-channel' &&
      !rows.some((row) => row.ch === channel) &&
      rows.some((row) => row.ch !== channel && textOf(row[by]) === value),
    findings: 0,
    severity: column.check.effective.severity === 'off' ? 'warning' : column.check.effective.severity,
  }
}

function round(share: number): number {
  return Math.round(share * 10_000) / 10_000
}

/** The one gap of an article's prices is no rate of a country that the audit is likely about. */
export function isForeignGap(rows: readonly SideRow[], { likelyTaxRates, taxRates }: World): boolean {
  if (likelyTaxRates.length === taxRates.length) return false
  const all = prices(rows, () => true)
  const low = Math.min(...all)
  const high = Math.max(...all)
  return !likelyTaxRates.some((rate) => Math.abs(high - Math.round(low * (100 + Number(rate))) / 100) < 0.0105)
}
