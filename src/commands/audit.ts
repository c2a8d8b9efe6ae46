import type { Command } from 'commander'
import { auditRequest } from './audit-request.ts'
import { type AuditFlags, addAuditOptions, addCommonOptions, addProjectOptions, addRunOptions } from './options.ts'
import type { Run, Shell } from './shell.ts'

export function addAudit(program: Command, shell: Shell, run: Run): void {
  const { texts } = shell
  const command = program.command('audit').description(texts.help.audit).argument('[file...]', texts.help.auditFiles)
  addProjectOptions(command, texts)
  addRunOptions(command, texts)
  addAuditOptions(command, texts)
  addCommonOptions(command, texts)
  command.action((files: readonly string[], flags: AuditFlags) =>
    run(async () => {
      const [{ runAudit }, { withProgress }] = await Promise.all([
        import('../ops/audit.ts'),
        import('./with-progress.ts'),
      ])
      return withProgress(shell, flags, (io) =>
        runAudit({ ...auditRequest(flags, shell), files, configFile: flags.config ?? null }, io),
      )
    }),
  )
}
