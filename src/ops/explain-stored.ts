/** What `omniparity explain` prints for a finding or a cause of the latest audit. */
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { Locale } from '../model/config.ts'
import type { Finding, Report } from '../model/report.ts'
import { causePage, findingPage } from '../reports/pretty/one.ts'
import { pageOf } from '../reports/pretty/page.ts'
import { inLanguage } from '../reports/translate.ts'
import type { Rule } from '../rules/rule.ts'
import { openAudit } from './report.ts'
import { ruleTexts } from './rule-texts.ts'

/** An id of a finding or a cause, or enough of its beginning. */
const ID = /^[0-9a-z][0-9a-z-]{0,63}$/i
const LEAST = 6
/** Findings that a cause is shown with. */
const EXAMPLES = 5

export interface StoredQuestion {
  readonly id: string
  readonly configFile: string | null
  readonly cwd: string
  readonly locale: Locale
  readonly rules: readonly Rule[]
  readonly width: number | null
  readonly colour: boolean
}

export interface StoredAnswer {
  readonly text: string
  readonly rule: string
}

/** @returns Null where no audit is kept, or the latest one has nothing of that id. */
export async function explainStored(question: StoredQuestion): Promise<StoredAnswer | null> {
  const { id, configFile, cwd, locale, rules, width, colour } = question
  if (!ID.test(id)) return null
  const stored = await openLatest(configFile, cwd)
  if (stored === null) return null
  const report = inLanguage(stored, locale)
  const { ruleTitle } = ruleTexts(rules, locale)
  const page = pageOf({ locale, timezone: stored.timezone, width, colour, maxFindings: null, ruleTitle })
  const cause = report.head.causes.find((one) => one.id === id)
  if (cause !== undefined) return { text: await causePage(page, cause, await examplesOf(report, id)), rule: cause.rule }
  const finding = await findingOf(report, id)
  if (finding === null) return null
  const by = finding.explained_by === null ? null : await nameOf(report, finding.explained_by)
  return { text: findingPage(page, finding, by), rule: finding.rule }
}

async function openLatest(configFile: string | null, cwd: string): ReturnType<typeof latest> {
  try {
    return await latest(configFile, cwd)
  } catch (cause) {
    // Without a project, or without an audit, the word means something else or nothing.
    if (cause instanceof DiagnosticError) return null
    throw cause
  }
}

async function latest(
  configFile: string | null,
  cwd: string,
): Promise<Awaited<ReturnType<typeof openAudit>>['report'] | null> {
  return (await openAudit({ configFile, cwd, stateDir: null, audit: null })).report
}

async function findingOf(report: Report, id: string): Promise<Finding | null> {
  for await (const finding of report.findings()) {
    if (finding.id === id || (id.length >= LEAST && finding.id.startsWith(id.toLowerCase()))) return finding
  }
  return null
}

async function examplesOf(report: Report, cause: string): Promise<readonly Finding[]> {
  const found: Finding[] = []
  for await (const finding of report.select?.({ explained: cause, limit: EXAMPLES }) ?? []) found.push(finding)
  return found
}

/** What explains a finding: the message of a cause, or of another finding. */
async function nameOf(report: Report, id: string): Promise<string> {
  const cause = report.head.causes.find((one) => one.id === id)
  const message = cause?.message ?? (await findingOf(report, id))?.message
  return message === undefined ? id : `${message} (${id})`
}
