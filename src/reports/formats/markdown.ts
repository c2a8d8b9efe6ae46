/** A comment of a pull or merge request: GitHub takes 65,536 characters, GitLab a million. */
import type { Report } from '../../model/report.ts'
import { formatTextsOf } from '../format-texts.ts'
import { causeLines, findingTables, headLines, type MarkdownPage, unknownLines } from '../markdown/sections.ts'
import { gather } from '../pretty/gather.ts'
import type { RenderOptions, Reporter } from '../reporter.ts'
import { textsOf } from '../texts.ts'
import { valuesIn } from '../values.ts'

const LIMIT = 65_536
/** By this a later run finds the comment again. */
const MARKER = '<!-- omniparity -->\n'
/** Of what is left after the head, for causes; the findings have the rest. */
const CAUSES = 0.4
/** Kept for the line that says what is left out, and for blank lines. */
const RESERVE = 600

/** Counts UTF-16 units: never fewer than the characters that the platforms count. */
export const reporter: Reporter = {
  name: 'markdown',
  doc: {
    en: 'a comment for a pull or merge request, at most 65,536 characters',
    es: 'un comentario para una pull request o merge request, de 65.536 caracteres como máximo',
  },
  async *render(report, options) {
    const page: MarkdownPage = {
      options,
      texts: formatTextsOf(options.locale),
      report: textsOf(options.locale),
      values: valuesIn(options.locale, options.timezone),
    }
    yield MARKER
    yield await document(page, report, options)
  },
}

async function document(page: MarkdownPage, report: Report, { maxFindings }: RenderOptions): Promise<string> {
  const { markdown } = page.texts
  const head = headLines(page, report)
  const unknown = unknownLines(page, report)
  const room = LIMIT - RESERVE - MARKER.length - head.length
  // What could not be decided matters more than the thousandth finding, and is short as a rule.
  const tail = unknown.length > room / 3 ? '' : unknown
  const causes = causeLines(page, report, (room - tail.length) * CAUSES)
  const findings = await findingTables(page, await gather(report), room - tail.length - causes.text.length, maxFindings)
  const leftOut = causes.leftOut + findings.rows
  const notes = [
    leftOut > 0 ? markdown.leftOut(findings.rows, findings.rules, causes.leftOut) : '',
    tail === unknown ? '' : markdown.shortened,
  ].filter((note) => note !== '')
  const end = notes.length === 0 ? '' : `\n> ${notes.join('\n> ')}\n`
  return `${head}${causes.text}${findings.text}${tail}${end}`
}
