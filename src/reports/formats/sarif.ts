/** SARIF 2.1.0 (OASIS, 27 March 2020), as code scanning of GitHub reads it: docs.github.com, "SARIF support", 2025. */
import type { Locale, Severity } from '../../model/config.ts'
import type { Cause, Finding, FindingStatus, Report, SourceRef } from '../../model/report.ts'
import { causeText, formatTextsOf } from '../format-texts.ts'
import { limitPerRule } from '../limit.ts'
import { anyPlace, placeOfCause, placeOfFinding, seenFrom } from '../place.ts'
import type { RenderOptions, Reporter } from '../reporter.ts'
import { messageText, ruleHelp } from '../sarif/rule-help.ts'
import { valuesIn } from '../values.ts'
import { rootsWorstFirst } from '../worst.ts'

/** GitHub refuses a run with more. */
const MOST = 25_000
/** Results per piece of text. */
const BATCH = 200
/** A result may have a hundred places. */
const MOST_RELATED = 20

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
}
const BASELINE: Readonly<Record<FindingStatus, 'new' | 'unchanged' | 'updated'>> = {
  new: 'new',
  known: 'unchanged',
  worse: 'updated',
  suppressed: 'unchanged',
}

/** The repository, or the folder that holds the project. */
const BASE = '%SRCROOT%'

export const reporter: Reporter = {
  name: 'sarif',
  doc: {
    en: 'SARIF 2.1.0, for code scanning: roots and causes at their lines, the worst 25,000',
    es: 'SARIF 2.1.0, para el análisis de código: raíces y causas en su línea, las 25.000 peores',
  },
  async *render(report, options) {
    const { head } = report
    const rules = ruleIds(report)
    yield `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":${JSON.stringify(
      {
        name: head.tool.name,
        version: head.tool.version,
        semanticVersion: head.tool.version,
        rules: rules.map((id) => ruleHelp(id, options)),
      },
    )}},\n"originalUriBaseIds":${JSON.stringify({ [BASE]: { description: { text: messageText(report.project ?? 'omniparity') } } })},\n`
    yield `"automationDetails":${JSON.stringify({ id: `omniparity/${messageText(report.project ?? '')}/` })},\n"columnKind":"utf16CodeUnits","language":"${options.locale}",\n"results":[`
    const limit = limitPerRule(head, options.maxFindings)
    const index = new Map(rules.map((id, position) => [id, position]))
    const values = valuesIn(options.locale, options.timezone)
    let [left, omitted, batch]: [number, number, string[]] = [MOST, 0, []]
    let separator = '\n'
    for (const result of head.causes.map((cause) => causeResult(cause, report, options, index))) {
      if (left-- > 0) batch.push(JSON.stringify(result))
      else omitted++
    }
    for await (const finding of rootsWorstFirst(report)) {
      if (left <= 0 || !limit.allows(finding)) {
        omitted++
        continue
      }
      left--
      batch.push(JSON.stringify(findingResult(finding, report, options, index, values)))
      if (batch.length < BATCH) continue
      yield separator + batch.join(',\n')
      separator = ',\n'
      batch = []
    }
    if (batch.length > 0) yield separator + batch.join(',\n')
    yield `\n],\n"invocations":${JSON.stringify([invocation(report, options.locale, omitted)])}}]}\n`
  },
}

/** Rules that were judged, and those of causes. */
function ruleIds({ head }: Report): readonly string[] {
  return [...new Set([...head.coverage.map(({ rule }) => rule), ...head.causes.map(({ rule }) => rule)])].sort()
}

type Index = ReadonlyMap<string, number>

/** What findings and causes have in common. */
function resultOf(
  one: Pick<Finding, 'id' | 'rule' | 'severity' | 'status' | 'message'>,
  place: SourceRef,
  { folder }: RenderOptions,
  index: Index,
): Record<string, unknown> {
  const position = index.get(one.rule)
  return {
    ruleId: one.rule,
    ...(position === undefined ? {} : { ruleIndex: position }),
    level: LEVEL[one.severity],
    message: { text: messageText(one.message) },
    // GitHub refuses the whole file for one result without a place.
    locations: [location(place, folder)],
    // GitHub tells alerts apart by the first of these alone; lines move, ids do not.
    partialFingerprints: { primaryLocationLineHash: `${one.id}:1`, 'omniparityFinding/v1': one.id },
    baselineState: BASELINE[one.status],
  }
}

function causeResult(cause: Cause, report: Report, options: RenderOptions, index: Index): Record<string, unknown> {
  const message = causeText(cause, options.locale)
  const { id, rule, severity, status } = cause
  return {
    ...resultOf(
      { id, rule, severity, status, message },
      placeOfCause(cause, report.head) ?? anyPlace(report.head),
      options,
      index,
    ),
    suppressions: status === 'suppressed' ? [{ kind: 'external', status: 'accepted' }] : [],
    properties: { kind: 'cause', cause: cause.kind, channels: cause.channels, findings: cause.findings, status },
  }
}

function findingResult(
  finding: Finding,
  { head }: Report,
  options: RenderOptions,
  index: Index,
  values: ReturnType<typeof valuesIn>,
): Record<string, unknown> {
  const texts = formatTextsOf(options.locale)
  const { suppression, status, market, owner, code, item, sides } = finding
  const place = placeOfFinding(finding) ?? anyPlace(head)
  const field = sides.find(({ source }) => source === place)?.field ?? sides[0]?.field ?? null
  const unit = sides.find((side) => side.unit !== null)?.unit ?? null
  const expected = finding.expected === null ? '' : ` (${texts.expected(values.value(finding.expected, field, unit))})`
  const related = sides.flatMap(({ source, channel, value, field: own, unit: currency }) => {
    if (source === null || source === place) return []
    const shown = value === null ? '' : ` ${values.value(value, own, currency)}`
    return [{ ...location(source, options.folder), message: { text: messageText(`${channel}${shown}`) } }]
  })
  return {
    ...resultOf({ ...finding, message: finding.message + expected }, place, options, index),
    ...(related.length === 0
      ? {}
      : { relatedLocations: related.slice(0, MOST_RELATED).map((one, id) => ({ id, ...one })) }),
    suppressions: status === 'suppressed' ? [accepted(suppression, options.locale)] : [],
    properties: {
      kind: 'finding',
      status,
      ...(code === null ? {} : { code }),
      ...(market === null ? {} : { market }),
      ...(owner === null ? {} : { owner }),
      ...(item === null ? {} : { item: messageText(item.sku ?? item.id) }),
      ...(finding.impact === null ? {} : { impact: finding.impact }),
      fixable: finding.fixable,
    },
  }
}

function accepted(suppression: Finding['suppression'], locale: Locale): Record<string, unknown> {
  if (suppression === undefined) return { kind: 'external', status: 'accepted' }
  const { reason, owner, expires } = suppression
  const justification = messageText(formatTextsOf(locale).suppressed(reason, owner, expires))
  return { kind: 'external', status: 'accepted', justification }
}

/** A record of a workbook has no line: then the sheet and the row say where. */
function location({ path, row, line, sheet }: SourceRef, folder: string | undefined): Record<string, unknown> {
  // Half a character has no place in an address.
  const whole = seenFrom(folder, path).replace(/\p{Cs}/gu, '\ufffd')
  const uri = whole.split('/').map(encodeURIComponent).join('/')
  const absolute = uri.startsWith('/')
  const artifactLocation = absolute ? { uri: `file://${uri}` } : { uri, uriBaseId: BASE }
  const record = [sheet, row === null ? null : `#${row}`]
    .filter((part) => part !== null && part !== undefined)
    .join(' ')
  return {
    // Readers refuse, or lose, what has no line.
    physicalLocation: { artifactLocation, region: { startLine: line ?? 1 } },
    ...(line !== null || record === '' ? {} : { logicalLocations: [{ name: messageText(record), kind: 'element' }] }),
  }
}

function invocation({ head, gate }: Report, locale: Locale, omitted: number): Record<string, unknown> {
  const texts = formatTextsOf(locale)
  const { explained } = head.totals
  const notes = [
    ...(gate?.unreadable ?? []).map((channel) => ({ level: 'error', text: texts.unreadable(channel) })),
    ...(omitted > 0 ? [{ level: 'warning', text: texts.leftOut(omitted, MOST) }] : []),
    ...(explained > 0 ? [{ level: 'note', text: texts.explainedBy(explained) }] : []),
  ]
  return {
    executionSuccessful: (gate?.unreadable ?? []).length === 0,
    startTimeUtc: head.audit.started_at,
    endTimeUtc: head.audit.finished_at,
    ...(gate === undefined ? {} : { exitCode: gate.status }),
    toolExecutionNotifications: notes.map(({ level, text }) => ({ level, message: { text: messageText(text) } })),
  }
}
