/** Numbers of a sweep: `1-4,7` is 1, 2, 3, 4 and 7. */
export function rangeOf(text: string): readonly number[] {
  return text.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-')
    const [from, to] = [Number(first), Number(last)]
    if (!Number.isInteger(from) || !Number.isInteger(to) || to < from) throw new RangeError(`'${part}' is no range`)
    return Array.from({ length: to - from + 1 }, (_, index) => from + index)
  })
}
