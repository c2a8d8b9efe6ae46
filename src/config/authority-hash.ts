/** Hash of who is right about what: a plan is good only under the authority that it was made with. */
import { sha256 } from '../base/hash.ts'
import type { Config } from '../model/config.ts'

/** The same for a configuration that says the same in another order. */
export function authorityHash({ authority }: Pick<Config, 'authority'>): string {
  return sha256(JSON.stringify(sorted(authority)))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}
