/** The folder of runs: `<state>/runs/<run>/journal.ndjson`. A run belongs to one plan, and a plan has one run. */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { now } from '../base/clock.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { RUN_FORMAT } from '../model/run.ts'
import { Journal, readJournal } from './journal.ts'
import type { JournalLine } from './journal-lines.ts'
import { RunState } from './run-state.ts'

type Begin = JournalLine & { readonly type: 'begin' }

/** Where something was begun and never became a run. */
const PARTIAL = '.partial-'
const DAY_MS = 86_400_000

export interface RunRecord {
  readonly run: string
  readonly begin: Begin
  readonly journal: string
}

export class Runs {
  readonly path: string

  constructor(state: string) {
    this.path = join(state, 'runs')
  }

  /** Runs so far, oldest first. */
  async all(isWanted: (name: string) => boolean = () => true): Promise<readonly RunRecord[]> {
    const names = await readdir(this.path).catch(() => [])
    const records = await Promise.all(
      names
        .filter((name) => !name.startsWith('.') && isWanted(name))
        .sort()
        .map((name) => this.#record(name)),
    )
    return records.filter((record) => record !== null)
  }

  /** A run is named after its plan, so that the damaged journal of another one is no obstacle. */
  async ofPlan(sha256: string): Promise<RunRecord | null> {
    const all = await this.all((name) => name.endsWith(suffixOf(sha256)))
    return all.find(({ begin }) => begin.plan.sha256 === sha256) ?? null
  }

  /**
   * @param name - A run, the beginning of one, or `last`.
   * @throws DiagnosticError `apply/no-run`.
   */
  async named(name: string): Promise<RunRecord> {
    const all = await this.all()
    const fitting = all.filter(({ run }) => run.startsWith(name))
    const found = name === 'last' ? all.at(-1) : (all.find(({ run }) => run === name) ?? fitting[0])
    if (found === undefined || (fitting.length > 1 && found.run !== name && name !== 'last'))
      throw fail('apply/no-run', { run: name, folder: this.path })
    return found
  }

  /** Begins the run of a plan. What is half begun is no run: the folder gets its name when the first line is on the disk. */
  async create(
    plan: Begin['plan'],
  ): Promise<{ readonly run: string; readonly journal: Journal; readonly state: RunState }> {
    const moment = now()
    const stamp = moment.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
    const run = `${stamp}${suffixOf(plan.sha256)}`
    const partial = join(this.path, `${PARTIAL}${randomUUID()}`)
    const begin: Begin = { type: 'begin', format: RUN_FORMAT, run, plan }
    try {
      await mkdir(this.path, { recursive: true, mode: 0o700 })
      await this.#sweep(moment)
      await mkdir(partial, { mode: 0o700 })
      const journal = await Journal.create(join(partial, JOURNAL))
      await journal.append(begin)
      await rename(partial, join(this.path, run))
      await syncFolder(this.path)
      journal.renamed(join(this.path, run, JOURNAL))
      const state = new RunState()
      state.apply(begin)
      return { run, journal, state }
    } catch (cause) {
      await rm(partial, { recursive: true, force: true }).catch(() => undefined)
      if (!(cause instanceof Error && 'code' in cause && typeof cause.code === 'string')) throw cause
      throw fail('apply/unwritable', { file: this.path, reason: cause.code }, null, cause)
    }
  }

  async #record(name: string): Promise<RunRecord | null> {
    const journal = join(this.path, name, JOURNAL)
    if ((await stat(journal).catch(() => null)) === null) return null
    for await (const { line } of readJournal(journal)) {
      if (line.type !== 'begin') return null
      return { run: line.run, begin: line, journal }
    }
    return null
  }

  async #sweep(moment: Date): Promise<void> {
    for (const name of await readdir(this.path)) {
      if (!name.startsWith(PARTIAL)) continue
      const age = moment.getTime() - ((await stat(join(this.path, name)).catch(() => null))?.mtimeMs ?? 0)
      if (age > DAY_MS) await rm(join(this.path, name), { recursive: true, force: true })
    }
  }
}

const JOURNAL = 'journal.ndjson'

function suffixOf(sha256: string): string {
  return `-${sha256.slice(0, 8)}`
}

/** What a journal says, and the journal itself to go on with. */
export async function resumeRun(record: RunRecord): Promise<{ readonly journal: Journal; readonly state: RunState }> {
  const state = new RunState()
  let end = { sum: '', bytes: 0 }
  for await (const { line, sum, end: bytes } of readJournal(record.journal)) {
    state.apply(line)
    end = { sum, bytes }
  }
  return { journal: await Journal.resume(record.journal, end), state }
}

/** A new name in a folder is on the disk once the folder is. Systems that cannot do that do not need it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null)
  await folder?.sync().catch(() => undefined)
  await folder?.close()
}
