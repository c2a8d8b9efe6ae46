import type { Command } from 'commander'
import { fail } from '../diagnostics/diagnostic.ts'
import { addCommonOptions, addHistoryOptions, addProjectOptions, type HistoryFlags } from './options.ts'
import type { Run, Shell } from './shell.ts'

/** Words that an action takes behind it. */
const ACTIONS: Readonly<Record<string, number>> = { diff: 2, import: 1 }

export function addHistory(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const command = program.command('history').description(texts.help.history)
  command.argument('[action...]', texts.help.historyAction)
  addProjectOptions(command, texts)
  addHistoryOptions(command, texts)
  addCommonOptions(command, texts)
  command.action(([action, ...names]: readonly string[], flags: HistoryFlags) =>
    run(async () => {
      checkWords(action, names)
      const [{ diffHistory, importHistory, listHistory }, { withProgress }] = await Promise.all([
        import('../ops/history.ts'),
        import('./with-progress.ts'),
      ])
      const request = {
        configFile: flags.config ?? null,
        stateDir: flags.state ?? null,
        cwd: shell.cwd,
        locale: shell.requestedLocale,
        userLocale: shell.locale,
        formats: flags.format ?? [],
        output: flags.output ?? null,
      }
      return withProgress(shell, flags, (io) => {
        const [file = ''] = names
        if (action === 'diff') return diffHistory({ ...request, names, failOn: flags.failOn ?? 'error' }, io)
        if (action === 'import') return importHistory({ ...request, file, until: flags.until ?? null }, io)
        return listHistory(request, io)
      })
    }),
  )
}

function checkWords(action: string | undefined, names: readonly string[]): void {
  if (action === undefined) return
  const most = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined
  if (most === undefined) {
    throw fail('usage/bad-value', { option: 'history', value: action, accepted: Object.keys(ACTIONS).join(' | ') })
  }
  if (names.length > most) throw fail('usage/excess-argument', { command: `history ${action}`, accepted: most })
  if (action === 'import' && names.length === 0)
    throw fail('usage/missing-argument', { command: 'history import', argument: 'FILE' })
}
