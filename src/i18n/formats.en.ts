/** Texts of the formats that other programs show, in English. `formats.es.ts` has the same keys. */

const format = new Intl.NumberFormat('en')
const number = (value: number): string => format.format(value)
const count = (value: number, one: string, many: string): string => `${number(value)} ${value === 1 ? one : many}`

export const formatTexts = {
  number,
  expected: (value: string): string => `expected ${value}`,
  explains: (n: number): string => `explains ${count(n, 'finding', 'findings')}`,
  explainedBy: (n: number): string =>
    `${count(n, 'finding is', 'findings are')} not listed, because a cause or another finding explains ${n === 1 ? 'it' : 'them'}.`,
  leftOut: (n: number, most: number): string =>
    `${count(n, 'finding is', 'findings are')} left out: a run may have ${number(most)}, and the worst come first.`,
  suppressed: (reason: string, owner: string, until: string): string => `${reason} (${owner}, until ${until})`,
  causes: 'Causes',
  advice: (text: string): string => `What to do: ${text}`,
  unreadable: (channel: string): string => `${channel} could not be read; nothing is known about it.`,
  rule: {
    what: 'What it finds',
    why: 'Why it matters',
    quietWhen: 'When it stays silent',
    fix: 'What to do',
    example: 'Example',
  },
  junit: {
    suite: 'omniparity',
    more: (n: number): string => `and ${number(n)} more`,
    findings: (n: number): string => count(n, 'finding', 'findings'),
    unknown: (n: number, reason: string): string => `${count(n, 'check', 'checks')} could not be decided: ${reason}`,
    nothing: 'nothing to check',
  },
  github: {
    more: (n: number): string =>
      `${count(n, 'more finding is', 'more findings are')} not annotated: GitHub shows ten of each kind a step. All of them are in the other formats.`,
  },
  markdown: {
    result: 'Result',
    severity: { error: 'Errors', warning: 'Warnings', info: 'Info' },
    counts: { known: 'Known', suppressed: 'Suppressed', explained: 'Explained' },
    causes: 'Causes: start here',
    explains: 'explains',
    cause: 'what',
    advice: 'what to do',
    findings: 'Findings',
    columns: { item: 'article', what: 'what is wrong', expected: 'expected', where: 'where' },
    more: (n: number): string => `and ${number(n)} more`,
    notListed: 'Not listed',
    unknown: 'What could not be decided',
    unknownColumns: { reason: 'why', checks: 'checks', hint: 'what helps' },
    noFindings: 'No new findings.',
    quarantined: (n: number): string => `${count(n, 'record', 'records')} could not be read and were left out.`,
    leftOut: (findings: number, rules: number, causes: number): string =>
      `This text is limited. Left out: ${[
        findings > 0 ? count(findings, 'finding', 'findings') : '',
        rules > 0 ? `among them all of ${count(rules, 'rule', 'rules')}` : '',
        causes > 0 ? count(causes, 'cause', 'causes') : '',
      ]
        .filter((part) => part !== '')
        .join(', ')}. The other formats have all of it.`,
    shortened: 'This text is limited, and some sections are left out. The other formats have all of it.',
    stamp: (version: string, audit: string, instant: string): string =>
      `omniparity ${version} · audit ${audit} · as of ${instant}`,
  },
}

export type FormatTexts = typeof formatTexts
