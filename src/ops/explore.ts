/** `omniparity explore`: the findings of a stored audit, and what a person decides about them. The screen is in terminal/. */
import { relative, resolve } from 'node:path'
import { now } from '../base/clock.ts'
import { printable } from '../base/text.ts'
import { addSuppression } from '../config/add-suppression.ts'
import type { Config, Locale, Severity } from '../model/config.ts'
import type { Finding, FindingStatus, ReportHead } from '../model/report.ts'
import type { SuppressionStatus } from '../model/silence.ts'
import { inLanguage } from '../reports/translate.ts'
import { loadRules } from '../rules/load.ts'
import { RULES_ROOT } from '../rules/package-files.ts'
import { readMarks, writeMarks } from './marks.ts'
import { openAudit, type StoredAuditRequest } from './report.ts'

export interface ExploreRequest extends StoredAuditRequest {
  readonly locale: Locale | null
}

/** A finding as a list shows it; the rest is read when somebody opens it. */
export interface ExploreRow {
  readonly id: string
  readonly rule: string
  readonly severity: Severity
  readonly status: FindingStatus
  /** SKU, else the article's id; null without one. */
  readonly item: string | null
  readonly message: string
  readonly explainedBy: string | null
  /** Folded text in which a filter looks. */
  readonly search: string
}

export interface Decision {
  readonly status: SuppressionStatus
  readonly reason: string
  readonly owner: string
  readonly expires: string
}

/** What the screen asks of the audit, and what it may change. */
export interface Exploration {
  readonly locale: Locale
  readonly timezone: string
  readonly project: string
  readonly head: ReportHead
  readonly rows: readonly ExploreRow[]
  readonly ruleTitle: (rule: string) => string
  /** Why nothing can be suppressed here; null where it can. */
  readonly cannotSuppress: 'no-file' | 'no-project' | null
  readonly marked: ReadonlySet<string>
  detail(row: number): Promise<Finding>
  /** @returns The file as people know it. */
  suppress(row: ExploreRow, decision: Decision): Promise<string>
  /** Marks what is not marked and the other way round. */
  mark(id: string): Promise<void>
}

/** Case and accents do not matter to a filter. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** @throws DiagnosticError as `openAudit`. */
export async function openExploration(request: ExploreRequest, onRows: (count: number) => void): Promise<Exploration> {
  const { config, state, report: stored } = await openAudit(request)
  const locale = request.locale ?? stored.locale
  const report = inLanguage(stored, locale)
  const rules = await loadRules(
    config.rulesDir === null ? undefined : [RULES_ROOT, resolve(config.dir, config.rulesDir)],
  )
  const titles = new Map(rules.map((rule) => [rule.id, rule.title[locale]]))
  const rows: ExploreRow[] = []
  for await (const finding of report.findings()) {
    rows.push(rowOf(finding))
    if (rows.length % 5000 === 0) onRows(rows.length)
  }
  const marked = new Set((await readMarks(state)).findings)
  return {
    locale,
    timezone: stored.timezone,
    project: stored.project,
    head: report.head,
    rows,
    ruleTitle: (rule) => titles.get(rule) ?? rule,
    cannotSuppress: config.file === null ? 'no-project' : config.suppressions === null ? 'no-file' : null,
    marked,
    async detail(row) {
      const [finding] = await stored.page(row, 1)
      if (finding === undefined) throw new RangeError(`no finding ${row}`)
      const message = stored.locale === locale ? undefined : finding.translations?.[locale]
      return message === undefined ? finding : { ...finding, message }
    },
    suppress: (row, decision) => suppress(config, request.cwd, row, decision),
    async mark(id) {
      if (!marked.delete(id)) marked.add(id)
      await writeMarks(state, { format: 'omniparity-marks/1', findings: [...marked].sort() })
    },
  }
}

function rowOf({ id, rule, severity, status, item, message, explained_by: explainedBy, sides }: Finding): ExploreRow {
  const shown = item === null ? null : (item.sku ?? item.id)
  const channels = sides.flatMap(({ channel, listing, value }) => [channel, listing ?? '', value ?? ''])
  const words = [rule, severity, shown, item?.gtin, item?.title, message, ...new Set(channels)]
  const search = folded(words.filter((word) => word !== null && word !== undefined).join('\n'))
  return { id, rule, severity, status, item: shown, message, explainedBy, search }
}

async function suppress(config: Config, cwd: string, row: ExploreRow, decision: Decision): Promise<string> {
  const path = resolve(config.dir, config.suppressions ?? 'suppressions.yaml')
  const shown = relative(cwd, path) || path
  const comment = printable([row.rule, row.item].filter((word) => word !== null).join(' · '))
  await addSuppression(path, shown, { finding: row.id, ...decision, comment }, now())
  return shown
}
