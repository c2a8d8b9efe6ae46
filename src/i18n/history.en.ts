/** Texts of `omniparity history`, in English. `history.es.ts` has the same keys. */
const format = new Intl.NumberFormat('en')
const number = (value: number): string => format.format(value)

export const historyTexts = {
  audits: 'Audits so far',
  columns: {
    number: 'no.',
    moment: 'as of',
    error: 'errors',
    warning: 'warnings',
    info: 'info',
    opened: 'new',
    resolved: 'resolved',
  },
  tables: {
    severity: 'severity',
    rule: 'rule',
    item: 'article',
    channel: 'channel',
    trend: 'course',
    last: 'last',
    open: 'open',
    oldest: 'oldest',
    firstSeen: 'first seen',
  },
  kinds: { audit: '', import: 'earlier prices', replay: 'as of an earlier moment; observed nothing' },
  partial: 'some channels only',
  trend: (audits: number): string => `Findings by rule and channel, last ${number(audits)} audits`,
  courses: (audits: number): string => `By severity, last ${number(audits)} audits of the whole project`,
  domains: (audits: number): string => `By domain, last ${number(audits)} ${audits === 1 ? 'audit' : 'audits'}`,
  rules: 'Since when, and for how long',
  open: (n: number): string => `${number(n)} open`,
  oldest: (instant: string): string => `oldest of ${instant}`,
  resolved: (n: number): string => `${number(n)} resolved`,
  median: (time: string): string => `in ${time} (median)`,
  between: (from: string, to: string): string => `From ${from} to ${to}`,
  audit: (no: number, moment: string): string => `audit ${no} (${moment})`,
  groups: {
    new: 'New',
    reopened: 'Open again',
    worse: 'Worse',
    quieted: 'Still there, but explained or suppressed',
    resolved: 'Resolved',
    unchanged: 'As before',
  },
  none: 'none',
  firstSeen: (instant: string): string => `first seen ${instant}`,
  was: (severity: string): string => `was ${severity}`,
  after: (time: string): string => `after ${time}`,
  more: (n: number): string => `and ${number(n)} more`,
  days: (n: number): string => `${number(n)} ${n === 1 ? 'day' : 'days'}`,
  hours: (n: number): string => `${number(n)} ${n === 1 ? 'hour' : 'hours'}`,
  imported: (rows: number, items: number, from: string, until: string): string =>
    `${number(rows)} ${rows === 1 ? 'price' : 'prices'} of ${number(items)} ${items === 1 ? 'article' : 'articles'} taken in, from ${from} to ${until}`,
  skipped: (rows: number): string => `${number(rows)} left out: an audit had seen the channel by then`,
}

export type HistoryTexts = typeof historyTexts
