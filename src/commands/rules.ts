import type { Command } from 'commander'
import { addCommonOptions, addListOptions, addProjectOptions, type ListFlags, type ProjectFlags } from './options.ts'
import type { Run, Shell } from './shell.ts'

export function addRules(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const command = program.command('rules').description(texts.help.rules)
  addProjectOptions(command, texts)
  addListOptions(command, texts)
  addCommonOptions(command, texts)
  command.action((flags: ListFlags) =>
    run(async () => {
      const { listRules } = await import('../ops/rules.ts')
      const { cwd, locale, signal } = shell
      const { format = 'pretty' } = flags
      await shell.stdout(await listRules({ configFile: flags.config ?? null, cwd, locale, format, signal }))
      return 0
    }),
  )
  addTest(command, shell, run)
}

function addTest(rules: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const command = rules.command('test').description(texts.help.rulesTest)
  command.argument('[dir]', texts.help.rulesTestDir)
  addProjectOptions(command, texts)
  addCommonOptions(command, texts)
  command.helpOption('-h, --help', texts.help.help).copyInheritedSettings(rules)
  command.action((dir: string | undefined, flags: ProjectFlags) =>
    run(async () => {
      const { testRules } = await import('../ops/test-rules.ts')
      const { cwd, locale } = shell
      const configFile = flags.config ?? null
      return (await testRules({ dir: dir ?? null, configFile, cwd, locale }, shell.stdout)) ? 0 : 1
    }),
  )
}
