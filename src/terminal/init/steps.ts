/** The questions of the wizard, in their order. Each knows how an answer changes the draft. */
import { isTimeZone } from '../../base/clock.ts'
import type { InitTexts } from '../../i18n/init.en.ts'
import type { ChannelKind } from '../../model/config.ts'
import { assigned, DOMAINS, type Draft } from '../../ops/init/draft.ts'

export interface Choice {
  readonly value: string
  readonly text: string
}

export type Step =
  | { readonly kind: 'files' }
  | { readonly kind: 'sample' }
  | { readonly kind: 'write' }
  | {
      readonly kind: 'text'
      readonly id: string
      readonly question: string
      readonly value: (draft: Draft) => string
      /** Null: it cannot be; the text says what could. */
      readonly answer: (draft: Draft, text: string) => Draft | null
      readonly accepted: string
    }
  | {
      readonly kind: 'choice'
      readonly id: string
      readonly question: string
      readonly choices: readonly Choice[]
      readonly value: (draft: Draft) => string
      readonly answer: (draft: Draft, value: string) => Draft
    }

const KINDS: readonly ChannelKind[] = ['store', 'web', 'app', 'marketplace', 'feed', 'erp']
const TAX: readonly (readonly [keyof InitTexts['wizard']['tellsTax'], boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['unknown', null],
]
const NOBODY = ''

/** @param zone - Of this machine: the first answer to the question about time zones. */
export function stepsOf(first: Draft, texts: InitTexts, zone: string): readonly Step[] {
  const words = texts.wizard
  const channels = first.channels.map(({ id }) => ({ value: id, text: id }))
  const nobody = { value: NOBODY, text: words.nobody }
  return [
    { kind: 'files' },
    { kind: 'sample' },
    {
      kind: 'text',
      id: 'project',
      question: words.project,
      value: ({ project }) => project,
      answer: (draft, text) => (text.trim() === '' ? null : { ...draft, project: text.trim() }),
      accepted: words.bad.project,
    },
    coded('market', words.market, /^[A-Z]{2}$/, words.bad.market),
    coded('currency', words.currency, /^[A-Z]{3}$/, words.bad.currency),
    {
      kind: 'text',
      id: 'timezone',
      question: words.timezone,
      value: ({ timezone }) => timezone || zone,
      answer: (draft, text) => (isTimeZone(text.trim()) ? { ...draft, timezone: text.trim() } : null),
      accepted: words.bad.timezone,
    },
    ...first.stray.map(
      ({ path }): Step => ({
        kind: 'choice',
        id: `stray ${path}`,
        question: words.assigned(path),
        choices: [nobody, ...channels],
        value: ({ channels: now }) => now.find(({ files }) => files.some((file) => file.path === path))?.id ?? NOBODY,
        answer: (draft, value) => assigned(draft, path, value === NOBODY ? null : value),
      }),
    ),
    ...first.channels.flatMap(({ id, includesTax }) => channelSteps(id, includesTax !== null, texts)),
    ...DOMAINS.map(
      (domain): Step => ({
        kind: 'choice',
        id: `authority ${domain}`,
        question: words.authority[domain],
        choices: [nobody, ...channels],
        value: ({ authority }) => authority[domain] ?? NOBODY,
        answer: (draft, value) => ({
          ...draft,
          authority: { ...draft.authority, [domain]: value === NOBODY ? null : value },
        }),
      }),
    ),
    { kind: 'write' },
  ]
}

function coded(key: 'market' | 'currency', question: string, pattern: RegExp, accepted: string): Step {
  return {
    kind: 'text',
    id: key,
    question,
    value: (draft) => draft[key],
    answer: (draft, text) => {
      const code = text.trim().toUpperCase()
      return code === '' || pattern.test(code) ? { ...draft, [key]: code } : null
    },
    accepted,
  }
}

/** @param tellsTax - The platform itself fixes whether its prices include tax: nothing to ask. */
function channelSteps(id: string, tellsTax: boolean, texts: InitTexts): readonly Step[] {
  const change = (draft: Draft, part: Partial<Draft['channels'][number]>): Draft => ({
    ...draft,
    channels: draft.channels.map((one) => (one.id === id ? { ...one, ...part } : one)),
  })
  const own = (draft: Draft): Draft['channels'][number] | undefined => draft.channels.find((one) => one.id === id)
  const kind: Step = {
    kind: 'choice',
    id: `kind ${id}`,
    question: texts.wizard.kind(id),
    choices: KINDS.map((value) => ({ value, text: texts.kinds[value] })),
    value: (draft) => own(draft)?.kind ?? 'web',
    answer: (draft, value) => change(draft, { kind: KINDS.find((one) => one === value) ?? 'web' }),
  }
  if (tellsTax) return [kind]
  const tax: Step = {
    kind: 'choice',
    id: `tax ${id}`,
    question: texts.wizard.tax(id),
    choices: TAX.map(([value]) => ({ value, text: texts.wizard.tellsTax[value] })),
    value: (draft) => String(own(draft)?.includesTax ?? 'unknown'),
    answer: (draft, value) => change(draft, { includesTax: TAX.find(([one]) => one === value)?.[1] ?? null }),
  }
  return [kind, tax]
}
