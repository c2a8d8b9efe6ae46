/** Rules on the table `source`: whether what was read can be trusted, before anything in it is compared. */
import { FAIL, NOT_APPLICABLE, PASS, unknown } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import { familyOf } from '../rules/rule.ts'
import type { Draft } from './draft.ts'
import { judgeContract, judgeVolume } from './drift-rules.ts'
import { Tally } from './evaluate.ts'
import type { FactOutcome } from './fact-rules.ts'
import type { FindingContext } from './finding.ts'
import { judgeAge, judgeSkew } from './fresh-rules.ts'
import { DOMAINS, domainsOf, sourceDraft } from './source-facts.ts'
import { authorityOf } from './world.ts'

export async function judgeSources(effective: EffectiveRule, context: FindingContext): Promise<FactOutcome> {
  const { rule } = effective
  switch (rule.kind) {
    case 'fresh':
      return rule.assert === 'max_age' ? judgeAge(effective, context) : judgeSkew(effective, context)
    case 'drift':
      return rule.assert === 'contract' ? judgeContract(effective, context) : judgeVolume(effective, context)
    default:
      return judgeOwners(effective, context)
  }
}

type Verdict = 'undeclared' | 'silent' | number

/** Whether somebody is right about each kind of data that rules compare. */
function judgeOwners(effective: EffectiveRule, context: FindingContext): FactOutcome {
  const { store } = context
  const tally = new Tally()
  const drafts: Draft[] = []
  const families = new Set(context.active.map(({ rule }) => familyOf(rule)))
  const isCompared = (domain: Domain): boolean =>
    families.has(domain) || (domain === 'catalog' && families.has('identity'))
  const { fields } = effective.params
  const asked = fields?.value.type === 'list' ? fields.value.value : []
  const markets = [...new Set(store.channels.map(({ market }) => market))]
  for (const domain of DOMAINS.filter((one) => asked.includes(one) && isCompared(one))) {
    for (const market of markets) {
      const verdict = ownerVerdict(domain, market, context)
      tally.add(typeof verdict === 'number' ? verdict : FAIL, 1)
      if (typeof verdict !== 'number') drafts.push(...ownerDraft(verdict, domain, market, effective, context))
    }
  }
  return { drafts, tally }
}

type Domain = (typeof DOMAINS)[number]

/** Channels of a market with data of a kind. */
function speakers(domain: Domain, market: string, { store }: FindingContext): readonly number[] {
  const own = store.sources.filter((source) => domainsOf(source).includes(domain)).map(({ channel }) => channel)
  return [...new Set(own)].filter((channel) => store.channels[channel]?.market === market).sort((a, b) => a - b)
}

function ownerVerdict(domain: Domain, market: string, context: FindingContext): Verdict {
  const { store, config } = context
  const channels = speakers(domain, market, context)
  const owner = authorityOf(store, config, domain, market)
  // Who looks at two plain files has nowhere to say who is right.
  if (config.file === null) return NOT_APPLICABLE
  const isOwn = owner !== null && channels.includes(owner)
  if (channels.length + (isOwn || owner === null ? 0 : 1) < 2) return NOT_APPLICABLE
  const { survivorship, marketSurvivorship } = config.authority[domain]
  // How the right value is chosen is as good an answer as who has it.
  if (owner === null && (marketSurvivorship?.[market] ?? survivorship) !== undefined) return PASS
  // One that is declared and not looked at, in an audit of some channels.
  const declared = config.authority[domain].markets[market] ?? config.authority[domain].default
  if (owner === null) return declared === null ? 'undeclared' : unknown('no_input')
  if (isOwn || store.sources.some((one) => one.channel === owner && domainsOf(one).includes(domain))) return PASS
  return store.failed.has(store.channels[owner]?.id ?? '') ? unknown('no_input') : 'silent'
}

function ownerDraft(
  code: 'undeclared' | 'silent',
  domain: Domain,
  market: string,
  effective: EffectiveRule,
  context: FindingContext,
): readonly Draft[] {
  const { store, config } = context
  const channels = speakers(domain, market, context).flatMap((index) => store.channels[index] ?? [])
  const owner = store.channels[authorityOf(store, config, domain, market) ?? -1]?.id ?? ''
  const list = channels.map(({ id }) => id)
  const finding = {
    code,
    market,
    owner: owner === '' ? null : owner,
    keys: [domain],
    sides: list.map((channel) => ({
      channel,
      listing: null,
      field: domain,
      value: null,
      unit: null,
      raw: null,
      source: null,
      authority: false,
    })),
    expected: null,
    words: { field: domain, list: list.join(', '), channel: owner },
  }
  // Who is right is what a migration finds out first: until a channel is beyond discovery, it is only said.
  const isEarly = effective.severityOrigin.by !== 'config' && channels.every(({ phase }) => phase === 'discovery')
  return sourceDraft(finding, effective).map((draft) => (isEarly ? { ...draft, severity: 'info' } : draft))
}
