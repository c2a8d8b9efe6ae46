/**
 * The whole way of a correction: audit, plan, import by a simulator, audit again, and back. The findings that were planned
 * for are gone, no cell but theirs has changed, and the undo brings them back.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect } from 'vitest'
import { decoder } from '../src/ingest/read/encoding.ts'
import type { AuditRequest } from '../src/model/audit-run.ts'
import { CHANGE_NEEDS, type Change } from '../src/model/plan.ts'
import type { Finding } from '../src/model/report.ts'
import { runAudit } from '../src/ops/audit.ts'
import { runPlan } from '../src/ops/plan.ts'
import { encode, type SourceDialect, writeTable } from './fix-harness.ts'
import { compareTables, type Table } from './import/cells.ts'
import { heard } from './small-project.ts'

export const AS_OF = '2026-11-22T08:00:00Z'

export function readFile(bytes: Uint8Array, { delimiter, encoding, quotes }: SourceDialect): Table {
  const [header = [], ...rows]: string[][] = parse(decoder(encoding)(bytes), {
    bom: true,
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    ...(quotes === false ? { quote: false as const } : {}),
  })
  return { header, rows }
}

function request(dir: string): AuditRequest {
  return {
    ...{ files: [], configFile: null, cwd: dir, stateDir: null, asOf: AS_OF, locale: 'en', userLocale: 'en' },
    ...{ formats: [{ name: 'json', file: null }], output: null, failOn: null, maxUnknown: null, only: [], skip: [] },
    ...{ allRules: false, baseline: null, channels: [], maxFindings: null, memoryLimit: null, threads: 1 },
    ...{ quiet: true, verbose: false },
  }
}

/** A folder with a configuration, and what audits and plans say of it. */
export class Project {
  readonly dir = mkdtempSync(join(tmpdir(), 'omniparity-loop-'))
  #plans = 0

  write(name: string, bytes: Uint8Array | string): void {
    writeFileSync(join(this.dir, name), bytes)
  }

  read(name: string): Uint8Array {
    return readFileSync(join(this.dir, name))
  }

  async findings(): Promise<ReadonlySet<string>> {
    const { stdout } = await heard((io) => runAudit(request(this.dir), io))
    const { findings } = JSON.parse(stdout) as { findings: readonly Finding[] }
    return new Set(findings.map(({ id }) => id))
  }

  async plan(channel: string): Promise<{ readonly folder: string; readonly changes: readonly Change[] }> {
    const folder = `plan-${++this.#plans}`
    const selection = { rules: [], channels: [channel], items: [], causes: [] }
    const { warnings } = await heard((io) =>
      runPlan(
        {
          ...{ audit: request(this.dir), selection, output: folder, allowed: CHANGE_NEEDS },
          ...{ maxSum: null, expiresMs: null, review: null },
        },
        io,
      ),
    )
    expect(warnings).toEqual([])
    const text = readFileSync(join(this.dir, folder, 'plan.json'), 'utf8')
    return { folder, changes: (JSON.parse(text) as { changes: readonly Change[] }).changes }
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true })
  }
}

type Importer = (name: string, before: Table, file: Uint8Array, source: Table) => Table

interface Way {
  readonly project: Project
  readonly channel: string
  /** Below the project's folder. */
  readonly file: string
  readonly dialect: SourceDialect
  readonly columns: Readonly<Record<string, string>>
  readonly import: Importer
  /** Other ways to bring in the same changes are left out. */
  readonly tablesOnly?: true
}

/** Cells of text are what the plan says; numbers may be written otherwise. */
function expectCells(before: Table, after: Table, changes: readonly Change[], columns: Way['columns']): void {
  const cells = new Map(changes.map((change) => [`${(change.origin?.row ?? 0) - 1} ${columns[change.field]}`, change]))
  const differences = compareTables(before, after)
  expect(differences.filter(({ row, header }) => !cells.has(`${row} ${header}`))).toEqual([])
  expect(differences.length).toBe(changes.length)
  for (const { row, header, to } of differences) {
    const number = Number(to.replace(/[^\d.,-]/g, '').replace(',', '.'))
    expect([row, header, number]).toEqual([row, header, Number(cells.get(`${row} ${header}`)?.after)])
  }
}

export async function expectLoop(way: Way): Promise<readonly Change[]> {
  const { project, channel, file, dialect, columns } = way
  const original = project.read(file)
  const source = readFile(original, dialect)
  const before = await project.findings()
  const { folder, changes } = await project.plan(channel)
  const names = ['fix', 'undo'] as const
  const planned = new Set(changes.flatMap(({ because }) => because))
  expect([...planned].every((id) => before.has(id))).toBe(true)
  const listed = readFileSync(join(project.dir, folder, 'plan.md'), 'utf8').matchAll(/`fix\/([^`]+)`/g)
  const files = [...new Set([...listed].map(([, path]) => path ?? ''))]
  const others = files.filter((path) => path.endsWith('.json'))
  const tables = files.filter((path) => !path.endsWith('.json'))
  const ways = others.length === 0 || way.tablesOnly === true ? [tables] : [tables, others]
  for (const own of ways) {
    let state = source
    for (const side of names) {
      for (const path of own) state = way.import(path, state, project.read(`${folder}/${side}/${path}`), source)
      if (side === 'fix') {
        expectCells(source, state, changes, columns)
        project.write(file, encode(writeTable([state.header, ...state.rows], dialect), dialect.encoding))
        const after = await project.findings()
        expect([...planned].filter((id) => after.has(id))).toEqual([])
        expect([...after].filter((id) => !before.has(id))).toEqual([])
      } else {
        const back = encode(writeTable([state.header, ...state.rows], dialect), dialect.encoding)
        project.write(file, back)
        expect(await project.findings()).toEqual(before)
      }
    }
    project.write(file, original)
  }
  return changes
}

export async function inProject(work: (project: Project) => Promise<void>): Promise<void> {
  const project = new Project()
  try {
    await work(project)
  } finally {
    project.remove()
  }
}
