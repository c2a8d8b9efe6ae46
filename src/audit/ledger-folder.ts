/**
 * The ledger as files: one folder per entry below `<state>/ledger/`, written under a temporary name and renamed, never
 * changed afterwards. Whoever adds one holds the lock, so entries are numbered in the order in which they came.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { now } from '../base/clock.ts'
import { sha256 } from '../base/hash.ts'
import { fail } from '../diagnostics/diagnostic.ts'

export const FILES = { change: 'change.parquet', source: 'source.parquet', finding: 'finding.parquet' } as const

/** Raised when a program of version n would misread the folder. */
const STATE_FORMAT = 'omniparity-state/1'
const ENTRY_FORMAT = 'omniparity-ledger/1'

const Count = z.object({ rule: z.string(), severity: z.string(), channel: z.string().nullable(), findings: z.number() })
const Totals = z.object({
  error: z.number(),
  warning: z.number(),
  info: z.number(),
  known: z.number(),
  suppressed: z.number(),
  explained: z.number(),
})
const Head = z.object({
  format: z.literal(ENTRY_FORMAT),
  id: z.string(),
  /** `import`: earlier prices that a person brought. `replay`: an audit as of a moment before another one: it observed nothing. */
  kind: z.enum(['audit', 'import', 'replay']),
  as_of: z.string().refine((text) => !Number.isNaN(Date.parse(text))),
  started_at: z.string(),
  finished_at: z.string(),
  snapshot: z.string().nullable(),
  config_sha256: z.string().nullable(),
  /** Rules that were judged: only their findings can be resolved by this audit. */
  rules: z.array(z.string()),
  /** Channels that were read. */
  channels: z.array(z.string()),
  /** Not the whole project was audited: nothing counts as gone or resolved. */
  partial: z.boolean(),
  totals: Totals.nullable(),
  /** Root findings by rule, severity and channel. */
  counts: z.array(Count),
  opened: z.number(),
  resolved: z.number(),
  /** The last entry of which it was known that what became of findings is lost: everything that was there is told again. */
  lost: z.number().optional(),
})
export type LedgerHead = z.infer<typeof Head>
type NewHead = Omit<LedgerHead, 'format' | 'counts'> & { readonly counts: readonly LedgerHead['counts'][number][] }

export interface LedgerEntry extends LedgerHead {
  /** Position in the ledger, from 1. */
  readonly seq: number
  readonly dir: string
  /** Those that can be read. */
  readonly files: ReadonlySet<string>
  /** Numbers of entries that are gone or cannot be read at all, the same for all entries of a reading. */
  readonly unread: readonly number[]
  /** Copies of the whole ledger up to some entry, the same for all entries of a reading. */
  readonly packs: readonly LedgerPack[]
}

/** A copy of what the entries up to `last` say, which are so many. */
export interface LedgerPack {
  readonly kind: string
  readonly last: number
  readonly entries: number
  /** Packs of another form are not understood. */
  readonly form: string
  readonly path: string
}

const PACK = /^pack-([a-z]+)-(\d{6})-(\d+)-([\w.]+)\.parquet$/

export function packName(kind: string, last: number, entries: number, form: string): string {
  return `pack-${kind}-${String(last).padStart(6, '0')}-${entries}-${form}.parquet`
}

/** What an entry of a kind always has. */
const HELD: Readonly<Record<LedgerHead['kind'], readonly (keyof typeof FILES)[]>> = {
  audit: ['change', 'source', 'finding'],
  import: ['change', 'source'],
  replay: ['source'],
}

/** Whether the entry should have a file of the kind, and has none that can be read. */
export function lacks({ kind, files }: LedgerEntry, file: keyof typeof FILES): boolean {
  return HELD[kind].includes(file) && !files.has(FILES[file])
}

/** Numbers of entries of which nobody knows what became of findings. */
export function lostFindings(entries: readonly LedgerEntry[]): readonly number[] {
  const lost = entries.filter((entry) => lacks(entry, 'finding')).map(({ seq }) => seq)
  return [...(entries[0]?.unread ?? []), ...lost].sort((a, b) => a - b)
}

const NAME = /^(\d{6})-[0-9a-f]{8}$/
const PARTIAL = /^partial-([0-9a-f]{8})-(\d+)-/
/** Process numbers mean something on their own machine only. */
const MACHINE = sha256(hostname()).slice(0, 8)

export class LedgerFolder {
  readonly state: string
  readonly path: string
  #damaged: readonly string[] = []

  constructor(state: string) {
    this.state = state
    this.path = join(state, 'ledger')
  }

  /** @throws DiagnosticError `state/newer`, `state/unwritable`. */
  async prepare(): Promise<void> {
    try {
      await mkdir(this.state, { recursive: true, mode: 0o700 })
      await mkdir(this.path, { recursive: true, mode: 0o700 })
      await writeOnce(join(this.state, 'version'), `${STATE_FORMAT}\n`)
      // What an audit keeps is no source text; who wants it versioned says so.
      await writeOnce(join(this.state, '.gitignore'), '*\n')
    } catch (cause) {
      throw unwritable(this.state, cause)
    }
    await this.#checkVersion()
  }

  /** Folders of entries of which the last reading of {@link entries} could not read everything. */
  get damaged(): readonly string[] {
    return this.#damaged
  }

  /** Entries so far, oldest first. One whose head cannot be read is none. */
  async entries(): Promise<readonly LedgerEntry[]> {
    await this.#checkVersion()
    const names = (await readdir(this.path).catch(() => [])).sort()
    const own = names.filter((name) => NAME.test(name))
    const found = await Promise.all(own.map((name) => readEntry(join(this.path, name), name)))
    const entries = found.filter((entry) => entry !== null)
    const kinds = ['change', 'source', 'finding'] as const
    this.#damaged = own.flatMap((name, at) => {
      const entry = found[at] ?? null
      return entry === null || kinds.some((kind) => lacks(entry, kind)) ? [join(this.path, name)] : []
    })
    const numbers = new Set(entries.map(({ seq }) => seq))
    const unread = Array.from({ length: numberOf(own.at(-1) ?? '') }, (_, at) => at + 1).filter(
      (seq) => !numbers.has(seq),
    )
    const packs = (await Promise.all(names.map((name) => this.#pack(name, entries)))).filter((pack) => pack !== null)
    return entries.map((entry) => ({ ...entry, packs, unread }))
  }

  async #pack(name: string, entries: readonly LedgerEntry[]): Promise<LedgerPack | null> {
    const [, kind, last, count, form] = PACK.exec(name) ?? []
    if (kind === undefined || form === undefined) return null
    const pack = { kind, last: Number(last), entries: Number(count), form, path: join(this.path, name) }
    // Of an entry that is gone or damaged a pack must not tell any more.
    const isOf = entries.filter(({ seq }) => seq <= pack.last).length === pack.entries
    return isOf && (await isWholeFile(pack.path)) ? pack : null
  }

  /** A folder for an entry that is being written. */
  async begin(): Promise<string> {
    const dir = join(this.path, `partial-${MACHINE}-${process.pid}-${randomUUID().slice(0, 8)}`)
    await mkdir(dir, { mode: 0o700 }).catch((cause: unknown) => {
      throw unwritable(this.state, cause)
    })
    return dir
  }

  /** Adds what {@link begin} began, and gives its number. The caller holds the lock. */
  async commit(dir: string, head: NewHead): Promise<number> {
    const names = (await readdir(this.path)).filter((name) => NAME.test(name)).sort()
    const last = numberOf(names.at(-1) ?? '')
    const text = `${JSON.stringify({ format: ENTRY_FORMAT, ...head })}\n`
    await writeFile(join(dir, 'entry.json'), text, { mode: 0o600 })
    const name = `${String(last + 1).padStart(6, '0')}-${head.id.replaceAll('-', '').slice(0, 8)}`
    await rename(dir, join(this.path, name))
    await this.#sweep()
    return last + 1
  }

  async discard(dir: string): Promise<void> {
    await rm(dir, { recursive: true, force: true })
  }

  /** Runs `work` while nobody else adds an entry. */
  async locked<T>(work: () => Promise<T>): Promise<T> {
    const lock = join(this.path, 'lock')
    const own = JSON.stringify({ pid: process.pid, host: hostname(), key: randomUUID() })
    await acquire(lock, own).catch((cause: unknown) => {
      throw unwritable(this.state, cause)
    })
    try {
      return await work()
    } finally {
      if ((await readFile(lock, 'utf8').catch(() => null)) === own) await rm(lock, { force: true })
    }
  }

  /** Takes away what killed runs left unfinished. */
  async #sweep(): Promise<void> {
    for (const name of await readdir(this.path)) {
      const [, machine, pid] = PARTIAL.exec(name) ?? []
      if (pid === undefined) continue
      const age = now().getTime() - ((await stat(join(this.path, name)).catch(() => null))?.mtimeMs ?? 0)
      if ((machine === MACHINE && !isAlive(Number(pid))) || age > DAY)
        await rm(join(this.path, name), { recursive: true, force: true })
    }
  }

  async #checkVersion(): Promise<void> {
    const found = (await readFile(join(this.state, 'version'), 'utf8').catch(() => STATE_FORMAT)).trim()
    if (found !== STATE_FORMAT) throw fail('state/newer', { folder: this.state, found, known: STATE_FORMAT })
  }
}

const DAY = 86_400_000
/** A lock is held for seconds; one this old on another machine belongs to nobody. */
const STALE_MS = 600_000
const PATIENCE_MS = 120_000
const PAUSE_MS = 50

async function acquire(lock: string, own: string): Promise<void> {
  const until = now().getTime() + PATIENCE_MS
  for (;;) {
    try {
      return await writeFile(lock, own, { flag: 'wx', mode: 0o600 })
    } catch (cause) {
      if (!isCode(cause, 'EEXIST')) throw cause
    }
    await breakStale(lock)
    if (now().getTime() > until) throw new Error('EBUSY')
    await sleep(PAUSE_MS)
  }
}

/** Takes the lock of a process that is no more out of the way. Renaming it is what only one of several can do. */
async function breakStale(lock: string): Promise<void> {
  const text = await readFile(lock, 'utf8').catch(() => null)
  if (text === null || !(await isStale(lock, text))) return
  const aside = `${lock}.stale-${process.pid}-${randomUUID().slice(0, 8)}`
  if (
    !(await rename(lock, aside).then(
      () => true,
      () => false,
    ))
  )
    return
  // Another process may have taken it over in between: then it is given back.
  if ((await readFile(aside, 'utf8').catch(() => null)) === text) await rm(aside, { force: true })
  else await rename(aside, lock)
}

async function isStale(lock: string, text: string): Promise<boolean> {
  const age = now().getTime() - ((await stat(lock).catch(() => null))?.mtimeMs ?? now().getTime())
  const [, pid, host] = /"pid":(\d+),"host":"([^"]*)"/.exec(text) ?? []
  // A file without text is one that is just being written, or whose writer was killed at that.
  if (pid === undefined) return age > 5000
  return host === hostname() ? !isAlive(Number(pid)) : age > STALE_MS
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return isCode(cause, 'EPERM')
  }
}

function isCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === code
}

async function writeOnce(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx', mode: 0o600 }).catch((cause: unknown) => {
    if (!isCode(cause, 'EEXIST')) throw cause
  })
}

async function readEntry(dir: string, name: string): Promise<LedgerEntry | null> {
  const text = await readFile(join(dir, 'entry.json'), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    const head = Head.parse(JSON.parse(text))
    const names = await readdir(dir)
    const whole = await Promise.all(
      names.map(async (name) => !name.endsWith('.parquet') || (await isWholeFile(join(dir, name)))),
    )
    const files = new Set(names.filter((_, at) => whole[at]))
    return { ...head, seq: numberOf(name), dir, files, packs: [], unread: [] }
  } catch {
    return null
  }
}

function numberOf(name: string): number {
  return Number(NAME.exec(name)?.[1] ?? 0)
}

const MAGIC = 'PAR1'
/** Behind the footer: its length in four bytes, and the magic word. */
const TAIL = 8

/** Whether a Parquet file ends as one that was written to its end: what was cut off, or was never there, does not. */
export async function isWholeFile(path: string): Promise<boolean> {
  const file = await open(path).catch(() => null)
  if (file === null) return false
  try {
    const { size } = await file.stat()
    if (size < MAGIC.length + TAIL) return false
    const tail = Buffer.alloc(TAIL)
    await file.read(tail, 0, TAIL, size - TAIL)
    return tail.toString('latin1', 4) === MAGIC && tail.readUInt32LE(0) + MAGIC.length + TAIL <= size
  } catch {
    return false
  } finally {
    await file.close()
  }
}

function unwritable(folder: string, cause: unknown): Error {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  return fail('state/unwritable', { folder, reason }, null, cause)
}
