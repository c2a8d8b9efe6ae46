/** What explains many findings at once: looked for among the failing articles, before findings are written. */
import { fingerprint } from '../base/hash.ts'
import type { Config, Locale, Severity } from '../model/config.ts'
import type { World } from '../rules/check.ts'
import { currency } from './causes/currency.ts'
import { dateOrder } from './causes/date-order.ts'
import { decimalShift } from './causes/decimal-shift.ts'
import type { CauseDraft, CauseText, Detector } from './causes/detector.ts'
import { encoding } from './causes/encoding.ts'
import { frozen } from './causes/frozen.ts'
import { frozenStock } from './causes/frozen-stock.ts'
import { identityCollision } from './causes/identity-collision.ts'
import { lostZeros } from './causes/lost-zeros.ts'
import { markup } from './causes/markup.ts'
import { missingInCatalog } from './causes/missing-in-catalog.ts'
import { missingPage } from './causes/missing-page.ts'
import { missingSlice } from './causes/missing-slice.ts'
import { offset } from './causes/offset.ts'
import { packFactor } from './causes/pack-factor.ts'
import { pricesOf } from './causes/price-relation.ts'
import { repeatedFiles } from './causes/repeated-files.ts'
import { roundedCodes } from './causes/rounded-codes.ts'
import { Scene, type SceneInput } from './causes/scene.ts'
import { swappedColumns } from './causes/swapped-columns.ts'
import { taxBasis } from './causes/tax-basis.ts'
import { MIN_SUPPORT } from './causes/thresholds.ts'
import { timeZone } from './causes/time-zone.ts'
import { truncated } from './causes/truncated.ts'
import { vocabulary } from './causes/vocabulary.ts'
import type { SideRow } from './sides.ts'

export const TAX_RULE = 'price/tax-basis-mismatch'

/**
 * The most specific first: a finding hangs under the first that explains it, and a channel whose prices one of them names
 * is no longer looked at by those behind it.
 */
const DETECTORS: readonly Detector[] = [
  repeatedFiles,
  identityCollision,
  roundedCodes,
  lostZeros,
  encoding,
  currency,
  swappedColumns,
  taxBasis,
  decimalShift,
  packFactor,
  offset,
  markup,
  frozen,
  frozenStock,
  timeZone,
  dateOrder,
  vocabulary,
  truncated,
  missingSlice,
  missingPage,
  missingInCatalog,
]

/** Rules whose findings make somebody look for a cause. */
export const CAUSE_RULES: readonly string[] = [...new Set(DETECTORS.flatMap(({ rules }) => rules))]

export async function findCauses(input: SceneInput): Promise<readonly CauseDraft[]> {
  const scene = new Scene(input)
  const found: CauseDraft[] = []
  for (const detector of DETECTORS) {
    if (detector.isPossible?.(scene) === false || !isWorthIt(scene, detector)) continue
    for (const one of await detector.find(scene)) {
      const { kind, texts, rules } = detector
      const names = one.channels.map((index) => scene.channelId(index))
      const [about = ''] = one.rule === undefined ? rules.filter((rule) => scene.rule(rule) !== null) : [one.rule]
      const parts = [kind, ...Object.values(one.detail), ...names.slice(0, 1), one.field ?? '']
      const again = found.filter((other) => other.kind === kind && other.key === parts.join(' ')).length
      const id = fingerprint(...parts, ...(again === 0 ? [] : [String(again)]))
      found.push({
        ...one,
        id,
        key: parts.join(' '),
        kind,
        rule: about,
        texts,
        findings: 0,
        severity: null,
        alone: one.stands === true ? severityOf(scene, about) : null,
      })
    }
  }
  return found
}

function severityOf(scene: Scene, rule: string): Severity | null {
  const severity = scene.rule(rule)?.severity ?? 'off'
  return severity === 'off' ? null : severity
}

function isWorthIt(scene: Scene, { rules, least = MIN_SUPPORT }: Detector): boolean {
  return rules.some((rule) => scene.rule(rule) !== null && scene.failing(rule) >= least)
}

/** What is said of a cause, and the one action that ends it. */
export function causeTexts(
  { channels, detail, names = [], texts }: CauseDraft,
  config: Config,
  locale: Locale,
): CauseText {
  const [fault = '', ...others] = channels.map((index) => config.channels[index]?.id ?? '')
  return texts[locale]({ fault, rest: others.join(', '), detail, names })
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 }

/** Counts a finding to the cause: it is as grave as the worst. */
export function hangUnder(cause: CauseDraft, severity: Severity): void {
  cause.findings++
  if (cause.severity === null || RANK[severity] < RANK[cause.severity]) cause.severity = severity
}

/** The one gap of an article's prices is no rate of a country that the audit is likely about. */
export function isForeignGap(rows: readonly SideRow[], { likelyTaxRates, taxRates }: World): boolean {
  if (likelyTaxRates.length === taxRates.length) return false
  const all = pricesOf(rows, () => true)
  const low = Math.min(...all)
  const high = Math.max(...all)
  return !likelyTaxRates.some((rate) => Math.abs(high - Math.round(low * (100 + Number(rate))) / 100) < 0.0105)
}
