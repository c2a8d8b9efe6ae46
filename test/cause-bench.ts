/** Audits catalogues in one engine, each in a schema of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check } from '../src/audit/run.ts'
import { loadConfig } from '../src/config/load.ts'
import { openDuckDB } from '../src/engine/duckdb.ts'
import type { Engine } from '../src/engine/engine.ts'
import { pull } from '../src/ingest/pull.ts'
import type { Cause, Finding } from '../src/model/report.ts'
import { writeHistory } from '../src/ops/rule-tests/history.ts'
import { OneConnection } from '../src/ops/rule-tests/one-connection.ts'
import { loadPlatform } from '../src/platforms/registry.ts'
import { packNames } from '../src/rules/pack-files.ts'
import { effectiveRules } from '../src/rules/packs.ts'
import type { Rule } from '../src/rules/rule.ts'
import { type Catalogue, writeCatalogue } from './catalogues.ts'

const AS_OF = '2026-11-22T08:00:00Z'

export interface Audited {
  readonly causes: readonly Cause[]
  readonly findings: readonly Finding[]
}

export class CauseBench {
  readonly #engine: Engine
  readonly #dir: string
  readonly #rules: readonly Rule[]
  #count = 0

  private constructor(engine: Engine, dir: string, rules: readonly Rule[]) {
    this.#engine = engine
    this.#dir = dir
    this.#rules = rules
  }

  static async open(rules: readonly Rule[]): Promise<CauseBench> {
    const dir = await mkdtemp(join(tmpdir(), 'omniparity-causes-'))
    const engine = await openDuckDB({ tempDir: join(dir, 'engine'), memoryLimit: null, threads: 1 })
    return new CauseBench(new OneConnection(engine), dir, rules)
  }

  async audit(catalogue: Catalogue, only: readonly string[]): Promise<Audited> {
    const schema = `catalogue${this.#count++}`
    const dir = join(this.#dir, schema)
    await writeCatalogue(dir, catalogue)
    const config = await loadConfig({ file: null, cwd: dir, platform: loadPlatform, packs: packNames })
    const engine = this.#engine
    await engine.run(`CREATE SCHEMA ${schema}`)
    await engine.run(`USE ${schema}`)
    const common = { engine, config, asOf: AS_OF, progress: () => {}, signal: new AbortController().signal }
    const store = await pull({ ...common, tempDir: join(dir, 'temp') })
    try {
      const selection = { extends: [], settings: {}, overrides: [], only, skip: [], allRules: true }
      const history = catalogue.history === null ? [] : await writeHistory(engine, dir, catalogue.history)
      const checked = await check({ ...common, history, store, rules: effectiveRules(this.#rules, selection) })
      const findings: Finding[] = []
      for await (const finding of checked.findings.all()) findings.push(finding)
      return { causes: checked.causes, findings }
    } finally {
      for (const source of store.sources) await source.file.close()
      for (const file of store.inputs.loaded.flatMap(({ files }) => files)) await file.close()
      await engine.run('USE main')
      await engine.run(`DROP SCHEMA ${schema} CASCADE`)
      await rm(dir, { recursive: true, force: true })
    }
  }

  async close(): Promise<void> {
    await this.#engine.close()
    await rm(this.#dir, { recursive: true, force: true })
  }
}
