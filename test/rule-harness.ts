/**
 * Runs the cases of a rule's fixture on the real path: files, configuration, pull, link, check.
 *
 * `fixtures/rules/<family>/<rule>/invalid.yaml` holds cases with findings of the rule, `valid.yaml` cases without any:
 * clean ones, and the traps that must stay silent or be unknown. A file is a list of cases:
 *
 *     - name: one channel is cheaper          # unique within the rule; says the behaviour
 *       channels: {web: {assortment: full}}   # keys of `channels.<id>` in omniparity.yaml
 *       config: {authority: {catalog: erp}, as_of: 2026-11-22T08:00:00Z}   # other keys of omniparity.yaml, and the moment
 *       params: {abs_tol: 0.05}               # of the rule
 *       with: [price/outlier]                 # rules that run beside it, to show what explains what
 *       given:                                # rows by entity: listing, price, stock, promotion, location
 *         listing:
 *           - {channel: store, sku: LAMP, price.regular: 19.99}
 *           - {channel: web, sku: LAMP, price.regular: 17.99, status: null}
 *       inputs:                               # rows of files under `inputs:`, by name; dates and numbers as written
 *         policy: [{channel: web, service: pickup, value: yes}]
 *       files: {web.csv: "sku;Precio\nLAMP;1"}   # raw files, instead of rows or beside them
 *       expect:                               # exactly these findings, in any order
 *         - {code: regular, message: "LAMP: …"}
 *       causes: [{kind: tax-basis, findings: 20}]
 *       unknown: tax_basis                    # reason or reasons; without it nothing of the rule may be unknown
 *       pass: 1                               # how many checks pass, where that is worth saying
 *
 * A row gives only what matters. A field that no row of the channel names is absent, `null` is an empty cell, everything
 * else is the text as written. Channels are in market ES with EUR, tax included and the zone of Madrid; one called store,
 * web, app, marketplace, feed or erp is of that kind, any other is a web shop. Those of `channels` come first, in order.
 * Stock rows stand at the location `warehouse`, price rows in the list `retail`, unless they say otherwise.
 *
 * A file named after a channel (`web.csv`, `web-stock.csv`) is one of its sources; a channel with `sources` says itself
 * what it reads. Files that belong to nobody are just there, such as a crosswalk.
 *
 * Of an expected finding `code`, `message` (English text, or {en, es}) and `explained_by` (rule of the root, or kind of
 * the cause) always count, the other keys where they stand; `keys` are the parts of the fingerprint behind code and market.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { type CheckOptions, check } from '../src/audit/run.ts'
import { fingerprint } from '../src/base/hash.ts'
import { loadConfig } from '../src/config/load.ts'
import { openDuckDB } from '../src/engine/duckdb.ts'
import { type Engine, ident, literal, type SqlRow, type SqlValue } from '../src/engine/engine.ts'
import { pull } from '../src/ingest/pull.ts'
import type { Locale } from '../src/model/config.ts'
import type { Cause, Coverage, Finding } from '../src/model/report.ts'
import { loadPlatform } from '../src/platforms/registry.ts'
import { normText } from '../src/rules/norm.ts'
import { packNames } from '../src/rules/pack-files.ts'
import { effectiveRules } from '../src/rules/packs.ts'
import type { Rule } from '../src/rules/rule.ts'
import type { ExpectedFinding, Row, RuleCase } from './rule-fixture.ts'
import { changesOf, type ParamChange } from './rule-params.ts'

const KINDS = ['store', 'web', 'app', 'marketplace', 'feed', 'erp']
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
    const pulled = new PulledCase(rule, one, { rules: this.#rules, store, config, schema, ...common })
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
    return own + (word !== null && normText(JSON.stringify(this.#case.given)).includes(`"${normText(word)}"`) ? 1 : 0)
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

/** What a case expects, and what there is in the same shape, for comparing. */
export function compared(rule: Rule, one: RuleCase, { en }: Trial): { readonly want: unknown; readonly have: unknown } {
  const expected = [...one.expect].sort((a, b) => compare(a.message.en, b.message.en))
  const found = [...en.findings].sort((a, b) => compare(a.message, b.message))
  const unknown = Object.keys(en.coverage?.unknown ?? {}).sort()
  const causes = en.causes.map((cause, index) => picked({ ...cause }, one.causes[index] ?? { kind: '', message: '' }))
  const pass = one.pass === undefined ? {} : { pass: one.pass }
  return {
    want: {
      findings: expected.map((finding) => wanted(finding, rule)),
      causes: one.causes,
      unknown: one.unknown,
      ...pass,
    },
    have: {
      findings: found.map((finding, index) => shown(finding, expected[index], en)),
      causes,
      unknown,
      ...(one.pass === undefined ? {} : { pass: en.coverage?.pass ?? 0 }),
    },
  }
}

function wanted({ keys, message, ...finding }: ExpectedFinding, rule: Rule): unknown {
  const about = { ...finding, rule: finding.rule ?? rule.id, message: message.en }
  return keys === undefined ? about : { ...about, fingerprint: keys }
}

function shown(finding: Finding, expected: ExpectedFinding | undefined, { findings, causes }: Outcome): unknown {
  const { explained_by: by, code, message, rule } = finding
  const root = findings.find(({ id }) => id === by)?.rule ?? causes.find(({ id }) => id === by)?.kind ?? by
  const { keys, sides, ...rest } = expected ?? {}
  const about = {
    ...picked({ ...finding, item: finding.item?.id ?? null }, rest),
    rule,
    code,
    message,
    explained_by: root,
  }
  const sided =
    sides === undefined ? {} : { sides: finding.sides.map((side, index) => picked({ ...side }, sides[index] ?? side)) }
  if (keys === undefined) return { ...about, ...sided }
  const matches = fingerprint(rule, code, finding.market, ...keys) === finding.id
  return { ...about, ...sided, fingerprint: matches ? keys : 'another one' }
}

function picked(value: Readonly<Record<string, unknown>>, like: object): Record<string, unknown> {
  return Object.fromEntries(Object.keys(like).map((key) => [key, value[key]]))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

async function writeCase(dir: string, rule: Rule, one: RuleCase): Promise<void> {
  await mkdir(dir, { recursive: true })
  for (const [name, text] of Object.entries(one.files)) await writeFile(join(dir, name), text)
  const rows = Object.entries(one.given)
  const named = rows.flatMap(([, list]) => list.flatMap(({ channel }) => channel ?? []))
  const owners = Object.keys(one.files).flatMap(
    (name) => /^([a-z]+)(?:-[^/]*)?\.(?:csv|tsv|json|xml)$/.exec(name)?.[1] ?? [],
  )
  const ids = [...new Set([...Object.keys(one.channels), ...named, ...owners.filter((id) => id !== 'crosswalk')])]
  const channels: Record<string, unknown> = {}
  for (const id of ids) {
    const sources: unknown[] = []
    for (const [entity, list] of rows) {
      const own = list.filter(({ channel }) => channel === id)
      if (own.length === 0) continue
      const { text, map } = tableOf(entity, own)
      await writeFile(join(dir, `${id}.${entity}.csv`), text)
      sources.push({ platform: 'csv', path: `${id}.${entity}.csv`, encoding: 'utf-8', decimal: '.', map })
    }
    for (const name of Object.keys(one.files)) {
      if (new RegExp(`^${id}(-[^/]*)?\\.`).test(name)) sources.push({ platform: 'csv', path: name })
    }
    const kind = KINDS.includes(id) ? id : 'web'
    channels[id] = { kind, includes_tax: true, sources, ...one.channels[id] }
  }
  const { as_of: _, ...config } = one.config
  const inputs: Record<string, string> = {}
  for (const [name, list] of Object.entries(one.inputs)) {
    inputs[name] = `input_${name}.csv`
    await writeFile(join(dir, `input_${name}.csv`), csvOf(list).text)
  }
  const files = Object.keys(inputs).length === 0 ? {} : { inputs }
  const rules = Object.keys(one.params).length === 0 ? {} : { rules: { [rule.id]: { params: one.params } } }
  const project = { version: 1, market: 'ES', currency: 'EUR', timezone: 'Europe/Madrid', extends: [] }
  // Null takes away what every case says otherwise.
  const settings = Object.entries({ ...project, ...files, ...config }).filter(([, value]) => value !== null)
  await writeFile(join(dir, 'omniparity.yaml'), stringify({ ...Object.fromEntries(settings), ...rules, channels }))
}

const NEUTRAL: Readonly<Record<string, Row>> = {
  stock: { 'stock.location': 'warehouse' },
  price: { 'price.price_list': 'retail' },
}

function tableOf(entity: string, rows: readonly Row[]): { readonly text: string; readonly map: Row } {
  const { text, fields } = csvOf(rows.map(({ channel: _, ...row }): Row => ({ ...NEUTRAL[entity], ...row })))
  return { text, map: Object.fromEntries(fields.map((field) => [field, field])) }
}

function csvOf(full: readonly Row[]): { readonly text: string; readonly fields: readonly string[] } {
  const fields = [...new Set(full.flatMap((row) => Object.keys(row)))]
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`
  const body = full.map((row) => line(fields.map((field) => cellOf(row[field]))))
  return { text: [line(fields), ...body].join(''), fields }
}

function cellOf(text: string | undefined): string {
  return text === undefined || text === 'null' ? '' : text
}

/**
 * An engine whose every statement runs on the one connection that has the open transaction and the schema of the case,
 * so that a rollback leaves nothing of an audit behind.
 */
class OneConnection implements Engine {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  run(sql: string): Promise<void> {
    return this.#engine.run(sql)
  }

  createInOrder(table: string, select: string): Promise<void> {
    return this.#engine.createInOrder(table, select)
  }

  runBeside(sql: string): Promise<void> {
    return this.#engine.run(sql)
  }

  rows<Found extends SqlRow = SqlRow>(sql: string): Promise<readonly Found[]> {
    return this.#engine.rows<Found>(sql)
  }

  async *batches<Found extends SqlRow = SqlRow>(sql: string): AsyncIterable<readonly Found[]> {
    const rows = await this.#engine.rows<Found>(sql)
    if (rows.length > 0) yield rows
  }

  async append(table: string, batches: AsyncIterable<readonly (readonly SqlValue[])[]>): Promise<void> {
    for await (const rows of batches) {
      const values = rows.map((row) => `(${row.map(literal).join(', ')})`)
      if (values.length > 0) await this.#engine.run(`INSERT INTO ${ident(table)} VALUES ${values.join(', ')}`)
    }
  }

  interrupt(): void {
    this.#engine.interrupt()
  }

  close(): Promise<void> {
    return this.#engine.close()
  }
}
