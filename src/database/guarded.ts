/**
 * Reading and writing single cells, the same way in every dialect: rows are locked and compared here, by exact text, because
 * servers compare without case, accents or trailing blanks where their collation says so.
 */
import { fitted, isSame, plainNumber } from './compare.ts'
import type { Cell, CellAddress, Dialect, GuardedWrite, WriteColumn, WriteOutcome } from './database.ts'
import { quoteName, quoteTable, UnquotableError } from './quoting.ts'

/** The server understood a statement and refused it; the connection is as good as before. */
export class RefusedStatement extends Error {
  override readonly name = 'RefusedStatement'
}

/** Outside of a guarded write a refused statement is told as what the server said. */
export async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof RefusedStatement && error.cause instanceof Error ? error.cause : error
  }
}

export interface Answer {
  readonly rows: readonly (readonly Cell[])[]
  /** Rows that the statement matched. */
  readonly affected: number
}

/** One connection within a transaction, and how its dialect says things. */
export interface Session {
  readonly dialect: Dialect
  /**
   * @throws RefusedStatement when the server refuses the statement; DiagnosticError when the connection is of no use any more.
   */
  run(sql: string, values?: readonly (string | null)[]): Promise<Answer>
  /** Placeholder of the n-th value, from 1. */
  placeholder(n: number): string
  /** A placeholder as a value of the column's type. */
  typed(column: WriteColumn, placeholder: string): string
  /** What stands behind the table and at the end of a SELECT that locks rows until the transaction ends. */
  readonly lock: { readonly table: string; readonly tail: string }
  readonly savepoint: { readonly set: string; readonly back: string; readonly release: string | null }
}

/** Values of one statement; below what SQL Server takes, with keys twice and values once. */
const MAX_VALUES = 1800

/** Cells of one UPDATE: for each row the server goes through half of its cases. */
const CASES = 60

type Located = { readonly value: Cell } | 'gone' | 'many'

/** Cells of the same table, key columns and column. */
interface Group<One extends CellAddress> {
  readonly table: readonly string[]
  readonly keys: readonly string[]
  readonly column: string
  readonly cells: readonly One[]
}

function grouped<One extends CellAddress>(cells: readonly One[]): readonly Group<One>[] {
  const groups = new Map<string, { first: One; cells: One[] }>()
  for (const cell of cells) {
    const name = JSON.stringify([cell.table, cell.key.map(({ column }) => column), cell.column])
    const group = groups.get(name) ?? { first: cell, cells: [] }
    group.cells.push(cell)
    groups.set(name, group)
  }
  return [...groups.values()].flatMap(({ first, cells: all }) => {
    const size = Math.max(1, Math.floor(MAX_VALUES / (first.key.length * 2 + 1)))
    const parts = Array.from({ length: Math.ceil(all.length / size) }, (_, part) =>
      all.slice(part * size, (part + 1) * size),
    )
    const { table, key, column } = first
    return parts.map((part) => ({ table, keys: key.map((one) => one.column), column, cells: part }))
  })
}

interface Columns {
  readonly keys: readonly WriteColumn[]
  readonly value: WriteColumn
}

/** Reads columns of tables once. */
export type ColumnsOf = (table: readonly string[]) => Promise<readonly WriteColumn[]>

async function columnsOf(group: Group<CellAddress>, describe: ColumnsOf): Promise<Columns | string> {
  const all = await describe(group.table)
  const find = (name: string): WriteColumn | undefined => all.find((one) => one.name === name)
  const keys = group.keys.map(find)
  const value = find(group.column)
  const missing = [...group.keys, group.column].find((name) => find(name) === undefined)
  if (missing !== undefined || value === undefined) return `${group.table.join('.')} has no column '${missing}'`
  return { keys: keys.filter((one) => one !== undefined), value }
}

/** The text by which two keys are the same row's. */
function keyText(columns: readonly WriteColumn[], values: readonly Cell[]): string {
  const texts = columns.map(({ kind }, index) => {
    const text = String(values[index] ?? '')
    if (kind === 'exact' || kind === 'float') return plainNumber(text) ?? text
    return kind === 'char' ? text.replace(/ +$/, '') : text
  })
  return JSON.stringify(texts)
}

/** Keys that no column of numbers can have would make the whole statement fail. */
function isAskable(columns: readonly WriteColumn[], cell: CellAddress): boolean {
  return cell.key.every(({ value }, index) => {
    const kind = columns[index]?.kind
    if (value.includes('\0')) return false
    return kind === 'exact' || kind === 'float' ? plainNumber(value) !== null : true
  })
}

/** `(k1 = ? AND k2 = ?) OR …`, or `k IN (?, …)`. */
function where(
  session: Session,
  columns: readonly WriteColumn[],
  cells: readonly CellAddress[],
  values: (string | null)[],
): string {
  const put = (column: WriteColumn, value: string): string => {
    values.push(value)
    return session.typed(column, session.placeholder(values.length))
  }
  const [only] = columns
  if (columns.length === 1 && only !== undefined) {
    const list = cells.map((cell) => put(only, cell.key[0]?.value ?? ''))
    return `${quoteName(session.dialect, only.name)} IN (${list.join(', ')})`
  }
  const rows = cells.map((cell) => {
    const parts = columns.map(
      (column, index) => `${quoteName(session.dialect, column.name)} = ${put(column, cell.key[index]?.value ?? '')}`,
    )
    return `(${parts.join(' AND ')})`
  })
  return rows.join(' OR ')
}

/** Values of a group's cells as they are now. */
async function locate(
  session: Session,
  group: Group<CellAddress>,
  columns: Columns,
  locked: boolean,
): Promise<ReadonlyMap<string, Located>> {
  const asked = group.cells.filter((cell) => isAskable(columns.keys, cell))
  const found = new Map<string, Cell[]>()
  if (asked.length > 0) {
    const values: (string | null)[] = []
    const list = [...columns.keys, columns.value].map(({ name }) => quoteName(session.dialect, name)).join(', ')
    const table = `${quoteTable(session.dialect, group.table)}${locked ? session.lock.table : ''}`
    const filter = where(session, columns.keys, asked, values)
    const { rows } = await session.run(
      `SELECT ${list} FROM ${table} WHERE ${filter}${locked ? session.lock.tail : ''}`,
      values,
    )
    for (const row of rows) {
      const key = keyText(columns.keys, row)
      const same = found.get(key) ?? []
      same.push(row[columns.keys.length] ?? null)
      found.set(key, same)
    }
  }
  return new Map(
    group.cells.map((cell): readonly [string, Located] => {
      const key = keyText(
        columns.keys,
        cell.key.map(({ value }) => value),
      )
      const [value, ...others] = found.get(key) ?? []
      if (others.length > 0) return [cell.id, 'many']
      return [cell.id, value === undefined ? 'gone' : { value }]
    }),
  )
}

/** Live values, in the order asked. A table or column that is not there has no rows. */
export async function liveValues(
  session: Session,
  cells: readonly CellAddress[],
  describe: ColumnsOf,
): Promise<readonly Located[]> {
  const all = new Map<string, Located>()
  for (const group of grouped(cells)) {
    const columns = await columnsOf(group, describe)
    if (typeof columns === 'string') continue
    for (const [id, value] of await locate(session, group, columns, false)) all.set(id, value)
  }
  return cells.map(({ id }) => all.get(id) ?? 'gone')
}

/** Locks, compares and writes within the transaction that the caller has begun and will commit. */
export async function writeGuarded(
  session: Session,
  batch: readonly GuardedWrite[],
  describe: ColumnsOf,
): Promise<Map<string, WriteOutcome>> {
  const outcomes = new Map<string, WriteOutcome>()
  for (const group of grouped(batch)) {
    const columns = await columnsOf(group, describe)
    if (typeof columns === 'string') {
      for (const { id } of group.cells) outcomes.set(id, { outcome: 'refused', reason: columns })
      continue
    }
    const live = await locate(session, group, columns, true)
    const fit: Fit[] = []
    for (const cell of group.cells) {
      const judged = judge(cell, columns.value, live.get(cell.id) ?? 'gone')
      if ('text' in judged) fit.push(judged)
      else outcomes.set(cell.id, judged)
    }
    for (let at = 0; at < fit.length; at += CASES) {
      for (const [id, outcome] of await put(session, group, columns, fit.slice(at, at + CASES)))
        outcomes.set(id, outcome)
    }
  }
  return outcomes
}

interface Fit {
  readonly cell: GuardedWrite
  readonly text: string | null
}

function judge(cell: GuardedWrite, column: WriteColumn, live: Located): Fit | WriteOutcome {
  if (live === 'gone' || live === 'many') return { outcome: live }
  if (!isSame(column.kind, live.value, cell.before)) return { outcome: 'moved', value: live.value }
  try {
    return { cell, text: fitted(column, cell.after) }
  } catch (error) {
    if (!(error instanceof UnquotableError)) throw error
    return { outcome: 'refused', reason: error.message }
  }
}

/** Keys that a collation may take for one another. */
function collide(cells: readonly Fit[]): boolean {
  const folded = cells.map(({ cell }) =>
    cell.key.map(({ value }) =>
      value
        .normalize('NFKD')
        .replace(/\p{M}|\s+$/gu, '')
        .toLowerCase(),
    ),
  )
  return new Set(folded.map((key) => JSON.stringify(key))).size < cells.length
}

/** All at once where the server takes it, else one by one. */
async function put(
  session: Session,
  group: Group<GuardedWrite>,
  columns: Columns,
  fit: readonly Fit[],
): Promise<ReadonlyMap<string, WriteOutcome>> {
  const outcomes = new Map<string, WriteOutcome>()
  if (fit.length === 0) return outcomes
  if (!collide(fit)) {
    const all = await attempt(session, group, columns, fit)
    if (all === fit.length) {
      for (const { cell } of fit) outcomes.set(cell.id, { outcome: 'written' })
      return outcomes
    }
    if (fit.length === 1 && fit[0] !== undefined) return outcomes.set(fit[0].cell.id, single(all))
  }
  for (const one of fit) outcomes.set(one.cell.id, single(await attempt(session, group, columns, [one])))
  return outcomes
}

function single(result: number | RefusedStatement): WriteOutcome {
  if (result instanceof RefusedStatement) return { outcome: 'refused', reason: result.message }
  if (result === 1) return { outcome: 'written' }
  return result === 0 ? { outcome: 'refused', reason: 'the server changed no row' } : { outcome: 'many' }
}

/** Rows written, or why not; what did not hit as many rows as it has cells is taken back. */
async function attempt(
  session: Session,
  group: Group<GuardedWrite>,
  columns: Columns,
  fit: readonly Fit[],
): Promise<number | RefusedStatement> {
  await session.run(session.savepoint.set)
  try {
    const { affected } = await session.run(...update(session, group, columns, fit))
    if (affected === fit.length) {
      if (session.savepoint.release !== null) await session.run(session.savepoint.release)
      return affected
    }
    await session.run(session.savepoint.back)
    return affected
  } catch (error) {
    if (!(error instanceof RefusedStatement)) throw error
    await session.run(session.savepoint.back)
    return error
  }
}

function update(
  session: Session,
  group: Group<GuardedWrite>,
  columns: Columns,
  fit: readonly Fit[],
): [sql: string, values: (string | null)[]] {
  const values: (string | null)[] = []
  const mark = (column: WriteColumn, value: string | null): string => {
    values.push(value)
    return session.typed(column, session.placeholder(values.length))
  }
  const [first] = fit
  const cases = fit.map(({ cell, text }) => {
    const key = columns.keys.map(
      (column, index) => `${quoteName(session.dialect, column.name)} = ${mark(column, cell.key[index]?.value ?? '')}`,
    )
    return `WHEN ${key.join(' AND ')} THEN ${mark(columns.value, text)}`
  })
  let value = `CASE ${cases.join(' ')} END`
  if (fit.length === 1 && first !== undefined) {
    values.length = 0
    value = mark(columns.value, first.text)
  }
  const filter = where(
    session,
    columns.keys,
    fit.map(({ cell }) => cell),
    values,
  )
  const sql = `UPDATE ${quoteTable(session.dialect, group.table)} SET ${quoteName(session.dialect, columns.value.name)} = ${value} WHERE ${filter}`
  return [sql, values]
}
