/** A folder for what an operation needs only while it runs. */
import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fail } from '../diagnostics/diagnostic.ts'

export interface WorkFolder {
  readonly path: string
  remove(): Promise<void>
}

/**
 * Makes an empty folder that only its owner can read. It goes when it is removed, and at the latest when the process ends.
 *
 * @throws DiagnosticError `usage/output-failed` when the system's folder for temporary files cannot be written.
 */
export async function openWorkFolder(): Promise<WorkFolder> {
  const path = await mkdtemp(join(tmpdir(), 'omniparity-')).catch((cause: NodeJS.ErrnoException) => {
    throw fail('usage/output-failed', { output: tmpdir(), reason: cause.code ?? cause.message }, null, cause)
  })
  // An interrupted run may end before anybody awaits its end.
  const atExit = (): void => rmSync(path, { recursive: true, force: true })
  process.once('exit', atExit)
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true })
      process.removeListener('exit', atExit)
    },
  }
}
