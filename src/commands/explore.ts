import type { Command } from 'commander'
import { fail } from '../diagnostics/diagnostic.ts'
import { exploreTexts as en } from '../i18n/explore.en.ts'
import { exploreTexts as es } from '../i18n/explore.es.ts'
import { addCommonOptions, addProjectOptions, addStateOption, type ProjectFlags } from './options.ts'
import type { Run, Shell } from './shell.ts'

const TEXTS = { en, es }

export function addExplore(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const own = TEXTS[shell.locale]
  const command = program.command('explore').description(own.help).argument('[audit]', own.helpAudit)
  addProjectOptions(command, texts)
  addStateOption(command, texts)
  addCommonOptions(command, texts)
  command.action((audit: string | undefined, flags: ProjectFlags & { readonly state?: string }) =>
    run(async () => {
      // What is drawn goes to the standard output, and keys come from the standard input.
      if (process.stdout.isTTY !== true || process.stdin.isTTY !== true)
        throw fail('usage/no-terminal', { command: 'explore', instead: '`omniparity report`' })
      const [{ openExploration }, { exploreOnScreen }] = await Promise.all([
        import('../ops/explore.ts'),
        import('../terminal/explore/open.tsx'),
      ])
      const exploration = await openExploration(
        {
          configFile: flags.config ?? null,
          stateDir: flags.state ?? null,
          cwd: shell.cwd,
          audit: audit ?? null,
          locale: shell.requestedLocale,
        },
        (count) => void shell.stderr.write(`\r${own.loading}: ${own.number(count)}`),
      )
      await exploreOnScreen(exploration, TEXTS[exploration.locale], process.stdout, shell.signal)
      return 0
    }),
  )
}
