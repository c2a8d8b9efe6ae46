/** How grave a finding is where it stands: the rule's severity, its code's, or what the configuration says for the sides. */
import type { ChannelConfig, Severity } from '../model/config.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { RuleCode } from '../rules/rule.ts'
import { onlyMarketplacesDiffer } from './price-weight.ts'
import { type SideRow, textOf } from './sides.ts'

/** The rule's severity, unless an override fits any side; a marketplace alone weighs less until the config says so. */
export function severityOf(
  effective: EffectiveRule,
  code: RuleCode | null,
  shown: readonly SideRow[],
  channels: readonly ChannelConfig[],
): Severity | 'off' {
  const isSet = effective.severityOrigin.by === 'config'
  let severity: Severity | 'off' = isSet ? effective.severity : (code?.severity ?? effective.severity)
  if (!isSet && severity === 'error' && onlyMarketplacesDiffer(effective, code?.code ?? null, shown, channels)) {
    severity = 'warning'
  }
  if (effective.severity === 'off') severity = 'off'
  for (const override of effective.overrides) {
    if (override.severity === null) continue
    if (shown.some((row) => matches(row, override.when, channels[row.ch]))) severity = override.severity
  }
  return severity
}

function matches(
  row: SideRow,
  when: Readonly<Record<string, readonly string[]>>,
  channel: ChannelConfig | undefined,
): boolean {
  const values: Readonly<Record<string, string | null | undefined>> = {
    channel: channel?.id,
    channel_kind: channel?.kind,
    market: row.market,
    phase: channel?.phase,
    brand: textOf(row['brand']),
    category: textOf(row['category']),
    sku: textOf(row['sku']),
  }
  return Object.entries(when).every(([key, accepted]) => {
    const value = values[key]
    return value !== null && value !== undefined && accepted.some((pattern) => globMatches(pattern, value))
  })
}

function globMatches(pattern: string, value: string): boolean {
  if (!pattern.includes('*')) return pattern === value
  const body = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
    .replaceAll('.*.*', '.*')
  return new RegExp(`^${body}$`, 'i').test(value)
}
