/** Whether findings are still there, by an audit of the same project that is neither reported nor noted. */
import type { AuditRequest, RunIo } from '../model/audit-run.ts'
import type { RunAuditResult } from '../model/run.ts'
import { audit } from './audit.ts'

/** An audit with the configuration as it stands: no flag changes what it judges. */
export interface JudgeRequest {
  readonly configFile: string | null
  readonly stateDir: string | null
  readonly cwd: string
  readonly memoryLimit: string | null
  readonly threads: number | null
}

/** @throws DiagnosticError when the audit itself cannot be made. */
export async function judgeFindings(
  findings: ReadonlySet<string>,
  { configFile, stateDir, cwd, memoryLimit, threads }: JudgeRequest,
  io: RunIo,
): Promise<RunAuditResult> {
  const request: AuditRequest = {
    files: [],
    configFile,
    cwd,
    stateDir,
    asOf: null,
    locale: null,
    userLocale: 'en',
    formats: [],
    output: null,
    failOn: null,
    maxUnknown: null,
    only: [],
    skip: [],
    allRules: false,
    baseline: null,
    channels: [],
    maxFindings: null,
    memoryLimit,
    threads,
    quiet: true,
    verbose: false,
  }
  let result: RunAuditResult = { gone: 0, remaining: [], unknown: [...findings].sort() }
  // What the audit notes was told when the plan was made.
  await audit(request, { ...io, warn: () => undefined }, async (audited) => {
    const present = new Set<string>()
    for await (const marks of audited.findings.marks()) for (const [id] of marks) if (findings.has(id)) present.add(id)
    const absent = [...findings].filter((id) => !present.has(id))
    // What could not be looked at is not gone.
    const isBlind = audited.unreadable.length > 0
    const unknown = isBlind ? absent.sort() : []
    result = { gone: isBlind ? 0 : absent.length, remaining: [...present].sort(), unknown }
    return 0
  })
  return result
}
