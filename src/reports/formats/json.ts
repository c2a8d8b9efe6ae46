import {
  causeJson,
  channelJson,
  coverageJson,
  inputJson,
  omittedJson,
  silencesJson,
  stampJson,
  totalsJson,
} from '../../model/report-json.ts'
import { jsonBatches } from '../batches.ts'
import { limitPerRule } from '../limit.ts'
import type { Reporter } from '../reporter.ts'

function list(key: string, lines: readonly string[]): string {
  return lines.length === 0 ? `"${key}": [],\n` : `"${key}": [\n${lines.join(',\n')}\n],\n`
}

/** One record a line: two reports can be compared with `diff`, and a line can be cut out with `grep`. */
export const reporter: Reporter = {
  name: 'json',
  doc: {
    en: 'everything, as one JSON document (omniparity-report/1)',
    es: 'todo, en un solo documento JSON (omniparity-report/1)',
  },
  async *render(report, { maxFindings }) {
    const { head } = report
    const limit = limitPerRule(head, maxFindings)
    yield `{\n${stampJson(head)
      .map(([key, value]) => `"${key}": ${value},\n`)
      .join('')}`
    yield list('channels', head.channels.map(channelJson))
    if (head.inputs !== undefined) yield list('inputs', head.inputs.map(inputJson))
    yield list('coverage', head.coverage.map(coverageJson))
    yield `"totals": ${totalsJson(head.totals)},\n`
    yield list('causes', head.causes.map(causeJson))
    if (head.silences !== undefined) yield `"silences": ${silencesJson(head.silences)},\n`
    yield '"findings": ['
    let separator = '\n'
    for await (const batch of jsonBatches(report, limit, maxFindings !== null)) {
      yield separator + batch
      separator = ',\n'
    }
    yield `${separator === '\n' ? '' : '\n'}],\n"omitted": ${omittedJson(limit.omitted())}\n}\n`
  },
}
