import type { Command } from 'commander'
import { auditRequest } from './audit-request.ts'
import { addCommonOptions, addDemoOptions, addRunOptions, type DemoFlags } from './options.ts'
import type { Run, Shell } from './shell.ts'

export function addDemo(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const command = program.command('demo').description(texts.help.demo).argument('[dir]', texts.help.demoDir)
  addDemoOptions(command, texts)
  addRunOptions(command, texts)
  addCommonOptions(command, texts)
  command.action((dir: string | undefined, flags: DemoFlags) =>
    run(async () => {
      const [{ runDemo }, { withProgress }] = await Promise.all([
        import('../ops/demo.ts'),
        import('./with-progress.ts'),
      ])
      const audit = auditRequest(flags, shell)
      const request = { dir: dir ?? null, seed: flags.seed ?? null, articles: flags.articles ?? null, audit }
      return withProgress(shell, flags, (io) => runDemo(request, io))
    }),
  )
}
