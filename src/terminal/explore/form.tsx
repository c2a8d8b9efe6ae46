/** The form in which a person says why a finding is to be quiet, and until when. */
import { Box, Text, useInput } from 'ink'
import { useState } from 'react'
import type { ExploreTexts } from '../../i18n/explore.en.ts'
import { SUPPRESSION_STATUSES } from '../../model/silence.ts'
import type { Decision } from '../../ops/explore.ts'

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
  const [decision, setDecision] = useState(first)
  const [at, setAt] = useState(0)
  const [complaint, setComplaint] = useState('')
  const field = fields[at] ?? 'reason'
  const set = (value: string): void => {
    setComplaint('')
    setDecision({ ...decision, [field]: value })
  }
  const next = (): void => {
    const value = decision[field].trim()
    if (value === '') setComplaint(words.needed(nameOf(field, texts)))
    else if (field === 'expires' && !isGoodDay(value, today)) setComplaint(words.day)
    else if (at < fields.length - 1) setAt(at + 1)
    else {
      const { status, reason, owner, expires } = decision
      onDone({ status, reason: reason.trim(), owner: owner.trim(), expires: expires.trim() })
    }
  }
  useInput((input, key) => {
    if (key.escape) onCancel()
    else if (key.return) next()
    else if (key.upArrow || (key.tab && key.shift)) setAt(Math.max(0, at - 1))
    else if (key.downArrow || key.tab) setAt(Math.min(fields.length - 1, at + 1))
    else if (field === 'status' && (key.leftArrow || key.rightArrow)) {
      const place = SUPPRESSION_STATUSES.indexOf(decision.status) + (key.leftArrow ? -1 : 1)
      set(SUPPRESSION_STATUSES[(place + SUPPRESSION_STATUSES.length) % SUPPRESSION_STATUSES.length] ?? 'accepted')
    } else if (field !== 'status' && (key.backspace || key.delete)) set([...decision[field]].slice(0, -1).join(''))
    else if (field !== 'status' && !key.ctrl && !key.meta && input !== '') {
      set(decision[field] + input.replace(/\p{Cc}/gu, ''))
    }
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

function nameOf(field: Field, { forms }: ExploreTexts): string {
  return field === 'status' ? forms.kind : forms[field]
}
