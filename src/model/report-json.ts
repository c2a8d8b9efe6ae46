/** The JSON text of a report's parts, with the keys in the contract's order whatever order they were built in. */
import type {
  AuditStamp,
  Cause,
  Coverage,
  Finding,
  FindingItem,
  FindingSuppression,
  Impact,
  ReportChannel,
  ReportHead,
  ReportInput,
  ReportSource,
  Side,
  SilenceReport,
  SourceRef,
  SuppressionNote,
  Totals,
  Understood,
  UnknownReason,
} from './report.ts'
import { REPORT_FORMAT } from './report.ts'

type Exact<T> = { readonly [K in keyof T]-?: T[K] | undefined }

function sorted<V>(record: Readonly<Record<string, V>>): Readonly<Record<string, V>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

const impact = (one: Impact): Exact<Impact> => ({ amount: one.amount, currency: one.currency, basis: one.basis })

const sourceRef = (one: SourceRef): Exact<SourceRef> => ({
  path: one.path,
  row: one.row,
  line: one.line,
  sheet: one.sheet,
})

const side = (one: Side): Exact<Side> => ({
  channel: one.channel,
  listing: one.listing,
  field: one.field,
  value: one.value,
  unit: one.unit,
  raw: one.raw,
  source: one.source === null ? null : (sourceRef(one.source) as SourceRef),
  authority: one.authority,
})

const item = (one: FindingItem): Exact<FindingItem> => ({
  id: one.id,
  sku: one.sku,
  gtin: one.gtin,
  title: one.title,
})

const suppression = (one: FindingSuppression): Exact<FindingSuppression> => ({
  status: one.status,
  reason: one.reason,
  owner: one.owner,
  expires: one.expires,
})

/** One finding on one line. */
export function findingJson(one: Finding): string {
  const ordered: Exact<Omit<Finding, 'translations'>> = {
    id: one.id,
    rule: one.rule,
    code: one.code,
    severity: one.severity,
    status: one.status,
    market: one.market,
    owner: one.owner,
    item: one.item === null ? null : (item(one.item) as FindingItem),
    message: one.message,
    sides: one.sides.map((each) => side(each) as Side),
    expected: one.expected,
    impact: one.impact === null ? null : (impact(one.impact) as Impact),
    explained_by: one.explained_by,
    fixable: one.fixable,
    suppression: one.suppression === undefined ? undefined : (suppression(one.suppression) as FindingSuppression),
  }
  return JSON.stringify(ordered)
}

/** One cause on one line. */
export function causeJson(one: Cause): string {
  const ordered: Exact<Omit<Cause, 'translations'>> = {
    id: one.id,
    kind: one.kind,
    channels: one.channels,
    field: one.field,
    rule: one.rule,
    severity: one.severity,
    status: one.status,
    detail: sorted(one.detail),
    findings: one.findings,
    share: one.share,
    message: one.message,
    advice: one.advice,
    impact: one.impact === null ? null : (impact(one.impact) as Impact),
  }
  return JSON.stringify(ordered)
}

const understood = (one: Understood): Exact<Omit<Understood, 'translations'>> => ({
  encoding: one.encoding,
  delimiter: one.delimiter,
  decimal: one.decimal,
  date_order: one.date_order,
  columns: one.columns,
  mapped_by: one.mapped_by,
  unused: one.unused,
  assumptions: one.assumptions,
})

const source = (one: ReportSource): Exact<ReportSource> => ({
  path: one.path,
  kind: one.kind,
  rows: one.rows,
  quarantined: one.quarantined,
  sha256: one.sha256,
  data_as_of: one.data_as_of,
  understood: understood(one.understood) as Understood,
})

/** One channel on one line. */
export function channelJson(one: ReportChannel): string {
  const ordered: Exact<ReportChannel> = {
    id: one.id,
    kind: one.kind,
    platform: one.platform,
    listings: one.listings,
    linked: one.linked,
    sources: one.sources.map((each) => source(each) as ReportSource),
  }
  return JSON.stringify(ordered)
}

/** One input with its sources on one line. */
export function inputJson(one: ReportInput): string {
  const ordered: Exact<ReportInput> = {
    name: one.name,
    sources: one.sources.map((each) => source(each) as ReportSource),
  }
  return JSON.stringify(ordered)
}

/** One rule's coverage on one line. */
export function coverageJson(one: Coverage): string {
  const ordered: Exact<Coverage> = {
    rule: one.rule,
    checked: one.checked,
    pass: one.pass,
    fail: one.fail,
    not_applicable: one.not_applicable,
    unknown: sorted(one.unknown as Readonly<Record<UnknownReason, number>>),
  }
  return JSON.stringify(ordered)
}

export function totalsJson(one: Totals): string {
  const ordered: Exact<Totals> = {
    error: one.error,
    warning: one.warning,
    info: one.info,
    known: one.known,
    suppressed: one.suppressed,
    explained: one.explained,
  }
  return JSON.stringify(ordered)
}

const stamp = (one: AuditStamp): Exact<AuditStamp> => ({
  id: one.id,
  as_of: one.as_of,
  started_at: one.started_at,
  finished_at: one.finished_at,
  snapshot: one.snapshot,
  config_sha256: one.config_sha256,
})

/** The opening keys of every machine format: format, tool, audit, each as `[key, JSON text]`. */
export function stampJson(head: ReportHead): readonly (readonly [string, string])[] {
  return [
    ['format', JSON.stringify(REPORT_FORMAT)],
    ['tool', JSON.stringify({ name: head.tool.name, version: head.tool.version })],
    ['audit', JSON.stringify(stamp(head.audit))],
  ]
}

const note = (one: SuppressionNote): Exact<SuppressionNote> => ({
  rule: one.rule,
  finding: one.finding,
  item: one.item,
  status: one.status,
  reason: one.reason,
  owner: one.owner,
  expires: one.expires,
  line: one.line,
})

/** What suppressions and the baseline did, on one line. */
export function silencesJson({ off, suppressions, baseline }: SilenceReport): string {
  const rules = off.map(({ rule, partly, path, line }) => ({ rule, partly, path, line }))
  const file = suppressions && {
    path: suppressions.path,
    entries: suppressions.entries,
    used: suppressions.used,
    owners: sorted(suppressions.owners),
    next_expiry: suppressions.next_expiry,
    unused: suppressions.unused.map(note),
    expired: suppressions.expired.map(note),
  }
  const debt = baseline && {
    path: baseline.path,
    entries: baseline.entries,
    known: baseline.known,
    worse: baseline.worse,
    gone: baseline.gone,
  }
  return JSON.stringify({ off: rules, suppressions: file, baseline: debt })
}

/** Counts by rule, sorted by rule. */
export function omittedJson(omitted: Readonly<Record<string, number>>): string {
  return JSON.stringify(sorted(omitted))
}
