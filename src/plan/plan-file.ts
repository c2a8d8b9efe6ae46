/**
 * Writes and reads `plan.json`. Both stream: a plan can have a million changes.
 *
 * The file is JSON with one change, action or unresolved finding a line. `sha256` is the hash of all bytes before the line
 * on which it stands, so a plan that was edited, reformatted or cut is recognised before anything in it is used.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { fail } from '../diagnostics/diagnostic.ts'
import { type Change, PLAN_FORMAT, type PlanAction, type PlanHead, type Unresolved } from '../model/plan.ts'
import { actionSchema, changeSchema, planHeadSchema, unresolvedSchema } from '../model/plan-schema.ts'
import { changeId } from './change-id.ts'

export interface PlanContent {
  readonly head: PlanHead
  readonly changes: AsyncIterable<readonly Change[]>
  readonly actions: readonly PlanAction[]
  /** Read after the changes are written. */
  readonly unresolved: AsyncIterable<readonly Unresolved[]>
}

const SECTIONS = ['changes', 'actions', 'unresolved'] as const
type Section = (typeof SECTIONS)[number]

/**
 * Writes a plan to a new file and waits until it is on the disk.
 *
 * @returns The plan's hash.
 */
export async function writePlanFile(path: string, content: PlanContent): Promise<string> {
  const file = await open(path, 'wx', 0o600)
  const hash = createHash('sha256')
  const write = async (text: string): Promise<void> => {
    hash.update(text)
    await file.writeFile(text)
  }
  try {
    await write(
      `{\n${Object.entries(content.head)
        .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)},\n`)
        .join('')}`,
    )
    await writeList(write, 'changes', content.changes)
    await writeList(write, 'actions', once(content.actions))
    await writeList(write, 'unresolved', content.unresolved)
    const sha256 = hash.digest('hex')
    await file.writeFile(`"sha256": "${sha256}"\n}\n`)
    await file.sync()
    return sha256
  } finally {
    await file.close()
  }
}

async function* once<T>(entries: readonly T[]): AsyncGenerator<readonly T[]> {
  if (entries.length > 0) yield entries
}

async function writeList(
  write: (text: string) => Promise<void>,
  name: Section,
  batches: AsyncIterable<readonly unknown[]>,
): Promise<void> {
  await write(`"${name}": [`)
  let before = '\n'
  for await (const batch of batches) {
    if (batch.length === 0) continue
    await write(`${before}${batch.map((entry) => JSON.stringify(entry)).join(',\n')}`)
    before = ',\n'
  }
  await write('\n],\n')
}

/** A plan whose hash and content were checked. It stays open: a file put in its place later is not read. */
export interface PlanFile {
  /** As it was named. */
  readonly path: string
  readonly head: PlanHead
  readonly actions: readonly PlanAction[]
  readonly count: { readonly changes: number; readonly unresolved: number }
  readonly sha256: string
  /** In the order of the file, in batches. @throws DiagnosticError `plan/edited` when the file changes meanwhile. */
  changes(): AsyncGenerator<readonly Change[]>
  unresolved(): AsyncGenerator<readonly Unresolved[]>
  close(): Promise<void>
}

/**
 * Opens a plan and reads it through once.
 *
 * @param path - The file, or the folder it stands in.
 * @throws DiagnosticError `plan/not-found`, `plan/bad-format`, `plan/newer`, `plan/edited`.
 */
export async function openPlan(path: string): Promise<PlanFile> {
  const file = await openFile(path)
  try {
    const reader = new Reader(path, file)
    const actions: PlanAction[] = []
    const count = { changes: 0, unresolved: 0 }
    const ids = new Set<string>()
    for await (const { section, entries } of reader.entries(null)) {
      if (section === 'actions') actions.push(...(entries as PlanAction[]))
      else count[section] += entries.length
      if (section !== 'changes') continue
      for (const { id } of entries as Change[]) ids.add(id)
    }
    if (ids.size !== count.changes) throw reader.bad(PROBLEMS.twice)
    const { head, sha256 } = reader
    if (head === null || sha256 === null) throw reader.bad(PROBLEMS.short)
    const only = async function* <T>(wanted: Section): AsyncGenerator<readonly T[]> {
      const again = new Reader(path, file)
      for await (const { section, entries } of again.entries(wanted)) if (section === wanted) yield entries as T[]
      if (again.sha256 !== sha256) throw fail('plan/edited', { file: path })
    }
    return {
      path,
      head,
      actions,
      count,
      sha256,
      changes: () => only<Change>('changes'),
      unresolved: () => only<Unresolved>('unresolved'),
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    const inner = (await stat(path)).isDirectory() ? join(path, 'plan.json') : path
    return await open(inner, 'r')
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw fail('plan/not-found', { file: path, reason }, null, cause)
  }
}

/** What can be wrong with the layout of the file, in both languages. */
const PROBLEMS = {
  twice: { en: 'a change stands in it twice', es: 'contiene dos veces el mismo cambio' },
  short: { en: 'it ends too early', es: 'termina antes de tiempo' },
  after: { en: 'something follows its end', es: 'hay algo después del final' },
  part: { en: 'a part is missing', es: 'falta una parte' },
  order: { en: 'its parts stand in another order', es: 'sus partes están en otro orden' },
  layout: { en: 'it is not laid out like a plan', es: 'no tiene la disposición de un plan' },
  encoding: { en: 'it is not UTF-8', es: 'no es UTF-8' },
  line: { en: 'a line is too long', es: 'una línea es demasiado larga' },
  json: { en: 'it is not JSON', es: 'no es JSON' },
  format: { en: 'it has no "format"', es: 'no tiene «format»' },
} as const

interface Entries {
  readonly section: Section
  readonly entries: readonly unknown[]
}

const SCHEMAS: Readonly<Record<Section, z.ZodType>> = {
  changes: changeSchema,
  actions: actionSchema,
  unresolved: unresolvedSchema,
}

/** No line of a plan is longer. */
const LONGEST = 4 * 1024 * 1024

class Reader {
  readonly #path: string
  readonly #file: FileHandle
  #line = 0
  head: PlanHead | null = null
  sha256: string | null = null

  constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }

  bad(problem: Readonly<Record<'en' | 'es', string>>): Error {
    return fail('plan/bad-format', { file: this.#path, problem }, { file: this.#path, line: Math.max(1, this.#line) })
  }

  /** @param wanted - The only section whose entries are parsed; null for all. */
  async *entries(wanted: Section | null): AsyncGenerator<Entries> {
    const hash = createHash('sha256')
    const headLines: string[] = []
    let section: Section | 'head' | 'between' | 'end' = 'head'
    let last = -1
    for await (const lines of this.#lines()) {
      let found: unknown[] = []
      for (const line of lines) {
        this.#line++
        if (section === 'end') {
          if (line !== '}' && line !== '') throw this.bad(PROBLEMS.after)
          continue
        }
        const stated = /^"sha256": "([0-9a-f]{64})"$/.exec(line)?.[1]
        if (section === 'between' && stated !== undefined) {
          if (last !== SECTIONS.length - 1) throw this.bad(PROBLEMS.part)
          if (hash.digest('hex') !== stated) throw fail('plan/edited', { file: this.#path })
          this.sha256 = stated
          section = 'end'
          continue
        }
        hash.update(`${line}\n`)
        const opened = SECTIONS.findIndex((name) => line === `"${name}": [`)
        if (opened >= 0 && (section === 'head' || section === 'between')) {
          if (opened !== last + 1) throw this.bad(PROBLEMS.order)
          if (section === 'head') this.head = this.#readHead(headLines)
          last = opened
          section = SECTIONS[opened] ?? 'between'
        } else if (section === 'head') {
          headLines.push(line)
          if (headLines.length > 1000) throw this.#foreign(headLines)
        } else if (line === '],') {
          if (section !== 'between' && found.length > 0) yield { section, entries: found }
          found = []
          section = 'between'
        } else if (section === 'between') {
          if (line !== '') throw this.bad(PROBLEMS.layout)
        } else if (wanted === null || wanted === section) {
          found.push(this.#entry(section, line))
        }
      }
      if (found.length > 0 && section !== 'head' && section !== 'between' && section !== 'end') {
        yield { section, entries: found }
      }
    }
    if (this.sha256 === null) throw last < 0 ? this.#foreign(headLines) : fail('plan/edited', { file: this.#path })
  }

  async *#lines(): AsyncGenerator<readonly string[]> {
    let rest = ''
    const decoder = new TextDecoder('utf-8', { fatal: true })
    for await (const chunk of chunksOf(this.#file)) {
      let text: string
      try {
        text = decoder.decode(chunk, { stream: true })
      } catch {
        throw this.bad(PROBLEMS.encoding)
      }
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST) throw this.bad(PROBLEMS.line)
      if (lines.length > 0) yield lines
    }
    if (rest !== '') yield [rest]
  }

  #readHead(lines: readonly string[]): PlanHead {
    const [first, ...others] = lines
    if (first !== '{') throw this.bad(PROBLEMS.layout)
    const json = `{${others.join('\n').replace(/,\s*$/, '')}}`
    const value = this.#json(json)
    const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : null
    if (format !== PLAN_FORMAT)
      throw fail('plan/newer', { file: this.#path, found: String(format).slice(0, 60), known: PLAN_FORMAT })
    return this.#held(planHeadSchema, value)
  }

  /** What is no plan of ours at all: another format, or JSON that was laid out anew. */
  #foreign(lines: readonly string[]): Error {
    const text = lines.join('\n')
    const format = /"format":\s*"([^"]{1,60})"/.exec(text)?.[1]
    if (format === undefined) return this.bad(PROBLEMS.format)
    if (format !== PLAN_FORMAT) return fail('plan/newer', { file: this.#path, found: format, known: PLAN_FORMAT })
    return fail('plan/edited', { file: this.#path })
  }

  #entry(section: Section, line: string): unknown {
    const value = this.#held(SCHEMAS[section], this.#json(line.endsWith(',') ? line.slice(0, -1) : line))
    if (section === 'changes' && changeId(value as Change) !== (value as Change).id) {
      throw fail('plan/edited', { file: this.#path })
    }
    return value
  }

  #json(text: string): unknown {
    try {
      return JSON.parse(text)
    } catch {
      throw this.bad(PROBLEMS.json)
    }
  }

  #held<T>(schema: z.ZodType<T>, value: unknown): T {
    const result = schema.safeParse(value)
    if (result.success) return result.data
    const [issue] = result.error.issues
    const text = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`
    throw this.bad({ en: text, es: text })
  }
}

/** From the start; a stream that is left early would close the file. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(1 << 18)
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}
