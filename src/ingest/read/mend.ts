/** What irregular records can be read as without a guess. */
import type { Edit } from './copy.ts'
import type { OddRecord } from './scan.ts'
import type { Sniffed } from './sniff.ts'

/**
 * Edits for records that are irregular in a way that has one meaning: a trailing delimiter too many or too few, and short
 * rows where the whole file leaves out empty cells at the end.
 */
export function* mend(
  odd: readonly OddRecord[],
  sniffed: Sniffed,
  records: number,
  delimiter: string,
): Iterable<readonly [OddRecord, Edit]> {
  const names = sniffed.header.length
  const expected = names + (sniffed.trailing ? 1 : 0)
  const short = odd.filter(({ kind }) => kind === 'few')
  // A cell broken over two lines leaves two short rows that together have one cell too many.
  const halves = short.some((record, index) => {
    const after = short[index + 1]
    return after?.record === record.record + 1 && record.fields + after.fields === expected + 1
  })
  const habit = short.length >= 3 && short.length >= records * 0.2 && !halves
  for (const record of odd) {
    if (record.kind === 'trailing') yield [record, { start: record.end - 1, next: record.end, text: '' }]
    else if (record.kind === 'few' && (habit || (sniffed.trailing && record.fields === names))) {
      const text = delimiter.repeat(expected - record.fields)
      yield [record, { start: record.end, next: record.end, text }]
    }
  }
}
