/** `omniparity report`: renders the report of an earlier audit again, in any format and language. */
import { resolve } from 'node:path'
import { createLedgerViews } from '../audit/ledger.ts'
import { type LedgerEntry, LedgerFolder } from '../audit/ledger-folder.ts'
import { readFirstSeen } from '../audit/ledger-history.ts'
import { findConfig, loadConfig } from '../config/load.ts'
import { defaultConfig } from '../config/normalise.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { openDuckDB } from '../engine/duckdb.ts'
import type { RequestedFormat, RunIo } from '../model/audit-run.ts'
import type { Config, Locale } from '../model/config.ts'
import { loadPlatform } from '../platforms/registry.ts'
import { inLanguage } from '../reports/translate.ts'
import { loadRules } from '../rules/load.ts'
import { packNames } from '../rules/pack-files.ts'
import { RULES_ROOT } from '../rules/package-files.ts'
import { findAudit } from './find-audit.ts'
import { planOutputs, spareInputs } from './outputs.ts'
import { stateFolder } from './project-ledger.ts'
import { folderFrom, render } from './render.ts'
import { ruleTexts } from './rule-texts.ts'
import { openStoredReport, type StoredReport } from './stored-report.ts'
import { openWorkFolder } from './work-folder.ts'

/** Which audit of which project. */
export interface StoredAuditRequest {
  readonly configFile: string | null
  readonly stateDir: string | null
  readonly cwd: string
  /** Id or its beginning, number in `omniparity history`, `latest`, `previous` or `first`; null for the latest. */
  readonly audit: string | null
}

export interface ReportRequest extends StoredAuditRequest {
  /** What a flag asks for; null for the language of the audit. */
  readonly locale: Locale | null
  readonly formats: readonly RequestedFormat[]
  readonly output: string | null
  readonly maxFindings: number | null
}

/** @returns The exit status: 0, whatever the audit has found. */
export async function runReport(request: ReportRequest, io: RunIo): Promise<number> {
  const outputs = await planOutputs(request)
  const { config, report } = await openAudit(request)
  await spareInputs(outputs, filesOf(config, report), request.cwd)
  const locale = request.locale ?? report.locale
  const rules = await loadRules(
    config.rulesDir === null ? undefined : [RULES_ROOT, resolve(config.dir, config.rulesDir)],
  )
  const { timezone } = report
  const texts = { locale, timezone, folder: folderFrom(request.cwd, config.dir), ...ruleTexts(rules, locale) }
  await render(inLanguage(report, locale), outputs, request, io, texts)
  return 0
}

/** What the audit was made from: a member of an archive stands for the archive, a sheet for its workbook. */
function filesOf({ file, dir }: Config, { head }: StoredReport): readonly string[] {
  const sources = [...head.channels, ...(head.inputs ?? [])].flatMap((one) => one.sources)
  const paths = sources.flatMap(({ path }) => [path, path.split(/[!#]/)[0] ?? path])
  return [...(file === null ? [] : [file]), ...paths.map((path) => resolve(dir, path))]
}

/**
 * Finds a stored audit and opens its report.
 *
 * @throws DiagnosticError `state/no-history`, `state/unknown-audit`, `state/ambiguous-audit`, `state/no-report`.
 */
export async function openAudit(
  request: StoredAuditRequest,
): Promise<{ readonly config: Config; readonly state: string; readonly report: StoredReport }> {
  const { cwd, configFile } = request
  const hasConfig = configFile !== null || (await findConfig(cwd)) !== null
  // A state folder that is named tells everything itself.
  const config =
    hasConfig || request.stateDir === null
      ? await loadConfig({ file: configFile, cwd, platform: loadPlatform, packs: packNames })
      : defaultConfig(cwd, [])
  const state = stateFolder(config, request)
  if (state === null) throw fail('state/no-history', { folder: cwd })
  const audits = (await new LedgerFolder(state).entries()).filter(({ kind }) => kind !== 'import')
  if (audits.length === 0) throw fail('state/no-history', { folder: state })
  const { id, seq } = findAudit(audits, request.audit ?? 'latest')
  const past = audits.filter((audit) => audit.seq <= seq)
  const stored = await openStoredReport(state, id)
  // The store's own methods come along with it.
  const report = Object.assign(stored, { audits: past, firstSeen: () => firstSeenUpTo(past) })
  return { config, state, report }
}

async function firstSeenUpTo(audits: readonly LedgerEntry[]): Promise<ReadonlyMap<string, string>> {
  const folder = await openWorkFolder()
  const engine = await openDuckDB({ tempDir: folder.path, memoryLimit: null, threads: null })
  try {
    await createLedgerViews(engine, audits, { channels: [], asOf: '9999-12-31T00:00:00Z' })
    return await readFirstSeen(engine)
  } finally {
    await engine.close()
    await folder.remove()
  }
}
