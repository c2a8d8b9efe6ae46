/** What `omniparity history` prints for other programs and for comments: CSV, NDJSON, Markdown. */
import { stringify } from 'csv-stringify/sync'
import { historyTexts as en, type HistoryTexts } from '../i18n/history.en.ts'
import { historyTexts as es } from '../i18n/history.es.ts'
import type { Locale } from '../model/config.ts'
import type { History, HistoryAudit, HistoryDiff, HistoryFinding } from '../model/history.ts'
import type { Finding } from '../model/report.ts'
import { type CsvCell, csvCell } from './csv-cell.ts'
import { codeSpan, inertMarkdown } from './markdown/inert.ts'
import type { Page } from './pretty/page.ts'
import { sparkline } from './sparkline.ts'

const TEXTS: Readonly<Record<Locale, HistoryTexts>> = { en, es }
/** Of a Markdown table: a comment takes 65,536 characters. */
const MOST_ROWS = 100
const CHANGES = ['new', 'reopened', 'worse', 'quieted', 'resolved'] as const

type Row = Readonly<Record<string, CsvCell>>

function csv(columns: readonly string[], rows: readonly Row[]): string {
  const lines = rows.map((row) => columns.map((column) => csvCell(row[column])))
  return stringify([columns, ...lines], { record_delimiter: 'windows' })
}

const HISTORY_COLUMNS = [
  'type',
  'audit',
  'id',
  'kind',
  'as_of',
  'partial',
  'error',
  'warning',
  'info',
  'known',
  'suppressed',
  'explained',
  'opened',
  'resolved',
  'rule',
  'channel',
  'findings',
  'open',
  'oldest',
  'hours_to_resolve',
]

/** One row an audit, one for each rule, channel and audit of the trend, one a rule. */
export function historyCsv({ audits, trend, rules }: History): string {
  const recent = trendAudits({ audits, trend })
  return csv(HISTORY_COLUMNS, [
    ...audits.map(({ number, totals, ...rest }): Row => ({ type: 'audit', ...rest, ...totals, audit: number })),
    ...trend.flatMap(({ rule, channel, findings }) =>
      findings.map((count, at): Row => {
        const { number: audit, id, as_of } = recent[at] ?? {}
        return { type: 'trend', audit, id, as_of, rule, channel, findings: count }
      }),
    ),
    ...rules.map((one): Row => ({ type: 'rule', ...one })),
  ])
}

/** The audits that the figures of a trend belong to: the last that were none of earlier files. */
function trendAudits({ audits, trend }: Pick<History, 'audits' | 'trend'>): readonly HistoryAudit[] {
  const length = trend[0]?.findings.length ?? 0
  return length === 0 ? [] : audits.filter(({ kind }) => kind === 'audit').slice(-length)
}

const FINDING_COLUMNS = [
  'change',
  'id',
  'rule',
  'code',
  'severity',
  'was',
  'market',
  'owner',
  'item',
  'first_seen',
  'opened_at',
  'resolved_at',
  'hours_to_resolve',
]

export function diffCsv(diff: HistoryDiff): string {
  return csv(
    FINDING_COLUMNS,
    CHANGES.flatMap((change) => diff[change].map((one): Row => ({ change, ...one }))),
  )
}

function ndjson(lines: readonly object[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

export function historyNdjson({ format, audits, trend, rules }: History): string {
  return ndjson([
    { type: 'history', format },
    ...audits.map((one) => ({ type: 'audit', ...one })),
    ...trend.map((one) => ({ type: 'trend', ...one })),
    ...rules.map((one) => ({ type: 'rule', ...one })),
  ])
}

export function diffNdjson(diff: HistoryDiff): string {
  const { format, from, to, unchanged } = diff
  return ndjson([
    { type: 'diff', format, from, to, unchanged },
    ...CHANGES.flatMap((change) => diff[change].map((one) => ({ type: 'finding', change, ...one }))),
  ])
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  return `${line(head)}${line(head.map(() => '---'))}${rows.map(line).join('')}`
}

export function historyMarkdown({ locale, values, texts: words }: Page, { audits, trend, rules }: History): string {
  const texts = TEXTS[locale]
  const figures = audits.slice(-MOST_ROWS).map(({ number, as_of: at, kind, partial, totals, opened, resolved }) => {
    const note = [texts.kinds[kind], partial && kind === 'audit' ? texts.partial : ''].filter((word) => word !== '')
    const counts = (['error', 'warning', 'info'] as const).map((one) =>
      totals === null ? '' : words.number(totals[one]),
    )
    const events = [opened, resolved].map((count) => (kind === 'audit' ? words.number(count) : ''))
    return [String(number), values.instant(at), ...counts, ...events, note.join(', ')]
  })
  const trends = trend.slice(0, MOST_ROWS).map(({ rule, channel, findings }) => {
    const last = findings.at(-1) ?? null
    return [codeSpan(rule), inertMarkdown(channel ?? '–'), sparkline(findings), last === null ? '' : words.number(last)]
  })
  const lasting = rules.slice(0, MOST_ROWS).map((one) => {
    const oldest = one.oldest === null ? '' : values.instant(one.oldest)
    return [codeSpan(one.rule), words.number(one.open), oldest, words.number(one.resolved)]
  })
  const { number, moment, error, warning, info, opened, resolved } = texts.columns
  const { rule, channel, trend: course, last, open, oldest } = texts.tables
  return [
    `## ${texts.audits}\n\n${table([number, moment, error, warning, info, opened, resolved, ''], figures)}`,
    trends.length === 0
      ? ''
      : `\n## ${texts.trend(trendAudits({ audits, trend }).length)}\n\n${table([rule, channel, course, last], trends)}`,
    lasting.length === 0 ? '' : `\n## ${texts.rules}\n\n${table([rule, open, oldest, resolved], lasting)}`,
  ].join('')
}

/** @param told what the audits said of findings, by their id. */
export function diffMarkdown(page: Page, diff: HistoryDiff, told: ReadonlyMap<string, Finding> = new Map()): string {
  const { locale, values, texts: words } = page
  const texts = TEXTS[locale]
  const name = ({ number, as_of: at }: HistoryAudit): string => texts.audit(number, values.instant(at))
  const about = ({ id, item }: HistoryFinding): string => {
    const message = told.get(id)?.message
    return message === undefined ? (item === null ? '' : codeSpan(item)) : inertMarkdown(message)
  }
  const row = (one: HistoryFinding): readonly string[] => [
    words.severity[one.severity],
    codeSpan(one.code === null ? one.rule : `${one.rule} (${one.code})`),
    about(one),
    [one.owner, one.market].flatMap((word) => (word === null ? [] : inertMarkdown(word))).join(' · '),
    values.instant(one.first_seen),
  ]
  const { severity, rule, item, channel, firstSeen } = texts.tables
  const groups = CHANGES.map((change) => {
    const found = diff[change]
    if (change === 'quieted' && found.length === 0) return ''
    const more = found.length > MOST_ROWS ? `\n${texts.more(found.length - MOST_ROWS)}\n` : ''
    const rows = found.slice(0, MOST_ROWS).map(row)
    const shown = found.length === 0 ? `${texts.none}\n` : table([severity, rule, item, channel, firstSeen], rows)
    return `\n### ${texts.groups[change]}: ${words.number(found.length)}\n\n${shown}${more}`
  })
  const open = `\n### ${texts.groups.unchanged}: ${words.number(diff.unchanged)}\n`
  return `## ${texts.between(name(diff.from), name(diff.to))}\n${groups.join('')}${open}`
}
