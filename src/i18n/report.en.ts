/** Texts of the report for people, in English. `report.es.ts` has the same keys. */

const format = new Intl.NumberFormat('en', { maximumFractionDigits: 6 })
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 2 })
// Rounded down: 100% means every one.
const atLeast = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1, roundingMode: 'floor' })

const number = (value: number): string => format.format(value)
const share = (value: number): string => percent.format(value)
const count = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`
const list = (words: readonly string[]): string => new Intl.ListFormat('en', { type: 'conjunction' }).format(words)

export const reportTexts = {
  number,
  share,
  severity: { error: 'error', warning: 'warning', info: 'info' },
  channelKind: {
    store: 'store',
    web: 'web shop',
    app: 'app',
    marketplace: 'marketplace',
    feed: 'feed',
    erp: 'ERP',
  },
  status: { new: 'new', known: 'known', worse: 'worse than before', suppressed: 'suppressed' },
  header: {
    title: 'Audit of the channels',
    asOf: (instant: string): string => `as of ${instant}`,
    stamp: (version: string, audit: string): string => `omniparity ${version} · audit ${audit}`,
  },
  channels: {
    heading: 'What was read',
    listings: (n: number): string => count(n, 'listing', 'listings'),
    linked: (value: number): string =>
      value > 0 && value < 0.001 ? 'under 0.1% linked' : `${atLeast.format(value)} linked`,
    noListings: 'no listings',
    records: (n: number): string => count(n, 'record', 'records'),
    quarantined: (n: number): string => `${number(n)} unreadable`,
    asOf: (instant: string): string => `data of ${instant}`,
    moreFiles: (n: number): string => `and ${count(n, 'more file', 'more files')} read the same way`,
    delimiter: (mark: string): string => `separator ${mark}`,
    tab: 'tab',
    decimal: (mark: string): string => (mark === ',' ? 'decimal comma' : 'decimal point'),
    dates: (order: string): string => (order === 'open' ? 'order of day and month open' : `dates ${order}`),
    columns: (used: number, unused: number): string =>
      `${count(used, 'column', 'columns')} used, ${number(unused)} not`,
    reads: 'reads',
    ignores: 'ignores',
    assumes: 'assumes',
    more: (n: number): string => `+${number(n)} more`,
  },
  causes: {
    heading: 'Causes',
    lead: (causes: number, findings: number): string =>
      `${causes === 1 ? 'One cause explains' : `${number(causes)} causes explain`} ${count(findings, 'finding', 'findings')}. Start here.`,
    share: (value: number): string => `${atLeast.format(value)} of the articles that could show it`,
    explains: (n: number): string => `explains ${count(n, 'finding', 'findings')}`,
    advice: 'What to do:',
    example: 'Example:',
  },
  rules: {
    heading: 'Findings',
    legend: '* is the channel that your configuration trusts for this value',
    findings: (n: number): string => count(n, 'finding', 'findings'),
    expected: (value: string): string => `expected ${value}`,
    impact: (amount: string, basis: 'measured' | 'modelled'): string =>
      `at stake ${amount} (${basis === 'measured' ? 'measured' : 'estimated'})`,
    fixable: 'can be fixed by a plan',
    empty: '(empty)',
    yes: 'yes',
    no: 'no',
    more: (n: number): string => `and ${number(n)} more`,
    moreHint: (all: number): string => `--max-findings ${all} lists them`,
    elsewhere: (explained: number, known: number, suppressed: number): string =>
      [
        explained > 0 ? `${number(explained)} explained by a cause or another finding` : '',
        known > 0 ? `${number(known)} known from the baseline` : '',
        suppressed > 0 ? `${number(suppressed)} suppressed` : '',
      ]
        .filter((part) => part !== '')
        .join(', '),
    notListed: 'Not listed:',
    none: 'No findings of their own.',
  },
  one: {
    status: (status: string): string => `status: ${status}`,
    explainedBy: (message: string): string => `explained by: ${message}`,
    suppression: (note: string): string => `suppressed: ${note}`,
  },
  silences: {
    heading: 'Kept quiet',
    off: (rules: string): string => `switched off in the configuration: ${rules}`,
    offPartly: (rules: string): string => `switched off for a part by overrides: ${rules}`,
    suppressed: (path: string, n: number, used: number, entries: number): string =>
      `${path}: ${count(n, 'finding', 'findings')} kept quiet by ${number(used)} of ${count(entries, 'entry', 'entries')}`,
    owners: (owners: string): string => `answered for by ${owners}`,
    next: (day: string): string => `the next entry expires on ${day}`,
    expired: (n: number): string =>
      `${count(n, 'entry has expired: what it covered', 'entries have expired: what they covered')} is reported again`,
    unused: (n: number): string => `${count(n, 'entry covers', 'entries cover')} nothing and can be removed`,
    baseline: (path: string, known: number, worse: number): string =>
      `${path}: ${number(known)} known${worse === 0 ? '' : `, ${number(worse)} worse than before`}`,
    gone: (n: number): string =>
      `${count(n, 'entry was', 'entries were')} not found; if everything was read, omniparity baseline update removes them`,
  },
  coverage: {
    heading: 'What was not checked',
    lead: (n: number): string => `${count(n, 'check', 'checks')} could not be decided. Unknown is not a pass.`,
    nothing: 'Nothing could be checked: no rule had what it needs.',
    all: 'Every check that applies could be decided.',
    unlinked: (channels: string): string =>
      `No listing of ${channels} is linked to one of another channel, so nothing of them was compared. Name their SKU or GTIN under map:, or list the pairs in a crosswalk under identity:.`,
    empty: (n: number): string => `${count(n, 'rule', 'rules')} found nothing to check:`,
    clean: (n: number): string => `${count(n, 'rule', 'rules')} checked everything and found nothing.`,
  },
  reasons: {
    no_input: {
      title: 'data missing',
      hint: 'A channel’s files lack the field. Add the file that has it, or name its column under map: in omniparity.yaml.',
    },
    no_authority: {
      title: 'nobody declared right',
      hint: 'Say under authority: in omniparity.yaml which channel is right.',
    },
    tax_basis: {
      title: 'with or without tax?',
      hint: 'Set includes_tax: true or false for each channel.',
    },
    currency: {
      title: 'currency unclear or different',
      hint: 'Set currency: for each channel, or map price.currency. Amounts in different currencies are not compared.',
    },
    pack: {
      title: 'pack size unknown',
      hint: 'Map pack_quantity in every channel that sells packs.',
    },
    skew: {
      title: 'exports too far apart in time',
      hint: 'Export the channels closer together, or correct data_as_of: of the source.',
    },
    stale: { title: 'data too old', hint: 'Export the channel again.' },
    vocabulary: {
      title: 'words not understood',
      hint: 'Say in status_map:, or in vocabulary: of the column, what the channel’s words mean; where a figure should stand, mend the source.',
    },
    confidence: {
      title: 'link between listings uncertain',
      hint: 'Confirm the links in the file that identity.crosswalk names.',
    },
    history: {
      title: 'needs earlier audits',
      hint: 'The answer comes by itself once enough audits are stored; run them regularly.',
    },
  },
  quarantine: {
    heading: 'Records that could not be read',
    lead: (n: number): string => `${count(n, 'record was', 'records were')} left out of every check.`,
    record: (row: number): string => `record ${number(row)}`,
    more: (n: number): string => `and ${number(n)} more`,
  },
  totals: {
    heading: 'Result',
    error: (n: number): string => count(n, 'error', 'errors'),
    warning: (n: number): string => count(n, 'warning', 'warnings'),
    info: (n: number): string => `${number(n)} info`,
    known: (n: number): string => `${number(n)} known`,
    suppressed: (n: number): string => `${number(n)} suppressed`,
    explained: (n: number): string => `${number(n)} explained`,
  },
  gate: {
    unreadable: (channels: readonly string[]): string =>
      `Failed: ${list(channels)} could not be read, so nothing is known about ${channels.length === 1 ? 'it' : 'them'}.`,
    tooMuchUnknown: (value: number, most: number): string =>
      `Failed: ${share(value)} of the checks could not be decided; the limit is ${share(most)}.`,
    failed: (n: number, failOn: 'error' | 'warning' | 'info', most: number): string => {
      const what = {
        error: ['new error', 'new errors'],
        warning: ['new warning or error', 'new warnings or errors'],
        info: ['new finding', 'new findings'],
      } as const
      const limit = most === 0 ? '' : `; the limit is ${number(most)}`
      return `Failed: ${count(n, what[failOn][0], what[failOn][1])}${limit}.`
    },
    passed: (n: number, failOn: 'error' | 'warning' | 'info'): string => {
      const what = { error: 'new errors', warning: 'new warnings or errors', info: 'new findings' }[failOn]
      return n === 0 ? `Passed: no ${what}.` : `Passed: ${number(n)} ${what}, within the limit.`
    },
    nothingChecked: 'Passed, but only because nothing could be checked: that says nothing about the channels.',
    never: 'Passed: findings never fail this run (--fail-on never).',
  },
}

export type ReportTexts = typeof reportTexts
