import type { Finding, Report } from '../model/report.ts'
import { findingJson } from '../model/report-json.ts'
import type { RuleLimit } from './limit.ts'

/** Findings per piece of text: one at a time costs a turn of the event loop each. */
const SIZE = 500

/** The findings that `keep` wants, in batches, never more than one batch in memory. */
export async function* findingBatches(
  report: Report,
  keep: (finding: Finding) => boolean,
): AsyncGenerator<readonly Finding[]> {
  let batch: Finding[] = []
  for await (const finding of report.findings()) {
    if (!keep(finding)) continue
    batch.push(finding)
    if (batch.length < SIZE) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Batches of findings as `Report.findingsJson` describes them, taken from there when nothing is left out. */
export async function* jsonBatches(report: Report, limit: RuleLimit, limited: boolean): AsyncGenerator<string> {
  if (report.findingsJson !== undefined && !limited) {
    yield* report.findingsJson()
    return
  }
  for await (const batch of findingBatches(report, limit.allows)) yield batch.map(findingJson).join(',\n')
}

/** The members of a JSON array, one a line and separated, in pieces of many. The brackets are the caller's. */
export async function* jsonMembers(members: AsyncIterable<string>): AsyncGenerator<string> {
  let separator = '\n'
  let batch: string[] = []
  for await (const member of members) {
    batch.push(member)
    if (batch.length < SIZE) continue
    yield separator + batch.join(',\n')
    separator = ',\n'
    batch = []
  }
  if (batch.length > 0) yield separator + batch.join(',\n')
}
