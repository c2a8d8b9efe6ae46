/** The files of the ledger's entries, and how they are read. */
import { join } from 'node:path'
import { fingerprint } from '../base/hash.ts'
import { type Engine, literal } from '../engine/engine.ts'
import { FILES, type LedgerEntry, type LedgerPack, lacks } from './ledger-folder.ts'

/** Columns of the file of changes behind audit, channel, item, since and has, by what changes together. */
export const GROUPS = {
  price: [
    ['regular', 'DECIMAL(18,6)'],
    ['sale', 'DECIMAL(18,6)'],
    ['effective', 'DECIMAL(18,6)'],
    ['currency', 'VARCHAR'],
    ['announced', 'BOOLEAN'],
    ['prior_shown', 'DECIMAL(18,6)'],
  ],
  stock: [
    ['available', 'DECIMAL(18,6)'],
    ['on_hand', 'DECIMAL(18,6)'],
  ],
  listing: [
    ['state', 'VARCHAR'],
    ['gtin14', 'BIGINT'],
    ['brand', 'VARCHAR'],
    ['pack', 'INTEGER'],
  ],
} as const satisfies Record<string, readonly (readonly [string, string])[]>
export type Group = keyof typeof GROUPS
export const GROUP_NAMES: readonly Group[] = ['price', 'stock', 'listing']

/** Bits of `has`: which groups a row tells, or that the article is gone. */
export const BIT: Readonly<Record<Group | 'gone', number>> = { price: 1, stock: 2, listing: 4, gone: 8 }

const CHANGE_COLUMNS: readonly (readonly [string, string])[] = [
  ['audit', 'VARCHAR'],
  ['channel', 'VARCHAR'],
  ['item', 'VARCHAR'],
  ['since', 'TIMESTAMP'],
  ['has', 'UTINYINT'],
  ...GROUPS.price,
  ...GROUPS.stock,
  ...GROUPS.listing,
]

export const SOURCE_COLUMNS: readonly (readonly [string, string])[] = [
  ['audit', 'VARCHAR'],
  ['channel', 'VARCHAR'],
  ['path', 'VARCHAR'],
  ['platform', 'VARCHAR'],
  ['kind', 'VARCHAR'],
  ['as_of', 'TIMESTAMP'],
  ['since', 'TIMESTAMP'],
  ['data_as_of', 'TIMESTAMP'],
  ['rows', 'BIGINT'],
  ['quarantined', 'BIGINT'],
  ['sha256', 'VARCHAR'],
  ['header', 'VARCHAR'],
  ['columns', 'VARCHAR'],
  ['fields', 'VARCHAR'],
  ['statuses', 'VARCHAR'],
  ['prices', 'BOOLEAN'],
  ['stocks', 'BOOLEAN'],
]

export const FINDING_COLUMNS: readonly (readonly [string, string])[] = [
  ['audit', 'VARCHAR'],
  ['event', 'VARCHAR'],
  ['id', 'VARCHAR'],
  ['rule', 'VARCHAR'],
  ['code', 'VARCHAR'],
  ['severity', 'VARCHAR'],
  ['status', 'VARCHAR'],
  ['market', 'VARCHAR'],
  ['owner', 'VARCHAR'],
  ['item', 'VARCHAR'],
  ['explained', 'BOOLEAN'],
]

/** Kinds of which the whole ledger is read: they have packs. */
export const PACKED = ['source', 'finding'] as const

/** Packs are read by the names and types of their columns. */
export function packForm(kind: (typeof PACKED)[number]): string {
  return fingerprint(...COLUMNS[kind].flat()).slice(0, 12)
}

/** The pack that reaches furthest. */
export function packOf(kind: string, entries: readonly LedgerEntry[], form: string): LedgerPack | null {
  const own = entries[0]?.packs.filter((pack) => pack.kind === kind && pack.form === form) ?? []
  return own.reduce<LedgerPack | null>((best, pack) => (best === null || pack.last > best.last ? pack : best), null)
}

/** What is known when an audit begins. An import may tell of a time that reaches past the audit: what lies before it counts. */
export function knownBefore(entries: readonly LedgerEntry[], asOf: string): readonly LedgerEntry[] {
  return entries.filter(({ kind, as_of }) => kind === 'import' || Date.parse(as_of) < Date.parse(asOf))
}

/** Entries whose changes are not known: what was then is unknown until an article is seen again. Channels null for any. */
export function lostChanges(
  entries: readonly LedgerEntry[],
): readonly { readonly seq: number; readonly channels: readonly string[] | null }[] {
  const unread = (entries[0]?.unread ?? []).map((seq) => ({ seq, channels: null }))
  return [...unread, ...entries.filter((entry) => lacks(entry, 'change'))]
}

/** SELECT of a kind of file over some entries, with `seq`, the number of the entry. */
export function filesSql(kind: keyof typeof FILES, entries: readonly LedgerEntry[]): string {
  const columns: readonly (readonly [string, string])[] = COLUMNS[kind]
  const pack = kind === 'change' ? null : packOf(kind, entries, packForm(kind))
  const having = entries.filter(({ files, seq }) => files.has(FILES[kind]) && seq > (pack?.last ?? 0))
  const names = columns.map(([name]) => `"${name}"`).join(', ')
  const parts =
    pack === null ? [] : [`SELECT ${names}, seq FROM read_parquet(${literal(pack.path)})${inPack(pack, entries)}`]
  if (having.length > 0) {
    const paths = having.map(({ dir }) => literal(join(dir, FILES[kind])))
    // Each file is of one entry: comparing the entry's name with every row's costs more than reading the rows.
    const seq = `([${having.map((entry) => entry.seq).join(', ')}]::INTEGER[])[file_index::INTEGER + 1]`
    parts.push(`SELECT ${names}, ${seq} AS seq FROM read_parquet([${paths.join(', ')}])`)
  }
  if (parts.length === 0)
    return `SELECT ${columns.map(([name, type]) => `NULL::${type} AS "${name}"`).join(', ')}, NULL::INTEGER AS seq WHERE FALSE`
  return parts.join(' UNION ALL ')
}

/** Of a pack only what is asked for. */
function inPack(pack: LedgerPack, entries: readonly LedgerEntry[]): string {
  const asked = entries.filter(({ seq }) => seq <= pack.last).map(({ seq }) => seq)
  return asked.length === pack.entries ? '' : ` WHERE list_contains([${asked.join(', ')}]::INTEGER[], seq)`
}

const COLUMNS = { change: CHANGE_COLUMNS, source: SOURCE_COLUMNS, finding: FINDING_COLUMNS } as const

/** ISO 8601 as a timestamp of the engine. */
export function timestamp(instant: string): string {
  return `TIMESTAMP ${literal(instant.replace('T', ' ').replace('Z', ''))}`
}

/** @param order - `any` where readers ask for none: keeping one costs a third more. */
export function copy(engine: Engine, select: string, path: string, order: 'kept' | 'any' = 'kept'): Promise<void> {
  // Where everything is written, nearly every value is another one: looking for those that repeat costs more than it saves.
  const any = order === 'any' ? ', PRESERVE_ORDER false, DICTIONARY_SIZE_LIMIT 1' : ''
  const options = `FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd${any}`
  return engine.run(`COPY (${select}) TO ${literal(path)} (${options})`)
}
