/** Two audits side by side, and many audits in a row, for tests of the formats of `history`. */
import { calzadosSol } from '../fixtures/reports/calzados-sol.ts'
import type { Locale, Severity } from '../src/model/config.ts'
import {
  type ComparedFinding,
  type Comparison,
  type FindingChange,
  HISTORY_DIFF_FORMAT,
  HISTORY_FORMAT,
  type HistoryAudit,
  type HistoryCount,
  type HistoryFinding,
  type HistoryView,
} from '../src/model/history.ts'
import type { Finding, Side } from '../src/model/report.ts'

const RULE = 'price/differs-across-channels'
const HOUR = 3_600_000
const START = Date.parse('2026-01-01T08:00:00Z')
const TOOL = { name: 'omniparity', version: '0.1.0' } as const

export function auditAt(number: number, more: Partial<HistoryAudit> = {}): HistoryAudit {
  return {
    number,
    id: `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`,
    kind: 'audit',
    as_of: new Date(START + number * 24 * HOUR).toISOString().replace('.000', ''),
    partial: false,
    totals: { error: 20 + (number % 7), warning: number % 5, info: 1, known: 2, suppressed: 1, explained: 1234 },
    opened: number % 3,
    resolved: 1,
    ...more,
  }
}

/** So many audits, the third of a part of the channels, with findings of three rules in channels of these names. */
export function auditsInARow(count: number, channels: readonly string[]): HistoryView {
  const audits = Array.from({ length: count }, (_, at) => auditAt(at + 1, at === 2 ? { partial: true } : {}))
  const rules = [RULE, 'stock/oversell-risk', 'feed/stale-source']
  const counts = (at: number): readonly HistoryCount[] =>
    rules.flatMap((rule, place) =>
      channels.map((channel, index) => ({
        rule,
        severity: place === 0 ? 'error' : 'warning',
        channel,
        findings: 1 + ((at + index) % 9),
      })),
    )
  return {
    tool: TOOL,
    project: channels[0] ?? 'Calzados Sol',
    history: {
      format: HISTORY_FORMAT,
      audits,
      trend: rules.flatMap((rule) => channels.map((channel) => ({ rule, channel, findings: [4, null, 0, 7] }))),
      rules: rules.map((rule) => ({
        rule,
        open: 3,
        resolved: 1,
        oldest: audits[0]?.as_of ?? null,
        hours_to_resolve: 30.5,
      })),
    },
    series: audits.map((_, at) => ({ counts: counts(at) })),
  }
}

/** A finding with a title from outside, and with what its web side said before; null: it was not open. */
export function comparedAs(
  change: FindingChange,
  id: string,
  title: string,
  more: { readonly severity?: Severity; readonly was?: Severity | null; readonly before?: string | null } = {},
): ComparedFinding {
  const { severity = 'error', before = null } = more
  const was = more.was ?? (before === null ? null : severity)
  const sides = sidesOf('21.99', title)
  const finding: Finding = {
    id,
    rule: RULE,
    code: null,
    severity,
    status: change === 'quieted' ? 'suppressed' : change === 'worse' ? 'worse' : 'new',
    market: 'ES',
    owner: 'tienda',
    item: { id: title, sku: title, gtin: '08412345678905', title },
    message: `${title} has different prices`,
    sides,
    expected: '19.99',
    impact: null,
    explained_by: null,
    fixable: true,
    translations: { es: `${title} tiene precios distintos` },
  }
  const seen: HistoryFinding = {
    id,
    rule: RULE,
    code: null,
    severity,
    market: 'ES',
    owner: 'tienda',
    item: title,
    first_seen: '2026-11-20T08:00:00Z',
    opened_at: '2026-11-21T08:00:00Z',
    resolved_at: change === 'resolved' ? '2026-11-22T08:00:00Z' : null,
    hours_to_resolve: change === 'resolved' ? 24.5 : null,
    was,
  }
  return { change, seen, finding, before: before === null ? null : sidesOf(before, title) }
}

function sidesOf(web: string, title: string): readonly Side[] {
  const side = { listing: title, field: 'price.regular', unit: 'EUR' }
  const source = { path: `data/${title.slice(0, 40)}.csv`, row: 1, line: 2 }
  return [
    { channel: 'tienda', ...side, value: '19.99', raw: '19,99', source, authority: true },
    { channel: 'web', ...side, value: web, raw: web, source, authority: false },
  ]
}

export interface ComparisonMore {
  readonly locale?: Locale
  /** As where the reports of both audits are gone. */
  readonly isLost?: boolean
  readonly failOn?: Severity | 'never'
}

export function comparisonOf(all: readonly ComparedFinding[], more: ComparisonMore = {}): Comparison {
  const { locale = 'en', isLost = false, failOn = 'error' } = more
  const of = (change: FindingChange): readonly HistoryFinding[] =>
    all.filter((one) => one.change === change).map(({ seen }) => seen)
  const news = all.filter(({ change }) => change === 'new' || change === 'reopened' || change === 'worse')
  const { head } = calzadosSol(locale)
  const [first, second] = head.causes
  return {
    tool: TOOL,
    project: 'Calzados Sol',
    locale,
    diff: {
      format: HISTORY_DIFF_FORMAT,
      from: auditAt(3),
      to: auditAt(4),
      new: of('new'),
      reopened: of('reopened'),
      worse: of('worse'),
      quieted: of('quieted'),
      resolved: of('resolved'),
      unchanged: of('unchanged').length + of('changed').length,
    },
    gate: { status: news.length > 0 ? 1 : 0, failOn, news: news.length },
    heads: isLost ? { from: null, to: null } : { from: head, to: head },
    rules: { judged: head.coverage.map(({ rule }) => rule), dropped: ['catalog/title-mismatch'] },
    causes:
      isLost || first === undefined || second === undefined
        ? null
        : [
            { change: 'new', cause: first },
            { change: 'resolved', cause: second },
          ],
    findings: async function* (wanted) {
      for (const one of all) if (wanted.includes(one.change)) yield one
    },
  }
}
