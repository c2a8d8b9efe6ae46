import {
  causeJson,
  channelJson,
  coverageJson,
  omittedJson,
  silencesJson,
  stampJson,
  totalsJson,
} from '../../model/report-json.ts'
import { jsonBatches } from '../batches.ts'
import { limitPerRule } from '../limit.ts'
import type { Reporter } from '../reporter.ts'

function typed(type: string, json: string): string {
  return `{"type":"${type}",${json.slice(1)}\n`
}

/** The last line says what was left out; a file without it was cut off. */
export const reporter: Reporter = {
  name: 'ndjson',
  doc: {
    en: 'one JSON object a line: the head, each cause, each finding',
    es: 'un objeto JSON por línea: la cabecera, cada causa y cada incidencia',
  },
  async *render(report, { maxFindings }) {
    const { head } = report
    const limit = limitPerRule(head, maxFindings)
    const keys = [
      ...stampJson(head),
      ['channels', `[${head.channels.map(channelJson).join(',')}]`],
      ['coverage', `[${head.coverage.map(coverageJson).join(',')}]`],
      ['totals', totalsJson(head.totals)],
      ...(head.silences === undefined ? [] : [['silences', silencesJson(head.silences)]]),
    ]
    yield typed('report', `{${keys.map(([key, value]) => `"${key}":${value}`).join(',')}}`)
    for (const cause of head.causes) yield typed('cause', causeJson(cause))
    for await (const batch of jsonBatches(report, limit, maxFindings !== null)) {
      const lines = batch.split('\n')
      yield lines.map((line) => typed('finding', line.endsWith(',') ? line.slice(0, -1) : line)).join('')
    }
    yield typed('end', `{"omitted":${omittedJson(limit.omitted())}}`)
  },
}
