/** Code quality of what is new, open again or worse: what is as before is nobody's fault. */
import type { Comparison } from '../../model/history.ts'
import { qualityIssue } from '../formats/gitlab.ts'
import { placeOfFinding } from '../place.ts'
import type { Renderer } from '../reporter.ts'
import { anyPlaceOf, compareTextsOf, NEWS } from './subject.ts'

const BATCH = 200

export const reporter: Renderer<Comparison> = {
  name: 'gitlab',
  async *render(comparison, options) {
    const { changes } = compareTextsOf(options.locale)
    const anywhere = anyPlaceOf(comparison)
    yield '['
    let separator = '\n'
    let batch: string[] = []
    for await (const { change, finding } of comparison.findings(NEWS)) {
      const message = `${changes[change]}: ${finding.message}`
      batch.push(qualityIssue(finding, message, placeOfFinding(finding) ?? anywhere, options))
      if (batch.length < BATCH) continue
      yield separator + batch.join(',\n')
      separator = ',\n'
      batch = []
    }
    if (batch.length > 0) yield separator + batch.join(',\n')
    yield '\n]\n'
  },
}
