/** Rules about the age of sources: how old data are at the moment of the audit, and how far apart in time. */
import { durationText } from '../base/clock.ts'
import { groupBy } from '../base/group.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import type { Source } from '../ingest/tables.ts'
import { type Domain, FAIL, NOT_APPLICABLE, PASS, unknown } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Draft } from './draft.ts'
import { Tally } from './evaluate.ts'
import type { FactOutcome } from './fact-rules.ts'
import type { FindingContext } from './finding.ts'
import { configOf, DOMAINS, domainsOf, fileSide, sourceDraft, sourceGroups } from './source-facts.ts'
import { durationOf, type Params, paramsFor } from './source-scope.ts'

const MINUTE = 60_000

/** A file's time stamp says when it was copied: only a time that the configuration or the content states counts. */
export function judgeAge(effective: EffectiveRule, context: FindingContext): FactOutcome {
  const { store } = context
  const tally = new Tally()
  const drafts: Draft[] = []
  for (const group of sourceGroups(store)) {
    const channel = store.channels[group[0]?.channel ?? 0]
    if (channel === undefined) continue
    const params = paramsFor(effective, group, store)
    const known = group.filter(({ dataAsOfKnown }) => dataAsOfKnown)
    const judged = known.flatMap((source) => ageOf(source, params, context) ?? [])
    const worst = judged.toSorted((a, b) => CODES.indexOf(a.code) - CODES.indexOf(b.code) || b.age - a.age)[0]
    if (worst === undefined) {
      tally.add(known.length < group.length ? unknown('no_input') : PASS, 1)
      continue
    }
    tally.add(FAIL, 1)
    const same = judged.filter(({ code }) => code === worst.code)
    const finding = {
      code: worst.code,
      market: null,
      owner: channel.id,
      keys: [channel.id, group[0]?.kind ?? ''],
      sides: same.map(({ source }) => fileSide(store, source, 'data_as_of', source.dataAsOf)),
      expected: null,
      words: {
        path: [...new Set(same.map(({ source }) => source.file.path))].join(', '),
        value: spanText(worst.age),
        expected: durationText(worst.limit),
        field: worst.field,
      },
    }
    drafts.push(...sourceDraft(finding, effective))
  }
  return { drafts, tally }
}

const AGE_RULE = 'feed/stale-source'

/**
 * Files whose data are too old to be compared, by kind of data, as the rule about their age has it in this run; without
 * that rule none are.
 */
export function staleSources(context: FindingContext): ReadonlyMap<Domain, readonly Source[]> {
  const effective = context.active.find(({ rule }) => rule.id === AGE_RULE)
  if (effective === undefined) return new Map()
  const known = context.store.sources.filter(({ dataAsOfKnown }) => dataAsOfKnown)
  const stale = new Map<Domain, Source[]>()
  for (const source of known) {
    const params = paramsFor(effective, [source], context.store)
    const age = Date.parse(context.asOf) - Date.parse(source.dataAsOf)
    const declared = configOf(context.store, source)?.maxAgeMs ?? null
    const limitOf = (domain: Domain): number | null => declared ?? durationOf(params, `${domain}_error`)
    for (const domain of domainsOf(source)) {
      if (age > (limitOf(domain) ?? Infinity)) stale.set(domain, [...(stale.get(domain) ?? []), source])
    }
  }
  return stale
}

/** From the gravest. */
const CODES = ['future', 'too_old', 'old'] as const

interface Age {
  readonly source: Source
  readonly code: (typeof CODES)[number]
  /** Milliseconds; into the future for `future`. */
  readonly age: number
  readonly limit: number
  /** The kind of data that is too old. */
  readonly field: string
}

function ageOf(source: Source, params: Params, { store, asOf }: FindingContext): Age | null {
  const age = Date.parse(asOf) - Date.parse(source.dataAsOf)
  const [first = 'catalog'] = domainsOf(source)
  const ahead = durationOf(params, 'ahead') ?? 0
  if (-age > ahead) return { source, code: 'future', age: -age, limit: ahead, field: first }
  const declared = configOf(store, source)?.maxAgeMs ?? null
  if (declared !== null) return age > declared ? { source, code: 'too_old', age, limit: declared, field: first } : null
  for (const code of ['too_old', 'old'] as const) {
    for (const field of domainsOf(source)) {
      const limit = durationOf(params, `${field}_${code === 'old' ? 'warn' : 'error'}`)
      if (limit !== null && age > limit) return { source, code, age, limit, field }
    }
  }
  return null
}

/** Channels of a market whose data are too far apart in time to be compared. */
export function judgeSkew(effective: EffectiveRule, context: FindingContext): FactOutcome {
  const { store, config } = context
  const tally = new Tally()
  const drafts: Draft[] = []
  const quiet = quietHours(effective, config.timezone)
  const markets = groupBy(store.sources, ({ channel }) => store.channels[channel]?.market ?? '')
  for (const [market, sources] of markets) {
    const found = DOMAINS.map((domain) => ({ domain, ...skewOf(domain, sources, effective, quiet) }))
    for (const { outcome } of found) tally.add(outcome, 1)
    const apart = found.filter(({ outcome }) => outcome === FAIL)
    if (apart.length === 0) continue
    const involved = new Set(apart.flatMap(({ far }) => far))
    const finding = {
      code: null,
      market,
      owner: null,
      keys: [],
      sides: [...involved].map((source) => fileSide(store, source, 'data_as_of', source.dataAsOf)),
      expected: null,
      words: {
        channel: [...new Set([...involved].map((one) => store.channels[one.channel]?.id ?? ''))].join(', '),
        value: spanText(Math.max(...apart.map(({ skew }) => skew))),
        list: apart.map(({ domain, limit }) => `${domain} ${durationText(limit)}`).join(', '),
      },
    }
    drafts.push(...sourceDraft(finding, effective))
  }
  return { drafts, tally }
}

interface Skew {
  readonly outcome: number
  readonly skew: number
  readonly limit: number
  /** The files that are furthest apart. */
  readonly far: readonly Source[]
}

function skewOf(
  domain: (typeof DOMAINS)[number],
  sources: readonly Source[],
  effective: EffectiveRule,
  quiet: Quiet | null,
): Skew {
  const value = effective.params[`${domain}_limit`]?.value
  const limit = value?.type === 'duration' ? value.value : 0
  const own = sources.filter((source) => domainsOf(source).includes(domain))
  const known = own.filter(({ dataAsOfKnown }) => dataAsOfKnown)
  const pairs = known.flatMap((a, index) =>
    known.slice(index + 1).flatMap((b) => (a.channel === b.channel ? [] : [{ far: [a, b], skew: apart(a, b, quiet) }])),
  )
  const widest = pairs.toSorted((a, b) => b.skew - a.skew)[0]
  const skew = widest?.skew ?? 0
  const far = skew > limit ? (widest?.far ?? []) : []
  if (new Set(own.map(({ channel }) => channel)).size < 2) return { outcome: NOT_APPLICABLE, skew, limit, far }
  if (far.length > 0) return { outcome: FAIL, skew, limit, far }
  return { outcome: known.length < own.length ? unknown('no_input') : PASS, skew, limit, far }
}

/** Hours without trading, in minutes of the day. */
interface Quiet {
  readonly from: number
  readonly to: number
  readonly minuteAt: (instant: number) => number
}

function quietHours({ rule, params }: EffectiveRule, zone: string): Quiet | null {
  const param = params['quiet_hours']
  if (param === undefined || param.value.type !== 'text') return null
  const match = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/.exec(param.value.value)
  if (match === null) {
    const complaint = { key: `${rule.id}: quiet_hours`, expected: '22:00-07:00', found: `'${param.value.value}'` }
    throw fail('rules/bad-value', complaint, param.origin.by === 'flag' ? null : param.origin.where)
  }
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match.slice(1).map(Number)
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' })
  const minuteAt = (instant: number): number => {
    const [hour = 0, minute = 0] = format.format(instant).split(':').map(Number)
    return hour * 60 + minute
  }
  return { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute, minuteAt }
}

/** Beyond a week no quiet hours make two clocks one. */
const MOST_MINUTES = 7 * 24 * 60

/** Milliseconds between two files, quiet hours left out. */
function apart(a: Source, b: Source, quiet: Quiet | null): number {
  const [first, last] = [a, b].map(({ dataAsOf }) => Date.parse(dataAsOf)).sort((x, y) => x - y)
  if (first === undefined || last === undefined) return 0
  const minutes = Math.ceil((last - first) / MINUTE)
  if (quiet === null || minutes > MOST_MINUTES) return last - first
  let loud = 0
  for (let minute = 0; minute < minutes; minute++) {
    const at = first + minute * MINUTE
    const ofDay = quiet.minuteAt(at)
    const isQuiet =
      quiet.from <= quiet.to ? ofDay >= quiet.from && ofDay < quiet.to : ofDay >= quiet.from || ofDay < quiet.to
    if (!isQuiet) loud += Math.min(MINUTE, last - at)
  }
  return loud
}

/** `3d 4h`, `2h 5m`, `40s`: the two largest units. */
function spanText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const
  const first = units.findIndex(([count]) => count > 0)
  const shown = first < 0 ? units.slice(3) : units.slice(first, first + 2).filter(([count]) => count > 0)
  return shown.map(([count, unit]) => `${count}${unit}`).join(' ')
}
