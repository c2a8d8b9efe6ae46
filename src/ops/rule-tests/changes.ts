/** Small changes of a rule's parameters, each of which some case has to notice. */
import { durationText } from '../../base/clock.ts'
import type { ParamValue } from '../../rules/expression/scope.ts'
import type { RuleParam } from '../../rules/rule.ts'

export interface ParamChange {
  readonly param: string
  readonly label: string
  /** The word that is taken out of a list. */
  readonly word: string | null
  /** The value as a configuration writes it; undefined where the change makes no sense for this value. */
  readonly apply: (value: ParamValue) => unknown
}

type Maker = (what: string, apply: ParamChange['apply'], word?: string | null) => ParamChange

/** Longer lists are data: their first and their last word stand for them. */
const LONG_LIST = 10

export function changesOf(param: string, shape: RuleParam): readonly ParamChange[] {
  const change: Maker = (what, apply, word = null) => ({ param, label: `${param} ${what}`, word, apply })
  const { default: value } = shape
  switch (value.type) {
    case 'decimal':
    case 'integer':
      return [1, -1].flatMap((direction) => {
        if (moved(value, direction) === undefined) return []
        return [change(direction > 0 ? 'one step up' : 'one step down', (own) => moved(own, direction))]
      })
    case 'duration':
      return [1, -1].flatMap((direction) => {
        if (shifted(value, direction) === undefined) return []
        return [change(direction > 0 ? 'one step up' : 'one step down', (own) => shifted(own, direction))]
      })
    case 'boolean':
      return [change('flipped', (own) => (own.type === 'boolean' ? !own.value : undefined))]
    case 'enum':
      return (shape.values ?? []).flatMap((word) => {
        if (word === value.value) return []
        return [change(`set to ${word}`, (own) => (own.value === word ? undefined : word))]
      })
    case 'list':
      return listChanges(value.value, change)
    case 'map':
    case 'text':
      return [change('set to something', (own) => (own.value === value.value ? undefined : value.value))]
    case 'null':
      return [change('set', (own) => (own.type === 'null' ? undefined : null))]
  }
}

function listChanges(words: readonly string[], change: Maker): readonly ParamChange[] {
  if (words.length === 0) {
    return [change('emptied', (own) => (own.type === 'list' && own.value.length > 0 ? [] : undefined))]
  }
  const tried = words.length > LONG_LIST ? words.filter((_, at) => at === 0 || at === words.length - 1) : words
  return tried.map((word) =>
    change(
      `without ${word}`,
      (own) => {
        if (own.type !== 'list' || !own.value.includes(word)) return undefined
        return own.value.filter((other) => other !== word)
      },
      word,
    ),
  )
}

/** By one in the last place that is written; 0 as an amount moves by a cent. */
function moved(value: ParamValue, direction: number): string | undefined {
  if (value.type !== 'decimal' && value.type !== 'integer') return undefined
  const places = value.type === 'decimal' && value.value === '0' ? 2 : (value.value.split('.')[1]?.length ?? 0)
  const next = (Math.round(Number(value.value) * 10 ** places) + direction) / 10 ** places
  return next < 0 ? undefined : next.toFixed(places)
}

/** By one of the largest unit that fits; 0 moves by a minute. */
function shifted(value: ParamValue, direction: number): string | undefined {
  if (value.type !== 'duration') return undefined
  const [, count = '', unit = 'm'] = /^(\d+)([a-z])$/.exec(durationText(value.value)) ?? []
  const next = value.value === 0 ? direction : Number(count) + direction
  return next < 0 ? undefined : `${next}${value.value === 0 ? 'm' : unit}`
}
