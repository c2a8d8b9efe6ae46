/** Findings and causes as results of SARIF. */
import type { Locale, Severity } from '../../model/config.ts'
import type { Cause, Finding, FindingStatus, ReportHead, SourceRef } from '../../model/report.ts'
import { causeText, formatTextsOf } from '../format-texts.ts'
import { anyPlace, placeOfCause, placeOfFinding, seenFrom } from '../place.ts'
import type { RenderOptions } from '../reporter.ts'
import type { Values } from '../values.ts'
import { messageText } from './rule-help.ts'

/** A result may have a hundred places. */
const MOST_RELATED = 20

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
}
export type BaselineState = 'new' | 'unchanged' | 'updated' | 'absent'
const BASELINE: Readonly<Record<FindingStatus, BaselineState>> = {
  new: 'new',
  known: 'unchanged',
  worse: 'updated',
  suppressed: 'unchanged',
}

/** The repository, or the folder that holds the project. */
export const BASE = '%SRCROOT%'

/** Of rules in the list of the run. */
export type RuleIndex = ReadonlyMap<string, number>

/** What findings and causes have in common. */
function resultOf(
  one: Pick<Finding, 'id' | 'rule' | 'severity' | 'status' | 'message'>,
  place: SourceRef,
  { folder }: RenderOptions,
  index: RuleIndex,
  state: BaselineState,
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
    baselineState: state,
  }
}

export function causeResult(
  cause: Cause,
  head: ReportHead,
  options: RenderOptions,
  index: RuleIndex,
  state: BaselineState = BASELINE[cause.status],
): Record<string, unknown> {
  const message = causeText(cause, options.locale)
  const { id, rule, severity, status } = cause
  return {
    ...resultOf(
      { id, rule, severity, status, message },
      placeOfCause(cause, head) ?? anyPlace(head),
      options,
      index,
      state,
    ),
    suppressions: status === 'suppressed' ? [{ kind: 'external', status: 'accepted' }] : [],
    properties: { kind: 'cause', cause: cause.kind, channels: cause.channels, findings: cause.findings, status },
  }
}

export function findingResult(
  finding: Finding,
  anywhere: SourceRef,
  options: RenderOptions,
  index: RuleIndex,
  values: Values,
  state: BaselineState = BASELINE[finding.status],
): Record<string, unknown> {
  const texts = formatTextsOf(options.locale)
  const { suppression, status, market, owner, code, item, sides } = finding
  const place = placeOfFinding(finding) ?? anywhere
  const field = sides.find(({ source }) => source === place)?.field ?? sides[0]?.field ?? null
  const unit = sides.find((side) => side.unit !== null)?.unit ?? null
  const expected = finding.expected === null ? '' : ` (${texts.expected(values.value(finding.expected, field, unit))})`
  const related = sides.flatMap(({ source, channel, value, field: own, unit: currency }) => {
    if (source === null || source === place) return []
    const shown = value === null ? '' : ` ${values.value(value, own, currency)}`
    return [{ ...location(source, options.folder), message: { text: messageText(`${channel}${shown}`) } }]
  })
  return {
    ...resultOf({ ...finding, message: finding.message + expected }, place, options, index, state),
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
