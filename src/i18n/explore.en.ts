/** Texts of the explorer, in English. `explore.es.ts` has the same keys. */

const format = new Intl.NumberFormat('en')
const number = (value: number): string => format.format(value)
const count = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`

export const exploreTexts = {
  help: 'browse the findings of an audit in the terminal: filter, compare, accept, suppress, mark for the plan',
  helpAudit: 'a number of `history`, the beginning of an id, first, previous or latest (default: latest)',
  loading: 'reading the findings',
  title: (project: string, instant: string): string => `${project} · as of ${instant}`,
  counts: (error: number, warning: number, info: number): string =>
    `${count(error, 'error', 'errors')}, ${count(warning, 'warning', 'warnings')}, ${number(info)} info`,
  causes: 'Causes and rules',
  findings: 'Findings',
  finding: 'Finding',
  all: 'All findings',
  number,
  explains: (n: number): string => count(n, 'finding', 'findings'),
  shown: (n: number, all: number): string => `${number(n)} of ${number(all)}`,
  filter: 'filter:',
  none: 'Nothing matches.',
  severity: { error: 'error', warning: 'warning', info: 'info' },
  status: { new: '', worse: 'worse', known: 'known', suppressed: 'suppressed' },
  empty: '(empty)',
  noItem: 'no article',
  trusted: 'trusted',
  expected: (value: string): string => `Expected: ${value}`,
  explainedBy: (text: string): string => `Explained by: ${text}`,
  fixable: 'A plan can change this.',
  notFixable: 'Somebody has to decide this.',
  row: (row: number): string => `record ${number(row)}`,
  line: (line: number): string => `line ${number(line)}`,
  rule: 'Rule',
  marked: (n: number): string => `${number(n)} marked for the plan`,
  markedHint: '`omniparity plan --marked` plans these alone.',
  forms: {
    accept: 'Accept this finding: a decision, for a time',
    suppress: 'Suppress this finding',
    kind: 'kind',
    kinds: { accepted: 'accepted', 'false-positive': 'no contradiction', 'waiting-fix': 'being repaired' },
    reason: 'reason',
    owner: 'answered for by',
    expires: 'until',
    hint: 'Enter next, ← → change, Esc cancel',
    needed: (field: string): string => `${field}: needed`,
    day: 'a day such as 2027-01-31, at most 180 days ahead',
  },
  done: (file: string): string => `Written to ${file}. The next audit keeps it quiet.`,
  noFile: 'Name the file in omniparity.yaml first: suppressions: suppressions.yaml',
  noProject: 'Needs a project with a configuration.',
  keys: {
    list: '↑↓ move  Enter open  / filter  f all findings  q quit',
    findings: '↑↓ move  Enter open  / filter  a accept  s suppress  p mark  Esc back  q quit',
    one: '↑↓ scroll  ←→ previous, next  a accept  s suppress  p mark  Esc back  q quit',
    filter: 'type to filter  Enter keep  Esc clear',
  },
  tooSmall: 'The terminal is too small: 40 columns and 10 lines are needed.',
}

export type ExploreTexts = typeof exploreTexts
