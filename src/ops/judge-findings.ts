/** What became of findings, by an audit of the same project that is neither reported nor noted. */
import type { AuditRequest, RunIo } from '../model/audit-run.ts'
import type { Finding } from '../model/report.ts'
import type { AppearedFinding, RunAuditResult } from '../model/run.ts'
import { audit } from './audit.ts'
import { openStoredReport } from './stored-report.ts'

/** An audit with the configuration as it stands: no flag changes what it judges. */
export interface JudgeRequest {
  readonly configFile: string | null
  readonly stateDir: string | null
  readonly cwd: string
  readonly memoryLimit: string | null
  readonly threads: number | null
}

export interface Judged {
  /** Findings that are to be gone. */
  readonly findings: ReadonlySet<string>
  /** Listings that were changed, as {@link listingKey} names them. */
  readonly listings: ReadonlySet<string>
  /** State folder, and the audit that knew the findings. */
  readonly state: string
  readonly audit: string
}

/** New findings that are told one by one. */
const MOST_APPEARED = 1000

export function listingKey(channel: string, listing: string | null): string {
  return JSON.stringify([channel, listing])
}

export function nothingJudged(unknown: Iterable<string> = []): RunAuditResult {
  return { gone: 0, remaining: [], unknown: [...unknown].sort(), appeared: [] }
}

/** @throws DiagnosticError when the audit itself cannot be made. */
export async function judgeFindings(judged: Judged, request: JudgeRequest, io: RunIo): Promise<RunAuditResult> {
  const earlier = await readEarlier(judged)
  let result = nothingJudged(judged.findings)
  // What the audit notes was told when the plan was made.
  await audit(auditRequest(request), { ...io, warn: () => undefined }, async (audited) => {
    const present = new Set<string>()
    const appeared: AppearedFinding[] = []
    for await (const marks of audited.findings.marks())
      for (const [id] of marks) if (judged.findings.has(id)) present.add(id)
    if (earlier !== null) {
      for await (const finding of audited.findings.all()) {
        if (appeared.length >= MOST_APPEARED) break
        if (isNew(finding, judged, earlier)) appeared.push(namesOf(finding))
      }
    }
    const absent = [...judged.findings].filter((id) => !present.has(id))
    // What could not be looked at is not gone.
    const isSeen = (id: string): boolean => {
      const rule = earlier?.rules.get(id)
      return audited.unreadable.length === 0 && (rule === undefined || audited.judged.has(rule))
    }
    result = {
      gone: absent.filter(isSeen).length,
      remaining: [...present].sort(),
      unknown: absent.filter((id) => !isSeen(id)).sort(),
      appeared,
    }
    return 0
  })
  return result
}

/** What was known before anything was written. */
interface Earlier {
  /** Finding to its rule. */
  readonly rules: ReadonlyMap<string, string>
  /** Rules that were judged: of the others nobody knows what is new. */
  readonly judged: ReadonlySet<string>
}

/** Null where the audit's report is not kept any more. */
async function readEarlier({ state, audit: id }: Judged): Promise<Earlier | null> {
  const report = await openStoredReport(state, id).catch(() => null)
  if (report === null) return null
  const rules = new Map<string, string>()
  for await (const finding of report.findings()) rules.set(finding.id, finding.rule)
  const judged = report.head.coverage.filter(({ pass, fail }) => pass + fail > 0).map(({ rule }) => rule)
  return { rules, judged: new Set(judged) }
}

function isNew(finding: Finding, { listings }: Judged, { rules, judged }: Earlier): boolean {
  if (rules.has(finding.id) || !judged.has(finding.rule) || finding.status === 'suppressed') return false
  return finding.sides.some(({ channel, listing }) => listings.has(listingKey(channel, listing)))
}

function namesOf({ id, rule, severity }: Finding): AppearedFinding {
  return { finding: id, rule, severity }
}

function auditRequest({ configFile, stateDir, cwd, memoryLimit, threads }: JudgeRequest): AuditRequest {
  return {
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
}
