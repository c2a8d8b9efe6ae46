/** How grave a finding is where it stands: the rule's severity, its code's, or what the configuration says for the sides. */
import type { Store } from '../ingest/tables.ts'
import type { Severity } from '../model/config.ts'
import type { EffectiveOverride, EffectiveRule } from '../rules/packs.ts'
import type { RuleCode } from '../rules/rule.ts'
import { isInScope, type ScopeValues, scopeValuesOf } from '../rules/scopes.ts'
import type { Draft } from './draft.ts'
import { onlyMarketplacesDiffer } from './price-weight.ts'
import { type SideRow, textOf } from './sides.ts'

/**
 * The rule's severity, unless an override fits any side; a marketplace alone weighs less until the config says so.
 *
 * @param missing - Positions of channels that lack the article, where the finding is about that.
 */
export function severityOf(
  effective: EffectiveRule,
  code: RuleCode | null,
  shown: readonly SideRow[],
  store: Store,
  missing: readonly number[] = [],
): Severity | 'off' {
  const isSet = effective.severityOrigin.by === 'config'
  let severity: Severity | 'off' = isSet ? effective.severity : (code?.severity ?? effective.severity)
  const { channels } = store
  if (!isSet && severity === 'error' && onlyMarketplacesDiffer(effective, code?.code ?? null, shown, channels)) {
    severity = 'warning'
  }
  if (effective.severity === 'off') severity = 'off'
  if (effective.overrides.length === 0) return severity
  const [first] = shown
  const absent = missing.map((ch) => ({ ...scopeOfRow(first, store), ...scopeValuesOf(channels[ch]), source: null }))
  return overridden(effective, severity, code, [...shown.map((row) => scopeOfRow(row, store)), ...absent])
}

/** The last override that fits says how grave the finding is. */
function overridden(
  effective: EffectiveRule,
  base: Severity | 'off',
  code: RuleCode | null,
  sides: readonly ScopeValues[],
): Severity | 'off' {
  return effective.overrides.reduce((severity, override) => {
    if (override.severity === null || !isFitting(override, sides)) return severity
    // A pack speaks of the rule; its codes keep the weight that they have in it.
    return override.origin.by === 'config' || override.severity === 'off'
      ? override.severity
      : (code?.severity ?? override.severity)
  }, base)
}

export function isFitting({ when, allSides }: EffectiveOverride, sides: readonly ScopeValues[]): boolean {
  const fits = (side: ScopeValues): boolean => isInScope(when, side)
  return allSides ? sides.length > 0 && sides.every(fits) : sides.some(fits)
}

export function scopeOfRow(row: SideRow | undefined, { channels, sources }: Store): ScopeValues {
  if (row === undefined) return {}
  return {
    ...scopeValuesOf(channels[row.ch]),
    brand: textOf(row['brand']),
    category: textOf(row['category']),
    sku: textOf(row['sku']),
    location: textOf(row['stock.location']),
    source: sources[row.src]?.file.path ?? null,
  }
}

/**
 * Applies overrides to a finding that was not made from the rows of one article.
 *
 * @param rows - Listings of its article, where it has one.
 * @returns Whether anything is left of it.
 */
export function settleSeverity(draft: Draft, rows: readonly SideRow[], store: Store): boolean {
  const { effective } = draft
  if (effective.overrides.length === 0) return true
  const sides = draft.sides.map((side): ScopeValues => {
    const index = store.channels.findIndex(({ id }) => id === side.channel)
    const row = rows.find(({ ch }) => ch === index)
    return {
      sku: draft.item?.sku ?? null,
      ...scopeOfRow(row, store),
      ...scopeValuesOf(store.channels[index]),
      source: side.source?.path ?? null,
    }
  })
  const code = effective.rule.codes.find((one) => one.code === draft.code) ?? null
  const severity = overridden(effective, draft.severity, code, sides)
  if (severity !== 'off') draft.severity = severity
  return severity !== 'off'
}
