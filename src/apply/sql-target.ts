/** A database as a target: each change is one guarded cell. */
import type { Cell, Database, GuardedWrite } from '../database/database.ts'
import type { RunChange } from '../model/run.ts'
import type { ApplyTarget, Live, Outcome } from './target.ts'

/** Most changes of one transaction: rows stay locked for as long as it takes. */
const BATCH = 200

/** How changes of a channel are cells of its database. */
export interface CellMap {
  /** The cell with its values as the column has them; a text says why the change cannot be written. */
  cellOf(change: RunChange): Omit<GuardedWrite, 'id'> | string
  /** What stands in the column, in the canonical text of the field. */
  textOf(change: RunChange, cell: Cell): string | null
}

export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** What ends a connection that says nothing any more. */
export interface Deadline {
  /** Milliseconds for one batch. */
  readonly ms: number
  /** Breaks the connection, so that the server takes back what is not committed. */
  abort(): void
}

export class SqlTarget implements ApplyTarget {
  readonly channel: string
  readonly batch = BATCH
  readonly #database: Database
  readonly #map: CellMap
  readonly #deadline: Deadline

  constructor(channel: string, database: Database, map: CellMap, deadline: Deadline) {
    this.channel = channel
    this.#database = database
    this.#map = map
    this.#deadline = deadline
  }

  async live(changes: readonly RunChange[]): Promise<readonly Live[]> {
    const { cells, refused } = this.#cells(changes)
    const found = await this.#inTime(this.#database.live(cells))
    const byId = new Map(cells.map(({ id }, index) => [id, found[index]]))
    return changes.map((change) => {
      const reason = refused.get(change.id)
      if (reason !== undefined) return { refused: reason }
      const live = byId.get(change.id) ?? 'gone'
      return typeof live === 'string' ? live : { value: this.#map.textOf(change, live.value) }
    })
  }

  async write(changes: readonly RunChange[]): Promise<readonly Outcome[]> {
    const { cells, refused } = this.#cells(changes)
    const outcomes = await this.#inTime(this.#database.write(cells))
    return changes.map((change): Outcome => {
      const reason = refused.get(change.id)
      if (reason !== undefined) return { outcome: 'refused', reason }
      const outcome = outcomes.get(change.id)
      if (outcome === undefined) return { outcome: 'uncertain' }
      return outcome.outcome === 'moved'
        ? { outcome: 'moved', value: this.#map.textOf(change, outcome.value) }
        : outcome
    })
  }

  async close(): Promise<void> {
    await this.#inTime(this.#database.close()).catch(() => undefined)
    this.#deadline.abort()
  }

  /** A network that swallows packets gives no answer at all, and no error. */
  async #inTime<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#deadline.abort()
        reject(new NoAnswer('no answer in time'))
      }, this.#deadline.ms)
    })
    try {
      return await Promise.race([work, late])
    } finally {
      clearTimeout(timer)
      work.catch(() => undefined)
    }
  }

  #cells(changes: readonly RunChange[]): {
    readonly cells: readonly GuardedWrite[]
    readonly refused: ReadonlyMap<string, string>
  } {
    const cells: GuardedWrite[] = []
    const refused = new Map<string, string>()
    for (const change of changes) {
      const cell = change.action === 'update' ? this.#map.cellOf(change) : `cannot ${change.action} rows`
      if (typeof cell === 'string') refused.set(change.id, cell)
      else cells.push({ id: change.id, ...cell })
    }
    return { cells, refused }
  }
}
