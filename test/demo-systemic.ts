/** Errors of a whole channel, planted into the written files of the demo beside its single faults. */
import type { Cause, CauseKind, Finding } from '../src/model/report.ts'
import type { DemoTruth, Fault } from '../src/ops/demo/truth.ts'
import { compareTruth } from './truth.ts'

/** What was planted, where only the planting knows. */
export interface PlantedIn {
  /** Cells that the error changed, where a retailer may have too few of them for an error of the whole channel. */
  readonly cells?: number
  readonly detail?: Readonly<Record<string, string>>
  /** Articles that the error is about: what single faults said of them in this channel may be gone. */
  readonly items?: ReadonlySet<string>
}

export interface MixedFault {
  readonly name: string
  readonly kind: CauseKind
  readonly channel: 'web' | 'amazon' | 'tienda'
  readonly detail: Readonly<Record<string, string>>
  /** Rules whose findings, and single faults, the error drowns: they may hang under its cause, or show nothing of their own. */
  readonly drowns: RegExp
  /** @param audit - Audits what the folder has at that moment, for an error that only time shows. */
  plant(dir: string, audit: (asOf: string) => Promise<void>): PlantedIn | undefined | Promise<PlantedIn>
}

interface Report {
  readonly findings: readonly Finding[]
  readonly causes: readonly Cause[]
}

export interface Mixed {
  /** Whether the systemic error is named with its parameter, and once. */
  readonly isNamed: boolean
  readonly missing: readonly string[]
  readonly unexpected: readonly string[]
}

/** Holds a report against the single faults and the systemic one. */
export function compareMixed(truth: DemoTruth, fault: MixedFault, planted: PlantedIn, report: Report): Mixed {
  const named = report.causes.filter(
    ({ kind, channels, detail }) =>
      kind === fault.kind &&
      channels[0] === fault.channel &&
      Object.entries({ ...fault.detail, ...planted.detail }).every(([key, value]) => detail[key] === value),
  )
  const own = new Set(named.map(({ id }) => id))
  const { missing, unexpected, unexpectedCauses, wrongParent, repeated } = compareTruth(truth, report)
  const concerns = (items: readonly string[], { item }: Finding): boolean =>
    item === null || [item.id, item.sku].some((key) => key !== null && items.includes(key))
  const isUnder = ({ rule, items }: Fault): boolean =>
    fault.drowns.test(rule) || items.some((item) => planted.items?.has(item) === true)
  const drowned = truth.faults.filter(isUnder)
  const gone = truth.faults.flatMap(({ items }) =>
    items.some((item) => planted.items?.has(item) === true) ? items : [],
  )
  // No surprise: what drowns, on an article with a fault of its own, and what a fault entails that is not seen itself.
  const isDrowned = (finding: Finding): boolean =>
    // Where a side is gone that had a fault of its own, the others are left to tell it.
    [finding.item?.id, finding.item?.sku].some((key) => typeof key === 'string' && gone.includes(key)) ||
    (fault.drowns.test(finding.rule) && truth.faults.some(({ items }) => concerns(items, finding))) ||
    drowned.some(({ items, entails }) => entails.includes(finding.rule) && concerns(items, finding))
  const brief = ({ rule, code, item, message }: Finding): string => `${rule}:${code} ${item?.id}: ${message}`
  return {
    isNamed: named.length === 1,
    missing: missing
      .filter((one) => !isUnder(one))
      .map(({ id, rule, item, subject, note }) => `${id} ${rule} ${item ?? subject}: ${note}`),
    unexpected: [
      ...report.findings
        .filter(({ message }) => /\{\w+\}/.test(message))
        .map((finding) => `a gap in: ${brief(finding)}`),
      ...repeated.map((finding) => `twice: ${brief(finding)}`),
      ...unexpected.filter((finding) => !isDrowned(finding)).map(brief),
      ...unexpectedCauses
        .filter(({ id }) => !own.has(id))
        .map(({ kind, detail, message }) => `cause ${kind} ${JSON.stringify(detail)}: ${message}`),
      ...wrongParent
        .filter((finding) => !own.has(finding.explained_by ?? '') && !isDrowned(finding))
        .map((finding) => `explained: ${brief(finding)}`),
    ],
  }
}
