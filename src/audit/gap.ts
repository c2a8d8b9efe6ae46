/** How far apart the values of a finding are: what a baseline remembers, and a suppression may limit. */
import { fieldType, isFieldName } from '../model/field.ts'
import type { Draft } from './draft.ts'

const SCALE = 6

/** Millionths, exactly; null for what is no decimal. */
export function millionths(text: string): bigint | null {
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === '') return null
  const value = BigInt(whole + fraction.slice(0, SCALE).padEnd(SCALE, '0'))
  return sign === '-' ? -value : value
}

function decimalText(value: bigint): string {
  const digits = String(value).padStart(SCALE + 1, '0')
  const fraction = digits.slice(-SCALE).replace(/0+$/, '')
  return `${digits.slice(0, -SCALE)}${fraction === '' ? '' : `.${fraction}`}`
}

/** A number for values that have a distance: amounts and counts as they are, instants in seconds. */
function measured(value: string | null, field: string | null): bigint | null {
  if (value === null || field === null || !isFieldName(field)) return null
  const type = fieldType(field)
  if (type === 'instant') {
    const time = Date.parse(value)
    return Number.isNaN(time) ? null : BigInt(time) * 1000n
  }
  return ['money', 'quantity', 'integer', 'percent'].includes(type) ? millionths(value) : null
}

/** The field that a finding is about, and the sides that have it. */
export function judgedSides({ sides, effective }: Draft): Draft['sides'] {
  const named = effective.rule.fix?.field ?? null
  const field = sides.some((side) => side.field === named) ? named : (sides[0]?.field ?? null)
  return sides.filter((side) => side.field === field)
}

function countOf({ words: { count } }: Draft): string | null {
  return typeof count === 'string' ? count : null
}

/** Decimal text of the greatest distance from what is expected, else between the sides; null where there is none. */
export function gapOf(draft: Draft): string | null {
  if (draft.effective.rule.kind === 'unique') return countOf(draft)
  const sides = judgedSides(draft)
  const [first] = sides
  if (first === undefined || sides.some(({ unit }) => unit !== first.unit)) return null
  const values = sides.flatMap(({ value, field }) => measured(value, field) ?? [])
  const expected = measured(draft.expected, first.field)
  const reference = expected === null ? values : [expected]
  const [least, most] = [lowest(reference), highest(reference)]
  const [low, high] = [lowest(values), highest(values)]
  if (least === null || most === null || low === null || high === null) return null
  if (expected === null && values.length < 2) return null
  const gaps = [high - least, most - low].map((gap) => (gap < 0n ? -gap : gap))
  return decimalText(highest(gaps) ?? 0n)
}

function lowest(values: readonly bigint[]): bigint | null {
  return values.reduce<bigint | null>((least, value) => (least === null || value < least ? value : least), null)
}

function highest(values: readonly bigint[]): bigint | null {
  return values.reduce<bigint | null>((most, value) => (most === null || value > most ? value : most), null)
}
