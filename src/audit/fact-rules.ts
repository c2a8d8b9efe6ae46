/** What reading the files found: unknown words, damaged texts, references to nothing. */
import { groupBy } from '../base/group.ts'
import { fingerprint } from '../base/hash.ts'
import type { Side } from '../model/report.ts'
import { FAIL, NOT_APPLICABLE, PASS } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { Draft } from './draft.ts'
import { Tally } from './evaluate.ts'
import type { FindingContext } from './finding.ts'

export interface FactOutcome {
  readonly drafts: readonly Draft[]
  readonly tally: Tally
}

interface Fact {
  readonly source: number
  readonly ordinal: number
  readonly code: string | null
  readonly field: string
  readonly text: string
  readonly keys: readonly string[]
  readonly words: Readonly<Record<string, string>>
}

export function judgeFacts(effective: EffectiveRule, context: FindingContext): FactOutcome {
  const tally = new Tally()
  const facts = factsOf(effective, context, tally)
  const drafts = facts.flatMap((fact) => draftOf(fact, effective, context))
  return { drafts: [...groupBy(drafts, ({ id }) => id).values()].flatMap(together), tally }
}

/** What several files of a channel have in common is one finding, with a side for each file. */
function together(drafts: readonly Draft[]): readonly Draft[] {
  const [first] = drafts
  if (first === undefined || drafts.length === 1) return drafts
  const list = (name: string): string => [...new Set(drafts.map(({ words }) => words[name] ?? ''))].join(', ')
  const count = drafts.reduce((sum, { words }) => sum + Number(words['count'] ?? 0), 0)
  const words = { ...first.words, path: list('path'), list: list('list'), count: String(count) }
  return [{ ...first, sides: drafts.flatMap(({ sides }) => sides), words }]
}

/** Places that {@link judgeFacts} will show. */
export function wantFactPlaces(effective: EffectiveRule, context: FindingContext): void {
  for (const fact of factsOf(effective, context, new Tally())) context.places.want(fact.source, fact.ordinal)
}

function factsOf(effective: EffectiveRule, { store, brokenPromotions }: FindingContext, tally: Tally): readonly Fact[] {
  switch (effective.rule.on) {
    case 'vocabulary':
      return words(effective, store.unknownWords, store.sources.length, tally)
    case 'damage':
      return damaged(store.damage, store.sources, tally)
    case 'reference_row':
      return references(effective, [...store.broken, ...brokenPromotions], tally)
    default:
      return []
  }
}

function words(
  effective: EffectiveRule,
  found: FindingContext['store']['unknownWords'],
  sources: number,
  tally: Tally,
): readonly Fact[] {
  const unknown = folded(found)
  tally.add(FAIL, unknown.length)
  tally.add(
    unknown.length === 0 && sources === 0 ? NOT_APPLICABLE : PASS,
    Math.max(0, sources - new Set(unknown.map(({ source }) => source)).size),
  )
  const [code] = effective.rule.codes
  return unknown.map((one) => ({
    source: one.source,
    ordinal: one.firstOrdinal,
    code: code?.code ?? null,
    field: one.field,
    text: one.word,
    keys: [one.field, one.word.toLowerCase()],
    words: { value: one.word, count: String(one.rows), field: one.field },
  }))
}

/** A word counts once in whatever case it is written, as it stands first. */
function folded(found: FindingContext['store']['unknownWords']): FindingContext['store']['unknownWords'] {
  const groups = groupBy(found, ({ source, field, word }) => JSON.stringify([source, field, word.toLowerCase()]))
  return [...groups.values()].flatMap((group) => {
    const [first] = [...group].sort((a, b) => a.firstOrdinal - b.firstOrdinal)
    return first === undefined ? [] : [{ ...first, rows: group.reduce((sum, { rows }) => sum + rows, 0) }]
  })
}

function damaged(
  damage: FindingContext['store']['damage'],
  sources: FindingContext['store']['sources'],
  tally: Tally,
): readonly Fact[] {
  const columns = sources.reduce((sum, source) => sum + source.file.columns.length, 0)
  tally.add(FAIL, damage.length)
  tally.add(PASS, Math.max(0, columns - damage.length))
  return damage.map((one) => ({
    source: one.source,
    ordinal: one.firstOrdinal,
    code: one.code,
    field: one.header,
    text: one.example,
    keys: [one.code, one.header],
    words: {
      value: one.example,
      count: String(one.rows),
      field: one.header,
      rate: `${(one.share * 100).toFixed(1)} %`,
    },
  }))
}

function references(
  effective: EffectiveRule,
  broken: FindingContext['store']['broken'],
  tally: Tally,
): readonly Fact[] {
  const value = effective.params['fold_above']?.value
  const fold = value?.type === 'decimal' ? Number(value.value) : 0.05
  return broken.flatMap((one) => {
    tally.add(FAIL, one.rows)
    tally.add(PASS, one.total - one.rows)
    const code = effective.rule.codes.find((known) => known.code === one.parent)?.code ?? null
    const many = one.rows / Math.max(1, one.total) > fold && one.rows >= 20
    const share = `${((one.rows / Math.max(1, one.total)) * 100).toFixed(1)} %`
    if (many) {
      const list = one.keys
        .slice(0, 20)
        .map(({ key }) => key)
        .join(', ')
      const first = one.keys[0]?.ordinal ?? 0
      return [
        {
          source: one.source,
          ordinal: first,
          code,
          field: 'key',
          text: list,
          keys: [one.parent],
          words: { count: String(one.rows), list, value: list, rate: share },
        },
      ]
    }
    return one.keys.map(({ key, rows, ordinal }) => ({
      source: one.source,
      ordinal,
      code,
      field: 'key',
      text: key,
      keys: [one.parent, key],
      words: { count: String(rows), list: key, value: key, rate: share },
    }))
  })
}

function draftOf(fact: Fact, effective: EffectiveRule, context: FindingContext): Draft[] {
  const { rule, severity } = effective
  if (severity === 'off') return []
  const source = context.store.sources[fact.source]
  const channel = context.store.channels[source?.channel ?? 0]?.id ?? ''
  const side: Side = {
    channel,
    listing: null,
    field: fact.field,
    value: null,
    unit: null,
    raw: fact.text,
    source: context.places.ref(fact.source, fact.ordinal),
    authority: false,
  }
  const own = rule.codes.find(({ code }) => code === fact.code)
  return [
    {
      effective,
      code: fact.code,
      severity: effective.severityOrigin.by === 'config' ? severity : (own?.severity ?? severity),
      market: null,
      owner: channel,
      item: null,
      keys: fact.keys,
      sides: [side],
      expected: null,
      fixable: false,
      words: { channel, path: source?.file.path ?? '', ...fact.words },
      explainedBy: null,
      id: fingerprint(rule.id, fact.code, null, channel, ...fact.keys),
    },
  ]
}
