/** Which audit of the ledger a person means. */
import type { LedgerEntry } from '../audit/ledger-folder.ts'
import { nearest } from '../base/text.ts'
import { fail } from '../diagnostics/diagnostic.ts'

/**
 * By number, beginning of the id, `last` or `latest`, `previous` or `first`.
 *
 * @throws DiagnosticError `state/unknown-audit`, `state/ambiguous-audit`.
 */
export function findAudit(audits: readonly LedgerEntry[], name: string): LedgerEntry {
  const last = audits.length - 1
  const positions: Readonly<Record<string, number>> = { last, latest: last, previous: Math.max(last - 1, 0), first: 0 }
  const position = Object.hasOwn(positions, name) ? positions[name] : undefined
  if (position !== undefined) {
    const found = audits[position]
    if (found !== undefined) return found
  }
  const numbered = audits.find(({ seq }) => String(seq) === name)
  if (numbered !== undefined) return numbered
  const begin = name.length < 4 ? [] : audits.filter(({ id }) => id.startsWith(name.toLowerCase()))
  if (begin.length > 1) throw fail('state/ambiguous-audit', { audit: name, ids: begin.map(({ id }) => id) })
  if (begin[0] !== undefined) return begin[0]
  // A number that is close is another audit, not what was meant.
  const known = /^\d+$/.test(name) ? [] : Object.keys(positions)
  throw fail('state/unknown-audit', { audit: name, nearest: nearest(name, known, 2) })
}
