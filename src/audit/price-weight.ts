/** How much a difference of prices weighs: a marketplace may cost more until the configuration says that it may not. */
import type { ChannelConfig } from '../model/config.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { SideRow } from './sides.ts'

/** Whether the channels whose price is bound agree, so that only marketplaces without a declared policy differ. */
export function onlyMarketplacesDiffer(
  effective: EffectiveRule,
  code: string | null,
  rows: readonly SideRow[],
  channels: readonly ChannelConfig[],
): boolean {
  const { rule, params } = effective
  if (rule.kind !== 'within' || rule.compare !== 'policy') return false
  if (!rows.some((row) => isUndeclared(channels[row.ch]))) return false
  const column = code === 'effective' ? 'x_effective' : 'x_regular'
  const firm = rows.filter(
    (row) => !isUndeclared(channels[row.ch]) && row[column] !== null && row[column] !== undefined,
  )
  const prices = firm.map((row) => Number(row[column]))
  const high = Math.max(...prices)
  const accepted = Math.max(amount(params['abs_tol']), amount(params['pct_tol']) * high)
  const rounding = firm.reduce((sum, row) => sum + Number(row['conversions'] ?? 0), 0)
  // Only the weight hangs on this; a float's last digit must not decide it.
  return firm.length === 0 || high - Math.min(...prices) <= accepted + rounding + 0.000_05
}

function isUndeclared(channel: ChannelConfig | undefined): boolean {
  return channel?.kind === 'marketplace' && channel.pricePolicy.kind === 'same' && !channel.pricePolicy.declared
}

function amount(param: EffectiveRule['params'][string] | undefined): number {
  return param?.value.type === 'decimal' || param?.value.type === 'integer' ? Number(param.value.value) : 0
}
