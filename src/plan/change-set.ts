/**
 * The changes of a plan while it is made, in tables of the engine: a plan can have a million.
 *
 * `plan_wish`, then `plan_want`, has what findings want and `plan_open` what nothing is planned for, as the audit goes. `settle` makes
 * `plan_cell` of it: one row a cell that is to change, with what a person has to agree to.
 */
import { type Engine, literal, type SqlRow, type SqlValue } from '../engine/engine.ts'
import type { Store } from '../ingest/tables.ts'
import type { ChangeNeed, PlanLimits } from '../model/plan.ts'
import type { ReportChannel } from '../model/report.ts'
import { type About, type Open, type Want, wantCells } from './wants.ts'

// Of what is appended, ids of rows alone are wider than an INTEGER: they come as text.
const WISH = [
  ...[
    'finding VARCHAR',
    'rule VARCHAR',
    'ch INTEGER',
    'owner INTEGER',
    'owner_src INTEGER',
    'rid VARCHAR',
    'src INTEGER',
  ],
  ...['ord INTEGER', 'entity VARCHAR', 'field VARCHAR', '"before" VARCHAR', '"after" VARCHAR', 'unit VARCHAR'],
  ...['authority VARCHAR', 'about VARCHAR'],
]
const OPEN = ['finding VARCHAR', 'channel VARCHAR', 'code VARCHAR', 'detail VARCHAR']

/** Rows that wait before they are appended. */
const BATCH = 4096

/** Fields whose change is a move of a price. */
const PRICE = `entity = 'price' AND unit IS NOT NULL`
const ZERO = `try_cast("after" AS DECIMAL(18,6)) = 0`
const WAS_ZERO = `coalesce(try_cast("before" AS DECIMAL(18,6)), 0) = 0 AND "before" IS NOT NULL`
const SELLING = `('active', 'phase_out')`

export interface SettleOptions {
  readonly limits: PlanLimits
  readonly channels: readonly ReportChannel[]
  /** Files, by their paths, and channels whose data are too old. */
  readonly stale: { readonly files: ReadonlySet<string>; readonly channels: ReadonlySet<string> }
  readonly store: Store
}

/** Another value for a change; null leaves it out. */
export interface Decision {
  readonly n: number
  readonly after: string | null
}

export class ChangeSet {
  readonly #engine: Engine
  #wants: SqlValue[][] = []
  #open: SqlValue[][] = []

  private constructor(engine: Engine) {
    this.#engine = engine
  }

  static async create(engine: Engine): Promise<ChangeSet> {
    await engine.run(`CREATE TABLE plan_wish (${WISH.join(', ')})`)
    await engine.run(`CREATE TABLE plan_open (${OPEN.join(', ')})`)
    return new ChangeSet(engine)
  }

  /** While rows are read: the engine appends beside. */
  async want(want: Want): Promise<void> {
    this.#wants.push(wantCells(want))
    if (this.#wants.length >= BATCH) await this.#flush('plan_wish')
  }

  async open({ finding, channel, code, detail }: Open): Promise<void> {
    this.#open.push([finding, channel, code, detail])
    if (this.#open.length >= BATCH) await this.#flush('plan_open')
  }

  async #flush(table: 'plan_wish' | 'plan_open'): Promise<void> {
    const rows = table === 'plan_wish' ? this.#wants : this.#open
    if (rows.length === 0) return
    if (table === 'plan_wish') this.#wants = []
    else this.#open = []
    await this.#engine.append(
      table,
      (async function* () {
        yield rows
      })(),
    )
  }

  /** Leaves out what must not be planned, joins wishes for one cell, finds conflicts, and says what has to be agreed to. */
  async settle({ limits, channels, stale, store }: SettleOptions): Promise<void> {
    await this.#flush('plan_wish')
    await this.#flush('plan_open')
    await this.#engine.run('CREATE TABLE plan_want AS SELECT * REPLACE (rid::BIGINT AS rid) FROM plan_wish')
    await this.#engine.run('DROP TABLE plan_wish')
    const names = `CASE ch ${store.channels.map(({ id }, ch) => `WHEN ${ch} THEN ${literal(id)}`).join(' ')} END`
    const old = store.sources.filter(({ file }) => stale.files.has(file.path)).map(({ index }) => index)
    await this.#drop('stale', names, old.join(', '), 'src IN (%) OR owner_src IN (%)')
    await this.#drop('stale', names, inChannels(stale.channels, store), 'ch IN (%) OR owner IN (%)')
    await this.#drop('unreadable', names, inChannels(new Set(store.failed.keys()), store), 'ch IN (%) OR owner IN (%)')
    await this.#locate(names, store)
    await this.#refuseTaken(names)
    await this.#conflicts(names)
    await this.#engine.run(
      `CREATE TABLE plan_cell AS SELECT row_number() OVER (ORDER BY ch, min(src), min(ord), rid, field) AS n, ch, rid, entity, field,
         min(src) AS src, min(ord) AS ord, min("before") AS "before", min("after") AS "after", min(unit) AS unit,
         min(authority) AS authority, min(owner) AS owner,
         min(about) AS about, min(location) AS location,
         list(DISTINCT finding ORDER BY finding) AS findings, list(DISTINCT rule ORDER BY rule) AS rules, '' AS needs
       FROM plan_want GROUP BY ch, rid, entity, field`,
    )
    await this.#engine.run('CREATE TABLE plan_refusal (n INTEGER, en VARCHAR, es VARCHAR)')
    await this.judge(limits, channels, store)
  }

  /** Moves wishes to what is open. `%` in the condition stands for the list. */
  async #drop(code: string, names: string, list: string, condition: string): Promise<void> {
    if (list === '') return
    const where = condition.replaceAll('%', list)
    await this.#engine.run(
      `INSERT INTO plan_open SELECT DISTINCT finding, ${names}, ${literal(code)}, NULL FROM plan_want WHERE ${where}`,
    )
    await this.#engine.run(`DELETE FROM plan_want WHERE ${where}`)
  }

  /** A figure that is the sum of several places says nothing of any of them. */
  async #locate(names: string, { hasStockRows }: Store): Promise<void> {
    await this.#engine.run('ALTER TABLE plan_want ADD COLUMN location VARCHAR')
    if (!hasStockRows) return
    const columns = await this.#engine.rows<{ column_name: string }>('DESCRIBE stock')
    const place = columns.some(({ column_name }) => column_name === 'stock.location') ? '"stock.location"' : 'NULL'
    await this.#engine.run(
      `CREATE TABLE plan_place AS SELECT rid, count(*) AS n, min(src) AS src, min(ord) AS ord, min(${place}) AS place FROM stock
       WHERE rid IN (SELECT rid FROM plan_want WHERE entity = 'stock') GROUP BY rid`,
    )
    await this.#engine.run(
      `UPDATE plan_want SET location = p.place, src = p.src, ord = p.ord FROM plan_place p
       WHERE p.rid = plan_want.rid AND entity = 'stock' AND p.n = 1 AND plan_want.src = p.src AND plan_want.ord = p.ord`,
    )
    const several = `entity = 'stock' AND rid IN (SELECT rid FROM plan_place WHERE n > 1 OR (n = 1 AND place IS NOT NULL AND place IS DISTINCT FROM plan_want.location))`
    await this.#drop('location', names, several, '%')
  }

  /** A code that another listing of the channel has already would make two articles one. */
  async #refuseTaken(names: string): Promise<void> {
    const [found] = await this.#engine.rows<{ n: number }>(`SELECT count(*) AS n FROM plan_want WHERE field = 'gtin'`)
    if (Number(found?.n ?? 0) === 0) return
    const taken = `field = 'gtin' AND EXISTS (SELECT 1 FROM listing_all l WHERE l.ch = plan_want.ch AND l.rid <> plan_want.rid AND l.gtin14 = try_cast(plan_want."after" AS BIGINT))`
    await this.#drop('ambiguous', names, taken, '%')
  }

  /** Two values for one cell: a person decides between the findings. */
  async #conflicts(names: string): Promise<void> {
    await this.#engine.run(`ALTER TABLE plan_open ADD COLUMN others VARCHAR[]`)
    await this.#engine.run(
      `CREATE TABLE plan_conflict AS SELECT ch, rid, entity, field, list(DISTINCT finding ORDER BY finding) AS findings
       FROM plan_want GROUP BY ch, rid, entity, field HAVING count(DISTINCT "after") > 1`,
    )
    // Listings that stand in one record have one cell.
    await this.#engine.run(
      `INSERT INTO plan_conflict SELECT w.ch, w.rid, w.entity, w.field, c.findings FROM plan_want w
       JOIN (SELECT src, ord, field, location, list(DISTINCT finding ORDER BY finding) AS findings FROM plan_want
         GROUP BY src, ord, field, location HAVING count(DISTINCT rid) > 1 AND count(DISTINCT "after") > 1) c
       ON c.src = w.src AND c.ord = w.ord AND c.field = w.field AND c.location IS NOT DISTINCT FROM w.location
       WHERE NOT EXISTS (SELECT 1 FROM plan_conflict p WHERE p.ch = w.ch AND p.rid = w.rid AND p.entity = w.entity AND p.field = w.field)`,
    )
    await this.#engine.run(
      `INSERT INTO plan_open SELECT DISTINCT w.finding, ${names.replace('CASE ch', 'CASE w.ch')}, 'conflict', w.field, list_filter(c.findings, x -> x <> w.finding)
       FROM plan_want w JOIN plan_conflict c ON c.ch = w.ch AND c.rid = w.rid AND c.entity = w.entity AND c.field = w.field`,
    )
    await this.#engine.run(
      `DELETE FROM plan_want WHERE EXISTS (SELECT 1 FROM plan_conflict c
       WHERE c.ch = plan_want.ch AND c.rid = plan_want.rid AND c.entity = plan_want.entity AND c.field = plan_want.field)`,
    )
  }

  /** Says of every change what has to be agreed to. */
  async judge(limits: PlanLimits, channels: readonly ReportChannel[], store: Store): Promise<void> {
    const listings = store.channels.map(
      ({ id }, ch) => `(${ch}, ${channels.find((channel) => channel.id === id)?.listings ?? 0})`,
    )
    const before = `try_cast("before" AS DECIMAL(18,6))`
    const moved = `abs(try_cast("after" AS DECIMAL(18,6)) - coalesce(${before}, 0))`
    const many = `ch IN (SELECT c.ch FROM (SELECT ch, count(DISTINCT rid) AS rows FROM plan_cell GROUP BY ch) c
       JOIN (VALUES ${listings.join(', ')}) l(ch, listings) ON l.ch = c.ch WHERE c.rows > ${limits.rows}::DECIMAL(18,6) * l.listings)`
    const large =
      limits.sum === null
        ? 'FALSE'
        : `${PRICE} AND unit IN (SELECT unit FROM plan_cell WHERE ${PRICE} GROUP BY unit HAVING sum(${moved}) > ${limits.sum}::DECIMAL(18,6))`
    const needs: Readonly<Record<ChangeNeed, string>> = {
      large_price_change: `${PRICE} AND (${before} IS NULL OR ${before} <= 0 OR ${moved} > ${limits.price_change}::DECIMAL(18,6) * ${before})`,
      many_rows: many,
      large_sum: large,
      stock_to_zero: `entity = 'stock' AND ${ZERO} AND NOT (${WAS_ZERO})`,
      price_to_zero: `${PRICE} AND ${ZERO}`,
      status_to_inactive: `(field = 'status' AND "after" NOT IN ${SELLING} AND coalesce("before", 'active') IN ${SELLING}) OR (field IN ('visible', 'buyable') AND "after" = 'false')`,
    }
    const marks = Object.entries(needs).map(([name, sql]) => `CASE WHEN ${sql} THEN '${name} ' ELSE '' END`)
    await this.#engine.run(`UPDATE plan_cell SET needs = trim(${marks.join(' || ')})`)
  }

  /** What a person decided, change by change. */
  async decide(decisions: readonly Decision[], { channels }: Store): Promise<void> {
    const names = `CASE ch ${channels.map(({ id }, ch) => `WHEN ${ch} THEN ${literal(id)}`).join(' ')} END`
    await this.#engine.run('CREATE TABLE plan_decision (n VARCHAR, "value" VARCHAR)')
    const rows = decisions.map(({ n, after }): SqlValue[] => [String(n), after])
    await this.#engine.append(
      'plan_decision',
      (async function* () {
        if (rows.length > 0) yield rows
      })(),
    )
    const gone = `n IN (SELECT n::BIGINT FROM plan_decision WHERE "value" IS NULL)`
    await this.#engine.run(
      `INSERT INTO plan_open SELECT unnest(findings), ${names}, 'rejected', field, NULL FROM plan_cell WHERE ${gone}`,
    )
    await this.#engine.run(`DELETE FROM plan_cell WHERE ${gone}`)
    await this.#engine.run(
      `UPDATE plan_cell SET "after" = d."value", authority = 'manual' FROM plan_decision d WHERE d.n::BIGINT = plan_cell.n`,
    )
  }
}

/** Positions of channels as a list for `IN`; empty for none. */
function inChannels(ids: ReadonlySet<string>, { channels }: Store): string {
  return channels.flatMap(({ id }, ch) => (ids.has(id) ? [ch] : [])).join(', ')
}

export interface CellRow {
  readonly n: number
  readonly ch: number
  readonly entity: string
  readonly field: string
  readonly before: string | null
  readonly after: string
  readonly unit: string | null
  readonly authority: string
  readonly path: string | null
  readonly row: number | null
  readonly line: number | null
  readonly sheet: string | null
  readonly raw: string | null
  readonly listing: string | null
  readonly sku: string | null
  readonly external: string | null
  readonly location: string | null
  readonly item: string | null
  readonly title: string | null
  /** Joined by blanks: neither ids of findings nor of rules have any. */
  readonly findings: string
  readonly rules: string
  readonly needs: string
}

interface StoredCell extends SqlRow {
  readonly n: number | string
  readonly ch: number
  readonly entity: string
  readonly field: string
  readonly before: string | null
  readonly after: string
  readonly unit: string | null
  readonly authority: string
  readonly about: string
  readonly location: string | null
  readonly findings: string
  readonly rules: string
  readonly needs: string
}

/** The changes that are left, in the order of the plan. */
export async function* cells(engine: Engine, where = 'TRUE'): AsyncGenerator<readonly CellRow[]> {
  const rows = engine.batches<StoredCell>(
    `SELECT n, ch, entity, field, "before", "after", unit, authority, about, location,
       array_to_string(findings, ' ') AS findings, array_to_string(rules, ' ') AS rules, needs
     FROM plan_cell WHERE (${where}) AND n NOT IN (SELECT n FROM plan_refusal) ORDER BY n`,
  )
  for await (const batch of rows) yield batch.map(cellOf)
}

/** Written out: objects put together of others cost ten times as much. */
function cellOf(stored: StoredCell): CellRow {
  // Written by `wantCells`.
  const about = JSON.parse(stored.about) as About
  return {
    n: Number(stored.n),
    ch: stored.ch,
    entity: stored.entity,
    field: stored.field,
    before: stored.before,
    after: stored.after,
    unit: stored.unit,
    authority: stored.authority,
    location: stored.location,
    findings: stored.findings,
    rules: stored.rules,
    needs: stored.needs,
    item: about[0],
    title: about[1],
    path: about[2],
    row: about[3],
    line: about[4],
    sheet: about[5],
    raw: about[6],
    listing: about[7],
    sku: about[8],
    external: about[9],
  }
}
