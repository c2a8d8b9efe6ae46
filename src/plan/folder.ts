/** A folder that is there as a whole or not at all. */
import { rmSync } from 'node:fs'
import { chmod, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fail } from '../diagnostics/diagnostic.ts'

export interface WholeFolder {
  /** Where to write meanwhile. */
  readonly path: string
  /** Gives it its name. */
  finish(): Promise<void>
  /** Leaves nothing behind. Safe to call after `finish`. */
  discard(): Promise<void>
}

/** @throws DiagnosticError `plan/exists`, before any work is done for it. */
export async function refuseTaken(folder: string, shown: string): Promise<void> {
  if ((await stat(folder).catch(() => null)) !== null) throw fail('plan/exists', { folder: shown })
}

/** @throws DiagnosticError `plan/unwritable`, `plan/exists`. */
export async function openWholeFolder(folder: string, shown: string): Promise<WholeFolder> {
  const path = `${folder}.partial-${process.pid}`
  // An interrupted run may end before anybody awaits its end.
  const atExit = (): void => rmSync(path, { recursive: true, force: true })
  await unwritable(shown, async () => {
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 })
    await rm(path, { recursive: true, force: true })
    await mkdir(path, { mode: 0o700 })
  })
  process.once('exit', atExit)
  return {
    path,
    async finish() {
      await refuseTaken(folder, shown)
      await unwritable(shown, async () => {
        await chmod(path, 0o700)
        await rename(path, folder)
        await synced(dirname(folder))
      })
      process.removeListener('exit', atExit)
    },
    async discard() {
      await rm(path, { recursive: true, force: true })
      process.removeListener('exit', atExit)
    },
  }
}

/** Codes of the system that say something about the place, not about this program. */
const OF_THE_PLACE = new Set([
  'EACCES',
  'EPERM',
  'ENOSPC',
  'EROFS',
  'ENOTDIR',
  'EDQUOT',
  'ENAMETOOLONG',
  'EEXIST',
  'ENOTEMPTY',
])

/** Runs what writes, and words what the place says no to. */
export async function unwritable<T>(shown: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && OF_THE_PLACE.has(String(cause.code))) {
      throw fail('plan/unwritable', { folder: shown, reason: String(cause.code) }, null, cause)
    }
    throw cause
  }
}

async function synced(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null)
  // Some systems cannot sync a folder; the name is there all the same.
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
