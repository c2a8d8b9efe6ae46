/** Errors of a whole channel, planted into the written files of the demo beside its single faults. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cause, CauseKind, Finding } from '../src/model/report.ts'
import type { DemoTruth } from '../src/ops/demo/truth.ts'
import { compareTruth } from './truth.ts'

export interface MixedFault {
  readonly name: string
  readonly kind: CauseKind
  readonly channel: 'web' | 'amazon' | 'tienda'
  readonly detail: Readonly<Record<string, string>>
  /** Rules whose findings, and single faults, the error drowns: they may hang under its cause, or show nothing of their own. */
  readonly drowns: RegExp
  plant(dir: string): void
}

type Edit = (cell: string, row: readonly string[]) => string

/** Rewrites a column of the marketplace's listing file, which is plain text between tabs. */
function amazon(dir: string, edits: Readonly<Record<string, Edit>>): void {
  const path = join(dir, 'amazon/all-listings.txt')
  const [head = '', ...lines] = readFileSync(path, 'utf8').split('\n')
  const names = head.trimEnd().split('\t')
  const changed = lines.map((line) => {
    if (line.trim() === '') return line
    const row = line.split('\t')
    return row.map((cell, index) => edits[names[index] ?? '']?.(cell, row) ?? cell).join('\t')
  })
  writeFileSync(path, [head, ...changed].join('\n'))
}

function prices(kind: CauseKind, detail: MixedFault['detail'], to: (cents: number) => number): MixedFault {
  return {
    name: `${kind} ${Object.values(detail).join(' ')} on amazon`,
    kind,
    channel: 'amazon',
    detail,
    drowns: /^price\/|^catalog\/pack-quantity-mismatch$|^promotion\/discount-not-applied$|^identity\/sku-collision$/,
    plant: (dir) =>
      amazon(dir, {
        price: (cell) => (/^\d+\.\d\d$/.test(cell) ? (to(Math.round(Number(cell) * 100)) / 100).toFixed(2) : cell),
      }),
  }
}

const rounded: MixedFault = {
  name: 'codes rounded by a spreadsheet on amazon',
  kind: 'rounded-codes',
  channel: 'amazon',
  detail: {},
  drowns: /^identity\/|^catalog\/title-mismatch$|^feed\/encoding-damage$/,
  plant: (dir) =>
    amazon(dir, {
      'product-id': (cell) => (/^\d{13}$/.test(cell) ? Number(cell).toExponential(5).replace('e+', 'E+') : cell),
    }),
}

const mojibake: MixedFault = {
  name: 'names in the wrong encoding on amazon',
  kind: 'encoding',
  channel: 'amazon',
  detail: { read_as: 'windows-1252', is: 'utf-8' },
  drowns: /^catalog\/(title|brand)|^feed\/encoding-damage$|^identity\/sku-collision$|off-brand/,
  plant: (dir) => amazon(dir, { 'item-name': (cell) => Buffer.from(cell, 'utf8').toString('latin1') }),
}

/** Hours that the promotions of the web are off. */
function shifted(hours: number): MixedFault {
  return {
    name: `promotions of the web ${hours} h off`,
    kind: 'time-zone',
    channel: 'web',
    detail: { hours: String(hours) },
    drowns: /^promotion\//,
    plant: (dir) => {
      const path = join(dir, 'web/promociones.csv')
      const moved = readFileSync(path, 'utf8').replaceAll(
        /(\d{4}-\d\d-\d\d) (\d{1,2}):(\d\d):(\d\d)/g,
        (_, day: string, hour: string, minute: string, second: string) => {
          const at = Date.parse(`${day}T${hour.padStart(2, '0')}:${minute}:${second}Z`) + hours * 3_600_000
          return new Date(at).toISOString().slice(0, 19).replace('T', ' ')
        },
      )
      writeFileSync(path, moved)
    },
  }
}

export const MIXED_FAULTS: readonly MixedFault[] = [
  prices('markup', { percent: '8%' }, (cents) => Math.round(cents * 1.08)),
  prices('markup', { percent: '-7%' }, (cents) => Math.round(cents * 0.93)),
  prices('offset', { amount: '2.50' }, (cents) => cents + 250),
  prices('pack-factor', { factor: '6' }, (cents) => cents * 6),
  prices('decimal-shift', { factor: '100' }, (cents) => cents * 100),
  rounded,
  mojibake,
  shifted(1),
]

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
export function compareMixed(truth: DemoTruth, fault: MixedFault, report: Report): Mixed {
  const named = report.causes.filter(
    ({ kind, channels, detail }) =>
      kind === fault.kind &&
      channels[0] === fault.channel &&
      Object.entries(fault.detail).every(([key, value]) => detail[key] === value),
  )
  const own = new Set(named.map(({ id }) => id))
  const { missing, unexpected, unexpectedCauses, wrongParent } = compareTruth(truth, report)
  const concerns = (items: readonly string[], { item }: Finding): boolean =>
    item === null || [item.id, item.sku].some((key) => key !== null && items.includes(key))
  const drowned = truth.faults.filter(({ rule }) => fault.drowns.test(rule))
  // No surprise: what drowns, on an article with a fault of its own, and what a fault entails that is not seen itself.
  const isDrowned = (finding: Finding): boolean =>
    (fault.drowns.test(finding.rule) && truth.faults.some(({ items }) => concerns(items, finding))) ||
    drowned.some(({ items, entails }) => entails.includes(finding.rule) && concerns(items, finding))
  const brief = ({ rule, code, item, message }: Finding): string => `${rule}:${code} ${item?.id}: ${message}`
  return {
    isNamed: named.length === 1,
    missing: missing
      .filter(({ rule }) => !fault.drowns.test(rule))
      .map(({ id, rule, item, subject, note }) => `${id} ${rule} ${item ?? subject}: ${note}`),
    unexpected: [
      ...unexpected.filter((finding) => !isDrowned(finding)).map(brief),
      ...unexpectedCauses.filter(({ id }) => !own.has(id)).map(({ kind, message }) => `cause ${kind}: ${message}`),
      ...wrongParent
        .filter((finding) => !own.has(finding.explained_by ?? '') && !isDrowned(finding))
        .map((finding) => `explained: ${brief(finding)}`),
    ],
  }
}
