import { type Command, Option } from 'commander'
import { CHANGE_NEEDS, type ChangeNeed } from '../model/plan.ts'
import { flagOf } from '../plan/needs.ts'
import { type ApplyFlags, addApplyOptions, addCommonOptions, addProjectOptions } from './options.ts'
import type { Run, Shell } from './shell.ts'

export function addApply(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const { help } = texts.apply
  const command = program.command('apply').description(help.apply).argument('<plan>', help.plan)
  addProjectOptions(command, texts)
  command.option('--dry-run', help.dryRun)
  for (const need of CHANGE_NEEDS) command.addOption(new Option(flagOf(need), help.allow(texts.plan.needs[need])))
  addApplyOptions(command, texts)
  addCommonOptions(command, texts)
  command.action((plan: string, flags: ApplyFlags & Readonly<Record<string, unknown>>) =>
    run(async () => {
      const [{ runApply }, { withProgress }] = await Promise.all([
        import('../ops/apply.ts'),
        import('./with-progress.ts'),
      ])
      const request = {
        plan,
        configFile: flags.config ?? null,
        stateDir: flags.state ?? null,
        cwd: shell.cwd,
        locale: shell.requestedLocale,
        format: flags.format ?? 'pretty',
        allow: CHANGE_NEEDS.filter((need) => flags[keyOf(need)] === true),
        channels: flags.channel ?? [],
        canary: flags.canary ?? null,
        dryRun: flags.dryRun ?? false,
        rate: flags.rate ?? null,
        maxFailures: flags.maxFailures ?? 1,
        memoryLimit: flags.memoryLimit ?? null,
        threads: flags.threads ?? null,
      }
      return withProgress(shell, flags, (io) => runApply(request, io))
    }),
  )
}

/** Commander's name of a flag: `allowLargePriceChange`. */
function keyOf(need: ChangeNeed): string {
  return `allow_${need}`.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
