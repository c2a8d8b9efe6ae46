/** The form in which a person says why a finding is to be quiet, and until when. */
import { Box, type Key, Text, useInput } from 'ink'
import { useReducer, useRef } from 'react'
import type { ExploreTexts } from '../../i18n/explore.en.ts'
import { SUPPRESSION_STATUSES, type SuppressionStatus } from '../../model/silence.ts'
import type { Decision } from '../../ops/explore.ts'
import { eachKey } from '../keys.ts'

const FIELDS = ['status', 'reason', 'owner', 'expires'] as const
type Field = (typeof FIELDS)[number]

export interface FormProps {
  readonly texts: ExploreTexts
  readonly title: string
  readonly first: Decision
  /** Whether the kind may be chosen. */
  readonly choosesKind: boolean
  /** Today, as a day. */
  readonly today: string
  readonly onDone: (decision: Decision) => void
  readonly onCancel: () => void
}

const MOST_DAYS = 180
const DAY_MS = 86_400_000

function isGoodDay(day: string, today: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(day)) return false
  const ahead = (time - Date.parse(`${today}T00:00:00Z`)) / DAY_MS
  return ahead >= 0 && ahead <= MOST_DAYS
}

export function Form({ texts, title, first, choosesKind, today, onDone, onCancel }: FormProps) {
  const fields: readonly Field[] = choosesKind ? FIELDS : FIELDS.slice(1)
  const words = texts.forms
  const [, draw] = useReducer((count: number) => count + 1, 0)
  // Keys come faster than the form is drawn: each finds what the one before it left.
  const { current: state } = useRef({ decision: first, at: 0, complaint: '' })
  const { decision, at, complaint } = state
  const field = fields[at] ?? 'reason'
  const next = (): void => {
    const now = fields[state.at] ?? 'reason'
    const value = state.decision[now].trim()
    if (value === '') state.complaint = words.needed(nameOf(now, texts))
    else if (now === 'expires' && !isGoodDay(value, today)) state.complaint = words.day
    else if (state.at < fields.length - 1) state.at++
    else {
      const { status, reason, owner, expires } = state.decision
      onDone({ status, reason: reason.trim(), owner: owner.trim(), expires: expires.trim() })
    }
  }
  const press = (input: string, key: Key): void => {
    const now = fields[state.at] ?? 'reason'
    const text = state.decision[now]
    const set = (value: string): void => {
      state.decision = { ...state.decision, [now]: value }
    }
    state.complaint = ''
    if (key.escape) onCancel()
    else if (key.return) next()
    else if (key.upArrow || (key.tab && key.shift)) state.at = Math.max(0, state.at - 1)
    else if (key.downArrow || key.tab) state.at = Math.min(fields.length - 1, state.at + 1)
    else if (now === 'status') set(turned(state.decision.status, key.leftArrow ? -1 : key.rightArrow ? 1 : 0))
    else if (key.backspace || key.delete) set([...text].slice(0, -1).join(''))
    else if (!key.ctrl && !key.meta) set(text + input.replace(/\p{Cc}/gu, ''))
  }
  useInput((input, key) => {
    eachKey(input, key, press)
    draw()
  })
  return (
    <Box flexDirection="column" borderStyle="round" paddingX={1}>
      <Text bold>{title}</Text>
      {fields.map((name) => (
        <Text key={name} wrap="truncate-start">
          {name === field ? '› ' : '  '}
          {nameOf(name, texts)}: {name === 'status' ? `‹ ${words.kinds[decision.status]} ›` : decision[name]}
          {name === field && name !== 'status' ? '▏' : ''}
        </Text>
      ))}
      <Text dimColor={complaint === ''} {...(complaint === '' ? {} : { color: 'red' as const })}>
        {complaint === '' ? words.hint : complaint}
      </Text>
    </Box>
  )
}

function turned(status: SuppressionStatus, by: number): SuppressionStatus {
  const { length } = SUPPRESSION_STATUSES
  return SUPPRESSION_STATUSES[(SUPPRESSION_STATUSES.indexOf(status) + by + length) % length] ?? status
}

function nameOf(field: Field, { forms }: ExploreTexts): string {
  return field === 'status' ? forms.kind : forms[field]
}
