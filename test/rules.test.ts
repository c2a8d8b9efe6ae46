import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadRules } from '../src/rules/load.ts'
import type { Rule } from '../src/rules/rule.ts'
import { type RuleCase, type RuleFixture, readFixture } from './rule-fixture.ts'
import { allChanges, compared, type Outcome, type PulledCase, RuleBench, type Trial } from './rule-harness.ts'
import type { ParamChange } from './rule-params.ts'

const rules = await loadRules()

let bench: RuleBench
beforeAll(async () => {
  bench = await RuleBench.open(rules)
})
afterAll(() => bench.close())

interface Tried {
  readonly trials: ReadonlyMap<RuleCase, Trial | Error>
  /** Changes of parameters that made no difference to any case. */
  readonly unnoticed: ReadonlySet<ParamChange>
}

async function tryAll(rule: Rule, { invalid, valid }: RuleFixture, changes: readonly ParamChange[]): Promise<Tried> {
  const trials = new Map<RuleCase, Trial | Error>()
  const open: { readonly pulled: PulledCase; readonly before: Outcome }[] = []
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
  const unnoticed = new Set(changes)
  for (const change of changes) {
    for (const { pulled, before } of open.toSorted((a, b) => b.pulled.promises(change) - a.pulled.promises(change))) {
      if (!(await pulled.notices(change, before))) continue
      unnoticed.delete(change)
      break
    }
  }
  for (const { pulled } of open) await pulled.close()
  return { trials, unnoticed }
}

function once<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | null = null
  return () => {
    result ??= run()
    return result
  }
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (_, rule) => {
  const fixture = readFixture(rule.id)
  if (fixture === null) {
    it('has its fixture folder', () => {
      expect.fail(
        `fixtures/rules/${rule.id}/{invalid,valid}.yaml: write cases that show what the rule finds, and what not`,
      )
    })
    return
  }
  const { invalid, valid } = fixture
  const changes = allChanges(rule)
  const tried = once(() => tryAll(rule, fixture, changes))

  it('has well-formed cases', () => {
    const names = [...invalid, ...valid].map(({ name }) => name)
    expect(new Set(names).size, 'names are unique').toBe(names.length)
    const own = (one: RuleCase) => one.expect.filter((finding) => (finding.rule ?? rule.id) === rule.id)
    expect(
      invalid.filter((one) => own(one).length === 0),
      'invalid.yaml: cases without a finding',
    ).toEqual([])
    expect(
      valid.filter((one) => own(one).length > 0),
      'valid.yaml: cases with a finding',
    ).toEqual([])
    const shown = new Set(invalid.flatMap(own).map(({ code }) => code))
    const codes = rule.codes.map(({ code }) => code).filter((code) => !shown.has(code))
    expect(codes, 'codes that no case shows').toEqual([])
  })

  it.each([...invalid, ...valid].map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const trial = (await tried()).trials.get(one)
    if (trial === undefined || trial instanceof Error) throw trial ?? new Error('the case did not run')
    const { want, have } = compared(rule, one, trial)
    expect(have).toEqual(want)
    for (const finding of trial.es?.findings ?? []) {
      expect(finding.message, 'no placeholder is left').not.toMatch(/\{\w+\}|undefined|NaN/)
      const english = trial.en.findings.find(({ id }) => id === finding.id)?.message
      expect(finding.message, 'it is Spanish').not.toBe(english)
      const spanish = one.expect.find(({ message }) => message.en === english)?.message.es ?? null
      if (spanish !== null) expect(finding.message).toBe(spanish)
    }
  })

  it.each(changes.map((change) => [change.label, change] as const))('a case notices %s', async (label, change) => {
    const { unnoticed } = await tried()
    if (unnoticed.has(change)) expect.fail(`no case notices ${label}; add one, or remove the parameter`)
  })
})
