/** The screen of `plan --interactive`: one change after another, to accept, reject or set to another value. */
import { Box, render, Text, useApp, useInput } from 'ink'
import { useState } from 'react'
import { printable } from '../base/text.ts'
import type { PlanTexts } from '../i18n/plan.en.ts'
import type { Decision } from '../plan/change-set.ts'
import type { IsValue, Review, ReviewedChange } from '../plan/review.ts'

/** What a person said of a change; without an entry it is accepted as it stands. */
type Verdicts = ReadonlyMap<number, { readonly after: string | null }>

interface Props {
  readonly changes: readonly ReviewedChange[]
  readonly isValue: IsValue
  readonly texts: PlanTexts
  readonly done: (verdicts: Verdicts) => void
}

interface State {
  readonly at: number
  readonly verdicts: Verdicts
  /** The text being typed; null while none is. */
  readonly typed: string | null
  readonly isBad: boolean
}

/** What is typed fast or pasted comes as one piece, keys that delete included. */
function withKeys(typed: string, input: string): string {
  return [...input].reduce((text, key) => {
    if (key === '\u007f' || key === '\b') return [...text].slice(0, -1).join('')
    return /\p{C}/u.test(key) ? text : text + key
  }, typed)
}

function Walk({ changes, isValue, texts, done }: Props): React.ReactNode {
  const { exit } = useApp()
  const [state, setState] = useState<State>({ at: 0, verdicts: new Map(), typed: null, isBad: false })
  const change = changes[state.at]

  const finish = (verdicts: Verdicts): void => {
    done(verdicts)
    exit()
  }
  /** Decides on the change that is shown and goes to the next. */
  const decide = (after: string | null | undefined): void => {
    if (change === undefined) return
    const verdicts = new Map(state.verdicts)
    if (after === undefined) verdicts.delete(change.n)
    else verdicts.set(change.n, { after })
    if (state.at + 1 >= changes.length) finish(verdicts)
    else setState({ at: state.at + 1, verdicts, typed: null, isBad: false })
  }
  const rest = (after: null | undefined): void => {
    const verdicts = new Map(state.verdicts)
    for (const { n } of changes.slice(state.at)) {
      if (after === undefined) verdicts.delete(n)
      else verdicts.set(n, { after })
    }
    finish(verdicts)
  }

  useInput((input, key) => {
    if (change === undefined) return
    const { typed } = state
    if (typed !== null) {
      if (key.escape) setState({ ...state, typed: null, isBad: false })
      else if (key.return) {
        if (typed === change.after) decide(undefined)
        else if (isValue(change, typed)) decide(typed)
        else setState({ ...state, isBad: true })
      } else if (key.backspace || key.delete)
        setState({ ...state, typed: [...typed].slice(0, -1).join(''), isBad: false })
      else if (!key.ctrl && !key.meta) setState({ ...state, typed: withKeys(typed, input), isBad: false })
      return
    }
    if (input === 'a') decide(undefined)
    else if (input === 'r') decide(null)
    else if (input === 'e') setState({ ...state, typed: state.verdicts.get(change.n)?.after ?? change.after })
    else if (input === 'A') rest(undefined)
    else if (input === 'R') rest(null)
    else if (input === 'b') setState({ ...state, at: Math.max(0, state.at - 1) })
    else if (input === 'q') rest(null)
  })

  if (change === undefined) return null
  const { review } = texts
  const value = (text: string | null): string =>
    text === null ? texts.empty : `${printable(text)}${change.unit === null ? '' : ` ${change.unit}`}`
  return (
    <Box flexDirection="column">
      <Text bold>{review.title(state.at + 1, changes.length)}</Text>
      <Text>
        {change.channel} · {printable(change.article)} · {change.field}
      </Text>
      <Text>
        {value(change.before)} → <Text bold>{value(state.verdicts.get(change.n)?.after ?? change.after)}</Text> (
        {change.authority})
      </Text>
      <Text dimColor>
        {change.rules.join(', ')} · {printable(change.place)}
      </Text>
      {change.needs.length > 0 && (
        <Text color="yellow">
          {review.needs}: {change.needs.map((need) => texts.needs[need]).join('; ')}
        </Text>
      )}
      {state.typed === null ? (
        <Text dimColor>{review.keys}</Text>
      ) : (
        <Text>
          {review.edit}: {state.typed}
        </Text>
      )}
      {state.isBad && <Text color="red">{review.bad}</Text>}
    </Box>
  )
}

/** Draws on the standard error: the standard output carries the result. */
export const reviewPlan: Review = async (changes, isValue, texts, signal) => {
  let said: Verdicts | null = null
  const done = (verdicts: Verdicts): void => {
    said = verdicts
  }
  const app = render(<Walk changes={changes} isValue={isValue} texts={texts} done={done} />, {
    stdout: process.stderr,
    exitOnCtrlC: false,
  })
  const stop = (): void => app.unmount()
  signal.addEventListener('abort', stop)
  try {
    await app.waitUntilExit()
  } finally {
    signal.removeEventListener('abort', stop)
  }
  signal.throwIfAborted()
  const verdicts: Verdicts = said ?? new Map(changes.map(({ n }) => [n, { after: null }]))
  return [...verdicts].map(([n, { after }]): Decision => ({ n, after }))
}
