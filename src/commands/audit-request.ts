import type { AuditRequest } from '../model/audit-run.ts'
import type { AuditFlags } from './options.ts'
import type { Shell } from './shell.ts'

/** What flags say about an audit, whatever it reads. */
export function auditRequest(
  flags: Partial<AuditFlags>,
  { cwd, locale, requestedLocale }: Shell,
): Omit<AuditRequest, 'files' | 'configFile'> {
  return {
    cwd,
    stateDir: flags.state ?? null,
    asOf: flags.asOf ?? null,
    locale: requestedLocale,
    userLocale: locale,
    formats: flags.format ?? [],
    output: flags.output ?? null,
    failOn: flags.failOn ?? null,
    maxUnknown: flags.maxUnknown ?? null,
    only: flags.only ?? [],
    skip: flags.skip ?? [],
    allRules: flags.allRules ?? false,
    baseline: flags.baseline ?? null,
    channels: flags.channel ?? [],
    maxFindings: flags.maxFindings ?? null,
    memoryLimit: flags.memoryLimit ?? null,
    threads: flags.threads ?? null,
    quiet: flags.quiet ?? false,
    verbose: flags.verbose ?? false,
  }
}
