/** Scopes of overrides: whether a side is in one, as code over values and as SQL over the columns of a side. */
import { ident, literal } from '../engine/engine.ts'
import type { ChannelConfig, RuleOverride } from '../model/config.ts'

type When = RuleOverride['when']

/** What a scope may ask of a side. Undefined and null: nobody knows, and no scope fits. */
export interface ScopeValues {
  readonly channel?: string | null
  readonly channel_kind?: string | null
  readonly market?: string | null
  readonly phase?: string | null
  readonly brand?: string | null
  readonly category?: string | null
  readonly sku?: string | null
  readonly location?: string | null
  readonly source?: string | null
}

export function scopeValuesOf(channel: ChannelConfig | undefined): ScopeValues {
  return {
    channel: channel?.id ?? null,
    channel_kind: channel?.kind ?? null,
    market: channel?.market ?? null,
    phase: channel?.phase ?? null,
  }
}

/** `a > b` and `a/b` are the same category. */
const SEPARATOR = '\\s*[>/|»]\\s*'

/** A pattern as a regular expression that DuckDB and JavaScript read alike. `outlet/**` is the category and all below it. */
function patternText(pattern: string): string {
  const below = /\/\*\*?$/.test(pattern)
  const body = (below ? pattern.replace(/\/\*\*?$/, '') : pattern)
    .split(/\*+/)
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return `^${body}${below ? '(/.*)?' : ''}$`
}

/** Whether a text fits a pattern with `*` as wildcard, whatever its case. */
export function globMatches(pattern: string, value: string): boolean {
  return new RegExp(patternText(pattern.toLowerCase()), 's').test(value.toLowerCase())
}

function fits(key: string, patterns: readonly string[], value: string): boolean {
  if (key !== 'category') return patterns.some((pattern) => globMatches(pattern, value))
  const flat = (text: string): string => text.replace(new RegExp(SEPARATOR, 'g'), '/')
  return patterns.some((pattern) => globMatches(flat(pattern), flat(value)))
}

/** Whether a side is in the scope: all of its conditions hold. */
export function isInScope(when: When, values: ScopeValues): boolean {
  return Object.entries(when).every(([key, patterns]) => {
    const value = (values as Readonly<Record<string, string | null | undefined>>)[key]
    return value !== null && value !== undefined && fits(key, patterns, value)
  })
}

const CHANNEL_KEYS: readonly (keyof ScopeValues)[] = ['channel', 'channel_kind', 'market', 'phase']

/** What the SQL of a scope is written for. */
export interface ScopeColumns {
  readonly channels: readonly ChannelConfig[]
  /** Path of every source, in order. */
  readonly sources: readonly string[]
  /** Whether the sides have the column. */
  readonly has: (column: string) => boolean
}

/** SQL condition over a side, never NULL: it is in the scope. */
export function scopeSql(when: When, { channels, sources, has }: ScopeColumns): string {
  const own = Object.fromEntries(Object.entries(when).filter(([key]) => CHANNEL_KEYS.some((one) => one === key)))
  const inside = channels.flatMap((channel, index) => (isInScope(own, scopeValuesOf(channel)) ? [index] : []))
  if (inside.length === 0) return 'FALSE'
  const parts = inside.length === channels.length ? [] : [`ch IN (${inside.join(', ')})`]
  for (const [key, patterns] of Object.entries(when)) {
    if (key in own) continue
    if (key === 'source') {
      const found = sources.flatMap((path, index) => (fits(key, patterns, path) ? [index] : []))
      parts.push(found.length === 0 ? 'FALSE' : `src IN (${found.join(', ')})`)
    } else parts.push(textSql(key, patterns, has))
  }
  return parts.length === 0 ? 'TRUE' : `coalesce(${parts.join(' AND ')}, FALSE)`
}

function textSql(key: string, patterns: readonly string[], has: ScopeColumns['has']): string {
  const column = key === 'location' ? 'stock.location' : key
  if (!has(column)) return 'FALSE'
  const lower = `lower(${ident(column)})`
  const value = key === 'category' ? `regexp_replace(${lower}, ${literal(SEPARATOR)}, '/', 'g')` : lower
  const flat = (text: string): string => (key === 'category' ? text.replace(new RegExp(SEPARATOR, 'g'), '/') : text)
  const tests = patterns.map((pattern) => {
    const text = flat(pattern.toLowerCase())
    return text.includes('*')
      ? `regexp_matches(${value}, ${literal(patternText(text))}, 's')`
      : `${value} = ${literal(text)}`
  })
  return `(${tests.join(' OR ')})`
}
