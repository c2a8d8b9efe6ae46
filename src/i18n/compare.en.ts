/** Texts of the formats of `omniparity history` and `history diff`, in English. `compare.es.ts` has the same keys. */
import { pageTexts } from './html.en.ts'

type Severity = 'error' | 'warning' | 'info'

const format = new Intl.NumberFormat('en')
const number = (value: number): string => format.format(value)
const count = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`
const signed = new Intl.NumberFormat('en', { signDisplay: 'always' })

export const compareTexts = {
  number,
  /** With its sign: `+3`, `±0`. */
  delta: (value: number): string => (value === 0 ? '±0' : signed.format(value).replace('-', '−')),
  audit: (no: number, moment: string): string => `audit ${no} (${moment})`,
  changes: pageTexts.compared.changes,
  groups: {
    new: 'New',
    reopened: 'Open again',
    worse: 'Worse',
    changed: 'Still open, with other values',
    unchanged: 'As before',
    quieted: 'Still there, but explained or suppressed',
    resolved: 'Resolved',
  },
  gate: {
    never: 'Passed: findings never fail this comparison (--fail-on never).',
    passed: (failOn: Severity): string =>
      `Passed: no ${failOn === 'info' ? 'finding' : failOn === 'error' ? 'error' : 'error or warning'} is new, open again or worse.`,
    failed: (n: number, failOn: Severity): string =>
      `Failed: ${failOn === 'error' ? count(n, 'error is', 'errors are') : failOn === 'warning' ? count(n, 'error or warning is', 'errors and warnings are') : count(n, 'finding is', 'findings are')} new, open again or worse.`,
  },
  was: (severity: string): string => `was ${severity}`,
  notKept: (audits: readonly string[]): string =>
    `The report of ${audits.join(' and of ')} is no longer kept: its values and places are not known.`,
  partial: (audits: readonly string[]): string =>
    `${audits.join(' and ')} looked at a part of the channels: what was not looked at counts as before.`,
  counts: (counts: Readonly<Record<'new' | 'reopened' | 'worse' | 'resolved' | 'unchanged', number>>): string =>
    `${number(counts.new)} new, ${number(counts.reopened)} open again, ${number(counts.worse)} worse, ${number(counts.resolved)} resolved, ${number(counts.unchanged)} as before`,
  latest: (name: string, totals: Readonly<Record<Severity, number>>, opened: number, resolved: number): string =>
    `${name}: ${count(totals.error, 'error', 'errors')}, ${count(totals.warning, 'warning', 'warnings')}, ${number(totals.info)} info; ${number(opened)} new, ${number(resolved)} resolved`,
  junit: {
    suite: 'omniparity history diff',
    news: (title: string, n: number): string =>
      `${title}: ${count(n, 'finding is', 'findings are')} new, open again or worse`,
    dropped: 'judged in the older audit alone',
  },
  page: {
    listTitle: (project: string): string => `${project}: audits so far`,
    diffTitle: (project: string): string => `${project}: two audits compared`,
    between: (from: string, to: string): string => `from ${from} to ${to}`,
    nav: { overview: 'Overview', findings: 'Findings', audits: 'Audits', rules: 'Rules' },
    made: (version: string): string => `omniparity ${version}`,
    noScript:
      'The list of findings needs JavaScript. Everything else, and the gravest changes, can be read without it.',
    noScriptList: 'Everything in this page can be read without JavaScript; only its language and appearance need it.',
    severities: 'By severity',
    severitiesHint: 'New and open findings of the whole audits, as they stand one on another.',
    domains: 'By domain',
    channels: 'By channel',
    seriesHint: 'Findings without a cause. Each chart has a scale of its own.',
    channelsHint:
      'Findings without a cause, by the channel that answers for the data. Each chart has a scale of its own.',
    otherChannels: (n: number): string =>
      `${count(n, 'more channel', 'more channels')} with fewer findings: see the table of rules.`,
    noOwner: 'no channel',
    noTrend: 'A trend needs two audits of the whole project.',
    chart: (name: string, first: string, last: string, from: string, to: string): string =>
      `${name}: ${first} on ${from}, ${last} on ${to}`,
    point: (at: string, errors: number, warnings: number, notes: number): string =>
      `${at}: ${count(errors, 'error', 'errors')}, ${count(warnings, 'warning', 'warnings')}, ${number(notes)} info`,
    legend: { error: 'errors', warning: 'warnings', info: 'info' },
    audits: 'Audits',
    auditsTable: 'Figures of the audits',
    auditsHint: 'The small figure is the change since the whole audit before.',
    earlier: (n: number): string => count(n, 'earlier audit', 'earlier audits'),
    series: (audits: number): string => `Findings by rule and channel, last ${count(audits, 'audit', 'audits')}`,
    lasting: 'Since when, and for how long',
    columns: {
      number: 'no.',
      moment: 'as of',
      note: 'note',
      error: 'errors',
      warning: 'warnings',
      info: 'info',
      known: 'known',
      suppressed: 'suppressed',
      explained: 'explained',
      opened: 'new',
      resolved: 'resolved',
      rule: 'rule',
      channel: 'channel',
      course: 'course',
      last: 'last',
      open: 'open',
      oldest: 'oldest of',
      median: 'until resolved (median)',
      before: 'before',
      after: 'after',
      delta: 'change',
      figure: 'figure',
    },
    figures: 'The two audits',
    balance: (name: string, came: number, went: number): string =>
      `${name}: ${number(came)} new, open again or worse, ${number(went)} resolved`,
    balanceHint: 'To the right what is new, open again or worse; to the left what is resolved.',
    byRule: 'By rule',
    causes: 'Causes',
    causesNone: 'No cause is new or gone.',
    causeChanges: { new: 'new', unchanged: 'as before', resolved: 'gone' },
    nothing: 'Nothing changed between the two audits.',
    gravest: (n: number): string => `The ${number(n)} gravest changes`,
    listed: (n: number): string => `${count(n, 'change', 'changes')}; what is as before is counted and not listed.`,
    values: 'Before and after',
  },
  workbook: {
    sheets: {
      summary: 'Summary',
      audits: 'Audits',
      series: 'Series',
      rules: 'Rules',
      causes: 'Causes',
      new: 'New',
      gone: 'Gone',
      changed: 'Changed',
    },
    columns: {
      change: 'what happened',
      audit: 'audit',
      auditId: 'id of the audit',
      kind: 'kind',
      partial: 'some channels only',
      severity: 'severity',
      was: 'severity before',
      owner: 'channel',
      findings: 'findings',
      domain: 'domain',
      delta: (column: string): string => `${column} ±`,
      before: (channel: string): string => `${channel} before`,
      after: (channel: string): string => `${channel} after`,
      firstSeen: 'first seen',
      openedAt: 'open since',
      resolvedAt: 'resolved',
      hours: 'hours open',
      medianHours: 'hours until resolved (median)',
    },
    kinds: { audit: 'audit', import: 'earlier prices', replay: 'as of an earlier moment' },
    older: 'older audit',
    newer: 'newer audit',
  },
}

export type CompareTexts = typeof compareTexts
