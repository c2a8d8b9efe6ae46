/** Adds an entry to `suppressions.yaml`, and leaves everything else in it, comments too, as people wrote it. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { Document, isSeq, parseDocument } from 'yaml'
import { fail } from '../diagnostics/diagnostic.ts'
import type { SuppressionStatus } from '../model/silence.ts'
import { readSuppressions } from './suppressions.ts'

export interface NewSuppression {
  readonly finding: string
  readonly status: SuppressionStatus
  readonly reason: string
  readonly owner: string
  /** Day: `2027-01-31`. */
  readonly expires: string
  /** What a person reads of it in the file. */
  readonly comment: string
}

/**
 * @param shown - The path as diagnostics print it.
 * @throws DiagnosticError when the file is not what it should be, before or after; then it stays as it was.
 */
export async function addSuppression(path: string, shown: string, entry: NewSuppression, latest: Date): Promise<void> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null
    throw fail('silence/unreadable', { file: shown, reason: cause.code ?? cause.message }, null, cause)
  })
  // Whatever is wrong with the file as it is has to be told first.
  if (text !== null) await readSuppressions(path, shown, latest)
  const document = text === null ? new Document({ version: 1, suppressions: [] }) : parseDocument(text)
  const { comment, ...fields } = entry
  const node = document.createNode(fields)
  node.commentBefore = ` ${comment.replaceAll(/\s+/g, ' ')}`
  const list = document.get('suppressions')
  if (!isSeq(list)) throw fail('silence/unreadable', { file: shown, reason: 'suppressions' })
  list.flow = false
  list.add(node)
  const partial = `${path}.partial-${process.pid}`
  try {
    await writeFile(partial, document.toString({ lineWidth: 0 }), { mode: 0o600 })
    await readSuppressions(partial, shown, latest)
    await rename(partial, path)
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined)
    if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') {
      throw fail('silence/unwritable', { file: shown, reason: cause.code }, null, cause)
    }
    throw cause
  }
}
