/** Why a plan is refused before anything of it is written. */
import type { LedgerEntry } from '../audit/ledger-folder.ts'
import { instantText } from '../base/clock.ts'
import { authorityHash } from '../config/authority-hash.ts'
import { type DiagnosticError, fail } from '../diagnostics/diagnostic.ts'
import type { Config } from '../model/config.ts'
import type { Change, ChangeNeed, PlanHead } from '../model/plan.ts'

export interface PlanCheck {
  /** As messages name it. */
  readonly file: string
  readonly head: PlanHead
  readonly config: Config
  readonly now: Date
  /** Audits and imports that the state folder knows, oldest first. */
  readonly entries: readonly LedgerEntry[]
  readonly allow: ReadonlySet<ChangeNeed>
  /** Where the file stands with which a person corrects a channel that cannot be written to; null for one that can. */
  readonly byHand: (channel: string) => string | null
}

/** What the changes of a plan tell about it as a whole. */
export interface PlanSurvey {
  readonly channels: ReadonlySet<string>
  readonly needs: ReadonlyMap<ChangeNeed, number>
  readonly changes: number
}

/** @param only - Channels whose changes are carried out; empty for all. */
export async function surveyPlan(
  changes: AsyncIterable<readonly Change[]>,
  only: readonly string[],
): Promise<PlanSurvey> {
  const channels = new Set<string>()
  const needs = new Map<ChangeNeed, number>()
  let count = 0
  for await (const some of changes) {
    for (const change of some) {
      if (only.length > 0 && !only.includes(change.channel)) continue
      count++
      channels.add(change.channel)
      for (const need of change.needs) needs.set(need, (needs.get(need) ?? 0) + 1)
    }
  }
  return { channels, needs, changes: count }
}

/** The first reason to refuse a plan; null when there is none. */
export function refusalOf(check: PlanCheck, survey: PlanSurvey): DiagnosticError | null {
  const { file, head, config, now } = check
  const lost = [...survey.channels].find((id) => !config.channelIds.includes(id))
  if (lost !== undefined) return fail('apply/channel-gone', { file, channel: lost })
  for (const channel of survey.channels) {
    const folder = check.byHand(channel)
    if (folder !== null) return fail('apply/no-target', { channel, folder })
  }
  const expires = Date.parse(head.expires_at)
  if (!(now.getTime() < expires)) return fail('apply/expired', { file, at: instantText(new Date(expires)) })
  if (head.authority_sha256 !== authorityHash(config)) return fail('apply/authority-changed', { file })
  const stale = Object.entries(head.basis).find(
    ([channel, { snapshot }]) => snapshot !== (latestSnapshot(check.entries, channel) ?? ''),
  )
  if (stale !== undefined) return fail('apply/not-latest', { file, channel: stale[0] })
  const based = [...survey.channels].find((channel) => head.basis[channel] === undefined)
  if (based !== undefined) return fail('apply/not-latest', { file, channel: based })
  const needs = [...survey.needs].filter(([need]) => !check.allow.has(need) && !head.allowed.includes(need))
  if (needs.length === 0) return null
  return fail('apply/needs', { file, needs: needs.map(([need, changes]) => ({ need, changes })) })
}

/** The snapshot in which a channel was seen last. What was audited as of an earlier moment observed nothing. */
export function latestSnapshot(entries: readonly LedgerEntry[], channel: string): string | null {
  return entries.findLast(({ kind, channels }) => kind === 'audit' && channels.includes(channel))?.snapshot ?? null
}
