/** Leaves the report of an audit in the state folder; see stored-report.ts for what is written. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FindingLine } from '../audit/finding-store.ts'
import { now } from '../base/clock.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import {
  FINDINGS_FILE,
  HEAD_FILE,
  REPORTS_FOLDER,
  STORED_FORMAT,
  type StoredBlock,
  type StoredHead,
  storedReports,
} from './stored-report.ts'

/** Reports that are kept; the oldest goes when another one comes. */
export const REPORTS_KEPT = 20

/** Lines of one gzip member: few enough to be read for one page, enough to compress well. */
const BLOCK = 500
/** Members that are compressed at once, beside the reading of the next lines. */
const AT_ONCE = 2
/** A report takes seconds to write. */
const ABANDONED_MS = 86_400_000

const deflate = promisify(gzip)

/**
 * Writes the report whole or not at all, and takes the oldest ones away.
 *
 * @throws DiagnosticError `state/unwritable`.
 */
export async function keepReport(
  state: string,
  stored: Omit<StoredHead, 'format' | 'blocks'>,
  lines: AsyncIterable<readonly FindingLine[]>,
): Promise<void> {
  const folder = join(state, REPORTS_FOLDER)
  const partial = join(folder, `partial-${process.pid}-${randomUUID().slice(0, 8)}`)
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await mkdir(partial, { mode: 0o700 })
    const causes = new Set(stored.head.causes.map(({ id }) => id))
    const blocks = await writeFindings(join(partial, FINDINGS_FILE), lines, causes)
    const head: StoredHead = { format: STORED_FORMAT, ...stored, blocks }
    await writeFile(join(partial, HEAD_FILE), `${JSON.stringify(head)}\n`, { mode: 0o600 })
    await rename(partial, join(folder, stored.head.audit.id))
    await prune(state)
  } catch (cause) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined)
    if (!(cause instanceof Error && 'code' in cause && 'syscall' in cause)) throw cause
    throw fail('state/unwritable', { folder: state, reason: String(cause.code) }, null, cause)
  }
}

async function writeFindings(
  path: string,
  lines: AsyncIterable<readonly FindingLine[]>,
  causes: ReadonlySet<string>,
): Promise<StoredBlock[]> {
  const file = await open(path, 'wx', 0o600)
  try {
    const blocks: StoredBlock[] = []
    const waiting: { readonly lines: readonly FindingLine[]; readonly bytes: Promise<Buffer> }[] = []
    const settle = async (most: number): Promise<void> => {
      while (waiting.length > most) {
        const first = waiting.shift()
        if (first !== undefined) blocks.push(await append(file, blocks.at(-1), first.bytes, first.lines, causes))
      }
    }
    for await (const block of inBlocks(lines)) {
      const bytes = deflate(`${block.map(({ json }) => json).join('\n')}\n`, { level: 1 })
      bytes.catch(() => undefined)
      waiting.push({ lines: block, bytes })
      await settle(AT_ONCE)
    }
    await settle(0)
    return blocks
  } finally {
    await file.close()
  }
}

async function* inBlocks(lines: AsyncIterable<readonly FindingLine[]>): AsyncGenerator<readonly FindingLine[]> {
  let rest: readonly FindingLine[] = []
  for await (const batch of lines) {
    rest = rest.length === 0 ? batch : [...rest, ...batch]
    let at = 0
    for (; rest.length - at >= BLOCK; at += BLOCK) yield rest.slice(at, at + BLOCK)
    rest = rest.slice(at)
  }
  if (rest.length > 0) yield rest
}

async function append(
  file: FileHandle,
  last: StoredBlock | undefined,
  compressed: Promise<Buffer>,
  lines: readonly FindingLine[],
  causes: ReadonlySet<string>,
): Promise<StoredBlock> {
  const bytes = await compressed
  await file.writeFile(bytes)
  const listed = counted(lines.flatMap(({ rule, isListed }) => (isListed ? [rule] : [])))
  // Every root may explain something; the causes are few.
  const explained = counted(lines.flatMap(({ explainedBy: by }) => (by !== null && causes.has(by) ? [by] : [])))
  const at = last === undefined ? 0 : last.at + last.size
  return { at, size: bytes.length, findings: lines.length, listed, explained }
}

function counted(words: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return Object.fromEntries(counts)
}

/** Takes away the oldest reports, and what killed runs have left. */
async function prune(state: string): Promise<void> {
  const folder = join(state, REPORTS_FOLDER)
  const age = async (name: string): Promise<number> => (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? 0
  const kept = await Promise.all((await storedReports(state)).map(async (name) => ({ name, time: await age(name) })))
  const old = kept.sort((a, b) => b.time - a.time).slice(REPORTS_KEPT)
  for (const { name } of old) await rm(join(folder, name), { recursive: true, force: true })
  for (const name of await readdir(folder)) {
    if (!name.startsWith('partial-') || now().getTime() - (await age(name)) < ABANDONED_MS) continue
    await rm(join(folder, name), { recursive: true, force: true })
  }
}
