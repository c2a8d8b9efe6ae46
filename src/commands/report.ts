import type { Command } from 'commander'
import { addCommonOptions, addProjectOptions, addReportOptions, type ReportFlags } from './options.ts'
import type { Run, Shell } from './shell.ts'

export function addReport(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const command = program.command('report').description(texts.help.report)
  command.argument('[audit]', texts.help.reportAudit)
  addProjectOptions(command, texts)
  addReportOptions(command, texts)
  addCommonOptions(command, texts)
  command.action((audit: string | undefined, flags: ReportFlags) =>
    run(async () => {
      const [{ runReport }, { withProgress }] = await Promise.all([
        import('../ops/report.ts'),
        import('./with-progress.ts'),
      ])
      const request = {
        configFile: flags.config ?? null,
        stateDir: flags.state ?? null,
        cwd: shell.cwd,
        audit: audit ?? null,
        locale: shell.requestedLocale,
        formats: flags.format ?? [],
        output: flags.output ?? null,
        maxFindings: flags.maxFindings ?? null,
      }
      return withProgress(shell, flags, (io) => runReport(request, io))
    }),
  )
}
