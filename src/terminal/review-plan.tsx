/** The screen of `plan --interactive`: one change after another, to accept, reject or set to another value. */
import { Box, type Key, Text, useApp, useInput } from 'ink'
import { useReducer } from 'react'
import { printable } from '../base/text.ts'
import type { PlanTexts } from '../i18n/plan.en.ts'
import type { Decision } from '../plan/change-set.ts'
import type { IsValue, Review, ReviewedChange } from '../plan/review.ts'
import { eachKey } from './keys.ts'
import { drawnUntilLeft } from './screen.ts'

interface Props {
  readonly walking: Walking
  readonly count: number
  readonly texts: PlanTexts
}

/** What keys made of the plan so far. They come faster than the screen is drawn: each finds what the one before it left. */
class Walking {
  readonly #changes: readonly ReviewedChange[]
  readonly #isValue: IsValue
  at = 0
  readonly verdicts = new Map<number, { readonly after: string | null }>()
  /** The text being typed; null while none is. */
  typed: string | null = null
  isBad = false
  /** Every change has been decided on. */
  isDone = false
  isLeft = false

  constructor(changes: readonly ReviewedChange[], isValue: IsValue) {
    this.#changes = changes
    this.#isValue = isValue
  }

  get change(): ReviewedChange | undefined {
    return this.#changes[this.at]
  }

  press(input: string, key: Key): void {
    const { change } = this
    if (key.ctrl && input === 'c') this.isLeft = true
    else if (change === undefined || this.isDone || this.isLeft) return
    else if (this.typed !== null) this.#type(change, this.typed, input, key)
    else if (input === 'a') this.#decide(change, undefined)
    else if (input === 'r') this.#decide(change, null)
    else if (input === 'e') this.typed = this.verdicts.get(change.n)?.after ?? change.after
    else if (input === 'A') this.#rest(undefined)
    else if (input === 'R' || input === 'q') this.#rest(null)
    else if (input === 'b') this.at = Math.max(0, this.at - 1)
  }

  #type(change: ReviewedChange, typed: string, input: string, key: Key): void {
    this.isBad = false
    if (key.escape) this.typed = null
    else if (key.return && typed === change.after) this.#decide(change, undefined)
    else if (key.return && this.#isValue(change, typed)) this.#decide(change, typed)
    else if (key.return) this.isBad = true
    else if (key.backspace || key.delete) this.typed = [...typed].slice(0, -1).join('')
    else if (!key.ctrl && !key.meta && !/\p{C}/u.test(input)) this.typed = typed + input
  }

  /** Decides on the change that is shown and goes to the next. Undefined accepts it as it stands. */
  #decide({ n }: ReviewedChange, after: string | null | undefined): void {
    this.#say(n, after)
    this.typed = null
    if (this.at + 1 >= this.#changes.length) this.isDone = true
    else this.at++
  }

  #rest(after: null | undefined): void {
    for (const { n } of this.#changes.slice(this.at)) this.#say(n, after)
    this.isDone = true
  }

  #say(n: number, after: string | null | undefined): void {
    if (after === undefined) this.verdicts.delete(n)
    else this.verdicts.set(n, { after })
  }
}

function Walk({ walking, count, texts }: Props): React.ReactNode {
  const { exit } = useApp()
  const [, draw] = useReducer((drawn: number) => drawn + 1, 0)
  useInput((input, key) => {
    eachKey(input, key, (one, pressed) => walking.press(one, pressed))
    if (walking.isDone || walking.isLeft) exit()
    else draw()
  })
  const { change, verdicts, typed, isBad } = walking
  if (change === undefined) return null
  const { review } = texts
  const value = (text: string | null): string =>
    text === null ? texts.empty : `${printable(text)}${change.unit === null ? '' : ` ${change.unit}`}`
  return (
    <Box flexDirection="column">
      <Text bold>{review.title(walking.at + 1, count)}</Text>
      <Text>
        {change.channel} · {printable(change.article)} · {change.field}
      </Text>
      <Text>
        {value(change.before)} → <Text bold>{value(verdicts.get(change.n)?.after ?? change.after)}</Text> (
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
      {typed === null ? (
        <Text dimColor>{review.keys}</Text>
      ) : (
        <Text>
          {review.edit}: {typed}
        </Text>
      )}
      {isBad && <Text color="red">{review.bad}</Text>}
    </Box>
  )
}

/** Draws on the standard error: the standard output carries the result. */
export const reviewPlan: Review = async (changes, isValue, texts, signal) => {
  const walking = new Walking(changes, isValue)
  await drawnUntilLeft(<Walk walking={walking} count={changes.length} texts={texts} />, process.stderr, signal)
  // While keys are read one by one nobody but this screen sees Ctrl-C.
  if (walking.isLeft) {
    process.kill(process.pid, 'SIGINT')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  signal.throwIfAborted()
  const verdicts = walking.isDone ? walking.verdicts : new Map(changes.map(({ n }) => [n, { after: null }]))
  return [...verdicts].map(([n, { after }]): Decision => ({ n, after }))
}
