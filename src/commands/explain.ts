import type { Command } from 'commander'
import { addCommonOptions, addKeyOption, addProjectOptions, type KeyFlags } from './options.ts'
import type { Run, Shell } from './shell.ts'

export function addExplain(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const command = program.command('explain').description(texts.help.explain)
  command.argument('<code>', texts.help.explainCode)
  addKeyOption(command, texts)
  addProjectOptions(command, texts)
  addCommonOptions(command, texts)
  command.action((code: string, flags: KeyFlags) =>
    run(async () => {
      const { cwd, locale, signal } = shell
      const project = { configFile: flags.config ?? null, cwd }
      if (flags.key !== undefined) {
        const { explainKey } = await import('../ops/explain-key.ts')
        await shell.stdout(await explainKey({ ...project, code, key: flags.key, locale, signal }))
        return 0
      }
      const { explain } = await import('../ops/explain.ts')
      const { width, colour } = shell
      await shell.stdout(await explain(code, locale, { ...project, width, colour }))
      return 0
    }),
  )
}
