/** The formats of `history` and `history diff`: those of reports, as far as there is something true to show in them. */
import type { Comparison, HistoryDiff, HistoryView } from '../../model/history.ts'
import type { Finding } from '../../model/report.ts'
import { diffPage, historyPage } from '../history.ts'
import { diffCsv, diffMarkdown, diffNdjson, historyCsv, historyMarkdown, historyNdjson } from '../history-tables.ts'
import { type Page, pageOf } from '../pretty/page.ts'
import type { Formats, Renderer, RenderOptions } from '../reporter.ts'

type Load<Subject> = () => Promise<Renderer<Subject>>

const LIST: Readonly<Record<string, Load<HistoryView>>> = {
  concise: async () => (await import('./list-lines.ts')).concise,
  csv: whole('csv', ({ history }) => historyCsv(history)),
  github: async () => (await import('./list-lines.ts')).github,
  html: async () => (await import('./list-page.tsx')).reporter,
  json: whole('json', ({ history }) => `${JSON.stringify(history, null, 2)}\n`),
  markdown: whole('markdown', ({ history }, options) => historyMarkdown(pageOf(options), history)),
  ndjson: whole('ndjson', ({ history }) => historyNdjson(history)),
  pretty: whole('pretty', ({ history }, options) => historyPage(pageOf(options), history), { isForPeople: true }),
  xlsx: async () => (await import('./list-workbook.ts')).reporter,
}

const DIFF: Readonly<Record<string, Load<Comparison>>> = {
  concise: async () => (await import('./diff-lines.ts')).concise,
  csv: whole('csv', ({ diff }) => diffCsv(diff)),
  github: async () => (await import('./diff-lines.ts')).github,
  gitlab: async () => (await import('./diff-gitlab.ts')).reporter,
  html: async () => (await import('./diff-page.tsx')).reporter,
  json: whole('json', ({ diff }) => `${JSON.stringify(diff, null, 2)}\n`),
  junit: async () => (await import('./diff-junit.ts')).reporter,
  markdown: told('markdown', 100, diffMarkdown),
  ndjson: whole('ndjson', ({ diff }) => diffNdjson(diff)),
  pretty: told('pretty', 20, diffPage, { isForPeople: true }),
  sarif: async () => (await import('./diff-sarif.ts')).reporter,
  xlsx: async () => (await import('./diff-workbook.ts')).reporter,
}

/** Formats that hold findings with their places, which a list of audits has none of. */
export const FINDING_FORMATS: readonly string[] = Object.keys(DIFF).filter((name) => !Object.hasOwn(LIST, name))

export const listFormats: Formats<HistoryView> = formats(LIST)
export const diffFormats: Formats<Comparison> = formats(DIFF)

function formats<Subject>(known: Readonly<Record<string, Load<Subject>>>): Formats<Subject> {
  return {
    names: Object.keys(known).sort(),
    load: async (name) => (Object.hasOwn(known, name) ? ((await known[name]?.()) ?? null) : null),
  }
}

/** A format whose text is made in one go. */
function whole<Subject>(
  name: string,
  text: (subject: Subject, options: RenderOptions) => string,
  more: Partial<Renderer<Subject>> = {},
): Load<Subject> {
  const reporter: Renderer<Subject> = {
    name,
    ...more,
    async *render(subject, options) {
      yield text(subject, options)
    },
  }
  return async () => reporter
}

/** A comparison that says of the first findings of each kind what the audits said of them, where that is kept. */
function told(
  name: string,
  most: number,
  text: (page: Page, diff: HistoryDiff, told: ReadonlyMap<string, Finding>) => string,
  more: Partial<Renderer<Comparison>> = {},
): Load<Comparison> {
  const reporter: Renderer<Comparison> = {
    name,
    ...more,
    async *render(comparison, options) {
      const { diff } = comparison
      const kinds = ['new', 'reopened', 'worse', 'quieted', 'resolved'] as const
      const open = new Set(kinds.flatMap((kind) => diff[kind].slice(0, most).map(({ id }) => id)))
      const wanted = kinds.filter((kind) => diff[kind].length > 0)
      const found = new Map<string, Finding>()
      for await (const { seen, finding } of wanted.length === 0 ? [] : comparison.findings(wanted)) {
        if (!open.delete(seen.id)) continue
        if (finding.sides.length > 0) found.set(seen.id, finding)
        if (open.size === 0) break
      }
      yield text(pageOf(options), diff, found)
    },
  }
  return async () => reporter
}
