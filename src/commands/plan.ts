import { type Command, Option } from 'commander'
import { parseDuration } from '../base/clock.ts'
import { fail } from '../diagnostics/diagnostic.ts'
import { CHANGE_NEEDS, type ChangeNeed } from '../model/plan.ts'
import { auditRequest } from './audit-request.ts'
import {
  type AuditFlags,
  addBaselineOption,
  addCommonOptions,
  addPlanningOptions,
  addProjectOptions,
} from './options.ts'
import type { Run, Shell } from './shell.ts'

interface PlanFlags extends AuditFlags {
  readonly rule?: readonly string[]
  readonly channel?: readonly string[]
  readonly item?: readonly string[]
  readonly cause?: readonly string[]
  readonly interactive?: boolean
  readonly marked?: boolean
  readonly expires?: string
  readonly maxSum?: string
}

export function addPlan(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const { help } = texts.plan
  const command = program.command('plan').description(texts.help.plan)
  addProjectOptions(command, texts)
  const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]
  command.option('--rule <RULE>', help.rule, collect)
  command.option('--channel <ID>', help.channel, collect)
  command.option('--item <SKU>', help.item, collect)
  command.option('--cause <ID>', help.cause, collect)
  command.option('--marked', help.marked)
  command.option('--interactive', help.interactive)
  for (const need of CHANGE_NEEDS) command.addOption(new Option(flagFor(need), help.allow(texts.plan.needs[need])))
  command.option('--max-sum <AMOUNT>', help.maxSum)
  command.option('--expires <TIME>', help.expires)
  command.option('--output <DIR>', help.output)
  addBaselineOption(command, texts)
  addPlanningOptions(command, texts)
  addCommonOptions(command, texts)
  command.action((flags: PlanFlags & Readonly<Record<string, unknown>>) =>
    run(async () => {
      const { review, ...asked } = { ...readFlags(flags), review: flags.interactive === true }
      if (review && !(process.stdin.isTTY && shell.isWatched)) throw fail('plan/no-terminal', {})
      const [{ runPlan }, { withProgress }] = await Promise.all([
        import('../ops/plan.ts'),
        import('./with-progress.ts'),
      ])
      const screen = review ? (await import('../terminal/review-plan.tsx')).reviewPlan : null
      // What the audit is told of the output it checks before it begins, and writes nothing there.
      const base = auditRequest({ ...flags, channel: [], format: [] }, shell)
      const request = { ...base, files: [], configFile: flags.config ?? null }
      return withProgress(shell, flags, (io) => runPlan({ ...asked, audit: request, review: screen }, io))
    }),
  )
}

function flagFor(need: ChangeNeed): string {
  return `--allow-${need.replaceAll('_', '-')}`
}

/** Commander's name of a flag: `allowLargePriceChange`. */
function keyFor(need: ChangeNeed): string {
  return `allow_${need}`.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function readFlags(flags: PlanFlags & Readonly<Record<string, unknown>>) {
  const { rule = [], channel = [], item = [], cause = [], expires, maxSum, output } = flags
  const lasts = expires === undefined ? null : parseDuration(expires)
  if (expires !== undefined && (lasts === null || lasts === 0)) {
    throw fail('usage/bad-value', { option: '--expires', value: expires, accepted: '15m | 1h | 7d' })
  }
  if (maxSum !== undefined && !/^\d{1,12}(\.\d{1,6})?$/.test(maxSum)) {
    throw fail('usage/bad-value', { option: '--max-sum', value: maxSum, accepted: '1000 | 1000.50' })
  }
  return {
    selection: { rules: rule, channels: channel, items: item, causes: cause },
    marked: flags.marked === true,
    output: output ?? null,
    allowed: CHANGE_NEEDS.filter((need) => flags[keyFor(need)] === true),
    maxSum: maxSum ?? null,
    expiresMs: lasts,
  }
}
