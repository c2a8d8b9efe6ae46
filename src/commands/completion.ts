import type { Command } from 'commander'
import { fail } from '../diagnostics/diagnostic.ts'
import { addCommonOptions } from './options.ts'
import type { Run, Shell } from './shell.ts'

export function addCompletion(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const command = program.command('completion').description(texts.help.completion)
  command.argument('<shell>', texts.help.completionShell)
  addCommonOptions(command, texts)
  command.action((name: string) =>
    run(async () => {
      const { completionScript, SHELLS } = await import('./completion-script.ts')
      const found = SHELLS.find((known) => known === name)
      if (found === undefined) {
        throw fail('usage/bad-value', { option: 'completion', value: name, accepted: SHELLS.join(' | ') })
      }
      await shell.stdout(completionScript(found, program))
      return 0
    }),
  )
}
