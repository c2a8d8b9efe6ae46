/** Texts of `omniparity plan`, in English. `plan.es.ts` has the same keys. */
const format = new Intl.NumberFormat('en')
const number = (value: number): string => format.format(value)
const percent = (share: string): string => `${format.format(Number(share) * 100)} %`
const count = (n: number, one: string, many: string): string => `${number(n)} ${n === 1 ? one : many}`

/** `detail` is a subject of `authority` or a field, where the reason is about one. */
const reasons = {
  no_fix: (detail: string | null): string =>
    detail === 'effective'
      ? 'what is paid differs and the regular prices agree: the promotion has to be corrected'
      : 'no value follows from it: a person decides',
  no_authority: (subject: string | null): string => `no authority declared for ${subject}`,
  no_value: (field: string | null): string => `the side that is right has no usable value for ${field}`,
  manual: (subject: string | null): string => `the configuration leaves ${subject} to a person (strategy: manual)`,
  tie: (field: string | null): string => `the declared strategy does not decide between the values of ${field}`,
  conflict: (field: string | null): string => `two findings want different values for ${field}: a person decides`,
  confidence: (_: string | null): string => 'the listings are linked with a confidence below 1.0',
  tax_basis: (_: string | null): string => 'whether the prices include tax is not declared (includes_tax)',
  tax_rate: (_: string | null): string => 'the tax rate of the article is not known, so its price cannot be converted',
  currency: (_: string | null): string => 'the currencies differ or are not declared; nothing is converted',
  pack: (_: string | null): string => 'how many units the listings sell at once is known of one side only',
  price_policy: (_: string | null): string => 'the price policy of the channel leaves more than one price',
  sale: (_: string | null): string =>
    'its sale price would no longer be below its regular price: both have to be decided',
  stale: (_: string | null): string => 'the data of the channel or of the side that is right are too old',
  unreadable: (_: string | null): string => 'the channel or the side that is right could not be read in full',
  ambiguous: (field: string | null): string =>
    field === null
      ? 'another listing of the channel has the code already'
      : `several listings of the side that is right differ in ${field}`,
  location: (_: string | null): string =>
    'the figure is the sum of several locations, and no one of them is known to be wrong',
  absent: (field: string | null): string => `the channel's record has no column of its own for ${field}`,
  already: (_: string | null): string => "in the channel's own terms the value is already what it should be",
  rejected: (_: string | null): string => 'rejected when the plan was made',
  file: (detail: string | null): string =>
    detail === 'promotion'
      ? 'promotions are corrected in the channel itself: no file carries them'
      : `no file for it: ${detail}`,
  formula: (_: string | null): string => 'a text begins like a formula of a spreadsheet',
}

const needs = {
  large_price_change: 'a price moves further than allowed',
  many_rows: 'more rows of the channel change than allowed',
  large_sum: 'all price moves together exceed the allowed sum',
  stock_to_zero: 'stock becomes zero',
  price_to_zero: 'a price becomes zero',
  status_to_inactive: 'an article is no longer for sale',
}

export const planTexts = {
  help: {
    rule: 'plan for findings of this rule only, repeatable',
    channel: 'change this channel only, repeatable',
    item: 'plan for this article only (SKU, GTIN or id), repeatable',
    cause: 'only what this cause asks to be done (id or kind), repeatable',
    marked: 'plan only for the findings that were marked in `omniparity explore`',
    interactive: 'walk through the changes: accept, reject, set another value',
    maxSum: 'sum that all price moves of the plan may reach without a flag, in each currency',
    expires: 'how long the plan may be carried out: 15m, 1h, 7d (default: 1h with prices or stock in it, else 24h)',
    output: 'folder to write, which must not exist (default: a new one under plans/ in the state folder)',
    allow: (why: string): string => `accept that ${why}`,
  },
  reasons,
  needs,
  title: (project: string): string => `Plan for ${project}`,
  made: (created: string, expires: string): string => `Made ${created}, to be carried out before ${expires}.`,
  basis: 'From the files as they were audited; a value that has moved since is not overwritten.',
  totals: (changes: number, channels: number, held: number): string =>
    `${count(changes, 'change', 'changes')} in ${count(channels, 'channel', 'channels')}` +
    (held === 0
      ? ''
      : `; ${count(held, 'waits for a flag and stands in no file', 'wait for a flag and stand in no file')}`),
  nothing: 'Nothing is to be changed.',
  limits: 'Limits',
  limitLines: (price: string, rows: string, sum: string | null): readonly string[] => [
    `a price moves by at most ${percent(price)}`,
    `at most ${percent(rows)} of a channel's listings change`,
    sum === null
      ? 'no limit for the sum of all price moves'
      : `all price moves together at most ${sum}, in each currency`,
  ],
  allowed: (flags: string): string => `Agreed to with flags: ${flags}.`,
  held: (n: number, why: string, flag: string): string => `${count(n, 'change', 'changes')}: ${why} (\`${flag}\`)`,
  heldTitle: 'Waiting for a flag',
  changes: 'Changes',
  columns: {
    article: 'article',
    field: 'field',
    before: 'is',
    after: 'becomes',
    by: 'right is',
    place: 'where',
    needs: 'needs',
  },
  empty: '(empty)',
  more: (n: number): string => `and ${number(n)} more, in plan.json`,
  files: 'Files',
  fileLine: (fix: string, undo: string, changes: number, source: string): string =>
    `\`${fix}\` corrects ${source}: ${count(changes, 'change', 'changes')}. Undone by \`${undo}\`.`,
  also: 'Another way to bring in the same changes; take one of them.',
  noFiles: 'No file: there is nothing that was agreed to and that a file carries.',
  actions: 'To be done once',
  unresolved: 'Not planned',
  unresolvedLine: (n: number, why: string): string => `${count(n, 'finding', 'findings')}: ${why}`,
  conflictTitle: 'Conflicts',
  conflictLine: (finding: string, channel: string, others: string): string =>
    `${finding} (${channel}) against ${others}`,
  row: (path: string, row: number): string => `${path}, row ${number(row)}`,
  done: (folder: string): string => `Plan written to ${folder}`,
  next: (folder: string): string => `Read ${folder}/plan.md first.`,
  review: {
    title: (at: number, all: number): string => `Change ${number(at)} of ${number(all)}`,
    keys: 'a accept · r reject · e edit · A accept all that is left · R, q reject all that is left · b back',
    becomes: 'becomes',
    because: 'because',
    needs: 'needs',
    edit: 'new value (Enter to keep, Esc to leave it)',
    bad: 'not a value of this field',
    accepted: 'accepted',
    rejected: 'rejected',
    edited: 'edited',
    by: 'set by a person',
  },
}

export type PlanTexts = typeof planTexts
