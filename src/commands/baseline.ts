import type { Command } from 'commander'
import { fail } from '../diagnostics/diagnostic.ts'
import { auditRequest } from './audit-request.ts'
import { addBaselineOptions, addCommonOptions, addProjectOptions, type BaselineFlags } from './options.ts'
import type { Run, Shell } from './shell.ts'

export const BASELINE_ACTIONS = ['update', 'prune'] as const

export function addBaseline(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const command = program.command('baseline').description(texts.help.baseline)
  command.argument('<action>', `${BASELINE_ACTIONS.join(', ')}: ${texts.help.baselineAction}`)
  addProjectOptions(command, texts)
  addBaselineOptions(command, texts)
  addCommonOptions(command, texts)
  command.action((name: string, flags: BaselineFlags) =>
    run(async () => {
      const action = BASELINE_ACTIONS.find((known) => known === name)
      if (action === undefined) {
        throw fail('usage/bad-value', { option: 'baseline', value: name, accepted: BASELINE_ACTIONS.join(' | ') })
      }
      if (action === 'prune' && flags.acceptNew === true) {
        const accepted = 'prune | update --accept-new --reason TEXT'
        throw fail('usage/bad-value', { option: 'baseline', value: 'prune --accept-new', accepted })
      }
      const [{ runBaseline }, { withProgress }] = await Promise.all([
        import('../ops/baseline.ts'),
        import('./with-progress.ts'),
      ])
      const audit = { ...auditRequest(flags, shell), files: [], configFile: flags.config ?? null }
      const { acceptNew = false, reason = null } = flags
      return withProgress(shell, flags, (io) => runBaseline({ action, acceptNew, reason, audit }, io))
    }),
  )
}
