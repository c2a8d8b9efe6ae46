import { Chalk, type ChalkInstance } from 'chalk'
import { printable } from '../../base/text.ts'
import type { Cause, Finding, FindingStatus } from '../../model/report.ts'
import { findingBatches } from '../batches.ts'
import { limitPerRule } from '../limit.ts'
import { severityColour } from '../paint.ts'
import { placeOf } from '../place.ts'
import type { Reporter } from '../reporter.ts'

/** Words that are not of the reader's language: scripts look for them. */
function marks(status: FindingStatus, explainedBy: string | null): string {
  const words = [
    ...(status === 'new' ? [] : [status]),
    ...(explainedBy === null ? [] : [`explained by ${explainedBy}`]),
  ]
  return words.length === 0 ? '' : ` (${words.join(', ')})`
}

function causeLine(cause: Cause, chalk: ChalkInstance): string {
  const severity = severityColour(chalk, cause.severity)(cause.severity)
  const text = printable(`${cause.message}${marks(cause.status, null)} [${cause.channels.join(' ')}]`)
  return `${severity} ${chalk.bold(printable(cause.rule))} ${printable(cause.id)} -: ${text}\n`
}

function findingLine(finding: Finding, chalk: ChalkInstance): string {
  const item = finding.item?.sku ?? finding.item?.id ?? '-'
  const place = finding.sides.find((side) => side.source !== null && !side.authority) ?? finding.sides[0]
  const where = place?.source ? ` ${chalk.dim(`[${printable(placeOf(place.source))}]`)}` : ''
  const severity = severityColour(chalk, finding.severity)(finding.severity)
  const text = printable(`${item} ${finding.market ?? '-'}: ${finding.message}`)
  return `${severity} ${chalk.bold(printable(finding.rule))} ${text}${marks(finding.status, finding.explained_by)}${where}\n`
}

/** The place is that of the first side that is not the authority: the one that has to change. */
export const reporter: Reporter = {
  name: 'concise',
  doc: { en: 'one line for each cause and finding, for grep', es: 'una línea por causa e incidencia, para grep' },
  isForPeople: true,
  async *render(report, { colour, maxFindings }) {
    const chalk = new Chalk({ level: colour ? 1 : 0 })
    for (const cause of report.head.causes) yield causeLine(cause, chalk)
    const limit = limitPerRule(report.head, maxFindings)
    for await (const batch of findingBatches(report, limit.allows)) {
      yield batch.map((finding) => findingLine(finding, chalk)).join('')
    }
  },
}
