import type { Command } from 'commander'
import { initTexts as en } from '../i18n/init.en.ts'
import { initTexts as es } from '../i18n/init.es.ts'
import { addCommonOptions, addListOptions, addProjectOptions, addStateOption, type ListFlags } from './options.ts'
import type { Run, Shell } from './shell.ts'

const TEXTS = { en, es }

export function addDoctor(program: Command, shell: Shell, run: Run): void {
  const { texts, locale } = shell
  const command = program.command('doctor').description(TEXTS[locale].doctorHelp)
  addProjectOptions(command, texts)
  addStateOption(command, texts)
  addListOptions(command, texts)
  addCommonOptions(command, texts)
  command.action((flags: ListFlags & { readonly state?: string }) =>
    run(async () => {
      const [{ runDoctor }, { withProgress }] = await Promise.all([
        import('../ops/doctor.ts'),
        import('./with-progress.ts'),
      ])
      const request = {
        configFile: flags.config ?? null,
        stateDir: flags.state ?? null,
        cwd: shell.cwd,
        locale: shell.requestedLocale,
        userLocale: locale,
        format: flags.format ?? 'pretty',
      } as const
      return withProgress(shell, flags, (io) => runDoctor(request, io))
    }),
  )
}
