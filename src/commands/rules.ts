import type { Command } from 'commander'
import { addCommonOptions, addProjectOptions, type ProjectFlags } from './options.ts'
import type { Run, Shell } from './shell.ts'

export function addRules(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const command = program.command('rules').description(texts.help.rules)
  addProjectOptions(command, texts)
  addCommonOptions(command, texts)
  command.action((flags: ProjectFlags) =>
    run(async () => {
      const { listRules } = await import('../ops/rules.ts')
      const { cwd, locale } = shell
      await shell.stdout(await listRules({ configFile: flags.config ?? null, cwd, locale }))
      return 0
    }),
  )
}
