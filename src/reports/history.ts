/** What `omniparity history` prints for people. */
import { historyTexts as en, type HistoryTexts } from '../i18n/history.en.ts'
import { historyTexts as es } from '../i18n/history.es.ts'
import { type PageTexts, pageTexts as pageEn } from '../i18n/html.en.ts'
import { pageTexts as pageEs } from '../i18n/html.es.ts'
import type { Locale } from '../model/config.ts'
import type { History, HistoryAudit, HistoryDiff, HistoryFinding } from '../model/history.ts'
import type { Finding } from '../model/report.ts'
import { padEnd, padStart, safe, widthOf, wrap } from './layout.ts'
import { badge, block, heading, type Page } from './pretty/page.ts'
import { sparkline } from './sparkline.ts'

const TEXTS: Readonly<Record<Locale, HistoryTexts>> = { en, es }
const PAGE: Readonly<Record<Locale, PageTexts>> = { en: pageEn, es: pageEs }

/** Findings listed in each group. */
const LISTED = 20
/** Audits listed. */
const AUDITS = 30

export function historyPage(page: Page, history: History): string {
  const texts = TEXTS[page.locale]
  const recent = history.audits.slice(-AUDITS)
  const { columns } = texts
  const head = Object.values(columns)
  const body = recent.map((audit) => [
    String(audit.number),
    moment(page, audit.as_of),
    ...(['error', 'warning', 'info'] as const).map((severity) =>
      audit.totals === null ? '' : String(audit.totals[severity]),
    ),
    audit.kind === 'audit' ? String(audit.opened) : '',
    audit.kind === 'audit' ? String(audit.resolved) : '',
    [texts.kinds[audit.kind], audit.partial && audit.kind === 'audit' ? texts.partial : '']
      .filter((word) => word !== '')
      .join(', '),
  ])
  const parts = [heading(page, texts.audits), block(table([[...head, ''], ...body], 2), 2)]
  const courses = severityCourses(history)
  if (courses.length > 0) {
    const lines = courses.map(([name, figures]) => [columns[name], sparkline(figures), ...ends(page, figures)])
    parts.push(heading(page, texts.courses(courses[0]?.[1].length ?? 0)), block(table(lines, 2), 2))
  }
  const audits = Math.max(0, ...history.trend.map(({ findings }) => findings.length))
  if (audits > 0) {
    const families = PAGE[page.locale].families
    const lines = domainCourses(history).map(([family, figures]) => [
      families[family] ?? family,
      sparkline(figures),
      ...ends(page, figures),
    ])
    parts.push(heading(page, texts.domains(audits)), block(table(lines, 2), 2))
  }
  if (history.trend.length > 0) {
    const lines = history.trend.map(({ rule, channel, findings }) => [
      rule,
      safe(channel ?? '–'),
      sparkline(findings),
      ...findings.map((n) => (n === null ? '·' : String(n))),
    ])
    parts.push(heading(page, texts.trend(audits)), block(table(lines, 3), 2))
  }
  if (history.rules.length > 0) {
    const lines = history.rules.map(({ rule, open, oldest, resolved, hours_to_resolve: hours }) => [
      rule,
      texts.open(open),
      oldest === null ? '' : texts.oldest(moment(page, oldest)),
      resolved === 0 ? '' : texts.resolved(resolved),
      hours === null ? '' : texts.median(lasting(texts, hours)),
    ])
    parts.push(heading(page, texts.rules), block(table(lines, 5), 2))
  }
  return parts.join('')
}

type Course = readonly (number | null)[]

/** Of the whole audits that are listed: two make a course. */
function severityCourses({ audits }: History): readonly (readonly ['error' | 'warning' | 'info', Course])[] {
  const whole = audits.filter(({ kind, partial, totals }) => kind === 'audit' && !partial && totals !== null)
  const recent = whole.slice(-AUDITS)
  if (recent.length < 2) return []
  return (['error', 'warning', 'info'] as const).map((name) => [name, recent.map(({ totals }) => totals?.[name] ?? 0)])
}

/** Sums of the rules of a domain; what was not judged of it counts for nothing. */
function domainCourses({ trend }: History): readonly (readonly [string, Course])[] {
  const sums = new Map<string, (number | null)[]>()
  for (const { rule, findings } of trend) {
    const family = rule.split('/')[0] ?? ''
    const sum = sums.get(family) ?? findings.map(() => null)
    sums.set(
      family,
      sum.map((before, at) => {
        const own = findings[at] ?? null
        return own === null ? before : (before ?? 0) + own
      }),
    )
  }
  return [...sums]
}

/** The first figure and the last. */
function ends({ texts }: Page, figures: Course): readonly string[] {
  const shown = (figure: number | null | undefined): string =>
    figure === null || figure === undefined ? '·' : texts.number(figure)
  return [shown(figures[0]), '→', shown(figures.at(-1))]
}

/** @param told what the audits said of findings, by their id. */
export function diffPage(page: Page, diff: HistoryDiff, told: ReadonlyMap<string, Finding> = new Map()): string {
  const texts = TEXTS[page.locale]
  const name = (audit: HistoryAudit): string => texts.audit(audit.number, moment(page, audit.as_of))
  const groups = (['new', 'reopened', 'worse', 'quieted', 'resolved'] as const).map((kind) => {
    const found = diff[kind]
    if (kind === 'quieted' && found.length === 0) return ''
    const lines = found.slice(0, LISTED).flatMap((finding) => findingLines(page, texts, finding, told.get(finding.id)))
    const more = found.length > LISTED ? [texts.more(found.length - LISTED)] : []
    const shown = found.length === 0 ? [texts.none] : [...lines, ...more]
    return heading(page, `${texts.groups[kind]}: ${page.texts.number(found.length)}`) + block(shown, 2)
  })
  const open = heading(page, `${texts.groups.unchanged}: ${page.texts.number(diff.unchanged)}`)
  return `${texts.between(name(diff.from), name(diff.to))}\n${groups.join('')}${open.trimEnd()}\n`
}

function findingLines(
  page: Page,
  texts: HistoryTexts,
  finding: HistoryFinding,
  told: Finding | undefined,
): readonly string[] {
  const { rule, code, item, owner, market, first_seen: first, was, severity, hours_to_resolve: hours } = finding
  const about = [told?.item?.sku ?? item, owner, market].filter((word) => word !== null).map(safe)
  const notes = [
    texts.firstSeen(moment(page, first)),
    ...(was !== null && was !== severity ? [texts.was(page.texts.severity[was])] : []),
    ...(hours === null ? [] : [texts.after(lasting(texts, hours))]),
  ]
  const name = code === null ? rule : `${rule} (${code})`
  const line = `${badge(page, severity)} ${name}  ${about.join(' · ')}  ${page.chalk.dim(notes.join(', '))}`
  const message = told === undefined ? [] : wrap(safe(told.message), page.width - 4)
  return [line, ...message.map((text) => `  ${text}`)]
}

/** @param left - How many columns are words; the others are numbers. */
function table(rows: readonly (readonly string[])[], left: number): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))))
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return column < left || column === row.length - 1 ? padEnd(cell, width) : padStart(cell, width)
      })
      .join('  ')
      .trimEnd(),
  )
}

function moment({ values }: Page, instant: string): string {
  return values.instant(instant)
}

function lasting(texts: HistoryTexts, hours: number): string {
  return hours < 48 ? texts.hours(Math.round(hours)) : texts.days(Math.round(hours / 24))
}

export function importedLine(
  locale: Locale,
  done: {
    readonly rows: number
    readonly items: number
    readonly from: string
    readonly until: string
    readonly skipped: number
  },
): string {
  const texts = TEXTS[locale]
  const lines = [texts.imported(done.rows, done.items, done.from, done.until)]
  return `${[...lines, ...(done.skipped === 0 ? [] : [texts.skipped(done.skipped)])].join('\n')}\n`
}
