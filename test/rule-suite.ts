/** Tries the rules of the package on their cases. In several files, because each file has a worker of its own. */
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allChanges, RuleBench } from '../src/ops/rule-tests/bench.ts'
import { compared } from '../src/ops/rule-tests/compare.ts'
import { readFixture } from '../src/ops/rule-tests/fixture.ts'
import { formProblems, spanishProblems, tryAll } from '../src/ops/rule-tests/trials.ts'
import { loadRules } from '../src/rules/load.ts'
import { familyOf } from '../src/rules/rule.ts'

const FIXTURES = fileURLToPath(new URL('../fixtures/rules/', import.meta.url))
/** All cases of a rule are audited when its first one is asked for. */
const TIMEOUT = 300_000

function once<Result>(run: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | null = null
  return () => {
    result ??= run()
    return result
  }
}

export async function tryRules(isTried: (family: string) => boolean): Promise<void> {
  const rules = await loadRules()
  const own = rules.filter((rule) => isTried(familyOf(rule)))
  let bench: RuleBench
  beforeAll(async () => {
    bench = await RuleBench.open(rules)
  })
  afterAll(() => bench.close())

  describe.each(own.map((rule) => [rule.id, rule] as const))('%s', { timeout: TIMEOUT }, (_, rule) => {
    const fixture = readFixture(rule.id, FIXTURES)
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
    const tried = once(() => tryAll(bench, rule, fixture, changes))

    it('has well-formed cases', () => {
      expect(formProblems(rule, fixture)).toEqual([])
    })

    it.each([...invalid, ...valid].map((one) => [one.name, one] as const))('%s', async (_, one) => {
      const trial = (await tried()).trials.get(one)
      if (trial === undefined || trial instanceof Error) throw trial ?? new Error('the case did not run')
      const { want, have } = compared(rule, one, trial)
      expect(have).toEqual(want)
      expect(spanishProblems(one, trial)).toEqual([])
      const ids = trial.en.findings.map(({ id }) => id)
      expect(ids).toEqual([...new Set(ids)])
    })

    it.each(changes.map((change) => [change.label, change] as const))('a case notices %s', async (label, change) => {
      const { unnoticed } = await tried()
      if (unnoticed.has(change)) expect.fail(`no case notices ${label}; add one, or remove the parameter`)
    })
  })
}
