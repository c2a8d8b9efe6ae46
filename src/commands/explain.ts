import type { Command } from 'commander'
import { addCommonOptions } from './options.ts'
import type { Run, Shell } from './shell.ts'

export function addExplain(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const command = program.command('explain').description(texts.help.explain)
  command.argument('<code>', texts.help.explainCode)
  addCommonOptions(command, texts)
  command.action((code: string) =>
    run(async () => {
      const { explain } = await import('../ops/explain.ts')
      await shell.stdout(await explain(code, shell.locale))
      return 0
    }),
  )
}
