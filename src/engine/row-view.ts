/** Rows whose cells are read when they are asked for. */
import type { SqlRow, SqlValue } from './engine.ts'

/**
 * Makes what gives the rows of a batch, which stays in memory as long as one of them.
 *
 * @param read - Gives the cell of a column, from 0, and a row of the batch, from 0.
 */
export function rowViews<Batch>(
  names: readonly string[],
  read: (batch: Batch, column: number, at: number) => SqlValue,
): (batch: Batch, count: number) => SqlRow[] {
  class View {
    readonly #batch: Batch
    readonly #at: number

    constructor(batch: Batch, at: number) {
      this.#batch = batch
      this.#at = at
    }

    static {
      for (const [column, name] of names.entries()) {
        Object.defineProperty(View.prototype, name, {
          enumerable: true,
          get(this: View) {
            return read(this.#batch, column, this.#at)
          },
        })
      }
    }
  }
  // What the class has is known when its columns are.
  const Row = View as unknown as new (batch: Batch, at: number) => SqlRow
  return (batch, count) => Array.from({ length: count }, (_, at) => new Row(batch, at))
}
