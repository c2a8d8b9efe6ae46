/** What holds of a rule where it judges a source: its parameters with the overrides that fit the source's channel. */
import type { Source, Store } from '../ingest/tables.ts'
import type { Severity } from '../model/config.ts'
import type { ParamValue } from '../rules/expression/scope.ts'
import type { EffectiveRule } from '../rules/packs.ts'
import type { RuleCode } from '../rules/rule.ts'
import { scopeValuesOf } from '../rules/scopes.ts'
import { isFitting } from './severity.ts'

export type Params = Readonly<Record<string, ParamValue>>

/** A condition on articles never fits a whole source. */
export function paramsFor(effective: EffectiveRule, sources: readonly Source[], { channels }: Store): Params {
  const own = Object.entries(effective.params).map(([name, { value }]) => [name, value] as const)
  const sides = sources.map(({ channel, file }) => ({ ...scopeValuesOf(channels[channel]), source: file.path }))
  const fitting = effective.overrides.filter((override) => isFitting(override, sides))
  return Object.assign(Object.fromEntries(own), ...fitting.map(({ params }) => params))
}

/** Before the overrides, which are applied to all findings without an article alike. */
export function baseSeverity(effective: EffectiveRule, code: RuleCode | null): Severity | 'off' {
  if (effective.severity === 'off' || effective.severityOrigin.by === 'config') return effective.severity
  return code?.severity ?? effective.severity
}

/** Milliseconds of a duration parameter; null when it is not set. */
export function durationOf(params: Params, name: string): number | null {
  const value = params[name]
  return value?.type === 'duration' ? value.value : null
}

export function decimalOf(params: Params, name: string): number | null {
  const value = params[name]
  return value?.type === 'decimal' || value?.type === 'integer' ? Number(value.value) : null
}
