/** What a case expects against what its audit says. */
import { fingerprint } from '../../base/hash.ts'
import type { Finding } from '../../model/report.ts'
import type { Rule } from '../../rules/rule.ts'
import type { Outcome, Trial } from './bench.ts'
import type { ExpectedFinding, RuleCase } from './fixture.ts'

/** What a case expects, and what there is in the same shape, for comparing. */
export function compared(rule: Rule, one: RuleCase, { en }: Trial): { readonly want: unknown; readonly have: unknown } {
  const expected = [...one.expect].sort((a, b) => compare(a.message.en, b.message.en))
  const found = [...en.findings].sort((a, b) => compare(a.message, b.message))
  const unknown = Object.keys(en.coverage?.unknown ?? {}).sort()
  const causes = en.causes.map((cause, index) => picked({ ...cause }, one.causes[index] ?? { kind: '', message: '' }))
  const pass = one.pass === undefined ? {} : { pass: one.pass }
  return {
    want: {
      findings: expected.map((finding) => wanted(finding, rule)),
      causes: one.causes,
      unknown: one.unknown,
      ...pass,
    },
    have: {
      findings: found.map((finding, index) => shown(finding, expected[index], en)),
      causes,
      unknown,
      ...(one.pass === undefined ? {} : { pass: en.coverage?.pass ?? 0 }),
    },
  }
}

function wanted({ keys, message, ...finding }: ExpectedFinding, rule: Rule): unknown {
  const about = { ...finding, rule: finding.rule ?? rule.id, message: message.en }
  return keys === undefined ? about : { ...about, fingerprint: keys }
}

function shown(finding: Finding, expected: ExpectedFinding | undefined, { findings, causes }: Outcome): unknown {
  const { explained_by: by, code, message, rule } = finding
  const root = findings.find(({ id }) => id === by)?.rule ?? causes.find(({ id }) => id === by)?.kind ?? by
  const { keys, sides, ...rest } = expected ?? {}
  const about = {
    ...picked({ ...finding, item: finding.item?.id ?? null }, rest),
    rule,
    code,
    message,
    explained_by: root,
  }
  const sided =
    sides === undefined ? {} : { sides: finding.sides.map((side, index) => picked({ ...side }, sides[index] ?? side)) }
  if (keys === undefined) return { ...about, ...sided }
  const matches = fingerprint(rule, code, finding.market, ...keys) === finding.id
  return { ...about, ...sided, fingerprint: matches ? keys : 'another one' }
}

function picked(value: Readonly<Record<string, unknown>>, like: object): Record<string, unknown> {
  return Object.fromEntries(Object.keys(like).map((key) => [key, value[key]]))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
