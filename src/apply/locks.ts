/**
 * Locks between runs, as files. Whoever wants one first announces itself under a name that nobody else ever has, and then
 * looks who else is there: of two that come at once at least one sees the other, so two never hold one lock. A file whose
 * process is dead may be taken away by anybody, because no other process will have its name.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sha256 } from '../base/hash.ts'
import { fail } from '../diagnostics/diagnostic.ts'

const TRIES = 4
const PAUSE_MS = 40

export interface LockHolder {
  readonly pid: number
  readonly host: string
  /** When the process began, as its system tells it: numbers of processes are used again. Null where it tells nothing. */
  readonly born: string | null
  readonly what: string
}

export interface Lock {
  release(): Promise<void>
}

/**
 * @param folder - Holds the locks of a project; made when it is missing.
 * @param name - What must be done by one alone.
 * @param what - For people who find it locked.
 * @throws DiagnosticError `apply/locked` while another process has it, `apply/unwritable`.
 */
export async function takeLock(folder: string, name: string, what: string): Promise<Lock> {
  const prefix = `${sha256(name).slice(0, 16)}.`
  const own = `${prefix}${randomUUID()}`
  const path = join(folder, own)
  const holder: LockHolder = { pid: process.pid, host: hostname(), born: await birthOf(process.pid), what }
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (let left = TRIES; ; left--) {
      await announce(path, holder)
      const other = await findOther(folder, prefix, own)
      if (other === null) return { release: () => rm(path, { force: true }) }
      await rm(path, { force: true })
      if (left <= 1) throw fail('apply/locked', { what, pid: other.pid, host: other.host, file: other.file })
      // Two that came at once must not go on seeing each other.
      await sleep(PAUSE_MS * (1 + (Number.parseInt(own.slice(-2), 16) % 8)) * (TRIES - left + 1) * 0.5)
    }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string')
      throw fail('apply/unwritable', { file: folder, reason: cause.code }, null, cause)
    throw cause
  }
}

/** Whole or not at all: a half-written file could be taken for one of a dead process. */
async function announce(path: string, holder: LockHolder): Promise<void> {
  const partial = `${path}.partial`
  await writeFile(partial, JSON.stringify(holder), { mode: 0o600 })
  await rename(partial, path)
}

async function findOther(
  folder: string,
  prefix: string,
  own: string,
): Promise<(LockHolder & { readonly file: string }) | null> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || name === own || name.endsWith('.partial')) continue
    const file = join(folder, name)
    const text = await readFile(file, 'utf8').catch(() => null)
    if (text === null) continue
    const holder = parseHolder(text)
    if (await isAlive(holder)) return { ...holder, file }
    await rm(file, { force: true })
  }
  return null
}

function parseHolder(text: string): LockHolder {
  try {
    const { pid, host, born, what } = JSON.parse(text) as Partial<LockHolder>
    return { pid: Number(pid), host: String(host), born: born ?? null, what: String(what) }
  } catch {
    // Somebody has written into it: only a person can say whose it is.
    return { pid: 0, host: '?', born: null, what: '' }
  }
}

/** Of another machine nobody here can tell: its lock stands until a person takes it away. */
async function isAlive({ pid, host, born }: LockHolder): Promise<boolean> {
  if (host !== hostname()) return true
  if (!exists(pid)) return false
  const now = await birthOf(pid)
  return born === null || now === null || born === now
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return !(cause instanceof Error && 'code' in cause && cause.code === 'ESRCH')
  }
}

/** Boot of the machine and start of the process since then, where the system has `/proc`. */
async function birthOf(pid: number): Promise<string | null> {
  const [stat, boot] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
  ])
  // The name of the program stands in brackets and may have blanks and brackets in it; the start is field 22.
  const started = stat
    ?.slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .at(19)
  return started === undefined ? null : `${boot.trim()} ${started}`
}
