/** Holds a report of the demo against what was planted in it. */
import type { Cause, Finding } from '../src/model/report.ts'
import type { DemoTruth, Fault } from '../src/ops/demo/truth.ts'

export interface Comparison {
  /** Planted, but no root finding or cause says so. */
  readonly missing: readonly Fault[]
  /** Root findings that nothing planted accounts for. */
  readonly unexpected: readonly Finding[]
  /** Causes that nothing planted accounts for. */
  readonly unexpectedCauses: readonly Cause[]
  /** Explained by a finding or cause of another fault, or by a rule that the fault does not entail. */
  readonly wrongParent: readonly Finding[]
  /** Findings with the id of another one. */
  readonly repeated: readonly Finding[]
}

/**
 * Compares by the rule of the truth test: every fault has its root, every root has its fault, and everything else hangs
 * under the root or cause of its own fault with a rule from that fault's closed list.
 */
export function compareTruth(
  { faults }: DemoTruth,
  report: { readonly findings: readonly Finding[]; readonly causes: readonly Cause[] },
): Comparison {
  const roots = report.findings.filter((finding) => finding.explained_by === null)
  const rootFault = new Map<string, Fault | undefined>(
    roots.map((finding) => [finding.id, faults.find((fault) => isRootOf(fault, finding))]),
  )
  const causeFault = new Map<string, Fault | undefined>(
    report.causes.map((cause) => [cause.id, faults.find((fault) => isCauseOf(fault, cause))]),
  )
  const found = new Set([...rootFault.values(), ...causeFault.values()])
  const firstOf = new Map([...report.findings].reverse().map((finding) => [finding.id, finding]))
  return {
    repeated: report.findings.filter((finding) => firstOf.get(finding.id) !== finding),
    missing: faults.filter((fault) => !found.has(fault)),
    unexpected: roots.filter((finding) => rootFault.get(finding.id) === undefined),
    unexpectedCauses: report.causes.filter((cause) => causeFault.get(cause.id) === undefined),
    wrongParent: report.findings.filter((finding) => {
      if (finding.explained_by === null) return false
      const fault = rootFault.get(finding.explained_by)
      if (fault !== undefined) return !fault.entails.includes(finding.rule) || !concerns(fault, finding)
      return causeFault.get(finding.explained_by)?.entails.includes(finding.rule) !== true
    }),
  }
}

function isRootOf(fault: Fault, finding: Finding): boolean {
  return (
    fault.cause === undefined &&
    fault.rule === finding.rule &&
    (fault.code === null || fault.code === finding.code) &&
    (fault.market === null || finding.market === null || fault.market === finding.market) &&
    fault.channels.every((channel) => names(finding, channel)) &&
    concerns(fault, finding)
  )
}

function isCauseOf(fault: Fault, cause: Cause): boolean {
  if (fault.channels[0] !== cause.channels[0]) return false
  if (fault.cause !== undefined) {
    const { kind, detail } = fault.cause
    return cause.kind === kind && Object.entries(detail).every(([key, value]) => cause.detail[key] === value)
  }
  // A word or a file that many articles share may be reported as a cause in place of a finding.
  if (fault.rule !== cause.rule || fault.item !== null || fault.subject === null) return false
  return mentions(Object.values(cause.detail), fault.subject)
}

function names(finding: Finding, channel: string): boolean {
  return finding.sides.some((side) => side.channel === channel) || finding.owner === channel
}

/** Whether the finding is about an article of the fault, or about what the fault names, or about its file. */
function concerns(fault: Fault, finding: Finding): boolean {
  const { item } = finding
  if (item !== null && [item.id, item.sku].some((key) => key !== null && fault.items.includes(key))) return true
  if (fault.subject !== null) {
    const texts = finding.sides.flatMap((side) => [side.listing, side.value, side.raw])
    return mentions([item?.id ?? null, finding.message, ...texts], fault.subject)
  }
  return item === null && fault.items.length > 0 && fault.market === null
}

function mentions(texts: readonly (string | null)[], subject: string): boolean {
  const wanted = subject.toLowerCase()
  return texts.some((text) => text?.toLowerCase().includes(wanted) === true)
}
