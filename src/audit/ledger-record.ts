/** Adds an audit to the ledger: what changed since the last observation, facts of the sources, what became of the findings. */

import { join } from 'node:path'
import { fingerprint } from '../base/hash.ts'
import { foldHeader } from '../base/text.ts'
import { type Engine, literal, type SqlValue } from '../engine/engine.ts'
import type { Store } from '../ingest/tables.ts'
import { nameOf } from '../model/table-file.ts'
import { copy, FINDING_COLUMNS, filesSql, SOURCE_COLUMNS } from './ledger-files.ts'
import { FILES, type LedgerEntry, LedgerFolder, type LedgerHead, lostFindings } from './ledger-folder.ts'
import { Observation, type ObservedHead } from './ledger-observation.ts'
import { filledOf, instantsOf, tells } from './ledger-observe.ts'
import { packLedger } from './ledger-packs.ts'

export type AuditHead = Omit<LedgerHead, 'format' | 'kind' | 'opened' | 'resolved' | 'counts' | 'lost'>

/** Of findings that were not found again, by rule, those that are unknown now. */
export type Unsure = (ids: ReadonlyMap<string, ReadonlySet<string>>) => Promise<ReadonlySet<string>>

/** A finding as the ledger keeps it. */
export type FindingMark = readonly [
  id: string,
  rule: string,
  code: string | null,
  severity: string,
  status: string,
  market: string | null,
  owner: string | null,
  item: string | null,
  explained: boolean,
]

/** What an audit saw, written into a folder that is no entry yet. */
interface Observed {
  readonly dir: string
  readonly isReplay: boolean
  /** Whether it was made against these entries. */
  isOf(entries: readonly LedgerEntry[]): boolean
  /** The folder is an entry now and has this number. */
  settle(seq: number): Promise<void>
  discard(): Promise<void>
}

export class Ledger {
  readonly #engine: Engine
  readonly #folder: LedgerFolder
  #entries: readonly LedgerEntry[]
  #begun: Promise<Observed> | null = null
  #isAbandoned = false

  private constructor(engine: Engine, folder: LedgerFolder, entries: readonly LedgerEntry[]) {
    this.#engine = engine
    this.#folder = folder
    this.#entries = entries
  }

  /** @throws DiagnosticError `state/newer`, `state/unwritable`. */
  static async open(engine: Engine, state: string): Promise<Ledger> {
    const folder = new LedgerFolder(state)
    await folder.prepare()
    return new Ledger(engine, folder, await folder.entries())
  }

  get entries(): readonly LedgerEntry[] {
    return this.#entries
  }

  /** Folders of entries that could not be read whole. */
  get damaged(): readonly string[] {
    return this.#folder.damaged
  }

  /** The state folder. */
  get state(): string {
    return this.#folder.state
  }

  /**
   * Begins to write what was observed, beside what else the engine does. Who began must {@link append} or {@link abandon}.
   * @param head - The audit as it will be appended.
   */
  begin(store: Store, head: ObservedHead): void {
    this.#begun = this.#engine.beside().then((engine) => this.#observed(engine, this.#entries, store, head))
    // Whoever appends looks at it; until then a failure is nobody's.
    this.#begun.catch(() => undefined)
  }

  /** Takes back what was begun. What it is about is stopped by interrupting the engine. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true
    const begun = await this.#begun?.catch(() => null)
    this.#begun = null
    await begun?.discard()
  }

  /** Adds an audit that was checked in the same engine. What it looks back on is what the ledger has at that moment, whoever else has been adding. */
  async append(
    store: Store,
    head: AuditHead,
    findings: AsyncIterable<readonly FindingMark[]>,
    unsure: Unsure,
  ): Promise<void> {
    const engine = this.#engine
    await engine.run(
      `CREATE TABLE ledger_mark (${FINDING_COLUMNS.slice(2)
        .map(([name, type]) => `"${name}" ${type}`)
        .join(', ')})`,
    )
    await engine.append('ledger_mark', findings)
    await writeSources(engine, store, head.id, await instantsOf(engine, store, head.as_of))
    await this.#folder.locked(async () => {
      const observed = await this.#observedNow(store, head)
      const { dir, isReplay } = observed
      try {
        const events = isReplay ? { opened: 0, resolved: 0 } : await this.#writeFindings(head, dir, unsure)
        await copy(engine, 'SELECT * FROM ledger_source_now', join(dir, FILES.source))
        const counts = await engine.rows<LedgerHead['counts'][number]>(
          `SELECT rule, severity, owner AS channel, count(*)::INTEGER AS findings FROM ledger_mark
           WHERE NOT explained AND status IN ('new', 'worse') GROUP BY ALL ORDER BY 1, 2, 3`,
        )
        const kind = isReplay ? 'replay' : 'audit'
        const lost = isReplay ? undefined : lostFindings(this.#entries).at(-1)
        const entry = {
          ...head,
          kind,
          counts: [...counts],
          ...events,
          ...(lost === undefined ? {} : { lost }),
        } as const
        await observed.settle(await this.#folder.commit(dir, entry))
      } catch (cause) {
        await observed.discard()
        throw cause
      }
      await packLedger(engine, this.#folder)
    })
  }

  /** What was begun, unless somebody else has been adding since or it failed; else it is done now, by who holds the lock. */
  async #observedNow(store: Store, head: AuditHead): Promise<Observed> {
    const begun = await this.#begun?.catch(() => null)
    this.#begun = null
    this.#entries = await this.#folder.entries()
    if (begun?.isOf(this.#entries) === true) return begun
    await begun?.discard()
    return this.#observed(this.#engine, this.#entries, store, head)
  }

  async #observed(
    engine: Engine,
    entries: readonly LedgerEntry[],
    store: Store,
    head: ObservedHead,
  ): Promise<Observed> {
    const dir = await this.#folder.begin()
    const observation = new Observation(engine, this.#folder, entries)
    const discard = async (): Promise<void> => {
      await observation.discard()
      await this.#folder.discard(dir)
    }
    try {
      if (this.#isAbandoned) throw new Error('abandoned')
      // A run as of an earlier moment looks at today's files: it saw nothing of that moment.
      const isReplay = entries.some(({ kind, as_of }) => kind === 'audit' && as_of > head.as_of)
      if (!isReplay) await observation.write(store, head, await instantsOf(engine, store, head.as_of), dir)
      return {
        dir,
        isReplay,
        discard,
        isOf: (others) => observation.isOf(others),
        settle: (seq) => observation.settle(seq),
      }
    } catch (cause) {
      await discard()
      throw cause
    }
  }

  /** Events since the last audit: what is as it was is not written again. */
  async #writeFindings(
    head: AuditHead,
    dir: string,
    unsure: Unsure,
  ): Promise<{ readonly opened: number; readonly resolved: number }> {
    const engine = this.#engine
    await engine.run(
      `CREATE TABLE ledger_open AS SELECT * EXCLUDE (o) FROM (SELECT f.*, row_number() OVER (PARTITION BY f.id ORDER BY f.seq DESC) AS o
       FROM (${filesSql('finding', this.#entries)}) f) WHERE o = 1 AND event <> 'resolved'`,
    )
    const names = FINDING_COLUMNS.slice(2).map(([name]) => name)
    const own = (alias: string): string => names.map((name) => `${alias}.${name}`).join(', ')
    const differs = ['severity', 'status', 'explained', 'owner', 'item'].map(
      (name) => `n.${name} IS DISTINCT FROM b.${name}`,
    )
    const judged = head.partial ? 'FALSE' : `b.rule IN (${head.rules.map(literal).join(', ') || 'NULL'})`
    const id = literal(head.id)
    const gone = `SELECT b.* FROM ledger_open b WHERE ${judged} AND b.id NOT IN (SELECT id FROM ledger_mark)`
    const lost = new Map<string, Set<string>>()
    for (const one of await engine.rows<{ rule: string; id: string }>(`SELECT rule, id FROM (${gone})`))
      lost.set(one.rule, (lost.get(one.rule) ?? new Set()).add(one.id))
    // What cannot be told now is not resolved.
    await engine.run('CREATE TABLE ledger_unsure (id VARCHAR)')
    await engine.append('ledger_unsure', inOneBatch([...(await unsure(lost))].map((one) => [one])))
    await engine.run(
      `CREATE TABLE ledger_event AS
       SELECT ${id} AS audit, CASE WHEN b.id IS NULL THEN 'opened' ELSE 'changed' END AS event, ${own('n')}
       FROM ledger_mark n LEFT JOIN ledger_open b ON b.id = n.id WHERE b.id IS NULL OR ${differs.join(' OR ')}
       UNION ALL SELECT ${id}, 'resolved', ${own('b')} FROM (${gone}) b WHERE b.id NOT IN (SELECT id FROM ledger_unsure)`,
    )
    await copy(engine, 'SELECT * FROM ledger_event ORDER BY rule, id', join(dir, FILES.finding))
    const [count] = await engine.rows<{ opened: number; resolved: number }>(
      `SELECT count(*) FILTER (event = 'opened') AS opened, count(*) FILTER (event = 'resolved') AS resolved FROM ledger_event`,
    )
    return { opened: Number(count?.opened ?? 0), resolved: Number(count?.resolved ?? 0) }
  }
}

async function* inOneBatch<T>(rows: readonly T[]): AsyncGenerator<readonly T[]> {
  if (rows.length > 0) yield rows
}

async function writeSources(engine: Engine, store: Store, audit: string, instants: readonly string[]): Promise<void> {
  const filled = await filledOf(engine, store)
  const rows = store.sources.map((source): readonly SqlValue[] => {
    const { file } = source
    const columns = file.columns.map(foldHeader)
    const facts = filled.get(source.index)
    return [
      audit,
      store.channels[source.channel]?.id ?? '',
      nameOf(file),
      source.platform,
      source.kind,
      sqlInstant(instants[source.index] ?? ''),
      null,
      sqlInstant(source.dataAsOf),
      String(file.records),
      String(file.quarantined.length),
      file.sha256,
      fingerprint(...columns),
      JSON.stringify(file.columns),
      JSON.stringify(facts?.fields ?? {}),
      JSON.stringify(facts?.statuses ?? {}),
      tells(store, source.channel, 'price'),
      tells(store, source.channel, 'stock'),
    ]
  })
  await createSourceTable(engine, rows)
}

/** Creates `ledger_source_now`. */
export async function createSourceTable(engine: Engine, rows: readonly (readonly SqlValue[])[]): Promise<void> {
  await engine.run(
    `CREATE TABLE ledger_source_now (${SOURCE_COLUMNS.map(([name, type]) => `"${name}" ${type}`).join(', ')})`,
  )
  const values = rows.map((row) => `(${row.map(literal).join(', ')})`)
  if (values.length > 0) await engine.run(`INSERT INTO ledger_source_now VALUES ${values.join(', ')}`)
}

/** An instant as the engine reads it from text. */
export function sqlInstant(instant: string): string | null {
  const time = Date.parse(instant)
  return Number.isNaN(time) ? null : new Date(time).toISOString().slice(0, 19).replace('T', ' ')
}
