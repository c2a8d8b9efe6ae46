/** What an audit observed: prices, stock and states that changed since the last observation, as a file of the ledger. */
import { readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Engine, literal } from '../engine/engine.ts'
import type { Store } from '../ingest/tables.ts'
import { BIT, copy, filesSql, GROUP_NAMES, GROUPS, type Group, lostChanges, timestamp } from './ledger-files.ts'
import { FILES, isWholeFile, type LedgerEntry, type LedgerFolder, type LedgerHead } from './ledger-folder.ts'
import { hashSql, KEY, observedSql, sharedNames, tells } from './ledger-observe.ts'

/** Fewer changed rows than this are read faster than an index of them. */
const WORTH_AN_INDEX = 50_000
const INDEX_FILE = 'index.parquet'
const INDEX = /^index-(\d{6})-(.+)\.parquet$/

export type ObservedHead = Pick<LedgerHead, 'id' | 'as_of' | 'partial'>

/** Looks at the store once, against the entries that the ledger had at that moment. */
export class Observation {
  readonly #engine: Engine
  readonly #folder: LedgerFolder
  readonly #entries: readonly LedgerEntry[]
  /** Number of the last entry whose changes are not known: what was before is no state to compare with. 0 for none. */
  readonly #lost: number
  /** Folder with an index of what was seen that has no name yet, because its entry has none. */
  #unnamed: string | null = null

  constructor(engine: Engine, folder: LedgerFolder, entries: readonly LedgerEntry[]) {
    this.#engine = engine
    this.#folder = folder
    this.#entries = entries
    this.#lost = Math.max(0, ...lostChanges(entries).map(({ seq }) => seq))
  }

  /** Whether these are the entries that it was made against. */
  isOf(entries: readonly LedgerEntry[]): boolean {
    return entries.length === this.#entries.length && entries.every(({ dir }, at) => dir === this.#entries[at]?.dir)
  }

  /** Writes the file of changes into `dir`. */
  async write(store: Store, head: ObservedHead, instants: readonly string[], dir: string): Promise<void> {
    const isFirst = !this.#entries.some(({ files, seq }) => seq > this.#lost && files.has(FILES.change))
    if (isFirst) await this.#writeAll(store, head, instants, dir)
    else await this.#writeChanges(store, head, instants, dir)
  }

  /** Gives the index of what was seen its place, now that the entry has a number. */
  async settle(seq: number): Promise<void> {
    if (this.#unnamed !== null) await this.#nameIndex(join(this.#unnamed, INDEX_FILE), seq)
    await this.discard()
  }

  async discard(): Promise<void> {
    if (this.#unnamed !== null) await this.#folder.discard(this.#unnamed)
    this.#unnamed = null
  }

  /** Where nothing is known, everything has changed. */
  async #writeAll(store: Store, head: ObservedHead, instants: readonly string[], dir: string): Promise<void> {
    const engine = this.#engine
    const observed = observedSql(store, head.as_of, instants)
    await this.#observe(observedSql(store, head.as_of, instants, await sharedNames(engine)))
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
    await this.#writeFirstIndex(
      `SELECT * FROM (SELECT o.k, o.channel, ${told.join(', ')} FROM ${seen(hashed, 'o.k')})
       WHERE ${GROUP_NAMES.map((group) => `h_${group} IS NOT NULL`).join(' OR ')}`,
    )
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

  async #writeChanges(store: Store, head: ObservedHead, instants: readonly string[], dir: string): Promise<void> {
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
  async #gone(store: Store, head: ObservedHead, instants: readonly string[]): Promise<string> {
    if (head.partial) return ''
    const whole = store.channels.filter(
      (channel, index) => !store.failed.has(channel.id) && !mayHaveMore(store, index) && tells(store, index, 'listing'),
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
    const later = this.#entries.filter(({ seq }) => seq > Math.max(index?.seq ?? 0, this.#lost))
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
    const form = await this.#form()
    const found = (await readdir(this.#folder.path)).flatMap((name) => {
      const [, seq, own] = INDEX.exec(name) ?? []
      // The hashes of another version of the engine may be others.
      return own === form ? [{ path: join(this.#folder.path, name), seq: Number(seq) }] : []
    })
    const imported = this.#entries.findLast(({ kind }) => kind === 'import')?.seq ?? 0
    for (const index of found.filter(({ seq }) => seq >= imported).sort((a, b) => b.seq - a.seq)) {
      if (await isWholeFile(index.path)) return index
    }
    return null
  }

  /** One that was written before changes were lost knows too much: what it has is in no entry any more. */
  async #form(): Promise<string> {
    const [row] = await this.#engine.rows<{ v: string }>('SELECT version() AS v')
    const version = (row?.v ?? 'unknown').replace(/[^\w.]/g, '')
    return this.#lost === 0 ? version : `${version}-${this.#lost}`
  }

  /** What the first audit saw, so that the second need not read it again. */
  async #writeFirstIndex(select: string): Promise<void> {
    const [count] = await this.#engine.rows<{ n: number }>('SELECT count(*) AS n FROM listing_all')
    if (Number(count?.n ?? 0) < WORTH_AN_INDEX) return
    this.#unnamed = await this.#folder.begin()
    await copy(this.#engine, select, join(this.#unnamed, INDEX_FILE), 'any')
  }

  /** An index is a copy: it may go, and the next audit writes it anew. */
  async #writeIndex(seq: number, rows: number): Promise<void> {
    if (rows < WORTH_AN_INDEX || seq === 0) return
    const dir = await this.#folder.begin()
    try {
      await copy(this.#engine, 'SELECT * FROM ledger_state', join(dir, INDEX_FILE), 'any')
      await this.#nameIndex(join(dir, INDEX_FILE), seq)
    } finally {
      await this.#folder.discard(dir)
    }
  }

  async #nameIndex(path: string, seq: number): Promise<void> {
    const name = `index-${String(seq).padStart(6, '0')}-${await this.#form()}.parquet`
    const old = (await readdir(this.#folder.path)).filter((other) => other.startsWith('index-') && other !== name)
    await rename(path, join(this.#folder.path, name))
    for (const other of old) await rm(join(this.#folder.path, other), { force: true })
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

function auditSql({ id }: ObservedHead): string {
  return `${literal(id)}::ENUM(${literal(id)})`
}

/** Columns of the file of changes, over what was observed and `has`. */
function valuesSql(store: Store, head: ObservedHead): string {
  const values = GROUP_NAMES.flatMap((group) =>
    GROUPS[group].map(([name]) => `CASE WHEN has & ${BIT[group]} <> 0 THEN ${name} END AS ${name}`),
  )
  return `${auditSql(head)} AS audit, channel::${channelType(store)} AS channel, item, since, has, ${values.join(', ')}`
}

/** Whether what the channel does not list may stand in a record that could not be read. */
function mayHaveMore({ lost }: Store, index: number): boolean {
  return (lost.get(index)?.listing.size ?? 0) > 0
}
