/** `omniparity doctor`: what stands in the way of an audit, and what to do about it. Reads, and changes nothing. */
import { constants, type Stats } from 'node:fs'
import { access, mkdtemp, rm, stat, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { LedgerFolder } from '../audit/ledger-folder.ts'
import { now } from '../base/clock.ts'
import { printable } from '../base/text.ts'
import { toolVersion } from '../base/version.ts'
import { findConfig, loadConfig } from '../config/load.ts'
import { readSuppressions } from '../config/suppressions.ts'
import { connect } from '../database/connect.ts'
import { type Diagnostic, DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../diagnostics/render.ts'
import { systemReason } from '../diagnostics/system-reason.ts'
import { openDuckDB } from '../engine/duckdb.ts'
import { initTexts as en } from '../i18n/init.en.ts'
import { initTexts as es } from '../i18n/init.es.ts'
import { expandPaths } from '../ingest/read/glob.ts'
import type { RunIo } from '../model/audit-run.ts'
import type { ChannelConfig, Config, Locale, SourceConfig, SqlSource } from '../model/config.ts'
import { bareQuery, queryProblem } from '../model/query-text.ts'
import { loadPlatform } from '../platforms/registry.ts'
import { packNames } from '../rules/pack-files.ts'
import { projectRules } from './project.ts'
import { stateFolder } from './project-ledger.ts'
import { findBaseline } from './silence.ts'

const TEXTS = { en, es }

export interface DoctorRequest {
  readonly configFile: string | null
  readonly stateDir: string | null
  readonly cwd: string
  /** What a flag asks for; null for the language of the project. */
  readonly locale: Locale | null
  readonly userLocale: Locale
  readonly format: 'pretty' | 'json'
}

/** One thing that was looked at. */
export interface Checkup {
  readonly what: string
  readonly state: 'ok' | 'warning' | 'failed'
  /** What was seen, and what to do where it is not ok. */
  readonly detail: string
  /** Exit status that it would give an audit; 0 where it does not stand in its way. */
  readonly status: number
}

/** An audit takes about three times what it reads. */
const ROOM = 3
const LEAST_ROOM = 200_000_000

/** @returns The exit status: 0, 2 where the configuration is wrong, 3 where a source cannot be read. */
export async function runDoctor(request: DoctorRequest, io: RunIo): Promise<number> {
  const doctor = new Doctor(request, io)
  const found = await doctor.examine()
  const { doctor: words } = TEXTS[doctor.locale]
  const failed = found.filter(({ state }) => state === 'failed')
  const warnings = found.filter(({ state }) => state === 'warning')
  if (request.format === 'json') {
    const checks = found.map(({ what, state, detail }) => ({ what, state, detail }))
    await io.stdout(`${JSON.stringify({ format: 'omniparity-doctor/1', checks }, null, 2)}\n`)
  } else {
    for (const { what, state, detail } of found) await io.stdout(`${words[state].padEnd(5)} ${what}: ${detail}\n`)
    await io.stdout(`\n${words.summary(failed.length, warnings.length)}\n`)
  }
  const statuses = new Set(failed.map(({ status }) => status))
  return statuses.has(2) ? 2 : statuses.has(3) ? 3 : failed.length > 0 ? 3 : 0
}

class Doctor {
  readonly #request: DoctorRequest
  readonly #io: RunIo
  readonly #found: Checkup[] = []
  #bytes = 0
  locale: Locale

  constructor(request: DoctorRequest, io: RunIo) {
    this.#request = request
    this.#io = io
    this.locale = request.locale ?? request.userLocale
  }

  get #words() {
    return TEXTS[this.locale].doctor
  }

  async examine(): Promise<readonly Checkup[]> {
    const config = await this.#config()
    this.#ok(this.#words.node(process.version), process.execPath)
    await this.#try(this.#words.engine(''), 70, async () => {
      this.#ok(this.#words.engine(await engineVersion()).trim(), `omniparity ${toolVersion()}`)
    })
    if (config !== null) {
      for (const channel of config.channels) {
        for (const source of channel.sources) await this.#source(config, channel, source)
      }
      for (const { path, name } of config.inputs) await this.#files(`inputs.${name}`, [path], config)
      await this.#silences(config)
    }
    const state = stateFolder(config ?? { file: null, dir: this.#request.cwd }, this.#request)
    if (state !== null) await this.#state(state)
    await this.#disk()
    return this.#found
  }

  #ok(what: string, detail: string): void {
    this.#found.push({ what: printable(what), state: 'ok', detail: printable(detail), status: 0 })
  }

  #note(what: string, state: 'warning' | 'failed', detail: string, status: number): void {
    this.#found.push({ what: printable(what), state, detail: printable(detail), status })
  }

  /** Whatever a look finds wrong is noted, and the next look is taken. */
  async #try(what: string, status: number, look: () => Promise<void>): Promise<void> {
    this.#io.signal.throwIfAborted()
    try {
      await look()
    } catch (error) {
      if (error instanceof DiagnosticError) {
        for (const diagnostic of error.diagnostics)
          this.#note(what, 'failed', this.#said(diagnostic), diagnostic.status)
      } else this.#note(what, 'failed', error instanceof Error ? error.message : String(error), status)
    }
  }

  #said(diagnostic: Diagnostic): string {
    return renderDiagnostic(diagnostic, { locale: this.locale, colour: false })
      .trim()
      .replaceAll(/\s*\n\s*/g, ' · ')
  }

  async #config(): Promise<Config | null> {
    const { configFile, cwd } = this.#request
    const file = configFile ?? (await findConfig(cwd))
    const what = this.#words.config(file === null ? '' : relative(cwd, resolve(cwd, file)) || file).trim()
    if (file === null) {
      this.#note(what, 'failed', this.#words.noConfig, 2)
      return null
    }
    let config: Config | null = null
    await this.#try(what, 2, async () => {
      config = await loadConfig({ file: configFile, cwd, platform: loadPlatform, packs: packNames })
      this.locale = this.#request.locale ?? config.locale
      const rules = await projectRules(config)
      const active = rules.filter(({ severity }) => severity !== 'off').length
      this.#ok(what, `${this.#words.rules}: ${this.#words.rulesCount(active)}`)
    })
    return config
  }

  async #source(config: Config, channel: ChannelConfig, source: SourceConfig): Promise<void> {
    if (source.sql === undefined) await this.#files(channel.id, source.paths, config)
    else await this.#database(config, channel, source.sql)
  }

  async #files(channel: string, paths: readonly string[], config: Config): Promise<void> {
    const what = this.#words.file(channel, paths.join(', '))
    await this.#try(what, 3, async () => {
      const files = await expandPaths(paths, config.dir)
      const stats: Stats[] = []
      for (const { absolute, shown } of files) {
        await access(absolute, constants.R_OK).catch((cause: NodeJS.ErrnoException) => {
          throw fail('source/not-permitted', { reason: cause.code ?? cause.message }, { file: shown }, cause)
        })
        stats.push(await stat(absolute))
      }
      const bytes = stats.reduce((sum, { size }) => sum + size, 0)
      const newest = Math.max(...stats.map(({ mtimeMs }) => mtimeMs))
      this.#bytes += bytes
      this.#ok(what, this.#words.files(files.length, this.#size(bytes), this.#age(newest)))
    })
  }

  async #database(config: Config, channel: ChannelConfig, sql: SqlSource): Promise<void> {
    const what = this.#words.database(channel.id)
    await this.#try(what, 3, async () => {
      const database = await connect(sql, config.dir, this.#io.signal)
      try {
        await database.beginRead()
        for (const [entity, query] of Object.entries(sql.queries)) {
          const problem = queryProblem(query)
          if (problem !== null) throw fail('database/query-refused', { key: `query.${entity}`, problem })
          const rows = await database.query(bareQuery(query))
          // The first rows say whether it can be asked; the rest is the audit's.
          for await (const _ of rows.batches()) break
        }
        await database.endRead()
        this.#ok(what, this.#words.databaseOk(`${database.dialect} ${database.version}`))
      } finally {
        await database.close()
      }
    })
  }

  async #silences(config: Config): Promise<void> {
    await this.#try(this.#words.silences, 2, async () => {
      const { suppressions } = config
      const path = suppressions === null ? null : resolve(config.dir, suppressions)
      const entries = path === null || suppressions === null ? [] : await readSuppressions(path, suppressions, now())
      const baseline = await findBaseline(config, { baseline: null, cwd: this.#request.cwd })
      const known = Object.values(baseline?.content?.findings ?? {}).reduce((n, ids) => n + Object.keys(ids).length, 0)
      if (entries.length + known > 0) this.#ok(this.#words.silences, `${entries.length}, ${known}`)
    })
  }

  async #state(state: string): Promise<void> {
    const what = this.#words.state(relative(this.#request.cwd, state) || state)
    const isThere = await stat(state).then(
      () => true,
      () => false,
    )
    if (!(await this.#isWritable(isThere ? state : dirname(state), what))) return
    await this.#try(what, 3, async () => {
      const entries = isThere ? await new LedgerFolder(state).entries() : []
      this.#ok(what, isThere ? this.#words.stateHas(entries.length) : this.#words.stateNew)
    })
  }

  async #isWritable(folder: string, what: string): Promise<boolean> {
    try {
      await rm(await mkdtemp(join(folder, '.omniparity-doctor-')), { recursive: true })
      return true
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code ?? String(cause)
      this.#note(what, 'failed', this.#words.notWritable(systemReason(code)[this.locale]), 3)
      return false
    }
  }

  async #disk(): Promise<void> {
    const folder = tmpdir()
    const what = this.#words.temp(folder)
    if (!(await this.#isWritable(folder, what))) return
    const { bavail, bsize } = await statfs(folder)
    const free = bavail * bsize
    const isEnough = free > Math.max(LEAST_ROOM, this.#bytes * ROOM)
    const shown = this.#words.diskFree(this.#size(free))
    if (isEnough) this.#ok(what, shown)
    else this.#note(what, 'warning', `${shown}; ${this.#words.diskLow}`, 0)
  }

  #size(bytes: number): string {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
    const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3))
    return new Intl.NumberFormat(this.locale, {
      style: 'unit',
      unit: units[step] ?? 'byte',
      unitDisplay: 'narrow',
      maximumFractionDigits: 1,
    }).format(bytes / 1000 ** step)
  }

  #age(instant: number): string {
    const minutes = Math.max(0, (now().getTime() - instant) / 60_000)
    const [value, unit] =
      minutes < 90 ? [minutes, 'minute'] : minutes < 48 * 60 ? [minutes / 60, 'hour'] : [minutes / 1440, 'day']
    return new Intl.NumberFormat(this.locale, {
      style: 'unit',
      unit: String(unit),
      unitDisplay: 'long',
      maximumFractionDigits: 0,
    }).format(Number(value))
  }
}

/** The engine's native part may be missing for this system: opening it tells. */
async function engineVersion(): Promise<string> {
  const engine = await openDuckDB({ tempDir: tmpdir(), memoryLimit: null, threads: 1 })
  try {
    const [row] = await engine.rows<{ version: string }>('SELECT version() AS version')
    return row?.version ?? ''
  } finally {
    await engine.close()
  }
}
