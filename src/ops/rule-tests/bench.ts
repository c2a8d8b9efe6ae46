/** Audits the cases of a rule's fixture on the real path. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CheckOptions, check } from '../../audit/run.ts'
import { loadConfig } from '../../config/load.ts'
import { openDuckDB } from '../../engine/duckdb.ts'
import type { Engine } from '../../engine/engine.ts'
import { pull } from '../../ingest/pull.ts'
import type { Locale } from '../../model/config.ts'
import type { Cause, Coverage, Finding } from '../../model/report.ts'
import { loadPlatform } from '../../platforms/registry.ts'
import { normText } from '../../rules/norm.ts'
import { packNames } from '../../rules/pack-files.ts'
import { effectiveRules } from '../../rules/packs.ts'
import type { Rule } from '../../rules/rule.ts'
import { writeCase } from './case-files.ts'
import { changesOf, type ParamChange } from './changes.ts'
import type { RuleCase } from './fixture.ts'
import { writeHistory } from './history.ts'
import { OneConnection } from './one-connection.ts'

const AS_OF = '2026-11-22T08:00:00Z'
const SIGNAL = new AbortController().signal

/** What an audit of a case says. */
export interface Outcome {
  readonly findings: readonly Finding[]
  readonly causes: readonly Cause[]
  readonly coverage: Coverage | null
}

export interface Trial {
  readonly en: Outcome
  /** Null where nothing is found: there is nothing to say in any language. */
  readonly es: Outcome | null
}

export class RuleBench {
  readonly #rules: readonly Rule[]
  readonly #engine: Engine
  readonly #dir: string
  #cases = 0

  private constructor(rules: readonly Rule[], engine: Engine, dir: string) {
    this.#rules = rules
    this.#engine = engine
    this.#dir = dir
  }

  static async open(rules: readonly Rule[]): Promise<RuleBench> {
    const dir = await mkdtemp(join(tmpdir(), 'omniparity-rules-'))
    const engine = await openDuckDB({ tempDir: join(dir, 'engine'), memoryLimit: null, threads: 1 })
    return new RuleBench(rules, new OneConnection(engine), dir)
  }

  async close(): Promise<void> {
    await this.#engine.close()
    await rm(this.#dir, { recursive: true, force: true })
  }

  /** Reads the files of a case; its tables stay until {@link PulledCase.close}. */
  async pull(rule: Rule, one: RuleCase): Promise<PulledCase> {
    const schema = `case${this.#cases++}`
    const dir = join(this.#dir, schema)
    await writeCase(dir, rule, one)
    const config = await loadConfig({ file: null, cwd: dir, platform: loadPlatform, packs: packNames })
    await this.#engine.run(`CREATE SCHEMA ${schema}`)
    await this.#engine.run(`USE ${schema}`)
    const common = { engine: this.#engine, asOf: asOfOf(one), progress: () => {}, signal: SIGNAL }
    const store = await pull({ ...common, config, tempDir: join(dir, 'temp') })
    const history = one.history === null ? [] : await writeHistory(this.#engine, dir, one.history)
    const pulled = new PulledCase(rule, one, { rules: this.#rules, store, config, schema, history, ...common })
    for (const problem of [...store.failed.values(), ...store.inputs.failed.values()])
      throw new Error(`a file of the case cannot be read: ${problem.message}`)
    return pulled
  }
}

interface Pulled extends Omit<CheckOptions, 'rules'> {
  readonly rules: readonly Rule[]
  readonly schema: string
}

/** A case whose files are read; every audit of it leaves nothing behind. */
export class PulledCase {
  readonly #rule: Rule
  readonly #case: RuleCase
  readonly #pulled: Pulled

  constructor(rule: Rule, one: RuleCase, pulled: Pulled) {
    this.#rule = rule
    this.#case = one
    this.#pulled = pulled
  }

  /** How likely the case is to notice the change: it sets the parameter, or has the word that is taken away. */
  promises(change: ParamChange): number {
    const own = Object.hasOwn(this.#case.params, change.param) ? 2 : 0
    const { word } = change
    const { given, inputs } = this.#case
    return own + (word !== null && normText(JSON.stringify([given, inputs])).includes(`"${normText(word)}"`) ? 1 : 0)
  }

  /** @returns Whether the audit says something else with the change; false too where the change makes no sense here. */
  async notices(change: ParamChange, before: Outcome): Promise<boolean> {
    const settings = { [this.#rule.id]: { params: this.#case.params, where: null } }
    const selection = { extends: [], settings, overrides: [], only: [], skip: [], allRules: true }
    const [own] = effectiveRules([this.#rule], selection)
    const value = own?.params[change.param]?.value
    const raw = value === undefined ? undefined : change.apply(value)
    if (raw === undefined) return false
    const after = await this.audit('en', { [change.param]: raw })
    return JSON.stringify(summary(after)) !== JSON.stringify(summary(before))
  }

  async audit(locale: Locale, params: Readonly<Record<string, unknown>> = {}): Promise<Outcome> {
    const { engine, schema, rules: all, ...rest } = this.#pulled
    const config = { ...rest.config, locale }
    const { id } = this.#rule
    const own = { ...config.rules[id], params: { ...this.#case.params, ...params }, where: null }
    const settings = { ...config.rules, [id]: own }
    const rules = effectiveRules(all, {
      extends: [],
      settings,
      overrides: config.overrides,
      only: [id, ...this.#case.with],
      skip: [],
      allRules: true,
    })
    await engine.run(`USE ${schema}`)
    await engine.run('BEGIN')
    try {
      const checked = await check({ ...rest, engine, config, rules })
      const findings: Finding[] = []
      for await (const finding of checked.findings.all()) findings.push(finding)
      const coverage = checked.coverage.find((line) => line.rule === this.#rule.id) ?? null
      return { findings, causes: checked.causes, coverage }
    } finally {
      await engine.run('ROLLBACK')
    }
  }

  async close(): Promise<void> {
    const { engine, schema, store } = this.#pulled
    for (const source of store.sources) await source.file.close()
    for (const file of store.inputs.loaded.flatMap(({ files }) => files)) await file.close()
    await engine.run('USE main')
    await engine.run(`DROP SCHEMA ${schema} CASCADE`)
  }
}

function asOfOf({ config }: RuleCase): string {
  return typeof config['as_of'] === 'string' ? config['as_of'] : AS_OF
}

/** All changes of a rule's parameters. */
export function allChanges(rule: Rule): readonly ParamChange[] {
  return Object.entries(rule.params).flatMap(([name, param]) => changesOf(name, param))
}

function summary({ findings, coverage }: Outcome): unknown {
  const brief = findings.map(({ id, severity, message, explained_by }) => [id, severity, message, explained_by])
  return [brief, Object.keys(coverage?.unknown ?? {})]
}
