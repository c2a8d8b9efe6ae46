/** What `history` and `history diff` print for other programs and for comments. */
import sarifSchema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' }
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { parse } from 'csv-parse/sync'
import { parse as parseJunit } from 'junit2json'
import { marked } from 'marked'
import { describe, expect, it } from 'vitest'
import type { Locale } from '../src/model/config.ts'
import {
  HISTORY_DIFF_FORMAT,
  HISTORY_FORMAT,
  type History,
  type HistoryAudit,
  type HistoryDiff,
  type HistoryFinding,
} from '../src/model/history.ts'
import { ruleTexts } from '../src/ops/rule-texts.ts'
import { diffFormats, FINDING_FORMATS, listFormats } from '../src/reports/history/formats.ts'
import { diffSentence } from '../src/reports/history/subject.ts'
import { historyPage } from '../src/reports/history.ts'
import {
  diffCsv,
  diffMarkdown,
  diffNdjson,
  historyCsv,
  historyMarkdown,
  historyNdjson,
} from '../src/reports/history-tables.ts'
import { type Page, pageOf } from '../src/reports/pretty/page.ts'
import type { Formats, RenderOptions } from '../src/reports/reporter.ts'
import { sparkline } from '../src/reports/sparkline.ts'
import { loadRules } from '../src/rules/load.ts'
import { auditsInARow, comparedAs, comparisonOf } from './compared-audits.ts'
import { HOSTILE } from './hostile-report.ts'

function audit(number: number, more: Partial<HistoryAudit> = {}): HistoryAudit {
  return {
    number,
    id: `0000000${number}-0000-4000-8000-000000000000`,
    kind: 'audit',
    as_of: `2026-11-2${number}T08:00:00Z`,
    partial: false,
    totals: { error: number, warning: 0, info: 0, known: 2, suppressed: 1, explained: 1234 },
    opened: number,
    resolved: 1,
    ...more,
  }
}

const history: History = {
  format: HISTORY_FORMAT,
  audits: [audit(1, { kind: 'import', totals: null }), audit(2), audit(3, { partial: true }), audit(4)],
  trend: [
    { rule: 'price/differs-across-channels', channel: 'web', findings: [4, null, 0] },
    { rule: 'feed/stale-source', channel: null, findings: [null, 1, 1] },
  ],
  rules: [
    {
      rule: 'price/differs-across-channels',
      open: 3,
      resolved: 1,
      oldest: '2026-11-22T08:00:00Z',
      hours_to_resolve: 30.5,
    },
  ],
}

function finding(id: string, text: string): HistoryFinding {
  return {
    id,
    rule: 'price/differs-across-channels',
    code: 'regular',
    severity: 'error',
    market: 'ES',
    owner: text,
    item: text,
    first_seen: '2026-11-22T08:00:00Z',
    opened_at: '2026-11-22T08:00:00Z',
    resolved_at: null,
    hours_to_resolve: null,
    was: null,
  }
}

const diff: HistoryDiff = {
  format: HISTORY_DIFF_FORMAT,
  from: audit(3),
  to: audit(4),
  new: HOSTILE.map((text, at) => finding(`n${at}`, text)),
  reopened: [],
  worse: [finding('w1', 'A-1')],
  quieted: [finding('q1', 'A-2')],
  resolved: Array.from({ length: 130 }, (_, at) => finding(`r${at}`, `B-${at}`)),
  unchanged: 1234,
}

function page(locale: Locale): Page {
  return pageOf({ locale, timezone: 'UTC', width: null, colour: false, maxFindings: null, ruleTitle: (id) => id })
}

const records = (text: string): readonly Record<string, string>[] => parse(text, { columns: true })

describe('csv', () => {
  it('has the audits, the trend by audit, and the rules', () => {
    const rows = records(historyCsv(history))
    expect(rows.map(({ type }) => type)).toEqual([...Array(4).fill('audit'), ...Array(6).fill('trend'), 'rule'])
    expect(rows[0]).toMatchObject({ audit: '1', kind: 'import', error: '', opened: '1' })
    expect(rows[1]).toMatchObject({ audit: '2', error: '2', explained: '1234', as_of: '2026-11-22T08:00:00Z' })
    const trend = rows.filter(({ type }) => type === 'trend')
    // The figures belong to the last audits, not to files of earlier prices.
    expect(trend.map(({ audit: number, findings }) => `${number}:${findings}`)).toEqual([
      '2:4',
      '3:',
      '4:0',
      '2:',
      '3:1',
      '4:1',
    ])
    expect(rows.at(-1)).toMatchObject({ open: '3', hours_to_resolve: '30.5' })
  })

  it('has each change once, and no formula', () => {
    const rows = records(diffCsv(diff))
    expect(rows.map(({ change }) => change)).toEqual([
      ...Array(HOSTILE.length).fill('new'),
      'worse',
      'quieted',
      ...Array(130).fill('resolved'),
    ])
    expect(rows.flatMap((row) => Object.values(row)).filter((cell) => /^[=+\-@]/.test(cell))).toEqual([])
  })
})

describe('ndjson', () => {
  const lines = (text: string): readonly Record<string, unknown>[] =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))

  it('says first what it is, then everything, an object a line', () => {
    const [head, ...rest] = lines(historyNdjson(history))
    expect(head).toEqual({ type: 'history', format: HISTORY_FORMAT })
    expect(rest[1]).toEqual({ type: 'audit', ...history.audits[1] })
    expect(rest).toHaveLength(4 + 2 + 1)
    const [first, ...changes] = lines(diffNdjson(diff))
    expect(first).toEqual({ type: 'diff', format: HISTORY_DIFF_FORMAT, from: diff.from, to: diff.to, unchanged: 1234 })
    expect(changes[0]).toEqual({ type: 'finding', change: 'new', ...diff.new[0] })
    expect(changes).toHaveLength(HOSTILE.length + 1 + 1 + 130)
  })
})

describe('markdown', () => {
  it.each(['en', 'es'] as const)('is tables, with a course for each rule, in %s', async (locale) => {
    const html = await marked.parse(historyMarkdown(page(locale), history), { gfm: true })
    expect(html.match(/<table>/g)).toHaveLength(3)
    expect(html.match(/<tr>/g)).toHaveLength(3 + 4 + 2 + 1)
    expect(html).toContain('█·▁')
  })

  it('shows a hundred of each change, and hostile texts as text', async () => {
    const html = await marked.parse(diffMarkdown(page('en'), diff), { gfm: true })
    expect(html.match(/<tr>/g)).toHaveLength(1 + HOSTILE.length + 1 + 1 + 1 + 1 + 1 + 100)
    expect(html).toContain('and 30 more')
    expect(html).not.toMatch(/<(a|img|script|h1)[ >]/)
    expect(html.match(/<h2/g)).toHaveLength(1)
  })
})

describe('the course of a rule', () => {
  it('is bars of the height of its figures', () => {
    expect(sparkline([0, 1, 2, 4, 8, null])).toBe('▁▂▃▅█·')
    expect(sparkline([0, 0])).toBe('▁▁')
    expect(sparkline([])).toBe('')
    const text = historyPage(page('en'), history)
    expect(text).toMatch(/price\/differs-across-channels +web +█·▁ +4 +· +0/)
    expect(text).toMatch(/Prices +█·▁ +4 +→ +0/)
    // An audit of some channels would look like a relief.
    expect(text).toMatch(/errors +▅█ +2 +→ +4/)
  })
})

const rules = await loadRules()

function optionsFor(locale: Locale): RenderOptions {
  return { locale, width: null, colour: false, maxFindings: null, timezone: 'UTC', ...ruleTexts(rules, locale) }
}

async function rendered<Subject>(
  formats: Formats<Subject>,
  name: string,
  subject: Subject,
  locale: Locale = 'en',
): Promise<string> {
  const reporter = await formats.load(name)
  if (reporter === null) throw new Error(`no format ${name}`)
  let text = ''
  for await (const piece of reporter.render(subject, optionsFor(locale))) text += piece
  return text
}

const changes = [
  ...HOSTILE.map((text, at) => comparedAs('new', `n${at}`, text)),
  comparedAs('reopened', 'o1', 'A-0'),
  comparedAs('worse', 'w1', 'A-1', { before: '20.99', was: 'warning' }),
  comparedAs('changed', 'c1', 'A-2', { before: '23.99' }),
  comparedAs('unchanged', 'u1', 'A-3', { before: '21.99' }),
  comparedAs('quieted', 'q1', 'A-4', { before: '21.99' }),
  comparedAs('resolved', 'r1', 'A-5', { before: '21.99' }),
]
const comparison = comparisonOf(changes)

describe('concise', () => {
  it('has a line for each audit, course and rule', async () => {
    const lines = (await rendered(listFormats, 'concise', auditsInARow(4, ['web']))).trimEnd().split('\n')
    expect(lines).toHaveLength(4 + 3 + 3)
    expect(lines[0]).toMatch(/^audit 1 2026-01-02T08:00:00Z error=21 warning=1 info=1 .*opened=1 resolved=1 00000001-/)
    expect(lines[2]).toMatch(/ partial 00000003-/)
    expect(lines[4]).toBe('trend price/differs-across-channels web 4 - 0 7')
    expect(lines.at(-1)).toBe('rule feed/stale-source open=3 resolved=1 oldest=2026-01-02T08:00:00Z hours=30.5')
  })

  it('has a line for each change, and none for what is as before', async () => {
    const lines = (await rendered(diffFormats, 'concise', comparison)).trimEnd().split('\n')
    expect(lines).toHaveLength(changes.length - 1)
    expect(lines.filter((line) => line.startsWith('worse'))).toEqual([
      'worse error price/differs-across-channels A-1 ES: A-1 has different prices (was warning) [data/A-1.csv:2]',
    ])
  })
})

describe('sarif', () => {
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false })
  addFormats.default(ajv)
  const { id: _, $schema: __, ...schema } = sarifSchema
  const validate = ajv.compile(schema)

  it.each(['en', 'es'] as const)(
    'is valid by the schema of OASIS, and says what became of each in %s',
    async (locale) => {
      const log = JSON.parse(await rendered(diffFormats, 'sarif', comparisonOf(changes, { locale }), locale))
      expect(validate(log) ? [] : validate.errors).toEqual([])
      const [run] = log.runs
      const states = Object.fromEntries(
        run.results.map((one: { partialFingerprints: Record<string, string>; baselineState: string }) => [
          one.partialFingerprints['omniparityFinding/v1'],
          one.baselineState,
        ]),
      )
      expect(states).toMatchObject({
        n0: 'new',
        o1: 'new',
        w1: 'updated',
        c1: 'updated',
        u1: 'unchanged',
        q1: 'unchanged',
        r1: 'absent',
      })
      expect(run.results).toHaveLength(changes.length + 2)
      for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId)
    },
  )

  it('says what is not known where the reports are gone', async () => {
    const lost = changes.map((one) => ({ ...one, before: null, finding: { ...one.finding, sides: [] } }))
    const log = JSON.parse(await rendered(diffFormats, 'sarif', comparisonOf(lost, { isLost: true })))
    expect(validate(log) ? [] : validate.errors).toEqual([])
    const [run] = log.runs
    expect(JSON.stringify(run.invocations[0].toolExecutionNotifications)).toContain('no longer kept')
    for (const { locations } of run.results)
      expect(locations[0].physicalLocation.artifactLocation.uri).toBe('omniparity.yaml')
  })

  it('has the news first where there are too many', async () => {
    const many = Array.from({ length: 30_000 }, (_, at) =>
      comparedAs(at % 2 === 0 ? 'unchanged' : 'new', `f${at}`, 'A'),
    )
    const [run] = JSON.parse(await rendered(diffFormats, 'sarif', comparisonOf(many))).runs
    expect(run.results).toHaveLength(25_000)
    const states: readonly string[] = run.results.map((one: { baselineState: string }) => one.baselineState)
    expect(states.filter((state) => state === 'new')).toHaveLength(15_000 + 1)
    expect(states.lastIndexOf('new')).toBeLessThan(states.indexOf('unchanged'))
    expect(JSON.stringify(run.invocations)).toContain('5,002 findings are left out')
  })
})

describe('junit', () => {
  it('fails the rules with news, and skips what cannot be compared', async () => {
    const suites = await parseJunit(await rendered(diffFormats, 'junit', comparison))
    if (!suites || !('testsuite' in suites)) throw new Error('no suites')
    const cases = (suites.testsuite ?? []).flatMap((suite) => suite.testcase ?? [])
    expect(suites.tests).toBe(cases.length)
    const failed = cases.filter(({ failure }) => failure !== undefined)
    expect(failed.map(({ name }) => name)).toEqual(['price/differs-across-channels'])
    expect(failed[0]?.failure?.[0]?.inner?.split('\n')).toHaveLength(HOSTILE.length + 2)
    const skipped = cases.filter((one) => one.skipped !== undefined).map(({ name }) => name)
    expect(skipped).toContain('catalog/title-mismatch')
    expect(skipped).toContain('price/differs-across-channels [tax_basis]')
  })

  it('fails nothing below the threshold', async () => {
    const calm = comparisonOf([comparedAs('new', 'n', 'A', { severity: 'warning' })])
    expect(await rendered(diffFormats, 'junit', calm)).toContain('failures="0"')
    expect(await rendered(diffFormats, 'junit', { ...calm, gate: { ...calm.gate, failOn: 'warning' } })).toContain(
      'failures="1"',
    )
  })
})

describe('github', () => {
  it('annotates ten news and ends with the sentence about them; a title commands nothing', async () => {
    const lines = (await rendered(diffFormats, 'github', comparison)).trimEnd().split('\n')
    const commands = lines.filter((line) => line.trim().startsWith('::'))
    expect(commands).toHaveLength(10)
    for (const line of commands) expect(line).toMatch(/^::error (file=[^,:]*,)(line=\d+,)?title=[^,:]*::new: [^\r\n]*$/)
    expect(lines).toContain(`${HOSTILE.length} new, 1 open again, 1 worse, 1 resolved, 2 as before`)
    expect(lines.at(-1)).toBe(diffSentence(comparison.gate, 'en'))
  })

  it('has one notice about a list of audits', async () => {
    expect(await rendered(listFormats, 'github', auditsInARow(4, ['web']), 'es')).toBe(
      '::notice title=omniparity::auditoría 4 (05/01/2026 08:00): 24 errores, 4 avisos, 1 nota; 1 nueva, 1 resuelta\n',
    )
  })
})

describe('gitlab', () => {
  it('lists what is new, open again or worse, each with a place and a fingerprint', async () => {
    const issues = JSON.parse(await rendered(diffFormats, 'gitlab', comparison)) as Record<string, unknown>[]
    expect(issues).toHaveLength(HOSTILE.length + 2)
    expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length)
    for (const issue of issues)
      expect(issue).toMatchObject({
        location: { path: expect.stringMatching(/./), lines: { begin: expect.any(Number) } },
      })
  })
})

describe('every format', () => {
  it('is there for a comparison; a list of audits has none of those that hold findings', () => {
    expect(FINDING_FORMATS).toEqual(['gitlab', 'junit', 'sarif'])
    expect([...listFormats.names, ...FINDING_FORMATS].sort()).toEqual(diffFormats.names)
  })

  const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/
  const turns = /[\u202a-\u202e\u2066-\u2069\u2028]/
  const isText = (name: string): boolean => !['html', 'xlsx'].includes(name)

  it.each(diffFormats.names.filter(isText))('keeps hostile texts inert in %s of a comparison', async (name) => {
    for (const locale of ['en', 'es'] as const) {
      const text = (await rendered(diffFormats, name, comparisonOf(changes, { locale }), locale)).replaceAll(
        '\r\n',
        '\n',
      )
      expect(text.match(controls)).toBeNull()
      if (!['json', 'ndjson'].includes(name)) expect(text.match(turns)).toBeNull()
    }
  })

  it.each(listFormats.names.filter(isText))('keeps hostile names inert in %s of a list', async (name) => {
    const text = (await rendered(listFormats, name, auditsInARow(4, HOSTILE))).replaceAll('\r\n', '\n')
    expect(text.match(controls)).toBeNull()
    if (!['json', 'ndjson'].includes(name)) expect(text.match(turns)).toBeNull()
  })
})
