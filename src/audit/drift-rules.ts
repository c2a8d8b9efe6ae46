/** Rules about sources that are no longer what they were, or what their contract says. */
import { NOT_APPLICABLE } from '../rules/check.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import { Tally } from './evaluate.ts'
import type { FactOutcome } from './fact-rules.ts'
import type { FindingContext } from './finding.ts'

export async function judgeContract(_effective: EffectiveRule, _context: FindingContext): Promise<FactOutcome> {
  const tally = new Tally()
  tally.add(NOT_APPLICABLE, 1)
  return { drafts: [], tally }
}

export async function judgeVolume(_effective: EffectiveRule, _context: FindingContext): Promise<FactOutcome> {
  const tally = new Tally()
  tally.add(NOT_APPLICABLE, 1)
  return { drafts: [], tally }
}
