/** A SARIF log of one run, in pieces. */
import { jsonMembers } from '../batches.ts'
import type { RenderOptions } from '../reporter.ts'
import { BASE, type RuleIndex } from './results.ts'
import { messageText, ruleHelp } from './rule-help.ts'

/** GitHub refuses a run with more. */
export const MOST_RESULTS = 25_000

export interface SarifRun {
  readonly tool: { readonly name: string; readonly version: string }
  readonly project: string
  /** Tells runs apart that stand beside each other; empty for the audit. */
  readonly category: string
  readonly rules: readonly string[]
  /** Null for what is left out; when the run is full, nothing else is wanted. */
  readonly results: (index: RuleIndex, isFull: () => boolean) => AsyncIterable<Record<string, unknown> | null>
  readonly invocation: (omitted: number) => Record<string, unknown>
}

export async function* sarifLog(run: SarifRun, options: RenderOptions): AsyncGenerator<string> {
  const { tool, rules, category } = run
  const project = messageText(run.project)
  yield `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":${JSON.stringify(
    {
      name: tool.name,
      version: tool.version,
      semanticVersion: tool.version,
      rules: rules.map((id) => ruleHelp(id, options)),
    },
  )}},\n"originalUriBaseIds":${JSON.stringify({ [BASE]: { description: { text: project === '' ? 'omniparity' : project } } })},\n`
  yield `"automationDetails":${JSON.stringify({ id: `omniparity/${category}${project}/` })},\n"columnKind":"utf16CodeUnits","language":"${options.locale}",\n"results":[`
  const index = new Map(rules.map((id, position) => [id, position]))
  let [left, omitted] = [MOST_RESULTS, 0]
  async function* results(): AsyncGenerator<string> {
    for await (const result of run.results(index, () => left <= 0)) {
      if (result === null || left <= 0) {
        omitted++
        continue
      }
      left--
      yield JSON.stringify(result)
    }
  }
  yield* jsonMembers(results())
  yield `\n],\n"invocations":${JSON.stringify([run.invocation(omitted)])}}]}\n`
}
