/** A report in which every text of the outside is hostile to whoever shows it. */
import { calzadosSol } from '../fixtures/reports/calzados-sol.ts'
import type { Cause, Finding, Report } from '../src/model/report.ts'

export const HOSTILE = [
  '<script>document.title = "owned"</script>',
  '"><img src=x onerror="alert(1)">',
  '=HYPERLINK("http://evil.example","click")',
  "+cmd|' /C calc'!A0",
  '@SUM(1+1)*cmd',
  '\u001b[31mred\u001b[2J\u001b]0;owned\u0007',
  '\u202eexe.gnp\u2066',
  `${'largo '.repeat(1700)}fin`,
  ']]></failure><failure message="x">',
  'a\r\n::error file=x::injected\n::set-output name=a::b',
  '%0A::error::injected',
  '[click](http://evil.example) http://evil.example www.evil.example <http://evil.example>',
  '@everyone #1 !2 ~bug $HOME$ `code` ```',
  '| a | b |\n# heading\n- item\n1. item\n---',
  '\u0000\uffff\ufffe\ud800\u2028',
  '_x0041_ {0} &amp; &#60;b&#62;',
] as const

/** One finding and one cause for each hostile text, which stands wherever a source can put it. */
export function hostileReport(): Report {
  const { head, gate, quarantine } = calzadosSol('en')
  const totals = { error: HOSTILE.length * 2, warning: 0, info: 0, known: 0, suppressed: 0, explained: 0 }
  return {
    head: {
      ...head,
      causes: HOSTILE.map(causeOf),
      coverage: head.coverage.map((one) => ({ ...one, fail: one.rule === RULE ? HOSTILE.length : 0 })),
      totals,
    },
    locale: 'en',
    project: HOSTILE[0],
    quarantine,
    ...(gate === undefined ? {} : { gate }),
    findings: async function* () {
      yield* HOSTILE.map(findingOf)
    },
  }
}

const RULE = 'price/differs-across-channels'

function findingOf(text: string, at: number): Finding {
  const side = { listing: text, field: 'title', value: text, unit: null, raw: text }
  const source = { path: `data/${text}.csv`, row: 1, line: 2 }
  return {
    id: `f${at}`,
    rule: RULE,
    code: null,
    severity: 'error',
    status: 'new',
    market: 'ES',
    owner: null,
    item: { id: text, sku: text, gtin: null, title: text },
    message: `${text} costs something else`,
    sides: [
      { channel: 'tienda', ...side, source, authority: true },
      { channel: 'web', ...side, source, authority: false },
    ],
    expected: text,
    impact: null,
    explained_by: null,
    fixable: true,
  }
}

function causeOf(text: string, at: number): Cause {
  return {
    id: `c${at}`,
    kind: 'vocabulary',
    channels: ['web'],
    field: 'title',
    rule: 'feed/unknown-vocabulary',
    severity: 'error',
    status: 'new',
    detail: { word: text },
    findings: 1,
    share: 0.5,
    message: text,
    advice: text,
    impact: null,
  }
}
