/** `omniparity history`: what the ledger says, and earlier prices for it. */
import { resolve } from 'node:path'
import { createLedgerViews } from '../audit/ledger.ts'
import { type LedgerEntry, LedgerFolder } from '../audit/ledger-folder.ts'
import { readDiff, readHistory } from '../audit/ledger-history.ts'
import { importHistory as importPrices } from '../audit/ledger-import.ts'
import { findConfig, loadConfig } from '../config/load.ts'
import { defaultConfig } from '../config/normalise.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { openDuckDB } from '../engine/duckdb.ts'
import type { Engine } from '../engine/engine.ts'
import type { RunIo } from '../model/audit-run.ts'
import type { Config, Locale, Severity } from '../model/config.ts'
import type { History, HistoryDiff } from '../model/history.ts'
import { loadPlatform } from '../platforms/registry.ts'
import { diffPage, historyPage, importedLine } from '../reports/history.ts'
import {
  diffCsv,
  diffMarkdown,
  diffNdjson,
  type HistoryFormat,
  historyCsv,
  historyMarkdown,
  historyNdjson,
} from '../reports/history-tables.ts'
import { type Page, pageOf } from '../reports/pretty/page.ts'
import { packNames } from '../rules/pack-files.ts'
import { findAudit } from './find-audit.ts'
import { stateFolder } from './project-ledger.ts'
import { openWorkFolder } from './work-folder.ts'

export interface HistoryRequest {
  readonly configFile: string | null
  readonly stateDir: string | null
  readonly cwd: string
  /** What a flag asks for; null for the language of the project. */
  readonly locale: Locale | null
  readonly userLocale: Locale
  readonly format: HistoryFormat
}

/** Audits in the trend. */
const TREND = 10
const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

interface Opened {
  readonly config: Config
  readonly state: string
  readonly engine: Engine
  readonly page: Page
}

/** @returns The exit status. */
export function listHistory(request: HistoryRequest, io: RunIo): Promise<number> {
  return withState(request, io, async ({ state, engine, page }) => {
    const history = await readHistory(engine, await readViews(engine, state), TREND)
    await io.stdout(historyText(request.format, page, history))
    return 0
  })
}

/**
 * @param names - The older and the newer audit; the last two without them.
 * @returns 1 where something at or above `failOn` is new, open again or worse.
 */
export function diffHistory(
  request: HistoryRequest & { readonly names: readonly string[]; readonly failOn: Severity | 'never' },
  io: RunIo,
): Promise<number> {
  return withState(request, io, async ({ state, engine, page }) => {
    const audits = (await readViews(engine, state)).filter(({ kind }) => kind === 'audit')
    const [older = 'previous', newer = 'last'] = request.names
    const diff = await readDiff(engine, findAudit(audits, older), findAudit(audits, newer))
    await io.stdout(diffText(request.format, page, diff))
    const { failOn } = request
    if (failOn === 'never') return 0
    const news = [...diff.new, ...diff.reopened, ...diff.worse]
    return news.some(({ severity }) => RANK[severity] <= RANK[failOn]) ? 1 : 0
  })
}

/** @returns The exit status. */
export function importHistory(
  request: HistoryRequest & { readonly file: string; readonly until: string | null },
  io: RunIo,
): Promise<number> {
  return withState(request, io, async ({ config, state, engine, page }) => {
    const done = await importPrices({
      engine,
      state,
      file: resolve(request.cwd, request.file),
      shown: request.file,
      channels: config.channels,
      timezone: config.timezone,
      until: request.until,
    })
    const shown = { ...done, from: page.values.instant(done.from), until: page.values.instant(done.until) }
    await io.stdout(request.format === 'json' ? `${JSON.stringify(done, null, 2)}\n` : importedLine(page.locale, shown))
    return 0
  })
}

function historyText(format: HistoryFormat, page: Page, history: History): string {
  switch (format) {
    case 'pretty':
      return historyPage(page, history)
    case 'json':
      return `${JSON.stringify(history, null, 2)}\n`
    case 'csv':
      return historyCsv(history)
    case 'ndjson':
      return historyNdjson(history)
    case 'markdown':
      return historyMarkdown(page, history)
  }
}

function diffText(format: HistoryFormat, page: Page, diff: HistoryDiff): string {
  switch (format) {
    case 'pretty':
      return diffPage(page, diff)
    case 'json':
      return `${JSON.stringify(diff, null, 2)}\n`
    case 'csv':
      return diffCsv(diff)
    case 'ndjson':
      return diffNdjson(diff)
    case 'markdown':
      return diffMarkdown(page, diff)
  }
}

async function withState(
  request: HistoryRequest,
  io: RunIo,
  work: (opened: Opened) => Promise<number>,
): Promise<number> {
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
    const { width, colour } = io
    const locale = request.locale ?? config.locale
    const page = pageOf({ locale, timezone: config.timezone, width, colour, maxFindings: null, ruleTitle: (id) => id })
    return await work({ config, state, engine, page })
  } finally {
    await engine.close()
    await folder.remove()
  }
}

async function readViews(engine: Engine, state: string): Promise<readonly LedgerEntry[]> {
  const entries = await new LedgerFolder(state).entries()
  if (!entries.some(({ kind }) => kind === 'audit')) throw fail('state/no-history', { folder: state })
  await createLedgerViews(engine, entries, { channels: [], asOf: '9999-12-31T00:00:00Z' })
  return entries
}
