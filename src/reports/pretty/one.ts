/** One finding, or one cause, with everything that the report has of it. */
import type { Cause, Finding } from '../../model/report.ts'
import { safe, wrap } from '../layout.ts'
import { causeBlock } from './causes.ts'
import { badge, badgeWidth, block, type Page } from './page.ts'
import { findingBlock } from './rules.ts'
import { columnsFor } from './sides.ts'

/** @param by - What explains it, in words; null for a root. */
export function findingPage(page: Page, finding: Finding, by: string | null): string {
  const { texts, chalk, width } = page
  const about = texts.one
  const notes = [
    about.status(texts.status[finding.status]),
    ...(by === null ? [] : [about.explainedBy(safe(by))]),
    ...(finding.suppression === undefined ? [] : [about.suppression(quiet(finding.suppression))]),
  ]
  const head = `${badge(page, finding.severity)}  ${chalk.bold(safe(page.ruleTitle(finding.rule)))}\n`
  const lines = notes.flatMap((note) => wrap(note, width - badgeWidth(page) - 2))
  return `${head}${block(lines, badgeWidth(page) + 2)}${findingBlock(page, finding, columnsFor(page, [finding]))}`
}

function quiet({ status, reason, owner, expires }: NonNullable<Finding['suppression']>): string {
  return safe(`${status}, ${reason} (${owner}, ${expires})`)
}

/** @param examples - Some of the findings that it explains. */
export async function causePage(page: Page, cause: Cause, examples: readonly Finding[]): Promise<string> {
  const [first = null] = examples
  const head = await causeBlock(page, cause, { example: async () => first })
  const columns = columnsFor(page, examples)
  return `${head}${examples.map((finding) => findingBlock(page, finding, columns)).join('')}`
}
