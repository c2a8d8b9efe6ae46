/** From a draft to a finding: what explains it, its message, its fingerprint. */
import type { Engine } from '../engine/engine.ts'
import type { BrokenReference } from '../ingest/tables.ts'
import { type Config, OTHER_LOCALE, UNKNOWN_MARKET } from '../model/config.ts'
import type { Finding, Side } from '../model/report.ts'
import type { Domain } from '../rules/check.ts'
import { isInputTable } from '../rules/input-fields.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import { familyOf } from '../rules/rule.ts'
import type { Assortments } from './assortment.ts'
import type { Draft, FindingSink, Judgement } from './draft.ts'
import { renderText } from './messages.ts'
import type { SideContext } from './sides.ts'

export interface FindingContext extends SideContext {
  /** Rules of the run. */
  readonly active: readonly EffectiveRule[]
  readonly engine: Engine
  readonly config: Config
  readonly asOf: string
  /** Ranges that are given as a list. */
  readonly assortments: Assortments
  readonly brokenPromotions: readonly BrokenReference[]
  /** Tax rates in force, in per cent. */
  readonly taxRates: readonly string[]
  /** Takes the findings along as they are found. */
  readonly sink?: FindingSink | undefined
  /** Channels that have a list of promotions. */
  readonly promotionChannels: readonly number[]
  /** Drafts about keys and facts that belong to an article: item to them. */
  readonly attached: ReadonlyMap<string, readonly Draft[]>
}

export function domainOf(rule: string): Domain {
  const family = familyOf({ id: rule })
  return family === 'price' || family === 'stock' || family === 'promotion' ? family : 'catalog'
}

/** A finding is explained by the root of the first rule in its list that also fired; never in a chain, never in a circle. */
export function setMasks(drafts: readonly Draft[]): void {
  if (drafts.length < 2) return
  const maskOf = (draft: Draft): Draft | null => {
    for (const rule of draft.effective.rule.maskedBy) {
      const found = drafts.find(
        (other) =>
          other !== draft &&
          other.effective.rule.id === rule &&
          (other.market === draft.market || other.market === null) &&
          canExplain(other, draft),
      )
      if (found !== undefined) return found
    }
    return null
  }
  for (const draft of drafts) {
    const seen = new Set<Draft>([draft])
    let root = maskOf(draft)
    for (let next = root; next !== null && !seen.has(next); next = maskOf(next)) {
      seen.add(next)
      root = next
    }
    if (root !== null && root !== draft) draft.explainedBy = root.explainedBy ?? root.id
  }
}

/** An article with a code that is right is not missing elsewhere because another of its codes is wrong. */
const KEYLESS = 'identity/invalid-gtin'

/** What is judged channel by channel is explained by what is wrong there, not by what other channels have between them. */
function canExplain(mask: Draft, { effective, sides, targets }: Draft): boolean {
  if (mask.effective.rule.id === KEYLESS && effective.rule.kind === 'present' && effective.rule.group !== null)
    return targets === undefined || targets.every((row) => (row['gtin14'] ?? null) === null)
  if (effective.rule.group?.includes('channel') !== true) return true
  return mask.sides.some(({ channel }) => sides.some((side) => side.channel === channel))
}

export function toFinding(draft: Draft, config: Config, judged?: Judgement): Finding {
  const { rule } = draft.effective
  // The code of a rule that goes through a list is the member; without any the failure is one that no code is about.
  const only = draft.code !== null && rule.codes.length === 1 ? rule.codes[0] : undefined
  const code = rule.codes.find((one) => one.code === draft.code) ?? only
  const texts = code?.message ?? rule.message ?? rule.title
  const { item, sides, expected, words } = draft
  const suppression = judged?.suppression ?? null
  const message = { item, sides, told: told(draft), expected, code: draft.code, words }
  const other = OTHER_LOCALE[config.locale]
  return {
    id: draft.id,
    rule: rule.id,
    code: draft.code,
    severity: draft.severity,
    status: judged?.status ?? 'new',
    market: draft.market === UNKNOWN_MARKET ? null : draft.market,
    owner: draft.owner,
    item,
    message: renderText(texts[config.locale], message, config.locale),
    translations: { [other]: renderText(texts[other], message, other) },
    sides: [...sides].sort(
      (a, b) =>
        compare(a.channel, b.channel) ||
        compare(a.listing ?? '', b.listing ?? '') ||
        compare(a.field ?? '', b.field ?? ''),
    ),
    expected,
    impact: draft.explainedBy === null ? (draft.impact ?? null) : null,
    explained_by: draft.explainedBy,
    fixable: draft.fixable && draft.isStale !== true && draft.explainedBy === null && !suppression,
    ...(suppression ? { suppression } : {}),
  }
}

/** What a message says of each listing: the value that was compared. The other fields of the sides stand in the report. */
function told({ effective, sides }: Draft): readonly Side[] {
  const { kind, on } = effective.rule
  if ((kind !== 'within' && kind !== 'equal') || on === 'promotion' || isInputTable(on)) return sides
  const seen = new Set<string>()
  return sides.filter(({ channel, listing }) => {
    const key = `${channel} ${listing}`
    return !seen.has(key) && seen.add(key)
  })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
