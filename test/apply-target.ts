/** A small shop in a real database, and the way from changes to its cells. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CarryOut, type Pace, type Stop } from '../src/apply/carry-out.ts'
import { readJournal } from '../src/apply/journal.ts'
import type { JournalLine } from '../src/apply/journal-lines.ts'
import { RunLog } from '../src/apply/run-log.ts'
import type { RunState } from '../src/apply/run-state.ts'
import { Runs, resumeRun } from '../src/apply/runs.ts'
import { type CellMap, SqlTarget } from '../src/apply/sql-target.ts'
import { TargetPool } from '../src/apply/target-pool.ts'
import { readWritten } from '../src/apply/undo.ts'
import { parseAddress } from '../src/database/address.ts'
import { DEFAULT_TIMEOUTS } from '../src/database/database.ts'
import { openDatabase } from '../src/database/open.ts'
import type { ChangeResult, RunChange } from '../src/model/run.ts'
import { changeId } from '../src/plan/change-id.ts'

export const PRICE: CellMap = {
  cellOf: ({ target, before, after }) => ({
    table: ['item'],
    key: [{ column: 'code', value: target.sku ?? '' }],
    column: 'pvp',
    before,
    after,
  }),
  textOf: (_change, cell) => (cell === null ? null : String(cell)),
}

export function codeOf(index: number): string {
  return `A${String(index).padStart(6, '0')}`
}

/** Prices of the first `count` articles go from 10 + i to 10.5 + i. */
export function priceChanges(count: number): readonly RunChange[] {
  return Array.from({ length: count }, (_, index) => {
    const sku = codeOf(index)
    const change = {
      action: 'update',
      channel: 'shop',
      entity: 'price',
      target: { listing: sku, sku, external_id: null },
      field: 'price.regular',
      before: String(10 + index),
      after: `${10 + index}.5`,
    } as const
    return { id: changeId(change), ...change, unit: 'EUR', because: [] }
  })
}

export interface Applying {
  readonly state: string
  readonly url: string
  readonly changes: readonly RunChange[]
  readonly plan?: string
  readonly pace?: Partial<Pace>
  readonly timeout?: number
  readonly signal?: AbortSignal
  readonly note?: (results: readonly ChangeResult[]) => void
}

export interface Applied {
  readonly stop: Stop | null
  readonly state: RunState
  readonly journal: string
}

/** Begins the run of a plan, or goes on with it, as `apply` does without its audits. */
export async function applyChanges(applying: Applying): Promise<Applied> {
  const { plan = 'a'.repeat(64), pace, timeout = 20_000, signal = new AbortController().signal } = applying
  mkdirSync(applying.state, { recursive: true })
  const runs = new Runs(applying.state)
  const known = await runs.ofPlan(plan)
  const { journal, state } =
    known === null
      ? await runs.create({ path: 'plan.json', sha256: plan, audit: 'audit', undoes: null })
      : await resumeRun(known)
  const log = new RunLog(state, journal)
  const pool = new TargetPool(async (channel) => {
    const address = parseAddress(applying.url, { key: 'url', dir: applying.state })
    const timeouts = { ...DEFAULT_TIMEOUTS, connectTimeout: 2000, statementTimeout: timeout }
    const connection = new AbortController()
    const database = await openDatabase(address, { ...timeouts, signal: connection.signal })
    return new SqlTarget(channel, database, PRICE, { ms: timeout * 1.5, abort: () => connection.abort() })
  }, signal)
  const note = applying.note ?? (() => undefined)
  const carry = new CarryOut({ pool, log, pace: { rate: null, maxFailures: 1, ...pace }, signal, note })
  try {
    await log.add({ type: 'open', pid: process.pid, host: 'test' })
    const stop = (await carry.settle()) ?? (await carry.run(inBatches(applying.changes)))
    await log.add({ type: 'end', status: stop === null ? 'complete' : 'stopped', reason: stop?.reason ?? null })
    return { stop, state, journal: journal.path }
  } finally {
    await pool.close()
    await journal.close()
  }
}

async function* inBatches(changes: readonly RunChange[]): AsyncGenerator<readonly RunChange[]> {
  for (let at = 0; at < changes.length; at += 1000) yield changes.slice(at, at + 1000)
}

/** The changes that take a run back. */
export async function undoChanges(state: string, plan = 'a'.repeat(64)): Promise<readonly RunChange[]> {
  const record = await new Runs(state).ofPlan(plan)
  if (record === null) return []
  const changes: RunChange[] = []
  for await (const some of (await readWritten(record.journal)).inverse()) {
    for (const { id, action, channel, entity, target, field, before, after, unit } of some)
      changes.push({ id, action, channel, entity, target, field, before, after, unit, because: [] })
  }
  return changes
}

export async function journalLines(state: string): Promise<readonly JournalLine[]> {
  const record = (await new Runs(state).all()).at(-1)
  if (record === undefined) return []
  const lines: JournalLine[] = []
  for await (const { line } of readJournal(join(record.journal))) lines.push(line)
  return lines
}
