/** What channels keep back of the owner's units, as the rule of safety buffers is set in this project. */
import type { ChannelConfig } from '../model/config.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { StockPolicy } from './terms.ts'

/** One for each channel; nothing is kept back where no policy is declared. */
export function stockPolicies(
  rules: readonly EffectiveRule[],
  channels: readonly ChannelConfig[],
): readonly StockPolicy[] {
  const found = rules.find(({ rule }) => rule.kind === 'within' && rule.compare === 'buffer')
  const text = (name: string): string | null => {
    const value = found?.params[name]?.value
    return value?.type === 'decimal' || value?.type === 'integer' ? String(value.value) : null
  }
  const own = found?.params['buffers']?.value
  const buffers = own?.type === 'map' ? own.value : {}
  return channels.map(({ id }) => ({
    buffer: Object.hasOwn(buffers, id) ? String(buffers[id]) : (text('buffer') ?? '0'),
    cap: text('show_cap'),
  }))
}
