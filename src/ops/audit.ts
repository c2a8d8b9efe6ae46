/** `omniparity audit`: pull, link, check, report, gate. */
import { randomUUID } from 'node:crypto'
import { basename, dirname, extname, isAbsolute, relative, resolve } from 'node:path'
import type { FindingSink } from '../audit/draft.ts'
import type { FindingStore } from '../audit/finding-store.ts'
import { readFirstSeen } from '../audit/ledger-history.ts'
import { type Checked, check } from '../audit/run.ts'
import type { Silences } from '../audit/silences.ts'
import { instantText, now, parseInstant } from '../base/clock.ts'
import { sha256 } from '../base/hash.ts'
import { nearest, printable } from '../base/text.ts'
import { toolVersion } from '../base/version.ts'
import { meant } from '../config/check.ts'
import { loadConfig } from '../config/load.ts'
import { defaultConfig } from '../config/normalise.ts'
import { type Diagnostic, diagnose, fail } from '../diagnostics/diagnostic.ts'
import { renderDiagnostic } from '../diagnostics/render.ts'
import { openDuckDB } from '../engine/duckdb.ts'
import type { Engine } from '../engine/engine.ts'
import { traced } from '../engine/traced.ts'
import { cutOff } from '../ingest/lost-keys.ts'
import { pull } from '../ingest/pull.ts'
import { writeSnapshot } from '../ingest/snapshot.ts'
import type { Store } from '../ingest/tables.ts'
import { isSmall } from '../ingest/weigh.ts'
import type { AuditRequest, RunAudit, RunIo } from '../model/audit-run.ts'
import { type Config, UNKNOWN_MARKET } from '../model/config.ts'
import { REPORT_FORMAT, type Report, type ReportHead, type ReportSource } from '../model/report.ts'
import { nameOf, type TableFile } from '../model/table-file.ts'
import { loadPlatform } from '../platforms/registry.ts'
import { gateSentence, judgeGate } from '../reports/gate.ts'
import { loadRules } from '../rules/load.ts'
import { packNames } from '../rules/pack-files.ts'
import { RULES_ROOT } from '../rules/package-files.ts'
import { type EffectiveRule, effectiveRules } from '../rules/packs.ts'
import type { Rule } from '../rules/rule.ts'
import { globMatches } from '../rules/scopes.ts'
import { planOutputs, realPath, spareInputs } from './outputs.ts'
import { ProjectLedger } from './project-ledger.ts'
import { folderFrom, render } from './render.ts'
import { ruleTexts } from './rule-texts.ts'
import { loadSilences } from './silence.ts'
import { openWorkFolder, type WorkFolder } from './work-folder.ts'

export const runAudit: RunAudit = (request, io) => audit(request, io, null)

/** An audit that is done, for what takes the place of its report. */
export interface Audited {
  readonly config: Config
  readonly asOf: string
  readonly silences: Silences
  /** Rules that were evaluated. */
  readonly judged: ReadonlySet<string>
  readonly unsure: Checked['unsure']
  readonly unreadable: readonly string[]
  /** Readable until the audit is settled. */
  readonly findings: FindingStore
  readonly engine: Engine
  readonly store: Store
  readonly head: ReportHead
}

/** What is known when the checks begin. */
export interface Begun extends Pick<Audited, 'config' | 'asOf' | 'engine' | 'store'> {
  readonly rules: readonly EffectiveRule[]
}

/** What takes findings along while they are found. Such an audit is noted like one that reports. */
export type Listen = (begun: Begun) => Promise<FindingSink>

/** @param settle - What is done with the audit instead of reporting and noting it; null to report. */
export async function audit(
  request: AuditRequest,
  io: RunIo,
  settle: ((audited: Audited) => Promise<number>) | null,
  listen: Listen | null = null,
): Promise<number> {
  const startedAt = now()
  const isNoted = settle === null || listen !== null
  const config = withFlags(await readConfig(request), request)
  io.speak?.(config.locale)
  const asOf = asOfInstant(request, startedAt)
  const notes: Diagnostic[] = []
  const rules = await loadRules(
    config.rulesDir === null ? undefined : [RULES_ROOT, resolve(config.dir, config.rulesDir)],
    notes,
  )
  const effective = selectRules(rules, config, request, notes)
  const silences = await loadSilences(config, request, asOf, effective, !isNoted)
  const outputs = await planOutputs(request)
  await spareInputs(
    outputs,
    [...request.files.map((file) => resolve(request.cwd, file)), ...(config.file === null ? [] : [config.file])],
    request.cwd,
  )
  const folder = await openWorkFolder()
  const threads = request.threads ?? ((await isSmall(config)) ? 1 : null)
  const plain = await openDuckDB({ tempDir: folder.path, memoryLimit: request.memoryLimit, threads })
  const engine = request.verbose ? traced(plain, (sql, ms) => io.warn(statementLine(sql, ms))) : plain
  const stop = (): void => engine.interrupt()
  io.signal.addEventListener('abort', stop)
  let store: Store | null = null
  let kept: Promise<void> = Promise.resolve()
  let ledger: ProjectLedger | null = null
  try {
    store = await pull({ engine, config, tempDir: folder.path, asOf, progress: io.progress, signal: io.signal })
    await spareInputs(
      outputs,
      filesOf(store).map((file) => resolve(config.dir, file.path)),
      request.cwd,
    )
    for (const diagnostic of [...store.failed.values(), ...store.inputs.failed.values()])
      io.error(renderDiagnostic(diagnostic, { locale: config.locale, colour: io.errorColour }))
    const unmatched = request.channels.length > 0 ? [] : unmatchedScopes(config, store)
    for (const note of [...notes, ...unmatched]) io.warn(renderNote(note, config, io))
    const snapshot = snapshotOf(store)
    // Written while the checks run: they only read what it keeps.
    if (request.stateDir !== null) {
      kept = writeSnapshot(await engine.beside(), store, resolve(request.cwd, request.stateDir), snapshot)
      kept.catch(() => undefined)
    }
    const id = randomUUID()
    const own = await ProjectLedger.open(engine, config, request, io)
    ledger = own
    const whole = store
    const sink = await listen?.({ config, asOf, engine, store, rules: effective })
    const checked = await check({
      engine,
      store,
      config,
      rules: effective,
      asOf,
      progress: io.progress,
      signal: io.signal,
      history: own.entries,
      silences,
      sink,
      ...(isNoted ? { settled: () => own.begin(whole, { id, as_of: asOf }) } : {}),
    })
    const unreadable = [...store.failed.keys(), ...[...store.inputs.failed.keys()].map((name) => `inputs.${name}`)]
    const isWhole =
      unreadable.length + cutOff(store).length + request.only.length + request.skip.length + request.channels.length ===
      0
    for (const note of silences.diagnostics(isWhole)) io.warn(renderNote(note, config, io))
    if (settle === null) io.progress({ stage: 'report' })
    const head: ReportHead = {
      format: REPORT_FORMAT,
      tool: { name: 'omniparity', version: toolVersion() },
      audit: {
        id,
        as_of: asOf,
        started_at: instantText(startedAt),
        finished_at: instantText(now()),
        snapshot,
        config_sha256: config.sha256,
      },
      channels: checked.channels,
      ...readInputs(store),
      coverage: checked.coverage,
      totals: checked.totals,
      causes: checked.causes,
      ...silenced(silences),
      omitted: {},
    }
    const { findings, unsure } = checked
    const judged = new Set(checked.coverage.map(({ rule }) => rule))
    const audited: Audited = { config, asOf, silences, judged, unsure, unreadable, findings, engine, store, head }
    if (!isNoted) return await settle(audited)
    await kept
    io.signal.throwIfAborted()
    const past = own.entries.filter(({ as_of: earlier }) => earlier < asOf)
    await own.append(store, head, checked.findings, unsure)
    const gate = judgeGate(head, config.gate, unreadable)
    const { project, locale, timezone } = config
    const facts = { head, project, locale, gate, quarantine: store.quarantine }
    await own.keep({ ...facts, timezone, tallies: await findings.tallies() }, findings)
    if (settle !== null) return await settle(audited)
    const report: Report = {
      ...facts,
      audits: [...past, { kind: 'audit', as_of: asOf, partial: !isWhole, totals: head.totals }],
      ...(past.length === 0 ? {} : { firstSeen: () => readFirstSeen(engine) }),
      findings: () => findings.all(),
      findingsJson: () => findings.json(),
      tallies: () => findings.tallies(),
      select: (query) => findings.select(query),
    }
    await render(report, outputs, request, io, {
      locale: config.locale,
      timezone: config.timezone,
      folder: folderFrom(request.cwd, config.dir),
      ...ruleTexts(rules, config.locale),
    })
    // The last line of a run says why it passed or failed, whatever else goes where.
    const isSaid = outputs.some(({ reporter, file }) => file === null && reporter.endsWithGate === true)
    if (!isSaid) io.note?.(printable(gateSentence(gate, locale)))
    return gate.status
  } finally {
    io.signal.removeEventListener('abort', stop)
    // Only a run that failed has anything left to stop.
    engine.interrupt()
    await kept.catch(() => undefined)
    await ledger?.abandon()
    await closeAll(engine, store, folder)
  }
}

/** How the files under `inputs:` were understood. */
function readInputs({ inputs }: Store): Pick<ReportHead, 'inputs'> {
  if (inputs.loaded.length === 0) return {}
  const read = inputs.loaded.map(({ name, files, understood }) => ({
    name,
    sources: files.flatMap((file, index): readonly ReportSource[] => {
      const how = understood[index]
      const facts = {
        path: nameOf(file),
        kind: name,
        rows: file.records,
        quarantined: 0,
        sha256: file.sha256,
        data_as_of: null,
      }
      return how === undefined ? [] : [{ ...facts, understood: how }]
    }),
  }))
  return { inputs: read }
}

function silenced(silences: Silences): Pick<ReportHead, 'silences'> {
  const report = silences.report()
  return report === null ? {} : { silences: report }
}

function selectRules(
  rules: readonly Rule[],
  config: Config,
  { only, skip, allRules }: AuditRequest,
  notes: Diagnostic[],
): readonly EffectiveRule[] {
  // Said aloud: what would be linked by it is not.
  if (config.identity.wantsMatch) notes.push(diagnose('config/not-built', { key: 'identity.match' }))
  const { rules: settings, overrides, extends: packs } = config
  const markets = config.channels.map(({ market }) => market)
  const selection = { extends: packs, settings, overrides, only, skip, allRules, markets }
  return effectiveRules(rules, selection, notes)
}

/** Scopes of markets and files that no channel has; where a channel could not be read, nobody knows which files those are. */
function unmatchedScopes({ overrides, channels }: Config, { sources, failed }: Store): readonly Diagnostic[] {
  const isWhole = failed.size === 0 && channels.every((_, index) => sources.some(({ channel }) => channel === index))
  const known: Readonly<Record<string, readonly string[]>> = {
    market: [...new Set(channels.map(({ market }) => market))].filter((market) => market !== UNKNOWN_MARKET),
    ...(isWhole ? { source: sources.map(({ file }) => file.path) } : {}),
  }
  return overrides.flatMap(({ when, rules }, index) =>
    Object.entries(known).flatMap(([key, names]) =>
      (when[key] ?? [])
        .filter((word) => !names.some((name) => globMatches(word, name)))
        .map((word) => {
          const params = { key: `overrides[${index}].when.${key}`, word, nearest: meant(word, names), known: names }
          return diagnose('config/scope-unmatched', params, Object.values(rules)[0]?.where ?? null)
        }),
    ),
  )
}

/** One line, whole: what a report of a bug needs. */
function statementLine(sql: string, ms: number): string {
  return `sql ${ms.toFixed(1)} ms  ${printable(sql.replaceAll(/\s+/g, ' '))}\n`
}

function renderNote(note: Diagnostic, { locale }: Config, { errorColour }: RunIo): string {
  return renderDiagnostic(note, { locale, colour: errorColour, level: 'warning' })
}

async function closeAll(engine: Engine, store: Store | null, folder: WorkFolder): Promise<void> {
  await engine.close()
  for (const file of store === null ? [] : filesOf(store)) await file.close()
  await folder.remove()
}

async function readConfig(request: AuditRequest): Promise<Config> {
  if (request.files.length > 0 && request.configFile === null) return filesConfig(request)
  return loadConfig({ file: request.configFile, cwd: request.cwd, platform: loadPlatform, packs: packNames })
}

/** Each file is a channel named after it. */
async function filesConfig(request: AuditRequest): Promise<Config> {
  const ids = new Set<string>()
  const paths = new Set<string>()
  for (const file of request.files) {
    const path = await realPath(resolve(request.cwd, file))
    if (paths.has(path)) throw fail('usage/file-twice', { file })
    paths.add(path)
  }
  const channels = request.files.map((file) => {
    const shown = isAbsolute(file) ? file : relative(request.cwd, resolve(request.cwd, file)) || file
    return {
      id: uniqueId(channelName(file), ids),
      kind: 'web' as const,
      sources: [{ platform: 'auto', paths: [shown] }],
    }
  })
  return { ...defaultConfig(request.cwd, channels), locale: request.userLocale }
}

function channelName(file: string): string {
  const own = basename(file).replace(/\.(gz|zip)$/i, '')
  // Files of a pattern are known by their folder.
  const folder = basename(dirname(file)).replaceAll('.', '')
  const name = /[*?]/.test(own) && folder !== '' ? folder : own
  const stem = name.slice(0, name.length - extname(name).length) || name
  return (
    stem
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'file'
  )
}

function uniqueId(name: string, taken: Set<string>): string {
  let id = name
  for (let count = 2; taken.has(id.toLowerCase()); count++) id = `${name}-${count}`
  taken.add(id.toLowerCase())
  return id
}

function withFlags(config: Config, request: AuditRequest): Config {
  const known = config.channels.map(({ id }) => id)
  const unknown = request.channels.filter((id) => !config.channels.some((channel) => channel.id === id))
  if (unknown[0] !== undefined) {
    throw fail('usage/unknown-channel', { channel: unknown[0], nearest: nearest(unknown[0], known, 3), known })
  }
  const channels =
    request.channels.length === 0 ? config.channels : config.channels.filter(({ id }) => request.channels.includes(id))
  return {
    ...config,
    channels,
    locale: request.locale ?? config.locale,
    gate: {
      ...config.gate,
      failOn: request.failOn ?? config.gate.failOn,
      maxUnknown: request.maxUnknown ?? config.gate.maxUnknown,
    },
  }
}

function asOfInstant(request: AuditRequest, startedAt: Date): string {
  if (request.asOf === null) return instantText(startedAt)
  const instant = parseInstant(request.asOf)
  if (instant === null)
    throw fail('usage/bad-value', { option: '--as-of', value: request.asOf, accepted: '2026-11-22T08:00:00Z' })
  return instantText(instant)
}

/** Files of channels and of inputs. */
function filesOf({ sources, inputs }: Store): readonly TableFile[] {
  return [...sources.map(({ file }) => file), ...inputs.loaded.flatMap(({ files }) => files)]
}

/** Hash of what was read: the same for the same content, whatever the files are called. */
function snapshotOf(store: Store): string {
  const inputs = store.inputs.loaded.flatMap(({ name, files }) => files.map(({ sha256 }) => `inputs.${name} ${sha256}`))
  const parts = store.sources.map(
    (source) => `${store.channels[source.channel]?.id} ${source.platform} ${source.kind} ${source.file.sha256}`,
  )
  return sha256([...parts, ...inputs].sort().join('\n'))
}
