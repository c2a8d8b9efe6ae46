/** Findings for formats that show the worst of them and say what they leave out. */
import type { Finding, Report } from '../model/report.ts'

/** Not explained by anything, whatever its status. */
export function isRoot({ explained_by: by }: Finding): boolean {
  return by === null
}

/** A root that somebody should look at. */
export function isNews(finding: Finding): boolean {
  return isRoot(finding) && (finding.status === 'new' || finding.status === 'worse')
}

/** Roots, news before what is known or suppressed; of either the worst first. */
export async function* rootsWorstFirst(report: Report): AsyncGenerator<Finding> {
  let quiet = 0
  for await (const finding of report.findings()) {
    if (isNews(finding)) yield finding
    else if (isRoot(finding)) quiet++
  }
  if (quiet === 0) return
  for await (const finding of report.findings()) if (isRoot(finding) && !isNews(finding)) yield finding
}
