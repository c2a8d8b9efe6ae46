import type { Command } from 'commander'
import { addCommonOptions, addProjectOptions, addUndoOptions, type UndoFlags } from './options.ts'
import type { Run, Shell } from './shell.ts'

export function addUndo(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const { help } = texts.apply
  const command = program.command('undo').description(help.undo).argument('<run>', help.run)
  addProjectOptions(command, texts)
  addUndoOptions(command, texts)
  addCommonOptions(command, texts)
  command.action((name: string, flags: UndoFlags) =>
    run(async () => {
      const [{ runUndo }, { withProgress }] = await Promise.all([
        import('../ops/undo.ts'),
        import('./with-progress.ts'),
      ])
      const request = {
        run: name,
        configFile: flags.config ?? null,
        stateDir: flags.state ?? null,
        cwd: shell.cwd,
        locale: shell.requestedLocale,
        format: flags.format ?? 'pretty',
        output: flags.output ?? null,
      }
      return withProgress(shell, flags, (io) => runUndo(request, io))
    }),
  )
}
