/** Code quality of what is new, open again or worse: what is as before is nobody's fault. */
import type { Comparison } from '../../model/history.ts'
import { jsonMembers } from '../batches.ts'
import { qualityIssue } from '../formats/gitlab.ts'
import { placeOfFinding } from '../place.ts'
import type { Renderer } from '../reporter.ts'
import { anyPlaceOf, compareTextsOf, NEWS } from './subject.ts'

export const reporter: Renderer<Comparison> = {
  name: 'gitlab',
  async *render(comparison, options) {
    const { changes } = compareTextsOf(options.locale)
    const anywhere = anyPlaceOf(comparison)
    async function* issues(): AsyncGenerator<string> {
      for await (const { change, finding } of comparison.findings(NEWS)) {
        const message = `${changes[change]}: ${finding.message}`
        yield qualityIssue(finding, message, placeOfFinding(finding) ?? anywhere, options)
      }
    }
    yield '['
    yield* jsonMembers(issues())
    yield '\n]\n'
  },
}
