import type { Command } from 'commander'
import { fail } from '../diagnostics/diagnostic.ts'
import { initTexts as en } from '../i18n/init.en.ts'
import { initTexts as es } from '../i18n/init.es.ts'
import { auditRequest } from './audit-request.ts'
import { addCommonOptions, addRunOptions, type RunFlags } from './options.ts'
import type { Run, Shell } from './shell.ts'

const TEXTS = { en, es }

interface InitFlags extends RunFlags {
  readonly yes?: boolean
  readonly force?: boolean
}

export function addInit(program: Command, shell: Shell, run: Run): void {
  const { texts, locale } = shell
  const own = TEXTS[locale]
  const command = program.command('init').description(own.help).argument('[dir]', own.helpDir)
  command.option('--yes', own.helpYes)
  command.option('--force', own.helpForce)
  addRunOptions(command, texts)
  addCommonOptions(command, texts)
  command.action((dir: string | undefined, flags: InitFlags) =>
    run(async () => {
      const asks = flags.yes !== true
      if (asks && (process.stdout.isTTY !== true || process.stdin.isTTY !== true)) {
        throw fail('usage/no-terminal', { command: 'init', instead: '--yes' })
      }
      const [{ CONFIG_NAME, runInit }, { withProgress }] = await Promise.all([
        import('../ops/init.ts'),
        import('./with-progress.ts'),
      ])
      const request = { dir: dir ?? '.', force: flags.force === true, locale, audit: auditRequest(flags, shell) }
      return withProgress(shell, flags, (io) => {
        if (!asks) return runInit(request, io, null)
        return runInit(request, io, async (draft) => {
          const { askOnScreen } = await import('../terminal/init/wizard.tsx')
          // Progress and questions do not share a screen.
          await io.stdout('')
          return askOnScreen(draft, own, CONFIG_NAME, process.stdout, shell.signal)
        })
      })
    }),
  )
}
