/** What `history` and `history diff` print for other programs and for comments. */
import { parse } from 'csv-parse/sync'
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
import { sparkline } from '../src/reports/sparkline.ts'
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
  resolved: Array.from({ length: 130 }, (_, at) => finding(`r${at}`, `B-${at}`)),
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
    expect(first).toEqual({ type: 'diff', format: HISTORY_DIFF_FORMAT, from: diff.from, to: diff.to })
    expect(changes[0]).toEqual({ type: 'finding', change: 'new', ...diff.new[0] })
    expect(changes).toHaveLength(HOSTILE.length + 1 + 130)
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
    expect(html.match(/<tr>/g)).toHaveLength(1 + HOSTILE.length + 1 + 1 + 1 + 100)
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
    expect(historyPage(page('en'), history)).toMatch(/price\/differs-across-channels +web +█·▁ +4 +· +0/)
  })
})
