/** Adds an audit to the ledger: what changed since the last observation, facts of the sources, what became of the findings. */
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fingerprint } from '../base/hash.ts'
import { foldHeader } from '../base/text.ts'
import { type Engine, literal, type SqlValue } from '../engine/engine.ts'
import type { Store } from '../ingest/tables.ts'
import {
  BIT,
  copy,
  FILES,
  FINDING_COLUMNS,
  filesSql,
  GROUP_NAMES,
  GROUPS,
  type Group,
  SOURCE_COLUMNS,
  timestamp,
} from './ledger-files.ts'
import { type LedgerEntry, LedgerFolder, type LedgerHead } from './ledger-folder.ts'
import { filledOf, hashSql, instantsOf, KEY, observedSql, tells } from './ledger-observe.ts'
import { packLedger } from './ledger-packs.ts'

export type AuditHead = Omit<LedgerHead, 'format' | 'kind' | 'opened' | 'resolved' | 'counts'>

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

/** Fewer changed rows than this are read faster than an index of them. */
const WORTH_AN_INDEX = 50_000
const INDEX = /^index-(\d{6})-(.+)\.parquet$/

export class Ledger {
  readonly #engine: Engine
  readonly #folder: LedgerFolder
  #entries: readonly LedgerEntry[]

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

  /** The state folder. */
  get state(): string {
    return this.#folder.state
  }

  /** Adds an audit that was checked in the same engine. What it looks back on is what the ledger has at that moment, whoever else has been adding. */
  async append(store: Store, head: AuditHead, findings: AsyncIterable<readonly FindingMark[]>): Promise<void> {
    const engine = this.#engine
    const instants = await instantsOf(engine, store, head.as_of)
    await engine.run(
      `CREATE TABLE ledger_mark (${FINDING_COLUMNS.slice(2)
        .map(([name, type]) => `"${name}" ${type}`)
        .join(', ')})`,
    )
    await engine.append('ledger_mark', findings)
    await writeSources(engine, store, head.id, instants)
    const dir = await this.#folder.begin()
    try {
      await this.#folder.locked(async () => {
        this.#entries = await this.#folder.entries()
        // A run as of an earlier moment looks at today's files: it saw nothing of that moment.
        const isReplay = this.#entries.some(({ kind, as_of }) => kind === 'audit' && as_of > head.as_of)
        let index: string | null = null
        const isFirst = !this.#entries.some(({ files }) => files.has(FILES.change))
        if (!isReplay) {
          if (isFirst) index = await this.#writeAll(store, head, instants, dir)
          else await this.#writeChanges(store, head, instants, dir)
        }
        const events = isReplay ? { opened: 0, resolved: 0 } : await this.#writeFindings(head, dir)
        await copy(engine, 'SELECT * FROM ledger_source_now', join(dir, FILES.source))
        const counts = await engine.rows<LedgerHead['counts'][number]>(
          `SELECT rule, severity, owner AS channel, count(*)::INTEGER AS findings FROM ledger_mark
           WHERE NOT explained AND status IN ('new', 'worse') GROUP BY ALL ORDER BY 1, 2, 3`,
        )
        const kind = isReplay ? 'replay' : 'audit'
        const seq = await this.#folder.commit(dir, { ...head, kind, counts: [...counts], ...events })
        if (index !== null) await this.#writeFirstIndex(seq, index)
        await packLedger(engine, this.#folder)
      })
    } catch (cause) {
      await this.#folder.discard(dir)
      throw cause
    }
  }

  /** Where nothing is known, everything has changed. @returns SELECT of what was seen, as an index has it. */
  async #writeAll(store: Store, head: AuditHead, instants: readonly string[], dir: string): Promise<string> {
    const engine = this.#engine
    const observed = observedSql(store, head.as_of, instants)
    await this.#observe(observedSql(store, head.as_of, instants, await this.#ambiguous()))
    await this.#findTwice('SELECT k FROM ledger_now GROUP BY k HAVING count(*) > 1')
    const [twice] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM ledger_twice')
    const isOnce = Number(twice?.n ?? 0) === 0
    const differs = (group: Group): string => (isOnce ? 'FALSE' : `d_${group} IS TRUE`)
    const seen = (rows: string, k: string): string =>
      isOnce ? `(${rows}) o` : `(${rows}) o LEFT JOIN ledger_twice t ON t.k = ${k} WHERE t.k IS NULL OR t.rid = o.rid`
    const has = GROUP_NAMES.map(
      (group) => `(CASE WHEN t_${group} AND NOT ${differs(group)} THEN ${BIT[group]} ELSE 0 END)`,
    )
    await copy(
      engine,
      `SELECT ${valuesSql(store, head)} FROM (SELECT o.*, (${has.join(' | ')})::UTINYINT AS has FROM ${seen(observed, KEY)}) WHERE has <> 0`,
      join(dir, FILES.change),
      'any',
    )
    const told = GROUP_NAMES.map((group) => `CASE WHEN NOT ${differs(group)} THEN h_${group} END AS h_${group}`)
    const hashed = hashedSql(observed, `, channel::${channelType(store)} AS channel`)
    return `SELECT * FROM (SELECT o.k, o.channel, ${told.join(', ')} FROM ${seen(hashed, 'o.k')})
      WHERE ${GROUP_NAMES.map((group) => `h_${group} IS NOT NULL`).join(' OR ')}`
  }

  /**
   * Where two listings of a channel may have one name. Articles that all channels list alike share no SKU with any other, so
   * where every listing is named by its SKU only the others are looked at.
   */
  async #ambiguous(): Promise<'listing_all' | 'listing_rows'> {
    const [settled] = await this.#engine.rows<{ n: number }>(
      `SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'agreed'`,
    )
    if (Number(settled?.n ?? 0) === 0) return 'listing_all'
    const [other] = await this.#engine.rows<{ n: number }>(
      'SELECT (SELECT count(*) FROM agreed WHERE NOT has_sku) + (SELECT count(*) FROM listing_all WHERE sku IS NULL) AS n',
    )
    return Number(other?.n ?? 0) === 0 ? 'listing_rows' : 'listing_all'
  }

  /** By `rid` and key, a hash of each group that the channel speaks of. */
  async #observe(observed: string): Promise<void> {
    await this.#engine.run(`CREATE TABLE ledger_now AS ${hashedSql(observed)}`)
  }

  /** Under one name a channel may list an article twice. Where the prices differ nobody knows which one is the price. */
  async #findTwice(keys: string): Promise<void> {
    const differs = GROUP_NAMES.map((group) => `min(h_${group}) IS DISTINCT FROM max(h_${group}) AS d_${group}`)
    await this.#engine.run(
      `CREATE TABLE ledger_twice AS SELECT k, min(rid) AS rid, ${differs.join(', ')}
       FROM ledger_now WHERE k IN (${keys}) GROUP BY k HAVING count(*) > 1`,
    )
  }

  async #writeChanges(store: Store, head: AuditHead, instants: readonly string[], dir: string): Promise<void> {
    const engine = this.#engine
    const observed = observedSql(store, head.as_of, instants)
    const before = await this.#loadState()
    await this.#observe(observed)
    const changed = (group: (typeof GROUP_NAMES)[number]): string =>
      `(CASE WHEN n.h_${group} IS NOT NULL AND n.h_${group} IS DISTINCT FROM s.h_${group} THEN ${BIT[group]} ELSE 0 END)`
    // Both directions in one pass: what changed, and what is no longer there.
    await engine.run(
      `CREATE TABLE ledger_moved AS SELECT * FROM (SELECT n.rid, coalesce(n.k, s.k) AS k, s.channel, n.k IS NULL AS gone,
         (${GROUP_NAMES.map(changed).join(' | ')})::UTINYINT AS has
       FROM ledger_now n FULL JOIN ledger_state s ON s.k = n.k) WHERE has <> 0 OR gone`,
    )
    await engine.run('CREATE VIEW ledger_changed AS SELECT rid, k, has FROM ledger_moved WHERE NOT gone')
    await this.#findTwice('SELECT k FROM ledger_changed')
    const told = (group: (typeof GROUP_NAMES)[number]): string =>
      `CASE WHEN d_${group} THEN 0 ELSE has & ${BIT[group]} END`
    const once = `SELECT c.rid, c.k, (CASE WHEN t.k IS NULL THEN has ELSE ${GROUP_NAMES.map(told).join(' | ')} END)::UTINYINT AS has
      FROM ledger_changed c LEFT JOIN ledger_twice t ON t.k = c.k WHERE t.k IS NULL OR t.rid = c.rid`
    const gone = await this.#gone(store, head, instants)
    await copy(
      engine,
      `SELECT ${valuesSql(store, head)} FROM (${observed}) o JOIN (${once}) c ON c.rid = o.rid WHERE has <> 0 ${gone}`,
      join(dir, FILES.change),
    )
    if (!before.indexed) await this.#writeIndex(this.#entries.at(-1)?.seq ?? 0, before.rows)
  }

  /** `UNION ALL` of rows for what its channel no longer lists. */
  async #gone(store: Store, head: AuditHead, instants: readonly string[]): Promise<string> {
    if (head.partial) return ''
    const whole = store.channels.filter(
      (channel, index) => !store.failed.has(channel.id) && tells(store, index, 'listing'),
    )
    if (whole.length === 0) return ''
    const engine = this.#engine
    const at = whole.map((channel) => {
      const index = store.channels.indexOf(channel)
      const own = instants.filter((_, source) => store.sources[source]?.channel === index)
      return `WHEN ${literal(channel.id)} THEN ${timestamp(own.sort().at(-1) ?? head.as_of)}`
    })
    const names = whole.map(({ id }) => literal(id)).join(', ')
    await engine.run(`CREATE VIEW ledger_gone AS SELECT k FROM ledger_moved WHERE gone AND channel IN (${names})`)
    const [count] = await engine.rows<{ n: number }>('SELECT count(*) AS n FROM ledger_gone')
    if (Number(count?.n ?? 0) === 0) return ''
    const empty = GROUP_NAMES.flatMap((group) => GROUPS[group].map(() => 'NULL'))
    return `UNION ALL SELECT ${auditSql(head)}, channel::${channelType(store)}, item, CASE channel ${at.join(' ')} END, ${BIT.gone}, ${empty.join(', ')}
      FROM (SELECT DISTINCT channel, item FROM (${filesSql('change', this.#entries)}) WHERE ${KEY} IN (SELECT k FROM ledger_gone))`
  }

  /** Fills `ledger_state`: by article and channel what was last observed. */
  async #loadState(): Promise<{ readonly indexed: boolean; readonly rows: number }> {
    const engine = this.#engine
    const index = await this.#index()
    const later = this.#entries.filter(({ seq }) => index === null || seq > index.seq)
    const order = 'epoch(since)::BIGINT * 1000000 + seq'
    const hashes = GROUP_NAMES.map(
      (group) => `CASE WHEN has & ${BIT[group]} <> 0 THEN ${hashSql(group)} END AS h_${group}`,
    )
    const last = GROUP_NAMES.map(
      (group) => `arg_max(h_${group}, o) FILTER (WHERE h_${group} IS NOT NULL) AS h_${group}`,
    )
    await engine.run(
      `CREATE TABLE ledger_delta AS SELECT k, any_value(channel) AS channel, ${last.join(', ')}, arg_max(gone, o) AS gone FROM (
         SELECT ${KEY} AS k, channel, ${order} AS o, ${hashes.join(', ')}, has & ${BIT.gone} <> 0 AS gone
         FROM (${filesSql('change', later)})) GROUP BY k`,
    )
    const columns = ['k', 'channel', ...GROUP_NAMES.map((group) => `h_${group}`)]
    // All rows since count, not articles: the same ones may change every day for years.
    const [since] = await engine.rows<{ n: number }>(`SELECT count(*) AS n FROM (${filesSql('change', later)})`)
    const changes = Number(since?.n ?? 0)
    if (index === null) {
      await engine.run(`CREATE TABLE ledger_state AS SELECT ${columns.join(', ')} FROM ledger_delta WHERE NOT gone`)
      return { indexed: false, rows: changes }
    }
    const merged = GROUP_NAMES.map((group) => `coalesce(d.h_${group}, i.h_${group}) AS h_${group}`)
    const stored = `read_parquet(${literal(index.path)})`
    // Of the index only the few keys of later changes are looked for: the other way round all of it would be hashed.
    await engine.run(
      `CREATE TABLE ledger_fresh AS SELECT ${columns.join(', ')} FROM ledger_delta
       WHERE NOT gone AND k NOT IN (SELECT k FROM ${stored} WHERE k IN (SELECT k FROM ledger_delta))`,
    )
    await engine.run(
      `CREATE VIEW ledger_state AS SELECT i.k, i.channel, ${merged.join(', ')} FROM ${stored} i
         LEFT JOIN ledger_delta d ON d.k = i.k WHERE d.k IS NULL OR NOT d.gone UNION ALL SELECT * FROM ledger_fresh`,
    )
    const [count] = await engine.rows<{ all: number }>(`SELECT count(*) AS "all" FROM ${stored}`)
    return { indexed: changes * 4 < Number(count?.all ?? 0), rows: changes }
  }

  async #index(): Promise<{ readonly path: string; readonly seq: number } | null> {
    const version = await this.#version()
    const found = (await readdir(this.#folder.path)).flatMap((name) => {
      const [, seq, own] = INDEX.exec(name) ?? []
      // The hashes of another version of the engine may be others.
      return own === version ? [{ path: join(this.#folder.path, name), seq: Number(seq) }] : []
    })
    const imported = this.#entries.findLast(({ kind }) => kind === 'import')?.seq ?? 0
    return found.filter(({ seq }) => seq >= imported).sort((a, b) => b.seq - a.seq)[0] ?? null
  }

  async #version(): Promise<string> {
    const [row] = await this.#engine.rows<{ v: string }>('SELECT version() AS v')
    return (row?.v ?? 'unknown').replace(/[^\w.]/g, '')
  }

  /** What the first audit saw, so that the second need not read it again. */
  async #writeFirstIndex(seq: number, select: string): Promise<void> {
    const [count] = await this.#engine.rows<{ n: number }>('SELECT count(*) AS n FROM listing_all')
    await this.#writeIndex(seq, Number(count?.n ?? 0), select)
  }

  /** An index is a copy: it may go, and the next audit writes it anew. */
  async #writeIndex(seq: number, rows: number, select = 'SELECT * FROM ledger_state'): Promise<void> {
    if (rows < WORTH_AN_INDEX || seq === 0) return
    const name = `index-${String(seq).padStart(6, '0')}-${await this.#version()}.parquet`
    const partial = join(this.#folder.path, `${name}.partial-${process.pid}`)
    await copy(this.#engine, select, partial, 'any')
    const old = (await readdir(this.#folder.path)).filter((other) => other.startsWith('index-') && other !== name)
    await rename(partial, join(this.#folder.path, name))
    for (const other of old)
      if (!other.startsWith(`${name}.`)) await rm(join(this.#folder.path, other), { force: true })
  }

  /** Events since the last audit: what is as it was is not written again. */
  async #writeFindings(head: AuditHead, dir: string): Promise<{ readonly opened: number; readonly resolved: number }> {
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
    await engine.run(
      `CREATE TABLE ledger_event AS
       SELECT ${id} AS audit, CASE WHEN b.id IS NULL THEN 'opened' ELSE 'changed' END AS event, ${own('n')}
       FROM ledger_mark n LEFT JOIN ledger_open b ON b.id = n.id WHERE b.id IS NULL OR ${differs.join(' OR ')}
       UNION ALL SELECT ${id}, 'resolved', ${own('b')} FROM ledger_open b WHERE ${judged} AND b.id NOT IN (SELECT id FROM ledger_mark)`,
    )
    await copy(engine, 'SELECT * FROM ledger_event ORDER BY rule, id', join(dir, FILES.finding))
    const [count] = await engine.rows<{ opened: number; resolved: number }>(
      `SELECT count(*) FILTER (event = 'opened') AS opened, count(*) FILTER (event = 'resolved') AS resolved FROM ledger_event`,
    )
    return { opened: Number(count?.opened ?? 0), resolved: Number(count?.resolved ?? 0) }
  }
}

function hashedSql(observed: string, more = ''): string {
  const hashes = GROUP_NAMES.map((group) => `CASE WHEN t_${group} THEN ${hashSql(group)} END AS h_${group}`)
  return `SELECT rid, ${KEY} AS k, ${hashes.join(', ')}${more} FROM (${observed})`
}

/** Few names in millions of rows: as a type of their own they are written without being compared. */
function channelType({ channels }: Store): string {
  return `ENUM(${channels.map(({ id }) => literal(id)).join(', ')})`
}

function auditSql({ id }: AuditHead): string {
  return `${literal(id)}::ENUM(${literal(id)})`
}

/** Columns of the file of changes, over what was observed and `has`. */
function valuesSql(store: Store, head: AuditHead): string {
  const values = GROUP_NAMES.flatMap((group) =>
    GROUPS[group].map(([name]) => `CASE WHEN has & ${BIT[group]} <> 0 THEN ${name} END AS ${name}`),
  )
  return `${auditSql(head)} AS audit, channel::${channelType(store)} AS channel, item, since, has, ${values.join(', ')}`
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
      file.sheet === null ? file.path : `${file.path}#${file.sheet}`,
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
