/** `omniparity history`: what the ledger says, and earlier prices for it. */
import { resolve } from 'node:path'
import { createLedgerViews } from '../audit/ledger.ts'
import { type LedgerEntry, LedgerFolder, lostFindings } from '../audit/ledger-folder.ts'
import { readDiff, readHistory } from '../audit/ledger-history.ts'
import { importHistory as importPrices } from '../audit/ledger-import.ts'
import { toolVersion } from '../base/version.ts'
import { findConfig, loadConfig } from '../config/load.ts'
import { defaultConfig } from '../config/normalise.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { openDuckDB } from '../engine/duckdb.ts'
import type { Engine } from '../engine/engine.ts'
import type { RequestedFormat, RunIo } from '../model/audit-run.ts'
import type { Config, Locale, Severity } from '../model/config.ts'
import { loadPlatform } from '../platforms/registry.ts'
import { diffFormats, FINDING_FORMATS, listFormats } from '../reports/history/formats.ts'
import { diffSentence } from '../reports/history/subject.ts'
import { importedLine } from '../reports/history.ts'
import { valuesIn } from '../reports/values.ts'
import { loadRules } from '../rules/load.ts'
import { packNames } from '../rules/pack-files.ts'
import { RULES_ROOT } from '../rules/package-files.ts'
import { compareAudits } from './compare-audits.ts'
import { findAudit } from './find-audit.ts'
import { planOutputsOf, spareInputs } from './outputs.ts'
import { damageNote, stateFolder } from './project-ledger.ts'
import { folderFrom, type RenderTexts, render } from './render.ts'
import { ruleTexts } from './rule-texts.ts'
import { openWorkFolder } from './work-folder.ts'

export interface HistoryRequest {
  readonly configFile: string | null
  readonly stateDir: string | null
  readonly cwd: string
  /** What a flag asks for; null for the language of the project. */
  readonly locale: Locale | null
  readonly userLocale: Locale
  /** Empty: `pretty`. */
  readonly formats: readonly RequestedFormat[]
  readonly output: string | null
}

/** Audits in the trend. */
const TREND = 10

interface Opened {
  readonly config: Config
  readonly state: string
  readonly engine: Engine
  readonly locale: Locale
}

/** @returns The exit status. */
export async function listHistory(request: HistoryRequest, io: RunIo): Promise<number> {
  const refused = request.formats.find(({ name }) => FINDING_FORMATS.includes(name))
  if (refused !== undefined) throw fail('usage/format-of-diff', { format: refused.name })
  const outputs = await planOutputsOf(request, listFormats)
  return withState(request, async (opened) => {
    const { engine, config } = opened
    const entries = await readViews(opened, io)
    await spareInputs(outputs, await filesOf(opened), request.cwd)
    const history = await readHistory(engine, entries, TREND)
    const view = { tool: thisTool(), project: config.project, history, series: entries }
    await render(view, outputs, { cwd: request.cwd, maxFindings: null }, io, await textsOf(opened, request))
    return 0
  })
}

/**
 * @param names - The older and the newer audit; the last two without them.
 * @returns 1 where something at or above `failOn` is new, open again or worse.
 */
export async function diffHistory(
  request: HistoryRequest & { readonly names: readonly string[]; readonly failOn: Severity | 'never' },
  io: RunIo,
): Promise<number> {
  const outputs = await planOutputsOf(request, diffFormats)
  return withState(request, async (opened) => {
    const { state, engine, config, locale } = opened
    const entries = await readViews(opened, io)
    const audits = entries.filter(({ kind }) => kind === 'audit')
    await spareInputs(outputs, await filesOf(opened), request.cwd)
    const [older = 'previous', newer = 'last'] = request.names
    const [from, to] = [findAudit(audits, older), findAudit(audits, newer)]
    const lost = [...new Set([from, to].flatMap((audit) => missingUpTo(audit, entries)))]
    if (lost.length > 0) throw fail('state/not-comparable', { from: from.seq, to: to.seq, lost })
    const diff = await readDiff(engine, from, to)
    const texts = await textsOf(opened, request)
    const { failOn } = request
    const facts = { engine, state, from, to, diff, locale, failOn, tool: thisTool(), project: config.project }
    const comparison = await compareAudits({ ...facts, ruleText: texts.ruleText })
    await render(comparison, outputs, { cwd: request.cwd, maxFindings: null }, io, texts)
    const isSaid = outputs.some(({ reporter, file }) => file === null && reporter.endsWithGate === true)
    if (!isSaid) io.note?.(diffSentence(comparison.gate, locale))
    return comparison.gate.status
  })
}

/** @returns The exit status. */
export async function importHistory(
  request: HistoryRequest & { readonly file: string; readonly until: string | null },
  io: RunIo,
): Promise<number> {
  const format = importFormat(request)
  return withState(request, async ({ config, state, engine, locale }) => {
    const done = await importPrices({
      engine,
      state,
      file: resolve(request.cwd, request.file),
      shown: request.file,
      channels: config.channels,
      timezone: config.timezone,
      until: request.until,
    })
    const { instant } = valuesIn(locale, config.timezone)
    const shown = { ...done, from: instant(done.from), until: instant(done.until) }
    await io.stdout(format === 'json' ? `${JSON.stringify(done, null, 2)}\n` : importedLine(locale, shown))
    return 0
  })
}

/** What the audits were made from: a member of an archive stands for the archive, a sheet for its workbook. */
async function filesOf({ config: { file, dir }, engine }: Opened): Promise<readonly string[]> {
  const rows = await engine.rows<{ path: string }>('SELECT DISTINCT path FROM ledger_source')
  const paths = rows.flatMap(({ path }) => [path, path.split(/[!#]/)[0] ?? path])
  return [...(file === null ? [] : [file]), ...paths.map((path) => resolve(dir, path))]
}

/** What an import says is a line, or the same as JSON. */
function importFormat({ formats, output }: HistoryRequest): string {
  const [first = { name: 'pretty', file: null }, second] = formats
  const accepted = 'pretty | json'
  const refused = second ?? (['pretty', 'json'].includes(first.name) && first.file === null ? null : first)
  if (refused !== null) throw fail('usage/bad-value', { option: '--format', value: refused.name, accepted })
  if (output !== null) throw fail('usage/output-clash', { output })
  return first.name
}

function thisTool(): { readonly name: 'omniparity'; readonly version: string } {
  return { name: 'omniparity', version: toolVersion() }
}

/** Rules of the project's own have names too. */
async function textsOf(
  { config, locale }: Opened,
  { cwd }: HistoryRequest,
): Promise<RenderTexts & Required<Pick<RenderTexts, 'ruleText'>>> {
  const own = config.rulesDir === null ? undefined : [RULES_ROOT, resolve(config.dir, config.rulesDir)]
  const rules = await loadRules(own)
  const { timezone } = config
  return { locale, timezone, folder: folderFrom(cwd, config.dir), ...ruleTexts(rules, locale) }
}

async function withState(request: HistoryRequest, work: (opened: Opened) => Promise<number>): Promise<number> {
  const { cwd } = request
  const hasConfig = request.configFile !== null || (await findConfig(cwd)) !== null
  // A state folder that is named tells everything itself.
  const config =
    hasConfig || request.stateDir === null
      ? await loadConfig({ file: request.configFile, cwd, platform: loadPlatform, packs: packNames })
      : { ...defaultConfig(cwd, []), locale: request.userLocale }
  const state = stateFolder(config, request)
  if (state === null) throw fail('state/no-history', { folder: cwd })
  const folder = await openWorkFolder()
  const engine = await openDuckDB({ tempDir: folder.path, memoryLimit: null, threads: null })
  try {
    return await work({ config, state, engine, locale: request.locale ?? config.locale })
  } finally {
    await engine.close()
    await folder.remove()
  }
}

async function readViews(
  { engine, state, locale }: Opened,
  { warn, errorColour }: RunIo,
): Promise<readonly LedgerEntry[]> {
  const folder = new LedgerFolder(state)
  const entries = await folder.entries()
  if (folder.damaged.length > 0) warn(damageNote(folder.damaged, locale, errorColour))
  if (!entries.some(({ kind }) => kind === 'audit')) throw fail('state/no-history', { folder: state })
  await createLedgerViews(engine, entries, { channels: [], asOf: '9999-12-31T00:00:00Z' })
  return entries
}

/** Numbers of entries without which nobody knows what was open in an audit: no later one up to it has told everything again. */
function missingUpTo({ seq }: LedgerEntry, entries: readonly LedgerEntry[]): readonly number[] {
  const told = entries.filter((entry) => entry.kind === 'audit' && !entry.partial && entry.seq <= seq)
  return lostFindings(entries).filter((lost) => lost <= seq && !told.some((entry) => (entry.lost ?? 0) >= lost))
}
