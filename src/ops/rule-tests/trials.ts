/** Tries all cases of a rule, and every parameter: what the cases say wrong, and what none of them would notice. */
import type { Rule } from '../../rules/rule.ts'
import type { Outcome, PulledCase, RuleBench, Trial } from './bench.ts'
import type { ParamChange } from './changes.ts'
import type { RuleCase, RuleFixture } from './fixture.ts'

export interface Tried {
  readonly trials: ReadonlyMap<RuleCase, Trial | Error>
  /** Changes of parameters that made no difference to any case. */
  readonly unnoticed: ReadonlySet<ParamChange>
}

export async function tryAll(
  bench: RuleBench,
  rule: Rule,
  { invalid, valid }: RuleFixture,
  changes: readonly ParamChange[],
): Promise<Tried> {
  const trials = new Map<RuleCase, Trial | Error>()
  const open: { readonly pulled: PulledCase; readonly before: Outcome }[] = []
  const unnoticed = new Set(changes)
  try {
    for (const one of [...invalid, ...valid]) {
      try {
        const pulled = await bench.pull(rule, one)
        const en = await pulled.audit('en')
        trials.set(one, { en, es: en.findings.length === 0 ? null : await pulled.audit('es') })
        open.push({ pulled, before: en })
      } catch (error) {
        trials.set(one, error instanceof Error ? error : new Error(String(error)))
      }
    }
    for (const change of changes) {
      for (const { pulled, before } of open.toSorted((a, b) => b.pulled.promises(change) - a.pulled.promises(change))) {
        if (!(await pulled.notices(change, before))) continue
        unnoticed.delete(change)
        break
      }
    }
  } finally {
    for (const { pulled } of open) await pulled.close()
  }
  return { trials, unnoticed }
}

/** What is wrong with a fixture as a whole: `names` are cases, or codes of the rule. */
export interface FormProblem {
  readonly kind: 'repeated' | 'no_finding' | 'finding' | 'unshown'
  readonly names: readonly string[]
}

export function formProblems(rule: Rule, { invalid, valid }: RuleFixture): readonly FormProblem[] {
  const names = [...invalid, ...valid].map(({ name }) => name)
  const own = (one: RuleCase) => one.expect.filter((finding) => (finding.rule ?? rule.id) === rule.id)
  const named = (cases: readonly RuleCase[]): readonly string[] => cases.map(({ name }) => name)
  const shown = new Set(invalid.flatMap(own).map(({ code }) => code))
  const problems: readonly FormProblem[] = [
    { kind: 'repeated', names: names.filter((name, index) => names.indexOf(name) !== index) },
    { kind: 'no_finding', names: named(invalid.filter((one) => own(one).length === 0)) },
    { kind: 'finding', names: named(valid.filter((one) => own(one).length > 0)) },
    { kind: 'unshown', names: rule.codes.map(({ code }) => code).filter((code) => !shown.has(code)) },
  ]
  return problems.filter((problem) => problem.names.length > 0)
}

/** Spanish messages that are left in English, have a gap, or are not what the case expects. */
export function spanishProblems(one: RuleCase, { en, es }: Trial): readonly string[] {
  return (es?.findings ?? []).flatMap((finding) => {
    const english = en.findings.find(({ id }) => id === finding.id)?.message
    const spanish = one.expect.find(({ message }) => message.en === english)?.message.es ?? null
    const isFilled = !/\{\w+\}|undefined|NaN/.test(finding.message)
    const isRight = spanish === null ? finding.message !== english : isSame(finding.message, spanish)
    return isFilled && isRight ? [] : [finding.message]
  })
}

/** Amounts have spaces that do not break, which nobody sees and few can type. */
function isSame(left: string, right: string): boolean {
  const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ')
  return plain(left) === plain(right)
}
