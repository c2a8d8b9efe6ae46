/** Severity and parameters of a rule where it judges a source: the overrides that fit the source's channel count. */
import type { ChannelConfig, Severity } from '../model/config.ts'
import type { ParamValue } from '../rules/expression/scope.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { RuleCode } from '../rules/rule.ts'

export interface SourceScope {
  readonly params: Readonly<Record<string, ParamValue>>
  /** The severity of a finding with the code. */
  severity(code: RuleCode | null): Severity | 'off'
}

export function scopeFor(effective: EffectiveRule, channel: ChannelConfig): SourceScope {
  const overrides = effective.overrides.filter(({ when }) => fits(when, channel))
  const own = Object.entries(effective.params).map(([name, { value }]) => [name, value] as const)
  const params = Object.assign(Object.fromEntries(own), ...overrides.map(({ params: changed }) => changed))
  const said = overrides.findLast(({ severity }) => severity !== null)?.severity ?? null
  const isSet = effective.severityOrigin.by === 'config'
  return {
    params,
    severity: (code) => {
      if (effective.severity === 'off') return 'off'
      return said ?? (isSet ? effective.severity : (code?.severity ?? effective.severity))
    },
  }
}

/** A condition on articles never fits a whole source. */
function fits(when: Readonly<Record<string, readonly string[]>>, channel: ChannelConfig): boolean {
  const values: Readonly<Record<string, string>> = {
    channel: channel.id,
    channel_kind: channel.kind,
    market: channel.market,
    phase: channel.phase,
  }
  return Object.entries(when).every(([key, accepted]) => accepted.includes(values[key] ?? ''))
}

/** Milliseconds of a duration parameter; null when it is not set. */
export function durationOf(params: SourceScope['params'], name: string): number | null {
  const value = params[name]
  return value?.type === 'duration' ? value.value : null
}
